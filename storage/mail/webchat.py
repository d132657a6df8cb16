"""The web chat's bubbles: what each browser shows, kept as a platform keeps its users' conversations."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, func, or_, select

from domain.messages import MESSAGE, MOST_LETTERS
from storage.ground import bound, dialect
from storage.ground.tables import Bubble, Chat
from storage.ground.work import Work
from storage.mail import blanks
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery

ACCOUNT = "web"
COMMUNE = "commune"
"""What a posted message calls the commune on whose page it was written."""
LATE = timedelta(seconds=10)
"""PostgreSQL hands out ids before it commits: for so long an earlier id may still turn up."""

_LOOKED_AT = 300
"""Bubbles of a chat among which those to be forgotten are looked for, the latest."""
_REPEATED = {"files", "caption", "unsupported", "name"}

bubble: Table = Bubble.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Shown:
    """One bubble; `place` is the id of the bubble it stands in for, its own unless it replaces another."""

    id: int
    place: int
    key: str
    mine: bool
    body: dict[str, Any]
    at: datetime

    @property
    def place_key(self) -> str:
        """What the page calls the place it stands in."""
        return self.key if self.mine else f"b{self.place}"


def commune_of(account: str, body: object) -> str:
    """Return the code of the commune on whose page a message was written; empty for none."""
    return str(body.get(COMMUNE, "")) if account == ACCOUNT and isinstance(body, dict) else ""


def own_key(client_id: str) -> str:
    """Return the key of the bubble of a message that a browser named so."""
    return f"own:{client_id}"


async def record_own(work: Work, arrived: Sequence[Arrived]) -> None:
    """Show people their own messages: call it in the transaction that stores them. A repost changes nothing.

    Messages of other accounts are passed over.
    """
    rows = [
        {
            "chat_key": work.keyring.blind("chat", message.account, message.address),
            "message_key": own_key(message.external_id.partition(":")[2]),
            "replaces": None,
            "mine": True,
            "body": _as_shown(message.body),
            "at": work.now,
        }
        for message in arrived
        if message.account == ACCOUNT
    ]
    await _insert(work, rows)


async def deliver(work: Work, deliveries: Sequence[Delivery]) -> None:
    """Show what the desk says; a delivery that was shown before changes nothing."""
    places = await _places(work, [(d.lane, d.edits) for d in deliveries if d.edits])
    rows = [
        {
            "chat_key": delivery.lane,
            "message_key": delivery.key,
            "replaces": places.get((delivery.lane, delivery.edits or "")),
            "mine": False,
            "body": MESSAGE.dump_python(delivery.message, mode="json", exclude_defaults=True),
            "at": work.now,
        }
        for delivery in deliveries
    ]
    await _insert(work, rows)


async def latest(work: Work, chat_key: str, most: int) -> list[Shown]:
    """Return a chat's last bubbles, oldest first."""
    shown = [row for row in await _newest(work, chat_key, most) if not _is_gone(row)]
    if len(shown) < most:  # of those before, what was said in confidence may have taken the place
        shown = [row for row in await _newest(work, chat_key, _LOOKED_AT) if not _is_gone(row)][:most]
    return [_shown(row) for row in reversed(shown)]


async def gone(work: Work, chat_key: str) -> set[str]:
    """Return the keys of the latest bubbles that were taken off a chat's page: an open page hears so."""
    return {_place_key(row) for row in await _newest(work, chat_key, _LOOKED_AT) if _is_gone(row)}


async def _newest(work: Work, chat_key: str, most: int) -> Sequence[Row[Any]]:
    newest_first = select(bubble).where(bubble.c.chat_key == chat_key).order_by(bubble.c.id.desc())
    return (await work.session.execute(newest_first.limit(most))).all()


def _is_gone(row: Row[Any]) -> bool:
    return blanks.GONE in row.body


def _place_key(row: Row[Any]) -> str:
    return _shown(row).place_key


async def after(work: Work, chat_key: str, last: int, most: int) -> list[Shown]:
    """Return the bubbles after that id, and again those of the moments before it (see LATE), by id.

    Of more than `most` the newest: what a page shows that is opened now.
    """
    seen_at = select(bubble.c.at).where(bubble.c.id == last, bubble.c.chat_key == chat_key)
    row_at = (await work.session.execute(seen_at)).scalar_one_or_none()
    newer = bubble.c.id > last
    if row_at is not None:
        newer = or_(newer, bubble.c.at >= row_at - LATE)
    found = select(bubble).where(bubble.c.chat_key == chat_key, newer).order_by(bubble.c.id.desc())
    rows = (await work.session.execute(found.limit(most))).all()
    return [_shown(row) for row in reversed(rows) if not _is_gone(row)]


