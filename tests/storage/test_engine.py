"""The inbox, the lanes and the worker: stored once, handled once, in order, at a fixed price a batch."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

import bot.worker
from bot.channels.channel import Ambiguous, Gone, Permanent, Retry, Sent
from bot.desk import Desk
from domain.messages import Incoming, Said, Text
from handlers.door.receive import receive
from storage.cases import cases
from storage.ground.tables import DEAD, DONE, OPEN, CaseEvent, Inbox, Lane, Outbox, Timer
from storage.ground.work import NOTICE, REPLY, Work
from storage.mail import inbox
from storage.mail.inbox import Arrived
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import STORY, Case, Scripted, put_in, said


@pytest.fixture
async def desk(store: Store) -> Desk:
    """Open a desk with officials on paper."""
    await commune.settle(store)
    return Desk(store, [Paper()])


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is heard, and from whom; "boom" in a message raises after it was answered."""
    notes: list[str] = []

    async def hear(work: Work, incoming: Incoming) -> None:
        text = _text(incoming.said)
        notes.append(f"{incoming.address}: {text}")
        await receive(work, incoming)
        if "boom" in text:
            raise ValueError(text)

    monkeypatch.setattr(bot.worker, "receive", hear)
    return notes


def _text(what: Said) -> str:
    return what.text if isinstance(what, Text) else ""


def again(store: Store, clock: StoppedClock) -> Store:
    """Open the same database once more, as another replica does."""
    return open_store(
        store.engine.url.render_as_string(hide_password=False), KEYS, store.files.folder.parent, clock
    )


async def states(store: Store) -> dict[str, int]:
    """Return each message's state."""
    return {row.external_id: row.state for row in await commune.rows(store, Inbox)}


# --- stored once, in order ------------------------------------------------------------------------


async def test_a_redelivery_changes_nothing(store: Store) -> None:
    """The same message again, in the same batch or a later one, is one message with its first words."""
    first, same = said("an", "một", "1"), said("an", "khác", "1")
    await put_in(store, first, same, said("an", "hai", "2"))
    await put_in(store, same)
    assert [row.body["raw"]["text"] for row in await commune.rows(store, Inbox)] == ["một", "hai"]
    assert await commune.lanes_agree(store)


async def test_redeliveries_to_two_replicas_at_once_are_one(store: Store, clock: StoppedClock) -> None:
    """Two replicas storing the same 60 messages in different orders leave each once, and exact counters."""
    other = again(store, clock)
    messages = [said(f"chat {n % 7}", str(n), f"same{n}") for n in range(60)]
    batches = [messages[n : n + 20] for n in (0, 20, 40)]
    await asyncio.gather(
        *(put_in(store, *batch) for batch in batches),
        *(put_in(other, *reversed(batch)) for batch in reversed(batches)),
    )
    assert await commune.counted(store, Inbox.state == OPEN) == 60
    assert await commune.lanes_agree(store)
    await other.close()


async def test_a_chat_is_heard_in_its_order(desk: Desk, store: Store, heard: list[str]) -> None:
    """Messages of one chat are handled as they came, in one millisecond too, or with the clock set back."""
    clock = store.clock
    assert isinstance(clock, StoppedClock)
    for n in range(12):
        await put_in(store, said("an", f"lời {n}", f"{99 - n}"), said("ba", f"lời {n}"))
        clock.pass_(seconds=-1 if n == 5 else 0)
    clock.pass_(seconds=5)
    await commune.work_off(desk)
    assert [line for line in heard if line.startswith("an")] == [f"an: lời {n}" for n in range(12)]
    assert [line for line in heard if line.startswith("ba")] == [f"ba: lời {n}" for n in range(12)]


async def test_a_busy_chat_holds_no_other(desk: Desk, store: Store, clock: StoppedClock) -> None:
    """A chat in another replica's hands is passed over; the others go on, and it is taken up afterwards."""
    other = again(store, clock)
    await put_in(store, said("an", "chào"), said("ba", "chào"))
    if store.engine.dialect.name == "postgresql":
        async with other.work() as work:
            held = await inbox.take(work, 1, 4)
            assert await desk.worker.step() == 1
            assert await desk.worker.step() == 0
        assert [len(lane) for lane in held.values()] == [1]
    await commune.work_off(desk)
    assert set((await states(store)).values()) == {DONE}
    await other.close()


