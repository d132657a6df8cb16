"""What is said around an alarm: who may call it off, who is one more witness, what nobody else hears of."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player


async def test_only_ones_own_alarm_is_called_off(player: Player) -> None:
    """A neighbour who saw it too adds words; the alarm goes on ringing."""
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    await player.say("neighbour", {"text": "cháy lớn ở thôn 2 rồi"})
    await player.say("neighbour", {"text": "nhầm rồi"})
    assert "thôi báo động" not in told(player, "neighbour").casefold()


async def test_who_told_of_it_first_does_not_end_it_for_the_rest(player: Player) -> None:
    """Neither by words, nor by the button, nor by withdrawing: an official looks first."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    code = code_in(told(player, "citizen"))
    await player.say("neighbour", {"text": "cháy lớn ở thôn 2 rồi"})
    await player.say("citizen", {"text": "nhầm rồi"})
    assert "mừng" not in told(player, "citizen").casefold()
    for verb in ("all_clear", "withdraw"):
        await player.say("citizen", {"tap": f"{verb}:{code}:1"})
        assert "còn người khác báo" in told(player, "citizen")
    await player._pass(Pass(0, 6, "minute"))
    assert "CHƯA AI NHẬN" in told(player, "head")
    await player.say("police", {"tap": f"calm:{code}:1"})
    await player.say("police", {"text": "1"})
    heard = len(player.paper.told)
    await player._pass(Pass(0, 30, "minute"))
    assert not [one for one in player.paper.told[heard:] if "CHƯA AI NHẬN" in one.message.text]


async def test_an_answer_calls_nothing_off(player: Player) -> None:
    """“Nhầm rồi” may answer an officer's question about something else."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    code = code_in(told(player, "citizen"))
    await player.say("police", {"tap": f"accept:{code}:1"})
    await player.say("police", {"text": f"hoi {code} Có phải nhà ông Năm đầu thôn không?"})
    await player.say("citizen", {"text": "nhầm rồi"})
    assert "mừng" not in told(player, "citizen").casefold()
    assert "nhầm rồi" in told(player, "police")


async def test_a_neighbour_reads_nothing_of_anothers_words(player: Player) -> None:
    """Who joins an alarm gets the numbers and its code, and none of what others told."""
    await player.say("citizen", {"text": "cháy nhà ông Tư ở thôn 2, số tôi 0905 123 456"})
    await player.say("neighbour", {"text": "thôn 2 cháy nhà cứu với"})
    assert "114" in told(player, "neighbour")
    assert "ông Tư" not in told(player, "neighbour")
    assert "0905" not in told(player, "neighbour")


async def test_two_patients_of_one_hamlet_are_two(player: Player) -> None:
    """Only what many see is one alarm: each who needs an ambulance has a case."""
    await player.say("citizen", {"text": "thôn 2 ba tôi bị đột quỵ"})
    first = code_in(told(player, "citizen"))
    await player.say("neighbour", {"text": "thôn 2 vợ tôi chuyển dạ mà không có xe"})
    assert code_in(told(player, "neighbour")) != first


async def test_what_is_kept_close_never_joins_nor_is_called_off(player: Player) -> None:
    """Whoever holds the phone may write “không sao rồi”; the case stays as pressing as it was."""
    await seated(player)
    await player.say("citizen", {"text": "chồng em đang đánh em, thôn 2"})
    first = code_in(told(player, "citizen"))
    await player.say("citizen", {"text": "không sao rồi"})
    assert "giữ kín" in told(player, "citizen")
    await player.say("neighbour", {"text": "thôn 2 chồng nhà bên đang đánh vợ"})
    assert code_in(told(player, "neighbour")) != first


@pytest.mark.parametrize("no", ["2", "không", "ko có ai", "nhầm"])
async def test_no_goes_on_with_the_story(player: Player, no: str) -> None:
    """Nobody types it twice."""
    await player.say("citizen", {"text": "mùi khét lạ ở chợ thôn 2, rác đốt mỗi tối"})
    await player.say("citizen", {"text": no})
    assert "GỌI NGAY" not in told(player, "citizen")
    assert "rác đốt mỗi tối" in told(player, "citizen")


@pytest.mark.parametrize("yes", ["1", "có", "Có người bị bỏng nặng"])
async def test_yes_is_an_alarm(player: Player, yes: str) -> None:
    """So is anything that sounds like danger, with what was told before."""
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    assert "nguy hiểm lúc này không" in told(player, "citizen")
    await player.say("citizen", {"text": yes})
    assert "Mã:" in told(player, "citizen")


async def test_the_numbers_stand_beside_an_open_question(player: Player) -> None:
    """In the middle of something else it is asked about, with whom to call."""
    await player.say("citizen", {"text": "đèn đường hỏng mấy hôm nay"})
    await player.say("citizen", {"text": "thôn 2, hình như có mùi gas"})
    assert "nguy hiểm lúc này không" in told(player, "citizen").splitlines()[0]
    assert "114" in told(player, "citizen")


async def test_a_page_makes_telephone_numbers_of_an_alarm(player: Player) -> None:
    """The message itself says that it is an alarm: a page may draw it so."""
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    assert last(player, "citizen").alarm


async def seated(player: Player) -> None:
    """Let those who hear of danger have a chat."""
    await player.seats(("officer", "head", "party", "duty", "police"))


def last(player: Player, who: str):  # noqa: ANN201 - a message
    """Return what somebody was told last."""
    return next(one.message for one in reversed(player.paper.told) if one.address == who)


def told(player: Player, who: str) -> str:
    """Return the words of it."""
    return str(last(player, who).text)


def code_in(text: str) -> str:
    """Return the code a reply names."""
    return text.partition("Mã: ")[2].split()[0].strip(".")


@pytest.mark.parametrize("more", ["dập rồi mà vẫn còn khói", "tôi an toàn rồi nhưng con tôi còn trong nhà"])
async def test_what_only_may_say_that_it_is_over_rings_on_until_a_button_is_pressed(
    player: Player, more: str
) -> None:
    """The words reach whoever has it, the bell goes on, and the button ends it."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 1, lửa to lắm"})
    code = code_in(told(player, "citizen"))
    await player.say("citizen", {"text": more})
    assert "Vẫn đang báo động" in told(player, "citizen")
    assert more in told(player, "police")
    await player._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in told(player, "head")
    await player.say("citizen", {"tap": f"all_clear:{code}:1"})
    assert "thôi báo động" in told(player, "citizen").casefold()
    heard = len(player.paper.told)
    await player._pass(Pass(0, 30, "minute"))
    assert not [one for one in player.paper.told[heard:] if "CHƯA AI NHẬN" in one.message.text]


