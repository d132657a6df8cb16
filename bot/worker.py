"""The worker: takes stored messages by chat, lets the conversation answer, commits the whole batch at once.

Optimistic: a batch is tried whole. Chats in which a message fails are set aside: what was done is rolled
back, the others are done again together and those one message at a time, so that only they wait. Where it
cannot be told whose message it was, all are. A message that failed before is always handled by itself.
"""

import asyncio
import gc
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.channel import Channel, Marking, Remote, Unparsable
from bot.wakeup import Wakeup
from domain.messages import FileRef, Files, Incoming, Said, Text, within_bounds
from handlers.door import given_up
from handlers.door.prefetch import long_words, prefetch
from handlers.door.receive import receive
from storage.ground.crypto import CannotOpen
from storage.ground.work import Work
from storage.mail import inbox, unopenable, webchat
from storage.mail.inbox import Lanes, Stored
from storage.store.engine import Store
from storage.store.proof import why

log = structlog.get_logger(__name__)

LANES, EACH = 64, 4
"""Chats in one batch, and messages of each: up to 256 messages are one unit of work."""


_LETTERS = "`python -m bot letters` shows it, and tries it again"

Lane = tuple[str, str]
"""A chat, as the inbox knows it."""


class _Failing(Exception):
    """Messages of these chats fail."""

    def __init__(self, chats: Collection[Lane]) -> None:
        self.chats = chats


