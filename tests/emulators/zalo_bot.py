"""A Zalo Bot Platform server on loopback, with its oddities: 408 when idle, one object a poll, no offset."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal

from aiohttp import ClientError, ClientTimeout, web
from pydantic import AfterValidator, StringConstraints, ValidationError

from tests.emulators.loopback import START, Address, Delivery, Id, Loopback, Shown, Strict, photo, units
from tests.emulators.telegram_contract import Json, Refused, snake

MOST_TEXT = 2000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _plain(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("text has control characters")
    if units(text) > MOST_TEXT:
        raise ValueError("text must be between 1 and 2000 characters")
    return text


Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S"), AfterValidator(_plain)]


class Nothing(Strict):
    """A call without parameters."""


class GetUpdates(Strict):
    """A poll; seconds, which some clients write as a string."""

    timeout: int | Annotated[str, StringConstraints(pattern=r"^\d+$")] = 30


class SetWebhook(Strict):
    """Where events go."""

    url: Address
    secret_token: Annotated[str, StringConstraints(min_length=8, max_length=256)]


class SendMessage(Strict):
    """Words."""

    chat_id: Id
    text: Text


class SendPhoto(Strict):
    """A photo by its public address."""

    chat_id: Id
    photo: Address
    caption: Annotated[str, AfterValidator(_plain)] = ""


class SendSticker(Strict):
    """A sticker by its id."""

    chat_id: Id
    sticker: Id


class SendChatAction(Strict):
    """What the bot is doing."""

    chat_id: Id
    action: Literal["typing"]


METHODS: dict[str, type[Strict]] = {
    "getMe": Nothing,
    "getUpdates": GetUpdates,
    "setWebhook": SetWebhook,
    "deleteWebhook": Nothing,
    "getWebhookInfo": Nothing,
    "sendMessage": SendMessage,
    "sendPhoto": SendPhoto,
    "sendSticker": SendSticker,
    "sendChatAction": SendChatAction,
}


class Chat:
    """A private chat or a group, and what was said in it."""

    def __init__(self, server: "ZaloBotServer", number: str, kind: str) -> None:
        self._server = server
        self.id = number
        self.kind = kind
        self.typing = 0
        self.messages: list[Shown] = []

    @property
    def texts(self) -> list[str]:
        """What the bot has said here."""
        return [shown.text for shown in self.messages if not shown.mine]

    def post(self, event: str, sender: str, shown: Shown, **content: str) -> str:
        """Let somebody send something here; returns the message's id."""
        shown.id = self._server.new_id()
        self.messages.append(shown)
        name = {"display_name": f"Hoa {sender}"} if "text" in content or "photo_url" in content else {}
        message: Json = {"from": {"id": sender, "is_bot": False} | name}
        message |= {"chat": {"id": self.id, "chat_type": self.kind}} | content
        message |= {"message_id": shown.id, "date": self._server.date()}
        self._server.emit_raw({"message": message, "event_name": event}, self.id)
        return shown.id


class Person(Chat):
    """One person's private chat with the bot."""

    def __init__(self, server: "ZaloBotServer", number: str) -> None:
        super().__init__(server, number, "PRIVATE")

    def say(self, text: str) -> str:
        """Write words; returns the message's id, as all that a person sends does."""
        return self.post("message.text.received", self.id, Shown("", mine=True, text=text), text=text)

    def photo(self, content: bytes = b"", caption: str = "") -> str:
        """Send a photo; a small grey one unless told otherwise."""
        content = content or photo()
        url = self._server.keep(content, "image/jpeg", "photo.jpg")
        shown = Shown("", mine=True, text=caption, images=[content])
        words = {"caption": caption} if caption else {}
        return self.post("message.image.received", self.id, shown, photo_url=url, **words)

    def sticker(self) -> str:
        """Send a sticker."""
        return self.post("message.sticker.received", self.id, Shown("", mine=True), sticker="21979")

    def unsupported(self) -> str:
        """Send what bots are not told of: a place, a file, a voice message."""
        return self.post("message.unsupported.received", self.id, Shown("", mine=True))


class Group(Chat):
    """A group the bot is in."""

    def __init__(self, server: "ZaloBotServer", number: str) -> None:
        super().__init__(server, number, "GROUP")

    def say(self, person: Person, text: str, *, mention: bool = True) -> str:
        """Let a person write here; the bot is told only of what mentions it."""
        if not mention:
            self.messages.append(Shown(self._server.new_id(), mine=True, text=text))
            return self.messages[-1].id
        text = f"@{self._server.me['display_name']} {text}"
        return self.post("message.text.received", person.id, Shown("", mine=True, text=text), text=text)


