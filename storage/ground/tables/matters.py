"""What all matters that are no case have in common, and what was done to each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from storage.ground.bound import Sealed
from storage.ground.tables.base import Base


class Matter:
    """What each kind of matter has in a table of its own: who began it and when, and where it stands.

    Of days away it is who is away, whoever says so.
    """

    __tablename__: str
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class Decided(Matter):
    """What one person asks for and another decides."""

    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class MatterEvent(Base):
    """One line of a matter's history, chained as a case's are; it stays where the matter itself goes."""

    __tablename__ = "matter_event"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(Sealed("matter_event.detail"))
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")


class MatterHistory(Base):
    """The head of the chain of a matter's history, and how many lines it has; it stays as the lines do."""

    __tablename__ = "matter_history"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    history_length: Mapped[int] = mapped_column(Integer, default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")
