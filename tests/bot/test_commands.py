"""The commands of the person who looks after a desk: what they change, and what they say when they cannot."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.commands import directory, rulebook
from bot.commands.running import Refused
from domain import law
from domain.cases import Act
from domain.directory import Directory
from domain.law import BadDocument
from domain.rules import DOCUMENTS
from services.acts.act import act
from services.intake.new_cases import Draft, open_case
from services.office import rulebook as rules
from services.office.rulebook import NothingNew
from services.standing.parties import Actor
from storage.cases import cases
from storage.ground.tables import Outbox, Rule
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.conftest import MONDAY, StoppedClock

DEMO = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
TERM = "policy.nhanh.xu_ly"
STORY = "Cống thôn 3 tắc mấy hôm rồi, mưa là ngập cả đường"


async def desk_with_case(store: Store) -> str:
    """Seed the demo and open a case on Monday 16 November 2026. Returns its code."""
    await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    async with store.work() as work:
        people.open_chat(work, "paper", "c" * 32, "1")
    async with store.work() as work:
        chat = await people.chat(work, "c" * 32)
        heard = work.rules.understanding.read(STORY)
        case = await open_case(work, chat, Draft(heard, "thôn 3", heard.topic))
        assert case.term == TERM
        return case.code


def holidays(*days: str) -> bytes:
    """Write the packaged days off with more of them in 2026."""
    document = law.seed("holidays")
    document["years"][2026]["days_off"] += [{"date": day, "name": "Nghỉ bão"} for day in days]
    return yaml.safe_dump(document, allow_unicode=True).encode()


async def state(store: Store, code: str) -> tuple[date, list[str]]:
    """Return a case's due day and the acts in its history."""
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        assert await cases.first_broken_line(work, case) is None
        return case.due_on, [event.act for event in await cases.history(work, case)]


async def told(store: Store) -> list[str]:
    """Return what the citizen was told of a changed date."""
    async with store.read() as work:
        bodies = await work.session.scalars(select(Outbox.body).where(Outbox.lane == "c" * 32))
        said = [json.dumps(body, ensure_ascii=False) for body in bodies]
        return [text for text in said if "Lịch làm việc thay đổi" in text]


async def versions(store: Store) -> list[tuple[str, int]]:
    """Return every stored version."""
    async with store.read() as work:
        rows = await work.session.execute(select(Rule.name, Rule.version).order_by(Rule.name, Rule.version))
        return [(row.name, row.version) for row in rows]


# --- the rulebook -------------------------------------------------------------------------------


async def test_a_new_day_off_moves_open_cases_exactly(store: Store) -> None:
    """Two working days become days off: the due day moves by two and the citizen is told once."""
    code = await desk_with_case(store)
    assert (await state(store, code))[0] == date(2026, 11, 19)
    lines = await rulebook.load(store, "holidays", holidays("2026-11-17", "2026-11-18"), "bão")
    assert lines == [
        f"{code}: 2026-11-19 -> 2026-11-23",
        "open cases whose due date changes: 1",
        "holidays 1 is in force",
    ]
    assert await state(store, code) == (date(2026, 11, 23), ["open", "recompute"])
    (text,) = await told(store)
    assert "23/11" in text
    assert code in text


async def test_of_days_that_are_over_nobody_is_told_anew(store: Store, clock: StoppedClock) -> None:
    """A day off of weeks ago is mended in the history; the citizen does not read a term long past."""
    code = await desk_with_case(store)
    clock.pass_(days=30)
    await rulebook.load(store, "holidays", holidays("2026-11-17"), "bão")
    assert await state(store, code) == (date(2026, 11, 20), ["open", "recompute"])
    assert await told(store) == []


async def test_the_line_of_history_says_from_when_to_when(store: Store) -> None:
    """Who asks later why the date moved finds both dates, and that the clock did it."""
    code = await desk_with_case(store)
    await rulebook.load(store, "holidays", holidays("2026-11-17"), "bão")
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        line = (await cases.history(work, case))[-1]
    assert (line.actor, line.detail) == ("clock", {"from": "2026-11-19", "to": "2026-11-20"})


async def test_document_and_dates_change_together(store: Store) -> None:
    """Version and due dates are one transaction: both are there at its end, or neither if it breaks off."""
    code = await desk_with_case(store)
    before = await versions(store)
    body = rules.parse("holidays", holidays("2026-11-17"))

    async def break_off() -> None:
        async with store.work() as work:
            await rules.put(work, "holidays", body, "bão")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await break_off()
    assert await versions(store) == before
    assert await state(store, code) == (date(2026, 11, 19), ["open"])
    async with store.work() as work:
        await rules.put(work, "holidays", body, "bão")
    assert await state(store, code) == (date(2026, 11, 20), ["open", "recompute"])


