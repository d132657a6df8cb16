"""What is held for the night is waited for from the morning; what never left is not waited for at all."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.cases import Act, NotNow
from services.acts.moments import moments
from services.clock import alarms
from services.saying import arrival
from storage.cases.cases import history
from storage.ground.tables import OPEN, Outbox
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.conversations.test_hands import Hands

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
ANSWER = "Ngày 16/11 xã đã nạo vét xong cống thôn 3, nước thoát rồi."


@pytest.fixture
async def hands(player: Player) -> Hands:
    """Let a case be taken on a Monday morning."""
    await player.seat("officer")
    found = Hands(player)
    await found.begin(DRAIN)
    await found.do("officer", Act.ACCEPT)
    return found


async def test_a_question_of_the_night_is_waited_for_from_the_morning(
    hands: Hands, clock: StoppedClock
) -> None:
    """Asked on Friday at 21:31 it comes on Monday at seven: two days and five are counted from there."""
    clock.pass_(days=4, hours=12, minutes=31)
    await hands.do("officer", Act.ASK, question="Cống nào, gần nhà ai ạ?")
    async with hands.work() as (work, case):
        monday = work.rules.calendar.quiet_until(work.now)
        assert monday is not None
        assert case.told_at == monday
        again, lapse = moments(work, case)
        assert (again.act, again.at - monday) == (Act.ASK_AGAIN, timedelta(days=2))
        assert lapse.act is Act.LAPSE
        assert lapse.at - monday >= timedelta(days=5)
        assert work.rules.calendar.quiet_until(lapse.at) is None


async def test_nobody_rates_what_they_could_not_read(hands: Hands, clock: StoppedClock) -> None:
    """An answer of the night is rated in the morning, or once it has been looked up."""
    clock.pass_(hours=13)
    await hands.do("officer", Act.ANSWER, answer=ANSWER)
    with pytest.raises(NotNow):
        await hands.do("citizen", Act.RATE, rating=5)
    await hands.do("citizen", Act.LOOK)
    await hands.do("citizen", Act.RATE, rating=5)


async def test_what_never_left_is_not_waited_for(hands: Hands) -> None:
    """A question whose message still stands in the outbox when its time is up is waited for anew."""
    await hands.do("officer", Act.ASK, question="Cống nào, gần nhà ai ạ?")
    await hands.player.settle()
    async with hands.work() as (work, case):
        asked = Outbox.key.startswith(f"{case.code}:{case.history_length}:")
        keys = list(await work.session.scalars(select(Outbox.key).where(asked)))
        assert not await arrival.is_on_its_way(work, case)
        await work.session.execute(update(Outbox).where(Outbox.key.in_(keys)).values(state=OPEN))
        assert await arrival.is_on_its_way(work, case)


async def test_the_clock_waits_anew_for_what_never_left(hands: Hands, clock: StoppedClock) -> None:
    """Nobody is asked again, nor loses their case, over a question that still stands in the outbox."""
    await hands.do("officer", Act.ASK, question="Cống nào, gần nhà ai ạ?")
    async with hands.work() as (work, case):
        again, _ = moments(work, case)
    clock.at = again.at
    async with hands.work() as (work, case):
        await alarms.ring(work, case.id)
        assert case.told_at == work.now
        assert moments(work, case)[0].at > work.now
        assert Act.ASK_AGAIN not in [line.act for line in await history(work, case)]
