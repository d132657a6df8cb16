"""Where something is: as the words say, confirmed where they leave it open, asked for where they do not."""

from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from domain.messages import Said
from domain.rules import Rules
from domain.understand import Place, Understood, fold, is_piece, wishes
from domain.understand.fold import tokens
from domain.understand.shapes import Shapes
from domain.understand.wheres import LIVES
from handlers.citizen import ground, map_points
from handlers.engine.conversation import Session
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_of
from services.saying import wording
from services.standing import exclusion

LONGEST_PLACE = 120
"""Letters of a place."""
_NINE = 8
"""Hamlets offered as numbers; with “other” they are nine, one digit each."""
_SPOTS = [
    [word] for word in ("truoc", "sau", "gan", "canh", "ben", "doi", "o", "tai", "cho", "dau", "cuoi", "giua")
]
"""How the answer to “where” begins when it tells nothing else: “trước nhà văn hóa thôn 2”."""
_ANYTHING = "khac"
"""The topic of what has none: sure of it is whoever reads an address alone."""
_NO = frozenset({"khong", "ko", "k", "no"})
AGAIN = 100
"""Turns kept free for asking one question over: the next change of the same part counts from there."""
_MOVED = 100 * AGAIN
"""The same for asking anew in another commune."""
_SHAPES = Shapes("citizens")
_More = Literal["another", "told", "story", ""]
_STORY = 6
"""Words of the shortest story that is told for a place."""
_A_PLACE = 10
"""Words of the longest correction of a place."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where it is, which commune is responsible if not ours, and what the answer told besides.

    `area` is another commune that this desk serves too. `then` are stories that came instead of an answer, of
    another matter.
    """

    label: str
    elsewhere: str = ""
    told: str = ""
    area: str = ""
    then: tuple[str, ...] = ()


def which_or_place(rules: Rules, place: Place | None) -> Flow[str]:
    """Ask which of the places is meant that may be, or for one."""
    if place is not None and place.choices:
        labels = dict(place.choices)
        chosen: str = yield Ask("which", options=(*labels, "other"), labels=labels)
        if chosen != "other":
            return labels[chosen]
    named: str = yield from _place(rules, 1)
    return wording.shortened(named, LONGEST_PLACE)


def there(  # noqa: PLR0913 - each is one thing that may be known of it
    session: Session, place: Place | None, named: str, first: Understood, turn: int = 1, *, told: str = ""
) -> Flow[Where]:
    """Settle where it is, if a place is known besides the words: it is asked about only if it is not ours.

    `told` is what was said already where it was asked for.
    """
    if named and (place is None or not is_precise(place)):
        place = session.rules.understanding.read(named).place
        if place is None or not (place.sure and place.outside):
            return Where(named)
    settled = yield from where(session, place, turn, first=first, told=told)
    return replace(settled, label=map_points.at(settled.label, named))


def in_full(session: Session, label: str) -> str:
    """Return a place with its commune in a desk of many, where it does not say it: both have a “thôn 1”."""
    here, point = session.rules.commune, map_points.within(label)
    if not here or not session.rules.whole.directory.is_wide or map_points.alone(label):
        return label
    served = session.rules.whole.served
    if served.speaks_of(label, here):
        return label
    bare = label.replace(f" ({point})", "") if point else label
    return map_points.at(f"{bare}, {served.name(here)}", point)


def says_more(session: Session, text: str, *, known: bool) -> bool:
    """Say whether words for a place say more than how it is called: what is wrong there, or beside what.

    Where no name in them is `known`, only a story says more: the rest may be the name.
    """
    if not known:
        return len(text.split()) >= _STORY and session.rules.understanding.read(text).story
    place = session.rules.understanding.read(text).place
    above = session.rules.whole.directory.province
    names = (place.label if place else "", session.commune, above.name if above else "")
    usual = LIVES.union(*(fold(name).split() for name in names))
    return sum(word.fold not in usual for word in tokens(text)) > 1


def where(
    session: Session,
    place: Place | None,
    turn: int = 1,
    *,
    first: Understood | None = None,
    told: str = "",
) -> Flow[Where]:
    """Settle where it is: what was said is taken if it is sure, confirmed if it is not, asked for if missing.

    While what is told `first` does not say what it is about, the answer may tell that too; a story of another
    matter is kept apart. Of another commune that this desk serves it is settled there: each has its own
    hamlets.
    """
    said, told, area, seen, then = told, "", "", "", tuple[str, ...]()
    for moved in count():
        found = yield from _where(session, place, turn + _MOVED * moved, first, said)
        said = ""
        told, then = f"{told}\n{found.told}".strip(), (*then, *found.then)
        if not found.area:
            label = found.label if map_points.within(found.label) else map_points.at(found.label, seen)
            return replace(found, label=label, told=told, area=area, then=then)
        session, area, seen = session.at(found.area), found.area, found.label
        place = session.rules.understanding.read(found.label).place
    raise AssertionError("count never ends")


