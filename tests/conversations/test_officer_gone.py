"""Whenever a case loses its officer somebody can take it: it rings if it cannot wait, its question stands."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.cases import Act, NotNow, State
from domain.messages import Edited
from scheduler.clock import tick
from services.acts.act import act
from services.acts.adding import Supplement
from services.office import joining, keys, orders
from storage.cases.cases import Case
from storage.people import people
from tests.conftest import StoppedClock
from tests.conversations.paper import on_paper
from tests.conversations.player import Player
from tests.conversations.test_hands import DRAIN, FIRE, OFFICIALS, Hands

TODAY = "2026-11-16"
ACCUSING = "anh Hồ Tiến Dũng công an xã nhận hối lộ 50 triệu nên bỏ mặc cho cháy"
ENDED = {"do": "end_role", "person": "ca_dung", "unit": "ca_xa", "role": "officer", "to": "2026-11-15"}
MOVED = {"do": "move_person", "person": "ca_dung", "unit": "kt_xa", "from": TODAY}
MERGED = {"do": "merge", "unit": "ca_xa", "into": "chqs_xa", "on": "2026-11-17", "carry": False}


@pytest.fixture
async def fire(player: Player) -> Hands:
    """Seat the officials, and open a fire that the police have taken."""
    await player.seats((*OFFICIALS, "admin"))
    hands = Hands(player)
    await hands.begin(FIRE)
    await hands.do("police", Act.ACCEPT)
    return hands


async def ordered(hands: Hands, order: dict[str, object]) -> None:
    """Let the shell change the office."""
    async with hands.player.store.work() as work:
        await orders.carry_out(work, order, None)
    await hands.player.settle()


async def spoken_of(hands: Hands) -> None:
    """Let the citizen say more, of the officer."""
    await hands.do("citizen", Act.SUPPLEMENT, text=ACCUSING)


async def edited(hands: Hands) -> None:
    """Let the citizen change the message they sent, so that it names the officer."""
    await hands.player.say("citizen", on_paper(Edited(f"{FIRE}, {ACCUSING}")))


async def role_ended(hands: Hands) -> None:
    """Let the officer serve no more."""
    await ordered(hands, ENDED)


async def in_another_unit(hands: Hands) -> None:
    """Let the officer go to another unit."""
    await ordered(hands, MOVED)


async def unit_merged(hands: Hands) -> None:
    """Let the officer's unit be merged into another on the next day, without its people."""
    await ordered(hands, MERGED)
    hands.player.clock.at += timedelta(days=1)
    await tick(hands.player.store)
    await hands.player.settle()


async def chat_ended(hands: Hands) -> None:
    """Let the officer's one chat be theirs no more."""
    async with hands.work() as (work, _):
        admin, police = [await people.chat(work, hands.player.key(name)) for name in ("admin", "police")]
        assert admin.person_id is not None
        assert police.person_id is not None
        await joining.cut(work, admin.person_id, police.key, police.person_id)
    await hands.player.settle()


async def handed_on(hands: Hands) -> None:
    """Let a chief hand it to another unit."""
    await hands.do("head", Act.REASSIGN, unit_id=await hands.unit("kt_xa"))
    await hands.player.settle()


LOSING: dict[str, Callable[[Hands], Awaitable[None]]] = {
    "spoken of": spoken_of,
    "spoken of by a message that is edited": edited,
    "role ended": role_ended,
    "in another unit": in_another_unit,
    "unit merged": unit_merged,
    "without a chat": chat_ended,
    "handed on": handed_on,
}


def rings(hands: Hands) -> list[str]:
    """Return who was told that nobody has taken it."""
    return [d.address for d in hands.player.paper.told if "CHƯA AI NHẬN" in d.message.text]


async def standing(hands: Hands) -> Case:
    """Return the case as it is."""
    async with hands.work() as (_, case):
        return case


