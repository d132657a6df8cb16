"""The chain of a history: each line's hash covers the line and all before it, under the desk's key.

Who can write to the database but has not the key can neither redo it nor learn anything from a hash. The
head is a hash of the last line's hash: it stands nowhere for an earlier line, so that a line taken off the
end shows too. A case's is in its own row, a matter's in a row that stays where the matter itself goes.
Databases of before had hashes without a key, or none: they are chained anew at start, each case after it
was checked the old way.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, func, select, update

from storage.ground import append_only, bound, dialect
from storage.ground.crypto import CannotOpen, Keyring
from storage.ground.instant import to_ms
from storage.ground.tables import Attachment, Case, CaseEvent, ChainFault, MatterEvent, MatterHistory
from storage.ground.work import Work

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_KEYED = "1:"
"""What a hash under the key begins with, of the 64 letters it has."""
_FAULT: Table = ChainFault.__table__  # type: ignore[assignment]
BATCH = 200
"""Histories that are read at once."""
Head = Case | MatterHistory
"""The row in which the head of a history stands, with how many lines it has."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Where histories of one sort lie: the lines, by whose they are, and the rows of their heads."""

    lines: Table
    owner: str
    head: type[Head]
    name: str
    """The column of the head's row by which people know it."""
    called: str
    whose: Callable[[Any], str]
    """Returns what a line says of whose it is, from the head's row: no line is good in another history."""

    def line(self, row: Any, number: int, at: int, act: str, actor: str) -> dict[str, Any]:  # noqa: ANN401
        """Return what a line's hash covers besides what it tells and what came before; `at` in ms."""
        return {self.called: self.whose(row), "number": number, "at": at, "act": act, "actor": actor}

    @property
    def columns(self) -> tuple[Any, ...]:
        """What is read of the rows of the heads."""
        head = self.head
        return head.id, getattr(head, self.name), head.history_length, head.history_hash


CASES = Histories(CaseEvent.__table__, "case_id", Case, "code", "case", lambda row: row.code)  # type: ignore[arg-type]
MATTERS = Histories(
    MatterEvent.__table__,  # type: ignore[arg-type]
    "matter_id",
    MatterHistory,
    "kind",
    "matter",
    lambda row: f"{row.kind}:{row.id.hex}",
)


def follow(work: Work, of: Histories, row: Head, done: tuple[str, str], detail: object) -> tuple[int, str]:
    """Let what is done now, and by whom, follow the last line of a history. Returns its number and hash."""
    number = row.history_length + 1
    line = of.line(row, number, to_ms(work.now), *done)
    hashed = linked(work.keyring, row.history_hash, line, detail)
    row.history_hash, row.history_length = head(work.keyring, hashed), number
    return number, hashed


def linked(keyring: Keyring, before: str, line: Mapping[str, Any], detail: object) -> str:
    """Return the hash of a line after what came before it."""
    return _keyed(keyring, _told(before, line, detail))


def head(keyring: Keyring, last: str) -> str:
    """Return what stands as the head while this is the hash of its last line."""
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
    """A history as it lies in the database: its head, and each line, what it tells and its hash.

    Of a case by its code, of a matter by its kind.
    """

    id: UUID
    name: str
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


async def read(work: Work, of: Histories, heads: Sequence[Any]) -> list[Chain]:
    """Read the histories of these rows with heads (`Histories.columns`), in one statement.

    Lines are read as they lie there: one that does not open tells nothing, and does not follow.
    """
    wanted, lies = {row.id: row for row in heads}, of.lines.c
    owner = lies[of.owner].label("owner")
    sealed = bound.as_it_lies(lies.detail).label("sealed")
    lines = select(owner, lies.number, lies.at, lies.act, lies.actor, lies.hash, sealed)
    lines = lines.where(owner.in_(list(wanted))).order_by(owner, lies.number)
    if "kind" in lies:  # by which such lines lie, before the matter
        lines = lines.where(lies.kind.in_(sorted({row.kind for row in heads})))
    rows = (await work.session.execute(lines)).all()
    found = {owner_id: list(theirs) for owner_id, theirs in groupby(rows, key=lambda row: row.owner)}
    return [
        Chain(
            row.id,
            getattr(row, of.name),
            row.history_length,
            row.history_hash,
            [_line(work.keyring, of, row, one) for one in found.get(row.id, ())],
        )
        for row in wanted.values()
    ]


def _line(
    keyring: Keyring, of: Histories, head_row: Row[Any], row: Row[Any]
) -> tuple[int, dict[str, Any], object, str]:
    line = of.line(head_row, row.number, to_ms(row.at), row.act, row.actor)
    sealed: Any = of.lines.c.detail.type
    try:
        detail = sealed.opened(keyring, row.sealed)
    except CannotOpen:
        detail = None
    return row.number, line, detail, row.hash


