"""Who is called to a danger without a word of the case says that they go there, or that they cannot."""

from uuid import UUID

from domain.cases import OPEN_STATES, Act, NotAllowed, NotNow
from domain.messages import Message
from handlers.conversation import Option, Turn
from handlers.flow import asked_for
from services import rescue
from services.cases import act
from services.telling import in_words
from services.who import Actor
from storage import cases as stored
from storage import reached
from storage.cases import Case


async def _go(turn: Turn, text: str) -> Message:
    """Note that this person goes where they were called to, once."""
    case = await _called_to(turn, text)
    if case is None:
        return Message(turn.say("rescue.nothing"))
    try:
        await act(turn.work, case, Act.GO, Actor.of(turn.chat))
    except (NotAllowed, NotNow):
        return _still(turn, case)
    # No button that takes it back: the digit pressed twice would press it.
    return Message(turn.say("rescue.noted", **_facts(turn, case)))


async def _stay(turn: Turn, text: str) -> Message:
    """Note that this person goes there no more: the others are called again."""
    case = await _called_to(turn, text)
    if case is None:
        return Message(turn.say("rescue.nothing"))
    try:
        await act(turn.work, case, Act.STAY, Actor.of(turn.chat))
    except (NotAllowed, NotNow):
        return _still(turn, case)
    return Message(turn.say("rescue.stayed"))


def _still(turn: Turn, case: Case) -> Message:
    """Say that it is known already, or over: nothing of the case to who was never called."""
    called = case.state in OPEN_STATES and turn.chat.person_id in rescue.rescuers(turn.work, case)
    on_the_way = called and str(turn.chat.person_id) in case.going
    return Message(turn.say("rescue.known" if on_the_way else "rescue.nothing"))


async def _called_to(turn: Turn, text: str) -> Case | None:
    """Return the danger a press means; where it is only typed, the latest this person is called to."""
    await reached.load(turn.work)
    if text:
        return await stored.by_id(turn.work, asked_for(text))
    latest = sorted(await stored.open_close(turn.work), key=lambda case: case.opened_at, reverse=True)
    found = (case.id for case in latest if turn.chat.person_id in rescue.rescuers(turn.work, case))
    case_id: UUID | None = next(found, None)
    return await stored.by_id(turn.work, case_id) if case_id else None


def _facts(turn: Turn, case: Case) -> dict[str, object]:
    facts = rescue.facts_of(turn.work, case)
    return {name: in_words(turn.chat.language, value, {}) for name, value in facts.items()}


OPTIONS: dict[str, Option] = {"go": _go, "stay": _stay}
