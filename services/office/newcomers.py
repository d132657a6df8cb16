"""Who has just come in sees what waited for somebody to come: what cannot wait first, in one message."""

import locales
from domain.cases import Relation, State
from domain.messages import Choice
from services.office import unheard
from services.saying import cards
from services.standing import parties, reach, superiors
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office import documents
from storage.people import reached
from storage.people.people import Chat

_MOST = 7
"""Cases with a line of their own: with the way to the rest each has a digit."""
_MAY_TAKE = frozenset({Relation.OFFICER, Relation.SUPERVISOR})
_UNTAKEN = frozenset({State.RECEIVED, State.REOPENED})


async def waiting(work: Work, chat: Chat) -> tuple[str, tuple[Choice, ...]]:
    """Return what waits for this chat's person, in words and as lines to press; empty where nothing does."""
    await reached.load(work)
    theirs = await documents.open_cases_of(work, reach.units_below(work, [chat.person_id]))
    found = [case for case in theirs if _waits_for(work, case, chat)]
    ordered = sorted(found, key=lambda case: (not _rings(work, case), case.opened_at, case.code))
    lines = [cards.listed(work, case, chat) for case in ordered[:_MOST]]
    if len(ordered) > _MOST:
        say = locales.words(chat.language)
        lines.append(Choice(say("digest.all"), "menu:mine", typed=say("digest.typed")))
    parts = [_counted(work, ordered, chat), await _faults(work, chat)]
    return "\n".join(part for part in parts if part), tuple(lines)


def _waits_for(work: Work, case: Case, chat: Chat) -> bool:
    """Say whether nobody has the case and this person may take or give it, or their decision is awaited."""
    if chat.person_id in superiors.deciders(work, case):
        return True
    untaken = case.officer_id is None and case.state in _UNTAKEN
    return untaken and bool(parties.relations(work, case, Actor.of(chat)) & _MAY_TAKE)


def _rings(work: Work, case: Case) -> bool:
    return case.urgency in work.rules_of(case).ringing


def _counted(work: Work, cases: list[Case], chat: Chat) -> str:
    say = locales.words(chat.language)
    decide = [case for case in cases if chat.person_id in superiors.deciders(work, case)]
    urgent = sum(_rings(work, case) for case in cases if case not in decide)
    counts = {"urgent": urgent, "waiting": len(cases) - len(decide) - urgent}
    parts = [say(f"newcomers.{key}", count=count) for key, count in counts.items() if count]
    parts += [say("digest.part.decide", count=len(decide))] if decide else []
    return say("newcomers.text", parts=", ".join(parts)) if parts else ""


async def _faults(work: Work, chat: Chat) -> str:
    """Return for an admin whom the desk does not reach yet."""
    return unheard.line((await unheard.news(work)).get(chat.person_id, ()), chat.language)
