"""The one card of a case in its unit's groups, where many read along: a code, a field, a state and a date."""

from uuid import UUID

import locales
from domain.cases import OPEN_STATES, QUIET_ACTS, Act, State
from domain.messages import Message
from services import cards, wording
from services.telling import Detail, Telling
from services.who import CLOCK, URGENT
from storage import kept, people
from storage.cases import Case
from storage.people import Chat
from storage.work import Work

_ASKS = {Act.RATE, Act.SUBMIT, Act.EXTEND, Act.ASK_TRANSFER, Act.DECLINE, Act.REFUSE}
_CHANGES_NOTHING = (QUIET_ACTS | _ASKS) - {Act.RECOMPUTE}
"""Acts that leave the state and the date as they are."""


def card(work: Work, case: Case, language: str) -> Message:
    """Draw the case as a group may see it, with no name, no place and no word of the story."""
    say = locales.words(language)
    due = wording.due(work.rules, case, language)
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


async def tell(to: Telling, what: Act, detail: Detail) -> None:
    """Show the case to the groups of the unit it came to, draw its card anew, or say that it went on."""
    case = to.case
    if what in _CHANGES_NOTHING or is_kept_from_all(case):
        return  # what its groups had was taken back (see `hearing`)
    left = _left(case, what, detail)
    for chat in await people.groups(to.work, case.unit_id):
        drawn = card(to.work, case, chat.language)
        _post(to, chat, drawn, redraw=what is not Act.OPEN and left is None)
    for chat in await people.groups(to.work, left) if left is not None else ():
        gone = locales.words(chat.language)("group.passed_on", code=case.code)
        _post(to, chat, Message(gone), redraw=True)


def _left(case: Case, what: Act, detail: Detail) -> UUID | None:
    """Return the unit that had the case until this act handed it on."""
    former = detail.get("from" if what is Act.MOVE else "from_unit")
    return UUID(former) if former and former != str(case.unit_id) else None


def _post(to: Telling, chat: Chat, drawn: Message, *, redraw: bool) -> None:
    """Put it in the card's place. Groups sleep as officials do, but for an emergency."""
    running = to.by != CLOCK or to.case.state in OPEN_STATES
    awake = to.awake or (to.case.urgency == URGENT and running)
    message = Message(drawn.text, drawn.choices, card=to.case.code, redraw=redraw, numbered=False)
    hold = None if awake else to.work.rules.calendar.quiet_until(to.work.now)
    to.work.post(chat, message, f"{to.case.code}:{to.line}:group:{chat.key[:12]}", hold=hold)
