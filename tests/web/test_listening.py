"""The socket and its door: who does not ask in time, who is one too many, and whose name is not ours."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network
from typing import cast

import pytest
import structlog
from aiohttp import ClientSession, web

import locales
from bot.demo.server import free_port
from bot.settings import Settings
from storage.store.engine import Store
from tests.emulators.webdesk import browser, web_desk
from web import listening
from web.limits import Limits, Turnstile, host_name
from web.listening import Door, Site
from web.server import create_app

HERE = "127.0.0.1"
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@asynccontextmanager
async def serving(limits: Limits) -> AsyncIterator[Site]:
    """Serve one page, which waits until it is told to answer where it is asked to wait."""
    app = create_app(limits)

    async def page(request: web.Request) -> web.Response:
        if request.query.get("wait"):
            await app[GO].wait()
        return web.Response(text="ok")

    app[GO] = asyncio.Event()
    app.router.add_get("/healthz", page)
    app.router.add_get("/page", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = Site(runner, HERE, free_port([0]), limits)
    await site.start()
    yield site
    app[GO].set()
    await runner.cleanup()


GO = web.AppKey("go", asyncio.Event)


async def connect(site: Site, says: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection and say something."""
    reader, writer = await asyncio.open_connection(HERE, site._port)
    writer.write(says)
    return reader, writer


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Wait until it is closed; return what was answered."""
    answer = b""
    with suppress(ConnectionError):
        while chunk := await reader.read(1000):
            answer += chunk
    return answer


@pytest.mark.parametrize("says", [b"", b"G", GET, GET + b"X-Slow: a\r\n"])
async def test_who_does_not_ask_is_let_go(monkeypatch: pytest.MonkeyPatch, says: bytes) -> None:
    """Silence, half a word or half a head: the connection is closed, and there is room again."""
    monkeypatch.setattr(listening, "HEAD", 0.0)
    async with serving(Limits()) as site:
        reader, writer = await connect(site, says)
        await closed(reader)
        writer.close()
        await _empty(site)


async def test_who_has_asked_in_time_is_not_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is being answered outlives the moment at which its head would have been too late."""
    monkeypatch.setattr(listening, "HEAD", 1000.0)
    async with serving(Limits()) as site:
        reader, writer = await connect(site, GET.replace(b"healthz", b"page?wait=1") + b"\r\n")
        (connection,) = await _connections(site)
        await until(lambda: connection._request_count)
        connection._close_if_silent()
        assert connection.transport is not None
        site._runner.app[GO].set()  # type: ignore[attr-defined] # an AppRunner has one
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()


@pytest.mark.parametrize("limits", [Limits(connections=3), Limits(per_address=3)])
async def test_one_connection_too_many_is_told_so_and_closed(limits: Limits) -> None:
    """Those inside stay; as soon as one of them leaves there is room for the next."""
    async with serving(limits) as site:
        inside = [await connect(site, GET + b"\r\n") for _ in range(3)]
        for reader, _ in inside:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        reader, writer = await connect(site, GET + b"\r\n")
        answer = await closed(reader)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"Retry-After" in answer
        inside[0][1].close()
        await until(lambda: site.door._turnstile.inside < 3)
        reader, writer = await connect(site, GET + b"\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        for _, line in (*inside, (reader, writer)):
            line.close()
        await _empty(site)


async def _connections(site: Site) -> list[listening._Connection]:
    server = cast("web.Server", site._runner.server)
    await until(lambda: server.connections)
    return cast("list[listening._Connection]", server.connections)


async def _empty(site: Site) -> None:
    await until(lambda: not site.door._turnstile.inside)


async def until(holds: Callable[[], object]) -> None:
    """Let the loop run until it does."""
    while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0)


def test_a_proxys_connections_are_nobodys() -> None:
    """Only all of them together have a bound: its visitors are told apart by their requests."""
    door = Door(Limits(connections=5, per_address=1, proxies=(ip_network("10.0.0.0/8"),)))
    assert all(door.enter("10.1.2.3", 0.0) for _ in range(4))
    assert door.enter("192.0.2.1", 0.0)
    assert door.enter("192.0.2.2", 0.0) is None


def test_what_is_turned_away_is_told_once_in_a_while_and_without_an_address() -> None:
    """A thousand of them are two lines a minute apart, the second with the count."""
    door = Door(Limits(connections=1))
    assert door.enter("192.0.2.1", 0.0)
    with structlog.testing.capture_logs() as lines:
        for n in range(1000):
            door.enter(f"192.0.2.{n % 250}", n * 0.05)
        door.enter("192.0.2.9", 61.0)
    assert [line["turned_away"] for line in lines] == [1, 1000]
    assert "192.0.2" not in str(lines)


