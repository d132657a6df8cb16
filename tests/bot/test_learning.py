"""`learn`: what it reads of a desk's cases and what it never does, and that a worse model changes nothing."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import update
from structlog.testing import capture_logs
from typer.testing import CliRunner

from bot import opening
from bot.__main__ import cli
from bot.commands import learning
from bot.commands.running import Refused
from bot.opening import model_of, opened
from bot.settings import Settings
from domain import understand
from domain.cases import Act
from domain.understand import learned, training
from domain.understand.corrections import Correction, lessons
from domain.understand.linear import Linear
from domain.understand.measuring import FROZEN, Trial
from domain.understand.training import Example
from services.acts.act import act
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import corrections
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from storage.cases import corrected as stored
from storage.ground.tables import Case
from storage.store.engine import Store
from tests.storage import commune

STORIES = (
    "dẹp giùm cái Hóc Mò đi",
    "cái Hóc Mò nhờ xã dẹp",
    "xin xã dẹp Hóc Mò giùm",
    "Hóc Mò cả xóm kêu trời",
    "bà con khổ vì Hóc Mò quá",
    "xin dẹp hẳn Hóc Mò",
    "khổ vì Hóc Mò lắm rồi",
    "ngày nào cũng Hóc Mò",
    "Hóc Mò tới nay vẫn y nguyên",
    "ngày nào cũng khổ với Hóc Mò",
)
ANSWER = "Phòng Kinh tế đã cho dọn bãi và lấp đất xong ngày 16/11, bà con thấy còn thì báo lại."


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """Leave logging as it was found, though the command sets it up."""
    handlers, level = logging.root.handlers[:], logging.root.level
    structlog.reset_defaults()
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def desk(sqlite_store: Store) -> Store:
    """Open a desk with a commune in it."""
    await commune.settle(sqlite_store)
    return sqlite_store


async def corrected(store: Store, stories: Sequence[str] = STORIES, **columns: Any) -> list[str]:  # noqa: ANN401
    """Let people tell these, the head hand each to the unit that acts and it answer. Returns the codes."""
    codes = []
    for at, story in enumerate(stories):
        async with store.work() as work:
            chat, head, officer = await commune.chats_of(work, [f"hộ {at}", "ha", "minh"])
            unit = next(unit for unit in work.desk.directory.units if unit.code == "kt_xa")
            heard = work.rules.understanding.read(story)
            heard = replace(heard, topic="khac", field="khac", kind="phan_anh", urgency="thuong")
            case = await new_cases.open_case(work, chat, Draft(heard, "thôn 3", "khac"))
            for by, what, detail in (
                (head, Act.REASSIGN, {"unit_id": str(unit.id)}),
                (officer, Act.ACCEPT, {}),
                (officer, Act.ANSWER, {"answer": ANSWER}),
            ):
                await act(work, case, ACTS[what].of_json(detail), Actor.of(by))
            codes.append(case.code)
    if columns:
        async with store.work() as work:
            await work.session.execute(update(Case).values(**columns))
    return codes


async def read(store: Store) -> list[Correction]:
    """Return the corrections of the desk."""
    async with store.read() as work:
        return await corrections.of_desk(work, Linear.load())


async def test_what_was_handed_on_and_answered_is_read(desk: Store) -> None:
    """Each for the fields of the unit that answered, by whoever told it."""
    codes = await corrected(desk)
    found = await read(desk)
    assert {one.case for one in found} <= {*codes}
    assert len(found) == len({one.person for one in found}) >= len(codes) // 2
    async with desk.read() as work:
        fields = work.desk.taxonomy.fields
    assert {fields[field].xa for one in found for field in one.fields} == {"kt_xa"}


@pytest.mark.parametrize(
    "columns",
    [
        {"confidential": True},
        {"sealed": True},
        {"excluded": ["0195-unit"]},
        {"excluded_people": ["0195-person"]},
        {"kind": "to_cao"},
        {"field": "dan_toc_ton_giao"},
        {"field": "can_bo"},
        {"urgency": "khan"},
        {"declined": "no_power"},
        {"state": "accepted"},
        {"state": "withdrawn"},
        {"field": "moi_truong"},
    ],
    ids=str,
)
async def test_what_is_never_read(desk: Store, columns: dict[str, Any]) -> None:
    """What is kept from somebody, accuses, is sensitive, cannot wait, or was not answered as handed on."""
    await corrected(desk, **columns)
    assert await read(desk) == []


@pytest.mark.parametrize(
    "words", ["Lê Văn Minh", "anh Minh", "trưởng thôn ăn chặn tiền", "đang cháy nhà cứu với"]
)
async def test_who_is_named_or_blamed_and_danger_are_never_learned(desk: Store, words: str) -> None:
    """Whatever a case was taken for."""
    assert await read(desk) == []
    async with desk.read() as work:
        assert corrections._speaks_of_somebody(work, work.rules, f"{STORIES[0]}, {words}")
        assert not corrections._speaks_of_somebody(work, work.rules, STORIES[0])


async def test_a_case_that_nobody_handed_on_corrects_nothing(desk: Store) -> None:
    """Nor one that moved on by itself since."""
    await commune.open_cases(desk, 3)
    await corrected(desk)
    assert {one.text for one in await read(desk)} <= {*STORIES}
    async with desk.work() as work:
        reception = next(unit.id for unit in work.desk.directory.units if unit.code == "vp_xa")
        await work.session.execute(update(Case).values(unit_id=reception))
    assert await read(desk) == []
    async with desk.read() as work:
        cases = await stored.handed_on(work, fields={"khac"}, ringing=())
        assert [corrections._was_handed(work, case) for case in cases] == [False] * len(STORIES)


async def test_what_a_reception_answers_corrects_nothing(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers what belongs to no other, of any field."""
    await corrected(desk)
    assert await read(desk)
    monkeypatch.setattr(corrections, "RECEPTIONS", ("kt_xa",))
    assert await read(desk) == []


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    """Learn from few phrases of our own, and try it on few."""
    every = Trial.packaged([]).frozen
    few = [*({one.field: one for one in every} | {one.kind: one for one in every}).values()]
    told = [Example(one.text, {"field": one.field, "kind": one.kind, "danger": "calm"}) for one in few]
    told += [Example("cháy nhà cứu với", {"field": "pccc", "kind": "phan_anh", "danger": "danger"})] * 2
    told += [Example("chào cả nhà", {"field": "none", "kind": "", "danger": "calm"})] * 2
    monkeypatch.setattr(training, "examples", lambda: told)
    old, dangers = training.train(told), understand._dangers
    monkeypatch.setattr(learning, "model_of", lambda _: old)
    monkeypatch.setattr(understand, "_dangers", lambda words, _: dangers(words, Linear.load()))
    monkeypatch.setattr(Trial, "packaged", lambda held: Trial(few, ["cháy nhà cứu với"], [*held][:0]))
    return told


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """Return the settings of a desk whose folder is this."""
    return Settings(data_dir=tmp_path / "data", _env_file=None)


