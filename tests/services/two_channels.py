"""A small commune whose citizens write on two accounts, `paper` and `card`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from bot.channels.channel import Outcome, Sent
from bot.desk import Desk
from services.acts.act import act
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune
from tests.storage.commune import Scripted

CODE = re.compile(r"\d{4} \d{4}")
DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
PENSION, HOUSE = commune.OWN
_numbers = count(1)


@dataclass
class Two:
    """The desk with its two channels; each answers a delivery to an address with what `answers` says."""

    store: Store
    clock: StoppedClock
    answers: dict[str, Outcome] = field(default_factory=dict)
    channels: dict[str, Scripted] = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.channels = {"paper": Scripted(answer=self._answer), "card": Scripted(answer=self._answer)}
        self.channels["card"].account = "card"
        self.desk = Desk(self.store, list(self.channels.values()))

    def _answer(self, delivery: Delivery) -> Outcome:
        return self.answers.get(delivery.address, Sent(delivery.key))

    async def says(self, who: str, text: str = "", body: Mapping[str, object] | None = None) -> str:
        """Let somebody (`name@account`) say something, a minute later; returns what they are told at once."""
        address, _, account = who.partition("@")
        self.clock.pass_(minutes=1)
        account = account or "paper"
        before = len(self.channels[account].told)
        arrived = Arrived(account, f"m{next(_numbers)}", address, body or {"text": text})
        await self.desk.ingest(arrived)
        await commune.work_off(self.desk)
        news = self.channels[account].told[before:]
        return "\n".join(d.message.text for d in news if d.address == address and d.key.startswith("reply:"))

    async def case(self, who: str, story: str = DRAIN) -> str:
        """Let somebody bring a case; returns its code."""
        await self.says(who, story)
        receipt = await self.says(who, "gui")
        found = re.search(r"[A-Z]{2}-\w{7}", receipt)
        assert found is not None, receipt
        return found.group()

    async def link(self, one: str, other: str) -> str:
        """Let a code be shown to one and used by the other; returns what that one is told."""
        return await self.use(other, self.code(await self.says(one, "noi kenh")))

    async def use(self, who: str, code: str) -> str:
        """Let somebody type a code, and agree where that is asked; returns what they are told at last."""
        told = await self.says(who, code if code.startswith("noi-") else f"noi {code}")
        return await self.says(who, "1") if "chính bà con lấy mã" in told else told

    @staticmethod
    def code(text: str) -> str:
        """Return the code that a text shows."""
        found = CODE.search(text)
        assert found is not None, text
        return found.group()

    def told(self, who: str) -> list[str]:
        """Return everything somebody was told."""
        address, _, account = who.partition("@")
        return [d.message.text for d in self.channels[account or "paper"].told if d.address == address]

    def count(self, words: str) -> int:
        """Return how many messages, to anybody, hold these words."""
        everything = [d for channel in self.channels.values() for d in channel.told]
        return sum(words in d.message.text for d in everything)

    async def officer(self, what: str, code: str, **detail: object) -> None:
        """Let the officer of economy do something to a case, and all that follows be sent."""
        async with self.store.work() as work:
            (chat,) = await commune.chats_of(work, ["minh"])
            await act(work, await case_of(work, code), ACTS[what].of_json(detail), Actor.of(chat))
        await commune.work_off(self.desk)


def key(work: Work, who: str) -> str:
    """Return the key of somebody's chat."""
    address, _, account = who.partition("@")
    return work.keyring.blind("chat", account or "paper", address)


async def chat(work: Work, who: str) -> Chat:
    """Return somebody's chat."""
    return await people.chat(work, key(work, who))


async def case_of(work: Work, code: str) -> Case:
    """Return the case."""
    case = await stored.by_code(work, code)
    assert case is not None
    return case