class ZaloBotServer(Loopback):
    """The server. `sent` holds the calls that were allowed to change something, in order."""

    token = "1459232241454765289:emulated-bot-token"
    me: Json = {  # noqa: RUF012 - no instance changes it
        "id": "1459232241454765289",
        "account_name": "bot.LangNghe",
        "account_type": "BASIC",
        "can_join_groups": False,
        "display_name": "Bot Lang Nghe",
    }

    def __init__(
        self, clock: Callable[[], float] = lambda: START, routes: Sequence[web.AbstractRouteDef] = ()
    ) -> None:
        super().__init__(clock, routes)
        self.listed = self.replays = self.loud = False
        self.wrapped, self.date_in = True, "ms"
        self.longest_poll = 0.05
        self.secret = ""
        self.sent: list[tuple[str, Json]] = []
        self._chats: dict[str, Chat] = {}
        self._waiting: list[Json] = []
        self._handed: list[Json] = []
        self._news = asyncio.Event()
        self._since = 0

    # --- what tests do -----------------------------------------------------------------------------

    def user(self, number: str) -> Person:
        """Return a person's chat, by the id the bot knows them by."""
        chat = self._chats.setdefault(number, Person(self, number))
        assert isinstance(chat, Person)
        return chat

    def group(self, number: str) -> Group:
        """Return a group the bot is in."""
        chat = self._chats.setdefault(number, Group(self, number))
        assert isinstance(chat, Group)
        return chat

    def date(self) -> int:
        """Return the time as this platform writes it today; a moment passes."""
        return self.tick() if self.date_in == "ms" else self.tick() // 1000

    def emit_raw(self, body: Json, queue: str = "raw", *, raw: bytes | None = None) -> None:
        """Hand out an event of any shape (or, to a webhook, those very bytes)."""
        if not self.hook:
            self._waiting.append(body)
            self._news.set()
            return
        if raw is None:
            raw = json.dumps(
                {"ok": True, "result": body} if self.wrapped else body, ensure_ascii=False
            ).encode()
        self.enqueue(Delivery(raw, {"X-Bot-Api-Secret-Token": self.secret}), queue)

    # --- the server ---------------------------------------------------------------------------------

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/bot{token}/{method}", self._call)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]

        async def answer(fault: object) -> web.StreamResponse:
            try:
                result = await self._answer(request, method, fault)
            except Refused as refusal:
                return web.json_response(refusal.body(), status=refusal.code)
            return web.json_response({"ok": True, "result": result})

        return await self.serve(request, method, answer)

    async def _answer(self, request: web.Request, method: str, fault: object) -> Any:  # noqa: ANN401 - JSON
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")
        if method not in METHODS:
            raise Refused(404, "Not Found")
        try:
            given: Json = await request.json() if request.can_read_body else {}
        except ValueError as flaw:
            raise self._violation(method, "no JSON") from flaw
        self.calls.append((method, given))
        if isinstance(fault, Refused):
            raise fault
        try:
            METHODS[method].model_validate(given)
        except ValidationError as flaw:
            raise self._violation(method, f"{flaw.errors()[0]['loc']} {flaw.errors()[0]['msg']}") from flaw
        handler: Callable[[Json], Awaitable[Any]] = getattr(self, f"_{snake(method)}")
        return await handler(given)

    def _violation(self, method: str, what: str) -> Refused:
        self.refused.append(f"{method}: {what}")
        return Refused(400, f"Bad Request: {what}")

    async def _get_me(self, _: Json) -> Json:
        return self.me

    # --- events -------------------------------------------------------------------------------------

    async def _get_updates(self, given: Json) -> Json | list[Json]:
        if self.hook and self.loud:
            raise Refused(400, "Bad Request: can't use getUpdates while a webhook is set")
        try:
            async with asyncio.timeout(min(float(given.get("timeout", 30)), self.longest_poll)):
                while not self._waiting:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as idle:
            return self._old(idle)
        count = len(self._waiting) if self.listed else 1
        new, self._waiting = self._waiting[:count], self._waiting[count:]
        self._handed += new
        if self.listed:
            return list(self._handed) if self.replays else new
        return new[0]

    def _old(self, idle: Exception) -> Json | list[Json]:
        """Return what was handed out before, where the platform does that; else the poll was idle."""
        if not self.replays or not self._handed or self.hook:
            raise Refused(408, "Request timeout") from idle
        return list(self._handed) if self.listed else self._handed[-1]

    async def _set_webhook(self, given: Json) -> Json:
        self.hook, self.secret, self._since = given["url"], given["secret_token"], self.tick()
        waiting, self._waiting = self._waiting, []
        for body in waiting:
            self.emit_raw(body)
        return self._info()

    async def _delete_webhook(self, _: Json) -> Json:
        self.hook = self.secret = ""
        return {"url": "", "updated_at": self.tick()}

    async def _get_webhook_info(self, _: Json) -> Json:
        if not self.hook:
            raise Refused(404, "Not Found: webhook is not set")
        return self._info()

    def _info(self) -> Json:
        return {"url": self.hook, "updated_at": self._since}

    # --- messages -----------------------------------------------------------------------------------

    def _chat(self, given: Json) -> Chat:
        if given["chat_id"] not in self._chats:
            raise Refused(400, "Bad Request: chat not found")
        return self._chats[given["chat_id"]]

    def _show(self, method: str, given: Json, shown: Shown) -> Json:
        self._chat(given).messages.append(shown)
        self.sent.append((method, given))
        return {"message_id": shown.id, "date": self.date()}

    async def _send_message(self, given: Json) -> Json:
        self._chat(given)
        return self._show("sendMessage", given, Shown(self.new_id(), mine=False, text=given["text"]))

    async def _send_photo(self, given: Json) -> Json:
        self._chat(given)
        content = await self._fetched(given["photo"])
        shown = Shown(self.new_id(), mine=False, text=given.get("caption", ""), images=[content])
        return self._show("sendPhoto", given, shown)

    async def _fetched(self, url: str) -> bytes:
        """Fetch a photo as the platform does: it must be there for everybody, and be an image."""
        try:
            async with self.client.get(url, timeout=ClientTimeout(total=self.patience)) as response:
                content = await response.read()
        except (ClientError, TimeoutError) as error:
            raise self._violation("sendPhoto", "photo cannot be fetched") from error
        if response.status != 200 or not content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            raise self._violation("sendPhoto", f"photo is no image: {response.status}")
        return content

    async def _send_sticker(self, given: Json) -> Json:
        self._chat(given)
        return self._show("sendSticker", given, Shown(self.new_id(), mine=False, text="[sticker]"))

    async def _send_chat_action(self, given: Json) -> bool:
        self._chat(given).typing += 1
        return True
