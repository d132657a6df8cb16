"""What a visitor sends is read as far as it may be, as fast as it must be, and no further."""

import asyncio
import contextlib
import json
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

import locales
from storage.store.engine import Store
from tests.emulators.webdesk import WebDesk, browser, web_desk
from web import bodies, forms
from web.bodies import Body, InHand
from web.downloads import Handing
from web.server import create_app

CLIENT_ID = "0123456789"
SCRIPT = {"Accept": "application/json"}
HEAD = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x", **SCRIPT}


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[WebDesk]:
    """Run a web chat."""
    async with web_desk(sqlite_store) as running:
        yield running


@pytest.fixture
async def person(desk: WebDesk) -> AsyncIterator[ClientSession]:
    """Open a browser."""
    async with browser(desk) as session:
        yield session


@contextlib.asynccontextmanager
async def asked_for(file: Handler) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Serve a file, and ask for it over a line that can be left or broken."""
    app = create_app()
    app.router.add_get("/file", file)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET /file HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        yield reader, writer


class Stream:
    """A body that comes piece by piece, for as long as it is read; it notes how much was sent."""

    def __init__(self, begins: bytes, again: bytes, most: int = 100_000) -> None:
        self.begins, self.again, self.most = begins, again, most
        self.sent = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self.begins
        while self.sent < self.most:
            self.sent += 1
            yield self.again.replace(b"%d", b"%d" % self.sent)


async def posted(person: ClientSession, data: Any, headers: dict[str, str] = SCRIPT) -> tuple[int, str]:  # noqa: ANN401 - whatever aiohttp can send
    """Post it; return the status and the words, or 0 where the line was cut while it was being sent."""
    try:
        async with person.post("/chat/send", data=data, headers=headers) as answer:
            told = await answer.json()
            return answer.status, told.get("error", "")
    except (ConnectionError, OSError):
        return 0, ""


@pytest.mark.parametrize(
    ("begins", "again"),
    [
        (b"", HEAD % (b"f%d", b"") + b"a" * 60_000 + b"\r\n"),
        (HEAD % (b"text", b""), b"a" * 60_000),
        (b"", HEAD % (b"text", b"") + b"\r\n"),
        (b"", HEAD % (b"files", b'; filename=""') + b"\r\n"),
        (b"", b"no boundary at all\r\n" * 3000),
        (HEAD % (b"other", b'; filename="a.jpg"'), b"a" * 60_000),
    ],
    ids=["many fields", "an endless field", "the same again", "empty files", "no part", "under another name"],
)
async def test_a_form_without_end_is_left_where_it_is_too_much(
    sqlite_store: Store, begins: bytes, again: bytes
) -> None:
    """It is refused while it comes, and the connection closed: the rest is never read."""
    stream = Stream(begins, again)
    async with web_desk(sqlite_store, limit=1024) as desk, browser(desk) as person:
        status, _ = await posted(person, stream.pieces(), MULTIPART)
        assert status in {0, 400, 413}
        assert stream.sent < stream.most
        assert await desk.heard() == []


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""])
async def test_a_body_without_parts_has_an_end_too(person: ClientSession, kind: str) -> None:
    """Whatever it says it is."""
    stream = Stream(b'{"text": "', b"a" * 60_000)
    status, _ = await posted(person, stream.pieces(), {**SCRIPT, "Content-Type": kind})
    assert status in {0, 413}
    assert stream.sent < stream.most


async def test_a_form_as_the_page_posts_it_is_taken(desk: WebDesk, person: ClientSession) -> None:
    """Ten files and every field, with both inputs for files: no bound is in the way."""
    form = FormData({"client_id": CLIENT_ID, "text": "x" * 8000})
    form.add_field("files", b"", filename="", content_type="application/octet-stream")
    for n in range(10):
        form.add_field("files", b"#!AMR\n" + bytes([n]) * 60, filename=f"{n}.amr")
    assert await posted(person, form) == (200, "")
    (row,) = await desk.heard()
    assert len(row.body["raw"]["files"]) == 10
    assert len(row.body["raw"]["caption"]) == 8000


@pytest.mark.parametrize("name", ["other", "", "Text", "_charset_"])
async def test_a_field_that_no_page_has_is_refused(desk: WebDesk, person: ClientSession, name: str) -> None:
    """Nothing is kept of a form with it."""
    body = HEAD % (b"client_id", b"") + b"0123456789\r\n" + HEAD % (name.encode(), b"") + b"x\r\n--x--\r\n"
    status, told = await posted(person, body, MULTIPART)
    assert (status, told) == (400, locales.words("vi")("error.400"))
    assert await desk.heard() == []


@pytest.mark.parametrize("way", ["json", "urlencoded", "multipart"])
async def test_words_longer_than_any_are_refused_at_the_door(
    desk: WebDesk, person: ClientSession, way: str
) -> None:
    """More than 64 KB are not even stored; the page gives them back to be sent in parts."""
    text = "x" * (forms.MOST_FIELD + 1)
    fields = {"client_id": CLIENT_ID, "text": text}
    data: Any = fields
    headers = SCRIPT
    if way == "json":
        data, headers = json.dumps(fields), {**SCRIPT, "Content-Type": "application/json"}
    elif way == "multipart":
        data = FormData(fields, default_to_multipart=True)
    assert await posted(person, data, headers) == (413, locales.words("vi")("webchat.too_long"))
    assert await desk.heard() == []


@pytest.mark.parametrize("way", ["json", "urlencoded", "multipart"])
async def test_words_that_are_too_long_are_stored_and_shown_cut_off(
    desk: WebDesk, person: ClientSession, way: str
) -> None:
    """They are answered like any message (the desk refuses them); their bubble ends where it must."""
    fields = {"client_id": CLIENT_ID, "text": "một " * 2001}
    data: Any = fields
    headers = SCRIPT
    if way == "json":
        data, headers = json.dumps(fields), {**SCRIPT, "Content-Type": "application/json"}
    elif way == "multipart":
        data = FormData(fields, default_to_multipart=True)
    assert await posted(person, data, headers) == (200, "")
    (row,) = await desk.heard()
    assert len(row.body["raw"]["text"]) == 8003
    async with person.get("/chat") as answer:
        shown = await answer.text()
    assert "một " * 1999 in shown
    assert "một " * 2001 not in shown


# --- how fast, how much at once ------------------------------------------------------------------


def _body(most: int = 1000) -> tuple[StreamReader, Body]:
    loop = asyncio.get_running_loop()
    line = BaseProtocol(loop)
    line.connection_made(asyncio.Transport())
    stream = StreamReader(line, 2**16, loop=loop)
    return stream, Body(stream, most)


async def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for it is told so."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.0)
    _, body = _body()
    with pytest.raises(web.HTTPRequestTimeout):
        await body.whole()


async def test_a_body_that_comes_byte_by_byte_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte every five seconds buys next to nothing: the time it is waited for is counted in all."""
    loop, passed = asyncio.get_running_loop(), 0.0
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + passed)
    stream, body = _body()

    async def trickle() -> None:
        nonlocal passed
        while True:
            stream.feed_data(b"a")
            await asyncio.sleep(0)
            passed += 5

    dripping = asyncio.create_task(trickle())
    with pytest.raises(web.HTTPRequestTimeout):
        await body.whole()
    dripping.cancel()
    assert passed <= bodies.PATIENCE + 15


