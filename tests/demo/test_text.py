"""The demo in the terminal: every story goes as told; and what the demo refuses to touch."""

import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from pydantic import SecretStr
from rich.cells import cell_len
from rich.console import Console

from bot.channels.webchat import WebChat
from bot.demo import house, text
from bot.demo.hands import Hands, NeverDone, Stopped
from bot.demo.player import Player, arrive, stories
from bot.demo.retell import Retold, beginning
from bot.demo.seats import SEATS
from bot.demo.server import free_port
from bot.desk import Desk
from bot.settings import Settings
from bot.stories import parse
from domain.calendar import WorkCalendar
from domain.law import seed
from storage import migrations
from storage.mail import webchat
from storage.store import demo
from storage.store.engine import open_store

ROOT = Path(__file__).parents[2]
CALENDAR = WorkCalendar.parse(seed("holidays"), seed("office"))
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""9 o'clock in Vietnam."""


def settings(folder: Path, **more: object) -> Settings:
    """Return settings that no environment changes."""
    return Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[arg-type]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a terminal that is none, without the settings of whoever runs the tests."""
    passed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}  # noqa: TID251
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**passed, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


# --- the stories ---------------------------------------------------------------------------------


async def test_a_story_that_goes_wrong_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A button nobody was shown ends the telling with status 1 and the line of the story's file."""
    wrong = parse("# Sai\ncitizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập\ncitizen: [Không có nút này]\n")
    monkeypatch.setattr(text, "stories", lambda: {"9-sai": wrong})
    paper = io.StringIO()
    assert await text.play_all(Console(file=paper, width=text.WIDTH)) == 1
    assert "9-sai.chat:3: citizen sees no button “Không có nút này”" in paper.getvalue()


async def test_a_name_without_a_seat_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A story with somebody the demo has no seat for does not begin."""
    monkeypatch.setattr(text, "stories", lambda: {"9-la": parse("# Lạ\nmayor: xin chào\n")})
    paper = io.StringIO()
    assert await text.play_all(Console(file=paper, width=text.WIDTH)) == 1
    assert "mayor" in paper.getvalue()


@pytest.mark.storm
@pytest.mark.long
def test_every_story_goes_as_told(tmp_path: Path) -> None:
    """`python -m bot demo --text` plays all stories to their end: status 0, no colour codes, no data left."""
    done = run("demo", "--text", DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "DỮ LIỆU GIẢ" in done.stdout
    assert "QUÁ HẠN" in done.stdout
    for story in stories().values():
        assert story.title in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= text.WIDTH
    assert "\x1b" not in done.stdout
    assert "[bold]" not in done.stdout
    assert not (tmp_path / "data").exists()


# --- the clock -----------------------------------------------------------------------------------


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Furnish a demo whose clock stands still on a Monday morning."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}"
    store = open_store(url, text.KEYS, tmp_path, Stopped(MONDAY))
    await migrations.upgrade(store.engine)
    await house.furnish(store)
    yield Desk(store, [WebChat(store, "", 0)])
    await store.close()


async def test_every_reminder_is_sent_at_its_own_moment(desk: Desk) -> None:
    """Moving the clock by eight days sends what falls in between on its own mornings, not all at the end."""
    await house.seat_everyone(desk, text.SEATED)
    hands = Hands(desk, cast("Stopped", desk.store.clock))
    story = parse("# Cống\ncitizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập\ncitizen: [Đúng, gửi đi]\n")
    await Player(desk, hands, text.Terminal(Console(file=io.StringIO()))).play(story)
    await hands.to(MONDAY + timedelta(days=8))
    async with desk.store.read() as work:
        told = [
            one.at
            for name in ("officer", "supervisor")
            for one in await webchat.latest(work, SEATS[name].chat_key(work.keyring), 50)
        ]
        assert work.now == MONDAY + timedelta(days=8)
        assert await demo.shift(work) == timedelta(days=8)
    mornings = {CALENDAR.local(at) for at in told if at > MONDAY}
    assert len(mornings) >= 4
    assert {at.time().isoformat("minutes") for at in mornings} == {"07:30"}
    assert all(CALENDAR.is_working(at.date()) for at in mornings)


async def test_officials_are_seated_once(desk: Desk) -> None:
    """A demo that starts again does not invite again: nobody is greeted twice."""
    for _ in range(2):
        await house.furnish(desk.store)
        await house.seat_everyone(desk, ["officer"])
    await arrive(desk, SEATS["officer"], {"text": "giup"})
    async with desk.store.read() as work:
        shown = await webchat.latest(work, SEATS["officer"].chat_key(work.keyring), 50)
    assert [one.body["text"] for one in shown if one.mine] == ["Vào", "giup"]


def test_the_demo_begins_on_a_working_monday_morning() -> None:
    """The first Monday that is worked, at 9, always later than now; a Monday off is passed over."""
    assert house.next_monday(MONDAY - timedelta(minutes=1), CALENDAR) == MONDAY
    assert house.next_monday(MONDAY, CALENDAR) == MONDAY + timedelta(days=7)
    tet = datetime(2027, 2, 6, 2, tzinfo=UTC)  # Monday 8 February 2027 is a day off
    assert not CALENDAR.is_working(date(2027, 2, 8))
    assert CALENDAR.local(house.next_monday(tet, CALENDAR)).date() == date(2027, 2, 15)


# --- told in another week ------------------------------------------------------------------------


def test_a_daytime_story_begins_at_once_in_office_hours() -> None:
    """A story of a working morning needs no jump in office hours, and waits for them at night."""
    start = datetime(2026, 11, 16, 9)  # noqa: DTZ001 - a story's times are local
    noon = MONDAY + timedelta(days=3, hours=5)
    assert beginning(start, noon, CALENDAR) == noon
    night = MONDAY + timedelta(hours=13)
    assert beginning(start, night, CALENDAR) == MONDAY + timedelta(days=1)
    assert beginning(None, night, CALENDAR) == night


def test_a_story_of_the_night_waits_for_such_a_night() -> None:
    """A Saturday's story begins on the next day off, at its hour."""
    start = datetime(2026, 11, 21, 23, 40)  # noqa: DTZ001 - local
    begun = CALENDAR.local(beginning(start, MONDAY, CALENDAR))
    assert (begun.date(), begun.hour) == (date(2026, 11, 21), 23)


