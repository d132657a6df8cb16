"""Vietnamese as people type it, brought to one form: with or without diacritics, joined or shortened."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_UNSEEN = re.compile(r"(?<=\w)[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+(?=\w)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_CRIED = re.compile("cu{3,}", re.IGNORECASE)  # “cứu”, held down without its marks
_ROMAN = re.compile(r"[ivxlcdm]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# "P5" and "thon3" are two words; "HB7K3M" is one
_JOINED = re.compile(r"(p|q|x|tt|tp|to|kp|tdp|thon|xom|ap|khu|doi|hem|ngo|ngach|kiet|so)(\d{1,4})", re.ASCII)

# Each entry was checked by hand: no Vietnamese word has this spelling once folded, or none that matters here.
SHORTHAND: dict[str, tuple[str, ...]] = {
    short: tuple(full.split())
    for short, full in {
        "k": "khong",
        "ko": "khong",
        "kh": "khong",
        "hok": "khong",
        "khg": "khong",
        "dc": "duoc",
        "dk": "duoc",
        "j": "gi",
        "z": "vay",
        "r": "roi",
        "vs": "voi",
        "cx": "cung",
        "cg": "cung",
        "ntn": "nhu the nao",
        "lm": "lam",
        "ng": "nguoi",
        "ngta": "nguoi ta",
        "mn": "moi nguoi",
        "mng": "moi nguoi",
        "bn": "bao nhieu",
        "wa": "qua",
        "nx": "nua",
        "trc": "truoc",
        "vc": "viec",
        "ngdan": "nguoi dan",
        "sdt": "so dien thoai",
        "dthoai": "dien thoai",
        "cb": "can bo",
        "cbo": "can bo",
        "ub": "uy ban",
        "bv": "benh vien",
        "bs": "bac si",
        "gv": "giao vien",
        "bhyt": "bao hiem y te",
        "bhxh": "bao hiem xa hoi",
        "cccd": "can cuoc",
        "cmnd": "can cuoc",
        "gpmb": "giai phong mat bang",
        "tdc": "tai dinh cu",
        "vsmt": "ve sinh moi truong",
        "attp": "an toan thuc pham",
        "tgpl": "tro giup phap ly",
        "gplx": "giay phep lai xe",
        "tthc": "thu tuc hanh chinh",
        "nvqs": "nghia vu quan su",
        "tdp": "to dan pho",
        "kp": "khu pho",
        "nac": "nuoc",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as typed, as an exact key (tone moved to the end), folded, and its place in the text."""

    raw: str
    key: str
    fold: str
    start: int
    end: int

    @property
    def bare(self) -> bool:
        """Whether the word was typed without any diacritic, so that its marks may simply be missing."""
        return self.key == self.fold


def fold(text: str) -> str:
    """Put in lower case without diacritics, đ as d, white space collapsed: "HOÀ  Bình" -> "hoa binh"."""
    return " ".join(_strip(text).split())


def exact(word: str) -> str:
    """Put in lower case with its diacritics, blind to where the tone sits: "hòa" is "hoà"."""
    split = unicodedata.normalize("NFKD", word).lower()
    tones = "".join(_TONES.findall(split))
    return _TONES.sub("", split).replace("đ", "d\u0335") + tones


def words(text: str) -> list[str]:
    """Split a text into folded words, shorthand written out: "Ko đc ntn" -> khong duoc nhu the nao."""
    return [word for token in tokens(text) for word in _full(token.fold)]


def tokens(text: str) -> list[Token]:
    """Split a text into words with their places in `clean(text)`; shorthand is written out."""
    return list(_split(text))


@lru_cache(maxsize=64)
def _split(text: str) -> tuple[Token, ...]:
    """Split a text; one message is asked about a dozen times while it is answered: the last few are kept."""
    found: list[Token] = []
    for match in _WORD.finditer(clean(text)):
        at = match.start()
        for raw, key, folded, start, end in _read(match[0]):
            found.append(Token(raw, key, folded, at + start, at + end))
    return tuple(found)


def clean(text: str) -> str:
    """Compose the text (NFC), so that places of words hold for accents typed either way.

    Signs nobody sees are left out of words.
    """
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def _strip(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text).lower()).replace("đ", "d")


def _full(word: str) -> tuple[str, ...]:
    return SHORTHAND.get(word, (word,))


_Spelled = tuple[str, str, str, int, int]
"""A word as typed, its exact key, folded, and where it begins and ends in what was typed without a space."""


@lru_cache(maxsize=20_000)
def _read(raw: str, start: int = 0) -> tuple[_Spelled, ...]:
    """Read what was typed without a space. Most words of a message were read in another: they are kept."""
    spelled = raw if _ROMAN.fullmatch(raw) else _DRAWN_OUT.sub(r"\1", raw)
    spelled = f"{spelled}{spelled[-1]}" if _CRIED.fullmatch(raw) else spelled
    folded = fold(spelled)
    joined = _JOINED.fullmatch(folded)
    if joined and len(folded) == len(raw):
        cut = len(joined[1])
        return _read(raw[:cut], start) + _read(raw[cut:], start + cut)
    end = start + len(raw)
    if folded in SHORTHAND:
        return tuple((raw, word, word, start, end) for word in SHORTHAND[folded])
    return ((raw, exact(spelled), folded, start, end),)


_PARTED = re.compile(r"(?<!\w)(?:[^\W\d_][.\-_*·•]){2,}[^\W\d_](?!\w)")


def with_letters_joined(text: str) -> str:
    """Put together the letters of a word that somebody parted: “c.h.á.y” is “cháy”."""
    return _PARTED.sub(lambda found: re.sub(r"[.\-_*·•]", "", found[0]), text)
