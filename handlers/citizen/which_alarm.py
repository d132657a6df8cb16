"""Which alarm words of a chat belong to: one that runs, one that was over a short while ago, or none."""

from dataclasses import replace

from domain.cases import OPEN_STATES, Act
from domain.understand import Understood
from handlers.engine.conversation import Turn
from services.intake import accused_before, new_cases
from services.saying import ringing
from services.standing import parties
from services.standing.parties import URGENT, Actor
from storage.cases import cases as stored
from storage.cases.cases import Case

_POLICE = "113"


async def running(turn: Turn) -> Case | None:
    """Return the alarm this chat raised or saw, however long ago, while it is urgent and not answered."""
    case = await latest(turn)
    return case if case is not None and runs(case) and not is_shut(turn, case) else None


def is_fresh(turn: Turn, case: Case) -> bool:
    """Say whether an alarm was raised a short while ago, or rings still: nobody who has it is home again."""
    young = turn.work.now - case.opened_at <= turn.work.rules.listening.alike_alarm
    return young or ringing.ladder_of(turn.work, case) is not None


async def pressing(turn: Turn) -> Case | None:
    """Return the alarm that is running while it is fresh."""
    case = await running(turn)
    return case if case is not None and is_fresh(turn, case) else None


async def ceased(turn: Turn) -> Case | None:
    """Return the alarm of this chat that is over since a short while: called off, answered, or shut to it."""
    case = await latest(turn)
    return None if case is None or await running(turn) is not None else case


async def earlier(turn: Turn) -> Case | None:
    """Return the alarm that a danger told of now may come back to: one that is over, or taken long ago."""
    case = await latest(turn)
    return None if case is None or await pressing(turn) is not None else case


def is_own(turn: Turn, case: Case) -> bool:
    """Say whether this chat raised an alarm, and did not only see it too."""
    return case.chat_key == turn.chat.own


def is_shut(turn: Turn, case: Case) -> bool:
    """Say whether an alarm was closed to those who saw it too, or speaks of this one."""
    return not is_own(turn, case) and (
        case.confidential or parties.is_outside(turn.work, case, Actor.of(turn.chat))
    )


def runs(case: Case) -> bool:
    """Say whether a case is an alarm that is not over."""
    return case.urgency == URGENT and case.state in OPEN_STATES


async def latest(turn: Turn) -> Case | None:
    """Return the latest alarm of this chat: while it runs, and for a while after that."""
    if not turn.talk.emergency:
        return None
    case = await stored.by_code(turn.work, turn.talk.emergency)
    if case is None or not (runs(case) or await _was_lately(turn, case)):
        turn.talk.emergency = turn.talk.saw = ""
        return None
    return case


_ENDS = frozenset({Act.ALL_CLEAR, Act.CALM, Act.ANSWER, Act.RELEASE, Act.DISMISS, Act.WITHDRAW})
"""Acts after which an alarm is over."""


async def _was_lately(turn: Turn, case: Case) -> bool:
    ended = [line.at for line in await stored.history(turn.work, case) if line.act in _ENDS]
    return turn.work.now - max(ended, default=case.opened_at) <= turn.work.rules.listening.again


def is_of(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether a danger that is told of belongs to an alarm, and may stand with it."""
    return is_same(turn, heard, case) and not apart(turn, heard, case)


def is_same(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether a danger that is told of is the one of an alarm.

    It is another in another hamlet, where only the new one is nobody else's to know, and where people do
    what was no people's doing.
    """
    if heard.place is not None and new_cases.is_elsewhere(turn.work.rules, heard.place, case.area):
        return False
    if heard.close and not case.confidential:
        return False
    before = turn.work.rules.understanding.read(case.story)
    if case.confidential and heard.seen and not (heard.close or before.seen):
        return False  # a fire does not wait for the few who know what happens at home
    numbers = ringing.numbers_of(turn.work, case)
    return not (_POLICE in heard.emergency and set(numbers).isdisjoint(heard.emergency))


def apart(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words must not stand with an alarm that many hear of, for they tell a wrong of officials.

    An alarm that anybody near sees goes on as it is; of any other the one who raised it tells who does it.
    """
    if case.confidential:
        return False
    if is_own(turn, case) and not turn.work.rules.understanding.read(case.story).seen:
        return False
    if heard.accuses or heard.kind == "to_cao":
        return True
    if turn.work.rules.accused.says_where(heard.text):
        return False
    # “đâm ở thôn 3” / “là Dũng”: where people do it, whoever is only named may have.
    violent = _POLICE in ringing.numbers_of(turn.work, case) and not heard.emergency
    both = f"{heard.text}\n{own_words(turn, case)}"
    return any(_blames(turn, text, named=violent) for text in (heard.text, both))


def _blames(turn: Turn, text: str, *, named: bool) -> bool:
    """Say whether words tell a wrong outright, or name somebody and do not ask where the help stays."""
    said = turn.work.rules.accused.read(text, turn.work.today)
    if not said.wrong or not said.doubt:
        return said.wrong
    asks = turn.work.rules.understanding.awaits(text)
    return not asks and (named or bool(said.sure))


async def of_accused(turn: Turn, heard: Understood, known: Case) -> bool:
    """Say whether "they" are whom this chat accused, and may hear of an alarm."""
    wall = {*(known.excluded_people or ()), *(known.excluded or ())}
    return not wall.issuperset(await accused_before.they(turn.work, turn.chat, heard))


def with_earlier(turn: Turn, heard: Understood, over: Case) -> Understood:
    """Put what is told now before what this chat told of an earlier alarm: who comes needs all of it."""
    both = turn.work.rules.understanding.read(f"{heard.text}\n{own_words(turn, over)}".strip())
    return replace(both, emergency=heard.emergency, urgency=URGENT, story=True)


def own_words(turn: Turn, case: Case) -> str:
    """Return what this chat told of an alarm: another's words are nobody else's to go on with."""
    return case.story if is_own(turn, case) else turn.talk.saw