async def test_two_workers_share_and_repeat_nothing(
    store: Store, clock: StoppedClock, heard: list[str]
) -> None:
    """Two replicas working off 40 chats together answer each of 120 messages once, each chat in order."""
    await commune.settle(store)
    other = again(store, clock)
    desks = [Desk(store, [Paper()]), Desk(other, [Paper()])]
    for n in range(3):
        await put_in(store, *(said(f"chat {chat:02}", f"lời {n}") for chat in range(40)))
    await asyncio.gather(*(commune.work_off(desk) for desk in desks))
    assert await commune.counted(store, Outbox.key.startswith("reply:")) == 120
    assert set((await states(store)).values()) == {DONE}
    for chat in range(40):
        lines = [line for line in heard if line.startswith(f"chat {chat:02}")]
        assert [b for a, b in pairwise(lines) if b < a] == []
    assert await commune.lanes_agree(store)
    await other.close()


EVENTS = ("say", "say", "boom", "repeat", "work", "work", "post", "hold", "send", "send", "wait")


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("seed", range(4))
async def test_counters_are_the_open_rows(store: Store, clock: StoppedClock, seed: int) -> None:
    """After any sequence of arriving, handling, failing, posting, holding, sending and waiting they agree."""
    random = Random(seed)
    await commune.settle(store)
    ends = [Sent("1"), Sent(), Retry(timedelta(seconds=3)), Ambiguous("?"), Permanent("no"), Gone("left")]
    desk = Desk(store, [Scripted(answer=lambda _: random.choice(ends))])
    people = ["an", "ba", "chi"]
    for n in range(40):
        who = random.choice(people)
        match random.choice(EVENTS):
            case "say":
                await put_in(store, said(who, STORY), said(random.choice(people), "1"))
            case "boom":
                await put_in(store, said(who, "boom"))
            case "repeat":
                await put_in(store, said(who, "lại", f"same{n % 3}"), said(who, "lại", f"same{n % 2}"))
            case "work":
                await desk.worker.step()
            case "post":
                await commune.post(store, who, str(n), str(n), priority=random.choice([REPLY, NOTICE, 9]))
            case "hold":
                await commune.post(store, who, f"sáng {n}", hold=clock.at.replace(hour=random.randrange(23)))
            case "send":
                await desk.senders[0].step()
            case _:
                clock.pass_(seconds=random.choice([1, 40, 4000]))
        assert await commune.lanes_agree(store), n


# --- the price of a batch -------------------------------------------------------------------------

MIXED = (STORY, "chào", "1", "tiến độ", "gặp người", "có cháy lớn ở thôn 3, cứu với", "menu", "quy định")
"""One message of each sort, dealt out to the chats of a batch."""


async def _price(desk: Desk, store: Store, arrived: Sequence[Arrived]) -> tuple[int, int]:
    """Return how many statements it takes to store the messages and to handle them in one step."""
    with commune.statements(store) as storing:
        await put_in(store, *arrived)
    with commune.statements(store) as handling:
        assert await desk.worker.step() == len(arrived)
    return len(storing), len(handling)


async def test_a_batch_costs_what_one_message_costs(desk: Desk, store: Store) -> None:
    """Fifty chats telling a story, sending it, having their own case and asking after it cost what one does.

    The story is somebody else's already: each is asked whether to follow that case instead.
    """
    for text in (STORY, "1"):
        await _price(desk, store, [said("first", text)])
    prices: dict[int, list[tuple[int, int]]] = {}
    for number in (1, 50):
        prices[number] = [
            await _price(desk, store, [said(f"{number} {n}", text) for n in range(number)])
            for text in (STORY, "1", "2", "tiến độ")
        ]
    assert await commune.counted(store, Case.state == "received") == 52
    for (store_one, handle_one), (store_many, handle_many) in zip(prices[1], prices[50], strict=True):
        assert store_many == store_one <= 5
        assert handle_many <= handle_one + 1  # PostgreSQL writes more than 1000 values a statement in pages
        # The record of who was sent it, whom a message reaches, and a like case, are three of them.
        assert handle_one <= 22


