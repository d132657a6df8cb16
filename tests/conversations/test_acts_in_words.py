"""Acts in own words: what an officer says reaches no citizen by mistake, what a citizen says is kept."""

import pytest

from tests.conversations.player import Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
HOLE = "ổ gà to ở thôn 1, xe máy ngã"
ANSWER = "Đây là trả lời bà con"
WHOSE = "Đây là ý kiến của ai"
WHERE = "Việc này ở đâu"


async def said(player: Player, who: str, text: str) -> str:
    """Say something; returns the answer, with the labels of its buttons."""
    await player.say(who, {"text": text})
    last = [one.message for one in player.paper.told if one.key.startswith("reply:")][-1]
    return " ".join((last.text, *(f"[{choice.label}]" for choice in last.choices)))


def told(player: Player, who: str) -> list[str]:
    """Return what somebody was told."""
    return [one.message.text for one in player.paper.told if one.address == who]


async def filed(player: Player, who: str, text: str) -> str:
    """Send a report; returns its code."""
    await player.say(who, {"text": text})
    await player.say(who, {"text": "1"})
    return [one.message.copy for one in player.paper.told if one.address == who and one.message.copy][-1]


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk with everybody there."""
    await player.seats(("officer", "supervisor", "head", "police", "duty", "admin"))
    await player.sit({"kt_thao": "colleague"})
    return player


@pytest.fixture
async def held(desk: Player) -> Player:
    """Return a desk where the officer has one case in hand."""
    await said(desk, "officer", f"nhan {await filed(desk, 'citizen', DRAIN)}")
    return desk


@pytest.fixture
async def answered(held: Player) -> Player:
    """Return a desk where the citizen has just been answered."""
    await said(held, "officer", "Sáng nay đội đã xuống thông cống xong, mời bà con xem lại")
    await said(held, "officer", "1")
    return held


# --- officers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("chuyển qua bên công an giúp, không phải việc phòng mình", "Vì sao chuyển?"),
        ("đẩy qua công an giúp, xe quá tải thuộc bên đó", "Vì sao chuyển?"),
        ("cho em ghi lại nội bộ: đã gọi ông Bảy, ổng hứa nhốt", "Đã ghi chú vào"),
        ("hỏi dân giùm: bò nhà ai, hay thả giờ nào", "“bò nhà ai, hay thả giờ nào”"),
        ("em làm xong việc này rồi, đóng hồ sơ", "chọn cách bắt đầu"),
        ("việc này phải chờ thuê máy xúc, cho em xin thêm 5 ngày", "Xin gia hạn"),
        ("các việc chưa ai nhận", "hồ sơ đang có"),
        ("trong tay em còn mấy việc", "hồ sơ đang có"),
        ("bỏ", "Không có bản nháp nào"),
        ("mai em nghỉ phép 3 ngày", "Nghỉ từ thứ"),
    ],
)
async def test_an_order_is_never_offered_as_the_answer(held: Player, words: str, begun: str) -> None:
    """It is begun, and the citizen is told nothing."""
    before = told(held, "citizen")
    answer = await said(held, "officer", words)
    assert begun in answer
    assert ANSWER not in answer
    assert told(held, "citizen") == before


async def test_words_for_colleagues_are_no_answer_by_the_first_digit(held: Player) -> None:
    """They are kept as a note."""
    before = told(held, "citizen")
    assert "[Ghi chú nội bộ] [Ý kiến khác] [Đúng, gửi trả lời]" in await said(
        held, "officer", "sếp ơi vụ này khó, phải có xe hút"
    )
    await said(held, "officer", "1")
    assert told(held, "citizen") == before


async def test_words_with_another_cases_code_are_no_answer_to_this_one(held: Player) -> None:
    """What is certain is done with the case they name; else that case is shown, and nothing done."""
    code = await filed(held, "neighbour", HOLE)
    unclear = await said(held, "officer", f"{code} dân gọi điện bảo thôi rồi mà anh")
    assert f"với {code}, nên chưa làm gì cả" in unclear
    assert ANSWER not in unclear
    assert f"Đã nhận việc {code}" in await said(held, "officer", f"{code} tôi nhận")


async def test_a_case_is_taken_by_what_it_is_about(desk: Player) -> None:
    """Where the words tell one of those nobody has."""
    drain, hole = await filed(desk, "citizen", DRAIN), await filed(desk, "neighbour", HOLE)
    assert f"Đã nhận việc {drain}" in await said(desk, "officer", "dạ em nhận cái vụ cống tắc nhé")
    assert f"Đã nhận việc {hole}" in await said(desk, "officer", "nhận luôn")


async def test_nobody_is_kept_in_the_question_whose_words_these_are(desk: Player) -> None:
    """An order ends it; other words go with what was said."""
    code = await filed(desk, "citizen", DRAIN)
    assert WHOSE in await said(desk, "officer", "đèn đường thôn 2 hỏng cả tuần")
    both = await said(desk, "officer", "tối đi không thấy gì")
    assert WHOSE in both
    assert "tối đi không thấy gì" in both
    assert f"Đã nhận việc {code}" in await said(desk, "officer", f"{code} nhận")
    assert WHOSE not in await said(desk, "officer", "trong tay em còn mấy việc")


async def test_days_and_the_reason_are_said_in_words(held: Player) -> None:
    """Also how many nobody offers; the chief agrees, or not, in theirs."""
    await said(held, "officer", "xin gia hạn")
    assert "[máy xúc đang sửa]" in await said(held, "officer", "xin thêm 3 ngày nữa, máy xúc đang sửa")
    assert "duyệt" in await said(held, "officer", "1")
    assert "không duyệt gia hạn" in await said(held, "supervisor", "không cho, làm ngay đi")
    assert "làm ngay đi" in told(held, "officer")[-1]


async def test_a_request_is_granted_in_words(held: Player) -> None:
    """The only one that waits; a number of days can be said alone."""
    await said(held, "officer", "xin gia hạn")
    await said(held, "officer", "3 ngày")
    await said(held, "officer", "chờ nhựa đường về")
    assert "Đã duyệt gia hạn" in await said(held, "supervisor", "ừ cho nó đi")


async def test_what_a_citizen_would_read_is_never_granted_in_passing(held: Player) -> None:
    """“Đồng ý” with nothing to decide on decides nothing."""
    before = told(held, "citizen")
    await said(held, "supervisor", "đồng ý")
    assert told(held, "citizen") == before


@pytest.mark.parametrize(
    ("who", "words", "begun"),
    [
        ("head", "tình hình xã hôm nay thế nào", "Các đơn vị hiện nay"),
        ("head", "cho tôi danh sách việc trễ", "quá hạn"),
        ("admin", "thêm người", "quản trị phần nào"),
        ("admin", "tuần này đổi người trực sang chị Lan", "Đổi những ngày nào"),
        ("officer", "thêm người vào đội trực thôn 2 đi xã", WHOSE),
    ],
)
async def test_pages_are_asked_for_in_words(desk: Player, who: str, words: str, begun: str) -> None:
    """By whom they are for; from others the words are a story."""
    assert begun in await said(desk, who, words)


async def test_a_name_is_heard_with_words_around_it(held: Player) -> None:
    """“Cho cô Thảo làm”, and behind the code."""
    code = await filed(held, "neighbour", HOLE)
    assert "cho Bùi Phương Thảo" in await said(held, "supervisor", f"giao {code} cho cô Thảo làm")


# --- citizens -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("mở lại vụ này cho tui", "muốn mở lại"),
        ("xong đâu mà xong, hôm nay vẫn lầy", "Đã mở lại"),
        ("làm ăn như hạch, có thấy ai xuống đâu", "Đã mở lại"),
        ("cảm ơn nha nhưng mà nắp mới lại bể rồi", "Đã mở lại"),
        ("quá tệ, cống vẫn tắc y nguyên", "Đã mở lại"),
        ("cũng được, tạm ổn", "Cảm ơn bà con đã chấm điểm"),
        ("ưng cái bụng", "Cảm ơn bà con đã chấm điểm"),
    ],
)
async def test_what_is_said_of_an_answer_reopens_or_marks(answered: Player, words: str, begun: str) -> None:
    """It is no matter of its own."""
    assert begun in await said(answered, "citizen", words)


async def test_another_matter_after_an_answer_is_one(answered: Player) -> None:
    """Angry words about something else reopen nothing."""
    assert "mở lại" not in await said(answered, "citizen", "làm ăn kiểu gì mà đèn đường thôn 1 tắt cả tuần")


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("bị người ta ép rút đơn nên tui phải rút, chứ tui không muốn", "người đang xử lý không đọc được"),
        ("thôi khỏi đi, có người thay bóng rồi", "muốn rút"),
        ("dạ thôi em không kiện cáo gì nữa đâu, xã bỏ qua giùm", "muốn rút"),
        ("hong phản ánh nữa đâu, hủy giùm tui", "muốn rút"),
        ("hình như em gửi 2 lần, xóa bớt 1 cái giùm", "muốn rút"),
        ("tới đâu rồi anh ơi", "Trả lời chậm nhất"),
        ("bao giờ xong z ad", "Trả lời chậm nhất"),
        ("còn bao lâu nữa mới có câu trả lời z", "Trả lời chậm nhất"),
        ("sao lâu dữ vậy trời", "Trả lời chậm nhất"),
        ("ai lo vụ của tui vậy", "Trả lời chậm nhất"),
        ("hồ sơ của tui cán bộ đọc chưa", "đã xem"),
        ("em ghi lộn, sâu 20 phân chứ ko phải 30", "Đã chuyển thêm cho cán bộ"),
        ("cho tui gặp người thật đi, nói chuyện với máy chán quá", "đã chuyển lời bà con cho cán bộ"),
        ("em cám ơn ạ", "Cảm ơn bà con. Khi cần"),
        ("thử xem máy có chạy không", "Chào bà con"),
    ],
)
async def test_what_is_wanted_of_ones_own_case(desk: Player, words: str, begun: str) -> None:
    """Neither a new matter nor something for the officer to read."""
    await filed(desk, "citizen", DRAIN)
    answer = await said(desk, "citizen", words)
    assert begun in answer
    assert WHERE not in answer


async def test_never_mind_with_nothing_open_begins_nothing(desk: Player) -> None:
    """It is nobody's story."""
    assert "Không có bản nháp nào" in await said(desk, "stranger", "thôi khỏi")


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("thôi khỏi, hết nghẹt rồi", "bỏ hẳn"),
        ("gửi đi em", "Trước khi gửi"),
        ("đúng rồi đó, gửi luôn", "Trước khi gửi"),
    ],
)
async def test_what_is_wanted_of_a_draft_is_no_part_of_it(desk: Player, words: str, then: str) -> None:
    """Nor does it drop or send anything unasked."""
    await said(desk, "stranger", "thôn 4 bị như vậy lâu lắm rồi")
    assert then in await said(desk, "stranger", words)


async def test_who_says_not_to_send_is_never_taken_for_sending(desk: Player) -> None:
    """With its mark or without."""
    await said(desk, "stranger", "thôn 4 bị như vậy lâu lắm rồi")
    assert "Trước khi gửi" not in await said(desk, "stranger", "đừng gửi đi")
