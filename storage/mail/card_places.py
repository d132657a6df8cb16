"""Where cards stand in chats: as which message of the channel's they can be drawn anew."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Table, and_, select, update

from domain import secrecy
from domain.messages import Message
from storage.ground import dialect
from storage.ground.tables import Card
from storage.ground.work import Work
from storage.mail import envelopes

card: Table = Card.__table__  # type: ignore[assignment]

GENERAL = ""
"""The thread of a case whose own is not there any more: it goes on among everything else, for good."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case's card stands in a chat: nowhere, or as which message, in which thread."""

    external_id: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """A message that was sent to a chat, with the channel's own id and thread of it."""

    chat_key: str
    message: Message
    external_id: str | None
    thread: str | None


async def of(work: Work, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Standing]:
    """Return where the cards of these chats and cases stand."""
    if not wanted:
        return {}
    chats, codes = {chat for chat, _ in wanted}, {code for _, code in wanted}
    statement = select(card).where(card.c.chat_key.in_(chats), card.c.case_code.in_(codes))
    rows = await work.session.execute(statement)
    found = {(row.chat_key, row.case_code): Standing(row.external_id, row.thread) for row in rows}
    for chat_key in [chat for chat, code in wanted if code == secrecy.CARD]:
        found[chat_key, secrecy.CARD] = Standing(await envelopes.place(work, chat_key))
    return found


async def keep(work: Work, sent: Iterable[Stood]) -> None:
    """Keep where these stand; of a secret in an envelope: no table tells who was shown one."""
    carded = [one for one in sent if one.message.card and one.external_id]
    for one in carded:
        if one.message.card == secrecy.CARD and not one.message.redraw:
            await envelopes.keep_place(work, one.chat_key, one.external_id or "")
    rows = [
        {
            "chat_key": one.chat_key,
            "case_code": one.message.card,
            "external_id": one.external_id,
            "thread": one.thread,
        }
        for one in carded
        if one.message.card != secrecy.CARD
    ]
    if rows:
        connection = await work.session.connection()
        new = dialect.insert(connection, card)
        excluded = {"external_id": new.excluded.external_id, "thread": new.excluded.thread}
        index = ["chat_key", "case_code"]
        await connection.execute(new.on_conflict_do_update(index_elements=index, set_=excluded), rows)
    for one in sent:
        if one.thread == GENERAL and one.message.case:
            gone = and_(card.c.chat_key == one.chat_key, card.c.case_code == one.message.case)
            await work.session.execute(update(card).where(gone).values(thread=one.thread))
