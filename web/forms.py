"""Reading a posted form, file by file, so that no more than one file is in memory at a time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from web.server import Refused

MOST_FILES = 10
MOST_FIELD = 64 * 1024
_SLACK = 1024 * 1024
_BROKEN = (ValueError, RuntimeError, AssertionError, LookupError, TypeError, HttpProcessingError)
"""What aiohttp raises for a body that is not what its headers say."""

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Upload:
    """One posted file. A file that is too big comes with no content, `too_big` set."""

    name: str
    content: bytes
    too_big: bool


Take = Callable[[Fields, Upload], Awaitable[None]]


async def read_form(request: web.Request, most: int, take: Take) -> Fields:
    """Read a form of any encoding, or a JSON object of strings; returns its fields.

    `take` is handed the fields so far and each file of at most `most` bytes, in order. Raises Refused.
    """
    if (request.content_length or 0) > most * MOST_FILES + _SLACK:
        raise Refused("unsupported.upload.too_big")
    try:
        if request.content_type == "multipart/form-data":
            return await _read_multipart(request, most, take)
        posted: Any = await (request.json() if request.content_type == "application/json" else request.post())
        return {name: value for name, value in posted.items() if isinstance(value, str)}
    except (*_BROKEN, AttributeError) as error:
        raise Refused("error.400") from error


async def _read_multipart(request: web.Request, most: int, take: Take) -> Fields:
    fields: Fields = {}
    files = 0
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            raise Refused("error.400")
        if part.filename is None:
            content = await _read(part, MOST_FIELD)
            if content is None:
                raise Refused("webchat.too_long")
            fields[part.name or ""] = content.decode()
            continue
        content = await _read(part, most)
        if content == b"" and not part.filename:  # a file field that was left empty
            continue
        files += 1
        if files > MOST_FILES:
            raise Refused("unsupported.upload.too_many")
        await take(fields, Upload(part.filename, content or b"", content is None))
    return fields


async def _read(part: BodyPartReader, most: int) -> bytes | None:
    """Read a part; None, having read it to its end, when it is too long."""
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > most:
            await part.release()
            return None
    return bytes(content)
