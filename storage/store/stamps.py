"""Small facts about the installation itself, kept in its database."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from storage.ground import dialect
from storage.ground.crypto import CannotOpen, Keyring
from storage.ground.instant import from_ms, to_ms
from storage.ground.tables import Stamp
from storage.ground.work import Work

stamp: Table = Stamp.__table__  # type: ignore[assignment]

_KEY = "sealing key"
_SAID_UNTIL = "morning said until"
_OF_AREA = "said "
_LONGEST = 40
_PROVED = "proved"
_CLEAR = {_KEY, _SAID_UNTIL, _PROVED, "mixed"}
"""What stands under these is not sealed (`mixed`: see `storage.mail.envelopes`)."""


async def is_sealed_with_ours(session: AsyncSession, keyring: Keyring) -> bool:
    """Say whether this database was sealed with a key of ours; a new one takes the newest for its own."""
    connection = await session.connection()
    new = dialect.insert(connection, stamp).on_conflict_do_nothing()
    await connection.execute(new, [{"name": _KEY, "value": keyring.key_id}])
    found: bytes = (await connection.execute(select(stamp.c.value).where(stamp.c.name == _KEY))).scalar_one()
    return keyring.opens(found)


async def sealed_by(engine: AsyncEngine) -> bytes | None:
    """Return the id of the key a database was sealed with, whatever its tables; None where it is new."""
    async with engine.connect() as connection:
        if not await connection.run_sync(lambda sync: inspect(sync).has_table(stamp.name)):
            return None
        found = select(stamp.c.value).where(stamp.c.name == _KEY)
        sealed: bytes | None = (await connection.execute(found)).scalar_one_or_none()
        return sealed


async def sealing_key(work: Work) -> bytes | None:
    """Return the id of the key this database was sealed with; None while it is new."""
    found: bytes | None = await work.session.scalar(select(stamp.c.value).where(stamp.c.name == _KEY))
    return found


async def opened(work: Work, name: str) -> dict[str, Any] | None:
    """Return what is kept sealed under a name; None where nothing is, or nothing that we sealed."""
    found: bytes | None = await work.session.scalar(select(stamp.c.value).where(stamp.c.name == name))
    try:
        return json.loads(work.keyring.unseal(found, f"stamp.{name}")) if found else None
    except CannotOpen:
        return None


async def seal(work: Work, name: str, value: dict[str, Any]) -> None:
    """Keep something sealed under a name."""
    sealed = work.keyring.seal(json.dumps(value).encode(), f"stamp.{name}")
    await _keep(work, name, sealed)


async def take_newest(work: Work) -> None:
    """Seal what is kept under names with the newest key, and note that it is the database's."""
    for name, value in (await work.session.execute(select(stamp.c.name, stamp.c.value))).all():
        if not _is_clear(name) and value[: len(work.keyring.key_id)] in work.keyring.older:
            opened_ = work.keyring.unseal(value, f"stamp.{name}")
            await _keep(work, name, work.keyring.seal(opened_, f"stamp.{name}"))
    await _keep(work, _KEY, work.keyring.key_id)


def _round(area: str) -> str:
    return f"{_OF_AREA}{area}"[:_LONGEST] if area else _SAID_UNTIL


def _is_clear(name: str) -> bool:
    return name in _CLEAR or name.startswith(_OF_AREA)


async def said_until(work: Work, area: str = "") -> datetime | None:
    """Return up to which moment morning messages have said what rang; None before the first of them.

    Where a commune has a round of its own (`area`), that one's; before its first, that of all.
    """
    names = [_round(area), _SAID_UNTIL]
    rows = await work.session.execute(select(stamp.c.name, stamp.c.value).where(stamp.c.name.in_(names)))
    known: dict[str, bytes] = dict(rows.all())
    found = next((known[name] for name in names if name in known), None)
    return from_ms(int(found)) if found else None


async def say_until(work: Work, moment: datetime, area: str = "") -> None:
    """Note that what rang up to this moment has been said in a round."""
    await _keep(work, _round(area), b"%d" % to_ms(moment))


async def prove(work: Work) -> None:
    """Write something down: that it can be."""
    await _keep(work, _PROVED, b"%d" % to_ms(work.now))


async def _keep(work: Work, name: str, value: bytes) -> None:
    connection = await work.session.connection()
    new = dialect.insert(connection, stamp)
    keep = new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
    await connection.execute(keep, [{"name": name, "value": value}])
