"""The fetcher: brings the files of stored messages here, cleans and keeps them, and lets their chats go on.

A file is fetched once. While that goes on its chat waits, so what was said after it is answered after it.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog

from bot.channels.channel import Channel, NotThere, Remote, RemoteFile, TooBig, Unparsable
from bot.wakeup import Wakeup
from services.intake import attachments as files
from services.intake import uploads
from services.intake.uploads import Sender
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.ground.work import Work
from storage.mail import inbox
from storage.mail.inbox import Stored
from storage.store.engine import Store

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Messages whose files are fetched side by side."""
SLOW = 5.0
"""Seconds after which one makes room for another: what stalls holds up no healthy photo of somebody else."""
MOST = 24
"""Messages in hand at most, slow ones too: their bytes are held in memory."""
PATIENCE = timedelta(minutes=2)
"""How old a message may become before a file that does not come is given up."""
AGAIN = timedelta(seconds=5)
HURRY = timedelta(seconds=10)
"""The same where the words under a file call for help."""
LOOK = 1.0
"""Seconds after which it looks for more while files are on their way."""
WITHIN = 50.0
"""Seconds for all files of one message, below the lease."""
HURRY_WITHIN = 8.0
"""The same where the words under them call for help."""


class Fetcher:
    """Fetches for one account."""

    def __init__(self, store: Store, channel: Channel, most: int, wakeup: Wakeup, ready: Wakeup) -> None:
        self._store = store
        self._channel = channel
        self._most = most
        self._wakeup = wakeup
        self._ready = ready

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch until asked to stop; what is in hand is finished. A slow file holds up its chat alone."""
        hands: dict[asyncio.Task[None], float] = {}
        clock = asyncio.get_running_loop().time
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                quick = sum(clock() - since < SLOW for since in hands.values())
                room = min(AT_ONCE - quick, MOST - len(hands))
                for one in await self._due(room) if room > 0 else ():
                    hands[group.create_task(one)] = clock()
                if hands:
                    await asyncio.wait(hands, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._wakeup.wait(stop)
                hands = {task: since for task, since in hands.items() if not task.done()}

    async def step(self) -> int:
        """Fetch what is due. Returns how many messages were dealt with."""
        due = await self._due(AT_ONCE)
        await asyncio.gather(*due)
        return len(due)

    async def _due(self, most: int) -> list[Coroutine[Any, Any, None]]:
        """Lease what is due, and return what is to be done for each message."""
        async with self._store.work() as work:
            due = await inbox.to_fetch(work, self._channel.account, most)
            hurried = {message for message in due if self._cries(work, message)}
        return [
            self._bring(
                message,
                within=HURRY_WITHIN if message in hurried else WITHIN,
                late=work.now - message.at > (HURRY if message in hurried else PATIENCE),
            )
            for message in due
        ]

    def _cries(self, work: Work, message: Stored) -> bool:
        """Say whether the words under files call for help: these are heard, with the files or without."""
        try:
            read = self._channel.normalize(message.body["raw"])
        except Unparsable:
            return False
        words = read.caption if isinstance(read, Remote) else ""
        return bool(words and work.rules.understanding.read(words).emergency)

    async def _bring(self, message: Stored, *, within: float, late: bool) -> None:
        found: list[Kept | str] | None
        try:
            async with asyncio.timeout(within):
                found = await self._all(message)
        except Exception as error:  # noqa: BLE001 - the network or the platform: another try, or none
            log.warning("files_not_fetched", account=message.account, error=type(error).__name__, late=late)
            found = ["upload.lost"] if late else None
        async with self._store.work() as work:
            if found is None:
                await inbox.fetch_again(work, message.account, [message.external_id], AGAIN)
                return
            await inbox.fetched(work, message, [_told(one) for one in found])
        self._ready.set()

    async def _all(self, message: Stored) -> list[Kept | str]:
        try:
            read = self._channel.normalize(message.body["raw"])
        except Unparsable:  # the worker will say so too, and make it a dead letter
            return []
        found: list[Kept | str] = []
        for file in read.files if isinstance(read, Remote) else ():
            named = f"{message.account}:{message.external_id}"
            found.append(await self._one(Sender(message.lane, named), file))
        return found

    async def _one(self, sender: Sender, file: RemoteFile) -> Kept | str:
        """Return a file as it is kept, or the key of the words that say why it cannot be."""
        try:
            await uploads.admit(self._store, sender)
            if file.size is not None and file.size > self._most:
                raise TooBig  # noqa: TRY301 - refused like any other
            content = await self._channel.fetch(file, self._most)
            async with uploads.keeping(self._store, sender, content, file.name, self._most) as kept:
                async with self._store.work() as work:
                    await attachments.add(work, sender.chat_key, [kept])
                return kept
        except TooBig:
            return "upload.too_big"
        except NotThere:
            return "upload.lost"
        except files.Refused as refusal:
            return refusal.key


def _told(one: Kept | str) -> dict[str, Any]:
    """Return what the inbox keeps of a file: what it is, or why it could not be kept."""
    return asdict(one.ref) if isinstance(one, Kept) else {"refused": one}
