"""What is said in confidence is kept nowhere once it is dealt with, and is never left open on a phone."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.messages import Message
from handlers.engine.conversation import Keep, Turn
from services.intake import sealed
from storage.ground.instant import to_ms


@dataclass(frozen=True, slots=True)
class Before:
    """How confidential the conversation was that a message met."""

    private: bool
    close: bool


def before(turn: Turn) -> Before:
    """Return it as it is now."""
    return Before(is_private(turn), is_kept_close(turn))


def is_private(turn: Turn) -> bool:
    """Say whether a private conversation is open."""
    return bool(turn.talk.flow) and turn.conversation.private


def is_kept_close(turn: Turn) -> bool:
    """Say whether what is being said must not become a case in the sender's own name."""
    return is_private(turn) or bool(turn.talk.seed.get("sealed"))


def forget_if_chosen(turn: Turn) -> None:
    """Forget a draft that is dropped whole, where its sender wished to send it sealed."""
    if any(answer == "seal" for answer in turn.talk.answers.values()):
        turn.keep = Keep(turn.begun, turn.work.rules.secrecy.open_for)


def leave(turn: Turn) -> None:
    """End a private conversation: something else begins, and nobody may find it open."""
    if is_private(turn):
        turn.talk.end()
        turn.talk.files = []


def leave_if_idle(turn: Turn, heard_at: datetime) -> None:
    """End a private conversation that has rested so long that somebody else may hold the phone."""
    if turn.work.now - heard_at > turn.work.rules.secrecy.open_for:
        leave(turn)


def note_beginning(turn: Turn) -> None:
    """Remember when what began the open conversation came, to know what belongs to it."""
    if not turn.talk.flow:
        turn.talk.begun = 0
    elif not turn.talk.begun:
        turn.talk.begun = to_ms(turn.when)


async def close(turn: Turn, reply: Message | None, before: Before) -> Message | None:
    """Forget what was said in confidence in this turn, and let the reply be read but not kept.

    A draft that was to be sent sealed is forgotten whole when it is dropped.
    """
    keep, open_for = turn.keep, turn.work.rules.secrecy.open_for
    if keep is None and (before.private or is_private(turn)):
        keep = Keep(turn.when, open_for)
    elif keep is None and before.close and not is_kept_close(turn):
        keep = Keep(turn.begun, open_for)
    if keep is None:
        return reply
    until = await sealed.forget(turn.work, turn.chat, keep.since, keep.shown_for)
    turn.talk.shown_until = to_ms(until)
    return replace(reply, once=True) if reply is not None else None
