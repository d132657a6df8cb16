"""The web application every page hangs in: templates, static files, headers, refusals in plain words."""

import asyncio
import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp_jinja2
import jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

import locales
from web import chat_page

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent
STATIC = HERE / "static"
CLOSING = web.AppKey("closing", asyncio.Event)
"""Set when the server shuts down: long answers (event streams) end at once."""

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would then send "Origin: null" with our own forms. Nothing leaves this site.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Refused(web.HTTPBadRequest):
    """A request that cannot be done; `key` names the words that tell the person why."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


def create_app() -> web.Application:
    """Make the application; channels and pages add their routes to it."""
    app = web.Application(middlewares=[_explain, _same_site])
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters["calls"] = chat_page.calls
    app[CLOSING] = asyncio.Event()
    app.on_shutdown.append(_close)
    app.on_response_prepare.append(_add_headers)
    app.router.add_static("/static", STATIC)
    app.router.add_get("/", _home)
    return app


@cache
def asset(name: str) -> str:
    """Return the address of a static file; it changes with its content, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"


def wants_json(request: web.BaseRequest) -> bool:
    """Say whether a script asks rather than a page."""
    return "application/json" in request.headers.get("Accept", "")


async def _home(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/chat")


async def _close(app: web.Application) -> None:
    app[CLOSING].set()


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/static/"):
        kept = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
        response.headers.setdefault("Cache-Control", kept)
    else:
        response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def _same_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page makes a browser send; platforms' servers send neither header."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not _is_same_site(request):
        raise web.HTTPForbidden
    return await handler(request)


def _is_same_site(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _refusal(request, error.status, getattr(error, "key", ""), error)
    except Exception as error:
        log.exception("request_failed", path=request.path, exc_info=error)
        return _refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR, "", None)


def _refusal(
    request: web.Request, status: int, key: str, error: web.HTTPException | None
) -> web.StreamResponse:
    say = locales.words("vi")
    if not key:
        key = f"error.{status}" if locales.has("vi", f"error.{status}") else "error.other"
    text = say(key)
    if wants_json(request):
        response: web.Response = web.json_response({"error": text}, status=status)
    else:
        page = {"say": say, "language": "vi", "text": text}
        response = aiohttp_jinja2.render_template("error.html", request, page, status=status)
    if error is not None and "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
