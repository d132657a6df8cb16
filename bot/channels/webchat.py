"""The web chat: our own channel, a page that any phone's browser opens. Its cookie is the address."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import aiohttp_jinja2
from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response
from pydantic import TypeAdapter, ValidationError

import locales
from bot.channels import raw
from bot.channels.channel import Caps, Ingest, NotThere, Outcome, Part, RemoteFile, Sent, Unparsable
from bot.channels.posted import Posted
from bot.channels.visitors import Visitor, Visitors
from bot.channels.watching import Watchers
from bot.group_commit import GroupCommit
from domain.messages import FileRef, Files, Said, Tap, Text, Unsupported
from services.standing import access
from storage.cases import attachments
from storage.ground.work import Work
from storage.mail import outbox, webchat
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.store.engine import Store
from web import chat_page
from web.bodies import InHand
from web.chat_page import address
from web.downloads import Handing, download
from web.drawing import drawn
from web.forms import Fields, Form, Upload
from web.limits import Limits, Newcomers
from web.server import ADDRESS, CLOSING, NO_PROXY, Crowded, Refused, Unknown, wants_json

UNPACED = outbox.Limits(every=timedelta(0), burst=1, gap=timedelta(0))
SHOWN_AT_ONCE = 100
READ_AT_ONCE = 2
"""Pages whose bubbles are read and opened at once."""
IN_HAND = 48 * 1024 * 1024
"""Bytes of files that are held at once while they are read and cleaned, of all visitors together."""
RECHECK = 15.0
"""Seconds after which a stream looks by itself; it is woken as soon as there is something to tell."""
POLL, PING = 1.0, 15.0
ANSWER_LOOKS = 6
ANSWER_EVERY = 0.25
"""A page without script is shown after its message was answered, or after 6 looks in 1.5 seconds."""

_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
_FILES: TypeAdapter[tuple[FileRef, ...]] = TypeAdapter(tuple[FileRef, ...])


class WebChat:
    """The desk's own chat page: its address is the hash of the cookie's token."""

    account = webchat.ACCOUNT
    caps = Caps(max_text=0, buttons=0, edit=True, limits=UNPACED, repeatable=True, whole=True)
    secrets: Sequence[str] = ()

    def __init__(self, store: Store, base_url: str, max_upload_bytes: int, limits: Limits = NO_PROXY) -> None:
        self._store = store
        secure = base_url.startswith("https://")
        self._visitors = Visitors(store, self._reading, self.account, secure=secure)
        self._most = max_upload_bytes
        self._handing = Handing()
        self._readers = asyncio.Semaphore(READ_AT_ONCE)
        in_hand = InHand(max(IN_HAND, 2 * max_upload_bytes))
        self._form = Form(("client_id", "text", "action", "start"), "files", max_upload_bytes, in_hand)
        self._shown: GroupCommit[Delivery] = GroupCommit(self._show)
        self._watchers = Watchers(limits)
        self._newcomers = Newcomers(limits.newcomers)

    # --- the channel ----------------------------------------------------------------------------

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        """Return the page, its form, its event stream and its files."""
        return [
            web.get("/chat", self._page),
            web.post("/chat/send", partial(self._send, ingest)),
            web.get("/chat/stream", self._stream, allow_head=False),
            web.get("/chat/file/{id}", self._file),
            web.get("/chat/{commune}", self._page),
            web.post("/chat/{commune}/send", partial(self._send, ingest)),
        ]

    async def listen(self, ingest: Ingest) -> None:  # noqa: ARG002 - nothing is fetched from outside
        """Look every second for bubbles that other replicas wrote, and wake their streams here."""
        async with self._store.read() as work:
            last = await webchat.newest(work)
        while True:
            await asyncio.sleep(POLL)
            if self._watchers:
                async with self._store.read() as work:
                    before, last = last, await webchat.newest(work)
                    chats = await webchat.chats_after(work, before) if last != before else set()
                for chat_key in chats:
                    self._watchers.wake(chat_key)

    def normalize(self, body: Any) -> Said | None:  # noqa: ANN401 - what `_arrivals` made, from the inbox
        """Read what was posted; None when it says nothing. Raises Unparsable."""
        match body:
            case {"unsupported": str(key)}:
                return Unsupported(key)
            case {"files": [_, *_] as refs}:
                return Files(_refs(refs), str(body.get("caption", "")))
            case {"action": str(action)}:
                return Tap(action)
            case {"text": str(text)} if text.strip():
                return Text(text)
            case dict():
                return None
        raise Unparsable("not an object")

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Nothing: what people send here is stored as it comes. Raises NotThere."""
        raise NotThere(file.ref, most)

    async def send(self, delivery: Delivery, part: Part) -> Outcome:  # noqa: ARG002 - shown whole, never in parts
        """Show a message; many at once share one transaction, and showing it twice changes nothing."""
        await self._shown.put(delivery)
        self._watchers.wake(delivery.lane)
        return Sent(delivery.key)

    async def close(self) -> None:
        """Wait for what is being shown."""
        await self._shown.close()

    async def _show(self, deliveries: Sequence[Delivery]) -> None:
        async with self._store.work() as work:
            await webchat.deliver(work, deliveries)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Work]:
        """Read for a page; however many are asked for at once, others are answered between them."""
        async with self._readers, self._store.read() as work:
            yield work

    # --- the page -------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        home = await self._home(request)
        known = await self._visitors.of(request, visits=True)
        visitor = known or self._visitors.new(request)
        if sent := request.query.get("sent"):
            await self._await_answer(request, visitor, webchat.own_key(sent))
        async with self._reading() as work:
            found = await webchat.latest(work, visitor.chat_key, SHOWN_AT_ONCE)
            context = await self._context(work, visitor, home)
        shown = chat_page.fitting(found)
        big = (request.query.get("size") or request.cookies.get("size")) == "big"
        page = {
            **chat_page.facts(request.query, visitor.seat, shown, home, big=big),
            "limit": self._most,
            **context,
        }
        page["first"] = shown[0].id if len(shown) < len(found) or len(found) == SHOWN_AT_ONCE else 0
        page["left"] = known is None and self._visitors.was_official(request)
        page["script_words"] = chat_page.script_words(context["say"])

        def draw() -> str:
            page["bubbles"] = chat_page.fold(chat_page.bubbles(work, shown, context["say"]))
            return aiohttp_jinja2.render_string("chat.html", request, page)

        response = web.Response(text=await drawn(draw), content_type="text/html")
        self._visitors.remember(response, visitor, work)
        self._visitors.keep_size(response, "big" if big else "normal")
        return response

    async def _await_answer(self, request: web.Request, visitor: Visitor, own_key: str) -> None:
        with self._watchers.watch(visitor.chat_key, ANSWER_EVERY) as wakeup:
            for _ in range(ANSWER_LOOKS):
                async with self._reading() as work:
                    shown = await webchat.latest(work, visitor.chat_key, SHOWN_AT_ONCE)
                if chat_page.is_answered(shown, own_key) or request.config_dict[CLOSING].is_set():
                    return
                await wakeup.wait(request.config_dict[CLOSING])

    async def _home(self, request: web.Request) -> chat_page.Home:
        """Return of which commune's page it is; all have that without a name. Raises Unknown."""
        code = request.match_info.get("commune", "")
        if not code:
            return chat_page.EVERYBODYS
        known = self._store.library.latest  # a commune that is there stays: mostly nothing need be read
        home = chat_page.home(known.directory, code) if known is not None else None
        if home is None:
            async with self._reading() as work:
                home = chat_page.home(work.desk.directory, code)
        if home is None:
            raise Unknown("webchat.no_commune")
        return home

    async def _context(
        self, work: Work, visitor: Visitor, home: chat_page.Home = chat_page.EVERYBODYS
    ) -> dict[str, Any]:
        """Return what the templates of the page and of a single bubble have in common."""
        language, person_id = await webchat.whose(work, visitor.chat_key)
        return {
            "language": language,
            "say": locales.words(language),
            "link": partial(self._link, visitor, person_id),
            "send_to": address(f"{home.path}/send", visitor.seat),
            "new_id": partial(secrets.token_hex, 16),
        }

    # --- what is posted -------------------------------------------------------------------------

    async def _send(self, ingest: Ingest, request: web.Request) -> web.StreamResponse:
        visitor = await self._visitors.posting(request)
        home = await self._home(request)
        if visitor is None:
            raise Refused("webchat.no_cookie")
        if not await self._newcomers.admits(request[ADDRESS], visitor.chat_key, self._wrote_before):
            raise Crowded("webchat.crowded")
        posted = Posted(self._store, visitor.chat_key, self._most)

        async def take(fields: Fields, upload: Upload) -> None:
            client_id = _client_id(fields)
            await posted.take(client_id, visitor.named(client_id), upload)

        posted.fields = await self._form.read(request, take)
        client_id = _client_id(posted.fields)
        arrivals = await self._arrivals(visitor, client_id, posted, home)
        for arrived in arrivals:
            await ingest(arrived)
        self._watchers.wake(visitor.chat_key)
        if wants_json(request):
            return await self._taken(visitor)
        raise web.HTTPSeeOther(address(home.path, visitor.seat, sent=client_id) + "#latest")

    async def _wrote_before(self, chat_key: str) -> bool:
        async with self._reading() as work:
            return bool(await webchat.latest(work, chat_key, 1))

    async def _taken(self, visitor: Visitor) -> web.StreamResponse:
        """Tell the script so; an official's cookie lasts anew, though the page is never loaded again."""
        response = web.json_response({"ok": True})
        if visitor.works:
            async with self._reading() as work:
                self._visitors.remember(response, visitor, work)
        return response

    async def _arrivals(
        self, visitor: Visitor, client_id: str, posted: Posted, home: chat_page.Home
    ) -> list[Arrived]:
        """Make of a POST what the inbox stores: the message, and a word about files that were refused."""
        bodies = [await self._body(visitor, posted)]
        if posted.refused:
            names = ", ".join(name for _, name in posted.refused)
            bodies.append({"unsupported": posted.refused[0][0], "name": names})
        here = {webchat.COMMUNE: home.code} if home.code else {}
        bodies = [body | here for body in bodies if body]
        if not bodies:
            raise Refused("webchat.empty")
        return [
            Arrived(self.account, f"{visitor.named(client_id)}{suffix}", visitor.address, raw.storable(body))
            for suffix, body in zip(("", "-x"), bodies, strict=False)
        ]

    async def _body(self, visitor: Visitor, posted: Posted) -> dict[str, Any]:
        fields = posted.fields
        text = fields.get("text", "").replace("\r\n", "\n").strip()
        if action := fields.get("action", "").strip()[:64]:
            return {"action": action, "label": await self._label(visitor, action)}
        if chat_page.START.fullmatch(start := fields.get("start", "")):
            return {"text": start, "label": locales.words("vi")("webchat.enter")}
        if posted.kept:
            refs = {kept.ref.id: kept.ref for kept in posted.kept}  # a file chosen twice is one file
            return {"files": [asdict(ref) for ref in refs.values()], "caption": text}
        return {"text": text} if text else {}

    async def _label(self, visitor: Visitor, action: str) -> str:
        async with self._reading() as work:
            shown = await webchat.latest(work, visitor.chat_key, SHOWN_AT_ONCE)
            say = locales.words(await webchat.language(work, visitor.chat_key))
        return chat_page.label_of(shown, action) or say("webchat.pressed")

    # --- events ---------------------------------------------------------------------------------

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        visitor = await self._visitors.of(request)
        if visitor is None:
            raise Refused("webchat.no_cookie")
        last = _number(request.headers.get("Last-Event-ID") or request.query.get("after", ""))
        closing = request.config_dict[CLOSING]
        told: set[int] = set()
        gone: set[str] = set()
        with (
            self._watchers.stream(visitor.chat_key, RECHECK) as wakeup,
            suppress(ConnectionError, TimeoutError),
        ):
            async with sse_response(request, ping_interval=PING) as stream:
                while stream.is_connected() and not closing.is_set():
                    gone |= await self._take_off(stream, visitor, gone)
                    last, told = await self._tell(request, stream, visitor, last, told)
                    await wakeup.wait(closing)
        return stream

    async def _take_off(self, stream: EventSourceResponse, visitor: Visitor, known: set[str]) -> set[str]:
        """Tell an open page which bubbles are no longer to be shown, but for those known. Returns them."""
        async with self._reading() as work:
            gone = await webchat.gone(work, visitor.chat_key) - known
        if gone:
            await stream.send(json.dumps(sorted(gone)), event="gone")
        return gone

    async def _tell(
        self, request: web.Request, stream: EventSourceResponse, visitor: Visitor, last: int, told: set[int]
    ) -> tuple[int, set[int]]:
        """Send what is new after `last`, without what was `told`. Returns both for the next time."""
        async with self._reading() as work:
            found = await webchat.after(work, visitor.chat_key, last, SHOWN_AT_ONCE)
            if all(one.id in told for one in found):
                return last, told
            context = await self._context(work, visitor)
        new = chat_page.fitting([one for one in found if one.id not in told])

        def draw(bubble: chat_page.Bubble) -> str:
            return aiohttp_jinja2.render_string("bubble.html", request, {**context, "bubble": bubble})

        for bubble in await drawn(lambda: chat_page.bubbles(work, new, context["say"])):
            await stream.send(await drawn(partial(draw, bubble)), id=str(bubble.id))
        ids = {one.id for one in found}
        return max(ids), ids

    # --- files ----------------------------------------------------------------------------------

    def _link(self, visitor: Visitor, person_id: UUID | None, file: FileRef) -> str:
        """Return a file's address, signed for this chat alone: only its bubbles ever carry it.

        What an official was shown opens in the chat for as long as it is that person's.
        """
        signature = self._signature(visitor, person_id, file.id)
        return address(f"/chat/file/{file.id}", visitor.seat, k=signature)

    def _signature(self, visitor: Visitor, person_id: UUID | None, file_id: str) -> str:
        return self._store.keyring.blind("file link", visitor.chat_key, str(person_id or ""), file_id)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        visitor, file_id = await self._visitors.of(request), request.match_info["id"]
        if visitor is None:
            raise web.HTTPNotFound
        async with self._reading() as work:
            _, person_id = await webchat.whose(work, visitor.chat_key)
        signature = self._signature(visitor, person_id, file_id)
        if not secrets.compare_digest(request.query.get("k", "").encode(), signature.encode()):
            raise web.HTTPNotFound
        async with self._store.work() as work:  # who opens it may have to be noted
            ref = await attachments.find(work, UUID(file_id))
            may = await access.may_open(work, visitor.chat_key, UUID(file_id))
        if ref is None or not may:
            raise web.HTTPNotFound

        async def answer() -> web.Response:
            content = await self._store.files.get(ref.id)
            return download(request, ref, content, asked_again=person_id is not None)

        return await self._handing.out(request, visitor.chat_key, ref.size, answer)


def _client_id(fields: Fields) -> str:
    client_id = fields.get("client_id", "")
    if not _CLIENT_ID.fullmatch(client_id):
        raise Refused("error.400")
    return client_id


def _refs(refs: list[Any]) -> tuple[FileRef, ...]:
    try:
        return _FILES.validate_python(refs)
    except ValidationError as error:
        raise Unparsable("not file references") from error


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
