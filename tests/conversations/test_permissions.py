"""Who may do what to which case: docs/permissions.md is written by asking the desk, and every cell is tried.

After a wanted change: `pytest tests/conversations/test_permissions.py --rewrite-goldens`, then read the diff.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path

import pytest

from domain.cases import ANY_STATE, KNOWING, Act, NotAllowed, NotNow, Relation, State
from domain.messages import Incoming, Tap
from domain.people import Absence
from handlers.door.receive import receive
from handlers.door.verbs import _VERBS
from services.acts.act import act as act_
from services.acts.act import authorise
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import directory
from services.standing import parties
from services.standing.kinds import ACTS
from services.standing.parties import CLOCK, Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.storage import province
from tests.storage.commune import chat_of

Keep = Callable[[Path, str], object] | None
PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
STORIES = {
    "ordinary": "cống thôn 3 tắc mấy hôm rồi, mưa là ngập",
    "urgent": "cháy nhà ở thôn 1, lửa to lắm",
    "accusing": "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3",
    "sealed": "cán bộ địa chính vòi tiền 3 triệu mới chịu làm sổ đỏ cho bà tôi ở thôn 2",
    "counter": "đường thôn 4 sụt một hố lớn, xe đi rất nguy hiểm",
}
"""The sorts of case; two accuse somebody of the unit of economy, which `officer` is of."""
ABOUT = {
    "ordinary": "The unit of economy has it; `officer` has taken it.",
    "urgent": "A fire: the police have it, nobody has taken it, whoever is on duty may act in their place.",
    "accusing": "Kept close: it speaks of the unit of economy, so the chair has it.",
    "sealed": "As above, and sent in sealed mode: whoever holds its secret is the citizen.",
    "counter": "Entered at the counter for somebody with no chat; `officer` has taken it.",
}
SEATS = {
    "citizen": "who brought it",
    "follower": "follows it",
    "stranger": "knows its code",
    "officer": "officer, economy",
    "colleague": "another officer, economy",
    "stand_in": "officer, culture, standing in for the first",
    "elsewhere": "officer, public services",
    "police": "officer, police",
    "duty": "on duty, office",
    "supervisor": "chief, economy",
    "other_chief": "chief, culture",
    "head": "chair",
    "party": "Party committee",
    "keeper": "keeper",
    "admin": "admin",
    "next_officer": "officer, economy, of the neighbouring commune",
    "next_chief": "chief, economy, there",
    "next_police": "officer, police, there",
    "next_duty": "on duty, office, there",
    "next_head": "chair there",
    "next_keeper": "keeper there",
    "next_admin": "admin there",
    "department": "officer of the province's unit of the field",
    "department_head": "who heads that unit",
    "province_duty": "on duty at the province",
    "province_head": "head of the province",
    "province_keeper": "keeper at the province",
    "province_admin": "admin of the province",
}
CODES = {
    "officer": "kt_tuan",
    "colleague": "kt_thao",
    "stand_in": "vhxh_hai",
    "elsewhere": "hcc_long",
    "police": "ca_dung",
    "duty": "vp_truc",
    "supervisor": "kt_truong",
    "other_chief": "vhxh_truong",
    "head": "chu_tich",
    "party": "bi_thu",
    "keeper": "kiem_tra",
    "admin": "quan_tri",
    "next_officer": "ba_kt_son",
    "next_chief": "ba_kt_truong",
    "next_police": "ba_ca_dung",
    "next_duty": "ba_vp_hoa",
    "next_head": "ba_chu_tich",
    "next_keeper": "ba_kiem_tra",
    "next_admin": "ba_quan_tri",
    "department": "t_sxd_vinh",
    "department_head": "t_sxd_truong",
    "province_duty": "t_tiep",
    "province_head": "t_chanh",
    "province_keeper": "t_kiem_tra",
    "province_admin": "t_quan_tri",
}
NEXT = frozenset(name for name in SEATS if name.startswith("next_"))
"""Of another commune: the case is none of theirs."""
STATES = "## States that an act fits"
LATER = tuple(act for act in Act if act is not Act.OPEN)


@dataclass
class Town:
    """One case of each sort, and everybody who may want something of it."""

    store: Store
    codes: dict[str, str] = field(default_factory=dict)

    async def build(self) -> None:
        """Bring in the neighbour and the province, open the cases, seat the people."""
        seed = province.SEEDS[1]
        async with self.store.work() as work:
            await directory.seed(work, seed.read_bytes(), seed.name)
        async with self.store.work() as work:
            for sort in STORIES:
                chat_of(work, f"citizen-{sort}")
            chat_of(work, "follower")
            chat_of(work, "stranger")
        for name, code in CODES.items():
            async with self.store.work() as work:
                person = await people.person_by_code(work, code)
                assert person is not None, name
                chat_of(work, name).person_id = person.id
        for sort, story in STORIES.items():
            await self._open(sort, story)

    async def _open(self, sort: str, story: str) -> None:
        async with self.store.work() as work:
            work.area = province.OURS
            heard = work.rules.understanding.read(story)
            chat = await people.chat(work, self.key(f"citizen-{sort}"))
            case = await new_cases.open_case(work, chat, Draft(heard, "thôn 3", heard.topic))
            case.sealed = sort == "sealed"
            if sort == "counter":
                case.chat_key = await _at_counter(work)
            if not case.confidential:
                await stored.follow(work, case, self.key("follower"))
            if sort in {"ordinary", "counter"}:
                officer = await people.person_by_code(work, CODES["officer"])
                assert officer is not None
                case.officer_id = officer.id
            self.codes[sort] = case.code

    def key(self, name: str) -> str:
        """Return the key of somebody's chat."""
        return self.store.keyring.blind("chat", "paper", name)

    async def actor(self, work: Work, sort: str, name: str) -> Actor:
        """Return who acts under this name on this sort of case; the clock has a name of its own."""
        if name == "clock":
            return CLOCK
        return Actor.of(await people.chat(work, self.key(f"citizen-{sort}" if name == "citizen" else name)))

    async def with_absence(self, work: Work) -> None:
        """Let the culture officer stand in for the officer in these rules."""
        ids = [await people.person_by_code(work, CODES[name]) for name in ("officer", "stand_in")]
        away, there = (person.id for person in ids if person is not None)
        absence = Absence(away, there, work.today, work.today + timedelta(days=3))
        for seen in (work.desk.directory, work.desk.part(province.OURS).directory):
            object.__setattr__(seen, "absences", (absence,))
            for worked_out in seen.__dict__.keys() - {one.name for one in fields(seen)}:
                del seen.__dict__[worked_out]  # from those before


