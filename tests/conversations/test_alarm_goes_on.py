"""As long as an alarm is not over, what those say who raised or saw it goes with it, however late."""

import pytest

from bot.stories import Pass
from tests.conversations.player import Player

ALL = ("officer", "head", "party", "duty", "police")
FIRE = "chay nha o thon 1, lua to lam"
STABBED = "cứu với có người bị đâm ở thôn 3"


@pytest.fixture
async def desk(player: Player) -> Player:
    """Return a desk whose officials have a chat."""
    await player.seats(ALL)
    return player


def told(player: Player, who: str) -> str:
    """Return what somebody was told last."""
    return next((str(one.message.text) for one in reversed(player.paper.told) if one.address == who), "")


def heard(player: Player, who: str) -> str:
    """Return all that somebody was told."""
    return "\n".join(str(one.message.text) for one in player.paper.told if one.address == who)


def code_in(text: str) -> str:
    """Return the code a reply names."""
    return text.partition("Mã: ")[2].split()[0].strip(".")


async def _raised(desk: Player, *, taken: bool) -> str:
    await desk.say("citizen", {"text": FIRE})
    code = code_in(told(desk, "citizen"))
    await desk.say("neighbour", {"text": "cháy nhà thôn 1 to lắm bà con ơi"})
    if taken:
        await desk.say("police", {"tap": f"accept:{code}:1"})
    return code


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("who", ["citizen", "neighbour"])
@pytest.mark.parametrize(
    "words",
    [
        "0912345678",
        "nha o sau truong hoc, ngo 3",
        "nhà cạnh trạm y tế xã, đối diện chợ",
        "sao chua ai den",
        "sao chưa thấy ai tới vậy các anh",
        "bao gio moi den",
        "thon 2 chu khong phai thon 1",
        "xe vao cong sau nhe",
    ],
)
async def test_what_is_said_late_still_reaches_whoever_has_it_or_hears_it_ring(
    desk: Player, who: str, words: str, *, taken: bool
) -> None:
    """It never becomes a matter of its own, nor is it asked about."""
    code = await _raised(desk, taken=taken)
    await desk._pass(Pass(0, 150, "minute"))
    await desk.say(who, {"text": words})
    assert words in told(desk, "police")
    assert code in told(desk, who)


async def test_who_does_not_want_to_live_says_late_where_they_are(desk: Player) -> None:
    """What only few may read goes to these few, however late."""
    await desk.say("citizen", {"text": "toi khong muon song nua"})
    await desk._pass(Pass(0, 31, "minute"))
    before = len(desk.paper.told)
    await desk.say("citizen", {"text": "tôi đang ngồi ở cầu bến đò"})
    assert "Đã chuyển ngay, và giữ kín" in told(desk, "citizen")
    others = [one.message.text for one in desk.paper.told[before:] if one.address != "citizen"]
    assert any("cầu bến đò" in text for text in others)


@pytest.mark.parametrize(
    "words",
    [
        "cho tôi hỏi thủ tục làm giấy khai sinh cho con cần giấy tờ gì",
        "trường học thiếu giáo viên dạy toán cả học kỳ này",
    ],
)
async def test_another_matter_begins_and_the_alarm_is_named_beside_it(desk: Player, words: str) -> None:
    """What then asks where the help stays goes to the alarm, and the question of the report is put again."""
    code = await _raised(desk, taken=False)
    await desk._pass(Pass(0, 40, "minute"))
    await desk.say("citizen", {"text": words})
    assert f"Việc khẩn {code} vẫn còn đó" in told(desk, "citizen")
    assert "114" in told(desk, "citizen")
    assert words not in heard(desk, "police")
    question = told(desk, "citizen").splitlines()[-1]
    await desk.say("citizen", {"text": "sao chua ai den"})
    assert "sao chua ai den" in told(desk, "police")
    assert question in told(desk, "citizen")


@pytest.mark.parametrize(
    "words", ["cống ở thôn 4 tắc mấy hôm nay", "đèn đường xóm Đình hỏng mấy hôm nay rồi"]
)
async def test_where_it_was_taken_long_ago_a_matter_of_another_hamlet_begins(
    desk: Player, words: str
) -> None:
    """The alarm is named beside it, and whoever has it reads nothing of it."""
    code = await _raised(desk, taken=True)
    await desk._pass(Pass(0, 150, "minute"))
    await desk.say("citizen", {"text": words})
    assert code in told(desk, "citizen")
    assert words not in heard(desk, "police")


async def test_a_cry_long_after_it_was_taken_rings_and_is_told_to_whoever_has_it(desk: Player) -> None:
    """One who is on the way reads it too, with the code they know."""
    code = await _raised(desk, taken=True)
    await desk._pass(Pass(0, 61, "minute"))
    await desk.say("citizen", {"text": "cuu voi, chay tiep roi"})
    mine = [one.message.text for one in desk.paper.told if one.address == "police"]
    assert any(code in text and "chay tiep roi" in text for text in mine)
    assert code_in(told(desk, "citizen")) != code
    assert "thôn 1" in told(desk, "duty")


