"""Who is called to a danger without a word of the case says that they go there, are there, or cannot."""

from dataclasses import replace
from uuid import UUID

from domain.cases import Act, NotAllowed, NotNow, Relation
from domain.messages import Choice, Message
from handlers.engine.conversation import Option, Turn, case_of
from handlers.engine.flow import Stale, asked_for
from handlers.officer.cases import accept, take_over
from services.acts.act import act
from services.acts.noting import Note
from services.acts.rescuing import Go
from services.saying import cards, rescue, wording
from services.saying.telling import in_words
from services.standing import parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people, reached


async def is_called(turn: Turn) -> bool:
    """Say whether this person is called to a danger now, or goes to one."""
    return bool(await _calls(turn))


async def may_take(turn: Turn) -> bool:
    """Say whether an alarm runs that this person works on, or could: then who says that they go means it."""
    return not turn.talk.flow and bool(await _alarms(turn))


async def to_take(turn: Turn) -> tuple[list[Case], list[Case]]:
    """Return the dangers this person is called to and says nothing of yet, and the alarms they may take."""
    me = str(turn.chat.person_id)
    called = [case for case in await _calls(turn) if me not in rescue.said(case)]
    return called, [case for case in await _alarms(turn) if _takes(turn, case)]


async def running(turn: Turn) -> list[Case]:
    """Return the alarms that are not kept close and that this person works on, the latest first."""
    return await _alarms(turn)


async def _go(turn: Turn, text: str) -> Message:
    """Note that this person goes where they were called to, once; told again, it counts for longer."""
    if (taken := await _taken(turn, "go", text)) is not None:
        return taken
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
    if (taken := await _taken(turn, "there", text)) is not None:
        return taken
    case = await _meant(turn, "there", text)
    if isinstance(case, Message):
        return case
    try:
        await act(turn.work, case, Go(there=True), Actor.of(turn.chat))
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


# --- an alarm that is not kept close: who goes there takes it -------------------------------------


async def _taken(turn: Turn, name: str, text: str) -> Message | None:
    """Take the alarm nobody has, for who says that they go there; None where they are called to another.

    Who has it already is noted as going; of several it is asked which.
    """
    if _pressed(text) is not None:
        return None
    alarms = [case for case in await _alarms(turn) if not text or case.area == text]
    waiting = [case for case in alarms if _takes(turn, case)]
    if calls := await _calls(turn):
        both = _which(turn, name, calls) if waiting and name == "go" and not text else None
        return both and replace(both, choices=(*both.choices, *_takings(turn, waiting)))
    own = [case for case in alarms if parties.has_it(turn.work, case, turn.chat.person_id)]
    if len(own) == 1 and (name == "there" or not waiting):
        return await _noted(turn, own[0], name)
    return await _of_these(turn, alarms, waiting)


async def _of_these(turn: Turn, alarms: list[Case], waiting: list[Case]) -> Message | None:
    """Take the one alarm that waits, ask which of several, or say who has the one there is."""
    if len(waiting) == 1:
        case = await case_of(turn, waiting[0].code)
        return await _TAKING[_takes(turn, case)[0]](turn, case, None, "")
    if waiting:
        return Message(turn.say("rescue.take_which"), _takings(turn, waiting))
    if len(alarms) != 1:
        return None
    officer = await people.name_of(turn.work, alarms[0].officer_id)
    return Message(turn.say("rescue.taken", code=alarms[0].code, officer=officer))


async def over(turn: Turn) -> Message | None:
    """Offer to take the alarms nobody has, to who says that it is over: only then can it be ended."""
    waiting = [case for case in await _alarms(turn) if _takes(turn, case)]
    return Message(turn.say("rescue.take_first"), _takings(turn, waiting)) if waiting else None


async def _noted(turn: Turn, alarm: Case, name: str) -> Message:
    """Note for the others who read the case that whoever has it goes there, or is there."""
    case = await case_of(turn, alarm.code)
    said = turn.say("rescue.there" if name == "there" else "rescue.coming")
    await act(turn.work, case, Note(said), Actor.of(turn.chat))
    return Message(turn.say("note.done.text", code=case.code))


async def _alarms(turn: Turn) -> list[Case]:
    """Return the alarms that are not kept close and that this person works on, the latest first."""
    await reached.load(turn.work)
    by = Actor.of(turn.chat)
    found = await stored.open_urgent(turn.work, parties.URGENT)
    return [case for case in found if parties.relations(turn.work, case, by) & _WORKS][:_MOST]


def _takes(turn: Turn, case: Case) -> tuple[str, ...]:
    """Return the verb by which this person takes the case nobody has; nothing where somebody has it."""
    return () if case.officer_id else cards.offered(turn.work, case, turn.chat, ("accept",))


def _takings(turn: Turn, cases: list[Case]) -> tuple[Choice, ...]:
    """Return a choice for each alarm that can be taken: what it is, and its place."""
    return tuple(
        Choice(
            f"{case.code} · {wording.shortened(case.summary, _LETTERS)}",
            f"{_takes(turn, case)[0]}:{case.code}:{case.version}",
        )
        for case in cases
    )


_WORKS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})
_MOST = 9
_LETTERS = 60
_TAKING = {"accept": accept, "take_over": take_over}


async def _calls(turn: Turn) -> list[Case]:
    """Return the dangers this person is called to, the latest first."""
    await reached.load(turn.work)
    latest = sorted(await stored.open_close(turn.work), key=lambda case: case.opened_at, reverse=True)
    return [case for case in latest if turn.chat.person_id in rescue.rescuers(turn.work, case)]


def _facts(turn: Turn, case: Case) -> dict[str, object]:
    facts = rescue.facts_of(turn.work, case)
    return {name: in_words(turn.chat.language, value, {}) for name, value in facts.items()}


OPTIONS: dict[str, Option] = {"go": _go, "stay": _stay, "there": _there}
