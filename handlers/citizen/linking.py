"""One person in two channels: a code shown in one and typed in the other ties them; a word unties them."""

from domain.messages import Message
from handlers.conversation import Keep, Option, Turn
from services import linking
from services.linking import CannotLink, WrongCode
from services.refusals import TooManyTries


async def _link(turn: Turn, text: str) -> Message:  # noqa: ARG001 - every option is called alike
    """Show a code, once and for a short while: whoever types it reads everything."""
    try:
        made = await linking.offer(turn.work, turn.chat)
    except CannotLink as why:
        return Message(turn.say(str(why)))
    lasts = turn.work.rules.secrecy.code_lasts
    turn.keep = Keep(turn.when, lasts)
    half = linking.DIGITS // 2
    code, minutes = f"{made.digits[:half]} {made.digits[half:]}", round(lasts.total_seconds() / 60)
    return Message(turn.say("link.code", code=code, minutes=minutes), once=True, copy=made.token)


async def _pair(turn: Turn, text: str) -> Message:
    """Tie this chat to the one the code was shown in. Who guesses is not told how wrong it was."""
    try:
        await linking.redeem(turn.work, turn.chat, text)
    except CannotLink as why:
        return Message(turn.say(str(why)))
    except TooManyTries:
        return Message(turn.say("link.too_many"))
    except WrongCode:
        return Message(turn.say("link.wrong"))
    return Message(turn.say("link.done"))


async def _unlink(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    """Let this chat speak for itself again; what was brought here before stays where it was tied to."""
    at_home = turn.chat.home == turn.chat.key
    if not await linking.unlink(turn.work, turn.chat):
        return Message(turn.say("link.none"))
    return Message(turn.say("link.untied_home" if at_home else "link.untied"))


OPTIONS: dict[str, Option] = {"link": _link, "pair": _pair, "unlink": _unlink}
