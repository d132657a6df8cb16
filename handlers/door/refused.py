"""What somebody hears who may not do what they asked for, or not now: each refusal has its words."""

import locales
from domain.cases import NotNow, Refused
from domain.messages import Message
from handlers.door import verbs
from handlers.engine.conversation import Turn
from services.standing.refusals import StaleVersion


async def said(turn: Turn, refusal: Refused) -> Message:
    """Say what to do instead, or how the case stands now."""
    if isinstance(refusal, StaleVersion):
        return await verbs.changed_meanwhile(turn)
    if isinstance(refusal, NotNow) and not refusal.words:
        return await verbs.not_now(turn)
    if not refusal.words and (gone := await verbs.gone(turn)) is not None:
        return gone
    key, days = refusal.words or "refused.not_allowed", turn.work.rules.patience.reopen_within.days
    code = verbs.code_spoken_of(turn)
    if not code and locales.has(turn.chat.language, f"{key}_uncoded"):
        key = f"{key}_uncoded"
    return Message(turn.say(key, code=code, days=days))
