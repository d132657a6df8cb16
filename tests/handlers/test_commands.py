"""What is a command, what is talk, however it is typed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from domain.codes import mint
from domain.understand.fold import fold
from handlers.door.verbs import _VERBS as VERBS
from handlers.engine import keywords
from handlers.engine.commands import Command, may_mean_yes, read

CODE = mint("HB", random.Random(4).randrange)
SPELLINGS = (CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " "), f" {CODE[:5]} {CODE[5:]} ")
KEYWORDS = sorted(keywords.WORDS)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever people type is a command or it is talk."""
    found = read(text)
    assert found is None or found.name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("huỷ", "cancel"),
        ("HỦY", "cancel"),
        ("hu\u0309y", "cancel"),
        ("Gửi", "send"),
        ("giúp!", "help"),
        ("Gặp người", "human"),
        ("dừng", "stop"),
        ("tiến độ?", "follow"),
        ("xoá số của tôi", "forget_number"),
        ("Thôi khỏi", "give_up"),
        ("ma bi mat cua toi dau", "secret_lost"),
        ("muon gui tiep viec khac", "report"),
        ("0", "back"),
        ("/start", "hello"),
        ("đúng", "yes"),
        ("Đúng rồi", "yes"),
        ("ok", "yes"),
    ],
)
def test_keywords_with_and_without_diacritics(typed: str, name: str) -> None:
    """Case, diacritics, their encoding and a stray mark make no difference; “đúng” is not “dừng”."""
    assert read(typed) == Command(name)
    if name != "yes":
        assert read(fold(typed)) == Command(name)


def test_never_mind_is_only_as_spelled() -> None:
    """“thôi” drops what is being told; “thối” and “bố”, typed alike without diacritics, do not."""
    assert read("Thôi") == read("bỏ") == Command("give_up")
    assert read("thối") is read("thoi") is read("bố") is read("bo") is None


def test_dung_alone_may_mean_both() -> None:
    """Without diacritics “dung” is stop or yes; what is being asked decides."""
    assert read("dung") == Command("stop")
    assert may_mean_yes("Dung.")
    assert not may_mean_yes("dừng")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_code_alone_shows_its_case(spelling: str) -> None:
    """However it is spelled."""
    assert read(spelling) == Command("show", CODE)
    assert read(f"“{spelling.strip()}”.") == Command("show", CODE)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_every_typed_verb_is_understood(language: str, spelling: str) -> None:
    """What the desk tells people to type (`typed.*`) does what the button does."""
    typed = {
        k.removeprefix("typed."): v for k, v in locales.table(language).items() if k.startswith("typed.")
    }
    for name, verb in typed.items():
        assert read(f"{verb} {spelling}") == Command(name, CODE)
        assert read(f"{verb.upper()}  {spelling}") == Command(name, CODE)


@given(
    st.sampled_from(["tl", "TL", "tra loi", "Trả lời", "hỏi"]),
    st.text(st.characters(categories=["L"]), min_size=1),
)
def test_text_after_a_code_is_the_answer(verb: str, text: str) -> None:
    """It is kept as typed, to its last mark."""
    found = read(f"{verb} {CODE}: {text}?")
    assert found is not None
    assert (found.code, found.text) == (CODE, f"{text}?")


@pytest.mark.parametrize(
    ("typed", "verb", "text"),
    [
        ("ghi chú {} nhớ mời trưởng thôn", "note", "nhớ mời trưởng thôn"),
        ("khongduyet {} thiếu căn cứ", "refuse", "thiếu căn cứ"),
        ("Bỏ chặn {}", "unbar", ""),
        ("chặn {}", "bar", ""),
        ("nhận lấy {}", "take_over", ""),
        ("xử lý tiếp {}", "resume", ""),
        ("nhận {}", "accept", ""),
        ("không khẩn {}", "calm", ""),
        ("Ai xem {}", "readers", ""),
    ],
)
def test_a_verb_of_two_words_is_not_its_first(typed: str, verb: str, text: str) -> None:
    """And a note and a refusal take the words behind the code with them."""
    assert read(typed.format(CODE)) == Command(verb, CODE, text)


