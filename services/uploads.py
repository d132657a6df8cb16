"""What people send, from its bytes to a file that is kept: no more of it than there is room for.

Over what one chat may send in a day, over what may wait for a case in all, or with a disk that is nearly
full, files are refused in words; the words that came with them are heard. Officials are bounded by the disk
alone: what strangers send must not keep an answer's photo out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.room import DAY, Held
from services import attachments as files
from services.attachments import Refused
from services.who import is_official
from storage import attachments, people
from storage.attachments import Kept
from storage.engine import Store


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose files these are: the key of the chat, the name of the message, what was kept of it already."""

    chat_key: str
    message: str
    kept: Sequence[Kept] = ()


async def admit(store: Store, sender: Sender, size: int = 0) -> None:
    """Let one more file in, of so many bytes; of none where it is not known yet. Raises Refused."""
    if not await store.files.has_room(size):
        raise Refused("upload.no_room")
    async with store.read() as work:
        await people.load_chats(work, [sender.chat_key])
        chat = work.chats.get(sender.chat_key)
        if chat is not None and is_official(work, chat):
            return
        ids = {one.ref.id: one.ref.size for one in sender.kept}  # one chosen twice is one file
        more = Held(1, size) + Held(len(ids), sum(ids.values()))
        sent = await attachments.sent(work, sender.chat_key, work.now - DAY, besides=ids)
        waiting = await attachments.waiting(work, besides=ids)
        if over := work.rules.room.over(sent + more, waiting + more):
            raise Refused(over)


async def keep(store: Store, sender: Sender, content: bytes, name: str, most: int) -> Kept:
    """Clean a file and keep its bytes; its row is the caller's to write. Raises Refused."""
    await admit(store, sender)  # what finds no room is not worth the work of cleaning it
    clean = await files.cleaned(content, name, most)
    await admit(store, sender, len(clean.content))
    return await files.keep(store.files, store.keyring, sender.chat_key, sender.message, clean)
