"""The seed of the directory: all that is wrong is told at once, nothing is doubled or half written."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from domain.people import Role
from domain.understand.gazetteer import Gazetteer
from services.office import directory, seed_file
from services.office.directory import Count, SeedRefused
from services.office.seed_file import Problems
from storage.ground import tables
from storage.store.engine import Store
from tests.conftest import KEYS, StoppedClock

DEMO = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
TODAY = date(2026, 11, 16)
SMALL = """\
areas:
  - {code: xa, name: xã Thử Nghiệm, kind: commune}
  - {code: thon, name: thôn Đông, kind: hamlet, parent: xa}
units:
  - {code: vp, type: vp_xa, name: Văn phòng, area: xa, parent: ct, phone: "1022"}
  - {code: ct, type: ct_xa, name: Chủ tịch, area: xa}
people:
  - code: an
    name: Nguyễn Thị An
    phone: 0912 345 678
    roles:
      - {role: head, unit: ct, from: 2026-01-01}
      - {role: officer, unit: vp}
"""
SMALL_CSV = """\
what;code;name;kind;type;area;parent;phone;person;role;unit;from;to
area;xa;xã Thử Nghiệm;commune;;;;;;;;;
area;thon;thôn Đông;hamlet;;;xa;;;;;;
unit;vp;Văn phòng;;vp_xa;xa;ct;1022;;;;;
unit;ct;Chủ tịch;;ct_xa;xa;;;;;;;
person;an;Nguyễn Thị An;;;;;912345678;;;;;
role;;;;;;;;an;head;ct;2026-01-01;
role;;;;;;;;an;officer;vp;;
"""
UNCHANGED = {"area": Count(0, 0, 2), "unit": Count(0, 0, 2), "person": Count(0, 0, 1), "role": Count(0, 0, 2)}


async def seeded(
    store: Store, content: str, name: str = "seed.yaml", *, check: bool = False
) -> dict[str, Count]:
    """Seed from a text."""
    async with store.work() as work:
        return await directory.seed(work, content.encode(), name, check=check)


async def refused(store: Store, content: str, name: str = "seed.yaml") -> list[str]:
    """Return the problems of a text that must be refused."""
    with pytest.raises(SeedRefused) as error:
        await seeded(store, content, name)
    return error.value.problems


async def rows(store: Store) -> dict[str, list[Any]]:
    """Return everything that is stored of the directory."""
    async with store.read() as work:
        found = {}
        for table in (tables.Area, tables.UnitRow, tables.Person, tables.RoleRow, tables.Rule):
            query = select(*table.__table__.columns).order_by(*table.__table__.primary_key.columns)
            found[table.__tablename__] = [tuple(row) for row in await work.session.execute(query)]
        return found


async def roles(store: Store) -> list[tuple[str, date, date | None]]:
    """Return the roles by name with their periods."""
    async with store.read() as work:
        query = select(tables.RoleRow).order_by(tables.RoleRow.role, tables.RoleRow.valid_from)
        return [(row.role, row.valid_from, row.valid_to) for row in await work.session.scalars(query)]


async def test_the_demo_stands_on_its_feet(store: Store) -> None:
    """The packaged demo is accepted, and its rules know reception, heads, duty and admin."""
    async with store.work() as work:
        await directory.seed(work, DEMO.read_bytes(), DEMO.name)
    async with store.read() as work:
        known = work.rules.directory
        assert known.commune
        assert known.commune.name == "xã Tân Lập Mẫu"
        assert len(known.hamlets) == 8
        hotline = known.hotline(TODAY)
        assert hotline
        assert hotline.phone == "0200 000 0113"
        assert all(known.everyone(role, TODAY) for role in Role)
        for unit in known.units:
            chief = Role.HEAD if unit.type in {"ct_xa", "dang_xa"} else Role.SUPERVISOR
            assert known.holders(unit.id, {chief}, TODAY), unit.code


def test_the_demo_is_no_place_on_the_map() -> None:
    """Nobody's commune and nobody's province is used to try the desk out, and nobody's number."""
    gazetteer = Gazetteer.load()
    home = gazetteer.home("tỉnh Mẫu", "xã Tân Lập Mẫu")
    assert gazetteer.province("tỉnh Mẫu") is None
    assert home is not None
    assert home.code is None
    assert "tan lap mau" not in gazetteer._by_name
    assert not any("phone" in person for person in yaml.safe_load(DEMO.read_text())["people"])


async def test_a_second_run_changes_nothing(store: Store, clock: StoppedClock) -> None:
    """A day later the same file finds every row as it is: no row, no day and no version moves."""
    await seeded(store, SMALL)
    before = await rows(store)
    clock.pass_(days=1)
    assert await seeded(store, SMALL) == UNCHANGED
    assert await rows(store) == before


