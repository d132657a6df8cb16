"""The whole program besieged: what is sent without end, or opened and left, costs nobody else anything."""

import asyncio
from pathlib import Path

import pytest

from bench.siege import ATTACKS, besiege, desk

MOST_MB = 200
"""A picture of the largest size is unpacked, twice at its worst; nothing else takes more than a few."""


@pytest.mark.crash
@pytest.mark.storm
@pytest.mark.long
@pytest.mark.timeout(300)
def test_attacks_at_the_door_take_little_memory_and_leave_the_desk_answering(tmp_path: Path) -> None:
    """Endless forms, long words, pictures that unpack, idle lines: /healthz answers throughout."""
    with desk(tmp_path) as (port, pid):
        found = asyncio.run(besiege(port, pid))
    assert [one.attack for one in found[1:]] == [attack.__name__ for attack in ATTACKS]
    assert {one.attack: one.unanswered for one in found if one.unanswered} == {}
    assert {one.attack: one.memory for one in found if one.memory > MOST_MB} == {}
