"""Every kind of matter that is no case: the clock rings what is named here, and the tests look at each."""

from typing import Any

from services.matters.kinds import MatterKind
from services.office.absences import ABSENCE
from services.office.broadcasts import BROADCAST
from services.office.hotspots import HOT_SPOT
from services.office.requests import KEY_REQUEST

KINDS: tuple[MatterKind[Any], ...] = (ABSENCE, BROADCAST, HOT_SPOT, KEY_REQUEST)
