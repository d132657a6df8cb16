"""A small commune whose desk is moved by hand: what the engine's tests share."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Select, event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.channel import Outcome, Part, Sent
from bot.desk import Desk
from domain.messages import Message
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import directory
from storage.cases.cases import Case as Case
from storage.ground.tables import Inbox, Lane, Outbox
from storage.ground.work import NOTICE, Work
from storage.mail import inbox
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery, Limits
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store
from tests.conversations.paper import Paper
from tests.seeded import once

SEED = """
areas:
  - {code: tinh, name: tỉnh Mẫu, kind: province, from: 2025-07-01}
  - {code: xa, name: xã Hòa Bình, kind: commune, parent: tinh, from: 2025-07-01}
  - {code: thon_1, name: thôn 1, kind: hamlet, parent: xa, from: 2025-07-01}
  - {code: thon_3, name: thôn 3, kind: hamlet, parent: xa, from: 2025-07-01}
units:
  - {code: ct_xa, type: ct_xa, name: Chủ tịch UBND xã, area: xa, from: 2025-07-01}
  - {code: vp_xa, type: vp_xa, name: Văn phòng, area: xa, parent: ct_xa, from: 2025-07-01}
  - {code: kt_xa, type: kt_xa, name: Phòng Kinh tế, area: xa, parent: ct_xa, from: 2025-07-01}
people:
  - {code: ha, name: Hà Thị Thu, roles: [{role: head, unit: ct_xa, from: 2025-07-01}]}
  - {code: tuan, name: Trần Anh Tuấn, roles: [{role: supervisor, unit: kt_xa, from: 2025-07-01}]}
  - {code: minh, name: Lê Văn Minh, roles: [{role: officer, unit: kt_xa, from: 2025-07-01}]}
  - {code: lan, name: Đỗ Thị Lan, roles: [{role: duty, unit: vp_xa, from: 2025-07-01}]}
"""
OFFICIALS = ("ha", "tuan", "minh", "lan")
STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
OWN = (
    "cho tôi hỏi trợ cấp người cao tuổi của mẹ tôi ở thôn 3 khi nào có",
    "cho tôi hỏi làm sổ đỏ thửa đất ở thôn 1 cần giấy tờ gì",
)
"""What people ask for themselves, whoever else asks it: each is a case of its own, without a question."""
AT_ONCE = Limits(timedelta(0), 1, timedelta(0))
"""A pace that slows nothing."""
Row = TypeVar("Row")


async def settle(store: Store) -> None:
    """Seed the commune and give each official a chat on paper."""
    await once(store, (SEED, OFFICIALS), _settle)


async def _settle(store: Store) -> None:
    async with store.work() as work:
        await directory.seed(work, SEED.encode(), "seed.yaml")
    async with store.work() as work:
        for code in OFFICIALS:
            person = await people.person_by_code(work, code)
            assert person is not None
            chat_of(work, code).person_id = person.id


class Scripted(Paper):
    """Paper with a pace, whose every delivery is answered as the test says."""

    def __init__(
        self, limits: Limits = AT_ONCE, answer: Callable[[Delivery], Outcome] = lambda _: Sent()
    ) -> None:
        super().__init__()
        self.caps = replace(Paper.caps, limits=limits)
        self.answer = answer

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        await super().send(delivery, part)
        return self.answer(delivery)

    @property
    def texts(self) -> list[str]:
        """The words of every delivery, in order."""
        return [delivery.message.text for delivery in self.told]


def chat_of(work: Work, address: str, account: str = Paper.account) -> Chat:
    """Return the chat of an address, made if this work does not know it."""
    return people.open_chat(work, account, work.keyring.blind("chat", account, address), address)


_numbers = count(1)


def said(address: str, text: str, external_id: str = "") -> Arrived:
    """Make a message on paper."""
    return Arrived(Paper.account, external_id or f"m{next(_numbers)}", address, {"text": text})


async def put_in(store: Store, *arrived: Arrived) -> None:
    """Store messages in one transaction, as group commit does."""
    async with store.work() as work:
        await inbox.store(work, arrived)


async def chats_of(work: Work, addresses: Iterable[str]) -> list[Chat]:
    """Return the chats of these addresses, those made that are new."""
    named = list(addresses)
    await people.load_chats(work, [work.keyring.blind("chat", Paper.account, address) for address in named])
    return [chat_of(work, address) for address in named]


async def open_cases(store: Store, number: int) -> list[str]:
    """Open so many cases of so many citizens at once. Returns their codes."""
    async with store.work() as work:
        heard = work.rules.understanding.read(STORY)
        chats = await chats_of(work, (f"người dân {n}" for n in range(number)))
        draft = Draft(heard, "thôn 3", heard.topic)
        return [(await new_cases.open_case(work, chat, draft)).code for chat in chats]


async def post(
    store: Store,
    address: str,
    *texts: str,
    priority: int = NOTICE,
    kind: str = "note",
    hold: datetime | None = None,
) -> None:
    """Post messages to a chat; the same words twice are the same message."""
    async with store.work() as work:
        (chat,) = await chats_of(work, [address])
        for text in texts:
            work.post(
                chat,
                Message(text),
                f"{kind}:{work.keyring.blind(address, text)}",
                priority=priority,
                hold=hold,
            )


async def work_off(desk: Desk, most: int = 1000) -> None:
    """Let the worker and the senders work until there is nothing more to do at this moment."""
    for _ in range(most):
        done = await desk.worker.step()
        sent = [await sender.step() for sender in desk.senders]
        if not done and not any(sent):
            return
    raise AssertionError("it never ends")


@asynccontextmanager
async def reading(store: Store) -> AsyncIterator[AsyncSession]:
    """Give a session that only reads."""
    async with store.read() as work:
        yield work.session


async def rows(store: Store, table: type[Row]) -> list[Row]:
    """Read a table's rows."""
    return await found(store, select(table))


async def found(store: Store, statement: Select[Row]) -> list[Row]:
    """Read what a statement of one column, or one table, finds."""
    async with reading(store) as session:
        return list(await session.scalars(statement))


async def counted(store: Store, *conditions: ColumnElement[bool]) -> int:
    """Count the rows that fulfil the conditions."""
    async with reading(store) as session:
        return await session.scalar(select(func.count()).where(*conditions)) or 0


async def lanes_agree(store: Store) -> bool:
    """Say whether every lane's counter is the number of its rows that are still to be handled or sent."""
    async with reading(store) as session:
        waiting: dict[tuple[str, str], int] = {}
        for table, direction, states in ((Inbox, "in", (0,)), (Outbox, "out", (0, 2))):
            grouped = select(table.lane, func.count()).where(table.state.in_(states)).group_by(table.lane)
            waiting |= {(direction, key): number for key, number in await session.execute(grouped)}
        counters = {
            (lane.direction, lane.key): lane.pending
            for lane in await session.scalars(select(Lane).where(Lane.pending > 0))
        }
    return counters == waiting


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Collect the SQL statements the store executes; one with many parameter sets counts as one."""
    seen: list[str] = []

    def see(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(store.engine.sync_engine, "before_cursor_execute", see)
    yield seen
    event.remove(store.engine.sync_engine, "before_cursor_execute", see)
