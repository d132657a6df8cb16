"""The sender: claims what is in the outbox under a lease, calls the channel, records what became of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog
from pydantic import ValidationError

from bot.channels.channel import (
    Ambiguous,
    Broken,
    Channel,
    Gone,
    MovedTo,
    Outcome,
    Part,
    Permanent,
    Retry,
    Sent,
    Shut,
)
from bot.channels.parts import parts
from bot.group_commit import GroupCommit
from bot.reach import Reach
from bot.wakeup import Wakeup
from domain import codes, secrecy
from domain.messages import FileRef
from services.saying import undelivered
from storage.ground.crypto import CannotOpen
from storage.ground.work import Work
from storage.mail import lanes, outbox, unopenable
from storage.mail.outbox import Delivery
from storage.people import people, readdressed
from storage.store.engine import Store

log = structlog.get_logger(__name__)

AT_ONCE = 32
"""Chats one claim serves."""
WITHIN = 28.0
"""Seconds for one call, below the outbox's lease of 30."""
ANSWERED = 20.0
"""Seconds a platform may think about files, once it has them."""
SLOWEST = 256 * 1024
"""Bytes a second at which files still go out; for larger ones the lease is extended."""
PATIENCE = 1.0
"""Seconds the next claim waits for the calls of this one, so that many are claimed at once."""


RECORDED_AGAIN = (0.2, 1.0, 3.0, 8.0)
"""Seconds after which it is tried again to record what became of a call: together below the lease."""

LINK_LASTS = timedelta(days=3)
"""How long a file can be opened by the link a chat was sent in its place; `files.link` says so."""

LinkUntil = Callable[[FileRef, datetime, str], str]


