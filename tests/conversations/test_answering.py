"""No path leads round the gate or the approval; what is offered again comes only from where it may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select

from domain.cases import Act, State
from domain.messages import FileRef
from services.acts import answering
from services.acts.act import act, authorise
from services.acts.answering import Answer, Submit
from services.acts.deciding import Extend
from services.intake import earlier_answers
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from services.standing.refusals import EmptyAnswer, NeedsApproval, OwnRequest
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.conversations.player import Player

DRAIN = """# x
citizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập
citizen: [Đúng, gửi đi]
officer: [Nhận xử lý]
"""
GOOD, EMPTY = "Sáng nay xã đã nạo vét cống, nước rút hết.", "Đã nhận được ý kiến của bà con, xin ghi nhận."
NOWHERE = UUID(int=7)


async def the_case(work: Work, number: int = 0) -> Case:
    """Return the case that was opened so many before."""
    found = await work.session.scalars(select(Case).order_by(Case.opened_at))
    case = list(found)[number]
    work.cases[case.id] = case
    return case


async def by(work: Work, player: Player, name: str) -> Actor:
    """Return who speaks in somebody's chat."""
    return Actor.of(await people.chat(work, player.key(name)))


# --- the gate and the approval ------------------------------------------------------------------


@pytest.mark.parametrize("text", [EMPTY, "xong", "Đã sửa. " + "x" * 900, ""])
@pytest.mark.parametrize(
    ("what", "who"), [(Act.ANSWER, "officer"), (Act.SUBMIT, "officer"), (Act.RELEASE, "supervisor")]
)
async def test_no_act_takes_an_answer_that_says_nothing(
    player: Player, commune_store: Store, what: Act, who: str, text: str
) -> None:
    """Whoever gives, submits or approves it: refused, and nothing has changed."""
    await player.play(DRAIN)
    async with commune_store.work() as work:
        case = await the_case(work)
        if what is Act.RELEASE:
            await act(work, case, Submit(GOOD), await by(work, player, "officer"))
            text = text or EMPTY  # an approval without words of its own gives the words that were submitted
        before = (case.state, case.version, case.history_length, case.request, case.answer)
        with pytest.raises(EmptyAnswer):
            await act(work, case, ACTS[what].of_json({"answer": text}), await by(work, player, who))
        assert (case.state, case.version, case.history_length, case.request, case.answer) == before


def _complaint(case: Case) -> None:
    case.kind = "khieu_nai"


def _denunciation(case: Case) -> None:
    case.kind = "to_cao"


def _sensitive(case: Case) -> None:
    case.field = "dan_toc_ton_giao"


def _sealed(case: Case) -> None:
    case.sealed = True


@pytest.mark.parametrize("make", [_complaint, _denunciation, _sensitive, _sealed])
async def test_what_is_sensitive_is_answered_by_somebody_in_charge_or_approved(
    player: Player, commune_store: Store, make: Callable[[Case], None]
) -> None:
    """An officer cannot answer it, may submit, and cannot approve it; the chief of the unit can do both."""
    await player.play(DRAIN)
    async with commune_store.work() as work:
        case = await the_case(work)
        make(case)
        officer, chief = await by(work, player, "officer"), await by(work, player, "supervisor")
        with pytest.raises(NeedsApproval):
            await act(work, case, Answer(GOOD), officer)
        assert answering.way(work, case, officer) is Act.SUBMIT
        assert answering.way(work, case, chief) is Act.ANSWER
        authorise(work, case, Act.ANSWER, chief, None)
        await act(work, case, Submit(GOOD), officer)
        assert case.state == State.ACCEPTED
        assert case.answer is None
        await act(work, case, Act.RELEASE, chief)
        assert (case.state, case.answer, case.request) == (State.ANSWERED, GOOD, None)


async def test_nobody_approves_their_own_answer(player: Player, commune_store: Store) -> None:
    """A chief who submitted one for approval leaves it to another."""
    await player.play(DRAIN.replace("officer: [Nhận xử lý]", "supervisor: nhan LM-6NYWV4N"))
    async with commune_store.work() as work:
        case = await the_case(work)
        chief = await by(work, player, "supervisor")
        await act(work, case, Submit(GOOD), chief)
        with pytest.raises(OwnRequest):
            await act(work, case, Act.RELEASE, chief)
        await act(work, case, Act.RELEASE, await by(work, player, "head"))


async def test_an_answer_takes_the_place_of_a_request_for_more_time(
    player: Player, commune_store: Store
) -> None:
    """Who asked for time and is done meanwhile need not wait for the time."""
    await player.play(DRAIN)
    async with commune_store.work() as work:
        case = await the_case(work)
        officer = await by(work, player, "officer")
        await act(work, case, Extend(2, "Chờ vật tư"), officer)
        await act(work, case, Submit(GOOD), officer)
        assert case.request is not None
        assert case.request["what"] == Act.SUBMIT


# --- photos -------------------------------------------------------------------------------------


async def kept(work: Work, player: Player, name: str) -> str:
    """Keep a photo that somebody has sent, and return its id."""
    file_id = str(uuid5(NOWHERE, name))
    ref = FileRef(file_id, "photo", "image/jpeg", 1000, "a.jpg")
    await attachments.add(work, player.key(name), [Kept(ref, "0" * 64)])
    return file_id


