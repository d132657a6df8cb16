"""Which cases are kept from somebody: asked in one way wherever cases are counted, listed or quoted.

A case that is open to most has a wall too where it names somebody: any count it stands in would tell them.
"""

from sqlalchemy import ColumnElement, Text, cast, not_
from sqlalchemy.orm import InstrumentedAttribute

from storage.ground.tables import Case


def from_somebody(case: Case) -> bool:
    """Say whether a case is kept close, or anybody stands outside it."""
    return bool(case.confidential or case.sealed or case.excluded or case.excluded_people)


def is_kept() -> ColumnElement[bool]:
    """Say it of the rows of a statement."""
    return Case.confidential | Case.sealed | _some(Case.excluded) | _some(Case.excluded_people)


def is_open() -> ColumnElement[bool]:
    """Say of the rows of a statement that nobody stands outside."""
    return not_(is_kept())


def _some(ids: InstrumentedAttribute[list[str]]) -> ColumnElement[bool]:
    return cast(ids, Text).contains("-")
