"""What citizens say that is no matter of a case: greetings, thumbs, and what they do not want after all."""

import pytest

from storage.cases import cases
from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"


async def said(player: Player, who: str, text: str) -> str:
    """Say something; returns the answer, with the labels of its buttons."""
    await player.say(who, {"text": text})
    last = [one.message for one in player.paper.told if one.key.startswith("reply:")][-1]
    return " ".join((last.text, *(f"[{choice.label}]" for choice in last.choices)))


def told(player: Player, who: str) -> list[str]:
    """Return what somebody was told."""
    return [one.message.text for one in player.paper.told if one.address == who]


# --- greetings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["hello, good morning", "Good morning, how are you?", "hi, nice to meet you"]
)
async def test_who_greets_in_english_is_greeted_in_it(player: Player, words: str) -> None:
    """It begins no case, and nobody is asked whether they are in danger."""
    answer = await said(player, "citizen", words)
    assert answer.startswith("Hello!")
    assert "[Tell us something]" in answer


@pytest.mark.parametrize("words", ["hello", "thank you", "hi"])
async def test_a_word_everybody_says_changes_no_language(player: Player, words: str) -> None:
    """Who says hello may well go on in Vietnamese."""
    assert "bà con" in await said(player, "citizen", words)
    assert "Gửi ý kiến" in await said(player, "citizen", "menu")


# --- beaten at home, and by whom serves -----------------------------------------------------------


async def test_a_child_beaten_at_home_is_told_the_childrens_line(player: Player) -> None:
    """However little a child says."""
    await player.seat("police")
    answer = await said(player, "citizen", "bố đang đánh con")
    assert "111 Trẻ em" in answer
    assert "113 Công an" in answer


@pytest.mark.parametrize("words", ["anh Dũng công an đánh tôi", "anh dung cong an danh toi"])
async def test_whom_an_official_beats_is_asked_and_the_official_hears_nothing(
    player: Player, words: str
) -> None:
    """Yes rings, and no goes on; neither reaches whoever is named, nor their unit."""
    await player.seats(("police", "head", "duty"))
    assert "113 Công an" in await said(player, "citizen", words)
    assert "Đã báo" in await said(player, "citizen", "có")
    assert not told(player, "police")
    assert told(player, "head")


# --- what is not wanted after all -----------------------------------------------------------------


async def drafted(player: Player) -> None:
    """Tell a matter, to its review."""
    await player.seat("officer")
    assert "[Đúng, gửi đi]" in await said(player, "citizen", DRAIN)


async def sent(player: Player) -> None:
    """Tell a matter and send it."""
    await drafted(player)
    assert "Mã: LM-6NYWV4N" in await said(player, "citizen", "1")


@pytest.mark.parametrize(
    "words", ["thôi khỏi ạ", "thôi khỏi nha", "thoi khoi di", "khỏi", "thôi không cần nữa"]
)
async def test_who_does_not_want_it_any_more_is_asked_whether_the_draft_goes(
    player: Player, words: str
) -> None:
    """The words are no part of the story; one press drops it, another goes on."""
    await drafted(player)
    assert await said(player, "citizen", words) == (
        "Bà con bỏ hẳn ý kiến đang viết ạ? Chưa gửi gì cả. [Bỏ] [Viết tiếp]"
    )
    again = await said(player, "citizen", "2")
    assert "[Đúng, gửi đi]" in again
    assert words not in again
    await said(player, "citizen", words)
    assert "Đã bỏ bản nháp" in await said(player, "citizen", "1")


@pytest.mark.parametrize("words", ["khói", "bố", "thối khói quá", "khói mù mịt cả xóm"])
async def test_other_marks_make_other_words(player: Player, words: str) -> None:
    """Smoke is not “never mind”."""
    await drafted(player)
    assert "bỏ hẳn" not in await said(player, "citizen", words)


@pytest.mark.parametrize("words", ["thôi khỏi", "thôi khỏi ạ", "never mind"])
async def test_after_the_receipt_it_is_asked_whether_to_withdraw(player: Player, words: str) -> None:
    """Nobody reads “never mind” as more of the story."""
    await sent(player)
    assert "Bà con muốn rút LM-6NYWV4N?" in await said(player, "citizen", words)
    assert not any("nhắn thêm" in text for text in told(player, "officer"))


