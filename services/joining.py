"""How a chat becomes an official's, and stops being one. Nobody works under a name without its owner knowing.

A new chat is told to the same person's other chats at once, with a button that shuts it again; of somebody
who holds a role that opens everything, or is to get one, the heads hear too. Nobody else ends alone the last
chat in which somebody reads what is kept close.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import locales
from domain.cases import NotAllowed, NotNow
from domain.messages import Choice, Message
from domain.people import Role
from services import unread
from services.administration import keys
from services.refusals import TooNewToEnd
from storage import joined as stored
from storage import people, second
from storage.people import Chat
from storage.work import Work

KIND = "untie"
"""The kind of timer whose subject is a chat that is to be ended, and was being worked on just then."""
_RETRY = timedelta(seconds=1)


async def join(work: Work, chat: Chat, token: str) -> bool:
    """Make the chat that of whom an invitation names, and tell who must know. False for no invitation."""
    if not await people.accept_invite(work, chat, token) or chat.person_id is None:
        return False
    facts = {"name": await people.name_of(work, chat.person_id), "when": _when(work)}
    for other in await _others(work, chat):
        button = Choice(
            _say(other, "joined.not_me"), f"menu:not_me:{chat.key}", typed=_say(other, "joined.typed")
        )
        text = _say(other, "joined.told", where=place(other.language, chat), **facts)
        work.post(other, Message(text, (button,)), _key("joined", chat, other))
    waits = await second.waits_for(work, chat.person_id)
    if waits or keys.holds(work, chat.person_id):
        key = "joined.told_waiting" if waits else "joined.told_head"
        for head in await _chats(work, (Role.HEAD,), but=chat.person_id):
            text = _say(head, key, where=place(head.language, chat), **facts)
            work.post(head, Message(text), _key("joined", chat, head))
    return True


async def _others(work: Work, chat: Chat) -> list[Chat]:
    """Return the other chats of the same person that can be told something."""
    if chat.person_id is None:
        return []
    return [one for one in await people.chats_of(work, [chat.person_id]) if one.key != chat.key]


async def _chats(work: Work, roles: Iterable[Role], but: UUID | None = None) -> list[Chat]:
    directory = work.rules.directory
    ids = [person for role in roles for person in directory.everyone(role, work.today) if person != but]
    return await people.chats_of(work, list(dict.fromkeys(ids)))


def _say(chat: Chat, key: str, **facts: object) -> str:
    return locales.words(chat.language)(key, **facts)


def _key(what: str, chat: Chat, to: Chat) -> str:
    at = f"{chat.joined_at:%y%m%d%H%M%S}" if chat.joined_at else ""
    return f"{what}:{chat.key}:{at}:{to.key[:12]}"


def _when(work: Work) -> str:
    return f"{work.rules.calendar.local(work.now):%H:%M %d/%m}"


def place(language: str, chat: Chat) -> str:
    """Return what people call the channel a chat is on."""
    platform = chat.account.partition("-")[0]
    key = f"joined.where.{platform}"
    return locales.words(language)(key if locales.has(language, key) else "joined.where.other")


# --- ended ---------------------------------------------------------------------------------------


async def end(work: Work, by: Chat, key: str, *, strange: bool) -> None:
    """End a chat of one's own, or as an admin anybody's. Raises NotAllowed, NotNow or TooNewToEnd.

    Raises NeedsSecond for the last one of somebody who holds a key, which `cut` ends.
    `strange`: it is not its owner who writes there, which heads and admins hear.
    """
    chat = await _standing(work, key)
    if key == by.key:
        raise NotNow
    if by.person_id == chat.person_id:
        _check_age(work, by, chat)
    elif not _administers(work, by):
        raise NotAllowed
    elif await _is_last(work, chat):
        raise keys.NeedsSecond
    await _tell(work, (by.key, by.person_id), chat, strange=strange)
    await _end(work, chat)


async def cut(work: Work, asker: UUID, key: str, person_id: UUID) -> None:
    """End somebody's last chat, as an admin has asked and a second person agreed. Raises NotNow."""
    chat = await _standing(work, key)
    if chat.person_id != person_id:
        raise NotNow
    await _tell(work, ("", asker), chat, strange=False)
    await _end(work, chat)


