"""Small facts about the installation itself, kept in its database."""

from datetime import datetime

from sqlalchemy import Table, select

from storage import lanes
from storage.instant import from_ms, to_ms
from storage.tables import Stamp
from storage.work import Work

stamp: Table = Stamp.__table__  # type: ignore[assignment]

_KEY = "sealing key"
_SAID_UNTIL = "morning said until"


async def is_sealed_with_ours(work: Work) -> bool:
    """Say whether this database was sealed with our secret key; a new database takes it for its own."""
    connection = await work.session.connection()
    new = lanes.insert(connection, stamp).on_conflict_do_nothing()
    await connection.execute(new, [{"name": _KEY, "value": work.keyring.key_id}])
    found: bytes = (await connection.execute(select(stamp.c.value).where(stamp.c.name == _KEY))).scalar_one()
    return found == work.keyring.key_id


async def sealing_key(work: Work) -> bytes | None:
    """Return the id of the key this database was sealed with; None while it is new."""
    found: bytes | None = await work.session.scalar(select(stamp.c.value).where(stamp.c.name == _KEY))
    return found


async def said_until(work: Work) -> datetime | None:
    """Return up to which moment the morning messages have said what rang; None before the first of them."""
    found: bytes | None = await work.session.scalar(select(stamp.c.value).where(stamp.c.name == _SAID_UNTIL))
    return from_ms(int(found)) if found else None


async def say_until(work: Work, moment: datetime) -> None:
    """Note that what rang up to this moment has been said."""
    connection = await work.session.connection()
    new = lanes.insert(connection, stamp)
    keep = new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
    await connection.execute(keep, [{"name": _SAID_UNTIL, "value": b"%d" % to_ms(moment)}])
