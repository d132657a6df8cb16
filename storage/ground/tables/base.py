"""What every table shares."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, MetaData
from sqlalchemy.orm import DeclarativeBase

from storage.ground.instant import Instant

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """One metadata, named constraints, our own types."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Instant, date: Date, bool: Boolean}  # noqa: RUF012 - SQLAlchemy reads it