def _where(
    session: Session, place: Place | None, turn: int, first: Understood | None, said_first: str = ""
) -> Flow[Where]:
    named, stories, then = "", "", tuple[str, ...]()
    for again in count():
        key, told = turn + AGAIN * again, ""
        if said_first and not again:
            told = said_first
        elif place is not None and place.sure and place.outside:
            said = yield _outside(session, place, key)
            if said == "hand_over":
                there, theirs = map_points.at(place.label, named), place.commune or place.label
                return Where(there, "" if place.area else theirs, stories, place.area, then)
            place, told = None, words_of(said, {}) if is_free(said) else ""
        elif place is not None and (is_precise(place) or _chosen_away(session, place)):
            return Where(place.label, told=stories, area=_chosen_away(session, place), then=then)
        else:
            place, told = yield from _named(session, place, key, "place_first" if then else "")
        if told:
            told = yield from ground.settled(session, told, key, another_place(session.rules))
            heard, named = session.rules.understanding.read(told), told
            place = heard.place
            opened = told == said_first and not again and _opens(first, heard)
            what = "story" if opened else _more(session, first, heard)
            if what == "another":
                then, place = (*then, told), None
            elif what:
                stories, named = f"{stories}\n{told}".strip(), "" if what == "story" else named
            elif place is None or not place.sure or not place.outside:
                return Where(_with_hamlet(told, place), told=stories, then=then)
    raise AssertionError("count never ends")


def _named(session: Session, place: Place | None, turn: int, words: str) -> Flow[tuple[Place | None, str]]:
    """Ask for a place, or which is meant of those that may be. Returns the one chosen, or what was told."""
    if place is not None and (place.choices or place.hamlet):
        return (yield from _confirmed(session, place, turn))
    return None, (yield from _place(session.rules, turn, words))


def _chosen_away(session: Session, place: Place) -> str:
    """Return another commune of this desk in which a place was chosen; empty where it was not."""
    here = session.rules.commune
    return place.area if here and place.sure and not place.outside and place.area != here else ""


def _confirmed(session: Session, place: Place, turn: int) -> Flow[tuple[Place | None, str]]:
    """Let one of the places that may be meant be chosen; none where it is none of them, or the one told."""
    another = another_place(session.rules)
    if not place.choices:
        right = yield Ask("confirm", another, ("yes", "other"), facts={"place": place.label}, turn=turn)
        if is_free(right):
            return None, words_of(right, {})
        return (replace(place, sure=True, outside=False) if right == "yes" else None), ""
    labels = dict(place.choices)
    chosen = yield Ask("which", another, (*labels, "other"), labels, turn=turn)
    if is_free(chosen) or chosen == "other":
        return None, words_of(chosen, {}) if is_free(chosen) else ""
    if (there := in_served(session, place, chosen)) is not None:
        return there, ""
    label = ", ".join(part for part in (place.house, place.hamlet, labels[chosen]) if part)
    named = Place(label, chosen, labels[chosen], place.hamlet, place.house or label, sure=True)
    return replace(named, outside=labels[chosen] != session.commune), ""


def in_served(session: Session, place: Place, code: str) -> Place | None:
    """Return one of the places that may be meant as the commune of this desk knows it; None for no such."""
    label = dict(place.choices).get(code)
    served = session.rules.whole.served
    known = code in dict(served.communes) or any(code in {now, old} for now, old, _ in served.former)
    if label is None or not known:
        return None
    return session.at(code).rules.understanding.read(label).place


def _outside(session: Session, place: Place, turn: int) -> Ask:
    """Ask whether a place of another commune is meant: what this desk serves too it goes to directly."""
    name = place.commune or place.label
    there = f"{place.hamlet}, {name}" if place.hamlet else name
    facts = {"place": name, "there": there, "commune": session.commune}
    options, labels, words = ("hand_over", "other"), {}, ""
    if place.area:
        labels, words = {"hand_over": session.say("report.neighbour.hand_over")}, "neighbour"
    return Ask("outside", another_place(session.rules), options, labels, facts, turn, words=words)


