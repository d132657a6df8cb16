"""Whoever is accused never reads it: in made-up offices, through every door, whatever happens afterwards.

`pytest tests/conversations/test_accused_never_reads.py --storm 300 -s` tries hundreds, and counts them.
"""

import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from domain.cases import Act, NotAllowed, NotNow
from domain.people import Role
from handlers.door.verbs import _VERBS
from scheduler.clock import begin, tick
from services.acts.act import act
from services.intake import counter
from services.intake.new_cases import Draft
from services.office import directory, orders
from services.office.orders import CannotOrder
from services.standing import kinds
from services.standing.parties import Actor
from services.standing.refusals import NobodyLeft
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail.inbox import Arrived
from storage.office import absences
from storage.office.rulebook import Library
from storage.people import people
from storage.store.engine import Store, open_store
from tests.amounts import times
from tests.conftest import KEYS, MONDAY, StoppedClock
from tests.conversations.charts import Accusation, Chart, accuse, draw
from tests.conversations.conftest import Dice
from tests.conversations.player import Player

MARK = "zq17x"
"""A word nobody else says: whoever is sent it was sent what was told."""
PLAIN = "cống thôn 1 tắc mấy hôm rồi, mưa là ngập đường"
ANSWER = "Xã đã nạo vét 40 m cống ở thôn 1, xong ngày 18/11. Khi nào lại tắc thì bà con nhắn."
FRESH = ("chat", "sealed", "counter", "group")
LATER = ("supplement", "reply", "reopen", "comment", "second")
TYPED = (
    "viec", "quahan", "duyet", "don vi", "tra cuu", "so mo danh tinh", "menu", "thu loi", "1a", "quan tri",
    "xem {code}", "nhan {code}", "tl {code} Xã đã xử lý xong ngày 18/11.", "them {code} tôi hỏi thêm",
    "chuyen {code}", "giao {code}", "ai xem {code}", "mo danh tinh {code}", "{code}", "molai {code}",
)  # fmt: skip


@dataclass
class Figures:
    """What was tried."""

    counts: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)


@dataclass
class Desk:
    """One office's desk in one run."""

    chart: Chart
    player: Player
    store: Store
    ids: dict[str, Any] = field(default_factory=dict)
    said: int = 0

    async def settle(self) -> None:
        """Give everybody who serves a chat, and tell an ordinary matter."""
        async with self.store.work() as work:
            for one in self.chart.officials:
                person = await people.person_by_code(work, one.code)
                assert person is not None
                self.ids[one.code] = person.id
                self.seat(work, one.code, one.code)
        await begin(self.store)
        await self.drive("neighbour", PLAIN)

    def seat(self, work: Work, code: str, address: str) -> None:
        """Tie a chat to an official."""
        chat = people.open_chat(work, self.player.paper.account, self.player.key(address), address)
        chat.person_id = self.ids[code]

    async def together(self, who: list[str], body: dict[str, object]) -> None:
        """Let several people say the same at the same moment."""
        self.player.clock.at += timedelta(minutes=1)
        for one in who:
            self.said += 1
            await self.player.desk.ingest(Arrived(self.player.paper.account, f"t{self.said}", one, body, ""))
        await self.player.settle()

    async def drive(self, who: str, words: str, *, most: int = 7) -> None:
        """Tell something and agree to whatever is asked, until it has arrived."""
        before = len(await self.codes())
        await self.player.say(who, {"text": words}, silent=True)
        for _ in range(most):
            if len(await self.codes()) > before and not await self.asks(who):
                return
            await self.player.say(who, {"text": "1"}, silent=True)
            if "Bà con gửi tới nơi khác" in self.player.paper.told[-1].message.text:
                return

    async def asks(self, who: str) -> bool:
        """Say whether a question is open."""
        async with self.store.work() as work:
            await people.load_chats(work, [self.player.key(who)])
            return bool(work.chats[self.player.key(who)].busy)

    async def codes(self) -> list[str]:
        """Return the codes of all cases, the oldest first."""
        async with self.store.read() as work:
            return list(await work.session.scalars(select(Case.code).order_by(Case.opened_at, Case.id)))

    async def passes(self, days: int) -> None:
        """Let days pass, moment by moment."""
        clock, end = self.player.clock, self.player.clock.at + timedelta(days=days)
        while (moment := await self.player.next_moment()) is not None and moment <= end:
            clock.at = max(moment, clock.at)
            await tick(self.store)
            await self.player.settle()
        clock.at = end

    def heard(self, address: str, since: int = 0) -> list[str]:
        """Return all that was said to an address: words and buttons."""
        told = [one for one in self.player.paper.told[since:] if one.address == address]
        return [f"{d.message.text}|{[(c.label, c.action) for c in d.message.choices]}" for d in told]


