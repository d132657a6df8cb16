"""Chats, what they agreed to, the files they sent, and what is sent to many of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from storage.ground.bound import EMPTY, LOST_STATE, NOTHING, Sealed
from storage.ground.tables.base import Base
from storage.ground.tables.matters import Decided


class Chat(Base):
    """One conversation on one channel account; its key is the blind index of account and address."""

    __tablename__ = "chat"
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(Sealed("chat.address", lost=EMPTY))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    # The conversation's own state, the actions its latest menu's numbers stand for, and whether a question
    # is open.
    talk: Mapped[dict[str, Any] | None] = mapped_column(Sealed("chat.talk", 1024, lost=LOST_STATE))
    menu: Mapped[list[str]] = mapped_column(Sealed("chat.menu", 512, lost="[]"), default=list)
    busy: Mapped[bool] = mapped_column(default=False)
    muted: Mapped[bool] = mapped_column(default=False)
    # The number to call back, if the person left one; where the chat is barred, and to the end of which day.
    contact: Mapped[str | None] = mapped_column(Sealed("chat.contact", lost=NOTHING))
    bars: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    blocked_at: Mapped[datetime | None]
    # The chat whose cases this one speaks for, where one person writes in several: each of them names it, it
    # names itself. And the person's verified number.
    home: Mapped[str | None] = mapped_column(String(32), index=True)
    phone_key: Mapped[str | None] = mapped_column(String(32), index=True)
    # When the channel vouched for it: numbers go from one person to another.
    phone_at: Mapped[datetime | None]
    # When it became an official's.
    joined_at: Mapped[datetime | None]
    # A chat of many, and the unit whose officials they are.
    group: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    # The code of the commune its matters are of, once that is known in a desk of many.
    commune: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    # Messages sent since it was heard: some platforms allow only so many.
    told: Mapped[int] = mapped_column(SmallInteger, default=0)

    @property
    def own(self) -> str:
        """The key under which its person's cases stand."""
        return self.home or self.key


class Pairing(Base):
    """A one-time code that ties another chat of the same person to this one; only its hash is kept."""

    __tablename__ = "pairing"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    chat_key: Mapped[str] = mapped_column(ForeignKey("chat.key"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Consent(Base):
    """What a chat agreed to, or no longer does: for which purpose, in which words, when, on which channel."""

    __tablename__ = "consent"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    chat_key: Mapped[str] = mapped_column(ForeignKey("chat.key"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(64))
    given: Mapped[bool] = mapped_column(default=True)
    account: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class Attachment(Base):
    """A stored file; its bytes lie sealed in the file store under its id."""

    __tablename__ = "attachment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    chat_key: Mapped[str] = mapped_column(String(32), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    media: Mapped[str] = mapped_column(String(10))
    mime: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Sealed("attachment.name", lost=EMPTY))
    sha256: Mapped[str] = mapped_column(String(64))
    traced: Mapped[bool] = mapped_column(server_default=false())
    at: Mapped[datetime]


class Attempt(Base):
    """One try at something that must not be guessed; `subject` says who tried, or at what."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_subject_at", "subject", "at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class Broadcast(Decided, Base):
    """A message to everybody of an area; sent only after a second person has approved it."""

    __tablename__ = "broadcast"
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    body: Mapped[str] = mapped_column(Sealed("broadcast.body"))
    recipients: Mapped[int] = mapped_column(Integer, default=0)
    # The key of the last chat it has gone to: they are gone through in that order, a batch at a time.
    reached: Mapped[str] = mapped_column(String(32), default="")
