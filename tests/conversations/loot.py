"""A stolen file of the database, and what of a chat shows in each column to whoever has not the key."""

import sqlite3
from itertools import combinations
from pathlib import Path

from storage.ground.tables import Base

MANY = 8
"""Chats an attack must suspect at least, if it suspects anybody."""
MINUTE = 60_000


class Loot:
    """The stolen file: rows by table, as anybody can read them without the key."""

    def __init__(self, path: Path, chats: dict[str, str]) -> None:
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.names = {key: name for name, key in chats.items()}
        self.senders: dict[str, str] = {}
        """Who sent which case, by its code: only whoever has the key knows it."""

    def rows(self, statement: str, *facts: object) -> list[sqlite3.Row]:
        """Ask the file something."""
        return self.db.execute(statement, facts).fetchall()

    def sealed(self) -> list[sqlite3.Row]:
        """Return the sealed cases."""
        return self.rows('select rowid, * from "case" where sealed')

    def citizens(self, keys: set[str]) -> set[str]:
        """Return which of these keys are a citizen's, by name."""
        return {self.names[key] for key in keys if key in self.names}

    def clear(self) -> list[tuple[str, str]]:
        """Return every table with each of its texts that is not sealed."""
        found = []
        for table in Base.metadata.tables:
            for row in self.rows(f'select * from "{table}"'):  # noqa: S608 - our own tables' names
                found += [(table, value) for value in tuple(row) if isinstance(value, str)]
        return found


# --- every column of every table --------------------------------------------------------------------


Mark = tuple[object, ...]
"""Something that can be seen of a chat in one column: nothing there, how long, which of few, a gap."""


def seen(column: str, value: object, key: str) -> list[Mark]:
    """Return what a value shows to whoever cannot open it, but for what is as fine as a moment."""
    found: list[Mark] = [("is", value)]
    match value:
        case bytes():
            found = [("long", len(value))]
        case str():
            named: Mark = ("begins", value[:6]) if ":" in value else ("letters", len(value))
            found = [] if value == key else [named]
        case int() if column == "seq":
            found = [("in its moment", value % 1000)]
        case int() if value > MINUTE:
            found = [("on a mark", value % (15 * MINUTE) == 0), ("second", value % MINUTE == 0)]
    return found


def marks_of(loot: Loot) -> dict[str, set[Mark]]:
    """Return all that can be seen of each citizen's chat, in whatever rows its key stands."""
    found: dict[str, set[Mark]] = {name: set() for name in loot.names.values()}
    for table in Base.metadata.tables:
        counts = dict.fromkeys(found, 0)
        for row in loot.rows(f'select * from "{table}"'):  # noqa: S608 - our own tables' names
            for key in {value for value in tuple(row) if isinstance(value, str) and value in loot.names}:
                name = loot.names[key]
                counts[name] += 1
                for column in row.keys():  # noqa: SIM118 - a row is no dict
                    found[name] |= {(table, column, *mark) for mark in seen(column, row[column], key)}
        for name, count in counts.items():
            found[name].add((table, "rows", count))
    return found


def told_apart(loot: Loot) -> list[str]:
    """Return the marks, alone or two together, there or not there, that a few chats have, senders mostly."""
    senders, chats = set(loot.senders.values()), set(loot.names.values())
    of_chat = marks_of(loot)
    having: dict[frozenset[str], Mark] = {}
    for mark in sorted(set().union(*of_chat.values()), key=repr):
        those = frozenset(name for name in chats if mark in of_chat[name])
        having.setdefault(those, mark)
        having.setdefault(frozenset(chats - those), ("not", *mark))
    both = {one & other: (having[one], having[other]) for one, other in combinations(having, 2)}
    alone = [f"{mark}: {sorted(those)}" for those, mark in having.items() if _tells(those, senders, 2)]
    return alone + [f"{two}: {sorted(those)}" for those, two in both.items() if _tells(those, senders, 4)]


def _tells(suspects: frozenset[str], senders: set[str], most: int) -> bool:
    return len(suspects & senders) >= most and len(suspects) < MANY


def ties(loot: Loot) -> list[str]:
    """Return pairs of columns, of a case and of a chat, whose lengths go together for every sender."""
    by_name = {name: key for key, name in loot.names.items()}
    pairs = [
        (_lengths(loot, "case_id", case["id"]) | _lengths(loot, "id", case["id"]), _lengths(loot, "key", key))
        for case in loot.sealed()
        for key in [by_name[loot.senders[case["code"]]]]
    ]
    found = []
    for ours in set.intersection(*(set(case) for case, _ in pairs)):
        for theirs in set.intersection(*(set(chat) for _, chat in pairs)):
            both = [(case[ours], chat[theirs]) for case, chat in pairs]
            apart = {one - other for one, other in both}
            if len(apart) == 1 and len({one for one, _ in both}) > 1:
                found.append(f"{ours} goes with {theirs}")
    return found


def _lengths(loot: Loot, column: str, value: str) -> dict[str, int]:
    tables = [name for name, table in Base.metadata.tables.items() if column in table.c]
    rows = [(t, row) for t in tables for row in loot.rows(f'select * from "{t}" where {column} = ?', value)]  # noqa: S608
    return {
        f"{table}.{name}": len(row[name])
        for table, row in rows
        for name in row.keys()  # noqa: SIM118 - a row is no dict
        if isinstance(row[name], bytes)
    }