class Sender:
    """Sends for one account; several replicas share its pace through the database.

    `link` gives a file an address until a moment, for one chat, where such links can be made.
    """

    def __init__(self, store: Store, channel: Channel, wakeup: Wakeup, link: LinkUntil | None = None) -> None:
        self._store = store
        self._link = link
        self._channel = channel
        self._wakeup = wakeup
        self._reach = Reach(channel.account)
        self._rests_until = datetime.min.replace(tzinfo=UTC)
        """When a broken account is tried again. Of this process alone: its next start may be the repair."""
        self._outcomes = GroupCommit(self._record)
        self._progress = GroupCommit(self._note_progress)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until asked to stop; calls in hand are finished and recorded. Slow ones hold nobody up."""
        calls: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                try:
                    claimed = await self._claim(AT_ONCE - len(calls))
                except Exception as error:
                    if not calls:
                        raise
                    log.warning("claim_failed", account=self._channel.account, error=type(error).__name__)
                    await asyncio.wait(calls, timeout=PATIENCE)  # what is under way is not cut off for it
                    calls = {call for call in calls if not call.done()}
                    continue
                new = {group.create_task(self._deliver(delivery)) for delivery in claimed}
                calls |= new
                if new:
                    await asyncio.wait(new, timeout=PATIENCE)
                elif len(calls) == AT_ONCE:
                    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._wakeup.wait(stop)
                calls = {call for call in calls if not call.done()}

    async def step(self) -> int:
        """Send what may be sent now. Returns how many messages were claimed."""
        claimed = await self._claim(AT_ONCE)
        await asyncio.gather(*(self._deliver(delivery) for delivery in claimed))
        return len(claimed)

    async def _claim(self, most: int) -> list[Delivery]:
        try:
            return await self._claim_heads(most)
        except (CannotOpen, ValidationError):
            if not await self._bury():
                raise
        return await self._claim_heads(most)

    async def _bury(self) -> int:
        """Set messages aside that do not open: the others must not wait for them. Returns how many."""
        async with self._store.work() as work:
            count = await unopenable.bury_posted(work, self._channel.account)
        log.error("outbox_does_not_open", account=self._channel.account, count=count)
        return count

    async def _claim_heads(self, most: int) -> list[Delivery]:
        async with self._store.work() as work:
            await outbox.release_held(work)
            if work.now < self._rests_until <= work.now + lanes.LONGEST:
                return []
            claimed = await outbox.claim(work, self._channel.account, self._channel.caps.limits, most)
            if claimed:
                await self._reach.look(work)
            return claimed

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            outcome = await self._call(delivery)
            for pause in (*RECORDED_AGAIN, None):
                if await self._is_recorded(delivery, outcome, last=pause is None) or pause is None:
                    return
                await asyncio.sleep(pause)
        except outbox.LeaseLost:
            log.warning("lease_lost", account=delivery.account, key=delivery.key)

    async def _is_recorded(self, delivery: Delivery, outcome: Outcome, *, last: bool) -> bool:
        """Record at once, with what else is done by then: a slow call keeps no other one past its lease.

        Returns False where the database was away. What is known by then is tried to be kept: a message of
        which it is not known is sent twice or never.
        """
        try:
            await self._outcomes.put((delivery, outcome))
        except outbox.LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the lease runs out at last, and the message comes back
            say = log.error if last else log.warning
            name = type(error).__name__
            say("outcome_not_recorded", account=delivery.account, key=delivery.key, error=name)
            return False
        return True

    async def _call(self, delivery: Delivery) -> Outcome:
        repeatable = self._channel.caps.repeatable
        if delivery.uncertain and not repeatable and not _is_worth_twice(delivery):
            return Permanent("a sender died while sending it, and it need not arrive twice")
        if delivery.uncertain and delivery.attempts > outbox.MAX_ATTEMPTS:
            return Permanent("senders die while sending it")
        if delivery.message.redraw and (delivery.edits is None or not self._channel.caps.edit):
            if delivery.message.card != secrecy.CARD:
                return Sent()
            delivery = replace(delivery, edits=None)  # it answers somebody too, and is said all the same
        if not delivery.progress and (shut := self._reach.shut(delivery, must=must_arrive(delivery))):
            return shut
        try:
            return await self._all_parts(delivery)
        except outbox.LeaseLost:
            raise
        except Exception:
            log.exception("send_failed", account=delivery.account, key=delivery.key)
            hopeless = delivery.attempts >= outbox.MAX_ATTEMPTS
            return Permanent("sending it keeps failing") if hopeless else Retry(_pause(delivery), counts=True)

    async def _all_parts(self, delivery: Delivery) -> Outcome:
        """Make the calls a message takes, from the first that was not made yet."""
        whole = self._parts(delivery)
        made = Sent(thread=delivery.thread)
        for number in range(delivery.progress, len(whole)):
            outcome = await self._part(delivery, whole[number])
            if not isinstance(outcome, Sent):
                return outcome
            made = _together(made, outcome)
            delivery = replace(delivery, thread=made.thread)
            if number + 1 < len(whole):
                await self._progress.put((delivery, number + 1))
        return made

    def _parts(self, delivery: Delivery) -> list[Part]:
        make, until = self._link, delivery.at + LINK_LASTS
        link = (lambda file: make(file, until, delivery.lane)) if make else None
        return parts(delivery.message, self._channel.caps, delivery.edits, link, delivery.language)

    async def _part(self, delivery: Delivery, part: Part) -> Outcome:
        within = max(WITHIN, ANSWERED + sum(file.size for file in part.files) / SLOWEST)
        if within > WITHIN:
            async with self._store.work() as work:
                await outbox.lock(work, [delivery])
                await outbox.extend(work, delivery, timedelta(seconds=within + 2))
        try:
            async with asyncio.timeout(within):
                return await self._channel.send(delivery, part)
        except TimeoutError:
            return Ambiguous("no answer in time")

    async def _note_progress(self, made: Sequence[tuple[Delivery, int]]) -> None:
        async with self._store.work() as work:
            await outbox.lock(work, [delivery for delivery, _ in made])
            await outbox.progress(work, made, self._channel.caps.limits)

    async def _followed(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Where a chat goes on elsewhere, let this and all that waits go there; say whether that was so."""
        if not isinstance(outcome, MovedTo) or delivery.attempts >= outbox.MAX_ATTEMPTS:
            return False
        async with self._store.work() as work:
            await readdressed.move_chat(work, delivery.account, delivery.lane, outcome.address, delivery)
        log.info("chat_moved", account=delivery.account)
        return True

    async def _record(self, results: Sequence[tuple[Delivery, Outcome]]) -> None:
        here = [result for result in results if not await self._followed(*result)]
        await self._record_rest([result for result in here if not _is_lost(*result)])
        for delivery, outcome in here:
            if _is_lost(delivery, outcome):
                await self._give_up(delivery, outcome)

    async def _give_up(self, delivery: Delivery, outcome: Outcome) -> None:
        """Give up what will never arrive here, and in the same transaction let its news go another way."""
        reason, gone = getattr(outcome, "reason", "it goes on elsewhere"), isinstance(outcome, Gone)
        async with self._store.work() as work:
            if gone:  # chats before lanes, as every writer does
                await people.mark_gone(work, delivery.lane)
            passed = await undelivered.pass_on(work, delivery, gone=gone)
            # Windows shut as a matter of course: what is heard another way, or was chatter, alarms nobody.
            let_go = isinstance(outcome, Shut) and (passed or not must_arrive(delivery))
            await outbox.lock(work, [delivery])
            limits = self._channel.caps.limits
            if not await outbox.give_up(work, delivery, reason, limits, dead=not let_go):
                work.posts.clear()  # another sender has it by now
        if gone:
            log.warning("recipient_gone", account=delivery.account, reason=reason)
        elif let_go:
            log.info("not_said_here", account=delivery.account, key=delivery.key, reason=reason)
        else:
            log.error("outbox_dead_letter", account=delivery.account, key=delivery.key, reason=reason)

    async def _record_rest(self, results: Sequence[tuple[Delivery, Outcome]]) -> None:
        if not results:
            return
        limits = self._channel.caps.limits
        async with self._store.work() as work:
            await self._reach.note(work, results)
            await outbox.lock(work, [delivery for delivery, _ in results])
            delivered = [(d, o.external_id, o.thread) for d, o in results if isinstance(o, Sent)]
            await outbox.sent(work, delivered, limits)
            for delivery, outcome in results:
                if not isinstance(outcome, Sent):
                    await self._record_failure(work, delivery, outcome)

    async def _record_failure(self, work: Work, delivery: Delivery, outcome: Outcome) -> None:
        limits = self._channel.caps.limits
        match outcome:
            case Retry(after, whole_account, counts):
                await outbox.again(work, delivery, after, counts=counts)
                if whole_account:
                    await outbox.halt(work, delivery.account, after, limits)
            case Broken(after):
                await outbox.again(work, delivery, timedelta(0), counts=False)
                self._rests_until = work.now + after
            case Ambiguous():
                await outbox.again(work, delivery, _pause(delivery))