@pytest.mark.parametrize(("typed", "text"), [("1a", "1a"), ("2B", "2b"), ("9d.", "9d")])
def test_a_number_and_a_letter_speak_of_a_line(typed: str, text: str) -> None:
    """Of the latest list; what is no line or no letter of ours is talk."""
    assert read(typed) == Command("line", text=text)
    assert [read(talk) for talk in ("0a", "10a", "1e", "a1", "1 a")] == [None] * 5


@pytest.mark.parametrize(
    "talk",
    [
        f"Nhận được tin {CODE}, xã đã nạo vét cống.",
        f"Nhận {CODE} rồi, mai đi xem",
        f"{CODE} vẫn chưa ai tới",
        f"tôi hỏi {CODE} đến đâu rồi",
        "nhận tiền hỗ trợ",
        "đứng giữa đường",
        "hỏi thủ tục khai sinh",
    ],
)
def test_talk_that_looks_like_a_verb_stays_talk(talk: str) -> None:
    """A verb stands right before the code, and only some take text after it."""
    assert read(talk) is None


@pytest.mark.parametrize("typed", ["HB-7K3M2R8", "hb7k3m2r8", "LM 6NYWV5N"])
def test_a_mistyped_code_is_known_for_one(typed: str) -> None:
    """So that the person is told that there is no such case, not that nothing was understood."""
    assert read(typed) == Command("no_code")


@pytest.mark.parametrize("talk", ["thon 12", "nghiêng", "xinchao", "ngập 2m", "0905123456", "chuyentruong"])
def test_words_and_numbers_are_no_mistyped_codes(talk: str) -> None:
    """A code holds letters and digits, and begins with two letters."""
    assert read(talk) is None


@pytest.mark.parametrize("before", ["", "start ", "/start "])
def test_an_invite_is_found_in_a_link(before: str) -> None:
    """A deep link sends the token after “start”."""
    token = "cb-" + "0f" * 16
    assert read(before + token) == Command("invite", text=token)


@given(st.sampled_from(KEYWORDS), st.sampled_from([str.upper, str.title, str.lower]))
def test_case_makes_no_difference(keyword: str, case: object) -> None:
    """Phones write a capital at the beginning."""
    assert callable(case)
    assert read(case(keyword)) == read(keyword) is not None


def test_withdrawing_is_heard_however_politely_it_is_asked() -> None:
    """What tells or asks more is talk."""
    for said in ("rut lai", "rút lại", "xin rut", "tôi muốn rút lại hồ sơ"):
        assert read(f"{said} LM-6NYWV4N giúp tôi") == Command("withdraw", "LM-6NYWV4N")
    assert read("rut LM-6NYWV4N thi co sao khong") is None


@pytest.mark.parametrize("kind", ["words", "verbs", "spelled"])
def test_what_is_typed_means_one_thing_in_all_languages(kind: str) -> None:
    """A phrase of two languages, or of two names, would be whichever is read last."""
    meant: dict[str, set[str]] = {}
    for language in locales.LANGUAGES:
        for name, phrases in locales.heard(language).get(kind, {}).items():
            for phrase in phrases:
                meant.setdefault(phrase if kind == "spelled" else fold(phrase), set()).add(name)
    assert {phrase: names for phrase, names in meant.items() if len(names) > 1} == {}


def test_every_verb_that_is_typed_is_one_that_is_done() -> None:
    """In each language; and Vietnamese has a word for whatever another language has."""
    verbs = {language: set(locales.heard(language)["verbs"]) for language in locales.LANGUAGES}
    assert verbs["vi"] == set.union(*verbs.values())
    assert verbs["vi"] <= set(VERBS)
