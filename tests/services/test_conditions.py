"""What is easily walked past: a second person, a second chat, the night, and what changes nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.cases import State
from domain.people import Role
from handlers.engine.conversation import Talk, Turn
from handlers.officer import answer
from services.acts import recomputing, withdrawing
from services.acts.act import act
from services.acts.moving import Move
from services.clock import overdue
from services.intake import drafts, new_cases
from services.intake.duplicates import likeness_to
from services.intake.new_cases import Draft
from services.office import office
from services.saying.cards import citizen_choices
from services.saying.telling import Telling
from services.standing import guards, parties
from services.standing.kinds import Intent
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import OwnRequest
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.tables import Lane
from storage.mail import lanes
from storage.office.changes import Change
from storage.people import people
from storage.people.people import Chat
from tests.services.test_superiors import case, person
from tests.services.test_superiors import office as desk_of
from tests.services.two_channels import DRAIN, Two, case_of, key

CITIZEN, OTHER = "ba-tu", "chi-sau@card"


# --- a second person ---------------------------------------------------------------------------


def test_nobody_grants_what_a_colleague_asks_for_a_case_in_their_own_hands() -> None:
    """Though they stand above whoever asks: the second person would be the first."""
    work = desk_of([None], [(0, 0, Role.HEAD), (1, 0, Role.SUPERVISOR), (2, 0, Role.OFFICER)])
    mine = case(0, asker=2, officer=1)
    with pytest.raises(OwnRequest):
        guards.another_asked()(Intent(work, mine, Actor(person_id=person(1))))
    guards.another_asked()(Intent(work, mine, Actor(person_id=person(0))))


def test_who_stands_in_for_a_head_is_no_head() -> None:
    """They act as a chief: who brought a sealed case is opened by nobody in somebody else's place."""
    work = desk_of([None], [(0, 0, Role.HEAD), (1, 0, Role.OFFICER)], [(0, 1)])
    roles = parties.roles_of(work, cast("Chat", SimpleNamespace(key="k", home=None, person_id=person(1))))
    assert roles == {Role.OFFICER, Role.SUPERVISOR}


async def test_a_follower_who_acts_does_not_hear_of_it_as_a_follower(two: Two) -> None:
    """The officer who answers a case they followed as a neighbour knows what they wrote."""
    code = await two.case(CITIZEN)
    await two.says(OTHER, "xin chào")
    async with two.store.work() as work:
        followed = await case_of(work, code)
        for who in ("minh", OTHER):
            await people.load_chats(work, [key(work, who)])
            await stored.follow(work, followed, key(work, who))
    await two.officer("accept", code)
    before = len(two.told("minh"))
    await two.officer("answer", code, answer="Đã nạo vét cống thôn 3, nước đã thoát.", files=[])
    news = two.told(OTHER)[-1]
    assert code in news
    assert news not in two.told("minh")[before:]


