"""A channel of paper: what people say is handed in, what they are told is written down."""

from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from bot.channels.channel import Caps, Ingest, Outcome, Sent, Unparsable
from domain.messages import FileRef, Files, Said, Tap, Text, Unsupported
from storage.outbox import Delivery, Limits


class Paper:
    """Keeps every delivery, in order."""

    account = "paper"
    caps = Caps(4000, True, True, True, Limits(timedelta(0), 1, timedelta(0)))

    def __init__(self) -> None:
        self.told: list[Delivery] = []

    def routes(self, ingest: Ingest) -> Sequence[web.AbstractRouteDef]:
        return ()

    async def listen(self, ingest: Ingest) -> None:
        return

    def normalize(self, body: object) -> Said | None:
        match body:
            case {"text": str(text)}:
                return Text(text)
            case {"tap": str(action)}:
                return Tap(action)
            case {"files": list(files), "caption": str(caption)}:
                return Files(tuple(FileRef(**file) for file in files), caption)
            case {"unsupported": str(what)}:
                return Unsupported(what)
            case {"nothing": True}:
                return None
        raise Unparsable("not on paper")

    async def send(self, delivery: Delivery) -> Outcome:
        self.told.append(delivery)
        return Sent(delivery.key)

    async def close(self) -> None:
        return
