"""Pairs of tokens that renew each other, shared by every replica; a refresh token is good for one use."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Table, select

from storage.ground import bound, dialect
from storage.ground.tables import Token
from storage.ground.work import Work

token: Table = Token.__table__  # type: ignore[assignment]

PATIENCE = timedelta(seconds=60)
"""How long renewing a pair may take. What is older was left by a process that died in the middle of it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An account's tokens. `pending_at` is when somebody began to use the refresh token, if they have.

    `origin` is the hash of the setting that this pair descends from.
    """

    account: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    origin: str
    pending_at: datetime | None = None

    def lost(self, now: datetime) -> bool:
        """Say whether nobody knows any more which pair is in force."""
        return self.pending_at is not None and now - self.pending_at >= PATIENCE

    def given_up(self) -> "Pair":
        """Return it as one whose renewal ended without an answer to rely on."""
        return replace(self, pending_at=self.pending_at and self.pending_at - PATIENCE)


async def find(work: Work, account: str) -> Pair | None:
    """Return an account's pair."""
    found = await work.session.execute(select(token).where(token.c.account == account))
    row = found.mappings().one_or_none()
    return None if row is None else Pair(**row)


async def lock(work: Work, first: Pair) -> Pair:
    """Lock an account's pair and return it; where there is none it is this first one."""
    connection = await work.session.connection()
    await connection.execute(dialect.insert_new(connection, token), [asdict(first)])
    locked = select(token).where(token.c.account == first.account).with_for_update()
    return Pair(**(await connection.execute(locked)).mappings().one())


async def save(work: Work, pair: Pair) -> None:
    """Keep a pair in the place of the one that is locked."""
    await bound.rewrite(work.session, token, [bound.key(token, pair.account) | asdict(pair)])