async def test_a_mixed_batch_costs_no_more_for_being_large(desk: Desk, store: Store) -> None:
    """The price depends on how many sorts of things happen, not on how often each of them does."""
    prices = []
    for chats in (8, 64):
        everyone = [f"{chats} {n}" for n in range(chats)]
        await _price(desk, store, [said(who, STORY) for who in everyone])
        mixed = [said(who, MIXED[n % len(MIXED)]) for n, who in enumerate(everyone)]
        prices.append((await _price(desk, store, mixed))[1])
    assert prices[1] <= prices[0] + 3, prices


async def test_an_officers_batch_reads_no_case_by_itself(desk: Desk, store: Store) -> None:
    """Four cases of four citizens accepted at once cost what one costs."""
    codes = await commune.open_cases(store, 5)
    prices = [
        await _price(desk, store, [said("minh", f"nhận {code}") for code in some])
        for some in (codes[:1], codes[1:])
    ]
    assert prices[1][1] <= prices[0][1]
    assert await commune.counted(store, Case.state == "accepted") == 5


async def test_sending_costs_the_same_for_many(desk: Desk, store: Store) -> None:
    """Claiming and recording 32 messages takes as many statements as one."""
    prices = []
    for number in (1, 32):
        for n in range(number):
            await commune.post(store, f"{number} {n}", "chào")
        with commune.statements(store) as sending:
            assert await desk.senders[0].step() == number
        prices.append(len(sending))
    assert prices[1] == prices[0] <= 16


# --- when a message fails -------------------------------------------------------------------------


async def test_a_poisonous_message_only_holds_its_chat(desk: Desk, store: Store, heard: list[str]) -> None:
    """It is tried eight times, 2^n seconds apart; its neighbours are answered at once, its chat at last."""
    clock = store.clock
    assert isinstance(clock, StoppedClock)
    await put_in(store, said("an", STORY), said("ba", "boom", "bad"), said("ba", "sau"), said("chi", STORY))
    began, tried = clock.at, []
    for _ in range(400):
        before = heard.count("ba: boom")
        while await desk.worker.step():
            pass
        if heard.count("ba: boom") > before:
            tried.append((clock.at - began).total_seconds())
        if not tried[1:]:
            assert heard.count("an: " + STORY) >= 1
            assert await commune.counted(store, Inbox.state == DONE) == 2
        if "ba: sau" in heard:
            break
        clock.pass_(seconds=1)
    assert tried == [0, 1, 3, 7, 15, 31, 63, 127]
    assert await states(store) | {"bad": DEAD} == await states(store)
    dead = (await commune.found(store, select(Inbox).where(Inbox.state == DEAD)))[0]
    assert (dead.attempts, dead.error, dead.body["raw"]["text"]) == (8, "ValueError", "boom")
    assert heard.count("ba: sau") == 1
    assert await commune.lanes_agree(store)


async def test_a_known_failure_does_not_take_its_neighbours_along(
    desk: Desk, store: Store, heard: list[str]
) -> None:
    """When a message is tried again it is tried alone: the others' batch is not rolled back once more."""
    clock = store.clock
    assert isinstance(clock, StoppedClock)
    await put_in(store, said("ba", "boom"))
    await desk.worker.step()
    clock.pass_(seconds=2)
    await put_in(store, *(said(f"chat {n}", "chào") for n in range(20)))
    await desk.worker.step()
    assert [heard.count(f"chat {n}: chào") for n in range(20)] == [1] * 20
    assert heard.count("ba: boom") == 3  # in its first batch, alone, and alone again


