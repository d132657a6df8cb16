"""Stories: what people say and when, written as they would be told. The demo plays them, the tests too.

    # Cống tắc: từ tin nhắn đến chấm điểm
    # Con đường suôn sẻ nhất.
    @ thứ Hai 16/11/2026 09:00
    citizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập
        bot → officer: 📥 HB-…
    officer: [Nhận xử lý]
    citizen: (photo) đây là ảnh cái cống
    … 3 working days pass
    … until 24/11 07:30

A name and a colon begin what somebody says, types or presses: `[words of a button]`, or a file and what is
written under it, or something else in round brackets (see `_SHARED`). `…` lets time pass. Indented lines are
what the desk said; they are not read here. Other `#` lines after the second are remarks. `@` sets the local
time the story begins at. `{secret}` stands for the latest secret that the desk has shown.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar, cast, get_args

from domain.calendar import WorkCalendar
from domain.messages import Contact, Edited, Files, Location, Media, Moved, Presence, Said

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ Nhật")
_SAID = re.compile(r"([a-z][a-z0-9_-]*): ?(.*)")
_FILE = re.compile(r"\((\w+)(?:, refused (\w+))?\)\s*(.*)")
SECRET = re.compile(r"\b\d{4} \d{4} \d{4} \d{4}\b")
"""How the desk writes the secret of a sealed case."""
_START = re.compile(r"@ (?:(\D+?) )?(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
_PASS = re.compile(r"(\d+) (minute|hour|day|working day)s? pass(?:es)?")
_UNTIL = re.compile(r"until (\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{2})")

PassUnit = Literal["minute", "hour", "day", "working day"]
_Moment = TypeVar("_Moment")


class BadStory(ValueError):
    """A line that is none of a story's; says which line of which story and what could stand there."""


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody types something."""

    line: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody presses the button with these words, the latest they were shown."""

    line: int
    who: str
    label: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Somebody sends a file, perhaps with words under it."""

    line: int
    who: str
    kind: Media
    caption: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody shares what is neither words nor a file, or stops and lets the desk write again."""

    line: int
    who: str
    said: Said


@dataclass(frozen=True, slots=True)
class Pass:
    """So much time goes by; working days end at the same time of day."""

    line: int
    count: int
    unit: PassUnit

    def end(self, now: datetime, calendar: WorkCalendar) -> datetime:
        """Return the moment at which it has gone by."""
        if self.unit != "working day":
            return now + timedelta(**{f"{self.unit}s": self.count})
        here = calendar.local(now)
        return calendar.at(calendar.add_working_days(here.date(), self.count), here.time())


@dataclass(frozen=True, slots=True)
class Until:
    """Time goes by until the next time it is this day and time."""

    line: int
    day: int
    month: int
    clock: time

    def end(self, now: datetime, calendar: WorkCalendar) -> datetime:
        """Return that moment; a day and month that are over this year are next year's."""
        here = calendar.local(now)
        wanted = calendar.at(date(here.year, self.month, self.day), self.clock)
        return wanted if wanted >= now else calendar.at(date(here.year + 1, self.month, self.day), self.clock)


Line = Say | Press | Attach | Share | Pass | Until
_SHARED: tuple[tuple[re.Pattern[str], Callable[..., Said]], ...] = (
    (
        re.compile(r"\(location (-?[\d.]+) (-?[\d.]+)\) ?(.*)"),
        lambda north, east, address: Location(float(north), float(east), address),
    ),
    (re.compile(r"\(contact (own )?([+\d]+)\)"), lambda own, phone: Contact(phone, own=bool(own))),
    (re.compile(r"\(edit\) (.+)"), Edited),
    (re.compile(r"\(refused (\w+)\) ?(.*)"), lambda why, caption: Files((), caption, (f"upload.{why}",))),
    (re.compile(r"\(blocks\)"), lambda: Presence(here=False)),
    (re.compile(r"\(returns\)"), lambda: Presence(here=True)),
    (re.compile(r"\(moves to (\S+)\)"), Moved),
)
"""How what is shared is written: `(location 18.0821 106.2911) its address`, `(contact own 0905123456)`,
`(edit) what it says now`, `(refused too_big) words under it` for a file that cannot be kept (of two files
`(photo, refused too_big)`), `(blocks)`, `(returns)`, `(moves to address)`."""


@dataclass(frozen=True)
class Story:
    """A story: its title, what it shows, the local moment it begins at if it says so, and its lines."""

    title: str
    about: str
    start: datetime | None
    lines: tuple[Line, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Who speaks, in order of appearance."""
        speakers = (line.who for line in self.lines if isinstance(line, Say | Press | Attach | Share))
        return tuple(dict.fromkeys(speakers))


def parse(text: str) -> Story:
    """Read a story. Raises BadStory, which names the line."""
    heads: list[str] = []
    start: datetime | None = None
    lines: list[Line] = []
    for number, written in enumerate(text.splitlines(), start=1):
        if not written.strip() or written[0].isspace():
            continue
        if written.startswith("#"):
            heads.append(written.lstrip("# ").rstrip())
        elif written.startswith("@"):
            start = _start(number, written.rstrip())
        else:
            lines.append(_line(number, written.rstrip()))
    if not heads:
        raise BadStory("line 1: a story begins with “# its title”")
    return Story(heads[0], heads[1] if len(heads) > 1 else "", start, tuple(lines))


def _line(number: int, written: str) -> Line:
    if written.startswith("…"):
        return _time(number, written.removeprefix("…").strip())
    said = _SAID.fullmatch(written)
    if said is None:
        raise BadStory(f"line {number}: write “name: what they say”, “… 2 hours pass”, “@ …” or “# …”")
    who, what = said.groups()
    if what.startswith("[") and what.endswith("]"):
        return Press(number, who, what[1:-1])
    for pattern, said_so in _SHARED:
        if shared := pattern.fullmatch(what):
            return Share(number, who, said_so(*shared.groups()))
    if file := _FILE.fullmatch(what):
        if file[1] not in get_args(Media):
            raise BadStory(
                f"line {number}: ({file[1]}) is no file; write one of {', '.join(get_args(Media))}"
            )
        return Attach(number, who, cast("Media", file[1]), file[3], file[2] or "")
    if not what:
        raise BadStory(f"line {number}: {who} says nothing")
    return Say(number, who, what)


def _time(number: int, said: str) -> Pass | Until:
    if passed := _PASS.fullmatch(said):
        return Pass(number, int(passed[1]), cast("PassUnit", passed[2]))
    if until := _UNTIL.fullmatch(said):
        day, month, hour, minute = map(int, until.groups())
        return _on(number, lambda: Until(number, date(2000, month, day).day, month, time(hour, minute)))
    raise BadStory(f"line {number}: write “… 3 working days pass”, “… 2 hours pass” or “… until 24/11 07:30”")


def _start(number: int, written: str) -> datetime:
    found = _START.fullmatch(written)
    if found is None:
        raise BadStory(f"line {number}: write “@ thứ Hai 16/11/2026 09:00”")
    day, month, year, hour, minute = map(int, found.groups()[1:])
    at = _on(number, lambda: datetime(year, month, day, hour, minute))  # noqa: DTZ001 - local to the desk
    if found[1] and found[1].casefold() != _WEEKDAYS[at.weekday()].casefold():
        raise BadStory(f"line {number}: {day}/{month}/{year} is {_WEEKDAYS[at.weekday()]}, not {found[1]}")
    return at


def _on(number: int, make: Callable[[], _Moment]) -> _Moment:
    try:
        return make()
    except ValueError as error:
        raise BadStory(f"line {number}: there is no such day or time ({error})") from None
