"""Logging: structlog for ours, the same shape for the libraries'. Never a person's words, name or number.

Nor a token: whatever a line or a traceback holds, the secrets that are known are taken out as it is written.
"""

import asyncio
import json
import logging
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO
from urllib.parse import quote

import structlog

OURS = ("bot", "handlers", "scheduler", "services", "storage", "web", "__main__")
"""Whose lines say what this log may hold. Of what libraries say only their warnings are kept, without words:
they quote what they read, a photo's place, a visitor's address, a file's name."""

TELL_EVERY = 60.0
"""Seconds between two lines that would say the same."""
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


def _without_words(record: logging.LogRecord) -> bool:
    """Let a library's line pass without what it says: which library, its module and line, what was raised."""
    if isinstance(record.msg, dict) or record.name.partition(".")[0] in OURS:  # structlog is used by us alone
        return True
    if record.levelno < logging.WARNING:
        return False
    at = f"{record.module}:{record.lineno}"
    raised = record.exc_info[1] if record.exc_info else None
    error = f", {type(raised).__name__}" if raised is not None else ""
    record.msg, record.args = f"{record.name} complains at {at}{error}", None
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def _warned(  # noqa: PLR0913, PLR0917 - as Python calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - not needed
    line: str | None = None,  # noqa: ARG001 - as above
) -> None:
    """Note a warning of Python's: its kind and where, as its words may be a visitor's."""
    del message
    logging.getLogger(__name__).warning(
        "%s warned of at %s:%s", category.__name__, "/".join(Path(filename).parts[-2:]), lineno
    )


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Let what ends the process pass here as well."""
    logging.getLogger(__name__).critical("crashed", exc_info=(kind, error, trace))


class Seldom:
    """Lets what says the same again and again be said once a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._told_at: dict[str, float] = {}
        self._untold: Counter[str] = Counter()

    def due(self, what: str) -> int | None:
        """Return how often this was not said since it last was; None where it is not to be said now."""
        if self._now() - self._told_at.get(what, -inf) < TELL_EVERY:
            self._untold[what] += 1
            return None
        self._told_at[what] = self._now()
        return self._untold.pop(what, 0)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a line of ours pass that has a traceback, or says `seldom`, when it is due.

        While the database is away every loop and every request fails, for one reason.
        """
        said = record.msg
        if not isinstance(said, dict) or not (said.pop("seldom", False) or said.get("exc_info")):
            return True
        if (untold := self.due(f"{said.get('event')} {said.get('reason')}")) is None:
            return False
        if untold:
            said["untold"] = untold
        return True


class LoopErrors:
    """What the loop itself complains of: where, and when it is the same again and again, once a minute."""

    def __init__(self) -> None:
        self._seldom = Seldom()

    def __call__(self, _loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """Write it down, without what it holds."""
        what = str(context.get("message", "")).partition("\n")[0].partition(":")[0]
        error = context.get("exception")
        if (untold := self._seldom.due(f"{what} {type(error).__name__}")) is None:
            return
        trace = traceback.format_tb(error.__traceback__)[-3:] if isinstance(error, BaseException) else []
        logging.getLogger(__name__).error(
            "loop: %s (%s), %s more since the last: %s",
            *(what, type(error).__name__, untold, " ".join(trace).strip()),
        )


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
    handler.addFilter(_without_words)
    handler.addFilter(Seldom())
    logging.basicConfig(
        handlers=[handler], level=max(logging.WARNING, logging.getLevelName(level.upper())), force=True
    )
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    sys.excepthook = _crashed
    warnings.showwarning = _warned
