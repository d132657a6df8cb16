"""A database as an earlier revision left it, people and cases in it: written row by row."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, insert
from sqlalchemy import types as sa

from storage import migrations
from storage.store.engine import Store
from tests.conftest import KEYS

AT = 1_763_000_000_000
CHAT, CODE = "chat-of-a-citizen", "HB-2AAAAAA"
STORY = "cống thôn 3 tắc mấy hôm rồi"
_AREA, _UNIT, _PERSON, _CASE = ("xa", *(UUID(int=number) for number in (1, 2, 3)))
_LINES = ({"act": "open", "actor": "citizen"}, {"act": "accept", "actor": str(_PERSON)})
CASES = 3


def sealed(value: object, column: str) -> bytes:
    """Seal a value as the column's type does."""
    return KEYS.seal(json.dumps(value, ensure_ascii=False).encode(), column)


async def stand(store: Store, revision: str, chained: Any) -> None:  # noqa: ANN401 - how a line was chained then
    """Bring an empty database to a revision and let a citizen and an official have had to do with cases."""
    await migrations.upgrade(store.engine, revision)
    async with store.engine.begin() as connection:
        await connection.run_sync(_fill, chained)


def _fill(connection: Connection, chained: Any) -> None:  # noqa: ANN401 - as above
    tables = MetaData()
    tables.reflect(connection)

    def put(into: str, /, **values: object) -> None:
        table = tables.tables[into]
        filled = {**_plain(table), **values}
        connection.execute(
            insert(table).values({name: _plainer(table, name, filled[name]) for name in filled})
        )

    put("area", code=_AREA, name="xã Hòa Bình", kind="commune")
    put("unit", id=_UNIT, code="vp_xa", type="vp_xa", name="Văn phòng", area=_AREA)
    put("person", id=_PERSON, code="lan", name=sealed("Đỗ Thị Lan", "person.name"))
    put("role", id=UUID(int=9), person_id=_PERSON, unit_id=_UNIT, role="officer")
    put("chat", key=CHAT, account="paper", address=sealed("1", "chat.address"), menu=sealed([], "chat.menu"))
    official = sealed("2", "chat.address")
    put("chat", key="chat-of-lan", account="paper", address=official, menu=sealed([], "chat.menu"))
    put("consent", id=UUID(int=8), chat_key=CHAT, purpose="report")
    put("card", chat_key="chat-of-lan", case_code=CODE)
    for number in range(CASES):
        _case(put, number, chained)
    if "follower" in tables.tables:
        put("follower", case_id=_CASE, chat_key="chat-of-lan")
        put("seen", case_id=_CASE, person_id=_PERSON)


def _case(put: Any, number: int, chained: Any) -> None:  # noqa: ANN401 - two functions of the caller's
    case_id, code = UUID(int=_CASE.int + number), f"{CODE[:-1]}{number or 'A'}"
    hashes = [""]
    details: list[dict[str, object]] = [{"story": STORY}, {"note": number}]
    for place, line in enumerate(_LINES, start=1):
        told = {"case": code, "number": place, "at": AT + place, **line}
        hashes.append(chained(hashes[-1], told, details[place - 1]))
    texts = {name: sealed(STORY, f"case.{name}") for name in ("story", "summary", "place")}
    shared = {"unit_id": _UNIT, "area": _AREA, "excluded": [], "pauses": [], **texts}
    state = {"kind": "report", "topic": "roads", "field": "roads", "urgency": "normal", "state": "accepted"}
    put(
        "attachment",
        id=UUID(int=70 + number),
        chat_key=CHAT,
        sha256="0" * 64,
        name=sealed("a", "attachment.name"),
    )
    put(
        "case",
        id=case_id,
        code=code,
        chat_key=CHAT,
        officer_id=_PERSON,
        history_length=len(_LINES),
        history_hash=hashes[-1],
        **shared,
        **state,
    )
    for place, line in enumerate(_LINES, start=1):
        detail = sealed(details[place - 1], "case_event.detail")
        put(
            "case_event",
            case_id=case_id,
            number=place,
            at=AT + place,
            detail=detail,
            hash=hashes[place],
            **line,
        )


def _plainer(table: Table, name: str, value: object) -> object:
    """Write an id as the database has it: SQLite knows only text."""
    return value.hex if isinstance(value, UUID) and not isinstance(table.c[name].type, sa.Uuid) else value


def _plain(table: Table) -> dict[str, object]:
    """Return something for every column that must hold something."""
    found: dict[str, object] = {}
    for column in table.columns:
        if column.nullable or column.server_default is not None:
            continue
        if isinstance(column.type, sa.Boolean):
            found[column.name] = False
        elif isinstance(column.type, sa.Date):
            found[column.name] = date(2025, 7, 1)
        elif isinstance(column.type, sa.Integer):
            found[column.name] = AT if column.name.endswith(("_at", "_from")) or column.name == "at" else 1
        elif isinstance(column.type, sa.LargeBinary):
            found[column.name] = sealed("", f"{table.name}.{column.name}")
        else:
            found[column.name] = ""
    return found
