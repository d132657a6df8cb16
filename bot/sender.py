"""The sender: claims what is in the outbox under a lease, calls the channel, records what became of it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.channels.channel import Ambiguous, Channel, Gone, Outcome, Permanent, Retry, Sent
from bot.group_commit import GroupCommit
from bot.wakeup import Wakeup
from domain import codes
from storage import outbox, people
from storage.engine import Store
from storage.outbox import Delivery
from storage.work import Work

log = structlog.get_logger(__name__)

AT_ONCE = 32
"""Chats one claim serves."""


class Sender:
    """Sends for one account; several replicas share its pace through the database."""

    def __init__(self, store: Store, channel: Channel, wakeup: Wakeup) -> None:
        self._store = store
        self._channel = channel
        self._wakeup = wakeup
        self._outcomes = GroupCommit(self._record)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until asked to stop; calls in hand are finished and recorded."""
        while not stop.is_set():
            if not await self.step():
                await self._wakeup.wait(stop)

    async def step(self) -> int:
        """Send what may be sent now. Returns how many messages were claimed."""
        async with self._store.work() as work:
            await outbox.release_held(work)
            claimed = await outbox.claim(work, self._channel.account, self._channel.caps.limits, AT_ONCE)
        await asyncio.gather(*(self._deliver(delivery) for delivery in claimed))
        return len(claimed)

    async def _deliver(self, delivery: Delivery) -> None:
        # Recorded at once, with what else is done by then: a slow call keeps no other one past its lease.
        await self._outcomes.put((delivery, await self._call(delivery)))

    async def _call(self, delivery: Delivery) -> Outcome:
        repeatable = self._channel.caps.repeatable
        if delivery.uncertain and not repeatable and not must_arrive(delivery):
            return Permanent("a sender died while sending it, and it need not arrive twice")
        if delivery.uncertain and delivery.attempts > outbox.MAX_ATTEMPTS:
            return Permanent("senders die while sending it")
        if delivery.message.redraw and (delivery.edits is None or not self._channel.caps.edit):
            return Sent()
        try:
            return await self._channel.send(delivery)
        except Exception:
            log.exception("send_failed", account=delivery.account, key=delivery.key)
            hopeless = delivery.attempts >= outbox.MAX_ATTEMPTS
            return Permanent("sending it keeps failing") if hopeless else Retry(_pause(delivery), counts=True)

    async def _record(self, results: Sequence[tuple[Delivery, Outcome]]) -> None:
        limits = self._channel.caps.limits
        async with self._store.work() as work:
            for delivery, outcome in sorted(results, key=lambda result: result[0].lane):
                if isinstance(outcome, Gone):  # chats before lanes, as every writer does
                    await people.mark_gone(work, delivery.lane)
            await outbox.lock(work, [delivery for delivery, _ in results])
            delivered = [(d, o.external_id) for d, o in results if isinstance(o, Sent)]
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
            case Ambiguous() if delivery.attempts == 1 and must_arrive(delivery):
                await outbox.again(work, delivery, _pause(delivery))
            case Gone(reason):
                await outbox.dead(work, delivery, reason, limits)
                log.warning("recipient_gone", account=delivery.account, reason=reason)
            case Ambiguous(reason) | Permanent(reason):
                await outbox.dead(work, delivery, reason, limits)
                log.error("outbox_dead_letter", account=delivery.account, key=delivery.key, reason=reason)


def must_arrive(delivery: Delivery) -> bool:
    """Say whether it is worse to lose the message than to send it twice: all that carry a case's code."""
    return bool(delivery.message.card) or codes.find(delivery.message.text) is not None


def _pause(delivery: Delivery) -> timedelta:
    return timedelta(seconds=min(2**delivery.attempts, 300))
