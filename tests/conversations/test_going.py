"""Who goes to a danger: which one they mean, how long it counts, and what is heard where nobody comes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.stories import Pass
from domain.cases import Act, NotNow
from services.acts.act import act
from services.standing.parties import Actor
from storage.cases.cases import by_code
from storage.ground.tables import Case
from storage.people import people
from tests.conversations.player import Player

FIRE = "cháy nhà tôi {hamlet}, ông Sáng phòng kinh tế cho người đốt"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk on which two who can go there have a chat, and a fire in hamlet 2 is told."""
    await player.seats(("officer", "head", "party", "duty", "police"))
    await player.say("citizen", {"text": FIRE.format(hamlet="thôn 2")})
    return player


def heard(player: Player, who: str, since: int = 0) -> str:
    """Return all that somebody was told."""
    return "\n".join(str(one.message.text) for one in player.paper.told[since:] if one.address == who)


def button(player: Player, who: str, label: str) -> dict[str, object]:
    """Return the press of the latest button with this label."""
    told = [one.message for one in reversed(player.paper.told) if one.address == who]
    return {"tap": next(c.action for message in told for c in message.choices if c.label.startswith(label))}


async def second(player: Player) -> None:
    """Let a fire be told in hamlet 3."""
    words = f"{FIRE.format(hamlet='thôn 3')}, số tôi 0905123456"
    await player.say("neighbour", {"text": words})


async def going(player: Player) -> dict[str, int]:
    """Return how many go to each hamlet."""
    async with player.store.read() as work:
        rows = await work.session.execute(select(Case.area, Case.going))
        return {area.removeprefix("thon_"): len(who) for area, who in rows}


@pytest.mark.parametrize("words", ["khong toi duoc", "Không tới được", "tui ko tới dc"])
async def test_who_cannot_come_means_where_they_go(desk: Player, words: str) -> None:
    """Not the fire that was told last: the others are called to this one, and its citizen knows."""
    await desk.say("police", button(desk, "police", "Tôi tới"))
    await second(desk)
    await desk.say("police", {"text": words})
    assert await going(desk) == {"2": 0, "3": 0}
    assert "CHƯA CÓ AI TỚI: Cháy\nNơi: thôn 2" in heard(desk, "duty")
    assert "nay không tới được" in heard(desk, "citizen")
    assert "nay không tới được" not in heard(desk, "neighbour")


@pytest.mark.parametrize("first", [True, False])
async def test_where_it_may_be_several_it_is_asked_by_kind_and_place(desk: Player, *, first: bool) -> None:
    """Also where this person goes to one of them already; nothing else of a case is read."""
    if first:
        await desk.say("police", button(desk, "police", "Tôi tới"))
    await second(desk)
    before = await going(desk)
    said = len(desk.paper.told)
    await desk.say("police", {"text": "tôi tới"})
    assert await going(desk) == before
    asked = desk.paper.told[-1].message
    assert {c.label.partition(",")[2].split(",")[0].strip() for c in asked.choices} == {"thôn 2", "thôn 3"}
    assert "LM-" not in f"{asked.text} {asked.choices}"
    assert "Sáng" not in heard(desk, "police", said)
    await desk.say("police", button(desk, "police", "Cháy, thôn 3"))
    assert (await going(desk))["3"] == 1


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("toi dang toi thon 2", {"2": 1, "3": 0}),
        ("Tôi tới thôn 3 ngay", {"2": 0, "3": 1}),
        ("em đang chạy tới thôn 3", {"2": 0, "3": 1}),
        ("tới thôn 2 rồi", {"2": 1, "3": 0}),
    ],
)
async def test_the_hamlet_is_heard_in_the_words(desk: Player, words: str, then: dict[str, int]) -> None:
    """They begin no report."""
    await second(desk)
    await desk.say("police", {"text": words})
    assert await going(desk) == then


@pytest.mark.parametrize(
    "words", ["không tới được thôn 2", "khong toi thon 2 duoc", "không tới thôn 2 được nữa"]
)
async def test_of_two_that_somebody_goes_to_one_is_taken_back(desk: Player, words: str) -> None:
    """Named it is that one; else it is asked."""
    await second(desk)
    for hamlet in ("2", "3"):
        await desk.say("police", {"text": f"toi toi thon {hamlet}"})
    await desk.say("police", {"text": "khong toi duoc"})
    assert await going(desk) == {"2": 1, "3": 1}
    await desk.say("police", {"text": words})
    assert await going(desk) == {"2": 0, "3": 1}


async def test_what_is_said_can_be_taken_back_by_a_button(desk: Player) -> None:
    """Its digit is nobody's: the press before it, twice, takes nothing back."""
    for _ in range(2):
        await desk.say("police", {"text": "1"})
    assert (await going(desk))["2"] == 1
    await desk.say("police", button(desk, "police", "Không tới được"))
    assert (await going(desk))["2"] == 0


