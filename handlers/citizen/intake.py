"""A citizen writes, or sends files, and no question is open: find out what it is about."""

from datetime import timedelta

from domain.cases import OPEN_STATES
from domain.codes import find
from domain.messages import Files, Message, Text
from domain.understand import Understood, fold
from handlers import emergency, menu
from handlers.citizen import cases
from handlers.citizen.cases import WHICH
from handlers.citizen.report import REPORT
from handlers.conversation import Next, Reply, Turn
from handlers.flow import NotUnderstood, typed
from services.who import is_official
from storage import cases as stored
from storage.cases import Case

FILES_BELONG_WITHIN = timedelta(hours=24)
"""Files without a story, sent so soon after a case, are about that case."""
_THANKS = ("cam on", "thanks", "thank")
LOOKED_AT = 400
"""Letters of a message in which a case's code is looked for."""


async def start(turn: Turn, said: Text | Files) -> Reply:
    """Find what a message out of the blue belongs to: a question, an emergency, a case, or a new one."""
    files = [file.id for file in said.files] if isinstance(said, Files) else []
    text = typed(said)
    waiting = stored.asked_of(turn.work, turn.chat.key)
    if waiting:
        return await _reply(turn, waiting, text, files)
    danger = await emergency.running(turn)
    if danger is not None:
        return await cases.add(turn, danger, text, files)
    if is_official(turn.work, turn.chat):
        raise NotUnderstood(None)
    named = await _named(turn, text)
    if named is not None:
        return await cases.add(turn, named, text, files)
    heard = turn.work.rules.understanding.read(text)
    if heard.story:
        turn.talk.misses = 0
        turn.talk.files += files
        return Next(REPORT, {"heard": heard.to_json()})
    return await _files_alone(turn, text, files) if files else _small_talk(turn, heard)


def _small_talk(turn: Turn, heard: Understood) -> Message:
    """Greet back; who is known and only says thanks is not told everything again."""
    if turn.chat.talk is None:
        return menu.hello(turn)
    if not heard.small_talk:
        raise NotUnderstood(None)
    return menu.thanks(turn) if fold(heard.text).startswith(_THANKS) else menu.hello(turn)


async def _named(turn: Turn, text: str) -> Case | None:
    """Return the citizen's own open case whose code stands in the text."""
    code = find(text[:LOOKED_AT])
    case = await stored.by_code(turn.work, code) if code else None
    own = case is not None and case.chat_key == turn.chat.key and case.state in OPEN_STATES
    return case if own else None


async def _reply(turn: Turn, waiting: list[Case], text: str, files: list[str]) -> Reply:
    """Answer an officer's question; with several open, the citizen says which one."""
    if len(waiting) == 1:
        return await cases.reply(turn, waiting[0], text, files)
    labels = {case.code: f"{case.code} · {case.summary}" for case in waiting}
    return Next(WHICH, {"cases": labels, "text": text, "files": files})


async def _files_alone(turn: Turn, text: str, files: list[str]) -> Reply:
    """Tie files with no story under them to the case just opened, or ask what they are about."""
    last = await stored.by_code(turn.work, turn.talk.last_case) if turn.talk.last_case else None
    recent = last is not None and turn.work.now - last.opened_at <= FILES_BELONG_WITHIN
    if last is not None and recent and last.state in OPEN_STATES:
        return await cases.add(turn, last, text, files)
    turn.talk.files += files
    return Next(REPORT, {}, before=turn.say("common.files_kept", count=len(turn.talk.files)))
