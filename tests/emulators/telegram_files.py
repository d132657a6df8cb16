"""Files at the emulator: what people and the bot sent, what a message says of them, and their links."""

import io
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from PIL import Image, UnidentifiedImageError
from telegram.constants import FileSizeLimit

from tests.emulators.telegram_contract import Json, Refused, Upload, bad

LARGEST_DOWNLOAD = 20 << 20
LINK_LIVES = 3600
"""Seconds for which a link is sure to work."""
ID_LENGTH = 80
"""About as long as the real ids are."""
MIMES = {
    "photo": "image/jpeg",
    "document": "application/pdf",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "sticker": "image/webp",
}
_ENDS = {
    "photo": "jpg",
    "voice": "oga",
    "audio": "mp3",
    "video": "mp4",
    "video_note": "mp4",
    "sticker": "webp",
}
_NAMED = {"document", "audio", "video"}


@dataclass(frozen=True)
class StoredFile:
    """A file Telegram holds; `size` in bytes is what it claims, `data` may be less where a test says so."""

    file_id: str
    kind: str
    name: str
    mime: str
    data: bytes
    size: int
    width: int = 640
    height: int = 480
    duration: int = 3

    @property
    def unique_id(self) -> str:
        """The id that never changes and cannot be sent."""
        return self.file_id.replace("_", "")

    def field(self) -> Json:
        """Write the file as a message does."""
        head: Json = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}
        sides: Json = {"width": self.width, "height": self.height}
        kinds: dict[str, Json] = {
            "photo": sides,
            "document": {},
            "voice": {"duration": self.duration},
            "audio": {"duration": self.duration},
            "video": sides | {"duration": self.duration},
            "video_note": {"length": self.width, "duration": self.duration},
            "sticker": sides | {"type": "regular", "is_animated": False, "is_video": False},
        }
        mime = {"mime_type": self.mime} if self.kind in _NAMED | {"voice"} else {}
        name = {"file_name": self.name} if self.kind in _NAMED and self.name else {}
        return head | kinds[self.kind] | mime | name


@dataclass
class Files:
    """Every file of a server, by its id; `links` are the paths handed out and when they end."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    links: dict[str, tuple[StoredFile, int]] = field(default_factory=dict)

    def keep(self, kind: str, upload: Upload, size: int | None = None, **more: int) -> StoredFile:
        """Store a file under a new id."""
        number = f"{kind}-{len(self.by_id) + 1}".ljust(ID_LENGTH, "_")
        length = len(upload.data) if size is None else size
        stored = StoredFile(number, kind, upload.name, upload.mime, upload.data, length, **more)
        self.by_id[number] = stored
        return stored

    def content(self, stored: StoredFile) -> Json:
        """Write a message's field for a file: a photo in all its sizes, smallest first."""
        if stored.kind != "photo":
            return {stored.kind: stored.field()}
        return {"photo": [*(small.field() for small in self._smaller(stored)), stored.field()]}

    def sent(self, kind: str, given: Any) -> StoredFile:  # noqa: ANN401 - an Upload, an id or an address
        """Take what the bot sends: a file of its own, or one it knows by its id."""
        if isinstance(given, Upload):
            return self.keep(kind, given, **_admitted(kind, given))
        if given.startswith("attach://"):
            raise bad("can't find the attached file")
        if given.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        if (known := self.by_id.get(given)) is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if known.kind != kind:
            raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
        return known

    def link(self, file_id: str, now: int) -> Json:
        """Answer getFile."""
        if (stored := self.by_id.get(file_id)) is None:
            raise bad("invalid file_id")
        if stored.size > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        end = _ENDS.get(stored.kind) or stored.name.rpartition(".")[2] or "bin"
        path = f"{stored.kind}s/{stored.unique_id}.{end}"
        self.links[path] = (stored, now + LINK_LIVES)
        head = {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
        return head | {"file_size": stored.size, "file_path": path}

    def linked(self, path: str, now: int) -> StoredFile:
        """Return the file behind a link."""
        stored, ends = self.links.get(path, (None, 0))
        if stored is None or now > ends:
            raise Refused(404, "Not Found")
        return stored

    def _smaller(self, stored: StoredFile) -> list[StoredFile]:
        """Return the thumbnails of a photo."""
        sizes = [(width, height) for width, height in ((90, 67), (320, 240)) if width < stored.width]
        for width, height in sizes:
            data, name = jpeg(width, height), f"{stored.file_id}-{width}"
            small = StoredFile(name, "photo", "", MIMES["photo"], data, len(data), width, height)
            self.by_id.setdefault(name, small)
        return [self.by_id[f"{stored.file_id}-{width}"] for width, _ in sizes]


def _admitted(kind: str, given: Upload) -> dict[str, int]:
    """Hold an upload against the limits; return the sides of a picture."""
    if not given.data:
        raise bad("file must be non-empty")
    if len(given.data) > FileSizeLimit.FILESIZE_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    if kind != "photo":
        return {}
    if len(given.data) > FileSizeLimit.PHOTOSIZE_UPLOAD:
        most = int(FileSizeLimit.PHOTOSIZE_UPLOAD)
        raise bad(
            f"file of size {len(given.data)} bytes is too big for a photo; the maximum size is {most} bytes"
        )
    sides = sides_of(given.data)
    if sides is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if sum(sides) > 10_000 or max(sides) > 20 * min(sides):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return {"width": sides[0], "height": sides[1]}


def sides_of(data: bytes) -> tuple[int, int] | None:
    """Return a picture's width and height; None for what is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError):
        return None


@cache
def jpeg(width: int = 640, height: int = 480, colour: int = 0x4070A0) -> bytes:
    """Draw a plain picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (colour >> 16, colour >> 8 & 255, colour & 255)).save(out, "JPEG")
    return out.getvalue()


def sample(kind: str) -> Upload:
    """Return a small file of a kind, such as a telephone makes."""
    data = {
        "photo": jpeg(),
        "document": b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
        "voice": b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead\1\1" + bytes(30),
        "audio": b"ID3\3\0\0\0\0\0\0" + b"\xff\xfb\x90\0" + bytes(64),
        "sticker": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(28),
    }
    mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(32)
    name = {"document": "don.pdf", "audio": "ghi-am.mp3", "video": "video.mp4"}.get(kind, "")
    return Upload(name, data.get(kind, mp4), MIMES[kind])
