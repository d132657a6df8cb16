"""A danger told together with a wrong: who can go there hears of the danger, and of nothing else."""

from pathlib import Path

import pytest
import yaml

import locales
from bot.stories import Pass
from domain.messages import Presence
from storage.people import people
from tests.conversations.paper import on_paper
from tests.conversations.player import Player

DATA = Path(__file__).parents[2] / "domain" / "understand" / "data"
ALL = ("officer", "head", "party", "duty", "police")
WRONG = "cô Thảo phòng kinh tế nhận tiền mà không làm gì"
OF_THE_POLICE = "ông Cường trưởng công an xã nhận tiền mà không làm gì"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat; the chief of police and one more of his too."""
    await player.seats(ALL)
    await player.sit({code: code for code in ("ca_truong", "ca_nga")})
    return player


def heard(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(str(one.message.text) for one in player.paper.told if one.address == who)


@pytest.mark.parametrize(
    ("danger", "words"),
    [
        ("chay nha toi roi, lua to lam o thon 2", "Cháy"),
        ("co nguoi duoi nuoc o thon 2 cuu voi", "Có người đuối nước"),
        ("sạt lở đất vùi nhà ở thôn 2, có người kẹt", "thôn 2"),
    ],
)
async def test_who_can_go_there_hears_what_and_where_and_no_more(
    desk: Player, danger: str, words: str
) -> None:
    """Not the code, not the story, nor that anybody is spoken of."""
    await desk.say("citizen", {"text": f"{danger}, {WRONG}"})
    for name in ("duty", "ca_nga"):
        told = heard(desk, name)
        assert words in told
        assert "thôn 2" in told
        for hidden in ("LM-", "Thảo", "tiền", "Giữ kín", danger):
            assert hidden not in told


async def test_nobody_of_the_unit_that_is_spoken_of_hears_even_that(desk: Player) -> None:
    """Whoever stands where the accused stands could ask who called; those on duty go."""
    await desk.say("citizen", {"text": f"cháy nhà tôi ở thôn 2, {OF_THE_POLICE}"})
    assert "Cháy" in heard(desk, "duty")
    assert heard(desk, "ca_truong") == heard(desk, "ca_nga") == ""


@pytest.mark.parametrize(
    "danger",
    [
        "ông Cường trưởng công an đang đánh tôi bất tỉnh ở thôn 2",
        "anh Cường trưởng công an sàm sỡ con gái tôi 9 tuổi ở thôn 2, cháu đang chảy máu",
        "em không muốn sống nữa, ông Cường trưởng công an xã ép em đưa tiền",
    ],
)
async def test_what_points_at_who_told_it_reaches_nobody_else(desk: Player, danger: str) -> None:
    """A beating has one witness: who hears where it is knows who wrote."""
    await desk.say("citizen", {"text": danger})
    for name in ("duty", "ca_nga", "ca_truong"):
        assert heard(desk, name) == ""
    assert "Mã:" in heard(desk, "citizen")


def press(player: Player, who: str) -> dict[str, object]:
    """Return the press of the latest button that says that one goes there."""
    told = [one.message for one in player.paper.told if one.address == who]
    (choice,) = [choice for message in told[-1:] for choice in message.choices]
    assert choice.label == "Tôi tới"
    assert "LM-" not in f"{choice.action} {choice.typed}"
    return {"tap": choice.action}


async def fire(desk: Player) -> str:
    """Let a fire be told with a wrong; returns the code."""
    await desk.say("citizen", {"text": f"cháy nhà tôi ở thôn 2, {WRONG}"})
    return heard(desk, "citizen").partition("Mã: ")[2].split()[0]


async def test_taking_the_case_brings_nobody_to_the_fire(desk: Player) -> None:
    """Whoever reads what is told of somebody has taken it: those who can go there are called on."""
    code = await fire(desk)
    await desk._pass(Pass(0, 11, "minute"))
    assert "10 PHÚT CHƯA AI TỚI: Cháy" in heard(desk, "duty")
    await desk.say("head", {"tap": f"accept:{code}:1"})
    assert "đã có người" not in heard(desk, "duty")
    assert "Chưa ai báo là đang tới" in heard(desk, "citizen")
    await desk._pass(Pass(0, 60, "minute"))
    for waited in ("25", "40", "55", "70"):
        assert heard(desk, "duty").count(f"{waited} PHÚT CHƯA AI TỚI: Cháy") == 1
    assert "LM-" not in heard(desk, "duty")


@pytest.mark.parametrize("taken", [True, False])
async def test_only_who_goes_there_ends_that_call(desk: Player, *, taken: bool) -> None:
    """Then it is true for the citizen, and everybody called reads who goes; the case itself rings on.

    Once they are there it is over for good.
    """
    code = await fire(desk)
    if taken:
        await desk.say("head", {"tap": f"accept:{code}:1"})
    await desk.say("duty", press(desk, "duty"))
    assert "Có người của xã đang tới" in heard(desk, "citizen")
    assert "Lê Minh Quý đang tới" in heard(desk, "ca_nga")
    assert f"{code}: Lê Minh Quý đang tới" in heard(desk, "head")
    await desk.say("duty", {"text": "tới nơi rồi"})
    assert "Lê Minh Quý đã tới nơi" in heard(desk, "ca_nga")
    assert "Người của xã báo đã tới nơi" in heard(desk, "citizen")
    before = heard(desk, "ca_nga"), heard(desk, "duty")
    await desk._pass(Pass(0, 60, "minute"))
    assert (heard(desk, "ca_nga"), heard(desk, "duty")) == before
    assert ("CHƯA AI NHẬN" in heard(desk, "head")) is not taken
    assert "LM-" not in heard(desk, "duty")


@pytest.mark.parametrize("words", ["toi toi", "Tôi tới ngay", "đang tới"])
async def test_it_can_be_typed(desk: Player, words: str) -> None:
    """And is noted once, however often."""
    await fire(desk)
    await desk.say("duty", {"text": words})
    await desk.say("duty", {"text": words})
    assert heard(desk, "ca_nga").count("đang tới") == 1
    assert "Đã báo là anh/chị đang tới." in heard(desk, "duty")


@pytest.mark.parametrize("how", ["blocked", "says so", "away"])
async def test_who_is_lost_on_the_way_is_called_for_again(desk: Player, how: str) -> None:
    """Whoever blocked the desk, cannot come or is no official any more goes nowhere: the rest hear."""
    code = await fire(desk)
    await desk.say("head", {"tap": f"accept:{code}:1"})
    await desk.say("duty", press(desk, "duty"))
    if how == "blocked":
        await desk.say("duty", on_paper(Presence(here=False)), silent=True)
    elif how == "says so":
        await desk.say("duty", {"text": "khong toi duoc"})
    else:
        async with desk.store.work() as work:
            (await people.chat(work, desk.key("duty"))).person_id = None
    await desk._pass(Pass(0, 1 if how != "away" else 16, "minute"))
    assert heard(desk, "ca_nga").count("CHƯA CÓ AI TỚI: Cháy") == 1
    assert heard(desk, "citizen").count("nay không tới được") == 1
    await desk.say("ca_nga", press(desk, "ca_nga"))
    await desk.say("ca_nga", {"text": "da toi noi"})
    before = heard(desk, "ca_nga")
    await desk._pass(Pass(0, 40, "minute"))
    assert heard(desk, "ca_nga") == before


@pytest.mark.parametrize("who", ["citizen", "officer", "supervisor"])
async def test_the_press_of_somebody_who_was_not_called_does_nothing(desk: Player, who: str) -> None:
    """Nor says whether there is such a case."""
    await fire(desk)
    forged = press(desk, "duty")
    await desk.say(who, forged)
    assert "đang tới" not in heard(desk, "ca_nga")
    assert "LM-" not in heard(desk, who) or who == "citizen"


async def test_the_call_is_over_with_the_danger(desk: Player) -> None:
    """Answered or calmed, nobody is called, and an old press says so."""
    code = await fire(desk)
    await desk.say("head", {"tap": f"accept:{code}:1"})
    old = press(desk, "duty")
    await desk.say("head", {"text": f"tl {code} Đội đã dập tắt đám cháy lúc 19h20, không ai bị thương."})
    await desk.say("duty", old)
    assert "không có chỗ nào đang gọi" in heard(desk, "duty")
    before = heard(desk, "ca_nga")
    await desk._pass(Pass(0, 60, "minute"))
    assert heard(desk, "ca_nga") == before


async def test_a_false_alarm_is_called_off_for_them_too(desk: Player) -> None:
    """Without a code."""
    await desk.say("citizen", {"text": f"cháy nhà tôi ở thôn 2, {WRONG}"})
    code = heard(desk, "citizen").partition("Mã: ")[2].split()[0]
    await desk.say("head", {"tap": f"calm:{code}:1"})
    await desk.say("head", {"text": "1"})
    assert "không còn khẩn nữa" in heard(desk, "duty")
    assert "LM-" not in heard(desk, "duty")


async def test_the_count_the_citizen_reads_is_of_who_was_told(desk: Player) -> None:
    """Those who only hear of the danger count, once each."""
    await desk.say("citizen", {"text": f"cháy nhà tôi ở thôn 2, {WRONG}"})
    told = {one.address for one in desk.paper.told} - {"citizen"}
    assert f"Đã báo {len(told)} người" in heard(desk, "citizen")


def test_every_danger_that_is_seen_has_words() -> None:
    """In both languages: those who go there read what it is."""
    rows = yaml.safe_load((DATA / "dangers.yaml").read_text("utf-8"))["dangers"]
    seen = [name for name, row in rows.items() if row.get("seen")]
    assert seen
    for language in ("vi", "en"):
        assert [name for name in seen if not locales.has(language, f"rescue.dangers.{name}")] == []


async def test_a_fire_told_with_a_beating_is_called_out_as_a_fire(desk: Player) -> None:
    """What everybody sees is told; what only the sender knows is not."""
    words = "ông Cường trưởng công an đánh con tôi ngất rồi đốt nhà tôi, cháy to lắm, thôn 2, cứu với"
    await desk.say("citizen", {"text": words})
    assert "🚨 KHẨN: Cháy" in heard(desk, "duty")
    for hidden in ("đánh", "113", "115", "Cường"):
        assert hidden not in heard(desk, "duty")


@pytest.mark.parametrize("first", ["chong toi danh toi o thon 2, cuu toi", "em không muốn sống nữa"])
async def test_a_fire_after_what_is_kept_close_is_an_alarm_for_all(desk: Player, first: str) -> None:
    """A second danger does not wait for the few who know of the first."""
    await desk.say("citizen", {"text": first})
    code = heard(desk, "citizen").partition("Mã: ")[2].split()[0]
    await desk.say("citizen", {"text": "chay nha roi, lua lan sang nha ben canh o thon 2"})
    assert "chay nha roi" in heard(desk, "duty")
    assert code not in heard(desk, "duty")
    assert first not in heard(desk, "duty")


async def test_what_happens_at_home_is_not_withdrawn_by_whoever_holds_the_phone(desk: Player) -> None:
    """It rings on until an official has looked."""
    await desk.say("citizen", {"text": "chồng tôi đánh tôi chảy máu ở thôn 1, cứu với"})
    code = heard(desk, "citizen").partition("Mã: ")[2].split()[0]
    await desk.say("citizen", {"tap": f"withdraw:{code}:1"})
    assert "cán bộ xem rồi mới thôi" in heard(desk, "citizen")
    await desk._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in heard(desk, "head")


@pytest.mark.parametrize(
    "story",
    [
        "cháy nhà tôi thôn 2, ông Cường trưởng công an cho người đốt",
        "chay nha toi o thon 2, truong cong an xa dot",
    ],
)
@pytest.mark.parametrize("away", ["ca_truong", "police"])
async def test_no_absence_of_the_accused_sends_those_on_duty_away(
    desk: Player, story: str, away: str
) -> None:
    """Whoever is on duty stands in for the accused: they are called all the same, and can be called."""
    for text in ("nghi hom nay", "Minh Quý", "1"):
        await desk.say(away, {"text": text})
    await desk.say("citizen", {"text": story})
    assert "Cháy" in heard(desk, "duty")
    assert "LM-" not in heard(desk, "duty").split("Cháy")[-1]
    assert "đốt" not in heard(desk, "duty")
    assert "0200 000 0113" in heard(desk, "citizen")
    press = next(
        c.action
        for t in desk.paper.told
        if t.address == "duty"
        for c in t.message.choices
        if "go:" in c.action
    )
    await desk.say("duty", {"tap": press})
    assert "đang tới" in heard(desk, "head") or "tới" in heard(desk, "head").splitlines()[-1]


# --- what is nobody else's to know ----------------------------------------------------------------

HELP = "Có người cần cứu gấp"


@pytest.mark.parametrize(
    ("cry", "number"),
    [
        ("cứu mi ơi có người nhảy cầu", "115"),
        ("co dua be bi bo ngoai cong chua, tim tai, con day ron", "115"),
        ("anh trai tau hắn treo cổ trong nhà kho", "115"),
        ("chồng em nó đang cầm dao rượt em, em trốn trong nhà vệ sinh", "113"),
        ("thầy giáo nó sờ mó con tui, con bé mới 9 tuổi, giờ nó đang giữ con tui trong phòng", "113"),
    ],
)
async def test_those_on_duty_hear_that_help_is_needed_and_not_why(
    desk: Player, cry: str, number: str
) -> None:
    """One person who sleeps is not enough; the children's line would tell that it is a child."""
    await desk.say("citizen", {"text": f"{cry}, thôn 2"})
    assert cry[:20] in heard(desk, "ca_truong")
    told = heard(desk, "duty")
    assert HELP in told
    assert "thôn 2" in told
    assert number in told
    for hidden in ("LM-", cry[:20], "111"):
        assert hidden not in told
    assert heard(desk, "ca_nga") == ""