async def test_nobody_elses_tap_calls_an_alarm_off(player: Player) -> None:
    """The button is the sender's own."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 1, lửa to lắm"})
    code = code_in(told(player, "citizen"))
    for name in ("neighbour", "officer", "police"):
        await player.say(name, {"tap": f"all_clear:{code}:1"})
        assert "thôi báo động" not in told(player, name).casefold()
    await player._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in told(player, "head")


async def test_a_number_put_right_is_kept_and_ends_nothing(player: Player) -> None:
    """“Nhầm số” is no false alarm."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 1, lửa to lắm"})
    await player.say("citizen", {"text": "nhầm số điện thoại, số đúng 0905123456"})
    assert "0905123456" in told(player, "police") or "905 123 456" in told(player, "police")
    await player._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in told(player, "head")


@pytest.mark.parametrize("blank", ["   ", "\n\n", "\u200b", "\u202e"])
async def test_a_message_without_a_word_stops_nobody(player: Player, blank: str) -> None:
    """It is answered, and what comes next is heard at once."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 1, lửa to lắm"})
    await player.say("citizen", {"text": blank})
    await player.say("citizen", {"text": "con tôi còn kẹt trong nhà, số 5 thôn 1"})
    assert "con tôi còn kẹt trong nhà" in told(player, "police")


@pytest.mark.parametrize("no", ["dạ không ạ", "Không.", "ko ạ"])
async def test_a_bare_no_is_no(player: Player, no: str) -> None:
    """However politely it is said."""
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    await player.say("citizen", {"text": no})
    assert "nguy hiểm lúc này" not in told(player, "citizen")


async def test_what_is_neither_yes_nor_no_is_asked_once_more(player: Player) -> None:
    """“Không thấy ai trả lời” begins with no and is none."""
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    await player.say("citizen", {"text": "không thấy ai trả lời cả"})
    assert "nguy hiểm lúc này không" in told(player, "citizen")


@pytest.mark.parametrize(
    "lines",
    [
        ("chau met qua chi muon ngu luon khong day nua", "chau dang cam vi thuoc tren tay"),
        ("chau dang cam vi thuoc tren tay", "mẹ ơi con xin lỗi"),
        ("khoi den bung len o cho thon 4 nhin ghe lam", "dang lan qua cac sap"),
        ("khoi den bung len o cho thon 4 nhin ghe lam", "nguoi ta chay het ra duong roi"),
        ("mui ga nong nac trong khu tro thon 1, dau dau qua", "so qua"),
        ("mui ga nong nac trong khu tro thon 1, dau dau qua", "alo", "dạ"),
        ("mui ga nong nac trong khu tro thon 1, dau dau qua", "khong biet nua", "khong biet nua"),
        ("thấy khói ở phía đồi thôn 4", "không thấy ai trả lời cả", "ở gần nhà ông Sáu"),
        ("tell my mom i love her", "I am sorry"),
    ],
)
async def test_who_is_asked_and_says_no_clear_no_is_heard_at_the_latest_the_second_time(
    player: Player, lines: tuple[str, ...]
) -> None:
    """Words that worry ring at once, and what stays unclear rings too: nobody's danger becomes a form."""
    await seated(player)
    for line in lines:
        await player.say("citizen", {"text": line})
    assert {one.address for one in player.paper.told} & {"police", "head", "duty"}
    assert any(one.message.alarm for one in player.paper.told if one.address == "citizen")


