"""A history cannot be changed behind the desk's back without its being found, and its hashes tell nothing."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from domain.cases import Act
from scheduler.clock import tick
from services.acts.act import act
from services.clock import histories
from services.office import absences, orders
from services.standing.parties import Actor
from storage.cases import chain
from storage.cases.cases import Case
from storage.ground import append_only
from storage.ground.crypto import Keyring
from storage.ground.tables import Absence, CaseEvent, MatterEvent, Outbox
from storage.people import matters
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open two cases that an officer has taken."""
    await commune.settle(store)
    await commune.open_cases(store, 2)
    async with store.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        for case in (await work.session.scalars(select(Case).order_by(Case.id))).all():
            work.cases[case.id] = case
            await act(work, case, Act.ACCEPT, Actor.of(minh))
    return store


async def write(store: Store, *statements: str) -> None:
    """Write into the database as somebody who has no key: with the triggers taken away and put back.

    `{first}` is the condition that names the first case's lines, `{own}` the one that names its row.
    """
    names = {"other": OTHER, "first": await first(store), "own": await first(store, "id")}
    async with store.work() as work, append_only.open_to_change(work.session, "case_event"):
        for statement in statements:
            await work.session.execute(text(statement.format(**names)))


async def found(store: Store) -> list[int | None]:
    """Return the first broken line of each case, by the order of their ids."""
    async with store.read() as work:
        return [one.first_broken(work.keyring) for one in await chain.batch(work, None)]


OTHER = "(select detail from case_event where number = 1 limit 1)"


async def first(store: Store, column: str = "case_id") -> str:
    """Return the condition that names the first case."""
    async with store.read() as work:
        case_id = await work.session.scalar(select(Case.id).order_by(Case.id).limit(1))
    assert case_id is not None
    return f"{column} = '{case_id.hex}'"


async def test_a_history_as_the_desk_wrote_it_is_whole(desk: Store) -> None:
    """Nothing is found where nobody wrote."""
    assert await found(desk) == [None, None]
    async with desk.read() as work:
        assert await append_only.missing(work) == []


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("update case_event set actor = 'clock' where number = 2 and {first}", 2),
        ("update case_event set act = 'close' where number = 1 and {first}", 1),
        ("update case_event set at = at + 1 where number = 2 and {first}", 2),
        ("delete from case_event where number = 1 and {first}", 1),
        ("delete from case_event where number = 2 and {first}", 2),
        ("update case_event set detail = {other} where number = 2 and {first}", 2),
    ],
)
async def test_whatever_is_changed_is_found(desk: Store, change: str, line: int) -> None:
    """An actor, an act, a moment, what was told, a line taken away: the first line that does not follow."""
    await write(desk, change)
    assert await found(desk) == [line, None]


async def test_a_last_line_taken_away_with_its_head_turned_back_is_found(desk: Store) -> None:
    """The head is not the hash of any line: whoever has only the database cannot know the earlier one."""
    await write(
        desk,
        "delete from case_event where number = 2 and {first}",
        'update "case" set history_length = 1 where {own}',
        'update "case" set history_hash = (select hash from case_event where {first}) where {own}',
    )
    assert await found(desk) == [2, None]


async def test_a_chain_redone_without_the_key_is_found(desk: Store) -> None:
    """Somebody who knows how chains are made, but has another key, makes none that is good."""
    other = Keyring.of(b"x" * 32)
    async with desk.work() as work:
        (one, *_) = await chain.batch(work, None)
        hashes, head = one.redone(other)
        async with append_only.open_to_change(work.session, "case_event"):
            for number, hashed in enumerate(hashes, start=1):
                event = await work.session.get(CaseEvent, (one.id, number))
                assert event is not None
                event.hash = hashed
            case = await work.session.get(Case, one.id)
            assert case is not None
            case.history_hash = head
            await work.session.flush()
    assert await found(desk) == [1, None]


async def test_a_hash_confirms_no_guess(desk: Store) -> None:
    """What a line tells cannot be found by hashing guesses with all that stands in clear beside it."""
    async with desk.read() as work:
        for one in await chain.batch(work, None):
            before = ""
            for number, line, detail, stored in one.lines:
                told = json.dumps(
                    [before, line, detail], ensure_ascii=False, sort_keys=True, separators=(",", ":")
                )
                assert hashlib.sha256(told.encode()).hexdigest()[:40] not in stored, number
                before = stored


async def test_a_trigger_that_is_gone_or_does_nothing_is_found(desk: Store) -> None:
    """The tables that are only added to are named where the database would let them be changed."""
    sqlite = desk.engine.dialect.name == "sqlite"
    nothing = "create trigger case_event_no_delete before delete on case_event begin select 1; end"
    off = "alter table case_event disable trigger case_event_append_only"
    async with desk.work() as work:
        for statement in ("drop trigger case_event_no_delete", nothing) if sqlite else (off,):
            await work.session.execute(text(statement))
    async with desk.read() as work:
        assert await append_only.missing(work) == ["case_event"]


