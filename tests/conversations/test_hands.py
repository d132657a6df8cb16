"""Who may do what with whose case: no way round the other pair of eyes, and nothing for the accused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest

from domain.cases import Act, NotAllowed, NotNow, State
from services.acts import barring, handing
from services.acts.act import act
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.saying import approving, notes
from services.standing import parties
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from services.standing.refusals import CannotBar, NothingAsked, OwnCase, OwnRequest, TooManyHops, WrongUnit
from storage.cases import cases as stored
from storage.cases import workload
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from tests.conftest import StoppedClock
from tests.conversations.player import Player

OFFICIALS = ("officer", "colleague", "supervisor", "head", "party", "duty", "police", "reception")
DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
FIRE = "cháy nhà ở thôn 1, lửa to lắm"
BRIBE = "chủ tịch xã vòi tiền 5 triệu của nhà tôi ở thôn 2"
MORE_TIME = {"days": 2, "reason": "Cần xác minh"}
NO = {"reason": "other", "text": "Việc này đã có quyết định ngày 3/11 của huyện cũ."}


@dataclass
class Hands:
    """One case on one desk, and everybody's hands on it."""

    player: Player
    code: str = ""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[tuple[Work, Case]]:
        """Open a unit of work with the case."""
        async with self.player.store.work() as work:
            case = await stored.by_code(work, self.code)
            assert case is not None
            await people.load_chats(work, [case.chat_key])
            yield work, case

    async def actor(self, work: Work, name: str) -> Actor:
        """Return somebody by the name of their seat."""
        return Actor.of(await people.chat(work, self.player.key(name)))

    async def do(self, name: str, what: Act, **detail: Any) -> None:  # noqa: ANN401 - as the act takes it
        """Let somebody do something."""
        async with self.work() as (work, case):
            await act(work, case, ACTS[what].of_json(detail), await self.actor(work, name))

    async def unit(self, code: str) -> str:
        """Return a unit's id."""
        async with self.player.store.read() as work:
            return str(next(unit.id for unit in work.rules.directory.units if unit.code == code))

    async def begin(self, story: str) -> None:
        """Let a citizen tell something."""
        async with self.player.store.work() as work:
            heard = work.rules.understanding.read(story)
            await people.load_chats(work, [self.player.key("citizen")])
            chat = people.open_chat(work, "paper", self.player.key("citizen"), "citizen")
            await work.session.flush()
            self.code = (await new_cases.open_case(work, chat, Draft(heard, "thôn 3", heard.topic))).code


@pytest.fixture
async def hands(player: Player) -> Hands:
    """Seat the officials and open a case about a drain."""
    await player.seats(OFFICIALS)
    found = Hands(player)
    await found.begin(DRAIN)
    return found


async def test_two_hops_and_then_a_chief_decides(hands: Hands) -> None:
    """Officers hand a case on twice; then they ask, and the clock has never noticed."""
    async with hands.work() as (_, case):
        due, home = case.due_at, str(case.unit_id)
    there = await hands.unit("ca_xa")
    why = {"why": "other", "reason": "Việc của bên kia"}
    with pytest.raises(NotNow):
        await hands.do("officer", Act.ASK_TRANSFER, unit_id=there, **why)
    await hands.do("officer", Act.TRANSFER, unit_id=there, **why)
    await hands.do("police", Act.TRANSFER, unit_id=home, **why)
    with pytest.raises(TooManyHops):
        await hands.do("officer", Act.TRANSFER, unit_id=there, **why)
    await hands.do("officer", Act.ASK_TRANSFER, unit_id=there, **why)
    await hands.do("supervisor", Act.REASSIGN, unit_id=there)
    async with hands.work() as (_, case):
        assert (str(case.unit_id), case.hops, case.request, case.due_at) == (there, 2, None, due)
        assert case.officer_id is None


@pytest.mark.parametrize("what", [Act.TRANSFER, Act.REASSIGN])
@pytest.mark.parametrize("to", ["kt_xa", "dang_xa"])
async def test_a_case_goes_neither_nowhere_nor_to_the_accused(hands: Hands, what: Act, to: str) -> None:
    """Not to the unit that has it, nor to one that is complained about; and nothing has changed then."""
    by = "officer" if what is Act.TRANSFER else "supervisor"
    async with hands.work() as (_, case):
        case.excluded = [await hands.unit("dang_xa")]
    with pytest.raises(WrongUnit):
        await hands.do(by, what, unit_id=await hands.unit(to), why="other", reason="Việc của họ")
    async with hands.work() as (_, case):
        assert (case.version, case.hops) == (1, 0)


