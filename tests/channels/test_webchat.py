"""The web chat over real HTTP: what is kept, what is shown, who may see it."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiohttp import ClientResponse, ClientSession, FormData
from PIL import Image
from sqlalchemy import func, select

import locales
from bot.channels.channel import Sent, Unparsable
from bot.channels.webchat import WebChat
from domain.messages import Choice, FileRef, Files, Message, Tap, Text, Unsupported
from storage import webchat
from storage.engine import Store
from storage.inbox import Arrived
from storage.outbox import Delivery
from storage.tables import Attachment, Bubble
from tests.emulators.webdesk import WebDesk, browser, cookies_of, web_desk

CLIENT_ID = "0123456789abcdef"
YES, NO = Choice("Đúng, gửi đi", "send"), Choice("Sửa", "edit")
SCRIPT = {"Accept": "application/json"}


def photo() -> bytes:
    """Draw a small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[WebDesk]:
    """Run a web chat."""
    async with web_desk(sqlite_store) as running:
        yield running


@pytest.fixture
async def person(desk: WebDesk) -> AsyncIterator[ClientSession]:
    """Open a browser that has been to the page."""
    async with browser(desk) as session:
        yield session


async def write(person: ClientSession, text: str = "Cống tắc", **more: str) -> ClientResponse:
    """Post a message as chat.js does."""
    form = {"client_id": more.pop("client_id", uuid4().hex), "text": text, **more}
    async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
        await answer.read()
        return answer


async def page(person: ClientSession, query: str = "") -> str:
    """Read the page."""
    async with person.get(f"/chat{query}") as answer:
        assert answer.status == 200
        return await answer.text()


async def events(
    person: ClientSession, after: int, most: int, headers: dict[str, str] | None = None
) -> list[str]:
    """Read so many events of the stream; each is its id and its HTML."""
    async with person.get(f"/chat/stream?after={after}", headers=headers or {}) as answer:
        assert answer.content_type == "text/event-stream"
        told: list[str] = []
        event = ""
        async with asyncio.timeout(5):
            while len(told) < most:
                line = (await answer.content.readline()).decode().rstrip("\r\n")
                event, told = (event + line + "\n", told) if line else ("", [*told, event] if event else told)
        return told


def ids(told: list[str]) -> list[int]:
    """Return the events' ids."""
    return [int(found) for event in told for found in re.findall(r"^id: (\d+)$", event, re.MULTILINE)]


# --- what a person sends -------------------------------------------------------------------------


async def test_a_message_is_in_the_inbox_and_on_the_page(desk: WebDesk, person: ClientSession) -> None:
    """Once 200 is answered the message and its bubble are both committed."""
    assert (await write(person, "Cống thôn 3 tắc")).status == 200

    (row,) = await desk.heard()
    assert desk.channel.normalize(row.body["raw"]) == Text("Cống thôn 3 tắc")
    assert (await page(person)).count("Cống thôn 3 tắc") == 1


async def test_a_message_sent_twice_is_one_message(desk: WebDesk, person: ClientSession) -> None:
    """A browser that got no answer sends the same again: nothing is doubled, files included."""
    for _ in range(2):
        form = FormData({"client_id": CLIENT_ID, "text": "Cống tắc"})
        form.add_field("files", photo(), filename="a.jpg")
        async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
            assert answer.status == 200

    assert len(await desk.heard()) == 1
    async with desk.store.read() as work:
        assert await work.session.scalar(select(func.count()).select_from(Bubble)) == 1
        assert await work.session.scalar(select(func.count()).select_from(Attachment)) == 1


async def test_a_message_that_was_not_stored_is_not_shown(sqlite_store: Store) -> None:
    """Inbox and bubble are one transaction: when it fails, the browser is told so and neither is there."""
    async with web_desk(sqlite_store) as desk, browser(desk) as person:

        async def broken(_batch: object) -> None:
            raise OSError("disk full")

        desk.after_store = broken
        assert (await write(person)).status == 500
        assert await desk.heard() == []
        assert "bubble mine" not in await page(person)


async def test_the_token_is_nowhere_in_the_database(desk: WebDesk, person: ClientSession) -> None:
    """The chat's address is the token's hash; the token itself stays in the browser."""
    await write(person)
    token = next(c.value for c in person.cookie_jar if c.key == "chat")
    database = desk.store.files.folder.parent / "desk.sqlite3"

    (row,) = await desk.heard()
    assert token not in row.body["address"]
    assert re.fullmatch(r"[0-9a-f]{64}", row.body["address"])
    assert token.encode() not in database.read_bytes()


