"""The demo in the terminal: every story, played on a database of its own that is thrown away afterwards."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

import locales
from bot.channels.webchat import WebChat
from bot.demo import house
from bot.demo.hands import Hands, Stopped
from bot.demo.player import Player, WentWrong, stories
from bot.demo.seats import ABROAD
from bot.desk import Desk
from bot.stories import Line, Story
from storage import migrations
from storage.ground.crypto import Keyring
from storage.office.rulebook import Library
from storage.store.engine import Store, open_store
from web.chat_page import Bubble

WIDTH = 100
KEYS = Keyring.of(b"a demo's secret is no secret    ")
BEFORE = datetime(2026, 11, 15, 2, 0, tzinfo=UTC)
"""A Sunday: everyone takes their seats before the first story begins."""
SEATED = ("officer", "supervisor", "head", "duty", "police", *ABROAD)
"""One of each: who would only be told the same again is left out."""
_LOOKS = {
    "citizen": ("green", 0),
    "neighbour": ("green", 0),
    "supervisor": ("magenta", 28),
    "head": ("magenta", 28),
    "province_head": ("magenta", 28),
}
_OFFICIAL = ("cyan", 14)
_PANEL = 70


@dataclass
class Terminal:
    """An audience that reads a terminal: citizens to the left, officials, then those above them."""

    console: Console
    at: datetime | None = None
    shown: datetime | None = None

    async def begins(self, at: datetime) -> None:
        """Keep the time; it is written when something is said then."""
        self.at = at

    async def line(self, line: Line, place: int) -> None:
        """Nothing: what a line does is shown by its bubbles."""

    async def told(self, seat: str, bubble: Bubble) -> None:
        """Draw a bubble."""
        if self.at != self.shown and self.at is not None:
            self.shown = self.at
            when = f"{locales.day('vi', self.at.date())}, {locales.clock('vi', self.at)}"
            self.console.print(Rule(when, style="dim", characters="─"))
        redrawn = not bubble.mine and bubble.key != f"b{bubble.id}"
        self.console.print(_redrawn(seat, bubble) if redrawn else _panel(seat, bubble))


def _redrawn(seat: str, bubble: Bubble) -> Padding:
    """Say in one line how a card that was shown before looks now."""
    colour, indent = _LOOKS.get(seat, _OFFICIAL)
    state = bubble.text.splitlines()[-1]
    return Padding(
        Text(f"↻ {locales.words('vi')(f'demo.seat.{seat}')}: {state}", style=colour), (0, 0, 0, indent)
    )


def _panel(seat: str, bubble: Bubble) -> Padding:
    say = locales.words("vi")
    colour, indent = _LOOKS.get(seat, _OFFICIAL)
    who, desk = say(f"demo.seat.{seat}"), say("webchat.desk")
    body = Text(bubble.text or ", ".join(file.name for file in bubble.files))
    for button in bubble.buttons:
        number = f" {button.number}. " if button.number else " • "
        body.append(f"\n{number}{button.label}", style="bold")
    title = f"[bold]{who}[/] →" if bubble.mine else f"{desk} → [bold]{who}[/]"
    style = f"bold {colour}" if bubble.mine else colour
    panel = Panel(body, title=title, title_align="left", border_style=style, width=_PANEL)
    return Padding(panel, (0, 0, 0, indent))


async def play_all(console: Console) -> int:
    """Play every story. Returns the exit status: 1 as soon as one does not go as told."""
    say = locales.words("vi")
    console.print(Panel(say("demo.banner"), style="bold yellow", width=WIDTH))
    with TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        library = await _prepare(template)
        for name, story in stories().items():
            copy = Path(folder) / name
            shutil.copytree(template, copy)
            if not await _play(console, name, story, copy, library):
                return 1
    console.print(Rule(style="yellow"))
    console.print(say("demo.all_told", count=len(stories())))
    return 0


async def _prepare(folder: Path) -> Library:
    """Make a furnished demo, to be copied for each story. Returns its rules: reading them takes longest."""
    store = _open(folder, Stopped(BEFORE))
    await migrations.upgrade(store.engine)
    await house.furnish(store)
    desk = Desk(store, [WebChat(store, "", 0)])
    await house.seat_everyone(desk, SEATED)
    await store.close()
    return store.library


async def _play(console: Console, name: str, story: Story, folder: Path, library: Library) -> bool:
    console.print()
    heading = Text.assemble((story.title, "bold"), f"\n{story.about}")
    console.print(Panel(heading, border_style="yellow", width=WIDTH))
    clock = Stopped(BEFORE)
    store = _open(folder, clock)
    store.library = library
    try:
        desk = Desk(store, [WebChat(store, "", 0)])
        if story.start is not None:
            async with store.read() as work:
                start = work.rules.calendar.at(story.start.date(), story.start.time())
            clock.shift = start - BEFORE
        await Player(desk, Hands(desk, clock), Terminal(console)).play(story)
    except WentWrong as wrong:
        console.print(f"{name}.chat:{wrong.line}: {wrong.why}", style="bold red", markup=False)
        return False
    finally:
        await store.close()
    return True


def _open(folder: Path, clock: Stopped) -> Store:
    store = open_store(f"sqlite+aiosqlite:///{folder / 'desk.sqlite3'}", KEYS, folder, clock)
    store.accounts = house.ACCOUNTS
    return store