Opener = Callable[[], AbstractAsyncContextManager[Desk]]


@dataclass(frozen=True)
class Office:
    """An office, seeded once."""

    chart: Chart
    path: Path
    library: Library

    def opener(self, patch: pytest.MonkeyPatch, folder: Path) -> Opener:
        """Return what opens its desk."""
        return lambda: self.desk(patch, folder)

    @asynccontextmanager
    async def desk(self, patch: pytest.MonkeyPatch, folder: Path) -> AsyncIterator[Desk]:
        """Open a fresh copy of its desk, at the same moment and with the same dice each time."""
        file, clock = folder / "run.sqlite3", StoppedClock(MONDAY)
        shutil.copy(self.path, file)
        store = open_store(f"sqlite+aiosqlite:///{file}", KEYS, folder, clock)
        store.library, store.dice = self.library, Dice()
        desk = Desk(self.chart, Player(store, clock), store)
        await desk.settle()
        yield desk
        await store.close()


async def office(dice: random.Random, migrated: Path, folder: Path) -> Office:
    """Make up an office and seed it."""
    chart, path = draw(dice), folder / "office.sqlite3"
    shutil.copy(migrated, path)
    store = open_store(f"sqlite+aiosqlite:///{path}", KEYS, folder, StoppedClock(MONDAY))
    async with store.work() as work:
        await directory.seed(work, chart.seed(), "office.yaml")
    async with store.read():
        pass
    await store.close()
    return Office(chart, path, store.library)


# --- the doors ------------------------------------------------------------------------------------


async def tell(desk: Desk, door: str, said: Accusation) -> None:
    """Bring the accusation in through a door."""
    words = f"{said.words}, giấy {MARK}"
    if door == "chat":
        await desk.drive("citizen", words)
    elif door == "sealed":
        await desk.player.say("citizen", {"text": "guikin"}, silent=True)
        await desk.drive("citizen", words)
    elif door == "group":
        await desk.player.say("ai-do-group", {"text": words}, silent=True)
        await desk.drive("citizen", words)
    elif door == "counter":
        await at_counter(desk, said, words)
    elif door == "second":
        await desk.drive("citizen", f"Đèn đường xóm trên thôn 2 hỏng ba hôm nay. Ngoài ra {words}", most=9)
    else:
        await later(desk, door, words)


async def at_counter(desk: Desk, said: Accusation, words: str) -> None:
    """Let somebody who is not spoken of write it down."""
    clerk = next((one.code for one in desk.chart.officials if one.code not in said.shut_out), None)
    if clerk is None:
        return
    async with desk.store.work() as work:
        await people.load_chats(work, [desk.player.key(clerk)])
        heard = work.rules.understanding.read(words)
        draft = Draft(heard, "thôn 3", heard.topic)
        try:
            await counter.enter(work, work.chats[desk.player.key(clerk)], draft, came="counter", phone="")
        except NobodyLeft:
            return
    await desk.player.settle()


