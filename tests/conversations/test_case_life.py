"""The life of a case under anything people and time may do to it, in any order, through `services.acts.act`.

It is lived on a real database that is kept for the whole test; every example has a citizen of its own.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from domain.cases import OPEN_STATES, Act, NotAllowed, NotNow, Relation, State
from domain.ringing import Circle
from scheduler.clock import tick
from services.acts import moments
from services.acts.act import act, authorise
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.saying import cards
from services.standing import kinds, parties
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from services.standing.reckoning import KIND, due_of
from storage.cases import cases as stored
from storage.ground.tables import Case, CaseEvent, Outbox, Timer
from storage.ground.work import Work
from storage.people import people
from storage.store.engine import Store
from tests.amounts import times
from tests.conftest import MONDAY, StoppedClock
from tests.conversations.conftest import Commune
from tests.conversations.player import Player

Result = TypeVar("Result")
STORIES = (
    "cống thôn 3 tắc mấy hôm rồi, mưa là ngập",
    "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3",
    "cháy nhà ở thôn 1, lửa to lắm",
    "chủ tịch xã vòi tiền 5 triệu của nhà tôi ở thôn 2",
    "tố cáo công an xã đánh người gãy tay, cần cấp cứu ở thôn 1",
)
ANSWER = "Đã nạo vét xong cống sáng ngày 18/11, nước thoát tốt."
OFFICIALS = ("officer", "colleague", "supervisor", "head", "party", "duty", "police")
ACTORS = ("citizen", "stranger", *OFFICIALS)
BY_PEOPLE = tuple(a for a in Act if a not in {Act.OPEN, Act.REMIND, Act.ESCALATE, Act.RECOMPUTE})
HANDING = frozenset(
    {Act.REASSIGN, Act.TRANSFER, Act.ASK_TRANSFER, Act.ASSIGN, Act.UNBAR, Act.JOIN, Act.GATHER}
)
"""Acts that may be refused for whom or which other case they name, or for what the case does not tell."""
LEADING_ON = tuple(a for a in BY_PEOPLE if a is not Act.WITHDRAW)
_NUMBER = count(1)
_MOMENTS = 40
"""How often the clock rings before it stands still to the end: what nobody takes rings for ever."""


class Town:
    """The desk all examples share, and the loop that runs it."""

    def __init__(self, commune: Commune, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.clock = StoppedClock()
        self.store: Store = commune.open(folder, self.clock)
        self.player = Player(self.store, self.clock)
        for name in OFFICIALS:
            self.run(self.player.seat(name))

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Do something to its end."""
        return self.loop.run_until_complete(coroutine)

    def close(self) -> None:
        """Close the desk."""
        self.run(self.store.close())
        self.loop.close()


def _detail(what: Act, number: int, unit_id: str) -> dict[str, Any]:
    """Return what an act says besides its name."""
    details: dict[Act, dict[str, Any]] = {
        Act.ASK: {"question": "Ở đoạn nào ạ?"},
        Act.ANSWER: {"answer": ANSWER},
        Act.SUBMIT: {"answer": ANSWER},
        Act.EXTEND: {"days": number, "reason": "Chờ kinh phí"},
        Act.LENGTHEN: {"days": number, "reason": "Chờ kinh phí"},
        Act.REASSIGN: {"unit_id": unit_id},
        Act.TRANSFER: {"unit_id": unit_id, "reason": "Sai thẩm quyền"},
        Act.ASK_TRANSFER: {"unit_id": unit_id, "reason": "Sai thẩm quyền"},
        Act.MOVE: {"unit_id": unit_id},
        Act.DECLINE: {"reason": "duplicate", "text": ANSWER},
        Act.NOTE: {"text": "đã gọi điện"},
        Act.BAR: {"days": number, "reason": "Nhắn quấy rối"},
        Act.CONTACT: {"number": "+84905123456"},
        Act.LOCATE: {"place": "thôn 2", "area": "thon_2"},
        Act.WITNESS: {"text": "tôi cũng thấy", "phone": ""},
        Act.RING: {"n": number, "to": []},
        Act.CALL_OUT: {"n": number},
        Act.CALL_UP: {"n": number},
        Act.ASK_IDENTITY: {"reason": "Cần làm rõ để bảo vệ người gửi"},
        Act.ALL_CLEAR: {"text": "dập rồi"},
        Act.CRY: {"text": "cứu tôi với"},
        Act.COMMENT: {"text": "đi lại tốt rồi"},
        Act.CLAIM: {"digits": "3456"},
        Act.RATE: {"rating": number},
        Act.REOPEN: {"reason": "Chưa xong"},
        Act.REPLY: {"text": "đoạn đầu thôn"},
        Act.SUPPLEMENT: {"text": "thêm"},
        Act.JOIN: {"head": "LM-2222222"},
        Act.GATHER: {"other": "LM-2222222"},
    }
    return details.get(what, {})


