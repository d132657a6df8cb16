"""The secret of a sealed case: sixteen digits that can be copied by hand, and how often one may guess."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from stdnum.iso7064 import mod_97_10

from domain.understand.fold import fold

DIGITS = 16
CARD = "secret"
"""What the message with a secret is called where it can be edited: the same for all, it tells no case."""
_RANDOM = DIGITS - 2
_RUN = re.compile(r"(?<!\d)\d(?:[ .\-–_]{0,3}\d){15}(?!\d)")
_SHORT = 80
"""Letters of a message in which a secret is looked for among other words."""
_SHOW = frozenset({"", "xem", "ma", "ma bi mat", "tra cuu", "tracuu", "tien do", "show", "status", "code"})
_ADD = frozenset({"nhan them", "them", "add"})


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
    """Return the secret a message holds; None where it is about something else."""
    run = _RUN.search(text)
    if run is None:
        return None
    digits = re.sub(r"\D", "", run.group())
    secret = digits if mod_97_10.is_valid(digits) else ""
    before, after = (part.strip(" .:,;!?/()“”\"'\n") for part in (text[: run.start()], text[run.end() :]))
    verb = fold(before).strip()
    if verb in _ADD:
        return Spoken(secret, after)
    named = verb in _SHOW and not after
    return Spoken(secret) if named or (secret and len(text) <= _SHORT) else None


@dataclass(frozen=True, slots=True)
class Secrecy:
    """How often one may guess, and how long what is secret stays where it was shown; the office's document.

    `code_lasts` is how long a code ties another chat of the same person. Tries are counted by the hour for a
    chat and for everybody together, those at a number by the day too.
    """

    tries: int = 5
    tries_of_all: int = 3000
    number_tries_a_day: int = 20
    open_for: timedelta = timedelta(minutes=15)
    secret_shown_for: timedelta = timedelta(hours=24)
    code_lasts: timedelta = timedelta(minutes=10)

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
            code_lasts=timedelta(minutes=said.get("code_minutes", usual.code_lasts / timedelta(minutes=1))),
        )
