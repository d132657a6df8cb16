"""The wish to stay unnamed in people's own words, and what only sounds like it."""

import pytest

from domain.understand import wishes

WISHED = {
    "tôi muốn gửi mà không ai biết tôi là ai: nhà máy gạch thôn 4 xả khói": "nhà máy gạch thôn 4 xả khói",
    "dung de ai biet toi la nguoi bao nha, quan nuoc xom chua bac": "quan nuoc xom chua bac",
    "toi muon to cao nhung so lo ten": "toi muon to cao",
    "à mà đừng cho chủ quán biết tôi báo nhé": "",
    "đổi sang gửi kín được không": "",
    "tôi báo việc này nhưng không muốn ai biết mình là ai": "tôi báo việc này",
    "mong giữ bí mật người báo": "",
    "xin đừng tiết lộ là tôi báo": "",
    "nhà tôi gần đó nên đừng nói tôi báo nha": "nhà tôi gần đó",
    "I want to report this but nobody should know it was me": "I want to report this",
}
OTHERS = (
    "không ai biết tôi là người nghèo cả",
    "hôm qua có người lạ vào nhà mà không ai biết",
    "ông ấy sợ lộ chuyện nên giấu giấy tờ",
    "công an làm lộ tên người báo tin",
    "không cho ông Tư biết tôi gửi con đi học",
)


@pytest.mark.parametrize(("text", "rest"), WISHED.items())
def test_it_is_heard_and_what_is_told_besides_is_kept(text: str, rest: str) -> None:
    """Nobody writes as a button does."""
    wish = wishes.unnamed(text)
    assert wish is not None
    assert wish.rest == rest


@pytest.mark.parametrize("text", OTHERS)
def test_who_tells_of_secrets_wishes_for_none(text: str) -> None:
    """The words are those of another matter."""
    assert wishes.unnamed(text) is None