@pytest.mark.parametrize("calm", ["rác đốt mỗi tối thôi ạ", "chi hoi thu thoi", "không ai bị gì"])
async def test_a_calm_word_of_what_it_is_wakes_nobody(player: Player, calm: str) -> None:
    """It goes on as an ordinary story."""
    await seated(player)
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    await player.say("citizen", {"text": calm})
    assert "nguy hiểm lúc này" not in told(player, "citizen")
    assert not [one for one in player.paper.told if one.address == "police"]


async def test_who_writes_of_danger_in_english_is_answered_in_english(player: Player) -> None:
    """Nobody in danger asks for a language first."""
    await player.say("citizen", {"text": "I took all the pills, I am sorry"})
    assert "call now" in told(player, "citizen").casefold()
    assert "115" in told(player, "citizen")
    await player.say("neighbour", {"text": "tell my mom i love her"})
    assert "Is anybody in danger" in told(player, "neighbour")
    assert "115" in told(player, "neighbour")


async def test_a_question_that_stays_unanswered_rings_by_the_clock_once(player: Player) -> None:
    """Who cannot write any more is heard: those on duty learn why, the sender reads that it was passed on."""
    await seated(player)
    await player.say("citizen", {"text": "mui ga nong nac trong khu tro thon 1, dau dau qua"})
    await player._pass(Pass(0, 4, "minute"))
    assert not rung(player)
    await player._pass(Pass(0, 2, "minute"))
    assert "Chưa thấy bà con trả lời" in told(player, "citizen")
    assert "114" in told(player, "citizen")
    assert last(player, "citizen").alarm
    assert any("chưa thấy trả lời" in text for text in rung(player))
    assert len({code_in(one.message.text) for one in player.paper.told if "Mã: " in one.message.text}) == 1
    await player._pass(Pass(0, 3, "minute"))
    assert sum("Chưa thấy bà con trả lời" in text for text in texts(player, "citizen")) == 1


async def test_what_is_written_after_it_rang_by_itself_goes_to_the_alarm_or_ends_it(player: Player) -> None:
    """More words reach whoever has it; “nhầm” calls it off."""
    await seated(player)
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    await player._pass(Pass(0, 6, "minute"))
    await player.say("citizen", {"text": "lửa cao lắm rồi, cháy lan xuống nhà"})
    assert any("cháy lan xuống nhà" in text for text in rung(player))
    await player.say("citizen", {"text": "nhầm"})
    assert "thôi báo động" in told(player, "citizen").casefold()


@pytest.mark.parametrize("answer", ["không", "2", "nhầm"])
async def test_a_question_that_was_answered_rings_no_more(player: Player, answer: str) -> None:
    """No is no."""
    await seated(player)
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    await player.say("citizen", {"text": answer})
    await player._pass(Pass(0, 30, "minute"))
    assert not rung(player)


@pytest.mark.parametrize("lines", [("0",), ("huy",), ("menu", "0"), ("menu", "huy")])
async def test_what_drops_a_draft_drops_no_question_of_danger(player: Player, lines: tuple[str, ...]) -> None:
    """Whoever holds the phone may leave it: it is said that it rings, it does, and a no still ends it."""
    await seated(player)
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    for line in lines:
        await player.say("citizen", {"text": line})
    assert "tổ vẫn báo người trực" in told(player, "citizen")
    await player._pass(Pass(0, 6, "minute"))
    assert rung(player)


@pytest.mark.parametrize(
    ("lines", "rings"),
    [((), True), (("alo", "ơ"), True), (("0",), True), (("huy",), True), (("không",), False)],
)
async def test_a_hunch_that_nobody_answers_rings_as_any_other(
    player: Player, lines: tuple[str, ...], rings: bool
) -> None:
    """What no pattern hears is asked about, twice at most; only a clear no wakes nobody."""
    await seated(player)
    for line in (HUNCH, *lines):
        await player.say("citizen", {"text": line})
    await player._pass(Pass(0, 30, "minute"))
    assert bool(rung(player)) is rings


