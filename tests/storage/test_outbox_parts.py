"""Messages that take several calls, groups, and chats that move: shared by senders, resumed after a death."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import sender
from bot.channels.channel import Ambiguous, MovedTo, Outcome, Part, Retry, Sent
from bot.desk import Desk
from bot.sender import SLOWEST
from domain.messages import FileRef, Message
from storage.ground.tables import DEAD, DONE, Card, Outbox
from storage.ground.work import Work
from storage.mail import outbox
from storage.mail.outbox import LEASE, Delivery, Limits
from storage.people import readdressed
from storage.people.people import Chat
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.conversations.paper import Paper
from tests.storage.commune import AT_ONCE, Scripted, chats_of, counted, lanes_agree, post, rows

PACE = Limits(timedelta(milliseconds=40), 5, timedelta(seconds=1), timedelta(seconds=3))
THREE = "mot mot mot hai hai hai ba ba ba"


class Parted(Scripted):
    """Paper that takes eleven signs in a call, and files; `answer` says what becomes of each part."""

    def __init__(self, limits: Limits = AT_ONCE, answer: Callable[[str], Outcome] = lambda _: Sent()) -> None:
        super().__init__(limits)
        media = frozenset({"video"})
        self.caps = replace(self.caps, whole=False, max_text=11, album=10, media=media)  # type: ignore[arg-type]
        self.parts: list[str] = []
        self.of_part = answer

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        await super().send(delivery, part)
        self.parts.append(part.text or part.files[0].id)
        return self.of_part(self.parts[-1])


class Lingering(Parted):
    """The same, and after each call something happens before the answer comes."""

    def __init__(self, happens: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._happens = happens

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        outcome = await super().send(delivery, part)
        await self._happens()
        return outcome


async def send_all(desk: Desk) -> None:
    """Send what may be sent at this moment."""
    while await desk.senders[0].step():
        pass


def others(store: Store, clock: StoppedClock, count: int) -> list[Store]:
    """Open the same database as other replicas do."""
    url = store.engine.url.render_as_string(hide_password=False)
    return [open_store(url, KEYS, store.files.folder, clock) for _ in range(count)]


def busiest(moments: Sequence[datetime], span: timedelta) -> int:
    """Return the most that happened within such a span."""
    return max(sum(1 for m in moments if start <= m < start + span) for start in moments)


async def test_three_senders_keep_the_pace_of_groups_and_of_parts(store: Store, clock: StoppedClock) -> None:
    """Together: 30 calls a second and 20 a minute in a group at most, and no part twice, whoever sends it."""
    stores = [store, *others(store, clock, 2)]
    channels = [Parted(PACE) for _ in stores]
    desks = [Desk(s, [c]) for s, c in zip(stores, channels, strict=True)]
    async with store.work() as work:
        for n, chat in enumerate(await chats_of(work, (f"nhóm {n}" for n in range(12)))):
            chat.group = n < 2
            for number in range(8 if chat.group else 2):
                text = " ".join(f"{word}{n:02}{number}" for word in ("mot-mot-", "hai-hai-", "ba-ba-"))
                work.post(chat, Message(text), f"{n}:{number}")
    made: list[tuple[datetime, str]] = []
    while len(made) < (2 * 8 + 10 * 2) * 3:
        seen = [len(channel.parts) for channel in channels]
        await asyncio.gather(*(desk.senders[0].step() for desk in desks))
        new = [part for c, before in zip(channels, seen, strict=True) for part in c.parts[before:]]
        made += [(clock.at, part) for part in new]
        clock.pass_(milliseconds=500 if new else 3000)
    assert len({part for _, part in made}) == len(made)
    assert busiest([at for at, _ in made], timedelta(seconds=1)) <= 30
    for group in ("00", "01"):
        calls = [at for at, part in made if part[-3:-1] == group]
        assert busiest(calls, timedelta(minutes=1)) <= 21  # both ends of a minute count
    assert await lanes_agree(store)
    for other in stores[1:]:
        await other.close()


async def test_a_message_goes_on_where_it_stopped(store: Store, clock: StoppedClock) -> None:
    """What failed is tried again, what was made before it is not; also by another process."""
    answers = iter([Sent(), Retry(timedelta(seconds=5)), Sent(), Retry(timedelta(seconds=5)), Sent()])
    first, second = (Parted(answer=lambda _: next(answers)) for _ in range(2))
    await post(store, "an", THREE)
    await send_all(Desk(store, [first]))
    clock.pass_(seconds=5)
    await send_all(Desk(store, [second]))
    clock.pass_(seconds=5)
    await send_all(Desk(store, [first]))
    assert first.parts == ["mot mot mot", "hai hai hai", "ba ba ba"]
    assert second.parts == ["hai hai hai", "ba ba ba"]
    assert await counted(store, Outbox.state == DONE) == 1


async def test_each_call_costs_the_account_its_turn(store: Store) -> None:
    """Of a burst of five, a message of three calls leaves two."""
    desk = Desk(store, [Parted(PACE)])
    await post(store, "an", THREE)
    assert await desk.senders[0].step() == 1
    async with store.work() as work:
        for chat in await chats_of(work, (f"người {n}" for n in range(9))):
            work.post(chat, Message("tin"), f"note:{chat.key}")
    assert [await desk.senders[0].step() for _ in range(2)] == [2, 0]


async def test_each_call_costs_its_chat_a_rest(store: Store, clock: StoppedClock) -> None:
    """Three calls, three rests."""
    paper = Parted(PACE)
    desk = Desk(store, [paper])
    async with store.work() as work:
        (group,) = await chats_of(work, ["nhóm"])
        group.group = True
    await post(store, "nhóm", THREE, "nữa")
    await send_all(desk)
    clock.pass_(seconds=8.9)
    await send_all(desk)
    assert len(paper.parts) == 3
    clock.pass_(seconds=0.1)
    await send_all(desk)
    assert paper.parts[3:] == ["nữa"]


async def test_a_slow_sender_does_not_go_on(store: Store, clock: StoppedClock) -> None:
    """When its lease ran out amid a message, the rest is the other's, and it reports nothing."""
    quick = Parted()

    async def sleep() -> None:
        clock.pass_(seconds=LEASE.total_seconds())
        await Desk(store, [quick]).senders[0].step()

    slow = Lingering(sleep)
    await post(store, "an", THREE)
    await Desk(store, [slow]).senders[0].step()
    assert (slow.parts, quick.parts) == (["mot mot mot"], [])  # it need not arrive, and may have
    assert await counted(store, Outbox.state == DEAD) == 1
    assert await lanes_agree(store)


