"""The life of a made-up province: what happens, drawn before it is played, and what everybody heard of it.

A script can be played again without what happened in one commune: then all others must hear the very same.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from domain.cases import Act, NotAllowed, NotNow, Relation
from scheduler.clock import begin, tick
from services.acts.act import act
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import absences, broadcasts
from services.standing.kinds import ACTS
from services.standing.parties import Actor, relations
from services.standing.refusals import NobodyDecides, NobodyLeft
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail.inbox import Arrived
from storage.office import absences as days
from storage.people import people
from storage.store.engine import Store
from tests.conversations.player import Player
from tests.services.border_steps import ABOVE, Dice, Step, Told
from tests.services.provinces import IN_CHARGE, PROVINCE, SERVING, Chart, Official

_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_REASON = {"reason": "Nơi có việc thuộc địa bàn nơi nhận", "why": "place"}
_SELDOM = timedelta(hours=12)


@dataclass
class Life:
    """One play of a script."""

    chart: Chart
    store: Store
    player: Player
    codes: Dice
    cases: dict[int, Told] = field(default_factory=dict)
    away: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    been: dict[str, set[str]] = field(default_factory=dict)
    """The communes in which each citizen has told something."""
    groups: dict[str, str] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    seen: int = 0
    said: int = 0

    # --- beginning ---

    async def settle(self, grouped: Sequence[str]) -> None:
        """Give who has joined a chat, and some units a group."""
        async with self.store.work() as work:
            self.units = {unit.code: unit.id for unit in work.desk.directory.units}
            for one in self.chart.officials.values():
                person = await people.person_by_code(work, one.code)
                assert person is not None
                self.ids[one.code] = person.id
                if one.joined:
                    self._chat(work, one.code).person_id = person.id
            for unit in grouped:
                group = self._chat(work, f"group-{unit}")
                group.group, group.unit_id = True, self.units[unit]
                self.groups[f"group-{unit}"] = unit
        await begin(self.store)

    def _chat(self, work: Work, address: str) -> people.Chat:
        return people.open_chat(work, self.player.paper.account, self.player.key(address), address)

    async def play(self, script: Sequence[Step], without: str | None = None) -> None:
        """Play a script, or all of it that is not of one commune."""
        hidden = {step.case for step in script if step.what in {"open", "tell"} and step.commune == without}
        hidden -= {None}
        start = self.player.clock.at
        for number, step in enumerate(script):
            self.codes.at(number)
            start += timedelta(minutes=20)
            self.player.clock.at = start
            if without is None or not (step.commune == without or step.case in hidden):
                await getattr(self, f"_{step.what}")(step)
            if step.what == "broadcast":  # what has come due rings in either play
                await tick(self.store)
            await self.player.settle()
            await self._look(step)
            start += timedelta(hours=step.get("hours") or 0)

    # --- what happens ---

    async def _open(self, step: Step) -> None:
        """Let somebody tell something in a commune, without a conversation."""
        async with self.store.work() as work:
            with work.within(step.commune):
                heard = work.rules.understanding.read(step.get("story"))
                await people.load_chats(work, [self.player.key(step.who)])
                chat = self._chat(work, step.who)
                await work.session.flush()
                try:
                    case = await new_cases.open_case(work, chat, Draft(heard, step.get("place"), heard.topic))
                except NobodyLeft:
                    return
                self._told(step, case.code)

    async def _tell(self, step: Step) -> None:
        """Let somebody tell it on a commune's page, and agree to whatever is asked."""
        before = await self._all_codes()
        await self._says(step.who, f"x{step.commune}")
        await self._says(step.who, step.get("story"))
        for _ in range(6):
            if new := [code for code in await self._all_codes() if code not in before]:
                self._told(step, new[0])
                return
            await self._says(step.who, "gui")

    def _told(self, step: Step, code: str) -> None:
        assert step.case is not None
        commune, accused = step.commune or "", step.get("accused")
        shut = self.chart.shut_out_with(accused, self.away) if accused else set()
        self.cases[step.case] = Told(
            code, step.get("mark"), step.who, step.get("kind"), {commune}, set(), shut
        )
        self.been.setdefault(step.who, set()).add(commune)

    async def _act(self, step: Step) -> None:
        """Let an official do something to a case: of its unit, who heads where it is, or anybody at all."""
        if (told := self.cases.get(step.case or 0)) is None:
            return
        async with self.store.work() as work:
            case = await self._case(work, told)
            who = self._who(work, case, step)
            if who is None:
                return
            actor = Actor(self.player.key(who) if self.chart.officials[who].joined else None, self.ids[who])
            await people.load_chats(work, [self.player.key(who)])
            mine = self._may(who, told, case)
            detail = {key: value for key, value in step.facts if key not in {"to", "by", "seed"}}
            if step.get("to"):
                detail |= {"unit_id": str(self._unit_in(case, step.get("to"), step.get("seed")))} | _REASON
            try:
                await act(work, case, ACTS[Act(step.get("act"))].of_json(detail), actor)
            except (NotAllowed, NotNow):
                return
            if not mine:
                self.leaks.append(f"{who} does {step} to {told}")
            if step.get("act") == "reassign":
                self._moved(told, work.desk.directory.unit(case.unit_id).code)
            told.risen |= case.request is not None

    _cross = _act

    def _moved(self, told: Told, unit: str) -> None:
        told.had.add(self.chart.seat(unit))

    def _unit_in(self, case: Case, seat: str, seed: int) -> UUID:
        there = sorted(code for code, unit in self.chart.units.items() if unit.seat == seat)
        return self.units[random.Random(seed).choice(there)]

    def _who(self, work: Work, case: Case, step: Step) -> str | None:
        unit = work.desk.directory.unit(case.unit_id).code
        people_ = [one for one in self.chart.officials.values() if self._fits(one, unit, step.get("by"))]
        return random.Random(step.get("seed")).choice(people_).code if people_ else None

    def _fits(self, one: Official, unit: str, by: str) -> bool:
        seat = self.chart.seat(unit)
        heads = any(role == "head" and self.chart.seat(u) == seat for role, u in one.roles)
        return {"unit": any(u == unit for _, u in one.roles), "head": heads}.get(by, True)

    async def _adds(self, step: Step) -> None:
        """Let the citizen say more, with the case's mark in it."""
        if (told := self.cases.get(step.case or 0)) is not None:
            async with self.store.work() as work:
                case = await self._case(work, told)
                await people.load_chats(work, [self.player.key(told.citizen)])
                words = f"vẫn chưa ai làm gì, {told.mark}"
                detail = {"text": words, "reason": words, "files": []}
                try:
                    await act(work, case, ACTS[Act(step.get("act"))].of_json(detail), Actor(case.chat_key))
                except (NotAllowed, NotNow):
                    return

    async def _away(self, step: Step) -> None:
        """Let somebody be away: said by themselves, or however it came to be, over whatever border."""
        to = step.get("to")
        if {step.who, to} & {*self.away, *self.away.values()}:
            return
        async with self.store.work() as work:
            last = work.today + timedelta(days=step.get("days"))
            try:
                if step.get("said"):
                    await people.load_chats(work, [self.player.key(step.who)])
                    by = self._chat(work, step.who)
                    by.person_id = self.ids[step.who]
                    await absences.begin(work, by, self.ids[step.who], self.ids[to], (work.today, last))
                else:
                    await days.add(work, self.ids[step.who], self.ids[to], work.today, last)
            except (NotAllowed, NotNow):
                return
        self.away[step.who] = to
        for told in self.cases.values():
            if step.who in told.shut and not any(r in IN_CHARGE for r, _ in self.chart.officials[to].roles):
                told.shut |= {to} if self.chart.seats(to) & self.chart.seats(step.who) else set()

    async def _say(self, step: Step) -> None:
        """Let an official type something, and give up what is asked then."""
        told = self.cases.get(step.case) if step.case is not None else None
        if step.case is not None and told is None:
            return
        code = told.code if told is not None else ""
        await self._says(step.who, step.get("text").format(code=code))
        await self._look(step, code)
        await self._says(step.who, "huy")

    async def _passes(self, step: Step) -> None:
        """Let time pass: the desk looks at its clock every few hours, and when its rounds are due."""
        clock = self.player.clock
        at, end = clock.at, clock.at + timedelta(hours=step.get("hours"))
        while at < end:
            rounds = (
                at.replace(hour=hour, minute=30, second=0) for hour in (0, 9)
            )  # 07:30, 16:30 in Vietnam
            at = min(end, at + _SELDOM, *(due for due in rounds if due > at))
            moment = await self.player.next_moment()
            if moment is not None and moment <= at:
                clock.at = at
                await tick(self.store)
                await self.player.settle()
                await self._look(step)
        clock.at = end

    async def _broadcast(self, step: Step) -> None:
        """Let a head write to the commune and whoever may let it go."""
        async with self.store.work() as work:
            await people.load_chats(work, [self.player.key(step.who)])
            by = self._chat(work, step.who)
            by.person_id = self.ids[step.who]
            with work.within(step.commune):
                try:
                    sent = await broadcasts.propose(
                        work, by, step.commune or "", f"họp dân, {step.get('mark')}"
                    )
                except (NotAllowed, NotNow, NobodyDecides):
                    return
        for other in self.chart.officials.values():
            async with self.store.work() as work:
                await people.load_chats(work, [self.player.key(other.code)])
                chat = work.chats.get(self.player.key(other.code))
                if chat is None or other.code == step.who:
                    continue
                try:
                    await broadcasts.approve(work, chat, sent.id)
                except (NotAllowed, NotNow):
                    continue
            led = {self.chart.seat(unit) for role, unit in self._roles(other.code) if role in IN_CHARGE}
            if not led & {step.commune, PROVINCE}:
                self.leaks.append(f"{other} lets a message of {step.commune} go")
            break

    # --- what was heard ---

    def _roles(self, who: str) -> list[tuple[str, str]]:
        return self.chart.lent(who, self.away)

    def _may(self, who: str, told: Told, case: Case) -> bool:
        """Say whether somebody may know of a case, by the design (see `provinces`)."""
        return any(self._by(role, unit, told, case) for role, unit in self._roles(who))

    def _by(self, role: str, unit: str, told: Told, case: Case) -> bool:
        seat = self.chart.seat(unit)
        if seat in told.had or (role == "head" and seat == PROVINCE):
            return True
        if seat != PROVINCE:
            return False
        over = any(unit in self.chart.chain(one) for one in told.units)
        climbed = self.chart.units[unit].type == ABOVE.get(told.kind) and self._has_risen(told, case)
        return (role == "duty" and told.kind == "fire") or (role in IN_CHARGE and (over or climbed))

    def _has_risen(self, told: Told, case: Case) -> bool:
        """Say whether those above the commune may hear: it is late, asked of them, or nobody heads it now."""
        heads = [
            one.code
            for one in self.chart.officials.values()
            for role, unit in one.roles
            if role == "head" and self.chart.seat(unit) in told.had
        ]
        there = [self.away.get(one, one) for one in heads]
        nobody = not any(self.chart.officials[one].joined for one in there)
        return told.risen or nobody or case.due_at <= self.player.clock.at

    async def _look(self, step: Step, typed: str = "") -> None:
        """Look at all that was said since the last look; `typed`: the code that whoever spoke has named."""
        news = self.player.paper.told[self.seen :]
        if not news:
            return
        self.seen = len(self.player.paper.told)
        async with self.store.read() as work:
            for told in self.cases.values():
                case = await stored.look_at(work, told.code)
                assert case is not None
                unit = work.desk.directory.unit(case.unit_id).code
                self._in_place(told, unit, case)
                for one in news:
                    words = f"{one.message.text}|{[(c.label, c.action) for c in one.message.choices]}"
                    if one.key.startswith("reply:") and typed == told.code:
                        words = words.replace(told.code, "")
                    if (told.code in words or told.mark in words) and not self._hears(
                        one.address, told, case, words
                    ):
                        self.leaks.append(f"{step}: {one.address} heard of {told}: {words}")

    def _in_place(self, told: Told, unit: str, case: Case) -> None:
        """See that it is nowhere but where it was told or moved; above where nobody could read it there."""
        seat = self.chart.seat(unit)
        if seat not in told.had and not (seat == PROVINCE and case.confidential):
            self.leaks.append(f"{told} is in {unit}")
        told.had.add(seat)
        told.units.add(unit)

    def _hears(self, address: str, told: Told, case: Case, words: str) -> bool:
        if address == told.citizen:
            return True
        if address in self.groups:
            return self.groups[address] in told.units and told.mark not in words and not told.shut
        if address not in self.chart.officials:
            return told.mark not in words and bool(self.been.get(address, set()) & told.had)
        if address in told.shut:
            return False
        above = ("admin", "vp_tinh") in self.chart.officials[address].roles
        # That an alarm reaches nobody, and no more.
        alarm = above and told.kind == "fire" and told.mark not in words
        return alarm or self._may(address, told, case)

    async def everyone_stands_right(self) -> None:
        """See that nobody of elsewhere is anything to a case but anybody."""
        async with self.store.read() as work:
            for told in self.cases.values():
                case = await stored.look_at(work, told.code)
                assert case is not None
                for who in self.chart.officials:
                    found = relations(work, case, Actor(person_id=self.ids[who]))
                    if who in told.shut and found:
                        self.leaks.append(f"{who} is {found} to {told}, which speaks of them")
                    if found - {Relation.ANYBODY} and not self._may(who, told, case) and not self._keeps(who):
                        self.leaks.append(f"{who} is {found} to {told}")

    def _keeps(self, who: str) -> bool:
        """Say whether somebody is an admin or a keeper of the province, who are so to every case below."""
        return any(u == "vp_tinh" and role not in SERVING for role, u in self.chart.officials[who].roles)

    def heard(self, address: str) -> list[str]:
        """Return all that was said to an address: words and buttons."""
        told = [one.message for one in self.player.paper.told if one.address == address]
        return [_UUID.sub("#", f"{m.text}|{[(c.label, c.action) for c in m.choices]}") for m in told]

    async def _case(self, work: Work, told: Told) -> Case:
        case = await stored.by_code(work, told.code)
        assert case is not None
        return case

    async def _says(self, who: str, text: str) -> None:
        """Let somebody type something, a minute later."""
        self.said += 1
        self.player.clock.at += timedelta(minutes=1)
        await self.player.desk.ingest(
            Arrived(self.player.paper.account, f"s{self.said}", who, {"text": text})
        )
        await self.player.settle()

    async def _all_codes(self) -> list[str]:
        async with self.store.read() as work:
            return list(await work.session.scalars(select(Case.code)))
