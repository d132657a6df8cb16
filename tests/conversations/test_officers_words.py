"""Officials with a case or an alarm in hand say in their own words what they want: it is no answer."""

import pytest

from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
FIRE = "cháy nhà ở thôn 1, có người mắc kẹt, cứu với"
FIGHT = "đánh nhau ở thôn 3, có dao, cứu với"
CODE = "LM-6NYWV4N"
ANSWER = "Đây là trả lời bà con"


async def said(player: Player, who: str, text: str) -> str:
    """Say something; returns the answer, with the labels of its buttons."""
    await player.say(who, {"text": text})
    last = [one.message for one in player.paper.told if one.key.startswith("reply:")][-1]
    return " ".join((last.text, *(f"[{choice.label}]" for choice in last.choices)))


def told(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return [one.message.text for one in player.paper.told if one.address == who][-1]


@pytest.fixture
async def held(player: Player) -> Player:
    """Return a desk where the officer has one case in hand."""
    await player.seats(("officer", "supervisor", "head", "police", "duty"))
    await player.sit({"kt_thao": "colleague"})
    await player.say("citizen", {"text": DRAIN})
    await player.say("citizen", {"text": "1"})
    await player.say("officer", {"text": f"nhan {CODE}"})
    return player


@pytest.fixture
async def alarm(player: Player) -> Player:
    """Return a desk where it burns and nobody has taken it."""
    await player.seats(("police", "duty", "officer", "head"))
    await player.say("citizen", {"text": FIRE})
    return player


# --- a command wins over “is this your answer?” ---------------------------------------------------


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("xin gia han 3 ngay vi cho phong kinh te", f"Xin gia hạn {CODE}"),
        ("em xin thêm 3 ngày nữa", f"Xin gia hạn {CODE}"),
        ("nghỉ phép mai", "Ai làm thay?"),
        ("mai em xin nghỉ", "Ai làm thay?"),
        ("chuyển việc này cho phòng văn hóa", "Vì sao chuyển?"),
        ("việc này không phải của tôi", f"Chuyển {CODE} cho đơn vị nào?"),
        ("đóng việc này", f"Đóng {CODE} không giải quyết vì sao?"),
        ("hỏi bà con ngập từ bao giờ", "Bà con sẽ đọc:"),
        ("ghi chú: mai xuống xem", f"Đã ghi chú vào {CODE}"),
        ("xem việc quá hạn", "quá hạn"),
        ("cho xem việc của tôi", "1 hồ sơ đang có"),
    ],
)
async def test_what_the_help_names_is_begun(held: Player, words: str, begun: str) -> None:
    """For the one case in hand; nothing of it reaches the citizen."""
    before = told(held, "citizen")
    answer = await said(held, "officer", words)
    assert begun in answer
    assert ANSWER not in answer
    assert told(held, "citizen") == before


async def test_a_command_is_heard_where_it_is_asked_whether_words_are_the_answer(held: Player) -> None:
    """Who is misunderstood once says what they want, and is not taken to add to it."""
    assert ANSWER in await said(held, "officer", "tuần sau đội xuống")
    assert f"Xin gia hạn {CODE}" in await said(held, "officer", "xin gia hạn thêm 3 ngày")


async def test_a_reason_that_was_said_is_not_asked_for_again(held: Player) -> None:
    """It is the first digit, and the chief reads it as it was typed."""
    asked = await said(held, "officer", "xin gia hạn 3 ngày vì chờ vật tư về")
    assert "thêm 3 ngày làm việc" in asked
    assert "[chờ vật tư về]" in asked
    assert "Đã gửi lãnh đạo duyệt" in await said(held, "officer", "1")
    assert "chờ vật tư về" in told(held, "supervisor")


async def test_of_several_cases_it_is_asked_which(held: Player) -> None:
    """None is chosen for the officer."""
    await held.say("neighbour", {"text": "ổ gà to ở thôn 1, xe máy ngã"})
    await held.say("neighbour", {"text": "1"})
    code = [one.message.copy for one in held.paper.told if one.address == "neighbour" and one.message.copy][
        -1
    ]
    await held.say("officer", {"text": f"nhan {code}"})
    assert "việc nào" in await said(held, "officer", "xin gia hạn 3 ngày")


@pytest.mark.parametrize(
    "words",
    [
        "Đã chuyển việc này cho đội thông cống, tuần sau xong",
        "Đã hỏi bà con xung quanh, tuần sau đội xuống thông cống",
        "Nghỉ lễ xong, tuần sau đội xuống thông cống",
    ],
)
async def test_what_only_begins_alike_is_offered_as_the_answer(held: Player, words: str) -> None:
    """An answer may hold the same words."""
    assert ANSWER in await said(held, "officer", words)


async def test_the_words_that_say_it_is_the_answer_do_not_go_with_it(held: Player) -> None:
    """The citizen reads the answer alone."""
    assert ANSWER in await said(held, "officer", "trả lời bà con: Sáng mai đội xuống thông cống")
    await said(held, "officer", "1")
    assert "\nSáng mai đội xuống thông cống\n" in told(held, "citizen")