@pytest.mark.parametrize(
    ("size", "patience"), [(1 << 20, LEASE), (50 << 20, timedelta(seconds=(50 << 20) / SLOWEST))]
)
async def test_a_large_file_keeps_its_lease(
    size: int, patience: timedelta, store: Store, clock: StoppedClock
) -> None:
    """50 MB may take minutes: nobody else takes the message meanwhile; a small one has the usual time."""
    other = Parted()

    async def upload() -> None:
        clock.at += patience - timedelta(milliseconds=1)
        await Desk(store, [other]).senders[0].step()

    paper = Lingering(upload)
    async with store.work() as work:
        (chat,) = await chats_of(work, ["an"])
        work.post(chat, Message("", files=(FileRef("phim", "video", "video/mp4", size),)), "k")
    await Desk(store, [paper]).senders[0].step()
    assert (paper.parts, other.parts) == (["phim"], [])
    assert await counted(store, Outbox.state == DONE) == 1


async def test_a_slow_chat_keeps_no_other_waiting(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one call takes its time, what is posted afterwards is claimed and sent."""
    monkeypatch.setattr(sender, "PATIENCE", 0.01)
    release, stop = asyncio.Event(), asyncio.Event()

    class Slow(Scripted):
        async def send(self, delivery: Delivery, part: Part) -> Outcome:
            if delivery.message.text == "chậm":
                await release.wait()
            return await super().send(delivery, part)

    paper = Slow()
    desk = Desk(store, [paper])
    await post(store, "an", "chậm")
    running = asyncio.ensure_future(desk.senders[0].run(stop))
    async with asyncio.timeout(20):
        while await counted(store, Outbox.attempts == 1) < 1:  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.01)
        await post(store, "ba", "nhanh")
        while paper.texts != ["nhanh"]:  # noqa: ASYNC110 - any moment
            await asyncio.sleep(0.01)
        stop.set()
        release.set()
        await running
    assert paper.texts == ["nhanh", "chậm"]
    assert await counted(store, Outbox.state == DONE) == 2


# --- chats that move -----------------------------------------------------------------------------


async def moved(work: Work, old: str, new: str) -> Chat:
    """Move a chat on paper."""
    key = work.keyring.blind("chat", Paper.account, old)
    chat = await readdressed.move_chat(work, Paper.account, key, new)
    assert chat is not None
    return chat


async def test_a_moved_chat_takes_everything_along(store: Store, clock: StoppedClock) -> None:
    """Talk, language, what waits and what is held; the old one is gone, and its cards say nothing now."""
    paper = Scripted(answer=lambda delivery: Sent("thẻ-1") if delivery.message.card else Sent())
    desk = Desk(store, [paper])
    async with store.work() as work:
        (old,) = await chats_of(work, ["cũ"])
        old.group, old.language, old.talk = True, "en", {"flow": "report"}
        work.post(old, Message("thẻ", card="HB-1"), "card")
    await send_all(desk)
    await post(store, "cũ", "một", "hai")
    await post(store, "cũ", "mai", hold=clock.at + timedelta(hours=1))
    for _ in range(2):  # however often
        async with store.work() as work:
            new = await moved(work, "cũ", "mới")
            assert (new.group, new.language, new.talk) == (True, "en", {"flow": "report"})
    assert await rows(store, Card) == []
    assert [chat.blocked_at is None for chat in await rows(store, Chat)].count(False) == 1
    paper.told.clear()
    await send_all(desk)
    clock.pass_(hours=1)
    await send_all(desk)
    assert [(d.address, d.message.text) for d in paper.told] == [
        ("mới", "một"),
        ("mới", "hai"),
        ("mới", "mai"),
    ]
    assert await lanes_agree(store)


@pytest.mark.parametrize("first", ["the platform's word", "the sender's refusal"])
async def test_either_side_may_tell_first(first: str, store: Store) -> None:
    """A refused call and the group's own word come to the same, and nothing is sent twice."""
    paper = Scripted(answer=lambda d: MovedTo("mới") if d.address == "cũ" else Sent())
    desk = Desk(store, [paper])
    await post(store, "cũ", "một", "hai")
    if first == "the platform's word":
        async with store.work() as work:
            (claimed,) = await outbox.claim(work, "paper", AT_ONCE, 5)
        async with store.work() as work:
            await moved(work, "cũ", "mới")
        await desk.senders[0]._outcomes.put((claimed, MovedTo("mới")))
    await send_all(desk)
    if first == "the sender's refusal":
        async with store.work() as work:
            await moved(work, "cũ", "mới")
    await send_all(desk)
    assert sorted(d.message.text for d in paper.told if d.address == "mới") == ["hai", "một"]
    assert await counted(store, Outbox.state == DONE) == 2
    assert await lanes_agree(store)


async def test_a_group_that_spoke_at_its_new_address_keeps_what_it_said(store: Store) -> None:
    """Whoever wrote there first is not interrupted: the talk that is open there stays."""
    async with store.work() as work:
        old, new = await chats_of(work, ["cũ", "mới"])
        old.group, old.talk, new.talk = True, {"flow": "cũ"}, {"flow": "mới"}
    async with store.work() as work:
        chat = await moved(work, "cũ", "mới")
        assert (chat.talk, chat.group) == ({"flow": "mới"}, True)


async def test_a_chat_that_moves_for_ever_is_given_up(store: Store) -> None:
    """Two addresses that each name the other end as a dead letter, not as a loop; nowhere is nowhere."""
    paper = Scripted(answer=lambda d: MovedTo("hai" if d.address == "một" else "một"))
    await post(store, "một", "tin")
    await send_all(Desk(store, [paper]))
    assert len(paper.told) == outbox.MAX_ATTEMPTS
    assert await counted(store, Outbox.state == DEAD) == 1
    assert await lanes_agree(store)
    async with store.work() as work:
        assert await readdressed.move_chat(work, Paper.account, "nobody", "x") is None


async def test_an_ambiguous_part_is_repeated_alone(store: Store, clock: StoppedClock) -> None:
    """Of a message that must arrive only the part in doubt is said again."""
    answers = iter([Sent(), Ambiguous("no answer"), Sent(), Sent()])
    paper = Parted(answer=lambda _: next(answers))
    async with store.work() as work:
        (chat,) = await chats_of(work, ["an"])
        work.post(chat, Message(THREE, case="HB-1"), "k")
    await send_all(Desk(store, [paper]))
    clock.pass_(seconds=10)
    await send_all(Desk(store, [paper]))
    assert paper.parts == ["mot mot mot", "hai hai hai", "hai hai hai", "ba ba ba"]
