"""An alarm lies where the point lies that was shared before it or for it, and carries it."""

import pytest

from domain.messages import Location
from tests.conversations.test_alarms_across import OURS_RUNG, THEIRS_RUNG, calls, fire, pass_minutes
from tests.conversations.test_points import AWAY, BORDER, OURS_2, OURS_3, THEIRS, mapped, shares
from tests.conversations.wide import CODE, Wide, code_in
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

__all__ = ["mapped"]
AT_THEIRS = "thôn 1, xã Bình An Mẫu (18.08500, 106.32000)"
PROVINCES = {"t_tiep", "t_chanh"}
CRIES = "nghe tiếng khóc thét bên nhà hàng xóm"


async def unasked(wide: Wide, text: str = CRIES) -> str:
    """Leave the question of danger unanswered; returns the code."""
    await wide.says("dan", text)
    before = len(wide.told("dan"))
    await pass_minutes(wide, 7)
    return code_in(wide.told("dan")[before:])


# --- a question that nobody answered --------------------------------------------------------------


@pytest.mark.parametrize("text", [CRIES, "nghe tieng khoc thet ben nha hang xom"])
@pytest.mark.parametrize(("here", "rung"), [(OURS, OURS_RUNG), (NEIGHBOUR, THEIRS_RUNG)])
async def test_an_unanswered_question_rings_where_the_chat_is(
    wide: Wide, here: str, rung: set[str], text: str
) -> None:
    """By the link it came by; the province hears of it no more than of any alarm."""
    await wide.says("dan", f"x{here}")
    code = await unasked(wide, text)
    assert wide.hear_of(code) >= rung
    assert not wide.hear_of(code) & PROVINCES
    assert [area for area, _, _ in await wide.cases()] == [here]


async def test_an_unanswered_question_rings_in_the_commune_of_the_account(wide: Wide) -> None:
    """Who came by the commune's own account named none."""
    wide.store.accounts = {wide.paper.account: OURS}
    assert wide.hear_of(await unasked(wide)) >= OURS_RUNG


async def test_an_unanswered_question_of_no_commune_is_the_province_s(wide: Wide) -> None:
    """Nobody knows where it is."""
    assert wide.hear_of(await unasked(wide)) == {"dan", *PROVINCES}


# --- a point, then danger -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["có người bị chém", "co nguoi bi chem", "cháy nhà cứu với"])
@pytest.mark.parametrize("here", ["", OURS, NEIGHBOUR])
async def test_danger_told_after_a_point_lies_there(mapped: Wide, here: str, text: str) -> None:
    """Whatever the commune of the chat."""
    if here:
        await mapped.says("dan", f"x{here}")
    await shares(mapped, "dan", THEIRS)
    code = code_in(await mapped.says("dan", text))
    assert await mapped.cases() == [("ba_thon_1", "ba_ca_xa", AT_THEIRS)]
    assert mapped.hear_of(code) == {"dan", *THEIRS_RUNG}
    assert f"Nơi: {AT_THEIRS}" in calls(mapped, "ba_ca_dung", code)


async def test_a_point_that_may_be_in_two_communes_rings_in_both(mapped: Wide) -> None:
    """In haste nobody is asked which."""
    await mapped.says("dan", f"x{NEIGHBOUR}")
    await shares(mapped, "dan", BORDER)
    await mapped.says("dan", "cháy nhà cứu với")
    found = await mapped.cases()
    assert {unit for _, unit, _ in found} == {"ba_ca_xa", "ca_xa"}
    assert all("18.08500, 106.31000" in place for _, _, place in found)


@pytest.mark.parametrize("here", ["", OURS])
async def test_without_a_map_the_point_stands_on_the_card(wide: Wide, here: str) -> None:
    """Every map understands it."""
    if here:
        await wide.says("dan", f"x{here}")
    await shares(wide, "dan", OURS_2)
    await wide.says("dan", "chay nha cuu voi")
    assert [(area, place) for area, _, place in await wide.cases()] == [
        (here or PROVINCE, "vị trí 18.08210, 106.29110")
    ]


async def test_a_point_of_the_draft_goes_with_the_alarm(mapped: Wide) -> None:
    """With its hamlet, and the coordinates."""
    await mapped.says("dan", f"x{OURS}")
    await mapped.says("dan", "đèn đường hỏng")
    await shares(mapped, "dan", OURS_2)
    await mapped.says("dan", "mẹ ơi cháy nhà kế bên rồi")
    assert [place for _, _, place in await mapped.cases()] == ["thôn 2, xã Tân Lập Mẫu (18.08210, 106.29110)"]