async def test_a_body_is_read_to_its_bound_and_no_byte_more() -> None:
    """The last byte that may come comes; one more is 413."""
    stream, body = _body(10)
    stream.feed_data(b"0123456789")
    stream.feed_eof()
    assert await body.whole() == b"0123456789"
    stream, body = _body(9)
    stream.feed_data(b"0123456789")
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await body.whole()


async def test_a_slow_post_is_answered_with_words(
    desk: WebDesk, person: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line may be bad: it says to send it again, and the page does so by itself."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.0)
    never = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"
        await never.wait()

    headers = {**SCRIPT, "Content-Type": "application/json"}
    async with person.post("/chat/send", data=pieces(), headers=headers) as answer:
        assert (answer.status, answer.headers["Connection"]) == (408, "close")
        assert (await answer.json())["error"] == locales.words("vi")("error.408")
    assert await desk.heard() == []


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 400)])
async def test_a_form_has_so_many_parts(person: ClientSession, more: int, status: int) -> None:
    """Twenty, which is more than the page ever sends; not one more, however small."""
    form = FormData({"client_id": CLIENT_ID}, default_to_multipart=True)
    for _ in range(forms.MOST_PARTS - 1 + more):
        form.add_field("text", "x")
    assert (await posted(person, form))[0] == status


