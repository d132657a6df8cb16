"""Orders about keys that wait for a second person."""

from uuid import UUID

from storage.ground.tables import KeyRequest as KeyRequest
from storage.ground.work import Work
from storage.people import matters

FOR = "for"
"""Under this name an order that waits keeps whom it is for."""


async def waits_for(work: Work, person_id: UUID) -> bool:
    """Say whether something waits by which this person would gain a key."""
    rows = await matters.in_states(work, KeyRequest, {matters.WAITING})
    return any(str(person_id) in row.order.get(FOR, ()) for row in rows)