async def batch(
    work: Work, after: UUID | None, most: int | None = None, of: Histories = CASES
) -> list[Chain]:
    """Return the next chains in the order of the ids of whose they are, after one of them."""
    statement = select(*of.columns).order_by(of.head.id).limit(most or BATCH)
    if after is not None:
        statement = statement.where(of.head.id > after)
    return await read(work, of, (await work.session.execute(statement)).all())


async def latest(work: Work, most: int, of: Histories = CASES) -> list[Chain]:
    """Return the chains of the latest cases, or matters."""
    statement = select(*of.columns).order_by(of.head.id.desc()).limit(most)
    return await read(work, of, (await work.session.execute(statement)).all())


async def of_case(work: Work, case: Case) -> Chain:
    """Return the chain of one case, as it lies in the database."""
    await work.session.flush()
    statement = select(*CASES.columns).where(Case.id == case.id)
    (found,) = await read(work, CASES, (await work.session.execute(statement)).all())
    return found


# --- faults --------------------------------------------------------------------------------------


async def mark(work: Work, faults: Mapping[UUID, int]) -> None:
    """Note which histories were changed, and where; the first time it is found stands."""
    rows = [{"case_id": whose, "line": line, "at": work.now} for whose, line in faults.items()]
    if rows:
        connection = await work.session.connection()
        await connection.execute(dialect.insert_new(connection, _FAULT), rows)


async def faults(work: Work) -> list[tuple[str, int, datetime]]:
    """Return every history that is marked: the case's code or the matter's kind, the line and since when.

    The name is empty where the history is gone.
    """
    name = func.coalesce(Case.code, MatterHistory.kind, "")
    statement = select(ChainFault, name).outerjoin(Case, Case.id == ChainFault.case_id)
    statement = statement.outerjoin(MatterHistory, MatterHistory.id == ChainFault.case_id)
    rows = await work.session.execute(statement.order_by(ChainFault.at, ChainFault.case_id))
    return [(named, fault.line, fault.at) for fault, named in rows]


# --- databases of before -------------------------------------------------------------------------


async def rechain(work: Work, most: int = BATCH) -> int:
    """Chain some cases of before under the key, and mark those that were broken. Returns how many it did."""
    old = Case.history_hash != "", ~Case.history_hash.startswith(_KEYED)
    statement = select(*CASES.columns).where(*old).order_by(Case.id).limit(most).with_for_update()
    chains = await read(work, CASES, (await work.session.execute(statement)).all())
    if not chains:
        return 0
    broken = {
        chain.id: line for chain in chains if (line := chain.first_broken(work.keyring, of_before=True))
    }
    await mark(work, broken)
    await _redo(work, CASES, chains)
    return len(chains)


async def chain_matters(work: Work, most: int = BATCH) -> int:
    """Chain some histories of matters that have no head yet. Returns how many it did."""
    known = select(MatterHistory.id)
    lines = select(MatterEvent.kind, MatterEvent.matter_id, func.count().label("count"))
    lines = lines.where(MatterEvent.matter_id.not_in(known)).group_by(MatterEvent.kind, MatterEvent.matter_id)
    rows = (await work.session.execute(lines.order_by(MatterEvent.matter_id).limit(most))).all()
    heads = [
        MatterHistory(id=r.matter_id, kind=r.kind, history_length=r.count, history_hash="") for r in rows
    ]
    work.session.add_all(heads)
    await work.session.flush()
    if heads:
        await _redo(work, MATTERS, await read(work, MATTERS, heads))
    return len(heads)


async def _redo(work: Work, of: Histories, chains: Sequence[Chain]) -> None:
    """Write each line's hash under the key, and the heads."""
    connection = await work.session.connection()
    done = [(chain, *chain.redone(work.keyring)) for chain in chains]
    async with append_only.open_to_change(work.session, of.lines.name):
        mine = (of.lines.c[of.owner] == bindparam("b_owner"), of.lines.c.number == bindparam("b_n"))
        lines = update(of.lines).where(*mine).values(hash=bindparam("b_hash"))
        await connection.execute(lines, list(_hashes(done)))
    table: Any = of.head.__table__
    heads = update(table).where(table.c.id == bindparam("b_owner")).values(history_hash=bindparam("b_head"))
    await connection.execute(heads, [{"b_owner": chain.id, "b_head": new} for chain, _, new in done])


def _hashes(done: Iterable[tuple[Chain, list[str], str]]) -> Iterator[dict[str, Any]]:
    for chain, hashes, _ in done:
        for (number, *_), hashed in zip(chain.lines, hashes, strict=True):
            yield {"b_owner": chain.id, "b_n": number, "b_hash": hashed}


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
