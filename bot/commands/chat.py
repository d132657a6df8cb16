"""chat: talk to the desk from a terminal, as a citizen or as an official.

A line is answered in one transaction of this process, so it needs no running desk and disturbs none: what a
desk that runs beside it rings or passes on is printed here as it comes.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from bot.channels.console import Console
from bot.commands.running import Refused, settings
from bot.demo import house
from bot.demo.seats import SEATS
from bot.opening import CannotStart, opened
from bot.sender import Sender
from bot.settings import Settings
from bot.wakeup import Wakeup
from domain.messages import Incoming, Text
from domain.people import Role
from handlers.door.prefetch import prefetch
from handlers.door.receive import receive
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Person
from storage.store import demo
from storage.store.engine import DatabaseClock, Store

EVERY = 0.3
"""Seconds after which a terminal that says nothing looks for news."""
_SEED = "python -m bot seed FILE"


class As(StrEnum):
    """Whom one may speak as: a citizen, or whoever holds a role."""

    CITIZEN = "citizen"
    OFFICER = Role.OFFICER
    SUPERVISOR = Role.SUPERVISOR
    HEAD = Role.HEAD
    ADMIN = Role.ADMIN
    DUTY = Role.DUTY


def command(
    *,
    as_: Annotated[As, typer.Option("--as", help="Whom to speak as.")] = As.CITIZEN,
    person: Annotated[str, typer.Option(help="An official's code; else the first who holds the role.")] = "",
    in_demo: Annotated[bool, typer.Option("--demo", help="Talk to the demo's desk.")] = False,
) -> None:
    """Talk to the desk in this terminal; Ctrl+D ends it."""
    try:
        asyncio.run(_run(settings(), as_, person, in_demo=in_demo))
    except (Refused, CannotStart, house.Refused) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


async def _run(found: Settings, who: As, code: str, *, in_demo: bool) -> None:
    if in_demo:
        found = house.house(found)
        await house.look(found)
        code = code or (SEATS[who].person if who in SEATS else "")
    async with opened(found, made_up=in_demo) as store:
        if in_demo:
            await house.furnish(store)
        await Terminal(store, typer.echo).talk(who, code, sys.stdin)


class Terminal:
    """One person at a terminal and the desk's database."""

    def __init__(self, store: Store, show: Callable[[str], None]) -> None:
        self._store = store
        self._show = show

    async def talk(self, who: As, code: str, lines: Iterable[str]) -> None:
        """Let one person talk until their lines end. Raises Refused."""
        person = None if who is As.CITIZEN else await self._official(Role(who), code)
        console = Console(
            (person.code if person else None) or "citizen", lambda text: self._show(f"\n{text}\n")
        )
        sender = Sender(self._store, console, Wakeup(EVERY))
        self._show(f"talking to the desk as {person.code if person else 'a citizen'}; Ctrl+D ends it")
        if person is not None:
            await self._enter(console, person)
        heard = _read(lines)
        line: str | None = ""
        while line is not None:
            await self._follow_the_clock()
            if line.strip():
                await self._hear(console, line.strip())
            while await sender.step():
                pass
            try:
                line = await asyncio.wait_for(heard.get(), EVERY)
            except TimeoutError:
                line = ""
        async with self._store.work() as work:  # nobody reads here any more, until they come back
            await people.mark_gone(work, _key(work, console))

    async def _official(self, role: Role, code: str) -> Person:
        async with self._store.read() as work:
            if code:
                person = await people.person_by_code(work, code)
                if person is None:
                    raise Refused(f"nobody has the code “{code}”")
                return person
            held = work.rules.directory.everyone(role, work.today)
            await people.load_people(work, held)
            found = next((person for one in held if (person := work.people[one]) is not None), None)
        if found is None:
            raise Refused(f"nobody holds the role {role}: {_SEED} first, or try --demo")
        return found

    async def _enter(self, console: Console, person: Person) -> None:
        """Tie this terminal to the person, by an invitation as everybody else."""
        async with self._store.work() as work:
            await people.load_chats(work, [_key(work, console)])
            chat = work.chats.get(_key(work, console))
            if chat is not None and chat.person_id == person.id:
                chat.blocked_at = None
                return
            token = await people.invite(work, person.id)
        await self._hear(console, token)

    async def _hear(self, console: Console, text: str) -> None:
        async with self._store.work() as work:
            key = _key(work, console)
            incoming = Incoming(console.account, key, console.account, uuid4().hex, work.now, Text(text))
            await prefetch(work, [incoming])
            await receive(work, incoming)

    async def _follow_the_clock(self) -> None:
        """Keep to a demo's time: its hands may have been moved; a desk's own clock is never shifted."""
        clock = self._store.clock
        if isinstance(clock, DatabaseClock):
            async with self._store.read() as work:
                clock.shift = await demo.shift(work) or timedelta(0)


def _key(work: Work, console: Console) -> str:
    return work.keyring.blind("chat", console.account, console.account)


def _read(lines: Iterable[str]) -> asyncio.Queue[str | None]:
    """Read lines beside the loop; None stands for their end. A terminal's read cannot be called off."""
    heard: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in lines:
            loop.call_soon_threadsafe(heard.put_nowait, line)
        loop.call_soon_threadsafe(heard.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return heard
