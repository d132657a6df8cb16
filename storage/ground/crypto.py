"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed blind index.

A sealed value is `key id (4 bytes) + nonce (12) + ciphertext and tag`. The associated data is the name of
what it is, and of a value of a column its row too (see `storage.ground.bound`): copied to another place it
does not open. Values of columns were sealed without their rows once, under the keys of what has a name alone.
"""

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect

KEY_BYTES = 32
_ID, _NONCE = 4, 12


class CannotOpen(Exception):
    """A sealed value does not open: another key, another place, or a changed byte."""


class Keyring:
    """The desk's keys: the newest seals, and each that is there opens what it sealed (HKDF-SHA256, RFC 5869).

    What is found again by an index or known by a digest is so under two keys of the first secret, for good:
    whoever had that secret could guess at a number, but opens nothing that was sealed since.
    """

    __slots__ = ("_from", "_named", "_read_at", "_rows", "digest_key", "index_key", "key_id", "row_id")

    def __init__(self, secrets_: Sequence[bytes], index_key: bytes, digest_key: bytes) -> None:
        if not secrets_:
            raise ValueError("there is no key that seals")
        for secret in secrets_:
            if len(secret) != KEY_BYTES:
                raise ValueError(f"the secret key must be {KEY_BYTES} bytes, this one has {len(secret)}")
        self._named = {_id_of(secret, b"key id"): AESGCM(_derived(secret, b"seal")) for secret in secrets_}
        self._rows = {_id_of(secret, b"row id"): AESGCM(_derived(secret, b"seal row")) for secret in secrets_}
        self.key_id, self.row_id = [*self._named][-1], [*self._rows][-1]
        self.index_key, self.digest_key = index_key, digest_key
        self._from: Path | None = None
        self._read_at: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, secret: bytes) -> "Keyring":
        """Derive the keys of one secret. Raises ValueError when it is not 32 bytes."""
        return cls([secret], _derived(secret, b"blind index"), _derived(secret, b"digest"))

    @property
    def older(self) -> list[bytes]:
        """The ids of the keys that only open any more, of what has a name."""
        return [one for one in self._named if one != self.key_id]

    @property
    def older_of_rows(self) -> list[bytes]:
        """The same of what is bound to its row."""
        return [one for one in self._rows if one != self.row_id]

    @property
    def unbound(self) -> list[bytes]:
        """The ids of all keys that seal without a row: no value of a column may be so any more."""
        return [*self._named]

    def opens(self, key_id: bytes) -> bool:
        """Say whether the key with this id, of what has a name, is there."""
        return key_id in self._named

    def follow(self, path: Path) -> None:
        """Take what stands in a key file from now on, also when it is changed while the desk runs."""
        self._from, self._read_at = path, _written(path)

    def refresh(self) -> bool:
        """Read the key file again where it has changed. Returns whether it had."""
        if self._from is None or (written := _written(self._from)) in {self._read_at, _NEVER}:
            return False
        with suppress(OSError, ValueError):  # it stays as it is: this one still opens what it did
            fresh = load(self._from)
            if (fresh.index_key, fresh.digest_key) != (self.index_key, self.digest_key):
                return False  # another desk's: what was read with it would look lost, and be written so
            self._named, self.key_id = fresh._named, fresh.key_id  # noqa: SLF001 - one of its own
            self._rows, self.row_id = fresh._rows, fresh.row_id  # noqa: SLF001 - as above
            self._read_at = written
            return True
        return False

    def seal(self, plain: bytes, name: str, row: bytes | None = None) -> bytes:
        """Seal bytes that are known by a name, or stand in the column of this name in a row."""
        nonce = os.urandom(_NONCE)
        if row is None:
            key_id = self.key_id
            return key_id + nonce + self._named[key_id].encrypt(nonce, plain, name.encode())
        key_id = self.row_id
        return key_id + nonce + self._rows[key_id].encrypt(nonce, plain, _place(name, row))

    def unseal(self, sealed: bytes, name: str, row: bytes | None = None) -> bytes:
        """Open what `seal` made for the same name and row. Raises CannotOpen."""
        key_id = sealed[:_ID]
        if (cipher := self._cipher(key_id, row)) is None and self.refresh():
            cipher = self._cipher(key_id, row)
        if cipher is None:
            if key_id in self._named:  # a value of a column, of before
                raise CannotOpen(f"{name} was sealed without its row")
            raise CannotOpen(f"{name} was sealed with another key")
        nonce, body = sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, name.encode() if row is None else _place(name, row))
        except (InvalidTag, ValueError) as error:  # ValueError: it was cut short
            raise CannotOpen(f"{name} does not open") from error

    def _cipher(self, key_id: bytes, row: bytes | None) -> AESGCM | None:
        return (self._named if row is None else self._rows).get(key_id)

    def blind(self, *parts: str) -> str:
        """Return a value's blind index: 32 hex digits, equal for equal parts, useless without the key."""
        message = json.dumps(parts).encode()  # quoted: no two lists of parts read alike
        return hmac.new(self.index_key, message, hashlib.sha256).hexdigest()[:32]

    def digest(self, purpose: str, message: bytes) -> str:
        """Return a digest of 64 hex digits that nobody without the key can make, or guess from."""
        return hmac.digest(self.digest_key, purpose.encode() + b"\0" + message, "sha256").hex()


