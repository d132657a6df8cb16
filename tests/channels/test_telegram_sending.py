"""Messages over real HTTP, to a server as strict as Telegram's own, and what becomes of them."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.channel import Ambiguous, Broken, Gone, MovedTo, Permanent, Retry, Sent
from bot.channels.telegram import channel as telegram
from bot.channels.telegram.http import AiohttpRequest, TooMany
from domain.messages import Choice
from storage.store.engine import Store
from tests.channels.telegram_desk import (
    Open,
    Poll,
    delivery,
    ingest_into,
    message,
    send,
    until,
)
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import Drop, DropAfter, Page, Refused, Slow, too_many


async def test_choices_are_buttons_and_the_text_is_plain(tg: TelegramServer, open_telegram: Open) -> None:
    """Short labels share a row, styles are kept, the words are no markup and have no numbers under them."""
    choices = [
        Choice("Gửi", "send", style="primary"),
        Choice("Sửa", "edit"),
        Choice("Đính kèm thêm ảnh hoặc ghi âm", "attach"),
        Choice("Huỷ", "cancel", style="danger"),
    ]
    chat = tg.chat(42)
    assert await send(open_telegram(), delivery("<b>*Cống* & _tắc_ [x](y)", *choices)) == Sent("1")
    assert chat.texts == ["<b>*Cống* & _tắc_ [x](y)"]
    assert chat.messages[0].labels == [["Gửi", "Sửa"], ["Đính kèm thêm ảnh hoặc ghi âm"], ["Huỷ"]]
    assert [b.get("style") for row in chat.messages[0].keyboard for b in row] == [
        "primary",
        None,
        None,
        "danger",
    ]
    assert "parse_mode" not in tg.called("sendMessage")[0]


@pytest.mark.parametrize("action", ["đ" * 33, "", "x" * 65])
async def test_a_button_that_cannot_travel_is_refused(
    action: str, tg: TelegramServer, open_telegram: Open
) -> None:
    """33 đ are 66 bytes: refused here, before the platform sees it."""
    tg.chat(42)
    outcome = await send(open_telegram(), delivery("?", Choice("Gửi", action)))
    assert isinstance(outcome, Permanent)
    assert tg.calls == []


async def test_a_button_of_64_bytes_travels(tg: TelegramServer, open_telegram: Open) -> None:
    """The limit itself is allowed."""
    tg.chat(42)
    assert await send(open_telegram(), delivery("?", Choice("Gửi", "đ" * 32))) == Sent("1")


async def test_a_card_is_edited_in_place(tg: TelegramServer, open_telegram: Open) -> None:
    """Changed: edited; unchanged: as good as sent; gone from the chat: sent anew."""
    channel, chat = open_telegram(), tg.chat(42)
    assert await send(channel, delivery("Đã nhận", Choice("Nhận việc", "accept:1"))) == Sent("1")
    assert await send(channel, delivery("Đang làm", edits="1")) == Sent("1")
    assert (chat.texts, chat.messages[0].keyboard) == (["Đang làm"], [])
    assert await send(channel, delivery("Đang làm", edits="1")) == Sent("1")
    assert await send(channel, delivery("Xong", edits="99")) == Sent("2")
    mine = str(chat.messages[-1].id + 1)
    chat.say("cảm ơn")
    assert await send(channel, delivery("Xong rồi", edits=mine)) == Sent("4")
    assert chat.texts == ["Đang làm", "Xong", "Xong rồi"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (too_many(3), Retry(timedelta(seconds=3))),
        (Page(429, "slow down"), Retry(timedelta(seconds=5))),
        (Refused(403, "Forbidden: bot was blocked by the user"), Gone(ANY)),
        (Refused(400, "Bad Request: chat not found"), Permanent("Chat not found")),
        (Refused(400, "Bad Request: group upgraded", migrate_to_chat_id=-1001), MovedTo("-1001")),
        (Refused(401, "Unauthorized"), Broken(timedelta(minutes=5))),
        (Refused(413, "Request Entity Too Large"), Permanent(ANY)),
        (Refused(400, "Bad Request: group chat was deactivated"), Gone(ANY)),
        (Refused(500, "Internal Server Error"), Ambiguous("Internal Server Error")),
        (Page(502, "<h1>bad gateway</h1>"), Ambiguous(ANY)),
        (Page(307, "moved", location="/elsewhere"), Ambiguous(ANY)),
        (Page(200, "<h1>welcome</h1>"), Ambiguous(ANY)),
        (Drop, Ambiguous(ANY)),
        (DropAfter, Ambiguous(ANY)),
        (Slow(0.3), Ambiguous(ANY)),
    ],
)
async def test_every_failure_has_its_outcome(
    fault: object, outcome: object, tg: TelegramServer, open_telegram: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Telegram may do to a message becomes exactly one outcome, also when a card is edited."""
    monkeypatch.setattr(telegram, "ANSWER_WITHIN", 0.05)
    tg.chat(42)
    tg.faults["sendMessage"].append(fault)
    tg.faults["editMessageText"].append(fault)
    channel = open_telegram()
    assert await send(channel, delivery("Chào bác")) == outcome
    assert await send(channel, delivery("Chào bà", edits="1")) == outcome


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ('{"message_id":7,"chat":{"id":42,"type":"private"},"text":"a"}', Sent("7")),  # without its date
        ('{"message_id":7,"date":1,"chat":{"id":42,"type":"private"},"entities":[null]}', Sent("7")),
        ('[{"message_id":8}]', Sent("8")),
        ("{}", Sent(None)),
    ],
)
async def test_what_was_taken_is_sent_whatever_the_library_can_read(
    result: str, outcome: Sent, tg: TelegramServer, open_telegram: Open
) -> None:
    """A server ahead of the library answers what it cannot read: said again, it would be read eight times."""
    tg.chat(42)
    tg.faults["sendMessage"].append(Page(200, f'{{"ok":true,"result":{result}}}'))
    assert await send(open_telegram(), delivery("Chào bác")) == outcome


