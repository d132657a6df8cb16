"""Those in charge are told of a hot spot: they take it in hand, say that it is none, or go on from there."""

from typing import Any

from domain.messages import Choice, Message
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, asked_for, words_at_least
from handlers.supervisor.broadcasts import BROADCAST
from services.office import hotspots

_REASON = (5, 300)


def refuse(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask why it is none; whoever else was told reads it."""
    return {**seed, "reason": (yield Ask("reason", words_at_least(*_REASON)))}


async def refused(turn: Turn, result: dict[str, Any]) -> Message:
    """Keep that it is none; it is told again when it has grown, or after days."""
    spot = await hotspots.refuse(turn.work, turn.chat, asked_for(result["id"]), result["reason"])
    rules = hotspots.rules_of(turn.work, spot.area)
    return Message(turn.say("hotspot.noted", days=rules.quiet_days, growth=rules.growth))


REFUSE = Conversation("hotspot_refuse", refuse, refused)


async def _take(turn: Turn, text: str) -> Message:
    await hotspots.take(turn.work, turn.chat, asked_for(text))
    return Message(turn.say("hotspot.yours"))


async def _refuse(turn: Turn, text: str) -> Reply:
    await hotspots.open_one(turn.work, turn.chat, asked_for(text))
    return Next(REFUSE, {"id": text})


async def _cases(turn: Turn, text: str) -> Message:
    """List its cases: what can be done to each stands on its card."""
    found = await hotspots.cases_of(turn.work, turn.chat, asked_for(text))
    return Message(turn.say("hotspot.listed" if found else "hotspot.none_read"), tuple(found))


async def _write(turn: Turn, text: str) -> Reply:
    """Begin a message to those who live there; another chief lets it go, as any."""
    spot = await hotspots.open_one(turn.work, turn.chat, asked_for(text))
    return Next(BROADCAST, {"area": hotspots.place_of(turn.work, spot)})


async def _list(turn: Turn, text: str) -> Message:
    """Show one, or the only one there is; else list those that stand."""
    found = await hotspots.of_person(turn.work, turn.chat)
    if not found:
        return Message(turn.say("hotspot.none"))
    chosen = next((spot for spot in found if str(spot.id) == text), found[0] if len(found) == 1 else None)
    if chosen is not None:
        return await hotspots.card(turn.work, chosen, turn.chat)
    lines = [await hotspots.line(turn.work, spot, turn.chat.language) for spot in found]
    choices = [Choice(line, f"menu:hotspots:{spot.id}") for line, spot in zip(lines, found, strict=True)]
    return Message(turn.say("hotspot.list"), tuple(choices))


CONVERSATIONS = (REFUSE,)
OPTIONS: dict[str, Option] = {
    "hotspots": _list,
    "hotspot_take": _take,
    "hotspot_refuse": _refuse,
    "hotspot_cases": _cases,
    "hotspot_write": _write,
}
