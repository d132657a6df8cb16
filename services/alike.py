"""Whether somebody tells of what is being seen to already."""

from domain import numbers
from domain.understand import gist, likeness
from domain.understand.introductions import without_introductions
from domain.understand.persons import names_somebody
from services import intake
from services.intake import Draft
from storage import cases, recent
from storage.work import Recent, Work


async def same_matter(work: Work, draft: Draft, own: str) -> Recent | None:
    """Return the open case that tells of what a draft tells, the likeliest; None where none does.

    `own` is the key of the cases of whoever tells it.
    Only what concerns many is looked at: never what is kept close, nor what somebody asks for themselves. To
    others it is offered only where it is of a place: what names a person or a house, or is of a sensitive
    field, is nobody else's to follow, and least of all of whoever is complained of.
    """
    listening, rules = work.rules.listening, work.rules
    if draft.heard.kind not in listening.alike_kinds or intake.is_confidential(rules, draft, work.today):
        return None
    field, area = intake.field_of(rules, draft), intake.area_of(rules, draft.place)
    found = [
        (part, case.followers, case)
        for case in await recent.of_topic(work, draft.topic)
        if case.field == field and case.kind in listening.alike_kinds
        if (part := likeness_of(work, draft.heard.summary, area, case.summary, case.area)) > 0
    ]
    for _, _, case in sorted(found, key=lambda one: one[:2], reverse=True):
        if case.chat_key == own or await _is_of_a_place(work, case, draft.heard.text):
            return case
    return None


async def _is_of_a_place(work: Work, case: Recent, told: str) -> bool:
    """Say whether neither what is told now nor what was told then is anybody's own matter."""
    taxonomy, places = work.rules.taxonomy, work.rules.place_words
    if case.field not in work.rules.listening.alike_fields or taxonomy.fields[case.field].sensitive:
        return False
    if _names_somebody(told, places) or _names_somebody(case.summary, places):
        return False
    whole = await cases.look_at(work, case.code)
    return whole is not None and not _names_somebody(f"{whole.story}\n{whole.place}", places)


def _names_somebody(text: str, places: frozenset[str]) -> bool:
    """Say whether it names anybody but who writes: nobody who follows reads who that is."""
    return names_somebody(without_introductions(numbers.mask(text)), places)


def likeness_of(work: Work, summary: str, area: str, other: str, there: str) -> float:
    """Return how alike two matters are, by their summaries and areas, 0 where not enough.

    Where no hamlet is known, all the words must agree.
    """
    listening = work.rules.listening
    places, hamlets = work.rules.place_words, work.rules.directory.hamlet_codes
    part, words = likeness(gist(summary) - places, gist(other) - places)
    if area != there and {area, there} <= hamlets:
        return 0.0
    enough = listening.alike_part if area == there and area in hamlets else 1.0
    return part if part >= enough and words >= listening.alike_words else 0.0
