"""What database this is, how it is set, and how late its clock is."""

from dataclasses import dataclass
from datetime import datetime

from storage.ground.work import Work
from storage.store.engine import DatabaseClock


@dataclass(frozen=True, slots=True)
class Server:
    """The database: its kind, its version as numbers, its journal mode (SQLite) and its own time."""

    kind: str
    version: tuple[int, ...]
    journal: str
    now: datetime


async def read(work: Work) -> Server:
    """Ask the database about itself."""
    connection = await work.session.connection()
    kind = connection.dialect.name
    version = connection.dialect.server_version_info or ()
    journal = ""
    if kind == "sqlite":
        journal = str((await connection.exec_driver_sql("pragma journal_mode")).scalar_one())
    return Server(kind, tuple(map(int, version)), journal, await DatabaseClock().now(connection))
