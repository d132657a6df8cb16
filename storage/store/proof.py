"""Whether something can be stored now, by a small write that goes a message's way; what errors are called."""

import secrets
import socket

from sqlalchemy import delete, insert

from storage.ground.tables import DONE
from storage.ground.work import Work
from storage.mail.inbox import inbox
from storage.store import stamps


async def write(work: Work) -> None:
    """Write a message of nobody's, take it away again, and leave a stamp. Raises what bars it."""
    nobody = {"account": "", "external_id": secrets.token_hex(8), "lane": "", "seq": 0, "body": {}}
    connection = await work.session.connection()
    await connection.execute(insert(inbox), [nobody | {"state": DONE, "attempts": 0}])
    await connection.execute(delete(inbox).where(inbox.c.account == "", inbox.c.lane == ""))
    await stamps.prove(work)


def why(error: BaseException) -> str:
    """Name an error without what it says: databases repeat what was to be written."""
    said = getattr(error, "orig", None)
    if said is None:
        return type(error).__name__
    name = getattr(said, "sqlite_errorname", "") or type(said.__cause__ or said).__name__
    return f"{type(error).__name__} ({name})"


_AWAY = ("08", "57P", "53300")
"""What PostgreSQL says while it starts, stops or is full (classes of SQLSTATE)."""


def is_away(error: BaseException) -> bool:
    """Say whether the database cannot be reached just now, and may be in a while."""
    links: list[BaseException | None] = [error, getattr(error, "orig", None), error.__cause__]
    links += [link.__cause__ for link in links if link is not None]
    return any(
        isinstance(link, ConnectionError | TimeoutError | FileNotFoundError | socket.gaierror)
        or str(getattr(link, "sqlstate", None) or "").startswith(_AWAY)
        for link in links
    )
