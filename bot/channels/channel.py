"""What a channel is. Nothing above bot/channels knows which one it speaks through."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from aiohttp import web

from bot.findings import Finding
from domain.messages import Choice, FileRef, Media, Said, Wish
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery, Limits

Ingest = Callable[[Arrived], Awaitable[None]]
"""Store one raw message; returns when it is committed, and only then may it be acknowledged."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What a channel can do.

    `max_text` is in UTF-16 code units: where a platform counts characters, that fits too. `buttons` is how
    many fit under one message; more are numbered lines, as all are where there are none. `album` is how many
    files one message may hold (0: files cannot be sent), `media` which, and `upload` how many bytes they may
    have in all. `repeatable`: a message sent twice is shown once, so what may have been sent can always be
    sent again. `whole`: it takes a message as it is, uncut.
    """

    max_text: int
    buttons: int
    edit: bool
    limits: Limits
    album: int = 0
    upload: int | None = None
    media: frozenset[Media] = frozenset()
    wishes: frozenset[Wish] = frozenset()
    reactions: bool = False
    commands: bool = False
    repeatable: bool = False
    whole: bool = False


class Unparsable(Exception):
    """A stored message that this channel cannot read: a dead letter, and the chat goes on."""


# --- files that still lie with the platform ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the platform names it: `ref` is what `fetch` needs, `size` in bytes where it is told."""

    ref: str
    name: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Remote:
    """A message with files that are fetched before it is handled, and the words under them."""

    files: tuple[RemoteFile, ...]
    caption: str = ""


Read = Said | Remote


class TooBig(Exception):
    """The file is larger than may be kept, or than the platform hands out."""


class NotThere(Exception):
    """The platform does not have the file (any more)."""


# --- what becomes of a call ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """What one call sends: words with choices under them, or files, or one of the small things beside.

    With `edits` it takes the place of that message.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    files: tuple[FileRef, ...] = ()
    wants: Wish = ""
    copy: str = ""
    edits: str | None = None
    seen: str = ""
    commands: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took it; `external_id` is its own id of the message, where a card may be edited later.

    `thread` says where in the chat it stands. `left` is what the platform said is left of a quota: its kind
    and how many.
    """

    external_id: str | None = None
    thread: str | None = None
    left: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """It was surely not sent: again after so long; `whole_account` when the platform throttles all of it.

    `counts`: this try counts towards giving up. A platform that is away is waited for as long as it takes.
    """

    after: timedelta
    whole_account: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Nothing of this account can be sent until somebody repairs it: a token is refused, say.

    This process looks again after so long; one that is started after the repair sends at once.
    """

    after: timedelta


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


@dataclass(frozen=True, slots=True)
class Shut:
    """The platform takes nothing for this recipient at present: a window or a quota is used up."""

    reason: str


@dataclass(frozen=True, slots=True)
class MovedTo:
    """The chat goes on at another address: what waits for it goes there."""

    address: str


Outcome = Sent | Retry | Broken | Ambiguous | Permanent | Gone | Shut | MovedTo


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

    def normalize(self, body: Any) -> Read | None:  # noqa: ANN401 - the platform's own JSON
        """Read a stored raw message; None when it asks for nothing. Raises Unparsable. Does no I/O."""
        ...

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Return a file of at most `most` bytes. Raises TooBig or NotThere; anything else is tried again."""
        ...

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Make one call. Never raises for what the platform may do; a bug may raise."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Return what must never stand in a log."""
        ...


# --- what some channels have -----------------------------------------------------------------------


@runtime_checkable
class Marking(Protocol):
    """A channel whose messages have ids of their own, by which one can be marked as seen."""

    def message_id(self, body: Any) -> str:  # noqa: ANN401 - the platform's own JSON
        """Return what the platform calls a stored message; "" where it has no name. Never fails."""
        ...


@runtime_checkable
class Named(Protocol):
    """A channel that must ask the platform who it is itself, before it reads what is said in groups."""

    async def learn_name(self) -> None:
        """Ask until it is told."""
        ...


@runtime_checkable
class Examined(Protocol):
    """A channel that can say how its account stands with the platform."""

    async def examine(self, base_url: str) -> Sequence[Finding]:
        """Look, where the desk is reached at this address; for a few seconds, changing nothing."""
        ...


# --- webhooks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hook:
    """What a platform says of the webhook it calls: none where `url` is empty.

    `failed_at` is when its latest call failed, in seconds since 1970; 0 where none did.
    """

    url: str
    waiting: int = 0
    last_error: str = ""
    failed_at: int = 0


@runtime_checkable
class Hooked(Protocol):
    """A channel whose webhook is set by a call. Each raises HookFailed with the platform's reason.

    `called` says whether this account is set up to be called, not polled.
    """

    account: str
    called: bool

    async def hook(self) -> Hook:
        """Ask what is set."""
        ...

    async def set_hook(self, base_url: str) -> bool:
        """Have the platform call us at this address; says whether that was to be changed."""
        ...

    async def delete_hook(self) -> None:
        """Have it call nobody."""
        ...


@runtime_checkable
class HookedByHand(Protocol):
    """A channel whose webhook is set on a page of the platform's."""

    def hook_by_hand(self, base_url: str) -> Sequence[str]:
        """Return what to enter there and where, a line each."""
        ...


class HookFailed(Exception):
    """A platform did not do what was asked of its webhook; the message holds no secret."""
