"""The page on which one plays the people by hand does what they would do."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, FormData
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from typer.testing import CliRunner

from tests.emulators.__main__ import RUNNERS, cli
from tests.emulators.telegram_contract import Json
from tests.emulators.telegram_files import jpeg


class Browser:
    """What the page's script does."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    async def see(self, person: str) -> Json:
        """Return what a person sees."""
        async with self._session.get("/page/state", params={"person": person}) as answer:
            return dict(await answer.json())

    async def do(self, what: str, person: str, **fields: str | bytes) -> int:
        """Do something as a person; returns the status."""
        form = FormData({"person": person} | {n: v for n, v in fields.items() if isinstance(v, str)})
        if isinstance(photo := fields.get("photo"), bytes):
            form.add_field("photo", photo, filename="a.jpg")
        async with self._session.post(f"/page/{what}", data=form) as answer:
            return answer.status


@pytest.fixture(name="settings")
async def _settings() -> AsyncIterator[dict[str, str]]:
    async with RUNNERS["telegram"](0, "77:by_hand") as lines:
        yield dict(line.split("=", 1) for line in lines)


@pytest.fixture(name="client")
async def _client(settings: dict[str, str]) -> AsyncIterator[Bot]:
    url = settings["TELEGRAM_API_URL"]
    async with Bot(settings["TELEGRAM_TOKEN"], f"{url}/bot", f"{url}/file/bot") as client:
        yield client


@pytest.fixture(name="browser")
async def _browser(settings: dict[str, str]) -> AsyncIterator[Browser]:
    async with ClientSession(settings["TELEGRAM_API_URL"]) as session:
        yield Browser(session)


async def test_a_conversation_by_hand(client: Bot, browser: Browser) -> None:
    """Words, a button, the number and a photo reach the bot; its message and the edit are seen."""
    start = await browser.see("")
    assert (start["person"], start["messages"], len(start["people"])) == ("42", [], 6)
    await browser.do("say", "42", text="<b>cống</b> tắc")
    button = InlineKeyboardMarkup([[InlineKeyboardButton("Gửi", callback_data="send", style="primary")]])
    sent = await client.send_message(42, "Đúng không?", reply_markup=button)
    seen = (await browser.see("42"))["messages"]
    assert [(m["text"], m["mine"]) for m in seen] == [("<b>cống</b> tắc", True), ("Đúng không?", False)]
    action = seen[1]["buttons"][0][0]["action"]
    assert await browser.do("press", "42", action=action) == 204
    await client.edit_message_text("Đã gửi", 42, sent.message_id)
    assert await browser.do("press", "42", action=action) == 409
    await client.send_message(42, "?", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Số", True)]]))
    keys = [key["action"] for key in (await browser.see("42"))["keys"]]
    assert keys == ["key:Số", "contact", "location"]
    for key in keys:
        await browser.do("press", "42", action=key)
    await browser.do("photo", "42", photo=jpeg())
    _, words, tap, *rest = await client.get_updates()
    assert (words.message and words.message.text, tap.callback_query and tap.callback_query.data) == (
        "<b>cống</b> tắc",
        "send",
    )
    kinds = [next(k for k in ("contact", "location", "photo") if k in u.to_dict()["message"]) for u in rest]
    assert kinds == ["contact", "contact", "location", "photo"]
    last = (await browser.see("42"))["messages"]
    assert [(m["text"], m["note"]) for m in last][1] == ("Đã gửi", "edited")
    assert last[-1]["files"][0]["kind"] == "photo"


async def test_a_group_hears_everybody(client: Bot, browser: Browser) -> None:
    """Who writes in the group is seen there by all, each under their name, and heard by the bot."""
    await browser.do("say", "-500:43", text="tôi nhận")
    message = (await browser.see("-500:44"))["messages"][0]
    assert (message["who"], message["mine"]) == ("Tuấn", False)
    heard = (await client.get_updates())[-1].message
    assert heard is not None
    assert (heard.text, heard.from_user and heard.from_user.id) == ("tôi nhận", 43)


def test_an_unknown_emulator_is_named() -> None:
    """The command says which there are."""
    answer = CliRunner().invoke(cli, ["telegraph"])
    assert (answer.exit_code, "telegram" in answer.output) == (2, True)
