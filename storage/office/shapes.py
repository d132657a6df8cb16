"""The outlines of areas, as an import leaves them: all of a desk are replaced together."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.shapes import Shape
from storage.ground.tables import AreaShape
from storage.ground.work import Work

SHAPES = "shapes"
"""A rule row of this name holds nothing but the fact that outlines were replaced."""


async def read(session: AsyncSession) -> list[Shape]:
    """Read the outlines of all areas."""
    columns = (AreaShape.area, AreaShape.outline, AreaShape.north, AreaShape.east, AreaShape.radius)
    return [Shape(*row) for row in await session.execute(select(*columns).order_by(AreaShape.area))]


async def write(work: Work, shapes: Iterable[Shape]) -> None:
    """Put these in the place of all that are there; whoever reads sees the old ones or the new ones."""
    await work.session.execute(delete(AreaShape))
    work.session.add_all(
        AreaShape(area=one.area, outline=one.outline, north=one.north, east=one.east, radius=one.radius)
        for one in shapes
    )
    await work.session.flush()