async def later(desk: Desk, door: str, words: str) -> None:
    """Say it of a case that is there and that everybody of its unit has read."""
    async with desk.store.work() as work:
        (code,) = await desk.codes()
        case = await stored.by_code(work, code)
        assert case is not None
        citizen = Actor(case.chat_key)
        officer = Actor(
            person_id=next(iter(work.rules.directory.holders(case.unit_id, list(_ANY), work.today)), None)
        )
        for what, by, detail in _STEPS[door](citizen, officer, words):
            try:
                await act(work, case, kinds.ACTS[what].of_json(detail), by)
            except (NotAllowed, NotNow):
                continue
    await desk.player.settle()


_ANY = (Role.OFFICER, Role.SUPERVISOR, Role.DUTY, Role.HEAD)
Steps = Callable[[Actor, Actor, str], list[tuple[Act, Actor, dict[str, Any]]]]
_STEPS: dict[str, Steps] = {
    "supplement": lambda citizen, _, words: [(Act.SUPPLEMENT, citizen, {"text": words, "files": []})],
    "reply": lambda citizen, officer, words: [
        (Act.ACCEPT, officer, {}),
        (Act.ASK, officer, {"question": "Đoạn nào ạ?"}),
        (Act.REPLY, citizen, {"text": words, "files": []}),
    ],
    "reopen": lambda citizen, officer, words: [
        (Act.ACCEPT, officer, {}),
        (Act.ANSWER, officer, {"answer": ANSWER}),
        (Act.REOPEN, citizen, {"reason": words, "files": []}),
    ],
    "comment": lambda citizen, officer, words: [
        (Act.ACCEPT, officer, {}),
        (Act.ANSWER, officer, {"answer": ANSWER}),
        (Act.COMMENT, citizen, {"text": words, "files": []}),
    ],
}

# --- what happens afterwards ----------------------------------------------------------------------

Happening = tuple[str, dict[str, Any]]


def happenings(desk: Desk, said: Accusation, dice: random.Random, unit: str) -> list[Happening]:
    """Make up what an accused and others might do to come by it."""
    shut = sorted(said.shut_out)
    spare = [one.code for one in desk.chart.officials if one.code not in said.shut_out]
    one, day = dice.choice(shut), "2026-11-17"
    own = next(o for o in desk.chart.officials if o.code == one).roles[0][1]
    found: list[Happening] = [
        ("order", {"do": "move_person", "person": one, "unit": unit, "from": day}),
        ("order", {"do": "give_role", "person": one, "unit": unit, "role": "supervisor", "from": day}),
        ("order", {"do": "give_role", "person": one, "unit": "dang_xa", "role": "head", "from": day}),
        ("order", {"do": "give_role", "person": one, "unit": "dang_xa", "role": "keeper", "from": day}),
        ("order", {"do": "merge", "unit": own, "into": unit, "on": day}),
        ("chat", {"code": one}),
    ]
    if spare:
        found += [
            ("away", {"person": dice.choice(spare), "stand_in": one}),
            ("away", {"person": one, "stand_in": dice.choice(spare)}),
        ]
    return dice.sample(found, 3)


async def happens(desk: Desk, what: Happening) -> None:
    """Let it happen, if the desk lets it."""
    kind, facts = what
    async with desk.store.work() as work:
        if kind == "chat":
            desk.seat(work, facts["code"], f"{facts['code']}-again")
        elif kind == "away":
            day, last = work.today, work.today + timedelta(days=9)
            await absences.add(work, desk.ids[facts["person"]], desk.ids[facts["stand_in"]], day, last)
    if kind == "order":
        try:
            async with desk.store.work() as work:
                await orders.carry_out(work, facts, None)
        except (CannotOrder, KeyError, ValueError):
            return
    await desk.player.settle()


async def tries(desk: Desk, code: str, who: list[str], dice: random.Random) -> int:
    """Let people type and press whatever might show it. Returns how often."""
    forged = [f"{verb}:{code}:{dice.randint(1, 3)}" for verb in dice.sample(sorted(_VERBS), 6)]
    bodies = [{"text": line.format(code=code)} for line in TYPED] + [{"tap": action} for action in forged]
    for body in bodies:
        await desk.together(who, body)
        await desk.together(who, {"text": "huy"})
    return len(bodies) * len(who)


