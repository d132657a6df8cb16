"""Merging: cases follow their unit with their dates and histories, and who is accused stays out."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.cases import OPEN_STATES, Act, Relation, State
from domain.people import Role
from scheduler.clock import tick
from services.acts.act import act
from services.intake.new_cases import Draft, open_case
from services.office import directory, office, orders
from services.standing.kinds import ACTS
from services.standing.parties import Actor, relations
from storage.cases import cases
from storage.cases.cases import Case
from storage.ground import tables
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune

TOMORROW = "2026-11-17"
MORE = """
units:
  - {code: vhxh_xa, type: vhxh_xa, name: Phòng Văn hóa, area: xa, parent: ct_xa, from: 2025-07-01}
  - {code: to_1, type: thon, name: Tổ công tác, area: xa, parent: kt_xa, from: 2025-07-01}
people:
  - {code: van, name: Vân, roles: [{role: supervisor, unit: vhxh_xa, from: 2025-07-01}]}
  - {code: hai, name: Hải, roles: [{role: officer, unit: vhxh_xa, from: 2025-07-01}]}
  - {code: qt, name: Quản Trị, roles: [{role: admin, unit: vp_xa, from: 2025-07-01}]}
"""
ACCUSES = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
ACCUSES_BOTH = "cán bộ địa chính và cán bộ phòng văn hóa vòi tiền 2 triệu của tôi ở thôn 3"


async def settled(store: Store) -> None:
    """Seed the small commune with a second unit, a unit below the first, and an admin."""
    await commune.settle(store)
    async with store.work() as work:
        await directory.seed(work, MORE.encode(), "more.yaml")


async def merged(store: Store, on: str = TOMORROW, **more: Any) -> None:  # noqa: ANN401 - an order
    """Order that the economy is merged into culture."""
    async with store.work() as work:
        order = {"do": "merge", "unit": "kt_xa", "into": "vhxh_xa", "on": on, **more}
        await orders.carry_out(work, order, await person(work, "qt"), await person(work, "ha"))


async def undone(store: Store) -> None:
    """Undo the merger."""
    async with store.work() as work:
        await office.undo(work)


async def person(work: Work, code: str) -> UUID:
    """Return somebody's id."""
    found = await people.person_by_code(work, code)
    assert found is not None
    return found.id


async def unit(work: Work, code: str) -> UUID:
    """Return a unit's id."""
    return next(unit.id for unit in work.rules.directory.units if unit.code == code)


async def told(store: Store, story: str) -> str:
    """Open a case with this story. Returns its code."""
    async with store.work() as work:
        (chat,) = await commune.chats_of(work, [f"người dân {story}"])
        heard = work.rules.understanding.read(story)
        return (await open_case(work, chat, Draft(heard, "thôn 3", heard.topic))).code


async def case_of(work: Work, code: str) -> Case:
    """Return a case that is there."""
    case = await cases.by_code(work, code)
    assert case is not None
    return case


async def done(store: Store, code: str, *acts: tuple[Act, str, dict[str, Any]]) -> None:
    """Do these acts to a case, each in somebody's name; “citizen” is the case's own."""
    async with store.work() as work:
        case = await case_of(work, code)
        for what, who, detail in acts:
            by = Actor(case.chat_key) if who == "citizen" else Actor(person_id=await person(work, who))
            await act(work, case, ACTS[what].of_json(detail), by)


async def next_day(store: Store, clock: StoppedClock) -> None:
    """Let a night pass and the clock ring."""
    clock.pass_(days=1)
    await tick(store)


ASKED = (Act.ASK, "minh", {"question": "Đoạn nào ạ?"})


async def test_open_cases_follow_on_the_day(store: Store, clock: StoppedClock) -> None:
    """Until the day nothing moves; then unit, roles, children and cases do, and dates stay."""
    await settled(store)
    (taken, waiting) = await commune.open_cases(store, 2)
    await done(store, taken, (Act.ACCEPT, "minh", {}))
    await merged(store)
    async with store.work() as work:
        assert (await case_of(work, taken)).unit_id == await unit(work, "kt_xa")
        due_at = (await case_of(work, taken)).due_at
    await next_day(store, clock)
    async with store.work() as work:
        culture, minh = await unit(work, "vhxh_xa"), await person(work, "minh")
        one, other = await case_of(work, taken), await case_of(work, waiting)
        assert (one.unit_id, one.officer_id, one.state, one.due_at) == (culture, minh, State.ACCEPTED, due_at)
        assert (other.unit_id, other.officer_id, other.state) == (culture, None, State.RECEIVED)
        assert Relation.OFFICER in relations(work, one, Actor(person_id=minh))
        below = {found.code: found.parent for found in work.rules.directory.units}
        assert below["to_1"] == culture
        line = (await cases.history(work, one))[-1]
        assert (line.act, line.actor) == ("move", f"person:{await person(work, 'qt')}")


