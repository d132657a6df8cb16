"""The command line: python -m bot ..."""

import asyncio
import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from bot import app as wiring
from bot import commands, logs
from bot.commands import chat
from bot.demo import command as demo
from bot.settings import Settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(commands.app)
cli.command("chat")(chat.command)
cli.command("demo")(demo.command)


def settings() -> Settings:
    """Read the settings and set up logging; a bad setting stops the start with one clear line each."""
    try:
        found = Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]).upper()
            typer.echo(f"{name}: {problem['msg']}", err=True)
        raise typer.Exit(2) from None
    logs.configure(found.log_level, found.log_format)
    return found


@cli.command()
def run(
    role: Annotated[str, typer.Option(help="web, worker, sender, clock or all")] = "all",
) -> None:
    """Run the desk, or one part of it, until it is told to stop."""
    if role not in wiring.ROLES:
        typer.echo(f"--role: {role!r} is not one of {', '.join(wiring.ROLES)}", err=True)
        raise typer.Exit(2)
    asyncio.run(wiring.run(settings(), role))


if __name__ == "__main__":
    sys.exit(cli())
