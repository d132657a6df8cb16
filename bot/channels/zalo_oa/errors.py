"""What the Official Account's answers mean: by code and by message, since published tables disagree.

Sources: [Z] Zalo's appendix of error codes as its developers' pages give it; [S] Zalo's older social
codes; [O] the errors of the address that gives tokens; [N] those of notices by number (ZNS), from memory:
UNCONFIRMED; [R] a reseller's table that contradicts the others.
"""

from dataclasses import dataclass
from typing import Literal

Sort = Literal[
    "done",  # it was taken
    "auth",  # the access token is refused: another one, once
    "consent",  # no token can be had until the account's owner agrees anew
    "stopped",  # nothing can be sent from this account until somebody repairs it
    "scope",  # the app may not make this call
    "payload",  # this message will never be taken
    "size",  # nor this one: it is too large
    "tier",  # the account's package has no such messages: buttons
    "busy",  # too many calls for the moment
    "failed",  # an error on their side
    "window",  # this person may not be written to now
    "quota",  # the account has used up what it may send
    "gone",  # this person wants nothing from us, or is no longer there
    "unreached",  # the call was surely not made
    "unanswered",  # it may have been made
    "unknown",  # an answer in no table
]


@dataclass(frozen=True, slots=True)
class Rule:
    """Answers with one of these codes, whose message holds one of these words (any message where none)."""

    codes: frozenset[int]
    sort: Sort
    words: tuple[str, ...] = ()


def _rule(sort: Sort, *codes: int, words: tuple[str, ...] = ()) -> Rule:
    return Rule(frozenset(codes), sort, words)


_TOKEN = ("access token", "access_token", "accesstoken")

RULES = (
    _rule("done", 0),
    _rule("auth", -201, words=_TOKEN),  # [R] "Invalid access token"; [Z] -201 is a field that is invalid
    _rule("auth", -216, 216, 401, -401, -220),  # [Z] -216, -220; [S] the others
    _rule("consent", -14014, -14020),  # [O]
    _rule("stopped", 11004),  # [S] the app is disabled or banned
    _rule("stopped", -219, -204, -205),  # [Z] the app is removed; the account is disabled, or there is none
    _rule("scope", 289, -209, -212),  # [S] a permission is missing; [Z] the app has not asked for this call
    _rule("scope", -221, -235),  # [Z] the account must be verified; not for accounts of this type
    _rule("payload", -201, 100),  # [Z], [S]
    _rule("payload", -233, -248, -100),  # [Z] no such type of message; against the rules; the upload expired
    _rule("size", -210),  # [Z]
    _rule("tier", -224),  # [Z]
    _rule("busy", -32),  # [Z] calls of the app, or of the account, in this minute
    _rule("failed", -239, -200, 10000, 10002),  # [Z], [S]
    _rule("gone", -213, -217, -227),  # [Z] does not follow; refuses; banned or away for 45 days
    _rule("gone", 12007, 12008, 12009, words=("follow", "friend", "block")),  # [S] and what is reported since
    _rule("window", 12007, 12008, 12009),  # [S] no contact for too long; had enough for now
    _rule("window", -230, -232, -234, -244),  # [Z] seven days; no interaction; night; this type is unwanted
    _rule("auth", -124),  # [N]
    _rule("gone", -118),  # [N] nobody on Zalo has this number
    _rule("payload", -108, -109, -112, -132),  # [N] the number, the template, what fills it
    _rule("quota", -115),  # [N]
    _rule("window", -133),  # [N] notices do not go out at night
    _rule("quota", -211, -218),  # [Z] the account's; what this person may get
    _rule("quota", 12000, 12001, 12002, 12003, 12004, 12010),  # [S] the app's, by day, week, month, person
)


def sort_of(code: int, message: str) -> Sort:
    """Return what an answer means."""
    said = message.lower()
    for rule in RULES:
        if code in rule.codes and (not rule.words or any(word in said for word in rule.words)):
            return rule.sort
    return "unknown"
