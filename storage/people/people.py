"""Chats, people and the one-time invites that tie them together."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update

from storage.ground.bound import UNKNOWN
from storage.ground.tables import Chat as Chat
from storage.ground.tables import Consent, Invite
from storage.ground.tables import Person as Person
from storage.ground.work import Work
from storage.mail import lanes
from storage.people import reached

SEALED, COUNTER = "sealed", "counter"
"""Accounts of chats that no channel reaches: a sealed sender's, and somebody's who came or called."""
_COUNTER_KEY = f"{COUNTER}-"
"""What the keys of such chats begin with, so that they are known without being read."""
INVITE_LASTS = timedelta(days=7)
INVITE_PREFIX = "cb-"


async def load_chats(work: Work, keys: Iterable[str]) -> None:
    """Read the chats a batch touches, and their people, in two statements."""
    wanted = [key for key in dict.fromkeys(keys) if key not in work.chats]
    if not wanted:
        return
    await _load(work, wanted)
    await load_linked(work, [chat.home for chat in work.chats.values() if chat.home is not None])
    await load_people(work, [c.person_id for c in work.chats.values() if c.person_id is not None])


async def _load(work: Work, keys: Sequence[str]) -> None:
    """Read these chats; with the first of a work come the groups of all units, which are few."""
    statement = _CHATS if work.grouped else _CHATS_AND_GROUPS
    work.grouped = True
    for chat in await work.session.scalars(statement, {"keys": keys}):
        work.chats[chat.key] = chat


_NAMED: ColumnElement[bool] = Chat.key.in_(bindparam("keys", expanding=True))
_CHATS = select(Chat).where(_NAMED)
_CHATS_AND_GROUPS = select(Chat).where(or_(_NAMED, Chat.unit_id.is_not(None)))


async def load_linked(work: Work, homes: Iterable[str]) -> None:
    """Read all chats of people who write in several, in one statement; in none where nobody does."""
    wanted = sorted(set(homes) - work.linked.keys())
    if wanted:
        work.linked.update({home: [] for home in wanted})
        for chat in await work.session.scalars(select(Chat).where(Chat.home.in_(wanted)).order_by(Chat.key)):
            work.linked[chat.home or chat.key].append(work.chats.setdefault(chat.key, chat))


def ways(work: Work, chat: Chat) -> list[Chat]:
    """Return the chats of this chat's person, the one they last wrote in first (see `load_linked`)."""
    every = work.linked.get(chat.home or "") or [chat]
    return sorted(every, key=lambda one: (one.heard_at, one.key), reverse=True)


def number_of(work: Work, chat: Chat) -> str | None:
    """Return the number to call a person back on: the one left here, else in another chat of theirs."""
    return chat.contact or next((one.contact for one in ways(work, chat) if one.contact), None)


async def load_people(work: Work, ids: Iterable[UUID]) -> None:
    """Read the people that are not read yet, in one statement."""
    wanted = [person_id for person_id in dict.fromkeys(ids) if person_id not in work.people]
    if wanted:
        work.people.update(dict.fromkeys(wanted))
        for person in await work.session.scalars(select(Person).where(Person.id.in_(wanted))):
            work.people[person.id] = person


async def name_of(work: Work, person_id: UUID | None) -> str:
    """Return an official's name, or an empty string."""
    if person_id is None:
        return ""
    await load_people(work, [person_id])
    person = work.people[person_id]
    return (person.name if person else None) or ""


def open_chat(work: Work, account: str, key: str, address: str) -> Chat:
    """Return the chat, which is made at its first message. It must have been loaded if it exists."""
    chat = work.chats.get(key)
    if chat is None:
        chat = Chat(
            key=key,
            account=account,
            address=address,
            language="vi",
            menu=[],
            busy=False,
            muted=False,
            group=False,
            told=0,
            created_at=work.now,
            heard_at=work.now,
        )
        work.session.add(chat)
        work.chats[key] = chat
    elif not chat.address and key == work.keyring.blind("chat", account, address):  # it did not open any more
        chat.address = address
    return chat


def is_lost(chat: Chat) -> bool:
    """Say whether the state of a chat's conversation does not open any more (see `storage.ground.bound`)."""
    return UNKNOWN in (chat.talk or {})


def counter_chat(work: Work) -> Chat:
    """Make a chat for somebody who came or called: each case has its own, so nothing ties cases together."""
    key = _COUNTER_KEY + work.dice.randbytes(12).hex()
    return open_chat(work, COUNTER, key, key)


def at_counter(chat_key: str) -> bool:
    """Say whether this is the chat of somebody who came or called."""
    return chat_key.startswith(_COUNTER_KEY)


async def hold(work: Work, keys: Iterable[str]) -> list[Chat]:
    """Take the lanes of these chats and read them, to change them without their having written.

    Passed over: a chat whose lane another transaction has, and one this work has read before (without the
    lane, so that what was read may be old by now).
    """
    wanted = sorted(set(keys) - work.chats.keys())
    held = await lanes.hold(work.session, "in", wanted)
    work.held.update(held)
    await load_chats(work, held)
    return [work.chats[key] for key in held if key in work.chats]