async def test_a_case_that_was_held_meanwhile_catches_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first pass had to leave to another transaction is moved by a second one."""

    async def passed_over(_: Work) -> int:
        return 0

    code = await desk_with_case(sqlite_store)
    monkeypatch.setattr(rules, "recompute_all", passed_over)
    await rulebook.load(sqlite_store, "holidays", holidays("2026-11-17"), "bão")
    assert await state(sqlite_store, code) == (date(2026, 11, 20), ["open", "recompute"])


async def test_a_check_says_the_same_and_writes_nothing(store: Store) -> None:
    """--check shows what would move; the case, the citizen and the rulebook hear nothing of it."""
    code = await desk_with_case(store)
    before = await versions(store)
    lines = await rulebook.load(store, "holidays", holidays("2026-11-17"), "bão", check=True)
    assert lines[0] == f"{code}: 2026-11-19 -> 2026-11-20"
    assert lines[-1] == "checked only: nothing was written"
    assert await state(store, code) == (date(2026, 11, 19), ["open"])
    assert not await told(store)
    assert await versions(store) == before


async def test_undo_goes_back_and_undo_of_undo_forth(store: Store, clock: StoppedClock) -> None:
    """Each way the date follows and is a version of its own; the first undo restores what is packaged."""
    code = await desk_with_case(store)
    await rulebook.load(store, "holidays", holidays("2026-11-17"), "bão")
    clock.pass_(minutes=1)
    lines = await rulebook.undo(store, "holidays")
    assert lines[-1] == "holidays 2 is in force; it is version 0 again"
    assert (await state(store, code))[0] == date(2026, 11, 19)
    packaged = Path(law.__file__).with_name("holidays.yaml").read_text("utf-8").splitlines()
    assert await rulebook.exported(store, "holidays") == packaged
    clock.pass_(minutes=1)
    assert (await rulebook.undo(store, "holidays"))[-1] == "holidays 3 is in force; it is version 1 again"
    assert await state(store, code) == (date(2026, 11, 20), ["open", *["recompute"] * 3])
    listed = [line for line in await rulebook.listed(store) if line.startswith("holidays")]
    assert listed == [
        "holidays 0: as packaged",
        "holidays 1: 2026-11-16 09:00 bão",
        "holidays 2: 2026-11-16 09:01 undo: as version 0",
        "holidays 3 (in force): 2026-11-16 09:02 undo: as version 1",
    ]


async def test_a_case_that_is_answered_keeps_its_date(store: Store) -> None:
    """Only what is still owed moves."""
    code = await desk_with_case(store)
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        await act(work, case, Act.WITHDRAW, Actor("c" * 32))
    await rulebook.load(store, "holidays", holidays("2026-11-17"), "bão")
    assert await state(store, code) == (date(2026, 11, 19), ["open", "withdraw"])


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_what_is_exported_can_be_loaded_again(sqlite_store: Store, name: str) -> None:
    """An export of the packaged document, or of a stored one, is the document in force: nothing new."""
    data = "\n".join(await rulebook.exported(sqlite_store, name)).encode()
    with pytest.raises(NothingNew):
        await rulebook.load(sqlite_store, name, data, "again")
    document = yaml.safe_load(data) | {"remark": "ours"}
    await rulebook.load(sqlite_store, name, yaml.safe_dump(document).encode(), "remark")
    data = "\n".join(await rulebook.exported(sqlite_store, name)).encode()
    with pytest.raises(NothingNew):
        await rulebook.load(sqlite_store, name, data, "again")
    assert yaml.safe_load("\n".join(await rulebook.exported(sqlite_store, name, 1)))["remark"] == "ours"


def _without(name: str, key: str, drop: str) -> bytes:
    document = law.seed(name)
    rows = document[key]
    if isinstance(rows, dict):
        document[key] = {code: row for code, row in rows.items() if str(code) != drop}
    else:
        document[key] = [row for row in rows if drop not in {row.get("id"), row.get("code")}]
    return yaml.safe_dump(document, allow_unicode=True).encode()


def _misplaced_template() -> bytes:
    document = law.seed("templates")
    rubbish = next(row for row in document["templates"] if row["code"] == "rac")
    rubbish["fields"] = ["moi_truong_x"]
    return yaml.safe_dump(document, allow_unicode=True).encode()


OTHER_YEAR = b"years: {2026: {status: official, days_off: [{date: 1.1.2026, name: x}]}}"
BAD = [
    ("holidays", b"years: [", r"holidays: line \d+: this is not YAML: .+"),
    ("holidays", b"", "holidays: the file must hold the whole document.*"),
    ("holidays", b"a: &a [1]\nb: *a", "holidays: write values out.*"),
    ("holidays", b"seed_years: [2028]", "holidays: “years” is missing"),
    ("holidays", OTHER_YEAR, "holidays: .*1.1.2026.*"),
    ("holidays", _without("holidays", "years", "2027"), "holidays: no calendar for 2027; list that year.*"),
    ("deadlines", _without("deadlines", "deadlines", TERM), f"deadlines: .*{TERM}: keep it"),
    ("taxonomy", _without("taxonomy", "fields", "thoat_nuoc"), "taxonomy: .* field thoat_nuoc: keep it"),
    ("office", b"zone: {name: Asia/Hanoi}", "office: .*"),
    (
        "templates",
        _misplaced_template(),
        "templates: the template rac is for moi_truong_x, .*",
    ),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD)
async def test_a_document_that_does_not_fit_is_refused(
    sqlite_store: Store, name: str, data: bytes, said: str
) -> None:
    """One line says what is wrong; rules, cases and versions stay as they were."""
    code = await desk_with_case(sqlite_store)
    before = await versions(sqlite_store)
    with pytest.raises(BadDocument) as refused:
        await rulebook.load(sqlite_store, name, data, "bad")
    assert re.fullmatch(said, str(refused.value)), refused.value
    assert await versions(sqlite_store) == before
    assert await state(sqlite_store, code) == (date(2026, 11, 19), ["open"])


async def test_a_taxonomy_keeps_the_types_of_the_units_there_are(sqlite_store: Store) -> None:
    """A type no field names may go, but not while a unit is of it."""
    await desk_with_case(sqlite_store)
    court = b"units: [{code: toa, type: toa, name: X, area: tan_lap_mau}]"
    await directory.seed(sqlite_store, court, "more.yaml")
    with pytest.raises(BadDocument, match="taxonomy: stored units are of the type toa: keep it"):
        await rulebook.load(sqlite_store, "taxonomy", _without("taxonomy", "units", "toa"), "no court")


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just([]) | st.just({})
)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, Any]:
    """Take a packaged document and spoil one value of it."""
    name = draw(st.sampled_from(["holidays", "deadlines", "office", "taxonomy", "templates"]))
    document = node = json.loads(json.dumps(law.seed(name), default=str))
    while True:
        key = draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        if not (isinstance(node[key], dict | list) and node[key]) or draw(st.integers(0, 3)) == 0:
            node[key] = draw(VALUES)
            return name, document
        node = node[key]


def _refusal(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except BadDocument as refused:
        return str(refused)
    return None


@given(spoilt())
@settings(max_examples=20, deadline=None)
def test_a_spoilt_document_is_told_in_one_line_or_works(spoiled: tuple[str, Any]) -> None:
    """One wrong value anywhere is either harmless or refused with its document's name, never a traceback."""
    name, document = spoiled
    said = _refusal(lambda: rules.fitting(name, {name: document}, Directory(), MONDAY))
    assert said is None or re.fullmatch(r"\w+: .*\S", said)


