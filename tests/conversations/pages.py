"""The golden transcripts as pages a commune officer reads: who says what to whom, in Vietnamese.

docs/transcripts/ holds one page for each golden and a directory of them all. The pages are written together
with the goldens (`--rewrite-goldens`), and a test says when they are not.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import locales
from bot.stories import Pass, Story, Until, parse

PAGES = Path(__file__).parents[2] / "docs" / "transcripts"
DIRECTORY = "README.md"
_TOLD = re.compile(r"    bot(?: (→|✎) ([\w-]+))?: (.*)")
_SAID = re.compile(r"([a-z][a-z0-9_-]*): ?(.*)")
_MARKUP = re.compile(r"([\\`*_<>\[\]#|~])")
_SIDES = (
    ("Quản trị", {"admin"}),
    ("Người giữ danh tính", {"keeper"}),
    ("Lãnh đạo", {"supervisor", "head", "party", "department_head", "province_head"}),
    ("Cán bộ", {"officer", "colleague", "reception", "duty", "police", "next_officer", "department"}),
)
_CITIZENS = "Bà con"
_HEAD = """# Các cuộc trò chuyện

Mỗi trang dưới đây chép đúng từng chữ một cuộc trò chuyện: bà con nhắn gì, Tổ tiếp nhận đáp gì, cán bộ
và lãnh đạo đọc gì, vào lúc nào. Tên người, tên xã là tên đặt ra. `[1 …]` là nút bấm, nhắn số cũng được.
Các trang được máy viết lại mỗi khi lời của Tổ tiếp nhận thay đổi (`tests/conversations/pages.py`).
"""


def pages(goldens: Iterable[Path]) -> dict[str, str]:
    """Return every page by its file's name: the directory, and one for each golden."""
    written = {golden.stem: golden.read_text("utf-8") for golden in goldens}
    stories = {name: parse(text) for name, text in written.items()}
    found = {f"{name}.md": _page(stories[name], text) for name, text in written.items()}
    return found | {DIRECTORY: _directory(stories)}


def _directory(stories: dict[str, Story]) -> str:
    parts = [_HEAD]
    for side in (_CITIZENS, *(name for name, _ in reversed(_SIDES))):
        theirs = {name: story for name, story in stories.items() if _side(story) == side}
        if theirs:
            lines = [f"* [{_plain(s.title)}]({name}.md): {_plain(s.about)}" for name, s in theirs.items()]
            parts.append(f"## {side}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _side(story: Story) -> str:
    """Return whose story it is: the side furthest from the citizen that speaks in it."""
    return next((side for side, names in _SIDES if names & set(story.people)), _CITIZENS)


def _page(story: Story, written: str) -> str:
    head = f"# {_plain(story.title)}\n\n{_plain(story.about)}\n"
    by_number = {line.line: line for line in story.lines if isinstance(line, Pass | Until)}
    body = _lines(written.splitlines(), by_number)
    return f"{head}\n[Các cuộc trò chuyện]({DIRECTORY})\n\n" + "\n\n".join(body) + "\n"


def _lines(written: list[str], times: dict[int, Pass | Until]) -> Iterator[str]:
    told: list[str] = []
    for number, raw in enumerate(written, start=1):
        if told and not raw.startswith("         "):
            yield "> " + "  \n> ".join(told)
            told = []
        if number in times:
            yield f"⏳ *{_time(times[number])}*"
        elif raw.startswith("@"):
            yield f"🕘 *{_plain(raw[2:])}*"
        elif found := _TOLD.fullmatch(raw):
            told = [f"**Tổ tiếp nhận{_to(found[1], found[2])}:** {_plain(found[3])}"]
        elif raw.startswith("         "):
            told.append(_plain(raw.strip()))
        elif raw.startswith("    ("):
            yield f"🕘 *{_plain(raw.strip(' ()'))}*"
        elif not raw.startswith("#") and (said := _SAID.fullmatch(raw)):
            yield f"**{_who(said[1])}:** {_plain(said[2])}"
    if told:
        yield "> " + "  \n> ".join(told)


def _to(arrow: str | None, name: str | None) -> str:
    if not name:
        return ""
    return f" sửa thẻ của {_who(name)}" if arrow == "✎" else f" nhắn {_who(name)}"


def _who(name: str) -> str:
    key = f"demo.seat.{name}"
    return locales.words("vi")(key) if locales.has("vi", key) else f"Bà con ({name})"


def _time(line: Pass | Until) -> str:
    say = locales.words("vi")
    if isinstance(line, Until):
        return say("demo.line.until", time=f"{line.clock:%H:%M} ngày {line.day}/{line.month}")
    return say(f"demo.line.pass.{line.unit.replace(' ', '_')}", count=line.count)


def _plain(text: str) -> str:
    """Write a text so that it reads as it stands: nothing of it is markup."""
    return _MARKUP.sub(r"\\\1", text)
