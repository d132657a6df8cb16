"""boundaries: where the communes and hamlets of this desk lie, brought from map files and shown."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.running import Refused, perform
from services.office import boundaries
from services.office.boundaries import BoundariesRefused
from storage.store.engine import Store

app = typer.Typer(
    no_args_is_help=True, help="Where communes and hamlets lie: bring a map, see what is drawn."
)
_Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]


@app.command("import")
def bring(files: _Files, *, dry_run: _DryRun = False) -> None:
    """Put what GeoJSON or TopoJSON files draw in the place of all boundaries that are there."""
    read = [(file.name, file.read_bytes()) for file in files]
    perform(lambda store, _: _brought(store, read, check=dry_run), only_look=dry_run)


@app.command()
def show() -> None:
    """Say which communes and hamlets are drawn, as outlines or circles, and which are not."""
    perform(lambda store, _: _shown(store), only_look=True)


async def _brought(store: Store, files: list[tuple[str, bytes]], *, check: bool) -> list[str]:
    try:
        async with store.read() if check else store.work() as work:
            lines = await boundaries.bring(work, files, check=check)
    except BoundariesRefused as refused:
        raise Refused("\n".join([*refused.problems, "nothing was written"])) from None
    return [*lines, "checked only: nothing was written"] if check else lines


async def _shown(store: Store) -> list[str]:
    async with store.read() as work:
        return boundaries.shown(work)
