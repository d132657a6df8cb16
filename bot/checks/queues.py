"""What waits, what was given up, and whether anybody is working."""

from datetime import timedelta

from bot.findings import Finding, fault, ok, warning
from storage.ground.work import Work
from storage.mail import letters
from storage.mail.lanes import Direction
from storage.store import health
from storage.store.health import Queue

SLOW: dict[Direction, timedelta] = {"in": timedelta(minutes=1), "out": timedelta(minutes=10)}
STUCK: dict[Direction, timedelta] = {"in": timedelta(minutes=10), "out": timedelta(hours=1)}
"""What is sent may wait for its platform; what has come waits for us alone."""
OVERDUE = timedelta(minutes=2)
LATELY = timedelta(hours=24)
SHOWN = 3
"""Reasons that are named, the commonest."""
_WAYS: dict[Direction, tuple[str, str]] = {
    "in": ("to be handled", "see that a worker runs (`python -m bot run`), and read its log"),
    "out": ("to be sent", "see that a sender runs, and what its log says of the platform"),
}


async def examine(work: Work) -> list[Finding]:
    """Look at queues, files, dead letters, timers and what could not be sent lately."""
    waiting = [_queue(work, queue) for queue in await health.queues(work)]
    return [
        *(waiting or [ok("queues", "nothing waits")]),
        *await _counters(work),
        *await _files(work),
        await _letters(work),
        await _timers(work),
        *await _troubles(work),
    ]


def _queue(work: Work, queue: Queue) -> Finding:
    age, (what, do) = work.now - queue.oldest, _WAYS[queue.direction]
    so = f"{queue.account}: {_messages(queue.waiting)} {what}, the oldest for {_lasted(age)}"
    if age >= STUCK[queue.direction]:
        return fault("queues", so, do)
    return warning("queues", so, do) if age >= SLOW[queue.direction] else ok("queues", so)


async def _counters(work: Work) -> list[Finding]:
    off = await health.miscounted(work)
    do = "report it: a chat may wait until its next message"
    return [warning("queues", f"the counters of the chats are off by {off}", do)] if off else []


async def _files(work: Work) -> list[Finding]:
    return [
        ok("queues", f"{account}: {_messages(count)} with files that are being fetched")
        for account, count in await health.fetching(work)
    ]


async def _letters(work: Work) -> Finding:
    count = await letters.count(work)
    if not count:
        return ok("dead letters", "none")
    (newest,) = await letters.listed(work, 1)
    so = f"{count}; the newest of {newest.account}: {newest.reason}"
    return warning("dead letters", so, "`python -m bot letters` shows them, tries again, gives up")


async def _timers(work: Work) -> Finding:
    count, first = await health.overdue(work, OVERDUE)
    if first is None:
        return ok("clock", "every timer that was due has rung")
    so = f"{count} timers are overdue, the first by {_lasted(work.now - first)}"
    return fault("clock", so, "nobody watches the clock: `python -m bot run`, or --role clock")


async def _troubles(work: Work) -> list[Finding]:
    found = [
        warning(
            "errors",
            f"{trouble.account}: {_messages(trouble.count)} given up in 24 hours: {trouble.reason}",
            "mend the cause, then `python -m bot letters replay`",
        )
        for trouble in (await health.troubles(work, work.now - LATELY))[:SHOWN]
    ]
    return found or [ok("errors", "no message was given up in the last 24 hours")]


def _messages(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"


def _lasted(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return f"{seconds // size} {name}{'' if seconds < 2 * size else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