async def test_who_is_not_carried_over_loses_the_case(store: Store, clock: StoppedClock) -> None:
    """Roles end with the unit where that was ordered; a case taken, even one that waits, is free again."""
    await settled(store)
    (taken, asked) = await commune.open_cases(store, 2)
    await done(store, taken, (Act.ACCEPT, "minh", {}))
    await done(store, asked, (Act.ACCEPT, "minh", {}), ASKED)
    await merged(store, carry=False)
    await next_day(store, clock)
    async with store.work() as work:
        assert await person(work, "minh") not in work.rules.directory.everyone(Role.OFFICER, work.today)
        one, other = await case_of(work, taken), await case_of(work, asked)
        assert (one.officer_id, one.state) == (None, State.RECEIVED)
        assert (other.officer_id, other.state) == (None, State.RECEIVED)
        assert other.question == "Đoạn nào ạ?"
    await done(store, asked, (Act.REPLY, "citizen", {"text": "Trước nhà văn hóa", "files": []}))
    async with store.work() as work:
        answered = await case_of(work, asked)
        assert (answered.state, answered.question) == (State.RECEIVED, None)


@pytest.mark.parametrize("on", ["2026-11-16", TOMORROW])
async def test_the_accused_stay_out(store: Store, clock: StoppedClock, on: str) -> None:
    """A unit that takes the accused in is accused too, from the moment it is decided; undone, no more."""
    await settled(store)
    about_economy = await told(store, ACCUSES)
    about_both = await told(store, ACCUSES_BOTH)
    async with store.work() as work:
        case = await case_of(work, about_economy)
        case.unit_id = await unit(work, "vhxh_xa")  # it lies with those who are now to take the accused in
        before = set((await case_of(work, about_both)).excluded)
    await merged(store, on)
    for _ in range(2):
        async with store.work() as work:
            case = await case_of(work, about_economy)
            culture = await unit(work, "vhxh_xa")
            assert str(culture) in case.excluded
            assert case.unit_id not in {culture, await unit(work, "kt_xa")}
            for code in ("minh", "tuan", "van", "hai"):
                assert relations(work, case, Actor(person_id=await person(work, code))) <= {Relation.ANYBODY}
            assert await cases.first_broken_line(work, case) is None
        await next_day(store, clock)
    await undone(store)
    async with store.work() as work:
        case = await case_of(work, about_economy)
        assert str(await unit(work, "vhxh_xa")) not in case.excluded
        assert str(await unit(work, "kt_xa")) in case.excluded
        assert set((await case_of(work, about_both)).excluded) == before


async def test_a_merger_undone_gives_the_cases_back(store: Store, clock: StoppedClock) -> None:
    """What is still where the merger put it goes back; what was moved on since stays."""
    await settled(store)
    (stays, goes) = await commune.open_cases(store, 2)
    await merged(store)
    await next_day(store, clock)
    async with store.work() as work:
        moved_on, economy = await unit(work, "ct_xa"), await unit(work, "kt_xa")
    await done(store, stays, (Act.REASSIGN, "van", {"unit_id": str(moved_on)}))
    await undone(store)
    async with store.work() as work:
        assert (await case_of(work, stays)).unit_id == moved_on
        assert (await case_of(work, goes)).unit_id == economy


