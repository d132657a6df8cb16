"""The directory and the rulebook: areas, units, people, roles, invites, absences, documents."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Double, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from storage.ground.bound import NOTHING, Sealed
from storage.ground.tables.base import Base
from storage.ground.tables.matters import Decided, Matter


class Area(Base):
    """A place the desk serves: a province, a commune or a hamlet."""

    __tablename__ = "area"
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    parent: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    prefix: Mapped[str] = mapped_column(String(2), default="", server_default="")


class AreaShape(Base):
    """Where an area lies: its outline (WKB, degrees in WGS 84), else a circle of `radius` metres."""

    __tablename__ = "area_shape"
    area: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    outline: Mapped[bytes | None]
    north: Mapped[float] = mapped_column(Double)
    east: Mapped[float] = mapped_column(Double)
    radius: Mapped[int]


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
    merged_into: Mapped[UUID | None]


class Person(Base):
    """Somebody known by name: an official, or a citizen who told us."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str | None] = mapped_column(Sealed("person.name", lost=NOTHING))
    phone: Mapped[str | None] = mapped_column(Sealed("person.phone", lost=NOTHING))
    phone_key: Mapped[str | None] = mapped_column(String(32), index=True)
    address: Mapped[str | None] = mapped_column(Sealed("person.address", lost=NOTHING))
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


class Rule(Base):
    """One version of one rulebook document (holidays, deadlines, taxonomy, ...); the newest is in force."""

    __tablename__ = "rule"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    body: Mapped[Any] = mapped_column(JSON)
    clear_note: Mapped[str] = mapped_column("note", Text, default="")
    """Of versions of before; emptied when the desk starts (`storage.office.notes`)."""
    note: Mapped[str] = mapped_column("sealed_note", Sealed("rule.note"), nullable=True)
    at: Mapped[datetime]


class Absence(Matter, Base):
    """Days on which somebody is away, and who stands in for them (both days included)."""

    __tablename__ = "absence"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="noted", server_default="noted")
    stand_in_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]


class KeyRequest(Decided, Base):
    """An order about a role that opens everything, which waits for a second person."""

    __tablename__ = "key_request"
    order: Mapped[dict[str, Any]] = mapped_column(Sealed("key_request.order"))
    note: Mapped[str] = mapped_column(Sealed("key_request.note"))
    expires_at: Mapped[datetime]


class HotSpot(Matter, Base):
    """Many people of one area tell of one field: whom it was told, or who has taken it in hand (`person_id`).

    `told` holds what they were told: `cases` by code, people by `places`, and how many are `usual` in a week.
    """

    __tablename__ = "hotspot"
    area: Mapped[str] = mapped_column(ForeignKey("area.code"))
    field: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    people: Mapped[int] = mapped_column(Integer)
    days: Mapped[int] = mapped_column(Integer)
    told: Mapped[dict[str, Any]] = mapped_column(Sealed("hotspot.told"))
    # Since when it is known as it is: when it was told, taken in hand or refused.
    seen_at: Mapped[datetime]


class DirectoryChange(Base):
    """One change of areas, units, people or roles: each row before and after, so it can be undone."""

    __tablename__ = "directory_change"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    clear_note: Mapped[str] = mapped_column("note", Text, default="")
    """As a rule's."""
    note: Mapped[str] = mapped_column("sealed_note", Sealed("directory_change.note"), nullable=True)
    rows: Mapped[Any] = mapped_column(Sealed("directory_change.rows"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
