"""What may be danger amid a report is asked about; a no, or a bare place, wakes nobody."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat."""
    await player.seats(("officer", "head", "party", "duty", "police"))
    return player


def heard(player: Player, who: str) -> str:
    """Return everything somebody was told."""
    return "\n".join(str(one.message.text) for one in player.paper.told if one.address == who)


@pytest.mark.parametrize("told", [(), ("thôn 3",)], ids=["place", "review"])
@pytest.mark.parametrize(
    "cry",
    [
        "trời ơi thằng cu nhà bên tụt xuống mương nước chảy xiết rồi",
        "thang nho nha tui tut xuong gieng khoi sau lam",
    ],
)
async def test_what_may_be_danger_is_asked_about_amid_a_report(
    desk: Player, told: tuple[str, ...], cry: str
) -> None:
    """It is neither a place nor an addition."""
    for line in ("rác chất đống trước chợ cả tuần", *told, cry):
        await desk.say("citizen", {"text": line})
    last = [str(one.message.text) for one in desk.paper.told if one.address == "citizen"][-1]
    assert "GỌI NGAY" in last or "nguy hiểm" in last
    await desk.say("citizen", {"text": "có"})
    assert "xuống mương" in heard(desk, "police") or "gieng" in heard(desk, "police")


@pytest.mark.parametrize(
    "story",
    ["đường bụi chết người, thi công mãi không xong", "nuoc thai doc chet nguoi luon, ca noi trang song"],
)
async def test_after_a_plain_no_nothing_is_urgent(desk: Player, story: str) -> None:
    """Nobody is woken for it."""
    for line in (story, "không", "thôn 2", "1"):
        await desk.say("citizen", {"text": line})
    assert "Việc khẩn" not in heard(desk, "citizen")
    assert "🚨" not in heard(desk, "head")


async def test_danger_told_sealed_beside_an_accusation_rings_at_once(desk: Player) -> None:
    """Nobody of the police that is accused hears of it."""
    await desk.say("citizen", {"text": "viet kin"})
    lines = ("công an xã nhận tiền sòng bạc thôn 4", "họ đang đập cửa nhà tôi, đông lắm", "1", "1", "1")
    for line in lines:
        await desk.say("citizen", {"text": line})
    await desk._pass(Pass(0, 2, "minute"))
    assert heard(desk, "head") or heard(desk, "duty")
    assert not heard(desk, "police")


CRY = "trời ơi thằng cu nhà bên tụt xuống mương nước chảy xiết rồi"


def last(player: Player) -> str:
    """Return what the citizen was told last."""
    return [str(one.message.text) for one in player.paper.told if one.address == "citizen"][-1]


async def press(player: Player, who: str, label: str) -> None:
    """Press the latest button with this label."""
    await player.say(who, {"tap": player._action(0, who, label)})


async def asked(desk: Player) -> None:
    """Let an officer ask something of a case."""
    for line in ("rác chất đống ở thôn 2 cả tuần", "1"):
        await desk.say("citizen", {"text": line})
    await press(desk, "officer", "Nhận xử lý")
    await press(desk, "officer", "Hỏi bà con")
    await desk.say("officer", {"text": "Chỗ nào trong thôn ạ?"})
    await desk.say("officer", {"text": "1"})


async def test_danger_is_asked_about_before_an_officers_question_is_answered(desk: Player) -> None:
    """A yes rings and leaves the question open; the next words answer it."""
    await asked(desk)
    await desk.say("citizen", {"text": CRY})
    assert "nguy hiểm lúc này không" in last(desk)
    assert "mương" not in heard(desk, "officer")
    await desk.say("citizen", {"text": "có"})
    assert "mương" in heard(desk, "police")
    assert "mương" not in heard(desk, "officer")
    await desk.say("citizen", {"text": "sau nhà văn hóa thôn"})
    assert "bà con nhắn" in heard(desk, "police") or "sau nhà văn hóa" in heard(desk, "officer")


async def test_after_a_no_the_words_may_still_be_the_answer(desk: Player) -> None:
    """It is asked whether they are: they share nothing with what was asked."""
    await asked(desk)
    for line in (CRY, "không"):
        await desk.say("citizen", {"text": line})
    assert "việc khác" in last(desk).lower()
    assert "mương" not in heard(desk, "police")


async def test_danger_is_asked_about_in_an_addition(desk: Player) -> None:
    """What is added reaches the case all the same, and a no wakes nobody."""
    for line in ("rác chất đống ở thôn 2 cả tuần", "1"):
        await desk.say("citizen", {"text": line})
    await press(desk, "citizen", "Thêm ảnh, thông tin")
    await desk.say("citizen", {"text": CRY})
    assert "nguy hiểm lúc này không" in last(desk)
    assert "mương" in heard(desk, "officer")
    await desk.say("citizen", {"text": "không"})
    assert "mương" not in heard(desk, "police")