async def test_a_button_is_a_tap_and_shows_its_label(desk: WebDesk, person: ClientSession) -> None:
    """The action goes to the desk, the words on the button onto the page."""
    await write(person, "xin chào")
    await desk.say(await desk.chat_key(), "Đúng không ạ?", YES, NO)

    await write(person, "", action="edit")

    assert desk.channel.normalize((await desk.heard())[-1].body["raw"]) == Tap("edit")
    assert '<p class="text">Sửa</p>' in await page(person)


async def test_an_invite_is_taken_only_by_pressing(desk: WebDesk, person: ClientSession) -> None:
    """Opening the link changes nothing (previews open links too); the button sends the token, unseen."""
    invite = "cb-" + "0" * 32
    shown = await page(person, f"?start={invite}")
    assert f'name="start" value="{invite}"' in shown
    assert await desk.heard() == []

    await write(person, "", start=invite)

    assert desk.channel.normalize((await desk.heard())[0].body["raw"]) == Text(invite)
    assert invite not in await page(person)


async def test_files_are_kept_and_refused_ones_get_a_word(desk: WebDesk, person: ClientSession) -> None:
    """Of a photo and a program the photo arrives, and the desk hears that something was refused."""
    form = FormData({"client_id": CLIENT_ID, "text": "Đây ạ"})
    form.add_field("files", photo(), filename="cong.jpg")
    form.add_field("files", b"MZ\x90\x00", filename="x.exe")
    async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
        assert answer.status == 200

    first, second = [desk.channel.normalize(row.body["raw"]) for row in await desk.heard()]
    assert isinstance(first, Files)
    assert (first.caption, first.files[0].name, first.files[0].media) == ("Đây ạ", "cong.jpg", "photo")
    assert await desk.store.files.get(first.files[0].id)
    assert isinstance(second, Unsupported)
    assert locales.has("vi", f"unsupported.{second.what}")
    assert "x.exe" in await page(person)


@pytest.mark.parametrize(
    "form", [{"text": "Không có tên"}, {"client_id": CLIENT_ID, "text": "  "}, {"client_id": "a b"}]
)
async def test_a_post_that_says_nothing_is_refused(
    desk: WebDesk, person: ClientSession, form: dict[str, str]
) -> None:
    """Without words, or without a name to know a repost by, nothing is stored and the reason is told."""
    async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]
    assert await desk.heard() == []


async def test_json_will_do_as_well(desk: WebDesk, person: ClientSession) -> None:
    """A script may post a JSON object."""
    async with person.post(
        "/chat/send", json={"client_id": CLIENT_ID, "text": "Xin chào"}, headers=SCRIPT
    ) as answer:
        assert answer.status == 200
    assert desk.channel.normalize((await desk.heard())[0].body["raw"]) == Text("Xin chào")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": "a"}, Text("a")),
        ({"text": " \n"}, None),
        ({}, None),
        ({"action": "send", "label": "Gửi"}, Tap("send")),
        ({"unsupported": "upload.type"}, Unsupported("upload.type")),
    ],
)
def test_what_was_posted_is_read_back(sqlite_store: Store, body: dict[str, str], said: object) -> None:
    """Each shape of a stored body has its meaning."""
    assert WebChat(sqlite_store, "", 1).normalize(body) == said


@pytest.mark.parametrize("body", ["text", None, 5, {"files": ["x"]}])
def test_what_cannot_be_read_is_a_dead_letter(sqlite_store: Store, body: object) -> None:
    """Anything else is Unparsable, never a crash."""
    with pytest.raises(Unparsable):
        WebChat(sqlite_store, "", 1).normalize(body)


# --- what the desk says --------------------------------------------------------------------------


async def test_a_delivery_is_shown_once(desk: WebDesk, person: ClientSession) -> None:
    """A sender that died and sends again does not show the message twice."""
    await write(person)
    key = await desk.chat_key()
    for _ in range(2):
        assert await desk.say(key, "Đã nhận", key="receipt:1") == Sent("receipt:1")

    assert (await page(person)).count("Đã nhận") == 1


async def test_many_deliveries_are_one_transaction(desk: WebDesk) -> None:
    """32 messages claimed together are committed together."""
    batches: list[int] = []
    show = desk.channel._show

    async def counted(deliveries: list[Delivery]) -> None:
        batches.append(len(deliveries))
        await show(deliveries)

    desk.channel._shown._commit = counted  # type: ignore[assignment]
    await asyncio.gather(*(desk.say(f"{n:032}", "Chào") for n in range(32)))

    assert batches == [32]


