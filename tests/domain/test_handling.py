"""How far officials go alone, and to whom a case may be handed on."""

from datetime import date
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.handling import Handling, suggest
from domain.law import BadDocument, seed
from domain.routing import Unit

TODAY = date(2026, 11, 23)
SPACE = UUID(int=7)
IDS = [uuid5(SPACE, str(number)) for number in range(6)]
GONE = IDS[5]
UNITS = [
    Unit(
        i,
        f"u{n}",
        "vp_xa",
        f"Đơn vị {n}",
        "hb",
        None,
        date(2025, 7, 1),
        date(2026, 1, 1) if i == GONE else None,
    )
    for n, i in enumerate(IDS)
]
some_ids = st.lists(st.sampled_from([*IDS, UUID(int=1)]))


@given(likely=some_ids, but=some_ids, most=st.integers(0, 5))
def test_only_units_that_may_have_it_are_proposed(likely: list[UUID], but: list[UUID], most: int) -> None:
    """In the order of likelihood, each once, at most so many; never one that is barred or does not stand."""
    found = [unit.id for unit in suggest(likely, UNITS, TODAY, but=but, most=most)]
    wanted = [unit for unit in dict.fromkeys(likely) if unit in IDS and unit not in {*but, GONE}]
    assert found == wanted[:most]


def test_the_office_document_says_how_far() -> None:
    """What the packaged document says are the defaults, and an admin may change each."""
    assert Handling.parse(seed("office")) == Handling() == Handling.parse({})
    changed = Handling.parse({"handling": {"transfers": 1, "bar_days": [3]}})
    assert (changed.transfers, changed.suggested, changed.bar_days) == (1, 3, (3,))


@pytest.mark.parametrize(
    "handling",
    [{"transfers": "two"}, {"bar_days": []}, {"suggested": -1}, {"bar_days": [7, -7]}, ["transfers"]],
)
def test_a_document_that_makes_no_sense_is_refused(handling: object) -> None:
    """Nobody is barred for no days, and nothing is negative."""
    with pytest.raises(BadDocument, match="office"):
        Handling.parse({"handling": handling})
