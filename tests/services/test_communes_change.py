"""Communes are merged and split on their day: until then nothing changes, then everything has followed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.directory import Directory
from domain.people import Area
from scheduler.clock import tick
from services.office import directory, office, orders
from services.office.order_checks import CannotOrder
from services.standing import homes
from storage.cases import cases as stored
from storage.people import people
from tests.services.levels import Province
from tests.services.two_channels import key
from tests.storage.commune import work_off
from tests.storage.province import NEIGHBOUR, OURS

DAY = date(2026, 12, 1)
ON_THE_DAY = datetime(2026, 11, 30, 17, 0, 1, tzinfo=UTC)  # a second after midnight there
THIRD = """
areas:
  - {code: minh_tan, name: xã Minh Tân, kind: commune, parent: tinh_mau, from: 2026-12-01, prefix: MT}
units:
  - {code: mt_ct, type: ct_xa, name: Chủ tịch UBND xã Minh Tân, area: minh_tan, from: 2026-12-01}
  - {code: mt_vp, type: vp_xa, name: Văn phòng Minh Tân, area: minh_tan, parent: mt_ct, from: 2026-12-01}
  - {code: mt_kt, type: kt_xa, name: Phòng Kinh tế Minh Tân, area: minh_tan, parent: mt_ct, from: 2026-12-01}
people:
  - {code: mt_an, name: Trương Thế An, roles: [{role: officer, unit: mt_kt, from: 2026-12-01}]}
  - {code: mt_ha, name: Ngô Thị Hạ, roles: [{role: head, unit: mt_ct, from: 2026-12-01}]}
"""


async def order(wide: Province, **what: object) -> int:
    """Carry out an order of the command line; returns the change's number."""
    async with wide.store.work() as work:
        _, change = await orders.carry_out(work, what, None)
        return change.number


async def the_day_comes(wide: Province) -> None:
    """Let the day begin, and all that is to follow from it; in the morning people read of it."""
    for at in (ON_THE_DAY, ON_THE_DAY.replace(day=1, month=12, hour=1)):
        wide.clock.at = at
        await tick(wide.store)
        await work_off(wide.desk)


async def served(wide: Province) -> list[str]:
    """Return which communes are served."""
    async with wide.store.read() as work:
        return [commune.code for commune in work.desk.directory.communes]


async def test_a_planned_merger_changes_nothing_before_its_day(wide: Province) -> None:
    """The commune is served, by its own people, its hamlets are its own, and it takes cases."""
    await order(wide, do="merge_commune", unit=NEIGHBOUR, into=OURS, on=DAY.isoformat())
    assert await served(wide) == [NEIGHBOUR, OURS]
    code = await wide.open("cống bị tắc mấy hôm rồi, mưa là ngập đường", area=NEIGHBOUR)
    assert await wide.has(code) == "ba_kt_xa"
    assert "officer" in await wide.relations("ba_kt_son", code)
    assert "supervisor" not in await wide.relations("chu_tich", code)
    async with wide.store.read() as work:
        desk = work.desk.directory
        assert desk.is_wide
        assert {desk.area(f"ba_thon_{n}").parent for n in (1, 2)} == {NEIGHBOUR}
        assert dict(work.desk.served.communes).keys() == {OURS, NEIGHBOUR}


