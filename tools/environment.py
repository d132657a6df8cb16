# ruff: noqa: INP001 - make runs this file by its path, with nothing but Python itself
"""Makes .venv from the hash-locked files, once for each change of them.

    python3 tools/environment.py run    what `make demo` and `make run` need
    python3 tools/environment.py dev    the tests' and the checks' tools as well

The stamp inside .venv is written last: an environment without it was never finished and is built anew.
"""

import sys

# Before all else, and in words that an old Python can still parse.
if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells the people who have an older one
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"Python 3.11 or newer is needed, and this one is {found}. Another: make PYTHON=python3.12 ...")

import fcntl
import hashlib
import importlib.util
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "made-from"
LOCKS = {
    "run": ("requirements.lock",),
    "dev": ("requirements.lock", "requirements-dev.lock"),
}
"""Each kind's lock files; the last holds all that the ones before it hold."""

_PIP = ("-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")
# Wheels only: what building a source would download is in no lock file.
_SAFELY = ("--require-hashes", "--only-binary", ":all:", "--root-user-action", "ignore")


def main(kind: str) -> None:
    """Bring .venv up to date; a second one that is started meanwhile waits and then finds it done."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"Python's venv module is missing; on Debian: apt-get install python{version}-venv")
    if ENVIRONMENT.is_symlink():  # it is another checkout's, which keeps it up to date
        return
    with Path(__file__).open() as this:
        fcntl.flock(this, fcntl.LOCK_EX)
        prepare(LOCKS[kind], this.fileno())


def prepare(locks: tuple[str, ...], lock_held: int) -> None:
    """Make the environment hold what the lock files name, unless it already does."""
    wanted = [f"{sys.version} {ROOT}".replace("\n", " "), *map(_fingerprint, locks)]
    made = STAMP.read_text().splitlines() if STAMP.exists() and _runs() else []
    if made[: len(wanted)] == wanted:
        return
    STAMP.unlink(missing_ok=True)
    _say(f"Setting up .venv from {locks[-1]} (a minute or so, once) ...")
    if not made or made != wanted[: len(made)]:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(ENVIRONMENT)
    _install(locks[-1], lock_held)
    STAMP.write_text("\n".join(wanted) + "\n")


def _install(lock: str, lock_held: int) -> None:
    command = [str(PYTHON), *_PIP, *_SAFELY, "--requirement", str(ROOT / lock)]
    # pip holds the lock too: should we be killed, whoever comes next waits until it has ended.
    done = subprocess.run(command, check=False, pass_fds=(lock_held,))  # noqa: S603 - our own pip, our own file
    if done.returncode:
        sys.exit("The packages could not be installed: pip says why above. The next try starts afresh.")


def _runs() -> bool:
    """Say whether the environment's Python starts; it does not when the system's was replaced."""
    try:
        done = subprocess.run([str(PYTHON), "-I", "-c", ""], check=False, capture_output=True)  # noqa: S603 - ours
    except OSError:
        return False
    return done.returncode == 0


def _fingerprint(lock: str) -> str:
    return f"{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()} {lock}"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(130)
