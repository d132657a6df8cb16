"""The console: a terminal as a channel. Each person at a terminal is an account of their own."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.channels.channel import Caps, Ingest, NotThere, Outcome, Part, RemoteFile, Sent, Unparsable
from domain.messages import Said, Text, plain
from storage.mail.outbox import Delivery, Limits

UNPACED = Limits(every=timedelta(0), burst=1, gap=timedelta(0))


class Console:
    """One terminal: what the desk says is printed as numbered plain text.

    The account carries the person's name, so that two terminals never print each other's messages.
    """

    caps = Caps(max_text=0, buttons=0, edit=False, limits=UNPACED, whole=True)
    secrets: Sequence[str] = ()

    def __init__(self, person: str, show: Callable[[str], None]) -> None:
        self.account = f"console-{person}"[:40]
        self._show = show

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:  # noqa: ARG002 - a channel's signature
        """Return nothing: no page belongs to a terminal."""
        return ()

    async def listen(self, ingest: Ingest) -> None:
        """Return at once: whoever holds the terminal hands its lines in."""

    def normalize(self, body: Any) -> Said | None:  # noqa: ANN401 - the stored line
        """Read a typed line; None when it is empty. Raises Unparsable."""
        match body:
            case {"text": str(text)}:
                return Text(text) if text.strip() else None
        raise Unparsable("not a typed line")

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Nothing: a terminal sends no files. Raises NotThere."""
        raise NotThere(file.ref, most)

    async def send(self, delivery: Delivery, part: Part) -> Outcome:  # noqa: ARG002 - printed whole
        """Print a message."""
        self._show(plain(delivery.message))
        return Sent(delivery.key)

    async def close(self) -> None:
        """Do nothing: there is nothing to let go of."""