async def test_officials_hear_once_and_count_nothing_close(store: Store, clock: StoppedClock) -> None:
    """Each official concerned gets one message for all cases; those kept close are not counted in it."""
    await settled(store)
    await commune.open_cases(store, 3)
    await told(store, "cán bộ công an xã vòi tiền 2 triệu của tôi ở thôn 3")
    async with store.work() as work:
        economy = await unit(work, "kt_xa")
        for case in (await work.session.scalars(select(Case))).all():
            case.unit_id = economy
    await merged(store)
    await next_day(store, clock)
    async with store.read() as work:
        posts = (await work.session.scalars(select(tables.Outbox))).all()
    texts = [post.body["text"] for post in posts if post.key.startswith("office:")]
    assert len(texts) == len({post.lane for post in posts if post.key.startswith("office:")}) == 2
    assert all("3 hồ sơ" in text for text in texts)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lives=st.lists(
        st.sampled_from(["waits", "taken", "asked", "answered", "reopened", "withdrawn"]), max_size=4
    ),
    days=st.integers(0, 3),
    carry=st.booleans(),
)
async def test_no_date_moves_and_no_history_breaks(
    sqlite_store: Store, lives: list[str], days: int, *, carry: bool
) -> None:
    """Whatever has become of the cases: a merger, and its undoing, change no date and break no chain."""
    store = sqlite_store
    async with store.read() as work:
        known = {found.code for found in work.rules.directory.units}
    if not known:
        await settled(store)
    codes = await commune.open_cases(store, len(lives)) if lives else []
    for code, life in zip(codes, lives, strict=True):
        await done(store, code, *LIVES[life])
    due = await dates(store, codes)
    start = store.clock.at  # type: ignore[attr-defined]
    await merged(store, (date(2026, 11, 16) + timedelta(days=days)).isoformat(), carry=carry)
    for _ in range(days):
        store.clock.at += timedelta(days=1)  # type: ignore[attr-defined]
        async with store.work() as work:
            await office.ring_all(work, [str(number) for number in await numbers(work)])
    await only_the_asked_move(store, codes, due, set() if carry else asked_of(lives))
    await undone(store)
    await only_the_asked_move(store, codes, due, set() if carry else asked_of(lives))
    store.clock.at = start  # type: ignore[attr-defined]


def asked_of(lives: list[str]) -> set[int]:
    """Return which of these cases wait for their citizen."""
    return {n for n, life in enumerate(lives) if life == "asked"}


async def only_the_asked_move(store: Store, codes: list[str], due: list[Any], asked: set[int]) -> None:
    """Check that no date moved but where whoever asked is gone: the days until then are not counted."""
    for n, (before, now) in enumerate(zip(due, await dates(store, codes), strict=True)):
        assert now == before or (n in asked and now > before)


LIVES: dict[str, tuple[tuple[Act, str, dict[str, Any]], ...]] = {
    "waits": (),
    "taken": ((Act.ACCEPT, "minh", {}),),
    "asked": ((Act.ACCEPT, "minh", {}), ASKED),
    "answered": ((Act.ACCEPT, "minh", {}), (Act.ANSWER, "minh", {"answer": "Đã thông cống ngày 16/11."})),
    "reopened": (
        (Act.ACCEPT, "minh", {}),
        (Act.ANSWER, "minh", {"answer": "Đã thông cống ngày 16/11."}),
        (Act.REOPEN, "citizen", {"reason": "Chưa làm xong"}),
    ),
    "withdrawn": ((Act.WITHDRAW, "citizen", {}),),
}


async def numbers(work: Work) -> list[int]:
    """Return the numbers of all changes of the directory."""
    return list(await work.session.scalars(select(tables.DirectoryChange.number)))


async def dates(store: Store, codes: list[str]) -> list[Any]:
    """Return when each case is due and whether its unit stands, after checking its history."""
    found: list[Any] = []
    async with store.work() as work:
        for code in codes:
            case = await case_of(work, code)
            assert await cases.first_broken_line(work, case) is None
            if case.state in OPEN_STATES:
                assert work.rules.directory.unit(case.unit_id).stands_on(work.today)
            found.append((case.due_at, case.due_on))
    return found


async def test_communes_merge_unit_by_unit(store: Store) -> None:
    """Each unit goes into the one of its type there, the rest to its reception; hamlets follow."""
    await settled(store)
    (code,) = await commune.open_cases(store, 1)
    there = """
areas:
  - {code: xa_2, name: xã Hòa An, kind: commune, parent: tinh, from: 2025-07-01}
units:
  - {code: ct_2, type: ct_xa, name: Chủ tịch Hòa An, area: xa_2, from: 2025-07-01}
  - {code: vp_2, type: vp_xa, name: Văn phòng Hòa An, area: xa_2, parent: ct_2, from: 2025-07-01}
  - {code: kt_2, type: kt_xa, name: Kinh tế Hòa An, area: xa_2, parent: ct_2, from: 2025-07-01}
"""
    async with store.work() as work:
        await directory.seed(work, there.encode(), "there.yaml")
    async with store.work() as work:
        order = {"do": "merge_commune", "unit": "xa", "into": "xa_2", "on": "2026-11-16"}
        await orders.carry_out(work, order, None)
    async with store.work() as work:
        known = work.rules.directory
        assert (await case_of(work, code)).unit_id == await unit(work, "kt_2")
        communes = [known.commune_of(hamlet.code) for hamlet in known.hamlets]
        assert {one.code for one in communes if one} == {"xa_2"}
        assert known.commune
        assert known.commune.code == "xa_2"
        held = known.held_by(await person(work, "hai"), work.today)
        assert [h.unit_id for h in held] == [await unit(work, "vp_2")]
