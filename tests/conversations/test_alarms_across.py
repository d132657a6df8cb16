"""An alarm over the communes of a desk: it rings where words say that it is, and nobody loses it midway."""

import pytest

from scheduler.clock import tick
from tests.conversations.wide import Wide, code_in
from tests.storage import commune
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

OUR_POLICE, OUR_CHIEF, OUR_DUTY = "ca_dung", "ca_truong", "vp_truc"
THEIR_POLICE, THEIR_DUTY, THEIR_CHAIR = "ba_ca_dung", "ba_vp_hoa", "ba_chu_tich"
OURS_RUNG = {OUR_POLICE, "ca_nga", OUR_CHIEF, OUR_DUTY}
THEIRS_RUNG = {THEIR_POLICE, THEIR_DUTY, THEIR_CHAIR}
REFUSED = "Chỉ người gửi"


async def fire(
    wide: Wide, here: str = OURS, text: str = "cháy nhà ở thôn 1 cứu với", who: str = "dan"
) -> str:
    """Let somebody call of a fire from a chat of a commune; returns the code."""
    if here:
        await wide.says(who, f"x{here}")
    return code_in(await wide.says(who, text))


async def pass_minutes(wide: Wide, minutes: int) -> None:
    """Let the clock ring for so long."""
    for _ in range(minutes):
        wide.clock.pass_(minutes=1)
        while await tick(wide.store):
            pass
        await commune.work_off(wide.desk)


def calls(wide: Wide, who: str, code: str) -> str:
    """Return what somebody was told of an alarm, the latest last."""
    texts = (wide._text(d) for d in wide.paper.told if d.address == who)
    return "\n".join(text for text in texts if code in text)


# --- words that name another commune -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "hamlet"),
    [
        ("nhầm, thôn 1 xã Bình An Mẫu", "thôn 1"),
        ("nham roi, thon 1 xa Binh An Mau", "thôn 1"),
        ("thôn 1 xã Bình An Mẫu", "thôn 1"),
        ("ở xã Bình An Mẫu chứ không phải Tân Lập Mẫu", "thôn 1"),
        ("không phải xã Tân Lập Mẫu, xã Bình An Mẫu", "thôn 1"),
        ("khong phai xa Tan Lap Mau dau, o xa Binh An Mau", "thôn 1"),
        ("bên Bình An chứ không phải Tân Lập", "thôn 1"),
        ("thôn Hạ", "thôn Hạ"),
        ("thon Ha chu khong phai thon 1", "thôn Hạ"),
        ("It is in Binh An Mau commune, not Tan Lap Mau", "thôn 1"),
    ],
)
async def test_a_corrected_commune_is_rung_at_once(wide: Wide, words: str, hamlet: str) -> None:
    """With the hamlet that was said; those rung before read where it is; nobody asks whether it is over."""
    code = await fire(wide)
    said = await wide.says("dan", words)
    assert "Đã báo 3 người" in said or "3 people were told" in said
    assert "thôi báo động" not in said
    ((area, unit, place),) = await wide.cases()
    assert (unit, place) == ("ba_ca_xa", f"{hamlet}, xã Bình An Mẫu")
    assert area == {"thôn 1": "ba_thon_1", "thôn Hạ": "ba_thon_ha"}[hamlet]
    assert wide.hear_of(code) >= THEIRS_RUNG
    for who in OURS_RUNG:
        latest = calls(wide, who, code)
        assert f"Nơi: {hamlet}, xã Bình An Mẫu\nNay ở Công an xã (xã Bình An Mẫu), đã báo 3 người" in latest


async def test_the_other_way_too(wide: Wide) -> None:
    """From theirs to ours, without diacritics."""
    code = await fire(wide, NEIGHBOUR, "co nguoi duoi nuoc o thon Ha cuu voi")
    await wide.says("dan", "thon Ben Do xa Tan Lap Mau chu khong phai thon Ha")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("thon_ben_do", "ca_xa")]
    assert wide.hear_of(code) >= OURS_RUNG


async def test_it_goes_on_ringing_there(wide: Wide) -> None:
    """Nobody there takes it: the steps of the ladder are for those who head that commune."""
    code = await fire(wide)
    await wide.says("dan", "nhầm, thôn 1 xã Bình An Mẫu")
    await pass_minutes(wide, 6)
    assert "5 PHÚT CHƯA AI NHẬN" in calls(wide, "ba_bi_thu", code)
    assert code not in wide.told("chu_tich")


@pytest.mark.parametrize(
    "words", ["lửa đã lan sang nhà bên cạnh rồi", "công an xã Bình An Mẫu ơi cứu với", "thôn 1"]
)
async def test_what_names_no_other_place_moves_nothing(wide: Wide, words: str) -> None:
    """A house beside is in the same hamlet, and police who are called are not where it burns."""
    await fire(wide)
    await wide.says("dan", words)
    assert "ca_xa" in {unit for _, unit, _ in await wide.cases()}


