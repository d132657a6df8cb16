"""What was said before and may be said again, and who else may have the same answer."""

from datetime import timedelta

from domain.cases import Act, Relation
from domain.impersonal import words_of
from domain.understand import gist, likeness
from services.standing import parties
from services.standing.alike import likeness_to
from services.standing.guards import is_close
from services.standing.parties import Actor
from storage.cases import answers
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work

_MOST = 60
"""Cases in one pair of hands that are looked through, the oldest."""


async def earlier(work: Work, case: Case) -> list[str]:
    """Return good earlier answers of the unit to the same trouble, the likest first, with blanks to fill.

    None to a sensitive field or for a case that is kept close: nothing leads from one of them to another.
    """
    rules = work.rules.answering
    if is_close(work, case):
        return []
    since = work.now - timedelta(days=rules.again_days)
    given = await answers.rated_well(work, case, since, rules.again_mark, rules.approve)
    ranked = [(likeness(gist(case.summary), gist(one.summary)), one) for one in given]
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    places = work.rules.names_of_places
    texts: dict[str, None] = {}
    for (_, shared), one in ranked:
        others = words_of([other.answer for other in given if other.answer != one.answer])
        if shared and (text := rules.again(one.answer, others | places)):
            texts[text] = None
    return list(texts)[: rules.again_most]


async def alike(work: Work, case: Case, by: Actor) -> dict[str, int]:
    """Return the codes and versions of other cases that may have the same answer from the same officer.

    What is joined has it anyway, with the case it is joined to.
    """
    if is_close(work, case) or by.person_id is None or not parties.has_it(work, case, by.person_id):
        return {}
    held = await answers.held_with(work, case, by.person_id, work.rules.answering.approve)
    apart = [one for one in held if not one.joined and one.code not in case.together]
    mine = [one for one in apart if Relation.OFFICER in parties.relations(work, one, by)]
    likeness_of = likeness_to(work, case.summary, case.area)
    return {one.code: one.version for one in mine[:_MOST] if likeness_of(one.summary, one.area) > 0}


async def returned(work: Work, case: Case) -> tuple[str, list[str]]:
    """Return the answer a chief sent back last and its files, nothing where it was given after all."""
    if case.request is not None:
        return "", []
    telling = {Act.SUBMIT, Act.ANSWER, Act.RELEASE, Act.REOPEN}
    lines = [event for event in await stored.history(work, case) if event.act in telling]
    if not lines or lines[-1].act != Act.SUBMIT:
        return "", []
    return lines[-1].detail["answer"], lines[-1].detail["files"]
