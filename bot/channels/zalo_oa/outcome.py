"""What becomes of a message, by what the Official Account's interface answered."""

import re
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.channels.channel import Ambiguous, Broken, Gone, Outcome, Permanent, Retry, Sent, Shut
from bot.channels.zalo_oa.errors import Sort
from bot.channels.zalo_oa.http import Answer
from storage.mail.outbox import MAX_ATTEMPTS, Delivery

log = structlog.get_logger(__name__)

STOPPED = timedelta(minutes=10)
"""How long nothing is sent when only a person can repair what is wrong."""
BUSY = timedelta(seconds=30)
_QUOTAS = frozenset({"sub_quota", "purchase_quota", "reward_quota"})
"""What an account has left; “reply” counts what one person may still get, and we count that ourselves."""


def outcome(answer: Answer, delivery: Delivery) -> Outcome:
    """Return it; what somebody must look at is logged as an error."""
    if answer.sort not in _EVERYDAY:
        log.error("zalo_oa_refused", account=delivery.account, sort=answer.sort, reason=answer.reason)
    fate = _FATES.get(answer.sort)
    return Permanent(answer.reason) if fate is None else fate(answer, delivery)


def later(delivery: Delivery) -> Retry:
    """Try again after a while: it was surely not sent."""
    return Retry(timedelta(seconds=min(5 * 2**delivery.attempts, 600)))


def _sent(answer: Answer, _delivery: Delivery) -> Sent:
    number, quota = answer.data.get("message_id"), answer.data.get("quota")
    kind, remain = (
        (quota.get("quota_type"), str(quota.get("remain"))) if isinstance(quota, dict) else ("", "")
    )
    left = (str(kind), int(remain)) if kind in _QUOTAS and re.fullmatch(r"[0-9]{1,9}", remain) else None
    return Sent(str(number) if number else None, left=left)


def _failed(answer: Answer, delivery: Delivery) -> Outcome:
    """Try again as often as anything is tried: an error on their side may be one that stays."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return Permanent(answer.reason)
    return Retry(later(delivery).after, counts=True)


def _stopped(_answer: Answer, _delivery: Delivery) -> Broken:
    return Broken(STOPPED)


_FATES: dict[Sort, Callable[[Answer, Delivery], Outcome]] = {
    "done": _sent,
    "auth": _stopped,
    "consent": _stopped,
    "stopped": _stopped,
    "busy": lambda _answer, _delivery: Retry(BUSY, whole_account=True),
    "failed": _failed,
    "unreached": lambda _answer, delivery: later(delivery),
    "unanswered": lambda answer, _delivery: Ambiguous(answer.reason),
    "window": lambda answer, _delivery: Shut(answer.reason),
    "quota": lambda answer, _delivery: Shut(answer.reason),
    "gone": lambda answer, _delivery: Gone(answer.reason),
}
"""What is not here will never be taken."""
_EVERYDAY = frozenset({"done", "busy", "failed", "unreached", "unanswered", "window", "quota", "gone"})
