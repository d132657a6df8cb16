"""Days off and worked: what the office decides beside the state's calendar, with the paper it stands on."""

from datetime import date
from typing import Any

from handlers.admin.asking import days_accept, require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, words_at_least

_WHAT = ("day_off", "swap", "makeup", "normal")


def calendar(_seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask which day, why, and by whose decision."""
    what = yield Ask("what", options=_WHAT)
    accept = days_accept(session)
    if what == "day_off":
        first, last = yield Ask("days", accept)
        name = yield Ask("reason", words_at_least(3, 80))
        return {"do": what, "from": first, "to": last, "name": name, "by": (yield from _by())}
    if what == "swap":
        off, _ = yield Ask("off", accept)
        worked, _ = yield Ask("worked", accept, facts={"day": _short(off)})
        return {"do": what, "off": off, "worked": worked, "by": (yield from _by())}
    day, _ = yield Ask(what, accept)
    return {"do": what, "day": day, "by": (yield from _by())}


def _by() -> Flow[str]:
    by: str = yield Ask("by", words_at_least(3, 120))
    return by


def _short(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m}"


CALENDAR = Conversation("admin_calendar", calendar, preview, leads_on=True)


async def begin(turn: Turn) -> Reply:
    """Begin."""
    require_admin(turn)
    return Next(CALENDAR, {})


CONVERSATIONS = (CALENDAR,)