async def test_what_reads_nothing_worse_is_kept(desk: Store, quick: list[Example], here: Settings) -> None:
    """After a look at it, that writes nothing; then each process begins with it."""
    await corrected(desk)
    lines = await learning.learn(desk, here, dry_run=True)
    assert not here.model_file.exists()
    assert any(line.startswith("topic") for line in lines)
    assert (await learning.learn(desk, here, dry_run=False))[-1].startswith(str(here.model_file))
    found = learned.load(here.model_file)
    assert found is not None
    assert len(found.keys) > len(training.train(quick).keys)


async def test_a_poisoned_batch_is_refused(
    desk: Store, quick: list[Example], here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what would be worse; what was learned before stays byte for byte."""
    learned.save(Linear.load(), here.model_file)
    before = here.model_file.read_bytes()
    wrong = [
        Correction(f"HB{at:05}", f"person {at % 7}", one.text, frozenset({"thue_phi"}))
        for at, one in enumerate(quick * 4)
        if one.labels["field"] not in {"thue_phi", "none"}
    ]

    async def poisoned(*_: object) -> list[Correction]:
        return wrong

    monkeypatch.setattr(corrections, "of_desk", poisoned)
    with pytest.raises(Refused, match="worse: topic"):
        await learning.learn(desk, here, dry_run=False)
    assert here.model_file.read_bytes() == before
    poisoned_one = training.train(quick, lessons(wrong))
    monkeypatch.setattr(learning, "model_of", lambda _: poisoned_one)
    with pytest.raises(Refused, match="worse: topic"):  # than the packaged one: no better after a bad one
        await learning.learn(desk, here, dry_run=False)


async def test_without_enough_people_nothing_is_learned(desk: Store, here: Settings) -> None:
    """And nothing is built."""
    await corrected(desk, STORIES[:2])
    with pytest.raises(Refused, match="stays"):
        await learning.learn(desk, here, dry_run=False)
    assert not here.model_file.exists()


def test_back_and_nothing_to_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty desk learns nothing and ends with 1; back takes the file away, and there may be none."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    nothing = CliRunner().invoke(cli, ["learn"])
    assert (nothing.exit_code, "0 corrections" in nothing.output) == (1, True)
    learned.save(Linear.load(), tmp_path / "reading.npz")
    back = [CliRunner().invoke(cli, ["learn", "--back"]) for _ in range(2)]
    assert [(one.exit_code, "packaged" in one.output) for one in back] == [(0, True), (0, False)]
    assert not (tmp_path / "reading.npz").exists()


async def test_a_desk_begins_with_what_it_learned(here: Settings) -> None:
    """All that it reads is read by it, in every part of the desk."""
    stored = Linear.load()
    own = replace(stored, bias=stored.bias + np_bump(stored))
    async with opened(here) as store, store.read() as work:
        assert work.desk.understanding.read("cống tắc rồi").field == "thoat_nuoc"
    learned.save(own, here.model_file)
    async with opened(here) as store, store.read() as work:
        assert work.desk.understanding.read("cống tắc rồi").field == "van_hoa"


def np_bump(model: Linear) -> Any:  # noqa: ANN401 - an array
    """Return what makes everything a matter of culture."""
    bump = model.bias * 0
    bump[model.labels["field"].index("van_hoa")] = 50
    return bump


def test_a_broken_file_is_refused_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log says which and why, and the packaged model reads."""
    monkeypatch.setattr(opening, "log", structlog.get_logger("bot.opening"))
    path = tmp_path / "reading.npz"
    path.write_bytes(FROZEN.read_bytes())
    with capture_logs() as lines:
        assert model_of(path) is Linear.load()
    assert [(line["event"], line["file"]) for line in lines] == [("learned_model_refused", str(path))]
