"""Cases that are worked on together stay each their sender's own; what parts them; what rings for them."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.stories import parse
from domain.cases import Act, NotAllowed, NotNow, State
from services.acts.act import act, authorise
from services.acts.adding import Supplement
from services.acts.answering import Answer
from services.acts.asking import Ask
from services.acts.closing import Reopen
from services.acts.deciding import Decline
from services.acts.handing import Reassign, Transfer
from services.acts.joining import Gather, Join
from services.acts.noting import Note
from services.acts.taking import Assign
from services.acts.withdrawing import Withdraw
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import HasJoined, NotTogether, TooManyTogether
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.store.engine import Store
from tests.conversations.player import Player
from tests.conversations.test_answering import by, the_case

THREE = """# x
citizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập
citizen: [Đúng, gửi đi]
neighbour: cống thôn 3 tắc mấy hôm rồi, mưa là ngập vào nhà
neighbour: [Đúng, gửi đi]
neighbour: [Việc khác, gửi riêng]
ba-tu: cống thoát nước thôn 3 tắc, mưa là ngập
ba-tu: [Đúng, gửi đi]
ba-tu: [Việc khác, gửi riêng]
"""
DONE = "Sáng nay xã đã nạo vét cống, nước rút hết."
GOES = {"version", "history_length", "history_hash"}
"""What any act leaves behind it, joined or not."""


@pytest.fixture
async def town(player: Player) -> Player:
    """Open three cases of one drain; nobody has any of them."""
    await player.play(THREE)
    return player


async def everything(work: Work, town: Player) -> tuple[Case, Case, Case, Actor]:
    """Return the three cases, the oldest first, and the officer."""
    first, second, third = [await the_case(work, number) for number in range(3)]
    return first, second, third, await by(work, town, "officer")


def _as_it_is(case: Case) -> dict[str, Any]:
    return {
        column.key: getattr(case, column.key) for column in Case.__table__.columns if column.key not in GOES
    }


def _told(work: Work, case: Case) -> list[str]:
    return [post.message.text for post in work.posts if post.lane == case.chat_key]


# --- joined and parted ---------------------------------------------------------------------------

Before = Callable[[Work, Player, Case, Case], Awaitable[None]]


async def _nothing(_work: Work, _town: Player, _head: Case, _case: Case) -> None:
    """Leave both to be taken."""


async def _head_taken(work: Work, town: Player, head: Case, _case: Case) -> None:
    await act(work, head, Act.ACCEPT, await by(work, town, "officer"))


async def _in_other_hands(work: Work, town: Player, head: Case, case: Case) -> None:
    await _head_taken(work, town, head, case)
    await act(work, case, Act.ACCEPT, await by(work, town, "colleague"))


async def _only_case_taken(work: Work, town: Player, _head: Case, case: Case) -> None:
    await act(work, case, Act.ACCEPT, await by(work, town, "colleague"))


async def _asked(work: Work, town: Player, head: Case, case: Case) -> None:
    await _in_other_hands(work, town, head, case)
    await act(work, case, Ask("Bà con cho biết cống ở ngõ nào?"), await by(work, town, "colleague"))


async def _reopened(work: Work, town: Player, head: Case, case: Case) -> None:
    await _in_other_hands(work, town, head, case)
    await act(work, case, Answer(DONE), await by(work, town, "colleague"))
    await act(work, case, Reopen("Chưa làm xong"), Actor(case.chat_key))


@pytest.mark.parametrize(
    "before", [_nothing, _head_taken, _in_other_hands, _only_case_taken, _asked, _reopened]
)
async def test_joined_and_parted_it_is_as_it_was(town: Player, commune_store: Store, before: Before) -> None:
    """State, hands, clock and all else of both are what they were, whatever they were."""
    await town.seats(["colleague"])
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        await before(work, town, head, case)
        was = _as_it_is(head), _as_it_is(case)
        await act(work, case, Join(head.code), officer)
        assert case.joined["code"] == head.code
        assert head.together == [case.code]
        assert (case.due_at, case.clock_from, case.chat_key) == tuple(
            was[1][name] for name in ("due_at", "clock_from", "chat_key")
        )
        if head.officer_id is not None and case.state != State.ASKED:
            assert case.officer_id == head.officer_id
        await act(work, case, Act.PART, officer)
        assert (_as_it_is(head), _as_it_is(case)) == was
        for one in (head, case):
            assert await stored.first_broken_line(work, one) is None


async def test_one_answer_answers_each_and_each_is_reopened_alone(town: Player, commune_store: Store) -> None:
    """Each citizen is answered under their own code, and who is not content has only their own case again."""
    async with commune_store.work() as work:
        head, case, third, officer = await everything(work, town)
        await act(work, head, Act.ACCEPT, officer)
        await act(work, case, Join(head.code), officer)
        await act(work, third, Join(case.code), officer)  # of a joined one it goes to the head
        assert head.together == [case.code, third.code]
        await act(work, head, Answer(DONE), officer)
        for one in (head, case, third):
            assert (one.state, one.answer, one.joined, one.together) == (State.ANSWERED, DONE, {}, [])
            assert one.answered_at == work.now
            mine = [text for text in _told(work, one) if DONE in text]
            assert len(mine) == 1
            others = {head.code, case.code, third.code} - {one.code}
            assert not any(code in text for text in _told(work, one) for code in others)
        await act(work, case, Reopen("Chưa làm xong"), Actor(case.chat_key))
        assert [one.state for one in (head, case, third)] == ["answered", "reopened", "answered"]
        assert not case.joined


async def test_the_rating_asked_for_with_the_answer_stands(town: Player, commune_store: Store) -> None:
    """The buttons under each answer are of the case as it is then, though it has left the join since."""
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        await act(work, head, Act.ACCEPT, officer)
        await act(work, case, Join(head.code), officer)
        await act(work, head, Answer(DONE), officer)
        for one in (head, case):
            (asked,) = [
                post.message for post in work.posts if post.lane == one.chat_key and DONE in post.message.text
            ]
            assert asked.choices[0].action == f"rate:{one.code}:{one.version}:1"


async def test_what_is_joined_goes_with_the_hands_of_its_head(town: Player, commune_store: Store) -> None:
    """Joined to what nobody has it waits with it; taken with it, and given with it, and its citizen hears."""
    await town.seats(["colleague"])
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        await act(work, case, Join(head.code), officer)
        assert case.state == State.RECEIVED
        await act(work, head, Act.ACCEPT, officer)
        assert (case.state, case.officer_id) == (State.ACCEPTED, officer.person_id)
        colleague, chief = await by(work, town, "colleague"), await by(work, town, "supervisor")
        await act(work, head, Assign(str(colleague.person_id)), chief)
        assert case.officer_id == colleague.person_id
        assert [text for text in _told(work, case) if "đã nhận việc" in text]
        await act(work, case, Act.PART, chief)
        assert (case.state, case.officer_id) == (State.RECEIVED, None)


# --- what parts them ------------------------------------------------------------------------------


async def _moved(work: Work, town: Player, head: Case, _case: Case) -> None:
    unit = next(one for one in work.rules.directory.units if one.type == "vhxh_xa")
    await act(work, head, Transfer(str(unit.id), "Không thuộc lĩnh vực"), await by(work, town, "officer"))


async def _given(work: Work, town: Player, head: Case, _case: Case) -> None:
    unit = next(one for one in work.rules.directory.units if one.type == "vhxh_xa")
    await act(work, head, Reassign(str(unit.id)), await by(work, town, "supervisor"))


async def _kept_close(work: Work, town: Player, head: Case, _case: Case) -> None:
    head.confidential = True
    await act(work, head, Note("Xem lại."), await by(work, town, "supervisor"))


async def _withdrawn(work: Work, _town: Player, head: Case, _case: Case) -> None:
    await act(work, head, Withdraw("settled"), Actor(head.chat_key))


async def _declined(work: Work, town: Player, head: Case, _case: Case) -> None:
    await act(
        work, head, Decline("settled", "Xã đã sửa xong trước khi nhận tin."), await by(work, town, "officer")
    )
    await act(work, head, Act.DISMISS, await by(work, town, "supervisor"))


async def _speaks_of_the_officer(work: Work, _town: Player, head: Case, _case: Case) -> None:
    text = "Anh Đỗ Anh Tuân phòng kinh tế đòi tôi 2 triệu mới chịu thông cống"
    await act(work, head, Supplement(text), Actor(head.chat_key))


@pytest.mark.parametrize(
    "parts", [_moved, _given, _kept_close, _withdrawn, _declined, _speaks_of_the_officer]
)
async def test_it_goes_on_alone_when_its_head_goes(town: Player, commune_store: Store, parts: Before) -> None:
    """It is to be taken as before, its clock stands, its officer hears of it, and its answer is its own."""
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        await act(work, head, Act.ACCEPT, officer)
        was = _as_it_is(case)
        await act(work, case, Join(head.code), officer)
        heard = len(work.posts)
        await parts(work, town, head, case)
        assert _as_it_is(case) == was
        assert head.together == []
        told = [post for post in work.posts[heard:] if f"{case.code} nay làm riêng" in post.message.text]
        assert told
        assert all(head.code not in text for text in _told(work, case))


async def test_withdrawn_it_only_leaves(town: Player, commune_store: Store) -> None:
    """Its head goes on with the others, and nobody is told that it goes on alone."""
    async with commune_store.work() as work:
        head, case, third, officer = await everything(work, town)
        await act(work, head, Act.ACCEPT, officer)
        for one in (case, third):
            await act(work, one, Join(head.code), officer)
        await act(work, case, Withdraw("settled"), Actor(case.chat_key))
        assert (case.joined, head.together) == ({}, [third.code])
        assert not any("nay được xem riêng" in text for text in _told(work, case))
        await act(work, head, Answer(DONE), officer)
        assert (case.state, third.state) == (State.WITHDRAWN, State.ANSWERED)


async def test_taken_by_somebody_else_it_goes_on_alone(town: Player, commune_store: Store) -> None:
    """Whoever takes it out of the hands that have the head keeps it."""
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        await act(work, head, Act.ACCEPT, officer)
        await act(work, case, Join(head.code), officer)
        chief = await by(work, town, "supervisor")
        await act(work, case, Act.TAKE_OVER, chief)
        assert (case.officer_id, case.joined, head.together) == (chief.person_id, {}, [])
        assert head.officer_id == officer.person_id


async def test_answered_alone_it_leaves(town: Player, commune_store: Store) -> None:
    """An answer of its own ends the join for it alone."""
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        await act(work, head, Act.ACCEPT, officer)
        await act(work, case, Join(head.code), officer)
        await act(work, case, Answer(DONE), officer)
        assert (case.state, case.joined) == (State.ANSWERED, {})
        assert (head.state, head.together) == (State.ACCEPTED, [])


# --- what is not joined ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"confidential": True},
        {"sealed": True},
        {"kind": "khieu_nai"},
        {"urgency": "khan"},
        {"field": "dan_toc_ton_giao"},
        {"state": State.ANSWERED},
        {"excluded_people": ["00000000-0000-0000-0000-000000000007"]},
        {"unit": "vhxh_xa"},
    ],
    ids=str,
)
@pytest.mark.parametrize("which", ["head", "case"])
async def test_what_is_not_ordinary_is_joined_to_nothing(
    town: Player, commune_store: Store, change: dict[str, Any], which: str
) -> None:
    """Neither way: what is kept close, sealed, sensitive, urgent, over or another unit's; nothing changes."""
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        one = head if which == "head" else case
        if "unit" in change:
            units = work.rules.directory.units
            change = {"unit_id": next(unit.id for unit in units if unit.type == change["unit"])}
        for name, value in change.items():
            setattr(one, name, value)
        with pytest.raises((NotTogether, NotAllowed, NotNow)):
            await act(work, case, Join(head.code), officer)
        assert not case.joined
        assert head.together == []


