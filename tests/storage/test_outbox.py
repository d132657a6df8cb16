"""The outbox: at the account's pace, by priority, once, and whatever becomes of a sender."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select, update

from bot.channels.channel import Ambiguous, Gone, Outcome, Part, Permanent, Retry, Sent
from bot.desk import Desk
from domain.codes import mint
from storage.ground.tables import DEAD, DONE, HELD, OPEN, Chat, Lane, Outbox
from storage.ground.work import BULK, NOTICE, REPLY
from storage.mail import outbox
from storage.mail.outbox import LEASE, Delivery, Limits
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune
from tests.storage.commune import Scripted, counted, found, lanes_agree, post

PACE = Limits(every=timedelta(milliseconds=40), burst=5, gap=timedelta(seconds=1))
SECOND = timedelta(seconds=1)
OF_A_CASE = f"một {mint('HB', Random(7).randrange)}"
"""What carries a case's code must arrive, even at the risk of arriving twice."""


async def everyone(store: Store, count: int, *, priority: int = NOTICE) -> None:
    """Post one message to each of so many chats."""
    async with store.work() as work:
        for n, chat in enumerate(await commune.chats_of(work, (f"người {n}" for n in range(count)))):
            work.post(chat, commune.Message(f"tin {n}"), f"note:{priority}:{n}", priority=priority)


async def send_all(desk: Desk) -> None:
    """Send what may be sent at this moment."""
    while await desk.senders[0].step():
        pass


def busiest_second(moments: Sequence[datetime]) -> int:
    """Return the most messages in any second, both ends of which count half: [t, t + 1 s)."""
    return max(sum(1 for m in moments if start <= m < start + SECOND) for start in moments)


async def test_three_senders_keep_one_pace(store: Store, clock: StoppedClock) -> None:
    """Three replicas send no more than 25 a second and a burst of 5 together, and no less than 25."""
    stores = [store] + [
        open_store(store.engine.url.render_as_string(hide_password=False), KEYS, store.files.folder, clock)
        for _ in range(2)
    ]
    channels = [Scripted(PACE) for _ in stores]
    desks = [Desk(s, [c]) for s, c in zip(stores, channels, strict=True)]
    await everyone(store, 100)
    sent: list[datetime] = []
    began = clock.at
    while len(sent) < 100:
        before = sum(len(channel.told) for channel in channels)
        await asyncio.gather(*(desk.senders[0].step() for desk in desks))
        sent += [clock.at] * (sum(len(channel.told) for channel in channels) - before)
        clock.pass_(milliseconds=100)
    assert busiest_second(sent) <= 30
    assert (clock.at - began) <= timedelta(seconds=4)
    assert len({delivery.key for channel in channels for delivery in channel.told}) == 100
    for other in stores[1:]:
        await other.close()


async def test_one_chat_is_not_hurried(store: Store, clock: StoppedClock) -> None:
    """Two messages of one chat are the channel's gap apart, in the order they were posted in."""
    paper = Scripted(PACE)
    desk = Desk(store, [paper])
    await post(store, "an", *"abcdef")
    moments = []
    while len(paper.told) < 6:
        if await desk.senders[0].step():
            moments.append(clock.at)
        clock.pass_(milliseconds=250)
    assert paper.texts == list("abcdef")
    assert {b - a for a, b in pairwise(moments)} == {SECOND}


async def test_a_throttled_account_stands_still_as_a_whole(store: Store, clock: StoppedClock) -> None:
    """After the platform's 429 nobody is told anything until its time is over, not a moment sooner."""
    paper = Scripted(PACE, lambda _: Retry(timedelta(seconds=7), whole_account=True))
    desk = Desk(store, [paper])
    await everyone(store, 1)
    await desk.senders[0].step()
    await everyone(store, 20)
    paper.answer = lambda _: Sent()
    stopped, began = len(paper.told), clock.at
    while len(paper.told) == stopped:
        clock.pass_(milliseconds=10)
        await desk.senders[0].step()
    assert clock.at - began == timedelta(seconds=7)
    assert len(paper.told) == stopped + 1  # and then without a burst