async def test_on_its_day_cases_clocks_and_chats_have_followed(wide: Province) -> None:
    """Their codes, beginnings and histories are the same; the citizen reads who has it now."""
    theirs = await wide.open("cống bị tắc mấy hôm rồi, mưa là ngập đường", area=NEIGHBOUR, who="ba")
    ours = await wide.open()
    async with wide.store.work() as work:
        (await people.chat(work, key(work, "ba"))).commune = NEIGHBOUR
    async with wide.at(theirs) as (work, case):
        begun, due, lines = case.clock_from, case.due_on, len(await stored.history(work, case))
    await order(wide, do="merge_commune", unit=NEIGHBOUR, into=OURS, on=DAY.isoformat())
    await the_day_comes(wide)
    assert await served(wide) == [OURS]
    async with wide.at(theirs) as (work, case):
        assert (case.code, case.clock_from, case.due_on) == (theirs, begun, due)
        assert len(await stored.history(work, case)) > lines
        desk = work.desk.directory
        assert desk.unit(case.unit_id).code == "kt_xa"
        here = desk.commune_of(case.area)
        assert here is not None
        assert here.code == OURS
        assert not desk.is_wide
        chat = await people.chat(work, key(work, "ba"))
        assert homes.is_ours(work, chat.commune)
        assert desk.commune_of(chat.commune or "") is here
    assert await wide.has(ours) == "kt_xa"
    assert "supervisor" in await wide.relations("chu_tich", theirs)
    assert any(theirs in text and "Phòng Kinh tế" in text for text in wide.told("ba"))
    assert not any("nay do" in text for text in wide.told("dan"))
    for who, code in (("ba", theirs), ("dan", ours)):
        assert code in await wide.says(who, f"tra cuu {code}")
    new = await wide.open("đèn đường bị hỏng mấy hôm nay", who="hoa")
    assert await wide.has(new) == await wide.has(ours)


async def test_a_merger_that_is_taken_back_leaves_both(wide: Province) -> None:
    """Before its day nothing had happened yet."""
    number = await order(wide, do="merge_commune", unit=NEIGHBOUR, into=OURS, on=DAY.isoformat())
    async with wide.store.work() as work:
        await office.undo(work, number)
    await the_day_comes(wide)
    assert await served(wide) == [NEIGHBOUR, OURS]


async def test_a_commune_is_split_on_its_day(wide: Province) -> None:
    """A new one is served from its first day; a hamlet goes over to it with its open cases, others stay."""
    async with wide.store.work() as work:
        await directory.seed(work, THIRD.encode(), "third.yaml")
    assert await served(wide) == [NEIGHBOUR, OURS]
    goes, stays = await wide.open(), await wide.open("cống thôn 4 bị tắc, ngập đường", who="ba")
    async with wide.at(stays) as (_, case):
        case.area = "thon_4"
    async with wide.at(goes) as (_, case):
        hamlet, begun = case.area, case.clock_from
    with pytest.raises(CannotOrder):
        await order(wide, do="move_area", area=hamlet, into="minh_tan", on="2026-11-20")
    await order(wide, do="move_area", area=hamlet, into="minh_tan", on=DAY.isoformat())
    assert await wide.has(goes) == "kt_xa"
    await the_day_comes(wide)
    assert await served(wide) == [NEIGHBOUR, "minh_tan", OURS]
    assert (await wide.has(goes), await wide.has(stays)) == ("mt_kt", "kt_xa")
    async with wide.at(goes) as (work, case):
        assert (case.area, case.clock_from) == (hamlet, begun)
        assert work.rules_of(case).commune == "minh_tan"
    assert "officer" not in await wide.relations("kt_tuan", goes)
    assert any(goes in text and "Phòng Kinh tế Minh Tân" in text for text in wide.told("dan"))
    assert not any("nay do" in text for text in wide.told("ba"))
    new = await wide.open("cống bị tắc lần nữa, ngập đường", area=hamlet, who="hoa")
    assert await wide.has(new) == "mt_kt"


areas_ = st.lists(
    st.builds(
        lambda n, first, last: Area(f"xa_{n}", f"xã {n}", "commune", "tinh", first, last),
        st.integers(0, 99),
        st.dates(date(2026, 1, 1), date(2026, 6, 1)),
        st.none() | st.dates(date(2026, 6, 2), date(2026, 12, 31)),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda area: area.code,
)


@given(areas_, st.dates(date(2026, 1, 1), date(2027, 1, 31)))
def test_a_day_is_seen_as_its_periods_say(areas: list[Area], day: date) -> None:
    """Whichever days were looked at before, and once more it is the same object."""
    desk = Directory(areas=tuple(areas))
    for earlier in (date(2026, 3, 1), day, date(2026, 9, 1)):
        seen = desk.on(earlier)
        assert [one.code for one in seen.communes] == [a.code for a in areas if a.stands_on(earlier)]
        assert desk.on(earlier) is seen
