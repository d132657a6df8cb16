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
