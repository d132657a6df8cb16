"""What is done to a matter that is no case: `change` is the only way it changes, as `act` is of a case."""

from functools import partial
from uuid import UUID

import locales
from domain.cases import NotAllowed
from domain.messages import Message
from services.matters import deciders
from services.matters.kinds import CALL, Deed, Intent, M, MatterAct, MatterKind, News
from services.saying import notices
from services.standing import second, superiors
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import DecidedAbove, NobodyDecides
from storage.ground.work import Work
from storage.people import matters as stored
from storage.people import reached
from storage.people.people import Chat, name_of

_NOT_BEGUN: frozenset[str | None] = frozenset({None})
"""What stands for the state of a matter that is only made, and not kept yet."""


async def change(work: Work, kind: MatterKind[M], matter: M, act: str, by: Actor, **facts: object) -> None:
    """Do something to a matter: authorise, change, record, wind its timer, tell, in the work's transaction.

    `facts` are what its line keeps. By an act without states the matter begins. Raises NotAllowed, what the
    kind names, or one of `services.standing.refusals`, and then nothing has changed.
    """
    await reached.load(work)
    one, intent = await authorise(work, kind, matter, act, by)
    deed = Deed(work, kind, matter, by, intent.basis, facts)
    await one.carry_out(deed)
    await _move(work, kind, matter, one, by)
    await one.change(deed)
    number = await stored.append(work, matter, act, by.name, deed.facts)
    wind(work, kind, matter)
    await _tell(deed, one, number)


async def authorise(
    work: Work, kind: MatterKind[M], matter: M | None, act: str, by: Actor
) -> tuple[MatterAct[M], Intent[M]]:
    """Return the act if it may be done, and what it comes to now. Raises what `change` raises."""
    one = kind.named(act)
    if matter is None:
        raise NotAllowed(kind.name)
    intent = Intent(work, kind, matter, by, await kind.basis(work, matter))
    if not one.may(intent):
        raise NotAllowed(kind.name)
    if one.second:
        second.decidable(matter, by.person_id, kind.refusals, may=True)
    if matter.state not in (one.states or _NOT_BEGUN):
        raise kind.refusals.over(kind.name)
    asks, area = matter.person_id, kind.area(matter)
    if one.second and kind.climbs and not superiors.may_decide_for(work, asks, by.person_id, area):
        raise DecidedAbove(kind.name)
    if not one.states and kind.climbs and not deciders.somebody_decides(work, kind, matter):
        raise NobodyDecides(kind.name)
    await one.guard(intent)
    return one, intent


async def _move(work: Work, kind: MatterKind[M], matter: M, one: MatterAct[M], by: Actor) -> None:
    """Bring it into the state the act leads to. Raises what the kind names where somebody was there first."""
    if not one.states:
        matter.state = one.to
        await stored.add(work, matter)
        return
    decides = one.second and one.to not in kind.awaits
    decided = {"decided_by": by.person_id, "decided_at": work.now} if decides else {}
    if not await stored.move(work, matter, one.states, one.to, **decided):
        raise kind.refusals.over(kind.name)


# --- told ----------------------------------------------------------------------------------------


async def _tell(deed: Deed[M], one: MatterAct[M], number: int) -> None:
    """Tell whom it concerns, each once; who did it knows."""
    work, matter, told = deed.work, deed.matter, {deed.by.person_id}
    facts = {"by": await name_of(work, deed.by.person_id), **deed.facts, **deed.aside}
    with work.within(deed.kind.area(matter) or work.area):
        for news in one.news:
            ids = [person for person in dict.fromkeys(news.to(deed)) if person not in told]
            told |= set(ids)
            about = f"{news.words}:{matter.id.hex}{'' if news.once else f':{number}'}"
            await notices.tell(work, ids, partial(_said, deed, news, facts), about, wake=news.wake)


async def _said(deed: Deed[M], news: News[M], facts: dict[str, object], chat: Chat) -> Message:
    if news.write is not None:
        return await news.write(deed.work, deed.matter, chat)
    return await said(deed.work, deed.kind, deed.matter, news, chat.language, **facts)


async def said(
    work: Work, kind: MatterKind[M], matter: M, news: News[M], language: str, **facts: object
) -> Message:
    """Write news of a matter."""
    filled = {**await kind.facts(work, matter, language), **facts}
    return Message(locales.words(language)(news.words, **filled), news.buttons(matter, language))


# --- found, and rung -----------------------------------------------------------------------------


async def opened(work: Work, kind: MatterKind[M], matter_id: UUID, act: str, by: Actor) -> M:
    """Return a matter, locked, to which somebody may do this now. Raises what `change` raises."""
    found = await stored.by_id(work, kind.row, matter_id)
    _, intent = await authorise(work, kind, found, act, by)
    return intent.matter


def wind(work: Work, kind: MatterKind[M], matter: M) -> None:
    """Set a matter's one next moment, worked out anew from how it stands."""
    waits = kind.climbs and matter.state in kind.awaits
    moments = [kind.moment(work, matter), deciders.next_call(work, kind, matter) if waits else None]
    work.wind(kind.name, str(matter.id), min((at for at in moments if at is not None), default=None))


async def ring_all(kind: MatterKind[M], work: Work, subjects: list[str]) -> int:
    """Do what is due to these matters; ask the next above where one still waits. Returns how many rang."""
    await reached.load(work)
    for subject in subjects:
        matter = await stored.by_id(work, kind.row, UUID(subject))
        if matter is None:
            work.wind(kind.name, subject, None)
        elif matter.state in kind.ring:
            await kind.ring[matter.state](work, matter)
        elif matter.state in kind.awaits:
            await change(work, kind, matter, CALL, CLOCK)
        else:
            work.wind(kind.name, subject, None)
    return len(subjects)
