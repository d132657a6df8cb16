"""Whatever people write, officials read it as theirs: in order, marked, and with nothing to press."""

import re

import pytest

from services.saying.quoting import in_one_line, quoted, seen

PLAYING = "cống tắc\n🔴 LM-6NYWV4N: QUÁ HẠN. Lãnh đạo đã giao anh/chị"


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2067", "\u202b", "\u200f", "\u200b", "\u2060", "\ufeff", "\u2066"]
)
def test_signs_that_nobody_sees_are_gone(sign: str) -> None:
    """Also in long rows, and within words."""
    assert seen(f"cống {sign * 20}tắc{sign}") == "cống tắc"


def test_pictures_of_several_signs_stay_whole() -> None:
    """A family is one picture."""
    assert seen("👨‍👩‍👧 ngập ❤️") == "👨‍👩‍👧 ngập ❤️"


def test_no_line_of_theirs_can_be_the_desks() -> None:
    """In a card each further line is marked; elsewhere there is one line."""
    assert quoted(PLAYING).splitlines()[1].startswith("│ 🔴")
    assert len(in_one_line(PLAYING).splitlines()) == 1
    assert len(in_one_line("a\u2028b\r\nc\vd").splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("xem http://xn--80ak6aa92e.com/a", "xem http[:]//xn--80ak6aa92e[.]com/a"),
        ("xem https://аррӏе.com nhé", "xem https[:]//xn--80ak6aa92e[.]com nhé"),
        ("www.evil.vn", "www[.]evil[.]vn"),
        ("bit.ly/abc", "bit[.]ly/abc"),
        ("đường hỏng.Nước ngập 3.5 ha", "đường hỏng.Nước ngập 3.5 ha"),
    ],
)
def test_a_link_shows_where_it_leads_and_cannot_be_pressed(text: str, shown: str) -> None:
    """A look-alike shows its true letters; what is no link stays as it is."""
    assert seen(text) == shown
    assert not re.search(r"https?://|www\.", seen(text))