@pytest.mark.parametrize(
    "cry",
    [
        "chồng em tên Quý đang đánh em",
        "chồng em làm ở xã đang đánh em, cứu em với",
        "chong em truc ban uy ban dang danh em",
        "một ông cán bộ đang sờ mó con gái tôi",
        "cán bộ ép tiền, em không muốn sống nữa",
    ],
)
async def test_who_is_on_duty_hears_nothing_where_it_may_be_they(desk: Player, cry: str) -> None:
    """By their name, or as one who serves here."""
    await desk.say("citizen", {"text": cry})
    assert "Mã:" in heard(desk, "citizen")
    assert heard(desk, "duty") == heard(desk, "ca_nga") == ""


async def test_who_is_named_later_is_called_no_more(desk: Player) -> None:
    """A husband's name may be that of whoever is on duty."""
    await desk.say("citizen", {"text": "chồng em đang đánh em, thôn 2"})
    before = heard(desk, "duty")
    assert HELP in before
    await desk.say("citizen", {"text": "chồng em tên Quý"})
    await desk._pass(Pass(0, 30, "minute"))
    assert heard(desk, "duty") == before


async def test_harm_that_came_to_somebody_with_the_police_is_told_to_none_of_them(desk: Player) -> None:
    """Whether somebody is in danger stays unanswered: it rings with those who head the desk."""
    story = "vợ con bị kêu ra đồn, về tím tay, con không dám đi đâu"
    await desk.say("citizen", {"text": story})
    await desk._pass(Pass(0, 40, "minute"))
    assert story[:20] in heard(desk, "head")
    assert heard(desk, "ca_truong") == heard(desk, "ca_nga") == heard(desk, "police") == ""
