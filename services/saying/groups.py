"""The one card of a case in its unit's groups, where many read along: a code, a field, a state and a date."""

from datetime import time
from typing import Any
from uuid import UUID

import locales
from domain.cases import OPEN_STATES, Act, State
from domain.messages import Message
from domain.people import Role
from services.saying import cards, notices, wording
from services.saying.telling import Telling
from services.standing import homes
from services.standing.kinds import ActKind
from services.standing.parties import CLOCK, IN_CHARGE, URGENT
from storage.cases import kept
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import joined, people
from storage.people.people import Chat
from storage.time import nightly

KIND = "groups"
"""The kind of the desk's own timer that rings each night."""
_AT = time(0, 10)
TIED_BY = "tied_by"
"""Under this name a group's state keeps which chief has tied it to the unit."""


def card(work: Work, case: Case, language: str) -> Message:
    """Draw the case as a group may see it, with no name, no place and no word of the story."""
    say = locales.words(language)
    due = wording.due(work, case, language)
    text = say(
        "group.card",
        code=case.code,
        field=work.rules.taxonomy.fields[case.field].name,
        state=wording.sentence(say(f"follow.state.{case.state}")),
        due=say("group.due", due=due) if case.state in OPEN_STATES else "",
    )
    free = case.state in {State.RECEIVED, State.REOPENED}
    choices = cards.buttons(case, language, ("accept",)) if free else ()
    return Message(text, choices, numbered=False)


def shown_in(case: Case, chat: Chat) -> bool:
    """Say whether this is a group of the unit that has the case, where it stands on one card."""
    return chat.unit_id == case.unit_id


def is_kept_from_all(case: Case) -> bool:
    """Say whether groups may know nothing of the case: whoever stands outside it may read along there."""
    return kept.from_somebody(case)


def stands(work: Work, group: Chat) -> bool:
    """Say whether the chief who tied the group is in charge of its unit today; any, if none is known.

    Where it was lost who did, a chief is to tie the group anew.
    """
    if people.is_lost(group):
        return False
    tied_by: str = (group.talk or {}).get(TIED_BY, "")
    chiefs = work.desk.directory.holders(group.unit_id, IN_CHARGE, work.today) if group.unit_id else []
    return tied_by in map(str, chiefs) if tied_by else bool(chiefs)


async def _standing(work: Work, unit_id: UUID) -> list[Chat]:
    """Return the groups a unit still has; those whose chief's role is over are let go, and told so once."""
    found = await people.groups(work, unit_id)
    for group in found:
        if not stands(work, group):
            await _let_go(work, group, unit_id)
    return [group for group in found if group.unit_id is not None]


async def _let_go(work: Work, group: Chat, unit_id: UUID) -> None:
    directory, tied_by = work.desk.directory, (group.talk or {}).get(TIED_BY, "")
    unit = directory.unit(unit_id).name
    name = await people.name_of(work, UUID(tied_by)) if tied_by else ""
    group.unit_id = None
    await joined.take_back(work, group)
    once = f"group_over:{group.key[:12]}:{work.today}"
    await notices.tell(work, [group], notices.words("group.over", unit=unit), once)
    there = directory.part(directory.unit(unit_id).area)

    def write(chat: Chat) -> Message:
        say = locales.words(chat.language)
        return Message(say("group.over_admin", unit=unit, name=name or say("group.its_chief")))

    await notices.tell(work, there.nearest(Role.ADMIN, work.today), write, once)


async def begin(work: Work) -> None:
    """Wind the timer, unless it is wound."""
    await nightly.begin(work, KIND, _AT)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Let go of the groups whose chief's role has ended with the day, though no case comes to them."""
    for unit in work.desk.directory.units:
        await _standing(work, unit.id)
    nightly.wind(work, KIND, _AT)
    return len(subjects)


async def tell(to: Telling, kind: ActKind[Any]) -> None:
    """Show the case to the groups of the unit it came to, draw its card anew, or say that it went on."""
    case = to.case
    if not kind.changes_the_card() or is_kept_from_all(case):
        return  # what its groups had was taken back (see `hearing`)
    left = _left(to, kind.act)
    for chat in await _standing(to.work, case.unit_id):
        drawn = card(to.work, case, chat.language)
        _post(to, chat, drawn, redraw=kind.act is not Act.OPEN and left is None)
    for chat in await _standing(to.work, left) if left is not None else ():
        gone = locales.words(chat.language)("group.passed_on", code=case.code)
        _post(to, chat, Message(gone), redraw=True)


def _left(to: Telling, what: Act) -> UUID | None:
    """Return the unit that had the case until this act handed it on."""
    former = to.facts.get("from" if what is Act.MOVE else "from_unit")
    return UUID(former) if former and former != str(to.case.unit_id) else None


def _post(to: Telling, chat: Chat, drawn: Message, *, redraw: bool) -> None:
    """Put it in the card's place. Groups sleep as officials do, but for an emergency."""
    running = to.by != CLOCK or to.case.state in OPEN_STATES
    awake = to.awake or (to.case.urgency == URGENT and running)
    message = Message(drawn.text, drawn.choices, card=to.case.code, redraw=redraw, numbered=False)
    hold = None if awake else homes.quiet_until(to.work, chat)
    to.work.post(chat, message, f"{to.case.code}:{to.line}:group:{chat.key[:12]}", hold=hold)
