"""One person in two channels: a code shown in one and typed in the other ties them; a word unties them.

Whoever follows a link that somebody else gave them would let that one read everything: they are asked first.
"""

from collections.abc import Awaitable, Callable

from domain.messages import Message
from handlers.engine.conversation import Conversation, Keep, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow
from services.office import linking
from services.office.linking import CannotLink, WrongCode
from services.standing.refusals import TooManyTries
from storage.ground.work import Work
from storage.people.people import Chat


async def _link(turn: Turn, _text: str) -> Message:
    """Show a code, once and for a short while: whoever types it reads everything."""
    try:
        made = await linking.offer(turn.work, turn.chat)
    except CannotLink as why:
        return Message(turn.say(str(why)))
    lasts = turn.work.rules.secrecy.code_lasts
    turn.keep = Keep(turn.when, lasts)
    half = linking.DIGITS // 2
    code, minutes = f"{made.digits[:half]} {made.digits[half:]}", round(lasts.total_seconds() / 60)
    words = turn.say("link.code", code=code, minutes=minutes)
    if page := turn.elsewhere(made.token):
        words += "\n" + turn.say("link.page", page=page)
    return Message(words, once=True, copy=turn.say("link.typed", code=code))


async def _pair(turn: Turn, text: str) -> Reply:
    """Ask whether the code that was typed, or came with a link, is this person's own."""
    refusal = await _refusal(turn, linking.look_at, text)
    return refusal if refusal is not None else Next(PAIR, {"code": text})


def pair(seed: Seed, _session: Session) -> Flow[str]:
    """Say who will read what, and let it be agreed to."""
    yield Ask("sure", options=("yes",))
    code: str = seed["code"]
    return code


async def paired(turn: Turn, code: str) -> Message:
    """Tie this chat to the one the code was shown in."""
    return await _refusal(turn, linking.redeem, code) or Message(turn.say("link.done"))


PAIR = Conversation("pair", pair, paired)


async def _refusal(
    turn: Turn, use: Callable[[Work, Chat, str], Awaitable[None]], code: str
) -> Message | None:
    """Use a code, and return why it cannot be. Who guesses is not told how wrong it was."""
    try:
        await use(turn.work, turn.chat, code)
    except CannotLink as why:
        return Message(turn.say(str(why)))
    except TooManyTries:
        return Message(turn.say("link.too_many"))
    except WrongCode:
        return Message(turn.say("link.wrong"))
    return None


async def _agreed(turn: Turn, text: str) -> Message:
    """Tie the chat that vouched for the same number, now that this one says that it is theirs."""
    try:
        await linking.agree(turn.work, turn.chat, text)
    except (CannotLink, WrongCode):
        return Message(turn.say("link.not_now"))
    return Message(turn.say("link.done"))


async def _unlink(turn: Turn, _text: str) -> Message:
    """Let this chat speak for itself again; what was brought here before stays where it was tied to."""
    at_home = turn.chat.home == turn.chat.key
    if not await linking.unlink(turn.work, turn.chat):
        return Message(turn.say("link.none"))
    return Message(turn.say("link.untied_home" if at_home else "link.untied"))


CONVERSATIONS = (PAIR,)
OPTIONS: dict[str, Option] = {"link": _link, "pair": _pair, "tie": _agreed, "unlink": _unlink}
