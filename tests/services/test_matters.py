"""What is no case: each kind has its words, its states and its history, and changes in one way alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

import locales
from domain.cases import Act, NotAllowed
from scheduler.clock import RINGERS, tick
from services.acts.act import act
from services.matters import deciders
from services.matters.change import change
from services.matters.kinds import CALL, MatterKind
from services.office import absences, broadcasts
from services.office.absences import ABSENCE
from services.office.broadcasts import BROADCAST
from services.office.matters import KINDS
from services.saying import notices
from services.standing.parties import Actor
from services.standing.refusals import BroadcastDecided, DecidedAbove
from storage.cases import cases
from storage.ground.tables import Absence, Broadcast, MatterEvent, Outbox
from storage.ground.work import Work
from storage.people import matters
from storage.people.people import Chat
from storage.store.engine import Store
from tests import recipes
from tests.conftest import StoppedClock
from tests.storage import commune

RECIPE = recipes.recipe("How to add a kind of matter")
UNREAD = {"history.key_request.agree"}
"""Lines without words: a yes that did not count is noted, and told to nobody."""
BODY = "Thứ Tư từ 7 giờ cắt điện."

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_what_a_kind_says_has_words_in_every_language(kind: MatterKind[Any]) -> None:
    """Whoever hears of an act reads it in their own language."""
    said = {news.words for one in kind.acts for news in one.news}
    assert said
    read = {f"history.{kind.name}.{one.act}" for one in kind.acts} - UNREAD
    said |= {f"history.kind.{kind.name}", *read}
    for language in ("vi", "en"):
        assert [key for key in said if not locales.has(language, key)] == [], language


@every_kind
def test_every_state_of_a_kind_is_reached(kind: MatterKind[Any]) -> None:
    """From where it begins, an act leads on to each state that any act, or its moment, waits for."""
    reached = {one.to for one in kind.acts if not one.states}
    for _ in kind.acts:
        reached |= {one.to for one in kind.acts if one.states & reached}
    assert {state for one in kind.acts for state in (*one.states, one.to)} | kind.ring.keys() == reached


@every_kind
def test_a_kind_fits_its_tables_and_the_clock(kind: MatterKind[Any]) -> None:
    """Names fit their columns and are no other's; what waits is decided by two, and climbs or ends."""
    names = [one.act for one in kind.acts]
    assert len(names) == len(set(names))
    assert max(map(len, [*names, kind.name, *(one.to for one in kind.acts)])) <= 20
    assert kind.name in RINGERS
    if kind.awaits:
        assert kind.awaits == {matters.WAITING}
        assert issubclass(kind.row, matters.Decided)
        assert kind.climbs or matters.WAITING in kind.ring


def test_every_kind_is_registered_with_a_table_of_its_own() -> None:
    """By its table a kind's timers and lines are known; one that is in no list nobody would look at."""
    files = [path.read_text("utf-8") for path in (recipes.ROOT / "services").rglob("*.py")]
    assert sum(text.count(" = MatterKind(") for text in files) == len(KINDS)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_the_recipe_shows_a_kind_as_it_is() -> None:
    """The value it shows stands so in the service it names."""
    assert recipes.shown(RECIPE) in (recipes.ROOT / "services/office/absences.py").read_text("utf-8")


@pytest.mark.parametrize("step", recipes.steps(RECIPE))
def test_what_a_step_names_is_there(step: str) -> None:
    """Each path leads somewhere, each name stands in a file of its step, each key has words."""
    recipes.leads_somewhere(step)


# --- what is done, and what is kept of it --------------------------------------------------------


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it."""
    await commune.settle(store)
    return store


async def official(work: Work, name: str) -> Chat:
    """Return an official's chat."""
    (chat,) = await commune.chats_of(work, [name])
    return chat


async def lines(store: Store, kind: MatterKind[Any], matter_id: UUID) -> list[tuple[str, str]]:
    """Return what was done to a matter, and by whom, oldest first."""
    async with store.read() as work:
        found = await matters.history(work, kind.row(id=matter_id))
        names = {f"person:{(await official(work, name)).person_id}": name for name in ("tuan", "ha", "minh")}
        assert [line.number for line in found] == list(range(1, len(found) + 1))
        return [(line.act, names.get(line.actor, line.actor)) for line in found]


async def proposed(store: Store) -> UUID:
    """Let a chief hand in a message to a hamlet."""
    await commune.open_cases(store, 1)
    async with store.work() as work:
        return (await broadcasts.propose(work, await official(work, "tuan"), "thon_3", BODY)).id


