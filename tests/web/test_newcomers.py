"""One address begins only so many chats an hour; whoever wrote before, or comes from elsewhere, writes on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from secrets import token_urlsafe

import pytest
from aiohttp import ClientSession

from storage.store.engine import Store
from tests.emulators.webdesk import WebDesk, web_desk
from web.limits import Limits, Newcomers

BEHIND = Limits(newcomers=2, proxies=(ip_network("127.0.0.1/32"),))


@asynccontextmanager
async def door(store: Store) -> AsyncIterator[tuple[WebDesk, ClientSession]]:
    """Run the page behind a proxy, and somebody who asks it for others."""
    async with web_desk(store, limits=BEHIND) as desk, ClientSession(desk.server.make_url("/")) as http:
        yield desk, http


async def _post(session: ClientSession, cookie: str, address: str, text: str = "cống tắc") -> tuple[int, str]:
    headers = {"Cookie": f"chat={cookie}", "X-Forwarded-For": address, "Accept": "application/json"}
    form = {"text": text, "client_id": token_urlsafe(8).replace("_", "a")}
    async with session.post("/chat/send", data=form, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_a_cookie_is_not_a_person(sqlite_store: Store) -> None:
    """The third of one address is asked to wait, with the numbers to call; nothing of it is stored."""
    first, second, third, other = (token_urlsafe(32) for _ in range(4))
    async with door(sqlite_store) as (desk, http):
        assert [(await _post(http, one, "203.0.113.7"))[0] for one in (first, second)] == [200, 200]
        status, words = await _post(http, third, "203.0.113.7", "cháy nhà thôn 3")
        assert status == 429
        assert "113, 114, 115" in words
        assert (await _post(http, first, "203.0.113.7"))[0] == 200
        assert (await _post(http, other, "203.0.113.8"))[0] == 200
        assert len(await desk.heard()) == 4


async def test_who_wrote_before_is_no_newcomer(sqlite_store: Store) -> None:
    """A process that has just begun knows nobody: the store does."""
    old, new = token_urlsafe(32), [token_urlsafe(32) for _ in range(3)]
    async with door(sqlite_store) as (_, http):
        assert (await _post(http, old, "203.0.113.7"))[0] == 200
    async with door(sqlite_store) as (_, http):
        assert [(await _post(http, one, "203.0.113.7"))[0] for one in new] == [200, 200, 429]
        assert (await _post(http, old, "203.0.113.7"))[0] == 200


@pytest.mark.parametrize(("seconds", "let_in"), [(3599, False), (3601, True)])
async def test_an_hour_later_others_may_begin(seconds: int, let_in: bool) -> None:
    """What began longer ago does not count any more."""
    now = [0.0]
    newcomers = Newcomers(1, lambda: now[0])

    async def nobody(chat: str) -> bool:
        return not chat

    assert await newcomers.admits("here", "a", nobody)
    assert not await newcomers.admits("here", "b", nobody)
    now[0] = seconds
    assert await newcomers.admits("here", "b", nobody) is let_in