async def test_a_shorter_halt_does_not_end_a_longer_one(store: Store, clock: StoppedClock) -> None:
    """Of two 429s the longer one counts."""
    waits = iter([30, 5])
    paper = Scripted(PACE, lambda _: Retry(timedelta(seconds=next(waits)), whole_account=True))
    desk = Desk(store, [paper])
    await everyone(store, 2)
    await desk.senders[0].step()
    assert len(paper.told) == 2
    clock.pass_(seconds=29)
    await desk.senders[0].step()
    assert len(paper.told) == 2


async def test_a_chats_own_retry_holds_nobody_else(store: Store, clock: StoppedClock) -> None:
    """A retry of one message is the head of its chat again after its time; other chats are told meanwhile."""
    waits = iter([Retry(timedelta(seconds=5))])
    paper = Scripted(answer=lambda d: next(waits, Sent()) if d.message.text == "một" else Sent())
    desk = Desk(store, [paper])
    await post(store, "an", "một", "hai")
    await post(store, "ba", "ba")
    await send_all(desk)
    assert paper.texts == ["một", "ba"]
    clock.pass_(seconds=5)
    await send_all(desk)
    assert paper.texts == ["một", "ba", "một", "hai"]
    assert await counted(store, Outbox.state == DONE) == 3


async def test_a_reply_overtakes(store: Store, clock: StoppedClock) -> None:
    """A reply goes before notices and bulk, of its own chat and of all others, whenever it was posted."""
    paper = Scripted(PACE)
    desk = Desk(store, [paper])
    await everyone(store, 30, priority=BULK)
    await post(store, "người 7", "thông báo")
    await post(store, "người 7", "trả lời", priority=REPLY, kind="reply")
    await desk.senders[0].step()
    assert paper.texts[0] == "trả lời"
    assert len(paper.told) == PACE.burst
    clock.pass_(seconds=1)
    await desk.senders[0].step()
    assert "thông báo" in paper.texts
    clock.pass_(seconds=1)
    await desk.senders[0].step()
    assert paper.texts.index("tin 7") > paper.texts.index("thông báo")


@pytest.mark.parametrize(("text", "arrives"), [(OF_A_CASE, True), ("đầu", False)])
async def test_a_senders_death_leaves_the_message_uncertain(
    store: Store, clock: StoppedClock, text: str, arrives: bool
) -> None:
    """When a lease runs out, what must arrive is sent again, chatter is not; the chat goes on either way."""
    async with store.work() as work:
        assert await outbox.claim(work, "paper", PACE, 5) == []
    await post(store, "an", text)
    await post(store, "an", "sau")
    async with store.work() as work:
        (lost,) = await outbox.claim(work, "paper", PACE, 5)
    paper = Scripted(PACE)
    desk = Desk(store, [paper])
    clock.pass_(seconds=LEASE.total_seconds() - 1)
    await send_all(desk)
    assert paper.told == []
    clock.pass_(seconds=1)
    await send_all(desk)
    clock.pass_(seconds=1)
    await send_all(desk)
    assert not lost.uncertain
    assert paper.texts == ([text, "sau"] if arrives else ["sau"])
    assert [d.uncertain for d in paper.told] == ([True, False] if arrives else [False])
    assert await lanes_agree(store)


async def test_a_message_that_kills_senders_is_given_up(store: Store, clock: StoppedClock) -> None:
    """It is not sent for ever: after eight claims without an answer it is a dead letter."""
    await post(store, "an", "độc")
    for _ in range(outbox.MAX_ATTEMPTS):
        async with store.work() as work:
            assert len(await outbox.claim(work, "paper", PACE, 5)) == 1
        clock.pass_(seconds=LEASE.total_seconds())
    paper = Scripted(PACE)
    await send_all(Desk(store, [paper]))
    assert paper.told == []
    assert await counted(store, Outbox.state == DEAD) == 1
    assert await lanes_agree(store)


