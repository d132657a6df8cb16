"""Cases, their history, and who else has to do with them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from storage.ground.bound import LOST, NOTHING, Sealed
from storage.ground.tables.base import Base


class Case(Base):
    """One matter a citizen brought, and where it stands."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_unit_state", "unit_id", "state"),
        Index("ix_case_topic_opened_at", "topic", "opened_at"),
        Index("ix_case_area_topic_opened_at", "area", "topic", "opened_at"),
        Index("ix_case_opened_at", "opened_at"),
    )
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
    # Sealed: its chat is nobody's; who knows the secret speaks for the citizen (the key is a blind index).
    sealed: Mapped[bool] = mapped_column(default=False)
    secret_key: Mapped[str | None] = mapped_column(String(32), index=True, unique=True)
    # Units and people who never see or hear of it, by id: only ever added to (see `domain.walls`).
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)
    excluded_people: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    # Since when it is kept from somebody, where it was from nobody until then: no count may fall by it.
    kept_since: Mapped[datetime | None]
    story: Mapped[str] = mapped_column(Sealed("case.story", lost=LOST))
    summary: Mapped[str] = mapped_column(Sealed("case.summary", lost=LOST))
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    place: Mapped[str] = mapped_column(Sealed("case.place", lost=LOST))
    files: Mapped[int] = mapped_column(Integer, default=0)
    followers: Mapped[int] = mapped_column(Integer, default=0)
    # Chats of the sender's own people that hear of it too: of nobody more who has the trouble.
    relatives: Mapped[int] = mapped_column(Integer, default=0)
    # The number to call back, and on whose behalf somebody else wrote.
    contact: Mapped[str | None] = mapped_column(Sealed("case.contact", lost=NOTHING))
    on_behalf: Mapped[str | None] = mapped_column(Sealed("case.on_behalf", lost=LOST))
    # Officials whose own it is, by id: who brought it, and the sender's own people. They settle it in no way.
    senders: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # Who said that they go where the danger is, by id, and until when that counts, in milliseconds: 0 once
    # they are there. They know nothing else of the case. Rows from before there was an end hold ids alone.
    going: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="[]")
    # Officials who had a danger that turned out to be in another commune, by id: they may be on the way, and
    # read it and act until somebody there takes it.
    until_taken: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    hops: Mapped[int] = mapped_column(SmallInteger, default=0)
    # The case it is worked on with, `to` (its id) and `code`, and what it goes back to when it goes on alone:
    # `state`, `officer` and `unit`. A head names those joined to it, by code.
    joined: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    together: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
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
    # What else was promised the citizen, and until which instant (ms): see `domain.promises`.
    promises: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    # When the latest question or answer reaches the citizen: what is held for the night comes in the morning.
    told_at: Mapped[datetime | None]
    # What is open between the desk and people right now.
    question: Mapped[str | None] = mapped_column(Sealed("case.question", lost=LOST))
    # A request that waits for a chief's decision: `what` it is for, `by` whom, and what that takes.
    # (It is sealed under the name the column first had.)
    request: Mapped[dict[str, Any] | None] = mapped_column(Sealed("case.extension", lost=NOTHING))
    answer: Mapped[str | None] = mapped_column(Sealed("case.answer", lost=LOST))
    answered_at: Mapped[datetime | None]
    # Why it was closed without being solved, a code of the words, where it was.
    declined: Mapped[str | None] = mapped_column(String(20))
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    checked_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(SmallInteger, default=0)
    # The head of the history's chain, so that appending reads nothing.
    history_length: Mapped[int] = mapped_column(Integer, default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")


class CaseEvent(Base):
    """One line of a case's history; `hash` covers the line and what came before it, under the desk's key."""

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
    # The thread of the chat it stands in, where the chat has threads.
    thread: Mapped[str | None] = mapped_column(String(40))


class Follower(Base):
    """A chat that hears what becomes of the case: it has the trouble too, or is the sender's own people."""

    __tablename__ = "follower"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    chat_key: Mapped[str] = mapped_column(ForeignKey("chat.key"), primary_key=True, index=True)
    relative: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(index=True)


class SealedIdentity(Base):
    """Who brought a case in sealed mode. Two roles may open it; each opening is in the case's history."""

    __tablename__ = "sealed_identity"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(Sealed("sealed_identity.address", 256))
    contact: Mapped[str | None] = mapped_column(Sealed("sealed_identity.contact", 64))
    at: Mapped[datetime]


class Access(Base):
    """That an official read what a case holds: who, as what, how, and in which minute. Only ever added to."""

    __tablename__ = "access"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    how: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    # What they were then, empty where it is not known.
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(20), default="")


class ChainFault(Base):
    """A case, or a matter, whose history was changed behind the desk's back, and the first such line."""

    __tablename__ = "chain_fault"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
