"""The emulators by hand: python -m tests.emulators telegram --port 8081."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer

from tests.emulators import telegram_page, zalo_page

Opened = Callable[[int, str], AbstractAsyncContextManager[list[str]]]
"""Opens an emulator on a port with a token ("": its usual one); gives the settings that lead to it."""

RUNNERS: dict[str, Opened] = {
    "telegram": telegram_page.opened,
    "zalo-oa": zalo_page.oa_opened,
    "zalo-bot": zalo_page.bot_opened,
}


async def _serve(name: str, port: int, token: str) -> None:
    async with RUNNERS[name](port, token) as settings:
        typer.echo(f"The page is http://127.0.0.1:{port}/ - start the desk with these settings:")
        for line in settings:
            typer.echo(f"  {line}")
        typer.echo("Ctrl+C ends it.")
        await asyncio.Event().wait()


cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def run(
    name: Annotated[str, typer.Argument(help=f"which one: {', '.join(RUNNERS)}")],
    port: Annotated[int, typer.Option(help="where on this machine")] = 8081,
    token: Annotated[str, typer.Option(help="the account's token, if not the usual one")] = "",
) -> None:
    """Run an emulator of a platform on this machine, with a page on which you play the people."""
    if name not in RUNNERS:
        typer.echo(f"{name!r} is not one of {', '.join(RUNNERS)}", err=True)
        raise typer.Exit(2)
    try:
        asyncio.run(_serve(name, port, token))
    except KeyboardInterrupt:
        raise typer.Exit from None


if __name__ == "__main__":
    cli()
