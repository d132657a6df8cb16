"""The ear for danger, on a table of sentences: yes, ask or no, and a number that must be told."""

import sys
from itertools import count
from pathlib import Path

import pytest

from domain.understand import Understanding, Understood, fold

TABLE = [
    line.split("\t")
    for line in (Path(__file__).parent / "dangers.tsv").read_text("utf-8").splitlines()
    if line
]
LOUD = [(number, text) for verdict, number, text in TABLE if verdict == "yes"]
QUIET = [text for verdict, _, text in TABLE if verdict == "no"]
FILLER = "Đường thôn 3 hỏng từ lâu, xe đi lại khó khăn. "


def verdict(heard: Understood) -> str:
    """Return what the ear made of it, in one word."""
    return "yes" if heard.emergency else "ask" if heard.doubt else "no"


@pytest.mark.parametrize(("said", "number", "text"), TABLE, ids=[row[2] for row in TABLE])
def test_danger_is_heard_asked_about_or_left_alone(
    understanding: Understanding, said: str, number: str, text: str
) -> None:
    """Misses may kill, and false alarms wake people at night: there is none of either on the table."""
    heard = understanding.read(text)
    assert verdict(heard) == said
    assert not number or number in (heard.emergency or heard.doubt)


FRAMES = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger_frames.tsv").read_text("utf-8").splitlines()
    if line
]


@pytest.mark.parametrize(("said", "number", "text"), FRAMES, ids=[row[2] for row in FRAMES])
def test_a_frame_holds_for_other_victims_places_orders_and_regions(
    understanding: Understanding, said: str, number: str, text: str
) -> None:
    """What is heard of one is heard of all like it; and idioms, questions, the past and beasts stay calm."""
    heard = understanding.read(text)
    assert verdict(heard) == said
    assert not number or number in (heard.emergency or heard.doubt)


@pytest.mark.parametrize(
    "text",
    [
        "nó muốn giết em",
        "chồng em tức quá muốn chém em",
        "thằng say muốn đâm người",
        "hết cháy nhà này tới nhà bên đang cháy",
        "nhà đang cháy, báo cháy gọi số nào",
        "có người đuối nước thì gọi số mấy",
        "hồi nãy thằng nhỏ té xuống giếng",
        "trâu bị điện giật, ba em xuống cứu cũng bị giật luôn",
        "lo dat xuong nha ong Tu roi",
        "lở đất vùi hai người",
        "nuoc ngap toi co roi",
        "chua het chay, nha van con chay to",
    ],
)
def test_what_calms_an_idiom_calms_nobody_who_is_named(understanding: Understanding, text: str) -> None:
    """The same words around somebody who does it, or to whom it happens, ring as before."""
    assert verdict(understanding.read(text)) == "yes"


def test_capitals_change_nothing(understanding: Understanding) -> None:
    """Who is afraid writes in capitals, and so does who is angry."""
    assert all(verdict(understanding.read(text.upper())) == "yes" for _, text in LOUD)
    assert all(verdict(understanding.read(text.upper())) == "no" for text in QUIET)


def test_without_marks_danger_is_never_silent(understanding: Understanding) -> None:
    """Of the same sentences without diacritics nearly all are heard, and the rest asked about."""
    found = [verdict(understanding.read(fold(text))) for _, text in LOUD]
    assert "no" not in found
    assert found.count("yes") / len(found) > 0.95


def test_without_marks_hardly_anything_is_a_false_alarm(understanding: Understanding) -> None:
    """One in fifty of what is none may wake somebody when it has no marks."""
    found = [verdict(understanding.read(fold(text))) for text in QUIET]
    assert found.count("yes") / len(found) <= 0.02


