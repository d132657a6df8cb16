"""A desk of many communes: whoever serves in one of them is nobody in another, in every province."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from domain.directory import Directory
from domain.people import Absence, Area, Holding, Role
from domain.routing import Unit

FROM, TODAY = date(2025, 7, 1), date(2026, 11, 16)
SPACE = UUID(int=11)
PROVINCE = "tinh"


def named(name: str) -> UUID:
    """Return the id of what has this name."""
    return uuid5(SPACE, name)


def areas(communes: int) -> Iterator[Area]:
    """Yield a province, its communes and two hamlets of each, all of one name."""
    yield Area(PROVINCE, "tỉnh Mẫu", "province", None, FROM)
    for number in range(communes):
        yield Area(f"xa{number}", f"xã Mẫu {number}", "commune", PROVINCE, FROM)
        yield from (Area(f"xa{number}.{n}", f"thôn {n}", "hamlet", f"xa{number}", FROM) for n in (1, 2))


def unit(area: str, kind: str, above: str | None) -> Unit:
    """Build the unit of a kind in an area."""
    parent = named(above) if above else None
    return Unit(named(f"{area}/{kind}"), f"{area}/{kind}", kind, kind, area, parent, FROM)


def units(communes: int) -> Iterator[Unit]:
    """Yield the units of each commune, each below the province's."""
    yield unit(PROVINCE, "ct_tinh", None)
    yield unit(PROVINCE, "so", f"{PROVINCE}/ct_tinh")
    for area in (f"xa{number}" for number in range(communes)):
        yield unit(area, "ct_xa", f"{PROVINCE}/ct_tinh")
        yield unit(area, "vp_xa", f"{area}/ct_xa")
        yield unit(f"{area}.1", "tnv", f"{area}/vp_xa")


@st.composite
def desks(draw: st.DrawFn) -> Directory:
    """Draw a province of two to six communes in which anybody may be anything, and stand in for anybody."""
    communes = draw(st.integers(2, 6))
    there = list(units(communes))
    people = [UUID(int=n) for n in range(1, 13)]
    holdings = draw(
        st.lists(
            st.builds(
                Holding,
                st.sampled_from(people),
                st.sampled_from([one.id for one in there]),
                st.sampled_from(list(Role)),
                st.just(FROM),
            ),
            max_size=30,
        )
    )
    away = draw(
        st.lists(
            st.builds(
                Absence, st.sampled_from(people), st.sampled_from(people), st.just(TODAY), st.just(TODAY)
            ),
            max_size=3,
        )
    )
    names = {person: f"Người {person.int}" for person in people}
    return Directory(tuple(areas(communes)), tuple(there), tuple(holdings), tuple(away), names)


def commune_of(directory: Directory, unit_id: UUID) -> str | None:
    """Return the commune a unit stands in, by the spelling of its area; None for the province's."""
    area = directory.unit(unit_id).area
    return None if area == PROVINCE else area.partition(".")[0]


@given(desks())
def test_nothing_of_another_commune_is_seen_from_one(desk: Directory) -> None:
    """No unit, role, stand-in or name of a neighbour; all of its own and of what is above."""
    for commune in desk.communes:
        part = desk.part(commune.code)
        wanted = {u.id for u in desk.units if commune_of(desk, u.id) in {commune.code, None}}
        assert {u.id for u in part.units} == wanted
        assert set(part.holdings) == {h for h in desk.holdings if h.unit_id in wanted}
        serving = {h.person_id for h in part.holdings}
        assert all(absence.person_id in serving for absence in part.absences)
        assert all({*part.stand_ins(person, TODAY)} <= serving for person in serving)
        assert set(part.names) == serving
        assert part.commune is not None
        assert part.commune.code == commune.code
        assert {area.code for area in part.hamlets} == {f"{commune.code}.1", f"{commune.code}.2"}


@given(desks())
def test_a_hamlet_sees_what_its_commune_sees(desk: Directory) -> None:
    """And it is the same object, so that what is learned of it is learned once."""
    for area in desk.areas:
        here = desk.commune_of(area.code)
        assert desk.part(area.code) is desk.part(here.code if here else PROVINCE)


@given(desks())
def test_from_the_province_itself_only_its_own_units_are_seen(desk: Directory) -> None:
    """What nobody has placed in a commune yet is no commune's."""
    part = desk.part(PROVINCE)
    assert {u.area for u in part.units} == {PROVINCE}
    assert not part.hamlets


@given(desks())
def test_a_unit_has_a_say_in_its_commune_and_the_province_in_all(desk: Directory) -> None:
    """Never in a neighbour, never upwards: in the whole desk as in a part of it."""
    for one in desk.units:
        for other in desk.units:
            own, of = commune_of(desk, one.id), commune_of(desk, other.id)
            assert desk.reaches(one.id, other.id) == (own is None or own == of)
    for commune in desk.communes:
        part = desk.part(commune.code)
        for one in part.units:
            for other in part.units:
                assert part.reaches(one.id, other.id) == desk.reaches(one.id, other.id)


@given(desks(), st.sampled_from(list(Role)))
def test_who_holds_a_role_comes_by_level_nobody_twice(desk: Directory, role: Role) -> None:
    """First the commune's, then the province's."""
    for commune in desk.communes:
        part = desk.part(commune.code)
        steps = part.by_level(role, TODAY)
        everybody = [person for step in steps for person in step]
        assert len(everybody) == len(set(everybody))
        assert set(everybody) == {h.person_id for h in part.holdings if h.role is role}
        local = {
            h.person_id
            for h in desk.holdings
            if h.role is role and commune_of(desk, h.unit_id) == commune.code
        }
        assert set(part.holding(role, 0, TODAY)) == local


def test_one_commune_is_its_own_part() -> None:
    """Nothing changes for who serves one commune, with or without a province above it."""
    desk = Directory(tuple(areas(1)), tuple(units(1)))
    assert desk.part("xa0.1") is desk
    assert desk.part("nowhere") is desk
    assert desk.commune is not None


def test_a_commune_that_has_ended_leaves_one_commune() -> None:
    """Two that were merged are one desk again."""
    there = [a if a.code != "xa1" else Area(a.code, a.name, a.kind, a.parent, FROM, TODAY) for a in areas(2)]
    desk = Directory(tuple(there), tuple(units(2)))
    assert not desk.is_wide
    assert desk.part("xa1") is desk


def test_what_stands_elsewhere_can_be_looked_up_by_its_id() -> None:
    """A case that came from a neighbour still says whose it was."""
    desk = Directory(tuple(areas(2)), tuple(units(2)))
    part = desk.part("xa0")
    assert part.unit(named("xa1/vp_xa")).area == "xa1"
    assert part.area("xa1").name == "xã Mẫu 1"
