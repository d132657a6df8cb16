"""What people want of the desk itself is understood however it is said; what only sounds alike is not."""

from pathlib import Path

import pytest

from domain.understand import wishes

_LINES = (Path(__file__).parent / "wishes.tsv").read_text(encoding="utf-8").splitlines()[1:]
ROWS = [(wanted, *text.split(" | ")) for wanted, _, text in (line.partition("\t") for line in _LINES)]

_FORCED = (Path(__file__).parent / "forced.tsv").read_text(encoding="utf-8").splitlines()
FORCED = [tuple(line.split("\t")) for line in _FORCED]


_UNSENT = (Path(__file__).parent / "unsent.tsv").read_text(encoding="utf-8").splitlines()
UNSENT = [tuple(line.split("\t")) for line in _UNSENT]


@pytest.mark.parametrize("row", UNSENT, ids=lambda row: row[1])
def test_who_does_not_want_it_sent_is_understood(row: tuple[str, str]) -> None:
    """A wish that is denied is never taken for the wish; what others did not send is a story."""
    assert wishes.unsent(row[1]) is (row[0] == "yes")


@pytest.mark.parametrize("row", FORCED, ids=lambda row: row[1])
def test_who_is_made_to_withdraw_is_understood(row: tuple[str, str]) -> None:
    """Pressed, threatened or afraid; who says that nobody presses them is not."""
    assert wishes.forced(row[1]) is (row[0] == "yes")


_COERCED = (Path(__file__).parent / "coerced.tsv").read_text(encoding="utf-8").splitlines()
COERCED = [tuple(line.split("\t")) for line in _COERCED]


@pytest.mark.parametrize("row", COERCED, ids=lambda row: row[1])
def test_who_withdraws_and_says_that_they_are_made_to_is_understood(row: tuple[str, str]) -> None:
    """In one message, in whichever order; who only tells of a threat withdraws nothing."""
    assert wishes.coerced(row[1]) is (row[0] == "yes")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_wish_is_understood(row: tuple[str, ...]) -> None:
    """With and without diacritics; what is told besides the wish to stay unnamed is kept."""
    wanted, text, *rest = row
    hidden = wishes.unnamed(text)
    assert ("unnamed" if hidden else wishes.read(text) or "-") == wanted
    if hidden is not None and rest:
        assert hidden.rest.startswith(rest[0])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *(
            (yes, "yes")
            for yes in ("dạ đúng ạ", "phai", "ok e", "có", "ừ", "đúng rồi đó", "gửi đi em", "vâng ạ")
        ),
        *(
            (yes, "yes")
            for yes in ("dạ phải rồi", "chuẩn", "đúng hết rồi", "oke gửi luôn", "that's right", "yes")
        ),
        *(
            (no, "no")
            for no in ("sai roi", "không", "ko phải", "chưa đúng", "dạ không ạ", "nhầm rồi", "no", "sai bét")
        ),
        *((no, "leave") for no in ("thoi", "thôi khỏi", "thoi khong rut nua", "để đó", "giữ nguyên nha")),
        *(
            (talk, None)
            for talk in ("o thon 2 chu ko phai thon 3", "không có nước", "phải đi xa", "có người chết")
        ),
        *(
            (talk, None)
            for talk in ("đúng lúc mưa", "sai phạm đất đai", "thôi rồi cháy nhà", "gửi thêm ảnh", "")
        ),
    ],
)
def test_yes_and_no_in_words(text: str, meant: str | None) -> None:
    """A few words that say nothing else; whoever goes on tells something."""
    assert wishes.answer(text) == meant


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        *(("4 sao", 4), ("tam tam thoi", 3), ("rất hài lòng", 5), ("tệ quá", 1), ("chưa hài lòng", 2)),
        *(("5 diem", 5), ("tốt", 4), ("bình thường", 3), ("nam sao", 5), ("three stars", 3)),
        *(("4 người", 0), ("đường tốt rồi", 0)),
    ],
)
def test_a_mark_in_words(text: str, mark: int) -> None:
    """By stars, points or plain words."""
    assert wishes.mark(text) == mark


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("nói láo, anh cán bộ trả lời có xuống đâu, còn đòi tiền tôi", True),
        ("mấy ổng nói xạo, có ai xuống làm gì đâu", True),
        ("hua suong hoai", True),
        ("không đúng sự thật", True),
        ("có ai xuống đâu mà nói xong", True),
        ("trả lời cho có vậy", True),
        ("xạo quá trời", True),
        ("lao to hoanh hanh o thon 3", False),
        ("có người xuống sông đâu mất", False),
        ("cống tắc không ai xuống làm", False),
        ("cảm ơn xã đã trả lời", False),
    ],
)
def test_an_answer_is_disputed(text: str, *, so: bool) -> None:
    """By how the words begin."""
    assert wishes.disputes(text) is so