async def test_csv_says_the_same_as_yaml(store: Store) -> None:
    """A spreadsheet's sheet is the same seed: semicolons, a lost zero, empty lines, two bytes a letter."""
    await seeded(store, SMALL)
    assert await seeded(store, "\ufeff" + SMALL_CSV, "seed.csv") == UNCHANGED
    assert await seeded(store, " ;;\n\n" + SMALL_CSV, "seed.csv") == UNCHANGED
    async with store.work() as work:
        unicode_text = await directory.seed(work, SMALL_CSV.encode("utf-16"), "seed.csv")
    assert unicode_text == UNCHANGED


async def test_what_changed_is_updated_and_what_is_new_is_added(store: Store) -> None:
    """A changed name, parent and end are written to the rows that are there; ids stay."""
    await seeded(store, SMALL)
    before = await rows(store)
    changed = SMALL.replace("thôn Đông", "thôn Tây").replace("unit: vp}", "unit: vp, to: 2026-12-31}")
    changed = changed.replace("parent: ct,", "parent: kt,")
    changed = changed.replace(
        "people:", "  - {code: kt, type: kt_xa, name: Kinh tế, area: xa, parent: ct}\npeople:"
    )
    assert await seeded(store, changed) == {
        "area": Count(0, 1, 1),
        "unit": Count(1, 1, 1),
        "person": Count(0, 0, 1),
        "role": Count(0, 1, 1),
    }
    after = await rows(store)
    assert {row[0] for row in before["unit"]} < {row[0] for row in after["unit"]}
    assert [row[0] for row in before["role"]] == [row[0] for row in after["role"]]
    assert ("officer", TODAY, date(2026, 12, 31)) in await roles(store)


async def test_what_is_left_out_stays(store: Store) -> None:
    """Nothing is deleted: a later file may hold only what is new, and may name what is stored."""
    await seeded(store, SMALL)
    more = "people: [{code: binh, name: Trần Bình, roles: [{role: supervisor, unit: vp, from: 2026-12-01}]}]"
    counts = await seeded(store, more)
    assert counts == {"area": Count(), "unit": Count(), "person": Count(1), "role": Count(1)}
    assert len(await roles(store)) == 3


async def test_a_role_may_come_back(store: Store) -> None:
    """A second period of a role is a second row, and the first keeps its end."""
    ended = "{role: officer, unit: vp, from: 2026-01-01, to: 2026-03-31}"
    await seeded(store, SMALL.replace("{role: officer, unit: vp}", ended))
    again = f"{ended}\n      - {{role: officer, unit: vp, from: 2026-06-01}}"
    counts = await seeded(store, SMALL.replace("{role: officer, unit: vp}", again))
    assert counts["role"] == Count(1, 0, 2)
    assert [held[1:] for held in await roles(store) if held[0] == "officer"] == [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 1), None),
    ]


async def test_periods_of_one_role_do_not_overlap(store: Store) -> None:
    """Ending one of two overlapping rows would not end the role, so the second is refused, stored or not."""
    await seeded(store, SMALL)
    lines = await refused(store, SMALL.replace("unit: vp}", "unit: vp, from: 2026-02-01}"))
    said = "role of “an”: overlaps the same role from 2026-11-16 on; end that: “from: 2026-11-16” and a “to”"
    assert lines == [f"seed.yaml:13: {said}"]


async def test_days_left_out_are_today_and_open(store: Store) -> None:
    """A row without days is valid from the desk's own day on."""
    await seeded(store, SMALL)
    async with store.read() as work:
        area = (await work.session.scalars(select(tables.Area).where(tables.Area.code == "xa"))).one()
        assert (area.valid_from, area.valid_to) == (TODAY, None)
    assert await roles(store) == [("head", date(2026, 1, 1), None), ("officer", TODAY, None)]


async def test_names_and_numbers_of_people_are_sealed(store: Store) -> None:
    """No cell of the person table shows the name or the number; the blind index finds the number."""
    await seeded(store, SMALL)
    async with store.read() as work:
        raw = (await work.session.execute(text("select name, phone, phone_key, code from person"))).one()
        person = (await work.session.scalars(select(tables.Person))).one()
    shown = " ".join(bytes(value).hex() if not isinstance(value, str) else value for value in raw)
    assert "912345678" not in shown
    assert "Nguyễn".encode().hex() not in shown
    assert (person.name, person.phone) == ("Nguyễn Thị An", "+84912345678")
    assert person.phone_key == KEYS.blind("phone", "+84912345678")


async def test_a_check_writes_nothing(store: Store) -> None:
    """--check counts as the real run would, and leaves the database alone."""
    before = await rows(store)
    checked = await seeded(store, SMALL, check=True)
    assert await rows(store) == before
    assert await seeded(store, SMALL) == checked