async def test_a_head_is_joined_to_nothing_and_nothing_to_itself(town: Player, commune_store: Store) -> None:
    """Chains do not grow: what is joined to it parts first."""
    async with commune_store.work() as work:
        head, case, third, officer = await everything(work, town)
        with pytest.raises(NotTogether):
            await act(work, head, Join(head.code), officer)
        await act(work, case, Join(head.code), officer)
        with pytest.raises(HasJoined):
            await act(work, head, Join(third.code), officer)
        with pytest.raises(NotTogether):
            await act(work, case, Join(third.code), officer)
        with pytest.raises(NotNow):
            await act(work, head, Gather(third.code), officer)
        with pytest.raises(NotNow):
            await act(work, head, Gather(case.code, away=True), officer)


async def test_no_more_are_joined_than_the_document_says(town: Player, commune_store: Store) -> None:
    """The next one is refused."""
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        most = work.rules.listening.alike_together
        assert most == 20
        head.together = [f"LM-{number}" for number in range(most)]
        with pytest.raises(TooManyTogether):
            await act(work, case, Join(head.code), officer)
        assert not case.joined


@pytest.mark.parametrize("who", ["citizen", "neighbour", "police", "culture"])
async def test_nobody_else_joins_or_parts(town: Player, commune_store: Store, who: str) -> None:
    """Senders and other units do neither, and to a case that is none of theirs nobody joins one of theirs."""
    await town.sit({"vhxh_hai": "culture"})
    async with commune_store.work() as work:
        head, case, _, officer = await everything(work, town)
        actor = await by(work, town, who)
        for what in (Act.JOIN, Act.PART, Act.GATHER):
            with pytest.raises(NotAllowed):
                authorise(work, case, what, actor, None)
        head.senders = [str(officer.person_id)]
        with pytest.raises(NotAllowed):
            await act(work, case, Join(head.code), officer)