async def test_a_commune_that_is_only_denied_is_for_the_province_to_find(wide: Wide) -> None:
    """Its duty is rung, and the citizen is asked where it is."""
    code = await fire(wide)
    assert "xã, phường nào" in await wide.says("dan", "nhầm, không phải xã Tân Lập Mẫu")
    assert [unit for _, unit, _ in await wide.cases()] == ["vp_tinh"]
    assert "t_tiep" in wide.hear_of(code)


# --- whoever has it ------------------------------------------------------------------------------


async def test_who_took_it_goes_on_until_it_is_taken_there(wide: Wide) -> None:
    """They read it and hear what is added; nobody there is kept from taking it, and then all know."""
    code = await fire(wide, text="cháy nhà cứu với")
    await wide.says(OUR_POLICE, f"nhan {code}")
    assert "Đã báo 3 người" in await wide.says("dan", "thôn Hạ xã Bình An Mẫu")
    assert wide.hear_of(code) >= THEIRS_RUNG
    assert "Anh/chị vẫn xem, trả lời, chuyển được" in wide.told(OUR_POLICE)
    assert "Nơi: thôn Hạ, xã Bình An Mẫu" in await wide.says(OUR_POLICE, code)
    assert "đang gọi người ở đó nhận" in await wide.says(OUR_POLICE, f"nhan {code}")
    await wide.says("dan", "có hai người còn trong nhà")
    assert "hai người còn trong nhà" in wide.told(OUR_POLICE)
    assert "hai người còn trong nhà" in wide.told(THEIR_POLICE)
    assert "Đã nhận việc" in await wide.says(THEIR_POLICE, f"nhan {code}")
    assert "Triệu Tiến Dũng (Công an xã" in calls(wide, OUR_POLICE, code).splitlines()[-1]
    assert "nay ở Công an xã (xã Bình An Mẫu)" in await wide.says(
        OUR_POLICE, f"tl {code} Đội đã tới nơi, đám cháy đã dập xong."
    )


async def test_who_took_it_may_say_that_it_is_over(wide: Wide) -> None:
    """They were near and are there first: the answer bears the name of their own unit."""
    code = await fire(wide, text="cháy nhà cứu với")
    await wide.says(OUR_POLICE, f"nhan {code}")
    await wide.says("dan", "thôn Hạ xã Bình An Mẫu")
    assert "Đã trả lời" in await wide.says(OUR_POLICE, f"tl {code} Đội đã tới nơi, đám cháy đã dập xong.")
    assert "Hồ Tiến Dũng, Công an xã (xã Bình An Mẫu)" not in wide.told("dan")


async def test_who_only_heard_of_it_reads_it_no_more(wide: Wide) -> None:
    """The colleague of who took it is told where it is, and so whoever presses their old card."""
    code = await fire(wide)
    await wide.says("dan", "nhầm, thôn 1 xã Bình An Mẫu")
    assert "Nhận xử lý" not in await wide.says("ca_nga", code)
    assert "Công an xã (xã Bình An Mẫu)" in await wide.says("ca_nga", f"nhan {code}")


async def test_the_province_takes_it_and_the_commune_is_rung_all_the_same(wide: Wide) -> None:
    """The duty of the province keeps it until somebody there takes it."""
    code = await fire(wide, "", "cháy nhà cứu với")
    await wide.says("t_tiep", f"nhan {code}")
    await wide.says("dan", "thon 2 xa Binh An Mau")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_2", "ba_ca_xa")]
    assert wide.hear_of(code) >= THEIRS_RUNG
    assert "Nơi: thôn 2, xã Bình An Mẫu" in await wide.says("t_tiep", code)
    await wide.says(THEIR_POLICE, f"nhan {code}")
    assert "Triệu Tiến Dũng" in calls(wide, "t_tiep", code).splitlines()[-1]


# --- callers whose commune nobody knows ----------------------------------------------------------