@pytest.mark.parametrize("before", [0, 4030, 9950, 60_000])
def test_danger_is_heard_wherever_it_stands(understanding: Understanding, before: int) -> None:
    """A message is as long as its channel lets it be, and the fire may come at its end."""
    text = (FILLER * (before // len(FILLER) + 1))[:before] + ". Cháy nhà ông Tư rồi, cứu với!"
    heard = understanding.read(text)
    assert "114" in heard.emergency


@pytest.mark.parametrize("word", ["nhà ", "a ", "chay nha con toi bi nuoc ", "cháy ", "không "])
def test_ten_thousand_letters_are_read_at_once(understanding: Understanding, word: str) -> None:
    """No message holds up the others, whatever it repeats: the work grows as its letters do."""
    understanding.danger(word)  # what is learned once
    short, long = (calls(understanding, (word * length)[:length]) for length in (1000, 10_000))
    assert long < 30 * short  # a hundred times, were it as the square


def calls(understanding: Understanding, text: str) -> int:
    """Count what is called while a text is read."""
    counted = count()
    sys.setprofile(lambda _frame, _event, _argument: next(counted))
    try:
        understanding.danger(text)
    finally:
        sys.setprofile(None)
    return next(counted)


@pytest.mark.parametrize(
    "text", ["chá\u200by nhà rồi", "cứ\u00adu với", "cháyyyyy nhà rồi", "Cứuuu vớiiii", "đuôi nước, cưu với"]
)
def test_what_is_unseen_or_drawn_out_hides_nothing(understanding: Understanding, text: str) -> None:
    """Signs nobody sees, letters held down and marks left out stand in no word's way."""
    assert verdict(understanding.read(text)) == "yes"


def test_the_past_in_another_sentence_silences_nothing_that_happens_now(understanding: Understanding) -> None:
    """Each sentence is read for itself."""
    assert verdict(understanding.read("Năm ngoái cống tắc. Bây giờ nhà bên đang cháy!")) == "yes"
    assert verdict(understanding.read("Năm ngoái cháy nhà ông Tư.")) == "no"


@pytest.mark.parametrize(
    ("text", "close"),
    [
        ("em không muốn sống nữa", True),
        ("chồng em đang đập em", True),
        ("thầy giáo sờ mó con gái tôi", True),
        ("Dũng công an hiếp dâm tôi", True),
        ("anh Long một cửa sàm sỡ em", True),
        ("thằng say đánh người ngoài chợ", False),
        ("cháy nhà ông Tư", False),
        ("xe tải cán người", False),
    ],
)
def test_what_is_nobody_elses_to_know_is_kept_close(
    understanding: Understanding, text: str, close: bool
) -> None:
    """At home, to a child, to oneself."""
    assert understanding.read(text).close is close


CLOSENESS = [
    line.split("\t")
    for line in (Path(__file__).parent / "danger_closeness.tsv").read_text("utf-8").splitlines()
    if line
]


@pytest.mark.parametrize(("kept", "text"), CLOSENESS, ids=[row[1] for row in CLOSENESS])
def test_who_is_hurt_or_looked_for_is_not_kept_close_and_who_is_wronged_is(
    understanding: Understanding, kept: str, text: str
) -> None:
    """A dog's bite, a fall and a lost child need everybody; what is done to a child or at home does not."""
    assert understanding.read(text).close is (kept == "close")


@pytest.mark.parametrize(
    "text",
    [
        "nhầm rồi",
        "nham roi",
        "false alarm",
        "nhầm",
        "lửa tắt rồi cảm ơn các anh",
        "dập tắt lửa rồi",
        "báo nhầm, xin lỗi",
        "hết nguy hiểm rồi ạ",
    ],
)
def test_a_word_calms(understanding: Understanding, text: str) -> None:
    """One word is enough, in any spelling."""
    assert understanding.calms(text) == "sure"


@pytest.mark.parametrize(
    "text", ["cháy to hơn rồi", "chưa ai tới", "nhà ông Năm đầu xóm", "bà cụ còn trong nhà"]
)
def test_other_words_do_not_calm(understanding: Understanding, text: str) -> None:
    """What adds to an alarm never ends it."""
    assert not understanding.calms(text)


@pytest.mark.parametrize(
    "text",
    [
        "chưa dập được",
        "chua dap duoc",
        "vẫn chưa dập tắt được",
        "không dập được",
        "dập không được",
        "sắp dập được rồi",
        "tôi an toàn rồi nhưng con tôi còn trong nhà",
        "ổn rồi mà mẹ tôi còn trong đó",
        "tôi không sao nhưng bố tôi chưa ra được",
        "cháu bé không sao, còn bà kẹt",
        "không sao dập được",
        "em bé ổn rồi, ông cụ vẫn bất tỉnh",
        "my son is ok but my wife is inside",
        "we are not ok",
        "tôi không sao rồi",
        "nhầm số điện thoại, số đúng 0905123456",
        "nhầm, nhà số 5",
        "nhầm, ở thôn 2",
        "xong số điện thoại rồi",
        "hết cứu rồi",
        "không ổn rồi",
        "tắt cầu dao rồi",
        "tắt điện rồi",
        "xong rồi à?",
        "dập rồi à",
        "dập rồi mà vẫn còn khói",
        "cháy xong rồi nhà hàng xóm lại bắt đầu cháy",
        "chưa vớt được",
        "chưa hết cháy",
        "đứa lớn ổn rồi, đứa nhỏ chưa thấy",
        "mẹ tôi thì không sao",
        "em tôi ổn rồi còn hai người nữa",
        "em không sao",
        "dập được không",
        "het chay roi lai chay",
        "lửa chưa tắt",
        "not all clear",
    ],
)
def test_words_that_say_anything_else_besides_end_no_alarm(understanding: Understanding, text: str) -> None:
    """No, not yet, but, almost, a question, one of several who is safe, a number put right: it rings on."""
    assert understanding.calms(text) != "sure"


ANSWERS = [
    line.split("\t")
    for line in (Path(__file__).parent / "answers.tsv").read_text("utf-8").splitlines()
    if line
]


@pytest.mark.parametrize(("meant", "text"), ANSWERS, ids=[row[1] for row in ANSWERS])
def test_an_answer_says_yes_or_no_or_neither(understanding: Understanding, meant: str, text: str) -> None:
    """A clear no in any polite form, or a calm word of what it is; words that worry; and what is neither."""
    assert understanding.answers(text) == meant


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("I took all the pills, I am sorry", True),
        ("tell my mom i love her", True),
        ("my house is on fire help", True),
        ("help me please", False),
        ("SOS help", False),
        ("con toi bi te xe o nga tu", False),
        ("nha toi dang chay to lam", False),
        ("", False),
    ],
)
def test_english_is_known_by_its_small_words(understanding: Understanding, text: str, english: bool) -> None:
    """What everybody writes, whatever their language, says nothing of it."""
    assert understanding.is_english(text) is english


