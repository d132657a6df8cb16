"""News must arrive: where a channel does not take it, it goes the next way, at last by a call, once each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.channels.channel import Ambiguous, Gone, Permanent, Retry, Shut
from services.saying import calling, undelivered
from storage.ground.tables import Chat as ChatRow
from storage.mail.outbox import Delivery
from storage.people import people
from tests.conftest import StoppedClock
from tests.services.two_channels import DRAIN, HOUSE, Two, case_of, chat, key
from tests.storage import commune

A, B, C = "ba-tu", "chi-sau@card", "ong-ba@card"
NUMBER = {"shared": "Contact", "phone": "+84905123456", "own": True}
ANSWER = "Sáng nay Phòng Kinh tế đã nạo vét cống thôn 3, nước đã thoát."


async def linked(two: Two) -> str:
    """Let a citizen have one case and two channels, the second written in last; returns the code."""
    code = await two.case(A)
    await two.link(A, B)
    return code


def calls(two: Two) -> list[str]:
    """Return what officers were asked to call about."""
    return [text for who in commune.OFFICIALS for text in two.told(who) if text.startswith("☎")]


async def test_edge_24_a_closed_window_sends_the_news_another_way_and_then_a_call(on_each: Two) -> None:
    """First the chat last written in, then the other, then whoever has the case calls: each once."""
    two = on_each
    code = await linked(two)
    two.answers["chi-sau"] = Shut("the window is closed")
    await two.officer("accept", code)
    assert (two.count("đã nhận việc"), "đã nhận việc" in two.told(A)[-1], calls(two)) == (2, True, [])
    two.answers["ba-tu"] = Permanent("refused")
    await two.officer("answer", code, answer=ANSWER, files=[])
    (call,) = calls(two)
    assert (ANSWER in call, two.count(ANSWER)) == (True, 3)
    assert await commune.lanes_agree(two.store)


@pytest.mark.parametrize("outcome", [Gone("blocked"), Permanent("refused"), Shut("quota"), Ambiguous("?")])
async def test_whatever_becomes_of_it_news_is_not_lost(two: Two, outcome: object) -> None:
    """Every end that is not an arrival leads to the other chat; a delay does not."""
    code = await linked(two)
    two.answers["chi-sau"] = outcome  # type: ignore[assignment]
    await two.officer("accept", code)
    for _ in range(2):  # what may have arrived is tried once more, a moment later
        two.clock.pass_(minutes=1)
        await commune.work_off(two.desk)
    assert sum("đã nhận việc" in text for text in two.told(A)) == 1
    assert calls(two) == []


async def test_what_is_only_late_stays_where_it_is(two: Two) -> None:
    """A platform that is away for a minute sends nothing elsewhere."""
    code = await linked(two)
    two.answers["chi-sau"] = Retry(timedelta(minutes=1))
    await two.officer("accept", code)
    assert not any("đã nhận việc" in text for text in two.told(A))


async def test_a_chat_that_is_shut_already_is_passed_by_at_once(two: Two) -> None:
    """News goes to the other chat in the very transaction, and to a call where both are shut."""
    code = await linked(two)
    await two.says(A, body=NUMBER)
    await two.says(B, body={"shared": "Presence", "here": False})
    await two.officer("accept", code)
    assert "đã nhận việc" in two.told(A)[-1]
    await two.says(A, body={"shared": "Presence", "here": False})
    await two.officer("answer", code, answer=ANSWER, files=[])
    (call,) = calls(two)
    assert ANSWER in call
    assert "0905 123 456" in call


async def test_the_number_is_for_whoever_has_the_case(two: Two) -> None:
    """Before anybody has taken it, it is not shown to all who might."""
    code = await two.case(A)
    await two.says(A, body=NUMBER)
    await two.says(A, body={"shared": "Presence", "here": False})
    async with two.store.work() as work:
        case = await case_of(work, code)
        delivery = _delivery(two, key(work, A), code, "told.lapsed")
        await undelivered.pass_on(work, delivery, gone=False)
        texts = [post.message.text for post in work.posts]
        assert texts
        assert not any("0905" in text for text in texts)
        case.confidential = True
        assert {post.message.case for post in work.posts} == {code}


def _delivery(two: Two, lane: str, code: str, notice: str, text: str = "tin") -> Delivery:
    last = two.channels["paper"].told[-1]
    message = replace(last.message, text=text, case=code, notice=notice, card="", redraw=False)
    return replace(last, key=f"{code}:9:1:{lane[:12]}", lane=lane, account="paper", message=message)


async def test_however_many_ways_fail_the_key_fits_and_nothing_goes_round(on_each: Two) -> None:
    """PostgreSQL takes no key over 120 letters: the longest goes on, and after six chats there is a call."""
    two = on_each
    code = await linked(two)
    async with two.store.work() as work:
        lost = replace(_delivery(two, key(work, B), code, "told.answer", ANSWER), key="k" * 120)
        assert await undelivered.pass_on(work, lost, gone=False)
        (post,) = work.posts
        tried = post.key + "".join(f">{number:012}" for number in range(5))
        assert await undelivered.pass_on(work, replace(lost, key=tried), gone=False)
        (call,) = work.posts[1:]
    assert (post.lane, call.lane, len(tried)) == (key(work, A), key(work, "minh"), 118)
    await commune.work_off(two.desk)
    assert (sum(text == ANSWER for text in two.told(A)), len(calls(two))) == (1, 1)


async def test_nobody_is_called_about_a_case_who_may_not_know_it(two: Two) -> None:
    """What is kept close goes to the chiefs, never to the unit it accuses."""
    code = await two.case(A)
    async with two.store.work() as work:
        case = await case_of(work, code)
        case.confidential, case.excluded = True, [str(case.unit_id)]
        await work.session.flush()
        lost = _delivery(two, key(work, A), code, "told.answer", DRAIN)
        await undelivered.pass_on(work, lost, gone=True)
        lanes = {post.lane for post in work.posts}
        assert lanes == {key(work, "ha")}


async def test_edge_10_a_blocked_chat_is_marked_and_the_owners_of_its_cases_told_once(two: Two) -> None:
    """The owner of what was not delivered is asked to call, those of other cases told; back, all is well."""
    drain, house = await two.case(A), await two.case(A, HOUSE)
    await two.officer("accept", drain)
    two.answers["ba-tu"] = Gone("blocked")
    await two.officer("answer", drain, answer=ANSWER, files=[])
    assert len(calls(two)) == 1
    assert two.count(f"cho người gửi {drain} nữa") == 0
    first = two.count(f"cho người gửi {house} nữa")
    assert first > 0
    async with two.store.read() as work:
        assert (await chat(work, A)).blocked_at is not None
    await two.says(A, body={"shared": "Presence", "here": False})
    assert two.count(f"cho người gửi {house} nữa") == first
    two.answers.clear()
    await two.says(A, "xin chào")
    async with two.store.read() as work:
        assert (await chat(work, A)).blocked_at is None


async def test_who_is_gone_when_their_case_is_taken_is_told_of_to_who_took_it(on_each: Two) -> None:
    """Nobody is called only to hear it was taken; that no news will arrive is told of all cases."""
    two = on_each
    drain, house = await two.case(A), await two.case(A, HOUSE)
    two.answers["ba-tu"] = Gone("user is deactivated")
    await two.officer("accept", drain)
    assert calls(two) == []
    assert (two.count(f"cho người gửi {drain} nữa"), two.count(f"cho người gửi {house} nữa") > 0) == (1, True)


async def test_who_is_reached_in_their_other_chat_is_not_told_of(two: Two) -> None:
    """One of two chats is gone: the word goes to the other, and nobody need know."""
    code = await linked(two)
    two.answers["chi-sau"] = Gone("blocked")
    await two.officer("accept", code)
    assert (two.count(f"cho người gửi {code} nữa"), "đã nhận việc" in two.told(A)[-1]) == (0, True)


async def test_quiet_is_kept_on_the_next_way_too(two: Two) -> None:
    """Progress does not go to a chat that asked for none; the answer does."""
    code = await linked(two)
    await two.says(A, "dung nhan tin")
    await two.says(B, "xin chào")
    two.answers["chi-sau"] = Shut("quota")
    await two.officer("accept", code)
    assert not any("đã nhận việc" in text for text in two.told(A))
    await two.officer("answer", code, answer=ANSWER, files=[])
    assert ANSWER in two.told(A)[-1]


async def test_a_quiet_chat_is_not_written_to_because_the_other_is_shut(two: Two) -> None:
    """Progress was wished for where nothing arrives any more: whoever has the case says it by phone."""
    code = await linked(two)
    await two.officer("accept", code)
    await two.says(A, "dung nhan tin")
    await two.says(B, body={"shared": "Presence", "here": False})
    before = len(two.told(A))
    await two.officer("transfer", code, unit_id=await _other_unit(two), reason="không thuộc phòng tôi")
    assert (len(two.told(A)), len(calls(two))) == (before, 1)


async def _other_unit(two: Two) -> str:
    async with two.store.read() as work:
        return next(str(unit.id) for unit in work.rules.directory.units if unit.type == "vp_xa")


async def test_who_only_follows_is_not_called(two: Two) -> None:
    """A follower hears on their other channel, if they have one."""
    code = await two.case(C)
    async with two.store.work() as work:
        lost = _delivery(two, key(work, A), code, "followed.answer")
        people.open_chat(work, "paper", lost.lane, "ba-tu")
        await work.session.flush()
        await undelivered.pass_on(work, lost, gone=True)
        assert work.posts == []


async def test_an_official_who_is_gone_is_spoken_of_once_a_day(two: Two, clock: StoppedClock) -> None:
    """Their chiefs hear it, not the citizen; and nobody while another chat of theirs takes messages."""
    two.answers["minh"] = Gone("blocked")
    await two.case(A)
    await two.case("em-ut")
    assert two.count("Tin không đến được Lê Văn Minh") == 1
    assert "Lê Văn Minh" in two.told("tuan")[-1]
    async with two.store.work() as work:
        minh = await chat(work, "minh")
        other = commune.chat_of(work, "minh", "card")
        other.person_id = minh.person_id
        free = update(ChatRow).where(ChatRow.key == minh.key).values(blocked_at=None)
        await work.session.execute(free)
    clock.pass_(days=1)
    await two.case("chu-bay")
    assert two.count("Tin không đến được Lê Văn Minh") == 1


async def test_nobody_hears_of_an_official_who_takes_messages_elsewhere(two: Two) -> None:
    """One of two chats is gone: chiefs hear of it only once the other is, too."""
    async with two.store.work() as work:
        minh = await chat(work, "minh")
        other = commune.chat_of(work, "minh", "card")
        minh.blocked_at, other.person_id = work.now, minh.person_id
        await work.session.flush()
        await undelivered.tell_of(work, minh)
        assert work.posts == []
        other.blocked_at = work.now
        await work.session.flush()
        await undelivered.tell_of(work, other)
        assert work.posts != []


async def test_what_an_official_was_not_told_goes_to_no_chat_they_write_in_as_a_citizen(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose phone that is nobody knows: a colleague's words stay with the desk."""
    code = await two.case(A)
    async with two.store.work() as work:
        minh, own = await chat(work, "minh"), await chat(work, A)
        monkeypatch.setattr(people, "ways", lambda _, one: [minh, own] if one is minh else [one])
        lost = _delivery(two, minh.key, code, "official.nudged")
        assert not await undelivered.pass_on(work, lost, gone=False)
        assert work.posts == []