async def test_fires_of_unknown_communes_are_never_one(wide: Wide) -> None:
    """Each is asked, and each rings where its own caller says, with the hamlet said at first."""
    first = await fire(wide, "", "cháy nhà ở thôn 1 cứu với", "hai")
    second = await fire(wide, "", "cháy nhà tôi ở thôn 2 rồi cứu với", "ba")
    assert first != second
    await wide.says("ba", "xã Tân Lập Mẫu")
    await wide.says("hai", "Bình An Mẫu")
    places = [(area, unit) for area, unit, _ in await wide.cases()]
    assert places == [("ba_thon_1", "ba_ca_xa"), ("thon_2", "ca_xa")]
    assert wide.hear_of(first).isdisjoint(OURS_RUNG)
    assert wide.hear_of(second).isdisjoint(THEIRS_RUNG)


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("Tan Lap", "ca_xa"),
        ("Tân Lập", "ca_xa"),
        ("xã Tân Lập", "ca_xa"),
        ("xã Bình An", "ba_ca_xa"),
        ("binh an", "ba_ca_xa"),
        ("ở bên Bình An ấy", "ba_ca_xa"),
        ("xóm Chùa", "ca_xa"),
        ("thon Ha", "ba_ca_xa"),
    ],
)
async def test_a_short_name_is_enough(wide: Wide, words: str, unit: str) -> None:
    """So is a hamlet that one commune alone has."""
    code = await fire(wide, "", "chay nha cuu voi")
    await wide.says("dan", words)
    assert [one for _, one, _ in await wide.cases()] == [unit]
    assert wide.hear_of(code) >= (OURS_RUNG if unit == "ca_xa" else THEIRS_RUNG)


async def test_the_first_words_may_be_short(wide: Wide) -> None:
    """Nothing is asked then."""
    await fire(wide, "", "chay nha thon 1 tan lap cuu voi")
    assert await wide.cases() == [("thon_1", "ca_xa", "thôn 1, xã Tân Lập Mẫu")]


async def test_who_saw_it_too_names_another_hamlet(wide: Wide) -> None:
    """What was told by many is one alarm; what is elsewhere is one of its own, and rings there."""
    await fire(wide, OURS, "cháy lớn ở thôn 1 cứu với", "hai")
    await fire(wide, OURS, "cháy lớn ở thôn 1 rồi", "ba")
    assert len(await wide.cases()) == 1
    await wide.says("ba", "ở thôn 1 xã Bình An Mẫu")
    assert [unit for _, unit, _ in await wide.cases()] == ["ca_xa", "ba_ca_xa"]
    await wide.says("ba", "thôn 2 xã Bình An Mẫu")
    assert (await wide.cases())[0][0] == "thon_1"


# --- between two ---------------------------------------------------------------------------------


@pytest.mark.parametrize("here", ["", OURS, NEIGHBOUR])
@pytest.mark.parametrize(
    "words",
    [
        "chay nha o giap ranh xa Tan Lap Mau va Binh An Mau",
        "cháy rừng giữa xã Bình An Mẫu và xã Tân Lập Mẫu, cứu với",
        "cháy nhà ở thôn 1 và thôn Hạ, xã Tân Lập Mẫu với Bình An Mẫu đều cháy",
    ],
)
async def test_two_communes_that_are_named_are_both_rung(wide: Wide, here: str, words: str) -> None:
    """The citizen reads who was told in each, and what comes next goes to both."""
    if here:
        await wide.says("dan", f"x{here}")
    told = await wide.says("dan", words)
    assert {unit for _, unit, _ in await wide.cases()} == {"ca_xa", "ba_ca_xa"}
    assert "Đã báo 4 người" in told
    assert "Đã báo 3 người" in told
    for who in OURS_RUNG | THEIRS_RUNG:
        assert "KHẨN" in wide.told(who)
    await wide.says("dan", "0912345678")
    assert len(await wide.cases()) == 2
    assert "0912345678" in wide.told(OUR_POLICE)
    assert "0912345678" in wide.told(THEIR_POLICE)


async def test_what_spreads_rings_there_too(wide: Wide) -> None:
    """Where it burns already nobody is sent away; both read that it is over."""
    code = await fire(wide)
    await wide.says("dan", "lửa lan sang xã Bình An Mẫu rồi")
    assert [unit for _, unit, _ in await wide.cases()] == ["ca_xa", "ba_ca_xa"]
    assert "Nay ở" not in calls(wide, OUR_POLICE, code)
    assert THEIR_DUTY in {d.address for d in wide.paper.told if "🚨" in wide._text(d)}


async def test_the_place_at_a_border_is_told_later(wide: Wide) -> None:
    """Those of that commune have it, and the others are not sent home by it."""
    await fire(wide, "", "chay nha o giap ranh xa Tan Lap Mau va Binh An Mau")
    await wide.says("dan", "thon 1 Binh An Mau")
    found = {(area, unit) for area, unit, _ in await wide.cases()}
    assert found == {(OURS, "ca_xa"), ("ba_thon_1", "ba_ca_xa")}


