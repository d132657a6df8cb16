"""The demo's stories, played through a platform's emulator: python -m tests.emulators.stories telegram.

The desk is the whole one, as `run` wires it; only its clock stands still between the lines, and is moved on
where a platform's pace asks for a pause.
"""

import asyncio
import io
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from PIL import Image
from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule

import locales
from bot import app
from bot.channels.channel import Hooked
from bot.demo import house, text
from bot.demo.hands import Hands, NeverDone, Stopped
from bot.demo.player import WentWrong, stories
from bot.demo.seats import SEATS
from bot.demo.server import free_port
from bot.desk import Desk
from bot.opening import own_page
from bot.stories import SECRET, Attach, Line, Press, Say, Story
from storage import migrations
from storage.office.rulebook import Library
from storage.people import people
from storage.store import demo
from storage.store.engine import Store, open_store
from tests.emulators.phones import PLATFORMS, Platform, Shown, settings_for
from web.chat_page import Bubble, Button

LOOKS = 3000
"""Rounds after which a desk that is not done never will be."""
PAUSE = timedelta(seconds=1)
TRIES = 3
CHANGED = "vừa thay đổi, bây giờ như sau"
"""How the desk refuses a button that is out of date: with the case as it is now."""


@dataclass
class Table:
    """A desk, its clock, and the platform its people write on."""

    desk: Desk
    clock: Stopped
    platform: Platform
    seen: dict[tuple[str, Any], tuple[str, str]] = field(default_factory=dict)
    secret: str = ""

    async def settle(self, desk: Desk) -> None:
        """Let everything be brought, handled and sent; where a pace asks for a pause, a second passes."""
        for _ in range(LOOKS):
            if await self.platform.quiet() and not await _stepped(desk):
                async with desk.store.read() as work:
                    if not await demo.busy(work, desk.channels):
                        return
                self.clock.shift += PAUSE
            await asyncio.sleep(0.002)
        raise NeverDone("the desk did not get through what it was told")

    def news(self) -> list[tuple[str, Shown, bool]]:
        """Return what is new on every phone, and whether it took the place of something."""
        found = []
        for name, phone in self.platform.phones.items():
            for shown in phone.messages:
                before = self.seen.get((name, shown.id))
                looks = shown.text, str(getattr(shown, "keyboard", ""))
                if before != looks:
                    self.seen.pop((name, shown.id), None)  # what changed last stands last
                    self.seen[name, shown.id] = looks
                    found.append((name, shown, before is not None))
                if secret := SECRET.search(shown.text):
                    self.secret = secret[0]
        return found


async def _stepped(desk: Desk) -> int:
    loops: list[Callable[[], Awaitable[int]]] = [
        *(fetcher.step for fetcher in desk.fetchers),
        desk.worker.step,
        *(sender.step for sender in desk.senders),
    ]
    return sum([await loop() for loop in loops])


async def take_seats(table: Table) -> None:
    """Let the officials in by invitation, each on a phone of their own."""
    for name in text.SEATED:
        async with table.desk.store.work() as work:
            person = await people.person_by_code(work, SEATS[name].person)
            token = await people.invite(work, person.id) if person else ""
        table.platform.phone(name).say(token)
        await table.settle(table.desk)


async def play(story: Story, table: Table, audience: text.Terminal) -> None:
    """Play a story to its end. Raises WentWrong."""
    hands = Hands(table.desk, table.clock, table.settle)
    table.news()
    for line in story.lines:
        try:
            await _do(line, table, hands, audience)
            await table.settle(table.desk)
        except (NeverDone, AssertionError) as error:
            raise WentWrong(line.line, str(error)) from error
        await _tell(table, hands, audience)


async def _do(line: Line, table: Table, hands: Hands, audience: text.Terminal) -> None:
    match line:
        case Say():
            table.platform.phone(line.who).say(line.text.replace("{secret}", table.secret))
        case Press():
            await _press(line, table)
        case Attach():
            table.platform.phone(line.who).photo(_photo(), line.caption)
        case _:
            async with table.desk.store.read() as work:
                end = line.end(work.now, work.rules.calendar)
            await hands.to(end, lambda: _tell(table, hands, audience))