class Worker:
    """Handles what is in the inbox of every account it has a channel for."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], wakeup: Wakeup, posted: Callable[[], None]
    ) -> None:
        self._store = store
        self._channels = channels
        self._wakeup = wakeup
        self._posted = posted
        self.careful = False
        """After an unclean stop: what is first in line, one message at a time, so that a message that kills
        the process ends as a dead letter too. It is among these: it was in the batch in hand."""
        self._suspects: list[Stored] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until asked to stop; the batch in hand is finished.

        The rules are read before the first message would wait for them. They are tens of thousands of small
        objects that stay, and every full collection of garbage would go through them again: they are set
        aside.
        """
        async with self._store.read():
            gc.collect()
            gc.freeze()
        while not stop.is_set():
            if not await self.step():
                self.careful = False
                await self._wakeup.wait(stop)

    async def step(self) -> int:
        """Handle one batch. Returns how many messages were dealt with (0: nothing is ready)."""
        try:
            return await (self._carefully() if self.careful else self._without_failing())
        except Exception as error:  # whatever it was, it is found and logged one message at a time
            log.warning("batch_rolled_back", reason=why(error), seldom=True)
            if isinstance(error, CannotOpen) and (buried := await self._bury()):
                return buried
            if self.careful:
                raise
        handled = 0
        while handled < LANES and (one := await self._alone()):
            handled += one
        return handled

    async def _bury(self) -> int:
        """Set messages aside that do not open: who wrote after them must not wait. Returns how many."""
        async with self._store.work() as work:
            count = await unopenable.bury_arrived(work)
        if count:
            log.error("inbox_does_not_open", count=count)
        return count

    async def _carefully(self) -> int:
        """Handle the next suspect alone; when there is none any more, all is as always."""
        if self._suspects is None:
            async with self._store.work() as work:
                taken = await inbox.take(work, LANES, EACH)
            self._suspects = [message for lane in taken.values() for message in lane]
        while self._suspects:
            handled = await self._alone(self._suspects[0])
            del self._suspects[0]
            if handled:
                return handled
        self.careful, self._suspects = False, None
        return await self._without_failing()

    async def _without_failing(self) -> int:
        try:
            return await self._batch()
        except _Failing as found:
            log.warning("chats_set_aside", count=len(found.chats))
            return await self._batch(found.chats)

    async def _batch(self, aside: Collection[Lane] = ()) -> int:
        """Handle ready chats together, and a message of each that is set aside by itself. Raises _Failing."""
        async with self._store.work() as work:
            taken = await inbox.take(work, LANES, EACH, partial(self._cries, work))
            doubtful = [
                taken.pop(key)[0]
                for key, lane in list(taken.items())
                if lane and (lane[0].attempts or key in aside)
            ]
            if failing := await self._handle(work, taken):
                raise _Failing(failing)
            posts = len(work.posts)
        if posts:
            self._posted()
        for message in doubtful:  # it failed before: it must not take its neighbours with it again
            await self._alone(message)
        return sum(map(len, taken.values())) + len(doubtful)

    async def _alone(self, doubtful: Stored | None = None) -> int:
        """Handle this message, or the next, by itself, its attempt counted first; an album is one message.

        Returns how many messages were dealt with.
        """
        async with self._store.work() as work:
            taken = await (inbox.take_one(work, doubtful) if doubtful else inbox.take(work, 1, 1))
            turns = [turn for turn in taken.values() if turn]
            counted = {turn[0]: await inbox.count_attempt(work, turn) for turn in turns}
        for message, is_tried in counted.items():
            await (self._try(message) if is_tried else self._given_up(message, "ProcessEnded"))
        return sum(map(len, turns))

    async def _try(self, message: Stored) -> None:
        try:
            async with self._store.work() as work:
                for error in (await self._handle(work, await inbox.take_one(work, message))).values():
                    raise error  # noqa: TRY301 - it is this message's
        except Exception as error:  # noqa: BLE001 - it is noted with the message, and logged
            await self._failed(message, error)
        else:
            self._posted()

    async def _failed(self, message: Stored, error: Exception) -> None:
        error_name = type(error).__name__
        async with self._store.work() as work:
            dead = await inbox.failed(work, message, error_name)
        # The traceback names code, never what the message said: its text is sealed and stays so.
        where = traceback.format_tb(error.__traceback__)[-3:]
        log.warning("message_failed", account=message.account, error=error_name, at=where)
        if dead:
            await self._given_up(message, error_name)

    async def _given_up(self, message: Stored, error_name: str) -> None:
        """Say that a message is a dead letter: in the log, and to who wrote it unless others read along."""
        log.error("message_given_up", account=message.account, error=error_name, note=_LETTERS)
        if message.body.get("speaker"):
            return
        try:
            async with self._store.work() as work:
                await given_up.tell(work, message)
        except Exception as error:  # noqa: BLE001 - it is done with, whether they can be told or not
            log.warning("given_up_not_told", reason=why(error))
        else:
            self._posted()

    async def _handle(self, work: Work, taken: Lanes) -> dict[Lane, Exception]:
        """Answer these messages. Returns what failed, by chat: then nothing of this may be kept."""
        unreadable: dict[Stored, str] = {}
        failing: dict[Lane, Exception] = {}
        incoming: list[Incoming] = []
        for key, lane in taken.items():
            try:
                read = self._lane(work, lane, unreadable)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this chat's
                failing[key] = error
                continue
            read = _one_bubble(read) if lane and lane[0].album else read
            incoming += [part for one in read for part in within_bounds(one)]
        await prefetch(work, incoming)
        for one in incoming:
            key = one.account, one.chat
            try:
                if key not in failing:
                    await _understood(work, one)
                    await receive(work, one)
            except SQLAlchemyError:  # the database's, and so everybody's
                raise
            except Exception as error:  # noqa: BLE001 - as above
                failing[key] = error
        if not failing:
            await inbox.done(work, taken, unreadable)
        return failing

    def _cries(self, work: Work, message: Stored) -> bool:
        """Say whether a message calls for help: then it is heard before files that are still on their way."""
        try:
            read = self._read(work, message)
        except Unparsable:
            return False
        words = read.said.text if read is not None and isinstance(read.said, Text) else ""
        return bool(words and work.rules.understanding.read(words).emergency)

    def _lane(self, work: Work, lane: list[Stored], unreadable: dict[Stored, str]) -> list[Incoming]:
        """Read the messages of one chat; what cannot be read is noted."""
        found = []
        for message in lane:
            try:
                if (read := self._read(work, message)) is not None:
                    found.append(read)
            except Unparsable as error:
                log.warning("dead_letter", account=message.account, reason=str(error))
                unreadable[message] = str(error)
        return found

    def _read(self, work: Work, message: Stored) -> Incoming | None:
        channel = self._channels.get(message.account)
        if channel is None:
            raise Unparsable(f"no channel for the account {message.account}")
        read = channel.normalize(message.body["raw"])
        if read is None:
            return None
        said = _with_files(read, message) if isinstance(read, Remote) else read
        came = min(message.came, work.now)
        speaker = message.body.get("speaker", "")
        return Incoming(
            message.account,
            message.lane,
            message.body["address"],
            message.external_id,
            came,
            said,
            group=bool(speaker),
            speaker=speaker,
            message_id=channel.message_id(message.body["raw"]) if isinstance(channel, Marking) else "",
            area=webchat.commune_of(message.account, message.body["raw"]),
        )


async def _understood(work: Work, incoming: Incoming) -> None:
    """Read long words beside the loop, while others go on: what is understood of them is remembered."""
    for text in long_words(work, incoming):
        await asyncio.to_thread(work.rules.understanding.read, text)


def _with_files(remote: Remote, message: Stored) -> Said:
    """Read a message whose files were fetched: with those that could be kept, and why others could not."""
    found = message.body.get("files", [])
    kept = tuple(FileRef(**one) for one in found if "refused" not in one)
    return Files(kept, remote.caption, tuple(one["refused"] for one in found if "refused" in one))


def _one_bubble(album: list[Incoming]) -> list[Incoming]:
    """Make one message of an album's parts; its words may stand under any of them."""
    parts = [(one, one.said) for one in album if isinstance(one.said, Files)]
    others = [one for one in album if not isinstance(one.said, Files)]
    if not parts:
        return others
    said = Files(
        tuple(file for _, files in parts for file in files.files),
        "\n".join(files.caption for _, files in parts if files.caption),
        tuple(key for _, files in parts for key in files.refused),
    )
    return [replace(parts[0][0], said=said), *others]
