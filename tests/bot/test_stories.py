"""Stories: what can be written, what it means, and that a slip is told with its line."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.stories import Attach, BadStory, Pass, Press, Say, Share, Story, Until, parse
from domain import law
from domain.calendar import WorkCalendar
from domain.messages import Contact, Edited, Files, Location, Moved, Presence, Said

STORIES = Path(__file__).parents[2] / "bot" / "demo" / "stories"
CALENDAR = WorkCalendar.parse(law.seed("holidays"), law.seed("office"))
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""09:00 in Vietnam, the day before the day off of 24 November."""


def test_every_kind_of_line() -> None:
    """Each line becomes what it says, with its number; what the desk said is passed over."""
    text = """# Tên
# Nói gì.
@ thứ Hai 16/11/2026 09:00

citizen: cống tắc: ngập
    bot: Tổ tiếp nhận hiểu thế này:
         • Việc: cống
officer: [Nhận xử lý]
citizen: (photo) cái cống
citizen: (audio)
# một lời ghi
… 3 working days pass
… 1 hour passes
… until 24/11 07:30
"""
    assert parse(text) == Story(
        "Tên",
        "Nói gì.",
        datetime(2026, 11, 16, 9),  # noqa: DTZ001 - local to the desk
        (
            Say(5, "citizen", "cống tắc: ngập"),
            Press(8, "officer", "Nhận xử lý"),
            Attach(9, "citizen", "photo", "cái cống"),
            Attach(10, "citizen", "audio"),
            Pass(12, 3, "working day"),
            Pass(13, 1, "hour"),
            Until(14, 24, 11, time(7, 30)),
        ),
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("(location 18.0821 -106.29) chợ Mẫu", Location(18.0821, -106.29, "chợ Mẫu")),
        ("(contact 0905123456)", Contact("0905123456")),
        ("(contact own +84905123456)", Contact("+84905123456", own=True)),
        ("(edit) cống: tắc", Edited("cống: tắc")),
        ("(refused too_big) cái cống", Files((), "cái cống", ("upload.too_big",))),
        ("(blocks)", Presence(here=False)),
        ("(returns)", Presence(here=True)),
        ("(moves to over-there)", Moved("over-there")),
    ],
)
def test_what_is_neither_words_nor_a_file_is_written_in_brackets(written: str, said: Said) -> None:
    """And who shares it is one of the story's people."""
    story = parse(f"# Tên\ncitizen: {written}\n")
    assert story.lines == (Share(2, "citizen", said),)
    assert story.people == ("citizen",)


def test_of_two_files_one_may_be_refused() -> None:
    """The one that was kept is a file like any other."""
    (line,) = parse("# Tên\ncitizen: (photo, refused too_big) cái cống\n").lines
    assert line == Attach(2, "citizen", "photo", "cái cống", "too_big")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("citizen nói gì đó", "line 2: write “name: what they say”"),
        ("citizen:", "line 2: citizen says nothing"),
        ("citizen: (gif) mèo", "line 2: (gif) is no file; write one of photo"),
        ("… 3 moons pass", "line 2: write “… 3 working days pass”"),
        ("… until 31/02 07:30", "line 2: there is no such day or time"),
        ("@ thứ Ba 16/11/2026 09:00", "line 2: 16/11/2026 is thứ Hai, not thứ Ba"),
        ("@ hôm nay", "line 2: write “@ thứ Hai 16/11/2026 09:00”"),
        ("@ 16/13/2026 09:00", "line 2: there is no such day or time"),
    ],
)
def test_a_slip_is_told_with_its_line(line: str, complaint: str) -> None:
    """Whoever writes a story learns where it is wrong and what could stand there."""
    with pytest.raises(BadStory) as refusal:
        parse(f"# Tên\n{line}\n")
    assert str(refusal.value).startswith(complaint)


def test_a_story_has_a_title() -> None:
    """The first line says what it is about."""
    with pytest.raises(BadStory, match="line 1"):
        parse("citizen: xin chào\n")


def test_time_passes_as_it_is_told() -> None:
    """Hours are hours, working days skip days off, and “until” is the next time it is that day."""
    assert Pass(1, 2, "hour").end(MONDAY, CALENDAR) == datetime(2026, 11, 23, 4, tzinfo=UTC)
    assert Pass(1, 2, "day").end(MONDAY, CALENDAR) == datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert Pass(1, 1, "working day").end(MONDAY, CALENDAR) == datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert Until(1, 24, 11, time(7, 30)).end(MONDAY, CALENDAR) == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert CALENDAR.local(Until(1, 1, 2, time(8)).end(MONDAY, CALENDAR)).date() == date(2027, 2, 1)


@pytest.mark.parametrize("path", sorted(STORIES.glob("*.chat")), ids=lambda path: path.stem)
def test_the_demo_tells_what_each_story_shows(path: Path) -> None:
    """Every story of the demo can be read, says what it shows and when it begins, and has people in it."""
    story = parse(path.read_text("utf-8"))
    assert story.about
    assert story.start
    assert story.people
