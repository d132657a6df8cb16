"""A hot spot as those in charge have it: told, taken in hand, said to be none, told again when it grows.

It suggests and declares nothing: what is done about it, those in charge do by what there is for it. Of a
storm over many communes the province is told once. Cases, and what people say in them, are named to whoever
reads those cases; to others numbers too small to guess anybody from.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import locales
from domain import overlays
from domain.cases import NotAllowed, Relation
from domain.hotspots import HotSpotRules, in_common
from domain.messages import Choice, Message
from domain.people import Role
from domain.routing import NobodyThere, Unit, route
from services.matters.change import change, opened
from services.matters.kinds import Deed, Intent, MatterAct, MatterKind, News
from services.saying import cards
from services.standing import access, crossing, parties, superiors
from services.standing.parties import CLOCK, IN_CHARGE, Actor, stood_in_for
from services.standing.refusals import HotSpotDecided
from services.standing.second import Refusals
from storage.cases import hotspots as counted
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office import hotspots as stored
from storage.office.hotspots import LIVE, OVER, REFUSED, TAKEN, TOLD, HotSpot
from storage.people.people import Chat

_PLACES, _CODES, _WORDS, _LISTED = 6, 8, 4, 8
"""So many places, codes and words of one are named; so many cases, or hot spots, are listed at once."""
_READS = frozenset({Relation.OFFICER, Relation.SUPERVISOR})


def rules_of(work: Work, area: str) -> HotSpotRules:
    """Return the rules by which the hot spots of an area are told: a commune's own, where it has some.

    Nothing else of a commune is asked for: to make the rules of a hundred would cost more than the look.
    """
    here = work.desk.directory.commune_of(area)
    own = here is not None and work.desk.documents.get(overlays.named("office", here.code))
    return work.desk.part(area).hotspots if own else work.desk.hotspots


def unit_for(work: Work, area: str, field: str) -> Unit | None:
    """Return the unit of a field in a commune, or above the communes; None where nobody could act."""
    rules, day = work.desk.part(area), work.today
    known = rules.taxonomy.fields.get(field)
    if known is None:
        return None
    directory, wanted = rules.directory, crossing.of_level(work, known, area)
    try:
        return route(wanted, area, directory.units, day, empty=directory.empty(day))
    except NobodyThere:
        return None


def leads(work: Work, person: UUID | None, unit_id: UUID) -> bool:
    """Say whether somebody is in charge of a unit, or above it, or stands in for who is."""
    directory = work.desk.directory
    held = directory.held_by(person, work.today) + stood_in_for(work, Actor(person_id=person))
    chain = directory.chain(unit_id)
    return any(
        one.role in IN_CHARGE
        and (one.unit_id in chain or (one.role is Role.HEAD and directory.reaches(one.unit_id, unit_id)))
        for one in held
    )


# --- told ----------------------------------------------------------------------------------------


async def begin(  # noqa: PLR0913 - each says one thing of it, by name
    work: Work, *, area: str, field: str, people: int, days: int, told: Mapping[str, Any]
) -> None:
    """Tell of a hot spot that nobody was told yet; where there is nobody to tell, nothing happens."""
    unit = unit_for(work, area, field)
    asked = superiors.nearest_over(work, unit.id) if unit is not None else []
    if unit is None or not asked:
        return
    facts = {"area": area, "field": field, "unit_id": unit.id, "people": people, "days": days}
    spot = stored.new(work, asked[0], **facts, told=told)  # type: ignore[arg-type]
    where = {"area": area, "field": field, "unit": str(unit.id)}
    await change(work, HOT_SPOT, spot, "begin", CLOCK, **where, people=people, days=days, told=dict(told))


async def grow(work: Work, spot: HotSpot, people: int, days: int, told: Mapping[str, Any]) -> None:
    """Tell again of one of which many more people tell now."""
    await change(work, HOT_SPOT, spot, "grow", CLOCK, people=people, days=days, told=dict(told))


async def _grow(deed: Deed[HotSpot]) -> None:
    spot, facts = deed.matter, deed.facts
    spot.people, spot.days, spot.told = facts["people"], facts["days"], facts["told"]
    spot.seen_at = deed.work.now


async def _seen(deed: Deed[HotSpot]) -> None:
    deed.matter.seen_at = deed.work.now


async def _taken(deed: Deed[HotSpot]) -> None:
    await _seen(deed)
    if deed.by.person_id is not None:
        deed.matter.person_id = deed.by.person_id


def _concerned(deed: Deed[HotSpot]) -> list[UUID]:
    """Return who was told, and who has it in hand."""
    spot = deed.matter
    return [*superiors.nearest_over(deed.work, spot.unit_id), spot.person_id]


def _may(intent: Intent[HotSpot]) -> bool:
    return leads(intent.work, intent.by.person_id, intent.matter.unit_id)


async def _facts(work: Work, spot: HotSpot, _language: str) -> dict[str, Any]:
    kept = {"area": spot.area, "field": spot.field}
    return {**await _told_later(work, kept, _language), "people": spot.people, "days": spot.days}


async def _told_later(work: Work, kept: Mapping[str, Any], _language: str) -> dict[str, Any]:
    field = work.desk.taxonomy.fields.get(kept["field"])
    name = field.name if field is not None else kept["field"]
    return {"field": name, "place": work.desk.directory.area(kept["area"]).name}


def _over_at(work: Work, spot: HotSpot) -> datetime | None:
    if spot.state not in LIVE:
        return None
    return spot.seen_at + timedelta(days=rules_of(work, spot.area).quiet_days)


async def _end(work: Work, spot: HotSpot) -> None:
    await change(work, HOT_SPOT, spot, "end", CLOCK)


# --- the card ------------------------------------------------------------------------------------


async def card(work: Work, spot: HotSpot, chat: Chat) -> Message:
    """Show a hot spot as it stands to somebody in charge."""
    return await _card(work, spot, chat, "hotspot.head")


async def _grown_card(work: Work, spot: HotSpot, chat: Chat) -> Message:
    return await _card(work, spot, chat, "hotspot.grown")


async def _card(work: Work, spot: HotSpot, chat: Chat, head: str) -> Message:
    say, rules = locales.words(chat.language), rules_of(work, spot.area)
    cases = await _read_by(work, spot, chat)
    reads_all = len(cases) == len(spot.told["cases"])
    few = 0 if reads_all else rules.few
    count = say("hotspot.people", count=spot.people) if spot.people >= few else say("hotspot.few", few=few)
    lines = [
        say(head, **await _facts(work, spot, chat.language)),
        say("hotspot.count", people=count, days=spot.days, usual=_usual(say, spot.told["usual"])),
        say("hotspot.where", places=_places(work, spot, chat, few)),
    ]
    said = in_common([(case.chat_key, case.story) for case in cases], rules.words, _WORDS)
    if said:
        lines.append(say("hotspot.words", words=", ".join(f"“{one}”" for one in said)))
    if cases:
        lines.append(_codes(say, cases))
    for case in cases:
        access.shown(work, case, chat, access.LIST)
    return Message("\n".join(lines), _buttons(spot, chat.language))


def _usual(say: locales.Words, people: float | None) -> str:
    if people is None:
        return say("hotspot.unknown")
    return say("hotspot.usual", count=round(people)) if round(people) else say("hotspot.rare")


async def line(work: Work, spot: HotSpot, language: str) -> str:
    """Write one in a line: what, where, and how it stands."""
    facts = await _facts(work, spot, language)
    return locales.words(language)(f"hotspot.line.{spot.state}", **facts)


def _codes(say: locales.Words, cases: Sequence[Case]) -> str:
    named, more = ", ".join(case.code for case in cases[:_CODES]), len(cases) - _CODES
    return (
        say("hotspot.cases_more", codes=named, count=more) if more > 0 else say("hotspot.cases", codes=named)
    )


def _places(work: Work, spot: HotSpot, chat: Chat, few: int) -> str:
    """Name where people tell of it, those of most first; numbers below `few` are not said."""
    say, directory = locales.words(chat.language), work.desk.directory
    ranked = sorted(spot.told["places"].items(), key=lambda one: (-one[1], one[0]))
    named = [
        say("hotspot.place", place=directory.area(code).name, count=count)
        if count >= few
        else say("hotspot.place_few", place=directory.area(code).name, few=few)
        for code, count in ranked[:_PLACES]
    ]
    rest = len(ranked) - _PLACES
    return ", ".join([*named, *([say("hotspot.places_more", count=rest)] if rest > 0 else [])])


async def _read_by(work: Work, spot: HotSpot, chat: Chat) -> list[Case]:
    """Return its cases that this chat's person reads, as far as they may still be counted."""
    actor = Actor.of(chat)
    cases = await counted.read(work, spot.told["cases"])
    return [case for case in cases if parties.relations(work, case, actor) & _READS]