async def test_being_made_to_withdraw_a_close_case_is_no_news_for_its_units_chief(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom it speaks of may be among them: those who head the desk hear of it, and nobody below."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        close = await case_of(work, code)
        telling = Telling(work, close, CLOCK)
        tuan, ha = [(await people.chat(work, key(work, who))).person_id for who in ("tuan", "ha")]
        assert withdrawing._above(telling) == [tuan]
        close.confidential, close.officer_id = True, UUID(int=1)
        monkeypatch.setattr(parties, "handling", lambda *_: [])
        assert withdrawing._above(telling) == [ha]


# --- the night ---------------------------------------------------------------------------------


async def test_nobody_is_woken_for_what_was_urgent_and_is_over(two: Two) -> None:
    """The clock wakes people while it is open; whoever acts is awake, whatever it was."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        urgent = await case_of(work, code)
        urgent.urgency = "khan"
        chat = await people.chat(work, key(work, "minh"))
        assert Telling(work, urgent, CLOCK)._may_wake(chat)
        urgent.state = State.ANSWERED
        assert not Telling(work, urgent, CLOCK)._may_wake(chat)
        assert Telling(work, urgent, Actor(person_id=UUID(int=1)))._may_wake(chat)


@pytest.mark.parametrize(("to", "rings_anew"), [(date(2026, 12, 1), True), (date(2026, 12, 20), False)])
async def test_alarms_of_a_nearer_date_are_rung(
    two: Two, monkeypatch: pytest.MonkeyPatch, to: date, *, rings_anew: bool
) -> None:
    """Where a change of the calendar brings the date nearer, what should have rung by now still does."""
    code = await two.case(CITIZEN)

    def reckon(_: object, changed: Case) -> None:
        changed.due_at = datetime.combine(to, time(10), UTC)

    async with two.store.read() as work:
        moved = await case_of(work, code)
        moved.due_at, rung = datetime(2026, 12, 10, 10, tzinfo=UTC), work.now + timedelta(days=1)
        moved.alarmed_at = rung
        monkeypatch.setattr(recomputing, "reckon", reckon)
        recomputing.recompute(work, moved)
        assert moved.alarmed_at == (moved.clock_from if rings_anew else rung)


async def test_what_waits_for_the_citizen_is_not_in_the_evenings_list(two: Two) -> None:
    """Its clock stands still: whatever its old date was, nobody is late with it."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        late = await case_of(work, code)
        work.now = late.due_at + timedelta(days=30)
        assert list(overdue._told_of(work, late))
        late.state = State.ASKED
        assert not list(overdue._told_of(work, late))


# --- what is kept ------------------------------------------------------------------------------


async def test_a_sealed_case_does_not_say_for_whom_it_was_written(two: Two) -> None:
    """“For my mother, Nguyễn Thị Tư of hamlet 3” would name who sent it; nor is more told after it."""
    async with two.store.read() as work:
        heard = work.rules.understanding.read(DRAIN)
        told = Draft(heard, "số 12 thôn 3", heard.topic, on_behalf="mẹ tôi, bà Tư", then=("gap",))
        sealed = new_cases.sealed(work.rules, told)
        assert (sealed.sealed, sealed.on_behalf, sealed.then, "12" in sealed.place) == (True, "", (), False)


@pytest.mark.parametrize("flow", sorted(drafts.OF_OTHERS))
def test_what_is_written_down_for_somebody_else_appears_on_no_screen_by_itself(flow: str) -> None:
    """A nudge on the officer's phone would quote what somebody said at the counter."""
    talk: Mapping[str, Any] = {"flow": flow, "seed": {"heard": {"text": DRAIN}}, "answers": {}}
    assert drafts._in_confidence(talk)
    assert not drafts._in_confidence({**talk, "flow": "report"})


async def test_without_a_hamlet_all_the_words_must_agree(two: Two) -> None:
    """Two who tell of a blocked drain somewhere in the commune may mean two drains."""
    told, other = "cống thoát nước bị tắc gây ngập đường", "cống thoát nước bị tắc gây mùi hôi"
    async with two.store.read() as work:
        commune = work.rules.directory.home.code
        assert likeness_to(work, told, "thon_3")(other, "thon_3") > 0
        assert likeness_to(work, told, commune)(other, commune) == 0
        assert likeness_to(work, told, commune)(told, commune) == 1


async def test_an_alarm_that_is_kept_close_is_not_withdrawn_by_a_button(two: Two) -> None:
    """Whoever holds the phone there may press it; one that is not is its sender's to withdraw."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        alarm = await case_of(work, code)
        alarm.urgency = "khan"
        assert citizen_choices(work, alarm, "vi")
        alarm.confidential = True
        assert not citizen_choices(work, alarm, "vi")


# --- what changes nothing ----------------------------------------------------------------------


async def test_who_is_spoken_of_moves_no_case_and_begins_no_count(two: Two) -> None:
    """Only where another unit has it does the time to pick it up begin again."""
    code = await two.case(CITIZEN)
    async with two.store.work() as work:
        here = await case_of(work, code)
        since = here.handed_at
        other = next(unit for unit in work.rules.directory.units if unit.code == "vp_xa")
    two.clock.pass_(hours=1)
    async with two.store.work() as work:
        here = await case_of(work, code)
        await act(work, here, Move(str(here.unit_id), included=[str(other.id)]), CLOCK)
        assert here.handed_at == since
        await act(work, here, Move(str(other.id), cleared=[str(other.id)]), CLOCK)
        assert here.handed_at == work.now


def test_who_leaves_a_role_has_left_the_day_after_its_last() -> None:
    """On the last day they still serve: looked at then, nothing would follow, and nobody looks again."""
    last = {"person_id": UUID(int=5), "valid_to": date(2026, 12, 31)}
    (step,) = office._leavers([Change("role", None, last)])
    assert step == {"what": "leave", "person": str(UUID(int=5)), "on": "2027-01-01"}


async def test_an_idle_lane_takes_the_priority_of_what_comes(two: Two) -> None:
    """A bulk message does not go before replies because a reply was the last that was said there."""
    async with two.store.work() as work:
        for priority in (1, 9):
            await lanes.wake(work.session, "out", lanes.tally([("paper", "one", priority)]), work.now)
            kept = await work.session.scalar(select(Lane.priority).where(Lane.key == "one"))
            assert kept == priority
            await lanes.release(work.session, "out", [lanes.Release("paper", "one", 1, work.now)])


async def test_one_answer_for_many_passes_over_what_has_changed_meanwhile(two: Two) -> None:
    """Whoever answers has not read what came since."""
    code = await two.case(CITIZEN)
    await two.officer("accept", code)
    async with two.store.work() as work:
        chat = await people.chat(work, key(work, "minh"))
        waits = await case_of(work, code)
        turn = Turn(work, chat, Talk(), {})
        assert not await answer._also(turn, code, waits.version - 1, "Đã nạo vét cống, nước đã thoát.", [])
        assert waits.state == State.ACCEPTED
        assert await answer._also(turn, code, waits.version, "Đã nạo vét cống, nước đã thoát.", [])
