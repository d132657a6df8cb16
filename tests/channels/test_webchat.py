"""The web chat over real HTTP: what a person sends is kept, once."""

import re

import pytest
from aiohttp import ClientSession, FormData
from sqlalchemy import func, select

import locales
from bot.channels.channel import Unparsable
from bot.channels.webchat import WebChat
from domain.messages import Files, Tap, Text, Unsupported
from storage.ground.tables import Attachment, Bubble
from storage.store.engine import Store
from tests.channels.webchat_desk import CLIENT_ID, NO, SCRIPT, YES, page, photo, write
from tests.emulators.webdesk import WebDesk, browser, web_desk

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


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ('"text": "cháy nhà ở thôn 3 \\ud83d"', Text("cháy nhà ở thôn 3 ?")),
        ('"text": "\\ud83d"', Text("?")),
        ('"action": "\\udcff"', Tap("?")),
        ('"start": "\\ud83d", "text": "cống tắc"', Text("cống tắc")),
    ],
)
async def test_half_a_sign_keeps_no_message_out(
    desk: WebDesk, person: ClientSession, fields: str, heard: Text | Tap
) -> None:
    """What a page's script posts as JSON may hold half of a pair, which is no text: the rest is heard."""
    body = f'{{"client_id": "{CLIENT_ID}", {fields}}}'.encode()
    headers = {**SCRIPT, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    async with person.post("/chat/send", data=body, headers=headers) as answer:
        assert answer.status == 200
    (row,) = await desk.heard()
    assert desk.channel.normalize(row.body["raw"]) == heard
