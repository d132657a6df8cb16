"""A Bot API server on loopback, as strict as Telegram's own, for the real client to talk to.

Calls are judged by aiogram's models (a contract that is not ours) and the limits of `telegram.constants`; a
parameter they do not know is refused. So is every update and answer it gives. What people do is in
telegram_people.py, how updates travel in telegram_updates.py.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiogram import methods
from aiohttp import web
from pydantic import ValidationError
from telegram.constants import FileSizeLimit

from tests.emulators import telegram_keeping, telegram_sending
from tests.emulators.telegram_contract import (
    Drop,
    DropAfter,
    Fault,
    Json,
    Page,
    Refused,
    Slow,
    check,
    check_result,
    marked_up,
    parameters,
)
from tests.emulators.telegram_files import Files, StoredFile
from tests.emulators.telegram_groups import Channel, Group
from tests.emulators.telegram_limits import Limiter
from tests.emulators.telegram_people import Chat, Hand
from tests.emulators.telegram_places import Place, Shown
from tests.emulators.telegram_updates import TAP_LIVES, Updates

__all__ = ["Channel", "Chat", "Group", "Hand", "Shown", "StoredFile", "TelegramServer"]

START = 1_794_800_000
"""When the emulator's own clock starts: seconds since 1970; each message takes one."""
TOKEN = "4242:AAE-emulator_token_0123456789abcdefgh"
METHODS: dict[str, Any] = {**telegram_sending.METHODS, **telegram_keeping.METHODS}


