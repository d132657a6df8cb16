"""Whether somebody tells of what is being seen to already."""

from domain import numbers
from domain.understand import gist, likeness
from domain.understand.introductions import without_introductions
from domain.understand.persons import names_somebody
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.standing import exclusion, parties
from services.standing.alike import likeness_to
from services.standing.parties import URGENT, Actor
from storage.cases import cases as stored
from storage.cases import recent
from storage.cases.cases import Case
from storage.ground.work import Recent, Work


async def same_matter(work: Work, draft: Draft, by: Actor) -> Recent | None:
    """Return the open case that tells of what a draft tells, the likeliest; None where none does.

    `by` tells it. Whoever stands outside a case never learns from their own that it is there.
    Only what concerns many is looked at: never what is kept close, nor what somebody asks for themselves. To
    others it is offered only where it is of a place: what names a person or a house, or is of a sensitive
    field, is nobody else's to follow, and least of all of whoever is complained of.
    """
    listening, rules = work.rules.listening, work.rules
    if draft.heard.kind not in listening.alike_kinds or new_cases.is_confidential(rules, draft, work.today):
        return None
    field, area = new_cases.field_of(rules, draft), new_cases.area_of(rules, draft.place)
    likeness_of = likeness_to(work, draft.heard.summary, area)
    found = [
        (part, case.followers, case)
        for case in await recent.of_topic(work, draft.topic)
        if case.field == field and case.kind in listening.alike_kinds
        if (part := likeness_of(case.summary, case.area)) > 0
        if not parties.is_outside(work, case, by)
    ]
    for _, _, case in sorted(found, key=lambda one: one[:2], reverse=True):
        if case.chat_key == by.own or _is_of_a_place(work, case, draft.heard.text):
            return case
    return None


def _is_of_a_place(work: Work, case: Recent, told: str) -> bool:
    """Say whether neither what is told nor what was told then is anybody's own matter, nor kept from any."""
    if exclusion.wall_of(case):
        return False
    taxonomy, places = work.rules.taxonomy, work.rules.place_words
    if case.field not in work.rules.listening.alike_fields or taxonomy.fields[case.field].sensitive:
        return False
    if _names_somebody(told, places) or _names_somebody(case.summary, places):
        return False
    return not _names_somebody(case.told(), places)


def _names_somebody(text: str, places: frozenset[str]) -> bool:
    """Say whether it names anybody but who writes: nobody who follows reads who that is."""
    others = numbers.mask(text, spare={numbers.Kind.PLATE})
    return names_somebody(without_introductions(others), places)


_OF_MANY = frozenset({"fire", "rescue", "drowning", "electric", "bomb"})
"""Dangers of which a hamlet has one at a time: whoever tells of it there tells of that one."""


async def same_alarm(work: Work, draft: Draft, by: Actor) -> Case | None:
    """Return the running alarm that a new one tells of too; None where it may be another, or is kept close.

    Whoever stands outside an alarm raises one of their own, and so does whose commune nobody knows.

    Two who need an ambulance in one hamlet are two: what is not seen by many must be told in like words.
    """
    if new_cases.is_confidential(work.rules, draft, work.today) or not draft.heard.dangers:
        return None
    if new_cases.is_of_none(work.rules):
        return None  # “thôn 1” is one in each commune: which is meant is asked of each who calls
    area, kinds = new_cases.area_of(work.rules, draft.place), set(draft.heard.dangers)
    for code in await recent.alarms(work, URGENT):
        case = await stored.by_code(work, code)
        if case is None or parties.is_outside(work, case, by):
            continue
        if not work.desk.directory.together(area, case.area):
            continue
        shared = kinds & set(work.rules.understanding.read(case.story).dangers)
        if not shared:
            continue
        if _same_place(work, (draft.heard.text, area), case, of_many=bool(shared & _OF_MANY)):
            return case
    return None


def _same_place(work: Work, told: tuple[str, str], case: Case, *, of_many: bool) -> bool:
    """Say whether a danger of the same kind is at the same place, by hamlet or by the words told of it."""
    text, area = told
    if _in_doubt(work, text, area) or _in_doubt(work, case.story, case.area):
        return False
    hamlets, places = work.rules.directory.hamlet_codes, work.rules.place_words
    if area != case.area and {area, case.area} <= hamlets:
        return False
    here = area == case.area and area in hamlets
    part, words = likeness(gist(text) - places, gist(case.story) - places)
    listening = work.rules.listening
    return (of_many and here) or (part >= listening.alike_part and words >= listening.alike_words)


def _in_doubt(work: Work, text: str, area: str) -> bool:
    """Say whether a hamlet is told of a name that several of the commune have, and nobody knows yet which."""
    desk = work.desk.directory
    commune = desk.commune_of(area)
    if commune is None or commune.code != area or area not in desk.twins:
        return False
    place = work.desk.part(area).understanding.read(text).place
    return place is not None and bool(place.choices)
