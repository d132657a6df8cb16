"""Somebody changes a message they sent before: that stays as it came, and the new words are put beside it."""

from datetime import timedelta
from typing import Any

import locales
from domain.cases import OPEN_STATES, Act, State
from domain.messages import Edited, Message, Text
from domain.understand import Understood, gist, likeness
from handlers.citizen import emergency
from handlers.citizen.belonging import BELONGS
from handlers.citizen.bursts import into_draft
from handlers.citizen.report import REPORT, SAME
from handlers.engine import commands, confidence
from handlers.engine.conversation import Keep, Turn
from handlers.engine.flow import number
from handlers.engine.runner import hear
from services.acts.act import act
from services.acts.adding import Comment, Supplement
from services.standing.parties import URGENT, Actor, is_official
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms

_HOLDING = frozenset({REPORT.name, SAME.name, BELONGS.name})
"""Conversations that hold a story that is not sent yet."""
_TAKING = OPEN_STATES | {State.ANSWERED, State.CLOSED}
_EDITABLE = timedelta(days=3)
"""How long after it was sent a message can be changed, with some to spare: two days on most channels."""
_SAID = frozenset({Act.REPLY, Act.SUPPLEMENT, Act.COMMENT})


async def take(turn: Turn, said: Edited) -> Message:
    """Put what a message says now in its place: with the draft, or as a correction with its case.

    What belongs to neither may have been said in confidence: it is kept nowhere, nor opens a case by name.
    Where nothing was, danger is heard as if it were said now.
    """
    if is_official(turn.work, turn.chat):
        alarm = await _cried(turn, said.text)
        return alarm or await _instead(turn, "edited.official", _numbers(turn, said.text))
    short = number(said.text) is not None or commands.read(said.text) is not None
    if not short and turn.talk.flow in _HOLDING and _stories(turn):
        return await _in_draft(turn, said.text)
    case = None if short or turn.talk.flow else await _alike(turn, said.text)
    if case is not None:
        return await _corrected(turn, case, said.text)
    if (alarm := await _cried(turn, said.text)) is not None:
        return alarm
    if not turn.talk.flow:
        turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
    if not turn.talk.flow and (danger := _numbers(turn, said.text)):
        return Message(danger)
    return await _instead(turn, "edited.again", emergency.numbers(turn, said.text))


async def _cried(turn: Turn, text: str) -> Message | None:
    """Raise the alarm for what speaks of danger, out of the blue; not where it may have been told sealed."""
    kept_close = turn.work.now - from_ms(turn.talk.shown_until) < _EDITABLE
    if turn.talk.flow or kept_close or not turn.work.rules.understanding.read(text).emergency:
        return None
    return await emergency.answer(turn, Text(text))


def _numbers(turn: Turn, text: str) -> str:
    danger = turn.work.rules.understanding.read(text).emergency
    key = "official.danger" if turn.talk.flow else "edited.danger"
    return turn.say(key, numbers=emergency.calls(turn, danger)) if danger else ""


async def _instead(turn: Turn, key: str, danger: str = "") -> Message:
    """Say what to do instead, and put the open question again."""
    words = f"{danger}\n{turn.say(key)}".strip()
    return await hear(turn, None, before=words) if turn.talk.flow else Message(words)


# --- not sent yet --------------------------------------------------------------------------------


async def _in_draft(turn: Turn, text: str) -> Message:
    """Let the story be what it says now; other words are added to what was told. Danger does not wait."""
    close = confidence.is_kept_close(turn)
    alarm = None if close else await emergency.answer(turn, Text(text))
    if alarm is not None:
        return alarm
    kept, step = _stories(turn)[-1]
    if _same_words(turn, text, Understood.from_json(kept[step]).text):
        kept[step] = turn.work.rules.understanding.read(text).to_json()
        return await _instead(turn, "edited.story", emergency.numbers(turn, text))
    key = "edited.added" if into_draft(turn, text, []) else "flood.full"
    return await _instead(turn, key, emergency.numbers(turn, text))


def _stories(turn: Turn) -> list[tuple[dict[str, Any], str]]:
    """Return where the story stands, in the seed or among the answers, each time it was told; latest last."""
    seed, answers = turn.talk.seed, turn.talk.answers
    told = [(answers, step) for step in answers if step.partition(".")[0] == "story"]
    return [(seed, "heard"), *told] if seed.get("heard") else told


# --- sent ----------------------------------------------------------------------------------------


async def _alike(turn: Turn, text: str) -> Case | None:
    """Return the case of this chat in which so much of these words was told already, an open one first."""
    mine = [case for case in await stored.of_chat(turn.work, turn.chat.own) if case.state in _TAKING]
    await stored.load_histories(turn.work, mine)
    for case in mine:
        if await _told(turn, text, case):
            return case
    return None


async def _told(turn: Turn, text: str, case: Case) -> bool:
    history = await stored.history(turn.work, case)
    said = [str(line.detail.get("text", "")) for line in history if line.act in _SAID]
    return any(_same_words(turn, text, earlier) for earlier in (case.story, *said))


def _same_words(turn: Turn, now: str, earlier: str) -> bool:
    """Say whether so much of the shorter stands in the other that one is the other, corrected.

    Where danger is told of now, a few words are enough: then it matters more that somebody comes.
    """
    listening = turn.work.rules.listening
    part, words = likeness(gist(now), gist(earlier))
    enough = 0.0 if turn.work.rules.understanding.read(now).emergency else listening.alike_part
    return part >= enough and words >= listening.alike_words


async def _corrected(turn: Turn, case: Case, text: str) -> Message:
    """Put the correction with the case; danger that was not known is heard of at once."""
    turn.about = case
    if case.urgency != URGENT and (alarm := await emergency.answer(turn, Text(text))) is not None:
        return alarm
    # Cases are kept in Vietnamese.
    correction = locales.words("vi")("edited.correction", text=text)
    said = Supplement if case.state in OPEN_STATES else Comment
    await act(turn.work, case, said(correction), Actor.of(turn.chat))
    return Message(turn.say("edited.kept", code=case.code))
