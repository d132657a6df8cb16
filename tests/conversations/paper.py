"""A channel of paper: what people say is handed in, what they are told is written down."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.channels.channel import Caps, Ingest, NotThere, Outcome, Part, RemoteFile, Sent, Unparsable
from domain.messages import (
    Contact,
    Edited,
    FileRef,
    Files,
    Location,
    Moved,
    Presence,
    Said,
    Tap,
    Text,
    Unsupported,
)
from storage.mail.outbox import Delivery, Limits

_SHARED: dict[str, Callable[..., Said]] = {
    kind.__name__: kind for kind in (Location, Contact, Edited, Presence, Moved)
}


def on_paper(said: Said) -> dict[str, Any]:
    """Return what hands this in."""
    if isinstance(said, Files):
        return asdict(said)
    return {"shared": type(said).__name__} | asdict(said)


ELSEWHERE = "elsewhere-"
"""How the addresses of officials who play no part begin: what they are told arrives, and is not kept."""


class Paper:
    """Keeps every delivery, in order."""

    account = "paper"
    caps = Caps(4000, 100, True, Limits(timedelta(0), 1, timedelta(0)), whole=True)
    secrets: Sequence[str] = ()

    def __init__(self) -> None:
        self.told: list[Delivery] = []

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        return ()

    async def listen(self, ingest: Ingest) -> None:
        return

    def normalize(self, body: Any) -> Said | None:  # noqa: ANN401 - as it was handed in
        match body:
            case {"shared": str(kind)}:
                return _SHARED[kind](**{name: value for name, value in body.items() if name != "shared"})
            case {"text": str(text)}:
                return Text(text)
            case {"tap": str(action)}:
                return Tap(action)
            case {"files": list(files), "caption": str(caption)}:
                refused = tuple(body.get("refused", ()))
                return Files(tuple(FileRef(**file) for file in files), caption, refused)
            case {"unsupported": str(what)}:
                return Unsupported(what)
            case {"nothing": True}:
                return None
        raise Unparsable("not on paper")

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        raise NotThere(file.ref, most)

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        if not delivery.address.startswith(ELSEWHERE):
            self.told.append(delivery)
        return Sent(delivery.key)

    async def close(self) -> None:
        return
