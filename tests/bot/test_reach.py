"""A platform's window: what it lets through, what it keeps back for news, and what is counted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.channels.channel import Outcome, Part, Sent
from bot.sender import Sender
from bot.wakeup import Wakeup
from domain.messages import Message
from storage.ground.tables import DEAD, DONE, Chat, Outbox
from storage.ground.work import Work
from storage.mail import quotas
from storage.mail.outbox import Delivery
from storage.office.rulebook import Library
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper

WINDOW = {"free_hours": 48, "free_messages": 3, "open_days": 7, "reserve": 1, "quota_reserve": 2}

LET_GO = -1
"""Stands for what was not sent, with a reason, and needs nobody to look at it."""


class Official(Paper):
    """A channel with a window, which says after each message what is left."""

    account = "official"

    def __init__(self, left: Sequence[int] = ()) -> None:
        super().__init__()
        self.left = list(left)

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Write it down."""
        await super().send(delivery, part)
        return Sent(delivery.key, left=("own", self.left.pop(0)) if self.left else None)


async def _open(store: Store) -> Chat:
    """Let a window be in force, and somebody have written just now."""
    library = Library()
    async with store.work() as work:
        rules = await library.rules(work.session)
        reaching = type(rules.reaching).parse({"windows": {"accounts": {"official": WINDOW}}})
        windowed: Any = replace(rules, reaching=reaching)
        chat = Chat(
            key="c" * 32, account="official", address="7", menu=[], created_at=work.now, heard_at=work.now
        )
        work.session.add(chat)

    class Fixed(Library):
        async def rules(self, session: Any) -> Any:  # noqa: ANN401 - as the library's
            return windowed

    store.library = Fixed()
    return chat


async def _say(store: Store, channel: Official, chat: Chat, *messages: Message) -> list[int]:
    """Post messages one after the other, let each be sent, and return the states they end in."""
    sender, states = Sender(store, channel, Wakeup(1)), []
    for message in messages:
        async with store.work() as work:
            key = f"m{await _count(work)}"
            work.post(await work.session.get_one(Chat, chat.key), message, key)
        await sender.step()
        async with store.read() as work:
            row = await work.session.get_one(Outbox, key)
            states.append(LET_GO if row.state == DONE and row.error else row.state)
    return states


async def _count(work: Work) -> int:
    return len((await work.session.scalars(select(Outbox.key))).all())


CHATTER, NEWS = Message("đã xem"), Message("có tin", case="HB-7K3M2RT")


async def test_edge_24_the_last_free_message_is_kept_for_news(store: Store) -> None:
    """Two of three free messages go to anything, the third only to news; what is kept back is not sent."""
    chat = await _open(store)
    told = await _say(store, Official(), chat, CHATTER, CHATTER, CHATTER, NEWS)
    assert told == [DONE, DONE, LET_GO, DONE]


async def test_writing_again_opens_the_window_anew(store: Store) -> None:
    """What was sent before somebody wrote counts no more."""
    chat = await _open(store)
    await _say(store, Official(), chat, CHATTER, CHATTER)
    async with store.work() as work:
        heard = update(Chat).where(Chat.key == chat.key).values(told=0, heard_at=work.now)
        await work.session.execute(heard)
    assert await _say(store, Official(), chat, CHATTER) == [DONE]


async def test_edge_24_after_the_free_time_the_quota_is_spent_and_its_rest_kept(
    store: Store, clock: StoppedClock
) -> None:
    """The platform says what is left; its last messages are for news, and at none nothing is tried."""
    chat = await _open(store)
    clock.pass_(hours=49)
    channel = Official([3, 2, 1, 0])
    told = await _say(store, channel, chat, CHATTER, CHATTER, CHATTER, NEWS, NEWS, NEWS)
    assert told == [DONE, DONE, LET_GO, DONE, DONE, DEAD]
    async with store.read() as work:
        assert await quotas.left(work, "official") == 0
    clock.pass_(days=1, minutes=1)
    async with store.read() as work:
        assert await quotas.left(work, "official") is None


async def test_after_seven_days_nothing_goes(store: Store, clock: StoppedClock) -> None:
    """A closed window is not knocked at; news that can go no other way is a dead letter."""
    chat = await _open(store)
    clock.at += timedelta(days=7, seconds=1)
    channel = Official()
    assert await _say(store, channel, chat, CHATTER, NEWS) == [LET_GO, DEAD]
    assert channel.told == []


async def test_one_claim_does_not_spend_the_same_quota_twice(store: Store, clock: StoppedClock) -> None:
    """Several messages of one claim share what is left: of three for three people, one goes."""
    chat = await _open(store)
    clock.pass_(hours=49)
    async with store.work() as work:
        await quotas.note(work, "official", [("own", 1)])
        others = [_another(chat, name) for name in "de"]
        work.session.add_all(others)
        await work.session.flush()
        for number, one in enumerate([chat, *others]):
            work.post(one, NEWS, f"n{number}")
    await Sender(store, Official(), Wakeup(1)).step()
    async with store.read() as work:
        states = (await work.session.scalars(select(Outbox.state).order_by(Outbox.state))).all()
    assert states == [DONE, DEAD, DEAD]


def _another(chat: Chat, name: str) -> Chat:
    """Return another person's chat, who wrote at the same time."""
    return Chat(
        key=name * 32,
        account=chat.account,
        address=name,
        menu=[],
        created_at=chat.created_at,
        heard_at=chat.heard_at,
    )
