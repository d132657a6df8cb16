"""The communes of a desk of many are known by the names people call them, as whole names only."""

import pytest

from domain.understand.fold import tokens
from domain.understand.place import Home, Place, find_place
from domain.understand.served import Served

OURS, NEIGHBOUR = "tl", "ba"
SERVED = Served(
    ((OURS, "xã Tân Lập Mẫu"), (NEIGHBOUR, "xã Bình An Mẫu")),
    (("thôn 1", OURS), ("thôn 1", NEIGHBOUR), ("thôn Hạ", NEIGHBOUR)),
)


@pytest.mark.parametrize(
    ("text", "unknown", "ours"),
    [
        ("đường ở xã Bình An Mẫu hỏng", NEIGHBOUR, NEIGHBOUR),
        ("duong xa binh an mau hong", NEIGHBOUR, NEIGHBOUR),
        ("duong o binh an mau hong", NEIGHBOUR, NEIGHBOUR),
        ("thôn 1 Bình An Mẫu đèn hỏng", NEIGHBOUR, NEIGHBOUR),
        ("binh an mau", NEIGHBOUR, NEIGHBOUR),
        ("ông Bình An Mẫu đánh người", "", ""),
        ("từ xã Bình An Mẫu sang xã Tân Lập Mẫu", "", ""),
        ("thôn Hạ mất điện", NEIGHBOUR, NEIGHBOUR),
        ("duong thon 1 xa binh an mau hu het, toi o xa tan lap mau di qua do", NEIGHBOUR, NEIGHBOUR),
        ("toi o xa binh an mau, cong o xa tan lap mau tac", OURS, OURS),
        ("chu tich xa binh an mau ve xem, cong xa tan lap mau tac", OURS, OURS),
        ("commune Binh An Mau burns trash", NEIGHBOUR, NEIGHBOUR),
        ("trash is burnt in Binh An Mau commune", NEIGHBOUR, NEIGHBOUR),
        ("thôn 1 mất điện", "", ""),
    ],
)
def test_a_commune_is_named_or_not(text: str, unknown: str, ours: str) -> None:
    """From a chat of no commune yet, and from one of ours."""
    assert SERVED.find(tokens(text)) == unknown
    assert SERVED.find(tokens(text), OURS) == ours


def test_a_place_says_whose_it_is() -> None:
    """Another commune is outside of ours; where none is known yet it is not."""
    text = "cống thôn 1 xã Bình An Mẫu tắc"
    there = find_place(text, Home("tỉnh Mẫu", "xã Tân Lập Mẫu", ("thôn 1",), OURS, SERVED))
    assert there is not None
    assert (there.area, there.outside, there.sure) == (NEIGHBOUR, True, True)
    there = find_place(text, Home("tỉnh Mẫu", None, (), "", SERVED))
    assert there is not None
    assert (there.area, there.outside) == (NEIGHBOUR, False)
    ours = find_place(text, Home("tỉnh Mẫu", "xã Bình An Mẫu", ("thôn 1",), NEIGHBOUR, SERVED))
    assert ours is not None
    assert (ours.area, ours.outside, ours.hamlet) == (NEIGHBOUR, False, "thôn 1")


def ours_reads(text: str) -> Place:
    """Return the place as it is read in our commune."""
    place = find_place(text, Home("tỉnh Mẫu", "xã Tân Lập Mẫu", ("thôn 1",), OURS, SERVED))
    assert place is not None
    return place


def test_communes_that_may_be_meant_are_asked_with_their_own_hamlets() -> None:
    """Neither where somebody lives nor where an official serves says where the matter is."""
    place = ours_reads("toi o thon 1 xa Binh An Mau, chu tich xa Tan Lap Mau lay tien lam duong")
    assert place.choices == ((NEIGHBOUR, "thôn 1, xã Bình An Mẫu"), (OURS, "xã Tân Lập Mẫu"))
    assert (place.sure, place.hamlet) == (False, None)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("duong thon 1 xa binh an mau hu, toi o xa tan lap mau", "thôn 1, xã Bình An Mẫu"),
        ("my neighbour commune Binh An Mau burns trash at thon Ha", "thôn Hạ, xã Bình An Mẫu"),
        ("thon ha mat dien", "thôn Hạ, xã Bình An Mẫu"),
        ("thôn Hạ xã Tân Lập Mẫu mất điện", "xã Tân Lập Mẫu"),
        ("thôn 9 xã Tân Lập Mẫu mất điện", "thôn 9, xã Tân Lập Mẫu"),
    ],
)
def test_a_hamlet_stands_beside_its_own_commune_alone(text: str, label: str) -> None:
    """What the commune does not have is not written beside it; what nobody knows is written as it is said."""
    assert ours_reads(text).label == label


def test_those_alike_are_offered_first() -> None:
    """Of what nobody knows at all the first by name."""
    assert SERVED.alike("xã Bình Yên", 8) == [NEIGHBOUR, OURS]
    assert SERVED.alike("xã Bình Yên", 1) == [NEIGHBOUR]
    assert SERVED.alike("cống tắc", 1) == [NEIGHBOUR]