def test_a_storys_days_keep_their_distance_in_working_days() -> None:
    """“17/11”, a working day after the start, becomes the next working day after a later start."""
    retold = Retold(date(2026, 11, 16), date(2026, 11, 23), CALENDAR)
    assert retold.text("Sáng 17/11 xong, chiều 16/11 chưa, 13/11 chưa") == (
        "Sáng 25/11 xong, chiều 23/11 chưa, 20/11 chưa"  # 24/11 is a day off
    )
    assert retold.text("chấm 31/2 điểm, nửa 1/2") != ""
    assert Retold(date(2026, 11, 16), date(2026, 11, 16), CALENDAR).text("17/11") == "17/11"


# --- what it refuses -----------------------------------------------------------------------------


def test_it_never_runs_beside_real_accounts(tmp_path: Path) -> None:
    """A real token in the environment stops it with one line, before anything is made."""
    with pytest.raises(house.Refused, match="TELEGRAM_TOKEN"):
        house.house(settings(tmp_path, telegram_token=SecretStr("123:abc")))
    done = run("demo", TELEGRAM_TOKEN="123:abc", DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "TELEGRAM_TOKEN" in done.stderr
    assert "123:abc" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("fresh", [False, True])
async def test_a_database_that_is_not_a_demos_is_left_alone(tmp_path: Path, *, fresh: bool) -> None:
    """A desk's database in the demo's folder, or at DATABASE_URL, is neither used nor deleted."""
    own = house.house(settings(tmp_path))
    store = open_store(own.store_url, text.KEYS, own.data_dir)
    await migrations.upgrade(store.engine)
    await store.close()
    with pytest.raises(house.Refused, match="not a demo's"):
        await house.look(own, fresh=fresh)
    named = house.house(settings(tmp_path / "other", database_url=own.store_url.replace("+aiosqlite", "")))
    with pytest.raises(house.Refused, match="DATABASE_URL"):
        await house.look(named, fresh=fresh)
    assert (own.data_dir / "desk.sqlite3").exists()


async def test_a_demos_own_database_may_be_begun_anew(tmp_path: Path) -> None:
    """A marked database is used again, and deleted when asked; the key stays, so open pages stay seated."""
    own = house.house(settings(tmp_path))
    await house.look(own)
    store = open_store(own.store_url, text.KEYS, own.data_dir, Stopped(MONDAY))
    await migrations.upgrade(store.engine)
    await house.furnish(store)
    await store.close()
    await house.look(own)
    assert (own.data_dir / "desk.sqlite3").exists()
    key = own.key_file.read_text()
    await house.look(own, fresh=True)
    assert not (own.data_dir / "desk.sqlite3").exists()
    assert own.key_file.read_text() == key


async def test_a_database_that_is_away_is_said(tmp_path: Path) -> None:
    """A server nobody listens at is one line, not a traceback."""
    url = f"postgresql://nobody@127.0.0.1:{free_port([0])}/none"
    with pytest.raises(house.Refused, match="cannot be used"):
        await house.look(house.house(settings(tmp_path, database_url=url)))


async def test_a_named_database_is_never_emptied(tmp_path: Path) -> None:
    """`--fresh` is for the demo's own file only."""
    named = house.house(settings(tmp_path, database_url=f"sqlite:///{tmp_path / 'named.sqlite3'}"))
    with pytest.raises(house.Refused, match="empty the database yourself"):
        await house.look(named, fresh=True)


def test_one_house_has_one_clock(tmp_path: Path) -> None:
    """A second demo on the same folder does not start."""
    own = house.house(settings(tmp_path))
    with house.moved_in(own), pytest.raises(house.Refused, match="running already"), house.moved_in(own):
        pass
    with house.moved_in(own):
        pass


def test_a_taken_port_is_passed_over() -> None:
    """The first free port is used; with none of them free the refusal says what to write."""
    import socket  # noqa: PLC0415 - only here

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port([port, 0]) != port
        with pytest.raises(house.Refused, match="--port"):
            free_port([port])


async def test_a_step_that_is_asked_for_while_the_hands_move_is_one_more(desk: Desk) -> None:
    """They go on from where they will stand, not from where they are, and get there though it is not done."""
    goals: list[datetime] = []

    async def through(_: Desk) -> None:
        goals.append(await hands.goal())
        raise NeverDone

    await house.seat_everyone(desk, text.SEATED)
    clock = cast("Stopped", desk.store.clock)
    story = parse("# Cống\ncitizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập\ncitizen: [Đúng, gửi đi]\n")
    await Player(desk, Hands(desk, clock), text.Terminal(Console(file=io.StringIO()))).play(story)
    hands = Hands(desk, clock, through)
    with pytest.raises(NeverDone):
        await hands.to(await hands.goal() + timedelta(days=3))
    assert {*goals} == {MONDAY + timedelta(days=3)}
    assert len(goals) > 1
    assert await hands.now() == MONDAY + timedelta(days=3)
