"""The rows of stored files; the bytes lie in the file store."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, literal, select, update

from domain.messages import FileRef, Media
from domain.room import Held
from storage.cases.cases import Case
from storage.ground import dialect
from storage.ground.tables import Attachment, Chat
from storage.ground.work import Work

attachment: Table = Attachment.__table__  # type: ignore[assignment]

BOX = "envelope"
"""What the key begins with under which files wait that were sent sealed: they are nobody's, and wanted."""
_AT_ONCE = 500
"""Ids asked for in one statement."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the file store, and its bytes' digest under the key (`storage.cases.chain`)."""

    ref: FileRef
    sha256: str


async def add(work: Work, chat_key: str, kept: list[Kept]) -> None:
    """Record whose files these are; a file that is recorded already is left alone."""
    rows = [
        {
            "id": UUID(file.ref.id),
            "chat_key": chat_key,
            "media": file.ref.media,
            "mime": file.ref.mime,
            "size": file.ref.size,
            "name": file.ref.name,
            "sha256": file.sha256,
            "traced": file.ref.traced,
            "at": work.now,
        }
        for file in kept
    ]
    if rows:
        connection = await work.session.connection()
        await connection.execute(dialect.insert_new(connection, attachment), rows)


async def hand_over(work: Work, file_ids: Iterable[str], of: str, to: str) -> None:
    """Give files of one chat that belong to no case yet to another chat, by their keys."""
    ids = [UUID(file_id) for file_id in file_ids]
    if ids:
        statement = update(Attachment).where(Attachment.id.in_(ids), Attachment.chat_key == of)
        await work.session.execute(statement.where(Attachment.case_id.is_(None)).values(chat_key=to))


async def rename(work: Work, chat_key: str, names: Mapping[str, str]) -> None:
    """Give files of this chat that no case has yet other names, by their ids."""
    theirs = Attachment.chat_key == chat_key, Attachment.case_id.is_(None)
    wanted = Attachment.id.in_([UUID(file_id) for file_id in names])
    for row in await work.session.scalars(select(Attachment).where(wanted, *theirs)):
        row.name = names[str(row.id)]


def let_go(work: Work, chat_key: str, file_ids: Collection[str]) -> None:
    """Delete files this chat has sent that no case has by the end of this work (see `flush`)."""
    if file_ids:
        work.files_let_go.setdefault(chat_key, set()).update(file_ids)


async def flush(work: Work) -> None:
    """Delete the rows of what was let go, of all chats together; their bytes go once that is committed."""
    if not work.files_let_go:
        return
    ids = [UUID(file_id) for of_chat in work.files_let_go.values() for file_id in of_chat]
    theirs = attachment.c.chat_key.in_(work.files_let_go), attachment.c.case_id.is_(None)
    statement = delete(attachment).where(attachment.c.id.in_(ids), *theirs).returning(attachment.c.id)
    gone = await (await work.session.connection()).execute(statement)
    work.files_gone.update(str(row.id) for row in gone)


async def sent(work: Work, chat_key: str, since: datetime) -> Held:
    """Return how much a chat has sent since then."""
    return await _held(work, attachment.c.chat_key == chat_key, attachment.c.at > since)


async def waiting(work: Work) -> Held:
    """Return how much lies with no case, of all chats together."""
    return await _held(work, attachment.c.case_id.is_(None))


async def waiting_of_new(work: Work) -> Held:
    """Return how much of that is of chats without a case that somebody has taken; what is nobody's is too."""
    return await _held(work, attachment.c.case_id.is_(None), ~_is_known(attachment.c.chat_key))


async def is_known(work: Work, chat_key: str) -> bool:
    """Say whether somebody has taken a case of this chat's person, or it is an official's."""
    return bool(await work.session.scalar(select(_is_known(literal(chat_key)))))


def _is_known(chat_key: ColumnElement[str]) -> ColumnElement[bool]:
    own = func.coalesce(Chat.home, Chat.key)
    taken = select(Case.id).where(Case.chat_key == own, Case.officer_id.is_not(None))
    return select(Chat.key).where(Chat.key == chat_key, Chat.person_id.is_not(None) | taken.exists()).exists()


async def _held(work: Work, *which: ColumnElement[bool]) -> Held:
    counted = select(func.count(), func.coalesce(func.sum(attachment.c.size), 0)).where(*which)
    files, size = (await work.session.execute(counted)).one()
    return Held(int(files), int(size))


