"""Files on their way to Telegram: read from the store, and as what they are sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from telegram import InputFile, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.constants import FileSizeLimit

from domain.messages import FileRef
from storage.ground.crypto import CannotOpen
from storage.ground.files import FileStore

log = structlog.get_logger(__name__)

DOCUMENT = "document"
_KINDS = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "voice",
}
"""What Telegram shows or plays; anything else it takes as a document."""
_TOGETHER: dict[str, Any] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "audio": InputMediaAudio,
    DOCUMENT: InputMediaDocument,
}
_MIXED = {"photo", "video"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file's bytes, as what it is sent, and its name."""

    kind: str
    content: bytes
    name: str


async def load(files: FileStore, refs: Sequence[FileRef]) -> list[Upload]:
    """Read files. One that is missing or too large is left out: what goes with it must not wait for it."""
    found = []
    for ref in refs:
        if ref.size > FileSizeLimit.FILESIZE_UPLOAD:
            log.error("file_too_large_to_send", file=ref.id, size=ref.size)
            continue
        try:
            content = await files.get(ref.id)
        except (OSError, CannotOpen) as error:
            log.error("file_not_sent", file=ref.id, error=type(error).__name__)  # noqa: TRY400
            continue
        name = " ".join(ref.name.split()) or ref.media  # a line's end would end a header
        found.append(Upload(_kind(ref), content, name))
    return found


def as_documents(uploads: Sequence[Upload]) -> list[Upload]:
    """Return the files as what takes any bytes: as documents."""
    return [replace(one, kind=DOCUMENT) for one in uploads]


def _kind(ref: FileRef) -> str:
    too_large = ref.media == "photo" and ref.size > FileSizeLimit.PHOTOSIZE_UPLOAD
    return DOCUMENT if too_large else _KINDS.get(ref.mime, DOCUMENT)


def calls(uploads: Sequence[Upload]) -> tuple[str, dict[str, Any]]:
    """Return the method of the bot that sends these files at once, and its arguments."""
    if len(uploads) == 1:
        (one,) = uploads
        return f"send_{one.kind}", {one.kind: InputFile(one.content, filename=one.name)}
    kinds = {one.kind for one in uploads}
    # An album holds photos and videos, or one sort of anything else but voices; as documents all go together.
    alike = kinds <= _MIXED or (len(kinds) == 1 and kinds <= _TOGETHER.keys())
    media = [
        _TOGETHER[one.kind if alike else DOCUMENT](InputFile(one.content, filename=one.name, attach=True))
        for one in uploads
    ]
    return "send_media_group", {"media": media}