@pytest.fixture
async def town(commune_store: Store, clock: StoppedClock) -> Town:
    """Build the town; its rules are its own, for the absence changes them."""
    commune_store.library = type(commune_store.library)()
    built = Town(commune_store)
    Player(commune_store, clock)
    await built.build()
    return built


async def _at_counter(work: Work) -> str:
    key = f"{people.COUNTER}-1"
    people.open_chat(work, people.COUNTER, key, "1")
    await work.session.flush()
    return key


# --- the page ------------------------------------------------------------------------------------


async def matrix(town: Town) -> Mapping[str, Mapping[Act, list[bool]]]:
    """Return, for each sort of case and each act, who of SEATS may do it in a state that it fits."""
    found: dict[str, dict[Act, list[bool]]] = {}
    async with town.store.work() as work:
        await town.with_absence(work)
        for sort, code in town.codes.items():
            case = await stored.by_code(work, code)
            assert case is not None
            people_ = [await town.actor(work, sort, name) for name in SEATS]
            found[sort] = {act: [_may(work, case, act, by) for by in people_] for act in LATER}
        work.session.expunge_all()
    return found


def _may(work: Work, case: Case, act: Act, by: Actor) -> bool:
    """Say whether the act is theirs; what does not fit just now is another matter."""
    case.state = min(ACTS[act].states)
    case.request = {"what": _ASKED[act], "by": "", "days": 2, "reason": "thử"} if act in _ASKED else None
    try:
        authorise(work, case, act, by, None)
    except NotNow:
        return True
    except NotAllowed as refusal:
        return type(refusal) is not NotAllowed
    return True