async def test_whoever_is_asked_to_call_is_not_told_besides_that_no_message_arrives(two: Two) -> None:
    """The call says so; of the sender's other cases it is told."""
    drain, house = await two.case(A), await two.case(A, HOUSE)
    await two.officer("accept", drain)
    async with two.store.work() as work:
        lost = _delivery(two, key(work, A), drain, "told.question")
        (await chat(work, A)).blocked_at = work.now
        assert await undelivered.pass_on(work, lost, gone=True)
        texts = [post.message.text for post in work.posts]
    assert any(text.startswith("☎") and drain in text for text in texts)
    assert not any(f"cho người gửi {drain} nữa" in text for text in texts)
    assert any(f"cho người gửi {house} nữa" in text for text in texts)


async def test_who_has_lost_the_message_to_another_sender_passes_nothing_on(two: Two) -> None:
    """Only the transaction that buries a message lets its news go another way: never both."""
    code = await linked(two)
    two.answers["chi-sau"] = Retry(timedelta(minutes=1))
    await two.officer("accept", code)
    (lost,) = [d for d in two.channels["card"].told if d.message.notice == "told.accepted"]
    two.answers.clear()
    await two.desk.senders[1]._record([(lost, Shut("quota"))])
    two.clock.pass_(minutes=2)
    await commune.work_off(two.desk)
    assert (two.count("đã nhận việc"), any("đã nhận việc" in text for text in two.told(A))) == (2, False)


@pytest.mark.parametrize("notice", sorted(calling.ONLY_WRITTEN))
async def test_nobody_is_called_only_to_hear_that_somebody_took_it(two: Two, notice: str) -> None:
    """Where no channel takes that, it stays unsaid: the answer is worth a call."""
    code = await two.case(A)
    async with two.store.work() as work:
        lost = _delivery(two, key(work, A), code, notice)
        assert not await undelivered.pass_on(work, lost, gone=True)
        assert not any(post.message.text.startswith("☎") for post in work.posts)
