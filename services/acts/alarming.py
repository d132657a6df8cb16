"""It rings until somebody takes it: a ring is an act of the clock. For whom: `services.saying.ringing`."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.cases import UNTAKEN, Act, Relation
from services.saying import ringing
from services.standing.kinds import ActKind, Deed, Request


@dataclass(frozen=True, slots=True)
class Ring(Request):
    """After how many minutes it rings, and for which circles."""

    n: int
    to: Sequence[str]


async def _ring(deed: Deed[Ring]) -> None:
    """Keep with the ring how many it tells, and whether that is news to the citizen."""
    deed.facts.update(await ringing.ring(deed.work, deed.case, deed.request.n))


ACTS = (
    ActKind(
        act=Act.RING,
        takes=Ring,
        by={Relation.CLOCK},
        states=UNTAKEN,
        change=_ring,
        news=ringing.rang,
        quiet=True,
    ),
)
