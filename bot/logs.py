"""Logging: structlog for ours, the same shape for the libraries'. Never a person's words, name or number."""

import logging
import sys
from typing import Literal

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


def configure(level: str, form: Literal["console", "json"]) -> None:
    """Send every log line to standard error, one line each."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        # Plain tracebacks: the rich ones print local variables, and those hold what people wrote.
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
