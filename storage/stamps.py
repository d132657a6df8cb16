"""Small facts about the installation itself, kept in its database."""

from sqlalchemy import Table, select

from storage import lanes
from storage.tables import Stamp
from storage.work import Work

stamp: Table = Stamp.__table__  # type: ignore[assignment]

_KEY = "sealing key"


async def is_sealed_with_ours(work: Work) -> bool:
    """Say whether this database was sealed with our secret key; a new database takes it for its own."""
    connection = await work.session.connection()
    new = lanes.insert(connection, stamp).on_conflict_do_nothing()
    await connection.execute(new, [{"name": _KEY, "value": work.keyring.key_id}])
    found: bytes = (await connection.execute(select(stamp.c.value).where(stamp.c.name == _KEY))).scalar_one()
    return found == work.keyring.key_id
