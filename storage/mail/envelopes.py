"""What was sent or shown in confidence and waits for its moment; without the key it leads to nobody.

Put there in the transaction that heard it, and taken out, once, in the one that deals with it: nothing is
lost in between, and nothing that stands in clear (numbers, times, keys) ties the two together.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, delete, insert, select, text

from storage.ground import bound, dialect
from storage.ground.tables import Envelope
from storage.ground.work import Work

KIND = "envelope"
"""The kind of timer whose subject is an envelope."""
_STEP = 4096
"""Bytes by which envelopes are filled up: one looks like another."""

envelope: Table = Envelope.__table__  # type: ignore[assignment]


async def put(work: Work, body: Mapping[str, Any], at: datetime, envelope_id: str = "") -> None:
    """Put something there until its moment."""
    envelope_id = envelope_id or uuid4().hex
    await work.session.execute(insert(envelope), {"id": envelope_id, "body": _filled(body)})
    work.wind(KIND, envelope_id, at)


async def take(work: Work, ids: Collection[str]) -> list[dict[str, Any]]:
    """Take these out, for good once the work is committed."""
    rows = await work.session.execute(select(envelope).where(envelope.c.id.in_(ids)).with_for_update())
    bodies = [row.body for row in rows]
    await work.session.execute(delete(envelope).where(envelope.c.id.in_(ids)))
    for envelope_id in ids:
        work.wind(KIND, envelope_id, None)
    return bodies


async def mix(work: Work) -> None:
    """Write all that waits anew in one transaction, once something has come.

    On PostgreSQL the number of the transaction that wrote a row stands beside it for everybody to read: as
    long as it is that of the message, it leads to its chat.
    """
    connection = await work.session.connection()
    if connection.dialect.name != "postgresql" or not await work.session.scalar(_UNMIXED):
        return
    for statement in _MIXED:
        await work.session.execute(statement)


_WRITTEN_BY = "coalesce((select convert_from(value, 'UTF8') from stamp where name = 'mixed'), '')"
_UNMIXED = text(f"select exists (select 1 from envelope where xmin::text <> {_WRITTEN_BY})")  # noqa: S608 - our own
_MIXED = (
    text("update envelope set body = body"),
    text("update timer set attempts = attempts where kind = 'envelope'"),
    text(
        "insert into stamp (name, value)"
        " values ('mixed', convert_to((txid_current() % 4294967296)::text, 'UTF8'))"
        " on conflict (name) do update set value = excluded.value"
    ),
)


async def read(work: Work, envelope_id: str) -> dict[str, Any] | None:
    """Return what is in one, which nobody takes out until the work is committed."""
    one = select(envelope.c.body).where(envelope.c.id == envelope_id).with_for_update()
    body: dict[str, Any] | None = await work.session.scalar(one)
    return body


async def change(work: Work, envelope_id: str, body: Mapping[str, Any]) -> None:
    """Let something else be in one that was read."""
    changed = bound.key(envelope, envelope_id) | {"body": _filled(body)}
    await bound.rewrite(work.session, envelope, [changed])


def _filled(body: Mapping[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in body.items() if name != "fill"} | {"fill": ""}
    size = len(json.dumps(bare, ensure_ascii=False).encode())
    return bare | {"fill": "." * (-size % _STEP)}


# --- where a secret is shown ----------------------------------------------------------------------


async def keep_place(work: Work, chat_key: str, external_id: str) -> None:
    """Keep as which message of the channel's a chat was shown a secret."""
    row = {"id": _place(work, chat_key), "body": _filled({"external_id": external_id})}
    connection = await work.session.connection()
    new = dialect.insert(connection, envelope)
    keep = new.on_conflict_do_update(index_elements=["id"], set_={"body": new.excluded.body})
    await connection.execute(keep, [row])


async def place(work: Work, chat_key: str) -> str | None:
    """Return as which message a chat was shown a secret, while it may be taken back."""
    body = await work.session.scalar(select(envelope.c.body).where(envelope.c.id == _place(work, chat_key)))
    return body["external_id"] if body else None


async def forget_places(work: Work, chat_keys: Collection[str]) -> None:
    """Keep it no longer."""
    ids = [_place(work, chat_key) for chat_key in chat_keys]
    await work.session.execute(delete(envelope).where(envelope.c.id.in_(ids)))


def _place(work: Work, chat_key: str) -> str:
    return work.keyring.blind("place of a secret", chat_key)