@dataclass(frozen=True, slots=True)
class Waiting:
    """The row of a file that no case has."""

    at: datetime
    id: UUID
    chat_key: str


async def waiting_since(work: Work, before: datetime, after: Waiting | None, most: int) -> list[Waiting]:
    """Return what came before this moment and no case has, the oldest first, from behind `after` on.

    What waits in envelopes to be opened is not among it.
    """
    row = attachment.c
    statement = select(row.at, row.id, row.chat_key).where(row.case_id.is_(None), row.at < before)
    statement = statement.where(row.chat_key.not_like(f"{BOX}%"))
    if after is not None:
        statement = statement.where((row.at > after.at) | ((row.at == after.at) & (row.id > after.id)))
    found = await work.session.execute(statement.order_by(row.at, row.id).limit(most))
    return [Waiting(one.at, one.id, one.chat_key) for one in found]


async def known(work: Work, file_ids: Collection[str]) -> set[str]:
    """Return those of these ids that a row has."""
    found: set[str] = set()
    ids = list(file_ids)
    for first in range(0, len(ids), _AT_ONCE):
        wanted = attachment.c.id.in_([UUID(file_id) for file_id in ids[first : first + _AT_ONCE]])
        found.update(str(one) for one in await work.session.scalars(select(attachment.c.id).where(wanted)))
    return found


async def find(work: Work, file_id: UUID) -> FileRef | None:
    """Return the file with this id."""
    row = await work.session.get(Attachment, file_id)
    return None if row is None else _ref(row)


async def owner(work: Work, file_id: UUID) -> tuple[str, str | None] | None:
    """Return the key of the chat that sent a file, and the code of the case it lies with, if it does."""
    statement = select(Attachment.chat_key, Case.code).outerjoin(Case, Case.id == Attachment.case_id)
    row = (await work.session.execute(statement.where(Attachment.id == file_id))).first()
    return (row[0], row[1]) if row is not None else None


async def of_case(work: Work, case: Case, only: Collection[str] | None = None) -> tuple[FileRef, ...]:
    """Return the case's files, oldest first; with `only`, those of these ids."""
    if not case.files or only == []:
        return ()
    await work.session.flush()
    statement = select(Attachment).where(Attachment.case_id == case.id).order_by(Attachment.at, Attachment.id)
    if only is not None:
        statement = statement.where(Attachment.id.in_([UUID(file_id) for file_id in only]))
    return tuple(_ref(row) for row in await work.session.scalars(statement))


async def sent_by(work: Work, chat_key: str, file_ids: Collection[str]) -> tuple[FileRef, ...]:
    """Return the files of these ids that this chat has sent, whatever they belong to, oldest first."""
    if not file_ids:
        return ()
    await work.session.flush()
    wanted = Attachment.id.in_([UUID(file_id) for file_id in file_ids])
    statement = select(Attachment).where(wanted, Attachment.chat_key == chat_key)
    rows = await work.session.scalars(statement.order_by(Attachment.at, Attachment.id))
    return tuple(_ref(row) for row in rows)


async def untraced(work: Work, file_ids: Collection[str]) -> list[str]:
    """Return those of these files in which nothing tells who made them."""
    if not file_ids:
        return []
    await work.session.flush()
    wanted = Attachment.id.in_([UUID(file_id) for file_id in file_ids])
    clean = set(await work.session.scalars(select(Attachment.id).where(wanted, Attachment.traced.is_(False))))
    return [file_id for file_id in file_ids if UUID(file_id) in clean]


async def of_any_case(work: Work, file_ids: Collection[str]) -> tuple[FileRef, ...]:
    """Return the files of these ids, whichever case they lie with, oldest first."""
    if not file_ids:
        return ()
    wanted = Attachment.id.in_([UUID(file_id) for file_id in file_ids])
    statement = select(Attachment).where(wanted, Attachment.case_id.is_not(None))
    rows = await work.session.scalars(statement.order_by(Attachment.at, Attachment.id))
    return tuple(_ref(row) for row in rows)


def _ref(row: Attachment) -> FileRef:
    return FileRef(str(row.id), cast("Media", row.media), row.mime, row.size, row.name, row.traced)