async def test_a_card_changes_where_it_stands(desk: WebDesk, person: ClientSession) -> None:
    """An edited card takes the place of the earlier one, as often as it is edited; browsers are told."""
    await write(person)
    key = await desk.chat_key()
    first = await desk.say(key, "Hồ sơ mới", card="HB-7K3M2R", key="card:1")
    await desk.say(key, "Tin khác")
    assert isinstance(first, Sent)
    second = await desk.say(key, "Đã nhận xử lý", card="HB-7K3M2R", key="card:2", edits=first.external_id)
    assert isinstance(second, Sent)
    await desk.say(key, "Đã trả lời", card="HB-7K3M2R", key="card:3", edits=second.external_id)

    shown = await page(person)
    assert "Hồ sơ mới" not in shown
    assert "Đã nhận xử lý" not in shown
    assert shown.index("Đã trả lời") < shown.index("Tin khác")
    told = await events(person, after=0, most=5)
    places = [re.search(r'data-key="(.*?)"', event).group(1) for event in told]  # type: ignore[union-attr]
    assert places[1] == places[3] == places[4] != places[2]


async def test_only_the_newest_menu_has_buttons(desk: WebDesk, person: ClientSession) -> None:
    """An answered menu loses its buttons, a card keeps them without numbers, and back is number 0."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "Hồ sơ", Choice("Nhận xử lý", "accept:HB:1"), card="HB-7K3M2R")
    await desk.say(key, "Câu cũ", Choice("Cũ", "old"))
    await desk.say(key, "Câu mới", YES, Choice("Lùi lại", "back"))

    shown = await page(person)
    assert 'value="old"' not in shown
    assert re.findall(r'<span class="number">(\d)\.</span>', shown) == ["1", "0"]
    assert 'value="accept:HB:1"' in shown

    await write(person, "1")
    shown = await page(person)
    assert 'value="send"' not in shown
    assert 'value="accept:HB:1"' in shown


async def test_a_notice_does_not_take_the_menus_numbers(desk: WebDesk, person: ClientSession) -> None:
    """A notice in the middle of a question has buttons of its own, and the question keeps its numbers."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "Câu hỏi", YES, NO)
    await desk.say(key, "Tin báo", Choice("Xem", "open:1"), numbered=False)

    shown = await page(person)
    assert re.findall(r'<span class="number">(\d)\.</span>', shown) == ["1", "2"]
    assert 'value="open:1"' in shown


async def test_words_are_shown_as_words(desk: WebDesk, person: ClientSession) -> None:
    """Markup in a message, a label or a file's name is text."""
    evil = "<script>alert('x')</script>"
    await write(person, evil)
    await desk.say(await desk.chat_key(), evil, Choice(evil, "a"), Choice("b", '"><img src=x>'))

    shown = await page(person)
    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown
    assert shown.count("&lt;script&gt;") == 3


# --- the stream ----------------------------------------------------------------------------------


async def test_the_stream_tells_at_once(desk: WebDesk, person: ClientSession) -> None:
    """A message reaches an open stream as soon as it is shown."""
    await write(person)
    key = await desk.chat_key()
    waiting = asyncio.create_task(events(person, after=0, most=2))
    while not desk.channel._watchers:  # noqa: ASYNC110 - until the stream is open
        await asyncio.sleep(0)
    await desk.say(key, "Đã nhận ạ")

    told = await waiting
    assert "Cống tắc" in told[0]
    assert "Đã nhận ạ" in told[1]


async def test_a_reconnect_tells_everything_after_the_last_event(
    desk: WebDesk, person: ClientSession, sqlite_store: Store
) -> None:
    """What came while the line was down is told; what is older than the overlap is not told again."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "một")
    sqlite_store.clock.pass_(seconds=60)  # type: ignore[attr-defined]
    await desk.say(key, "hai")
    await desk.say(key, "ba")

    assert ids(await events(person, after=0, most=2, headers={"Last-Event-ID": "3"})) == [3, 4]
    assert ids(await events(person, after=2, most=3)) == [1, 2, 3]


async def test_an_id_that_was_committed_late_is_told(desk: WebDesk, person: ClientSession) -> None:
    """On PostgreSQL a lower id may turn up after a higher one was told: the stream still brings it."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "hai")
    waiting = asyncio.create_task(events(person, after=0, most=3))
    while not desk.channel._watchers:  # noqa: ASYNC110 - until the stream is open
        await asyncio.sleep(0)
    async with desk.store.work() as work:
        row = await work.session.get(Bubble, 2)
        assert row is not None
        late = Bubble(id=-1, chat_key=key, message_key="late", mine=False, body={"text": "muộn"}, at=row.at)
        work.session.add(late)
    desk.channel._wake(key)

    assert "muộn" in "".join(await waiting)


