"""Files from people: told by their bytes, never by their name, and cleaned before they are kept.

Photos are drawn anew, so nothing of the original file survives but what can be seen: no place, no camera,
no hidden program. From other kinds what tells of their maker is taken out (`services.intake.traces`), and
they are only ever handed out under their sniffed type.
"""

import asyncio
import errno
import hashlib
import io
import re
import struct
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, cast
from uuid import UUID

import filetype
from PIL import Image

from domain.messages import FileRef, Media
from services.intake import traces
from storage.cases.attachments import Kept
from storage.cases.chain import file_digest
from storage.ground.crypto import Keyring
from storage.ground.files import FileStore

MAX_SIDE: Final = 2048
MAX_PIXELS: Final = 20_000_000
"""What is unpacked at most, some 80 MB. A large JPEG is made smaller while it is read, up to LARGEST."""
LARGEST: Final = 200_000_000
"""As much as the best phone cameras write; what says it is more was made to exhaust us."""
MAX_WEBP: Final = 8_300_000
"""The same for a format whose reader holds a picture four times."""
JPEG_QUALITY: Final = 85
Image.MAX_IMAGE_PIXELS = LARGEST

_PICTURES: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
_OTHERS: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="files")
_BROKEN: Final = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, MemoryError, struct.error)
"""What Pillow's decoders raise for broken files."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PHOTOS: Final = ("JPEG", "PNG", "WEBP")
_PDF_START: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024
"""Bytes that mail and printers put before a paper."""
_UNREAD_PHOTOS: Final = frozenset({"image/heic", "image/heif", "image/avif"})
_BAND: Final = 64
"""Rows of the smaller picture that are drawn at once."""
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
_JPEG_START: Final = b"\xff\xd8\xff"
_JPEG_END: Final = b"\xff\xd9"
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a photo that lies is set upright, by what its camera noted."""
_ENDINGS: Final = frozenset(
    {*_EXTENSIONS.values(), "jpeg", "png", "webp", "heic", "oga", "opus", "3gp", "mpeg", "jfif"}
)
_SNIFFED: Final = {"audio/x-wav": "audio/wav"}
_EBML_VIDEO: Final = re.compile(rb"V_(?:VP8|VP9|AV1|MPEG)")
_EBML_AUDIO: Final = re.compile(rb"A_(?:OPUS|VORBIS)")
_MP4_TRACK: Final = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)


_LETTERS: Final = 60
"""Letters of a file's name that are kept; with three bytes for each it fits on any disk, its ending too."""
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What Unicode's table calls letters and marks, and shows nothing."""
_MARK: Final = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_PILED: Final = re.compile(rf"((?:{_MARK}){{3}}){_MARK}+")
"""Marks piled on one letter: no language has more than a few, and a pile covers the lines around it."""


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


async def cleaned(content: bytes, name: str, most: int) -> Clean:
    """Do the same beside the event loop: one picture at a time in this process, and one of the others."""
    hand = _PICTURES if is_picture(content) else _OTHERS
    return await asyncio.get_running_loop().run_in_executor(hand, clean, content, name, most)


def is_picture(content: bytes) -> bool:
    """Say whether the bytes begin like a picture's."""
    kind = filetype.guess(content)
    return kind is not None and kind.mime.startswith("image/")


def sniff(content: bytes) -> str:
    """Return the media type the bytes speak of. Raises Refused when it is none of ours."""
    kind = filetype.guess(content)
    mime = _SNIFFED.get(kind.mime, kind.mime) if kind else ""
    if not mime and _PDF_START in content[:_PDF_WITHIN]:
        return "application/pdf"
    if mime == "video/webm" and not _EBML_VIDEO.search(content) and _EBML_AUDIO.search(content):
        return "audio/webm"
    if mime == "video/mp4" and set(_MP4_TRACK.findall(content)) == {b"soun"}:
        return "audio/mp4"
    if mime in _UNREAD_PHOTOS:
        raise Refused("upload.heic")
    if mime not in _EXTENSIONS and mime not in {"image/png", "image/webp"}:
        raise Refused("upload.type")
    return mime


def redraw(content: bytes) -> bytes:
    """Draw a photo anew as JPEG, upright and at most MAX_SIDE wide or high. Raises Refused."""
    try:
        try:
            return _jpeg(_drawn(content))
        except OSError:
            if not content.startswith(_JPEG_START):
                raise
            drawn = _drawn(content + _JPEG_END)  # its last bytes were lost on the way
            if _is_blank(drawn):
                raise
            return _jpeg(drawn)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("upload.pixels") from error
    except _BROKEN as error:
        raise Refused("upload.broken") from error


