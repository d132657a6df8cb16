"""The chain of a case's history: each line's hash covers the line and all before it, under the desk's key.

Who can write to the database but has not the key can neither redo it nor learn anything from a hash. The
head, in the case's own row, is a hash of the last line's hash: it stands nowhere for an earlier line, so that
a line taken off the end shows too. Databases of before had hashes without a key: they are chained anew at
start, each case after it was checked the old way.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, select, update

from storage.ground import append_only, bound, dialect
from storage.ground.crypto import CannotOpen, Keyring
from storage.ground.instant import to_ms
from storage.ground.tables import Attachment, Case, CaseEvent, ChainFault
from storage.ground.work import Work

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_KEYED = "1:"
"""What a hash under the key begins with, of the 64 letters it has."""
_EVENT: Table = CaseEvent.__table__  # type: ignore[assignment]
_FAULT: Table = ChainFault.__table__  # type: ignore[assignment]
_DETAIL: Any = _EVENT.c.detail.type
BATCH = 200
"""Cases that are read at once."""


def linked(keyring: Keyring, before: str, line: Mapping[str, Any], detail: object) -> str:
    """Return the hash of a line after what came before it."""
    return _keyed(keyring, _told(before, line, detail))


def head(keyring: Keyring, last: str) -> str:
    """Return what stands in the case's row while this is the hash of its last line."""
    return _keyed(keyring, f"head {last}") if last else ""


def _keyed(keyring: Keyring, told: str) -> str:
    return _KEYED + keyring.digest("history", told.encode())[: 64 - len(_KEYED)]


def _told(before: str, line: Mapping[str, Any], detail: object) -> str:
    return _ENCODER.encode([before, line, detail])


