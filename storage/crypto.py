"""Personal data at rest: sealed with AES-256-GCM, found again by a keyed blind index.

A sealed value is `key id (4 bytes) + nonce (12) + ciphertext and tag`; the column's name is the
associated data, so that a value copied into another column does not open.
"""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

KEY_BYTES = 32
_ID, _NONCE = 4, 12
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class CannotOpen(Exception):
    """A sealed value does not open: another key, another column, or a changed byte."""


@dataclass(frozen=True)
class Keyring:
    """One master secret of 32 bytes and the keys derived from it (HKDF-SHA256, RFC 5869)."""

    key_id: bytes
    cipher: AESGCM
    index_key: bytes
    digest_key: bytes

    @classmethod
    def of(cls, secret: bytes) -> "Keyring":
        """Derive the keys. Raises ValueError when the secret is not 32 bytes."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"the secret key must be {KEY_BYTES} bytes, this one has {len(secret)}")

        def derive(purpose: bytes) -> bytes:
            return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret)

        key_id = hashlib.sha256(b"key id" + secret).digest()[:_ID]
        return cls(key_id, AESGCM(derive(b"seal")), derive(b"blind index"), derive(b"digest"))

    def seal(self, plain: bytes, column: str) -> bytes:
        """Seal bytes for a column."""
        nonce = os.urandom(_NONCE)
        return self.key_id + nonce + self.cipher.encrypt(nonce, plain, column.encode())

    def unseal(self, sealed: bytes, column: str) -> bytes:
        """Open what `seal` made for the same column. Raises CannotOpen."""
        if sealed[:_ID] != self.key_id:
            raise CannotOpen(f"{column} was sealed with another key")
        nonce, body = sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :]
        try:
            return self.cipher.decrypt(nonce, body, column.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: it was cut short
            raise CannotOpen(f"{column} does not open") from error

    def blind(self, *parts: str) -> str:
        """Return a value's blind index: 32 hex digits, equal for equal parts, useless without the key."""
        message = json.dumps(parts).encode()  # quoted: no two lists of parts read alike
        return hmac.new(self.index_key, message, hashlib.sha256).hexdigest()[:32]

    def digest(self, purpose: str, message: bytes) -> str:
        """Return a digest of 64 hex digits that nobody without the key can make, or guess from."""
        return hmac.digest(self.digest_key, purpose.encode() + b"\0" + message, "sha256").hex()


def load(path: Path) -> Keyring:
    """Read the secret key file. Raises FileNotFoundError, OSError or ValueError."""
    return Keyring.of(bytes.fromhex(path.read_text().strip()))


def load_or_create(path: Path) -> tuple[Keyring, bool]:
    """Read the secret key file, or make one (mode 0600). Returns the keyring and whether it is new."""
    try:
        return load(path), False
    except FileNotFoundError:
        secret = secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whole or not at all, and never over another process's key
    except FileExistsError:
        return load_or_create(path)
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return Keyring.of(secret), True


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


class Sealed(TypeDecorator[Any]):
    """A column of JSON-able values (a string, a dict, ...) sealed at rest.

    Each is filled up to a multiple of `step` bytes, so that its length tells little: JSON lets blanks follow.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str, step: int = 1) -> None:
        self.column, self.step = column, step
        super().__init__()

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401, D102 - SQLAlchemy's signature
        if value is None:
            return None
        plain = _ENCODER.encode(value).encode()
        return _LENT[dialect].seal(plain + b" " * (-len(plain) % self.step), self.column)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401, D102 - as above
        if value is None:
            return None
        return json.loads(_LENT[dialect].unseal(value, self.column).decode())
