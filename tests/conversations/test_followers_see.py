"""Whoever follows, or is asked whether it is the same, reads nothing of what somebody else wrote."""

import pytest

from tests.conversations.player import Player
from tests.conversations.test_sealed import tell

PLACE = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập, tôi là Lan gần nhà văn hóa"


def told(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(told.message.text for told in player.paper.told if told.address == who)


async def send(player: Player, text: str, who: str) -> None:
    """Tell it and send it off, whatever is asked on the way."""
    await tell(player, text, who=who)
    for _ in range(3):
        last = [told for told in player.paper.told if told.address == who][-1].message
        if any(":send" in choice.action for choice in last.choices) or not last.choices:
            break
        await tell(player, "1", who=who)
    await tell(player, "1", who=who)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (
            "nhà ông Tám Cường số 12 thôn 3 xả nước thải lò mổ ra mương hôi thối, tôi là Lan nhà bên báo",
            "nhà ông Tám Cường số 12 thôn 3 xả nước thải lò mổ ra mương hôi thối",
        ),
        (
            "rác thôn 3 do bà Sáu Nhung đổ ra đường bốc mùi hôi thối",
            "rác thôn 3 đổ ra đường bốc mùi hôi thối",
        ),
        ("nha ong tam cuong thon 3 xa nuoc thai ra muong hoi thoi", "thon 3 xa nuoc thai ra muong hoi thoi"),
        ("rác thôn 3 đổ ra đường bốc mùi hôi thối", "rác thôn 3 đổ ra đường bốc mùi hôi thối do nhà bà Sáu"),
    ],
)
async def test_what_names_a_person_or_a_house_is_offered_to_nobody(
    player: Player, first: str, again: str
) -> None:
    """Whoever is complained of is not even told that somebody has."""
    await send(player, first, "citizen")
    await send(player, again, "neighbour")
    assert "theo dõi chung" not in told(player, "neighbour")
    assert "đã có" not in told(player, "neighbour")


async def test_a_follower_reads_topic_hamlet_and_days(player: Player) -> None:
    """When asked, in the list and when looking: never the headline, nor who wrote it."""
    await send(player, PLACE, "citizen")
    await tell(player, "cống thôn 3 tắc, mưa là ngập", "1", who="neighbour")
    assert "theo dõi chung" in "".join(
        choice.label
        for told in player.paper.told
        if told.address == "neighbour"
        for choice in told.message.choices
    )
    await tell(player, "1", "tra cuu", who="neighbour")
    seen = told(player, "neighbour")
    assert "Đường sá, thoát nước, đô thị · Thôn 3" in seen or "Đường sá, thoát nước, đô thị · thôn 3" in seen
    assert "mấy hôm rồi" not in seen
    assert "Lan" not in seen


async def test_what_a_neighbour_says_of_whoever_told_it_first_is_a_case_of_its_own(player: Player) -> None:
    """The first sender, an official, neither hears of it nor is told who may not read it."""
    await player.seats(("officer", "head"))
    await tell(player, PLACE, "1", "1", "1", who="officer")
    first = told(player, "officer")
    await tell(player, "cống thôn 3 tắc, mưa là ngập", "1", who="neighbour")
    await tell(player, "anh Đỗ Anh Tuân đòi tiền 2 triệu mới chịu nạo vét cống thôn 3", "1", who="neighbour")
    later = told(player, "officer").removeprefix(first)
    assert "không được xem" not in later
    assert "Chủ tịch" not in later
    assert "2 triệu" not in told(player, "officer")
    assert "Đỗ Anh Tuân và Phòng Kinh tế không được xem" in told(player, "neighbour")
    assert "🔒" in told(player, "head")