async def keep(files: FileStore, keyring: Keyring, chat_key: str, message: str, file: Clean) -> Kept:
    """Put a file into the store. The same file of the same message gets the same id: reposts add nothing.

    Raises Refused where the disk is full.
    """
    digest = await asyncio.to_thread(lambda: hashlib.sha256(file.content).hexdigest())
    file_id = str(UUID(keyring.blind("file", chat_key, message, digest)))
    try:
        await files.put(file_id, file.content)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise Refused("upload.no_room") from error
    told = FileRef(file_id, file.media, file.mime, len(file.content), file.name, file.traced)
    return Kept(told, file_digest(keyring, digest))


def _drawn(content: bytes) -> Image.Image:
    """Return what a photo shows, upright and no larger than it is kept; it inherits nothing else."""
    with Image.open(io.BytesIO(content), formats=_PHOTOS) as image:
        most = MAX_WEBP if image.format == "WEBP" else MAX_PIXELS
        if image.format == "JPEG" and _reads_in_bands(content):
            most = LARGEST
        if image.width * image.height > most:
            raise Refused("upload.pixels")
        longest = max(image.size) / MAX_SIDE
        if longest > 1:  # a large JPEG is read at a fraction of its size
            image.draft("RGB", (int(image.width / longest), int(image.height / longest)))
        if image.width * image.height > MAX_PIXELS:
            raise Refused("upload.pixels")
        image.load()
        small = _on_paper(image)
        turned = image.getexif().get(_ORIENTATION)
    small.thumbnail((MAX_SIDE, MAX_SIDE))
    return small.transpose(_UPRIGHT[turned]) if turned in _UPRIGHT else small


def _on_paper(image: Image.Image) -> Image.Image:
    """Draw it on white paper, a band at a time: there is never a second picture of its size."""
    by = max(1, max(image.size) // MAX_SIDE)
    small = Image.new("RGB", (-(-image.width // by), -(-image.height // by)), "white")
    for top in range(0, image.height, by * _BAND):
        band = image.crop((0, top, image.width, min(image.height, top + by * _BAND)))
        if band.mode.startswith("I"):  # 16 bits of grey
            band = band.convert("I").point(lambda value: value / 256).convert("L")
        if image.has_transparency_data:
            seen = band.convert("RGBA")
            band = Image.new("RGB", band.size, "white")
            band.paste(seen, mask=seen.getchannel("A"))
        small.paste(band.convert("RGB").reduce(by), (0, top // by))
    return small


def _reads_in_bands(content: bytes) -> bool:
    """Say whether a JPEG is written from top to bottom: any other is unpacked whole before it is drawn."""
    at, parts = 2, 0
    while at + 10 <= len(content) and content[at] == 0xFF:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker in {0xC0, 0xC1}:
            parts = content[at + 9]
        elif marker == 0xDA:
            return bool(parts) and content[at + 4] == parts
        at += 2 + size
    return False


def _is_blank(drawn: Image.Image) -> bool:
    """Say whether nothing is at the bottom of a picture: much of it was lost."""
    bottom = drawn.crop((0, drawn.height * 15 // 16, drawn.width, drawn.height))
    return all(low == high for low, high in cast("tuple[tuple[int, int], ...]", bottom.getextrema()))


def _jpeg(drawn: Image.Image) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _media(mime: str) -> Media:
    if mime == "application/pdf":
        return "pdf"
    if mime.startswith("image/"):
        return "photo"
    return "audio" if mime.startswith("audio/") else "video"


def shown_name(name: str, most: int) -> str:
    """Return a name as it may be shown, of at most so many letters and three times as many bytes.

    Written alike whichever machine wrote it; without signs that lead somewhere, turn the line, or are unseen.
    """
    written = unicodedata.normalize("NFC", _UNSEEN.sub("", name.replace("\\", "/")))
    shown = "".join(letter if _harmless(letter) else " " for letter in written)
    words = " ".join(_PILED.sub(r"\1", shown).split())[:most]
    return words.encode()[: 3 * most].decode(errors="ignore").strip(" .-")


def _tidy(name: str, mime: str) -> str:
    """Keep the words of a file's name; its ending says what the file truly is."""
    written = PurePath(unicodedata.normalize("NFC", name.replace("\\", "/")))
    stem = written.stem if written.suffix[1:].lower() in _ENDINGS else written.name
    return f"{shown_name(stem, _LETTERS) or 'tep'}.{_EXTENSIONS[mime]}"


def _harmless(letter: str) -> bool:
    return letter.isalnum() or letter in "_().-" or unicodedata.category(letter).startswith("M")