@pytest.mark.parametrize("yes", ["có", "1", "Cuu", "ko, ma nuoc dang len toi giuong"])
async def test_a_clear_yes_to_a_hunch_rings(player: Player, yes: str) -> None:
    """So does danger told behind a no."""
    await seated(player)
    await player.say("citizen", {"text": HUNCH})
    assert "nguy hiểm lúc này không" in told(player, "citizen")
    await player.say("citizen", {"text": yes})
    assert rung(player)


HUNCH = "nghe đất sau nhà kêu răng rắc"
"""Words that sound like danger, and hold no pattern of it."""


async def test_danger_told_with_a_case_is_asked_about_in_words_that_are_true(player: Player) -> None:
    """What is added is with the case already: no ends it there, and yes is an alarm of its own."""
    await seated(player)
    await player.say("citizen", {"text": "đèn đường thôn 2 hỏng mấy hôm nay"})
    for _ in range(3):
        await player.say("citizen", {"text": "1"})
    await player.say("citizen", {"text": "nhà bên cạnh có mùi khét với tiếng kêu"})
    assert "Đã chuyển thêm" in told(player, "citizen")
    assert "nguy hiểm lúc này không" in told(player, "citizen")
    assert "kín" not in told(player, "citizen")
    await player.say("citizen", {"text": "không"})
    assert "đã nằm trong hồ sơ" in told(player, "citizen")
    await player._pass(Pass(0, 30, "minute"))
    assert not rung(player)


async def test_words_beside_an_open_draft_say_how_to_raise_the_alarm(player: Player) -> None:
    """Nothing is said of sealed cases where none is told; “gửi đi giúp tôi” is no cry."""
    await seated(player)
    await player.say("citizen", {"text": "đèn đường thôn 2 hỏng mấy hôm nay"})
    await player.say("citizen", {"text": "gui di giup toi"})
    assert "GỌI NGAY" not in told(player, "citizen")
    await player.say("citizen", {"text": "hình như có mùi gas"})
    assert "ít phút nữa tổ báo người trực" in told(player, "citizen")
    assert "kín" not in told(player, "citizen").partition("?")[0]
    await player.say("citizen", {"text": "SOS"})
    assert rung(player)


async def test_a_choice_after_an_alarm_that_is_over_asks_nothing(player: Player) -> None:
    """A number is no word of danger, and sending what waits wakes nobody again."""
    await seated(player)
    for line in ("đèn đường hỏng mấy hôm nay", "SOS", "nhầm"):
        await player.say("citizen", {"text": line})
    heard = len(player.paper.told)
    for line in ("1", "gui di"):
        await player.say("citizen", {"text": line})
    assert not [one for one in player.paper.told[heard:] if one.address != "citizen"]


async def test_a_question_beneath_another_conversation_rings_too(player: Player) -> None:
    """Whoever begins something else has not answered; what they were telling stays open."""
    await seated(player)
    await player.say("citizen", {"text": "thấy khói ở phía đồi thôn 4"})
    await player.say("citizen", {"text": "gop y"})
    await player._pass(Pass(0, 6, "minute"))
    assert rung(player)


async def test_what_may_be_at_home_rings_kept_close(player: Player) -> None:
    """It says that it is kept close, and “nhầm” is not asked for: whoever holds the phone may write it."""
    await seated(player)
    await player.say("citizen", {"text": "chồng hay đánh vợ ở nhà bên, thôn 2"})
    await player._pass(Pass(0, 6, "minute"))
    assert "giữ kín" in told(player, "citizen")
    assert "nhầm" not in told(player, "citizen")


def texts(player: Player, who: str) -> list[str]:
    """Return all that somebody was told."""
    return [str(one.message.text) for one in player.paper.told if one.address == who]


def rung(player: Player) -> list[str]:
    """Return what those were told who hear of danger."""
    return [text for who in ("police", "head", "duty") for text in texts(player, who)]


async def test_an_alarm_is_not_called_off_by_one_press(player: Player) -> None:
    """It is said what it does, and asked: until then it rings on."""
    await seated(player)
    await player.say("citizen", {"text": "cháy nhà ở thôn 2, lửa to lắm"})
    code = code_in(told(player, "citizen"))
    await player.say("police", {"tap": f"calm:{code}:1"})
    assert "Có chắc" in told(player, "police")
    await player._pass(Pass(0, 6, "minute"))
    assert "CHƯA AI NHẬN" in told(player, "head")
    await player.say("police", {"tap": f"calm:{code}:1"})
    assert "Có chắc" in told(player, "police")
    await player.say("police", {"text": "1"})
    assert any("không còn là việc khẩn" in one.message.text for one in player.paper.told)
