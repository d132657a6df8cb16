"""Chats of one person: tied together by a one-time code or a verified number, and untied again.

`home` is written at once and apart from the rest of a chat's row: each of the chats may be in other hands.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from storage.cases import cases as stored
from storage.ground.tables import Case, Follower, Pairing
from storage.ground.work import Work
from storage.people import people
from storage.people.people import COUNTER, SEALED, Chat


async def make(work: Work, chat: Chat, lasts: timedelta, secrets: Iterable[str]) -> None:
    """Let each of these tie one other chat to this one, until so long; what it could use before is void."""
    await work.session.flush()  # the chat may be as new as this message
    over = or_(Pairing.chat_key == chat.key, Pairing.expires_at <= work.now)
    await work.session.execute(delete(Pairing).where(over))
    until = work.now + lasts
    work.session.add_all(
        Pairing(code_hash=_hash(work, secret), chat_key=chat.key, expires_at=until) for secret in secrets
    )
    await work.session.flush()


async def is_free(work: Work, secret: str) -> bool:
    """Say whether nobody else's code is this one."""
    return await work.session.get(Pairing, _hash(work, secret)) is None


async def spend(work: Work, secret: str, but: str = "") -> str | None:
    """Use a code up, with whatever else was made for the same chat. Returns that chat's key, once.

    `but` is a chat whose own codes are none to it, and stay good for the other.
    """
    used = update(Pairing).where(_good(work, secret, but)).values(used_at=work.now)
    key: str | None = await work.session.scalar(used.returning(Pairing.chat_key))
    if key is not None:
        await work.session.execute(update(Pairing).where(Pairing.chat_key == key).values(used_at=work.now))
    return key


async def maker(work: Work, secret: str, but: str = "") -> str | None:
    """Return the key of the chat that a code was made in, and leave the code as good as it was."""
    key: str | None = await work.session.scalar(select(Pairing.chat_key).where(_good(work, secret, but)))
    return key


def _good(work: Work, secret: str, but: str) -> ColumnElement[bool]:
    here = and_(Pairing.code_hash == _hash(work, secret), Pairing.chat_key != but)
    return and_(here, Pairing.used_at.is_(None), Pairing.expires_at > work.now)


def phone_key(work: Work, phone: str) -> str:
    """Return the blind index of a number in international form."""
    return work.keyring.blind("phone", phone)


async def with_phone(work: Work, index: str, but: str, within: timedelta) -> list[tuple[str, str]]:
    """Return account and home of the citizens' chats that vouched for this number so lately, but for one."""
    statement = select(Chat.account, func.coalesce(Chat.home, Chat.key)).where(
        Chat.phone_key == index,
        Chat.phone_at >= work.now - within,
        Chat.key != but,
        Chat.person_id.is_(None),
        Chat.group.is_(False),
        Chat.account.not_in([SEALED, COUNTER]),
    )
    return [(account, home) for account, home in await work.session.execute(statement)]


async def tie(work: Work, chat: Chat, to: Chat) -> bool:
    """Let a chat speak for another's cases, which get its own. False where either is tied by now."""
    await work.session.flush()
    await _load_of(work, chat)  # cases before chats, as every writer does
    keys = sorted([chat.key, to.own])
    locked = select(Chat.key, Chat.home).where(Chat.key.in_(keys)).order_by(Chat.key).with_for_update()
    homes: dict[str, str | None] = {row.key: row.home for row in await work.session.execute(locked)}
    if homes.get(chat.key) is not None or homes[to.own] not in {None, to.own}:
        return False
    await _set_home(work, keys, to.own, Chat.key.in_(keys))
    await _move(work, chat.key, to.own)
    return True


async def untie(work: Work, chat: Chat) -> list[Chat]:
    """Let a chat speak for itself again; all of them, where it is the one whose cases they speak for.

    Returns the others who were concerned.
    """
    home = chat.own
    others = [one for one in people.ways(work, chat) if one is not chat]
    alone = chat.key == home or len(others) == 1
    keys = [one.key for one in (chat, *others)] if alone else [chat.key]
    await _set_home(work, keys, None, and_(Chat.key.in_(keys), Chat.home == home))
    return others if chat.key == home else [one for one in others if one.key == home]


async def forget_number(work: Work, chat: Chat) -> None:
    """Forget the number in every chat of the person."""
    chat.contact = chat.phone_key = None
    others = [one for one in people.ways(work, chat) if one is not chat]
    for one in others:
        set_committed_value(one, "contact", None)
        set_committed_value(one, "phone_key", None)
    if others:
        theirs = Chat.key.in_([one.key for one in others])
        await work.session.execute(update(Chat).where(theirs).values(contact=None, phone_key=None))


async def _set_home(work: Work, keys: Sequence[str], home: str | None, where: ColumnElement[bool]) -> None:
    before = {work.chats[key].own for key in keys if key in work.chats}
    await work.session.execute(update(Chat).where(where).values(home=home))
    for key in keys:
        if key in work.chats:
            set_committed_value(work.chats[key], "home", home)
    for known in before | {home or ""}:
        work.linked.pop(known, None)
    await people.load_linked(work, [chat.home for chat in work.chats.values() if chat.home is not None])


async def _load_of(work: Work, chat: Chat) -> None:
    followed = select(Follower.case_id).where(Follower.chat_key == chat.key)
    concerned = or_(Case.chat_key == chat.key, Case.id.in_(followed))
    codes = await work.session.scalars(select(Case.code).where(concerned))
    await stored.load(work, codes.all())


async def _move(work: Work, before: str, now: str) -> None:
    """Give the cases of one key to another, and what it follows; nobody follows a case of their own."""
    for case in [case for case in work.cases.values() if case.chat_key == before]:
        case.chat_key = now
    theirs = select(Follower).where(Follower.chat_key == before)
    for case_id, relative in [(row.case_id, row.relative) for row in await work.session.scalars(theirs)]:
        case = work.cases[case_id]
        await stored.unfollow(work, case, before)
        if case.chat_key != now and now not in stored.followers(work, case):
            await stored.follow(work, case, now, relative=relative)
    for case in [case for case in work.cases.values() if case.chat_key == now]:
        if now in stored.followers(work, case):
            await stored.unfollow(work, case, now)


def _hash(work: Work, secret: str) -> str:
    return work.keyring.blind("pairing", secret)
