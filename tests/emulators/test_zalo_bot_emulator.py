"""The emulated bot platform is as strict as it says, and as odd."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.emulators.listener import listener
from tests.emulators.loopback import photo
from tests.emulators.telegram_contract import Page, Refused
from tests.emulators.zalo_bot import ZaloBotServer


@pytest.fixture(name="bot")
async def _bot() -> AsyncIterator[ZaloBotServer]:
    async with ZaloBotServer() as server:
        yield server


async def call(bot: ZaloBotServer, method: str, **given: object) -> tuple[int, Any]:
    """Call the bot's API; returns the status and the result or the description."""
    async with (
        ClientSession() as session,
        session.post(f"{bot.url}/bot{bot.token}/{method}", json=given) as response,
    ):
        body = await response.json()
        assert body["ok"] == (response.status == 200)
        return response.status, body["result"] if body["ok"] else body["description"]


async def test_an_idle_poll_is_a_408_and_a_full_one_an_object(bot: ZaloBotServer) -> None:
    """One event per poll, which is then gone; or all of them, again and again."""
    assert await call(bot, "getUpdates", timeout=1) == (408, "Request timeout")
    ids = [bot.user("u").say("một"), bot.user("u").say("hai")]
    handed = [(await call(bot, "getUpdates", timeout=1))[1]["message"]["message_id"] for _ in ids]
    assert handed == ids
    assert (await call(bot, "getUpdates", timeout=1))[0] == 408
    bot.replays = bot.listed = True
    for _ in range(2):
        _, result = await call(bot, "getUpdates", timeout="0")
        assert [event["message"]["message_id"] for event in result] == ids


async def test_a_webhook_silences_the_poll(bot: ZaloBotServer) -> None:
    """Events go to the webhook with its secret, wrapped or bare, and polls say nothing at all."""
    assert (await call(bot, "getWebhookInfo"))[0] == 404
    async with listener() as (url, came):
        assert (await call(bot, "setWebhook", url=url, secret_token="short"))[0] == 400
        assert (await call(bot, "setWebhook", url=url, secret_token="long-enough"))[0] == 200
        bot.user("u").say("chào")
        await bot.settled()
        bot.wrapped, bot.date_in = False, "s"
        bot.group("g").say(bot.user("u"), "chào", mention=False)
        bot.group("g").say(bot.user("u"), "chào")
        await bot.settled()
        assert (await call(bot, "getUpdates", timeout=0))[0] == 408
    (headers, wrapped), (_, bare) = came
    assert headers["X-Bot-Api-Secret-Token"] == "long-enough"
    assert json.loads(wrapped)["result"]["message"]["chat"] == {"id": "u", "chat_type": "PRIVATE"}
    message = json.loads(bare)["message"]
    assert message["chat"] == {"id": "g", "chat_type": "GROUP"}
    assert message["date"] < 10**10


async def test_a_photo_must_be_there_for_everybody(bot: ZaloBotServer) -> None:
    """The platform fetches it: a missing page, a page of words or a private address is refused."""
    person = bot.user("u")
    url = bot.keep(photo(), "image/jpeg", "a.jpg")
    bot.faults["cdn"].append(Page(404, "no"))
    assert (await call(bot, "sendPhoto", chat_id="u", photo=url))[0] == 400
    bot.faults["cdn"].append(Page(200, "<html>"))
    assert (await call(bot, "sendPhoto", chat_id="u", photo=url))[0] == 400
    assert (await call(bot, "sendPhoto", chat_id="u", photo="file:///a.jpg"))[0] == 400
    assert person.messages == []
    assert (await call(bot, "sendPhoto", chat_id="u", photo=url, caption="hố ga"))[0] == 200
    assert (person.messages[0].text, person.messages[0].images) == ("hố ga", [photo()])


@pytest.mark.parametrize(
    "given",
    [
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "a\x07b"},
        {"text": "a", "reply_markup": {}},
        {"text": "a", "chat_id": 5},
        {"text": "a", "chat_id": "stranger"},
    ],
)
async def test_a_bots_words_have_limits(bot: ZaloBotServer, given: dict[str, Any]) -> None:
    """Empty, long, unprintable, adorned, or to nobody: 400."""
    bot.user("u")
    assert (await call(bot, "sendMessage", **{"chat_id": "u"} | given))[0] == 400
    assert bot.user("u").texts == []


async def test_a_bots_refusals_have_their_codes(bot: ZaloBotServer) -> None:
    """A wrong token, an unknown method, a throttle."""
    bot.user("u")
    bot.faults["sendMessage"].append(Refused(429, "Too Many Requests"))
    assert (await call(bot, "sendMessage", chat_id="u", text="a"))[0] == 429
    assert (await call(bot, "sendMessage", chat_id="u", text="a"))[0] == 200
    assert (await call(bot, "editMessageText", chat_id="u", text="a"))[0] == 404
    bot.token = "other"
    async with ClientSession() as session, session.post(f"{bot.url}/botwrong/getMe") as response:
        assert response.status == 401