# --- who did it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        "anh Dũng công an đâm đấy",
        "là Dũng",
        "Dũng công an xã",
        "thang Dung cong an no dam nguoi ta",
        "chính ông Dũng công an làm",
    ],
)
async def test_a_witness_who_says_who_did_it_raises_a_close_alarm(
    desk: Player, words: str, *, late: bool
) -> None:
    """It rings for who may read it, with danger and place; the accused keeps the first and reads nothing."""
    await desk.say("citizen", {"text": STABBED})
    code = code_in(told(desk, "citizen"))
    await desk.say("neighbour", {"text": "có người bị đâm ở thôn 3 cứu với"})
    await desk.say("police", {"tap": f"accept:{code}:1"})
    if late:
        await desk._pass(Pass(0, 40, "minute"))
    before = len(desk.paper.told)
    await desk.say("neighbour", {"text": words})
    assert "GỌI NGAY" in told(desk, "neighbour")
    assert code_in(told(desk, "neighbour")) != code
    assert "thôn 3" in told(desk, "head")
    assert words in told(desk, "head")
    assert not any(one.address in {"police", "duty"} for one in desk.paper.told[before:])
    await desk.say("police", {"text": code})
    assert "Hồ Tiến Dũng đang xử lý" in told(desk, "police")
    await desk._pass(Pass(0, 6, "minute"))
    assert "5 PHÚT CHƯA AI NHẬN" in heard(desk, "party") + heard(desk, "head")


@pytest.mark.parametrize(
    "words",
    [
        "anh Dũng công an đến chưa",
        "gọi anh Dũng công an rồi",
        "công an xã đến chưa",
        "anh Dũng công an đang tới",
    ],
)
@pytest.mark.parametrize("danger", [FIRE, STABBED])
async def test_who_asks_for_an_official_accuses_nobody(desk: Player, danger: str, words: str) -> None:
    """It goes with the alarm, to whoever has it."""
    await desk.say("citizen", {"text": danger})
    code = code_in(told(desk, "citizen"))
    await desk.say("neighbour", {"text": danger})
    await desk.say("police", {"tap": f"accept:{code}:1"})
    await desk.say("neighbour", {"text": words})
    assert words in told(desk, "police")


# --- it is back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["citizen", "neighbour"])
@pytest.mark.parametrize("over", ["answer", "calm"])
@pytest.mark.parametrize("words", ["lửa lại bùng lên rồi", "chay lai roi cuu voi"])
async def test_what_is_back_rings_at_the_place_that_was_told(
    desk: Player, who: str, over: str, words: str
) -> None:
    """Whoever told of it, and however it ended, nobody tells the place twice."""
    code = await _raised(desk, taken=over == "answer")
    if over == "answer":
        await desk.say("police", {"text": f"tl {code} Đã dập xong lúc 9 giờ 10, không ai bị thương."})
    else:
        await desk.say("police", {"tap": f"calm:{code}:1"})
        await desk.say("police", {"text": "1"})
    await desk._pass(Pass(0, 90, "minute"))
    await desk.say(who, {"text": words})
    assert code_in(told(desk, who)) != code
    for name in ("duty", "police"):
        assert words in told(desk, name)
        assert "Nơi: thôn 1" in told(desk, name)


@pytest.mark.parametrize(
    "words",
    [
        "nha ong hai canh dinh",
        "nha ong tuan gan cho",
        "nhà ông Hai cạnh đình",
        "nha ba bay canh cho",
        "nhà chị Cúc ở gần trường học",
        "nha anh dung gan tram y te",
        "o sau cho do",
    ],
)
async def test_whose_house_it_is_beside_goes_with_the_alarm(desk: Player, words: str) -> None:
    """A neighbour of an official's name is no official, and who goes there must read where."""
    await desk.say("citizen", {"text": "chay nha ong hai o thon 4 roi, lua to lam, cuu voi"})
    code = code_in(told(desk, "citizen"))
    await desk.say("citizen", {"text": words})
    assert code in told(desk, "citizen")
    assert words in heard(desk, "police")


@pytest.mark.parametrize(
    "words",
    ["là ông Tuân", "ong tuan dot", "nhà ông Tuân công an", "tui nghi ông Cường", "ong tuan o canh dinh dot"],
)
async def test_whoever_is_named_as_more_than_a_neighbour_does_not_read_it(desk: Player, words: str) -> None:
    """Where people do harm, a name that says no place may be who does it."""
    await desk.say("citizen", {"text": "chay nha o thon 4 roi, lua to lam, cuu voi, co nguoi danh nhau"})
    await desk.say("citizen", {"text": words})
    assert "được giữ kín" in heard(desk, "citizen")
    assert words not in heard(desk, "police")
