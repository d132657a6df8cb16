"""What platforms said is left of an account's messages, as they last said it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Table, func, select, update

from storage.ground import dialect
from storage.ground.tables import Chat, Quota
from storage.ground.work import Work

quota: Table = Quota.__table__  # type: ignore[assignment]

HOLDS = timedelta(days=1)
"""After so long what was said is not believed any more: the platform is simply asked by sending."""


async def note(work: Work, account: str, left: Iterable[tuple[str, int]]) -> None:
    """Keep what an account has left, by kind; the latest word counts."""
    rows = [{"account": account, "kind": k, "remaining": n, "at": work.now} for k, n in dict(left).items()]
    if rows:
        connection = await work.session.connection()
        new = dialect.insert(connection, quota)
        fresh = {"remaining": new.excluded.remaining, "at": new.excluded.at}
        keep = new.on_conflict_do_update(index_elements=["account", "kind"], set_=fresh)
        await connection.execute(keep, sorted(rows, key=lambda row: str(row["kind"])))


async def left(work: Work, account: str) -> int | None:
    """Return how many messages an account's quotas hold together; None where nothing recent is known."""
    since: datetime = work.now - HOLDS
    known = select(func.sum(quota.c.remaining)).where(quota.c.account == account, quota.c.at > since)
    total = await work.session.scalar(known)
    return None if total is None else int(total)


async def told(work: Work, chat_keys: Iterable[str]) -> None:
    """Count one more message to each of these chats since they last wrote."""
    statement = update(Chat).where(Chat.key.in_(sorted(set(chat_keys)))).values(told=Chat.told + 1)
    await work.session.execute(statement)