async def test_every_replica_learns_of_it(store: Store) -> None:
    """One version of the directory is written a run that changed something."""
    for content in (SMALL, SMALL, SMALL.replace("Văn phòng", "Văn phòng xã")):
        await seeded(store, content)
    async with store.read() as work:
        count = select(func.max(tables.Rule.version)).where(tables.Rule.name == "directory")
        assert await work.session.scalar(count) == 2


BAD = {
    "kind: commune}": ("kind: comune}", "2: area “xa”: unknown kind “comune”; did you mean “commune”?"),
    "type: ct_xa": ("type: kt_xaa", "6: unit “ct”: unknown type “kt_xaa”; did you mean “kt_xa”?"),
    "parent: xa}": ("parent: xá}", "3: area “thon”: unknown parent “xá”; write one of thon, xa"),
    "parent: ct,": ("parent: cta,", "5: unit “vp”: unknown parent “cta”; did you mean “ct”?"),
    "area: xa, parent": ("area: x, parent", "5: unit “vp”: unknown area “x”; did you mean “xa”?"),
    "role: officer": ("role: boss", "13: role of “an”: unknown role “boss”; write one of admin, duty, head"),
    "unit: vp}": ("unit: vq}", "13: role of “an”: unknown unit “vq”; write one of ct, vp"),
    "from: 2026-01-01": ("from: 1/2/2026", "12: role of “an”: “from” is not a day; write 2026-02-01"),
    "2026-01-01}": ("20260101}", "12: role of “an”: “from” is not a day; write year-month-day"),
    "0912 345 678": ("0912 345", "10: person “an”: no valid phone number; write it like 0912 345 678"),
    '"1022"': ("gọi tôi", "5: unit “vp”: a phone number is digits and spaces, such as 0200 000 0113"),
    "code: thon": ("code: xa", "3: area “xa”: the code already stands on line 2; write another"),
    "{code: ct,": ("{", "6: unit: no “code”; give it one, such as kt_xa"),
    "code: an": ("code: Nguyễn An", "8: person “Nguyễn An”: a code is 1 to 40 letters a-z"),
    "name: Chủ tịch": ("nmae: Chủ tịch", "6: unit “ct”: unknown field “nmae”; did you mean “name”?"),
    "xã Thử Nghiệm": ("5", "2: area “xa”: case codes begin with two letters of the name"),
    "kind: hamlet": ("kind: hamlet, kind: commune", "3: area: “kind” is written twice; keep one"),
    "units:": ("unit:", "4: unknown list “unit”; did you mean “units”?"),
    "vp_xa": ("kt_xa", "1: no reception desk; add a unit of type vp_xa"),
    "role: head": ("role: supervisor", "1: no head; give the chair of the commune “role: head”"),
    "name: Văn phòng": ("name: [a, b]", "5: unit: “name” must be one value"),
    "area: xa}": (
        "area: xa, to: 2026-11-15}",
        "6: unit “ct”: the period ends on 2026-11-15 before it begins",
    ),
}


@pytest.mark.parametrize("right", BAD)
async def test_each_mistake_is_told_with_its_line_and_the_way_out(sqlite_store: Store, right: str) -> None:
    """Nothing is written, and the line says what to write instead."""
    wrong, said = BAD[right]
    assert right in SMALL
    lines = await refused(sqlite_store, SMALL.replace(right, wrong))
    assert any(line.startswith(f"seed.yaml:{said}") for line in lines), lines
    assert not any((await rows(sqlite_store)).values())


async def test_all_mistakes_are_told_at_once(store: Store) -> None:
    """Three mistakes on three lines are three lines, in the file's order."""
    content = (
        SMALL.replace("ct_xa", "ctt_xa").replace("kind: hamlet", "kind: town").replace("officer", "ofcer")
    )
    assert [line.split(": ")[0] for line in await refused(store, content)] == [
        "seed.yaml:3",
        "seed.yaml:6",
        "seed.yaml:13",
    ]


async def test_nobody_is_his_own_grandparent(store: Store) -> None:
    """A circle of parents is told once, whether the file closes it alone or together with what is stored."""
    content = SMALL.replace("name: Chủ tịch,", "name: Chủ tịch, parent: vp,")
    told = "unit “vp”: its parents lead back to itself (vp → ct → vp); leave one out"
    assert await refused(store, content) == [f"seed.yaml:5: {told}"]
    await seeded(store, SMALL)
    lines = await refused(store, "units: [{code: ct, type: ct_xa, name: Chủ tịch, area: xa, parent: vp}]")
    assert lines == ["seed.yaml:1: unit “ct”: its parents lead back to itself (ct → vp → ct); leave one out"]


