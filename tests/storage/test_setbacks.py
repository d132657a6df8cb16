"""What goes wrong around the engine stops nobody else: a row that does not open, a clock that is set back."""

from contextlib import suppress
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import LargeBinary, select, type_coerce, update

import bot.worker
from bot.channels.channel import Ambiguous, Retry
from bot.desk import Desk
from domain.messages import Choice, Incoming, Message, Text
from handlers.door.receive import receive
from storage.ground.tables import DEAD, DONE, OPEN, Inbox, Outbox
from storage.ground.work import Work
from storage.mail import letters, outbox, unopenable
from storage.mail.inbox import Arrived
from storage.store import health
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune
from tests.storage.commune import Scripted, counted, found, lanes_agree, post, put_in, said, work_off

HOURS = 7


async def break_one(store: Store, table: type[Inbox | Outbox]) -> None:
    """Change one byte of the first body that waits."""
    async with store.work() as work:
        sealed = type_coerce(table.body, LargeBinary)
        body = await work.session.scalar(select(sealed).where(table.state == OPEN).order_by(table.seq))
        assert body is not None
        broken = body[:-1] + bytes([body[-1] ^ 1])
        first = select(table.seq).where(table.state == OPEN).order_by(table.seq).limit(1).scalar_subquery()
        rows = table.__table__
        await work.session.execute(
            update(rows).where(rows.c.seq == first).values({"body": type_coerce(broken, LargeBinary)})  # type: ignore[attr-defined]
        )


@pytest.mark.parametrize("careful", [False, True])
async def test_a_message_that_does_not_open_keeps_nobody_waiting(store: Store, *, careful: bool) -> None:
    """It is a dead letter; whoever wrote after it, in the same chat too, is answered."""
    await commune.settle(store)
    paper = Scripted()
    desk = Desk(store, [paper])
    desk.worker.careful = careful
    await put_in(store, said("an", "menu"), said("an", "menu"), said("binh", "menu"))
    await break_one(store, Inbox)
    await work_off(desk)
    assert sorted(told.address for told in paper.told) == ["an", "binh"]
    assert await counted(store, Inbox.state == DEAD, Inbox.error == unopenable.SEALED) == 1
    assert await lanes_agree(store)


