"""Runs the open conversation of a chat: replays it, hears an answer, goes back, ends it."""

from collections.abc import Sequence
from typing import Any

from domain.messages import Message, Said, Tap, Text, Wish
from domain.understand import wishes
from handlers.engine import commands, confidence
from handlers.engine.conversation import Next, Reply, Turn, begun_here
from handlers.engine.flow import (
    Ask,
    Asking,
    Finished,
    NotUnderstood,
    Stale,
    after,
    answer,
    back,
    chosen,
    labels,
    render,
    replay,
)
from services.intake import doubts
from services.office import linking
from services.standing.parties import is_official

_STEP = ("flow", "seed", "answers")
"""What is kept of a conversation that led to another."""
MOST_MISSES = 2
"""Answers not understood in a row; at the next one a person takes over."""


async def say(turn: Turn, reply: Reply, trail: Sequence[dict[str, Any]] = ()) -> Message:
    """Return the words of a reply. An unfinished report waits until what begins now is over."""
    if isinstance(reply, Message):
        return reply
    talk, name = turn.talk, reply.conversation.name
    left = turn.conversation if talk.flow else None
    if left and left.waits and talk.flow != name:
        talk.wait()
    elif left and left.files and not left.waits:
        talk.files = []  # what was sent for one case never goes with the next
    talk.flow, talk.seed, talk.answers, talk.trail = name, _begun(turn, reply), {}, list(trail)
    return await _go_on(turn, reply.before)


def _begun(turn: Turn, reply: Next) -> dict[str, Any]:
    """Return the seed; of a draft with the area it is begun in, which no later answer moves."""
    wide = reply.conversation.waits and turn.work.desk.directory.is_wide
    return {**(begun_here(turn.work, {}) if wide else {}), **reply.seed}


async def hear(turn: Turn, said: Said | None, before: str = "") -> Message:
    """Take what was said as the answer to the open question; None repeats the question."""
    state = _replayed(turn)
    if isinstance(state, Finished):  # a new version of the flow asks less than the one that was begun
        return await _go_on(turn, before)
    if said is None and not (state.ask.by_files and turn.talk.files):
        return _ask(turn, state.ask, before)
    try:
        value = answer(
            state.ask, said or Text(""), turn.talk.seq, labels(turn.talk.flow, state.ask, turn.say)
        )
    except Stale:
        return _ask(turn, state.ask, turn.say("common.stale"))
    except NotUnderstood as refusal:
        return _again(turn, state.ask, refusal)
    turn.talk.misses = 0
    turn.talk.answers = after(state, turn.talk.answers, value)
    return await _go_on(turn, before)


async def go_back(turn: Turn) -> Message:
    """Undo the last answer; at the first question, go back to what led here, or leave the conversation."""
    state, talk = _replayed(turn), turn.talk
    earlier = back(state.given) if isinstance(state, Asking) else None
    if earlier is not None:
        talk.answers = earlier
        return await _go_on(turn)
    if not talk.trail:
        return await leave(turn)
    *talk.trail, led_here = talk.trail
    talk.flow, talk.seed, talk.answers = (led_here[part] for part in _STEP)
    while isinstance(_replayed(turn), Finished) and talk.answers:
        talk.answers = back(talk.answers) or {}
    return await _go_on(turn)


async def leave(turn: Turn) -> Message:
    """Leave the open conversation, with what was answered and sent; a report that waited goes on.

    Whether somebody is in danger is left by no other way than an answer: it says so, and is asked again.
    """
    if doubts.presses(turn.talk.flow, turn.talk.seed):
        return await hear(turn, None, before=turn.say("unclear.stays"))
    left = turn.conversation
    confidence.forget_if_chosen(turn)
    turn.talk.end()
    if left.files:
        turn.talk.files = []
    return await _resume(turn, Message(turn.say("common.cancelled" if left.waits else "common.left")))


async def send_now(turn: Turn) -> Message | None:
    """Answer "send" where the open question offers it, by name or sealed; None where it does not."""
    return await pick(turn, "send", "seal", "here")


async def pick(turn: Turn, *wanted: str) -> Message | None:
    """Answer with the first of these options that the open question offers; None where it offers none."""
    state = _replayed(turn)
    offered = state.ask.options if isinstance(state, Asking) else ()
    option = next((option for option in wanted if option in offered), None)
    return await hear(turn, Tap(f"pick:{turn.talk.seq}:{option}")) if option else None


