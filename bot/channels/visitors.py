"""Whose browser it is: the web chat's cookie, whose hash is the address, and how long it is good."""

import hashlib
import re
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from services.office import idle, joining
from storage.ground.work import Work
from storage.store.engine import Store

COOKIE_LASTS = timedelta(days=400)
"""As long as browsers keep any cookie; each visit begins it anew. Of officials see `services.office.idle`."""
_SEAT = re.compile(r"[a-z_]{1,20}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LEFT = "worked"
"""The cookie that tells a browser whose official's page is over why it is: it opens nothing."""

Reading = Callable[[], AbstractAsyncContextManager[Work]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose browser it is. Only the token's hash is known to anything but the browser itself."""

    seat: str
    token: str
    address: str
    chat_key: str
    works: bool = False
    """Whether it is an official's page at this moment."""

    def named(self, client_id: str) -> str:
        """Return what the inbox calls the message that the browser calls so."""
        return f"{self.address[:16]}:{client_id}"


class Visitors:
    """Reads and gives out the cookies of one account."""

    def __init__(self, store: Store, reading: Reading, account: str, *, secure: bool) -> None:
        self._store = store
        self._reading = reading
        self._account = account
        self._secure = secure

    async def of(self, request: web.Request, *, visits: bool = False) -> Visitor | None:
        """Return who asks; None for who has no cookie of ours.

        Who `visits` an official's page begins its days anew. Where they are over it is ended here and now,
        whatever the clock is doing.
        """
        seat = seat_of(request)
        token = request.cookies.get(self._cookie(seat), "")
        if not _TOKEN.fullmatch(token):
            return None
        visitor = self._known(seat, token)
        async with self._reading() as work:
            page = await idle.page(work, visitor.chat_key)
        if page is not None and (page.over or (visits and page.to_note)):
            async with self._store.work() as work:
                if page.over:
                    await joining.ring_idle(work, [visitor.chat_key])
                else:
                    idle.visited(work, visitor.chat_key)
        return replace(visitor, works=page is not None and not page.over)

    async def posting(self, request: web.Request) -> Visitor | None:
        """Return who posts, looked up only where an official works in this browser, as its cookie says.

        Whoever has the other cookie without that one gains nothing: it is looked at again when what they post
        is heard (`joining.end_if_idle`).
        """
        if self.was_official(request):
            return await self.of(request, visits=True)
        token = request.cookies.get(self._cookie(seat := seat_of(request)), "")
        return self._known(seat, token) if _TOKEN.fullmatch(token) else None

    def new(self, request: web.Request) -> Visitor:
        """Make somebody who was not here before."""
        return self._known(seat_of(request), secrets.token_urlsafe(32))

    def was_official(self, request: web.Request) -> bool:
        """Say whether an official worked in this browser whose cookie it has dropped since."""
        return request.cookies.get(self._name(_LEFT, seat_of(request))) == "1"

    def remember(self, response: web.StreamResponse, visitor: Visitor, work: Work) -> None:
        """Give the browser its cookie, for as long as it is good without another visit."""
        lasts = idle.lasts(work) if visitor.works else None
        self._keep(response, self._cookie(visitor.seat), visitor.token, lasts)
        left = self._name(_LEFT, visitor.seat)
        if visitor.works:
            self._keep(response, left, "1")
        else:
            response.del_cookie(left, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def keep_size(self, response: web.StreamResponse, size: str) -> None:
        """Let the browser remember how large letters are."""
        self._keep(response, "size", size)

    def _keep(
        self, response: web.StreamResponse, name: str, value: str, lasts: timedelta | None = None
    ) -> None:
        seconds = int((lasts or COOKIE_LASTS).total_seconds())
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )

    def _known(self, seat: str, token: str) -> Visitor:
        address = hashlib.sha256(token.encode()).hexdigest()
        return Visitor(seat, token, address, self._store.keyring.blind("chat", self._account, address))

    def _cookie(self, seat: str) -> str:
        name = self._name("chat", seat)
        return f"__Host-{name}" if self._secure else name

    def _name(self, name: str, seat: str) -> str:
        return f"{name}_{seat}" if seat else name


def seat_of(request: web.Request) -> str:
    """Which of a browser's identities is meant (the demo's panes); usually the nameless one."""
    seat = request.query.get("seat", "")
    return seat if _SEAT.fullmatch(seat) else ""
