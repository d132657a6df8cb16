"""What goes wrong with what comes in from Telegram, each as it is numbered among the channels' edge cases."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession
from telegram.error import TelegramError

from bot import worker
from bot.channels.channel import NotThere, Remote, RemoteFile, TooBig
from bot.channels.telegram.channel import SECRET_HEADER
from domain.messages import Choice, Edited, Files, Incoming, Moved, Tap, Text
from storage.ground.tables import DEAD, DONE
from storage.mail import inbox, offsets
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from tests.channels.telegram_desk import (
    SECRET,
    Open,
    Poll,
    Serve,
    delivery,
    ingest_into,
    message,
    position,
    send,
    stored,
    until,
)
from tests.channels.telegram_hall import Hall
from tests.conftest import StoppedClock
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import DropAfter, Page, Refused, too_many
from tests.storage import commune

STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
SEND = "Đúng, gửi đi"
Gate = Callable[[Arrived], Awaitable[None]]
Enter = Callable[..., Awaitable[Hall]]


@pytest.fixture
async def hall(sqlite_store: Store, clock: StoppedClock, open_telegram: Open) -> Hall:
    """Seed a commune whose desk hears Telegram."""
    await commune.settle(sqlite_store)
    return Hall(sqlite_store, open_telegram(sqlite_store), clock)


@pytest.fixture
async def enter(hall: Hall, serve: Serve) -> Enter:
    """Let Telegram call the desk, whatever is given in between."""

    async def entering(gate: Gate = hall.ingest) -> Hall:
        await hall.channel.set_hook(await serve(hall.channel, gate))
        return hall

    return entering


async def told(hall: Hall, tg: TelegramServer, words: str, chat: int = 42) -> None:
    """Say something, have it handled."""
    tg.chat(chat).say(words)
    await until(lambda: not tg.waiting)
    await hall.work()


# --- 1 to 4: once, in order, whatever it is --------------------------------------------------------


async def test_edge_01_the_same_update_on_two_replicas_at_once_is_stored_once(
    store: Store, open_telegram: Open, serve: Serve
) -> None:
    """Eight deliveries of one update to two processes leave one message, and each is acknowledged."""
    replicas = [open_telegram(store) for _ in range(2)]
    urls = [await serve(channel, ingest_into(store)) for channel in replicas]
    async with ClientSession(headers={SECRET_HEADER: SECRET}) as client:
        calls = [client.post(f"{url}/telegram/telegram", json=message(text="x")) for url in urls * 4]
        assert {answer.status for answer in await asyncio.gather(*calls)} == {200}
    async with store.work() as work:
        taken = await inbox.take(work, 8, 8)
    assert [m.external_id for lane in taken.values() for m in lane] == ["7"]


async def test_edge_02_numbers_lower_than_the_last_are_taken(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """After a quiet week Telegram starts its numbers anew; the offset follows them down."""
    async with sqlite_store.work() as work:
        await offsets.save(work, "telegram", 900_000)
    tg.restart_numbers(100)
    tg.chat(42).say("tuần mới")
    polling(open_telegram(sqlite_store, "polling"), ingest_into(sqlite_store))
    await until(lambda: not tg.waiting)
    assert set(await stored(sqlite_store)) == {"100"}
    assert await position(sqlite_store) == 101


async def test_edge_03_a_crash_after_the_effect_and_before_the_answer_changes_nothing(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """It was handled before Telegram heard that we have it: it comes again, and is answered once."""

    async def dies_at_first(arrived: Arrived) -> None:
        await hall.ingest(arrived)
        if len(hall.taken) == 1:
            await hall.work()
            raise ConnectionResetError

    await enter(dies_at_first)
    await told(hall, tg, STORY)
    assert [number for _, number in tg.deliveries] == [1, 1]
    assert len(tg.chat(42).texts) == 1


async def test_edge_04_what_cannot_be_read_is_a_dead_letter_and_the_chat_goes_on(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """A message without its fields and an update of an unknown kind are kept; what follows is answered."""
    await enter()
    tg.emit({"message": {"message_id": 1, "chat": tg.chat(42).place}}, 42, poison=True)
    tg.emit({"of_next_year": {"chat": tg.chat(42).place}}, 42, poison=True)
    await told(hall, tg, STORY)
    assert await hall.states() == {"1": DEAD, "2": DEAD, "3": DONE}
    assert SEND in str(tg.chat(42).last.labels)


async def test_edge_04_a_poison_update_does_not_stop_a_poll(
    store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """What cannot be parsed is stored like the rest and confirmed."""
    tg.emit({"message": {"message_id": 1}}, 42, poison=True)
    tg.chat(42).say("sau đó")
    polling(open_telegram(store, "polling"), ingest_into(store))
    await until(lambda: not tg.waiting)
    assert set(await stored(store)) == {"1", "2"}
    assert await position(store) == 3


# --- 5 to 7: taps ----------------------------------------------------------------------------------


async def test_edge_05_a_tap_may_overtake_the_words_before_it(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """What was written before the tap arrives after it: the case is filed once, the words are not lost."""
    tapped = asyncio.Event()

    async def words_wait(arrived: Arrived) -> None:
        if "message" in arrived.body and len(tg.chat(42).texts) == 1 and not tapped.is_set():
            raise ConnectionResetError
        await hall.ingest(arrived)
        if "callback_query" in arrived.body:
            tapped.set()

    await enter(words_wait)
    await told(hall, tg, STORY)
    chat = tg.chat(42)
    chat.say("ngay trước nhà ông Tư")
    query = chat.press(SEND)
    await until(lambda: not tg.waiting and tg.queries[query])
    await hall.work()
    assert (await hall.said())[1:] == [Tap("pick:1:send"), Text("ngay trước nhà ông Tư")]
    assert len(await hall.cases()) == 1
    assert len(chat.texts) == 3


async def test_edge_05_a_button_of_an_earlier_question_is_old(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """What is asked by now is put again, and the tap answers nothing."""
    await enter()
    await told(hall, tg, STORY)
    chat = tg.chat(42)
    asked = chat.last.id
    chat.press("Sửa")
    await until(lambda: not tg.waiting)
    await hall.work()
    chat.press_on(asked, SEND)
    await until(lambda: not tg.waiting)
    await hall.work()
    assert chat.texts[-1].startswith("Nút này đã cũ.")
    assert chat.texts[-1].endswith(chat.texts[-2])
    assert await hall.cases() == []


async def test_edge_06_a_double_tap_files_one_case_and_both_taps_are_answered(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """The second finds nothing to send any more."""
    await enter()
    await told(hall, tg, STORY)
    queries = [tg.chat(42).press(SEND) for _ in range(2)]
    await until(lambda: not tg.waiting and all(tg.queries[query] for query in queries))
    await hall.work()
    assert len(await hall.cases()) == 1


async def test_edge_06_a_tap_in_a_group_is_answered_too(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, serve: Serve
) -> None:
    """It is a tap of whoever pressed, in the chat of all."""
    channel, group = open_telegram(sqlite_store), tg.supergroup(-1005)
    await channel.set_hook(await serve(channel, ingest_into(sqlite_store)))
    await send(channel, delivery("HB-7K3M2R", Choice("Nhận", "accept:x:1"), chat=-1005))
    query = group.member(43).press("Nhận")
    await until(lambda: tg.queries[query] and not tg.waiting)
    (body,) = (await stored(sqlite_store)).values()
    assert (body["address"], body["speaker"]) == ("-1005", "43")
    assert channel.normalize(body["raw"]) == Tap("accept:x:1")


async def test_edge_07_a_tap_too_old_to_be_answered_still_does_its_work(
    hall: Hall, polling: Poll, tg: TelegramServer, open_telegram: Open
) -> None:
    """After 150 seconds the wheel on the button is beyond help; the case is filed, and a message says so."""
    polling(open_telegram(hall.store, "polling"), hall.ingest)
    await told(hall, tg, STORY)
    tg.chat(42).press(SEND)
    tg.forget_queries()
    await until(lambda: tg.called("answerCallbackQuery") and not tg.waiting)
    await hall.work()
    assert len(await hall.cases()) == 1
    assert "Mã:" in tg.chat(42).texts[-1]


# --- 8: albums and other files ---------------------------------------------------------------------


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Incoming]:
    """Keep what reaches the conversation."""
    found: list[Incoming] = []

    async def hears(_: Any, incoming: Incoming) -> None:  # noqa: ANN401 - the work is not looked at
        found.append(incoming)

    monkeypatch.setattr(worker, "receive", hears)
    return found


def bubbles(heard: list[Incoming]) -> list[tuple[int, str]]:
    """Return the number of files and the words of each message with files."""
    return [(len(one.said.files), one.said.caption) for one in heard if isinstance(one.said, Files)]


@pytest.mark.parametrize("caption_on", [0, 2])
async def test_edge_08_an_album_is_one_bubble_and_holds_no_response(
    hall: Hall, enter: Enter, heard: list[Incoming], tg: TelegramServer, caption_on: int
) -> None:
    """Each part is acknowledged at its first delivery; together they are handled when no more come."""
    await enter()
    tg.chat(42).album([None, None, None], "ngập từ sáng", caption_on=caption_on)
    await until(lambda: not tg.waiting)
    assert len(tg.deliveries) == 3
    assert await hall.desk.fetchers[0].step() == 3
    assert await hall.desk.worker.step() == 0
    await hall.work()
    assert bubbles(heard) == [(3, "ngập từ sáng")]


async def test_edge_08_an_albums_parts_may_come_in_any_order_and_apart(
    hall: Hall, enter: Enter, heard: list[Incoming], tg: TelegramServer
) -> None:
    """The last and the first come, are fetched and looked at; the one between them comes a second later."""
    parts: list[Arrived] = []

    async def collect(arrived: Arrived) -> None:
        parts.append(arrived)

    await enter(collect)
    tg.chat(42).album([None, None, None], "ngập từ sáng", caption_on=1)
    await until(lambda: len(parts) == 3)
    for batch in ([parts[2], parts[0]], [parts[1]]):
        for part in batch:
            await hall.ingest(part)
        assert await hall.desk.fetchers[0].step() == len(batch)
        hall.clock.pass_(seconds=1)
        assert await hall.desk.worker.step() == 0
    await hall.work()
    assert bubbles(heard) == [(3, "ngập từ sáng")]


async def test_edge_08_files_show_typing_once_and_are_fetched(
    hall: Hall, enter: Enter, heard: list[Incoming], tg: TelegramServer
) -> None:
    """Somebody who sends files sees that they are looked at, not a sign for each; a voice is told as one."""
    await enter()
    chat = tg.chat(42)
    chat.voice()
    chat.document(caption="đơn của tôi")
    await until(lambda: not tg.waiting and chat.actions)
    await hall.work()
    assert chat.actions == ["typing"]
    files = [one.said for one in heard if isinstance(one.said, Files)]
    assert [(said.files[0].media, said.files[0].name, said.caption) for said in files] == [
        ("audio", "voice.ogg", ""),
        ("pdf", "don.pdf", "đơn của tôi"),
    ]
    assert [one.message_id for one in heard] == ["1", "2"]


async def test_edge_17_a_file_over_20_megabytes_is_refused_with_words(
    hall: Hall, enter: Enter, heard: list[Incoming], tg: TelegramServer
) -> None:
    """Whether it says its size or Telegram does, it is not fetched; a link that has died, neither."""
    await enter()
    chat = tg.chat(42)
    tg.faults["getFile"].append(Refused(400, "Bad Request: file is too big"))
    chat.photo()
    tg.faults["download"].append(Page(404, "not found"))
    chat.photo()
    chat.video(size=(20 << 20) + 1)
    await until(lambda: not tg.waiting)
    await hall.work()
    refused = [one.said.refused for one in heard if isinstance(one.said, Files)]
    assert refused == [("upload.too_big",), ("upload.lost",), ("upload.too_big",)]


async def test_edge_17_the_largest_that_is_taken_is_measured_while_it_comes(
    tg: TelegramServer, open_telegram: Open
) -> None:
    """What a file says of its size is believed by nobody: one byte too much ends the download."""
    channel = open_telegram()
    tg.chat(42).document(bytes(1000), size=10)
    (number,) = tg.files
    assert len(await channel.fetch(RemoteFile(number), 1000)) == 1000
    with pytest.raises(TooBig):
        await channel.fetch(RemoteFile(number), 999)
    with pytest.raises(NotThere):
        await channel.fetch(RemoteFile("unknown"), 1000)


@pytest.mark.parametrize(
    "fault", [DropAfter, Page(502, "bad gateway"), Page(302, "", "/elsewhere"), too_many(3)]
)
async def test_edge_17_the_address_of_a_file_holds_the_token_and_is_told_nowhere(
    fault: object, tg: TelegramServer, open_telegram: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither what fails nor what is logged or stored names it; a download that broke off is tried again."""
    channel = open_telegram()
    tg.chat(42).photo()
    number = max(tg.files)
    tg.faults["download"].append(fault)
    with pytest.raises(TelegramError) as failure, structlog.testing.capture_logs() as lines:
        await channel.fetch(RemoteFile(number), 1 << 20)
    told = "".join(traceback.format_exception(failure.value)) + str(lines) + caplog.text
    assert tg.token not in told
    assert "/file/bot" not in told
    assert await channel.fetch(RemoteFile(number), 1 << 20) == tg.files[number].data


