"""A chat that works under a name is its owner's, or it is shut at once with all that was meant for it."""

import pytest

from domain.cases import NotAllowed, NotNow
from domain.messages import Message
from services import joining
from services.refusals import TooNewToEnd
from storage import people, webchat
from storage.engine import Store
from storage.outbox import Delivery
from storage.people import Chat
from storage.tables import DONE, Outbox
from storage.work import Work
from tests.conftest import MONDAY, StoppedClock
from tests.storage import commune
from tests.storage.commune import said


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a commune in which a stranger has used an invitation of Minh's."""
    await commune.settle(store)
    await commune.put_in(store, said("stranger", "menu"), said("minh", "menu"), said("tuan", "menu"))
    async with store.work() as work:
        minh = await people.person_by_code(work, "minh")
        assert minh is not None
        token = await people.invite(work, minh.id)
    async with store.work() as work:
        await commune.chats_of(work, ["stranger"])
    async with store.work() as work:
        assert await joining.join(work, await one(work, "stranger"), token)
    return store


async def one(work: Work, address: str) -> Chat:
    """Return somebody's chat."""
    (chat,) = await commune.chats_of(work, [address])
    return chat


async def owner(store: Store, address: str) -> bool:
    """Say whether a chat is an official's."""
    async with store.read() as work:
        return (await one(work, address)).person_id is not None


async def ended(store: Store, by: str, address: str, *, strange: bool = True) -> None:
    """Let somebody end a chat, as the clock would finish it."""
    async with store.work() as work:
        key = work.keyring.blind("chat", "paper", address)
        await joining.end(work, await one(work, by), key, strange=strange)
    async with store.work() as work:
        await joining.ring_all(work, [key])


async def test_the_owner_shuts_it_and_what_was_on_its_way_is_not_read(desk: Store) -> None:
    """What was held for the morning is dropped, what is about to go says nothing, the page is cleared."""
    async with desk.work() as work:
        stranger = await one(work, "stranger")
        work.post(
            stranger, Message("bí mật"), "held", hold=work.rules.calendar.quiet_until(work.now) or MONDAY
        )
        work.post(stranger, Message("bí mật"), "open")
        shown = Delivery("k", "paper", stranger.key, "", Message("bí mật"), 1, False, None, MONDAY, MONDAY)
        await webchat.deliver(work, [shown])
    await ended(desk, "minh", "stranger")
    assert not await owner(desk, "stranger")
    assert await owner(desk, "minh")
    async with desk.read() as work:
        held, waiting = await work.session.get(Outbox, "held"), await work.session.get(Outbox, "open")
        assert held is not None
        assert waiting is not None
        assert held.state == DONE
        assert "bí mật" not in str(held.body) + str(waiting.body)
        assert await webchat.latest(work, (await one(work, "stranger")).key, 10) == []


async def test_the_stranger_does_not_shut_the_owner_out(desk: Store, clock: StoppedClock) -> None:
    """A chat that has only just joined ends no older one; a day later a new telephone may end the old."""
    with pytest.raises(TooNewToEnd):
        await ended(desk, "stranger", "minh")
    assert await owner(desk, "minh")
    clock.pass_(hours=25)
    await ended(desk, "stranger", "minh", strange=False)
    assert not await owner(desk, "minh")


async def test_nobody_else_ends_it(desk: Store) -> None:
    """Not a chief, not a citizen; nobody ends the chat they write in, nor one that is nobody's."""
    for by in ("tuan", "người dân"):
        with pytest.raises(NotAllowed):
            await ended(desk, by, "stranger")
    for by, address in (("minh", "minh"), ("minh", "người dân"), ("minh", "nobody at all")):
        with pytest.raises(NotNow):
            await ended(desk, by, address)
    assert await owner(desk, "stranger")
