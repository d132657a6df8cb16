"""What somebody of an office does to people is kept from them in words of no list, but for plain work."""

import pytest

from tests.domain.made_up import lines
from tests.domain.test_accused import of_demo


@pytest.mark.parametrize("row", lines("accused_subjects.tsv")[1:])
def test_who_does_something_to_somebody_is_meant(row: str) -> None:
    """By a unit, a post called by its work, a collective name, or after thanks that turn against them."""
    named, text = row.split("\t")
    people, units, wrong = of_demo(text)
    assert wrong
    assert " ".join(sorted([*people, *units])) == named