async def test_a_slow_sender_undoes_nothing(store: Store, clock: StoppedClock) -> None:
    """What a sender reports after its lease ran out counts when it was sent, and else is the next one's."""
    await post(store, "an", "một")
    async with store.work() as work:
        (slow,) = await outbox.claim(work, "paper", PACE, 5)
    clock.pass_(seconds=LEASE.total_seconds())
    async with store.work() as work:
        (quick,) = await outbox.claim(work, "paper", PACE, 5)
    async with store.work() as work:
        await outbox.again(work, slow, timedelta(0))
        await outbox.give_up(work, slow, "late", PACE)
        assert await outbox.claim(work, "paper", PACE, 5) == []
    async with store.work() as work:
        await outbox.sent(work, [(slow, None, None)], PACE)
        await outbox.sent(work, [(quick, None, None)], PACE)
    assert await counted(store, Outbox.state == DONE) == 1
    assert await lanes_agree(store)


async def test_held_messages_go_out_at_their_hour(store: Store, clock: StoppedClock) -> None:
    """They wait until then, keep their order, are not held again, and two looks release each once."""
    paper = Scripted()
    desk = Desk(store, [paper])
    morning = clock.at + timedelta(hours=10)
    await post(store, "an", "một", "hai", hold=morning)
    await post(store, "ba", "ba", hold=morning + timedelta(minutes=1))
    await post(store, "an", "ngay")
    await send_all(desk)
    assert paper.texts == ["ngay"]
    clock.at = morning - timedelta(milliseconds=1)
    await send_all(desk)
    assert await counted(store, Outbox.state == HELD) == 3
    clock.at = morning
    async with store.work() as work:
        assert (await outbox.release_held(work), await outbox.release_held(work)) == (2, 0)
    await send_all(desk)
    assert paper.texts == ["ngay", "một", "hai"]
    clock.pass_(minutes=1)
    await send_all(desk)
    assert paper.texts == ["ngay", "một", "hai", "ba"]
    assert await lanes_agree(store)


async def test_the_same_thing_is_said_once(store: Store) -> None:
    """A key that was posted before posts nothing, in the same work, later, and from two replicas at once."""
    await post(store, "an", "chào")
    await asyncio.gather(*(post(store, "an", "một", "một", "hai") for _ in range(3)))
    paper = Scripted()
    await send_all(Desk(store, [paper]))
    assert sorted(paper.texts) == ["chào", "hai", "một"]
    assert await lanes_agree(store)


def _raises(_: Delivery) -> Outcome:
    raise RuntimeError("a bug")


ENDS = [
    (lambda _: Permanent("no such chat"), "một", 1, "no such chat"),
    (lambda _: Ambiguous("timed out"), OF_A_CASE, 2, "timed out"),
    (lambda _: Ambiguous("timed out"), "một", 1, "timed out"),
    (lambda _: Gone("blocked"), "một", 1, "blocked"),
    (_raises, "một", outbox.MAX_ATTEMPTS, "sending it keeps failing"),
]


@pytest.mark.parametrize("end", range(len(ENDS)))
async def test_what_cannot_be_sent_is_a_dead_letter(store: Store, clock: StoppedClock, end: int) -> None:
    """Each kind of failure has its number of tries; the letter keeps its words, and its chat goes on."""
    answer, text, tries, error = ENDS[end]
    paper = Scripted(answer=lambda d: answer(d) if d.message.text == text else Sent())
    desk = Desk(store, [paper])
    await post(store, "an", text, "hai")
    for _ in range(12):
        await send_all(desk)
        clock.pass_(seconds=300)
    (letter,) = await found(store, select(Outbox).where(Outbox.state == DEAD))
    assert (letter.error, letter.body["text"]) == (error, text)
    assert paper.texts == [text] * tries + ["hai"]
    gone = [chat.blocked_at for chat in await commune.rows(store, Chat)]
    assert (gone[0] is not None) is (error == "blocked")
    assert await lanes_agree(store)


async def test_an_outage_of_the_platform_loses_nothing(store: Store, clock: StoppedClock) -> None:
    """What was surely not sent is tried for as long as it takes, and then everything goes out in order."""
    away = True
    paper = Scripted(answer=lambda _: Retry(timedelta(minutes=10)) if away else Sent())
    desk = Desk(store, [paper])
    await post(store, "an", "một", "hai")
    for _ in range(3 * outbox.MAX_ATTEMPTS):
        await send_all(desk)
        clock.pass_(minutes=10)
    (waiting, _) = await found(store, select(Outbox).order_by(Outbox.seq))
    assert waiting.attempts == 0, "a try that never left us is no try"
    away = False
    paper.told.clear()
    await send_all(desk)
    assert paper.texts == ["một", "hai"]
    assert await lanes_agree(store)