# --- 9, 11, 21 ---------------------------------------------------------------------------------------


async def test_edge_09_an_edit_is_read_as_one(hall: Hall, enter: Enter, tg: TelegramServer) -> None:
    """Words and captions that were changed come anew; what was stored first is as it was."""
    await enter()
    chat = tg.chat(42)
    chat.say("thôn 2")
    chat.edit(chat.messages[-1].id, "thôn 3")
    chat.photo(caption="trước")
    chat.edit(chat.messages[-1].id, "sau")
    await until(lambda: not tg.waiting)
    first, edited, photo, captioned = await hall.said()
    assert (first, edited, captioned) == (Text("thôn 2"), Edited("thôn 3"), Edited("sau"))
    assert isinstance(photo, Remote)
    assert photo.caption == "trước"


async def test_edge_11_a_group_that_becomes_a_supergroup_says_where_it_goes_on(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """The old chat tells of its new address; the new one's own word of it asks for nothing."""
    await enter()
    new = tg.group(-500).migrate()
    await until(lambda: not tg.waiting)
    said = {one.address: read for one, read in zip(hall.taken, await hall.said(), strict=True)}
    assert said == {"-500": Moved(str(new.id)), str(new.id): None}


async def test_edge_21_those_who_are_nobody_alone_and_posts_of_channels(
    hall: Hall, enter: Enter, tg: TelegramServer
) -> None:
    """An anonymous administrator has no chat of their own, a channel is not answered, a topic may be none."""
    await enter()
    forum = tg.forum(-1002)
    forum.anonymous().say("/hoso HB-7K3M2R")
    forum.member(43).say("/hoso@lang_nghe_test_bot HB-7K3M2R", thread=forum.topic_open("HB-7K3M2R"))
    tg.channel(-1003).say("tin của xã")
    await until(lambda: not tg.waiting)
    said = {(one.speaker, read) for one, read in zip(hall.taken, await hall.said(), strict=True)}
    command = Text("/hoso HB-7K3M2R")
    assert said == {("nobody:-1002", command), ("43", command), ("1", None)}
    await hall.work()
    assert set((await hall.states()).values()) == {DONE}
