"""Many see one danger: whoever tells of something else beside it is heard for themselves."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player

FIRE = "cháy nhà ở thôn 1, lửa to lắm"
WRONG = "anh Hồ Tiến Dũng công an xã đòi tiền 2 triệu mới chịu làm hộ khẩu cho tôi ở thôn 3"
ALL = ("officer", "head", "party", "duty", "police")


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat; the accused is at `police`."""
    await player.seats(ALL)
    return player


def heard(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(str(one.message.text) for one in player.paper.told if one.address == who)


def last(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return next((str(one.message.text) for one in reversed(player.paper.told) if one.address == who), "")


@pytest.mark.parametrize("who", ["citizen", "neighbour"])
@pytest.mark.parametrize(
    "words", [WRONG, f"lửa còn cháy ở thôn 1, {WRONG}", "Dũng công an ăn tiền nên bỏ mặc"]
)
async def test_a_wrong_told_beside_an_alarm_never_goes_with_it(desk: Player, who: str, words: str) -> None:
    """The alarm rings on for everybody; what accuses goes to those who may read it, and to nobody else."""
    await desk.say("citizen", {"text": FIRE})
    await desk.say("neighbour", {"text": "cháy nhà thôn 1 to lắm bà con ơi"})
    await desk.say(who, {"text": words})
    for name in ("police", "duty"):
        assert "tiền" not in heard(desk, name)
        assert "không dùng nữa" not in heard(desk, name)
    await desk._pass(Pass(0, 6, "minute"))
    assert f"5 PHÚT CHƯA AI NHẬN: {'LM-6NYWV4N'}" in heard(desk, "head")


async def test_a_witness_is_heard_after_the_alarm_was_closed_to_all_but_a_few(desk: Player) -> None:
    """Who saw it too raises an alarm anew where theirs is shut to them."""
    await desk.say("citizen", {"text": "có người cầm dao chém người ở thôn 1, cứu với"})
    await desk.say("neighbour", {"text": "thôn 1 có người cầm dao chém người kìa"})
    await desk.say(
        "citizen", {"text": "người chém là anh Hồ Tiến Dũng công an xã, đòi tiền không được thì chém"}
    )
    await desk.say("neighbour", {"text": "nó chém tiếp kìa thôn 1 cứu với, máu chảy nhiều lắm"})
    assert "GỌI NGAY" in last(desk, "neighbour")
    assert "Mã:" in last(desk, "neighbour")


@pytest.mark.parametrize(
    "words",
    [
        "bây giờ chồng tôi cầm dao chém tôi ở thôn 1, cứu tôi với",
        "có thằng lạ cầm dao vào nhà chém người, thôn 1",
        "chay rung o thon 4, cuu voi",
    ],
)
async def test_another_danger_is_another_alarm(desk: Player, words: str) -> None:
    """A fire somebody has says nothing of a knife, nor of a fire elsewhere."""
    await desk.say("citizen", {"text": FIRE})
    code = last(desk, "citizen").partition("Mã: ")[2].split()[0]
    await desk.say("police", {"tap": f"accept:{code}:1"})
    await desk.say("citizen", {"text": words})
    assert "đã nhận" not in last(desk, "citizen")
    assert code not in last(desk, "citizen")
    await desk._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in heard(desk, "head")


async def test_more_of_the_same_stays_with_it(desk: Player) -> None:
    """Who burnt themselves in the fire is no other case."""
    await desk.say("citizen", {"text": FIRE})
    code = last(desk, "citizen").partition("Mã: ")[2].split()[0]
    await desk.say("citizen", {"text": "có hai người bị bỏng nặng, kẹt trong nhà"})
    assert code in last(desk, "citizen")


async def test_a_witness_hears_that_somebody_has_it_or_that_it_was_found_not_urgent(desk: Player) -> None:
    """They wait for it as its sender does."""
    await desk.say("citizen", {"text": FIRE})
    code = last(desk, "citizen").partition("Mã: ")[2].split()[0]
    await desk.say("neighbour", {"text": "cháy nhà thôn 1 to lắm bà con ơi"})
    await desk.say("police", {"tap": f"accept:{code}:1"})
    assert "Hồ Tiến Dũng (Công an xã) đã nhận" in last(desk, "neighbour")
    await desk.say("police", {"text": f"khongkhan {code}"})
    await desk.say("police", {"text": "1"})
    assert "không khẩn" in last(desk, "neighbour")
    assert "114" in last(desk, "neighbour")
