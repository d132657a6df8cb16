"""`doctor`: each fault is provoked for real, named in a sentence, and comes with what to do."""

import json
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from bot import logs
from bot.__main__ import cli
from bot.app import desk
from bot.checks import database, machine, office, queues
from bot.commands import doctor
from bot.findings import Finding
from bot.opening import opened
from bot.settings import Settings
from domain.messages import Message
from domain.people import Role
from services.office import directory
from storage.ground.tables import Lane, RoleRow
from storage.mail import inbox, outbox
from storage.mail.inbox import Arrived
from storage.mail.outbox import Limits
from storage.people import people
from storage.store.engine import Store
from storage.store.server import Server
from tests.conftest import MONDAY, StoppedClock

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
LIMITS = Limits(timedelta(0), 32, timedelta(0))


def settings(folder: Path, **more: Any) -> Settings:  # noqa: ANN401 - any setting
    """Make settings whose data lies in a folder."""
    return Settings(data_dir=folder, _env_file=None, **more)


def levels(findings: Sequence[Finding], group: str) -> list[str]:
    """Return how the things of a group are."""
    return [finding.level for finding in findings if finding.group == group]


def one(findings: Sequence[Finding], words: str) -> Finding:
    """Return the one finding with these words; what is not well says what to do."""
    (found,) = [finding for finding in findings if words in finding.so]
    assert bool(found.do) == (found.level != "ok")
    return found


# --- the whole -----------------------------------------------------------------------------------


async def test_where_nothing_was_begun_nothing_is_made_and_nothing_is_at_fault(tmp_path: Path) -> None:
    """A first look says what is missing, and leaves the folder as it was."""
    found = await doctor.examine(settings(tmp_path / "data"))
    assert {finding.level for finding in found} == {"ok", "warning"}
    assert one(found, "no secret key yet").level == "warning"
    assert one(found, "no database yet").level == "warning"
    assert not (tmp_path / "data").exists()


async def test_a_desk_that_was_started_is_well(tmp_path: Path) -> None:
    """Every group is looked at; only what nobody has done yet is a warning."""
    own = settings(tmp_path)
    async with opened(own):
        pass
    found = await doctor.examine(own)
    assert {"settings", "key", "disk", "files", "database", "queues", "clock", "calendar"} <= {
        finding.group for finding in found
    }
    assert [f.so for f in found if f.level == "fault"] == []
    lines = doctor.written(found)
    assert lines[-1].startswith("0 faults, ")
    assert lines[0] == "settings      ok       every setting can be used"


def test_the_command_ends_with_1_on_a_fault_and_tells_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As JSON each finding is an object; the database's password, repeated by nobody, is not in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure", lambda *_: None)  # of this process
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:hush-hush@127.0.0.1:1/desk")
    ended: Any = CliRunner().invoke(cli, ["doctor", "--json"])
    found = json.loads(ended.stdout)
    assert ended.exit_code == 1
    assert "hush" not in ended.output
    (fault,) = [finding for finding in found if finding["level"] == "fault"]
    assert fault["group"] == "database"
    assert fault["do"] == "look at DATABASE_URL and the server"
    monkeypatch.delenv("DATABASE_URL")
    assert CliRunner().invoke(cli, ["doctor"]).exit_code == 0


# --- the machine ---------------------------------------------------------------------------------


def test_the_key_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    """A key that is cut short or that others can read is a fault."""
    key = tmp_path / "secret.key"
    key.write_text("ab" * 32 + "\n")
    key.chmod(0o600)
    assert machine.key(key).level == "ok"
    key.chmod(0o640)
    assert machine.key(key).do == f"chmod 600 {key}"
    key.chmod(0o600)
    key.write_text("ab" * 31)
    assert "cannot be read as a secret key" in machine.key(key).so
    assert "ab" not in machine.key(key).so.replace(str(tmp_path), "")


class Usage(NamedTuple):
    """What the system says of a disk."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "level"), [(499 * 2**20, "fault"), (501 * 2**20, "warning"), (2**40 // 19, "ok")]
)
def test_the_disk_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    """Below 500 MB nothing works for long; below a twentieth it is time to make room."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 2**40 - free, free))
    assert machine.disk(tmp_path)[0].level == level


