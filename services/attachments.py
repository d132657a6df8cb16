"""Files from people: told by their bytes, never by their name, and cleaned before they are kept.

Photos are drawn anew, so nothing of the original file survives but what can be seen: no place, no camera,
no hidden program. From other kinds what tells of their maker is taken out (`services.traces`), and they are
only ever handed out under their sniffed type.
"""

import hashlib
import io
import re
import struct
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from uuid import UUID

import filetype
from PIL import Image, ImageOps

from domain.messages import FileRef, Media
from services import traces
from storage.attachments import Kept
from storage.chain import file_digest
from storage.crypto import Keyring
from storage.files import FileStore

MAX_SIDE: Final = 2048
MAX_PIXELS: Final = 64_000_000
"""More than the best phone cameras write; what unpacks to more was made to exhaust us."""
JPEG_QUALITY: Final = 85
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_BROKEN: Final = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, MemoryError, struct.error)
"""What Pillow's decoders raise for broken files."""
_PHOTOS: Final = ("JPEG", "PNG", "WEBP")
_PDF_START: Final = b"%PDF-"
_EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "audio/amr": "amr",
    "audio/aac": "aac",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
}
_SNIFFED: Final = {"audio/x-wav": "audio/wav"}
_EBML_VIDEO: Final = re.compile(rb"V_(?:VP8|VP9|AV1|MPEG)")
_EBML_AUDIO: Final = re.compile(rb"A_(?:OPUS|VORBIS)")
_MP4_TRACK: Final = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)


class Refused(Exception):
    """A file the desk does not take; `key` names the words that tell the person why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that may be kept: what it is, its bytes, and a harmless name."""

    media: Media
    mime: str
    content: bytes
    name: str
    traced: bool = False
    """Whether something in it may still tell who made it, where or with what."""


def clean(content: bytes, name: str, most: int) -> Clean:
    """Tell what a file is and make it safe to keep; `most` is the size limit in bytes.

    Takes a moment of processor time for photos: call it outside the event loop. Raises Refused.
    """
    if len(content) > most:
        raise Refused("upload.too_big")
    if not content:
        raise Refused("upload.broken")
    mime = sniff(content)
    if mime.startswith("image/"):
        mime, content = "image/jpeg", redraw(content)
    kept, traced = traces.strip(content, mime)
    return Clean(_media(mime), mime, kept, _tidy(name, mime), traced)


def sniff(content: bytes) -> str:
    """Return the media type the bytes speak of. Raises Refused when it is none of ours."""
    if content.startswith(_PDF_START):
        return "application/pdf"
    kind = filetype.guess(content)
    mime = _SNIFFED.get(kind.mime, kind.mime) if kind else ""
    if mime == "video/webm" and not _EBML_VIDEO.search(content) and _EBML_AUDIO.search(content):
        return "audio/webm"
    if mime == "video/mp4" and set(_MP4_TRACK.findall(content)) == {b"soun"}:
        return "audio/mp4"
    if mime not in _EXTENSIONS and mime not in {"image/png", "image/webp"}:
        raise Refused("upload.type")
    return mime


def redraw(content: bytes) -> bytes:
    """Draw a photo anew as JPEG, upright and at most MAX_SIDE wide or high. Raises Refused."""
    try:
        with Image.open(io.BytesIO(content), formats=_PHOTOS) as image:
            return _jpeg(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("upload.too_big") from error
    except _BROKEN as error:
        raise Refused("upload.broken") from error


async def keep(files: FileStore, keyring: Keyring, chat_key: str, message: str, file: Clean) -> Kept:
    """Put a file into the store. The same file of the same message gets the same id: reposts add nothing."""
    digest = hashlib.sha256(file.content).hexdigest()
    file_id = str(UUID(keyring.blind("file", chat_key, message, digest)))
    await files.put(file_id, file.content)
    told = FileRef(file_id, file.media, file.mime, len(file.content), file.name, file.traced)
    return Kept(told, file_digest(keyring, digest))


def _jpeg(image: Image.Image) -> bytes:
    if image.width * image.height > MAX_PIXELS:
        raise Refused("upload.too_big")
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a large JPEG is read at a fraction of its size
    image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper
    drawn = Image.new("RGB", upright.size)  # a new picture: it inherits no metadata
    drawn.paste(upright.convert("RGB"))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _media(mime: str) -> Media:
    if mime == "application/pdf":
        return "pdf"
    if mime.startswith("image/"):
        return "photo"
    return "audio" if mime.startswith("audio/") else "video"


def _tidy(name: str, mime: str) -> str:
    """Keep the words of a file's name; its ending says what the file truly is."""
    stem = PurePath(name.replace("\\", "/")).stem
    words = re.sub(r"[^\w\s().-]", "", stem).strip()[:60]
    return f"{words or 'tep'}.{_EXTENSIONS[mime]}"