async def test_where_words_and_a_point_are_apart_both_communes_are_rung(mapped: Wide) -> None:
    """Who tells of it may stand across the border; nobody knows better."""
    await mapped.says("dan", f"x{OURS}")
    await shares(mapped, "dan", THEIRS)
    await mapped.says("dan", "cháy nhà ở thôn 2 xã Tân Lập Mẫu cứu với")
    (first, unit, place), (second, other, _) = await mapped.cases()
    assert (first, unit, place[:22]) == ("thon_2", "ca_xa", "thôn 2, xã Tân Lập Mẫu")
    assert (second, other) == (NEIGHBOUR, "ba_ca_xa")


async def test_an_old_point_is_no_place_of_a_new_danger(mapped: Wide) -> None:
    """It was shared hours ago, and nothing was told of it."""
    await mapped.says("dan", f"x{OURS}")
    await shares(mapped, "dan", THEIRS)
    mapped.clock.pass_(minutes=180)
    await mapped.says("dan", "cháy nhà cứu với")
    assert [area for area, _, _ in await mapped.cases()] == [OURS]


# --- danger, then a point -------------------------------------------------------------------------


@pytest.mark.parametrize("then", ["0912345678", "phải, ở đó, nhanh lên", "đúng rồi", "dung roi", "1"])
async def test_a_point_in_another_commune_moves_what_nobody_said_the_place_of(
    mapped: Wide, then: str
) -> None:
    """At once, whatever is said next; those rung before read where it is."""
    code = await fire(mapped, text="cháy nhà cứu với")
    assert "thôn 1, xã Bình An Mẫu" in await shares(mapped, "dan", THEIRS)
    await mapped.says("dan", then)
    assert await mapped.cases() == [("ba_thon_1", "ba_ca_xa", AT_THEIRS)]
    assert mapped.hear_of(code) >= THEIRS_RUNG
    assert AT_THEIRS in calls(mapped, "ca_dung", code)


async def test_a_point_in_another_commune_rings_there_beside_what_words_put_here(mapped: Wide) -> None:
    """Nobody here is sent home; another point of there moves the one there."""
    code = code_in(await mapped.says("dan", "cháy nhà ở thôn 2 xã Tân Lập Mẫu cứu với"))
    told = await shares(mapped, "dan", THEIRS)
    assert "xã Bình An Mẫu: Đã báo 3 người" in told
    await shares(mapped, "dan", Location(18.086, 106.32))
    (first, _, _), (second, _, place) = await mapped.cases()
    assert (first, second) == ("thon_2", "ba_thon_1")
    assert "18.08600, 106.32000" in place
    assert mapped.hear_of(code) >= OURS_RUNG


async def test_a_witness_s_point_in_another_commune_rings_there(mapped: Wide) -> None:
    """As their words would."""
    await fire(mapped, text="cháy nhà ở thôn 2 cứu với")
    await fire(mapped, text="cháy nhà ở thôn 2 kìa", who="hai")
    await shares(mapped, "hai", THEIRS)
    assert [area for area, _, _ in await mapped.cases()] == ["thon_2", "ba_thon_1"]


async def test_a_point_in_the_same_commune_stands_on_the_card(mapped: Wide) -> None:
    """With the hamlet, where words named none."""
    await fire(mapped, text="cháy nhà cứu với")
    await shares(mapped, "dan", OURS_3)
    assert [place for _, _, place in await mapped.cases()] == ["thôn 3, xã Tân Lập Mẫu (18.08210, 106.27000)"]


async def test_a_point_outside_the_map_moves_nothing(mapped: Wide) -> None:
    """It is handed on."""
    code = await fire(mapped)
    await shares(mapped, "dan", AWAY)
    assert [area for area, _, _ in await mapped.cases()] == ["thon_1"]
    assert "18.20000, 106.40000" in calls(mapped, "ca_dung", code)


@pytest.mark.parametrize("here", ["", OURS, NEIGHBOUR])
async def test_a_point_between_two_communes_rings_in_both(mapped: Wide, here: str) -> None:
    """As words say that it is between them: in haste nobody is asked which."""
    await fire(mapped, here, "cháy nhà cứu với")
    await shares(mapped, "dan", BORDER)
    await pass_minutes(mapped, 1)
    assert rung(mapped) >= OURS_RUNG | THEIRS_RUNG


def rung(wide: Wide) -> set[str]:
    """Return which officials were told of a case."""
    return {one.address for one in wide.paper.told if CODE.search(wide._text(one))} - {"dan"}


