"""Handing out a stored file so that it can only ever be looked at: never run, never guessed at."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote

from aiohttp import web

from domain.messages import FileRef
from web.bodies import InHand
from web.limits import Turnstile

IN_HAND: Final = 48 * 1024 * 1024
SMALL: Final = 2 * 1024 * 1024
SMALL_IN_HAND: Final = 24 * 1024 * 1024
"""Bytes of files that are on their way out at once; photos, which are small, never wait for a film."""
AT_ONCE: Final = 64
EACH: Final = 6
"""Files on their way to one visitor: as many as a browser asks for by itself."""
_PATIENCE: Final = 20.0
_PIECE: Final = 128 * 1024
_SLOWEST: Final = 20_000
"""Seconds a file may take, and one more for each so many bytes of it."""

_CSP = "default-src 'none'; sandbox"


class Handing:
    """Hands files out: what nobody fetches is not kept in memory for them."""

    def __init__(self) -> None:
        self._room = InHand(IN_HAND)
        self._small = InHand(SMALL_IN_HAND)
        self._door = Turnstile(AT_ONCE, EACH)

    async def out(
        self, request: web.Request, who: str, size: int, answer: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        """Make the answer, of about so many bytes, and see it off. Raises 429 or 503, or what it raises."""
        with self._door.through(who):
            async with (self._small if size <= SMALL else self._room).hold(size):
                response = await answer()
                if request.method == "HEAD":
                    return response
                try:
                    async with asyncio.timeout(_PATIENCE + size / _SLOWEST):
                        return await _seen_off(request, response)
                except TimeoutError:
                    raise ConnectionAbortedError("nobody fetches it") from None


async def _seen_off(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Write an answer piece by piece: the next is only handed over when there is room on the line.

    Whatever ends it, the file is let go at once: an error that is kept somewhere would keep it too.
    """
    piecemeal = web.StreamResponse(status=response.status, headers=response.headers)
    if not isinstance(response.body, bytes):
        return response
    with memoryview(response.body) as body:
        response.body = None
        piecemeal.content_length = len(body)
        await piecemeal.prepare(request)
        for at in range(0, len(body), _PIECE):
            await piecemeal.write(bytes(body[at : at + _PIECE]))
        await piecemeal.write_eof()
    return piecemeal


def download(
    request: web.Request,
    file: FileRef,
    content: bytes,
    *,
    to_anybody: bool = False,
    asked_again: bool = False,
) -> web.Response:
    """Answer with the file, or the part of it that is asked for (phones ask so for sound and video).

    What is handed `to_anybody` is saved, not shown as a page of ours, and nothing on the way keeps it; nor
    does the browser of who is to be `asked_again` whether they may still see it.
    """
    kept = "attachment" if to_anybody or file.media == "pdf" else "inline"
    headers = {
        "Content-Type": file.mime,
        "Content-Disposition": f"{kept}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": _CSP,
        "Cache-Control": "no-store" if to_anybody or asked_again else "private, max-age=86400, immutable",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
    }
    part = _part(request, len(content))
    if part is None:
        return web.Response(body=content, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    return web.Response(status=206, body=content[part.start : part.stop], headers=headers)


def _part(request: web.Request, size: int) -> range | None:
    """Return the bytes asked for; None for all of them. Raises HTTPRequestRangeNotSatisfiable."""
    if "Range" not in request.headers:
        return None
    try:
        part = range(*request.http_range.indices(size))
    except ValueError:
        return None
    if not part:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return part
