"""Opening the desk's database: with the right key, or not at all; and back from a backup."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from structlog.testing import capture_logs

from bot import opening
from bot.checks import database
from bot.commands import directory
from bot.demo import house
from bot.opening import CannotStart, opened
from bot.settings import Settings
from services.clock import histories
from services.intake.new_cases import Draft, open_case
from storage import migrations
from storage.cases import cases, chain
from storage.ground import append_only, crypto
from storage.ground.instant import to_ms
from storage.ground.tables import Rule
from storage.ground.work import Work
from storage.office import rulebook
from storage.people import people
from storage.store.engine import Store, open_store
from tests.conftest import KEYS

DEMO = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
STORY = "Cống thôn 3 tắc mấy hôm rồi, mưa là ngập cả đường"
A_FILE = "01890000-0000-7000-8000-000000000001"


def desk_at(folder: Path) -> Settings:
    """Return the settings of a desk whose everything lies in one folder."""
    return Settings(data_dir=folder, _env_file=None)


async def begun(settings: Settings) -> None:
    """Start a desk for the first time."""
    async with opened(settings):
        pass


async def test_a_database_is_not_opened_with_another_key(tmp_path: Path) -> None:
    """Whoever has the wrong key is told at the start, before anything is sealed with a second one."""
    settings = desk_at(tmp_path)
    await begun(settings)
    await begun(settings)
    settings.key_file.write_text("cd" * 32)
    with pytest.raises(CannotStart, match="another key"):
        await begun(settings)


async def test_a_sealed_database_without_its_key_says_exactly_that(tmp_path: Path) -> None:
    """It names the file and what to do; no key is made beside it; with the key back all is as before."""
    settings = desk_at(tmp_path)
    await begun(settings)
    settings.key_file.rename(tmp_path / "kept")
    for only_look in (False, True):
        with pytest.raises(CannotStart) as refusal:
            async with opened(settings, only_look=only_look):
                pass
        said = str(refusal.value)
        assert f"{settings.key_file} is missing" in said
        assert "from its backup" in said
        assert "\n" not in said
        assert not settings.key_file.exists()
    (tmp_path / "kept").rename(settings.key_file)
    await begun(settings)


async def test_the_doctor_says_so_too(tmp_path: Path) -> None:
    """A fault, with what to do; before the first start it is only a hint; and it makes no key itself."""
    settings = desk_at(tmp_path)

    async def key_findings() -> list[tuple[str, str]]:
        async with database.looked_at(settings) as store:
            found, _ = await database.examine(settings, store)
        return [(one.level, one.do) for one in found if one.group == "key"]

    assert await key_findings() == [("warning", "start the desk once: it makes one")]
    await begun(settings)
    assert await key_findings() == []
    settings.key_file.unlink()
    ((level, do),) = await key_findings()
    assert level == "fault"
    assert "from its backup" in do
    assert not settings.key_file.exists()


async def test_only_looking_makes_neither_key_nor_database(tmp_path: Path) -> None:
    """A seed file can be checked before the first start; nothing is left behind."""
    folder = tmp_path / "data"
    async with opened(desk_at(folder), only_look=True) as store:
        lines = await directory.seed(store, DEMO.read_bytes(), DEMO.name, check=True)
    assert lines[-1] == "checked only: nothing was written"
    assert not folder.exists()


async def test_a_key_whose_database_is_gone_is_told_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new, empty database beside an old key may mean that everything is lost: it is said so."""
    monkeypatch.setattr(opening, "log", structlog.get_logger())  # one that another test has not bound
    settings = desk_at(tmp_path)
    with capture_logs() as logs:
        await begun(settings)
    assert [line["event"] for line in logs] == ["new_secret_key"]
    (tmp_path / "desk.sqlite3").unlink()
    (tmp_path / "desk.sqlite3-wal").unlink(missing_ok=True)
    async with database.looked_at(settings) as store:
        found, _ = await database.examine(settings, store)
    assert any("but there is its key" in one.so for one in found)
    with capture_logs() as logs:
        await begun(settings)
    assert [line["event"] for line in logs] == ["new_database_beside_a_key"]


