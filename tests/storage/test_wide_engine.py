"""A desk of many communes: a batch costs what it costs in one, and each reads what is its own."""

import pytest
from sqlalchemy import event, select

from bench import province
from bot.desk import Desk
from services.office import directory
from storage.cases import recent
from storage.ground.tables import Case
from storage.store.engine import Store
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import chat_of, put_in, said

COMMUNES = 8
STORY = "cống thôn 2 tắc mấy hôm rồi, mưa là ngập đường"


@pytest.fixture
async def desk(store: Store) -> Desk:
    """Open the desk of an invented province."""
    async with store.work() as work:
        await directory.seed(work, *province.seed(COMMUNES))
    return Desk(store, [Paper()])


async def _citizens(store: Store, count: int, communes: int) -> list[str]:
    """Let so many people be known, each of the next of the communes."""
    names = [f"{count} of {communes}, {number}" for number in range(count)]
    async with store.work() as work:
        for number, name in enumerate(names):
            chat_of(work, name).commune = province.code(number % communes)
    return names


async def _prices(desk: Desk, store: Store, people: list[str]) -> list[int]:
    """Return how many statements it takes to hear a story, and to send it, of all of them at once."""
    found = []
    for text in (STORY, "1", "2"):
        await put_in(store, *(said(name, text) for name in people))
        with commune.statements(store) as handling:
            assert await desk.worker.step() == len(people)
        found.append(len(handling))
    return found


async def test_a_batch_of_many_communes_costs_what_one_of_one_costs(desk: Desk, store: Store) -> None:
    """What was told lately is read in one statement, however many communes it is of."""
    for communes in (1, COMMUNES):  # so that in every commune the same is told already
        await _prices(desk, store, await _citizens(store, COMMUNES, communes))
    one = await _prices(desk, store, await _citizens(store, 3 * COMMUNES, 1))
    many = await _prices(desk, store, await _citizens(store, 3 * COMMUNES, COMMUNES))
    assert all(wide <= single for wide, single in zip(many, one, strict=True)), (one, many)


async def test_a_busy_commune_hides_nothing_of_another(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each commune the newest are read, and none of them is another's."""
    monkeypatch.setattr(recent, "_MOST", 2)
    recent._newest.cache_clear()
    await _prices(desk, store, await _citizens(store, 2, 2))
    await _prices(desk, store, await _citizens(store, 6, 1))
    async with store.read() as work:
        topics = {case.topic for case in await work.session.scalars(select(Case))}
        wanted: dict[str | None, set[str]] = {province.code(number): topics for number in range(3)}
        await recent.load(work, wanted)
        found = {
            key.partition("/")[0]: [work.desk.directory.areas_of(one.area)[0] for one in told]
            for key, told in work.recent.items()
        }
    recent._newest.cache_clear()
    assert found == {"xa_0": ["xa_0"] * 2, "xa_1": ["xa_1"], "xa_2": []}


async def test_what_was_told_near_is_found_by_the_commune(sqlite_store: Store) -> None:
    """However many cases the others have: none of them is looked through."""
    async with sqlite_store.work() as work:
        await directory.seed(work, *province.seed(COMMUNES))
    asked: list[tuple[str, object]] = []

    def see(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    engine = sqlite_store.engine.sync_engine
    async with sqlite_store.read() as work:
        event.listen(engine, "before_cursor_execute", see)
        await recent.load(work, {province.code(number): {"ha_tang"} for number in range(3)})
        event.remove(engine, "before_cursor_execute", see)
        (told,) = asked
        connection = await work.session.connection()
        plan = await connection.exec_driver_sql(f"explain query plan {told[0]}", told[1])  # type: ignore[arg-type]
        assert "ix_case_area_topic_opened_at (area=? AND topic=?" in " ".join(str(line) for line in plan)
