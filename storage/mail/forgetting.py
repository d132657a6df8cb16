"""What people said in confidence leaves the engine once it is dealt with: the rows stay, their words go.

A message handled, or sent, is not needed again: its row says that it was, so that nothing is done twice. What
takes the place of its words tells nothing (see `storage.mail.blanks`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.ground import bound
from storage.ground.tables import DEAD, DONE, HELD, OPEN, SENDING
from storage.ground.work import Work
from storage.mail import blanks, envelopes, unopenable, webchat
from storage.mail.inbox import inbox
from storage.mail.outbox import outbox

_OVER = (DONE, DEAD)


async def flush(work: Work, chat_keys: Collection[str]) -> None:
    """Empty what these chats said and were told; what is still to be sent will not be kept either."""
    if not chat_keys:
        return
    heard = inbox.c.lane.in_(chat_keys), inbox.c.state.in_(_OVER), unopenable.opens(inbox)
    rows = await work.session.execute(
        select(inbox.c.account, inbox.c.external_id, inbox.c.body).where(*heard)
    )
    full = [row for row in rows if not blanks.is_blank(row.body)]
    values = [bound.key(inbox, row.account, row.external_id) | {"body": blanks.heard()} for row in full]
    await bound.rewrite(work.session, inbox, values)
    told = outbox.c.lane.in_(chat_keys), outbox.c.state.in_(_OVER), unopenable.opens(outbox)
    rows = await work.session.execute(select(outbox.c.key, outbox.c.body).where(*told))
    await _rewrite(work, {row.key: blanks.told() for row in rows if not blanks.is_blank(row.body)})
    await _only_once(work, chat_keys)


async def _rewrite(work: Work, bodies: dict[str, dict[str, Any]]) -> None:
    rows = [bound.key(outbox, key) | {"body": body} for key, body in bodies.items()]
    await bound.rewrite(work.session, outbox, rows)


async def _only_once(work: Work, chat_keys: Collection[str]) -> None:
    waiting = outbox.c.lane.in_(chat_keys), outbox.c.state.in_((OPEN, HELD, SENDING))
    rows = await work.session.execute(select(outbox.c.key, outbox.c.body).where(*waiting))
    await _rewrite(work, {row.key: row.body | {"once": True} for row in rows if "once" not in row.body})


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
    await envelopes.forget_places(work, chat_keys)
    for chat_key in chat_keys:
        await webchat.forget(work, chat_key)
