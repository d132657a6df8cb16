"""The commands of whoever looks after a desk; each prints lines, or says what is wrong and ends with 1."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import boundaries, directory, doctor, key, letters, rulebook, webhook
from bot.commands.running import perform
from domain.rules import DOCUMENTS
from services.office.seed_file import instead, quoted

app = typer.Typer(no_args_is_help=True, add_completion=False)
rules = typer.Typer(no_args_is_help=True, help="Holidays, terms, topics and office hours: see, change, undo.")
app.add_typer(rules, name="rulebook")
office = typer.Typer(
    no_args_is_help=True, help="Areas, units, people and roles: what changed, and the way back."
)
app.add_typer(office, name="directory")
app.add_typer(boundaries.app, name="boundaries")
app.add_typer(letters.app, name="letters")
app.add_typer(webhook.app, name="webhook")
app.add_typer(key.app, name="key")
app.command("doctor")(doctor.command)


def _document(name: str) -> str:
    if name not in DOCUMENTS:
        raise typer.BadParameter(f"no document {quoted(name)}{instead(name, DOCUMENTS)}")
    return name


File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Name = Annotated[str, typer.Argument(callback=_document, help=", ".join(DOCUMENTS))]
Area = Annotated[str, typer.Option("--area", help="A commune’s code: its own, on that of the whole desk.")]
Check = Annotated[bool, typer.Option("--check", help="Only say what would happen.")]


@app.command()
def seed(file: File, *, check: Check = False) -> None:
    """Bring areas, units, people and roles to what a YAML or CSV file says."""
    data = file.read_bytes()
    perform(lambda store, _: directory.seed(store, data, file.name, check=check), only_look=check)


@app.command()
def invite(
    person_code: str,
    *,
    end_old: Annotated[
        bool, typer.Option("--end-old", help="End their other chats when it is used.")
    ] = False,
) -> None:
    """Make a one-time invitation that ties an official's chat to them; it lasts seven days."""
    perform(lambda store, settings: directory.invite(store, person_code, settings.base_url, end_old=end_old))


@app.command()
def chats(
    person_code: str,
    *,
    end: Annotated[int | None, typer.Option(min=1, help="End the one of this number.")] = None,
    end_all: Annotated[bool, typer.Option("--end-all", help="End all of them.")] = False,
) -> None:
    """List the chats in which an official works, and end them: a telephone is lost."""
    if end is None and not end_all:
        perform(lambda store, _: directory.chats(store, person_code), only_look=True)
    else:
        perform(lambda store, _: directory.end_chats(store, person_code, None if end_all else end))


@office.command()
def changes() -> None:
    """List the latest changes of areas, units, people and roles."""
    perform(lambda store, _: directory.listed(store))


@office.command("undo")
def undo_change(number: Annotated[int | None, typer.Argument(min=1)] = None) -> None:
    """Undo a change, the latest by default."""
    perform(lambda store, _: directory.undo(store, number))


@office.command()
def merge(
    source: str,
    target: str,
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day of the merged unit.")],
    *,
    carry: Annotated[bool, typer.Option(help="Let the people of the first go on in the second.")] = True,
    check: Check = False,
) -> None:
    """Merge a unit, or all units of a commune, into another, or give a hamlet to another commune.

    Open cases follow on that day.
    """
    asked = {"unit": source, "into": target, "on": on.date().isoformat(), "carry": carry}
    perform(lambda store, _: directory.merge(store, asked, check=check), only_look=check)


@rules.command("list")
def list_(area: Area = "") -> None:
    """List the documents and their versions."""
    perform(lambda store, _: rulebook.listed(store, area))


@rules.command()
def export(name: Name, version: Annotated[int | None, typer.Option(min=0)] = None, area: Area = "") -> None:
    """Print a document as YAML, to be edited and loaded again."""
    perform(lambda store, _: rulebook.exported(store, name, version, area))


@rules.command()
def load(
    name: Name,
    file: File,
    note: Annotated[str, typer.Option(help="Why: kept with the version.")],
    *,
    area: Area = "",
    check: Check = False,
) -> None:
    """Put a document in force; the due dates of open cases follow it."""
    data = file.read_bytes()
    perform(lambda store, _: rulebook.load(store, name, data, note, area=area, check=check), only_look=check)


@rules.command()
def undo(name: Name, area: Area = "") -> None:
    """Go back to the version before the one in force."""
    perform(lambda store, _: rulebook.undo(store, name, area))
