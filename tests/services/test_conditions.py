"""What is easily walked past: a second person, a second chat, the night, and what changes nothing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.alarms import Alarm, AlarmKind, Level
from domain.cases import Act, State
from domain.people import Role
from handlers.engine.conversation import Talk, Turn
from handlers.officer import answer
from services.acts import moments, recomputing, withdrawing
from services.acts.act import act
from services.acts.closing import Reopen
from services.acts.moving import Move
from services.acts.reminding import Alarming
from services.clock import alarms, overdue
from services.intake import drafts, new_cases
from services.intake.new_cases import Draft
from services.office import office
from services.saying.cards import citizen_choices
from services.saying.telling import Telling
from services.standing import besides, exclusion, guards, hands, keepers, parties, reach, rounds, senders
from services.standing.alike import likeness_to
from services.standing.kinds import Intent
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import OwnRequest
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.tables import Lane
from storage.mail import lanes
from storage.office.changes import Change
from storage.people import people, reached
from storage.people.people import Chat
from tests.services.levels import Province
from tests.services.test_superiors import case, person
from tests.services.test_superiors import office as desk_of
from tests.services.two_channels import DRAIN, PENSION, Two, case_of, key

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


def test_who_stands_in_for_an_admin_reads_no_notes_of_the_admins_unit() -> None:
    """Only work on cases is lent, and with it the unit whose cases and notes are read."""
    held = [(0, 0, Role.OFFICER), (1, 1, Role.OFFICER), (2, 2, Role.ADMIN)]
    work = desk_of([None, None, None], held, [(0, 1), (2, 1)])
    assert reach.units_of(work, person(1)) == {UUID(int=1), UUID(int=2)}


@pytest.mark.parametrize("away", [True, False])
def test_who_stands_in_for_a_chief_of_the_accused_opens_no_sender(*, away: bool) -> None:
    """A keeper is one in whoever's place they work: what the chief may not know, they are not to open."""
    held = [(0, 1, Role.OFFICER), (1, 2, Role.KEEPER), (2, 0, Role.SUPERVISOR)]
    work = desk_of([None, 0, None], held, [(2, 1)] if away else [])
    sealed = case(1)
    sealed.sealed, sealed.excluded = True, [str(UUID(int=2))]
    assert keepers.is_one(work, sealed, person(1)) is not away


def test_whoever_is_spoken_of_lends_nothing_of_that_case() -> None:
    """Also to a chief of another unit, who may read it by a key of their own: not in that one's place."""
    held = [(0, 0, Role.OFFICER), (1, 1, Role.SUPERVISOR)]
    work, spoken = desk_of([None, None], held, [(0, 1)]), case(0)
    stand_in = Actor(person_id=person(1))
    assert [lent.role for lent in parties._lent(work, spoken, stand_in)] == [Role.OFFICER]
    spoken.excluded_people = [str(person(0))]
    assert parties._lent(work, spoken, stand_in) == []


def test_a_case_of_somebody_it_speaks_of_is_not_in_their_stand_ins_hands() -> None:
    """Whoever works in somebody's place has what is theirs, unless that one stands outside."""
    held = [(0, 0, Role.OFFICER), (1, 1, Role.SUPERVISOR)]
    work, taken = desk_of([None, None], held, [(0, 1)]), case(0, officer=0)
    assert parties.has_it(work, taken, person(1))
    taken.excluded_people = [str(person(0))]
    assert not parties.has_it(work, taken, person(1))


def test_what_somebody_asked_for_falls_away_once_the_case_is_their_own() -> None:
    """Though it is in a colleague's hands, who goes on with it."""
    work, theirs = desk_of([None], [(0, 0, Role.OFFICER), (1, 0, Role.OFFICER)]), case(0, asker=1, officer=0)
    assert senders.add(work, theirs, [str(person(1))]) is None
    assert (theirs.request, theirs.officer_id) == (None, person(0))


async def test_what_an_officer_cannot_be_told_is_told_to_who_may_take_it(two: Two) -> None:
    """Their chat is shut: the case is theirs, and what comes in reaches somebody all the same."""
    code = await two.case(CITIZEN)
    await two.officer("accept", code)
    async with two.store.read() as work:
        taken = await case_of(work, code)
        await reached.load(work)
        minh, tuan = [await people.chat(work, key(work, who)) for who in ("minh", "tuan")]
        assert parties.handling(work, taken) == [minh.person_id]
        minh.blocked_at = work.now
        assert parties.handling(work, taken) == [tuan.person_id]


def test_who_is_spoken_of_stays_outside_in_a_chat_that_is_tied_to_theirs() -> None:
    """It is one person, whichever telephone they look it up with."""
    work = desk_of([None], [(0, 0, Role.OFFICER)])
    work.linked = {"home": [cast("Chat", SimpleNamespace(person_id=person(0)))]}
    spoken = case(0)
    spoken.excluded_people = [str(person(0))]
    assert parties.is_outside(work, spoken, Actor("there", None, "home"))
    assert not parties.is_outside(work, spoken, Actor("there", None))