@pytest.mark.parametrize("asked", [False, True], ids=["accepted", "asked"])
@pytest.mark.parametrize("lose", LOSING.values(), ids=LOSING.keys())
async def test_it_waits_with_a_running_clock_and_rings(
    fire: Hands, clock: StoppedClock, lose: Callable[[Hands], Awaitable[None]], *, asked: bool
) -> None:
    """Nobody has it, and that is what is said: until somebody who may takes it."""
    if asked:
        await fire.do("police", Act.ASK, question="Nhà ai vậy?")
    await lose(fire)
    case = await standing(fire)
    assert (case.state, case.officer_id, case.request) == (State.RECEIVED, None, None)
    assert all(end for _, end in case.pauses)
    assert bool(case.question) is asked
    before = len(rings(fire))
    for _ in range(30):
        clock.at += timedelta(minutes=1)
        await tick(fire.player.store)
        await fire.player.settle()
    assert set(rings(fire)[before:]) & {"head", "party"}
    taking = "head" if case.confidential else "duty"
    await fire.do(taking, Act.ACCEPT if taking == "duty" or case.confidential else Act.TAKE_OVER)
    taken = await standing(fire)
    assert taken.state == State.ACCEPTED
    assert taken.officer_id is not None


async def test_who_may_take_it_hears_at_once(fire: Hands) -> None:
    """Not at the first ring: the very moment its officer is gone."""
    await fire.do("police", Act.ASK, question="Nhà ai vậy?")
    await fire.player.settle()
    before = len(fire.player.paper.told)
    await role_ended(fire)
    told = [d for d in fire.player.paper.told[before:] if d.address == "duty"]
    assert any(choice.action.startswith("accept:") for d in told for choice in d.message.choices)


@pytest.mark.parametrize("button", ["photo", "unknown", "reply"])
@pytest.mark.parametrize("lose", [role_ended, handed_on])
async def test_the_question_can_still_be_answered(
    fire: Hands, lose: Callable[[Hands], Awaitable[None]], button: str
) -> None:
    """By what is under it and by plain words; nobody has the case for that, and nobody is asked twice."""
    await fire.do("police", Act.ASK, question="Nhà ai vậy?")
    await lose(fire)
    await fire.player.say("citizen", {"tap": f"{button}:{fire.code}:3"})
    if button == "photo":
        assert "Nhà ai vậy?" in [d for d in fire.player.paper.told if d.address == "citizen"][-1].message.text
    if button != "unknown":
        await fire.player.say("citizen", {"text": "nhà ông Năm đầu thôn"})
    case = await standing(fire)
    assert (case.state, case.question, case.officer_id) == (State.RECEIVED, None, None)


async def test_whoever_takes_it_gets_the_answer(fire: Hands) -> None:
    """Taken before the citizen answers, it is an answer to whoever has it now."""
    await fire.do("police", Act.ASK, question="Nhà ai vậy?")
    await role_ended(fire)
    await fire.do("duty", Act.ACCEPT)
    await fire.player.say("citizen", {"text": "nhà ông Năm đầu thôn"})
    told = [d.message.text for d in fire.player.paper.told if d.address == "duty"]
    assert any("bà con trả lời" in text for text in told)
    case = await standing(fire)
    assert (case.state, case.question) == (State.ACCEPTED, None)


async def test_a_question_does_not_stand_for_ever(fire: Hands, clock: StoppedClock) -> None:
    """As long as one who waits would have waited; what comes later is more to the case."""
    await fire.do("police", Act.ASK, question="Nhà ai vậy?")
    await role_ended(fire)
    async with fire.work() as (work, _):
        clock.at += work.rules.patience.lapse + timedelta(hours=1)
    with pytest.raises(NotNow):
        await fire.do("citizen", Act.REPLY, text="nhà ông Năm")


async def test_nothing_is_answered_that_was_not_asked(fire: Hands) -> None:
    """An open case of which nothing was asked takes more words, and no answer."""
    with pytest.raises(NotNow):
        await fire.do("citizen", Act.REPLY, text="nhà ông Năm")
    async with fire.work() as (work, case):
        await act(work, case, Supplement("nhà ông Năm"), await fire.actor(work, "citizen"))


async def test_a_calm_case_waits_and_does_not_ring(player: Player, clock: StoppedClock) -> None:
    """Whoever may take it has it on their list; nobody is woken."""
    await player.seats(OFFICIALS)
    hands = Hands(player)
    await hands.begin(DRAIN)
    await hands.do("officer", Act.ACCEPT)
    await hands.do("officer", Act.ASK, question="Cống trước nhà ai?")
    end = {"do": "end_role", "person": "kt_tuan", "unit": "kt_xa", "role": "officer", "to": "2026-11-15"}
    await ordered(hands, end)
    case = await standing(hands)
    assert (case.state, case.officer_id) == (State.RECEIVED, None)
    for _ in range(6):
        clock.at += timedelta(minutes=10)
        await tick(player.store)
        await player.settle()
    assert rings(hands) == []


