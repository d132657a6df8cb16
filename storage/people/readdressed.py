"""A chat that goes on at another address: a group that its platform made a larger one of."""

from sqlalchemy import delete

from storage.ground.tables import Card
from storage.ground.work import Work
from storage.mail import outbox
from storage.mail.outbox import Delivery
from storage.people import people
from storage.people.people import Chat


async def move_chat(
    work: Work, account: str, old_key: str, new_address: str, freed: Delivery | None = None
) -> Chat | None:
    """Let a chat go on at a new address, with its talk and all that waits for it; returns the new chat.

    The old one takes no more messages, and its cards are forgotten: what the platform called them there says
    nothing at the new address. It comes to the same however often it is done, and whichever side tells first;
    what the new chat knows by then stays. `freed` is a message a sender held. None if there was no such chat.
    """
    new_key = work.keyring.blind("chat", account, new_address)
    await people.load_chats(work, sorted((old_key, new_key)))
    old = work.chats.get(old_key)
    if old is None or new_key == old_key:
        return old
    known = new_key in work.chats
    new = people.open_chat(work, account, new_key, new_address)
    if not known:
        new.language, new.talk, new.menu, new.busy = old.language, old.talk, old.menu, old.busy
        new.muted, new.heard_at = old.muted, old.heard_at
    new.group = old.group or new.group
    new.unit_id = new.unit_id or old.unit_id
    old.blocked_at = old.blocked_at or work.now
    old.unit_id = None
    await work.session.execute(delete(Card).where(Card.chat_key == old_key))
    await work.session.flush()  # chats before lanes, as every writer does
    await outbox.move(work, account, old_key, new_key, freed)
    return new
