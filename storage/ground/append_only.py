"""Tables that are only ever added to: the database refuses a change, by triggers that are looked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.ground.work import Work

TABLES = ("case_event", "access", "matter_event")
_SQLITE = "select name, sql from sqlite_master where type = 'trigger' and tbl_name = :name order by name"
_POSTGRESQL = """
select count(*) from pg_trigger join pg_proc on pg_proc.oid = tgfoid
where tgrelid = cast(:name as regclass) and tgenabled = 'O' and tgname = :trigger and tgtype = 27
and prosrc like '%raise exception%append-only%'
"""


async def missing(work: Work) -> list[str]:
    """Return the tables that can be changed: a trigger of theirs is gone, off, or does something else."""
    return [name for name in TABLES if not await _stands(work, name)]


async def _stands(work: Work, table: str) -> bool:
    if not await _is_sqlite(work.session):
        facts = {"name": table, "trigger": f"{table}_append_only"}
        return bool(await work.session.scalar(text(_POSTGRESQL), facts))
    found = {name: " ".join(sql.split()) for name, sql in await _sqlite_triggers(work.session, table)}
    return all(
        f"before {verb} on {table} begin select raise(abort" in found.get(f"{table}_no_{verb}", "")
        for verb in ("update", "delete")
    )


async def _is_sqlite(session: AsyncSession) -> bool:
    return (await session.connection()).dialect.name == "sqlite"


async def _sqlite_triggers(session: AsyncSession, table: str) -> list[tuple[str, str]]:
    rows = await session.execute(text(_SQLITE), {"name": table})
    return [(row.name, row.sql) for row in rows]


@asynccontextmanager
async def open_to_change(session: AsyncSession, table: str) -> AsyncIterator[None]:
    """Let this transaction alone change a table; when it is committed, the database refuses again."""
    if await _is_sqlite(session):
        triggers = await _sqlite_triggers(session, table)
        for name, _ in triggers:
            await session.execute(text(f'drop trigger "{name}"'))
        yield
        for _, sql in triggers:
            await session.execute(text(sql))
    else:
        await session.execute(text(f"alter table {table} disable trigger user"))
        yield
        await session.execute(text(f"alter table {table} enable trigger user"))
