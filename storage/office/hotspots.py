"""Hot spots that were told to those in charge, and how each stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from storage.ground.tables import HotSpot as HotSpot
from storage.ground.work import Work

TOLD, TAKEN, REFUSED, OVER = "told", "taken", "refused", "over"
"""It is told to those in charge, one takes it in hand or says that it is none; in the end it is over."""
LIVE = frozenset({TOLD, TAKEN, REFUSED})
"""The states in which its stream is told again only when many more tell of it."""


def new(  # noqa: PLR0913 - each says one thing of it, by name
    work: Work,
    person_id: UUID,
    *,
    area: str,
    field: str,
    unit_id: UUID,
    people: int,
    days: int,
    told: Mapping[str, Any],
) -> HotSpot:
    """Make a hot spot, to be kept with the act by which it begins."""
    where = {"area": area, "field": field, "unit_id": unit_id}
    seen = {"people": people, "days": days, "told": dict(told), "seen_at": work.now}
    return HotSpot(id=uuid7(), person_id=person_id, at=work.now, **where, **seen)


async def of_units(work: Work, units: set[UUID], most: int) -> list[HotSpot]:
    """Return the live hot spots of these units, those known last first."""
    live = HotSpot.state.in_(sorted(LIVE))
    theirs = select(HotSpot).where(live, HotSpot.unit_id.in_(sorted(units)))
    return list(await work.session.scalars(theirs.order_by(HotSpot.seen_at.desc(), HotSpot.id).limit(most)))
