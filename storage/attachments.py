"""The rows of stored files; the bytes lie in the file store."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Table

from domain.messages import FileRef, Media
from storage import lanes
from storage.tables import Attachment
from storage.work import Work

attachment: Table = Attachment.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the file store, and the SHA-256 of its bytes (hex)."""

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
            "at": work.now,
        }
        for file in kept
    ]
    if rows:
        connection = await work.session.connection()
        await connection.execute(lanes.insert(connection, attachment).on_conflict_do_nothing(), rows)


async def find(work: Work, file_id: UUID) -> FileRef | None:
    """Return the file with this id."""
    row = await work.session.get(Attachment, file_id)
    if row is None:
        return None
    return FileRef(str(row.id), cast("Media", row.media), row.mime, row.size, row.name)
