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
from storage.store.engine import Replaced
from storage.store.proof import why
from web import chat_page
from web.limits import FORWARDED, Limits, Turnstile

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent
STATIC = HERE / "static"
CLOSING = web.AppKey("closing", asyncio.Event)
"""Set when the server shuts down: long answers (event streams) end at once."""

NO_PROXY = Limits()
LIMITS = web.AppKey("limits", Limits)
ADDRESS = web.RequestKey("address", str)
"""Where a request keeps who asks, as they are counted."""
_WITHIN = web.AppKey("within", Turnstile)
"""Requests being answered, by who asks."""
_TOLD = web.AppKey("told", list[str])
"""What was said in the log already, once and for all."""
_NOT_TRUSTED = (
    "requests come through a proxy that TRUSTED_PROXIES does not name, and all its visitors count as one; "
    "see docs/proxy.md"
)
_BEGUN = web.RequestKey("begun", bool)
_EVERYBODY = "/healthz"
"""Asked by programs that watch over the desk, under whatever name they know."""

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


_KEPT = frozenset({"Allow", "Retry-After"})
"""What a refusal says to programs."""


class Refused(web.HTTPBadRequest):
    """A request that cannot be done; `key` names the words that tell the person why."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


class Crowded(Refused):
    """So many have begun from one address that one more is asked to wait."""

    status_code = HTTPStatus.TOO_MANY_REQUESTS


class Unknown(Refused):
    """A page that there is not, for a reason its words tell."""

    status_code = HTTPStatus.NOT_FOUND


def create_app(limits: Limits = NO_PROXY) -> web.Application:
    """Make the application; channels and pages add their routes to it."""
    app = web.Application(middlewares=[_explain, _ours, _same_site])
    app[LIMITS] = limits
    app[_TOLD] = []
    app[_WITHIN] = Turnstile(limits.connections, limits.per_address)
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
    request[_BEGUN] = True
    response.headers.pop("Server", None)  # nobody need know which versions run here
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/static/"):
        kept = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
        response.headers.setdefault("Cache-Control", kept)
    else:
        response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def _ours(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what was asked under a name that is not ours, and whoever asks for too much at once."""
    limits = request.config_dict[LIMITS]
    if not limits.serves(request.host) and request.path != _EVERYBODY:
        log.warning("host_not_ours", note="its name is to be in ALLOWED_HOSTS, or in PUBLIC_URL")
        raise web.HTTPMisdirectedRequest
    peer, forwarded = request.remote or "", ",".join(request.headers.getall(FORWARDED, ()))
    request[ADDRESS] = limits.visitor(peer, forwarded)
    if not limits.is_proxy(peer):  # its connections were counted
        if forwarded and not request.config_dict[_TOLD]:
            request.config_dict[_TOLD].append("proxy")
            log.warning("proxy_not_trusted", note=_NOT_TRUSTED)
        return await handler(request)
    with request.config_dict[_WITHIN].through(request[ADDRESS]):
        return await handler(request)


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
        if _BEGUN in request:  # half an answer is out: another cannot be put behind it
            log.warning("answer_cut_off", path=_route(request), reason=why(error), seldom=True)
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionAbortedError from None
        if isinstance(error, Replaced):  # said once, and loudly, by who keeps the desk's loops
            return _refusal(request, HTTPStatus.SERVICE_UNAVAILABLE, "error.500", None)
        log.exception("request_failed", path=_route(request), reason=why(error), exc_info=error)
        return _refusal(request, HTTPStatus.INTERNAL_SERVER_ERROR, "", None)


def _route(request: web.Request) -> str:
    """Return which page it was, without what stands in its address."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none of ours"


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
    said = error.headers if error is not None else {}
    response.headers.update({name: said[name] for name in _KEPT if name in said})
    if not request.content.is_eof():  # the rest of what it sends is not waited for
        response.force_close()
    return response
