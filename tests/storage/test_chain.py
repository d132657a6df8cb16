"""A history cannot be changed behind the desk's back without its being found, and its hashes tell nothing."""

import hashlib
import json

import pytest
from sqlalchemy import select, text

from domain.cases import Act
from scheduler.clock import tick
from services.acts.act import act
from services.clock import histories
from services.office import orders
from services.standing.parties import Actor
from storage.cases import chain
from storage.cases.cases import Case
from storage.ground import append_only
from storage.ground.crypto import Keyring
from storage.ground.tables import CaseEvent, Outbox
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
                event = await work.session.get(CaseEvent, (one.case_id, number))
                assert event is not None
                event.hash = hashed
            case = await work.session.get(Case, one.case_id)
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
