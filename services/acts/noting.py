"""Words among officials: a note, which never leaves the unit, and a chief's reminder."""

from dataclasses import dataclass
from typing import Any

from domain.cases import ANY_STATE, OPEN_STATES, Act, Relation
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import ActKind, Button, Deed, Request
from storage.people.people import name_of


@dataclass(frozen=True, slots=True)
class Note(Request):
    """What is noted."""

    text: str


async def _note(deed: Deed[Note]) -> None:
    """Keep the note with the unit that has the case now: it never leaves it."""
    deed.facts["unit_id"] = str(deed.case.unit_id)
    deed.facts["officer"] = await name_of(deed.work, deed.by.person_id)


async def _noted(to: Telling) -> None:
    if to.case.officer_id is not None:
        facts = {"officer": to.facts["officer"], "text": to.facts["text"]}
        await to.officials(parties.handling(to.work, to.case), "official.note_came", ("show",), **facts)


async def _nudged(to: Telling) -> None:
    await to.officials(parties.handling(to.work, to.case), "official.nudged", ("show",))


ACTS: tuple[ActKind[Any], ...] = (
    ActKind(
        act=Act.NOTE,
        takes=Note,
        by={Relation.OFFICER, Relation.SUPERVISOR},
        states=ANY_STATE,
        change=_note,
        news=_noted,
        quiet=True,
        button=Button(verb="note", place=130),
    ),
    ActKind(
        act=Act.NUDGE,
        by={Relation.SUPERVISOR},
        states=OPEN_STATES,
        news=_nudged,
        quiet=True,
        button=Button(verb="nudge", place=50, on_card=True),
    ),
)
