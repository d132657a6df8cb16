"""A Bot API server on loopback, as strict as Telegram's own, for the real client to talk to.

Calls are judged by aiogram's models (a contract that is not ours) and the limits of `telegram.constants`; a
parameter they do not know is refused. So is every update it hands out. The rules of delivery are those of
tdlib/telegram-bot-api: one update in flight per queue, retries until a 2xx, 409 for two pollers.
"""

import asyncio
import contextlib
import re
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiogram import methods
from aiogram.types import Message, Update, WebhookInfo
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from pydantic import ValidationError
from telegram.constants import CallbackQueryLimit, PollingLimit, WebhookLimit

from tests.emulators.telegram_contract import (
    Drop,
    DropAfter,
    Fault,
    Json,
    Page,
    Refused,
    Slow,
    check,
    keyboard_of,
    parameters,
    snake,
    text_of,
)

START = 1_794_800_000
"""When the emulator's own clock starts: seconds since 1970; each message takes one."""
RETRY, LONGEST_RETRY = 0.01, 0.08
"""Seconds before a webhook is called again; Telegram begins at 1 and ends at 60."""
SCALE = 0.01
"""How long a second of the webhook's Retry-After lasts here."""


@dataclass
class Shown:
    """A message as a chat shows it now."""

    id: int
    mine: bool
    text: str
    keyboard: list[list[Json]] = field(default_factory=list)

    @property
    def labels(self) -> list[list[str]]:
        """The buttons' labels, row by row."""
        return [[button["text"] for button in row] for row in self.keyboard]


class Chat:
    """One person's private chat with the bot, and what they do in it."""

    def __init__(self, server: "TelegramServer", number: int) -> None:
        self._server = server
        self.id = number
        self.messages: list[Shown] = []
        self.blocked = False

    @property
    def texts(self) -> list[str]:
        """What the bot has said here, as it reads now."""
        return [shown.text for shown in self.messages if not shown.mine]

    @property
    def user(self) -> Json:
        """The person."""
        return {"id": self.id, "is_bot": False, "first_name": "Hoa"}

    @property
    def place(self) -> Json:
        """The chat, as messages name it."""
        return {"id": self.id, "type": "private", "first_name": "Hoa"}

    def say(self, text: str) -> int:
        """Write words; returns the update's id."""
        return self.post(text=text)

    def post(self, **content: Any) -> int:  # noqa: ANN401 - any kind of message
        """Write a message of any kind: the fields of a Bot API message."""
        self.messages.append(
            shown := Shown(self._server.next_id(self), mine=True, text=content.get("text", ""))
        )
        head = {"message_id": shown.id, "date": self._server.tick(), "chat": self.place, "from": self.user}
        return self._server.emit({"message": head | content}, self.id)

    def press(self, label: str) -> str:
        """Press the newest button of that label; returns the query's id."""
        for shown in reversed(self.messages):
            for button in (b for row in shown.keyboard for b in row if b["text"] == label):
                return self._tap(shown, button["callback_data"])
        raise AssertionError(f"no button {label!r}, there are {[m.labels for m in self.messages]}")

    def block(self) -> None:
        """Block the bot."""
        self.blocked = True

    def _tap(self, shown: Shown, data: str) -> str:
        query = str(len(self._server.queries) + 7_000)
        self._server.queries[query] = False
        message = self._server.message(self, shown)
        tap = {"id": query, "from": self.user, "chat_instance": "1", "data": data, "message": message}
        self._server.emit({"callback_query": tap}, self.id + (3 << 33))
        return query


