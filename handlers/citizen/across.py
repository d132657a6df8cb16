"""An alarm across the communes of a desk: it goes where words say that it is, and rings in all they name."""

from contextlib import suppress
from dataclasses import replace

from domain.numbers import phone as phone_in
from domain.understand import Understood
from domain.understand.place import Place
from domain.understand.whereabouts import Whereabouts
from handlers.citizen import ground, map_points
from handlers.citizen.which_alarm import is_own, latest, runs, with_earlier
from handlers.engine.conversation import Turn
from services.acts.act import act
from services.acts.witnessing import Locate, Witness
from services.intake import duplicates, new_cases, whereabouts
from services.intake.new_cases import Draft
from services.intake.whereabouts import Spot
from services.saying import ringing, wording
from services.standing.parties import URGENT, Actor
from services.standing.refusals import NobodyLeft
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people


def told(turn: Turn, text: str, case: Case | None = None) -> Whereabouts:
    """Return where words say that it is, from where an alarm was until now, else from where the chat is."""
    here = whereabouts.commune_of(turn.work, case) if case is not None else turn.work.rules.commune
    return whereabouts.told(turn.work.rules, text, here)


def leaves(turn: Turn, text: str, case: Case) -> bool:
    """Say whether words say that an alarm is not in the commune where it was."""
    found, here = told(turn, text, case), whereabouts.commune_of(turn.work, case)
    return here in found.denied or bool(found.communes and here not in found.communes)