# --- its clock -----------------------------------------------------------------------------------


async def _rung(town: Player) -> list[str]:
    """Let days pass, and return what officials read meanwhile."""
    seen = len(town.paper.told)
    (line,) = parse("# x\n… 12 days pass\n").lines
    await town._line(line)
    told = town.paper.told[seen:]
    return [one.message.text for one in told if one.address in {"officer", "supervisor"} and not one.edits]


@pytest.mark.parametrize("earlier", ["head", "case"])
async def test_what_is_due_first_rings_for_both(town: Player, commune_store: Store, earlier: str) -> None:
    """Officials hear of the one that is due first; each citizen hears that their own is late."""
    async with commune_store.work() as work:
        head, case, third, officer = await everything(work, town)
        await act(work, third, Withdraw("settled"), Actor(third.chat_key))
        await act(work, head, Act.ACCEPT, officer)
        later = case if earlier == "head" else head
        later.extended_days = 1
        await act(work, later, Act.RECOMPUTE, CLOCK)
        await act(work, case, Join(head.code), officer)
        first, other = (head.code, case.code) if earlier == "head" else (case.code, head.code)
        chats = head.chat_key, case.chat_key
    rung = await _rung(town)
    alarms = [text for text in rung if text.startswith(("⏰", "🔴", "⚠"))]
    assert [text for text in alarms if first in text]
    assert not [text for text in alarms if other in text and first not in text]
    late = [one.message.text for one in town.paper.told if one.address in {"citizen", "neighbour"}]
    for code in (first, other):
        assert [text for text in late if code in text and "quá hạn" in text]
    assert len(chats) == 2