def _together(made: Sent, last: Sent) -> Sent:
    """Return what became of all calls so far: a call may have nothing to say of the message's id or place."""
    thread = made.thread if last.thread is None else last.thread
    return Sent(last.external_id or made.external_id, thread, last.left or made.left)


def _is_lost(delivery: Delivery, outcome: Outcome) -> bool:
    """Say whether nothing more is tried in this chat; what may have arrived is sent once more if it must."""
    if isinstance(outcome, Ambiguous):
        return delivery.attempts > 1 or not _is_worth_twice(delivery)
    return not isinstance(outcome, Sent | Retry | Broken)


def must_arrive(delivery: Delivery) -> bool:
    """Say whether it is worse to lose the message than to send it twice: all that carry a case's code."""
    return (
        bool(delivery.message.card or delivery.message.case) or codes.find(delivery.message.text) is not None
    )


def _is_worth_twice(delivery: Delivery) -> bool:
    """Say whether a message that may have arrived is sent once more: a question that waits for an answer too.

    Whoever reads “1 Đúng, gửi đi” twice loses nothing; whoever never reads it has sent no report.
    """
    return must_arrive(delivery) or bool(delivery.message.choices)


def _pause(delivery: Delivery) -> timedelta:
    return timedelta(seconds=min(2**delivery.attempts, 300))