async def test_it_says_when_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the floor that MIN_FREE_MB sets."""
    async with opened(settings(tmp_path, min_free_mb=700)) as store:
        for free, level in ((699, "fault"), (701, "ok")):
            monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(2**40, 0, free * 2**20))
            assert (await machine.files(store.files)).level == level


async def test_it_says_when_the_files_are_another_databases(tmp_path: Path) -> None:
    """Looked at without a change: what is half written stays."""
    async with opened(settings(tmp_path)) as store:
        assert await machine.strangers(store) == []
        for _ in range(60):
            await store.files.put(str(uuid4()), b"x")
        (half := store.files.folder / "aa" / "x.part").parent.mkdir(exist_ok=True)
        half.touch()
        os.utime(half, (0, 0))
        (found,) = await machine.strangers(store)
        assert (found.level, "60 files" in found.so) == ("fault", True)
        assert half.exists()


def test_the_data_folder_can_be_written_to(tmp_path: Path) -> None:
    """Where a file stands in its way it cannot be made."""
    (tmp_path / "file").touch()
    assert machine.disk(tmp_path)[1].level == "ok"
    assert machine.disk(tmp_path / "file" / "data")[1].level == "fault"


def test_backups_are_looked_for(tmp_path: Path) -> None:
    """None, one of last week, one of today."""
    own = settings(tmp_path)
    missing = machine.backups(own, MONDAY)
    assert (missing.level, "no backup was found" in missing.so) == ("warning", True)
    assert "sqlite3" in missing.do
    kept = tmp_path / "backups" / "day" / "desk.sqlite3"
    kept.parent.mkdir(parents=True)
    kept.touch()
    os.utime(kept, (MONDAY.timestamp() - 7 * 86400,) * 2)
    assert "7 days old" in machine.backups(own, MONDAY).so
    os.utime(kept, (MONDAY.timestamp() - 3600,) * 2)
    assert machine.backups(own, MONDAY).level == "ok"
    assert "pg_dump" in machine.backups(settings(tmp_path / "no", database_url="postgres://h/d"), MONDAY).do


# --- the database --------------------------------------------------------------------------------


async def looked(own: Settings) -> list[Finding]:
    """Look at the database of these settings."""
    async with database.looked_at(own) as store:
        return (await database.examine(own, store))[0]


async def test_a_database_that_is_none_and_one_of_another_key(tmp_path: Path) -> None:
    """Neither is opened; what to do is said."""
    own = settings(tmp_path)
    (tmp_path / "desk.sqlite3").write_text("not a database at all, but long enough to be read as one" * 9)
    assert one(await looked(own), "cannot be used").level == "fault"
    (tmp_path / "desk.sqlite3").unlink()
    async with opened(own):
        pass
    own.key_file.unlink()
    own.key_file.write_text("cd" * 32)
    assert one(await looked(own), "sealed with another key").group == "key"


@pytest.mark.parametrize("another", [False, True])
async def test_a_database_that_was_replaced_under_a_running_desk(tmp_path: Path, *, another: bool) -> None:
    """Only while one runs that has another file open; not for one that died, nor once the file is back."""
    own, file = settings(tmp_path), tmp_path / "desk.sqlite3"
    async with opened(own) as store, desk(own, store, "worker"):
        assert levels(await looked(own), "database") == ["ok"] * 3
        file.rename(tmp_path / "aside")
        if another:
            shutil.copy(tmp_path / "aside", file)
        assert one(await looked(own), "deleted or replaced while the desk ran").level == "fault"
        (tmp_path / "aside").rename(file)
        assert levels(await looked(own), "database") == ["ok"] * 3
    (tmp_path / "running-worker-x").write_text("1:2")
    assert levels(await looked(own), "database") == ["ok"] * 3


@pytest.mark.parametrize(("version", "level"), [("0001", "warning"), ("9999", "fault")])
async def test_tables_of_another_version(tmp_path: Path, version: str, level: str) -> None:
    """Older ones are brought up to date at the start; newer ones need the newer program."""
    own = settings(tmp_path)
    async with opened(own) as store, store.engine.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = :it"), {"it": version})
    found = await looked(own)
    assert one(found, f"({version})").level == level
    assert len(found) == 1


def test_versions_journal_and_clock() -> None:
    """PostgreSQL 15 and WAL are needed, and clocks that agree to five seconds."""
    now = datetime.now(UTC)  # noqa: TID251 - as the machine's is read
    assert one(database._server(Server("postgresql", (14, 9), "", now)), "too old").level == "fault"
    assert levels(database._server(Server("postgresql", (15, 0), "", now)), "database") == ["ok", "ok"]
    assert one(database._server(Server("sqlite", (3, 40, 1), "delete", now)), "journal").level == "fault"
    assert database.clocks(MONDAY, MONDAY + timedelta(seconds=5)).level == "ok"
    assert database.clocks(MONDAY + timedelta(seconds=6), MONDAY).level == "fault"


async def test_a_postgresql_database_is_looked_at(tmp_path: Path, postgres: str) -> None:
    """The server answers, the tables are those of this version."""
    found = await looked(settings(tmp_path, database_url=postgres))
    assert levels(found, "database") == ["ok"] * 3
    assert one(found, "postgresql 1")


# --- the engine ----------------------------------------------------------------------------------


async def queued(store: Store) -> list[Finding]:
    """Look at the queues."""
    async with store.read() as work:
        return await queues.examine(work)


async def post(store: Store, number: int) -> None:
    """Post a message to a chat."""
    async with store.work() as work:
        key = work.keyring.blind("chat", "paper", "a")
        chat = people.open_chat(work, "paper", key, "a") if number == 0 else await people.chat(work, key)
        work.post(chat, Message("a"), f"notice:{number}")


async def test_what_waits_too_long_is_said(store: Store, clock: StoppedClock) -> None:
    """A minute is long for what has come, ten are for what is to go; then it is a fault."""
    assert one(await queued(store), "nothing waits")
    async with store.work() as work:
        await inbox.store(work, [Arrived("paper", "m1", "a", {}, files=True)])
    await post(store, 0)
    clock.pass_(seconds=61)
    found = await queued(store)
    assert one(found, "paper: 1 message to be handled, the oldest for 1 minute").level == "warning"
    assert one(found, "to be sent, the oldest for 1 minute").level == "ok"
    assert one(found, "1 message with files")
    clock.pass_(minutes=10)
    found = await queued(store)
    assert one(found, "to be handled, the oldest for 11 minutes").level == "fault"
    assert one(found, "to be sent").level == "warning"
    clock.pass_(hours=1)
    assert one(await queued(store), "to be sent, the oldest for 1 hour").level == "fault"


async def test_counters_that_are_off_are_noticed(store: Store) -> None:
    """A lane that waits for nothing would sleep for ever."""
    await post(store, 0)
    async with store.work() as work:
        await work.session.execute(update(Lane).values(pending=3))
    assert one(await queued(store), "off by 2").level == "warning"


async def test_what_was_given_up_is_named_by_its_reason(store: Store, clock: StoppedClock) -> None:
    """Dead letters as long as they lie there; errors of a day by account and reason."""
    for number in range(2):
        await post(store, number)
        async with store.work() as work:
            (delivery,) = await outbox.claim(work, "paper", LIMITS, 9)
            await outbox.give_up(work, delivery, "Forbidden: bot was blocked", LIMITS)
    found = await queued(store)
    assert one(found, "2; the newest of paper: Forbidden").group == "dead letters"
    assert one(found, "paper: 2 messages given up in 24 hours: Forbidden").group == "errors"
    clock.pass_(hours=25)
    found = await queued(store)
    assert one(found, "2; the newest")
    assert levels(found, "errors") == ["ok"]


async def test_a_clock_nobody_watches_is_a_fault(store: Store, clock: StoppedClock) -> None:
    """Two minutes after a timer should have rung, nobody rings."""
    async with store.work() as work:
        work.wind("case", "x", work.now)
    clock.pass_(minutes=1)
    assert levels(await queued(store), "clock") == ["ok"]
    clock.pass_(minutes=2)
    assert one(await queued(store), "1 timers are overdue, the first by 3 minutes").level == "fault"


# --- the office ----------------------------------------------------------------------------------


async def test_the_calendar_reaches_far_enough(sqlite_store: Store, clock: StoppedClock) -> None:
    """From October next year's days must be there; a year nobody wrote down is a fault when it comes."""

    async def years() -> dict[str, str]:
        async with sqlite_store.read() as work:
            found = await office.examine(work)
        return {finding.so[:4]: finding.level for finding in found if finding.group == "calendar"}

    assert await years() == {"2026": "ok", "2027": "warning"}
    clock.at = MONDAY.replace(month=9)
    assert await years() == {"2026": "ok", "2027": "ok"}
    clock.at = MONDAY.replace(year=2028)
    assert await years() == {"2028": "warning", "2029": "warning"}
    clock.at = MONDAY.replace(year=2029)
    assert await years() == {"2029": "fault", "2030": "warning"}


async def test_posts_that_nobody_holds(sqlite_store: Store) -> None:
    """No unit at all; then all filled; then no head, nobody on duty, and a unit left empty."""

    async def found() -> list[Finding]:
        async with sqlite_store.read() as work:
            return await office.examine(work)

    assert one(await found(), "no unit yet").level == "warning"
    assert one(await found(), "deadlines: ").group == "documents"
    async with sqlite_store.work() as work:
        await directory.seed(work, SEED.read_bytes(), SEED.name)
    filled = [finding for finding in await found() if "live chat" not in finding.so]
    assert levels(filled, "directory") == ["ok"]
    async with sqlite_store.work() as work:
        ended = (
            update(RoleRow).where(RoleRow.role != Role.ADMIN.value).values(valid_to=work.today - timedelta(1))
        )
        await work.session.execute(ended)
        sqlite_store.library = type(sqlite_store.library)()
    assert one(await found(), "nobody is head").level == "fault"
    assert one(await found(), "nobody is on duty").level == "warning"
    assert "vp_xa" in one(await found(), "units without anybody").so
