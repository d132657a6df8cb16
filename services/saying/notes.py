"""Notes on a case: they stay with the unit in which they were written."""

import locales
from domain.cases import Act
from services.saying.wording import shortened
from services.standing import parties, reach
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat

_MOST = 3
"""Notes that are shown with a card, the latest."""


async def latest(work: Work, case: Case, chat: Chat) -> str:
    """Write the latest notes this chat's person may read, one line each: those of their own units.

    A unit the case was handed to does not read what another wrote; when the case comes back, it is there.
    """
    if case.history_length == 0 or chat.person_id is None:
        return ""
    units = {str(unit) for unit in reach.units_of(work, chat.person_id)}
    history = await stored.history(work, case)
    notes = [line for line in history if line.act == Act.NOTE and line.detail["unit_id"] in units]
    say = locales.words(chat.language)
    lines = []
    for event in notes[-_MOST:]:
        name = await people.name_of(work, parties.person_of(event.actor))
        day = locales.short_day(work.rules.calendar.local(event.at).date())
        lines.append(say("note.line", day=day, officer=name, text=shortened(event.detail["text"], 200)))
    return "".join(f"\n{line}" for line in lines)