def _unkeyed(before: str, line: Mapping[str, Any], detail: object) -> str:
    """Return the hash a line had in databases of before."""
    return hashlib.sha256(_told(before, line, detail).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """A case's history as it lies in the database: its head, and each line, what it tells and its hash."""

    case_id: UUID
    code: str
    length: int
    head: str
    lines: Sequence[tuple[int, dict[str, Any], object, str]]

    def first_broken(self, keyring: Keyring, *, of_before: bool = False) -> int | None:
        """Return the number of the first line that does not follow, None where all do.

        Unless it is `of_before`, only hashes under the key are good.
        """
        before = ""
        for place, (number, line, detail, stored) in enumerate(self.lines, start=1):
            wanted = _unkeyed(before, line, detail) if of_before else linked(keyring, before, line, detail)
            if number != place or stored != wanted or detail is None:
                return place
            before = stored if of_before else head(keyring, stored)
        whole = len(self.lines) == self.length and self.head == before
        return None if whole else len(self.lines) + 1

    def redone(self, keyring: Keyring) -> tuple[list[str], str]:
        """Return the hash of each line under the key, and the head."""
        hashes, before = [], ""
        for _, line, detail, _ in self.lines:
            hashes.append(linked(keyring, before, line, detail))
            before = head(keyring, hashes[-1])
        return hashes, before


async def read(work: Work, cases: Sequence[Any]) -> list[Chain]:
    """Read the histories of these rows of cases (id, code, history_length, history_hash), in one statement.

    Lines are read as they lie there: one that does not open tells nothing, and does not follow.
    """
    wanted = {row.id: row for row in cases}
    columns = (_EVENT.c.case_id, _EVENT.c.number, _EVENT.c.at, _EVENT.c.act, _EVENT.c.actor, _EVENT.c.hash)
    sealed = bound.as_it_lies(_EVENT.c.detail).label("sealed")
    lines = select(*columns, sealed).where(_EVENT.c.case_id.in_(list(wanted)))
    rows = (await work.session.execute(lines.order_by(_EVENT.c.case_id, _EVENT.c.number))).all()
    by_case = {case_id: list(theirs) for case_id, theirs in groupby(rows, key=lambda row: row.case_id)}
    return [
        Chain(
            row.id,
            row.code,
            row.history_length,
            row.history_hash,
            [_line(work.keyring, row.code, one) for one in by_case.get(row.id, ())],
        )
        for row in wanted.values()
    ]


def _line(keyring: Keyring, code: str, row: Row[Any]) -> tuple[int, dict[str, Any], object, str]:
    line = {"case": code, "number": row.number, "at": to_ms(row.at), "act": row.act, "actor": row.actor}
    try:
        detail = _DETAIL.opened(keyring, row.sealed)
    except CannotOpen:
        detail = None
    return row.number, line, detail, row.hash


_COLUMNS = (Case.id, Case.code, Case.history_length, Case.history_hash)


async def batch(work: Work, after: UUID | None, most: int = BATCH) -> list[Chain]:
    """Return the next chains in the order of their cases' ids, after one of them."""
    statement = select(*_COLUMNS).order_by(Case.id).limit(most)
    if after is not None:
        statement = statement.where(Case.id > after)
    return await read(work, (await work.session.execute(statement)).all())


async def latest(work: Work, most: int) -> list[Chain]:
    """Return the chains of the latest cases."""
    statement = select(*_COLUMNS).order_by(Case.id.desc()).limit(most)
    return await read(work, (await work.session.execute(statement)).all())


async def of_case(work: Work, case: Case) -> Chain:
    """Return the chain of one case, as it lies in the database."""
    await work.session.flush()
    statement = select(*_COLUMNS).where(Case.id == case.id)
    (found,) = await read(work, (await work.session.execute(statement)).all())
    return found


# --- faults --------------------------------------------------------------------------------------


async def mark(work: Work, faults: Mapping[UUID, int]) -> None:
    """Note which cases' histories were changed, and where; the first time it is found stands."""
    rows = [{"case_id": case_id, "line": line, "at": work.now} for case_id, line in faults.items()]
    if rows:
        connection = await work.session.connection()
        await connection.execute(dialect.insert_new(connection, _FAULT), rows)


async def faults(work: Work) -> list[tuple[str, int, datetime]]:
    """Return every case that is marked (its code, empty where the case is gone), the line and since when."""
    statement = select(ChainFault, Case.code).outerjoin(Case, Case.id == ChainFault.case_id)
    rows = await work.session.execute(statement.order_by(ChainFault.at, ChainFault.case_id))
    return [(code or "", fault.line, fault.at) for fault, code in rows]


# --- databases of before -------------------------------------------------------------------------


async def rechain(work: Work, most: int = BATCH) -> int:
    """Chain some cases of before under the key, and mark those that were broken. Returns how many it did."""
    old = Case.history_hash != "", ~Case.history_hash.startswith(_KEYED)
    statement = select(*_COLUMNS).where(*old).order_by(Case.id).limit(most).with_for_update()
    chains = await read(work, (await work.session.execute(statement)).all())
    if not chains:
        return 0
    broken = {
        chain.case_id: line for chain in chains if (line := chain.first_broken(work.keyring, of_before=True))
    }
    await mark(work, broken)
    connection = await work.session.connection()
    done = [(chain, *chain.redone(work.keyring)) for chain in chains]
    async with append_only.open_to_change(work.session, _EVENT.name):
        lines = update(_EVENT).where(
            _EVENT.c.case_id == bindparam("b_case"), _EVENT.c.number == bindparam("b_n")
        )
        await connection.execute(lines.values(hash=bindparam("b_hash")), list(_hashes(done)))
    heads = update(Case.__table__).where(Case.__table__.c.id == bindparam("b_case"))  # type: ignore[arg-type]
    values = [{"b_case": chain.case_id, "b_head": new} for chain, _, new in done]
    await connection.execute(heads.values(history_hash=bindparam("b_head")), values)
    return len(chains)


def _hashes(done: Iterable[tuple[Chain, list[str], str]]) -> Iterator[dict[str, Any]]:
    for chain, hashes, _ in done:
        for (number, *_), hashed in zip(chain.lines, hashes, strict=True):
            yield {"b_case": chain.case_id, "b_n": number, "b_hash": hashed}


async def rekey_files(work: Work, most: int = BATCH) -> int:
    """Put the digests of some files of before under the key. Returns how many there were."""
    old = select(Attachment).where(~Attachment.sha256.startswith(_KEYED)).limit(most).with_for_update()
    found = list(await work.session.scalars(old))
    for row in found:
        row.sha256 = file_digest(work.keyring, row.sha256)
    await work.session.flush()
    return len(found)


def file_digest(keyring: Keyring, sha256: str) -> str:
    """Return what is kept of a file's SHA-256: it shows a change, and tells nobody which file it is."""
    return _KEYED + keyring.digest("file", sha256.encode())[: 64 - len(_KEYED)]