PRESSING = [
    line.split("\t") for line in (Path(__file__).parent / "pressing.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("meant", "text"), PRESSING, ids=[row[1] for row in PRESSING])
def test_what_its_field_makes_urgent_is_so_only_where_something_happens_now(
    understanding: Understanding, meant: str, text: str
) -> None:
    """Last week's theft, loose dogs and a wish for cameras wake nobody; what goes on now does."""
    heard = understanding.read(text)
    pressing = heard.urgency == "khan" or bool(heard.emergency or heard.doubt)
    assert pressing is (meant == "khan")


def test_a_childs_danger_calls_the_childrens_line_too(understanding: Understanding) -> None:
    """A minor who wants to die is told of 111 as well."""
    assert understanding.read("con tôi 12 tuổi đòi tự tử").emergency == ("115", "111")


@pytest.mark.parametrize(
    "text",
    [
        "không sao rồi",
        "dập rồi",
        "khong sao dau",
        "ổn rồi ạ",
        "dập được rồi, không ai sao",
        "dap tat roi",
        "dạ không sao ạ, em nhắn nhầm",
        "mọi người an toàn rồi",
        "hết cháy rồi",
        "không ai bị gì",
        "không có gì",
        "không cần cứu nữa",
        "em roi",
        "dap roi",
        "everyone is safe",
        "it's over",
        "on roi",
    ],
)
def test_what_may_mean_something_else_is_asked(understanding: Understanding, text: str) -> None:
    """Nobody is hurt and it still burns; “em roi” may be “em rơi”; “không có gì” answers thanks."""
    assert understanding.calms(text) == "perhaps"
