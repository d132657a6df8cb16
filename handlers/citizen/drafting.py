"""A draft, as words and what is asked after them make it: where it is, what about, put right, added to."""

from dataclasses import replace
from functools import partial
from itertools import count

from domain.understand import Understood, wishes
from handlers.citizen import ground, map_points, other_commune, which_commune
from handlers.citizen.places import (
    AGAIN,
    Where,
    another_place,
    corrected_place,
    in_full,
    is_precise,
    there,
    where,
)
from handlers.citizen.questions import asks_about_papers, some_words, story, topic_of, with_more
from handlers.engine.conversation import Session
from handlers.engine.flow import Ask, Flow, is_free, words_of
from services.intake.new_cases import Draft

_AT_FIRST = 0
"""The turn of what is asked about the point that somebody began with."""
_EARLIER = 50
"""Turns kept free for a question that follows one before the review (see `places.AGAIN`)."""


def drafted(session: Session, heard: Understood, named: str) -> Flow[Draft]:
    """Ask where it is and what it is about, but only what the words leave open."""
    met, named = yield from ground.met(session, heard.place, named, _AT_FIRST, another_place(session.rules))
    by_point, heard = met is not heard.place, replace(heard, place=met)
    whose = yield from which_commune.settled(session, heard)
    session, heard = whose.session, whose.heard
    if by_point:  # not where the words say: they are read anew there
        heard = replace(heard, place=session.rules.understanding.read(named).place)
    if whose.tried is not None:  # nobody could say of which commune: whoever finds out reads what was typed
        named = heard.place.label if heard.place else ""
        place = Where(", ".join(filter(None, (named, whose.tried))) or session.commune)
    elif whose.provincial:
        place = Where(named or (heard.place.label if heard.place else session.commune))
    elif asks_about_papers(heard) and not named:
        place = Where(session.commune)
    else:
        place = yield from there(session, heard.place, named, heard, told=whose.told)
    if whose.told and not any(whose.told in kept for kept in (place.label, place.told, *place.then)):
        place = replace(place, told=f"{whose.told}\n{place.told}".strip())
    session = session.at(place.area)
    if place.told:
        read = session.rules.understanding.read
        told = read(place.told)
        sure = next((one for one in (told, heard) if one.sure), None)
        heard = read(with_more(heard, place.told).text)
        heard = replace(heard, topic=sure.topic, field=sure.field, sure=True) if sure else heard
    draft = yield from _about(session, heard, place, provincial=whose.provincial)
    return replace(draft, then=tuple(session.rules.understanding.read(text).to_json() for text in place.then))


def _about(session: Session, heard: Understood, place: Where, *, provincial: bool) -> Flow[Draft]:
    """Ask what it is about, unless that is clear; words that say instead in which commune it is are heard."""
    draft = Draft(heard, _label(session, place), heard.topic, on_behalf=heard.on_behalf)
    area = which_commune.area(session)
    draft = replace(draft, elsewhere=place.elsewhere, area=area, provincial=provincial)
    for again in count():
        if draft.heard.sure:
            return draft
        here, words = session.at(draft.area), list[str]()
        puts_right = partial(_puts_right, here, draft, words)
        heard, topic = yield from topic_of(session.rules, draft.heard, 1 + AGAIN * again, puts_right)
        draft = replace(draft, heard=heard, topic=topic)
        if not words:
            return draft
        put = yield from moved(here, draft, words[0], _EARLIER + again)
        draft = draft if put is None else put
    raise AssertionError("count never ends")


def _puts_right(session: Session, draft: Draft, into: list[str], words: str) -> bool:
    """Say whether words answer no question of what it is about, but put right where it is; they are kept."""
    found = other_commune.meant(session, words, draft.place) is not None
    into += [words] if found else []
    return found


def _label(session: Session, place: Where) -> str:
    """Return the place as everybody reads it, with a mark where it is not ours."""
    if place.elsewhere:
        return session.say("report.away", place=place.label)
    return in_full(session.at(place.area), place.label)


def edited(session: Session, draft: Draft, turn: int, words: str) -> Flow[Draft]:
    """Ask what is to be changed, and for that; words instead put right or add."""
    part = yield Ask("edit", some_words, ("story", "place", "topic", "whose"), turn=turn, words=words)
    if is_free(part):
        return (yield from corrected(session, draft, words_of(part, {}), turn + 1))
    if part == "story":
        heard = Understood.from_json((yield story(session.rules, turn + 1)))
        return replace(draft, heard=heard)
    if part == "place":
        place = yield from where(session, None, turn + 1)
        there = _label(session, place)
        return replace(draft, place=there, elsewhere=place.elsewhere, area=place.area or draft.area)
    if part == "topic":
        heard, topic = yield from topic_of(session.rules, draft.heard, turn + 1)
        return replace(draft, heard=heard, topic=topic)
    other = (yield Ask("whose", options=("own", "other"), turn=turn)) == "other"
    who = draft.heard.on_behalf or session.say("report.somebody")
    return replace(draft, on_behalf=who if other else "")


def corrected(session: Session, draft: Draft, words: str, turn: int) -> Flow[Draft]:
    """Take words that say where it is, and not where it was shown to be, as the place; others are added."""
    if wishes.unsent(words):
        return draft
    put = yield from moved(session, draft, words, turn)
    if put is not None:
        return put
    label = corrected_place(session, words)
    if not label:
        return added(draft, words)
    place = session.rules.understanding.read(label).place
    area = (place and place.area) or draft.area
    return replace(draft, place=in_full(session.at(area), label), elsewhere="", area=area)


def moved(session: Session, draft: Draft, words: str, turn: int) -> Flow[Draft | None]:
    """Ask whether it is where a point is, or in the commune that words only put right; else None."""
    if ground.speaks(session, words):
        return (yield from _by_point(session, draft, words, turn))
    meant = other_commune.meant(session, words, draft.place)
    if meant is None:
        return None
    place = yield from where(session, meant, turn)
    area = place.area or draft.area
    away, provincial = place.elsewhere, draft.provincial and area == draft.area
    return replace(draft, place=_label(session, place), elsewhere=away, area=area, provincial=provincial)


def _by_point(session: Session, draft: Draft, words: str, turn: int) -> Flow[Draft]:
    """Take a point that is sent for a draft: with the place it has, or instead of it."""
    told = session.rules.understanding.read(map_points.without(draft.place)).place
    place, label = yield from ground.met(session, told, words, turn, another_place(session.rules))
    if not label:
        return draft
    if place is told and place is not None and is_precise(place):
        return replace(draft, place=map_points.at(draft.place, label))
    at = yield from there(session, None, label, draft.heard, turn)
    kept = _own_words(session, draft.place) if place is told else ""
    at = replace(at, label=f"{kept}, {at.label}") if kept else at
    away, area = at.elsewhere, at.area or draft.area
    return replace(draft, place=_label(session, at), elsewhere=away, area=area)


def _own_words(session: Session, place: str) -> str:
    """Return what somebody called a place that names no hamlet: “gần cây đa đầu làng”."""
    words = map_points.without(place).removesuffix(f", {session.commune}")
    return "" if words == session.commune else words


def whole(draft: Draft) -> Draft:
    """Put the matters of one message together again: a secret is given once, so they are one case."""
    for heard in draft.then:
        draft = added(draft, heard["text"])
    return replace(draft, then=())


def added(draft: Draft, words: str) -> Draft:
    """Add words to the story; a point on the map says where it is."""
    draft = replace(draft, place=map_points.at(draft.place, words))
    if map_points.alone(words):
        return draft
    return replace(draft, heard=with_more(draft.heard, words)) if words else draft
