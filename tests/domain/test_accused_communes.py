"""A post of several communes is one of each; one of another commune or the province is nobody's here."""

from dataclasses import replace
from itertools import product

import pytest

from domain.accused import read
from domain.directory import Directory
from domain.people import Area
from domain.understand.fold import fold
from tests.domain.made_up import CODES, DAY, DEMO, PROVINCE, PROVINCE_CODES, lines

OURS, THEIRS, ABOVE = "tan_lap_mau", "binh_an_mau", "tinh_mau"
POSTS = {
    "chủ tịch": "ct_xa",
    "phó chủ tịch ubnd": "ct_xa",
    "ông bí thư đảng ủy": "dang_xa",
    "bí thư": "dang_xa",
    "công an": "ca_xa",
    "trưởng công an": "ca_xa",
    "cán bộ địa chính": "kt_xa",
    "chánh văn phòng": "vp_xa",
    "trưởng phòng kinh tế": "kt_xa",
}
JOINS = ("và", "với", "cùng", "cùng với", "lẫn", ",", ", rồi", "và cả", "hay", "kể cả", "cũng như")
NAMES = (("xã Tân Lập Mẫu", "xã Bình An Mẫu"), ("xã Tân Lập", "Bình An"), ("bên Tân Lập", "bên xã Bình An"))


def units(text: str, directory: Directory, codes: dict[object, str] | None = None) -> set[str]:
    """Return the codes of the units accused."""
    named = codes or {**PROVINCE_CODES}
    return {named[one] for one in read(text, directory, DAY).units}


@pytest.mark.parametrize("row", lines("accused_communes.tsv")[1:])
def test_everybody_named_is_meant_and_nobody_else(row: str) -> None:
    """As read in that commune or above; the same without marks."""
    area, who, text, *marked = row.split("\t")
    for one in (text,) if marked else (text, fold(text)):
        heard = read(one, PROVINCE.part(area), DAY)
        assert heard.wrong, one
        assert sorted(PROVINCE_CODES[found] for found in (*heard.people, *heard.units)) == who.split(), one


@pytest.mark.parametrize("post", POSTS)
def test_one_post_of_two_communes_is_both(post: str) -> None:
    """Whatever joins them, in either order, with their ranks and without, read from either."""
    both = {POSTS[post], f"ba_{POSTS[post]}"}
    for (one, other), join, area in product(NAMES, JOINS, (OURS, THEIRS, ABOVE)):
        for first, then in ((one, other), (other, one)):
            text = f"{post} {first} {join} {then} nhận hối lộ của chủ mỏ đá".replace(" ,", ",")
            said = [text] if post == "cán bộ địa chính" else [text, fold(text)]
            for told in said:
                if "va ca xa" in told or "ke ca xa" in told:  # "CA xã" is the police without marks
                    assert units(told, PROVINCE.part(area)) >= both, told
                else:
                    assert units(told, PROVINCE.part(area)) == both, told


@pytest.mark.parametrize("post", ["chủ tịch xã", "công an xã", "bí thư xã", "kế toán xã"])
@pytest.mark.parametrize("other", ["bên cạnh", "khác", "kế bên", "bên", "láng giềng", "lân cận", "hàng xóm"])
def test_another_communes_is_never_ones_own(post: str, other: str) -> None:
    """Of three communes those of both others are meant; where there is no other, nobody."""
    here, there = (PROVINCE.part(area) for area in (OURS, THEIRS))
    text = f"{post} {other} nhận hối lộ"
    own = units(f"{post} nhận hối lộ", here)
    assert own
    assert units(text, here) == {f"ba_{one}" for one in own}
    assert units(text, there) == own
    assert not units(text, DEMO, {**CODES})
    wider = _with_a_third(PROVINCE)
    third = next(unit for unit in wider.units if unit.code == "third_ct_xa")
    if post.startswith("chủ tịch"):
        assert third.id in read(text, wider.part(OURS), DAY).units


@pytest.mark.parametrize(
    "post",
    ["chánh văn phòng", "công an", "chủ tịch mặt trận", "kế toán", "phòng văn hóa", "chủ tịch", "bí thư"],
)
def test_what_is_of_the_province_is_nobodys_here(post: str) -> None:
    """In a desk that has such a unit and in one that has none."""
    assert {one.split("_")[-1] for one in units(f"{post} tỉnh nhận hối lộ", PROVINCE.part(OURS))} <= {"tinh"}
    assert not units(f"{post} tỉnh nhận hối lộ", DEMO, {**CODES})


def test_a_unit_that_is_called_like_the_provinces_takes_nothing_from_it() -> None:
    """Nor is it spared: both are meant."""
    called = tuple(
        replace(unit, name="Văn phòng UBND tỉnh") if unit.code == "vp_xa" else unit for unit in PROVINCE.units
    )
    found = units("văn phòng UBND tỉnh nhận hối lộ", replace(PROVINCE, units=called).part(OURS))
    assert found == {"vp_xa", "vp_tinh"}


def _with_a_third(desk: Directory) -> Directory:
    """Return the desk with one more commune, which has a chair."""
    area = next(area for area in desk.areas if area.code == THEIRS)
    chair = next(unit for unit in desk.units if unit.code == "ba_ct_xa")
    third = Area("third", "xã Thứ Ba", "commune", area.parent, area.valid_from)
    unit = replace(chair, id=type(chair.id)(int=10**9), code="third_ct_xa", area="third")
    return replace(desk, areas=(*desk.areas, third), units=(*desk.units, unit))