async def test_nobody_is_warned_of_a_demo_that_was_never_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made up is lost to nobody: its first start on an empty folder says nothing of a backup."""
    monkeypatch.setattr(opening, "log", structlog.get_logger())
    settings = house.house(desk_at(tmp_path))
    settings.data_dir.mkdir()
    await house.look(settings)
    with capture_logs() as logs:
        async with opened(settings, made_up=True):
            pass
    assert [line["event"] for line in logs] == []


async def test_a_desk_comes_back_from_its_backup_in_another_folder(tmp_path: Path) -> None:
    """Database, files and key, copied while it runs, are a desk again: a case is read, its chain is whole."""
    old, new = desk_at(tmp_path / "old"), desk_at(tmp_path / "new")
    new.data_dir.mkdir()
    async with opened(old) as store:
        code = await _lived_in(store)
        with (
            sqlite3.connect(old.data_dir / "desk.sqlite3") as running,
            sqlite3.connect(new.data_dir / "desk.sqlite3") as copy,
        ):
            running.backup(copy)
        shutil.copytree(old.data_dir / "files", new.data_dir / "files")
    with pytest.raises(CannotStart, match="is missing"):
        await begun(new)
    shutil.copy2(old.key_file, new.key_file)
    shutil.rmtree(old.data_dir)
    async with opened(new) as store, store.read() as work:
        (one,) = await chain.batch(work, None)
        assert (one.name, one.first_broken(work.keyring)) == (code, None)
        case = await cases.look_at(work, code)
        assert case is not None
        assert case.story == STORY
        assert await store.files.get(A_FILE) == b"a photo"


async def _lived_in(store: Store) -> str:
    """Let a citizen have brought a case and a file. Returns its code."""
    await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    await store.files.put(A_FILE, b"a photo")
    async with store.work() as work:
        people.open_chat(work, "paper", "c" * 32, "1")
    async with store.work() as work:
        chat = await people.chat(work, "c" * 32)
        heard = work.rules.understanding.read(STORY)
        return (await open_case(work, chat, Draft(heard, "thôn 3", heard.topic))).code


async def test_nobody_who_writes_to_the_database_has_histories_chained_again(tmp_path: Path) -> None:
    """The marks of the key taken off, a line changed and all made good the old way: it stays broken."""
    settings = desk_at(tmp_path)
    async with opened(settings) as store:
        code = await _lived_in(store)
        async with store.work() as work, append_only.open_to_change(work.session, "case_event"):
            case = await cases.look_at(work, code)
            assert case is not None
            await _redo_without_the_key(work, case)
    async with opened(settings) as store, store.read() as work:
        (one,) = await chain.batch(work, None)
        assert one.first_broken(work.keyring, of_before=True) is None  # it looks like one of before
        assert one.first_broken(work.keyring) == 1
        found, _ = await histories.look(work, 10)
        assert found == [code]


async def test_what_was_sealed_before_is_bound_once(tmp_path: Path) -> None:
    """At the start after an update all opens; whoever writes to the database has none of it done again."""
    settings = desk_at(tmp_path)
    async with opened(settings) as store:
        code = await _lived_in(store)
    (tmp_path / opening.BOUND).unlink()  # as a desk of before stands there
    before = _seal_story_as_before(settings, STORY)
    async with opened(settings) as store, store.read() as work:
        case = await cases.look_at(work, code)
        assert case is not None
        assert case.story == STORY
    assert (tmp_path / opening.BOUND).exists()
    with sqlite3.connect(tmp_path / "desk.sqlite3") as database:
        assert database.execute('update "case" set story = ?', (before,)).rowcount == 1
    async with opened(settings) as store, store.read() as work:
        case = await cases.look_at(work, code)
        assert case is not None
        assert case.story == "\ufffd"


async def test_a_database_of_before_is_not_begun_with_beside_the_mark(tmp_path: Path) -> None:
    """An old backup in which nothing opens is refused, with what to do; a lost database begins anew."""
    settings = desk_at(tmp_path)
    await begun(settings)
    (tmp_path / "desk.sqlite3").unlink()
    old = open_store(f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}", KEYS, tmp_path)
    await migrations.upgrade(old.engine, "0013")
    await old.close()
    with pytest.raises(CannotStart, match="take that file away") as refusal:
        await begun(settings)
    assert str(tmp_path / opening.BOUND) in str(refusal.value)
    (tmp_path / opening.BOUND).unlink()
    await begun(settings)
    await begun(settings)
    (tmp_path / "desk.sqlite3").unlink()
    await begun(settings)


def _seal_story_as_before(settings: Settings, story: str) -> bytes:
    """Let the only case's story lie there as an older version sealed it. Returns its bytes."""
    sealed = crypto.load(settings.key_file).seal(json.dumps(story).encode(), "case.story")
    with sqlite3.connect(settings.data_dir / "desk.sqlite3") as database:
        assert database.execute('update "case" set story = ?', (sealed,)).rowcount == 1
    return sealed


async def _redo_without_the_key(work: Work, case: cases.Case) -> None:
    """Change who did it, and chain the history as versions without the key did."""
    before = ""
    for event in await cases.history(work, case):
        event.actor = "clock"
        line = {"case": case.code, "number": event.number, "at": to_ms(event.at), "act": event.act}
        before = chain._unkeyed(before, line | {"actor": event.actor}, event.detail)
        event.hash = before
    case.history_hash = before
    await work.session.flush()


async def test_notes_of_before_are_sealed(tmp_path: Path) -> None:
    """An older version wrote in clear who was entered: after a start no byte of the database says it."""
    settings = desk_at(tmp_path)
    async with opened(settings) as store, store.work() as work:
        await rulebook.directory_changed(work, "a new one")
    path = tmp_path / "desk.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("update rule set note = 'Thêm Nguyễn Quặng Dza', sealed_note = null")
    async with opened(settings) as store, store.read() as work:
        said = await work.session.scalars(select(Rule.note))
        assert list(said) == ["Thêm Nguyễn Quặng Dza"]
    assert "Quặng Dza".encode() not in path.read_bytes()


def test_nobody_else_reads_what_the_desk_keeps(tmp_path: Path) -> None:
    """Made by a command, whatever the shell's mask says; and where an older version left it open."""
    folder = tmp_path / "data"
    environment = {**os.environ, "DATA_DIR": str(folder), "SEED": ""}  # noqa: TID251 - a child's environment
    command = [sys.executable, "-m", "bot", "seed", str(DEMO)]

    def modes() -> set[tuple[bool, str]]:
        found = [folder, *folder.rglob("*")]
        return {(one.is_dir(), f"{one.stat().st_mode & 0o777:o}") for one in found}

    before = os.umask(0o022)
    try:
        subprocess.run(command, cwd=DEMO.parents[2], env=environment, check=True, capture_output=True)  # noqa: S603 - our own program
        assert modes() <= {(True, "700"), (False, "600")}
        for path, mode in ((folder, 0o755), (folder / "desk.sqlite3", 0o644)):
            path.chmod(mode)
        subprocess.run(command, cwd=DEMO.parents[2], env=environment, check=True, capture_output=True)  # noqa: S603 - as above
        assert modes() <= {(True, "700"), (False, "600")}
    finally:
        os.umask(before)
