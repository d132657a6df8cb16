"""From a command's function to a finished process: its lines are printed, a refusal ends it with 1."""

import asyncio
from collections.abc import Awaitable, Callable

import typer
from pydantic import ValidationError

from bot import logs
from bot.opening import CannotStart, opened
from bot.settings import Settings
from domain.law import BadDocument
from services.office.directory import SeedRefused
from services.office.rulebook import NothingNew
from storage.store.engine import Store

Action = Callable[[Store, Settings], Awaitable[list[str]]]


class Refused(Exception):
    """A command cannot do what it was asked; the message is one line that says why."""


def settings() -> Settings:
    """Read the settings and set up logging; a bad setting ends the process with one clear line each."""
    try:
        found = Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "".join(f"{part}: " for part in problem["loc"]).upper()  # of several, the line names them
            typer.echo(f"{name}{problem['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from None
    logs.configure(found.log_level, found.log_format, found.secrets)
    return found


def perform(action: Action, *, only_look: bool = False) -> None:
    """Open the desk, do something with it, print the lines it returns; who may only look makes no key."""
    try:
        for line in asyncio.run(_with_the_store(settings(), action, only_look=only_look)):
            typer.echo(line)
    except SeedRefused as refused:
        for problem in refused.problems:
            typer.echo(problem, err=True)
        typer.echo("nothing was written", err=True)
        raise typer.Exit(1) from None
    except (Refused, BadDocument, NothingNew, CannotStart) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None


async def _with_the_store(found: Settings, action: Action, *, only_look: bool) -> list[str]:
    async with opened(found, only_look=only_look) as store:
        return await action(store, found)
