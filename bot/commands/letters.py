"""letters: what could not be read or said; look at it, try it again, or give it up."""

import getpass
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bot.commands.running import Refused, perform
from storage.ground.crypto import CannotOpen
from storage.ground.work import Work
from storage.mail import letters
from storage.mail.letters import Letter
from storage.store.engine import Store

log = structlog.get_logger(__name__)
app = typer.Typer(help="Dead letters: what could not be read or said. See, try again, give up.")
LEDGER = "letters.log"
"""In DATA_DIR: who had the content of which dead letter shown, and when."""
_WAYS = {"in": "received", "out": "to be sent"}

Id = Annotated[str, typer.Argument(metavar="ID", help="As “letters list” shows it.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...")]


async def listed(store: Store) -> list[str]:
    """Return one line a letter, the newest first: never what it says."""
    async with store.read() as work:
        found, count = await letters.listed(work), await letters.count(work)
        rows = [_row(work, one) for one in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    lines = ["  ".join([*map(str.ljust, row, widths), row[-1]]) for row in rows]
    more = [f"and {count - len(found)} older ones"] if count > len(found) else []
    return [*lines, *more] or ["no dead letters"]


def _row(work: Work, letter: Letter) -> tuple[str, ...]:
    at = work.rules.calendar.local(letter.at)
    tries = f"{letter.attempts} {'try' if letter.attempts == 1 else 'tries'}"
    return letter.id, letter.account, _WAYS[letter.direction], f"{at:%Y-%m-%d %H:%M}", tries, letter.reason


async def show(store: Store, wanted: str, ledger: Path | None) -> list[str]:
    """Return what is known of a letter; with a ledger to note it in, also what it says. Raises Refused."""
    async with store.read() as work:
        letter = await _find(work, wanted)
        lines = ["  ".join(_row(work, letter))]
        if ledger is None:
            return [*lines, "what it says may be confidential; --reveal shows it, and that is noted"]
        try:
            said: Any = await letters.content(work, letter)
        except CannotOpen:
            raise Refused(f"{letter.id} does not open: it was changed where it lies") from None
        _note(ledger, letter, work.now)
    return [*lines, *json.dumps(said, ensure_ascii=False, indent=2).splitlines()]


def _note(ledger: Path, letter: Letter, at: datetime) -> None:
    """Write down who has it shown before it is shown."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers
        who = str(os.getuid())
    line = {"at": at.isoformat(timespec="seconds"), "letter": letter.id, "by": who}
    with ledger.open("a") as book:
        book.write(json.dumps(line) + "\n")
        book.flush()
        os.fsync(book.fileno())
    log.warning("dead_letter_revealed", letter=letter.id, by=who)


async def replay(store: Store, wanted: list[str]) -> list[str]:
    """Put these back in line, or all there are; each is then tried like a new one. Raises Refused."""
    async with store.work() as work:
        found = [await _find(work, one) for one in wanted] or await letters.listed(work)
        back = await letters.replay(work, found)
    left = [f"{one.id} is empty, or its chat is busy: not put back" for one in found if one not in back]
    return [*(f"{one.id} is in line again" for one in back), *left] or ["no dead letters"]


async def drop(store: Store, wanted: str) -> list[str]:
    """Give a letter up for good. Raises Refused."""
    async with store.work() as work:
        letter = await _find(work, wanted)
        await letters.drop(work, letter)
    log.warning("dead_letter_dropped", letter=letter.id, account=letter.account)
    return [f"{letter.id} is given up; what it said is gone"]


async def _find(work: Work, wanted: str) -> Letter:
    for letter in await letters.listed(work):
        if letter.id == wanted:
            return letter
    raise Refused(f"there is no dead letter {wanted!r}; “letters list” shows those there are")


# --- the command line ----------------------------------------------------------------------------


@app.callback(invoke_without_command=True)
def letters_(context: typer.Context) -> None:
    """Dead letters: what could not be read or said. See, try again, give up."""
    if context.invoked_subcommand is None:
        perform(lambda store, _: listed(store))


@app.command("list")
def list_() -> None:
    """List them, the newest first, without what they say."""
    perform(lambda store, _: listed(store))


@app.command("show")
def show_(
    wanted: Id, *, reveal: Annotated[bool, typer.Option("--reveal", help="Show what it says.")] = False
) -> None:
    """Show one; what it says only with --reveal, which is noted in DATA_DIR/letters.log."""
    perform(lambda store, found: show(store, wanted, found.data_dir / LEDGER if reveal else None))


@app.command("replay")
def replay_(
    wanted: Ids = None, *, every: Annotated[bool, typer.Option("--all", help="Every one there is.")] = False
) -> None:
    """Put some back in line, or all: after the cause was mended."""
    if bool(wanted) == every:
        raise typer.BadParameter("name the letters, or say --all")
    perform(lambda store, _: replay(store, wanted or []))


@app.command("drop")
def drop_(wanted: Id) -> None:
    """Give one up for good: what it says is deleted."""
    perform(lambda store, _: drop(store, wanted))
