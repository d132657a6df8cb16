"""What a channel is. Nothing above bot/channels knows which one it speaks through."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from aiohttp import web

from domain.messages import Said
from storage.inbox import Arrived
from storage.outbox import Delivery, Limits

Ingest = Callable[[Arrived], Awaitable[None]]
"""Store one raw message; returns when it is committed, and only then may it be acknowledged."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What a channel can do. `max_text` counts UTF-16 code units.

    `repeatable`: a message sent twice is shown once, so what may have been sent can always be sent again.
    """

    max_text: int
    buttons: bool
    edit: bool
    files_in: bool
    limits: Limits
    repeatable: bool = False


class Unparsable(Exception):
    """A stored message that this channel cannot read: a dead letter, and the chat goes on."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it; `external_id` is its own id of the message, where a card may be edited later."""

    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """It was surely not sent: again after so long; `whole_account` when the platform throttles all of it.

    `counts`: this try counts towards giving up. A platform that is away is waited for as long as it takes.
    """

    after: timedelta
    whole_account: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may have been sent (a timeout while reading the answer)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never be taken."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The recipient blocked us or left: nothing more is sent there until they write again."""

    reason: str


Outcome = Sent | Retry | Ambiguous | Permanent | Gone


class Channel(Protocol):
    """One account on one platform."""

    account: str
    caps: Caps

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        """Return the HTTP routes of this channel; they call `ingest` and acknowledge afterwards."""
        ...

    async def listen(self, ingest: Ingest) -> None:
        """Fetch messages where the platform is polled; returns at once where it is not. Cancelled to stop."""
        ...

    def normalize(self, body: Any) -> Said | None:  # noqa: ANN401 - the platform's own JSON
        """Read a stored raw message; None when it asks for nothing. Raises Unparsable. Does no I/O."""
        ...

    async def send(self, delivery: Delivery) -> Outcome:
        """Call the platform. Never raises for what the platform may do; a bug may raise."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