async def test_replicas_see_each_others_bubbles(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bubble that another process wrote reaches the streams of this one by the poll."""
    monkeypatch.setattr("bot.channels.webchat.POLL", 0.01)
    async with web_desk(sqlite_store) as here, web_desk(sqlite_store) as there, browser(here) as person:
        await write(person)
        listening = asyncio.create_task(here.channel.listen(lambda _arrived: asyncio.sleep(0)))
        waiting = asyncio.create_task(events(person, after=0, most=2))
        while not here.channel._watchers:  # noqa: ASYNC110 - until the stream is open
            await asyncio.sleep(0)
        await there.say(await here.chat_key(), "Từ máy kia")

        assert "Từ máy kia" in (await waiting)[1]
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_streams_end_when_the_server_stops(sqlite_store: Store) -> None:
    """Shutting down does not wait for browsers to go away."""
    async with asyncio.timeout(5), web_desk(sqlite_store) as desk, browser(desk) as person:
        await write(person)
        async with person.get("/chat/stream?after=0") as answer:
            await answer.content.readline()
            await desk.server.close()
            await answer.content.read()
    assert not desk.channel._watchers


# --- without script ------------------------------------------------------------------------------


async def test_a_plain_form_brings_the_answer_with_it(desk: WebDesk, person: ClientSession) -> None:
    """Post, 303, and the page that comes back already holds the desk's answer."""
    desk.answer = Message("Đã nhận ý kiến")
    form = {"client_id": CLIENT_ID, "text": "Cống tắc"}
    async with person.post("/chat/send", data=form) as answer:
        assert answer.history[0].status == 303
        assert "Đã nhận ý kiến" in await answer.text()


async def test_a_plain_page_waits_for_a_slow_answer(desk: WebDesk, person: ClientSession) -> None:
    """The page after a post waits a moment for an answer that is on its way."""
    posting = asyncio.create_task(page_after_post(person))
    while not desk.channel._watchers:  # noqa: ASYNC110 - until the page waits
        await asyncio.sleep(0)
    await desk.say(await desk.chat_key(), "Đây ạ")

    assert "Đây ạ" in await posting


async def page_after_post(person: ClientSession) -> str:
    """Post as a plain form and return the page that follows."""
    async with person.post("/chat/send", data={"client_id": CLIENT_ID, "text": "Cống tắc"}) as answer:
        return await answer.text()


# --- who may see what ----------------------------------------------------------------------------


async def test_a_file_opens_only_in_its_chat(desk: WebDesk, person: ClientSession) -> None:
    """The sender's link works for the sender, not for another browser, nor with another's signature."""
    form = FormData({"client_id": CLIENT_ID}, quote_fields=False)  # as browsers do
    form.add_field("files", photo(), filename="cống.jpg")
    async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
        assert answer.status == 200
    link = re.search(r'src="(/chat/file/.*?)"', await page(person)).group(1)  # type: ignore[union-attr]

    async with person.get(link) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''c%E1%BB%91ng.jpg"
    async with person.get(link, headers={"Range": "bytes=0-1"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"\xff\xd8")
    async with person.get(link[:-1] + "g") as answer:
        assert answer.status == 404
    async with browser(desk) as stranger, stranger.get(link) as answer:
        assert answer.status == 404


async def test_a_file_the_desk_sends_opens_for_who_got_it(desk: WebDesk, person: ClientSession) -> None:
    """A citizen's photo forwarded to an officer opens in the officer's chat."""
    form = FormData({"client_id": CLIENT_ID})
    form.add_field("files", photo(), filename="a.jpg")
    async with person.post("/chat/send", data=form, headers=SCRIPT) as answer:
        assert answer.status == 200
    body = (await desk.heard())[0].body["raw"]
    async with browser(desk) as officer:
        await write(officer, "xin chào")
        await desk.say(await desk.chat_key(), "Hồ sơ", files=(FileRef(**body["files"][0]),))
        link = re.search(r'src="(/chat/file/.*?)"', await page(officer)).group(1)  # type: ignore[union-attr]
        async with officer.get(link) as answer:
            assert answer.status == 200
        async with person.get(link) as answer:
            assert answer.status == 404


async def test_seats_are_different_people(desk: WebDesk, person: ClientSession) -> None:
    """One browser holds several identities, each with its own conversation."""
    await write(person, "việc của chị Hoa")
    await page(person, "?seat=officer")
    async with person.post(
        "/chat/send?seat=officer", data={"client_id": CLIENT_ID, "text": "của cán bộ"}, headers=SCRIPT
    ) as answer:
        assert answer.status == 200

    assert len({row.lane for row in await desk.heard()}) == 2
    assert "của cán bộ" not in await page(person)
    assert "việc của chị Hoa" not in await page(person, "?seat=officer")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
async def test_other_sites_cannot_post(person: ClientSession, headers: dict[str, str], status: int) -> None:
    """A page of another site cannot make a browser speak in its owner's name."""
    form = {"client_id": CLIENT_ID, "text": "Cống tắc"}
    async with person.post("/chat/send", data=form, headers={**SCRIPT, **headers}) as answer:
        assert answer.status == status


async def test_our_own_origin_may_post(desk: WebDesk, person: ClientSession) -> None:
    """A browser that sends only Origin is let in when it is ours."""
    origin = {"Origin": str(desk.server.make_url("/")).rstrip("/")}
    async with person.post(
        "/chat/send", data={"client_id": CLIENT_ID, "text": "a"}, headers={**SCRIPT, **origin}
    ) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("base_url", "name"), [("https://desk.example", "__Host-chat"), ("http://desk.example", "chat")]
)
async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    sqlite_store: Store, base_url: str, name: str
) -> None:
    """HttpOnly and SameSite always; on https also Secure, and of this host alone."""
    async with (
        web_desk(sqlite_store, base_url) as desk,
        ClientSession() as person,
        person.get(desk.url) as answer,
    ):
        cookie = cookies_of(answer.headers.getall("Set-Cookie"))[name]

    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert bool(cookie["secure"]) is base_url.startswith("https")
    assert len(cookie.value) == 43


