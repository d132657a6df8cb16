"""What is said of a case that crossed a border is true: when, who is late, whom to call, who has it."""

import pytest

from tests.conversations.player import Player

OPENED = """# x
# in the province
@ thứ Sáu 13/11/2026 09:00
citizen: đường thôn 3 ổ gà sâu, xe máy ngã mấy lần rồi
citizen: [Đúng, gửi đi]
"""
CODE = "LM-6NYWV4N"
UP = f"head: chuyen {CODE} sang so xay dung\nhead: 1\n"


def read_by(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(one.message.text for one in player.paper.told if one.address == who)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("", "Bà con đã được báo."),
        ("… until 14/11 10:00\n", "Bà con sẽ được báo lúc 07:00 thứ Hai 16/11/2026."),
        ("… until 13/11 23:00\n", "Bà con sẽ được báo lúc 07:00 thứ Hai 16/11/2026."),
    ],
)
async def test_it_is_told_once_the_citizen_is(player: Player, when: str, said: str) -> None:
    """At night and on days off the citizen sleeps: then it is said when they will read it."""
    await player.play(OPENED + when + UP)
    assert said in read_by(player, "head")
    assert ("Sở Xây dựng" in read_by(player, "citizen")) is (said == "Bà con đã được báo.")


async def test_who_is_late_asks_for_patience(player: Player) -> None:
    """The department's lateness is not the commune's, nor is its telephone; what is over is no term."""
    back = f"province_head: chuyen {CODE} ve xa Tan Lap Mau\nprovince_head: 1\n"
    await player.play(f"{OPENED}{UP}… until 27/11 16:00\n{back}")
    late = next(text for text in read_by(player, "citizen").split("Việc ") if "đã quá hạn trả lời" in text)
    assert "Sở Xây dựng (tỉnh Mẫu) mong bà con thông cảm" in late
    assert "Văn phòng UBND tỉnh (tỉnh Mẫu): 0200 000 0100" in late
    assert "Việc đã quá hạn từ" in read_by(player, "province_head")