@pytest.mark.parametrize("words", ["rút lại", "rut lai", "thôi rút lại giúp tôi nhé"])
async def test_who_was_to_add_something_may_withdraw(player: Player, words: str) -> None:
    """It is no more of the story, though more was asked for."""
    await sent(player)
    await said(player, "citizen", "1")
    assert "Bà con muốn rút LM-6NYWV4N?" in await said(player, "citizen", words)
    assert not any("nhắn thêm" in text for text in told(player, "officer"))


async def test_what_tells_more_beside_a_wish_is_added(player: Player) -> None:
    """As it was asked for."""
    await sent(player)
    await said(player, "citizen", "1")
    await said(player, "citizen", "họ rút lại máy bơm nên nước càng lên")
    assert any("rút lại máy bơm" in text for text in told(player, "officer"))


@pytest.mark.parametrize(
    "words", ["thôi khỏi gọi", "khỏi gọi lại nữa", "đừng gọi cho tôi nữa", "no need to call me"]
)
async def test_who_wants_no_call_is_called_by_nobody(player: Player, words: str) -> None:
    """Without a number there is nothing to do; one that was left is forgotten, and the call with it."""
    await sent(player)
    assert await said(player, "citizen", words) == "Vâng, có tin sẽ nhắn ở đây."
    await said(player, "citizen", "gọi lại")
    assert "Đã báo cán bộ gọi lại" in await said(player, "citizen", "0905 123 456")
    assert "Đã xoá số gọi lại" in await said(player, "citizen", words)
    assert not any("nhắn thêm" in text for text in told(player, "officer"))
    assert "không cần gọi lại nữa" in told(player, "officer")[-1]
    async with player.store.read() as work:
        case = await cases.look_at(work, "LM-6NYWV4N")
        assert case is not None
        assert (case.contact, case.promises) == (None, {})


async def test_a_number_in_the_story_is_not_called_either(player: Player) -> None:
    """Whoever reads it there reads that nobody is to call."""
    await sent(player)
    await said(player, "citizen", "số tôi 0905123456")
    await said(player, "citizen", "thôi khỏi gọi")
    assert "thôi khỏi gọi" in told(player, "officer")[-1]


async def test_asked_for_a_number_who_wants_no_call_leaves_none(player: Player) -> None:
    """It is the answer that the button gives."""
    await sent(player)
    await said(player, "citizen", "gọi lại")
    assert await said(player, "citizen", "thôi khỏi gọi") == "Vâng, có tin sẽ nhắn ở đây."


@pytest.mark.parametrize("sign", ["👍", "👍🏽", "❤️❤️", "🙏 🙏"])
async def test_a_thumb_is_no_more_words(player: Player, sign: str) -> None:
    """After a receipt it is heard in silence, after an answer it asks for the mark; a draft stays."""
    await drafted(player)
    assert sign not in await said(player, "citizen", sign)
    await said(player, "citizen", "1")
    heard = len(player.paper.told)
    await player.say("citizen", {"text": sign}, silent=True)
    assert len(player.paper.told) == heard
    await said(player, "officer", "nhan LM-6NYWV4N")
    await said(player, "officer", "tl LM-6NYWV4N Đã thông cống sáng nay.")
    assert "[Rất hài lòng]" in await said(player, "citizen", sign)


async def test_a_thumb_answers_an_officer(player: Player) -> None:
    """Whoever is asked whether it is right may answer so."""
    await sent(player)
    await said(player, "officer", "nhan LM-6NYWV4N")
    await said(player, "officer", "hoi LM-6NYWV4N Chiều nay chúng tôi đến được không?")
    await said(player, "citizen", "👍")
    assert "👍" in told(player, "officer")[-1]


async def test_a_thumb_behind_words_changes_them_into_no_others(player: Player) -> None:
    """“Ok 👍” is “ok”; a code keeps its letters."""
    await sent(player)
    assert await said(player, "citizen", "ok 👍") == "Cảm ơn bà con. Khi cần bà con cứ nhắn."
    assert "LM-6NYWV4N ·" in await said(player, "citizen", "LM-6NYWV4N 🙏")


async def test_thumbs_open_no_case(player: Player) -> None:
    """However many of them are sent."""
    await player.seat("reception")
    await said(player, "citizen", "chào xã")
    for _ in range(7):
        await player.say("citizen", {"text": "👍"}, silent=True)
    assert not told(player, "reception")
