"""Files that lead to nobody: rows no talk holds and no case has, bytes without a row. The clock sweeps them.

A row goes first, with its transaction; its bytes go after the commit. Should the process end between the two,
the bytes are without a row, and go here a day later. Bytes of a row that lives are never touched.
"""

from collections.abc import Collection
from datetime import datetime

import structlog

from services.intake import drafts, leavings
from storage.cases import attachments
from storage.cases.attachments import Waiting
from storage.ground.crypto import CannotOpen
from storage.ground.work import Work
from storage.mail import inbox, lanes
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store

log = structlog.get_logger(__name__)

MOST = 200
"""Rows looked at in one transaction."""
TOO_MANY = 50
"""Where so many bytes, and more than half of all, have no row, it is the database that is not theirs."""


async def sweep(store: Store) -> int:
    """Delete what leads to nobody, a batch at a time. Returns how many files that were."""
    swept, after = 0, None
    while True:
        async with store.read() as work:
            rows = await attachments.waiting_since(work, _long_ago(work), after, MOST)
        swept += await _drop(store, rows)
        if len(rows) < MOST:
            break
        after = rows[-1]
    return swept + await _sweep_bytes(store)


async def _drop(store: Store, rows: Collection[Waiting]) -> int:
    """Delete what may go of these rows; a chat that does not open keeps its own, and no other's."""
    keys = sorted({row.chat_key for row in rows})
    try:
        async with store.work() as work:
            return await drop_old(work, rows)
    except CannotOpen:
        if len(keys) == 1:
            log.warning("chat_does_not_open", files=len(rows))
            return 0
    return sum([await _drop(store, [row for row in rows if row.chat_key == key]) for key in keys])


def _long_ago(work: Work) -> datetime:
    return work.now - work.rules.drafts.delete_after


async def drop_old(work: Work, rows: Collection[Waiting]) -> int:
    """Delete those of these rows that nobody will come back for. Returns how many.

    Kept is what a chat's half-told report holds, which has a timer of its own; what a message brought that is
    still to be handled, or is a dead letter and may be tried again; what a chat has that is heard now.
    """
    keys = {row.chat_key for row in rows}
    chats = {chat.key: chat for chat in await people.hold(work, keys)}
    busy = await lanes.existing(work.session, "in", keys) - chats.keys()
    wanted = await inbox.files_of_open(work, keys)
    dropped = 0
    for key in keys - busy:
        ids = {str(row.id) for row in rows if row.chat_key == key} - wanted
        if (chat := chats.get(key)) is not None:
            if people.is_lost(chat):  # nobody can say what it holds
                continue
            ids -= _still_told(work, chat)
            chat.talk = leavings.without(chat.talk, ids) if ids & leavings.held(chat.talk) else chat.talk
        attachments.let_go(work, key, ids)
        dropped += len(ids)
    return dropped


def _still_told(work: Work, chat: Chat) -> set[str]:
    """Return the files of a talk that goes on, or that ends by its own timer."""
    goes_on = chat.heard_at > _long_ago(work) or bool(drafts.words(chat.talk or {}))
    return leavings.held(chat.talk) if goes_on else set()


async def without_rows(store: Store, stored: list[str]) -> tuple[list[str], bool]:
    """Return which of these bytes no row names, and whether they can be orphans.

    They cannot where they are most of all there is: then the database is another one, or an older copy.
    """
    async with store.read() as work:
        named = await attachments.known(work, stored)
    found = [file_id for file_id in stored if file_id not in named]
    return found, len(found) < TOO_MANY or 2 * len(found) <= len(stored)


async def _sweep_bytes(store: Store) -> int:
    await store.files.discard_halves()
    found, orphans = await without_rows(store, await store.files.lingering())
    if not orphans:
        log.warning("files_of_another_database", files=len(found))
        return 0
    await store.files.discard(found)
    return len(found)
