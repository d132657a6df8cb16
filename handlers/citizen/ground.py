"""In which hamlet or commune a shared point lies, where a map of the desk was brought: nothing else asks.

One area is written into the point's label, which is shown for review; of several it is asked which, and also
where the point is not where the words say.
"""

from dataclasses import replace

from domain.messages import Location
from domain.rules import Rules
from domain.shapes import DRAWN, areas_at
from domain.understand import Place, fold
from handlers.citizen import map_points
from handlers.engine.conversation import Session
from handlers.engine.flow import Accept, Ask, Flow, is_free, words_of


def label(rules: Rules, said: Location, language: str) -> str:
    """Write a point as a place, with the area it lies in; what its own address says of that holds."""
    found = found_at(rules, said)
    named = rules.understanding.read(said.address).place if found and said.address else None
    if not found or (named is not None and (named.hamlet or named.commune or named.outside)):
        return map_points.label(said, language)
    if len(found) == 1:
        return map_points.label(said, language, name(rules, found[0]))
    return map_points.label(said, language, unsure=max(said.accuracy, DRAWN))


def found_at(rules: Rules, said: Location) -> tuple[str, ...]:
    """Return the codes of the areas a point may be in; none without a map."""
    whole = rules.whole
    return areas_at(whole.directory, whole.shapes, said.latitude, said.longitude, said.accuracy)


def name(rules: Rules, code: str) -> str:
    """Return what an area is called among all of the desk: a hamlet with its commune."""
    directory = rules.whole.directory
    area, home = directory.area(code), directory.commune_of(code)
    return area.name if home is None or home.code == code else f"{area.name}, {home.name}"


def speaks(session: Session, text: str) -> bool:
    """Say whether words are a point of which it is known, or to be asked, in which area it lies."""
    point = map_points.read(text) if len(session.rules.whole.shapes) else None
    return point is not None and (point[2] is not None or _place(session, text) is not None)


def settled(session: Session, text: str, turn: int, accept: Accept) -> Flow[str]:
    """Ask in which area a point lies that may lie in several; any other words come back as they are.

    Words that name another place come back with the point.
    """
    point = map_points.read(text)
    if point is None or point[2] is None:
        return text
    whole = session.rules.whole
    names = {
        code: name(whole, code) for code in areas_at(whole.directory, whole.shapes, *point[:2], point[2])
    }
    if not names:
        return map_points.settled(text)
    labels = names | {"other": session.say("sharing.elsewhere")}
    chosen = yield Ask("spot", accept, tuple(labels), labels, turn=turn)
    if is_free(chosen):
        return map_points.at(words_of(chosen, {}), map_points.settled(text))
    return map_points.settled(text, names.get(chosen, ""))


def met(
    session: Session, told: Place | None, text: str, turn: int, accept: Accept
) -> Flow[tuple[Place | None, str]]:
    """Bring a point and the place that words told together: where they are not the same it is asked which.

    Returns the place, and the point's label; empty where it is not the matter's.
    """
    if not speaks(session, text):
        return told, text
    text = yield from settled(session, text, turn, accept)
    point = _place(session, text)
    if point is None or (told is not None and told.choices):
        return told, text
    if told is None or _agree(told, point):
        wide = session.rules.whole.directory.is_wide and not session.rules.commune
        needed = wide and point.area and not (told is not None and told.area)
        return (point if needed else told), text
    labels = {"point": point.label, "told": told.label}
    if (yield Ask("apart", options=("point", "told"), labels=labels, turn=turn)) == "told":
        return told, ""
    return point, text


def _place(session: Session, text: str) -> Place | None:
    """Return the place that stands beside a point."""
    return _named(session.rules, text)


def _named(rules: Rules, text: str) -> Place | None:
    named = map_points.without(text) if map_points.within(text) else ""
    return rules.understanding.read(named).place if named else None


def _agree(told: Place, point: Place) -> bool:
    """Say whether words and a point tell the same place, or one of them more closely."""
    if told.hamlet and point.hamlet and fold(told.hamlet) != fold(point.hamlet):
        return False
    if told.area and point.area:
        return told.area == point.area
    return told.outside == point.outside


def closest(rules: Rules, said: Location) -> tuple[str, str]:
    """Return the codes of the commune a point is in, and of its hamlet or itself where that may be several.

    Both are empty without a map, and where another commune may be meant too.
    """
    found, homes = found_at(rules, said), communes_at(rules, said)
    return (homes[0], found[0] if len(found) == 1 else homes[0]) if len(homes) == 1 else ("", "")


def communes_at(rules: Rules, said: Location) -> tuple[str, ...]:
    """Return the codes of the communes a point may be in; none without a map."""
    homes = map(rules.whole.directory.commune_of, found_at(rules, said))
    return tuple(dict.fromkeys(home.code for home in homes if home is not None))


def alarm_at(rules: Rules, text: str, here: str) -> tuple[Place, tuple[str, ...]]:
    """Return where a danger is by a point written in words, and in which other communes it may be as well.

    In haste nobody is asked which it is; `here` is the commune of the chat, and goes before the others.
    """
    point, directory = map_points.read(text), rules.whole.directory
    found = areas_at(directory, rules.whole.shapes, *point[:2], point[2] or 0.0) if point is not None else ()
    homes = dict.fromkeys(home.code for area in found if (home := directory.commune_of(area)) is not None)
    if not homes or not directory.is_wide:
        named, at = _named(rules, text), map_points.settled(text)
        at = map_points.at(named.label, at) if named is not None else at
        return replace(named or Place(at, house=map_points.within(at), sure=True), label=at), ()
    there, *others = sorted(homes, key=lambda code: code != here)
    spot = found[0] if len(found) == 1 else there
    hamlet = directory.area(spot).name if spot != there else None
    called = "" if others or name(rules, spot) in text else name(rules, spot)
    label = map_points.settled(text, called)
    commune = directory.area(there).name
    return Place(label, commune=commune, hamlet=hamlet, sure=True, area=there), tuple(others)
