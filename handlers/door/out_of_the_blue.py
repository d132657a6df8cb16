"""A citizen writes, or sends files, and no question is open: find out what it is about."""

from dataclasses import replace
from datetime import timedelta

from domain.cases import OPEN_STATES
from domain.codes import find
from domain.messages import Files, Message, Text
from domain.understand import Understood, aftermath, fold, gist, likeness
from domain.understand.shapes import Shapes
from handlers.citizen import (
    alarms,
    belonging,
    cases,
    commune_first,
    contact,
    emergency,
    following,
    handover,
    sealed,
)
from handlers.citizen.report import REPORT, begin, has_voice, voice
from handlers.door import menu
from handlers.engine.conversation import Next, Reply, Turn
from handlers.engine.flow import NotUnderstood, typed
from handlers.engine.runner import MOST_MISSES
from handlers.officer import unasked
from handlers.officer.counter import ask_whose
from services.intake import chats
from services.standing import exclusion
from services.standing.parties import is_official
from storage.cases import cases as stored
from storage.cases.cases import Case

_SHAPES = Shapes("citizens")
_KEPT = 1000
"""Letters of what was said before anything was told."""
LOOKED_AT = 400
"""Letters of a message in which a case's code is looked for."""


async def start(turn: Turn, said: Text | Files) -> Reply:
    """Find what a message out of the blue belongs to: a question, an emergency, a case, or a new one."""
    files = [file.id for file in said.files] if isinstance(said, Files) else []
    heard = turn.work.rules.understanding.read(typed(said))
    if not is_official(turn.work, turn.chat) and turn.work.rules.understanding.writes_english(heard.text):
        chats.speak(turn.chat, "en")
    waiting = stored.asked_of(turn.work, turn.chat.own)
    if waiting and not await alarms.comes_first(turn, waiting):
        return await belonging.answered(turn, waiting, heard, files)
    if not is_official(turn.work, turn.chat) and await _refuses_calls(turn, heard.text):
        return _uncalled(turn, await _belongs(turn, said, heard, files))
    return await _belongs(turn, said, heard, files)


async def _refuses_calls(turn: Turn, text: str) -> bool:
    """Take the number away where words ask for it, of the case they name, or the one just spoken of."""
    if not aftermath.uncalled(text):
        return False
    of = await _named(turn, text) or await emergency.running(turn) or await belonging.just_spoken_of(turn)
    return await contact.refused(turn, text, of)


def _uncalled(turn: Turn, reply: Reply) -> Reply:
    """Say that nobody calls the number, where the reply does not."""
    words = turn.say("contact.done.uncalled")
    if not isinstance(reply, Message) or words in reply.text:
        return reply
    return replace(reply, text=f"{reply.text}\n{words}")


async def _belongs(turn: Turn, said: Text | Files, heard: Understood, files: list[str]) -> Reply:
    named = await _named(turn, heard.text)
    if named is None or named.code == turn.talk.emergency:
        of_alarm = await alarms.take(turn, heard, files)
        if of_alarm is not None:
            return of_alarm
    if is_official(turn.work, turn.chat):
        return await _of_an_official(turn, heard, files)
    if named is not None:
        return await cases.add(turn, named, heard.text, files)
    called = None if files or heard.accuses else await contact.asked_in_words(turn, heard.text)
    return called if called is not None else await _of_a_citizen(turn, said, heard, files)


async def _of_a_citizen(turn: Turn, said: Text | Files, heard: Understood, files: list[str]) -> Reply:
    """Take the words as a remark, as an afterthought, as a story, or as mere talk."""
    if not files and _only_rude(turn, heard):
        return await _soothed(turn, heard)
    heard = _with_opening(turn, heard)
    remark = await belonging.remarked(turn, heard, files, thanks=_thanks(heard))
    if remark is not None:
        return remark
    added = await belonging.corrected(turn, heard, files) or await _afterthought(turn, heard, files)
    added = added or await _goes_on(turn, heard, files)
    if added is not None:
        return added
    if heard.story and not files and turn.work.rules.understanding.only_opens(heard.text):
        return _opened(turn, heard)
    if heard.story:
        turn.talk.misses = 0
        turn.talk.files += files
        before = "\n".join(filter(None, (sealed.not_added(turn), await alarms.still_runs(turn))))
        return replace(begin(turn, heard), before=before)
    return (
        await _files_alone(turn, said, heard.text, files)
        if isinstance(said, Files)
        else _small_talk(turn, heard)
    )


def _opened(turn: Turn, heard: Understood) -> Message:
    """Thank whoever thanks for something done; of others keep who writes until they say what it is."""
    if _begins_with_thanks(heard):
        return menu.thanks(turn)
    turn.talk.opening = heard.text[-_KEPT:]
    return Message(turn.say("opening.text"))


async def _of_an_official(turn: Turn, heard: Understood, files: list[str]) -> Reply:
    """Ask which case in hand it answers; or whose story it is: an official may be a citizen too."""
    if (answering := await unasked.ask(turn, heard, files)) is not None:
        return answering
    if not heard.story:
        raise NotUnderstood(None)
    turn.talk.files += files
    return ask_whose(turn, heard)


