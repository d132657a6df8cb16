"""The console: the desk in a terminal, as a citizen and as officials, beside a running desk."""

import asyncio
import os
import pty
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from queue import Queue

import pytest

from bot.channels.channel import Unparsable
from bot.channels.console import Console
from bot.channels.webchat import WebChat
from bot.commands.chat import As, Terminal
from bot.commands.running import Refused
from bot.demo import house
from bot.demo.hands import settle
from bot.demo.seats import SEATS
from bot.desk import Desk
from domain.messages import Text
from storage.cases import cases
from storage.mail import webchat
from storage.people import people
from storage.store.engine import Store

ROOT = Path(__file__).parents[2]
REPORT = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"


@pytest.fixture
async def store(sqlite_store: Store) -> Store:
    """Open a database with the made-up commune in it."""
    await house.furnish(sqlite_store)
    return sqlite_store


async def talk(store: Store, who: As, *lines: str, code: str = "") -> str:
    """Say these lines at a terminal of one's own; returns all that was printed there."""
    printed: list[str] = []
    await Terminal(store, printed.append).talk(who, code, lines)
    return "\n".join(printed)


class Hand:
    """Somebody typing: lines given one by one, and what they have read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self._news = asyncio.Event()
        self._lines: Queue[str | None] = Queue()

    def type(self, line: str | None) -> None:
        """Type a line; None leaves."""
        self._lines.put(line)

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines.get, None)

    def show(self, text: str) -> None:
        """Read what is printed."""
        self.read.append(text)
        self._news.set()

    async def sees(self, words: str) -> None:
        """Wait until the words are printed."""
        async with asyncio.timeout(10):
            while words not in "\n".join(self.read):
                self._news.clear()
                await self._news.wait()


@pytest.fixture
async def at_a_terminal(store: Store) -> AsyncIterator[dict[As, Hand]]:
    """Sit a citizen and the officer at two terminals at once."""
    hands = {As.CITIZEN: Hand(), As.OFFICER: Hand()}
    tasks = [
        asyncio.create_task(Terminal(store, hand.show).talk(who, code, hand))
        for (who, hand), code in zip(hands.items(), ("", "kt_tuan"), strict=True)
    ]
    yield hands
    for hand in hands.values():
        hand.type(None)
    await asyncio.gather(*tasks)


async def test_a_line_is_answered_and_digits_choose(store: Store) -> None:
    """A report is understood, “1” sends it, the receipt names a code; menus are numbered plain text."""
    printed = await talk(store, As.CITIZEN, REPORT, "1")
    assert "1. Đúng, gửi đi" in printed
    assert "0. Bỏ" in printed
    assert "Mã: " in printed
    assert "as a citizen" in printed


async def test_two_terminals_talk_to_each_other(at_a_terminal: dict[As, Hand]) -> None:
    """The officer's shows the case as it comes, the citizen's the answer; neither the other's words."""
    citizen, officer = at_a_terminal[As.CITIZEN], at_a_terminal[As.OFFICER]
    await officer.sees("Chào Đỗ Anh Tuân!")
    citizen.type(REPORT)
    await citizen.sees("1. Đúng, gửi đi")
    citizen.type("1")
    await officer.sees("1. Nhận xử lý")
    officer.type("1")
    await citizen.sees("Đỗ Anh Tuân (Phòng Kinh tế) đã nhận việc")
    assert "Nhận xử lý" not in "\n".join(citizen.read)
    assert "Tổ tiếp nhận hiểu thế này" not in "\n".join(officer.read)


async def test_the_first_holder_of_a_role_or_a_named_person(store: Store) -> None:
    """`--as supervisor` is somebody who holds that role, `--person` exactly that one; they enter once."""
    assert "Chào " in await talk(store, As.SUPERVISOR)
    assert "Chào Trịnh Xuân Cường!" in await talk(store, As.SUPERVISOR, code="ca_truong")
    again = await talk(store, As.SUPERVISOR, "viec", code="ca_truong")
    assert "Chào" not in again
    assert "Hiện không có hồ sơ nào." in again


async def test_who_is_not_there_is_said(sqlite_store: Store) -> None:
    """An unknown code and a role that nobody holds are refused in one line each."""
    with pytest.raises(Refused, match="“nobody”"):
        await talk(sqlite_store, As.OFFICER, code="nobody")
    with pytest.raises(Refused, match="nobody holds the role officer"):
        await talk(sqlite_store, As.OFFICER)


async def test_a_terminal_that_was_left_is_told_nothing(store: Store) -> None:
    """After the end nothing is posted to the terminal's chat and piles up; its owner may come back."""
    await talk(store, As.OFFICER, code="kt_tuan")
    await talk(store, As.CITIZEN, REPORT, "1")
    async with store.read() as work:
        key = work.keyring.blind("chat", "console-kt_tuan", "console-kt_tuan")
        await people.load_chats(work, [key])
        assert work.chats[key].blocked_at is not None
    back = await talk(store, As.OFFICER, "viec", "1", code="kt_tuan")
    assert "Nhận xử lý" in back


async def test_a_running_desk_tells_the_web_chat_what_a_terminal_did(store: Store) -> None:
    """A report from a terminal reaches the officer in the web chat, and the desk is not disturbed by it."""
    desk = Desk(store, [WebChat(store, "", 0)])
    await house.seat_everyone(desk, ["officer"])
    printed = await talk(store, As.CITIZEN, REPORT, "1")
    assert "Mã: " in printed
    await settle(desk)
    async with store.read() as work:
        shown = await webchat.latest(work, SEATS["officer"].chat_key(work.keyring), 9)
        mine = await cases.of_chat(work, work.keyring.blind("chat", "console-citizen", "console-citizen"))
    assert mine[0].code in shown[-1].body["text"]


def test_the_channel_reads_lines_only() -> None:
    """A typed line is text, an empty one nothing, anything else a dead letter."""
    console = Console("citizen", print)
    assert console.normalize({"text": " 1 "}) == Text(" 1 ")
    assert console.normalize({"text": " "}) is None
    with pytest.raises(Unparsable):
        console.normalize({"tap": "x"})


def test_a_real_terminal(tmp_path: Path) -> None:
    """`python -m bot chat --demo` in a pseudo-terminal: says, is answered, takes digits, ends with Ctrl+D."""
    ours, theirs = pty.openpty()
    passed = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--demo"],
        cwd=ROOT,
        env={**passed, "PYTHONUTF8": "1", "DATA_DIR": str(tmp_path)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        written = _until(ours, "Ctrl+D")
        os.write(ours, f"{REPORT}\n".encode())
        written += _until(ours, "1. Đúng, gửi đi")
        os.write(ours, b"1\n")
        written += _until(ours, "Mã: ")
        os.write(ours, b"\x04")
        assert process.wait(20) == 0, written
    os.close(ours)


def _until(terminal: int, words: str) -> str:
    written = b""
    while words.encode() not in written:
        written += os.read(terminal, 4096)
    return written.decode(errors="replace")
