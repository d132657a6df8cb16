"""The communes of a desk of many are known by the names people call them, as whole names only."""

import pytest

from domain.understand.fold import tokens
from domain.understand.place import Home, find_place
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
        ("từ xã Bình An Mẫu sang xã Tân Lập Mẫu", "", OURS),
        ("thôn Hạ mất điện", NEIGHBOUR, ""),
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


def test_those_alike_are_offered_first() -> None:
    """Of what nobody knows at all the first by name."""
    assert SERVED.alike("xã Bình Yên", 8) == [NEIGHBOUR]
    assert SERVED.alike("cống tắc", 1) == [NEIGHBOUR]
