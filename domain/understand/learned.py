"""The file of what a desk has learned: it stands in for the packaged model where it was made beside it."""

import os
import struct
import zlib
from contextlib import suppress
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np

from domain.understand.linear import FILE, Linear

_BROKEN = (
    *(OSError, EOFError, BadZipFile, zlib.error, struct.error),
    *(LookupError, ValueError, TypeError, AttributeError, SyntaxError, RuntimeError, MemoryError),
)
"""What the readers of such files raise, whatever stands in them."""


class Unusable(Exception):
    """The file is no model, or of another version of the desk; the message is one line that says which."""


def load(path: Path) -> Linear | None:
    """Return the model of the file; None where there is none. Raises Unusable."""
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
            if str(file["beside"]) != _packaged():
                raise Unusable("it was learned beside another version's phrases")
            model = Linear.of(file)
    except FileNotFoundError:
        return None
    except _BROKEN:
        raise Unusable("it is broken, or no model") from None
    if not _fits(model):
        raise Unusable("it is no model of this desk's questions")
    return model


def save(model: Linear, path: Path) -> None:
    """Write the file for `load`, whole or not at all: until it stands, whatever stood there stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            model.save(file, beside=np.array(_packaged()))
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(file.name).unlink()
            raise


def forget(path: Path) -> bool:
    """Take the file away; say whether there was one."""
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


@cache
def _packaged() -> str:
    return sha256(FILE.read_bytes()).hexdigest()


def _fits(model: Linear) -> bool:
    """Say whether the tables of a model fit each other, and its questions those of the packaged one."""
    count, width = len(model.keys), sum(map(len, model.labels.values()))
    shapes = [model.keys.shape, model.rarity.shape, model.weights.shape, model.scale.shape, model.bias.shape]
    return (
        model.labels == Linear.load().labels
        and shapes == [(count,), (count,), (count, width), (width,), (width,)]
        and [str(table.dtype) for table in (model.keys, model.weights)] == ["uint32", "int8"]
        and bool((model.keys[1:] > model.keys[:-1]).all())
        and all(np.isfinite(table).all() for table in (model.rarity, model.scale, model.bias))
    )
