"""The edge cases of sending to Telegram, each by its number: the whole sender, over real HTTP."""

from datetime import timedelta

import pytest

from bot.channels.telegram.channel import Telegram
from bot.desk import Desk
from domain.messages import Choice, Message
from storage.ground.tables import DEAD, DONE, OPEN
from storage.mail import outbox
from storage.store.engine import Store
from tests.channels.telegram_desk import Open, delivery
from tests.channels.telegram_out import CODE, card, cards, chat, letters, send_all, stored, tell
from tests.conftest import StoppedClock
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import DropAfter, too_many
from tests.emulators.telegram_files import jpeg
from tests.storage.commune import lanes_agree

LONG = "\n".join(f"dòng {n} của bản tin" for n in range(600))
"""A text of three parts."""


@pytest.fixture
def desk(sqlite_store: Store, open_telegram: Open) -> Desk:
    """Open a desk that sends to the emulator when it is told to."""
    return Desk(sqlite_store, [open_telegram(sqlite_store)])


def reborn(desk: Desk, open_telegram: Open) -> Desk:
    """Return the desk of another process, which knows what the database knows."""
    return Desk(desk.store, [open_telegram(desk.store)])


@pytest.mark.parametrize("how", ["blocked", "deactivated", "unopened", "kicked", "left", "deleted"])
async def test_edge_10_who_shut_us_out_is_told_nothing_more(
    how: str, sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """Whichever of the 403s it is: one call, a dead letter, the chat marked; others are told on."""
    address = 42 if how in {"blocked", "deactivated", "unopened"} else -500
    match how:
        case "blocked":
            tg.chat(42).block()
        case "deactivated":
            tg.chat(42).deactivate()
        case "unopened":
            tg.chat(42, opened=False)
        case "kicked":
            tg.group(-500).kick_bot()
        case "left":
            tg.group(-500).remove_bot()
        case "deleted":
            tg.group(-500).delete()
    await tell(sqlite_store, address, f"Đã trả lời {CODE}")
    await tell(sqlite_store, 43, "Chào bà")
    other = tg.chat(43)
    await send_all(desk)
    (letter, _) = await letters(sqlite_store)
    assert (letter.state, letter.attempts) == (DEAD, 1)
    assert "Forbidden" in (letter.error or "")
    assert other.texts == ["Chào bà"]
    gone = await chat(sqlite_store, address)
    assert gone is not None
    assert gone.blocked_at == clock.at
    await tell(sqlite_store, address, "Còn gì nữa")
    await send_all(desk)
    assert len(await letters(sqlite_store)) == 2


async def test_edge_11_a_group_that_moved_is_followed(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """What the platform refuses goes once more, to the new address, and all that waits behind it."""
    old = tg.group(-500)
    await tell(sqlite_store, -500, card("HB · đường"))
    await send_all(desk)
    new = old.migrate(-1001)
    clock.pass_(seconds=3)
    await tell(sqlite_store, -500, card("HB · đường, lần nữa"))
    await tell(sqlite_store, -500, "và một tin")
    for _ in range(3):
        await send_all(desk)
        clock.pass_(seconds=3)
    assert new.texts == ["HB · đường, lần nữa", "và một tin"]
    assert [given["chat_id"] for given in tg.called("sendMessage")] == [-500, -500, -1001, -1001]
    assert {letter.state for letter in await letters(sqlite_store)} == {DONE}
    moved = await chat(sqlite_store, -1001)
    assert moved is not None
    assert (moved.group, moved.blocked_at) == (True, None)
    assert await lanes_agree(sqlite_store)


@pytest.mark.parametrize("dies", [False, True])
async def test_edge_12_a_429_amid_a_long_message(  # noqa: PLR0917 - fixtures are arguments
    dies: bool,
    sqlite_store: Store,
    clock: StoppedClock,
    tg: TelegramServer,
    desk: Desk,
    open_telegram: Open,
) -> None:
    """It goes on with the part that failed when the wait is over, in this process or another: none twice."""
    place = tg.chat(42)
    tg.faults["sendMessage"].extend([None, too_many(7)])
    await tell(sqlite_store, 42, LONG)
    await send_all(desk)
    assert [len(place.texts), (await letters(sqlite_store))[0].progress] == [1, 1]
    clock.pass_(seconds=6)
    await send_all(desk)
    assert len(place.texts) == 1, "the wait is not over"
    clock.pass_(seconds=1)
    await send_all(reborn(desk, open_telegram) if dies else desk)
    assert "\n".join(place.texts) == LONG
    (letter,) = await letters(sqlite_store)
    assert letter.state == DONE


async def test_edge_12_a_process_that_dies_amid_a_long_message(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk, open_telegram: Open
) -> None:
    """What was sent before it died is not sent again; the part it died in is, for it must arrive."""
    place = tg.chat(42)
    text = f"{CODE}\n{LONG}"
    await tell(sqlite_store, 42, text)

    class Dead(BaseException):
        """The end of the process."""

    sending = desk.channels["telegram"].send
    calls = iter((True, True, False))

    async def send(*arguments: object) -> object:
        if not next(calls):
            raise Dead
        return await sending(*arguments)  # type: ignore[arg-type]

    desk.channels["telegram"].send = send  # type: ignore[method-assign]
    with pytest.raises(Dead):
        await desk.senders[0].step()
    assert len(place.texts) == 2
    clock.pass_(seconds=outbox.LEASE.total_seconds())
    await send_all(reborn(desk, open_telegram))
    assert "\n".join(place.texts) == text
    assert await lanes_agree(sqlite_store)


async def test_edge_12_a_group_throttled_holds_nobody_else(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """A 429 is the chat's that got it: neither a group nor a person alone stops the whole account."""
    group, person = tg.group(-500), tg.chat(42)
    tg.faults["sendMessage"].append(too_many(9))
    await tell(sqlite_store, -500, "nhóm")
    await send_all(desk)
    await tell(sqlite_store, 42, "riêng")
    await send_all(desk)
    assert (group.texts, person.texts) == ([], ["riêng"])
    tg.faults["sendMessage"].append(too_many(9))
    clock.pass_(seconds=1)
    await tell(sqlite_store, 42, "riêng nữa")
    await send_all(desk)
    clock.pass_(seconds=8)
    await send_all(desk)
    assert (group.texts, person.texts) == (["nhóm"], ["riêng"])
    clock.pass_(seconds=1)
    await send_all(desk)
    clock.pass_(seconds=1)
    await send_all(desk)
    assert (group.texts, person.texts) == (["nhóm"], ["riêng", "riêng nữa"])


async def test_edge_12_our_own_pace_meets_no_429(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """Held against Telegram's own limits, forty people and a busy group are told with no call refused."""
    tg.enforce_limits = True
    tg.limits.clock = lambda: clock.at.timestamp()  # noqa: PLW0108 - the moment is another one each time
    group = tg.group(-500)
    for number in range(40):
        tg.chat(number + 1)
        await tell(sqlite_store, number + 1, f"tin {number}")
        if number < 24:
            await tell(sqlite_store, -500, f"tin {number}")
    while len(group.texts) < 24:
        await desk.senders[0].step()
        clock.pass_(milliseconds=100 if len(tg.calls) < 40 else 1000)
    assert len(tg.calls) == 64
    assert {letter.state for letter in await letters(sqlite_store)} == {DONE}


@pytest.mark.parametrize(("text", "copies"), [(f"Đã nhận {CODE}", 2), ("Chào bà con", 1)])
async def test_edge_13_an_answer_that_never_came(  # noqa: PLR0917 - fixtures are arguments
    text: str, copies: int, sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """It may have arrived: what must arrive is said once more and no oftener, chatter never again."""
    place = tg.chat(42)
    tg.faults["sendMessage"].extend([DropAfter] * 3)
    await tell(sqlite_store, 42, text)
    for _ in range(5):
        await send_all(desk)
        clock.pass_(seconds=600)
    assert place.texts == [text] * copies
    (letter,) = await letters(sqlite_store)
    assert letter.state == DEAD


async def test_edge_14_a_card_is_edited_or_comes_anew(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """Not modified: as good as sent. Gone from the chat, or not ours to edit: sent anew, and edited there."""
    place = tg.chat(42)
    taken = Choice("Nhận", "accept:1")
    for text, redraw in (("mới", False), ("nhận", True), ("nhận", True), ("xong", True), ("khép", True)):
        await tell(sqlite_store, 42, card(text, taken, redraw=redraw), f"card:{clock.at}")
        if text == "xong":
            place.remove(place.messages[0])
        await send_all(desk)
        clock.pass_(seconds=1)
    assert place.texts == ["khép"]
    assert len(tg.called("sendMessage")) == 2
    assert {letter.state for letter in await letters(sqlite_store)} == {DONE}


async def test_edge_18_a_text_of_4096_units_goes_in_one_call(
    sqlite_store: Store, tg: TelegramServer, desk: Desk
) -> None:
    """An emoji counts two: 4096 units are one message, one more and no sign is torn."""
    place = tg.chat(42)
    await tell(sqlite_store, 42, "😀" * 2048)
    await tell(sqlite_store, 43, "a" + "👍🏽" * 1024)
    other = tg.chat(43)
    await send_all(desk)
    assert place.texts == ["😀" * 2048]
    assert [len(text.encode("utf-16-le")) // 2 for text in other.texts] == [4093, 4]
    assert "".join(other.texts) == "a" + "👍🏽" * 1024


WRITTEN = "<b>đậm</b> *nghiêng* _gạch_ [bấm](https://x.vn) @ubnd /huy `mã` & <a href=x>"


async def test_edge_18_what_people_write_is_no_markup(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """Every sign arrives as it was typed, in words, cards and edits, and no call speaks of markup."""
    place = tg.chat(42)
    await tell(sqlite_store, 42, WRITTEN)
    await tell(sqlite_store, 43, card(WRITTEN, Choice(WRITTEN, "x")))
    other = tg.chat(43)
    await send_all(desk)
    await tell(sqlite_store, 43, card(WRITTEN + "!", redraw=True))
    clock.pass_(seconds=1)
    await send_all(desk)
    assert (place.texts, other.texts) == ([WRITTEN], [WRITTEN + "!"])
    assert all("entities" not in given and "parse_mode" not in given for _, given in tg.calls)
    assert all(given["link_preview_options"] == {"is_disabled": True} for _, given in tg.calls)


async def test_edge_19_a_button_of_33_letters_is_refused_before_it_leaves(
    sqlite_store: Store, tg: TelegramServer, desk: Desk
) -> None:
    """33 đ are 66 bytes: a dead letter here, no call, and the chat goes on."""
    place = tg.chat(42)
    await tell(sqlite_store, 42, Message("?", (Choice("Gửi", "đ" * 33),)))
    await tell(sqlite_store, 42, "tiếp")
    await send_all(desk)
    assert [letter.state for letter in await letters(sqlite_store)] == [DEAD, OPEN]
    assert (tg.calls, place.texts) == ([], [])


async def test_edge_21_a_topic_a_case_and_what_becomes_of_it(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """The first card opens a topic, news follow it there; deleted, all goes on among everything else."""
    forum = tg.forum(-1002)

    async def say(message: Message) -> None:
        await tell(sqlite_store, -1002, message, f"{message.text}:{clock.at}")
        await send_all(desk)
        clock.pass_(seconds=3)

    await say(card(f"{CODE} · Thoát nước\nMới. Hạn: thứ Sáu."))
    (thread,) = forum.topics
    assert forum.topics[thread].name == f"{CODE} · Thoát nước"
    await say(Message("Đã nhận việc", case=CODE))
    await say(Message("tin chung"))
    assert [shown.thread for shown in forum.messages if shown.text] == [thread, thread, None]
    forum.topic_delete(thread)
    await say(Message("Đã trả lời", case=CODE))
    assert forum.last.thread is None
    assert (await cards(sqlite_store))[CODE][1] == ""
    await say(card(f"{CODE} · Thoát nước\nMở lại."))
    assert (forum.last.thread, forum.topics) == (None, {})
    assert len(tg.called("createForumTopic")) == 1
    assert {letter.state for letter in await letters(sqlite_store)} == {DONE}


async def test_edge_21_files_stand_with_their_case(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """All calls of a card go into one topic, and the card is its words; without the topic nothing is lost."""
    forum = tg.forum(-1002)
    photo = await stored(sqlite_store, "photo", "image/jpeg", jpeg())
    await tell(sqlite_store, -1002, card("Thoát nước", files=(photo,), commands=(("menu", "Mọi việc"),)))
    await send_all(desk)
    (thread,) = forum.topics
    shown = [message for message in forum.messages if message.thread == thread]
    assert [message.kind for message in shown] == ["photo", "text"]
    assert await cards(sqlite_store) == {CODE: (str(shown[1].id), str(thread))}
    forum.topic_delete(thread)
    clock.pass_(seconds=9)
    await tell(sqlite_store, -1002, Message("Đã trả lời", files=(photo,), case=CODE))
    await send_all(desk)
    assert [(message.kind, message.thread) for message in forum.messages[-2:]] == [
        ("photo", None),
        ("text", None),
    ]


async def test_edge_21_a_card_tried_again_finds_its_topic(
    sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """A 429 between the topic and the card leaves no second topic."""
    forum = tg.forum(-1002)
    tg.faults["sendMessage"].append(too_many(2))
    await tell(sqlite_store, -1002, card(f"{CODE} · Thoát nước"))
    await send_all(desk)
    clock.pass_(seconds=2)
    await send_all(desk)
    assert len(forum.topics) == 1
    assert forum.last.thread == next(iter(forum.topics))


@pytest.mark.parametrize("rights", ["no forum", "no rights"])
async def test_edge_21_without_topics_a_card_stands_in_the_group(
    rights: str, sqlite_store: Store, clock: StoppedClock, tg: TelegramServer, desk: Desk
) -> None:
    """An ordinary group, or one where the bot may open no topics: asked once an hour, sent all the same."""
    group = tg.forum(-1002, admin=False) if rights == "no rights" else tg.supergroup(-1002)
    for number in range(3):
        await tell(sqlite_store, -1002, card(f"thẻ {number}", code=f"HB-{number}"))
        await send_all(desk)
        clock.pass_(seconds=3)
    assert group.texts == ["thẻ 0", "thẻ 1", "thẻ 2"]
    assert len(tg.called("getChat")) == 1
    assert len(tg.called("createForumTopic")) == (rights == "no rights")
    clock.pass_(hours=1)
    if rights == "no rights":
        group.promote_bot()
        await tell(sqlite_store, -1002, card("thẻ 4", code="HB-4"))
        await send_all(desk)
        assert len(group.topics) == 1


def test_edge_21_the_limits_of_a_group_are_a_groups() -> None:
    """20 a minute to a group, one a second to a person; each call of a message counts."""
    limits = Telegram.caps.limits
    assert limits.after(delivery("?")) == timedelta(seconds=1)
    assert limits.after(delivery("?", chat=-500), 4) == timedelta(seconds=12)
