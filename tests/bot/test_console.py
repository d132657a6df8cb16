"""The commands as they are typed: lines on standard output, refusals on standard error, never a traceback."""

import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.commands import app
from tests.bot.test_commands import DEMO, holidays


class Console:
    """A person at the console of a desk of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, arguments)

    def refused(self, *arguments: str) -> list[str]:
        """Return the lines of a command that must fail politely."""
        result = self(*arguments)
        assert result.exit_code == 1, result.output
        assert isinstance(result.exception, SystemExit)
        return result.stderr.splitlines()


@pytest.fixture
def console(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """Sit down at a fresh desk; logging is put back afterwards."""
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_sqlite, tmp_path / "data" / "desk.sqlite3")
    (tmp_path / "data" / "secret.key").write_text("6b" * 32)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PUBLIC_URL", "https://desk.example/")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    console = Console(tmp_path)
    console("rulebook", "list")  # from then on the database knows its key
    yield console
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_the_console_seeds_and_invites(console: Console) -> None:
    """The commands print counts, then the invitation with its link."""
    first = console("seed", str(DEMO))
    assert first.stdout.splitlines()[0] == "areas: 10 new, 0 changed, 0 unchanged"
    assert console("seed", str(DEMO), "--check").stdout.splitlines()[3:] == [
        "roles: 0 new, 0 changed, 24 unchanged",
        "checked only: nothing was written",
    ]
    assert re.search(
        r"https://desk\.example/chat\?start=cb-[0-9a-f]{32}\n", console("invite", "bi_thu").stdout
    )


def test_the_console_tells_every_mistake_of_a_seed(console: Console) -> None:
    """Lines with their numbers on standard error, exit status 1, and the word that nothing was written."""
    Path("units.yaml").write_text(
        DEMO.read_text().replace("type: kt_xa", "type: kt_xaa").replace("kind: hamlet", "kind: town", 1)
    )
    assert console.refused("seed", "units.yaml") == [
        "units.yaml:7: area “thon_1”: unknown kind “town”; write one of commune, hamlet, province",
        "units.yaml:27: unit “kt_xa”: unknown type “kt_xaa”; did you mean “kt_xa”?",
        "nothing was written",
    ]


def test_the_console_loads_lists_and_undoes(console: Console) -> None:
    """The rulebook's commands speak in lines."""
    Path("h.yaml").write_bytes(holidays("2026-12-30"))
    assert console("rulebook", "load", "holidays", "h.yaml", "--note", "bão").stdout.splitlines() == [
        "open cases whose due date changes: 0",
        "holidays 1 is in force",
    ]
    assert console.refused("rulebook", "load", "holidays", "h.yaml", "--note", "bão") == [
        "holidays: this is already the document in force"
    ]
    assert "Nghỉ bão" in console("rulebook", "export", "holidays").stdout
    assert "holidays 2 is in force" in console("rulebook", "undo", "holidays").stdout
    assert "holidays 2 (in force)" in console("rulebook", "list").stdout


def test_the_console_refuses_in_one_line(console: Console) -> None:
    """A broken document, a missing version, nothing to undo: one line each, never a traceback."""
    Path("bad.yaml").write_text("years: {2026: nothing}\n")
    (line,) = console.refused("rulebook", "load", "holidays", "bad.yaml", "--note", "x")
    assert line.startswith("holidays: ")
    assert console.refused("rulebook", "export", "office", "--version", "3") == [
        "office has no version 3; write one of 0 to 0"
    ]
    (line,) = console.refused("rulebook", "undo", "office")
    assert "there is no earlier one" in line
    wrong = console("rulebook", "undo", "offce")
    assert wrong.exit_code == 2
    assert "did you mean" in wrong.stderr


def test_a_new_key_is_noted_loudly_and_a_broken_one_stops_the_start(console: Console) -> None:
    """Who starts a first desk is told to back the key up; a damaged key file is told in one line."""
    key = console.folder / "data" / "secret.key"
    key.unlink()
    for file in (console.folder / "data").glob("desk.sqlite3*"):
        file.unlink()
    noted = console("rulebook", "list").stderr
    assert "new_secret_key" in noted
    assert "Back it up" in noted
    assert "new_secret_key" not in console("rulebook", "list").stderr
    key.write_text("not hexadecimal")
    (line,) = console.refused("rulebook", "list")
    assert line.startswith("SECRET_KEY_FILE: ")


def test_a_database_that_does_not_answer_stops_the_start(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line names the setting, and never the password in it."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:hidden@127.0.0.1:1/desk")
    (line,) = console.refused("rulebook", "list")
    assert line.startswith("DATABASE_URL: ")
    assert "hidden" not in line


def test_a_bad_setting_is_told_by_its_name(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be read ends the command with 2 and one line."""
    monkeypatch.setenv("MAX_UPLOAD_MB", "many")
    result = console("rulebook", "list")
    assert result.exit_code == 2
    assert result.stderr.startswith("MAX_UPLOAD_MB: ")
