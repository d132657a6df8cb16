"""Which open cases are named beside another as alike, to whom; what is typed for it."""

from typing import Any

import pytest

from domain.cases import State
from handlers.engine import commands
from services.saying import likely
from services.standing import alike
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.conversations.player import Player
from tests.conversations.test_joined import THREE, everything


@pytest.fixture
async def town(player: Player) -> Player:
    """Open three cases of one drain; nobody has any of them."""
    await player.play(THREE)
    return player


# --- which are named ------------------------------------------------------------------------------


async def _named(work: Work, town: Player, case: Case) -> list[str]:
    work.recent.clear()
    await work.session.flush()
    chat = await people.chat(work, town.key("officer"))
    with work.within(case.area):
        return [one.code for one in likely.named(work, await alike.beside(work, case), chat)]


HIDDEN: dict[str, dict[str, Any]] = {
    "kept close": {"confidential": True},
    "sealed": {"sealed": True},
    "a complaint": {"kind": "khieu_nai"},
    "urgent": {"urgency": "khan"},
    "of another field": {"field": "dien"},
    "of another hamlet": {"area": "thon_4"},
    "about something else": {"summary": "nắp hố ga mất"},
    "answered": {"state": State.ANSWERED},
    "kept from somebody": {"excluded_people": ["00000000-0000-0000-0000-000000000007"]},
    "of another unit": {"unit_id": "vhxh_xa"},
    "joined already": {"joined": {"code": "LM-7K3M2R9"}},
    "the officer's own": {"senders": "officer"},
}


@pytest.mark.parametrize("change", HIDDEN.values(), ids=HIDDEN)
async def test_only_what_the_officer_reads_anyway_is_named(
    town: Player, commune_store: Store, change: dict[str, Any]
) -> None:
    """One thing is different, and the case is on no card but its own."""
    async with commune_store.work() as work:
        first, second, third, officer = await everything(work, town)
        assert set(await _named(work, town, third)) == {first.code, second.code}
        found = dict(change)
        if "area" in found:
            hamlets = [hamlet.code for hamlet in work.rules.directory.hamlets]
            found = {"area": next(code for code in hamlets if code != first.area)}
        if "unit_id" in found:
            units = work.rules.directory.units
            found = {"unit_id": next(unit.id for unit in units if unit.type == found["unit_id"])}
        if "senders" in found:
            found = {"senders": [str(officer.person_id)]}
        for name, value in found.items():
            setattr(first, name, value)
        assert await _named(work, town, third) == [second.code]


@pytest.mark.parametrize("change", [{"confidential": True}, {"sealed": True}, {"kind": "khieu_nai"}], ids=str)
async def test_beside_what_is_kept_close_nothing_is_named(
    town: Player, commune_store: Store, change: dict[str, Any]
) -> None:
    """Nothing leads from it to another, either."""
    async with commune_store.work() as work:
        third = (await everything(work, town))[2]
        for name, value in change.items():
            setattr(third, name, value)
        assert await _named(work, town, third) == []


async def test_what_is_named_is_noted_as_read(town: Player, commune_store: Store) -> None:
    """Whoever reads a headline on another case's card has read of that case."""
    async with commune_store.work() as work:
        first, _, third, officer = await everything(work, town)
        work.readings.clear()
        await _named(work, town, third)
        assert (first.id, officer.person_id, "list") in work.readings


# --- what is typed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("gộp LM-A5JVHJY vào LM-6NYWV4N", "join", "LM-6NYWV4N"),
        ("gop LMA5JVHJY vao LM6NYWV4N", "join", "LM-6NYWV4N"),
        ("gop lm a5jvhjy vao lm 6nywv4n", "join", "LM-6NYWV4N"),
        ("join LM-A5JVHJY to LM-6NYWV4N", "join", "LM-6NYWV4N"),
        ("gop LM-A5JVHJY", "join", ""),
        ("tách LM-A5JVHJY", "part", ""),
        ("tach lma5jvhjy", "part", ""),
        ("việc giống LM-A5JVHJY", "alike", ""),
        ("xem viec giong LM-A5JVHJY", "alike", ""),
    ],
)
def test_how_it_is_typed(text: str, name: str, rest: str) -> None:
    """With or without its marks and its dash."""
    command = commands.read(text)
    assert command is not None
    assert (command.name, command.code) == (name, "LM-A5JVHJY")
    assert commands.code_in(command.text) == rest


def test_parting_chats_is_still_typed_so() -> None:
    """“tách” alone is of chats, as before."""
    command = commands.read("tách")
    assert command is not None
    assert command.name == "unlink"
