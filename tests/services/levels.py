"""A province moved by hand: its cases, and who has them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.acts.act import act
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.standing.kinds import ACTS
from services.standing.parties import Actor, relations
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from tests.services.two_channels import Two, case_of, key
from tests.storage import province
from tests.storage.commune import chat_of, work_off

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
WHY = {"reason": "Nơi có việc thuộc địa bàn nơi nhận", "why": "place"}


class Province(Two):
    """The desk of two communes and what is above them."""

    async def open(
        self, story: str = DRAIN, area: str = province.OURS, who: str = "dan", **more: object
    ) -> str:
        """Let somebody tell something in a commune; returns the case's code."""
        async with self.store.work() as work:
            with work.within(area):
                heard = work.rules.understanding.read(story)
                await people.load_chats(work, [key(work, who)])
                chat = chat_of(work, who)
                await work.session.flush()
                draft = Draft(heard, "thôn 3", heard.topic, **more)  # type: ignore[arg-type]
                code = (await new_cases.open_case(work, chat, draft)).code
        await work_off(self.desk)
        return code

    @asynccontextmanager
    async def at(self, code: str) -> AsyncIterator[tuple[Work, Case]]:
        """Open a unit of work with a case."""
        async with self.store.work() as work:
            yield work, await case_of(work, code)

    async def does(self, who: str, what: str, code: str, **detail: object) -> None:
        """Let an official do something to a case, and all that follows be sent."""
        async with self.at(code) as (work, case):
            by = await people.chat(work, key(work, who))
            await act(work, case, ACTS[what].of_json(detail), Actor.of(by))
        await work_off(self.desk)

    async def unit(self, code: str) -> str:
        """Return a unit's id."""
        async with self.store.read() as work:
            return str(next(unit.id for unit in work.desk.directory.units if unit.code == code))

    async def has(self, code: str) -> str:
        """Return the code of the unit that has a case."""
        async with self.at(code) as (work, case):
            return work.desk.directory.unit(case.unit_id).code

    async def relations(self, who: str, code: str) -> set[str]:
        """Return what somebody is to a case."""
        async with self.at(code) as (work, case):
            by = await people.chat(work, key(work, who))
            return {str(one) for one in relations(work, case, Actor.of(by))}
