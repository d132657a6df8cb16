"""What people said in confidence leaves the engine once it is dealt with: the rows stay, their words go.

A message handled, or sent, is not needed again: its row says that it was, so that nothing is done twice.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage import webchat
from storage.inbox import inbox
from storage.outbox import EMPTY, outbox
from storage.tables import DEAD, DONE, HELD, OPEN, SENDING
from storage.work import Work

_OVER = (DONE, DEAD)
NOTHING = {"address": "", "raw": None}


async def flush(work: Work, chat_keys: Collection[str]) -> None:
    """Empty what these chats said and were told; what is still to be sent will not be kept either."""
    if not chat_keys:
        return
    heard = inbox.c.lane.in_(chat_keys), inbox.c.state.in_(_OVER)
    await work.session.execute(update(inbox).where(*heard).values(body=NOTHING))
    told = outbox.c.lane.in_(chat_keys), outbox.c.state.in_(_OVER)
    await work.session.execute(update(outbox).where(*told).values(body=EMPTY))
    await _only_once(work, chat_keys)


async def _only_once(work: Work, chat_keys: Collection[str]) -> None:
    waiting = outbox.c.lane.in_(chat_keys), outbox.c.state.in_((OPEN, HELD, SENDING))
    rows = await work.session.execute(select(outbox.c.key, outbox.c.body).where(*waiting))
    kept = [{"b_key": row.key, "body": row.body | {"once": True}} for row in rows if "once" not in row.body]
    if kept:
        statement = update(outbox).where(outbox.c.key == bindparam("b_key")).values(body=bindparam("body"))
        await (await work.session.connection()).execute(statement, kept)


async def forget_since(work: Work, chat_key: str, since: datetime) -> None:
    """Keep nothing that this chat said and was told from this moment on, nor what this work tells it."""
    work.forgotten.add(chat_key)
    await webchat.forget(work, chat_key, since)


async def take_off(work: Work, chat_keys: Collection[str], code: str) -> None:
    """Take off the pages of these chats what they were told of a case."""
    await webchat.take_off(work, chat_keys, code)


async def forget_again(work: Work, chat_keys: Collection[str]) -> None:
    """Empty what was sent meanwhile, and take what was to be read once off the web chat's page."""
    work.forgotten.update(chat_keys)
    for chat_key in chat_keys:
        await webchat.forget(work, chat_key)
