"""Many messages in one breath are heard as one: kept where they belong, answered once, then silence.

Danger, buttons, numbers and commands always come through.
"""

from domain.cases import OPEN_STATES, State
from domain.messages import Files, Message, Said, Text
from handlers.citizen.report import REPORT
from handlers.engine import commands
from handlers.engine.conversation import Turn
from handlers.engine.flow import number, typed
from handlers.engine.runner import hear, picks
from services.acts.act import act
from services.acts.adding import Comment, Supplement
from services.clock import bursts
from services.standing import besides
from services.standing.parties import Actor, is_official
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms, to_ms

_LINE, _TOLD, _GREETED = 2, 3, 4


def is_too_much(turn: Turn, said: Said) -> bool:
    """Count a message; say whether it comes on top of what is answered one by one, and may be heard later."""
    listening, now = turn.work.rules.listening, to_ms(turn.came or turn.work.now)
    first, count, *rest = [*(turn.talk.breath or (now, 0)), 0, 0, 0][:5]
    if not 0 <= now - first < listening.breath.total_seconds() * 1000:
        first, count, rest = now, 0, [0, 0, 0]
    turn.talk.breath = [first, count + 1, *rest]
    return count >= listening.at_once and _is_talk(turn, said) and not is_official(turn.work, turn.chat)


def _is_talk(turn: Turn, said: Said) -> bool:
    """Say whether it is free words or files, which mean the same a minute later."""
    if not isinstance(said, Text | Files):
        return False
    if isinstance(said, Text) and (number(said.text) is not None or commands.read(said.text) is not None):
        return False
    if commands.holds_secret(typed(said)):
        return False
    if isinstance(said, Text) and turn.talk.flow and picks(turn, said):
        return False
    return not turn.work.rules.understanding.read(typed(said)).emergency


async def gather(turn: Turn, said: Said) -> tuple[bool, Message | None]:
    """Keep what was said with the draft or the case in hand; False where there is neither.

    The first of them is answered for all, the others are not. Where there is neither, what tells nothing is
    not answered again.
    """
    files = [file.id for file in said.files] if isinstance(said, Files) else []
    silent, words = bool(turn.talk.breath[_TOLD]), turn.say("flood.text")
    if turn.talk.flow == REPORT.name and ("heard" in turn.talk.seed or "story" in turn.talk.answers):
        if not into_draft(turn, typed(said), files):  # it says so every time: nothing is lost in silence
            return True, await hear(turn, None, before=turn.say("flood.full"))
        turn.talk.breath[_TOLD] = 1
        return True, None if silent else await hear(turn, None, before=words)
    case = await _in_hand(turn)
    if case is None:
        return _tells_nothing(turn, said) and silent, None
    turn.talk.breath[_TOLD] = 1
    await _into_case(turn, case, typed(said), files)
    return True, None if silent else Message(words)


def _tells_nothing(turn: Turn, said: Said) -> bool:
    """Say whether words out of the blue are no story and no danger; note that such were answered."""
    heard = turn.work.rules.understanding.read(typed(said))
    if turn.talk.flow or isinstance(said, Files) or heard.story or heard.doubt:
        return False
    turn.talk.breath[_TOLD] = 1
    return True


def is_repeated(turn: Turn) -> bool:
    """Say whether such small talk was answered in this breath already, and note that it is now."""
    answered = turn.talk.breath[_GREETED]
    turn.talk.breath[_GREETED] = answered | turn.small
    return bool(answered & turn.small)


def into_draft(turn: Turn, text: str, files: list[str]) -> bool:
    """Keep the files and the words with the draft; False where the words are more than it can hold."""
    turn.talk.files += files
    gathered: list[str] = turn.talk.seed.get("gathered", [])
    if sum(map(len, gathered)) + len(text) > turn.work.rules.listening.gathered:
        return False
    turn.talk.seed = {**turn.talk.seed, "gathered": [*gathered, text] if text else gathered}
    return True


async def _in_hand(turn: Turn) -> Case | None:
    """Return the case that words out of the blue would be added to, if the chat has one."""
    if turn.talk.flow:
        return None
    waiting = stored.asked_of(turn.work, turn.chat.own)
    own = await stored.with_close(turn.work, turn.chat.own) if waiting else []
    if any(besides.shut_to_asker(turn.work, case, own) for case in waiting):
        return None  # each is asked about by itself: not all of them need be answers
    code = waiting[0].code if waiting else turn.talk.last_case
    case = await stored.by_code(turn.work, code) if code else None
    mine = case is not None and case.chat_key == turn.chat.own and case.state != State.WITHDRAWN
    return case if mine else None


async def _into_case(turn: Turn, case: Case, text: str, files: list[str]) -> None:
    """Add it quietly: whoever has the case reads all of it at once when the breath is over."""
    said = Supplement if case.state in OPEN_STATES else Comment
    await act(turn.work, case, said(text, files, quiet=True), Actor.of(turn.chat))
    breath = turn.talk.breath
    if not (breath[_LINE] and await bursts.waits(turn.work, case, breath[_LINE])):
        breath[_LINE] = case.history_length  # what was told already is not told again with this
    bursts.wind(turn.work, case, breath[_LINE], from_ms(breath[0]) + turn.work.rules.listening.breath)