async def test_a_desk_that_ends_is_no_desk(store: Store) -> None:
    """A reception or a head whose period is over counts as missing."""
    content = SMALL.replace("unit: ct, from: 2026-01-01", "unit: ct, from: 2026-01-01, to: 2026-11-15")
    assert [line[:20] for line in await refused(store, content)] == ["seed.yaml:1: no head"]


async def test_messages_repeat_no_personal_data(sqlite_store: Store) -> None:
    """A refused name or number is not shown again."""
    content = SMALL.replace("0912 345 678", "0987").replace("Nguyễn Thị An", "Nguyễn\u200b Thị An")
    told = " ".join(await refused(sqlite_store, content))
    assert "0987" not in told
    assert "Thị" not in told


async def test_a_sheet_with_strange_columns_is_refused(sqlite_store: Store) -> None:
    """A misspelt column, a missing one and a strange kind of row are told."""
    lines = await refused(sqlite_store, SMALL_CSV.replace("kind;", "knd;", 1), "s.csv")
    assert "s.csv:1: unknown column “knd”; did you mean “kind”?" in lines
    lines = await refused(sqlite_store, ";;\n\n" + SMALL_CSV.replace("kind;", "knd;", 1), "s.csv")
    assert "s.csv:3: unknown column “knd”; did you mean “kind”?" in lines
    days = SMALL_CSV.replace("2026-01-01", "1/2/2026", 1)  # as Excel writes them where it may
    assert days != SMALL_CSV
    assert any(
        "is not a day; write 2026-02-01" in line for line in await refused(sqlite_store, days, "s.csv")
    )
    assert any("no column “what”" in line for line in await refused(sqlite_store, "code,name\n", "s.csv"))
    lines = await refused(sqlite_store, SMALL_CSV.replace("unit;vp", "units;vp"), "s.csv")
    assert "s.csv:4: “what” is “units”; did you mean “unit”?" in lines
    lines = await refused(
        sqlite_store, SMALL_CSV.replace("role;;;;;;;;an;head", "role;;;;;;;;a;head"), "s.csv"
    )
    assert lines == ["s.csv:7: role of “a”: unknown person “a”; did you mean “an”?"]


WORDS = ["areas", "units", "people", "roles", "code", "name", "kind", "parent", "from", "to", "unit", "role"]
SCALARS = st.one_of(st.sampled_from([*WORDS, "xa", "2026-02-30", "vp_xa", "head"]), st.text(), st.integers())
TREES = st.recursive(
    SCALARS | st.none() | st.booleans() | st.floats() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=5),
)
SEEDS = st.dictionaries(
    st.sampled_from(["areas", "units", "people"]), st.lists(st.dictionaries(st.sampled_from(WORDS), TREES))
)
BITS = st.lists(
    st.sampled_from([*SMALL.split(" "), "[", "]", "{", "}", "&a", "*a", "!!x", "\t", "\n", '"\\U00110000"'])
)


def _dumped(trees: Iterable[Any]) -> st.SearchStrategy[bytes]:
    return st.one_of(*trees).map(
        lambda tree: yaml.dump(tree, allow_unicode=True, Dumper=yaml.Dumper).encode("utf-8", "replace")
    )


GARBAGE = st.one_of(
    st.binary(),
    st.text().map(str.encode),
    BITS.map(lambda bits: " ".join(bits).encode()),
    _dumped([TREES, SEEDS]),
)
PROBLEM = re.compile(r"s\.\w+:\d+: .*\S")


@example(b"", "s.csv")
@given(GARBAGE, st.sampled_from(["s.yaml", "s.csv", "s.txt"]))
@settings(max_examples=200, deadline=None)
def test_garbage_is_told_in_lines(data: bytes, name: str) -> None:
    """Whatever a file holds, reading and checking it never fails; what is wrong is a line with a number."""
    problems = Problems(name)
    reading = directory._Reading(problems, directory.Known(), {"vp_xa", "ct_xa"}, TODAY)
    reading.take(seed_file.read(data, problems))
    assert problems.found
    for line in problems.lines():
        assert PROBLEM.fullmatch(line), line
    lines = data.count(b"\n") + data.count(b"\r") + 2
    assert all(1 <= line <= lines or b"\xc2\x85" in data or b"\xe2\x80" in data for line, _ in problems.found)


@pytest.mark.parametrize(
    "data", [b"[" * 5000, b"a: " * 3000, b'"\\ud800"', b"\xff", b"\0", b"", b"x", b"areas: 1"]
)
def test_extreme_files_are_told_in_lines(data: bytes) -> None:
    """Brackets without end, impossible characters and empty files are told too."""
    problems = Problems("s.yaml")
    seed_file.read(data, problems)
    assert len(problems.lines()) == 1