async def test_who_takes_no_cookie_is_told_so(desk: WebDesk) -> None:
    """Without a cookie there is no one to answer: nothing is stored."""
    async with ClientSession() as person:
        url = desk.server.make_url("/chat/send")
        async with person.post(url, data={"client_id": CLIENT_ID, "text": "a"}) as answer:
            assert answer.status == 400
            assert locales.words("vi")("webchat.no_cookie") in await answer.text()
        async with person.get(desk.server.make_url("/chat/stream")) as answer:
            assert answer.status == 400
    assert await desk.heard() == []


@pytest.mark.parametrize("path", ["/chat", "/nope", "/static/chat.js", "/static/nope.js", "/chat/file/x"])
async def test_every_answer_carries_the_safety_headers(person: ClientSession, path: str) -> None:
    """Pages, files and errors alike; and no page has a script or style in it."""
    async with person.get(path) as answer:
        text = await answer.text()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Permissions-Policy"] == "geolocation=(self)"
    assert not re.search(r"<style|style=|\son\w+=|<script(?! src=\"/static/)|javascript:", text)


def test_every_word_the_page_says_is_there_in_every_language() -> None:
    """The web chat's own words are complete, with the same placeholders."""
    ours = [
        key for key in locales.table("vi") if key.startswith(("webchat.", "unsupported.upload.", "error."))
    ]
    assert len(ours) > 40
    for key in ours:
        blanks = re.findall(r"\{\w+\}", locales.table("vi")[key])
        assert sorted(re.findall(r"\{\w+\}", locales.table("en")[key])) == sorted(blanks), key


async def test_bubbles_are_kept_alike_on_every_database(store: Store) -> None:
    """Own messages, deliveries, repeats, edits and the overlap of a reconnect, on SQLite and PostgreSQL."""
    arrived = [
        Arrived("web", "0123456789abcdef:m1", "address", {"text": "một"}),
        Arrived("other", "x", "y", {}),
    ]
    lane = store.keyring.blind("chat", "web", "address")
    card = [
        Delivery(f"card:{n}", "web", lane, "", Message(f"thẻ {n}"), 1, False, f"card:{n - 1}")
        for n in (1, 2, 3)
    ]
    for _ in range(2):
        async with store.work() as work:
            await webchat.record_own(work, arrived)
        for delivery in card:
            async with store.work() as work:
                await webchat.deliver(work, [delivery])

    async with store.read() as work:
        shown = await webchat.latest(work, lane, 10)
        assert [(one.key, one.mine) for one in shown] == [
            ("own:m1", True),
            ("card:1", False),
            ("card:2", False),
            ("card:3", False),
        ]
        first = shown[1].id
        assert [one.place for one in shown[1:]] == [first, first, first]
        assert await webchat.after(work, lane, shown[-1].id) == shown
        assert await webchat.chats_after(work, first) == {lane}
        assert await webchat.newest(work) >= shown[-1].id
        assert await webchat.language(work, lane) == "vi"
