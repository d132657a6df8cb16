"""A desk of two communes and their province, written to as by phone."""

import re
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import select

from bot.desk import Desk
from storage.ground.tables import Case
from storage.ground.tables import UnitRow as Unit
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune

DRAIN = "cống tắc mấy hôm rồi, mưa là ngập đường"
CODE = re.compile(r"[A-Z]{2,3}-\w{7}")


@dataclass
class Wide:
    """The desk of the province, with its channel of paper."""

    store: Store
    clock: StoppedClock
    paper: Paper = field(default_factory=Paper)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.desk = Desk(self.store, [self.paper])

    async def says(self, who: str, text: str, **body: object) -> str:
        """Let somebody say something, or hand in a `body` instead; returns what they are told at once."""
        self.clock.pass_(minutes=1)
        before = len(self.paper.told)
        said = {"text": text} | body if text else body
        await self.desk.ingest(Arrived("paper", f"m{next(self.numbers)}", who, said))
        await commune.work_off(self.desk)
        return "\n".join(self._text(d) for d in self.paper.told[before:] if d.address == who)

    @staticmethod
    def _text(delivery: Delivery) -> str:
        shown = [delivery.message.text, *(choice.label for choice in delivery.message.choices)]
        return "\n".join(shown)

    def told(self, who: str) -> str:
        """Return everything somebody was told."""
        return "\n".join(self._text(d) for d in self.paper.told if d.address == who)

    def hear_of(self, code: str) -> set[str]:
        """Return who was told of a case."""
        return {d.address for d in self.paper.told if code in self._text(d)}

    async def cases(self) -> list[tuple[str, str, str]]:
        """Return area, code of the unit and place of each case, the oldest first."""
        asked = select(Case.area, Unit.code, Case.place).join(Unit, Unit.id == Case.unit_id)
        async with commune.reading(self.store) as session:
            found = await session.execute(asked.order_by(Case.opened_at))
            return [(area, unit, place) for area, unit, place in found]

    async def chat_commune(self, who: str) -> str | None:
        """Return of which commune a chat is."""
        async with self.store.work() as work:
            return (await people.chat(work, work.keyring.blind("chat", "paper", who))).commune


def code_in(text: str) -> str:
    """Return the code of the case that a text shows."""
    found = CODE.search(text)
    assert found is not None, text
    return found.group()
