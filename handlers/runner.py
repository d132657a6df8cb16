"""Runs the open conversation of a chat: replays it, hears an answer, goes back, ends it."""

from collections.abc import Mapping
from typing import Any

from domain.messages import Message, Said, Tap
from handlers import catalogue
from handlers.conversation import Conversation, Turn
from handlers.flow import Ask, Asking, Finished, NotUnderstood, Stale, answer, back, render, replay


async def begin(turn: Turn, conversation: Conversation, seed: Mapping[str, Any], before: str = "") -> Message:
    """Begin a conversation; one that was open is left, its files are kept for this one."""
    turn.talk.flow, turn.talk.seed, turn.talk.answers = conversation.name, dict(seed), {}
    return await _go_on(turn, before)


async def hear(turn: Turn, said: Said | None, before: str = "") -> Message | None:
    """Take what was said as the answer to the open question; None repeats the question."""
    state = _replayed(turn)
    if isinstance(state, Finished):  # a new version of the flow asks less than the one that was begun
        return await _go_on(turn, before)
    if said is None:
        return _ask(turn, state.ask, before)
    try:
        value = answer(state.ask, said, turn.talk.seq)
    except Stale:
        return _ask(turn, state.ask, turn.say("common.stale"))
    except NotUnderstood as refusal:
        return await _again(turn, state.ask, refusal)
    turn.talk.misses = 0
    turn.talk.answers = {**state.given, state.ask.key: value}
    return await _go_on(turn, before)


async def go_back(turn: Turn) -> Message:
    """Undo the last answer; at the first question, leave the conversation."""
    state = _replayed(turn)
    earlier = back(state.given) if isinstance(state, Asking) else None
    if earlier is None:
        turn.talk.leave()
        return Message(turn.say("common.cancelled"))
    turn.talk.answers = earlier
    return await _go_on(turn)


async def send_now(turn: Turn) -> Message | None:
    """Answer "send" where the open question offers it."""
    if not turn.talk.flow:
        return Message(turn.say("common.nothing_to_send"))
    state = _replayed(turn)
    if isinstance(state, Asking) and "send" in state.ask.options:
        return await hear(turn, Tap(f"pick:{turn.talk.seq}:send"))
    return await hear(turn, None, before=turn.say("common.choose"))


def _replayed(turn: Turn) -> Asking | Finished:
    conversation = catalogue.find(turn.talk.flow)
    return replay(conversation.flow(turn.talk.seed, turn.session), turn.talk.answers)


async def _go_on(turn: Turn, before: str = "") -> Message:
    """Ask the next question, or do what all the answers ask for."""
    conversation = catalogue.find(turn.talk.flow)
    state = _replayed(turn)
    if isinstance(state, Asking):
        turn.talk.answers = state.given
        return _ask(turn, state.ask, before)
    # The conversation is over whether or not its end is allowed: a refusal must not leave it open.
    turn.talk.flow, turn.talk.seed, turn.talk.answers = "", {}, {}
    message = await conversation.finish(turn, state.result)
    turn.talk.files = []
    return message


def _ask(turn: Turn, ask: Ask, before: str = "") -> Message:
    turn.talk.seq += 1
    return render(turn.talk.flow, ask, turn.say, turn.talk.seq, before)


async def _again(turn: Turn, ask: Ask, refusal: NotUnderstood) -> Message:
    """Say what was not understood and ask again; the third time a person takes over (see `lost`)."""
    turn.talk.misses += 1
    if turn.talk.misses > 2:
        raise refusal
    key = refusal.args[0] or "common.choose"
    return _ask(turn, ask, turn.say(key))