_ASKED = {
    Act.GRANT: Act.EXTEND,
    Act.RELEASE: Act.SUBMIT,
    Act.DISMISS: Act.DECLINE,
    Act.REFUSE: Act.EXTEND,
}


def page(cells: Mapping[str, Mapping[Act, list[bool]]]) -> str:
    """Write the matrix as a page."""
    parts = [
        "# Who may do what",
        "",
        "Written by asking the desk; `tests/conversations/test_permissions.py` tries every cell. A mark says",
        "that the act is theirs in a state of the case that it fits, which the table at the end names.",
        "Nobody decides on what they asked for themselves, and what the clock does nobody else may do.",
        "",
        *(f"* `{name}`: {said}" for name, said in SEATS.items()),
    ]
    for sort, rows in cells.items():
        parts += ["", f"## {sort}", "", ABOUT[sort], ""]
        parts += [
            "| act | " + " | ".join(f"`{name}`" for name in SEATS) + " |",
            "|---" * (len(SEATS) + 1) + "|",
        ]
        for act, marks in rows.items():
            parts.append(f"| {act} | " + " | ".join("✓" if mark else " " for mark in marks) + " |")
    return "\n".join([*parts, "", STATES, "", *_states()]) + "\n"


def _states() -> list[str]:
    """Write which states each act fits, and where it leads."""
    rows = ["| act | fits | leads to |", "|---|---|---|"]
    for act in Act:
        kind = ACTS[act]
        fits = "any" if kind.states == ANY_STATE else ", ".join(s for s in State if s in kind.states)
        rows.append(f"| {act} | {fits} | {kind.to or ''} |")
    return rows


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Keep:
    """Return what writes the page anew; None where it is to be compared."""
    anew = request.config.getoption("--rewrite-goldens", default=False)
    return (lambda path, text: path.write_text(text, "utf-8")) if anew else None


async def test_the_page_says_what_holds(town: Town, keep: Keep) -> None:
    """docs/permissions.md is the matrix as the desk applies it."""
    wanted = page(await matrix(town))
    if keep is not None:
        keep(PAGE, wanted)
    assert PAGE.read_text("utf-8") == wanted


# --- the cells -----------------------------------------------------------------------------------


def written() -> list[tuple[str, str, str, bool]]:
    """Return every cell of the page: the sort of case, the act, who, and whether they may."""
    cells = []
    sort = ""
    for line in PAGE.read_text("utf-8").split(STATES)[0].splitlines():
        if line.startswith("## "):
            sort = line[3:]
        elif line.startswith("| ") and not line.startswith("| act"):
            act, *marks = [cell.strip() for cell in line.strip("|").split("|")]
            cells += [(sort, act, name, mark == "✓") for name, mark in zip(SEATS, marks, strict=True)]
    return cells


@pytest.mark.parametrize("sort", STORIES)
async def test_every_cell_is_what_the_desk_does(town: Town, sort: str) -> None:
    """In every state that fits, whom the page marks may act; the others are refused and change nothing."""
    async with town.store.work() as work:
        await town.with_absence(work)
        case = await stored.by_code(work, town.codes[sort])
        assert case is not None
        before = case.history_length
        cells = [cell for cell in written() if cell[0] == sort]
        assert len(cells) == len(LATER) * len(SEATS)
        for _, act, name, may in cells:
            by = await town.actor(work, sort, name)
            if may:
                assert _may(work, case, Act(act), by), (act, name)
                continue
            for state in ACTS[act].states:
                case.state = state
                with pytest.raises(NotAllowed):
                    await act_(work, case, Act(act), by)
                assert (case.state, case.history_length) == (state, before), (act, name)
        work.session.expunge_all()


