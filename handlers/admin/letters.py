"""Dead letters, for an admin: how many, of which account, why; tried again from here, but never read here."""

import locales
from domain.messages import Choice, Message
from handlers.admin.asking import require_desk_admin
from handlers.engine.conversation import Option, Turn
from storage.mail import letters as stored
from storage.mail.letters import Letter

_SHOWN = 5
"""The newest are shown."""
_ALL = "all"
_LONGEST = 120
"""So much of a reason is shown."""


async def _letters(turn: Turn, _text: str) -> Message:
    require_desk_admin(turn)
    found = await stored.listed(turn.work, _SHOWN)
    if not found:
        return Message(turn.say("letters.none"))
    lines = "\n".join(_line(turn, number, letter) for number, letter in enumerate(found, start=1))
    said = turn.say("letters.list", count=await stored.count(turn.work), lines=lines)
    choices = [
        Choice(turn.say("letters.retry", number=number), f"menu:retry_letter:{letter.id}")
        for number, letter in enumerate(found, start=1)
    ]
    everything = Choice(turn.say("letters.retry_all"), f"menu:retry_letter:{_ALL}")
    return Message(said, (*choices, everything) if len(found) > 1 else tuple(choices))


def _line(turn: Turn, number: int, letter: Letter) -> str:
    at = turn.work.rules.calendar.local(letter.at)
    when = f"{locales.clock(turn.chat.language, at)} {locales.short_day(at.date())}"
    way = turn.say(f"letters.way.{letter.direction}")
    reason = letter.reason[:_LONGEST]
    return turn.say("letters.line", number=number, account=letter.account, way=way, when=when, reason=reason)


async def _retry(turn: Turn, text: str) -> Message:
    """Put one back in line, or all; a button of a letter that is gone says so."""
    require_desk_admin(turn)
    wanted = [one for one in await stored.listed(turn.work) if text in {one.id, _ALL}]
    back = await stored.replay(turn.work, wanted)
    if len(back) == len(wanted):
        return Message(turn.say("letters.retried" if wanted else "letters.gone", count=len(back)))
    return Message(turn.say("letters.some_left", count=len(back), left=len(wanted) - len(back)))


OPTIONS: dict[str, Option] = {"letters": _letters, "retry_letter": _retry}
