"""What answers the question of danger with facts, what wants an alarm to end, what is promised of both."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player

HUNCH = "nghe đất sau nhà kêu răng rắc"
"""Words that sound like danger, and hold no pattern of it."""
WORDS = "thấy khói ở phía đồi thôn 4"
"""Words that may be danger."""


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat."""
    await player.seats(("officer", "head", "party", "duty", "police"))
    return player


def told(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return next((str(one.message.text) for one in reversed(player.paper.told) if one.address == who), "")


def labels(player: Player) -> list[str]:
    """Return the buttons under what the citizen was told last."""
    last = next(one.message for one in reversed(player.paper.told) if one.address == "citizen")
    return [choice.label for choice in last.choices]


def rung(player: Player) -> bool:
    """Say whether any official heard anything."""
    return any(one.address in {"police", "head", "duty"} for one in player.paper.told)


FACTS = [
    "biển số 36A 12345",
    "nha ong Sau",
    "o gan cho",
    "con tôi đó",
]


@pytest.mark.parametrize("asked", [HUNCH, WORDS])
@pytest.mark.parametrize("fact", FACTS)
async def test_who_tells_where_who_or_a_number_says_yes(desk: Player, asked: str, fact: str) -> None:
    """Nobody tells that of nothing; and it stands in the story of whoever comes."""
    await desk.say("citizen", {"text": asked})
    assert "nguy hiểm lúc này không" in told(desk, "citizen")
    await desk.say("citizen", {"text": fact})
    assert "Mã: " in told(desk, "citizen")
    assert any(fact in str(one.message.text) for one in desk.paper.told if one.address == "police")


async def test_a_bare_place_after_a_hunch_is_asked_again_and_then_rings(desk: Player) -> None:
    """People tell where anything is; words that tell of danger are confirmed by it."""
    await desk.say("citizen", {"text": HUNCH})
    await desk.say("citizen", {"text": "thôn 3 ngay cổng đình"})
    assert not rung(desk)
    assert "nguy hiểm lúc này không" in told(desk, "citizen")
    await desk.say("citizen", {"text": "thôn 3 ngay cổng đình"})
    assert rung(desk)


async def test_a_place_confirms_words_of_danger(desk: Player) -> None:
    """They are no hunch."""
    await desk.say("citizen", {"text": WORDS})
    await desk.say("citizen", {"text": "thôn 3 ngay cổng đình"})
    assert rung(desk)


@pytest.mark.parametrize("no", ["no danger, just fix it", "nói rứa thôi chứ có chi mô", "noi vay thoi"])
async def test_who_says_there_is_no_danger_in_other_words_wakes_nobody(desk: Player, no: str) -> None:
    """The story goes on."""
    await desk.say("citizen", {"text": HUNCH})
    await desk.say("citizen", {"text": no})
    assert not rung(desk)
    assert "nguy hiểm lúc này không" not in told(desk, "citizen")


async def test_a_number_to_call_back_is_a_yes_and_not_asked_for_again(desk: Player) -> None:
    """It is kept for whoever comes."""
    await desk.say("citizen", {"text": HUNCH})
    await desk.say("citizen", {"text": "0905 123 456"})
    assert rung(desk)
    assert "số điện thoại" not in told(desk, "citizen")


@pytest.mark.parametrize("asked", [HUNCH, WORDS])
@pytest.mark.parametrize("no", ["không, ở thôn 3 đốt rác thôi", "không ai ở nhà ông Sáu bị gì", "ở đâu?"])
async def test_a_no_with_a_place_and_a_question_are_no_yes(desk: Player, asked: str, no: str) -> None:
    """Nobody is woken by them."""
    await desk.say("citizen", {"text": asked})
    await desk.say("citizen", {"text": no})
    assert not rung(desk)


async def test_another_matter_after_a_hunch_wakes_nobody(desk: Player) -> None:
    """A long answer that names a place may be something else altogether."""
    await desk.say("citizen", {"text": HUNCH})
    text = "cho tôi hỏi thủ tục làm khai sinh cho cháu ở thôn 2 cần giấy gì ạ"
    await desk.say("citizen", {"text": text})
    assert not rung(desk)


async def test_more_of_the_same_is_a_yes_where_words_raised_the_question(desk: Player) -> None:
    """Smoke, and then a smell of burning: it is not asked a second time."""
    await desk.say("citizen", {"text": WORDS})
    await desk.say("citizen", {"text": "có mùi khét nữa"})
    assert rung(desk)


@pytest.mark.parametrize("asked", [HUNCH, WORDS])
async def test_silence_rings_whatever_raised_the_question(desk: Player, asked: str) -> None:
    """The question says what becomes of silence: one rule for every one."""
    await desk.say("citizen", {"text": asked})
    assert "ít phút nữa tổ báo người trực" in told(desk, "citizen")
    await desk._pass(Pass(0, 4, "minute"))
    assert not rung(desk)
    await desk._pass(Pass(0, 6, "minute"))
    assert rung(desk)


GAS = "mùi gas ở quán"


@pytest.mark.parametrize("yes", ["nổ", "nổ rồi", "no roi", "no", "NỔ RỒI", "no lon lam"])
async def test_no_without_its_marks_bursts_where_something_may(desk: Player, yes: str) -> None:
    """“Nổ” is no no, and neither is what may be it."""
    await desk.say("citizen", {"text": GAS})
    await desk.say("citizen", {"text": yes})
    assert rung(desk)


@pytest.mark.parametrize("asked", ["there is a smell of gas near the shop here", HUNCH])
async def test_no_is_no_in_english_and_where_nothing_bursts(desk: Player, asked: str) -> None:
    """Whoever writes English says no in it; and many a Vietnamese does, of anything else."""
    await desk.say("citizen", {"text": asked})
    await desk.say("citizen", {"text": "no"})
    await desk._pass(Pass(0, 10, "minute"))
    assert not rung(desk)


@pytest.mark.parametrize("first", ["không rõ nữa", "chưa đốt", "em không biết đây là đâu", "alo"])
@pytest.mark.parametrize(("second", "rings"), [("không rõ", True), ("chắc không", True), ("không ạ", False)])
async def test_after_the_first_answer_only_a_clear_no_is_none(
    desk: Player, first: str, second: str, rings: bool
) -> None:
    """Who was asked twice and says neither is heard as one in danger."""
    await desk.say("citizen", {"text": HUNCH})
    await desk.say("citizen", {"text": first})
    assert not rung(desk)
    await desk.say("citizen", {"text": second})
    assert rung(desk) is rings


@pytest.mark.parametrize("answer", ["không biết", "không rõ", "chua biet nua", "dạ", "hình như", "đầy máu"])
async def test_who_does_not_know_of_violence_and_who_agrees_says_yes_at_once(
    desk: Player, answer: str
) -> None:
    """Nobody has seen them safe."""
    await desk.say("citizen", {"text": "nhà kế bên la hét dữ lắm"})
    await desk.say("citizen", {"text": answer})
    assert rung(desk)


OVER = "Hết nguy hiểm, thôi báo động"


@pytest.mark.parametrize(
    "words",
    ["huỷ", "hủy", "huy", "thôi", "hết cháy rồi", "het chay roi", "hủy báo động", "không còn cháy nữa"],
)
async def test_who_wants_an_alarm_to_end_is_asked_by_the_button(desk: Player, words: str) -> None:
    """There is no draft to drop; the numbers are not said again, and it rings on until it is pressed."""
    await desk.say("citizen", {"text": "cháy rồi, nhà ở thôn 1"})
    await desk.say("citizen", {"text": words})
    assert labels(desk) == [OVER]
    assert "GỌI NGAY" not in told(desk, "citizen")
    await desk._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in told(desk, "head")


async def test_an_alarm_goes_before_the_draft_that_waits_for_it(desk: Player) -> None:
    """Whoever drops something right after a cry means that."""
    await desk.say("citizen", {"text": "cống tắc mấy hôm nay"})
    await desk.say("citizen", {"text": "cháy rồi, nhà ở thôn 1"})
    await desk.say("citizen", {"text": "huỷ"})
    assert labels(desk) == [OVER]


async def test_what_is_kept_close_is_said_so_and_goes_on(desk: Player) -> None:
    """Whoever holds the phone ends nothing by a word."""
    await desk.say("citizen", {"text": "chồng em đang đánh em, thôn 2"})
    assert "Chuyện này được giữ kín" in told(desk, "citizen")
    await desk.say("citizen", {"text": "huỷ"})
    assert "vẫn đang được lo" in told(desk, "citizen")
    assert labels(desk) == []


async def test_an_alarm_that_accuses_says_that_it_is_kept_close(desk: Player) -> None:
    """As the receipt of an ordinary case does."""
    await desk.say("citizen", {"text": "công an xã đang đánh em tôi ở trụ sở"})
    assert "Chuyện này được giữ kín" in told(desk, "citizen")


async def test_what_was_just_sent_is_withdrawn_by_the_word_that_drops_a_draft(desk: Player) -> None:
    """As “rút lại” does: it is asked first."""
    await desk.say("citizen", {"text": "cống thôn 3 tắc"})
    await desk.say("citizen", {"text": "1"})
    await desk.say("citizen", {"text": "huỷ"})
    assert "muốn rút LM-" in told(desk, "citizen")


async def test_the_receipt_of_what_cannot_wait_holds_no_date(desk: Player) -> None:
    """It rings until somebody takes it."""
    await desk.say("citizen", {"text": "dang co danh bac an tien lon lam"})
    for line in ("thon 3", "1"):
        await desk.say("citizen", {"text": line})
    assert "Việc khẩn: đã báo ngay" in told(desk, "citizen")
    assert "chậm nhất" not in told(desk, "citizen")
    assert "ngày làm việc" not in told(desk, "citizen")


FAREWELL = "em đi trước nha anh, đừng buồn"
"""Words that may be somebody's last."""


async def test_a_mistake_alone_is_asked_again_of_who_may_harm_themselves(desk: Player) -> None:
    """Silence after it rings, as silence before it does."""
    await desk.say("citizen", {"text": FAREWELL})
    await desk.say("citizen", {"text": "nham"})
    assert "nguy hiểm lúc này không" in told(desk, "citizen")
    await desk._pass(Pass(0, 10, "minute"))
    assert rung(desk)


@pytest.mark.parametrize("no", ["không", "nham"])
async def test_who_says_no_or_the_same_again_is_believed(desk: Player, no: str) -> None:
    """Nobody is asked without end."""
    await desk.say("citizen", {"text": FAREWELL})
    await desk.say("citizen", {"text": "nham"})
    await desk.say("citizen", {"text": no})
    await desk._pass(Pass(0, 10, "minute"))
    assert not rung(desk)


@pytest.mark.parametrize("aside", ["khoan da, de tui hoi vo tui", "gọi lại cho mình sau 5h chiều"])
async def test_a_wife_or_a_wish_for_a_call_in_a_draft_is_no_danger(desk: Player, aside: str) -> None:
    """Neither alone nor together with a drain."""
    await desk.say("citizen", {"text": "cống tắc nước tràn thôn 3"})
    await desk.say("citizen", {"text": aside})
    assert "nguy hiểm" not in told(desk, "citizen")
    assert not rung(desk)