def picks(turn: Turn, said: Text) -> bool:
    """Say whether the words are one of the open question's options: then they mean it and nothing else."""
    state = _replayed(turn)
    if isinstance(state, Finished):
        return False
    return chosen(state.ask, said.text, labels(turn.talk.flow, state.ask, turn.say)) is not None


def asks_name(turn: Turn) -> bool:
    """Say whether the open question asks for somebody's name, which may be spelled like a command."""
    state = _replayed(turn)
    return isinstance(state, Asking) and state.ask.named


def stays(turn: Turn, said: Text) -> bool:
    """Say whether “never mind” answers a question that takes no words and offers no way to say so."""
    if wishes.answer(said.text) != "leave":
        return False
    state = _replayed(turn)
    asks = isinstance(state, Asking) and bool(state.ask.options) and state.ask.accept is None
    return asks and not picks(turn, said)


def asked_for(turn: Turn) -> Wish:
    """Return what the open question would have a phone share, if anything."""
    state = _replayed(turn) if turn.talk.flow else None
    return state.ask.wants if isinstance(state, Asking) else ""


def _replayed(turn: Turn) -> Asking | Finished:
    """Replay the open conversation; once, however often a turn asks, while nothing has changed."""
    talk, session = turn.talk, turn.session
    begun = (talk.flow, talk.seed, talk.answers, session)
    if turn.replayed is None or turn.replayed[0] != begun:
        state = replay(turn.conversation.flow(talk.seed, session), talk.answers)
        turn.replayed = begun, state
    return turn.replayed[1]


async def _go_on(turn: Turn, before: str = "") -> Message:
    """Ask the next question, or do what all the answers ask for."""
    conversation = turn.conversation
    state = _replayed(turn)
    if isinstance(state, Asking):
        return _ask(turn, state.ask, before)
    # The conversation is over whether or not its end is allowed: a refusal must not leave it open.
    led_here = {part: getattr(turn.talk, part) for part in _STEP}
    trail = [*turn.talk.trail, led_here] if conversation.leads_on else []
    turn.talk.end()
    reply = await conversation.finish(turn, state.result)
    if conversation.files and isinstance(reply, Message):
        turn.talk.files = []
    return await _resume(turn, await say(turn, reply, trail))


async def _resume(turn: Turn, message: Message) -> Message:
    """Go on with the report that waited, if there is one: its question follows in the same message."""
    if turn.talk.flow or not turn.talk.waiting:
        return message
    turn.talk.take_up()
    return await _go_on(turn, message.text)


def _ask(turn: Turn, ask: Ask, before: str = "") -> Message:
    """Put the question; at the first one of a report the way back is out of it, and says so."""
    turn.talk.seq += 1
    drops = turn.conversation.waits and not turn.talk.answers
    back = "common.drop" if drops else "common.back"
    return render(turn.talk.flow, ask, turn.say, turn.talk.seq, before, back=back)


def _again(turn: Turn, ask: Ask, refusal: NotUnderstood) -> Message:
    """Say what was not understood and ask again; the third time a person helps (`not_understood`)."""
    if turn.talk.misses >= MOST_MISSES and not is_official(turn.work, turn.chat):
        raise refusal
    turn.talk.misses += 1
    key = refusal.args[0] or "common.choose"
    return _ask(turn, ask, turn.say(key))


async def is_answer(turn: Turn, said: Text) -> bool:
    """Say whether what could be a command is an answer: an option, digits, or somebody's name.

    Digits that tie two chats at this moment are no answer: whoever reads it could use them.
    """
    command = commands.read(said.text)
    if command is not None and command.name == "pair" and await linking.is_good(turn.work, command.text):
        return False
    drops = command is not None and command.name == "cancel" and turn.talk.flow == "report"
    a_name = asks_name(turn) and (commands.may_be_a_name(said.text) or _leaves_out_name(turn, said))
    a_name = a_name and not drops
    return a_name or picks(turn, said) or commands.may_be_an_answer(said.text)


def _leaves_out_name(turn: Turn, said: Text) -> bool:
    """Say whether an official answers that somebody wants no name: nothing of their own is to be hidden."""
    return is_official(turn.work, turn.chat) and wishes.unnamed(said.text) is not None
