"""What people agree to, each purpose by itself, and what they take back: in which words, when and where.

Consent must be given for each purpose and be provable (Luật 91/2025/QH15; NĐ 356/2025/NĐ-CP).
"""

from dataclasses import dataclass
from datetime import datetime

import locales
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat

SETTLE = "settle the case"
CALL_BACK = "call back"
LEGAL_AID = "legal aid referral"


@dataclass(frozen=True, slots=True)
class Given:
    """A purpose a chat agreed to and has not taken back, and since when."""

    purpose: str
    since: datetime


def give(work: Work, chat: Chat, purpose: str, key: str) -> None:
    """Record that somebody agreed to the words under this key."""
    people.consent(work, chat, purpose, locales.version(chat.language, key))


def take_back(work: Work, chat: Chat, purpose: str, key: str) -> None:
    """Record that somebody no longer agrees; `key` are the words in which they were told what comes of it."""
    people.consent(work, chat, purpose, locales.version(chat.language, key), given=False)


async def in_force(work: Work, chat: Chat) -> list[Given]:
    """Return what a chat agrees to now, the longest standing first."""
    found: dict[str, Given] = {}
    for row in await people.consents_of(work, chat):
        if row.given:
            found.setdefault(row.purpose, Given(row.purpose, row.at))
        else:
            found.pop(row.purpose, None)
    return list(found.values())
