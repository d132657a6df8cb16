"""Small changes of documents from chat: their shape is kept, open cases follow, and the way back is exact."""

from datetime import date
from typing import Any

import pytest

from domain.law import BadDocument
from services.office import editing, rulebook, undoing
from services.office.order_checks import CannotOrder
from storage.cases import cases
from storage.office import documents
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune

BY = "Chủ tịch UBND xã, QĐ 45/QĐ-UBND"
OFF = {"do": "day_off", "from": "2026-11-17", "to": "2026-11-18", "name": "Nghỉ bão", "by": BY}
SWAP = {"do": "swap", "off": "2026-11-18", "worked": "2026-11-21", "by": BY}


async def edited(store: Store, order: dict[str, Any]) -> None:
    """Carry an edit out."""
    async with store.work() as work:
        await editing.carry_out(work, order)


async def due_on(store: Store, code: str) -> date:
    """Return the day a case is due."""
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert await cases.first_broken_line(work, case) is None
        return case.due_on


async def test_days_off_move_open_cases_and_come_back(store: Store) -> None:
    """What the preview said happens, the paper is kept with each day, and undoing restores every date."""
    await commune.settle(store)
    (code,) = await commune.open_cases(store, 1)
    before = await due_on(store, code)
    async with store.read() as work:
        packaged = await rulebook.current(work, "holidays")
        edit = await editing.work_out(work, OFF)
        rules = work.rules
        moves = await editing.rehearse(work, edit)
        assert work.rules is rules
    assert [(move.code, move.before) for move in moves] == [(code, before)]
    await edited(store, OFF)
    assert await due_on(store, code) == moves[0].after == date(2026, 11, 23)
    async with store.read() as work:
        body = await rulebook.current(work, "holidays")
        (version,) = await documents.versions(work, "holidays")
    assert version.note.endswith(f"({BY})")
    assert body["years"]["2026"]["source"] == packaged["years"]["2026"]["source"]
    new = [row for row in body["years"]["2026"]["days_off"] if "decided_by" in row]
    assert [(row["date"], row["name"], row["decided_by"]) for row in new] == [
        ("2026-11-17", "Nghỉ bão", BY),
        ("2026-11-18", "Nghỉ bão", BY),
    ]
    async with store.work() as work:
        last = await undoing.latest(work)
        assert last is not None
        assert last.document == "holidays"
        await undoing.undo(work, last, None)
    assert await due_on(store, code) == before
    async with store.read() as work:
        assert await rulebook.current(work, "holidays") == packaged


async def test_a_swap_takes_a_day_and_gives_a_saturday(sqlite_store: Store) -> None:
    """The weekday is off and the Saturday is worked, each naming the other."""
    await commune.settle(sqlite_store)
    await edited(sqlite_store, SWAP)
    async with sqlite_store.read() as work:
        assert not work.rules.calendar.is_working(date(2026, 11, 18))
        assert work.rules.calendar.is_working(date(2026, 11, 21))
        year = (await rulebook.current(work, "holidays"))["years"]["2026"]
    assert year["makeup_workdays"][-1] == {"date": "2026-11-21", "for": "2026-11-18", "decided_by": BY}
    await edited(sqlite_store, {"do": "normal", "day": "2026-11-18", "by": BY})
    await edited(sqlite_store, OFF | {"from": "2026-11-21", "to": "2026-11-21"})
    async with sqlite_store.read() as work:
        assert work.rules.calendar.is_working(date(2026, 11, 18))
        assert not work.rules.calendar.is_working(date(2026, 11, 21))


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (OFF | {"from": "2026-11-21", "to": "2026-11-22"}, "day_is_off"),
        (SWAP | {"worked": "2026-11-20"}, "day_is_worked"),
        (SWAP | {"worked": "2026-11-24"}, "not_weekend"),
        (SWAP | {"off": "2026-11-24"}, "day_is_off"),
        ({"do": "makeup", "day": "2026-11-20", "by": BY}, "day_is_worked"),
        ({"do": "normal", "day": "2026-11-20", "by": BY}, "day_is_worked"),
        (OFF | {"from": "2028-03-01", "to": "2028-03-01"}, "no_year"),
        (OFF | {"from": "2035-03-01", "to": "2035-03-01"}, "no_year"),
        ({"do": "add_word", "phrase": "CÓ  cháy", "number": "114"}, "word_known"),
        ({"do": "remove_word", "phrase": "mất nước"}, "unknown"),
    ],
)
async def test_what_makes_no_sense_is_refused(sqlite_store: Store, order: dict[str, Any], key: str) -> None:
    """A day cannot be taken off twice, a weekday makes up for nothing, a year must be listed."""
    await commune.settle(sqlite_store)
    with pytest.raises(CannotOrder) as refused:
        await edited(sqlite_store, order)
    assert refused.value.key == key


