"""Whether it held is asked of those who may be asked, and reopens what did not hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.aftercare import CheckBack
from domain.cases import Act, State
from services.acts import moments
from services.acts.act import act, authorise
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import TooLate
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune


@pytest.fixture
async def closed(store: Store) -> Store:
    """Have one case answered and closed, in an office that asks after every one."""
    await commune.settle(store)
    (code,) = await commune.open_cases(store, 1)
    async with store.work() as work:
        case = await _case(work, code)
        case.state, case.answered_at, case.answer = State.CLOSED, work.now, "Đã thông cống."
    return store


async def _case(work: Work, code: str = "") -> Case:
    work.desk = replace(work.desk, check_back=CheckBack(of_hundred=100))
    if not code:
        (code,) = await stored.codes_of(work, (await commune.chats_of(work, ["người dân 0"]))[0].key, 1)
    case = await stored.by_code(work, code)
    assert case is not None
    return case


@pytest.mark.parametrize(
    "kept", [{}, {"sealed": True}, {"confidential": True}, {"declined": "other"}, {"state": State.ANSWERED}]
)
async def test_only_what_was_done_in_the_open_is_asked_after(closed: Store, kept: dict[str, object]) -> None:
    """Never a case kept close or sealed, one that was declined, or one that is not closed."""
    async with closed.work() as work:
        case = await _case(work)
        for name, value in kept.items():
            setattr(case, name, value)
        acts = [moment.act for moment in moments.moments(work, case)]
    assert (Act.CHECK_BACK in acts) is not bool(kept)


@pytest.mark.parametrize("quiet", [False, True])
async def test_who_wants_quiet_is_not_asked(closed: Store, clock: StoppedClock, quiet: bool) -> None:
    """Muted, they hear nothing, and the days for reopening are not counted anew."""
    clock.pass_(days=32)
    async with closed.work() as work:
        case = await _case(work)
        chat = await people.chat(work, case.chat_key)
        chat.muted = quiet
        await act(work, case, Act.CHECK_BACK, CLOCK)
        assert [post.lane for post in work.posts] == ([] if quiet else [chat.key])
        assert (case.checked_at is None) is quiet
        if quiet:
            with pytest.raises(TooLate):
                authorise(work, case, Act.REOPEN, Actor.of(chat), None)
        else:
            authorise(work, case, Act.REOPEN, Actor.of(chat), None)


async def test_after_a_case_was_asked_after_the_days_for_reopening_begin_anew_once(
    closed: Store, clock: StoppedClock
) -> None:
    """Thirty more days and no longer; once asked, it is not asked again."""
    clock.pass_(days=32)
    async with closed.work() as work:
        case = await _case(work)
        await act(work, case, Act.CHECK_BACK, CLOCK)
        assert moments.moments(work, case) == []
        by = Actor(case.chat_key)
        for days, late in ((30, False), (30.1, True)):
            work.now = clock.at + timedelta(days=days)
            if late:
                with pytest.raises(TooLate):
                    authorise(work, case, Act.REOPEN, by, None)
            else:
                authorise(work, case, Act.REOPEN, by, None)
