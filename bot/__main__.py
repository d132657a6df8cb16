"""The command line: python -m bot ..."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from bot import app as wiring
from bot import commands
from bot.commands import chat, learning, reading
from bot.commands.running import settings
from bot.demo import command as demo
from bot.opening import CannotStart

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(commands.app)
cli.command("chat")(chat.command)
cli.command("understand")(reading.understand)
cli.command("train")(reading.train)
cli.command("learn")(learning.command)
cli.command("demo")(demo.command)


@cli.callback()
def begin() -> None:
    """Lắng Nghe, a citizens' desk: everything it can be told from the command line."""
    os.umask(0o077)  # database, files and backups are for nobody else's eyes


@cli.command()
def run(
    role: Annotated[str, typer.Option(help="web, worker, sender, clock or all")] = "all",
) -> None:
    """Run the desk, or one part of it, until it is told to stop."""
    if role not in wiring.ROLES:
        typer.echo(f"--role: {role!r} is not one of {', '.join(wiring.ROLES)}", err=True)
        raise typer.Exit(2)
    try:
        asyncio.run(wiring.run(settings(), role))
    except CannotStart as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    sys.exit(cli())