def _buttons(spot: HotSpot, language: str) -> tuple[Choice, ...]:
    say = locales.words(language)
    verbs = {TOLD: ("take", "refuse", "cases", "write"), TAKEN: ("refuse", "cases", "write")}
    return tuple(
        Choice(
            say(f"hotspot.act.{verb}"),
            f"menu:hotspot_{verb}:{spot.id}",
            "primary" if verb == "take" else "plain",
            typed=say("hotspot.typed"),
        )
        for verb in verbs.get(spot.state, ())
    )


HOT_SPOT = MatterKind(
    row=HotSpot,
    acts=(
        MatterAct(
            act="begin",
            to=TOLD,
            news=(News(words="hotspot.head", to=_concerned, write=card),),
        ),
        MatterAct(
            act="grow",
            states=LIVE,
            to=TOLD,
            change=_grow,
            news=(News(words="hotspot.grown", to=_concerned, write=_grown_card),),
        ),
        MatterAct(
            act="take",
            states={TOLD},
            to=TAKEN,
            may=_may,
            change=_taken,
            news=(News(words="hotspot.taken", to=_concerned),),
        ),
        MatterAct(
            act="refuse",
            states={TOLD, TAKEN},
            to=REFUSED,
            may=_may,
            change=_seen,
            news=(News(words="hotspot.refused", to=_concerned),),
        ),
        MatterAct(act="end", states=LIVE, to=OVER),
    ),
    facts=_facts,
    reads=lambda work, person, kept: "unit" in kept and leads(work, person, UUID(kept["unit"])),
    told=_told_later,
    area=lambda spot: spot.area,
    refusals=Refusals(over=HotSpotDecided),
    moment=_over_at,
    ring=dict.fromkeys(sorted(LIVE), _end),
)


