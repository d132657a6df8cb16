"""Who has a live chat: read once a work, and what the work itself changes counts at once."""

from uuid import UUID

from sqlalchemy import select, update

from domain.cases import Act
from services.acts.act import act
from services.saying import undelivered
from services.standing import parties
from storage.cases import cases
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people, reached
from storage.people.people import Chat
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune


async def _person(work: Work, code: str) -> UUID:
    person = await people.person_by_code(work, code)
    assert person is not None
    return person.id


async def _reached(store: Store) -> list[str]:
    """Return which of the officials can be told something, in the seed's order."""
    async with store.read() as work:
        await reached.load(work)
        ids = {await _person(work, code): code for code in commune.OFFICIALS}
        return [ids[person] for person in parties.reachable(work, ids)]


async def _set(store: Store, code: str, **values: object) -> None:
    async with store.work() as work:
        theirs = update(Chat).where(Chat.person_id == await _person(work, code))
        await work.session.execute(theirs.values(**values))


async def test_who_has_no_chat_a_shut_one_or_one_behind_a_window_is_not_reached(
    store: Store, clock: StoppedClock
) -> None:
    """Each is passed over until they join, write again, or let the desk write again."""
    await commune.settle(store)
    assert await _reached(store) == list(commune.OFFICIALS)
    await _set(store, "tuan", person_id=None)
    await _set(store, "minh", blocked_at=clock.at)
    await _set(store, "lan", account="zalo-oa")
    assert await _reached(store) == ["ha", "lan"]
    clock.pass_(days=7, seconds=1)
    assert await _reached(store) == ["ha"]
    await _set(store, "lan", heard_at=clock.at)
    await _set(store, "minh", blocked_at=None)
    assert await _reached(store) == ["ha", "minh", "lan"]


async def test_what_a_work_changes_in_a_chat_counts_in_it(store: Store, clock: StoppedClock) -> None:
    """Whoever shuts the desk out, comes back or uses an invitation is counted before anything is written."""
    await commune.settle(store)
    async with store.work() as work:
        await reached.load(work)
        minh, tuan = await _person(work, "minh"), await _person(work, "tuan")
        theirs = (await people.chats_of(work, [minh]))[0]
        await undelivered.leave(work, theirs)
        assert parties.reachable(work, [minh, tuan]) == [tuan]
        theirs.blocked_at = None
        assert parties.reachable(work, [minh, tuan]) == [minh, tuan]
        theirs.blocked_at = clock.at
        new = people.open_chat(work, "paper", work.keyring.blind("chat", "paper", "new"), "new")
        token = await people.invite(work, minh)
        await work.session.flush()
        assert await people.accept_invite(work, new, token)
        assert parties.reachable(work, [minh, tuan]) == [minh, tuan]


async def test_a_case_goes_to_the_next_who_can_be_told(store: Store, clock: StoppedClock) -> None:
    """Officers, their chief, the heads: who has no live chat is passed over like who is absent."""
    await commune.settle(store)
    await commune.open_cases(store, 1)
    assert await _workers(store) == ["Lê Văn Minh"]
    await _set(store, "minh", blocked_at=clock.at)
    assert await _workers(store) == ["Trần Anh Tuấn"]
    await _set(store, "tuan", blocked_at=clock.at)
    assert await _workers(store) == ["Hà Thị Thu"]
    await _set(store, "ha", blocked_at=clock.at)
    assert await _workers(store) == ["Lê Văn Minh"]  # it stays with the unit, to be shown to who comes back


async def test_who_can_be_told_is_read_once_a_work(store: Store) -> None:
    """However many acts one work has, and whoever is told of them."""
    await commune.settle(store)
    code, *_ = await commune.open_cases(store, 3)
    with commune.statements(store) as seen:
        async with store.work() as work:
            chat = (await people.chats_of(work, [await _person(work, "minh")]))[0]
            for case in [await cases.by_code(work, one) for one in (code, *_)]:
                assert case is not None
                await act(work, case, Act.ACCEPT, parties.Actor.of(chat))
    assert sum("FROM role" in statement and "chat.blocked_at" in statement for statement in seen) == 1


async def _workers(store: Store) -> list[str]:
    async with store.read() as work:
        await reached.load(work)
        case = await work.session.scalar(select(Case))
        assert case is not None
        return [await people.name_of(work, person) for person in parties.workers(work, case)]
