"""What belongs together of what people say: nothing is lost, nothing close is shown, nobody told too much."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.cases import Act, NotAllowed, NotNow
from scheduler.clock import tick
from services.acts.act import act, authorise
from services.intake import duplicates
from services.intake.new_cases import Draft
from services.standing.parties import Actor
from services.standing.refusals import Follows
from storage.cases import cases as stored
from storage.ground.tables import Case, CaseEvent
from storage.mail.inbox import Arrived
from storage.people import people
from tests.conversations.player import A_BREATH, Player
from tests.domain.understand.test_understand import MODULE

STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
CLOSE = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
texts = st.text(max_size=60)


async def say(player: Player, who: str, *lines: str) -> None:
    """Let somebody say this, line by line."""
    for line in lines:
        await player.say(who, {"text": line})


def last(player: Player, who: str) -> str:
    """Return the last words somebody was told."""
    return next(told.message.text for told in reversed(player.paper.told) if told.address == who)


async def code_of(player: Player) -> str:
    """Return the code of the only case."""
    async with player.store.read() as work:
        return str(await work.session.scalar(select(Case.code)))


@given(place=texts, whom=texts, files=st.lists(texts, max_size=3), sealed=st.booleans())
def test_a_draft_comes_back_whole(place: str, whom: str, files: Sequence[str], *, sealed: bool) -> None:
    """Through JSON, as a conversation keeps it."""
    heard = MODULE.read(STORY)
    draft = Draft(heard, place, heard.topic, tuple(files), None, whom, place, sealed, (heard.to_json(),))
    assert Draft.from_json(json.loads(json.dumps(draft.to_json()))) == draft


async def test_what_is_kept_close_is_never_offered(player: Player) -> None:
    """Somebody who tells the same of the same official opens a case of their own, and hears of no other."""
    await say(player, "citizen", CLOSE, "1")
    await say(player, "neighbour", CLOSE, "1")
    code = await code_of(player)
    assert all(code not in told.message.text for told in player.paper.told if told.address == "neighbour")
    async with player.store.work() as work:
        case = await stored.by_code(work, code)
        await people.load_chats(work, [player.key("stranger")])
        stranger = people.open_chat(work, "paper", player.key("stranger"), "stranger")
        assert case is not None
        with pytest.raises(NotAllowed):
            await act(work, case, Act.FOLLOW, Actor.of(stranger))


async def test_what_somebody_asks_for_themselves_is_never_offered(player: Player) -> None:
    """Two who ask for their own pension are two cases."""
    story = (
        "đề nghị cho hỏi trợ cấp người cao tuổi của mẹ tôi ở thôn 3 hai tháng chưa nhận được, tôi khiếu nại"
    )
    await say(player, "citizen", story, "1")
    async with player.store.read() as work:
        heard = work.rules.understanding.read(story)
        assert await duplicates.same_matter(work, Draft(heard, "thôn 3", heard.topic), Actor()) is None


async def test_nobody_follows_twice_or_their_own(player: Player) -> None:
    """The citizen has the case already, and a follower follows it once; what is refused changes nothing."""
    await say(player, "citizen", STORY, "1")
    await say(player, "neighbour", STORY, "1", "1")
    code = await code_of(player)
    async with player.store.work() as work:
        case = await stored.by_code(work, code)
        await people.load_chats(work, [player.key("citizen"), player.key("neighbour")])
        assert case is not None
        for name, refusal in (("citizen", NotAllowed), ("neighbour", Follows)):
            with pytest.raises(refusal):
                await act(work, case, Act.FOLLOW, Actor.of(work.chats[player.key(name)]))
        assert case.followers == 1


async def test_a_case_that_is_over_meanwhile_is_not_followed(player: Player) -> None:
    """Who was asked gets a case of their own instead of a refusal: the words are not lost."""
    await say(player, "citizen", STORY, "1")
    code = await code_of(player)
    await say(player, "neighbour", STORY, "1")
    await say(player, "citizen", f"rut {code}", "1", "4")
    await say(player, "neighbour", "1")
    assert code not in last(player, "neighbour")
    async with player.store.read() as work:
        assert len(list(await work.session.scalars(select(Case)))) == 2


async def test_followers_hear_when_it_is_withdrawn(player: Player) -> None:
    """Their trouble is not over: they are told to write again."""
    await say(player, "citizen", STORY, "1")
    await say(player, "neighbour", STORY, "1", "1")
    await say(player, "citizen", f"rut {await code_of(player)}", "1", "4")
    assert "đã rút" in last(player, "neighbour")


async def test_many_messages_in_one_breath_are_all_kept(player: Player) -> None:
    """Twenty after “send”: nine answers and one for those too many, and every word in the history."""
    await say(player, "citizen", STORY, "1")
    player.between = A_BREATH
    before = len(player.paper.told)
    said = [f"nhà số {number} nước vào" for number in range(20)]
    await say(player, "citizen", *said)
    replies = [told for told in player.paper.told[before:] if told.key.startswith("reply:")]
    assert len(replies) == 10
    async with player.store.read() as work:
        events = await work.session.scalars(select(CaseEvent).where(CaseEvent.act == Act.SUPPLEMENT))
        assert [event.detail["text"] for event in events] == said


async def test_what_a_draft_cannot_hold_is_never_dropped_in_silence(player: Player) -> None:
    """Whoever writes on and on is told so for every message that is not kept, and what was kept is sent."""
    await say(player, "citizen", STORY)
    player.between = A_BREATH
    said = [f"nhà số {number} rác nhiều " + "rất bẩn " * 450 for number in range(20)]
    replies = []
    for line in said:
        before = len(player.paper.told)
        await say(player, "citizen", line)
        replies += [(line, told.message.text) for told in player.paper.told[before:]]
    refused = [line for line, text in replies if "chưa thêm vào được" in text]
    await say(player, "citizen", "gui")
    async with player.store.read() as work:
        story = (await work.session.scalars(select(Case))).one().story
    assert refused
    assert [line for line in said if line.strip() not in story] == refused


async def test_a_sticker_shows_the_question_or_the_marks_again(player: Player) -> None:
    """It means well: a number after it still answers what was asked."""
    await player.seat("officer")
    await say(player, "citizen", STORY)
    await player.say("citizen", {"unsupported": "sticker"})
    await say(player, "citizen", "1")
    code = await code_of(player)
    await say(player, "officer", f"nhan {code}", f"tl {code} Đã nạo vét cống thôn 3, nước thoát tốt.", "1")
    await player.say("citizen", {"unsupported": "sticker"})
    await say(player, "citizen", "5")
    async with player.store.read() as work:
        assert await work.session.scalar(select(Case.rating)) == 5


async def test_the_choice_of_the_topic_is_not_answered_by_what_was_gathered(player: Player) -> None:
    """Words said too fast to be answered change nothing of what the shown numbers mean."""
    await say(player, "citizen", "xóm Đình bị hư rồi sửa giúp dân với")
    player.between = A_BREATH
    await say(player, "citizen", *["gui"] * 10, *["cột điện mất điện, bóng đèn hỏng"] * 5, "1")
    async with player.store.read() as work:
        assert await work.session.scalar(select(Case.code)) is None
    await say(player, "citizen", "gui")
    async with player.store.read() as work:
        assert str(await work.session.scalar(select(Case.story))).count("cột điện") == 5


async def test_not_a_word_is_typed_where_a_number_is_the_answer(player: Player) -> None:
    """The buttons under a question have no numbers: “2” says two."""
    await player.seat("officer")
    await say(player, "citizen", STORY, "1")
    code = await code_of(player)
    await say(player, "officer", f"nhan {code}", f"hoi {code} Mấy nhà bị ngập ạ?")
    asked = next(told for told in reversed(player.paper.told) if told.address == "citizen")
    assert asked.message.choices
    assert not asked.message.numbered
    await say(player, "citizen", "2")
    async with player.store.read() as work:
        event = await work.session.scalar(select(CaseEvent).where(CaseEvent.act == Act.REPLY))
        assert event is not None
        assert event.detail["text"] == "2"


async def test_an_unknown_answer_is_refused_once_it_is_answered(player: Player) -> None:
    """The button of an old question does nothing to a case that has gone on."""
    await player.seat("officer")
    await say(player, "citizen", STORY, "1")
    code = await code_of(player)
    await say(player, "officer", f"nhan {code}", f"hoi {code} Mấy nhà bị ngập ạ?")
    await say(player, "citizen", "2")
    async with player.store.work() as work:
        case = await stored.by_code(work, code)
        await people.load_chats(work, [player.key("citizen")])
        assert case is not None
        with pytest.raises(NotNow):
            authorise(work, case, Act.REPLY, Actor.of(work.chats[player.key("citizen")]), None)


async def test_what_is_heard_late_of_a_breath_reaches_the_officer_once(player: Player) -> None:
    """The desk stood still for a minute: every line is told, none of them twice."""
    await player.seats(("officer", "colleague"))
    await say(player, "citizen", STORY, "1")
    lines = [f"nhà số {number} nước vào" for number in range(24)]
    before = len(player.paper.told)
    for number, text in enumerate(lines):
        arrived = Arrived(player.paper.account, f"late{number}", "citizen", {"text": text})
        await player.desk.ingest(arrived)
    player.clock.pass_(seconds=90)
    while await player.desk.worker.step():
        await tick(player.store)
    player.clock.pass_(minutes=2)
    await tick(player.store)
    await player.settle()
    told = "\n".join(one.message.text for one in player.paper.told[before:] if one.address == "officer")
    assert [told.count(text) for text in lines] == [1] * len(lines)