class TelegramServer:
    """The server; `faults[method]` is what happens to its next calls, `calls` what was asked.

    `faults["download"]` is for files. `refused` holds the calls that break the contract. With `privacy`, a
    group the bot does not administer tells it only what is meant for it. `clock` gives seconds since 1970,
    for a server that is used by hand; otherwise time passes with the messages and `pass_time`.
    """

    def __init__(
        self,
        token: str = TOKEN,
        port: int = 0,
        *,
        clock: Callable[[], float] | None = None,
        routes: Sequence[web.AbstractRouteDef] = (),
    ) -> None:
        number = int(token.partition(":")[0])
        name = "lang_nghe_test_bot" if number == 4242 else f"lang_nghe_{number}_bot"
        self.token = token
        self.me: Json = {"id": number, "is_bot": True, "first_name": "Lắng Nghe", "username": name}
        self.calls: list[tuple[str, Json]] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.refused: list[str] = []
        self.queries: dict[str, bool] = {}
        self.commands: dict[telegram_keeping.Scope, list[Json]] = {}
        self.places: dict[int, Place] = {}
        self.store = Files()
        self.updates = Updates(lambda: self.now)
        self.privacy = True
        self.limits = Limiter()
        self.enforce_limits = False
        self._port = port
        self._real_clock = clock
        self._routes = routes
        self._passed = 0
        self._born: dict[str, int] = {}
        self._albums = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=int(FileSizeLimit.FILESIZE_UPLOAD) + (1 << 20))
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.add_routes(self._routes)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.updates.close()
        await self._runner.cleanup()

    # --- the people and groups -------------------------------------------------------------------------

    def chat(self, number: int, name: str = "Hoa", *, opened: bool = True) -> Chat:
        """Return a person's chat; one they have not opened refuses the bot until they write."""
        if number not in self.places:
            self.places[number] = chat = Chat(self, number, name)
            chat.closed = "" if opened else "bot can't initiate conversation with a user"
        found = self.places[number]
        assert isinstance(found, Chat)
        return found

    def group(self, number: int, title: str = "Tổ 3", *, kind: str = "group", forum: bool = False) -> Group:
        """Return a group the bot is a member of."""
        found = self.places.setdefault(number, Group(self, number, title, kind, forum=forum))
        assert isinstance(found, Group)
        return found

    def supergroup(self, number: int, title: str = "Tổ 3") -> Group:
        """Return a supergroup the bot is a member of."""
        return self.group(number, title, kind="supergroup")

    def forum(self, number: int, title: str = "Cán bộ", *, admin: bool = True) -> Group:
        """Return a supergroup with topics, which the bot manages unless it is no `admin`."""
        group = self.group(number, title, kind="supergroup", forum=True)
        if admin and group.bot["status"] == "member":
            group.promote_bot()
        return group

    def channel(self, number: int, title: str = "Bản tin xã") -> Channel:
        """Return a channel the bot administers."""
        found = self.places.setdefault(number, Channel(self, number, title))
        assert isinstance(found, Channel)
        return found

    # --- what tests ask and do ----------------------------------------------------------------------------

    @property
    def files(self) -> dict[str, StoredFile]:
        """Every file that was sent, by its id."""
        return self.store.by_id

    @property
    def hook(self) -> Json | None:
        """The webhook as it was set."""
        return self.updates.hook

    @property
    def deliveries(self) -> list[tuple[int, int]]:
        """The calls of the webhook: queue and update id."""
        return self.updates.deliveries

    @property
    def waiting(self) -> list[int]:
        """The ids of updates nobody has confirmed."""
        return self.updates.numbers

    @property
    def now(self) -> int:
        """The time here, in seconds since 1970."""
        return (START if self._real_clock is None else int(self._real_clock())) + self._passed

    def pass_time(self, seconds: int) -> None:
        """Let time pass: updates, taps and links may come to their end."""
        self._passed += seconds

    def tick(self) -> int:
        """Return the time; a second passes."""
        self._passed += self._real_clock is None
        return self.now

    def called(self, method: str) -> list[Json]:
        """Return the parameters of every call of a method; files are `Upload`s in them."""
        return [given for name, given in self.calls if name == method]

    def menu(self, chat: int, user: int = 0, language: str = "vi") -> list[str]:
        """Return the commands somebody sees in a chat: those of the narrowest scope that has any."""
        private = self.places[chat].kind == "private"
        everywhere = "all_private_chats" if private else "all_group_chats"
        wide = [("chat_member", chat, user), ("chat", chat, 0), (everywhere, 0, 0), ("default", 0, 0)]
        scopes = ((*scope, spoken) for scope in wide for spoken in (language, ""))
        found = next((self.commands[scope] for scope in scopes if self.commands.get(scope)), [])
        return [command["command"] for command in found]

    def forget_queries(self) -> None:
        """Let 150 seconds pass for the taps alone: none can be answered any more."""
        self.queries.clear()

    def restart_numbers(self, at: int) -> None:
        """Go on counting updates from another number, as Telegram does after a quiet week."""
        self.updates.next_number = at

    def emit(self, content: Json, queue: int, *, poison: bool = False) -> int:
        """Hand out an update; `poison` skips the contract. Returns its id."""
        return self.updates.add(content, queue, poison=poison)

    # --- what people need -----------------------------------------------------------------------------------

    def new_query(self) -> str:
        """Return the id of a new tap."""
        query = str(len(self._born) + 7_000)
        self.queries[query], self._born[query] = False, self.now
        return query

    def query_lives(self, query: str) -> bool:
        """Say whether a tap can still be answered."""
        return query in self.queries and self.now - self._born[query] < TAP_LIVES

    def album_id(self) -> str:
        """Return the id of a new album."""
        self._albums += 1
        return str(13_000_000_000 + self._albums)

    # --- the server -----------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults[method].popleft() if self.faults[method] else None
        if isinstance(fault, Page):
            return _page(fault)
        try:
            result = None if fault is Drop else await self._result(request, method, fault)
        except Refused as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        if fault is Drop or fault is DropAfter:
            _hang_up(request)
        return web.json_response({"ok": True, "result": result})

    async def _result(self, request: web.Request, method: str, fault: Fault | None) -> Any:  # noqa: ANN401 - JSON
        await self._enter(request, fault)
        name = next((known for known in METHODS if known.lower() == method.lower()), "")
        model: Any = getattr(methods, name[:1].upper() + name[1:], None)
        if model is None:
            raise Refused(404, "Not Found")
        try:
            given = await parameters(request, model)
        except web.HTTPRequestEntityTooLarge as error:
            raise Refused(413, "Request Entity Too Large") from error
        self._judge(name, model, given)
        self.calls.append((name, given))
        result = await METHODS[name](self, given)
        if name != "getUpdates":  # each was held against the contract when it came, but for the poisoned
            check_result(model, result)
        return result

    async def _enter(self, request: web.Request, fault: Fault | None) -> None:
        if request.match_info["token"] != self.token:
            raise Refused(401, "Unauthorized")
        if isinstance(fault, Refused):
            raise fault
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)

    def _judge(self, method: str, model: Any, given: Json) -> None:  # noqa: ANN401 - a method of aiogram
        try:
            check(model, given)
            assert not marked_up(given), "parse_mode: people's words are never markup"
        except (ValidationError, AssertionError) as error:
            self.refused.append(f"{method}: {error}")
            raise Refused(400, f"Bad Request: {error}") from error

    async def _download(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults["download"].popleft() if self.faults["download"] else None
        if isinstance(fault, Page):
            return _page(fault)
        if fault is Drop:
            _hang_up(request)
        try:
            await self._enter(request, fault)
            stored = self.store.linked(request.match_info["path"], self.now)
        except Refused as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        answer = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        answer.content_length = len(stored.data)
        await answer.prepare(request)
        await answer.write(stored.data[: len(stored.data) // 2] if fault is DropAfter else stored.data)
        if fault is DropAfter:
            _hang_up(request)
        return answer


def _page(fault: Page) -> web.Response:
    head = {"Location": fault.location, "Content-Type": "text/html"}
    return web.Response(status=fault.status, text=fault.html, headers=head)


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
