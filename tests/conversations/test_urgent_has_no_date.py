"""What cannot wait has no date: no more time is offered for it, asked for it, nor promised."""

import pytest

from domain.cases import Act
from services.acts.act import authorise
from services.standing.parties import Actor
from services.standing.refusals import CannotWait
from storage.cases import cases as stored
from storage.people import people
from tests.conversations.player import Player

BEATEN = "chong toi dang danh toi, cuu voi"
FIRE = "chay nha o thon 1, lua to lam"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk where everybody who hears of alarms has a chat."""
    await player.seats(("officer", "supervisor", "head", "party", "duty", "police"))
    await player.sit({"ca_truong": "ca_truong"})
    return player


def heard(player: Player, who: str) -> str:
    """Return all that somebody was told, and offered."""
    told = [one.message for one in player.paper.told if one.address == who]
    return "\n".join(f"{one.text} {[choice.label for choice in one.choices]}" for one in told)


async def cry(desk: Player, story: str) -> str:
    """Let somebody cry for help; returns the code."""
    await desk.say("citizen", {"text": story})
    return heard(desk, "citizen").partition("Mã: ")[2].split()[0]


@pytest.mark.parametrize(("story", "taker"), [(BEATEN, "ca_truong"), (FIRE, "police")])
async def test_no_more_time_is_offered_or_given_while_it_is_urgent(
    desk: Player, story: str, taker: str
) -> None:
    """Neither by a button nor by a verb, neither by whoever has it nor from above; once calmed it is."""
    code = await cry(desk, story)
    await desk.say(taker, {"text": f"nhan {code}"})
    await desk.say(taker, {"text": code})
    await desk.say(taker, {"tap": f"more:{code}:2"})
    assert "gia hạn" not in heard(desk, taker).lower()
    tries = ((taker, "gia han"), ("head", "gia han"), ("head", "them ngay"), (taker, "xin them ngay"))
    for who, verb in tries:
        await desk.say(who, {"text": f"{verb} {code}"})
        assert "không gia hạn" in desk.paper.told[-1].message.text, (who, verb)
    await desk.say(taker, {"tap": f"extend:{code}:2"})
    assert "không gia hạn" in desk.paper.told[-1].message.text
    await desk.say(taker, {"text": f"khong khan {code}"})
    await desk.say(taker, {"text": "1"})
    await desk.say(taker, {"text": code})
    assert "Xin gia hạn" in heard(desk, taker)


@pytest.mark.parametrize("what", [Act.EXTEND, Act.LENGTHEN, Act.GRANT])
async def test_the_rule_holds_wherever_it_is_asked(desk: Player, what: Act) -> None:
    """Also for a request that waited before."""
    code = await cry(desk, FIRE)
    await desk.say("police", {"text": f"nhan {code}"})
    name = "police" if what is Act.EXTEND else "head"
    async with desk.store.work() as work:
        case = await stored.by_code(work, code)
        assert case is not None
        chat = await people.chat(work, desk.key(name))
        with pytest.raises(CannotWait):
            authorise(work, case, what, Actor.of(chat), None)


async def test_no_date_is_promised_for_what_cannot_wait(desk: Player) -> None:
    """Whatever is done to it: handed on, asked about, answered by its citizen, given to somebody."""
    code = await cry(desk, FIRE)
    await desk.say("police", {"text": f"nhan {code}"})
    await desk.say("police", {"text": f"hoi {code} Nhà bà con ở ngõ nào ạ?"})
    await desk.say("citizen", {"text": "ngõ 3, sau trường học"})
    await desk.say("head", {"text": f"giao {code} cho phòng Kinh tế"})
    await desk.say("citizen", {"text": code})
    for told in desk.paper.told:
        assert "chậm nhất: ngay lập tức" not in told.message.text
        assert "chậm nhất ngay lập tức" not in told.message.text
    assert "xử lý ngay" in heard(desk, "citizen")