def another_place(rules: Rules) -> Accept:
    """Accept words that name a place of their own: “không, ở thôn 5 cơ”."""

    def accept(said: Said) -> str:
        text = _SHAPES.pattern("notthere").sub("", typed(said))
        if map_points.within(text):
            return wording.shortened(text, LONGEST_PLACE)
        if rules.understanding.read(text).place is None:
            raise NotUnderstood(None)
        first, _, rest = text.partition(" ")
        return wording.shortened(rest if fold(first).strip(",.") in _NO else text, LONGEST_PLACE)

    return accept


def is_precise(place: Place) -> bool:
    """Say whether nobody needs to be asked: the commune's own name alone leads nobody there."""
    return place.sure and bool(place.hamlet or place.house or place.outside)


def _more(session: Session, first: Understood | None, heard: Understood) -> _More:
    """Say what words for a place tell besides: another matter, more of the first, a story, or nothing."""
    if first is not None and _is_another(first, heard):
        return "another"
    if first is not None and _is_told(first, heard):
        return "told"
    return "story" if _is_story(session, heard) else ""


def _opens(first: Understood | None, heard: Understood) -> bool:
    """Say whether a story is told after a beginning that told none: “tôi muốn phản ánh”."""
    return first is not None and not first.sure and heard.story and len(heard.text.split()) >= _STORY


def _is_another(first: Understood, heard: Understood) -> bool:
    """Say whether words given for a place tell another matter than the one that was told first."""
    return first.sure and heard.field != first.field and _tells_more(heard) and _tells(heard)


def _is_told(first: Understood, heard: Understood) -> bool:
    """Say whether words given for a place tell of the matter itself, and where it is."""
    if map_points.within(heard.text):
        return False
    return (not first.sure and _tells_more(heard)) or _tells(heard)


def _tells(heard: Understood) -> bool:
    """Say whether words tell what is wrong somewhere, whatever it is about: more than where it is."""
    place, spot = heard.place, fold(heard.text).split()[:1] in _SPOTS
    if spot or not heard.story or place is None or not is_precise(place):
        return False
    return len(heard.text.split()) >= _STORY and _SHAPES.pattern("wrong").search(fold(heard.text)) is not None


def _tells_more(heard: Understood) -> bool:
    """Say whether words given for a place tell of the matter itself."""
    place = heard.place
    spot = fold(heard.text).split()[:1] in _SPOTS
    sure = heard.sure and heard.topic != _ANYTHING
    return heard.story and sure and not spot and place is not None and is_precise(place)


def _with_hamlet(told: str, place: Place | None) -> str:
    """Return a place as it was told; with the name our officials know the hamlet by, where another."""
    label = wording.shortened(told, LONGEST_PLACE)
    named = place.hamlet if place is not None and place.sure else None
    return label if not named or fold(named) in fold(told) else f"{label} ({named})"


def _is_story(session: Session, heard: Understood) -> bool:
    """Say whether an answer to “where” is no place at all: it tells a wrong, or goes on with what is told.

    So does what is longer than any place. Who only names an official says who did what was told before; their
    house is a place.
    """
    if session.rules.accused.names_doer(heard.text, session.today):
        return True
    if not (heard.place and heard.place.hamlet) and is_piece(heard.text):
        return True
    said = exclusion.heard_of(session.rules, heard.text, session.today)
    wrong = heard.accuses or (said.wrong and not said.doubt)
    return heard.story and (wrong or len(heard.text) > LONGEST_PLACE)


def _place(rules: Rules, turn: int, words: str = "") -> Flow[str]:
    hamlets = {hamlet.code: hamlet.name for hamlet in rules.directory.hamlets[:_NINE]}
    named = yield Ask(
        "place", _named_place(rules), tuple(hamlets), hamlets, turn=turn, words=words, wants="location"
    )
    said = str(words_of(named, hamlets))
    return wording.commune(rules) if wishes.unknown(said) else said


def _named_place(rules: Rules) -> Accept:
    """Take a place as it is told: “gần trạm bơm thôn 3” says more than the hamlet; “cảm ơn” is none."""

    def accept(said: Said) -> str:
        text = typed(said)
        if len(text) < 2:
            raise NotUnderstood("common.too_short")
        if rules.understanding.read(text).small_talk:
            raise NotUnderstood(None)
        return text

    return accept


def corrected_place(session: Session, text: str) -> str:
    """Return the place in words that only correct it: “ở thôn 2 chứ không phải thôn 3”; empty for others."""
    denies = _SHAPES.pattern("notthere").search(text) is not None
    bare = _SHAPES.pattern("notthere").sub("", text)
    place = session.rules.understanding.read(bare).place
    only = len(text.split()) <= _A_PLACE and (denies or _SHAPES.pattern("corrects").match(text) is not None)
    return place.label if only and place is not None and place.hamlet and place.sure else ""
