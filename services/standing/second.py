"""A second person: who may decide on what somebody else asked for. Nobody decides on their own."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from domain.cases import NotAllowed, NotNow
from storage.people.matters import WAITING, Matter

Row = TypeVar("Row", bound=Matter)


@dataclass(frozen=True, slots=True)
class Refusals:
    """What is raised where it is this person's own, and where it waits no longer."""

    own: type[NotAllowed] = NotAllowed
    over: type[NotNow] = NotNow


def decidable(row: Row | None, by: UUID | None, refusals: Refusals, *, may: bool) -> Row:
    """Return what this person may decide on. Raises NotAllowed or one of the refusals.

    It is the person who counts, in whichever of their chats and roles.
    """
    if row is None or not may:
        raise NotAllowed
    if row.person_id == by:
        raise refusals.own
    if row.state != WAITING:
        raise refusals.over
    return row
