"""Reads rows of digits: which of them are one number, and what it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from domain.numbers.kinds import Found, Kind
from domain.numbers.reading import as_phone, is_hotline, is_identity, is_money, named
from domain.numbers.rows import HIDDEN, Row, joint

_CODE_BEFORE = re.compile(r"(?<![^\W_])[A-Z]{1,3}-$|[A-Z]$")
_LONGEST, _LONGEST_PHONE, _SHORTEST = 19, 16, 9
_BEFORE = 64
"""Signs around a number that are looked at."""
_CARD = 13
"""Digits from which groups that nobody named are an account."""
_DIGITS: Mapping[Kind, frozenset[int]] = {
    Kind.TAX: frozenset({10, 12, 13}),  # a business, a person by their identity card, a branch
    Kind.SOCIAL: frozenset({10}),
    Kind.HEALTH: frozenset({10, 13, 15}),
    Kind.PASSPORT: frozenset({7, 8}),
}
"""How many digits the number of a paper has that words call so."""
_UNNAMED = (Kind.PHONE, Kind.IDENTITY, Kind.ACCOUNT)


class Reader:
    """Reads one chain of rows that may stand in one number."""

    def __init__(self, said: str, chain: Sequence[Row]) -> None:
        self._said = said
        self._chain = chain
        self._joints = [joint(said, left, right) or "" for left, right in pairwise(chain)]

    def read(self) -> Iterator[Found]:
        """Yield every number of the chain, in order."""
        at = 0
        while at < len(self._chain):
            found, at = self._at(at)
            if found is not None:
                yield found

    def _at(self, first: int) -> tuple[Found | None, int]:
        """Return the number that begins with a row, and the row to read next."""
        row = self._chain[first]
        # Within a chain only digits stand before a row, behind which no word counts.
        name = "" if first else named(self._said[max(0, row.start - _BEFORE) : row.start])
        lone = len(row.digits) == 1 and row.digits != "0"
        if lone and not name and self._with_plus(first) == row.start:
            return None, first + 1
        if self._is_amount(first):
            return None, self._end_of_amount(first) + 1
        if not name and (called := self._hotline(first)) is not None:
            return None, called + 1
        for kind in self._order(name):
            last = self._last(kind, first, name)
            if last is not None:
                return self._found(kind, first, last), last + 1
        return None, first + 1

    def _order(self, name: str) -> Sequence[Kind]:
        if name == Kind.ACCOUNT:
            return (Kind.ACCOUNT,)
        if name in _DIGITS:
            return (Kind(name), Kind.ACCOUNT) if name == Kind.TAX else (Kind(name), *_UNNAMED)
        if name == Kind.IDENTITY:
            return (Kind.IDENTITY, Kind.PHONE, Kind.ACCOUNT)
        return _UNNAMED

    def _last(self, kind: Kind, first: int, name: str) -> int | None:
        if kind == Kind.PHONE:
            return self._phone(first, named_so=name == kind)
        if kind == Kind.IDENTITY:
            return self._identity(first, named_so=name == kind)
        if kind == Kind.ACCOUNT:
            return self._account(first, named_so=name == kind or name in _DIGITS)
        return self._paper(kind, first)

    def _digits(self, first: int, last: int) -> str:
        return "".join(row.digits for row in self._chain[first : last + 1])

    def _found(self, kind: Kind, first: int, last: int) -> Found:
        start, value = self._chain[first].start, self._digits(first, last)
        if kind == Kind.PHONE:
            start, value = self._with_plus(first), self._as_phone(first, last, short=True) or value
        return Found(kind, start, self._chain[last].end, value)

    # --- telephones ------------------------------------------------------------------------------

    def _phone(self, first: int, *, named_so: bool) -> int | None:
        """Return the last row of the telephone number that begins here, the longest."""
        fitting = self._shaped(first, named_so=named_so)
        return next((last for last in fitting if not self._in_a_longer_row(first, last)), None)

    def _shaped(self, first: int, *, named_so: bool = False) -> Iterator[int]:
        """Yield the rows with which a telephone number that begins here may end, the last first."""
        if self._in_a_code(first):
            return
        for last in reversed(range(first, self._reach(first, _LONGEST_PHONE))):
            if self._as_phone(first, last, short=named_so) is not None and self._even(first, last):
                yield last

    def _as_phone(self, first: int, last: int, *, short: bool = False) -> str | None:
        """Return the number these rows are; in `short` its first 0 may be missing."""
        digits = self._digits(first, last)
        plus = self._with_plus(first) < self._chain[first].start
        whole = as_phone(f"+{digits}" if plus else digits)
        return as_phone(f"0{digits}") if whole is None and short and len(digits) == 9 else whole

    def _with_plus(self, first: int) -> int:
        start = self._chain[first].start
        before = self._said[max(0, start - _BEFORE) : start].rstrip(f"{HIDDEN} (")
        gap = min(start, _BEFORE) - len(before)
        return start - gap - 1 if before.endswith("+") and gap <= 2 else start

    def _even(self, first: int, last: int) -> bool:
        """Say whether groups with few digits are parted alike: “09 05 12 34 56”, no list."""
        if len(self._chain[first].digits) > 2 or self._with_plus(first) < self._chain[first].start:
            return True
        parts = set(self._joints[first:last])
        return len(parts) <= 1 and not parts & {"/", ","} and (first == last or self._all_short(first, last))

    def _all_short(self, first: int, last: int) -> bool:
        return all(len(row.digits) <= 4 for row in self._chain[first : last + 1]) or last - first == 1

    def _in_a_longer_row(self, first: int, last: int) -> bool:
        """Say whether the same sign that parts its groups goes on around them: then it is part of more."""
        signs = set(self._joints[first:last]) - {"", " "}
        if not signs:
            return False
        if first and self._joints[first - 1] in signs and not self._ends_a_phone(first - 1):
            return True
        follows = last < len(self._joints) and self._joints[last] in signs
        return follows and next(self._shaped(last + 1), None) is None

    def _ends_a_phone(self, last: int) -> bool:
        starts = range(max(0, last - 7), last + 1)
        return any(self._as_phone(first, last) is not None for first in starts)

    def _in_a_code(self, first: int) -> bool:
        """Say whether letters of a code are joined to the row: “HS0905…”, but not “SĐT0905…”."""
        start = self._chain[first].start
        before = self._said[max(0, start - _BEFORE) : start]
        return _CODE_BEFORE.search(before) is not None and named(before) != Kind.PHONE

    def _hotline(self, first: int) -> int | None:
        """Return the last row of a number that everybody may call and that no more digits follow."""
        reach = range(first, self._reach(first, 10))
        return next((at for at in reach if self._ends(at) and is_hotline(self._digits(first, at))), None)

    # --- cards and accounts ----------------------------------------------------------------------

    def _identity(self, first: int, *, named_so: bool) -> int | None:
        for last in range(first, self._reach(first, 12)):
            digits = self._digits(first, last)
            if is_identity(digits) or (named_so and len(digits) in {9, 12} and self._ends(last)):
                return last
        return None

    def _paper(self, kind: Kind, first: int) -> int | None:
        """Return the last row of a paper's number that words call so: the longest with as many digits."""
        last, right = first, None
        for last in range(first, self._reach(first, max(_DIGITS[kind]))):
            if last > first and self._joints[last - 1] not in {"", " ", ".", "-", " - "}:
                break
            right = last if len(self._digits(first, last)) in _DIGITS[kind] else right
        return right

    def _ends(self, last: int) -> bool:
        """Say whether no more of the same number follows a row."""
        return last >= len(self._joints) or self._joints[last] not in {"", " ", ".", "-"}

    def _account(self, first: int, *, named_so: bool) -> int | None:
        """Return the last row of an account: one that is named so with all its groups, else what is long."""
        row = self._chain[first].digits
        last = self._tight(first)
        digits = self._digits(first, last)
        if named_so and len(digits) >= 6:
            return last
        if len(row) >= _SHORTEST and not row.endswith("00000"):
            return first
        return last if self._grouped(first, last) else None

    def _grouped(self, first: int, last: int) -> bool:
        """Say whether groups that nobody named are those of a card: no years, no telephone among them."""
        groups = [row.digits for row in self._chain[first : last + 1]]
        alike = len(groups) >= 3 and all(2 <= len(group) <= 6 for group in groups)
        return (
            alike
            and not all(map(is_hotline, groups))
            and _CARD <= sum(map(len, groups)) <= _LONGEST
            and not all(group[:2] in {"19", "20"} or group.endswith("00") for group in groups)
            and all(next(self._shaped(at), None) is None for at in range(first + 1, last + 1))
        )

    def _tight(self, first: int) -> int:
        """Return the last row that is parted from the one before by one and the same sign."""
        last, end = first, self._reach(first, _LONGEST) - 1
        while last < end and self._joints[last] in {"", " ", ".", "-"} & {self._joints[first]}:
            last += 1
        return last

    # --- amounts ---------------------------------------------------------------------------------

    def _is_amount(self, first: int) -> bool:
        last = self._end_of_amount(first)
        row = self._chain[first].digits
        end = self._chain[last].end
        return not row.startswith("0") and is_money(self._said[end : end + _BEFORE])

    def _end_of_amount(self, first: int) -> int:
        """Return the last row of groups of three that a dot, comma or blank parts."""
        last, end = first, min(first + 6, len(self._joints))
        while last < end and self._joints[last] in {".", ",", " "} and len(self._chain[last + 1].digits) == 3:
            last += 1
        return last

    def _reach(self, first: int, most: int) -> int:
        """Return the row behind the last one with which there are at most so many digits."""
        count, last = 0, first
        while last < len(self._chain) and (count := count + len(self._chain[last].digits)) <= most:
            last += 1
        return last
