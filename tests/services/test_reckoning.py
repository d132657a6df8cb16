"""The clock of a case that waits for its citizen."""

from datetime import timedelta

from domain.cases import Act
from scheduler.clock import tick
from services.acts import asking
from services.acts.act import act, recompute_all
from services.standing.parties import Actor
from storage.cases import cases
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune


async def officer(work: Work) -> Chat:
    """Return the chat of the commune's officer."""
    person = await people.person_by_code(work, "minh")
    assert person is not None
    (chat,) = await people.chats_of(work, [person.id])
    return chat


async def test_a_pause_that_goes_on_moves_no_date(sqlite_store: Store, clock: StoppedClock) -> None:
    """While an officer waits for the citizen nothing is due anew; the answer adds the days that passed."""
    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        by = Actor.of(await officer(work))
        await act(work, case, Act.ACCEPT, by)
        await act(work, case, asking.Ask("Đoạn nào ạ?"), by)
        due_on = case.due_on
    clock.pass_(days=2)
    async with sqlite_store.work() as work:
        assert await recompute_all(work) == 0
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert case.due_on == due_on
        await act(work, case, asking.Reply("Trước nhà văn hóa"), Actor(case.chat_key))
        assert case.due_on == work.rules.calendar.add_working_days(due_on, 2)
        assert case.due_at - case.opened_at > timedelta(days=4)


async def test_a_question_hides_no_delay(sqlite_store: Store, clock: StoppedClock) -> None:
    """What those above must know, and fell into the days the citizen was waited for, is rung right after."""
    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        await act(work, case, Act.ACCEPT, Actor.of(await officer(work)))
        clock.at = case.due_at + timedelta(hours=1)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        await act(work, case, asking.Ask("Đoạn nào ạ?"), Actor.of(await officer(work)))
    for _ in range(4):
        clock.pass_(days=1)
        await tick(sqlite_store)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert case.state == "asked"
        await act(work, case, asking.Reply("Trước nhà văn hóa"), Actor(case.chat_key))
    clock.pass_(seconds=1)
    await tick(sqlite_store)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        said = [line.act for line in await cases.history(work, case)]
        assert said[-1] == Act.ESCALATE, said
        assert said.count(Act.ESCALATE) == 1, said
