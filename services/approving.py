"""What waits for whose decision, and what is asked for, in words."""

from uuid import UUID

import locales
from domain.cases import Relation
from services import access, guards, who, wording
from services.who import Actor
from storage import people, workload
from storage.cases import Case
from storage.people import Chat
from storage.work import Work


async def waiting_for(work: Work, chat: Chat) -> list[Case]:
    """Return the cases in which this chat's person is to decide on what somebody else asked for."""
    asked = await workload.asked_of_units(work, who.units_of(work, chat.person_id))
    return [case for case in asked if _decides(work, case, chat)]


def _decides(work: Work, case: Case, chat: Chat) -> bool:
    by = case.request["by"] if case.request else None
    deciders = who.deciders(work, case, UUID(by)) if by else []
    return chat.person_id in deciders and Relation.SUPERVISOR in who.relations(work, case, Actor.of(chat))


async def line(work: Work, case: Case, chat: Chat) -> str:
    """Say in one line of this chat who asks for what."""
    access.shown(work, case, chat, access.LIST)
    language = chat.language
    asked = case.request or {}
    officer = await people.name_of(work, UUID(asked["by"]))
    key = f"approvals.line.{guards.requested(case)}"
    facts = wording.asked_for(work, case, language)
    summary = wording.shortened(case.summary, 60)
    return locales.words(language)(key, code=case.code, officer=officer, summary=summary, **facts)