async def test_every_night_all_are_checked_and_the_admin_hears(
    desk: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch at a time; a change is told to the admins once that night, and the doctor can see it."""
    monkeypatch.setattr(chain, "BATCH", 1)
    async with desk.work() as work:
        order = {"do": "give_role", "person": "lan", "unit": "vp_xa", "role": "admin", "from": "2026-11-16"}
        await orders.carry_out(work, order, None)
        await histories.begin(work)
    clock.pass_(days=1)
    await tick(desk)
    async with desk.read() as work:
        result = await histories.last(work)
        assert result is not None
        assert (result["cases"], result["lines"], result["broken"]) == (2, 4, [])
    await write(desk, "update case_event set actor = 'clock' where number = 2 and {first}")
    clock.pass_(days=1)
    await tick(desk)
    async with desk.read() as work:
        result = await histories.last(work)
        assert result is not None
        assert len(result["broken"]) == 1
        told = await work.session.scalars(select(Outbox.lane).where(Outbox.key.startswith("histories:")))
        (lan,) = await commune.chats_of(work, ["lan"])
        assert list(told) == [lan.key]


async def test_a_case_that_is_gone_with_its_history_is_missed(desk: Store, clock: StoppedClock) -> None:
    """There are fewer lines than there ever were."""
    async with desk.work() as work:
        await histories.begin(work)
    clock.pass_(days=1)
    await tick(desk)
    await write(desk, "delete from case_event where number = 2 and {first}")
    clock.pass_(days=1)
    await tick(desk)
    async with desk.read() as work:
        result = await histories.last(work)
        assert result is not None
        assert result["lost"]


# --- what is no case ------------------------------------------------------------------------------


@pytest.fixture
async def matter(desk: Store) -> str:
    """Let days away be noted and dropped again: the matter is gone, its history of two lines stays."""
    async with desk.work() as work:
        minh, lan = await commune.chats_of(work, ["minh", "lan"])
        days = (work.today + timedelta(days=2), work.today + timedelta(days=3))
        assert minh.person_id is not None
        assert lan.person_id is not None
        await absences.begin(work, minh, minh.person_id, lan.person_id, days)
    async with desk.work() as work:
        (minh,) = await commune.chats_of(work, ["minh"])
        assert await absences.end(work, minh) is not None
    return "absence"


async def found_of_matters(store: Store) -> list[tuple[str, int | None]]:
    """Return each matter's kind with the first broken line of its history."""
    async with store.read() as work:
        chains = await chain.batch(work, None, of=chain.MATTERS)
        return [(one.name, one.first_broken(work.keyring)) for one in chains]


async def rewrite(store: Store, *statements: str) -> None:
    """Write into what is kept of matters as somebody who has no key."""
    async with store.work() as work, append_only.open_to_change(work.session, "matter_event"):
        for statement in statements:
            await work.session.execute(text(statement))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ([], None),
        (["update matter_event set actor = 'clock' where number = 1"], 1),
        (["update matter_event set act = 'begin' where number = 2"], 2),
        (["update matter_event set at = at + 1 where number = 2"], 2),
        (["update matter_event set matter_id = '{other}'", "update matter_history set id = '{other}'"], 1),
        (["delete from matter_event where number = 2"], 2),
        (
            [
                "delete from matter_event where number = 2",
                "update matter_history set history_length = 1",
                "update matter_history set history_hash = (select hash from matter_event where number = 1)",
            ],
            2,
        ),
    ],
)
async def test_whatever_is_changed_in_the_history_of_a_matter_is_found(
    desk: Store, matter: str, changes: list[str], line: int | None
) -> None:
    """The same chain: a line that was changed, moved to another matter, or taken off with its head."""
    await rewrite(desk, *(change.format(other=uuid4().hex) for change in changes))
    assert await found_of_matters(desk) == [(matter, line)]
    async with desk.read() as work:
        assert (await histories.look(work, 10))[0] == ([matter] if line else [])


async def test_matters_are_checked_every_night_after_the_cases(
    desk: Store, clock: StoppedClock, matter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch at a time; which kind it was stands in what is found, and a history that is gone is missed."""
    monkeypatch.setattr(chain, "BATCH", 1)
    async with desk.work() as work:
        await histories.begin(work)
    assert await a_night_later(desk, clock) == {"cases": 2, "matters": 1, "lines": 6, "broken": []}
    await rewrite(desk, "update matter_event set actor = 'clock' where number = 2")
    assert (await a_night_later(desk, clock))["broken"] == [matter]
    await rewrite(desk, "delete from matter_event", "delete from matter_history")
    assert (await a_night_later(desk, clock))["lost"]


async def a_night_later(store: Store, clock: StoppedClock) -> dict[str, object]:
    """Let a night pass; return what its check has found, without what stands for nothing."""
    clock.pass_(days=1)
    await tick(store)
    async with store.read() as work:
        result = await histories.last(work)
    assert result is not None
    return {
        name: value
        for name, value in result.items()
        if name not in {"at", "most", "open"} and value is not False
    }


async def test_histories_that_had_no_chain_are_chained_once(desk: Store, matter: str) -> None:
    """As they lie in a database of before; the next line follows."""
    await rewrite(desk, "update matter_event set hash = ''", "delete from matter_history")
    assert [await histories.chain_some_of_matters(desk) for _ in range(2)] == [1, 0]
    assert await found_of_matters(desk) == [(matter, None)]
    async with desk.work() as work:
        (absence_id,) = set(await work.session.scalars(select(MatterEvent.matter_id)))
        assert await matters.append(work, Absence(id=absence_id), "end", "clock", {}) == 3
    assert await found_of_matters(desk) == [(matter, None)]
