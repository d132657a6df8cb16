"""The chats in which an official works: listed, and taken away from them with all they show."""

from uuid import UUID

from sqlalchemy import delete, select

from domain.messages import MESSAGE, Message
from storage.ground import bound
from storage.ground.tables import DONE, HELD, OPEN, Card, Chat
from storage.ground.work import Work
from storage.mail import blanks, lanes, webchat
from storage.mail.outbox import outbox
from storage.people import people


async def of_person(work: Work, person_id: UUID) -> list[Chat]:
    """Return every chat of an official, those that are shut too, the oldest first."""
    await work.session.flush()
    theirs = select(Chat).where(Chat.person_id == person_id, Chat.group.is_(False))
    found = await work.session.scalars(theirs.order_by(Chat.joined_at.nulls_first(), Chat.key))
    return [work.chats.setdefault(chat.key, chat) for chat in found]


async def has_page(work: Work, key: str) -> bool:
    """Say the same by a chat's key, without reading the chat."""
    theirs = (Chat.key == key, Chat.person_id.is_not(None), Chat.group.is_(False))
    page = select(Chat.key).where(*theirs, Chat.account == webchat.ACCOUNT)
    return await work.session.scalar(page) is not None


async def seated(work: Work) -> set[UUID]:
    """Return everybody who has a chat in which they work."""
    await work.session.flush()
    theirs = select(Chat.person_id).where(Chat.person_id.is_not(None), Chat.group.is_(False)).distinct()
    return {person for person in await work.session.scalars(theirs) if person is not None}


def is_page(chat: Chat) -> bool:
    """Say whether it is an official's on the desk's own page: what a browser keeps is all that opens it."""
    return chat.account == webchat.ACCOUNT and chat.person_id is not None and not chat.group


async def pages(work: Work) -> list[str]:
    """Return the keys of all officials' chats on the desk's own page."""
    theirs = (Chat.person_id.is_not(None), Chat.group.is_(False), Chat.account == webchat.ACCOUNT)
    return list(await work.session.scalars(select(Chat.key).where(*theirs).order_by(Chat.key)))


async def ours(work: Work, key: str) -> Chat | None:
    """Return a chat that is this work's to change; None while another transaction has its lane."""
    chat = work.chats.get(key)
    if chat is None:
        return next(iter(await people.hold(work, [key])), None)
    if chat.heard_at != work.now and key not in work.held:
        if key not in await lanes.hold(work.session, "in", [key]):
            return None
        work.held.add(key)
        await work.session.refresh(chat)  # it was read without its lane
    return chat


async def untie(work: Work, chat: Chat) -> None:
    """Make the chat nobody's: no menu, no conversation, no card; what still waits to be said is not said."""
    if chat.person_id is not None:
        work.chats_of.pop(chat.person_id, None)
    chat.person_id, chat.talk, chat.menu, chat.busy = None, None, [], False
    await work.session.execute(delete(Card).where(Card.chat_key == chat.key))
    await take_back(work, chat)
    await webchat.clear(work, chat.key)


async def take_back(work: Work, chat: Chat) -> None:
    """Let what still waits to be said to a chat say nothing: answers as well, the last may show a case."""
    said = MESSAGE.dump_python(Message("…"), mode="json", exclude_defaults=True)
    theirs = select(outbox.c.key, outbox.c.state).where(outbox.c.lane == chat.key).order_by(outbox.c.key)
    rows = (await work.session.execute(theirs.where(outbox.c.state.in_((HELD, OPEN))))).all()
    for state, instead in ((HELD, {"state": DONE, "body": blanks.told()}), (OPEN, {"body": said})):
        values = [bound.key(outbox, row.key) | instead for row in rows if row.state == state]
        await bound.rewrite(work.session, outbox, values, outbox.c.state == state)
    work.posts[:] = [post for post in work.posts if post.lane != chat.key]