@pytest.mark.parametrize("here", ["", OURS, NEIGHBOUR])
async def test_an_accident_between_the_communes_is_heard(wide: Wide, here: str) -> None:
    """It is asked whether somebody is in danger in a chat of a commune too: a number is answer enough."""
    if here:
        await wide.says("dan", f"x{here}")
    crash = "lật xe trên đường tỉnh giữa xã Tân Lập Mẫu và xã Bình An Mẫu, nhiều người bị thương"
    assert "Có ai đang gặp nguy hiểm" in await wide.says("dan", crash)
    await wide.says("dan", "0912345678")
    assert {unit for _, unit, _ in await wide.cases()} == {"ca_xa", "ba_ca_xa"}
    assert "gọi được" in wide.told(OUR_POLICE)


async def test_an_accident_that_nobody_answers_for_rings_in_both(wide: Wide) -> None:
    """By the clock, as any question of danger."""
    await wide.says("dan", f"x{NEIGHBOUR}")
    await wide.says("dan", "lật xe giữa xã Tân Lập Mẫu và xã Bình An Mẫu, nhiều người bị thương")
    await pass_minutes(wide, 20)
    assert {unit for _, unit, _ in await wide.cases()} == {"ca_xa", "ba_ca_xa"}


async def test_a_hamlet_of_another_commune_than_is_said_rings_in_both(wide: Wide) -> None:
    """Only one of the two has it: nobody knows which word was wrong."""
    await fire(wide, "", "cháy nhà ở thôn Bến Đò xã Bình An Mẫu cứu với")
    assert {unit for _, unit, _ in await wide.cases()} == {"ca_xa", "ba_ca_xa"}


# --- officers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "takes"),
    [
        ("chuyen {code} sang xa Binh An Mau", True),
        ("chuyen {code} sang xa Binh An Mau", False),
        ("nơi này thuộc xã Bình An Mẫu", True),
    ],
)
async def test_an_officer_hands_danger_over_at_once(wide: Wide, words: str, *, takes: bool) -> None:
    """Nobody consents and no reason is asked: both read it, with the place."""
    code = await fire(wide)
    if takes:
        await wide.says(OUR_POLICE, f"nhan {code}")
    said = await wide.says(OUR_POLICE, words.format(code=code))
    assert "Đã chuyển" in said
    assert [unit for _, unit, _ in await wide.cases()] == ["ba_ca_xa"]
    for who in (THEIR_DUTY, THEIR_CHAIR, OUR_CHIEF, OUR_DUTY):
        latest = calls(wide, who, code)
        assert "KHẨN" in latest
        assert "Nơi: thôn 1" in latest
    assert "duyệt" not in wide.told("chu_tich")
    assert "cháy nhà" in await wide.says(OUR_POLICE, code)
    await wide.says(THEIR_POLICE, f"nhan {code}")
    assert "Triệu Tiến Dũng" in calls(wide, OUR_POLICE, code).splitlines()[-1]


@pytest.mark.parametrize("who", [OUR_CHIEF, "chu_tich"])
async def test_who_is_in_charge_does_so_too(wide: Wide, who: str) -> None:
    """Chief of police or chair."""
    code = await fire(wide)
    await wide.says(who, f"chuyen {code} sang xa Binh An Mau")
    assert [unit for _, unit, _ in await wide.cases()] == ["ba_ca_xa"]
    assert wide.hear_of(code) >= THEIRS_RUNG


async def test_danger_crosses_as_often_as_it_must(wide: Wide) -> None:
    """No count of crossings stands in its way, and the sender's word brings it back."""
    code = await fire(wide)
    for who, place in ((OUR_POLICE, "Binh An Mau"), (THEIR_POLICE, "Tan Lap Mau")) * 3:
        await wide.says(who, f"nhan {code}")
        assert "Đã chuyển" in await wide.says(who, f"chuyen {code} sang xa {place}")
    await wide.says("dan", "thôn Hạ xã Bình An Mẫu")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_ha", "ba_ca_xa")]


async def test_the_stand_in_at_the_province_sends_it_down(wide: Wide) -> None:
    """Whoever heads it is away: nobody need be there to consent."""
    await wide.says("t_chanh", "nghi 16/11-18/11")
    await wide.says("t_chanh", "1")
    code = await fire(wide, "", "cháy nhà cứu với")
    await wide.says("t_tiep", f"nhan {code}")
    assert "Đã chuyển" in await wide.says("t_tiep", f"chuyen {code} sang xa Binh An Mau")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [(NEIGHBOUR, "ba_ca_xa")]
    assert wide.hear_of(code) >= THEIRS_RUNG


async def test_it_goes_up_too(wide: Wide) -> None:
    """What neither knows is the province's to find."""
    code = await fire(wide)
    assert "Đã chuyển" in await wide.says(OUR_POLICE, f"chuyen {code} len tinh")
    assert PROVINCE not in {area for area, _, _ in await wide.cases()}
    assert any(who.startswith("t_") for who in wide.hear_of(code))
