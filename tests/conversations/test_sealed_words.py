"""Sealed mode: what tells who wrote is looked for in everything that anybody will read."""

import pytest

from tests.conversations.player import Player
from tests.conversations.test_sealed import pass_, sealed_case, secret_of, tell

STORY = "can bo an chan tien mai tang cua dan"
HOUSE = "nha toi la Nguyen Van Hung so 12 thon 2 sdt 0905123456"
_MINE = ("Hung", "0905", "so 12")


@pytest.fixture(autouse=True)
async def seated(player: Player) -> None:
    """Seat those who are told."""
    await player.seats(("officer", "head"))


def last(player: Player) -> str:
    """Return what the citizen was told last."""
    return next(d.message.text for d in reversed(player.paper.told) if d.address == "citizen")


def told_officials(player: Player) -> str:
    """Return all that anybody else was told."""
    return "\n".join(d.message.text for d in player.paper.told if d.address != "citizen")


async def test_the_place_is_looked_at_too(player: Player) -> None:
    """Told as an answer to where it is: only the hamlet goes on."""
    await tell(player, "gui kin", STORY, HOUSE, "1")
    assert "Ở đâu: thôn 2, xã Tân Lập Mẫu" in last(player)
    await tell(player, "1")
    await pass_(player)
    case = await sealed_case(player.store)
    assert case.place == "thôn 2, xã Tân Lập Mẫu"
    assert not any(word in told_officials(player) for word in _MINE)


async def test_a_story_of_nothing_else_is_told_again(player: Player) -> None:
    """Where nothing would be left, it is not sent as it was."""
    await tell(player, "gui kin", f"{HOUSE}, goi toi nhe", "1", "1", "1", "1")
    await tell(player, "1")
    assert "nói" in last(player)
    await pass_(player)
    assert not any(word in told_officials(player) for word in _MINE)


@pytest.mark.parametrize("opened", [False, True])
async def test_words_beside_a_secret_are_asked_about(player: Player, *, opened: bool) -> None:
    """Whether the report still waits or is open already."""
    await tell(player, "gui kin", f"{STORY} thon 2", "1", "1")
    secret = secret_of(player)
    if opened:
        await pass_(player, 30 * 60)
    await tell(player, f"them {secret} toi la Nguyen Van Hung nha so 12, ong Tuan kinh te cung an")
    assert "tên" in last(player)
    await tell(player, "1")
    await pass_(player, 30 * 60)
    assert "ong Tuan kinh te cung an" in told_officials(player)
    assert not any(word in told_officials(player) for word in _MINE)


async def test_words_in_a_visit_are_asked_about(player: Player) -> None:
    """What is added there, and nothing is sent of which no word would be left."""
    await tell(player, "gui kin", f"{STORY} thon 2", "1", "1")
    await pass_(player, 30 * 60)
    await tell(player, f"xem {secret_of(player)}", HOUSE, "1", "ong ay con doi them 2 trieu")
    await pass_(player, 30 * 60)
    assert "ong ay con doi them 2 trieu" in told_officials(player)
    assert not any(word in told_officials(player) for word in _MINE)


async def test_a_number_in_a_place_waits_for_who_takes_the_case(player: Player) -> None:
    """As one in a story does."""
    await tell(player, "ống nước vỡ chảy tràn đường", "nhà tôi số 12 thôn 2 sđt 0905123456", "1", "1")
    card = next(d.message.text for d in player.paper.told if d.address == "officer")
    assert "số 12 thôn 2" in card
    assert "0905" not in card
    code = card.split()[1]
    await tell(player, f"nhan {code}", f"xem {code}", who="officer")
    assert "0905123456" in player.paper.told[-1].message.text


@pytest.mark.parametrize(
    ("story", "place"),
    [
        ("Bà Oanh một cửa vòi tiền làm khai sinh, nhà tôi số 12 ngõ 3 thôn 4", "thôn 4, xã Tân Lập Mẫu"),
        (
            "anh Tuan phong kinh te an tien dat thon 3. toi la giao vien day toan, o nha so 4 hem 2 xom Dinh",
            "thôn 3, xã Tân Lập Mẫu",
        ),
    ],
)
async def test_a_sealed_place_is_a_hamlet(player: Player, story: str, place: str) -> None:
    """Whatever was typed no house goes on, and the review shows the whole story, nothing cut off."""
    await tell(player, "gui kin", story)
    while "Ở đâu: " not in last(player):
        await tell(player, "1")
    assert f"Việc: {story}" in last(player)
    assert f"Ở đâu: {place}" in last(player)
    await tell(player, "1", "bo di", "bo di")
    assert "huy" in last(player)
    await tell(player, "1")
    await pass_(player)
    case = await sealed_case(player.store)
    assert case.place == place
    assert "so 4" not in case.story
    assert "số 12" not in case.story