@pytest.mark.parametrize("cry", [CRY, "có người lơ lửng trên cầu"])
async def test_danger_is_asked_about_where_a_number_is_asked_for(desk: Player, cry: str) -> None:
    """The question for the number comes again behind it."""
    for line in ("rác chất đống ở thôn 2 cả tuần", "1"):
        await desk.say("citizen", {"text": line})
    await press(desk, "citizen", "Để lại số gọi lại")
    await desk.say("citizen", {"text": cry})
    assert "nguy hiểm lúc này không" in last(desk)
    await desk.say("citizen", {"text": "không"})
    assert "số điện thoại" in last(desk)
    await desk.say("citizen", {"text": "0905123456"})
    assert "0905 123 456" in last(desk)


@pytest.mark.parametrize("told", [(), ("rác chất đống cả tuần",), ("rác chất đống cả tuần", "thôn 2")])
async def test_danger_is_asked_about_in_what_is_to_be_sealed(desk: Player, told: tuple[str, ...]) -> None:
    """Nobody hears of it before it is sent; then it rings at once."""
    for line in ("viet kin", *told, CRY):
        await desk.say("citizen", {"text": line})
    assert "Chưa bấm gửi thì chưa ai biết" in last(desk)
    assert "nguy hiểm lúc này không" in last(desk)
    await desk._pass(Pass(0, 20, "minute"))
    assert "mương" not in heard(desk, "head") + heard(desk, "police")
    for line in ("có", *(() if "thôn 2" in told else ("thôn 2",)), "1"):
        await desk.say("citizen", {"text": line})
    assert "Mã bí mật" in last(desk)
    await desk._pass(Pass(0, 2, "minute"))
    assert "KHẨN" in heard(desk, "head") + heard(desk, "police") + heard(desk, "duty")


async def test_a_few_words_amid_a_report_are_asked_about_where_it_is_plain(desk: Player) -> None:
    """“Ở xóm Chùa” sounds a little like it, and is a place."""
    for line in ("rác chất đống trước chợ cả tuần", "thằng nhỏ tụt xuống giếng"):
        await desk.say("citizen", {"text": line})
    assert "nguy hiểm lúc này không" in last(desk)


async def test_a_bare_place_is_asked_nothing(desk: Player) -> None:
    """It is where the matter is."""
    for line in ("rác chất đống trước chợ cả tuần", "ở xóm Chùa"):
        await desk.say("citizen", {"text": line})
    assert "Ở đâu: ở xóm Chùa" in last(desk)


async def test_those_on_duty_hear_of_danger_at_home_that_was_sent_sealed(desk: Player) -> None:
    """They hear that help is needed, and where; no word of the story."""
    told = "con bé hàng xóm 10 tuổi bị cha dượng nhốt, nó kêu khóc suốt đêm ở thôn 2"
    for line in ("viet kin", told, "1"):
        await desk.say("citizen", {"text": line})
    await desk._pass(Pass(0, 2, "minute"))
    assert "Có người cần cứu gấp" in heard(desk, "duty")
    assert "cha dượng" not in heard(desk, "duty")


@pytest.mark.parametrize("words", ["không biết", "tôi không rõ", "ko biết nữa", "I don't know"])
async def test_who_does_not_know_where_names_no_place(desk: Player, words: str) -> None:
    """The commune is all that is known of it."""
    for line in ("rác chất đống trước chợ cả tuần", words):
        await desk.say("citizen", {"text": line})
    assert "Ở đâu: xã Tân Lập Mẫu" in last(desk) or "Where: xã Tân Lập Mẫu" in last(desk)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("thêm ảnh", "gửi ảnh"),
        ("gửi thêm", "gửi ảnh"),
        ("add a photo", "gửi ảnh"),
        ("sửa lĩnh vực", "muốn sửa gì"),
        ("change it", "muốn sửa gì"),
        ("cảm ơn", "hiểu thế này"),
        ("xong", "hiểu thế này"),
        ("when will it be done", "hiểu thế này"),
    ],
)
async def test_words_for_the_buttons_of_the_review_are_no_addition(
    desk: Player, words: str, asked: str
) -> None:
    """They do what the button does, or nothing."""
    for line in ("rác chất đống ở thôn 2 cả tuần", words):
        await desk.say("citizen", {"text": line})
    assert asked in last(desk)
    assert words not in last(desk).lower()
