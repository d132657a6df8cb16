"""What words mean that tell of no danger by themselves while an alarm of this chat runs: more of it, or not.

In doubt they go with the alarm: whoever is on the way reads one line too many, and misses none.
"""

from collections.abc import Sequence

from domain.messages import Message
from domain.understand import Understood, aftermath, gist, likeness
from domain.understand.dangers import HUNCH
from handlers.citizen import across, belonging, emergency, which_alarm
from handlers.engine.conversation import Reply, Turn
from handlers.engine.flow import number
from services.intake import new_cases
from services.saying import ringing
from storage.cases import cases as stored
from storage.cases.cases import Case

_BEST = 5
"""The best mark of an answer."""
_A_STORY = 6
"""Words of the shortest message that can be another matter while an alarm rings."""
_A_REMARK = 3
"""The same where somebody has had it for long."""
_UNSURE = 8
"""Words of the shortest message that may be another matter though nobody could say which."""


async def take(turn: Turn, heard: Understood, files: list[str]) -> Reply | None:
    """Put words with the alarm that runs, or raise one for what they accuse of; None for another matter."""
    case = await emergency.running(turn)
    if case is None:
        return await _seen_too(turn, heard, files)
    if not files and (idle := await _says_no_news(turn, heard, case)) is not None:
        return idle
    return await _taken(turn, heard, files, case)


async def _taken(turn: Turn, heard: Understood, files: list[str], case: Case) -> Reply | None:
    if not emergency.is_own(turn, case) and across.is_elsewhere(turn, heard, case):
        return await emergency.elsewhere(turn, heard, case, files)
    if emergency.apart(turn, heard, case):
        return (
            None
            if _of_something_else(turn, heard, case)
            else await emergency.beside(turn, heard, case, files)
        )
    if not _is_young(turn, case) and not _presses(turn, heard):
        if await _is_other(turn, heard, case):
            return None
        if not emergency.is_fresh(turn, case) and _may_be_other(turn, heard, case):
            return await belonging.ask(turn, [case], heard, files)
    return await emergency.more(turn, case, heard, files)


async def _says_no_news(turn: Turn, heard: Understood, case: Case) -> Message | None:
    """Answer thanks, and a mark that nobody asked for: whoever is on the way need not read them."""
    mark = number(heard.text)
    if mark is not None and 0 < mark <= _BEST and case.officer_id is not None:
        return Message(turn.say("added.a_number"))
    thanks = heard.small_talk and aftermath.thanks(heard.text)
    of_answer = thanks and stored.answered_of(turn.work, turn.chat.own)
    return await emergency.thanked(turn, case) if thanks and not of_answer else None


async def goes_with(turn: Turn, heard: Understood) -> bool:
    """Say whether words that leave danger open go with an alarm that runs, and need not be asked about."""
    case = await emergency.running(turn)
    if case is None:
        return False
    return _is_young(turn, case) or emergency.apart(turn, heard, case) or emergency.is_of(turn, heard, case)


async def still_runs(turn: Turn) -> str:
    """Return the line that says so of an alarm beside which another matter begins; else nothing."""
    case = await emergency.running(turn)
    if case is None:
        return ""
    return turn.say("emergency.runs_on", code=case.code, numbers=ringing.numbers(turn.work, case))


async def is_awaited(turn: Turn, text: str) -> bool:
    """Say whether words ask where the help stays in an alarm that runs: no wish to see how far it is."""
    return turn.work.rules.understanding.awaits(text) and await emergency.running(turn) is not None


async def told_beside(turn: Turn, text: str) -> str:
    """Put with the alarm that runs what asks where the help stays, while something else is told; say so.

    Return nothing where words do not.
    """
    case = await emergency.running(turn)
    if case is None or not await is_awaited(turn, text):
        return ""
    return (await emergency.more(turn, case, turn.work.rules.understanding.read(text), [])).text


async def comes_first(turn: Turn, waiting: Sequence[Case]) -> bool:
    """Say whether an alarm rings that was raised after all that officers have asked about other cases."""
    case = await emergency.pressing(turn)
    if case is None or case in waiting:
        return False
    return all(one.told_at is not None and one.told_at < case.opened_at for one in waiting)


async def _seen_too(turn: Turn, heard: Understood, files: list[str]) -> Message | None:
    """Raise an alarm of their own for what a witness adds to one that was shut to them, while it runs."""
    case = await which_alarm.ceased(turn)
    told = case is not None and emergency.is_shut(turn, case) and emergency.runs(case) and heard.story
    if case is None or not told or (await _is_other(turn, heard, case) and not _presses(turn, heard)):
        return None
    return await emergency.anew(turn, heard, case, files)


def _is_young(turn: Turn, case: Case) -> bool:
    return turn.work.now - case.opened_at <= turn.work.rules.listening.alike_alarm


def _presses(turn: Turn, heard: Understood) -> bool:
    """Say whether words tell of danger after all, say that it is not over, or ask where the help stays."""
    ear = turn.work.rules.understanding
    told = bool(heard.dangers) and heard.dangers != HUNCH
    return told or ear.awaits(heard.text) or ear.is_back(heard.text) or bool(ear.calms(heard.text))


async def _is_other(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words are clearly about something else than an alarm."""
    rings = ringing.ladder_of(turn.work, case) is not None
    if not rings and (heard.small_talk or (heard.remark and stored.answered_of(turn.work, turn.chat.own))):
        return True
    if not rings and heard.story and not heard.dangers and _is_elsewhere(turn, heard, case):
        return True
    spoken_of = await belonging.just_spoken_of(turn)
    if spoken_of is not None and spoken_of.code != case.code:
        return True
    return _tells_another(turn, heard, case, _A_STORY if rings else _A_REMARK)


def _tells_another(turn: Turn, heard: Understood, case: Case, shortest: int) -> bool:
    """Say whether another topic is told as a story: “nhà ở sau trường học” only says where it is."""
    if not (
        heard.story and heard.plain and heard.topic != case.topic and len(heard.text.split()) >= shortest
    ):
        return False
    ear = turn.work.rules.understanding
    bare = ear.read(ear.without_wheres(heard.text))
    return bare.story and bare.plain and bare.topic != case.topic


def _may_be_other(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words may be another matter, where nobody waits for them as for help."""
    if not heard.story or heard.phone or heard.dangers:
        return False
    alike = likeness(gist(heard.text), gist(case.story))[1]
    bare = turn.work.rules.understanding.without_wheres(heard.text)
    return heard.topic != case.topic and len(bare.split()) >= _UNSURE and not alike


def _of_something_else(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether a wrong is none of an alarm: done elsewhere, or nothing people cry for help at."""
    long = len(heard.text.split()) >= _UNSURE
    harms = turn.work.rules.understanding.harms(heard.text)
    return _is_elsewhere(turn, heard, case) or (long and not harms and heard.topic != case.topic)


def _is_elsewhere(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words name another hamlet than an alarm's, and not this one too.

    “Thôn 2, không phải thôn 1” says better where it is.
    """
    if heard.place is None or not (heard.place.hamlet or heard.place.area):
        return False
    rules = turn.work.rules
    away = new_cases.is_elsewhere(rules, heard.place, case.area)
    return away and not (
        case.area in rules.directory.hamlet_codes and new_cases.names_area(rules, heard.text, case.area)
    )