async def test_words_of_danger_are_tried_on_what_was_told(store: Store, clock: StoppedClock) -> None:
    """The count is of the last 30 days; the words then wake people, and no more once they are taken away."""
    await commune.settle(store)
    await commune.open_cases(store, 2)
    word = {"do": "add_word", "phrase": "cống * tắc", "number": "112"}
    async with store.read() as work:
        assert await editing.emergencies(work, await editing.work_out(work, word)) == (0, 2)
        assert work.rules.understanding.read(commune.STORY).emergency == ()
    await edited(store, word)
    async with store.read() as work:
        assert work.rules.understanding.read(commune.STORY).emergency == ("112",)
        assert work.rules.understanding.danger("nhà đang cháy") == ("114",)
    await edited(store, {"do": "remove_word", "phrase": "cống * tắc"})
    async with store.read() as work:
        assert work.rules.understanding.read(commune.STORY).emergency == ()
    clock.pass_(days=31)
    async with store.read() as work:
        assert await editing.emergencies(work, await editing.work_out(work, word)) == (0, 0)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("words", {"emergencies": {"bite": {"numbers": ["116"], "cues": ["rắn"], "guards": []}}}, "116"),
        ("words", {"emergencies": {"bite": {"numbers": ["115"], "cues": ["  "], "guards": []}}}, "words"),
        ("words", {"emergencies": {"bite": {"numbers": ["115"]}}}, "cues"),
        ("office", {"administering": {"roster_days": 0}}, "administering"),
    ],
)
async def test_a_document_that_would_fail_in_need_is_refused(
    sqlite_store: Store, name: str, change: dict[str, Any], said: str
) -> None:
    """A number nobody answers, a phrase of nothing, a roster of no days: none comes into force."""
    await commune.settle(sqlite_store)
    async with sqlite_store.read() as work:
        body = await rulebook.current(work, name) | change
        with pytest.raises(BadDocument, match=said):
            await rulebook.rehearse(work, name, body)


async def test_templates_come_and_go(sqlite_store: Store) -> None:
    """A template that was added is offered for its topic; changed, it says the new; taken away, nothing."""
    await commune.settle(sqlite_store)
    text = "Đã nhắc chủ nuôi ở [nơi], ngày [ngày]."
    await edited(
        sqlite_store, {"do": "add_template", "name": "Chó thả rông", "topic": "moi_truong", "text": text}
    )
    assert await offered(sqlite_store) == {"cho_tha_rong": text}
    await edited(sqlite_store, {"do": "edit_template", "code": "cho_tha_rong", "text": "Đã bắt ngày [ngày]."})
    assert await offered(sqlite_store) == {"cho_tha_rong": "Đã bắt ngày [ngày]."}
    await edited(sqlite_store, {"do": "remove_template", "code": "cho_tha_rong"})
    assert await offered(sqlite_store) == {}


async def offered(store: Store) -> dict[str, str]:
    """Return the templates of this test by their codes."""
    async with store.read() as work:
        found = work.rules.answering.templates_for("moi_truong", "moi_truong")
    return {template.code: template.text for template in found if template.code.startswith("cho_tha")}