# --- what those in charge do ---------------------------------------------------------------------


async def take(work: Work, by: Chat, spot_id: UUID) -> HotSpot:
    """Take one in hand. Raises NotAllowed or HotSpotDecided."""
    spot = await opened(work, HOT_SPOT, spot_id, "take", Actor.of(by))
    await change(work, HOT_SPOT, spot, "take", Actor.of(by))
    return spot


async def open_one(work: Work, by: Chat, spot_id: UUID) -> HotSpot:
    """Return one of which this person may say that it is none. Raises NotAllowed or HotSpotDecided."""
    return await opened(work, HOT_SPOT, spot_id, "refuse", Actor.of(by))


async def refuse(work: Work, by: Chat, spot_id: UUID, reason: str) -> HotSpot:
    """Say that it is none, and why: it is not told again until it grows. Raises what `open_one` raises."""
    spot = await open_one(work, by, spot_id)
    await change(work, HOT_SPOT, spot, "refuse", Actor.of(by), reason=reason)
    return spot


async def cases_of(work: Work, by: Chat, spot_id: UUID) -> list[Choice]:
    """Return its cases that this person reads, as lines that open them. Raises what `open_one` raises."""
    spot = await open_one(work, by, spot_id)
    return [cards.listed(work, case, by) for case in (await _read_by(work, spot, by))[:_LISTED]]


def place_of(work: Work, spot: HotSpot) -> str:
    """Return to whom a message about it would go: its one hamlet, else its area; nobody if that is gone."""
    directory, places = work.desk.directory, list(spot.told["places"])
    found = directory.area(places[0] if len(places) == 1 else spot.area)
    return found.code if found.valid_to is None or found.valid_to >= work.today else ""


async def of_person(work: Work, by: Chat) -> list[HotSpot]:
    """Return the live hot spots somebody may decide on, those known last first. Raises NotAllowed."""
    if by.person_id is None:
        raise NotAllowed(HOT_SPOT.name)
    units = {unit.id for unit in work.desk.directory.units if leads(work, by.person_id, unit.id)}
    return await stored.of_units(work, units, _LISTED)
