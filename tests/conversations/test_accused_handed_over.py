"""Who asks for a person, or for a call, is not handed to the very person they complain of."""

import pytest
from sqlalchemy import select

from services.intake.new_cases import Draft, open_case
from storage.ground.tables import Case
from storage.people import people
from tests.conversations.player import OFFICIALS, Player

LAN = (
    "cô Lan làm việc tệ quá",
    "cô Lan khó ưa lắm",
    "sợ cô Lan lắm",
    "chi lan ky lam nha",
    "thất vọng về cô Lan",
    "cô Lan lơ tui luôn",
)


async def told(player: Player, *texts: str) -> dict[str, str]:
    """Seat all officials, let the citizen say these, and return what each official was told."""
    await player.seats(OFFICIALS)
    for text in texts:
        await player.say("citizen", {"text": text}, silent=True)
    heard: dict[str, str] = {}
    for one in player.paper.told:
        if one.address in OFFICIALS:
            heard[one.address] = heard.get(one.address, "") + one.message.text
    return heard


@pytest.mark.parametrize("words", LAN)
async def test_who_is_complained_of_does_not_take_over(player: Player, words: str) -> None:
    """What the desk writes before the words is not heard as the citizen's."""
    heard = await told(player, words, "gap can bo")
    assert heard
    assert words not in heard.get("reception", "")


async def test_nor_who_is_named_instead_of_a_number(player: Player) -> None:
    """The same by the wish to be called."""
    heard = await told(player, "goi lai", "bực anh Quý quá trời")
    assert heard
    assert "anh Quý" not in heard.get("duty", "")


async def test_the_desks_own_words_are_none_of_theirs(player: Player) -> None:
    """Were they heard, whatever they say would be told by the citizen: here that an official takes money."""
    own, words = "Cô Lan văn phòng đòi tiền bà con.", "tôi không biết bấm ở đâu"
    async with player.store.work() as work:
        heard = work.rules.understanding.read(words)
        chat = people.open_chat(work, player.paper.account, player.key("citizen"), "citizen")
        case = await open_case(work, chat, Draft(heard, "xã Tân Lập Mẫu", "khac", lead=own))
        assert (case.story, case.confidential, case.excluded_people) == (f"{own}\n{words}", False, [])


async def test_what_was_asked_for_stands_before_the_words(player: Player) -> None:
    """Whoever takes over reads both."""
    await told(player, "tôi không biết bấm ở đâu", "gap can bo")
    async with player.store.read() as work:
        story = (await work.session.scalars(select(Case.story))).one()
    assert story == "Bà con muốn gặp cán bộ.\ntôi không biết bấm ở đâu"
