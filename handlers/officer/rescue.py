"""Who is called to a danger without a word of the case says that they go there, are there, or cannot."""

from uuid import UUID

from domain.cases import Act, NotAllowed, NotNow
from domain.messages import Choice, Message
from handlers.conversation import Option, Turn
from handlers.flow import Stale, asked_for
from services import rescue
from services.cases import act
from services.telling import in_words
from services.who import Actor
from storage import cases as stored
from storage import reached
from storage.cases import Case


async def is_called(turn: Turn) -> bool:
    """Say whether this person is called to a danger now, or goes to one."""
    return bool(await _calls(turn))


async def _go(turn: Turn, text: str) -> Message:
    """Note that this person goes where they were called to, once; told again, it counts for longer."""
    case = await _meant(turn, "go", text)
    if isinstance(case, Message):
        return case
    known = turn.chat.person_id in rescue.going(turn.work, case)
    try:
        await act(turn.work, case, Act.GO, Actor.of(turn.chat))
    except (NotAllowed, NotNow):
        return Message(turn.say("rescue.nothing"))
    back = (rescue.stay(case, turn.chat.language),)
    # Its digit is nobody's: the one before it, pressed twice, would take back what was just said.
    words = turn.say("rescue.known") if known else turn.say("rescue.noted", **_facts(turn, case))
    return Message(words, back, numbered=False)


async def _there(turn: Turn, text: str) -> Message:
    """Note that this person is where they were called to."""
    case = await _meant(turn, "there", text)
    if isinstance(case, Message):
        return case
    try:
        await act(turn.work, case, Act.GO, Actor.of(turn.chat), there=True)
    except (NotAllowed, NotNow):
        return Message(turn.say("rescue.nothing"))
    return Message(turn.say("rescue.arrived", **_facts(turn, case)))


async def _stay(turn: Turn, text: str) -> Message:
    """Note that this person goes there no more: the others are called again."""
    case = await _meant(turn, "stay", text)
    if isinstance(case, Message):
        return case
    try:
        await act(turn.work, case, Act.STAY, Actor.of(turn.chat))
    except (NotAllowed, NotNow):
        return Message(turn.say("rescue.nothing"))
    return Message(turn.say("rescue.stayed"))


async def _meant(turn: Turn, name: str, text: str) -> Case | Message:
    """Return the danger a press means, or what is typed; where that may be several, ask which.

    Who cannot come goes somewhere, who is there most likely does, and who goes does not yet.
    """
    if (pressed := _pressed(text)) is not None:
        await reached.load(turn.work)
        case = await stored.by_id(turn.work, pressed)
        return Message(turn.say("rescue.nothing")) if case is None else case
    calls = await _calls(turn)
    said = [case for case in calls if str(turn.chat.person_id) in rescue.said(case)]
    others = [case for case in calls if case not in said]
    fitting = {"go": others, "stay": said, "there": said or others}[name]
    if text:
        fitting = [case for case in calls if case.area == text] if name == "go" else fitting
        named = [case for case in fitting if case.area == text]
        fitting, sure = (named, len(named) == 1) if named else (fitting, False)
    else:  # who goes to one danger and says so while there is another may mean either
        sure = len(fitting) == 1 and not (name == "go" and said)
    if name == "go" and not fitting and said and not text:
        fitting, sure = said, True  # said again
    if not fitting:
        return Message(turn.say("rescue.nothing"))
    if not sure:
        return _which(turn, name, fitting if name != "go" or text else calls)
    case = await stored.by_id(turn.work, fitting[0].id)
    return Message(turn.say("rescue.nothing")) if case is None else case


def _pressed(text: str) -> UUID | None:
    try:
        return asked_for(text) if text else None
    except Stale:
        return None  # the code of a hamlet


def _which(turn: Turn, name: str, cases: list[Case]) -> Message:
    """Ask which danger is meant: what it is and where, and nothing else of it."""
    lines = tuple(
        Choice(turn.say("rescue.line", **_facts(turn, case)), f"menu:{name}:{case.id}") for case in cases
    )
    return Message(turn.say("rescue.which"), lines)


async def _calls(turn: Turn) -> list[Case]:
    """Return the dangers this person is called to, the latest first."""
    await reached.load(turn.work)
    latest = sorted(await stored.open_close(turn.work), key=lambda case: case.opened_at, reverse=True)
    return [case for case in latest if turn.chat.person_id in rescue.rescuers(turn.work, case)]


def _facts(turn: Turn, case: Case) -> dict[str, object]:
    facts = rescue.facts_of(turn.work, case)
    return {name: in_words(turn.chat.language, value, {}) for name, value in facts.items()}


OPTIONS: dict[str, Option] = {"go": _go, "stay": _stay, "there": _there}