async def chat(work: Work, key: str) -> Chat:
    """Return a chat that exists, its person's other ones read with it. Raises KeyError."""
    await load_chats(work, [key])
    found = work.chats[key]
    await load_linked(work, [found.home] if found.home is not None else [])
    return found


async def chats_of(work: Work, ids: Sequence[UUID]) -> list[Chat]:
    """Return the chats of these people; who has none cannot be told anything here."""
    missing = [person_id for person_id in ids if person_id not in work.chats_of]
    if missing:
        work.chats_of.update({person_id: [] for person_id in missing})
        rows = await work.session.scalars(
            select(Chat).where(Chat.person_id.in_(missing), Chat.blocked_at.is_(None)).order_by(Chat.key)
        )
        for row in rows:
            known = work.chats.setdefault(row.key, row)
            work.chats_of[row.person_id or missing[0]].append(known)
    return [chat for person_id in dict.fromkeys(ids) for chat in work.chats_of[person_id]]


async def groups(work: Work, unit_id: UUID) -> list[Chat]:
    """Return the groups of a unit that can be written to; all are read in one statement a work."""
    if not work.grouped:
        await _load(work, [])
    chats = [chat for chat in work.chats.values() if chat.group and chat.unit_id == unit_id]
    return sorted((chat for chat in chats if chat.blocked_at is None), key=lambda chat: chat.key)


async def mark_gone(work: Work, key: str) -> None:
    """Note that a chat takes no more messages; it is heard of again when it writes."""
    await work.session.execute(update(Chat).where(Chat.key == key).values(blocked_at=work.now))


async def invite(work: Work, person_id: UUID) -> str:
    """Make a one-time token for a person; only its hash is kept. Returns what the person must send."""
    token = work.dice.randbytes(16).hex()
    row = Invite(token_hash=hashed(token), person_id=person_id, expires_at=work.now + INVITE_LASTS)
    work.session.add(row)
    return INVITE_PREFIX + token


async def invited_until(work: Work, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return until when those of these people who have an open invitation may use it."""
    mine = (Invite.person_id.in_(ids), Invite.used_at.is_(None), Invite.expires_at > work.now)
    open_ones = select(Invite.person_id, func.max(Invite.expires_at)).where(*mine).group_by(Invite.person_id)
    found = (await work.session.execute(open_ones)).all()
    return dict(found)


async def accept_invite(work: Work, chat: Chat, token: str) -> bool:
    """Tie the chat to the person the token was made for, once. False when it is not valid (any more)."""
    claimed = (
        update(Invite)
        .where(
            Invite.token_hash == hashed(token),
            Invite.used_at.is_(None),
            Invite.expires_at > work.now,
        )
        .values(used_at=work.now)
        .returning(Invite.person_id)
    )
    person_id = await work.session.scalar(claimed)
    if person_id is None:
        return False
    chat.person_id, chat.joined_at = person_id, work.now
    work.chats_of.pop(person_id, None)
    reached.sit(work, person_id, chat)
    return True


async def void_invite(work: Work, token: str) -> None:
    """Let a token be used no more: it was shown where many could read it."""
    await void_hashed(work, hashed(token))


async def void_hashed(work: Work, token_hash: str) -> None:
    """Let the token of this hash be used no more."""
    void = update(Invite).where(Invite.token_hash == token_hash)
    await work.session.execute(void.where(Invite.used_at.is_(None)).values(used_at=work.now))


async def invited_by(work: Work, token_hash: str) -> UUID | None:
    """Return for whom the token of this hash was issued."""
    found: UUID | None = await work.session.scalar(
        select(Invite.person_id).where(Invite.token_hash == token_hash)
    )
    return found


async def void_invites(work: Work, ids: Iterable[UUID]) -> None:
    """Let every open invitation of these people be used no more."""
    void = update(Invite).where(Invite.person_id.in_(list(ids)), Invite.used_at.is_(None))
    await work.session.execute(void.values(used_at=work.now))


async def person_by_code(work: Work, code: str) -> Person | None:
    """Return the official with this code of the seed file."""
    person: Person | None = await work.session.scalar(select(Person).where(Person.code == code))
    return person


def consent(work: Work, chat: Chat, purpose: str, text_version: str, *, given: bool = True) -> None:
    """Record what a chat agreed to (or takes back), provably: purpose, words, moment, channel."""
    row = Consent(
        chat_key=chat.key,
        purpose=purpose,
        text_version=text_version,
        given=given,
        account=chat.account,
        at=work.now,
    )
    work.session.add(row)


async def consents_of(work: Work, chat: Chat) -> list[Consent]:
    """Return everything a chat agreed to and took back, oldest first."""
    await work.session.flush()
    rows = await work.session.scalars(
        select(Consent).where(Consent.chat_key == chat.key).order_by(Consent.at, Consent.id)
    )
    return list(rows)


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.removeprefix(INVITE_PREFIX).encode()).hexdigest()
