"""The secret of a sealed case: copied by hand, told from other numbers, read however it is spelled."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import secrecy
from domain.secrecy import Secrecy, Spoken

SECRETS = st.integers(0, 2**32).map(lambda seed: secrecy.mint(random.Random(seed).randrange))
JOINTS = st.sampled_from(["", " ", "-", ".", "  ", " - ", "–", "_"])


@given(secret=SECRETS, joint=JOINTS, verb=st.sampled_from(["xem", "XEM:", "", "tra cứu", "show", "Mã"]))
def test_a_secret_is_read_however_it_is_spelled(secret: str, joint: str, verb: str) -> None:
    """In groups, joined, with dashes or dots, after any of the words for looking."""
    spelled = joint.join(secrecy.spell(secret).split())
    assert secrecy.read(f"{verb} {spelled}.") == Spoken(secret)


@given(secret=SECRETS, place=st.integers(0, 15), wrong=st.integers(1, 9))
def test_a_digit_copied_wrongly_is_told_at_once(secret: str, place: int, wrong: int) -> None:
    """It reads as a secret that does not check, whichever digit it is."""
    digit = str((int(secret[place]) + wrong) % 10)
    assert secrecy.read(f"xem {secret[:place]}{digit}{secret[place + 1 :]}") == Spoken("")


@given(secret=SECRETS, place=st.integers(0, 14))
def test_two_digits_that_changed_places_are_told_at_once(secret: str, place: int) -> None:
    """The commonest slip of the pen."""
    swapped = secret[:place] + secret[place + 1] + secret[place] + secret[place + 2 :]
    assert secrecy.read(swapped) == Spoken(secret if swapped == secret else "")


@given(secret=SECRETS, words=st.sampled_from(["ảnh đây ạ", "hôm qua lại đòi tiền"]))
def test_words_behind_add_are_for_the_case(secret: str, words: str) -> None:
    """With and without diacritics."""
    assert secrecy.read(f"nhan them {secret} {words}") == Spoken(secret, words)
    assert secrecy.read(f"Nhắn thêm {secrecy.spell(secret)}: {words}") == Spoken(secret, words)


@pytest.mark.parametrize(
    "text",
    [
        "cống thôn 3 tắc",
        "gọi tôi theo số 0905 123 456",
        "nó bắt chuyển tiền vào thẻ 9704 1500 1234 5678 rồi mới làm sổ, chuyển 2 lần mỗi lần 5 triệu",
        "căn cước 001234567890 của tôi",
        "12345678901234567890",
        "từ 08/11/2026 - 10/11/2026",
        "số tài khoản 1903 4567 8901 2345 của ông Tám",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """A telephone, an identity card, a bank card in a story is no secret."""
    assert secrecy.read(text) is None


def test_a_secret_in_a_short_sentence_is_found() -> None:
    """Whoever writes around it means it all the same, and what else they tell is for the case."""
    secret = secrecy.mint(random.Random(1).randrange)
    assert secrecy.read(f"cho tôi xem kết quả mã {secret} với") == Spoken(secret)
    assert secrecy.read(f"{secret} tôi có ghi âm lại") == Spoken(secret, "tôi có ghi âm lại")
    story = "hôm qua họ lại đến nhà tôi đòi thêm tiền mới chịu trả hồ sơ cho tôi, tôi sợ lắm"
    assert secrecy.read(f"{story}. {secret}") == Spoken(secret, story)


PARTED = [
    "\n",
    "\r\n",
    "\u00a0",
    "\u2009",
    "\u200b",
    "\u2060",
    ", ",
    "/",
    " / ",
    "\t",
    " — ",
    ";",
    "·",
    " | ",
    ":",
    "**",
]


@given(secret=SECRETS, joint=st.sampled_from(PARTED), verb=st.sampled_from(["", "xem ", "Mã bí mật: "]))
def test_a_secret_is_read_however_it_is_parted(secret: str, joint: str, verb: str) -> None:
    """Whatever a keyboard, a page or a hand puts between its groups."""
    assert secrecy.read(verb + joint.join(secrecy.spell(secret).split())) == Spoken(secret)


@given(secret=SECRETS)
def test_wide_digits_and_letters_like_digits_are_read(secret: str) -> None:
    """Full-width figures, an O for a zero, an l for a one: it is looked up by the digits that were meant."""
    wide = "".join(chr(0xFF10 + int(digit)) for digit in secret)
    assert secrecy.read(f"xem {wide}") == Spoken(secret)
    lettered = secret[:1] + secret[1:].replace("0", "O").replace("1", "l")
    if any(map(str.isdigit, lettered[1:])):
        assert secrecy.read(f"xem {lettered}") == Spoken(secret)


@given(secret=SECRETS, verb=st.sampled_from(["xem ", "mã ", "nhắn thêm ", ""]))
def test_a_digit_too_few_or_too_many_is_asked_for_again(secret: str, verb: str) -> None:
    """It is meant as a secret, and must be kept nowhere."""
    for digits in (secret[:-1], f"{secret}7"):
        spoken = secrecy.read(f"{verb}{digits}")
        assert spoken is not None
        assert len(spoken.secret) in {0, secrecy.DIGITS}


def test_secrets_are_minted_from_the_whole_range() -> None:
    """Fourteen random digits; what is left of them is filled with zeros."""
    assert len(secrecy.mint(lambda _: 7)) == secrecy.DIGITS
    asked: list[int] = []
    secrecy.mint(lambda most: asked.append(most) or 0)  # type: ignore[func-returns-value]
    assert asked == [10**14]


def test_the_office_decides_how_often_one_may_guess() -> None:
    """What it does not say stays as it is usual."""
    office = {"secrecy": {"tries": 2, "open_minutes": 5}}
    parsed = Secrecy.parse(office)
    assert (parsed.tries, parsed.open_for.total_seconds()) == (2, 300)
    assert parsed.tries_of_all == Secrecy().tries_of_all
    assert Secrecy.parse({}) == Secrecy()
