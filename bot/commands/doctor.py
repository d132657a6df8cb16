"""doctor: looks the desk over, and says of each thing how it is and what to do."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.channels.opening import channels
from bot.checks import accounts, database, history, machine, office, queues
from bot.commands.running import settings as read_settings
from bot.findings import Finding, fault, ok
from bot.settings import Settings
from storage.store.engine import Store

_MARKS = {"ok": "ok", "warning": "warning", "fault": "FAULT"}
_WIDTH = 13


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything, side by side. Nothing is changed, also where nothing was begun yet."""
    now = datetime.now(UTC)  # noqa: TID251 - the machine's own
    async with database.looked_at(settings) as store:
        (found, readable), rest, platforms = await asyncio.gather(
            database.examine(settings, store), machine.examine(settings, now), _accounts(settings, store)
        )
        inside = await _inside(store) if readable else []
    whole = [ok("settings", "every setting can be used"), *rest, *found, *inside, *platforms]
    with logs.hiding(lambda: settings.secrets):  # a database or a platform may have repeated one
        return [replace(finding, so=logs.redacted(finding.so)) for finding in whole]


async def _inside(store: Store) -> list[Finding]:
    try:
        return await _of_the_office(store)
    except DBAPIError as error:  # a page that is spoilt, a server that dies just then
        return [fault("database", f"it cannot be read: {error.orig}", "put it back from its backup")]


async def _of_the_office(store: Store) -> list[Finding]:
    async with store.read() as work:
        found = [
            *await database.opening(work),
            *await queues.examine(work),
            *await office.examine(work),
            *await history.examine(work),
        ]
        return [await machine.files(store.files), *await machine.strangers(store), *found]


async def _accounts(settings: Settings, store: Store) -> list[Finding]:
    made = channels(settings, store)
    try:
        with logs.hiding(lambda: [secret for channel in made for secret in channel.secrets]):
            found = await accounts.examine(made, settings.base_url)
            return [replace(finding, so=logs.redacted(finding.so)) for finding in found]
    finally:
        await asyncio.gather(*(channel.close() for channel in made))


def written(findings: list[Finding]) -> list[str]:
    """Write findings for people: a group after the other, what to do under what is not well."""
    lines = []
    for group, of_it in groupby(findings, key=lambda finding: finding.group):
        for number, finding in enumerate(of_it):
            head = group if number == 0 else ""
            lines.append(f"{head:<{_WIDTH}} {_MARKS[finding.level]:<8} {finding.so}")
            if finding.do:
                lines.append(f"{'':<{_WIDTH}} {'':<8} -> {finding.do}")
    levels = [finding.level for finding in findings]
    return [*lines, f"{levels.count('fault')} faults, {levels.count('warning')} warnings"]


def command(
    *, as_json: Annotated[bool, typer.Option("--json", help="A list of objects, for programs.")] = False
) -> None:
    """Look the desk over, and say what to do. Ends with 1 where something is at fault."""
    findings = asyncio.run(examine(read_settings()))
    if as_json:
        told = [finding.to_json() for finding in findings]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(written(findings)))
    raise typer.Exit(1 if any(finding.level == "fault" for finding in findings) else 0)
