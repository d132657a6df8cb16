"""A sealed value opens in the row it was written into, and in no other: of every table, on both databases."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Table, func, insert, literal, select, text, update
from sqlalchemy import types as sa
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checks import database
from bot.desk import Desk
from storage.ground import append_only, bound
from storage.ground.bound import Bound, Sealed, Unbound
from storage.ground.crypto import CannotOpen, Keyring
from storage.ground.instant import Instant
from storage.ground.tables import OPEN, Base, Case, Chat, Inbox, Outbox, Person
from storage.mail import unopenable
from storage.people import people
from storage.store import rotation
from storage.store.engine import Store
from tests.conftest import KEYS
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import OWN, put_in, said, work_off

TABLES = [table for table in Base.metadata.sorted_tables if bound.sealed_of(table)]
ENTITIES: dict[Any, Any] = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
VALUES: Sequence[Any] = ("của tôi \x00 \ud7ff", {"của": ["nạn nhân", None, 10**9]})
"""What the first row holds in every sealed column, and the second."""
AT = datetime(2026, 11, 16, tzinfo=UTC)


def filled(table: Table, number: int) -> dict[str, Any]:
    """Make a row of a table, whatever its columns."""
    return {column.key: _some(column, number) for column in table.columns}


def _some(column: Column[Any], number: int) -> Any:  # noqa: ANN401 - a value of its type
    kind = column.type
    if isinstance(kind, Sealed):
        return VALUES[number]
    for types, value in (
        (Instant, AT),
        (sa.Uuid, UUID(int=number + 7)),
        (sa.Boolean, False),
        (sa.Integer, number + 1),
        (sa.Date, date(2026, 1, 1)),
        (sa.JSON, []),
        (sa.LargeBinary, b""),
    ):
        if isinstance(kind, types):
            return value
    return f"{number}:ô"[: getattr(kind, "length", None)]


@asynccontextmanager
async def rows(store: Store, table: Table) -> AsyncIterator[AsyncSession]:
    """Put two rows into a table that refer to nothing, and take them out again."""
    async with store.engine.execution_options(desk_writes=True).connect() as connection:
        session = AsyncSession(connection, expire_on_commit=False, autoflush=False)
        if connection.dialect.name == "sqlite":
            await session.execute(text("pragma defer_foreign_keys = on"))
        else:
            await session.execute(text("set local session_replication_role = replica"))
        await connection.execute(insert(table), [filled(table, 0), filled(table, 1)])
        if table.name in append_only.TABLES:
            async with append_only.open_to_change(session, table.name):
                yield session
        else:
            yield session
        await connection.rollback()


async def read(session: AsyncSession, column: Column[Any], number: int, how: str) -> Any:  # noqa: ANN401 - what is read
    """Read one sealed value, in one of the ways in which the desk reads them."""
    table = column.table
    key = [one == filled(table, number)[one.key] for one in table.primary_key]
    entity: Any = ENTITIES[table]
    if how == "core":
        return await session.scalar(select(column).where(*key))
    if how == "labelled":
        return await session.scalar(select(column.label("odd")).where(*key))
    if how == "subquery":
        rank = func.row_number().over(order_by=list(table.primary_key)).label("rank")
        ranked = select(table, rank).subquery()
        return await session.scalar(select(ranked.c[column.key]).where(ranked.c.rank == number + 1))
    if how == "returning":
        changed = update(table).where(*key).values({one: one for one in table.primary_key})
        return await session.scalar(changed.returning(column))
    session.expunge_all()
    attribute = entity.__mapper__.get_property_by_column(column).key
    if how == "attribute":
        return await session.scalar(select(getattr(entity, attribute)).where(*key))
    return getattr((await session.scalars(select(entity).where(*key))).one(), attribute)


WAYS = ("core", "labelled", "subquery", "returning", "attribute", "entity")


async def opens_nowhere(session: AsyncSession, column: Column[Any], number: int, how: str) -> bool:
    """Say whether a value does not open; where another is read in its place, it is that of no row."""
    try:
        found = await read(session, column, number, how)
    except CannotOpen:
        return True
    lost: str | None = column.type.lost  # type: ignore[attr-defined]
    return lost is not None and found == json.loads(lost)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
async def test_a_value_opens_in_its_own_row_alone(store: Store, table: Table) -> None:
    """Copied to another row, swapped with another's, it does not open, however it is read."""
    for column in bound.sealed_of(table):
        async with rows(store, table) as session:
            for how in WAYS:
                assert [await read(session, column, n, how) for n in (0, 1)] == [*VALUES]
            key = table.primary_key.columns[0]
            mine, theirs = (filled(table, number)[key.key] for number in (0, 1))
            raw = await _lies(session, column)
            await session.execute(_put(column, key == mine, raw[1]))
            for how in WAYS:
                assert await opens_nowhere(session, column, 0, how)
                assert await read(session, column, 1, how) == VALUES[1]
            await session.execute(_put(column, key == theirs, raw[0]))
            assert [await opens_nowhere(session, column, n, how) for how in WAYS for n in (0, 1)] == [
                True
            ] * 12
            for number in (0, 1):
                await session.execute(_put(column, key == (mine, theirs)[number], raw[number]))
            assert [await read(session, column, n, "core") for n in (0, 1)] == [*VALUES]