async def _press(line: Press, table: Table) -> None:
    """Press, and once more on the card that comes where the case has changed since the button was drawn."""
    phone = table.platform.phone(line.who)
    for _ in range(TRIES):
        latest = [number for name, number in reversed(table.seen) if name == line.who]
        pressed = phone.press(line.label, latest)
        await table.settle(table.desk)
        told = [shown.text for shown in phone.messages if not shown.mine]
        if pressed and CHANGED not in told[-1]:
            return


async def _tell(table: Table, hands: Hands, audience: text.Terminal) -> None:
    now = await hands.now()
    async with table.desk.store.read() as work:
        at = work.rules.calendar.local(now)
    await audience.begins(at)
    for name, shown, again in table.news():
        await audience.told(name, _bubble(shown, at, again=again))


def _bubble(shown: Shown, at: datetime, *, again: bool) -> Bubble:
    labels = [label for row in shown.labels for label in (row if isinstance(row, list) else [row])]
    buttons = tuple(Button(label, "", "", "") for label in labels)
    return Bubble(1, "b0" if again else "b1", shown.mine, shown.text, "", (), "menu", False, buttons, at, "")


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 150)).save(file, "JPEG")
    return file.getvalue()


async def play_all(name: str, console: Console) -> int:
    """Play every story on a platform. Returns the exit status."""
    console.print(Panel(locales.words("vi")("demo.banner"), style="bold yellow", width=text.WIDTH))
    with TemporaryDirectory() as folder:
        library = await furnished(Path(folder) / "template", Library())
        for title, story in stories().items():
            copy = Path(folder) / title
            shutil.copytree(Path(folder) / "template", copy)
            console.print(Panel(f"{story.title}\n{story.about}", border_style="yellow", width=text.WIDTH))
            try:
                await play_one(name, story, copy, text.Terminal(console), library)
            except WentWrong as wrong:
                console.print(f"{title}.chat:{wrong.line}: {wrong.why}", style="bold red", markup=False)
                return 1
    console.print(Rule(style="yellow"))
    console.print(locales.words("vi")("demo.all_told", count=len(stories())))
    return 0


async def furnished(folder: Path, library: Library) -> Library:
    """Make a furnished demo, to be played on or copied. Returns its rules: reading them takes longest."""
    store = _open(folder, Stopped(text.BEFORE))
    store.library = library
    await migrations.upgrade(store.engine)
    await house.furnish(store)
    await store.close()
    return store.library


async def play_one(name: str, story: Story, folder: Path, audience: text.Terminal, library: Library) -> None:
    """Play a story on a desk of its own, all of whose people write on this platform."""
    clock = Stopped(text.BEFORE)
    store = _open(folder, clock)
    store.library = library
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        platform = await stack.enter_async_context(PLATFORMS[name]())
        settings = settings_for(platform, folder, free_port([0]))
        store.page = own_page("")
        desk = Desk(store, app.channels(settings, store))
        store.accounts = dict.fromkeys(desk.channels, house.COMMUNE)
        for channel in desk.channels.values():
            stack.push_async_callback(channel.close)
        await stack.enter_async_context(app.serving(settings, app.web_app(desk, store)))
        for channel in desk.channels.values():
            if isinstance(channel, Hooked) and channel.called:
                await channel.set_hook(settings.base_url)
        platform.connect(settings.base_url)
        table = Table(desk, clock, platform)
        await take_seats(table)
        if story.start is not None:
            async with store.read() as work:
                start = work.rules.calendar.at(story.start.date(), story.start.time())
            clock.shift = max(clock.shift, start - text.BEFORE)
        await play(story, table, audience)
        if platform.refused:
            raise WentWrong(0, f"the platform refused {platform.refused}")


def _open(folder: Path, clock: Stopped) -> Store:
    return open_store(f"sqlite+aiosqlite:///{folder / 'desk.sqlite3'}", text.KEYS, folder, clock)


cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def main(
    name: Annotated[str, typer.Argument(help=f"which platform: {', '.join(PLATFORMS)}")],
) -> None:
    """Tell the demo's stories in the terminal, each word of them carried by a platform's emulator."""
    if name not in PLATFORMS:
        typer.echo(f"{name!r} is not one of {', '.join(PLATFORMS)}", err=True)
        raise typer.Exit(2)
    console = Console(highlight=False, width=None if Console().is_terminal else text.WIDTH)
    raise typer.Exit(asyncio.run(play_all(name, console)))


if __name__ == "__main__":
    cli()