def _small_talk(turn: Turn, heard: Understood) -> Message:
    """Greet back, in English whoever greets in it; who only says thanks is not told everything again."""
    turn.small = 2 if _thanks(heard) else 1
    if turn.work.rules.understanding.greets_in_english(heard) and not _thanks(heard):
        chats.speak(turn.chat, "en")
    if turn.chat.talk is None:
        return menu.hello(turn)
    if not heard.small_talk:
        raise NotUnderstood(None)
    return menu.thanks(turn) if _thanks(heard) else menu.hello(turn)


def _thanks(heard: Understood) -> bool:
    return heard.small_talk and _begins_with_thanks(heard)


def _begins_with_thanks(heard: Understood) -> bool:
    return _SHAPES.pattern("thanks").match(fold(heard.text)) is not None


def _only_rude(turn: Turn, heard: Understood) -> bool:
    """Say whether somebody is angry and has not said yet at what, nor at whom of those who serve here."""
    told = heard.story and (heard.sure or heard.place or _speaks_of_somebody(turn, heard))
    return heard.rude and not heard.emergency and not told


def _speaks_of_somebody(turn: Turn, heard: Understood) -> bool:
    rules, day = turn.work.rules, turn.work.today
    said = exclusion.heard_of(rules, heard.text, day)
    return heard.accuses or said.wrong or bool(rules.accused.named(heard.text, day))


async def _soothed(turn: Turn, heard: Understood) -> Reply:
    """Ask what it is about, without a word about the words; in the end a person takes over.

    What the angry words tell is kept, and heard together with what comes next.
    """
    if turn.talk.misses >= MOST_MISSES:
        told, turn.talk.misses, turn.talk.opening = _joined(turn, heard.text), 0, ""
        asked = commune_first.first(turn, "human", told, turn.say("lost.handed"))
        return asked or await handover.take_over(turn, told, turn.say("lost.handed"))
    turn.talk.misses += 1
    if heard.story:
        turn.talk.opening = _joined(turn, heard.text)[-_KEPT:]
    return Message(turn.say("upset.text"))


def _with_opening(turn: Turn, heard: Understood) -> Understood:
    """Put what was said before anything was told before what is told now."""
    if not turn.talk.opening or heard.small_talk or not heard.text.strip():
        return heard
    whole, turn.talk.opening = _joined(turn, heard.text), ""
    return turn.work.rules.understanding.read(whole)


def _joined(turn: Turn, text: str) -> str:
    """Return what was said before with what is said now, unless that was long ago."""
    since = turn.when - turn.heard_before if turn.heard_before is not None else timedelta(0)
    before = turn.talk.opening if since <= turn.work.rules.listening.files else ""
    return f"{before}\n{text}".strip()


async def _named(turn: Turn, text: str) -> Case | None:
    """Return the citizen's own open case whose code stands in the text."""
    code = find(text[:LOOKED_AT])
    case = await stored.by_code(turn.work, code) if code else None
    own = case is not None and case.chat_key == turn.chat.own and case.state in OPEN_STATES
    return case if own else None


async def _afterthought(turn: Turn, heard: Understood, files: list[str]) -> Reply | None:
    """Add words to the case that was just spoken of, or ask whether they belong to it."""
    if heard.small_talk or not heard.text.strip():
        return None
    case = await belonging.just_spoken_of(turn)
    if case is not None and case.code == turn.talk.human and _accuses(turn, heard):
        return None  # who only asked for an officer is offered to stay unnamed
    judged = belonging.verdict(turn, heard, case) if case is not None else "new"
    if case is not None and judged == "new" and _is_of_officials(turn, heard, case):
        judged = "ask"
    if case is None or judged == "new":
        return None
    close = await belonging.doubted(turn, [case], heard)
    if judged == "ask" or close:
        return await belonging.ask(turn, [case, *close], heard, files)
    return await cases.add(turn, case, heard.text, files)


_ASIDE = 12
"""Words in which somebody tells of whoever has their case; more that share none with it are a story."""


def _is_of_officials(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words are another matter only by being about officials: whoever has the case, perhaps."""
    own = turn.work.rules.taxonomy.fields[heard.field].confidential
    aside = len(heard.text.split()) <= _ASIDE or likeness(gist(heard.text), gist(case.story))[1]
    return (
        heard.sure
        and own
        and bool(aside)
        and _accuses(turn, heard)
        and not belonging.elsewhere(turn, heard, case)
    )


async def _goes_on(turn: Turn, heard: Understood, files: list[str]) -> Reply | None:
    """Go on with a followed case that is over, or with what is open, whenever that was spoken of last."""
    again = await following.told_again(turn, heard)
    if again is None:
        return await belonging.left_open(turn, heard, files)
    turn.talk.files += files
    return Next(REPORT, {"heard": again.to_json()})


def _accuses(turn: Turn, heard: Understood) -> bool:
    return heard.story and exclusion.heard_of(turn.work.rules, heard.text, turn.work.today).wrong


async def _files_alone(turn: Turn, said: Files, text: str, files: list[str]) -> Reply:
    """Tie files with no story under them to the case just opened, or ask what they are about."""
    last = await stored.by_code(turn.work, turn.talk.last_case) if turn.talk.last_case else None
    recent = last is not None and turn.work.now - last.opened_at <= turn.work.rules.listening.files
    if last is not None and recent and last.state in OPEN_STATES:
        return await cases.add(turn, last, text, files)
    turn.talk.files += files
    if has_voice(said):
        return Next(REPORT, {"heard": voice(turn)}, before=turn.say("report.voice_kept"))
    return Next(REPORT, {}, before=turn.say("common.files_kept", count=len(turn.talk.files)))