# --- reopened ------------------------------------------------------------------------------------


async def test_what_is_reopened_and_urgent_rings(fire: Hands, clock: StoppedClock) -> None:
    """Nobody has it: they hear at once and until somebody takes it, and nobody is told that it was taken."""
    await fire.do("police", Act.ANSWER, answer="Ngày 16/11 xã đã dập xong đám cháy ở thôn 1.")
    await fire.player.settle()
    before = len(fire.player.paper.told)
    await fire.do("citizen", Act.REOPEN, reason="Cháy lại rồi")
    await fire.player.settle()
    told = [d.message.text for d in fire.player.paper.told[before:] if d.address == "duty"]
    assert any("🚨 KHẨN" in text and fire.code in text for text in told)
    before = len(fire.player.paper.told)
    for _ in range(30):
        clock.at += timedelta(minutes=1)
        await tick(fire.player.store)
        await fire.player.settle()
    said = [d.message.text for d in fire.player.paper.told[before:]]
    assert {"head", "duty", "police"} <= {*rings(fire)}
    assert not any("đã nhận, chưa trả lời" in text for text in said)
    await fire.do("duty", Act.ACCEPT)
    await fire.player.settle()
    assert any("đã nhận" in d.message.text for d in fire.player.paper.told if d.address == "head")
    case = await standing(fire)
    assert case.state == State.ACCEPTED


async def test_what_is_kept_close_does_not_stay_with_who_is_a_chief_no_more(player: Player) -> None:
    """One admin alone may make an officer of a chief: the case goes back to those in charge."""
    await player.seats((*OFFICIALS, "admin"))
    hands = Hands(player)
    await hands.begin("anh Hồ Tiến Dũng công an xã nhận hối lộ 50 triệu ở thôn 1")
    await hands.do("head", Act.REASSIGN, unit_id=await hands.unit("kt_xa"))
    await hands.do("supervisor", Act.ACCEPT)
    chief = {"person": "kt_truong", "unit": "kt_xa"}
    added = chief | {"do": "give_role", "role": "officer", "from": TODAY}
    ended = chief | {"do": "end_role", "role": "supervisor", "to": "2026-11-15"}
    for order in (added, ended):
        await ordered(hands, order)
    async with player.store.read() as work:
        case = (await work.session.scalars(select(Case))).one()
        assert case.officer_id is None
        assert case.state == State.RECEIVED


@pytest.mark.parametrize(("story", "seats"), [(DRAIN, ()), (FIRE, ("newcomer",))])
async def test_what_can_wait_or_is_heard_elsewhere_stays(
    player: Player, story: str, seats: tuple[str, ...]
) -> None:
    """A drain waits until its officer is seated again, and of an alarm they hear in their other chat."""
    await player.seats((*OFFICIALS, "admin"))
    for seat in seats:
        await player.seat("police", seat)
    hands = Hands(player)
    await hands.begin(story)
    if story == DRAIN:
        await hands.do("head", Act.REASSIGN, unit_id=await hands.unit("ca_xa"))
    await hands.do("police", Act.ACCEPT)
    await chat_ended(hands)
    assert (await standing(hands)).officer_id is not None


async def test_who_has_taken_what_is_kept_close_is_invited_by_two(player: Player) -> None:
    """Whatever role they hold now: another chat of theirs would read it."""
    await player.seats((*OFFICIALS, "admin"))
    hands = Hands(player)
    await hands.begin("anh Hồ Tiến Dũng công an xã nhận hối lộ 50 triệu ở thôn 1")
    async with player.store.work() as work:
        officer = await people.person_by_code(work, "kt_tuan")
        admin = await people.person_by_code(work, "quan_tri")
        assert officer is not None
        assert admin is not None
        await keys.invite(work, officer, admin.id)
        case = (await work.session.scalars(select(Case))).one()
        case.officer_id = officer.id
        with pytest.raises(keys.NeedsSecond):
            await keys.invite(work, officer, admin.id)