async def test_a_failure_leaves_nothing_behind(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case, history, timer, reply and conversation of a message that fails are rolled back whole."""
    await put_in(store, said("an", STORY))
    await desk.worker.step()

    async def open_then_fail(work: Work, incoming: Incoming) -> None:
        await receive(work, incoming)
        assert work.cases
        raise RuntimeError

    monkeypatch.setattr(bot.worker, "receive", open_then_fail)
    before = [await commune.rows(store, table) for table in (Outbox,)]
    await put_in(store, said("an", "1"))
    await desk.worker.step()
    for table in (Case, CaseEvent):
        assert await commune.rows(store, table) == []
    assert [row.kind for row in await commune.rows(store, Timer)] == ["draft"]  # the story is still half told
    assert [row.key for row in await commune.rows(store, Outbox)] == [row.key for row in before[0]]
    monkeypatch.setattr(bot.worker, "receive", receive)
    clock = store.clock
    assert isinstance(clock, StoppedClock)
    clock.pass_(seconds=2)
    await desk.worker.step()
    (case,) = await commune.rows(store, Case)
    async with store.read() as work:
        assert await cases.first_broken_line(work, case) is None
    assert await commune.lanes_agree(store)


async def test_what_cannot_be_read_is_a_dead_letter_at_once(desk: Desk, store: Store) -> None:
    """Unreadable messages, and those of an account nobody serves, are kept and their chats go on."""
    odd = [Arrived("paper", f"odd{n}", "an", {"odd": n}) for n in range(3)]
    await put_in(store, *odd, said("an", "chào", "ok"), Arrived("gone", "x", "an", {"text": "chào"}))
    assert await desk.worker.step() == 5
    assert await states(store) == {"odd0": DEAD, "odd1": DEAD, "odd2": DEAD, "ok": DONE, "x": DEAD}
    reasons = {row.error for row in await commune.found(store, select(Inbox).where(Inbox.state == DEAD))}
    assert reasons == {"not on paper", "no channel for the account gone"}
    assert await commune.lanes_agree(store)


async def test_a_late_failure_undoes_nothing(store: Store, clock: StoppedClock) -> None:
    """If another replica has handled the message meanwhile, noting the failure changes nothing."""
    await commune.settle(store)
    desk = Desk(store, [Paper()])
    await put_in(store, said("an", "chào", "1"), said("an", "menu", "2"))
    async with store.work() as work:
        (lane,) = (await inbox.take(work, 1, 1)).values()
        assert await inbox.count_attempt(work, lane)
    clock.pass_(seconds=2)
    await commune.work_off(desk)
    await put_in(store, said("an", "menu", "3"))
    async with store.work() as work:
        assert not await inbox.failed(work, lane[0], "late")
    assert await states(store) == {"1": DONE, "2": DONE, "3": OPEN}
    assert await commune.counted(store, Inbox.error.is_not(None)) == 0
    assert await commune.lanes_agree(store)


async def test_careful_handling_counts_before_it_tries(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an unclean stop, a message that ends the process is counted, and the others come first."""
    clock = store.clock
    assert isinstance(clock, StoppedClock)

    class ProcessEnds(BaseException):
        """Stands for the end of the process: nothing catches it."""

    async def end(work: Work, incoming: Incoming) -> None:
        if "kill" in _text(incoming.said):
            raise ProcessEnds
        await receive(work, incoming)

    monkeypatch.setattr(bot.worker, "receive", end)
    await put_in(store, said("an", "kill", "bad"), said("an", "sau", "after"), said("ba", "chào", "other"))
    deaths = 0
    while (await states(store))["bad"] == OPEN:
        desk.worker.careful = True
        try:
            while await desk.worker.step():
                pass
        except ProcessEnds:
            deaths += 1
            assert (await states(store))["after"] == OPEN
        if deaths > 1:
            assert (await states(store))["other"] == DONE
        clock.pass_(seconds=200)
    assert deaths == inbox.MAX_ATTEMPTS
    await commune.work_off(desk)
    assert await states(store) == {"bad": DEAD, "after": DONE, "other": DONE}
    assert (await commune.found(store, select(Inbox.error).where(Inbox.state == DEAD)))[0] is not None
    assert await commune.lanes_agree(store)


async def test_an_empty_look_is_cheap(desk: Desk, store: Store) -> None:
    """With nothing to do, a worker's look is four short statements, also beside a thousand idle chats."""
    async with store.work() as work:
        work.session.add_all(
            Lane(account="paper", direction="in", key=str(n), pending=0, priority=5, ready_at=work.now)
            for n in range(1000)
        )
    with commune.statements(store) as looking:
        assert await desk.worker.step() == 0
    assert len(looking) <= 4
