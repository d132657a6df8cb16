"""The web chat over real HTTP: who may see what, and who may post."""

import re

import pytest
from aiohttp import ClientSession, FormData

import locales
from domain.messages import FileRef, Message
from storage.mail import webchat
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.store.engine import Store
from tests.channels.webchat_desk import CLIENT_ID, SCRIPT, page, photo, write
from tests.conftest import MONDAY
from tests.emulators.webdesk import WebDesk, browser, cookies_of, web_desk

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
        Delivery(f"card:{n}", "web", lane, "", Message(f"thẻ {n}"), 1, False, f"card:{n - 1}", MONDAY, MONDAY)
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
        assert await webchat.after(work, lane, shown[-1].id, 10) == shown
        assert await webchat.chats_after(work, first) == {lane}
        assert await webchat.newest(work) >= shown[-1].id
        assert await webchat.language(work, lane) == "vi"
