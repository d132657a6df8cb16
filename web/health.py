"""Whether the desk is well, for whoever watches over it."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[dict[str, object]]]


def health_routes(check: Check) -> list[web.RouteDef]:
    """Return `/healthz`: 200 and what `check` found, or 503 when it says `ok` is false or raises."""

    async def healthz(_request: web.Request) -> web.Response:
        try:
            found = await check()
        except Exception as error:
            log.exception("health_check_failed", exc_info=error)
            found = {"ok": False}
        found = {"ok": True, **found}
        status = HTTPStatus.OK if found["ok"] else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(found, status=status)

    return [web.get("/healthz", healthz)]
