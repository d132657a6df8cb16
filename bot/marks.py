"""What a process leaves in DATA_DIR while it runs: a file it holds locked, so the kernel tells when it died.

Replicas on one folder have a mark each; whose mark nobody holds any more ended uncleanly.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from bot.opening import CannotStart

_NAME = "running-{role}"
_NO_MARK = (errno.ENOENT, errno.ELOOP, errno.ENXIO)
"""It has just ended, and cleanly; it is a link; it is a socket."""


@contextmanager
def running(folder: Path, role: str, says: str = "") -> Iterator[bool]:
    """Hold a mark meanwhile, which says something for others to read; only a clean end takes it away.

    Yields whether a process of this role ended uncleanly before, and forgets that: who comes next is told of
    this one. An end that an error brought about is clean, as what was in hand was let go. Raises CannotStart.
    """
    name = _NAME.format(role=role)
    mine = folder / f"{name}-{uuid4().hex}"
    try:
        file = _made(mine, says)
        left = [path for path, its in _marks(folder, name) if path != mine and _lock(its)]
        for path in left:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotStart(f"DATA_DIR: {folder} cannot be used: {error.strerror}") from error
    with file:
        try:
            yield bool(left)
        except Exception:
            mine.unlink(missing_ok=True)
            raise
        mine.unlink(missing_ok=True)


def _made(path: Path, says: str) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}")  # until it is locked nobody may take it for a dead one's
    file = hidden.open("w", encoding="utf-8")
    _lock(file)
    file.write(says)
    file.flush()
    hidden.rename(path)
    return file


def held(folder: Path) -> list[str]:
    """Return what the marks of those say that run now."""
    return [file.read() for _, file in _marks(folder, _NAME.format(role="")) if not _lock(file)]


def _marks(folder: Path, name: str) -> Iterator[tuple[Path, TextIO]]:
    """Open each mark while it is looked at; what else has such a name is passed over, not waited for."""
    for path in folder.glob(f"{name}*"):
        try:
            opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            if error.errno not in _NO_MARK:
                raise
            continue
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            continue
        with os.fdopen(opened, encoding="utf-8", errors="replace") as file:
            yield path, file


def _lock(file: TextIO) -> bool:
    """Lock a file until it is closed; says whether nobody had it. Where no locks are, nobody has one."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