@pytest.mark.parametrize(
    "words",
    [
        "con tôi học ở trường Bình An Mẫu vừa bị xe tông ngay cổng trường, cứu với",
        "cháy ở trạm y tế Bình An Mẫu, cứu với",
        "chay truong mam non Binh An Mau roi, cuu voi",
    ],
)
async def test_what_bears_a_neighbours_name_rings_in_both(wide: Wide, words: str) -> None:
    """The school of a commune may lie in it, or only be called so."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", words)
    assert rung(wide) >= OURS_RUNG | THEIRS_RUNG


# --- what goes with an alarm ----------------------------------------------------------------------


@pytest.mark.parametrize("words", ["cho gặp người", "cho gap nguoi", "gặp cán bộ"])
@pytest.mark.parametrize("here", ["", OURS])
async def test_who_wants_a_person_amid_a_fire_is_heard_by_those_who_come(
    wide: Wide, here: str, words: str
) -> None:
    """No case of its own that waits until evening."""
    code = await fire(wide, here, "cháy nhà cứu với")
    assert code in await wide.says("dan", words)
    assert len(await wide.cases()) == 1
    assert "Gặp cán bộ" in calls(wide, "ca_dung" if here else "t_tiep", code)


# --- an officer sends it on -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "area", "place"),
    [
        ("chỗ này bên thôn Hạ Bình An rồi, chuyển qua đó gấp", "ba_thon_ha", "thôn Hạ, xã Bình An Mẫu"),
        ("chỗ này thuộc xã Bình An Mẫu, thôn Hạ", "ba_thon_ha", "thôn Hạ, xã Bình An Mẫu"),
        ("cho nay thuoc xa Binh An Mau, thon Ha", "ba_thon_ha", "thôn Hạ, xã Bình An Mẫu"),
        ("chuyen {code} sang xã Bình An Mẫu, thôn Hạ", "ba_thon_ha", "thôn Hạ, xã Bình An Mẫu"),
        (
            "chỗ này bên xã Bình An Mẫu rồi, chuyển qua đó gấp",
            NEIGHBOUR,
            "thôn 1, xã Tân Lập Mẫu / xã Bình An Mẫu",
        ),
    ],
)
async def test_a_danger_sent_on_in_words_lies_where_they_say(
    wide: Wide, words: str, area: str, place: str
) -> None:
    """On the card, and in every call that follows."""
    code = await fire(wide)
    await wide.says("ca_dung", f"nhan {code}")
    await wide.says("ca_dung", words.replace("{code}", code))
    assert await wide.cases() == [(area, "ba_ca_xa", place)]
    assert f"Nơi: {place}" in calls(wide, "ba_ca_dung", code)
    await pass_minutes(wide, 6)
    assert f"Nơi: {place}" in calls(wide, "ba_chu_tich", code).rpartition("5 PHÚT")[2]


# --- who would leap, and what only sounds like killing --------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "anh hàng xóm trèo lên nóc nhà đòi nhảy",
        "anh hang xom treo len noc nha doi nhay",
        "có ông đứng trên nóc nhà thôn 2 đòi nhảy xuống",
        "anh hàng xóm leo lên cột điện dọa nhảy",
        "co nguoi ra san thuong khoc, dung tren san thuong doi nhay",
        "thằng bạn em ra lan can cầu dọa nhảy",
    ],
)
async def test_who_would_leap_from_a_roof_is_no_flood(wide: Wide, text: str) -> None:
    """Police and duty are woken, not who is there for floods."""
    await wide.says("dan", f"x{OURS}")
    code = code_in(await wide.says("dan", text))
    assert [unit for _, unit, _ in await wide.cases()] == ["ca_xa"]
    told = {d.address for d in wide.paper.told}
    assert {"ca_truong", "vp_truc"} <= told
    assert "qs_chi_huy" not in told
    assert "115" in calls(wide, "dan", code)


@pytest.mark.parametrize(
    "text",
    [
        "karaoke giết người, không ai ngủ nổi",
        "karaoke giet nguoi, khong ai ngu noi",
        "Cây xà cừ cổ thụ cạnh đình bị mối ăn rỗng, gió to là đổ vô nhà dân",
    ],
)
async def test_nobody_is_woken_unasked(wide: Wide, text: str) -> None:
    """It is asked about, and rings unless it is denied."""
    await wide.says("dan", f"x{OURS}")
    assert "đang gặp nguy hiểm" in await wide.says("dan", text)
    assert await wide.cases() == []
