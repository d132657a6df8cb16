"""Reading a posted form as it comes: known fields alone, and one file in memory at a time."""

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.http import HttpProcessingError

from web.bodies import Body, InHand
from web.server import Refused

MOST_FILES = 10
MOST_PARTS = 20
MOST_FIELD = 64 * 1024
MOST_FIELDS = 128 * 1024
"""Bytes of a form without files; JSON may spell a letter with six."""
_SLACK = 1024 * 1024
_CHUNK = 64 * 1024
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


class TooLong(Refused):
    """A field that no page of ours would let anybody write."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True)
class Form:
    """What may be posted: fields of these names, and files of at most `most` bytes under one name."""

    fields: Collection[str]
    files: str
    most: int
    in_hand: InHand

    async def read(self, request: web.Request, take: Take) -> Fields:
        """Read a form of any encoding, or a JSON object of strings; returns its fields.

        `take` is handed the fields so far and each file, in order. Raises Refused, or 408, 413 or 503.
        """
        most = self.most * MOST_FILES + _SLACK
        if (request.content_length or 0) > most:
            raise Refused("unsupported.upload.too_big")
        try:
            if request.content_type == "multipart/form-data":
                body = cast("StreamReader", Body(request.content, most))  # it has what aiohttp asks of one
                return await self._parts(MultipartReader(request.headers, body), take)
            return await read_fields(request, self.fields)
        except _BROKEN as error:
            raise Refused("error.400") from error

    async def _parts(self, reader: MultipartReader, take: Take) -> Fields:
        fields: Fields = {}
        files = parts = 0
        while (part := await reader.next()) is not None:
            parts += 1
            if not isinstance(part, BodyPartReader) or parts > MOST_PARTS:
                raise Refused("error.400")
            name = part.name or ""
            if part.filename is None and name in self.fields:
                fields[name] = await _field(part)
                continue
            if part.filename is None or name != self.files:
                raise Refused("error.400")
            files += await self._file(part, fields, take)
            if files > MOST_FILES:
                raise Refused("unsupported.upload.too_many")
        return fields

    async def _file(self, part: BodyPartReader, fields: Fields, take: Take) -> int:
        """Read one file and hand it on. Returns how many it was: a field that was left empty is none."""
        content, held = bytearray(), 0
        try:
            while chunk := await part.read_chunk(_CHUNK):
                if len(content) + len(chunk) > self.most:
                    content.clear()
                    self.in_hand.let_go(held)
                    held = 0
                    await part.release()
                    await take(fields, Upload(part.filename or "", b"", too_big=True))
                    return 1
                self.in_hand.take(len(chunk))
                held += len(chunk)
                content += chunk
            if not content and not part.filename:
                return 0
            whole = bytes(content)
            content.clear()
            await take(fields, Upload(part.filename or "", whole, too_big=False))
        finally:
            self.in_hand.let_go(held)
        return 1


async def read_fields(request: web.Request, names: Collection[str]) -> Fields:
    """Read a form without files, or a JSON object; returns its strings of these names.

    Raises Refused, or 408 or 413.
    """
    raw = await Body(request.content, MOST_FIELDS).whole()
    try:
        posted = _pairs(request, raw)
    except _BROKEN as error:
        raise Refused("error.400") from error
    found = {name: posted[name] for name in names if isinstance(posted.get(name), str)}
    if any(len(value) > MOST_FIELD for value in found.values()):
        raise TooLong("webchat.too_long")
    return found


async def _field(part: BodyPartReader) -> str:
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        content += chunk
        if len(content) > MOST_FIELD:
            raise TooLong("webchat.too_long")
    return content.decode()


def _pairs(request: web.Request, raw: bytes) -> dict[str, Any]:
    """Read a body that came at once; what is neither JSON nor a form says nothing."""
    text = raw.decode(request.charset or "utf-8")
    if request.content_type == "application/json":
        found = json.loads(text)
        return found if isinstance(found, dict) else {}
    if request.content_type not in {"", "application/x-www-form-urlencoded", "application/octet-stream"}:
        return {}
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARTS))