@pytest.mark.parametrize("story", [DRAIN, FIRE, BRIBE, "xin hỏi thủ tục khai sinh ở đâu"])
async def test_units_are_proposed_that_may_have_it(hands: Hands, story: str) -> None:
    """Whatever it is about: never its own unit, never one that is complained about."""
    await hands.begin(story)
    async with hands.work() as (work, case):
        found = [str(unit.id) for unit in await handing.units_for(work, case)]
        assert 1 <= len(found) == len(set(found)) <= work.rules.handling.suggested
        assert not set(found) & {str(case.unit_id), *case.excluded}


async def test_what_the_words_call_for_is_proposed_first(hands: Hands) -> None:
    """A matter of schools that came to the wrong unit goes back where its field belongs."""
    await hands.begin("trường mầm non thôn 1 thiếu cô nuôi dạy trẻ")
    school = await hands.unit("vhxh_xa")
    async with hands.work() as (work, case):
        case.unit_id = next(u.id for u in work.rules.directory.units if u.code == "kt_xa")
        assert str((await handing.units_for(work, case))[0].id) == school


@pytest.mark.parametrize(("ask", "detail"), [(Act.EXTEND, MORE_TIME), (Act.DECLINE, NO)])
async def test_nobody_approves_their_own(hands: Hands, ask: Act, detail: dict[str, Any]) -> None:
    """A chief who took a case over asks like anybody else: it is a head who reads of it and decides."""
    decide = {Act.EXTEND: Act.GRANT, Act.DECLINE: Act.DISMISS}[ask]
    await hands.do("supervisor", Act.TAKE_OVER)
    await hands.do("supervisor", ask, **detail)
    with pytest.raises(OwnRequest):
        await hands.do("supervisor", decide)
    async with hands.work() as (work, _):
        lists = {
            name: await approving.waiting_for(work, await people.chat(work, hands.player.key(name)))
            for name in ("supervisor", "head")
        }
    assert (len(lists["supervisor"]), len(lists["head"])) == (0, 1)
    await hands.do("head", Act.REFUSE)
    await hands.do("supervisor", ask, **detail)
    await hands.do("head", decide)


@pytest.mark.parametrize("taken_by", ["supervisor", "head"])
async def test_what_a_chief_took_over_is_no_longer_the_officers(hands: Hands, taken_by: str) -> None:
    """Nobody of the unit answers it past the chief, until it is given back to one of them."""
    await hands.do("officer", Act.ACCEPT)
    await hands.do(taken_by, Act.TAKE_OVER)
    for name in ("officer", "colleague"):
        with pytest.raises(NotAllowed):
            await hands.do(name, Act.NOTE, text="tôi vẫn làm")
    async with hands.work() as (work, _):
        colleague = await people.person_by_code(work, "kt_thao")
    assert colleague is not None
    await hands.do("head", Act.ASSIGN, officer_id=str(colleague.id))
    await hands.do("officer", Act.NOTE, text="tôi lại làm")


async def test_taking_a_case_over_does_not_take_over_its_request(hands: Hands) -> None:
    """What its former officer asked for falls away: whoever has it now would decide for themselves."""
    await hands.do("officer", Act.ACCEPT)
    await hands.do("officer", Act.EXTEND, **MORE_TIME)
    await hands.do("supervisor", Act.TAKE_OVER)
    with pytest.raises(NothingAsked):
        await hands.do("supervisor", Act.GRANT)
    with pytest.raises(OwnCase):
        await hands.do("supervisor", Act.LENGTHEN, **MORE_TIME)


async def test_who_asked_for_time_does_not_give_it(hands: Hands) -> None:
    """Nor by giving it outright; who gives it outright settles what was asked."""
    await hands.do("officer", Act.ACCEPT)
    await hands.do("supervisor", Act.EXTEND, **MORE_TIME)
    with pytest.raises(OwnCase):
        await hands.do("supervisor", Act.LENGTHEN, **MORE_TIME)
    await hands.do("head", Act.LENGTHEN, **MORE_TIME)
    async with hands.work() as (_, case):
        assert (case.request, case.extended_days) == (None, 2)


async def test_a_chief_from_above_who_takes_over_can_answer(hands: Hands) -> None:
    """Whoever has a case in hand is its officer, whatever unit they are of."""
    await hands.do("head", Act.TAKE_OVER)
    await hands.do("head", Act.ANSWER, answer="Ngày 16/11 xã đã nạo vét xong cống thôn 3.")
    async with hands.work() as (_, case):
        assert case.state == State.ANSWERED


