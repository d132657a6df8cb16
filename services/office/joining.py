"""How a chat becomes an official's, and stops being one. Nobody works under a name without its owner knowing.

A new chat is told to the same person's other chats at once, with a button that shuts it again; of somebody
who holds a role that opens everything, or is to get one, the heads hear too. Nobody else ends alone the last
chat in which somebody reads what is kept close.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import locales
from domain.cases import NotAllowed, NotNow
from domain.messages import Choice, Message
from domain.people import Role
from services.office import borders, idle, keys, unread
from services.saying import notices
from services.standing.refusals import TooNewToEnd
from storage.ground.work import Work
from storage.office import changes
from storage.people import joined as stored
from storage.people import people, second
from storage.people.people import Chat
from storage.time import timers

KIND = "untie"
"""The kind of timer whose subject is a chat that is to be ended, and was being worked on just then."""
_RETRY = timedelta(seconds=1)
_IDLE = "joined.idle"
"""The words for what nobody has ended."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody has come in; so many other chats of theirs were ended by it."""

    ended: int


async def join(work: Work, chat: Chat, token: str) -> Joined | None:
    """Make the chat that of whom an invitation names, and tell who must know. None for no invitation."""
    if not await people.accept_invite(work, chat, token) or chat.person_id is None:
        return None
    idle.used(work, chat)
    facts = {"name": await people.name_of(work, chat.person_id), "when": _when(work)}
    ended = await _leave_others(work, chat, chat.person_id, token)
    if not ended:
        told = _of(chat, "joined.told", facts, not_me=True)
        await notices.tell(work, await _others(work, chat), told, _about("joined", chat), wake=True)
    waits = await second.waits_for(work, chat.person_id)
    if waits or keys.holds(work, chat.person_id):
        key = "joined.told_waiting" if waits else "joined.told_head"
        heads = await _chats(work, (Role.HEAD,), of=chat.person_id)
        await notices.tell(work, heads, _of(chat, key, facts), _about("joined", chat), wake=True)
    return Joined(ended)


async def void(work: Work, token: str) -> None:
    """Let an invitation be used no more: it was shown where many could read it."""
    await people.void_invite(work, token)


async def _leave_others(work: Work, chat: Chat, person_id: UUID, token: str) -> int:
    """End the other chats of who has just come in, if that was chosen with the invitation; say how many.

    Of somebody who reads what is kept close by now it was to be chosen by two.
    """
    made = await changes.of_invite(work, token)
    ends = made.rows.get("ends") if made is not None else None
    if made is None or not ends or not (ends["two"] or not await keys.reads_close(work, person_id)):
        return 0
    others = [one for one in await stored.of_person(work, person_id) if one.key != chat.key]
    facts = {"name": await people.name_of(work, person_id), "when": _when(work)}
    if others and made.person_id not in {None, person_id}:
        # who chose it would know if it was somebody else who came
        replaced = _of(chat, "joined.replaced", facts)
        await notices.tell(work, [made.person_id], replaced, _about("replaced", chat), wake=True)
    gone = {chat.key, *(one.key for one in others)}
    for one in others:
        await _tell(work, (gone, made.person_id), one)
        where = place(one.language, chat)
        await _end(work, one, _say(one, "joined.replaced_here", where=where, when=_when(work)))
    return len(others)


async def _others(work: Work, chat: Chat) -> list[Chat]:
    """Return the other chats of the same person that can be told something."""
    if chat.person_id is None:
        return []
    return [one for one in await people.chats_of(work, [chat.person_id]) if one.key != chat.key]


async def _chats(work: Work, roles: Iterable[Role], of: UUID | None) -> list[Chat]:
    """Return the chats of who holds one of the roles where somebody serves, or above, without their own."""
    seats = work.desk.directory.seats_of(of, work.today) if work.desk.directory.is_wide else [None]
    return await people.chats_of(work, [p for p in borders.holding(work, roles, seats) if p != of])


def _say(chat: Chat, key: str, **facts: object) -> str:
    return locales.words(chat.language)(key, **facts)


def _of(
    chat: Chat, key: str, facts: Mapping[str, object], *, not_me: bool = False
) -> Callable[[Chat], Message]:
    """Write words about a chat, with a button that shuts it for who is told that it is theirs."""

    def write(to: Chat) -> Message:
        text = _say(to, key, where=place(to.language, chat), **facts)
        button = Choice(_say(to, "joined.not_me"), f"menu:not_me:{chat.key}", typed=_say(to, "joined.typed"))
        return Message(text, (button,) if not_me else ())

    return write


def _about(what: str, chat: Chat) -> str:
    at = f"{chat.joined_at:%y%m%d%H%M%S}" if chat.joined_at else ""
    return f"{what}:{chat.key}:{at}"


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
    elif not _administers(work, by, chat):
        raise NotAllowed
    elif await _is_last(work, chat):
        raise keys.NeedsSecond
    await _tell(work, ({by.key}, by.person_id), chat, key="joined.strange" if strange else "joined.ended")
    await _end(work, chat)


