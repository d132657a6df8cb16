"""Whom an accusation speaks of: officials and units of the directory, by whatever people call them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from domain import law
from domain.accused.abroad import seats, units_of
from domain.accused.accusation import Accusation as Accusation
from domain.accused.bearers import Person
from domain.accused.offices import Office, OfficeNames
from domain.accused.people import PeopleNames
from domain.accused.serving import hides, is_certain, is_known, is_whole, opens, outdoes, overlap, serving
from domain.accused.works import WorkNames
from domain.directory import Directory
from domain.people import Role
from domain.understand.conduct import Conduct
from domain.understand.deeds import Mention, Told
from domain.understand.loosely import Said
from domain.understand.offices import Offices
from domain.understand.wheres import is_spot

_IN_CHARGE = frozenset({Role.SUPERVISOR, Role.HEAD})
_KEPT = 512  # readings of a desk; a draft told in many pieces is read at each of them, when it is replayed
_TRIED = 4096  # words that a change of the office is tried by
_ANSWER = 8  # words of an answer that only names somebody
_NAMING = frozenset(
    {"la", "ten", "no", "do", "chinh", "da", "thua", "a", "day", "o", "ben", "cua", "xa", "chu", "ai"}
)
_BESIDE = 2  # words between a post and the name that says which of its holders is meant


def read(text: str, directory: Directory, day: date) -> Accusation:
    """Return whom the words speak of, by the packaged taxonomy (see `Rules.accused` for the one in force)."""
    return _packaged(directory).read(text, day)


@lru_cache(maxsize=4)
def _packaged(directory: Directory) -> "Accused":
    return Accused(directory, Offices.parse(law.seed("taxonomy")))


class Accused:
    """Finds officials and units in words. Made once for a directory; those of a desk share what was read."""

    def __init__(self, directory: Directory, offices: Offices, kept: "Readings | None" = None) -> None:
        self._directory = directory
        self._conduct = Conduct.load()
        self._offices = OfficeNames(directory, offices)
        self._works = WorkNames(directory, offices)
        self._people = PeopleNames(directory, self._conduct)
        self._seats = seats(directory.whole)
        self._commune = directory.commune.code if directory.commune is not None else None
        self._governing = {unit.parent for unit in directory.whole.units if unit.parent}
        self._recent = kept or readings()
        self._tried = lru_cache(maxsize=_TRIED)(lambda text: tuple(self._found(Said(text), set())))

    def read(self, text: str, day: date) -> Accusation:
        """Return whom the words speak of, and whether a wrong is told of any of them.

        People are known by their names whether or not they serve that day; posts mean who holds them then.
        The same words are asked about again while a conversation is replayed: the last readings are kept.
        """
        return self._recent(self, text, day)

    def _read(self, text: str, day: date) -> Accusation:
        said = Said(text)
        wrongs = self._conduct.wrongs(said)
        found = self._found(said, {hit.start for hit in wrongs})
        own = (one for one in found if not _is_by_work(one))
        signed = [one for one in own if self._conduct.is_own(said, _mention(one), wrongs)]
        found = [one for one in found if one not in signed]
        mentions = [_mention(one) for one in found]
        told = self._conduct.read(said, wrongs, mentions)
        # What the leaders in general promise or put off is a matter; only what is denounced is theirs alone.
        meant = [found[at] for at in told.of if told.crime or not _is_general(found[at])]
        meant = [one for one in meant if not self._conduct.is_neighbours_kin(said, _mention(one))]
        spared = self._conduct.bystanders.find(said, mentions, wrongs) if found else set[Mention]()
        open_to = [one for at in told.open if _mention(one := found[at]) not in spared]
        blamed = self._conduct.pointing.suspected(said, mentions, [_mention(one) for one in open_to])
        if not told.wrong:
            strangers = [one for one in map(_mention, meant) if self._conduct.is_neighbour(said, one)]
            meant = [one for one in meant if _mention(one) in blamed or _mention(one) not in strangers]
        people_meant, units = self._whom(meant, day)
        passed = [at for at in range(len(found)) if at not in told.of and at not in told.others]
        others = self._whom([found[at] for at in passed], day)
        beside = [one for ids in others for one in ids if one not in {*people_meant, *units}]
        asked = [one for at, one in enumerate(found) if at not in told.of and isinstance(one, Person)]
        named = [_mention(one) for one in meant if _is_somebody(one, asked)]
        bodies = [_mention(one) for one in meant if isinstance(one, Office) and one.units]
        offices = [one for at in told.open if isinstance(one := found[at], Office)]
        does = [_mention(one) for one in offices if self._may_do(one)]
        doubt = not told.wrong and self._conduct.doubtful(said, named, bodies, does)
        suspects = [one for one in open_to if is_known(one)]
        suspects += [one for one in meant if _mention(one) in blamed and is_certain(one)]
        sure, given = self._sure(
            said, [found[at] for at in told.doers], suspects, meant if doubt else (), day
        )
        holder = told.wrong and any(isinstance(one, Office) and one.holder for one in meant)
        calm = not (told.wrong or doubt) and self._conduct.is_calm(said, [*named, *bodies])
        kind = not calm or self._conduct.is_calm(said, [*named, *bodies], kind=True)
        aside = self._at_home(said, found, day) if kind else people_meant
        wrong = told.wrong or doubt
        heard = Accusation(
            people_meant,
            units,
            wrong,
            told.crime,
            doubt,
            tuple(beside),
            sure,
            given,
            general=self._general(meant, day),
            holder=holder,
            calm=calm,
            aside=aside,
            attack=any(hit.value.violent for hit in wrongs),
            named=self._named(said, [one for one in meant if one in open_to]),
        )
        return heard.pointing(self._pointed(said, found, told, spared, day)) if found else heard

    def _may_do(self, office: Office) -> bool:
        """Say whether it is a unit, or somebody there: not who governs the others, whose deeds are policy."""
        return bool(office.units - self._governing) and not office.general

    def _at_home(self, said: Said, found: Sequence[Office | Person], day: date) -> tuple[UUID, ...]:
        """Return who is named only as whose house it is, and of whom more is told: a neighbour, or they."""
        loose = [one for one in found if isinstance(one, Person) and one.loose]
        here = [one for one in loose if self._conduct.is_at_house(said, _mention(one))]
        return self._whom([one for one in here if self._conduct.is_told_on(said, _mention(one))], day)[0]

    def _named(self, said: Said, meant: Sequence[Office | Person]) -> tuple[UUID, ...]:
        """Return of whom only a given name is told: not as whose house it is, nor as who came to look."""
        if self._conduct.is_visit(said):
            return ()
        given = (one for one in meant if isinstance(one, Person) and one.loose and one.sure)
        at_large = (one for one in given if not self._conduct.is_at_house(said, _mention(one)))
        return tuple(dict.fromkeys(person for one in at_large for person in one.people))

    def _pointed(
        self, said: Said, found: Sequence[Office | Person], told: Told, spared: Collection[Mention], day: date
    ) -> Accusation:
        """Return, and nothing else, at whom the sender points: as who did it, or must not be told."""
        mentions, pointing = [_mention(one) for one in found], self._conduct.pointing
        shut = pointing.forbidden(said, mentions)
        called, feared = pointing.identified(said, mentions)
        free = {*told.others, *shut}
        kin = pointing.relatives(said, mentions)
        named = {*(at for at in called if mentions[at] not in spared), *feared, *kin} - free
        meant = [found[at] for at in sorted(named) if is_certain(found[at])]
        people, units = self._whom(meant, day)
        known, _ = self._whom([one for one in meant if isinstance(one, Office) or not one.loose], day)
        given = tuple(one for one in people if one not in known)
        out, bodies = self._whom([found[at] for at in shut], day)
        return Accusation(out, bodies, given=given, pointed=people, pointed_units=units)

    def _sure(
        self,
        said: Said,
        doers: Sequence[Office | Person],
        suspects: Sequence[Office | Person],
        named: Sequence[Office | Person],
        day: date,
    ) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
        """Return who in danger may have done it, and who of them is told by a given name alone."""
        certain = [*(one for one in doers if isinstance(one, Office) or one.sure), *suspects]
        if named and self._conduct.complains(said):
            certain += [one for one in named if isinstance(one, Person) and one.sure and not one.loose]
        people, units = self._whom(certain, day)
        known, _ = self._whom([one for one in certain if isinstance(one, Office) or not one.loose], day)
        return (*people, *units), tuple(one for one in people if one not in known)

    def named(self, text: str, day: date) -> frozenset[UUID]:
        """Return the people and units that words name, whatever is told of them."""
        people, units = self._whom(self._tried(text), day)
        return frozenset((*people, *units))

    def answering(self, text: str, day: date) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
        """Return the people and units that an answer to who it was names, however it is typed."""
        said = Said(text)
        found = self._found(said, set())
        offices = [one for one in found if isinstance(one, Office)]
        return self._whom([*found, *self._people.borne(said, offices)], day)

    def only_names(self, text: str, day: date) -> tuple[UUID, ...]:
        """Return the people whom a few words name that say nothing else: "là dũng", "Khoa văn phòng"."""
        said = Said(text)
        if len(said.words) > _ANSWER:
            return ()
        offices = [one for one in self._found(said, set()) if isinstance(one, Office)]
        named = self._people.borne(said, offices)
        covered = {at for part in (offices, named) for one in part for at in range(one.start, one.end)}
        covered |= {at for title in self._conduct.titles.find(said) for at in range(title.start, title.end)}
        left = (word for at, word in enumerate(said.folds) if at not in covered)
        return self._whom(named, day)[0] if named and all(word in _NAMING for word in left) else ()

    def owners_blamed(self, words: str, story: str, day: date) -> tuple[UUID, ...]:
        """Return whose house a story names where later words blame "this man": "chính anh ta đốt"."""
        said, told = Said(words), Said(story)
        pointed = list(self._conduct.holders.later(said, ()))
        wrongs = self._conduct.wrongs(said) if pointed else []
        blamed = pointed and (
            self._conduct.pointing.suspected(said, pointed, pointed)
            or self._conduct.read(said, wrongs, pointed).wrong
        )
        people = [one for one in self._found(told, set()) if isinstance(one, Person)] if blamed else []
        return self._whom([one for one in people if self._conduct.is_at_house(told, _mention(one))], day)[0]

    def known(self, text: str, day: date) -> tuple[UUID, ...]:
        """Return the people whom words name beyond doubt, whatever is told of them."""
        people = [one for one in self._found(Said(text), set()) if isinstance(one, Person) and not one.loose]
        return self._whom(people, day)[0]

    def names_doer(self, text: str, day: date) -> bool:
        """Say whether an answer to another question names an official or blames a unit: in doubt they did it.

        Not where it tells where something is: by the house, the shop or the office of somebody.
        """
        heard = self.read(text, day)
        return heard.wrong and bool(heard.people or heard.units) and not self._is_at_house(text)

    def may_be_told_of(self, text: str, day: date) -> bool:
        """Say whether later words that name an official may tell, in words of no list, what they did.

        In doubt they do; not where they only say at whose house it is, who may be anybody of that name, nor
        that somebody came to look.
        """
        doubt = self.read(text, day).doubt
        return doubt and not self._is_at_house(text, known=False) and not self._conduct.is_visit(Said(text))

    def says_where(self, text: str) -> bool:
        """Say whether words tell no more than where something is, be it at whose house."""
        titles = self._conduct.titles.find(said := Said(text))
        people = [one for one in self._found(said, set()) if isinstance(one, Person)]
        named = {at for one in people for at in range(one.start, one.end)}
        named |= {at for one in titles for at in range(one.start, one.end + 1)}  # neighbours have names too
        rest = (word for at, word in enumerate(said.words) if at not in named)
        return all(map(is_spot, rest)) and (not people or self._is_at_house(text, known=False))

    def _is_at_house(self, text: str, *, known: bool = True) -> bool:
        """Say whether people are named only as whose house it is; of officials beyond doubt if `known`."""
        said = Said(text)
        people = [_mention(one) for one in self._found(said, set()) if isinstance(one, Person)]
        at_house = (self._conduct.is_at_house(said, one) and (known or one.loose) for one in people)
        return bool(people) and all(at_house)

    def of_holder(self, words: str, story: str, *, blames: bool, asked: bool = False) -> bool:
        """Say whether words about a case that somebody has tell a wrong of them, perhaps without a name.

        "This man" is whoever has the case unless its story speaks of somebody else, or `blames` an official.
        `asked`: the words answer them, so that "anh" is they.
        """
        said = Said(words)
        wrongs = self._conduct.wrongs(said)
        if asked and self._conduct.addresses(said, wrongs):
            return True
        found = self._found(said, {hit.start for hit in wrongs})
        known = [_mention(one) for one in found]
        later = list(self._conduct.holders.later(said, known))
        strange = blames or any(self._tells_of_a_stranger(one) for one in (Said(story), said))
        pointed = [] if strange else later
        held = {_mention(one) for one in found if isinstance(one, Office) and one.holder}
        holders = {*pointed, *held}
        mentions = sorted([*known, *pointed])
        told = self._conduct.read(said, wrongs, mentions)
        others = [one for one in found if _is_other(one) and _mention(one) not in held]
        if not (strange or others) and self._conduct.tells_of_holder(said):
            return True
        if not told.wrong:
            blamed = self._conduct.blames(said, [*pointed, *held])
            calm = self._conduct.is_calm(said, sorted(held))
            return blamed or (bool(held) and self._conduct.complains(said) and not calm)
        doers = [mentions[at] for at in told.doers or told.of]
        return (not doers and not strange) or not holders.isdisjoint(doers)

    def _tells_of_a_stranger(self, said: Said) -> bool:
        """Say whether somebody else is spoken of: not words for whoever has the case, nor whose kin."""
        wrongs = self._conduct.wrongs(said)
        later = self._conduct.holders.later(said, self._conduct.holders.find(said))
        taken = {at for hit in wrongs for at in range(hit.start + 1, hit.end)}
        taken |= {at for one in later for at in range(one.start, one.end)}
        return self._conduct.speaks_of_others(said, taken)

    def _found(self, said: Said, wrongs: Collection[int]) -> list[Office | Person]:
        named = self._offices_in(said)
        shortened = [
            one for one in self._offices.shortened(said) if not any(hides(other, one) for other in named)
        ]
        acting = [one for one in shortened if is_whole(one, said) and (one.end in wrongs or opens(one, said))]
        named = [
            one for one in serving(named, shortened, said) if not any(overlap(one, other) for other in acting)
        ]
        placed = self._placed(said, [*named, *acting])
        named = self._seats.with_led(said, placed, self._commune)
        shortened = [
            one for one in shortened if one not in acting and not any(overlap(one, other) for other in named)
        ]
        letters = [(self._people.initialled(said, one), one) for one in (*named, *shortened) if one.units]
        initials = [person for person, _ in letters if person is not None]
        if not (initials or self._people.may_be_in(said)):
            return list(named)
        lettered = [office for person, office in letters if person is not None]
        shortened = self._placed(said, shortened)
        short = [one for one in shortened if one in lettered or self._people.colleagues(said, one)]
        people = self._people.find(said, [*named, *short], wrongs)
        taken: list[Office | Person] = [*(one for one in named if one.holder), *initials]
        people = [*initials, *(one for one in people if not any(overlap(one, other) for other in taken))]
        edges = {edge for person in people for edge in (person.start, person.end)}
        meant = (one for one in short if one in lettered or not edges.isdisjoint({one.start, one.end}))
        offices = [*named, *meant]
        offices = [one for one in offices if not any(outdoes(person, one) for person in people)]
        return sorted([*offices, *people], key=_start)

    def _placed(self, said: Said, offices: Sequence[Office]) -> list[Office]:
        """Return offices in order, each in the commune of the desk that the words name for it."""
        return self._seats.placed(sorted(offices, key=_start), said, self._commune)

    def _offices_in(self, said: Said) -> list[Office]:
        """Return units, posts, who is called by their work, and whoever has the case."""
        held = [_holder(one) for one in self._conduct.holders.find(said)]
        told_of = [one for one in self._offices.find(said) if not any(overlap(one, other) for other in held)]
        found = self._works.find(said, told_of)
        holders = [one for one in held if any(overlap(one, work) for work in found)]
        works = [replace(one, holder=any(overlap(one, other) for other in holders)) for one in found]
        rest = (one for one in (*told_of, *held) if not any(overlap(one, work) for work in works))
        return sorted([*rest, *works], key=_start)

    def _whom(self, found: Sequence[Office | Person], day: date) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
        """Return the people and the units meant, each once."""
        offices = [one for one in found if isinstance(one, Office)]
        named = [one for one in found if isinstance(one, Person)]
        people = [person for one in named for person in one.people]
        for office in offices:
            if office.in_charge:
                people += self._holders(office, named, day)
        units = units_of(self._directory, (unit for one in offices for unit in one.units))
        return tuple(dict.fromkeys(people)), units

    def _general(self, meant: Sequence[Office | Person], day: date) -> tuple[UUID, ...]:
        """Return who of those meant is only told of as one of all heads."""
        rest = [one for one in meant if not _is_general(one)]
        if len(rest) == len(meant):
            return ()
        known = {one for ids in self._whom(rest, day) for one in ids}
        return tuple(one for ids in self._whom(meant, day) for one in ids if one not in known)

    def _holders(self, office: Office, named: Sequence[Person], day: date) -> list[UUID]:
        """Return who is in charge of the units meant; nobody where a name beside says which of them."""
        units, desk = units_of(self._directory, office.units), self._directory.whole
        holders = [person for unit in units for person in desk.holders(unit, _IN_CHARGE, day)]
        near = [one for one in named if max(one.start - office.end, office.start - one.end) <= _BESIDE]
        is_told = any(not set(one.people).isdisjoint(holders) for one in near)
        return [] if is_told else holders


Readings = Callable[[Accused, str, date], Accusation]


def readings() -> Readings:
    """Return what reads words for whichever is asked, and keeps the last of all of them."""
    return lru_cache(maxsize=_KEPT)(Accused._read)  # noqa: SLF001 - its own kind


def _is_somebody(found: Office | Person, asked: Sequence[Person]) -> bool:
    """Say whether it is a person, or the post of one who is not asked beside it."""
    if isinstance(found, Person):
        return bool(found.people)
    near = any(max(one.start - found.end, found.start - one.end) <= _BESIDE for one in asked)
    return found.in_charge and not near


def _is_other(found: Office | Person) -> bool:
    """Say whether somebody or some unit is named, and not just any official."""
    return isinstance(found, Person) or bool(found.units) or found.elsewhere


def _is_by_work(found: Office | Person) -> bool:
    """Say whether somebody is called by their work, and so is nobody who signs."""
    return isinstance(found, Office) and not (found.place or found.in_charge)


def _is_general(found: Office | Person) -> bool:
    return isinstance(found, Office) and found.general


def _holder(mention: Mention) -> Office:
    return Office(mention.start, mention.end, frozenset(), in_charge=False, place=False, holder=True)


def _start(found: Office | Person) -> int:
    return found.start


def _mention(found: Office | Person) -> Mention:
    if isinstance(found, Person):
        return Mention(found.start, found.end, loose=found.loose, person=True)
    return Mention(found.start, found.end, person=not found.place)