def test_whoever_is_complained_about_has_no_mark() -> None:
    """Nobody of the accused unit, and nobody who stands in for them, may do anything to such a case."""
    accused = {"officer", "colleague", "stand_in", "supervisor"}
    marked = {(sort, name) for sort, _, name, may in written() if may}
    assert not {(sort, name) for sort in ("accusing", "sealed") for name in accused} & marked


def test_nobody_of_another_commune_is_anything_to_a_case() -> None:
    """They know its code like any stranger, whatever they are at home."""
    theirs = {(sort, act, name) for sort, act, name, may in written() if may and name in NEXT}
    strangers = {(sort, act) for sort, act, name, may in written() if may and name == "stranger"}
    assert theirs
    assert {(sort, act) for sort, act, _ in theirs} <= strangers


def test_what_is_kept_close_is_nobodys_who_only_knows_the_code() -> None:
    """A stranger may follow, claim or bear witness to what is open to all, to nothing that is kept close."""
    theirs = {(sort, act) for sort, act, name, may in written() if may and name == "stranger"}
    assert {sort for sort, _ in theirs} == {"ordinary", "urgent", "counter"}
    assert {act for _, act in theirs} == {Act.FOLLOW, Act.CLAIM, Act.WITNESS}
    assert {sort for sort, act in theirs if act == Act.CLAIM} == {"counter"}


_OPENERS = ("party", "keeper", "province_keeper")
"""The keeper of the province is above every commune of it."""


def test_only_keepers_who_are_no_chief_of_the_accused_open_an_identity() -> None:
    """Heads and keepers, of sealed cases only; not the chair, who is chief of the office spoken of."""
    together = {Act.ASK_IDENTITY, Act.AGREE_IDENTITY, Act.IDENTIFY}
    openers = {(sort, act, name) for sort, act, name, may in written() if may and act in together}
    assert openers == {("sealed", act, name) for act in together for name in _OPENERS}


def test_no_official_does_what_is_the_citizens() -> None:
    """A mark, a withdrawal, a reopening come from whoever brought the case."""
    citizens = {Act.RATE, Act.REOPEN, Act.WITHDRAW}
    theirs = {(sort, name) for sort, act, name, may in written() if may and act in citizens}
    assert {name for _, name in theirs} == {"citizen"}


def test_what_the_clock_does_nobody_else_may() -> None:
    """No reminder, escalation or lapse can be had by typing."""
    clocks = {act for act in LATER if ACTS[act].by == {Relation.CLOCK}}
    assert clocks
    assert not {act for _, act, _, may in written() if may and act in clocks}


# --- through the door ----------------------------------------------------------------------------


async def test_the_door_refuses_what_the_page_refuses(town: Town) -> None:
    """Every button, pressed by whoever is nothing to a case, changes nothing and shows none of its words."""
    for sort, code in town.codes.items():
        for name in SEATS.keys() - {"citizen"}:
            async with town.store.work() as work:
                case = await stored.by_code(work, code)
                assert case is not None
                if not parties.relations(work, case, await town.actor(work, sort, name)) & KNOWING:
                    await _press_all(work, case, town.key(name), STORIES[sort][:25])


async def _press_all(work: Work, case: Case, key: str, words: str) -> None:
    before = case.history_length
    for verb in sorted(_VERBS.keys() - {"follow"}):
        earlier = len(work.posts)
        tap = Tap(f"{verb}:{case.code}:{case.version}")
        await receive(work, Incoming("paper", key, "", f"{verb}", work.now, tap))
        told = [post.message for post in work.posts[earlier:] if post.lane == key]
        assert told, verb
        assert not [message for message in told if words in message.text], verb
        assert case.history_length == before, verb
