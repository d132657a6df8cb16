"""What the tests of what goes out to Telegram share: a desk that sends when it is told to."""

from random import Random
from typing import Any

from sqlalchemy import select

from bot.desk import Desk
from domain.codes import mint
from domain.messages import Choice, FileRef, Media, Message
from storage.ground.tables import Card, Outbox
from storage.people.people import Chat, load_chats
from storage.store.engine import Store
from tests.storage.commune import chat_of

CODE = mint("HB", Random(7).randrange)


async def tell(store: Store, address: int, message: Message | str, key: str = "") -> None:
    """Post a message to a chat; a number below zero is a group's."""
    said = message if isinstance(message, Message) else Message(message)
    async with store.work() as work:
        await load_chats(work, [key_of(store, address)])
        chat = chat_of(work, str(address), "telegram")
        chat.group = address < 0
        work.post(chat, said, key or f"{address}:{said.text[:40]}:{said.redraw}")


def key_of(store: Store, address: int) -> str:
    """Return a chat's key."""
    return store.keyring.blind("chat", "telegram", str(address))


async def send_all(desk: Desk) -> None:
    """Send what may be sent at this moment."""
    while await desk.senders[0].step():
        pass


async def letters(store: Store) -> list[Outbox]:
    """Return the outbox, oldest first."""
    async with store.read() as work:
        return list(await work.session.scalars(select(Outbox).order_by(Outbox.seq)))


async def cards(store: Store) -> dict[str, tuple[str, str | None]]:
    """Return where cases' cards stand: the message and its thread."""
    async with store.read() as work:
        return {
            card.case_code: (card.external_id, card.thread)
            for card in await work.session.scalars(select(Card))
        }


async def chat(store: Store, address: int) -> Chat | None:
    """Return a chat as it is stored."""
    async with store.read() as work:
        found: Chat | None = await work.session.get(Chat, key_of(store, address))
        return found


def card(text: str, *choices: Choice, redraw: bool = False, code: str = CODE, **more: Any) -> Message:  # noqa: ANN401
    """Write a case's card."""
    return Message(text, choices, card=code, redraw=redraw, **more)


async def stored(store: Store, media: Media, mime: str, data: bytes, name: str = "") -> FileRef:
    """Put a file into the store."""
    number = f"file-{media}-{len(data)}-{name}".replace("/", "").encode().hex()[:60]
    await store.files.put(number, data)
    return FileRef(number, media, mime, len(data), name)
