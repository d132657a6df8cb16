"""What a platform brings, as it came: read with a limit, and kept even where it makes no sense."""

import hmac
import json
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientResponse, web

from bot.channels.channel import TooBig
from web.bodies import Body

log = structlog.get_logger(__name__)

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 100


def webhook(
    path: str, header: str, secret: str, take: Callable[[object], Awaitable[None]]
) -> web.AbstractRouteDef:
    """Return the route of a platform that names a secret with each call; 200 follows what `take` has done."""

    async def called(request: web.Request) -> web.Response:
        given = request.headers.get(header, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, secret.encode()):
            log.warning("webhook_refused", path=path)
            raise web.HTTPForbidden
        await take(parse(await read_body(request)))
        return web.Response()

    return web.post(path, called)


async def read_body(request: web.Request) -> bytes:
    """Return a request's bytes; 413 for more than any platform sends, 408 for what does not come."""
    return await Body(request.content, MOST_BYTES).whole()


def parse(raw: bytes) -> object:
    """Return what the JSON says, or its text where it is none; half a sign, which is no text, is a “?”."""
    try:
        body: object = json.loads(raw)
        if b"\\u" in raw or b"\xed" in raw:  # only so can half of a surrogate pair be written
            body = json.loads(json.dumps(body, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return raw.decode(errors="backslashreplace")
    return body if _flat(body, MOST_DEPTH) else raw.decode(errors="backslashreplace")


def storable(body: object) -> object:
    """Return what was polled, or its text where a database could not keep it."""
    try:
        return parse(json.dumps(body).encode())
    except RecursionError:
        return "nested too deep to be kept"


async def read_content(response: ClientResponse, most: int) -> bytes:
    """Return the bytes of an answer. Raises TooBig for more than `most`."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > most:
            raise TooBig
    return bytes(content)


def _flat(value: object, depth: int) -> bool:
    """Say whether a value is nested so deep at most: whatever writes it later has less of the stack left."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_flat(one, depth - 1) for one in inner)
