"""Handing out a stored file so that it can only ever be looked at: never run, never guessed at."""

from urllib.parse import quote

from aiohttp import web

from domain.messages import FileRef

_CSP = "default-src 'none'; sandbox"


def download(
    request: web.Request, file: FileRef, content: bytes, *, to_anybody: bool = False
) -> web.Response:
    """Answer with the file, or the part of it that is asked for (phones ask so for sound and video).

    What is handed `to_anybody` is saved, not shown as a page of ours, and nothing on the way keeps it.
    """
    kept = "attachment" if to_anybody or file.media == "pdf" else "inline"
    headers = {
        "Content-Type": file.mime,
        "Content-Disposition": f"{kept}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": _CSP,
        "Cache-Control": "no-store" if to_anybody else "private, max-age=86400, immutable",
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
