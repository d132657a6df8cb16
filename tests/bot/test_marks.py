"""Marks of running processes: who died left one, and nobody else's says anything of it."""

import fcntl
import os
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from bot import marks


class _DiedError(BaseException):
    pass


def _die(folder: Path, role: str = "worker") -> bool:
    """Run and end uncleanly; says what was left by those before."""
    with pytest.raises(_DiedError), marks.running(folder, role) as unclean:
        raise _DiedError
    return unclean


def _end(folder: Path, role: str = "worker") -> bool:
    """Run and end cleanly; says what was left by those before."""
    with marks.running(folder, role) as unclean:
        return unclean


def test_who_died_is_told_to_the_next_of_its_role_once(tmp_path: Path) -> None:
    """Not to another role; a clean end leaves nothing behind."""
    folder = tmp_path / "data"
    assert not _end(folder)
    assert not _die(folder)
    assert not _end(folder, "web")
    assert _die(folder)
    assert _end(folder)
    assert not _end(folder)
    assert list(folder.iterdir()) == []


def test_an_end_with_an_error_is_no_death(tmp_path: Path) -> None:
    """The port is taken, say: nobody is careful for that."""
    with pytest.raises(OSError, match="taken"), marks.running(tmp_path, "web"):
        raise OSError("taken")
    assert not _end(tmp_path, "web")


def test_replicas_on_one_folder_know_nothing_of_each_other(tmp_path: Path) -> None:
    """The mark of one that runs makes no other careful, and a clean end of another does not take it away."""
    with suppress(_DiedError), marks.running(tmp_path, "worker", "1:2") as first:
        assert not _end(tmp_path)
        assert not first
        assert marks.held(tmp_path) == ["1:2"]
        raise _DiedError
    assert marks.held(tmp_path) == []
    with marks.running(tmp_path, "worker") as third:
        assert third
        assert not _end(tmp_path)


def test_what_is_no_file_is_no_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe nobody writes to, a folder, links and a socket stop no start, and stay what they are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").write_text("")
    os.mkfifo("running-worker-pipe")
    Path("running-worker-folder").mkdir()
    Path("running-worker-link").symlink_to("elsewhere")
    Path("running-worker-dangling").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("running-worker-socket")
    before = sorted(tmp_path.iterdir())
    assert not _end(tmp_path)
    with marks.running(tmp_path, "web", "1:2"):
        assert marks.held(tmp_path) == ["1:2"]
    assert sorted(tmp_path.iterdir()) == before


def test_a_mark_that_is_no_text_is_read_as_far_as_it_is(tmp_path: Path) -> None:
    """Whatever its bytes or its name are: it is held, or one that died left it."""
    name = os.fsencode(tmp_path / "running-worker-") + b"\xff"
    with open(name, "wb") as file:  # noqa: PTH123 - such a name is bytes
        file.write(b"1:\xff")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        assert marks.held(tmp_path) == ["1:\N{REPLACEMENT CHARACTER}"]
        assert not _end(tmp_path)
    assert _end(tmp_path)
    assert list(tmp_path.iterdir()) == []