async def test_a_request_that_makes_no_sense_is_counted_and_not_quoted() -> None:
    """Neither who sent it nor any byte of it is written down."""
    async with serving(Limits()) as site:
        with structlog.testing.capture_logs() as lines:
            for says in (
                b"\x16\x03\x01 private\r\n\r\n",
                GET + b"Cookie: " + b"private" * 2000 + b"\r\n\r\n",
            ):
                reader, writer = await connect(site, says)
                assert b"400" in await closed(reader)
                writer.close()
    assert lines
    assert "private" not in str(lines)
    assert HERE not in str(lines)


# --- who asks, and under which name --------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.5, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("2001:db8::2:3", "", "2001:db8::/64"),
    ],
)
def test_whose_word_is_taken_for_who_asks(peer: str, forwarded: str, who: str) -> None:
    """A proxy's alone, and the last address that is none of them: what is before it anybody can write."""
    assert Limits(proxies=(ip_network("10.0.0.0/8"),)).visitor(peer, forwarded) == who


async def test_behind_a_proxy_each_visitor_has_so_many_requests() -> None:
    """One who asks for more is told to wait; others are not held up."""
    limits = Limits(per_address=2, proxies=(ip_network(HERE),))
    async with serving(limits) as site, ClientSession(site.name) as proxy:
        waiting = [
            asyncio.create_task(proxy.get("/page?wait=1", headers={"X-Forwarded-For": "192.0.2.1"}))
            for _ in range(2)
        ]
        within = site._runner.app  # type: ignore[attr-defined] # an AppRunner has one
        turnstile = next(value for value in within.values() if isinstance(value, Turnstile))
        await until(lambda: turnstile.inside == 2)
        async with proxy.get("/page", headers={"X-Forwarded-For": "192.0.2.1"}) as answer:
            assert answer.status == 429
        async with proxy.get("/page", headers={"X-Forwarded-For": "192.0.2.2"}) as answer:
            assert answer.status == 200
        within[GO].set()
        assert [(await one).status for one in waiting] == [200, 200]


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("langnghe.example.vn", True),
        ("LangNghe.example.VN.:8080", True),
        ("khac.example.vn", True),
        ("localhost:8080", True),
        ("192.168.1.5:8080", True),
        ("[::1]:8080", True),
        ("evil.example", False),
        ("langnghe.example.vn.evil.example", False),
        ("192.168.1.5.evil.example", False),
        ("evil.example:8080", False),
        ("[::1", False),
    ],
)
async def test_only_our_own_names_are_served(host: str, served: bool) -> None:
    """A page elsewhere whose name is made to lead here gets nothing of ours; the health check has no name."""
    settings = Settings(
        public_url="https://langnghe.example.vn", allowed_hosts="khac.example.vn, ", _env_file=None
    )
    async with serving(settings.limits) as site, ClientSession(site.name) as person:
        async with person.get("/page", headers={"Host": host, "Accept": "application/json"}) as answer:
            assert answer.status == (200 if served else 421)
            assert "Server" not in answer.headers
            if not served:
                assert (await answer.json())["error"] == locales.words("vi")("error.421")
        async with person.get("/healthz", headers={"Host": host}) as answer:
            assert answer.status == 200


def test_every_name_is_served_where_the_settings_say_so() -> None:
    """One star, wherever it stands."""
    assert Settings(allowed_hosts="a.vn,*", _env_file=None).limits.serves("evil.example")
    assert host_name("A.vn:80") == "a.vn"


def test_the_settings_say_who_may_come_in() -> None:
    """Proxies are addresses or networks; what is none stops the start with its name."""
    limits = Settings(trusted_proxies="127.0.0.1, 10.0.0.0/8", max_connections=50, _env_file=None).limits
    assert limits.is_proxy("10.9.9.9")
    assert not limits.is_proxy("192.0.2.1")
    assert limits.connections == 50
    with pytest.raises(ValueError, match="nginx"):
        Settings(trusted_proxies="nginx", _env_file=None)


# --- open pages ----------------------------------------------------------------------------------


async def test_one_browser_has_four_open_pages_and_all_have_a_bound(sqlite_store: Store) -> None:
    """One more is told to come again; a page that is closed makes room."""
    async with web_desk(sqlite_store) as desk, browser(desk) as person:
        pages = [await person.get("/chat/stream") for _ in range(4)]
        assert {page.status for page in pages} == {200}
        async with person.get("/chat/stream") as fifth:
            assert fifth.status == 429
            assert fifth.headers["Retry-After"]
        async with browser(desk) as other, other.get("/chat/stream") as page:
            assert page.status == 200
        desk.channel._watchers._streams._most = 4
        async with browser(desk) as another, another.get("/chat/stream") as page:
            assert page.status == 429
        for page in pages:
            page.close()


def test_a_turnstile_counts_who_is_inside_and_remembers_nobody_else() -> None:
    """Whoever left or was never let in is not kept in memory."""
    turnstile = Turnstile(3, 2)
    assert [turnstile.enter("a") for _ in range(3)] == [True, True, False]
    assert turnstile.enter("b")
    assert not turnstile.enter("c")
    for who in ("a", "a", "b"):
        turnstile.leave(who)
    assert (turnstile.inside, dict(turnstile._of)) == (0, {})