async def test_files_of_all_visitors_together_have_a_bound(desk: WebDesk, person: ClientSession) -> None:
    """What does not fit is to be sent again a little later; room that was taken is given back."""
    hand = desk.channel._form.in_hand
    form = FormData({"client_id": CLIENT_ID})
    form.add_field("files", b"#!AMR\n" + b"x" * 1000, filename="a.amr")
    free = hand._free
    hand.take(free - 500)
    assert await posted(person, form) == (503, locales.words("vi")("error.503"))
    hand.let_go(free - 500)
    assert hand._free == free
    again = FormData({"client_id": CLIENT_ID})
    again.add_field("files", b"#!AMR\n" + b"x" * 1000, filename="a.amr")
    assert await posted(person, again) == (200, "")
    assert hand._free == free


async def test_who_waits_for_room_has_it_as_soon_as_there_is_some() -> None:
    """In the order they came; what is larger than all there is has all of it."""
    hand, order = InHand(10), []

    async def hold(count: int) -> None:
        async with hand.hold(count):
            order.append(count)
            await asyncio.sleep(0)

    await asyncio.gather(*(hold(count) for count in (9, 20, 8, 3)))
    assert sorted(order) == [3, 8, 9, 20]
    assert order[0] == 9
    assert hand._free == 10


async def test_a_file_that_nobody_fetches_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is cut when it takes too long, and its bytes make room for others."""
    monkeypatch.setattr("web.downloads._PATIENCE", -1e9)
    handing, over, size = Handing(), asyncio.Event(), 30_000_000

    async def answer() -> web.Response:
        return web.Response(body=b"x" * size)

    async def file(request: web.Request) -> web.StreamResponse:
        try:
            return await handing.out(request, "somebody", size, answer)
        finally:
            over.set()

    async with asked_for(file) as (reader, writer):
        await over.wait()
        assert handing._room._free == handing._room._most
        got = 0
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(2**16):
                got += len(chunk)
        assert got < size
        writer.close()


async def test_nothing_of_a_file_is_kept_when_its_line_breaks() -> None:
    """Not even by the error that says so: forty broken lines would be forty files in memory."""
    handing, over = Handing(), asyncio.Event()
    broken: list[BaseException] = []

    async def answer() -> web.Response:
        return web.Response(body=bytes(30_000_000))

    async def file(request: web.Request) -> web.StreamResponse:
        try:
            return await handing.out(request, "somebody", 1000, answer)
        except ConnectionError as error:
            broken.append(error)
            raise
        finally:
            over.set()

    async with asked_for(file) as (_, writer):
        await writer.drain()
        writer.transport.abort()
        await over.wait()
    (error,) = broken
    frames = [frame.f_locals for frame, _ in traceback.walk_tb(error.__traceback__)]
    assert len(frames) > 2
    assert not [value for frame in frames for value in frame.values() if _is_a_file(value)]


def _is_a_file(value: object) -> bool:
    if isinstance(value, web.Response):
        return bool(value.body)
    with contextlib.suppress(ValueError):  # a view that was let go
        return isinstance(value, bytes | memoryview) and len(bytes(value)) > 1_000_000
    return False


async def test_photos_do_not_wait_for_films() -> None:
    """Where every large file that may be on its way is on its way, a small one still goes."""
    handing = Handing()
    handing._room.take(handing._room._free)

    async def answer() -> web.Response:
        return web.Response(body=b"photo")

    async def file(request: web.Request) -> web.StreamResponse:
        return await handing.out(request, "somebody", 500_000, answer)

    app = create_app()
    app.router.add_get("/file", file)
    async with TestClient(TestServer(app)) as client, client.get("/file") as got:
        assert await got.read() == b"photo"
    assert handing._small._free == handing._small._most
