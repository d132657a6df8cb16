"""The secret of a sealed case: sixteen digits that can be copied by hand, and how often one may guess."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from stdnum.iso7064 import mod_97_10

from domain import numbers
from domain.numbers.rows import Row, plain, runs
from domain.understand.fold import fold

DIGITS = 16
CARD = "secret"
"""What the message with a secret is called where it can be edited: the same for all, it tells no case."""
_RANDOM = DIGITS - 2
_PARTS = r"[^\w]{1,8}|[\s_]{1,8}"
"""What may part the digits of a secret: any blank, mark or sign nobody sees."""
_ASKS = re.compile(
    r"(?:^|(?<=\s))(?:(?P<add>nhan them|them|add)"
    r"|xem|ma(?: so)?|ma bi mat|ma kin|bi mat|tra cuu|tracuu|tien do|mo|show|status|code|secret)"
    r"(?: (?:la|cua toi|cua em|so|nay|giup|ho|ma|bi mat))*[\W_]*$"
)
"""Folded words that ask for a case, or to add to it, directly before its secret."""
_POLITE = frozenset(
    re.split(
        r"\|",
        "cho|tôi|xem|em|cháu|con|mình|tui|kết|quả|mã|số|bí|mật|kín|với|nhé|nha|nhe|a|ạ|ah|giúp|hộ|xin|là|của|này|đây"
        "|tracuu|tiến|độ|thế|nào|rồi|đến|đâu|muốn|được|không|ko|mở|hồ|sơ|việc|đơn|hỏi|vụ|dạ|thưa|ơi|anh|chị"
        "|cán|bộ|gửi|lại|show|status|code|secret|my|case|please|see|the|is",
    )
)
"""Words that say no more than that the case is asked for."""
_POLITE_BARE = frozenset(map(fold, _POLITE))
_LOOK_UP = re.compile(r"\btra\s+c[ứu]u\b")
"""Two words that ask for a case together; the second alone is a cry for help."""
_EDGES = " .:,;!?/()[]“”\"'\n\t-–—*_#"


def mint(random: Callable[[int], int]) -> str:
    """Make a secret; `random(n)` gives an integer in [0, n). Two of its digits check the other fourteen.

    A digit copied wrongly or two that changed places are told from a secret (ISO 7064, mod 97-10), and so is
    nearly every other number of sixteen digits: a bank card in a story is not taken for one.
    """
    body = f"{random(10**_RANDOM):0{_RANDOM}}"
    return str(body + mod_97_10.calc_check_digits(body))


def spell(secret: str) -> str:
    """Write it in four groups."""
    return " ".join(secret[start : start + 4] for start in range(0, DIGITS, 4))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A secret as it was typed: its digits (empty where they do not check), and words to add to the case."""

    secret: str
    words: str = ""


def read(text: str) -> Spoken | None:
    """Return the secret a message holds, however its digits are parted; None where it holds none.

    Sixteen digits that check are a secret wherever they stand, with the words beside them. What does not
    check is one copied wrongly where nothing else was said, or behind a word that asks for a case; else it
    is a number of a story.
    """
    said = plain(text)
    for run in runs(said, _PARTS):
        whole = next((rows for rows in _windows(run) if _checks(rows)), None)
        if whole is not None:
            return _spoken(text, said, whole, _joined(whole))
    for run in runs(said, _PARTS):
        if _is_nearly_one(said, run):
            return _spoken(text, said, run, "")
    return None


def _windows(run: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Yield neighbouring rows with as many digits as a secret has."""
    for first in range(len(run)):
        count = 0
        for last in range(first, len(run)):
            count += len(run[last].digits)
            if count == DIGITS:
                yield run[first : last + 1]
            if count >= DIGITS:
                break


def _joined(rows: Sequence[Row]) -> str:
    return "".join(row.digits for row in rows)


def _checks(rows: Sequence[Row]) -> bool:
    return bool(mod_97_10.is_valid(_joined(rows)))


def _is_nearly_one(said: str, run: Sequence[Row]) -> bool:
    """Say whether digits that do not check were meant as a secret: about as many, and asked for."""
    if not DIGITS - 1 <= len(_joined(run)) <= DIGITS + 1 or any(map(numbers.is_moment, _parts(said, run))):
        return False
    before, after = fold(said[: run[0].start]), fold(said[run[-1].end :])
    return _ASKS.search(before) is not None or not (before + after).strip(_EDGES)


def _parts(said: str, run: Sequence[Row]) -> tuple[str, ...]:
    return tuple(said[run[0].start : run[-1].end].split())


def _spoken(text: str, said: str, rows: Sequence[Row], secret: str) -> Spoken:
    """Return the secret with what was said beside it, but for words that only ask for the case."""
    before, after = text[: rows[0].start].split(), text[rows[-1].end :].strip(_EDGES)
    asks = _ASKS.search(fold(said[: rows[0].start]))
    told = " ".join(before[: -len(asks[0].split()) or None] if asks else before).strip(_EDGES)
    words = f"{told} {after}".strip()
    adds = asks is not None and asks["add"] is not None
    return Spoken(secret, words if adds or not _only_asks(words) else "")


def _only_asks(words: str) -> bool:
    said = _LOOK_UP.sub("tracuu", unicodedata.normalize("NFC", words).lower())
    return all(
        word in _POLITE or (word == fold(word) and word in _POLITE_BARE)
        for word in re.findall(r"[^\W_]+", said)
    )


@dataclass(frozen=True, slots=True)
class Secrecy:
    """How often one may guess, and how long what is secret stays where it was shown; the office's document.

    `code_lasts` is how long a code ties two chats of one person, `vouched_for` how long a number does.
    Tries are counted by the hour for a chat and for everybody together, those at a number by the day too.
    """

    tries: int = 5
    tries_of_all: int = 3000
    number_tries_a_day: int = 20
    open_for: timedelta = timedelta(minutes=15)
    secret_shown_for: timedelta = timedelta(hours=24)
    code_lasts: timedelta = timedelta(minutes=10)
    vouched_for: timedelta = timedelta(days=90)

    @classmethod
    def parse(cls, office: Mapping[str, Any]) -> Self:
        """Read `secrecy` of the office document."""
        said: Mapping[str, int] = office.get("secrecy", {})
        usual = cls()
        return cls(
            tries=said.get("tries", usual.tries),
            tries_of_all=said.get("tries_of_all", usual.tries_of_all),
            number_tries_a_day=said.get("number_tries_a_day", usual.number_tries_a_day),
            open_for=timedelta(minutes=said.get("open_minutes", usual.open_for / timedelta(minutes=1))),
            secret_shown_for=timedelta(
                hours=said.get("secret_shown_hours", usual.secret_shown_for / timedelta(hours=1))
            ),
            vouched_for=timedelta(days=said.get("vouched_days", usual.vouched_for / timedelta(days=1))),
            code_lasts=timedelta(minutes=said.get("code_minutes", usual.code_lasts / timedelta(minutes=1))),
        )