def corrects(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words put right where one's own alarm is: “nhầm, thôn 1 xã …”."""
    own = is_own(turn, case) and runs(case)
    return own and told(turn, heard.text, case).corrects and leaves(turn, heard.text, case)


def is_elsewhere(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether who saw an alarm too names another commune or hamlet for it: then it is not that one."""
    if not turn.work.desk.directory.is_wide or not runs(case):
        return False
    found, here = told(turn, heard.text, case), whereabouts.commune_of(turn.work, case)
    if found.communes and here not in found.communes:
        return True
    hamlets = turn.work.rules_of(case).directory.hamlet_codes
    spot = whereabouts.spot_in(turn.work.rules, here, found.plain) if here else None
    return spot is not None and spot.area != case.area and {spot.area, case.area} <= hamlets


async def placed(turn: Turn, heard: Understood) -> tuple[Understood, tuple[str, ...]]:
    """Return a danger with its place as words in haste name it, and the other communes it is in too."""
    if not turn.work.desk.directory.is_wide:
        return heard, ()
    known = await latest(turn)
    known = known if known is not None and runs(known) and is_own(turn, known) else None
    found, here = told(turn, heard.text, known), turn.work.rules.commune
    first = whereabouts.commune_of(turn.work, known) if known is not None else here
    spots = whereabouts.spots(turn.work.rules, found, first)
    if not spots:
        return (heard if first or here else _in_none(turn, heard, found.plain)), ()
    (code, place), *others = spots
    plain = heard.place is not None and heard.place.sure and not heard.place.outside and not others
    if plain and heard.place is not None and heard.place.hamlet and (heard.place.area or here) == code:
        return heard, ()
    return replace(heard, place=place), tuple(code for code, _ in others)


def pointed(turn: Turn, heard: Understood, text: str) -> tuple[Understood, tuple[str, ...]]:
    """Return a danger with the point that was shared before it, and the communes that lies in beside its own.

    Where words say that it is in another commune than the point, it rings there too.
    """
    here, now = turn.work.rules.commune, heard.place
    point, others = ground.alarm_at(turn.work.rules, text, here)
    if now is None or not (now.hamlet or now.house or told(turn, heard.text).communes):
        return replace(heard, place=point), others
    home = now.area or here
    also = tuple(code for code in dict.fromkeys((point.area, *others)) if code not in {"", home})
    apart = point.area not in {"", home} and home not in others
    closer = point.hamlet and not now.hamlet and not apart
    label = point.label if closer else map_points.at(now.label, map_points.settled(text))
    return replace(heard, place=replace(now, label=label)), also if apart else ()


def _in_none(turn: Turn, heard: Understood, text: str) -> Understood:
    """Return a danger with the hamlet that is said, though many communes may have one of its name."""
    label = whereabouts.hamlet_said(turn.work.rules, text) if heard.place is None else ""
    return replace(heard, place=Place(label, sure=True)) if label else heard


async def ring_too(turn: Turn, heard: Understood, case: Case, codes: tuple[str, ...]) -> None:
    """Raise an alarm of the same in these communes as well, where this chat has none that runs there."""
    there = {whereabouts.commune_of(turn.work, one) for one in (case, *await twins(turn, case))}
    for code in codes:
        if code not in there:
            with suppress(NobodyLeft):  # all who could be woken there are spoken of
                await _ring_in(turn, heard, case, code)


async def to_point(turn: Turn, heard: Understood, case: Case, code: str, spot: Spot) -> None:
    """Bring one's own alarm to the commune in which a point lies that was shared for it.

    Where words said that it is here, whoever shared it may stand apart: it rings there as well.
    """
    twin = await _in(turn, case, code)
    if twin is not None:
        await act(turn.work, twin, Locate(spot.label, spot.area), Actor.of(turn.chat))
    elif whereabouts.is_vague(turn.work, case):
        await whereabouts.bring(turn.work, turn.chat, case, code, spot)
    else:
        await ring_too(turn, heard, case, (code,))


async def _ring_in(turn: Turn, heard: Understood, case: Case, code: str) -> None:
    both = heard if heard.text == case.story else with_earlier(turn, heard, case)
    called = heard.emergency or ringing.numbers_of(turn.work, case)
    found = told(turn, heard.text, case)
    spots = dict(whereabouts.spots(turn.work.rules, found, code))
    if code not in spots:  # a point lies there that words put elsewhere
        label = whereabouts.spot_in(turn.work.rules, code).label
        spots[code] = Place(label, sure=True, area=code)
    shared = f"{heard.place.label if heard.place is not None else ''} {heard.text}"
    place = replace(spots[code], label=map_points.at(spots[code].label, shared))
    alarm = replace(both, emergency=called, urgency=URGENT, story=True, place=place)
    draft = Draft(alarm, place.label, alarm.topic, area=code)
    with turn.work.within(code):
        same = await duplicates.same_alarm(turn.work, draft, Actor.of(turn.chat))
    phone = phone_in(alarm.text) or people.number_of(turn.work, turn.chat) or case.contact or ""
    if same is not None and not is_own(turn, same):
        await act(turn.work, same, Witness(heard.text, [], phone), Actor.of(turn.chat))
        return
    opened = await new_cases.open_case(turn.work, turn.chat, draft)
    opened.contact = opened.contact or phone or None


async def twins(turn: Turn, case: Case) -> list[Case]:
    """Return one's own alarms that run in other communes: what is told of one is told of each."""
    if not turn.work.desk.directory.is_wide or not is_own(turn, case):
        return []
    await turn.work.session.flush()
    found = [one.code for one in await stored.open_of(turn.work, case.chat_key) if one.urgency == URGENT]
    every = [await stored.by_code(turn.work, code) for code in found if code != case.code]
    return [one for one in every if one is not None and runs(one) and not one.confidential]


async def _in(turn: Turn, case: Case, code: str) -> Case | None:
    """Return one's own alarm that runs in a commune beside this one."""
    every = await twins(turn, case)
    return next((one for one in every if whereabouts.commune_of(turn.work, one) == code), None)


async def also(turn: Turn, case: Case) -> str:
    """Write who was told in the other communes, a line each; nothing where it is in one."""
    lines = []
    for one in await twins(turn, case):
        known = await ringing.standing(turn.work, one, turn.chat.language)
        name = wording.commune(turn.work.rules_of(one))
        lines.append("\n" + turn.say("emergency.also", commune=name, told=known, code=one.code))
    return "".join(lines)


async def follow(turn: Turn, case: Case, heard: Understood) -> bool:
    """Bring one's own alarm to the commune that words name, whoever has it, and ring in all they name.

    Returns whether it went. Where they only say that it is not here, the province finds out.
    """
    found, here = told(turn, heard.text, case), whereabouts.commune_of(turn.work, case)
    province = turn.work.desk.directory.province
    if not found.communes:
        if here and here in found.denied and province is not None:
            spot = whereabouts.spot_in(turn.work.rules, province.code)
            await whereabouts.bring(turn.work, turn.chat, case, province.code, spot)
            return True
        return False
    goes = here not in found.communes
    (code, place), *others = whereabouts.spots(turn.work.rules, found, here)
    if goes and (twin := await _in(turn, case, code)) is not None:
        if place.hamlet and place.label not in twin.place:
            spot = whereabouts.spot_in(turn.work.rules, code, found.plain)
            await act(turn.work, twin, Locate(spot.label, spot.area), Actor.of(turn.chat))
        goes = False  # it rings there already: nobody here is sent home
    elif goes:
        near = whereabouts.spot_in(turn.work.rules, code, found.plain, case.place, case.story)
        vague = bool(others) and place.hamlet is None
        spot = Spot(place.label, near.area) if vague else near
        await whereabouts.bring(turn.work, turn.chat, case, code, spot)
    await ring_too(turn, heard, case, tuple(code for code, _ in others))
    return goes


def better(turn: Turn, case: Case, heard: Understood) -> Place | None:
    """Return a place that says where an alarm is: nothing did, or only the report it was told amid.

    Or it puts that right.
    """
    found = told(turn, heard.text, case)
    there = turn.work.rules_of(case).understanding.read(found.plain or heard.text).place
    if there is None or there.area not in {"", turn.work.rules_of(case).commune}:
        return None
    there = replace(there, label=map_points.at(there.label, heard.text))
    if not there.hamlet or there.label == case.place:
        return None
    shared = bool(map_points.within(heard.text))
    closer = shared and new_cases.told_area(turn.work.rules_of(case), there) == case.area
    own = turn.work.rules.understanding.read(case.story).place
    amid = own is None and not map_points.within(case.place)
    return there if found.corrects or amid or closer or whereabouts.is_vague(turn.work, case) else None
