"""The desk looks for hot spots: where many more people than usual tell of the same field within days.

A person counts once, whatever they tell and in whichever of their chats, and so does whoever follows a case.
What is kept from somebody, accuses somebody or was withdrawn counts for nothing (`storage.cases.hotspots`).
It takes a fixed number of statements however many cases there are, and one more for each that is told.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import overlays
from domain.hotspots import WEEK, Hot, HotSpotRules, Past, hot, surging
from services.office import hotspots
from services.office.hotspots import rules_of
from storage.cases import hotspots as stored
from storage.cases.hotspots import Telling
from storage.ground.work import Work
from storage.office.hotspots import LIVE, HotSpot
from storage.people import matters, reached
from storage.time import nightly

KIND = "hotspots"
"""The kind of the desk's own timer by which it looks."""
Stream = tuple[str, str]
"""A commune's code and a field's."""
_ONE_WEEK = timedelta(days=WEEK)


@dataclass(frozen=True, slots=True)
class _Found:
    """A stream that is hot, who told of it in those days, and how many do in a usual week."""

    hot: Hot
    told: list[Telling]
    usual: float | None


async def begin(work: Work) -> None:
    """Wind the timer, unless it is wound."""
    await nightly.begin(work, KIND, *work.desk.hotspots.at)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Look, and tell what is hot. Returns how many timers rang."""
    await look(work)
    nightly.wind(work, KIND, *work.desk.hotspots.at)
    return len(subjects)


async def look(work: Work) -> None:
    """Tell of every stream that is hot, and of a field hot in many communes at once as one."""
    found = await _hot(work)
    if not found:
        return
    await reached.load(work)
    standing = {(spot.area, spot.field): spot for spot in await matters.in_states(work, HotSpot, LIVE)}
    storms = _storms(work, found)
    for (area, field), one in {**found, **storms}.items():
        if (area, field) in storms or not _is_part(work, standing, storms, (area, field)):
            await _tell(work, area, field, one, standing.get((area, field)))


def _is_part(
    work: Work, standing: Mapping[Stream, HotSpot], storms: Mapping[Stream, _Found], stream: Stream
) -> bool:
    """Say whether a commune's stream is part of what the province is told now, or was told of it."""
    area, field = stream
    known = standing.get((_above(work), field))
    return (_above(work), field) in storms or (known is not None and area in known.told["places"])


def _above(work: Work) -> str:
    """Return the code of what is above the communes, where there are many; else nothing."""
    directory = work.desk.directory
    return directory.province.code if directory.is_wide and directory.province is not None else ""


def _storms(work: Work, found: Mapping[Stream, _Found]) -> dict[Stream, _Found]:
    above, rules = _above(work), work.desk.hotspots
    fields = surging([stream for stream in found if stream[0] != above], rules) if above else ()
    storms = {}
    for field in sorted(fields):
        theirs = [one for (_, of), one in found.items() if of == field]
        told = [telling for one in theirs for telling in one.told]
        count = len({telling.person for telling in told})
        days, likely = max(one.hot.days for one in theirs), min(one.hot.chance for one in theirs)
        storms[above, field] = _Found(Hot(count, days, likely), told, _together(theirs))
    return storms


def _together(found: Iterable[_Found]) -> float | None:
    """Return how many tell of it in a usual week in all of these, where that is known of each."""
    usual = [one.usual for one in found]
    known = [one for one in usual if one is not None]
    return sum(known) if len(known) == len(usual) else None


async def _tell(work: Work, area: str, field: str, found: _Found, standing: HotSpot | None) -> None:
    """Tell of one that nobody was told, or that has grown since."""
    if standing is not None and not rules_of(work, area).grown(standing.people, found.hot.people):
        return
    told = {
        "cases": await stored.codes(work, {one.case_id for one in found.told}),
        "places": _places(work, area, found.told),
        "usual": None if found.usual is None else round(found.usual, 2),
    }
    people, days = found.hot.people, found.hot.days
    if standing is not None:
        await hotspots.grow(work, standing, people, days, told)
    else:
        await hotspots.begin(work, area=area, field=field, people=people, days=days, told=told)


def _places(work: Work, area: str, told: Iterable[Telling]) -> dict[str, int]:
    """Count the people by hamlet; of what many communes tell, by commune."""
    wide = area == _above(work)
    pairs = {(_commune(work, one.area) if wide else one.area, one.person) for one in told}
    return dict(Counter(place for place, _ in sorted(pairs)))


# --- which are hot -------------------------------------------------------------------------------


async def _hot(work: Work) -> dict[Stream, _Found]:
    longest, weeks = _horizon(work)
    lately = _streams(work, await stored.tellings(work, work.now - longest, _after(work)))
    worth = {
        stream: told
        for stream, told in lately.items()
        if len({one.person for one in told}) >= rules_of(work, stream[0]).people
    }
    if not worth:
        return {}
    fields = {field for _, field in worth}
    before = await stored.tellings(work, work.now - longest - weeks * _ONE_WEEK, work.now, fields)
    past, since = _streams(work, before), await _begun(work)
    found = {
        (area, field): _judged(work, rules_of(work, area), told, past.get((area, field), []), since[area])
        for (area, field), told in worth.items()
    }
    return {stream: one for stream, one in found.items() if one is not None}


def _after(work: Work) -> datetime:
    """Return a moment after all that was told: what was told at this very moment counts."""
    return work.now + timedelta(milliseconds=1)


def _horizon(work: Work) -> tuple[timedelta, int]:
    """Return how far back any commune's own rules look, and on how many weeks before."""
    own = {overlays.parted(name)[1] for name, body in work.desk.documents.items() if body}
    every = [rules_of(work, area) for area in sorted(own | {""})]
    return timedelta(days=max(one.windows[-1] for one in every)), max(one.weeks for one in every)


def _judged(
    work: Work, rules: HotSpotRules, told: Collection[Telling], before: Collection[Telling], since: datetime
) -> _Found | None:
    windows = {days: work.now - timedelta(days=days) for days in rules.windows}
    people = {days: len({one.person for one in told if one.at > at}) for days, at in windows.items()}
    past = _past(windows[rules.windows[-1]], rules.weeks, before, since)
    judged = hot(people, past, rules)
    if judged is None:
        return None
    within = [one for one in told if one.at > windows[judged.days]]
    return _Found(judged, within, past.usual)


def _past(end: datetime, weeks: int, before: Iterable[Telling], since: datetime) -> Past:
    """Count who told in each of the weeks before a moment, as far as anything was told there by then."""
    known = max(0.0, min(float(weeks), (end - since) / _ONE_WEEK))
    counted = {(one.person, (end - one.at) // _ONE_WEEK) for one in before if one.at <= end}
    return Past(sum(week < weeks for _, week in counted), known)


async def _begun(work: Work) -> dict[str, datetime]:
    """Return since when anything was told of each commune."""
    found: dict[str, datetime] = {}
    for area, at in (await stored.begun(work)).items():
        commune = _commune(work, area)
        found[commune] = min(at, found.get(commune, at))
    return found


def _streams(work: Work, told: Iterable[Telling]) -> dict[Stream, list[Telling]]:
    found: dict[Stream, list[Telling]] = {}
    for one in told:
        found.setdefault((_commune(work, one.area), one.field), []).append(one)
    return found


def _commune(work: Work, area: str) -> str:
    commune = work.desk.directory.commune_of(area)
    return commune.code if commune is not None else area