async def test_each_change_of_a_broadcast_is_a_line(desk: Store) -> None:
    """Who handed it in, who let it go, and that the clock has sent it: to how many."""
    broadcast_id = await proposed(desk)
    async with desk.work() as work:
        await broadcasts.approve(work, await official(work, "ha"), broadcast_id)
    await tick(desk)
    wanted = [("propose", "tuan"), ("approve", "ha"), ("sent", "clock")]
    assert await lines(desk, BROADCAST, broadcast_id) == wanted
    async with desk.read() as work:
        *_, last = await matters.history(work, Broadcast(id=broadcast_id))
        assert last.detail == {"count": 1}


async def test_what_is_refused_leaves_no_line(desk: Store) -> None:
    """Of two who decide one is told that it is decided; the reason it was given back for is kept."""
    broadcast_id = await proposed(desk)
    async with desk.work() as work:
        await broadcasts.give_back(work, await official(work, "ha"), broadcast_id, "thiếu số gọi")
        with pytest.raises(BroadcastDecided):
            await broadcasts.approve(work, await official(work, "ha"), broadcast_id)
    assert await lines(desk, BROADCAST, broadcast_id) == [("propose", "tuan"), ("give_back", "ha")]
    async with desk.read() as work:
        *_, last = await matters.history(work, Broadcast(id=broadcast_id))
        assert last.detail == {"reason": "thiếu số gọi"}


async def test_nothing_begins_twice(desk: Store) -> None:
    """What is sent or given back is not handed in again: that would be a message nobody approved."""
    broadcast_id = await proposed(desk)
    async with desk.work() as work:
        tuan = await official(work, "tuan")
        await broadcasts.give_back(work, await official(work, "ha"), broadcast_id, "thiếu số gọi")
        found = await matters.by_id(work, Broadcast, broadcast_id)
        assert found is not None
        with pytest.raises(BroadcastDecided):
            await change(work, BROADCAST, found, "propose", Actor.of(tuan))
    assert await lines(desk, BROADCAST, broadcast_id) == [("propose", "tuan"), ("give_back", "ha")]


def below_a_chief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commune to be settled have a chief below another: Bình, in a team of Tuân's unit."""
    since = "from: 2025-07-01}"
    unit = f"  - {{code: to_xa, type: kt_xa, name: Tổ, area: xa, parent: kt_xa, {since}\npeople:\n"
    person = f"  - {{code: binh, name: Vũ Bình, roles: [{{role: supervisor, unit: to_xa, {since}]}}\n"
    monkeypatch.setattr(commune, "SEED", commune.SEED.replace("people:\n", unit) + person)
    monkeypatch.setattr(commune, "OFFICIALS", (*commune.OFFICIALS, "binh"))