async def takes_two(work: Work, by: Chat, key: str) -> Chat | None:
    """Return the chat where an admin would end the last one of somebody who holds a key."""
    chat = await _standing(work, key)
    others = by.person_id != chat.person_id and _administers(work, by)
    return chat if others and await _is_last(work, chat) else None


async def _standing(work: Work, key: str) -> Chat:
    """Return an official's chat. Raises NotNow."""
    await people.load_chats(work, [key])
    chat = work.chats.get(key)
    if chat is None or chat.person_id is None or chat.group:
        raise NotNow
    return chat


async def _is_last(work: Work, chat: Chat) -> bool:
    """Say whether nothing kept close would reach a holder of a key any more without this chat."""
    if chat.person_id is None or chat.blocked_at is not None:
        return False
    others = [one for one in await _others(work, chat) if not one.group]
    return not others and await keys.reads_close(work, chat.person_id)


def _administers(work: Work, by: Chat) -> bool:
    held = work.rules.directory.held_by(by.person_id, work.today)
    return any(holding.role is Role.ADMIN for holding in held)


def _check_age(work: Work, by: Chat, chat: Chat) -> None:
    """Refuse a chat that has only just joined: it may be the stranger who shuts the owner out."""
    if by.joined_at is None:
        return
    newer = chat.joined_at is None or by.joined_at > chat.joined_at
    if newer and work.now - by.joined_at < timedelta(hours=work.rules.administering.new_chat_hours):
        raise TooNewToEnd


async def _tell(work: Work, by: tuple[str, UUID | None], chat: Chat, *, strange: bool) -> None:
    """Tell the same person's other chats; heads and admins too where it is strange, or the person's a key."""
    told = {one.key: one for one in await _others(work, chat)}
    if strange or (chat.person_id is not None and keys.holds(work, chat.person_id)):
        told |= {one.key: one for one in await _chats(work, (Role.HEAD, Role.ADMIN), but=chat.person_id)}
    here, person = by
    told.pop(here, None)
    facts = {
        "name": await people.name_of(work, chat.person_id),
        "by": await people.name_of(work, person),
        "when": _when(work),
    }
    key = "joined.strange" if strange else "joined.ended"
    for one in told.values():
        text = _say(one, key, where=place(one.language, chat), **facts)
        work.post(one, Message(text), _key("ended", chat, one))


async def _end(work: Work, chat: Chat) -> None:
    """End it now; where another transaction has it, in a moment."""
    mine = await stored.ours(work, chat.key)
    if mine is None:
        work.wind(KIND, chat.key, work.now + _RETRY)
        return
    person = mine.person_id
    await stored.untie(work, mine)
    if person is not None:
        await unread.let_go_of(work, person)
    work.wind(KIND, mine.key, None)
    work.post(mine, Message(_say(mine, "joined.ended_here")), _key("ended_here", mine, mine))


async def ring_all(work: Work, subjects: list[str]) -> int:
    """End what could not be ended at once."""
    for subject in subjects:
        await people.hold(work, [subject])
        chat = work.chats.get(subject)
        if chat is None or chat.person_id is None:
            work.wind(KIND, subject, None if chat else work.now + _RETRY)
        else:
            await _end(work, chat)
    return len(subjects)


async def listed(work: Work, person_id: UUID, here: Chat) -> Message:
    """List somebody's chats, each with a button that ends it, but not the one this is read in."""
    say = locales.words(here.language)
    chats = await stored.of_person(work, person_id)
    if not chats:
        return Message(say("joined.none", name=await people.name_of(work, person_id)))
    lines = [say("joined.list", name=await people.name_of(work, person_id))]
    choices = []
    for number, chat in enumerate(chats, start=1):
        lines.append(_line(work, here, chat, number))
        if chat.key != here.key:
            choices.append(Choice(say("joined.end", number=number), f"menu:end_chat:{chat.key}"))
    return Message("\n".join(lines), tuple(choices[:9]))


def _line(work: Work, here: Chat, chat: Chat, number: int) -> str:
    say, local = locales.words(here.language), work.rules.calendar.local
    key = "joined.line_here" if chat.key == here.key else "joined.line"
    since, heard = local(chat.joined_at or chat.created_at), local(chat.heard_at)
    facts = {"since": f"{since:%d/%m/%Y}", "heard": f"{heard:%H:%M %d/%m}"}
    return say(key, number=number, where=place(here.language, chat), **facts)