async def test_who_goes_nowhere_takes_nothing_back(desk: Player) -> None:
    """That somebody else goes stays so, and no history tells of a second who stayed."""
    await desk.say("police", button(desk, "police", "Tôi tới"))
    async with desk.store.work() as work:
        row = await work.session.scalar(select(Case))
        assert row is not None
        case = await by_code(work, row.code)
        assert case is not None
        duty = Actor.of(await people.chat(work, desk.key("duty")))
        with pytest.raises(NotNow):
            await act(work, case, Act.STAY, duty)
    assert (await going(desk))["2"] == 1


@pytest.mark.parametrize(
    "words",
    ["tôi tới thôn 2", "tôi đang ra đây", "đã tới thôn 2 làm việc với dân", "tôi nói rồi", "tới đó rồi"],
)
async def test_to_all_who_are_not_called_these_are_words_like_any_other(desk: Player, words: str) -> None:
    """Officials whom nothing calls, and citizens."""
    for who in ("officer", "neighbour"):
        await desk.say(who, {"text": words})
        assert "không có chỗ nào đang gọi" not in heard(desk, who)
    assert (await going(desk))["2"] == 0


@pytest.mark.parametrize(
    "words", ["chưa ai tới, cháy to rồi", "vẫn chưa thấy ai cả", "sao chua ai den het vay"]
)
@pytest.mark.parametrize("there", [False, True])
async def test_where_nobody_comes_the_others_are_called_again(
    desk: Player, words: str, *, there: bool
) -> None:
    """Though somebody goes, or said that they are there; once a step, and they are asked."""
    await desk.say("police", button(desk, "police", "Tôi tới"))
    if there:
        await desk.say("police", {"text": "tới nơi rồi"})
    said = len(desk.paper.told)
    await desk.say("citizen", {"text": words})
    await desk.say("citizen", {"text": words})
    assert heard(desk, "duty", said).count("CẦN THÊM NGƯỜI TỚI: Cháy") == 1
    assert heard(desk, "police", said).count("tới nơi chưa? Cháy") == 1
    assert "CẦN THÊM" not in heard(desk, "police", said)
    assert "đang gọi thêm người" in heard(desk, "citizen", said)
    await desk._pass(Pass(0, 16, "minute"))
    assert await going(desk) == {"2": 0}


@pytest.mark.parametrize("words", ["cảm ơn, các anh tới rồi", "lửa lan sang bếp", "đường vào sau trường học"])
async def test_what_only_tells_more_calls_nobody_again(desk: Player, words: str) -> None:
    """Whoever goes there goes."""
    await desk.say("police", button(desk, "police", "Tôi tới"))
    said = len(desk.paper.told)
    await desk.say("citizen", {"text": words})
    assert heard(desk, "duty", said) == ""


@pytest.mark.parametrize("answer", ["", "Đang tới", "Đã tới nơi", "Không tới được"])
async def test_that_somebody_goes_counts_until_it_should_be_known(desk: Player, answer: str) -> None:
    """Unless it is said again the others hear, and nobody reads that this person cannot come."""
    await desk.say("police", button(desk, "police", "Tôi tới"))
    said = len(desk.paper.told)
    await desk._pass(Pass(0, 14, "minute"))
    assert heard(desk, "duty", said) == ""
    await desk._pass(Pass(0, 2, "minute"))
    assert heard(desk, "duty", said).count("CẦN THÊM NGƯỜI TỚI: Cháy") == 1
    assert "không tới được" not in heard(desk, "duty", said) + heard(desk, "citizen", said)
    if answer:
        await desk.say("police", button(desk, "police", answer))
    assert (await going(desk))["2"] == (answer in {"Đang tới", "Đã tới nơi"})


async def test_nobody_reads_why_whoever_is_accused_goes_no_more(desk: Player) -> None:
    """More are called, as where somebody is not heard of; they themselves hear what ends any call."""
    await desk.say("police", button(desk, "police", "Tôi tới"))
    said = len(desk.paper.told)
    await desk.say("citizen", {"text": "anh Dũng công an cùng đốt"})
    await desk._pass(Pass(0, 6, "minute"))
    assert "CẦN THÊM NGƯỜI TỚI: Cháy" in heard(desk, "duty", said)
    for hidden in ("Dũng", "không tới được", "đã báo đang tới"):
        assert hidden not in heard(desk, "duty", said)
    assert heard(desk, "police", said) == ""
    for words in ("toi toi", "khong toi duoc"):
        await desk.say("police", {"text": words})
    assert heard(desk, "police", said).count("không có chỗ nào đang gọi anh/chị tới") == 2


async def test_the_office_says_how_long_it_counts(desk: Player) -> None:
    """In its document; without a word of it there it is a step of the ladder."""
    async with desk.store.read() as work:
        assert work.rules.confirmed_within == timedelta(minutes=15)
        assert all(ladder.every == timedelta(minutes=15) for ladder in work.rules.ringing.values())
