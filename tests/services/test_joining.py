"""A chat that works under a name is its owner's, or it is shut at once with all that was meant for it."""

import pytest

from domain.cases import NotAllowed, NotNow
from domain.messages import Message
from services.office import joining
from services.standing.refusals import TooNewToEnd
from storage.ground.tables import DONE, Outbox
from storage.ground.work import REPLY, Work
from storage.mail import webchat
from storage.mail.outbox import Delivery
from storage.office import changes
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store
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


async def test_an_answer_that_waits_is_taken_back_too(desk: Store) -> None:
    """What was asked for last may show a case."""
    async with desk.work() as work:
        work.post(await one(work, "stranger"), Message("bí mật"), "answer", priority=REPLY)
    await ended(desk, "minh", "stranger")
    async with desk.read() as work:
        answer = await work.session.get(Outbox, "answer")
        assert answer is not None
        assert "bí mật" not in str(answer.body)


async def test_an_open_page_hears_that_everything_is_taken_off(desk: Store) -> None:
    """Its bubbles are named to it, so that a page somebody left open shows nothing any more."""
    async with desk.work() as work:
        key = (await one(work, "stranger")).key
        shown = Delivery("k", "paper", key, "", Message("bí mật"), 1, False, None, MONDAY, MONDAY)
        await webchat.deliver(work, [shown])
        assert await webchat.gone(work, key) == set()
    await ended(desk, "minh", "stranger")
    async with desk.read() as work:
        assert len(await webchat.gone(work, key)) == 1


async def test_what_was_ended_is_recorded_and_is_nothing_to_undo(desk: Store) -> None:
    """Who ended whose chat stands among the changes; the way back passes it over."""
    await ended(desk, "minh", "stranger")
    async with desk.work() as work:
        newest = (await changes.listed(work))[0]
        assert newest.note == "Ngắt một nơi nhắn tin của Lê Văn Minh (kênh khác)."
        assert newest.person_id == (await one(work, "minh")).person_id
        assert (await changes.latest(work)).number < newest.number
        with pytest.raises(changes.NothingToUndo):
            await changes.latest(work, newest.number)


async def invited(store: Store, code: str, **under: bool) -> bool:
    """Let somebody come in anew by an invitation that ends their other chats. True where it does."""
    await commune.put_in(store, said("new", "menu"), said(code, "menu"))
    async with store.work() as work:
        await commune.chats_of(work, ["new", code])
    async with store.work() as work:
        person = await people.person_by_code(work, code)
        assert person is not None
        token = await people.invite(work, person.id)
        await changes.note_invite(work, "", None, token, under)
    async with store.work() as work:
        assert await joining.join(work, await one(work, "new"), token)
    assert await owner(store, "new")
    return not await owner(store, code)


async def test_an_invitation_may_end_the_older_chats(desk: Store) -> None:
    """All of them, at once, however young the new one is; each is recorded."""
    assert await invited(desk, "minh", two=False)
    assert not await owner(desk, "stranger")
    async with desk.read() as work:
        notes = [change.note for change in await changes.listed(work)]
        assert notes[:2] == ["Ngắt một nơi nhắn tin của Lê Văn Minh (kênh khác)."] * 2


@pytest.mark.parametrize("two", [True, False])
async def test_of_who_reads_what_is_kept_close_two_have_to_choose_it(desk: Store, *, two: bool) -> None:
    """An invitation that one person has issued ends no chat of a head's, whatever was chosen with it."""
    assert await invited(desk, "ha", two=two) is two


async def test_an_invitation_that_says_nothing_of_them_ends_no_chat(desk: Store) -> None:
    """They are told, and may shut the new one."""
    assert await owner(desk, "minh")
    assert await owner(desk, "stranger")