async def test_only_people_who_may_have_it_are_given_a_case(hands: Hands) -> None:
    """Somebody of the unit and nobody else; the one with less to do is proposed first."""
    await hands.do("officer", Act.ACCEPT)
    await hands.begin("đường vào thôn 1 nhiều ổ gà, xe máy ngã hoài")
    async with hands.work() as (work, case):
        proposed = await handing.people_for(work, case, None)
        tuan, thao = [(await hands.actor(work, name)).person_id for name in ("officer", "colleague")]
        police = (await hands.actor(work, "police")).person_id
        assert proposed == [(thao, 0), (tuan, 1)]
    with pytest.raises(NotNow):
        await hands.do("supervisor", Act.ASSIGN, officer_id=str(police))
    await hands.do("supervisor", Act.ASSIGN, officer_id=str(thao))
    async with hands.work() as (_, case):
        assert (case.officer_id, case.state) == (thao, State.ACCEPTED)


async def test_a_false_alarm_has_the_usual_term(hands: Hands) -> None:
    """As urgent as its field usually is; ordinary where that is urgent by nature. Once."""
    await hands.begin(FIRE)
    await hands.do("duty", Act.CALM)
    async with hands.work() as (work, case):
        assert (case.urgency, case.term) == ("thuong", work.rules.terms.service_term(case.kind, "thuong").id)
        assert case.due_on.isoformat() == "2026-12-01"
    with pytest.raises(NotAllowed):
        await hands.do("duty", Act.CALM)  # who is on duty has to do with what is urgent only
    with pytest.raises(NotNow):
        await hands.do("police", Act.CALM)


async def test_notes_stay_with_the_unit(hands: Hands) -> None:
    """Another unit that gets the case does not read them, who answers for both does."""
    await hands.do("officer", Act.NOTE, text="nhớ mời trưởng thôn")
    await hands.do("officer", Act.TRANSFER, unit_id=await hands.unit("ca_xa"), why="other", reason="Của họ")
    async with hands.work() as (work, case):
        chats = {name: await people.chat(work, hands.player.key(name)) for name in (*OFFICIALS, "citizen")}
        reads = {name for name, chat in chats.items() if await notes.latest(work, case, chat)}
        may_open = {name for name in reads if parties.relations(work, case, Actor.of(chats[name]))}
    assert may_open >= {"head", "party"}
    assert not reads & {"police", "citizen", "reception", "duty"}


async def test_a_bar_ends_by_itself(hands: Hands, clock: StoppedClock) -> None:
    """It lasts to the end of its last day, and not a moment longer."""
    await hands.do("supervisor", Act.BAR, days=7, reason="Nhắn tục tĩu")
    async with hands.work() as (work, case):
        chat = await barring.reached(work, case)
        last = work.today + timedelta(days=7)
        assert barring.last_day(work, chat) == last
        until = work.desk.calendar.at(last + timedelta(days=1), time(0))
    clock.at = until - timedelta(milliseconds=1)
    async with hands.work() as (work, case):
        assert barring.last_day(work, await barring.reached(work, case)) == last
    clock.at = until
    async with hands.work() as (work, case):
        assert barring.last_day(work, await barring.reached(work, case)) is None


@pytest.mark.parametrize("account", [people.SEALED, people.COUNTER, "paper"])
async def test_who_cannot_be_barred(hands: Hands, account: str) -> None:
    """Nobody whom no channel reaches, no official, and nobody for a case that is kept close."""
    async with hands.work() as (work, case):
        chat = await people.chat(work, case.chat_key)
        chat.account = account
        case.confidential = account == "paper"
    with pytest.raises(CannotBar):
        await hands.do("head", Act.BAR, days=7, reason="Nhắn tục tĩu")


async def test_an_official_is_not_barred_for_what_they_tell(hands: Hands) -> None:
    """Whoever serves here tells of a drain like anybody; a bar would keep them from their work."""
    async with hands.work() as (_, case):
        case.chat_key = hands.player.key("police")
    with pytest.raises(CannotBar):
        await hands.do("head", Act.BAR, days=7, reason="Nhắn tục tĩu")


async def test_what_is_kept_close_is_not_in_the_counts(hands: Hands) -> None:
    """An accused chair who sees every unit's numbers does not see the accusation in them."""
    await hands.begin(BRIBE)
    async with hands.work() as (work, case):
        assert case.confidential
        assert await workload.of_units(work, [case.unit_id]) == {}
        unit = work.rules.directory.unit(case.unit_id).name
    for name, there in (("head", False), ("party", True)):
        await hands.player.say(name, {"text": "don vi"})
        told = next(d for d in reversed(hands.player.paper.told) if d.address == name)
        line = next(choice.label for choice in told.message.choices if choice.label.startswith(unit))
        assert ("1 việc" in line) is there, line