async def test_only_the_officers_own_photos_go_with_an_answer(player: Player, commune_store: Store) -> None:
    """A photo of somebody else's chat is neither tied to the case nor sent to the citizen."""
    await player.play(DRAIN)
    async with commune_store.work() as work:
        case = await the_case(work)
        own, other = await kept(work, player, "officer"), await kept(work, player, "head")
        officer = await by(work, player, "officer")
        await act(work, case, Answer(GOOD, [own, other]), officer)
        assert [file.id for file in await attachments.of_case(work, case)] == [own]
        told = [post for post in work.posts if post.lane == player.key("citizen")]
        assert [[file.id for file in post.message.files] for post in told] == [[own]]


# --- answers given again ------------------------------------------------------------------------

ANSWERED = (
    DRAIN
    + """officer: tl LM-6NYWV4N Đội thoát nước đã nạo vét cống, nước rút hết.
citizen: 5
neighbour: cống thôn 4 tắc, mưa là ngập vào nhà
neighbour: [Đúng, gửi đi]
officer: [Nhận xử lý]
"""
)
SPOILT: dict[str, dict[str, Any]] = {
    "it was kept close": {"confidential": True},
    "it was sealed": {"sealed": True},
    "it was a complaint": {"kind": "khieu_nai"},
    "nothing was done": {"declined": "other"},
    "it was rated low": {"rating": 3},
    "it was not rated": {"rating": None},
    "another field": {"field": "dien"},
    "long ago": {"answered_at": timedelta(days=366)},
    "another trouble": {"summary": "nắp hố ga mất"},
    "a name in it": {"answer": "Đã nạo vét cống trước nhà bà Sáu."},
    "still open": {"state": State.ACCEPTED},
}


async def test_a_good_earlier_answer_is_offered(player: Player, commune_store: Store) -> None:
    """The same unit, field and trouble, rated well: its words are there to be used."""
    await player.play(ANSWERED)
    async with commune_store.work() as work:
        assert await earlier_answers.earlier(work, await the_case(work, 1)) == [
            "Đội thoát nước đã nạo vét cống, nước rút hết."
        ]


@pytest.mark.parametrize("change", SPOILT.values(), ids=SPOILT)
async def test_no_other_earlier_answer_is_offered(
    player: Player, commune_store: Store, change: dict[str, Any]
) -> None:
    """One thing is different, and the answer stays where it was given."""
    await player.play(ANSWERED)
    async with commune_store.work() as work:
        first, case = await the_case(work, 0), await the_case(work, 1)
        for name, value in change.items():
            setattr(first, name, work.now - value if isinstance(value, timedelta) else value)
        await work.session.flush()
        assert await earlier_answers.earlier(work, case) == []


async def test_another_unit_is_offered_nothing(player: Player, commune_store: Store) -> None:
    """What one unit answered is not shown to another, nor for a case that is kept close itself."""
    await player.play(ANSWERED)
    async with commune_store.work() as work:
        first, case = await the_case(work, 0), await the_case(work, 1)
        case.confidential = True
        assert await earlier_answers.earlier(work, case) == []
        case.confidential = False
        first.unit_id = next(unit.id for unit in work.rules.directory.units if unit.id != case.unit_id)
        await work.session.flush()
        assert await earlier_answers.earlier(work, case) == []


# --- one answer for several ---------------------------------------------------------------------

TWO = (
    DRAIN
    + """neighbour: cống thôn 3 tắc mấy hôm rồi, mưa là ngập vào nhà
neighbour: [Đúng, gửi đi]
neighbour: [Việc khác, gửi riêng]
officer: nhan LM-A5JVHJY
"""
)
APART: dict[str, dict[str, Any]] = {
    "kept close": {"confidential": True},
    "sealed": {"sealed": True},
    "a complaint": {"kind": "khieu_nai"},
    "of another field": {"field": "dien"},
    "of another hamlet": {"area": "thon_4"},
    "about something else": {"summary": "nắp hố ga mất"},
    "with a question open": {"state": State.ASKED},
    "of a colleague": {"officer_id": None},
}


async def test_the_same_answer_is_offered_for_what_is_alike(player: Player, commune_store: Store) -> None:
    """Two neighbours, one drain, one officer; but not for somebody in whose hands the case is not."""
    await player.play(TWO)
    async with commune_store.work() as work:
        first, second = await the_case(work, 0), await the_case(work, 1)
        found = await earlier_answers.alike(work, first, await by(work, player, "officer"))
        assert found == {second.code: second.version}
        assert await earlier_answers.alike(work, first, await by(work, player, "supervisor")) == {}
        first.kind = "khieu_nai"
        assert await earlier_answers.alike(work, first, await by(work, player, "officer")) == {}


@pytest.mark.parametrize("change", APART.values(), ids=APART)
async def test_what_is_not_alike_is_answered_by_itself(
    player: Player, commune_store: Store, change: dict[str, Any]
) -> None:
    """One thing is different, and nobody is offered to answer both at once."""
    await player.play(TWO)
    async with commune_store.work() as work:
        first, second = await the_case(work, 0), await the_case(work, 1)
        if "area" in change:
            hamlets = [hamlet.code for hamlet in work.rules.directory.hamlets]
            change = {"area": next(code for code in hamlets if code != first.area)}
        for name, value in change.items():
            setattr(second, name, value)
        await work.session.flush()
        assert await earlier_answers.alike(work, first, await by(work, player, "officer")) == {}
