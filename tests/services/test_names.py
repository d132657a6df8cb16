"""The names of officials among the rules: sealed where they are stored, there for who reads accusations."""

from domain.directory import Directory
from services.office import directory
from storage.ground.tables import Person
from storage.store.engine import Store

SEED = """\
areas:
  - {code: xa, name: xã Thử Nghiệm, kind: commune}
units:
  - {code: vp, type: vp_xa, name: Văn phòng HĐND và UBND, area: xa}
  - {code: ct, type: ct_xa, name: Chủ tịch UBND xã, area: xa}
people:
  - code: an
    name: Nguyễn Thị An
    roles: [{role: head, unit: ct, from: 2026-01-01}]
  - code: nam
    name: Trần Văn Năm
    roles: [{role: officer, unit: vp, from: 2026-01-01, to: 2026-02-01}]
"""


async def _directory(store: Store, seed: str) -> Directory:
    async with store.work() as work:
        await directory.seed(work, seed.encode(), "seed.yaml")
        session = work.session
        session.add(Person(name="Lê Thị Dân", created_at=work.now))  # a citizen who told their name
        assert set(work.rules.directory.names.values()) >= {"Nguyễn Thị An"} or "An" not in seed
    async with store.read() as work:
        return work.rules.directory


async def test_the_names_of_officials_are_among_the_rules(store: Store) -> None:
    """Theirs who hold or held a role, and no citizen's."""
    known = await _directory(store, SEED)
    assert sorted(known.names.values()) == ["Nguyễn Thị An", "Trần Văn Năm"]


async def test_a_new_name_is_known_at_once(store: Store) -> None:
    """In every process, from the next piece of work on."""
    await _directory(store, SEED)
    known = await _directory(store, SEED.replace("Nguyễn Thị An", "Nguyễn Thị Ân"))
    assert "Nguyễn Thị Ân" in known.names.values()
    assert "Nguyễn Thị An" not in known.names.values()


async def test_the_rules_find_who_is_accused(store: Store) -> None:
    """By the directory of this desk and its taxonomy, on the day."""
    await _directory(store, SEED)
    async with store.read() as work:
        told = work.rules.accused.read(
            "bà An chủ tịch xã nhận hối lộ, ông Năm văn phòng ủy ban quát dân", work.today
        )
        names = {work.rules.directory.names[person] for person in told.people}
        units = {work.rules.directory.unit(unit).code for unit in told.units}
    assert (told.wrong, names, units) == (True, {"Nguyễn Thị An", "Trần Văn Năm"}, {"ct", "vp"})