async def test_who_has_no_say_there_keeps_nobody_waiting(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those above only who may decide is asked, without the time that the others would have had."""
    below_a_chief(monkeypatch)
    await commune.settle(store)
    async with store.work() as work:
        binh, ha = await official(work, "binh"), await official(work, "ha")
        row = await broadcasts.propose(work, binh, "thon_3", BODY)
        kind = replace(BROADCAST, has_say=lambda _work, person, _row: person == ha.person_id)
        assert deciders.deciders(work, kind, row) == [ha.person_id]
        nobody = replace(BROADCAST, has_say=lambda *_: False)
        assert not deciders.somebody_decides(work, nobody, row)


async def test_nobody_below_decides_on_what_comes_from_above(desk: Store) -> None:
    """A chief has a say in the hamlet, and none over the head whose message it is."""
    async with desk.work() as work:
        tuan, ha = await official(work, "tuan"), await official(work, "ha")
        row = await broadcasts.propose(work, tuan, "thon_3", BODY)
        assert ha.person_id is not None
        row.person_id = ha.person_id
        with pytest.raises(DecidedAbove):
            await change(work, BROADCAST, row, "approve", Actor.of(tuan))


async def test_who_stands_above_is_asked_with_time(
    store: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody decides, the clock asks the next above, and its line says so; nobody is asked twice."""
    below_a_chief(monkeypatch)
    await commune.settle(store)
    await commune.open_cases(store, 1)
    async with store.work() as work:
        binh = await official(work, "binh")
        broadcast_id = (await broadcasts.propose(work, binh, "thon_3", BODY)).id
    assert await asked(store) == ["tuan"]
    clock.pass_(days=1)
    await tick(store)
    assert await asked(store) == ["ha", "tuan"]
    assert [act for act, _ in await lines(store, BROADCAST, broadcast_id)] == ["propose", CALL]


async def asked(store: Store) -> list[str]:
    """Return in whose chats it was asked, as often as it was."""
    async with store.read() as work:
        names = {(await official(work, name)).key: name for name in ("tuan", "ha", "binh")}
        lanes = await work.session.scalars(
            select(Outbox.lane).where(Outbox.key.startswith("broadcast.asked:"))
        )
        return sorted(names[lane] for lane in lanes)


async def test_the_clock_alone_says_that_it_was_sent(desk: Store) -> None:
    """What is the clock's to do nobody else does, whatever they may else."""
    broadcast_id = await proposed(desk)
    async with desk.work() as work:
        await broadcasts.approve(work, await official(work, "ha"), broadcast_id)
        found = await matters.by_id(work, Broadcast, broadcast_id)
        assert found is not None
        with pytest.raises(NotAllowed):
            await change(work, BROADCAST, found, "sent", Actor.of(await official(work, "ha")))


async def test_two_replicas_decide_once(desk: Store) -> None:
    """Where another was there between the reading and the change, nothing is changed, recorded or told."""
    broadcast_id = await proposed(desk)
    async with desk.work() as work:
        ha = await official(work, "ha")
        seen = await broadcasts.open_one(work, ha, broadcast_id)
        elsewhere = update(Broadcast).values(state="returned").execution_options(synchronize_session=False)
        await work.session.execute(elsewhere)
        with pytest.raises(BroadcastDecided):
            await change(work, BROADCAST, seen, "approve", Actor.of(ha))
    assert await lines(desk, BROADCAST, broadcast_id) == [("propose", "tuan")]


async def _away(work: Work) -> tuple[Chat, Chat, tuple[date, date]]:
    """Let Minh name two days on which Lan stands in; return their chats, and the days."""
    minh, lan = await official(work, "minh"), await official(work, "lan")
    days = (work.today + timedelta(days=2), work.today + timedelta(days=3))
    assert minh.person_id is not None
    assert lan.person_id is not None
    await absences.begin(work, minh, minh.person_id, lan.person_id, days)
    return minh, lan, days


async def test_absences_keep_their_history_when_they_go(desk: Store) -> None:
    """Days that were dropped before they began are as if never named; who named and dropped them stays."""
    async with desk.work() as work:
        _, _, days = await _away(work)
        (absence_id,) = await work.session.scalars(select(Absence.id))
    async with desk.work() as work:
        assert await absences.end(work, await official(work, "minh")) is not None
    assert await commune.rows(desk, Absence) == []
    assert await lines(desk, ABSENCE, absence_id) == [("begin", "minh"), ("end", "minh")]
    async with desk.read() as work:
        first, _ = await matters.history(work, Absence(id=absence_id))
        assert first.detail["first"] == days[0].isoformat()
        assert "count" not in first.detail  # it holds what only whoever stands in may know


async def test_who_did_it_is_not_told_of_it(desk: Store) -> None:
    """Whoever names their own days hears nothing of them; who stands in does."""
    async with desk.work() as work:
        minh, lan, _ = await _away(work)
    async with desk.read() as work:
        lanes = set(await work.session.scalars(select(Outbox.lane)))
    assert lan.key in lanes
    assert minh.key not in lanes


async def test_the_history_of_a_case_is_read_alike(desk: Store) -> None:
    """One reading for both, though they lie apart."""
    (code,) = await commune.open_cases(desk, 1)
    async with desk.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        await act(work, case, Act.ACCEPT, Actor.of(await official(work, "minh")))
        assert [line.act for line in await matters.history(work, case)] == ["open", "accept"]


@pytest.mark.parametrize("statement", [update(MatterEvent).values(act="sent"), delete(MatterEvent)])
async def test_lines_are_only_added(desk: Store, statement: object) -> None:
    """The database itself refuses to change or delete a line."""
    broadcast_id = await proposed(desk)
    with pytest.raises(DBAPIError, match="append-only"):
        async with desk.work() as work:
            await work.session.execute(statement)  # type: ignore[call-overload]
    assert await lines(desk, BROADCAST, broadcast_id) == [("propose", "tuan")]


# --- what is said --------------------------------------------------------------------------------


async def test_notices_wait_for_the_morning_and_come_once(desk: Store, clock: StoppedClock) -> None:
    """At night they are held, unless they are to wake; told again of the same, nobody hears it twice."""
    clock.pass_(hours=13)
    for _ in range(2):
        async with desk.work() as work:
            ha = await official(work, "ha")
            assert ha.person_id is not None
            write = notices.words("broadcast.sent", count=1, place="x")
            await notices.tell(work, [ha.person_id, ha], write, "quiet")
            await notices.tell(work, [ha], write, "loud", wake=True)
    async with desk.read() as work:
        posts = list(await work.session.scalars(select(Outbox).where(Outbox.lane == ha.key)))
        held = {post.key.partition(":")[0]: post.hold_until for post in posts}
    assert len(posts) == len(held) == 2
    assert held["loud"] is None
    assert held["quiet"] is not None
    assert held["quiet"] > clock.at
