"""Every table of the desk, in one place. Only storage imports this module.

Ids of people, units, cases and files are UUID version 7: made by the program, sortable by time.
Columns of personal data are `Sealed`; where they must be found again, a `*_key` column holds the blind index.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from storage.crypto import Sealed
from storage.instant import Instant

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table shares: one metadata, named constraints, our own types."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Instant, date: Date, bool: Boolean}  # noqa: RUF012 - SQLAlchemy reads it


# --- the directory: people, units, areas, roles -------------------------------------------------


class Area(Base):
    """A place the desk serves: a province, a commune or a hamlet."""

    __tablename__ = "area"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    parent: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class UnitRow(Base):
    """A body that acts on cases; `type` is a unit code of the taxonomy (kt_xa, ca_xa, ...)."""

    __tablename__ = "unit"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(String(40), default="")
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    parent: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Person(Base):
    """Somebody known by name: an official, or a citizen who told us."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str | None] = mapped_column(Sealed("person.name"))
    phone: Mapped[str | None] = mapped_column(Sealed("person.phone"))
    phone_key: Mapped[str | None] = mapped_column(String(32), index=True)
    address: Mapped[str | None] = mapped_column(Sealed("person.address"))
    created_at: Mapped[datetime]


class RoleRow(Base):
    """A role held by a person in a unit for a period."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "role", "valid_from"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Invite(Base):
    """A one-time token that ties a chat to a person; only its hash is kept."""

    __tablename__ = "invite"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Chat(Base):
    """One conversation on one channel account; its key is the blind index of account and address."""

    __tablename__ = "chat"
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(Sealed("chat.address"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    # The conversation's own state, the actions its latest menu's numbers stand for, and whether a question
    # is open.
    talk: Mapped[dict[str, Any] | None] = mapped_column(Sealed("chat.talk"))
    menu: Mapped[list[str]] = mapped_column(Sealed("chat.menu"), default=list)
    busy: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[bool] = mapped_column(default=False)
    blocked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    heard_at: Mapped[datetime]


class Consent(Base):
    """What a chat agreed to: for which purpose, which version of the words, when, on which channel."""

    __tablename__ = "consent"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    chat_key: Mapped[str] = mapped_column(ForeignKey("chat.key"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class Rule(Base):
    """One version of one rulebook document (holidays, deadlines, taxonomy, ...); the newest is in force."""

    __tablename__ = "rule"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    body: Mapped[Any] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


# --- cases ---------------------------------------------------------------------------------------


class Case(Base):
    """One matter a citizen brought, and where it stands."""

    __tablename__ = "case"
    __table_args__ = (Index("ix_case_unit_state", "unit_id", "state"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(20))
    chat_key: Mapped[str] = mapped_column(ForeignKey("chat.key"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(40))
    field: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(20))
    confidential: Mapped[bool] = mapped_column(default=False)
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)
    story: Mapped[str] = mapped_column(Sealed("case.story"))
    summary: Mapped[str] = mapped_column(Sealed("case.summary"))
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    place: Mapped[str] = mapped_column(Sealed("case.place"))
    files: Mapped[int] = mapped_column(Integer, default=0)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # The clock: everything `domain.deadlines.due` needs to derive due_at again, and what it derived.
    opened_at: Mapped[datetime]
    clock_from: Mapped[datetime]
    handed_at: Mapped[datetime]
    term: Mapped[str] = mapped_column(String(60))
    term_days: Mapped[int | None] = mapped_column(Integer)
    extended_days: Mapped[int] = mapped_column(Integer, default=0)
    pauses: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    due_at: Mapped[datetime]
    due_on: Mapped[date]
    due_certain: Mapped[bool] = mapped_column(default=True)
    alarmed_at: Mapped[datetime]
    # What is open between the desk and people right now.
    question: Mapped[str | None] = mapped_column(Sealed("case.question"))
    extension: Mapped[dict[str, Any] | None] = mapped_column(Sealed("case.extension"))
    answer: Mapped[str | None] = mapped_column(Sealed("case.answer"))
    answered_at: Mapped[datetime | None]
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    reopened: Mapped[int] = mapped_column(SmallInteger, default=0)
    # The head of the history's chain, so that appending reads nothing.
    history_length: Mapped[int] = mapped_column(Integer, default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")


class CaseEvent(Base):
    """One line of a case's history; `hash` covers the line and the hash before it."""

    __tablename__ = "case_event"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(Sealed("case_event.detail"))
    hash: Mapped[str] = mapped_column(String(64))


class Card(Base):
    """Where a case's card stands in a chat: the channel's own id of that message."""

    __tablename__ = "card"
    chat_key: Mapped[str] = mapped_column(ForeignKey("chat.key"), primary_key=True)
    case_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(120))


class Attachment(Base):
    """A stored file; its bytes lie sealed in the file store under its id."""

    __tablename__ = "attachment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    chat_key: Mapped[str] = mapped_column(String(32), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    media: Mapped[str] = mapped_column(String(10))
    mime: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Sealed("attachment.name"))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


# --- the engine ----------------------------------------------------------------------------------

OPEN, HELD, SENDING, DONE, DEAD = 0, 1, 2, 3, 4
"""States of inbox and outbox rows: to do, waiting for its hour, in a sender's hands, done, dead letter."""


class Inbox(Base):
    """A message as it came, stored before it was acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_open", "lane", "seq", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")
        ),
    )
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    lane: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[Any] = mapped_column(Sealed("inbox.body"))
    state: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    error: Mapped[str | None] = mapped_column(Text)


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
    )
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    priority: Mapped[int] = mapped_column(SmallInteger)
    hold_until: Mapped[datetime | None]
    body: Mapped[Any] = mapped_column(Sealed("outbox.body"))
    state: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger)
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


class Timer(Base):
    """The one next moment of something: `subject` is what `kind` knows how to ring."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "due_at"),)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)


class Offset(Base):
    """How far a polling channel has read: moved in the transaction that stores what was read."""

    __tablename__ = "offset"
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


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
    body: Mapped[Any] = mapped_column(Sealed("bubble.body"))
    at: Mapped[datetime]


class Stamp(Base):
    """Small facts about the installation itself: whose database it is, which key sealed it."""

    __tablename__ = "stamp"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
