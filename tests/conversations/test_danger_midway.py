"""A cry in the middle of a report, what is added to an alarm nobody has taken, and who hears of it."""

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


@pytest.mark.parametrize(
    ("story", "cry", "number"),
    [
        ("cống thôn 3 tắc", "có thằng nhỏ lọt xuống", "114"),
        ("mương thôn 2 không có lan can", "co dua nho moi te xuong", "114"),
        ("chó dữ thôn 3", "nó đang cắn con em", "115"),
        ("cầu yếu thôn 4", "sập rồi xe rớt xuống", "114"),
        ("con em ho quá", "nó tím rồi", "115"),
        ("xin giấy khai sinh", "vợ em đang đẻ", "115"),
    ],
)
async def test_a_cry_is_heard_with_the_story_it_is_told_amid(
    desk: Player, story: str, cry: str, number: str
) -> None:
    """Whoever comes reads both."""
    await desk.say("citizen", {"text": story})
    await desk.say("citizen", {"text": cry})
    assert "GỌI NGAY" in heard(desk, "citizen")
    assert number in heard(desk, "citizen")
    assert cry in heard(desk, "police")


@pytest.mark.parametrize(
    ("story", "more"),
    [
        ("cống thôn 3 tắc", "gần trường mầm non có nhiều cháu"),
        ("chó dữ thôn 3", "thả rông hoài"),
        ("cầu yếu thôn 4", "xe tải qua lại nhiều"),
        ("đèn đường thôn 2 hỏng", "hình như có mùi gas"),
    ],
)
async def test_calm_details_raise_no_alarm(desk: Player, story: str, more: str) -> None:
    """What words that may tell of danger say without the story is asked or called beside it, as before."""
    await desk.say("citizen", {"text": story})
    await desk.say("citizen", {"text": more})
    assert "KHẨN" not in heard(desk, "police")


@pytest.mark.parametrize("lines", [["rac hoi qua thon 4"], ["rác hôi quá", "thôn 4"], ["rác hôi quá", "4"]])
async def test_the_place_of_the_report_is_the_alarms(desk: Player, lines: list[str]) -> None:
    """Until another is told."""
    for line in [*lines, "cháy rồi"]:
        await desk.say("citizen", {"text": line})
    assert "Nơi: thôn 4" in heard(desk, "police")
    await desk.say("citizen", {"text": "ở thôn 2 nha"})
    assert "Nơi: thôn 2" in heard(desk, "police")


@pytest.mark.parametrize("asks", ["sao không ai tới hết vậy", "chưa thấy ai", "nhanh lên", "nobody came"])
async def test_while_nobody_has_it_no_one_is_said_to_have(desk: Player, asks: str) -> None:
    """How many were told, and the number to call."""
    await desk.say("citizen", {"text": "cháy nhà rồi"})
    before = len(heard(desk, "citizen"))
    await desk.say("citizen", {"text": asks})
    said = heard(desk, "citizen")[before:]
    assert "người đang lo việc này" not in said
    assert "chưa ai nhận" in said or "nobody has taken it" in said
    assert "114" in said


async def test_whoever_it_has_rung_for_hears_what_is_added(desk: Player) -> None:
    """The leaders too, from their first ring on."""
    await desk.say("citizen", {"text": "cháy nhà rồi"})
    await desk.say("citizen", {"text": "có hai người trong nhà"})
    await desk._pass(Pass(0, 6, "minute"))
    await desk.say("citizen", {"text": "gần miếu ông, thôn 3"})
    await desk.say("citizen", {"text": "dập xong rồi"})
    assert "hai người" not in heard(desk, "party")
    assert "gần miếu ông" in heard(desk, "party")
    assert "dập xong rồi" in heard(desk, "party")
    assert "Nơi: thôn 3" in heard(desk, "police")
