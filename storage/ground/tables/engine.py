"""The engine: inbox, outbox, lanes, rates, timers, offsets, leases, the web chat's bubbles, stamps."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.ground.bound import Sealed
from storage.ground.tables.base import Base

OPEN, HELD, SENDING, DONE, DEAD = 0, 1, 2, 3, 4
"""States of inbox and outbox rows: to do, not counted in its lane yet (it waits for its hour, or for whoever
has the lane), in a sender's hands, done, dead letter."""


class Inbox(Base):
    """A message as it came, stored before it was acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_open", "lane", "seq", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")
        ),
        Index(
            "ix_inbox_fetch",
            "account",
            "fetch_at",
            sqlite_where=text("fetch_at is not null"),
            postgresql_where=text("fetch_at is not null"),
        ),
        Index("ix_inbox_held", "lane", sqlite_where=text("state = 1"), postgresql_where=text("state = 1")),
        Index("ix_inbox_dead", "seq", sqlite_where=text("state = 4"), postgresql_where=text("state = 4")),
    )
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    lane: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[Any] = mapped_column(Sealed("inbox.body", 1024))
    state: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    error: Mapped[str | None] = mapped_column(Text)
    # When its files are (next) to be fetched from the platform; nothing once they are, or if it has none.
    fetch_at: Mapped[datetime | None]


class Outbox(Base):
    """A message to be sent; its key makes a second posting of the same thing a no-op."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "lane",
            "priority",
            "seq",
            sqlite_where=text("state in (0, 2)"),
            postgresql_where=text("state in (0, 2)"),
        ),
        Index(
            "ix_outbox_held", "hold_until", sqlite_where=text("state = 1"), postgresql_where=text("state = 1")
        ),
        Index("ix_outbox_dead", "seq", sqlite_where=text("state = 4"), postgresql_where=text("state = 4")),
    )
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[int] = mapped_column(SmallInteger)
    hold_until: Mapped[datetime | None]
    body: Mapped[Any] = mapped_column(Sealed("outbox.body", 1024))
    state: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    # Of a message that takes several calls, how many of them were made.
    progress: Mapped[int] = mapped_column(SmallInteger, default=0)
    error: Mapped[str | None] = mapped_column(Text)


class Lane(Base):
    """One chat's queue in one direction: how much waits, how urgently, and from when."""

    __tablename__ = "lane"
    __table_args__ = (
        CheckConstraint("pending >= 0", name="pending"),
        Index(
            "ix_lane_ready",
            "direction",
            "account",
            "priority",
            "ready_at",
            sqlite_where=text("pending > 0"),
            postgresql_where=text("pending > 0"),
        ),
    )
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    direction: Mapped[str] = mapped_column(String(3), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    pending: Mapped[int] = mapped_column(Integer)
    priority: Mapped[int] = mapped_column(SmallInteger)
    ready_at: Mapped[datetime]


class Rate(Base):
    """GCRA: the theoretical arrival time of an account's next message, shared by every replica."""

    __tablename__ = "rate"
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    arrival: Mapped[datetime]


class Quota(Base):
    """What a platform said is left of an account's messages of a sort, and until when that holds."""

    __tablename__ = "quota"
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    remaining: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]


class Token(Base):
    """A pair of tokens that renew each other; each refresh token is good for one use.

    `pending_at` is set, and committed, before the refresh token is used: found again after a crash it says
    that nobody knows which pair is in force. `origin` is the hash of the setting the pair descends from.
    """

    __tablename__ = "token"
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    access: Mapped[str] = mapped_column(Sealed("token.access"))
    refresh: Mapped[str] = mapped_column(Sealed("token.refresh"))
    expires_at: Mapped[datetime]
    pending_at: Mapped[datetime | None]
    origin: Mapped[str] = mapped_column(String(64))


class Timer(Base):
    """The one next moment of something: `subject` is what `kind` knows how to ring."""

    __tablename__ = "timer"
    # By name, not in the order in which they were wound: that would lead from one to its neighbours.
    __table_args__ = (Index("ix_timer_due", "due_at"), {"sqlite_with_rowid": False})
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)


class Envelope(Base):
    """Something sent or shown in confidence that the clock has to deal with later.

    Everything is sealed, filled up to sizes that many have, and its number says nothing of when it was put
    there: without the key nothing leads from it to a chat, and nothing from a case to it.
    """

    __tablename__ = "envelope"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[Any] = mapped_column(Sealed("envelope.body"))


class Offset(Base):
    """How far a polling channel has read: moved in the transaction that stores what was read."""

    __tablename__ = "offset"
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class Lease(Base):
    """What one replica of many does at a time: who does it, and until when unless it says so again."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime]


class Bubble(Base):
    """The web chat's own copy of a conversation, as a platform keeps it for its users.

    A row never changes: an edited card is a new row that `replaces` the first one's id, so that a row's id
    is also the id of the event that tells browsers of it.
    """

    __tablename__ = "bubble"
    __table_args__ = (
        UniqueConstraint("chat_key", "message_key"),
        Index("ix_bubble_chat_key_id", "chat_key", "id"),
        {"sqlite_autoincrement": True},  # an id that was told is never used again
    )
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    chat_key: Mapped[str] = mapped_column(String(32))
    message_key: Mapped[str] = mapped_column(String(120))
    replaces: Mapped[int | None] = mapped_column(BigInteger)
    mine: Mapped[bool]
    body: Mapped[Any] = mapped_column(
        Sealed("bubble.body", 1024, row=("chat_key", "message_key"), lost='{"gone": true}')
    )
    at: Mapped[datetime]


class Stamp(Base):
    """Small facts about the installation itself: whose database it is, which key sealed it."""

    __tablename__ = "stamp"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
