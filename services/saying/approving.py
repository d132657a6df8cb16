"""What waits for whose decision, and what is asked for, in words."""

import locales
from domain import numbers
from domain.cases import Relation
from services.saying import wording
from services.standing import access, guards, parties, reach, superiors
from services.standing.parties import Actor
from services.standing.pending import Pending
from storage.cases import workload
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat


async def waiting_for(work: Work, chat: Chat) -> list[Case]:
    """Return the cases in which this chat's person is to decide on what somebody else asked for."""
    units = reach.units_of(work, chat.person_id) | reach.units_below(work, [chat.person_id])
    asked = await workload.asked_of_units(work, units)
    return [case for case in asked if _decides(work, case, chat)]


def _decides(work: Work, case: Case, chat: Chat) -> bool:
    there = chat.person_id in superiors.deciders(work, case)
    return there and Relation.SUPERVISOR in parties.relations(work, case, Actor.of(chat))


async def awaited(work: Work, case: Case) -> str:
    """Return the names of whose decision a request waits for."""
    return ", ".join([await people.name_of(work, person) for person in superiors.expected(work, case)])


async def notice(work: Work, case: Case, language: str) -> str:
    """Tell who asks whose decision it is now, honestly where no message reaches them."""
    key = "request.sent" if superiors.deciders(work, case) else "request.unheard"
    return locales.words(language)(key, who=await awaited(work, case))


async def asker(work: Work, case: Case) -> str:
    """Return the name of who asks."""
    pending = Pending.of(case)
    return await people.name_of(work, pending.by) if pending is not None else ""


def words(case: Case) -> str:
    """Return what stands behind a request: the answer, the words of a refusal to act, or the reason."""
    asked = Pending.of(case)
    return wording.shortened(asked.answer or asked.text or asked.reason) if asked is not None else ""


async def line(work: Work, case: Case, chat: Chat) -> str:
    """Say in one line of this chat who asks for what."""
    access.shown(work, case, chat, access.LIST)
    language, officer = chat.language, await asker(work, case)
    key = f"approvals.line.{guards.requested(case)}"
    asked = wording.asked_for(work, case, language)
    facts = {name: numbers.mask(fact) if isinstance(fact, str) else fact for name, fact in asked.items()}
    summary = wording.shortened(case.summary, 60)
    return locales.words(language)(key, code=case.code, officer=officer, summary=summary, **facts)
