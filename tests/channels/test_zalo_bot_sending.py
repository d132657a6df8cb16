"""Messages to the Bot Platform over real HTTP, and what becomes of them."""

from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.channels.channel import Ambiguous, Broken, Hook, HookFailed, Permanent, Retry, Sent
from bot.channels.zalo_bot import http as zalo_bot_http
from domain.messages import BACK, Choice, FileRef
from tests.channels.zalo_bot_desk import SECRET, OpenBot, delivery, send
from tests.conftest import MONDAY
from tests.emulators.loopback import photo
from tests.emulators.telegram_contract import Drop, DropAfter, Page, Refused, Slow
from tests.emulators.zalo_bot import ZaloBotServer

PHOTO = FileRef("f1", "photo", "image/jpeg", 600, "ho-ga.jpg")


async def test_choices_are_numbered_lines_and_words_are_words(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """No markup, no control characters, numbers in place of buttons."""
    hoa = zb.user("hoa")
    choices = [Choice("Đúng, gửi đi", "send"), Choice("Lùi lại", BACK)]
    outcomes = await send(open_bot(), delivery("<b>*Cống*\x07 & _tắc_</b>\r\nthôn 3", choices))
    assert hoa.texts == ["<b>*Cống* & _tắc_</b>\nthôn 3\n1. Đúng, gửi đi\n0. Lùi lại"]
    assert outcomes == [Sent(hoa.messages[0].id)]


async def test_a_long_text_goes_in_parts_and_no_sign_is_cut(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """At most 2,000 units each, whichever way the platform counts."""
    hoa = zb.user("hoa")
    await send(open_bot(), delivery("👍🏽" * 1200))
    assert "".join(hoa.texts) == "👍🏽" * 1200
    assert len(hoa.texts) > 2


async def test_a_photo_goes_by_its_link(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """Zalo fetches it from a link that is good for two hours; the words follow."""
    hoa = zb.user("hoa")
    asked: list[tuple[FileRef, datetime]] = []

    def link(file: FileRef, until: datetime, chat_key: str) -> str:
        assert chat_key == delivery("").lane
        asked.append((file, until))
        return zb.keep(photo(), "image/jpeg", "a.jpg")

    outcomes = await send(open_bot(link=link), delivery("Đã sửa xong", files=[PHOTO]))
    assert [(shown.text, shown.images) for shown in hoa.messages] == [("", [photo()]), ("Đã sửa xong", [])]
    assert outcomes == [Sent(shown.id) for shown in hoa.messages]
    assert asked == [(PHOTO, MONDAY + timedelta(hours=2))]


async def test_a_photo_that_zalo_cannot_fetch_is_told_by_its_link(
    zb: ZaloBotServer, open_bot: OpenBot
) -> None:
    """What goes with it is not held up."""
    hoa = zb.user("hoa")
    zb.faults["sendPhoto"].append(Refused(400, "photo cannot be fetched"))
    channel = open_bot(link=lambda file, *_: f"https://xa.example/files/{file.id}")
    await send(channel, delivery("Đã sửa xong", files=[PHOTO]))
    assert hoa.texts == ["📎 https://xa.example/files/f1", "Đã sửa xong"]


def test_without_links_no_photo_can_be_sent(open_bot: OpenBot) -> None:
    """The channel says so, and the words say where the photo is."""
    assert open_bot().caps.album == 0


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Refused(400, "Bad Request: chat not found"), Permanent("400 Bad Request: chat not found")),
        (Refused(404, "Not Found"), Permanent("404 Not Found")),
        (Refused(401, "Unauthorized"), Broken(timedelta(minutes=5))),
        (Refused(429, "Too Many Requests"), Retry(timedelta(seconds=30), whole_account=True)),
        (Page(429, "<html>slow down"), Retry(timedelta(seconds=30), whole_account=True)),
        (Refused(403, "Internal error"), Ambiguous("403 Internal error")),
        (Refused(408, "Request timeout"), Ambiguous("408 Request timeout")),
        (Page(502, "<html>"), Ambiguous("HTTP 502, and not the platform's answer")),
        (Page(302, "", "https://elsewhere.example"), Ambiguous("HTTP 302, and not the platform's answer")),
        (Drop, Ambiguous("ServerDisconnectedError")),
        (DropAfter, Ambiguous("ServerDisconnectedError")),
    ],
)
async def test_each_failure_has_its_outcome(
    fault: object, outcome: object, zb: ZaloBotServer, open_bot: OpenBot
) -> None:
    """Sent again only where it was surely not sent."""
    zb.user("hoa")
    zb.faults["sendMessage"].append(fault)
    assert await send(open_bot(), delivery()) == [outcome]


async def test_no_answer_in_time_may_have_been_sent(
    zb: ZaloBotServer, open_bot: OpenBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out while reading is ambiguous; a server that is not there is not."""
    zb.user("hoa")
    zb.faults["sendMessage"].append(Slow(0.5))
    monkeypatch.setattr(zalo_bot_http.Client.call, "__defaults__", (0.05,))
    channel = open_bot()
    assert isinstance((await send(channel, delivery()))[0], Ambiguous)
    await zb.stop()
    assert await send(channel, delivery(attempts=2)) == [Retry(timedelta(seconds=20))]
    await zb.start()


async def test_no_error_holds_the_token(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """A platform or a proxy that repeats the address it was asked for is not believed."""
    zb.user("hoa")
    zb.faults["sendMessage"].append(Refused(400, f"no /bot{zb.token}/sendMessage"))
    zb.faults["sendMessage"].append(Page(502, f"/bot{zb.token}/sendMessage"))
    zb.faults["setWebhook"].append(Refused(400, f"no /bot{zb.token} for {SECRET}"))
    channel = open_bot()
    with capture_logs() as logs:
        told = str([*await send(channel, delivery()), *await send(channel, delivery())])
        with pytest.raises(HookFailed) as failed:
            await channel.set_hook(zb.url)
    shown = f"{told}{failed.value}{logs}"
    assert "<token>" in shown
    assert not any(secret in shown for secret in (zb.token, SECRET))
    assert set(channel.secrets) == {zb.token, SECRET}


async def test_the_webhook_is_set_once_shown_and_deleted(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """None is a 404 to the platform, and nothing wrong to us."""
    channel = open_bot()
    assert channel.called
    assert await channel.hook() == Hook("")
    assert await channel.set_hook("https://xa.example")
    assert not await channel.set_hook("https://xa.example")
    assert (zb.hook, zb.secret) == ("https://xa.example/zalo-bot", SECRET)
    assert await channel.hook() == Hook("https://xa.example/zalo-bot")
    assert len(zb.called("setWebhook")) == 1
    await channel.delete_hook()
    assert zb.hook == ""
    for fault in (Refused(401, "Unauthorized"), Drop):
        zb.faults["getWebhookInfo"].append(fault)
        with pytest.raises(HookFailed):
            await channel.hook()


def test_a_secret_that_the_platform_would_not_take_is_refused(
    open_bot: OpenBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wants 8 characters at least; a bot that polls needs none."""
    monkeypatch.setattr("tests.channels.zalo_bot_desk.SECRET", "short")
    with pytest.raises(ValueError, match="ZALO_BOT_SECRET"):
        open_bot()
    assert not open_bot(mode="polling").called
