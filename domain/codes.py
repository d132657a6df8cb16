"""Case codes people can read out, copy by hand and type on any phone: HB-7K3M2R9."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from stdnum.iso7064 import mod_37_36

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"  # no 0 1 B I L O S Z: none can be taken for another
_PREFIX, _RANDOM = 2, 6
LENGTH = _PREFIX + _RANDOM + 1
# Three letters that no body holds look like one symbol it may; 0, 1, I, L and O could be several or none.
_LOOKALIKES = str.maketrans("BSZ", "852")
_SHAPE = re.compile(rf"[A-Z]{{{_PREFIX}}}[{ALPHABET}]{{{_RANDOM + 1}}}")
_GROUP = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[ \t.\-_]{1,3}")


def mint(prefix: str, random: Callable[[int], int]) -> str:
    """Make a code for a two-letter prefix; `random(n)` gives an integer in [0, n), e.g. secrets.randbelow.

    The six random symbols hold both a letter and a digit, so that neither words nor a telephone number can be
    taken for a code. 417,628,160 bodies a prefix; ValueError when the prefix is not two letters A-Z.
    """
    if not re.fullmatch(r"[A-Z]{2}", prefix):
        raise ValueError("a prefix is two letters A-Z")
    body = ""
    while not _is_mixed(body):
        body = "".join(ALPHABET[random(len(ALPHABET))] for _ in range(_RANDOM))
    return f"{prefix}-{body}{_check(prefix, body)}"


def parse(text: str) -> str | None:
    """Give the code a text is, in its normal form; None when it is none or its check character is wrong.

    Case, spaces, dots, dashes and invisible characters do not matter; B, S and Z after the prefix are read
    as 8, 5 and 2. 0, 1, I, L and O are refused: nobody can know what was meant.
    """
    plain = _plain(text)
    return _read("".join(_GROUP.findall(plain))) if _only_joints(plain) else None


def find(text: str) -> str | None:
    """Give the first valid code inside a sentence, in its normal form, or None."""
    plain = _plain(text)
    return next((code for run in _runs(plain) if (code := _read(run)) is not None), None)


def completed(bare: str, prefixes: Sequence[str]) -> str | None:
    """Give the code of which a text is all but the prefix: with the first of these, or the only other."""
    found = [code for prefix in prefixes if (code := parse(f"{prefix}{bare}"))]
    own = found and found[0].startswith(prefixes[0])
    return found[0] if own or len(found) == 1 else None


def prefix_of(name: str) -> str:
    """Give the initials of the last two syllables of a unit's name, e.g. HB for "xã Hòa Bình".

    A name with one lettered syllable gives its first two letters; ValueError when there are none to give.
    """
    folded = unicodedata.normalize("NFD", name.upper().replace("Đ", "D")).encode("ascii", "ignore").decode()
    syllables = re.findall(r"[A-Z][A-Z']*", folded)
    prefix = syllables[-2][0] + syllables[-1][0] if len(syllables) > 1 else "".join(syllables)[:2]
    if len(prefix) < _PREFIX:
        raise ValueError(f"{name!r} gives no two letters")
    return prefix


def _check(prefix: str, body: str) -> str:
    # the prefix is checked too: each of its 26 letters stands for its own symbol of the 28
    spelled = "".join(ALPHABET[ord(letter) - ord("A")] for letter in prefix)
    return str(mod_37_36.calc_check_digit(spelled + body, ALPHABET))


def _is_mixed(body: str) -> bool:
    return any(symbol.isdigit() for symbol in body) and any(symbol.isalpha() for symbol in body)


def _read(run: str) -> str | None:
    prefix, rest = run[:_PREFIX], run[_PREFIX:].translate(_LOOKALIKES)
    if not _SHAPE.fullmatch(prefix + rest):
        return None
    body, check = rest[:-1], rest[-1]
    return f"{prefix}-{rest}" if _is_mixed(body) and _check(prefix, body) == check else None


def _plain(text: str) -> str:
    """Fold to upper case, plain widths and plain dashes; drop characters nobody sees."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join("-" if unicodedata.category(c) == "Pd" else c for c in kept).upper()


def _only_joints(plain: str) -> bool:
    return all(_JOINT.fullmatch(gap) for gap in filter(None, _GROUP.split(plain.strip())))


def _runs(plain: str) -> Iterator[str]:
    """Yield every run of neighbouring groups that is as long as a code, written together."""
    groups = list(_GROUP.finditer(plain))
    joined = [bool(_JOINT.fullmatch(plain[a.end() : b.start()])) for a, b in pairwise(groups)]
    for first in range(len(groups)):
        run = ""
        for i in range(first, len(groups)):
            run += groups[i][0]
            if len(run) == LENGTH:
                yield run
            if len(run) >= LENGTH or i == len(joined) or not joined[i]:
                break
