"""seed, invite and directory: who works at this desk, how they come in, and the way back from a change."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from bot.commands.running import Refused
from services.office import directory, joining, keys, office, orders, unheard
from services.office.order_checks import CannotOrder
from services.office.orders import Plan
from services.office.seed_file import instead, quoted
from storage.ground.work import Work
from storage.office import changes
from storage.office.changes import InTheWay, NothingToUndo
from storage.office.directory import codes_of_people, read
from storage.people import joined, people
from storage.store.engine import Store

_PLURALS = {"area": "areas", "unit": "units", "person": "people", "role": "roles"}


async def seed(store: Store, data: bytes, name: str, *, check: bool = False) -> list[str]:
    """Seed the directory from a file's bytes. Returns the counts as lines. Raises SeedRefused."""
    try:
        async with store.read() if check else store.work() as work:
            counts = await directory.seed(work, data, name, check=check, tell=_tell)
    finally:
        _tell("")
    lines = [
        f"{_PLURALS[kind]}: {count.new} new, {count.changed} changed, {count.unchanged} unchanged"
        for kind, count in counts.items()
    ]
    if check:
        return [*lines, "checked only: nothing was written"]
    return [*lines, *await _not_joined(store)]


def _tell(doing: str) -> None:
    """Say on a terminal how far it is, in one line that is written over each time."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{doing}")
        sys.stderr.flush()


async def _not_joined(store: Store) -> list[str]:
    """List who is still to be invited, or to use their invitation: nothing reaches them until they do."""
    async with store.read() as work:
        local = work.rules.calendar.local
        lines = [
            f"  {one.code} ({one.units})"
            + (f", invited until {local(one.invited_until):%Y-%m-%d %H:%M}" if one.invited_until else "")
            for one in await unheard.not_joined(work)
        ]
    head = f"not joined yet, so that nothing reaches them: {len(lines)}; `python -m bot invite CODE` for each"
    return [head, *lines] if lines else []


async def invite(store: Store, code: str, base_url: str, *, end_old: bool = False) -> list[str]:
    """Make an official's one-time invitation. Returns the message to send and the link. Raises Refused.

    With `end_old` whoever uses it leaves their other chats.
    """
    async with store.work() as work:
        person = await _person(work, code)
        token = await keys.invite(work, person, None, ends=end_old)
        last = work.rules.calendar.local(work.now + people.INVITE_LASTS)
        idle = not work.rules.directory.held_by(person.id, work.today)
    return [
        *([f"note: {code} holds no role today and will be treated as a citizen"] if idle else []),
        f"Let {code} send this in the chat they will work in; it works once, until {last:%Y-%m-%d %H:%M}:",
        token,
        "or open this, to work in the web chat:",
        f"{base_url}/chat?start={token}",
    ]


async def _person(work: Work, code: str) -> people.Person:
    person = await people.person_by_code(work, code)
    if person is None:
        raise Refused(f"nobody has the code {quoted(code)}{instead(code, await codes_of_people(work))}")
    return person


async def chats(store: Store, code: str) -> list[str]:
    """Return the chats in which an official works, one line each, the oldest first. Raises Refused."""
    async with store.read() as work:
        local, person = work.rules.calendar.local, await _person(work, code)
        found = await joined.of_person(work, person.id)
        lines = [
            f"{number}: {joining.place('en', chat)}, since {_day(work, chat)},"
            f" last heard {local(chat.heard_at):%Y-%m-%d %H:%M}"
            for number, chat in enumerate(found, start=1)
        ]
    return lines or [f"{code} works in no chat"]


def _day(work: Work, chat: people.Chat) -> str:
    return f"{work.rules.calendar.local(chat.joined_at or chat.created_at):%Y-%m-%d}"


async def end_chats(store: Store, code: str, number: int | None) -> list[str]:
    """End a chat of an official, by its number in the list, or with None all of them. Raises Refused."""
    async with store.work() as work:
        person = await _person(work, code)
        found = await joined.of_person(work, person.id)
        if number is not None and number > len(found):
            raise Refused(f"{code} works in {len(found)} chats; `python -m bot chats {code}` lists them")
        ending = found if number is None else [found[number - 1]]
        for chat in ending:
            await joining.end_as_installer(work, chat)
        left = len(found) - len(ending)
    again = [] if left else [f"nothing reaches {code} now: `python -m bot invite {code}`"]
    return [f"ended: {len(ending)}, left: {left}", *again]


async def listed(store: Store) -> list[str]:
    """Return the latest changes of the directory, the newest first, one line each."""
    lines = []
    async with store.read() as work:
        for change in await changes.listed(work):
            at = work.rules.calendar.local(change.at)
            undone = " (undone)" if change.undone_at is not None else ""
            counts = f"{len(change.rows['rows'])} rows"
            lines.append(f"{change.number}{undone}: {at:%Y-%m-%d %H:%M} {change.note} ({counts})")
    return lines or ["no change yet"]


async def undo(store: Store, number: int | None = None) -> list[str]:
    """Undo a change of the directory, the latest by default. Raises Refused."""
    async with store.work() as work:
        try:
            change = await office.undo(work, number)
        except NothingToUndo:
            raise Refused("there is no such change that could be undone") from None
        except InTheWay as way:
            why = (
                f"undo change {way.later} first"
                if way.later
                else "something uses what it made; end that instead"
            )
            raise Refused(f"this change cannot be undone: {why}") from None
        return [f"change {change.number} is undone: {change.note}"]


async def merge(store: Store, asked: Mapping[str, Any], *, check: bool) -> list[str]:
    """Merge a `unit`, or a commune's units, `into` another `on` a day; or a hamlet goes over. Raises Refused.

    Where `carry` is false the people of the first do not go on in the second.
    """
    source, target = asked["unit"], asked["into"]
    async with store.read() if check else store.work() as work:
        known = await read(work)
        both = [name for name in (source, target) if name not in {*known.units, *known.areas}]
        if both:
            codes = sorted({*known.units, *known.areas})
            raise Refused(f"no unit or commune has the code {quoted(both[0])}{instead(both[0], codes)}")
        units = source in known.units and target in known.units
        if not units and not (source in known.areas and target in known.areas):
            raise Refused("merge a unit into a unit, or a commune or a hamlet into a commune")
        order = {"do": "merge" if units else "merge_commune", **asked}
        if not units and known.areas[source].kind == "hamlet":
            order = {"do": "move_area", "area": source, **asked}
        try:
            if check:
                plan = await orders.work_out(work, order)
                return [*_told(plan), "checked only: nothing was written"]
            plan, change = await orders.carry_out(work, order, None)
        except CannotOrder as refused:
            raise Refused(f"these cannot be merged: {_WHY.get(refused.key, refused.key)}") from None
        return [*_told(plan), f"done, as change {change.number}"]


_WHY: Mapping[str, str] = {
    "same_unit": "they are the same",
    "too_early": "the day is past, or before the first has begun",
    "unit_ended": "one of them does not stand on that day",
    "no_matching_units": "the first has no units, or the second has no reception desk",
    "last_reception": "no reception desk would be left",
    "last_head": "nobody would answer for the desk",
    "last_admin": "no admin would be left",
}


def _told(plan: Plan) -> list[str]:
    kinds: Callable[[str], int] = [row.what for row in plan.rows].count
    told: dict[str, Any] = {
        "units": kinds("unit"),
        "roles": kinds("role"),
        "open cases that move": plan.cases,
    }
    return [f"{name}: {count}" for name, count in told.items()]
