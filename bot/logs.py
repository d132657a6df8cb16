"""Logging: structlog for ours, the same shape for the libraries'. Never a person's words, name or number.

Nor a token: whatever a line or a traceback holds, the secrets that are known are taken out as it is written.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Literal, TextIO
from urllib.parse import quote

import structlog

_CHATTY = (
    "httpx",
    "httpcore",
    "aiohttp.access",
    "aiosqlite",
    "apscheduler",
    "telegram",
    "alembic",
    "sqlalchemy",
)
"""Libraries whose everyday lines carry addresses, tokens or nothing of use; their warnings are kept."""

HIDDEN = "<secret>"
_SHORTEST = 4
"""What is shorter stands in half the words there are, and is no secret."""
_sources: list[Callable[[], Iterable[str]]] = []
configured_secrets: set[str] = set()
"""What the settings hold."""


@contextmanager
def hiding(secrets: Callable[[], Iterable[str]]) -> Iterator[None]:
    """Keep these out of the log meanwhile; asked anew for each line, as a platform issues new tokens."""
    _sources.append(secrets)
    try:
        yield
    finally:
        _sources.remove(secrets)


def redacted(text: str) -> str:
    """Return a text without the secrets, as they are or as an address or JSON spells them."""
    known = configured_secrets.union(*(source() for source in _sources))
    for secret in sorted((one for one in known if len(one) >= _SHORTEST), key=len, reverse=True):
        for spelled in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]}:
            text = text.replace(spelled, HIDDEN)
    return text


class _Handler(logging.StreamHandler[TextIO]):
    """Where every line passes, ours and the libraries', with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Let what ends the process pass here as well."""
    logging.getLogger(__name__).critical("crashed", exc_info=(kind, error, trace))


def _for_people() -> structlog.types.Processor:
    """Write lines for people: in colours where there is a terminal, never in a file."""
    plain = structlog.dev.plain_traceback  # the rich ones print local variables: what people wrote
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def configure(level: str, form: Literal["console", "json"], secrets: Iterable[str] = ()) -> None:
    """Send every log line to standard error, one line each and none with these secrets."""
    configured_secrets.clear()
    configured_secrets.update(secrets)
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [_for_people()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    sys.excepthook = _crashed
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