async def test_care_ends_with_what_was_first_in_line(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many messages as a batch holds are tried alone; the rest, and what comes meanwhile, together."""
    monkeypatch.setattr(bot.worker, "LANES", 2)
    monkeypatch.setattr(bot.worker, "EACH", 2)
    await commune.settle(store)
    desk = Desk(store, [Scripted()])
    await put_in(store, *(said(f"chat {n % 3}", "chào", f"{n}") for n in range(9)))
    desk.worker.careful = True
    steps = 0
    while desk.worker.careful:
        await desk.worker.step()
        steps += 1
        await put_in(store, said("người khác", "chào", f"new {steps}"))
    assert await counted(store, Inbox.attempts > 0) == 4
    assert steps == 5
    await work_off(desk)
    assert await counted(store, Inbox.attempts > 0) == 4
    assert await counted(store, Inbox.state != DONE) == 0
    assert await lanes_agree(store)


async def test_who_wrote_what_is_given_up_hears_it_once(
    store: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it failed each time or ended the process; the log calls it an error, the doctor knows of it.

    What they wrote after it is answered; in a group nobody is told.
    """

    class ProcessEnds(BaseException):
        """Stands for the end of the process."""

    async def fail(work: Work, incoming: Incoming) -> None:
        text = incoming.said.text if isinstance(incoming.said, Text) else ""
        if text == "kill":
            raise ProcessEnds
        if text == "boom":
            raise ValueError(text)
        await receive(work, incoming)

    monkeypatch.setattr(bot.worker, "receive", fail)
    await commune.settle(store)
    paper = Scripted()
    desk = Desk(store, [paper])
    group = Arrived("paper", "g", "nhóm", {"text": "boom"}, speaker="chi")
    await put_in(store, said("an", "boom"), said("an", "menu"), said("ba", "kill"), said("ba", "menu"), group)
    with structlog.testing.capture_logs() as lines:
        for _ in range(40):
            desk.worker.careful = True
            with suppress(ProcessEnds):
                await work_off(desk)
            clock.pass_(seconds=200)
    sorry = [told.address for told in paper.told if "chưa tới được ai" in told.message.text]
    assert sorted(sorry) == ["an", "ba"]
    assert "09:00" in next(told.message.text for told in paper.told if told.address == "an")
    assert len([told for told in paper.told if told.address == "an"]) == 2
    given_up = [line for line in lines if line["event"] == "message_given_up"]
    assert sorted(line["error"] for line in given_up) == ["ProcessEnded", "ValueError", "ValueError"]
    assert {line["log_level"] for line in given_up} == {"error"}
    async with store.read() as work:
        reasons = {one.reason for one in await health.troubles(work, clock.at - timedelta(hours=24))}
    assert reasons == {"ValueError", "the process ended while handling it"}
    assert await lanes_agree(store)


async def test_words_that_do_not_open_keep_no_others(store: Store) -> None:
    """What was to be said is a dead letter, and what stands behind it is said."""
    paper = Scripted()
    await post(store, "an", "một", "hai")
    await post(store, "binh", "ba")
    await break_one(store, Outbox)
    await work_off(Desk(store, [paper]))
    assert sorted(paper.texts) == ["ba", "hai"]
    assert await counted(store, Outbox.state == DEAD, Outbox.error == unopenable.SEALED) == 1
    assert await lanes_agree(store)


async def test_a_clock_that_was_ahead_silences_nobody(store: Store, clock: StoppedClock) -> None:
    """Who was heard and told while the clock was hours ahead is heard and told once it is right again."""
    await commune.settle(store)
    paper = Scripted(commune.Limits(timedelta(milliseconds=40), 5, timedelta(seconds=1)))
    desk = Desk(store, [paper])
    clock.pass_(hours=HOURS)
    await put_in(store, said("an", "menu"))
    await work_off(desk)
    clock.pass_(hours=-HOURS)
    await put_in(store, said("an", "menu"), said("binh", "menu"))
    await work_off(desk)
    clock.pass_(seconds=2)
    await work_off(desk)
    assert sorted(told.address for told in paper.told) == ["an", "an", "binh"]


async def test_a_question_that_may_not_have_arrived_is_asked_once_more(
    store: Store, clock: StoppedClock
) -> None:
    """Whoever never reads “1 Đúng, gửi đi” has sent no report."""
    paper = Scripted(answer=lambda _: Ambiguous("no answer in time"))
    async with store.work() as work:
        (chat,) = await commune.chats_of(work, ["an"])
        work.post(chat, Message("Gửi nhé?", (Choice("Đúng, gửi đi", "pick:1"),)), "reply:paper:1")
    desk = Desk(store, [paper])
    for _ in range(4):
        await work_off(desk)
        clock.pass_(minutes=6)
    assert paper.texts == ["Gửi nhé?"] * 2
    assert await found(store, select(Outbox.state)) == [DEAD]


async def test_what_does_not_open_stands_in_nobodys_way_later(store: Store) -> None:
    """It is not put back in line with the others, and what its chat said and was told can be forgotten."""
    paper = Scripted()
    await post(store, "an", "một", "hai")
    await break_one(store, Outbox)
    await work_off(Desk(store, [paper]))
    async with store.work() as work:
        assert await letters.replay(work, await letters.listed(work)) == []
    async with store.work() as work:
        (chat,) = await commune.chats_of(work, ["an"])
        assert await outbox.take_back(work, {chat.key: Message("khác")}, "LM-7K3M2R9") == []
        work.forgotten.add(chat.key)
    assert await counted(store, Outbox.state == DEAD) == 1


async def test_a_platform_that_asks_for_hours_is_asked_no_more_than_once_an_hour(
    store: Store, clock: StoppedClock
) -> None:
    """Its long wait is not taken for what a clock wrote that was ahead, and is no reason to ask on and on."""
    paper = Scripted(answer=lambda _: Retry(timedelta(hours=9)))
    await post(store, "an", "một")
    desk = Desk(store, [paper])
    for _ in range(12):
        await work_off(desk)
        clock.pass_(minutes=10)
    assert len(paper.texts) == 2