@pytest.fixture
def town(commune: Commune, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a generator
    """Open one desk for every example of a machine."""
    opened = Town(commune, tmp_path_factory.mktemp("town"))
    yield opened
    opened.close()


def _tells_above(event: CaseEvent) -> bool:
    """Say whether a line of a history tells those above: while nobody has what cannot wait, it rings."""
    return event.act == Act.ESCALATE or (event.act == Act.RING and Circle.HEADS in event.detail["to"])


class CaseLife(RuleBasedStateMachine):
    """One case; anybody may try anything, at any time."""

    town: ClassVar[Town]

    @initialize(story=st.sampled_from(STORIES), hours=st.integers(0, 200))
    def begin(self, story: str, hours: int) -> None:
        """Let a citizen tell something, at any hour of the day and week."""
        self.clock = self.town.clock
        self.clock.at = MONDAY + timedelta(hours=hours)
        self.citizen = f"citizen{next(_NUMBER)}"
        self.version = 1
        self.case_id = self.town.run(self._open(story))

    async def _open(self, story: str) -> UUID:
        async with self.town.store.work() as work:
            # An emergency of an earlier life would ring on and on.
            await work.session.execute(delete(Timer).where(Timer.kind == KIND))
            heard = work.rules.understanding.read(story)
            for name in (self.citizen, "stranger"):
                await people.load_chats(work, [self.town.player.key(name)])
                people.open_chat(work, "paper", self.town.player.key(name), name)
            await work.session.flush()
            chat = await people.chat(work, self.town.player.key(self.citizen))
            case = await new_cases.open_case(work, chat, Draft(heard, "thôn 3", heard.topic))
            return case.id

    @rule(what=st.sampled_from(BY_PEOPLE), actor=st.sampled_from(ACTORS), number=st.integers(1, 5))
    def anything(self, what: Act, actor: str, number: int) -> None:
        """Let somebody try something; what is refused has changed nothing."""
        before = self.look()
        try:
            self.town.run(self._act(what, actor, number, before["version"]))
        except (NotAllowed, NotNow):
            assert self.look() == before

    @rule(data=st.data(), times=st.integers(1, 5), hours=st.sampled_from([0, 0, 5, 24, 72, 400]))
    def life_goes_on(self, data: st.DataObject, times: int, hours: int) -> None:
        """Let some time pass, and people do what they may do now, or be too late for it by one change."""
        self.time_passes(hours)
        for _ in range(times):
            allowed = self.town.run(self._allowed())
            if not allowed:  # this case is over: the next one
                self.case_id = self.town.run(self._open(data.draw(st.sampled_from(STORIES))))
                return
            what, actor = data.draw(st.sampled_from(allowed))
            self._try(what, actor, data.draw(st.integers(1, 5)), stale=data.draw(st.integers(0, 7)) == 7)

    def _try(self, what: Act, actor: str, number: int, *, stale: bool) -> None:
        before = self.look()
        try:
            self.town.run(self._act(what, actor, number, before["version"] - stale))
        except (NotAllowed, NotNow):
            assert self.look() == before
            if not stale and what not in HANDING:  # to whom it may not go, or who has it already
                raise
            return
        after = self.look()
        assert not stale
        assert after["version"] == before["version"] + (not ACTS[what].quiet)
        assert after["history_length"] == before["history_length"] + 1

    async def _allowed(self) -> list[tuple[Act, str]]:
        """Return what may be done now, one of each act; who does it first may do it."""
        async with self.town.store.work() as work:
            case = await self._case(work)
            found: dict[Act, str] = {}
            for actor in ACTORS:
                by = await self._actor(work, actor)
                for what in LEADING_ON if parties.relations(work, case, by) else ():
                    with suppress(NotAllowed, NotNow):
                        authorise(work, case, what, by, case.version)
                        found.setdefault(what, actor)
            return list(found.items())

    async def _actor(self, work: Work, name: str) -> Actor:
        key = self.town.player.key(self.citizen if name == "citizen" else name)
        return Actor.of(await people.chat(work, key))

    async def _act(self, what: Act, actor: str, number: int, version: int) -> None:
        async with self.town.store.work() as work:
            case = await self._case(work)
            by = await self._actor(work, actor)
            related = parties.relations(work, case, by)
            units = work.rules.directory.units
            detail = _detail(what, number, str(units[number].id))
            if what is Act.ASSIGN:
                detail = {"officer_id": str(parties.workers(work, case)[0])}
            await act(work, case, ACTS[what].of_json(detail), by, version=version)
            assert related, f"{actor} is nothing to the case and did {what}"

    def time_passes(self, hours: int) -> None:
        """Let the clock ring at every moment on the way."""
        self.town.run(self._pass(self.clock.at + timedelta(hours=hours)))

    async def _pass(self, end: datetime) -> None:
        for _ in range(_MOMENTS):
            if (moment := await self._next_timer()) is None or moment > end:
                break
            self.clock.at = max(moment, self.clock.at)
            await tick(self.town.store)
        self.clock.at = end
        await tick(self.town.store)

    async def _next_timer(self) -> datetime | None:
        async with self.town.store.read() as work:
            at: datetime | None = await work.session.scalar(
                select(Timer.due_at).where(Timer.subject == str(self.case_id))
            )
            return at

    async def _case(self, work: Work) -> Case:
        await stored.load_due(work, [self.case_id])
        return work.cases[self.case_id]

    def look(self) -> dict[str, Any]:
        """Return the case's row as it is stored."""
        return self.town.run(self._look())

    async def _look(self) -> dict[str, Any]:
        async with self.town.store.read() as work:
            row = await work.session.get(Case, self.case_id)
            assert row is not None
            return {column.name: getattr(row, column.name) for column in Case.__table__.columns}

    @invariant()
    def all_holds(self) -> None:
        """Check what must be true after every step, once the clock rang for what that made due at once."""
        self.town.run(self._pass(self.clock.at + timedelta(seconds=1)))
        self.town.run(self._check())

    async def _check(self) -> None:
        async with self.town.store.read() as work:
            case = await work.session.get(Case, self.case_id)
            assert case is not None
            assert await stored.first_broken_line(work, case) is None, "the history's chain is broken"
            if case.state in OPEN_STATES - {State.ASKED}:
                due = due_of(work, case)
                assert (due.at, due.day) == (case.due_at, case.due_on), "due_at cannot be derived again"
            upcoming = [m.at for m in moments.moments(work, case) if m.at > case.alarmed_at]
            assert await self._next_timer() == min(upcoming, default=None), "its timer is not its next moment"
            await self._nobody_is_left_out(work, case)
            await self._no_card_lies(work, case)
            await self._nobody_accused_heard(work, case)
            await self._nothing_twice(work, case)

    async def _no_card_lies(self, work: Work, case: Case) -> None:
        """Every verb on a card, or behind “something else”, is one the server does not refuse at once."""
        for name in OFFICIALS:
            chat = await people.chat(work, self.town.player.key(name))
            shown = cards.card_verbs(work, case, chat)
            assert len(shown) <= 6
            for verb in (*shown, *cards.other_verbs(work, case, chat)):
                ways = kinds.verbs().get(verb, ())
                refusals = [self._refusal(work, case, way.act, Actor.of(chat)) for way in ways]
                assert not refusals or None in refusals, f"{name} is shown {verb}: {refusals}"

    @staticmethod
    def _refusal(work: Work, case: Case, what: Act, by: Actor) -> Exception | None:
        try:
            authorise(work, case, what, by, case.version)
        except (NotAllowed, NotNow) as refusal:
            return refusal
        return None

    async def _nobody_is_left_out(self, work: Work, case: Case) -> None:
        """Check that an open case two working days late was told to somebody above, or rang for them."""
        calendar = work.rules.calendar
        if case.state not in OPEN_STATES - {State.ASKED} or work.today <= case.due_on:
            return
        if calendar.working_days_after(case.due_on, work.today) >= 2:
            events = await stored.history(work, case)
            assert any(map(_tells_above, events)), "an overdue case is silent"

    async def _nobody_accused_heard(self, work: Work, case: Case) -> None:
        for name in OFFICIALS if case.excluded else ():
            key = self.town.player.key(name)
            chat = await people.chat(work, key)
            held = work.rules.directory.held_by(chat.person_id, work.today)
            if any(str(holding.unit_id) in case.excluded for holding in held):
                told = await work.session.scalars(select(Outbox.key).where(Outbox.lane == key))
                assert not [k for k in told if k.startswith(case.code)], f"{name} is accused and was told"
                assert parties.relations(work, case, Actor.of(chat)) <= {Relation.CITIZEN}

    async def _nothing_twice(self, work: Work, case: Case) -> None:
        """One act tells the citizen at most one thing."""
        key = self.town.player.key(self.citizen)
        keys = await work.session.scalars(select(Outbox.key).where(Outbox.lane == key))
        told = [k.split(":")[:2] for k in keys]
        acts = [(code, line) for code, line in told if line.isdecimal()]  # a ring is told of by its minute
        assert len(acts) == len(set(acts)), "the citizen was told of one act twice"


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_nothing_people_do_breaks_a_case(town: Town) -> None:
    """Whatever is tried, in whatever order: what must hold holds."""
    CaseLife.town = town
    profile = settings(
        max_examples=times(5),
        stateful_step_count=20,
        deadline=None,
        # A failing walk is printed as it was walked: to shorten it would take minutes.
        phases=(Phase.explicit, Phase.generate),
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(CaseLife, settings=profile)
