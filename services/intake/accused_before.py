"""Who may have done what a danger tells: "they" are those whom the same chat accused before."""

from collections.abc import Mapping
from typing import Any

from domain.understand import Understood
from domain.understand.dangers import may_be_done
from domain.understand.theirs import points_back
from services.intake import drafts
from services.standing import exclusion
from storage.cases import cases as stored
from storage.ground.work import Work
from storage.people.people import Chat


async def they(work: Work, chat: Chat, heard: Understood) -> tuple[str, ...]:
    """Return the ids of people and units that a danger may speak of without a name."""
    if not points_back(heard.text, by_people=may_be_done(heard.dangers)):
        return ()
    found = dict.fromkeys(one for part in drafts.parts(chat.talk or {}) for one in _in_draft(work, part))
    for case in await stored.open_of(work, chat.own):
        found |= dict.fromkeys((*(case.excluded_people or ()), *(case.excluded or ())))
    return tuple(found)


def _in_draft(work: Work, part: Mapping[str, Any]) -> list[str]:
    """Return who would stand outside of an open draft, as far as it is told."""
    words = drafts.all_words({"seed": part.get("seed", {}), "answers": part.get("answers", {})})
    if not words:
        return []
    said = exclusion.told(work.rules, words, work.today)
    if not said.wrong:
        return []
    wall = exclusion.around(work.rules, said, work.today)
    return sorted(map(str, (*wall.people, *wall.units)))