def _id_of(secret: bytes, kind: bytes) -> bytes:
    return hashlib.sha256(kind + secret).digest()[:_ID]


def _place(column: str, row: bytes) -> bytes:
    return column.encode() + b"\0" + row


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret)


_NEVER = (0, 0)


def _written(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return _NEVER
    return found.st_mtime_ns, found.st_ino


# --- the key file --------------------------------------------------------------------------------
# One line of 64 hex digits is the first secret, from which all is derived. Once the key was changed there are
# lines `index`, `digest` and `seal`, the newest `seal` last: the first secret itself need not stay.


def load(path: Path) -> Keyring:
    """Read the secret key file. Raises FileNotFoundError, OSError or ValueError."""
    lines = _lines(path)
    match sorted(name for name, _ in lines):
        case [""]:
            ring = Keyring.of(lines[0][1])
        case ["digest", "index", "seal", *more] if {*more} <= {"seal"}:
            named = dict(lines)
            ring = Keyring([key for name, key in lines if name == "seal"], named["index"], named["digest"])
        case _:
            raise ValueError(_LOOKS)
    ring.follow(path)
    return ring


_LINE = re.compile(r"\s*(?:(index|digest|seal)\s+)?([0-9a-f]{64})\s*", re.ASCII | re.IGNORECASE)
_LOOKS = "it must be one line of 64 hex digits, or the lines index, digest and seal with 64 hex digits each"


def _lines(path: Path) -> list[tuple[str, bytes]]:
    """Read each line's name ("" of a first secret) and key. Raises OSError, or ValueError without any."""
    text = path.read_text(encoding="utf-8", errors="replace")
    found = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
    if not all(found):
        raise ValueError(_LOOKS)
    return [((line[1] or "").lower(), bytes.fromhex(line[2])) for line in found if line]


def add_key(path: Path) -> Keyring:
    """Put a new key into the file: it seals from now on, all that were there still open. Returns the ring."""
    with _alone(path):
        _rewrite(path, [*_sealing(path), secrets.token_bytes(KEY_BYTES)])
        return load(path)


def drop(path: Path, ids: Collection[bytes]) -> Keyring:
    """Take the keys with these ids out of the file: what they sealed opens no more. Returns the ring.

    A key that was added since somebody looked what the others still open stays, and so does the newest.
    """
    with _alone(path):
        *others, newest = _sealing(path)
        _rewrite(path, [*(one for one in others if _id_of(one, b"key id") not in ids), newest])
        return load(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one at a time change the key file: what two read and wrote back at once would be a lost key.

    The lock is on a file beside it that stays, as the key file itself is replaced. Raises OSError.
    """
    lock = path.with_name(f"{path.name}.lock")
    opened = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _sealing(path: Path) -> list[bytes]:
    return [key for name, key in _lines(path) if name in {"", "seal"}]


def _rewrite(path: Path, sealing: Sequence[bytes]) -> None:
    ring = load(path)
    rows = [("index", ring.index_key), ("digest", ring.digest_key), *(("seal", one) for one in sealing)]
    draft = _drafted(path, "".join(f"{name} {key.hex()}\n" for name, key in rows))
    draft.replace(path)
    sync_folder(path.parent)


def load_or_create(path: Path) -> tuple[Keyring, bool]:
    """Read the secret key file, or make one (mode 0600). Returns the keyring and whether it is new."""
    try:
        return load(path), False
    except FileNotFoundError:
        secret = secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _drafted(path, secret.hex() + "\n")
    try:
        os.link(draft, path)  # whole or not at all, and never over another process's key
    except FileExistsError:
        return load_or_create(path)
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return load(path), True


def _drafted(path: Path, text: str) -> Path:
    """Write a text beside the key file, for nobody else's eyes, and see it on the disk."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, as fsync does for a file's bytes."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


# A type sees only its dialect, and each engine has a dialect of its own: the key travels with it.
_LENT: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def lend(dialect: Dialect, keyring: Keyring) -> None:
    """Let the sealed columns of this engine's dialect use the keyring."""
    _LENT[dialect] = keyring


def lent(dialect: Dialect) -> Keyring:
    """Return the keyring that was lent to a dialect."""
    return _LENT[dialect]
