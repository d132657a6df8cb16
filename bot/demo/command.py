"""demo: a made-up commune with its whole desk, in the browser or in the terminal."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.running import settings
from bot.demo import house, server, text
from bot.opening import CannotStart


def command(
    *,
    as_text: Annotated[
        bool, typer.Option("--text", help="Tell the stories in the terminal and end.")
    ] = False,
    port: Annotated[int | None, typer.Option(help="Port of the page; else the first free from 8080.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: the demo's data is deleted.")] = False,
) -> None:
    """Live through the desk in two minutes: three seats, a clock that can be moved, stories that play."""
    found = settings()
    try:
        if as_text:
            console = Console(highlight=False, width=None if Console().is_terminal else text.WIDTH)
            raise typer.Exit(asyncio.run(text.play_all(console)))
        asyncio.run(server.serve(found, typer.echo, port=port, fresh=fresh))
    except (house.Refused, CannotStart) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from None
