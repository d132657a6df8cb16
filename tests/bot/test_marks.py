"""Marks of running processes: who died left one, and nobody else's says anything of it."""

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