async def test_a_citizens_words_of_the_same_kind_are_a_story(held: Player) -> None:
    """Only officials have such commands."""
    assert "Xin gia hạn" not in await said(held, "stranger", "xin gia hạn 3 ngày")


# --- an answer that promises nothing --------------------------------------------------------------


@pytest.mark.parametrize("words", ["sáng mai…", "sẽ cố gắng xem xét", "đã nắm được"])
async def test_words_behind_the_code_pass_the_same_check(held: Player, words: str) -> None:
    """What says nothing is not given, however it is typed; it is asked for what is missing."""
    before = told(held, "citizen")
    assert "chưa cho bà con biết điều gì" in await said(held, "officer", f"trả lời {CODE}: {words}")
    assert told(held, "citizen") == before


# --- on the way to an alarm, and when it is over --------------------------------------------------


@pytest.mark.parametrize("words", ["tôi tới", "đang trên đường", "em đang chạy qua", "on my way"])
async def test_who_goes_there_takes_the_alarm_nobody_has(alarm: Player, words: str) -> None:
    """Whoever called for help hears it, and it rings no more."""
    assert "Đã nhận việc" in await said(alarm, "police", words)
    assert "đã nhận việc" in told(alarm, "citizen")
    assert "đã nhận" in told(alarm, "duty")


async def test_who_has_it_is_noted_as_going(alarm: Player) -> None:
    """Said again it is kept with the case, and no citizen is asked whether it is the answer."""
    await said(alarm, "police", "tôi tới")
    assert "Đã ghi chú vào" in await said(alarm, "police", "đang trên đường")
    assert "Hồ Tiến Dũng đã nhận việc này" in await said(alarm, "duty", "em đang chạy qua")


async def test_of_two_alarms_it_is_asked_which_unless_the_hamlet_is_named(alarm: Player) -> None:
    """Nobody takes what they do not go to."""
    await alarm.say("neighbour", {"text": FIGHT})
    asked = await said(alarm, "police", "tôi tới")
    assert "Anh/chị nhận việc nào?" in asked
    assert asked.count("[LM-") == 2
    assert f"Đã nhận việc {CODE}" in await said(alarm, "police", "em tới thôn 1")


async def test_who_is_called_to_another_danger_too_is_asked_which(alarm: Player) -> None:
    """Nobody counts as going where they do not go."""
    wrong = "cháy nhà tôi ở thôn 3 rồi, ông Cường trưởng công an xã nhận tiền mà không làm gì"
    await alarm.say("neighbour", {"text": wrong})
    asked = await said(alarm, "duty", "tôi tới")
    assert "Anh/chị nói chỗ nào?" in asked
    assert "[Cháy, thôn 3" in asked
    assert f"[{CODE}" in asked


async def test_whose_alarm_it_is_not_takes_none(alarm: Player) -> None:
    """Who is not called to it is told so."""
    assert "không có chỗ nào đang gọi" in await said(alarm, "officer", "tôi tới")
    assert "Đây là ý kiến của ai" in await said(alarm, "officer", "em đang chạy qua")


@pytest.mark.parametrize(
    "words",
    [
        "đã dập xong",
        "xong rồi, an toàn",
        "đám cháy đã tắt, không ai bị thương",
        "đã giải tán đám đánh nhau",
        "đã đưa người bị thương đi viện",
    ],
)
@pytest.mark.parametrize("who", ["police", "duty"])
async def test_who_says_that_it_is_over_ends_it_with_one_press(alarm: Player, who: str, words: str) -> None:
    """Whoever has it, of the unit or on duty; no new alarm is raised of it."""
    await said(alarm, who, "tôi tới")
    heard = len(alarm.paper.told)
    assert f"{ANSWER} cho {CODE}?" in await said(alarm, who, words)
    assert len(alarm.paper.told) == heard + 1
    await said(alarm, who, "1")
    assert f"Trả lời {CODE}:\n{words}" in told(alarm, "citizen")


async def test_an_alarm_nobody_has_is_taken_before_it_is_over(alarm: Player) -> None:
    """It rings until then."""
    assert "chưa ai nhận" in await said(alarm, "duty", "xong rồi, an toàn")
    assert f"Đã nhận việc {CODE}" in await said(alarm, "duty", "1")


@pytest.mark.parametrize("words", ["đã khống chế con tin, có dao", "vẫn còn cháy nhà bên, cứu với"])
async def test_danger_said_by_an_official_is_danger(alarm: Player, words: str) -> None:
    """Words that only hold those of an end are no end."""
    await said(alarm, "police", "tôi tới")
    assert "GỌI NGAY" in await said(alarm, "police", words)


async def test_what_is_not_over_is_no_answer(alarm: Player) -> None:
    """“Chưa dập được” tells nobody that they are safe."""
    await said(alarm, "police", "tôi tới")
    await said(alarm, "police", "chưa dập được")
    assert "chưa cho bà con biết điều gì" in await said(alarm, "police", "1")
