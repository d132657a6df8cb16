"""The packaged documents of law and policy, held against their own promises."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from domain.deadlines import Terms
from domain.law import NAMES, BadDocument, as_day, reading, seed


def rows() -> list[dict[str, Any]]:
    """All rows of the deadlines document."""
    found: list[dict[str, Any]] = seed("deadlines")["deadlines"]
    return found


def test_every_source_tag_leads_to_a_text() -> None:
    """Whatever tag a document names, the list of sources says where the text was seen."""
    sources = seed("sources")["sources"]
    texts = re.findall(
        r"\[(S\d+[a-z]?(?:, ?S\d+[a-z]?)*)\]", str([seed(n) for n in ("deadlines", "taxonomy")])
    )
    tags = {tag for text in texts for tag in re.split(", ?", text)}
    tags |= {tag for year in seed("holidays")["years"].values() for tag in year["source"]}
    assert len(tags) > 30
    assert tags <= sources.keys()
    assert all(sources.values())
    assert len(sources) == 75


def test_every_deadline_states_its_basis_and_confidence() -> None:
    """No number stands without its ground: 59 rows, known marks, and a source unless it is our own policy."""
    assert len(rows()) == 59
    marks = {"sourced", "memory_high", "memory_med", "memory_low", "proposal"}
    for row in rows():
        assert row["basis"] in {"statute", "party", "local", "policy"}
        assert row["conf"] in marks
        assert bool(row.get("source")) is (row["basis"] != "policy")
        assert row["conf"] != "sourced" or "[S" in row["source"]
        assert (row["conf"] == "proposal") is (row["basis"] == "policy")


def test_policy_documents_say_that_they_are_proposals() -> None:
    """Office hours, quiet hours, the morning, the zone and the reminders are marked as our own proposal."""
    for row in [*seed("office").values(), seed("deadlines")["reminders_default"]]:
        assert (row["basis"], row["conf"]) == ("policy", "proposal")


def test_only_known_documents_are_read() -> None:
    """Every named document is packaged; no other name opens a file."""
    assert all(isinstance(seed(name), dict) for name in NAMES)
    with pytest.raises(KeyError):
        seed("../law/office")


def test_a_misfit_names_its_document() -> None:
    """Whatever goes wrong while a document is read is one refusal that names it; other errors pass."""
    for misfit in (KeyError("years"), TypeError("x"), ValueError("x"), AttributeError("x")):
        with pytest.raises(BadDocument, match="holidays: " + type(misfit).__name__), reading("holidays"):
            raise misfit
    with pytest.raises(ZeroDivisionError), reading("holidays"):
        raise ZeroDivisionError


def test_a_day_is_read_from_whatever_carries_it() -> None:
    """A date, a datetime and an ISO string give the same date."""
    values = (date(2026, 11, 22), datetime(2026, 11, 22, 9), "2026-11-22")  # noqa: DTZ001 - YAML gives naive ones
    assert {as_day(value) for value in values} == {date(2026, 11, 22)}
    assert type(as_day(values[1])) is date


def test_a_row_of_one_kind_is_no_pillar() -> None:
    """Whatever stands first in the document, a kind without a row of its own gets the general one."""
    rows = seed("deadlines")["deadlines"]
    turned = Terms.parse({"deadlines": rows[::-1]})
    assert turned.service_term("khieu_nai", "thuong").id == "policy.thuong.xu_ly"