async def test_nobody_reads_that_a_unit_is_silent_where_one_of_it_is_told(two: Two) -> None:
    """A chief who hears of a case besides its officers is told in nobody's place."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        told = await case_of(work, code)
        await reached.load(work)
        ha, minh, tuan = [(await people.chat(work, key(work, who))) for who in ("ha", "minh", "tuan")]
        assert parties.silent_unit(work, told, ha.person_id) is None
        told.excluded_people = [str(one.person_id) for one in (minh, tuan)]
        assert parties.silent_unit(work, told, ha.person_id) == told.unit_id


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


async def test_no_number_is_given_at_which_whoever_is_spoken_of_may_answer(wide: Province) -> None:
    """The next unit with a number is called instead."""
    code = await wide.open()
    async with wide.at(code) as (work, told):
        usual = exclusion.hotline(work, told)
        assert usual is not None
        told.excluded = [str(usual.id)]
        assert exclusion.hotline(work, told) not in {usual, None}


async def test_what_a_sender_says_elsewhere_is_kept_from_the_unit_it_accuses(two: Two) -> None:
    """Also while nobody there has the case: whoever takes it would read it."""
    one, other = await two.case(CITIZEN), await two.case(OTHER, PENSION)
    async with two.store.read() as work:
        asking, close = await case_of(work, one), await case_of(work, other)
        assert besides.shut_to_asker(work, asking, [asking, close]) == []
        close.confidential, close.excluded = True, [str(asking.unit_id)]
        assert besides.shut_to_asker(work, asking, [asking, close]) == [close]


async def test_a_case_let_go_waits_to_be_taken_from_then_on(two: Two) -> None:
    """Whoever may take it has the usual time for that, however long it was in other hands."""
    code = await two.case(CITIZEN)
    await two.officer("accept", code)
    two.clock.pass_(hours=5)
    async with two.store.read() as work:
        free = await case_of(work, code)
        assert hands.let_go(work, free) == State.RECEIVED
        assert (free.officer_id, free.handed_at) == (None, work.now)


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


async def test_what_is_urgent_is_not_left_to_the_morning_message(two: Two) -> None:
    """It is said at once, by itself; only what can wait is gathered."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        late = await case_of(work, code)
        alarm = next(moment for moment in moments.moments(work, late) if moment.alarm is not None)
        work.mornings = frozenset({rounds.of_case(work, late)})
        for urgency, left in (("thuong", True), ("khan", False)):
            late.urgency = urgency
            said = alarms._asked(work, late, alarm)
            assert isinstance(said, Alarming)
            assert said.morning is left


async def test_what_waits_for_the_citizen_is_not_in_the_evenings_list(two: Two) -> None:
    """Its clock stands still: whatever its old date was, nobody is late with it."""
    code = await two.case(CITIZEN)
    async with two.store.read() as work:
        late = await case_of(work, code)
        work.now = late.due_at + timedelta(days=30)
        assert list(overdue._told_of(work, late))
        late.state = State.ASKED
        assert not list(overdue._told_of(work, late))


async def test_an_evenings_list_is_not_said_in_the_night(two: Two) -> None:
    """Rung late, after an outage, it is left to the next: in the morning it would be yesterday's."""
    await two.case(CITIZEN)
    async with two.store.work() as work:
        await reached.load(work)
        for hour, said in ((time(23, 30), False), (time(17), True)):
            work.now = work.rules.calendar.at(date(2026, 12, 21), hour)
            await overdue.say(work, "")
            assert bool(work.posts) is said


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


async def test_what_is_answered_anew_is_asked_after_anew(two: Two) -> None:
    """Whether the second answer held is another question than whether the first did."""
    code = await two.case(CITIZEN)
    await two.officer("accept", code)
    await two.officer("answer", code, answer="Đã nạo vét cống thôn 3, nước đã thoát.", files=[])
    async with two.store.work() as work:
        again = await case_of(work, code)
        again.checked_at = work.now
        await act(work, again, Reopen("nước lại ngập như cũ"), Actor(again.chat_key))
        assert (again.state, again.checked_at) == (State.REOPENED, None)


def test_who_hears_that_it_is_late_is_not_reminded_besides() -> None:
    """After an outage both would be due at once: of the two only the one that is told above, too."""
    at = datetime(2026, 12, 1, tzinfo=UTC)
    due = moments.Moment(at, Act.REMIND, Alarm(at, AlarmKind.DUE, Level.OFFICER))
    nearly = moments.Moment(at, Act.ESCALATE, Alarm(at, AlarmKind.BEFORE, Level.UNIT_HEAD, 1))
    late = moments.Moment(at, Act.ESCALATE, Alarm(at, AlarmKind.OVERDUE, Level.UNIT_HEAD, 1))
    assert alarms._of_one([due, nearly]) == [due, nearly]
    assert alarms._of_one([due, late]) == [late]


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