@given(st.binary() | st.text(alphabet='{}[]:- \n"&*!|>%@\t\\Uaz019', max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_garbage_is_no_document(data: bytes) -> None:
    """Whatever a file holds, it is parsed to plain JSON or refused in one line."""
    said = _refusal(lambda: json.dumps(rules.parse("office", data)))
    assert said is None or re.fullmatch(r"office: .*\S", said)


# --- the directory ------------------------------------------------------------------------------


async def test_an_invitation_ties_a_chat_to_its_person_once(store: Store, clock: StoppedClock) -> None:
    """The printed words work within seven days, for one chat, and the link carries the same ones."""
    await desk_with_case(store)
    for minutes, works in ((7 * 24 * 60 - 1, True), (7 * 24 * 60, False)):
        lines = await directory.invite(store, "kt_tuan", "https://desk.example")
        token = next(line for line in lines if line.startswith("cb-"))
        assert f"https://desk.example/chat?start={token}" in lines
        clock.pass_(minutes=minutes)
        async with store.work() as work:
            chat = await people.chat(work, "c" * 32)
            assert await people.accept_invite(work, chat, token) is works
            assert not await people.accept_invite(work, chat, token)
            person = await people.person_by_code(work, "kt_tuan")
            assert person is not None
            assert chat.person_id == person.id


async def test_nobody_is_invited_by_a_wrong_code(store: Store) -> None:
    """A misspelt code is told with the nearest one."""
    await desk_with_case(store)
    with pytest.raises(Refused, match=r"nobody has the code “kt_tuann”; did you mean “kt_tuan”\?"):
        await directory.invite(store, "kt_tuann", "")


async def test_who_holds_no_role_is_noted(store: Store) -> None:
    """An invitation for somebody whose roles have ended says so."""
    await desk_with_case(store)
    ended = "{role: officer, unit: kt_xa, from: 2025-07-01, to: 2026-01-01}"
    more = f"people: [{{code: cu, name: X, roles: [{ended}]}}]"
    await directory.seed(store, more.encode(), "more.yaml")
    assert (await directory.invite(store, "cu", ""))[0].startswith("note: cu holds no role today")
