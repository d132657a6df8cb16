"""What was told is taken back, or an answer disputed, in people's own words: it costs the unit no case."""

import pytest

from tests.conversations.player import OFFICIALS, Player

DITCH = "mương thôn 3 bị lấp đã lâu, xin xã cho nạo vét"
CODE = "LM-6NYWV4N"


@pytest.fixture
async def told(player: Player) -> Player:
    """Seat everybody; one report is sent."""
    await player.seats(OFFICIALS)
    await player.told("citizen", DITCH, "1")
    return player


@pytest.mark.parametrize(
    "words",
    [
        "tôi xin rút đơn, xã sửa rồi",
        "xin rút đơn vì xã sửa rồi",
        "làm xong rồi, rút hồ sơ giúp tôi",
        "sua xong roi, rut ho so giup toi",
        "sua roi, cho toi rut ho so",
        "thôi tôi không kêu nữa",
        "thôi tôi không kêu nữa, bỏ đơn đi",
        "bỏ qua việc đó đi, hàng xóm tự làm rồi",
        "không cần làm nữa đâu",
    ],
)
async def test_withdrawing_is_asked_about(told: Player, words: str) -> None:
    """With its reason before or behind it, or without."""
    assert f"muốn rút {CODE}" in await told.told("citizen", words)


async def test_a_reason_that_forces_is_told_to_those_above(told: Player) -> None:
    """Joined to the wish by “nên” as well as by a comma."""
    assert f"muốn rút {CODE}" in await told.told("citizen", "chủ quán doạ nên tôi phải rút")
    await told.told("citizen", "1")
    assert any("bị ép" in one.message.text for one in told.paper.told if one.address in OFFICIALS)


@pytest.mark.parametrize(
    "words",
    [
        "nói láo, ra coi lại đi",
        "nói dối, tôi ở đây cả ngày",
        "xạo, chưa ai tới cả",
        "có nạo đâu mà bảo nạo, ra mà xem",
        "có ai xuống đâu, ra mà xem",
        "làm gì có ai nạo, mương y nguyên",
    ],
)
async def test_an_answer_that_is_not_true_comes_back_to_who_gave_it(told: Player, words: str) -> None:
    """Disagreeing accuses nobody; the case is reopened where it was."""
    await answered(told)
    said = await told.told("citizen", words)
    assert "không được xem" not in said
    assert any(CODE in one.message.text for one in told.paper.told[-6:] if one.address == "officer")


@pytest.mark.parametrize(
    "words",
    [
        "nói láo, anh Tuân nhận tiền của bên thầu mới nói vậy",
        "nói láo anh Tuân đòi tiền tôi",
        "nói láo, toàn ăn tiền rồi ngồi nhà",
        "ông ấy nói láo, lấy tiền của tôi rồi không làm",
        "báo cáo láo, cán bộ đòi tôi 500 ngàn",
        "không đúng sự thật, phòng kinh tế bao che cho nhà thầu",
        "có nạo đâu mà bảo nạo, anh Tuân nhận tiền của thầu mới nói vậy",
        "có nạo đâu mà bảo nạo anh Tuân nhận tiền của thầu rồi nói vậy",
        "làm gì có ai nạo, ông ấy lấy tiền của tôi 2 triệu rồi bỏ đi",
        "lam gi co ai lam, no lay tien roi",
        "chưa ai tới làm gì, anh Tuân ăn tiền chứ làm đâu",
        "có ai xuống đâu, toàn ăn tiền rồi ngồi nhà",
    ],
)
async def test_a_wrong_behind_it_still_shuts_out(told: Player, words: str) -> None:
    """What is told besides is heard as ever: none of it reaches whoever answered."""
    await answered(told)
    since = len(told.paper.told)
    await told.told("citizen", words)
    assert not [one for one in told.paper.told[since:] if one.address in {"officer", "colleague"}]
    assert "không được xem" in "\n".join(
        one.message.text for one in told.paper.told if one.address == "citizen"
    )


async def answered(player: Player) -> None:
    """Let the officer take it and answer."""
    await player.told("officer", f"nhan {CODE}")
    await player.told("officer", f"tl {CODE} Sáng nay đội thoát nước đã nạo vét 40 mét mương, nước đã thông.")