async def cut(work: Work, asker: UUID, key: str, person_id: UUID) -> None:
    """End somebody's last chat, as an admin has asked and a second person agreed. Raises NotNow."""
    chat = await _standing(work, key)
    if chat.person_id != person_id:
        raise NotNow
    await _tell(work, ((), asker), chat)
    await _end(work, chat)


async def end_as_installer(work: Work, chat: Chat) -> None:
    """End any chat, at the command line: whoever uses it has the server already. It is told like the rest."""
    await _tell(work, ((), None), chat)
    await _end(work, chat)


async def takes_two(work: Work, by: Chat, key: str) -> Chat | None:
    """Return the chat where an admin would end the last one of somebody who holds a key."""
    chat = await _standing(work, key)
    others = by.person_id != chat.person_id and _administers(work, by, chat)
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


def _administers(work: Work, by: Chat, chat: Chat) -> bool:
    """Say whether somebody administers the desk wherever the chat's person serves."""
    return chat.person_id is not None and borders.over_person(
        work, by.person_id, borders.ADMINS, chat.person_id
    )


def _check_age(work: Work, by: Chat, chat: Chat) -> None:
    """Refuse a chat that has only just joined: it may be the stranger who shuts the owner out."""
    if by.joined_at is None:
        return
    newer = chat.joined_at is None or by.joined_at > chat.joined_at
    if newer and work.now - by.joined_at < timedelta(hours=work.rules.administering.new_chat_hours):
        raise TooNewToEnd


async def _tell(
    work: Work, by: tuple[Collection[str], UUID | None], chat: Chat, *, key: str = "joined.ended"
) -> None:
    """Record that a chat is ended, and tell the same person's other chats but for some that know.

    Heads and admins hear it too where it is strange, or the person's a key. What ends by itself can wait for
    the morning, and admins hear it where it was the last: whoever it was has to be invited anew.
    """
    told = {one.key: one for one in await _others(work, chat)}
    alone, by_itself = not told, key == _IDLE
    wide = key == "joined.strange" or (chat.person_id is not None and keys.holds(work, chat.person_id))
    roles = (Role.HEAD, Role.ADMIN) if wide else (Role.ADMIN,) if by_itself and alone else ()
    told |= {one.key: one for one in await _chats(work, roles, of=chat.person_id)}
    here, person = by
    name = await people.name_of(work, chat.person_id)
    note = locales.words("vi")(
        f"joined.noted.{'idle' if by_itself else 'ended'}", name=name, where=place("vi", chat)
    )
    await changes.note_end(work, note, person, chat.key)
    who = await people.name_of(work, person)
    facts = {"name": name, "when": _when(work), "days": work.rules.administering.web_days}

    def write(to: Chat) -> Message:
        return _of(chat, key, {**facts, "by": who or _say(to, "second.shell")})(to)

    others = [one for one in told.values() if one.key not in here]
    await notices.tell(work, others, write, _about("ended", chat), wake=not by_itself)


async def _end(work: Work, chat: Chat, words: str = "") -> None:
    """End it now, and say so there; where another transaction has it, in a moment."""
    mine = await stored.ours(work, chat.key)
    if mine is None:
        work.wind(KIND, chat.key, work.now + _RETRY)
        work.wind(idle.KIND, chat.key, None)
        return
    person = mine.person_id
    await stored.untie(work, mine)
    if person is not None:
        await unread.let_go_of(work, person)
    work.wind(KIND, mine.key, None)
    work.wind(idle.KIND, mine.key, None)
    words = words or _say(mine, "joined.ended_here")
    await notices.tell(work, [mine], lambda _: Message(words), _about("ended_here", mine), wake=True)


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


async def end_if_idle(work: Work, chat: Chat) -> None:
    """End an official's page whose days are over, though no clock ticks: what is written there is nobody's.

    Else a word is a visit.
    """
    if stored.is_page(chat):
        over = await timers.due_at(work, idle.KIND, chat.key)
        if over is not None and over <= work.now:
            await ring_idle(work, [chat.key])
        else:
            idle.used(work, chat)


async def ring_idle(work: Work, subjects: list[str]) -> int:
    """End officials' pages that nobody has opened for days."""
    for subject in subjects:
        await people.hold(work, [subject])
        chat = work.chats.get(subject)
        if chat is None or not stored.is_page(chat):
            work.wind(idle.KIND, subject, None if chat else work.now + _RETRY)
            continue
        await _tell(work, ((), None), chat, key=_IDLE)
        days = work.rules.administering.web_days
        await _end(work, chat, _say(chat, "joined.idle_here", days=days))
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
