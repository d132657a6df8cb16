"""Thanks beside an accusation take no wall down: as a report, and added to what the accused has."""

import pytest

from tests.conversations.player import OFFICIALS, Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
CODE = "LM-6NYWV4N"
ADDED = (
    "anh Tuân có vấn đề, cảm ơn xã quan tâm",
    "không tin anh Tuân đâu. cảm ơn",
    "nghi anh Tuân lắm. xin cảm ơn",
    "cảm ơn xã. anh Tuân làm ẩu",
    "mong xã xem lại anh Tuân. trân trọng cảm ơn",
    "anh Tuân bỏ về giữa chừng. cảm ơn xã",
)


async def rung_by(player: Player, text: str) -> set[str]:
    """Return which officials are told of a report."""
    await player.say("citizen", {"text": text}, silent=True)
    for _ in range(2):
        if not {one.address for one in player.paper.told} & {*OFFICIALS}:
            await player.say("citizen", {"text": "1"}, silent=True)
    return {one.address for one in player.paper.told} & {*OFFICIALS}


@pytest.mark.parametrize(
    "thanks", ["{}", "Cảm ơn xã. {}", "{}. Cảm ơn xã", "cam on xa. {}", "Tôi muốn gặp cán bộ. {}"]
)
@pytest.mark.parametrize("words", ["Sợ anh Tuân lắm, sổ đỏ thôn 3", "Nghi anh Tuân lắm, sổ đỏ thôn 3"])
async def test_who_is_feared_gets_no_card_for_thanks_to_the_desk(
    seated: Player, thanks: str, words: str
) -> None:
    """Somebody else does."""
    rung = await rung_by(seated, thanks.format(words))
    assert rung
    assert "officer" not in rung


@pytest.mark.parametrize(
    "words",
    [
        "Phòng kinh tế làm ẩu, sổ đỏ thôn 3. Cảm ơn xã",
        "Xin chào, cảm ơn. Nghi ông Vũ Đình Sáng lắm, đất công thôn 3",
    ],
)
async def test_units_and_chiefs_alike(seated: Player, words: str) -> None:
    """The unit, and the people of the chief who is named by his whole name."""
    rung = await rung_by(seated, words)
    assert rung
    assert "officer" not in rung


@pytest.mark.parametrize("words", ADDED)
async def test_what_is_added_with_thanks_is_not_read_by_who_has_it(seated: Player, words: str) -> None:
    """The words are kept from him as they are without the thanks."""
    await rung_by(seated, DRAIN)
    await seated.say("officer", {"text": f"nhan {CODE}"}, silent=True)
    await seated.say("citizen", {"text": f"them {CODE} {words}"}, silent=True)
    assert not [one for one in seated.paper.told if one.address == "officer" and words in one.message.text]
