"""The history of a matter as somebody may read it: who did what and when, by what its lines keep alone.

The matter itself may be gone. Who may read it is asked of its kind, anew each time, and acts without words
(`history.<kind>.<act>`) are nobody's to read.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import locales
from services.matters.kinds import MatterKind
from services.standing import parties
from services.standing.parties import Actor
from storage.ground.work import Work
from storage.people import matters as stored
from storage.people.matters import MatterEvent
from storage.people.people import name_of

_MOST = 200
"""Matters that are looked through at once for those somebody may read."""
_LINES = 4
"""Of one history the latest so many are shown."""
Kinds = Iterable[MatterKind[Any]]


async def readable(work: Work, kinds: Kinds, person: UUID, before: UUID | None, most: int) -> list[UUID]:
    """Return the latest matters whose history somebody may read, of those begun before one of them.

    Whoever began one may, and whom its kind names.
    """
    known = {kind.name: kind for kind in kinds}
    firsts = await stored.first_lines(work, sorted(known), before, _MOST)
    began = Actor(person_id=person).name
    mine = (
        line.matter_id
        for line in firsts
        if line.actor == began or known[line.kind].reads(work, person, line.detail)
    )
    return [matter_id for matter_id, _ in zip(mine, range(most), strict=False)]


async def written(work: Work, kinds: Kinds, matter_id: UUID, language: str) -> str:
    """Write the history of one, a line an act, the latest last."""
    known = {kind.name: kind for kind in kinds}
    lines = await stored.lines_of(work, sorted(known), matter_id)
    kind = known[lines[0].kind]
    facts = await kind.told(work, lines[0].detail, language)
    said = [await _said(work, f"history.{kind.name}", line, facts, language) for line in lines]
    return "\n".join([line for line in said if line][-_LINES:])


async def _said(work: Work, of: str, line: MatterEvent, facts: Mapping[str, Any], language: str) -> str:
    say, by_some = locales.words(language), f"{of}.{line.act}_by_some"
    key = by_some if line.detail.get("by_some") and locales.has(language, by_some) else f"{of}.{line.act}"
    if not locales.has(language, key):
        return ""
    who = await name_of(work, parties.person_of(line.actor))
    at = work.rules.calendar.local(line.at)
    return say(key, **{**line.detail, **facts, "who": who, "at": f"{at:%H:%M %d/%m}"})
