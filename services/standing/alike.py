"""How like two matters are, and which open cases of one unit stand beside each other as alike."""

from collections.abc import Callable

from domain.cases import OPEN_STATES
from domain.understand import gist, likeness
from services.standing import exclusion, guards
from storage.cases import cases as stored
from storage.cases import recent
from storage.cases.cases import Case
from storage.ground.work import Recent, Work
from storage.people.people import Chat


def likeness_to(work: Work, summary: str, area: str) -> Callable[[str, str], float]:
    """Return what tells how like a matter another is, by that one's summary and area; 0 where not enough.

    Where no hamlet is known, all the words must agree. In two communes nothing is alike.
    """
    desk, listening = work.desk.directory, work.rules.listening
    places, hamlets = work.rules.place_words, work.rules.directory.hamlet_codes
    told, in_hamlet = gist(summary) - places, area in hamlets

    def likeness_of(other: str, there: str) -> float:
        if (area != there and in_hamlet and there in hamlets) or not desk.together(area, there):
            return 0.0
        part, words = likeness(told, gist(other) - places)
        enough = listening.alike_part if in_hamlet and area == there else 1.0
        return part if part >= enough and words >= listening.alike_words else 0.0

    return likeness_of


def is_ordinary(work: Work, case: Case) -> bool:
    """Say whether a case may stand beside others: nobody is kept from it, and it can wait.

    Never what accuses, is sealed, of a sensitive field or of a kind whose answer is approved above.
    """
    urgent = case.urgency in work.rules_of(case).ringing
    return not (guards.is_close(work, case) or exclusion.wall_of(case) or urgent)


def may_join(work: Work, case: Case, head: Case) -> bool:
    """Say whether one case may be worked on with another: both open and ordinary, and one unit's."""
    return (
        case.id != head.id
        and case.unit_id == head.unit_id
        and {case.state, head.state} <= OPEN_STATES
        and is_ordinary(work, case)
        and is_ordinary(work, head)
    )


async def beside(work: Work, case: Case) -> list[Recent]:
    """Return the open cases of the case's unit that look alike, the likeliest first, then the oldest.

    It reads in one statement a topic and a commune what opening a case has read already. Whom each may be
    shown to is asked one by one (`may_see`).
    """
    if case.state not in OPEN_STATES or case.joined or not is_ordinary(work, case):
        return []
    kinds, ringing = work.rules.listening.alike_kinds, work.rules_of(case).ringing
    if case.kind not in kinds:
        return []
    likeness_of = likeness_to(work, case.summary, case.area)
    found = [
        (part, one)
        for one in await _of_topic(work, case)
        if one.code != case.code and one.unit_id == case.unit_id and one.field == case.field
        if one.kind in kinds and one.urgency not in ringing and not exclusion.wall_of(one)
        if not one.joined  # its head stands for it
        if (part := likeness_of(one.summary, one.area)) > 0
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].opened_at, pair[1].code))
    return [one for _, one in found]


async def _of_topic(work: Work, case: Case) -> list[Recent]:
    """Return what was told lately of the topic in the case's commune, as it was read for its sender."""
    desk = work.desk.directory
    commune = desk.commune_of(case.area) if desk.is_wide else None
    with work.within(commune.code if commune is not None else None):
        return await recent.of_topic(work, case.topic)


def may_see(case: Recent, chat: Chat) -> bool:
    """Say whether an official who reads one case of a unit may be shown another: not one they brought."""
    return case.chat_key != chat.own and str(chat.person_id) not in case.senders


async def worked_on_with(work: Work, case: Case) -> list[Case]:
    """Return the other open cases of the join a case is in, as they are, for who will not change them."""
    if case.joined:
        head = await stored.seen(work, [case.joined["code"]])
        codes = [one for each in head for one in (each.code, *each.together)]
    else:
        codes = list(case.together)
    others = await stored.seen(work, [one for one in codes if one != case.code]) if codes else []
    return [one for one in others if one.state in OPEN_STATES]
