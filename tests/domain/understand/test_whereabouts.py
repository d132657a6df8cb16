"""Where a danger is, of the communes of a desk: in few words, corrected, between two, or in none of them."""

import pytest

from domain.understand import whereabouts
from domain.understand.served import Served

SERVED = Served(
    [("tl", "xã Tân Lập Mẫu"), ("ba", "xã Bình An Mẫu"), ("hl", "phường Hòa Lạc")],
    [
        *((name, "tl") for name in ("thôn 1", "thôn 2", "xóm Đình", "xóm Chùa", "thôn Bến Đò")),
        *((name, "ba") for name in ("thôn 1", "thôn 2", "xóm Đình", "thôn Hạ")),
    ],
)


@pytest.mark.parametrize(
    ("here", "text", "communes"),
    [
        ("tl", "nhầm, thôn 1 xã Bình An Mẫu", ["ba"]),
        ("tl", "lộn rồi, bên Bình An Mẫu", ["ba"]),
        ("tl", "ở xã Bình An Mẫu chứ không phải Tân Lập Mẫu", ["ba"]),
        ("ba", "thôn Bến Đò xã Tân Lập Mẫu chứ không phải thôn Hạ", ["tl"]),
        ("tl", "nhầm, không phải xã Tân Lập Mẫu", []),
        ("tl", "thôn 2 chứ không phải thôn Hạ", []),
        ("", "tan lap", ["tl"]),
        ("", "xa binh an", ["ba"]),
        ("", "phường Hòa Lạc", ["hl"]),
        ("", "chay nha thon 1 tan lap cuu voi", ["tl"]),
        ("tl", "thôn Hạ", ["ba"]),
        ("", "giáp ranh xã Tân Lập Mẫu và Bình An Mẫu", ["tl", "ba"]),
        ("hl", "giáp ranh xã Bình An Mẫu", ["hl", "ba"]),
        ("tl", "lửa lan sang xã Bình An Mẫu rồi", ["tl", "ba"]),
        ("tl", "cả xã Bình An Mẫu nữa", ["tl", "ba"]),
        ("tl", "công an xã Bình An Mẫu ơi cứu với", []),
        ("", "cháy nhà ở thôn 1 xã Tân Lập Mẫu, tôi ở xã Bình An Mẫu gọi hộ", ["tl"]),
        ("", "thôn Bến Đò xã Bình An Mẫu", ["tl", "ba"]),
        ("tl", "mọi người bình an rồi", []),
        ("tl", "xe đã đến nơi bình an", []),
        ("tl", "lửa đã lan sang nhà bên cạnh rồi", []),
        ("tl", "nhà ở thôn 1, 2 người bị thương", []),
    ],
)
def test_the_communes_in_which_it_is(here: str, text: str, communes: list[str]) -> None:
    """Of what is denied, or only spoken of beside, nothing is left."""
    assert sorted(whereabouts.find(text, SERVED, here).communes) == sorted(communes)


def test_a_desk_of_one_commune_reads_nothing_of_it() -> None:
    """But whether words put something right."""
    found = whereabouts.find("nhầm, thôn 2 xã Bình An Mẫu", Served())
    assert (found.communes, found.corrects) == ((), True)