async def _lies(session: AsyncSession, column: Column[Any]) -> list[bytes]:
    plain = rotation._raw(column.table).table  # type: ignore[arg-type]
    found = await session.scalars(select(plain.c[column.name]).order_by(*plain.primary_key))
    return list(found)


def _put(column: Column[Any], where: Any, value: bytes | None) -> Any:  # noqa: ANN401 - a statement
    """Write bytes as they are, as who has the database does."""
    return update(column.table).where(where).values({column: literal(value, sa.LargeBinary)})  # type: ignore[arg-type]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
async def test_what_is_changed_is_bound_too(store: Store, table: Table) -> None:
    """By the ORM and set-wise, one column and others not; where nothing may stand, nothing does.

    Rows that are known by more than their primary key are changed set-wise alone: the ORM cannot name them.
    """
    entity: Any = ENTITIES[table]
    for column in bound.sealed_of(table):
        attribute = entity.__mapper__.get_property_by_column(column).key
        async with rows(store, table) as session:
            both = (await session.scalars(select(entity).order_by(*table.primary_key))).all()
            for number, one in enumerate(both):
                setattr(one, attribute, f"ORM {number}")
            if bound.row_of(table) == tuple(table.primary_key):
                await session.flush()
                assert [await read(session, column, n, "core") for n in (0, 1)] == ["ORM 0", "ORM 1"]
            else:
                session.expunge_all()
            named = [[filled(table, n)[one.key] for one in bound.row_of(table)] for n in (0, 1)]
            values = [bound.key(table, *key) | {column.key: f"set {n}"} for n, key in enumerate(named)]
            await bound.rewrite(session, table, values)
            assert [await read(session, column, n, "entity") for n in (0, 1)] == ["set 0", "set 1"]
            if column.nullable:
                await bound.rewrite(session, table, [bound.key(table, *named[0]) | {column.key: None}])
                assert [await read(session, column, n, how) for how in WAYS for n in (0, 1)] == [
                    None,
                    "set 1",
                ] * len(WAYS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
async def test_nothing_is_written_or_read_without_its_row(store: Store, table: Table) -> None:
    """A statement that does not say which row it is fails, whatever else it does."""
    for column in bound.sealed_of(table):
        async with rows(store, table) as session:
            for statement in (
                update(table).values({column: "all"}),
                update(table).where(table.primary_key.columns[0] == "x").values({column: "one"}),
                insert(table).values(filled(table, 2 - 1)),
            ):
                with pytest.raises(StatementError, match="without its row"):
                    await session.execute(statement)
            with pytest.raises(StatementError, match="without its row"):
                await session.execute(update(table), [{column.key: "x"}, {column.key: "y"}])
            alone = select(column).subquery()
            with pytest.raises(Unbound):
                await session.execute(select(alone.c[column.key]))
            with pytest.raises(Unbound):
                await session.execute(select(func.max(column)))


async def test_an_id_that_is_made_when_it_is_written_binds_too(store: Store) -> None:
    """Who is added without an id is named by one before the statement is made."""
    async with store.work() as work:
        one, two = (Person(name=name, created_at=work.now) for name in ("Một", "Hai"))
        work.session.add_all([one, two])
        await work.session.flush()
        assert isinstance(one.id, UUID)
        assert one.id != two.id
    found = {person.id: person.name for person in await commune.rows(store, Person)}
    assert found == {one.id: "Một", two.id: "Hai"}


@given(
    value=st.recursive(st.none() | st.text() | st.integers(), st.lists, max_leaves=5),
    row=st.binary(max_size=40),
    other=st.binary(max_size=40),
)
def test_a_value_is_of_one_row_and_column(value: object, row: bytes, other: bytes) -> None:
    """Whatever it is: with any other row, in any other column, or without its row it does not open."""
    kind, elsewhere = Sealed("case.story", 16), Sealed("case.summary", 16)
    sealed = kind.sealed(KEYS, Bound(value, row))
    beside = b"%08d" % len(sealed) + sealed
    assert kind.opened(KEYS, beside + row) == value
    for broken in (beside + other,) if other != row else ():
        with pytest.raises(CannotOpen):
            kind.opened(KEYS, broken)
    for column, lies in ((elsewhere, beside + row), (kind, sealed), (kind, b"")):
        with pytest.raises(CannotOpen):
            column.opened(KEYS, lies)
    with pytest.raises(CannotOpen):
        KEYS.unseal(sealed, "case.story")
    with pytest.raises(CannotOpen):
        kind.opened(Keyring.of(b"o" * 32), beside + row)
    before = KEYS.seal(json.dumps(value).encode(), "case.story")
    with pytest.raises(CannotOpen):
        kind.opened(KEYS, b"%08d" % len(before) + before + row)


def test_rows_are_named_apart() -> None:
    """By all the parts of their keys, as the database writes them."""
    names = [
        bound.row_name(parts) for parts in (("a", "b"), ("ab",), ("a", "", "b"), (1, "b"), (UUID(int=1),))
    ]
    assert len(set(names)) == len(names)
    assert names[-1] == b"%032d" % 1


# --- who can write to the database, and has not the key ------------------------------------------

VICTIM, MINE = OWN
SECRET = "trợ cấp"
"""What the victim's words hold, and no other's."""
STEAL_WORDS = 'update "case" set {0} = (select {0} from "case" where code = :theirs) where code = :mine'
STEAL_CHAT = "update chat set {0} = (select {0} from chat where key = :theirs) where key = :mine"


async def desk_with_two(store: Store) -> tuple[Desk, str, str]:
    """Let two citizens have brought a case each. Returns the codes of the victim's, and of the other."""
    await commune.settle(store)
    desk = Desk(store, [Paper()])
    for words in ((VICTIM, MINE), ("1", "1")):
        await put_in(store, said("nạn nhân", words[0]), said("kẻ xấu", words[1]))
        await work_off(desk)
    theirs, mine = sorted(await commune.rows(store, Case), key=lambda case: SECRET not in case.story)
    return desk, theirs.code, mine.code


async def told(store: Store, address: str) -> str:
    """Return all that a chat was told, in one."""
    lane = store.keyring.blind("chat", Paper.account, address)
    bodies = await commune.found(store, select(Outbox.body).where(Outbox.lane == lane))
    return json.dumps(bodies, ensure_ascii=False)


async def test_anothers_words_in_ones_own_case_are_shown_to_nobody(store: Store) -> None:
    """The desk goes on, for the case too; where the words stood is the sign for what cannot be read."""
    desk, theirs, mine = await desk_with_two(store)
    columns = ("story", "summary", "place", "question", "answer")
    async with store.writing() as session:
        for name in columns:
            await session.execute(text(STEAL_WORDS.format(name)), {"theirs": theirs, "mine": mine})
    async with store.read() as work:
        case = await work.session.scalar(select(Case).where(Case.code == mine))
        assert case is not None
        assert (case.story, case.summary, case.place) == ("\ufffd",) * 3
        lost = await unopenable.found(work, 300)
        assert {name: len(found) for name, found in lost.items()} == {
            f"case.{name}": 1 for name in ("story", "summary", "place")
        }
        assert {finding.level for finding in await database.opening(work)} == {"fault"}
    before = await told(store, "kẻ xấu")
    await put_in(store, said("kẻ xấu", f"tra cứu {mine}"), said("người khác", MINE), said("minh", "việc"))
    await put_in(store, *(said(who, f"xem {mine}") for who in commune.OFFICIALS))
    await work_off(desk)
    assert await commune.counted(store, Inbox.state == OPEN) == 0
    assert await commune.counted(store, Inbox.error.is_not(None)) == 0
    assert len(await told(store, "kẻ xấu")) > len(before)
    assert SECRET not in await told(store, "kẻ xấu")
    assert SECRET not in (await told(store, "người khác"))
    assert "\ufffd" in "".join([await told(store, who) for who in commune.OFFICIALS])


async def test_a_chat_with_anothers_address_talks_to_nobody_else(store: Store) -> None:
    """What it is told reaches no other; when it writes, its address is known again, and it is answered."""
    desk, _, _ = await desk_with_two(store)
    async with store.writing() as session:
        names = {"mine": "kẻ xấu", "theirs": "nạn nhân"}
        keys = {one: store.keyring.blind("chat", Paper.account, who) for one, who in names.items()}
        for name in ("address", "talk", "menu"):
            await session.execute(text(STEAL_CHAT.format(name)), keys)
    async with store.work() as work:
        chat = await people.chat(work, keys["mine"])
        assert (chat.address, chat.menu) == ("", [])
        assert people.is_lost(chat)
    await put_in(store, said("kẻ xấu", "menu"), said("nạn nhân", "menu"))
    await work_off(desk)
    assert await commune.counted(store, Inbox.error.is_not(None)) == 0
    async with store.read() as work:
        chats = {chat.key: chat.address for chat in await work.session.scalars(select(Chat))}
        assert {one: chats[key] for one, key in keys.items()} == names
        assert await unopenable.found(work, 300) == {}


async def test_an_address_is_known_again_only_where_it_is_the_chats_own(store: Store) -> None:
    """What somebody else wrote, put into the line of a chat whose address was lost, moves it to nobody."""
    await desk_with_two(store)
    keys = {who: store.keyring.blind("chat", Paper.account, who) for who in ("nạn nhân", "kẻ xấu")}
    async with store.writing() as session:
        await session.execute(
            text(STEAL_CHAT.format("address")), {"mine": keys["nạn nhân"], "theirs": keys["kẻ xấu"]}
        )
        handled = {"mine": keys["kẻ xấu"], "theirs": keys["nạn nhân"]}
        again = (
            "update inbox set lane = :theirs, state = 0"
            " where seq = (select max(seq) from inbox where lane = :mine)"
        )
        await session.execute(text(again), handled)
        await session.execute(
            text("update lane set pending = 1 where key = :theirs and direction = 'in'"), handled
        )
    await work_off(Desk(store, [Paper()]))
    async with store.read() as work:
        chat = await work.session.scalar(select(Chat).where(Chat.key == keys["nạn nhân"]))
        assert chat is not None
        assert chat.address != "kẻ xấu"


@pytest.mark.parametrize("lies", [b"\xde\xad\xbe\xef" * 9, b"\0", b""])
async def test_bytes_that_are_nobodys_stop_nobody(store: Store, lies: bytes) -> None:
    """Also where they look as if another key had sealed them: the desk answers, and lists what it can."""
    desk, _, mine = await desk_with_two(store)
    async with store.writing() as session:
        await session.execute(text("update person set name = :lies"), {"lies": lies})
        await session.execute(
            text('update "case" set story = :lies, summary = :lies where code = :code'),
            {"lies": lies, "code": mine},
        )
    await put_in(store, said("người khác", MINE), *(said(who, "việc") for who in commune.OFFICIALS))
    await work_off(desk)
    assert await commune.counted(store, Inbox.state == OPEN) == 0
    assert await commune.counted(store, Inbox.error.is_not(None)) == 0
