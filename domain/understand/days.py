"""Days as people write them: “25/11-28/11”, “mai đến mốt”, “thứ Hai tuần sau”, “3 ngày từ mai”."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from domain.understand.amounts import COUNTED
from domain.understand.fold import fold

_DATE = r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?"
_WEEKDAYS = {
    **{f"thu {word}": at for at, word in enumerate(["hai", "ba", "tu", "nam", "sau", "bay"])},
    **{f"thu {digit}": digit - 2 for digit in range(2, 8)},
    "chu nhat": 6,
}
_OF_WEEK = r"tuan (?:nay|sau|toi)"
_WEEK = rf"(?:{_OF_WEEK}|this week|next week)"
_AHEAD = {
    **dict.fromkeys(["hom nay", "bua nay", "sang nay", "trua nay", "chieu nay", "toi nay", "today"], 0),
    **dict.fromkeys(["ngay mai", "mai", "sang mai", "chieu mai", "tomorrow"], 1),
    **dict.fromkeys(["ngay kia", "ngay mot"], 2),
}
_THEN = {**_AHEAD, "mot": 2}
"""“Mốt” is a day only behind another one: else it is how “một” is typed."""


def _either(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_DAY = rf"(?:{_DATE}|{_either(_AHEAD)}|(?:{_either(_WEEKDAYS)})(?: {_OF_WEEK})?)"
_LAST = rf"(?:{_DATE}|{_either(_THEN)}|(?:{_either(_WEEKDAYS)})(?: {_OF_WEEK})?)"
_SINCE = r"(?:(?:bat dau )?tu |from )?(?:ngay )?"
_MANY = rf"(?:\d{{1,2}}|{'|'.join(COUNTED)}) (?:ngay|hom|days?)(?: lam viec)?"
_RANGE = rf"{_SINCE}{_DAY}(?:\s*(?:-|–|—|den het|den|toi|until|to|va|roi)?\s*(?:ngay )?{_LAST})?"
_TO = r"(?:den het|den|het|until|toi)"
_UP_TO = rf"(?:den het|den|het|until|(?:(?<=nghi )|(?<=nay )|(?<=sau ))toi) (?:ngay )?{_LAST}"
"""“Nghỉ tới thứ Sáu”, “tuần sau tới thứ Năm”; elsewhere “tới” without its marks is also “tôi”."""
SPAN = rf"(?:{_WEEK} )?{_RANGE}(?: {_MANY})?|{_MANY}(?: {_SINCE}{_DAY})?|{_UP_TO}|{_WEEK}"
"""Days in folded words, wherever they stand in a sentence."""
_DAYS = re.compile(
    rf"(?:(?P<week>{_WEEK})(?: |$))?"
    rf"(?:{_SINCE}(?P<first>{_DAY})"
    rf"(?:\s*(?:-|–|—|den het|den|toi|until|to|va|roi)?\s*(?:ngay )?(?P<last>{_LAST}))?)?"
    rf"(?:{_TO} (?:ngay )?(?P<end>{_LAST}))?"
    rf"(?:(?:^| |(?<= ))(?P<many>\d{{1,2}}|{'|'.join(COUNTED)}) (?:ngay|hom|days?)(?: lam viec)?"
    rf"(?: {_SINCE}(?P<since>{_DAY}))?)?"
)
_UNTIL = re.compile(rf"(?:den het|den|toi|het|until) (?:ngay )?({_DAY})")
_LONG_AGO = timedelta(days=60)
"""A day without a year that is longer past than this is next year's."""
_FAR = timedelta(days=3653)
"""Ten years: whatever is later is a slip of the hand."""
_FRIDAY = 4
_ONE = timedelta(days=1)


class DaysOver(ValueError):
    """The days named are over, or end before they begin. `key` names the words that say so."""

    key = "days_over"


class DaysTooFar(DaysOver):
    """The days named are so far ahead that nobody plans for them: a year was mistyped."""

    key = "days_far"


def read_days(text: str, today: date) -> tuple[date, date] | None:
    """Read “25/11-28/11”, “mai 3 ngày”, “tuần sau”, “từ thứ Hai đến thứ Tư” as two days; None for others.

    Raises DaysOver for days that are over, and DaysTooFar for those that nobody can mean.
    """
    said = " ".join(fold(text).replace(",", " ").strip(" .;").split())
    found = _DAYS.fullmatch(said)
    if found is None or not said:
        return None
    try:
        first, last = _two(found, today)
    except ValueError as error:
        raise DaysOver(text) from error
    if last < max(first, today):
        raise DaysOver(text)
    if last > today + _FAR:
        raise DaysTooFar(text)
    return max(first, today), last


def until(text: str, today: date) -> date | None:
    """Return the day up to which folded words ask for time; None for none, or one that is over."""
    found = _UNTIL.search(fold(text))
    try:
        day = _day(found[1], today, lambda weekday: _next(weekday, today)) if found else None
    except ValueError:
        return None
    return day if day is not None and today < day <= today + _FAR else None


def _two(found: re.Match[str], today: date) -> tuple[date, date]:
    """Return the first and the last day of what was read."""
    week = _week(found["week"], today)
    begun = found["first"] or found["since"]
    if found["end"]:
        first = max(week, today)
        return first, _day(found["end"], first, lambda at: _next(at, first - _ONE), today)
    if not begun and not found["many"]:
        return max(week, today), week + _FRIDAY * _ONE
    first = week if found["week"] else today
    if begun:
        first = _day(begun, today, _within(found["week"], week, today))
    if found["last"]:
        return first, _day(found["last"], max(first, today), lambda at: _next(at, first - _ONE), today)
    return first, first + _more(found["many"])


def _within(said: str | None, week: date, today: date) -> Callable[[int], date]:
    """Return how a weekday is found: in the week that was said, else the next one of its name."""
    return lambda weekday: week + weekday * _ONE if said else _next(weekday, today)


def _week(said: str | None, today: date) -> date:
    """Return the Monday of the week that words say, else of this one."""
    monday = today - today.weekday() * _ONE
    return monday + 7 * _ONE if said and not said.endswith("nay") and said != "this week" else monday


def _next(weekday: int, after: date) -> date:
    return after + ((weekday - after.weekday() - 1) % 7 + 1) * _ONE


def _more(days: str | None) -> timedelta:
    """Return how much later the last day is where somebody says for how many days: “mai 3 ngày”."""
    return max((COUNTED.get(days) or int(days)) - 1, 0) * _ONE if days else timedelta(0)


def _day(written: str, near: date, weekday: Callable[[int], date], today: date | None = None) -> date:
    """Return one day; a date without a year is the one `near`, what is counted from today from `today`."""
    if written in _THEN:
        return (today or near) + _THEN[written] * _ONE
    if not written[0].isdigit():
        name, _, week = written.partition(" tuan ")
        at = _WEEKDAYS[name]
        return _week(f"tuan {week}", today or near) + at * _ONE if week else weekday(at)
    day, month, *year = map(int, re.split(r"[/.]", written))
    if year:
        return date(year[0], month, day)
    this_year = date(near.year, month, day)
    return this_year if this_year >= near - _LONG_AGO else date(near.year + 1, month, day)
