"""Orders that wait for a second person."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from storage.ground.tables import KeyRequest as KeyRequest
from storage.ground.work import Work
from storage.people import matters

GRANTED, REFUSED, OVER = "granted", "refused", "over"
"""A request waits for a second person, who agrees or refuses; after some days it is over by itself."""
FOR = "for"
"""Under this name an order that waits keeps whom it is for."""


def new(work: Work, asker: UUID, order: Mapping[str, Any], note: str, days: int) -> KeyRequest:
    """Make a request that is over after so many days, to be kept with the act by which it begins."""
    expires_at = work.now + timedelta(days=days)
    facts = {"order": dict(order), "note": note, "expires_at": expires_at}
    return KeyRequest(id=uuid7(), person_id=asker, at=work.now, **facts)


async def waits_for(work: Work, person_id: UUID) -> bool:
    """Say whether something waits by which this person would gain a key."""
    rows = await matters.in_states(work, KeyRequest, {matters.WAITING})
    return any(str(person_id) in row.order.get(FOR, ()) for row in rows)
