"""The admin's menu: what of the office can be changed from chat, and the way back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict

from domain.messages import Message
from domain.people import Role
from handlers.admin import (
    calendar,
    documents,
    duty,
    letters,
    people,
    previews,
    second,
    templates,
    units,
    words,
)
from handlers.admin.asking import require_admin
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow
from services.office import undoing
from storage.people.people import name_of

_PARTS: Mapping[str, Callable[[Turn], Awaitable[Reply]]] = {
    "people": people.begin,
    "units": units.begin,
    "areas": units.begin_areas,
    "duty": duty.begin,
    "calendar": calendar.begin,
    "words": words.begin,
    "templates": templates.begin,
    "documents": documents.begin,
}


def menu(_seed: Seed, _session: Session) -> Flow[str]:
    """Ask which part of the office is to be changed: a question, so that no number answers an older one."""
    part: str = yield Ask("part", options=(*_PARTS, "undo"))
    return part


async def chosen(turn: Turn, part: str) -> Reply:
    """Begin the part that was chosen."""
    return await (_undo(turn, "") if part == "undo" else _PARTS[part](turn))


MENU = Conversation("admin", menu, chosen, leads_on=True)


async def _admin(turn: Turn, _text: str) -> Reply:
    require_admin(turn)
    return Next(MENU, {})


async def _undo(turn: Turn, _text: str) -> Reply:
    """Preview the undoing of whatever was changed last: the directory or a document."""
    require_admin(turn)
    last = await undoing.latest(turn.work, turn.chat.person_id)
    if last is None:
        return Message(turn.say("admin.undo.nothing"))
    kept = {name: value for name, value in asdict(last).items() if name != "at"}
    return await previews.preview(turn, {"do": "undo", "last": kept})


async def _duty(turn: Turn, text: str) -> Reply:
    return await duty.begin(turn, text)


def _or_whom(option: Option) -> Option:
    """Let an admin do it, and tell any other official whom to ask."""

    async def choose(turn: Turn, text: str) -> Reply:
        directory, today = turn.work.rules.directory, turn.work.today
        admins = directory.nearest(Role.ADMIN, today)
        if any(held.role is Role.ADMIN for held in directory.held_by(turn.chat.person_id, today)):
            return await option(turn, text)
        return Message(turn.say("admin.whom", names=", ".join([await name_of(turn.work, p) for p in admins])))

    return choose


OPTIONS: dict[str, Option] = {
    "admin": _admin,
    "administer": _or_whom(_admin),
    "admin_undo": _or_whom(_undo),
    "admin_duty": _or_whom(_duty),
    **{name: _or_whom(option) for name, option in letters.OPTIONS.items()},
    **second.OPTIONS,
}
CONVERSATIONS = (
    MENU,
    *previews.CONVERSATIONS,
    *people.CONVERSATIONS,
    *units.CONVERSATIONS,
    *duty.CONVERSATIONS,
    *calendar.CONVERSATIONS,
    *words.CONVERSATIONS,
    *templates.CONVERSATIONS,
    *documents.CONVERSATIONS,
)