async def test_a_recording_that_fails_is_made_up_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the database refuses to record a batch of outcomes, each is recorded alone, nothing is resent."""
    paper = Scripted()
    desk = Desk(store, [paper])
    await everyone(store, 4)
    recorded = outbox.sent
    refusals = iter([True])

    async def sent(*arguments: object) -> None:
        await recorded(*arguments)  # type: ignore[arg-type]
        if next(refusals, False):
            raise ConnectionResetError

    monkeypatch.setattr(outbox, "sent", sent)
    await send_all(desk)
    assert await counted(store, Outbox.state == DONE) == 4
    assert len(paper.told) == 4


async def test_a_slow_call_does_not_hold_back_what_is_sent(store: Store) -> None:
    """What was sent is recorded at once, while another call of the same claim is still waiting."""
    slow = asyncio.Event()

    class Slow(Scripted):
        async def send(self, delivery: Delivery, part: Part) -> Outcome:
            if delivery.message.text == "tin 1":
                await slow.wait()
            return await super().send(delivery, part)

    desk = Desk(store, [Slow(commune.replace(commune.AT_ONCE, burst=9))])
    await everyone(store, 3)
    step = asyncio.ensure_future(desk.senders[0].step())
    async with asyncio.timeout(10):
        while await counted(store, Outbox.state == DONE) < 2:  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0)
    assert await counted(store, Outbox.state == OPEN) == 0
    slow.set()
    await step
    assert await counted(store, Outbox.state == DONE) == 3


async def test_a_card_is_edited_only_to_be_drawn_anew(store: Store) -> None:
    """A redrawn card replaces the one that was sent; a card that comes again with news is a new message."""
    paper = Scripted(answer=lambda delivery: Sent(delivery.key))
    desk = Desk(store, [paper])
    for number, redraw in enumerate((True, False, True, False)):
        async with store.work() as work:
            (chat,) = await commune.chats_of(work, ["an"])
            card = commune.Message(f"thẻ {number}", card="HB-1", redraw=redraw)
            work.post(chat, card, f"card:{number}")
        await send_all(desk)
    assert [(d.message.text, d.edits) for d in paper.told] == [
        ("thẻ 1", None),  # nothing to draw anew before it
        ("thẻ 2", "card:1"),
        ("thẻ 3", None),
    ]


async def test_lanes_with_nothing_in_them_keep_nobody_from_a_turn(store: Store, clock: StoppedClock) -> None:
    """Counters that are wrong, more than are locked at a time and first in line, are set right in passing."""
    async with store.work() as work:
        work.session.add_all(
            Lane(account="paper", direction=direction, key=f"{n}", pending=5, priority=1, ready_at=work.now)
            for n in range(65)
            for direction in ("in", "out")
        )
    clock.pass_(seconds=1)
    channel = Scripted(PACE)
    desk = Desk(store, [channel])
    await commune.put_in(store, commune.said("an", "đèn đường thôn 1 hỏng"))
    async with asyncio.timeout(30):  # else they are looked at for ever
        assert await desk.worker.step() == 1
        assert await desk.senders[0].step() == 1
    assert [delivery.address for delivery in channel.told] == ["an"]
    assert await lanes_agree(store)


async def test_a_lane_whose_chat_is_gone_keeps_its_count(store: Store, clock: StoppedClock) -> None:
    """What waits in it cannot be sent, and holds up nobody; it is looked at again after a lease."""
    await post(store, "an", "một")
    async with store.work() as work:
        await work.session.execute(update(Outbox).values(lane="nobody"))
        await work.session.execute(update(Lane).values(key="nobody"))
    desk = Desk(store, [Scripted(PACE)])
    assert await desk.senders[0].step() == 0
    (lane,) = await commune.rows(store, Lane)
    assert (lane.pending, lane.ready_at) == (1, clock.at + LEASE)