async def test_two_throttled_chats_stop_the_account(tg: TelegramServer, open_telegram: Open) -> None:
    """One that is told to wait waits alone; a second within seconds says that all is too fast."""
    channel = open_telegram()
    tg.faults["sendMessage"].extend([too_many(600)] * 4)
    for address in (42, 43):
        tg.chat(address)
    one, other = delivery("Chào bác"), replace(delivery("Chào bà"), address="43")
    assert await send(channel, one) == Retry(timedelta(minutes=10))
    assert await send(channel, one) == Retry(timedelta(minutes=10))
    assert await send(channel, other) == Retry(timedelta(minutes=10), whole_account=True)
    later = replace(one, at=one.at + timedelta(minutes=1))
    assert await send(channel, later) == Retry(timedelta(minutes=10))


async def test_a_server_that_is_not_there_got_nothing(tg: TelegramServer, open_telegram: Open) -> None:
    """A refused connection is surely unsent: tried again, later each time."""
    channel = open_telegram()
    await tg.__aexit__()
    assert await send(channel, delivery("Chào bác")) == Retry(timedelta(seconds=10))
    later = replace(delivery("Chào bác"), attempts=4)
    assert await send(channel, later) == Retry(timedelta(seconds=80))


async def test_a_person_who_blocked_us_is_gone(tg: TelegramServer, open_telegram: Open) -> None:
    """The server's own 403 is what a blocked chat looks like."""
    tg.chat(42).block()
    assert await send(open_telegram(), delivery("?")) == Gone("Forbidden: bot was blocked by the user")


async def test_a_long_text_is_cut(tg: TelegramServer, open_telegram: Open) -> None:
    """Parts fit and say everything; the buttons are under the last."""
    text = "\n".join(f"dòng {n} 👨‍👩‍👧" for n in range(700))
    chat = tg.chat(42)
    outcome = await send(open_telegram(), delivery(text, Choice("Tiếp", "next")))
    assert "\n".join(chat.texts) == text
    assert outcome == Sent(str(len(chat.texts)))
    assert [bool(shown.keyboard) for shown in chat.messages] == [False] * (len(chat.texts) - 1) + [True]


async def test_a_card_grown_too_long_is_sent_anew(tg: TelegramServer, open_telegram: Open) -> None:
    """An edit cannot be cut into parts."""
    channel, chat = open_telegram(), tg.chat(42)
    await send(channel, delivery("Đã nhận"))
    assert await send(channel, delivery("dài " * 1500, edits="1")) == Sent("3")
    assert tg.called("editMessageText") == []
    assert chat.texts[0] == "Đã nhận"


async def test_files_travel_in_a_form() -> None:
    """The request class sends documents as multipart, words beside them."""
    seen: dict[str, Any] = {}

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        seen.update({name: v.file.read() if isinstance(v, web.FileField) else v for name, v in form.items()})
        return web.json_response({"ok": True, "result": message(text="x")["message"]})

    app = web.Application()
    app.router.add_post("/bot1:a/sendDocument", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    request = AiohttpRequest("1:a", 5)
    bot = Bot(
        "1:a", f"http://127.0.0.1:{runner.addresses[0][1]}/bot", request=request, get_updates_request=request
    )
    await bot.send_document(42, b"%PDF-1.7", caption="đơn", filename="don.pdf")
    await request.shutdown()
    await runner.cleanup()
    assert seen == {"chat_id": "42", "caption": "đơn", "document": b"%PDF-1.7"}


async def test_the_token_is_nowhere(  # noqa: PLR0917 - fixtures are arguments
    sqlite_store: Store,
    tg: TelegramServer,
    open_telegram: Open,
    polling: Poll,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in a log of any level and not in an outcome, even when a proxy repeats the address."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(telegram, "ANSWER_WITHIN", 0.05)
    page = f"The requested URL /bot{tg.token}/sendMessage was not found"
    faults = [
        Page(404, page),
        Page(502, page),
        Page(200, page),
        Page(302, page),
        Drop,
        Slow(0.2),
        Page(429, page),
    ]
    tg.faults["getUpdates"].extend(faults)
    tg.faults["sendMessage"].extend(faults)
    tg.chat(42).say("x")
    with structlog.testing.capture_logs() as lines:
        channel = open_telegram(sqlite_store, "polling")
        outcomes = [await send(channel, delivery("x")) for _ in faults]
        polling(channel, ingest_into(sqlite_store))
        await until(lambda: not tg.waiting)
        await tg.__aexit__()
        outcomes.append(await send(channel, delivery("x")))
    everything = repr(outcomes) + repr(lines) + caplog.text
    assert len(lines) >= len(faults)
    assert tg.token.split(":")[1] not in everything


async def test_errors_do_not_hold_the_token() -> None:
    """Whatever goes wrong with the address itself is told by its type alone."""
    for address in (
        "http://127.0.0.1:1/bot4242:SECRET/getMe",
        "nowhere://bot4242:SECRET/getMe",
        "bot4242:SECRET",
    ):
        request = AiohttpRequest("4242:SECRET", 1)
        with pytest.raises(TelegramError) as caught:
            await request.post(address)
        await request.shutdown()
        assert "SECRET" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_429_says_how_long() -> None:
    """The wait is kept as it was asked for."""
    assert TooMany(timedelta(seconds=9)).after == timedelta(seconds=9)
    assert json.dumps(too_many(9).body()["parameters"]) == '{"retry_after": 9}'
