"""What people send, from its bytes to a file that is kept: no more of it than there is room for.

Over what one chat may send in a day, over what may wait for a case in all (of new chats, a part of that), or
with a disk that is nearly full, files are refused in words; the words that came with them are heard.
Officials are bounded by the disk alone: what strangers send must not keep an answer's photo out.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from domain.room import DAY, Held
from services.intake import attachments as files
from services.intake.attachments import Refused
from services.standing.parties import is_official
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.ground.files import Coming
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose files these are: the key of the chat, and the name of the message."""

    chat_key: str
    message: str


async def admit(store: Store, sender: Sender) -> None:
    """Look whether there is room for one more file, whose size is not known yet. Raises Refused."""
    await _room_for(store, sender, 0)


@asynccontextmanager
async def keeping(store: Store, sender: Sender, content: bytes, name: str, most: int) -> AsyncIterator[Kept]:
    """Clean a file and keep its bytes; its room is held while the caller writes its row. Raises Refused."""
    await admit(store, sender)  # what finds no room is not worth the work of cleaning it
    clean = await files.cleaned(content, name, most)
    async with store.files.turn:
        coming = await _room_for(store, sender, len(clean.content))
        store.files.coming.append(coming)
    try:
        yield await files.keep(store.files, store.keyring, sender.chat_key, sender.message, clean)
    finally:
        store.files.coming.remove(coming)


async def _room_for(store: Store, sender: Sender, size: int) -> Coming:
    """Return what is to come, if there is room for it beside all else that comes. Raises Refused.

    It is looked again where a row was written meanwhile: that one comes no more, and may not be read yet.
    """
    while True:
        others = [*store.files.coming]
        mine, over = await _looked(store, sender, size, others)
        if len(others) == len(store.files.coming):
            if over:
                raise Refused(over)
            return mine


async def _looked(store: Store, sender: Sender, size: int, others: Sequence[Coming]) -> tuple[Coming, str]:
    """Return what is to come, and the key of what to say where there is no room for it."""
    mine = Coming(sender.chat_key, size, new=False)
    if not await store.files.has_room(size + sum(other.size for other in others)):
        return mine, "upload.no_room"
    async with store.read() as work:
        await people.load_chats(work, [sender.chat_key])
        chat = work.chats.get(sender.chat_key)
        if chat is not None and is_official(work, chat):
            return mine, ""
        mine = replace(mine, new=not await attachments.is_known(work, sender.chat_key))
        return mine, await _over(work, [*others, mine], mine)


async def _over(work: Work, coming: Sequence[Coming], mine: Coming) -> str:
    """Return the key of what to say where this file is too much; empty where it is not."""
    sent = await attachments.sent(work, mine.chat_key, work.now - DAY)
    sent += _held(one for one in coming if one.chat_key == mine.chat_key)
    waiting = await attachments.waiting(work) + _held(coming)
    if not mine.new:
        return work.rules.room.over(sent, waiting)
    of_new = await attachments.waiting_of_new(work) + _held(one for one in coming if one.new)
    return work.rules.room.over(sent, waiting, of_new)


def _held(coming: Iterable[Coming]) -> Held:
    sizes = [one.size for one in coming]
    return Held(len(sizes), sum(sizes))
