from domain.understand.fold import tokens
from domain.understand.phrases import Phrases


def found(phrase: str, text: str) -> bool:
    """Tell whether the phrase is in the text."""
    return bool(Phrases([(phrase, 0)]).find(tokens(text)))


def test_missing_diacritics_match_and_wrong_ones_do_not() -> None:
    """A bare word stands for any accented one; another accented word does not."""
    assert found("cháy nhà", "CHAY NHA roi")
    assert found("cháy nhà", "đang cháy nhà")
    assert not found("cháy nhà", "chạy nhà")


def test_strict_phrases_need_their_diacritics() -> None:
    """After = only the spelled word counts."""
    assert found("=cháy", "cháy rồi")
    assert not found("=cháy", "xe chay")


def test_gap_and_alternatives() -> None:
    """A gap spans up to three words, a slash gives a choice."""
    assert found("đòi * tiền/triệu", "đòi nhà tôi tiền")
    assert found("đòi * tiền/triệu", "đòi 5 triệu")
    assert not found("đòi * tiền/triệu", "đòi ở lại đây hoài tiền")


def test_every_form_that_stands_there_is_told_with_its_nearest_end() -> None:
    """Choices and gaps: each form counts for itself, and none is told that does not stand there."""
    said = tokens("báo đã làm mà chưa xong, mà chưa thấy")
    hits = Phrases([("báo/ghi ** mà/nhưng ** chưa/xong", 0)]).find(said)
    assert sorted((hit.start, hit.end) for hit in hits) == [(0, 5), (0, 6)]


def test_a_row_of_the_words_of_a_phrase_is_read_at_once() -> None:
    """Who writes the same words over and over keeps nobody waiting: forms that cannot stand are not tried."""
    choice = "/".join(f"x{number}" for number in range(40))
    phrase = " ** ".join([f"báo/{choice}", f"đã/{choice}", f"làm/{choice}", f"chưa/{choice}"])
    said = tokens("báo đã làm chưa " * 20)
    assert Phrases([(phrase, 0)]).find(said)
