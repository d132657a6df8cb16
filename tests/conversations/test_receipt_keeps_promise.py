"""What the review promised about who may not read a report, the receipt says again."""

import pytest

from tests.conversations.player import Player

OUT = "Vũ Đình Sáng và Phòng Kinh tế không được xem"


@pytest.mark.parametrize(
    "messages",
    [
        ("trại heo thôn 2 xả thải hôi, trại của ông Sáng",),
        ("lấn chiếm vỉa hè thôn 1 làm quán ăn", "chủ quán là em ruột ông Sáng"),
        ("bán thịt heo bệnh", "chợ thôn 1, sạp của vợ ông Sáng"),
        ("mở nhạc ồn cả đêm", "trước nhà ông Sáng ở thôn 1, ông Sáng chửi dân"),
    ],
)
async def test_the_receipt_names_whom_the_review_named(player: Player, messages: tuple[str, ...]) -> None:
    """Nobody who was promised to be kept out is missing from it, whatever the place is called."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    for text in messages:
        await player.say("citizen", {"text": text}, silent=True)
    review = _last(player)
    await player.say("citizen", {"text": "1"}, silent=True)
    receipt = _last(player)
    assert OUT in review
    assert OUT in receipt
    assert "Mã:" in receipt


def _last(player: Player) -> str:
    return [one.message.text for one in player.paper.told if one.address == "citizen"][-1]