class TelegramServer:
    """The server; `faults[method]` is what happens to its next calls, `calls` what was asked."""

    token = "4242:AAE-emulator_token_0123456789abcdefgh"
    me: Json = {"id": 4242, "is_bot": True, "first_name": "Lắng Nghe", "username": "lang_nghe_test_bot"}  # noqa: RUF012

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.refused: list[str] = []
        self.queries: dict[str, bool] = {}
        self.hook: Json | None = None
        self.deliveries: list[tuple[int, int]] = []
        self._chats: dict[int, Chat] = {}
        self._updates: list[Json] = []
        self._next_update = 1
        self._clock = START
        self._allowed: set[str] = set()
        self._error: tuple[int, str] | None = None
        self._queues: dict[int, deque[Json]] = defaultdict(deque)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._poll: asyncio.Future[Any] | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._client = ClientSession(timeout=ClientTimeout(total=5))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._client.close()
        await self._runner.cleanup()

    # --- what tests do -----------------------------------------------------------------------------

    def chat(self, number: int) -> Chat:
        """Return a person's chat, which they have opened."""
        return self._chats.setdefault(number, Chat(self, number))

    def called(self, method: str) -> list[Json]:
        """Return the parameters of every call of a method."""
        return [parameters for name, parameters in self.calls if name == method]

    def forget_queries(self) -> None:
        """Let 150 seconds pass: no tap can be answered any more."""
        self.queries.clear()

    def restart_numbers(self, at: int) -> None:
        """Go on counting updates from another number, as Telegram does after a quiet week."""
        self._next_update = at

    @property
    def waiting(self) -> list[int]:
        """The ids of updates nobody has confirmed."""
        return sorted(
            [u["update_id"] for u in self._updates]
            + [u["update_id"] for q in self._queues.values() for u in q]
        )

    def emit(self, content: Json, queue: int, *, poison: bool = False) -> int:
        """Hand out an update; `poison` skips the contract. Returns its id."""
        update = {"update_id": self._next_update} | content
        self._next_update += 1
        if not poison:
            check(Update, update)
        if self._allowed and not self._allowed & set(content):
            return int(update["update_id"])
        if self.hook is None:
            self._updates.append(update)
            self._news.set()
        else:
            self._queues[queue].append(update)
            if queue not in self._tasks or self._tasks[queue].done():
                self._tasks[queue] = asyncio.create_task(self._drain(queue))
        return int(update["update_id"])

    def next_id(self, chat: Chat) -> int:
        """Return the chat's next message id."""
        return chat.messages[-1].id + 1 if chat.messages else 1

    def tick(self) -> int:
        """Return the time; a second passes."""
        self._clock += 1
        return self._clock

    def message(self, chat: Chat, shown: Shown) -> Json:
        """Write a message as the Bot API does."""
        sender = chat.user if shown.mine else self.me
        head = {"message_id": shown.id, "date": self._clock, "chat": chat.place, "from": sender}
        markup = {"reply_markup": {"inline_keyboard": shown.keyboard}} if shown.keyboard else {}
        return check(Message, head | {"text": shown.text} | markup)

    # --- the webhook --------------------------------------------------------------------------------

    async def _drain(self, queue: int) -> None:
        """One update at a time, until each is taken."""
        pause = RETRY
        while self._queues[queue]:
            wait = await self._deliver(queue, self._queues[queue][0])
            if wait is None:
                self._queues[queue].popleft()
                pause = RETRY
            else:
                await asyncio.sleep(wait or pause)
                pause = min(2 * pause, LONGEST_RETRY)

    async def _deliver(self, queue: int, update: Json) -> float | None:
        """Call the webhook; None when it took the update, else how long to wait (0: as usual)."""
        assert self.hook is not None
        secret = self.hook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        self.deliveries.append((queue, update["update_id"]))
        try:
            async with self._client.post(self.hook["url"], json=update, headers=headers) as response:
                if response.status < 300:
                    return None
                self._error = (self.tick(), f"Wrong response from the webhook: {response.status}")
                return min(int(response.headers.get("Retry-After", 0)), 3600) * SCALE
        except (ClientError, TimeoutError):
            self._error = (self.tick(), "Connection failed")
            return 0

    # --- the server ----------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults[method].popleft() if self.faults[method] else None
        if isinstance(fault, Page):
            head = {"Location": fault.location, "Content-Type": "text/html"}
            return web.Response(status=fault.status, text=fault.html, headers=head)
        try:
            result = None if fault is Drop else await self._result(request, method, fault)
        except Refused as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        if fault is Drop or fault is DropAfter:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    async def _result(self, request: web.Request, method: str, fault: Fault | None) -> Any:  # noqa: ANN401 - JSON
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")
        if isinstance(fault, Refused):
            raise fault
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        return await self._answer(method, await parameters(request))

    async def _answer(self, method: str, given: Json) -> Any:  # noqa: ANN401 - JSON
        handler: Callable[[Json], Awaitable[Any]] | None = getattr(self, f"_{snake(method)}", None)
        model = getattr(methods, method[0].upper() + method[1:], None)
        if handler is None or model is None:
            raise Refused(404, "Not Found")
        try:
            check(model, given)
        except (ValidationError, AssertionError) as error:
            self.refused.append(f"{method}: {error}")
            raise Refused(400, f"Bad Request: {error}") from error
        self.calls.append((method, given))
        return await handler(given)

    async def _get_me(self, _: Json) -> Json:
        return self.me

    async def _set_webhook(self, given: Json) -> bool:
        secret = given.get("secret_token", "")
        if secret and not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{WebhookLimit.MAX_SECRET_TOKEN_LENGTH}}}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        if not given["url"].startswith(("https://", "http://127.0.0.1:")):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.hook, self._error = given, None
        self._allowed = set(given.get("allowed_updates", self._allowed))
        waiting, self._updates = self._updates, []
        for update in waiting:
            self._queues[0].append(update)
        self._tasks[0] = asyncio.create_task(self._drain(0))
        return True

    async def _delete_webhook(self, given: Json) -> bool:
        self.hook = None
        if given.get("drop_pending_updates"):
            self._updates.clear()
        return True

    async def _get_webhook_info(self, _: Json) -> Json:
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.waiting)}
        if self.hook:
            info["url"] = self.hook["url"]
        if self._error:
            info |= {"last_error_date": self._error[0], "last_error_message": self._error[1]}
        return check(WebhookInfo, info)

    async def _get_updates(self, given: Json) -> list[Json]:
        if self.hook is not None:
            reason = (
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
            )
            raise Refused(409, f"Conflict: {reason}")
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        mine = self._poll = asyncio.get_running_loop().create_future()
        self._confirm(given.get("offset", 0))
        self._allowed = set(given.get("allowed_updates", self._allowed))
        limit = given.get("limit", PollingLimit.MAX_LIMIT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(given.get("timeout", 0)):
                await self._wait_for_news(mine)
        if mine.done():
            reason = "terminated by other getUpdates request; make sure that only one bot instance is running"
            raise Refused(409, f"Conflict: {reason}")
        mine.set_result(None)
        return self._updates[:limit]

    def _confirm(self, offset: int) -> None:
        """Forget what lies below the offset; one from far ahead (the numbers restarted) confirms nothing."""
        if self._updates and 0 < offset <= self._updates[-1]["update_id"] + 10:
            self._updates = [u for u in self._updates if u["update_id"] >= offset]

    async def _wait_for_news(self, mine: asyncio.Future[Any]) -> None:
        while not self._updates and not mine.done():
            self._news.clear()
            news: asyncio.Future[Any] = asyncio.ensure_future(self._news.wait())
            try:
                await asyncio.wait({news, mine}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()

    async def _send_message(self, given: Json) -> Json:
        chat = self._open_chat(given)
        shown = Shown(self.next_id(chat), mine=False, text=text_of(given), keyboard=keyboard_of(given))
        chat.messages.append(shown)
        self.tick()
        return self.message(chat, shown)

    async def _edit_message_text(self, given: Json) -> Json:
        chat = self._open_chat(given)
        shown = next((m for m in chat.messages if m.id == given["message_id"]), None)
        if shown is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if shown.mine:
            raise Refused(400, "Bad Request: message can't be edited")
        text, keyboard = text_of(given), keyboard_of(given)
        if (text, keyboard) == (shown.text, shown.keyboard):
            same = "specified new message content and reply markup are exactly the same as a current content"
            raise Refused(
                400, f"Bad Request: message is not modified: {same} and reply markup of the message"
            )
        shown.text, shown.keyboard = text, keyboard
        return self.message(chat, shown)

    async def _answer_callback_query(self, given: Json) -> bool:
        if len(given.get("text", "")) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        if given["callback_query_id"] not in self.queries:
            reason = "query is too old and response timeout expired or query ID is invalid"
            raise Refused(400, f"Bad Request: {reason}")
        self.queries[given["callback_query_id"]] = True
        return True

    async def _send_chat_action(self, given: Json) -> bool:
        self._open_chat(given)
        return True

    def _open_chat(self, given: Json) -> Chat:
        chat = self._chats.get(int(given["chat_id"]))
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat
