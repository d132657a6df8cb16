"""Case codes: minted, read back however people write them, and never taken from thin air."""

import random
from string import ascii_uppercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.codes import ALPHABET, find, mint, parse, prefix_of

PREFIXES = st.text(ascii_uppercase, min_size=2, max_size=2)
CODES = st.builds(lambda prefix, seed: mint(prefix, random.Random(seed).randrange), PREFIXES, st.integers(0))
CODE = mint("HB", random.Random(1).randrange)


def test_a_code_is_two_letters_a_dash_and_seven_symbols() -> None:
    """The form people see is fixed, and so is the check character of a known body."""
    assert len(ALPHABET) == len(set(ALPHABET)) == 28
    assert not set(ALPHABET) & set("01BILOSZ")
    symbols = iter(ALPHABET.index(symbol) for symbol in "7K3M2R")
    assert mint("HB", lambda _: next(symbols)) == "HB-7K3M2R6"
    with pytest.raises(ValueError, match="two letters"):
        mint("H5", random.Random(1).randrange)


@given(CODES)
def test_a_minted_code_reads_back_as_itself(code: str) -> None:
    """What is minted is in its normal form, holds a letter and a digit among its random symbols."""
    prefix, rest = code.split("-")
    assert parse(code) == find(code) == code
    assert prefix.isalpha()
    assert len(rest) == 7
    assert set(rest) <= set(ALPHABET)
    assert any(symbol.isdigit() for symbol in rest[:6])
    assert any(symbol.isalpha() for symbol in rest[:6])


def test_bodies_that_could_be_words_or_numbers_are_drawn_again() -> None:
    """All letters or all digits are thrown away, and the draw asks for the size of the alphabet."""
    draws = iter(ALPHABET.index(symbol) for symbol in "CHAMCA" + "234567" + "7K3M2R")
    asked = set()

    def draw(size: int) -> int:
        asked.add(size)
        return next(draws)

    assert mint("HB", draw) == "HB-7K3M2R6"
    assert asked == {28}


@pytest.mark.parametrize(
    "text",
    [
        "HB-7K3M2R6",
        "hb7k3m2r6",
        "HB 7K3M2R6",
        " hb - 7k3 m2r6. ",
        "H.B.7K3.M2R.6",
        "ＨＢ－７Ｋ３Ｍ２Ｒ６",
        "HB–7K3M2R6",
        "\u2068HB-7K3\u200bM2R6\u2069",
        "HB_7K3M2R6",
    ],
)
def test_codes_are_read_however_they_are_written(text: str) -> None:
    """Case, spaces, dots, dashes, wide letters and invisible characters do not matter."""
    assert parse(text) == "HB-7K3M2R6"
    assert find(f"tra cuu ho so {text}, cam on") == "HB-7K3M2R6"


@pytest.mark.parametrize(
    "text",
    [
        *("", "HB", "HB-7K3M2R", "HB-7K3M2R6Y", "7K3M2R6", "HB/7K3M2R6", "HB-7K3M2RA", "HB-7K3M206"),
        *("HB-7K3M2I6", "HB-7K3MLR6", "HB-7KOM2R6", "8B-7K3M2R6", "tra cứu HB-7K3M2R6"),
    ],
)
def test_what_is_not_a_code_is_refused(text: str) -> None:
    """Wrong length, wrong check, ambiguous look-alikes, words around it: None, never a guess."""
    assert parse(text) is None


def test_only_look_alikes_without_a_rival_are_read() -> None:
    """B, S and Z after the prefix are the 8, 5 and 2 they were copied from; the prefix keeps its letters."""
    symbols = iter(ALPHABET.index(symbol) for symbol in "852K3M")
    code = mint("BS", lambda _: next(symbols))
    assert parse(code.replace("852", "BSZ")) == code
    assert parse(code.replace("852", "bsz")) == code
    assert code.startswith("BS-")


@given(CODES, st.integers(0, 8), st.data())
def test_one_wrong_symbol_is_always_noticed(code: str, place: int, data: st.DataObject) -> None:
    """No code with one symbol replaced, prefix or body, reads as a code."""
    plain = code.replace("-", "")
    wrong = data.draw(st.sampled_from(ascii_uppercase if place < 2 else ALPHABET))
    assume(wrong != plain[place])
    assert parse(plain[:place] + wrong + plain[place + 1 :]) is None


def test_nearly_every_swap_of_neighbours_is_noticed() -> None:
    """Fewer than one in two hundred swaps of neighbouring symbols slips through."""
    dice = random.Random(2)
    swaps = slipped = 0
    for _ in range(2000):
        plain = mint("HB", dice.randrange).replace("-", "")
        for i in (0, *range(2, 8)):
            if plain[i] != plain[i + 1]:
                swaps += 1
                slipped += parse(plain[:i] + plain[i + 1] + plain[i] + plain[i + 2 :]) is not None
    assert swaps > 10_000
    assert slipped / swaps < 0.005


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tra cuu hb7k3m2r6", "HB-7K3M2R6"),
        ("Việc HB-7K3M2R6 đến đâu rồi?", "HB-7K3M2R6"),
        ("mo lai (hb 7k3m 2r6)!", "HB-7K3M2R6"),
        ("HB-7K3M2RA hay HB-7K3M2R6", "HB-7K3M2R6"),
        ("hb7k3m2r68", None),
        ("xhb7k3m2r6", None),
        ("HB, 7K3M2R6", None),
        ("so 2345678 nhe", None),
        ("cham ca ga ha", None),
        ("", None),
    ],
)
def test_a_code_is_found_in_a_sentence(text: str, code: str | None) -> None:
    """The first valid code is found, alone or in parts; nothing is cut out of longer words."""
    assert find(text) == code


@given(
    st.lists(st.text("ACDEGHKMNPQRTUVXY", min_size=1, max_size=6), max_size=30), st.integers(10**4, 10**10)
)
def test_words_and_telephone_numbers_are_never_codes(words: list[str], number: int) -> None:
    """No sentence of letters and no number is taken for a code."""
    assert find(" ".join(words)) is None
    assert find(f"so {number} nha {number % 1000}") is None


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("xã Hòa Bình", "HB"),
        ("phường Đông Anh", "DA"),
        ("Phường Âu Cơ", "AC"),
        ("xã Ia Grai", "IG"),
        ("xã Đắk R'Lấp", "DR"),
        ("Phòng Văn hóa - Xã hội", "XH"),
        ("Phường 5", "PH"),
        ("Huế", "HU"),
        ("Sa Pa", "SP"),
        ("thôn 3 Ea Ô", "EO"),
    ],
)
def test_a_prefix_is_the_initials_of_the_last_two_syllables(name: str, prefix: str) -> None:
    """Accents and đ are folded; a name of one lettered syllable gives its first two letters."""
    assert prefix_of(name) == prefix


@pytest.mark.parametrize("name", ["", "123", "5 Ô"])
def test_a_name_without_two_letters_has_no_prefix(name: str) -> None:
    """Where there are no two letters there is no prefix to give."""
    with pytest.raises(ValueError, match="no two letters"):
        prefix_of(name)
