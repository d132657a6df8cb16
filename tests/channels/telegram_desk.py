"""What the tests of Telegram share."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import select

from bot.channels.channel import Ingest, Outcome, Sent
from bot.channels.parts import parts
from bot.channels.telegram.channel import Telegram
from bot.group_commit import GroupCommit
from domain.messages import Choice, Message
from storage.ground.tables import Inbox
from storage.mail import inbox, offsets
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.store.engine import Store
from tests.conftest import MONDAY

SECRET = "a-webhook_secret"
PERSON = {"id": 42, "is_bot": False, "first_name": "Hoa"}
PLACE = {"id": 42, "type": "private", "first_name": "Hoa"}
FILE = {"file_id": "f", "file_unique_id": "u"}

Open = Callable[..., Telegram]
Poll = Callable[[Telegram, Ingest], asyncio.Task[None]]
Serve = Callable[[Telegram, Ingest], Awaitable[str]]


async def until(condition: Callable[[], Any] | Callable[[], Awaitable[Any]]) -> None:
    """Wait for a condition, twenty seconds at most."""
    async with asyncio.timeout(20):
        while True:
            met = condition()
            if await met if isinstance(met, Awaitable) else met:
                return
            await asyncio.sleep(0.005)


def ingest_into(store: Store) -> Ingest:
    """Commit what comes as the program does."""

    async def commit(batch: Sequence[Arrived]) -> None:
        async with store.work() as work:
            await inbox.store(work, batch)

    return GroupCommit(commit).put


async def stored(store: Store) -> dict[str, Any]:
    """Return the bodies in the inbox by their ids."""
    async with store.read() as work:
        rows = await work.session.execute(select(Inbox.external_id, Inbox.body))
        return {row.external_id: row.body for row in rows}


async def position(store: Store) -> int:
    """Return where the next poll begins."""
    async with store.read() as work:
        return await offsets.read(work, "telegram")


def message(**content: object) -> dict[str, Any]:
    """Write an update with a private message."""
    return {"update_id": 7, "message": {"message_id": 1, "date": 1, "chat": PLACE, "from": PERSON} | content}


def delivery(text: str, *choices: Choice, edits: str | None = None, chat: int = 42) -> Delivery:
    """Write a message for a chat."""
    return delivery_of(Message(text, choices), edits=edits, chat=chat)


def delivery_of(
    message: Message,
    *,
    edits: str | None = None,
    chat: int = 42,
    thread: str | None = None,
    language: str = "vi",
) -> Delivery:
    """Take a message in hand for a chat; a number below zero is a group's."""
    return Delivery(
        "k",
        "telegram",
        "lane",
        str(chat),
        message,
        1,
        uncertain=False,
        edits=edits,
        at=MONDAY,
        heard_at=MONDAY,
        thread=thread,
        group=chat < 0,
        language=language,
    )


async def send(channel: Telegram, delivery: Delivery) -> Outcome:
    """Make the calls a message takes until one fails; what became of the last."""
    outcome: Outcome = Sent()
    for part in parts(delivery.message, channel.caps, delivery.edits):
        outcome = await channel.send(delivery, part)
        if not isinstance(outcome, Sent):
            break
    return outcome


class Naps:
    """Sleeps a moment, and keeps how long it was asked to."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Sleep a moment."""
        self.asked.append(seconds)
        await asyncio.sleep(0.005)


async def unused(_: Arrived) -> None:
    """Refuse to store."""
    raise RuntimeError("the database is away")