async def forget(work: Work, chat_key: str, since: datetime | None = None) -> None:
    """Take off the page what was to be read once, and what the person said and was answered since then.

    The rows stay, as long as any other: where everybody has a bubble a missing one would point at somebody.
    """
    rows = [row for row in await _newest(work, chat_key, _LOOKED_AT) if not _is_gone(row)]
    going = [row for row in rows if row.body.get("once") or (since is not None and _said(row, since))]
    await _take_off(work, going)


async def take_off(work: Work, chat_keys: Collection[str], code: str) -> None:
    """Take off these chats' pages what the desk said of a case."""
    shown = select(bubble).where(bubble.c.chat_key.in_(list(chat_keys)), bubble.c.mine.is_(False))
    rows = await work.session.execute(shown.order_by(bubble.c.id.desc()).limit(_LOOKED_AT * len(chat_keys)))
    await _take_off(work, [row for row in rows if code in json.dumps(row.body)])


async def _take_off(work: Work, rows: Sequence[Row[Any]]) -> None:
    values = [
        bound.key(bubble, row.chat_key, row.message_key) | {"body": blanks.bubble(mine=row.mine)}
        for row in rows
    ]
    await bound.rewrite(work.session, bubble, values)


async def clear(work: Work, chat_key: str) -> None:
    """Take everything off a chat's page, an open one too: it is not shown to whoever has it now."""
    theirs = select(*(bubble.c[name] for name in ("chat_key", "message_key", "mine")))
    await _take_off(work, (await work.session.execute(theirs.where(bubble.c.chat_key == chat_key))).all())


def _said(row: Row[Any], since: datetime) -> bool:
    return bool(row.at >= since and (row.mine or row.message_key.startswith("reply:")))


async def newest(work: Work) -> int:
    """Return the highest id of all."""
    return int(await work.session.scalar(select(func.coalesce(func.max(bubble.c.id), 0))) or 0)


async def chats_after(work: Work, last: int) -> set[str]:
    """Return the chats that have a bubble after that id."""
    return set(await work.session.scalars(select(bubble.c.chat_key).where(bubble.c.id > last).distinct()))


async def whose(work: Work, chat_key: str) -> tuple[str, UUID | None]:
    """Return the language of a chat, and the official it is of."""
    columns = select(Chat.language, Chat.person_id).where(Chat.key == chat_key)
    row = (await work.session.execute(columns)).first()
    return (row[0], row[1]) if row is not None else ("vi", None)


async def language(work: Work, chat_key: str) -> str:
    """Return the language of a chat; Vietnamese for one that has said nothing yet."""
    return await work.session.scalar(select(Chat.language).where(Chat.key == chat_key)) or "vi"


async def _insert(work: Work, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection = await work.session.connection()
        await connection.execute(dialect.insert_new(connection, bubble), rows)


async def _places(work: Work, edits: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    if not edits:
        return {}
    chats, keys = {chat for chat, _ in edits}, {key for _, key in edits}
    place = func.coalesce(bubble.c.replaces, bubble.c.id).label("place")
    rows = await work.session.execute(
        select(bubble.c.chat_key, bubble.c.message_key, place).where(
            bubble.c.chat_key.in_(chats), bubble.c.message_key.in_(keys)
        )
    )
    return {(row.chat_key, row.message_key): row.place for row in rows}


def _as_shown(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a bubble repeats of a message: of a button and of an invite, only their labels."""
    shown = {name: _cut(value) for name, value in body.items() if name in _REPEATED}
    text = body.get("label") or body.get("text")
    return {"text": _cut(text), **shown} if text else shown


def _cut(value: Any) -> Any:  # noqa: ANN401 - what was posted
    """Show no more of what was refused for its length than could have been taken."""
    return f"{value[:MOST_LETTERS]}…" if isinstance(value, str) and len(value) > MOST_LETTERS else value


def _shown(row: Row[Any]) -> Shown:
    return Shown(row.id, row.replaces or row.id, row.message_key, row.mine, row.body, row.at)