@dataclass(frozen=True)
class Run:
    """One accusation: through which door, what happens then, and the dice of what is tried."""

    door: str
    said: Accusation
    seed: int


async def played(
    desk: Desk, run: Run, script: list[Happening] | None, code: str
) -> tuple[list[Happening], str, int, int]:
    """Play it; without the accusation where the script of what happens is given. Returns what was played."""
    dice, before = random.Random(run.seed), len(desk.player.paper.told)
    if script is None:
        known = await desk.codes()
        await tell(desk, run.door, run.said)
        code = next(
            (c for c in reversed(await desk.codes()) if c not in known), "" if run.door in FRESH else known[0]
        )
        script = happenings(desk, run.said, dice, await unit_of(desk, code))
    else:
        dice.random()
    desk.player.clock.at = MONDAY + timedelta(hours=1)
    for what in script:
        await happens(desk, what)
    await desk.passes(3)
    shut = sorted(run.said.shut_out)
    again = [f"{facts['code']}-again" for kind, facts in script if kind == "chat"]
    typed = await tries(desk, code or "LM-7K3M2R9", [*again, *shut][:4], random.Random(run.seed))
    return script, code, before, typed


async def unit_of(desk: Desk, code: str) -> str:
    """Return the code of the unit that has a case; the Party committee where there is none."""
    async with desk.store.read() as work:
        case = code and await stored.look_at(work, code)
        return work.rules.directory.unit(case.unit_id).code if case else "dang_xa"


@pytest.mark.storm
@pytest.mark.timeout(0)
async def test_the_accused_never_reads_it(
    migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """No word, no code, no count of it ever reaches them: what they hear is what they hear without it."""
    figures = Figures()
    for dice in map(random.Random, range(times(1))):
        made = await office(dice, migrated_sqlite, tmp_path)
        for door in (dice.choice(FRESH), dice.choice(LATER)):
            run = Run(door, accuse(made.chart, dice), dice.randrange(10**6))
            figures.leaks += await tried(made.opener(monkeypatch, tmp_path), run, figures.counts)
        figures.counts["charts"] += 1
    request.config.get_terminal_writer().line(f"\n{dict(figures.counts)}, leaks: {len(figures.leaks)}")
    assert not figures.leaks, "\n".join(figures.leaks[:20])


async def tried(opened: Opener, run: Run, counts: Counter[str]) -> list[str]:
    """Play one accusation, and where nothing was known before the same days without it. Returns leaks."""
    async with opened() as desk:
        script, code, before, typed = await played(desk, run, None, "")
        shut = [*run.said.shut_out, *(f"{one}-again" for one in run.said.shut_out)]
        with_it = {one: desk.heard(one, before) for one in shut}
    counts.update({"accusations": 1, f"door {run.door}": 1, "typed": typed, "opened": int(bool(code))})
    heard = [
        (one, words) for one in shut for words in with_it[one] if MARK in words or _shows(words, code, run)
    ]
    leaks = [f"{run}: {one} heard {words}" for one, words in heard]
    if run.door in FRESH:
        async with opened() as desk:
            *_, before, _ = await played(desk, run, script, code)
            without = {one: desk.heard(one, before) for one in shut}
        differ = [one for one in shut if with_it[one] != without[one]]
        leaks += [
            f"{run} {script}: {one} may infer it: {_first(with_it[one], without[one])}" for one in differ
        ]
    return leaks


def _shows(heard: str, code: str, run: Run) -> bool:
    """Say whether a message names the case; one that was theirs before may be named until then."""
    return bool(code) and run.door in FRESH and code in heard


def _first(one: list[str], other: list[str]) -> str:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return f"  {left}\n  {right}"
    return f"  {one[len(other) :][:1]}\n  {other[len(one) :][:1]}"
