"""Whether somebody tells of what is being seen to already."""

from domain.understand import gist, likeness
from services import intake
from services.intake import Draft
from storage import recent
from storage.work import Recent, Work


async def same_matter(work: Work, draft: Draft) -> Recent | None:
    """Return the open case that tells of what a draft tells, the likeliest; None where none does.

    Only what concerns many is looked at: never what is kept close, nor what somebody asks for themselves.
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
    return max(found, key=lambda one: one[:2], default=(0, 0, None))[2]


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
