"""Officials in words: by whole names, parts of them, or a given name with a title or post beside it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from domain.accused import bearers
from domain.accused.abroad import Neighbours, named_places
from domain.accused.bearers import Bearer, Person
from domain.accused.offices import GENERIC, Office
from domain.accused.scene import Scene
from domain.directory import Directory
from domain.understand import compounds
from domain.understand.conduct import Conduct, Weakness
from domain.understand.loosely import Found, Names, Said

_NEAR = 3  # words between a name and the unit that says which of its bearers is meant
_PART = 2  # words of a name that are beyond doubt without a title
_FORGIVEN = 3  # words of a name of which one may be marked wrongly
_JOINS = frozenset(
    {"co", "cua", "o", "ben", "la", "ten", "lam", "tai", "thuoc", "tren", "ngoai", "of", "from", "in", "at"}
)


class PeopleNames:
    """The names of one directory's officials, and in which units they hold or held a role."""

    def __init__(self, directory: Directory, conduct: Conduct) -> None:
        self._conduct = conduct
        self._known, self._desk, self._near = directory.names, directory.whole, Neighbours(directory)
        self._borne = bearers.of(directory.whole)
        self._here: dict[str, tuple[Bearer, ...]] = {}
        """Whose given name a word is in this directory, of the words that were asked about."""
        self._places = Names((name, True) for name in named_places(directory.areas))

    def may_be_in(self, said: Said) -> bool:
        """Say whether any of the words is somebody's given name."""
        return any(self._named(said, at) for at, word in enumerate(said.folds) if word in self._borne)

    def colleagues(self, said: Said, office: Office) -> bool:
        """Say whether the word before or behind a unit's name is the given name of somebody there.

        Behind it only with the commune between: "van hoa xa Hai".
        """
        beside = [*said.folds[max(0, office.start - 1) : office.start]]
        beside += said.folds[office.end : office.end + 1] if said.folds[office.end - 1] in GENERIC else []
        bearers = (bearer for word in beside for bearer in self.bearers(word))
        return any(self.serves(bearer.id, office.units) for bearer in bearers)

    def initialled(self, said: Said, office: Office) -> Person | None:
        """Return who of a unit may be meant by the letter before it: "T kinh tế", "anh T. bên kinh tế"."""
        at = office.start - 1
        at -= at > 0 and said.folds[at] in _JOINS
        letter = said.words[at].raw if at >= 0 else ""
        if len(letter) != 1 or not letter.isalpha() or not said.together(at, office.start):
            return None
        if not letter.isupper() and any(hit.start == at for hit in self._conduct.titles.find(said)):
            return None
        first = said.folds[at]
        named = (one for given in self._borne if given[0] == first for one in self.bearers(given))
        people = tuple(one.id for one in named if self.serves(one.id, office.units))
        return Person(at, at + 1, people, loose=False) if people else None

    def find(self, said: Said, offices: Sequence[Office], wrongs: Collection[int]) -> list[Person]:
        """Return the officials named in words where these offices, and wrongs from there on, were found."""
        scene = Scene(
            said,
            offices,
            wrongs,
            titles={hit.end: hit for hit in self._conduct.titles.find(said)},
            everyday={hit.end for hit in self._conduct.everyday.find(said)},
            slots={hit.end for hit in self._conduct.slots.find(said)},
            places={at for hit in self._areas(said) for at in range(hit.start, hit.end)},
        )
        people: list[Person] = []
        for at in range(len(said.folds)):
            bearers = self._named(said, at, offices)
            person = _Naming(scene, at, bearers, self, self._conduct).person() if bearers else None
            if person is not None:
                within = any(one.start < person.end and person.start < one.end for one in offices)
                people = [one for one in people if one.start < person.start or within]
                people.append(person)
        return people

    def borne(self, said: Said, offices: Sequence[Office]) -> list[Person]:
        """Return whose names stand in an answer to who it was: there a given name needs no title, no capital.

        The whole names count before parts of others.
        """
        taken = {at for one in offices for at in range(one.start, one.end)}
        found: list[tuple[int, int, Bearer]] = []
        for at in range(len(said.folds)):
            if at in taken or self._begins_a_word(said, at):
                continue
            spelled = said.words[at]
            fitting = (b for b in self._named(said, at, offices) if spelled.bare or spelled.key == b.keys[-1])
            found += [(bearer.length(said, at), at, bearer) for bearer in fitting]
        longest = max((length for length, _, _ in found), default=0)
        best = [one for one in found if one[0] == longest or longest == 1]
        return [Person(at - length + 1, at + 1, (who.id,), loose=False) for length, at, who in best]

    def _areas(self, said: Said) -> list[Found[Any]]:
        """Return where areas are named: those seen from here, and the other communes of the desk."""
        return [*self._places.find(said), *self._near.places(said)]

    def _named(self, said: Said, at: int, offices: Sequence[Office] = ()) -> Sequence[Bearer]:
        """Return whose name may end here; of who serves elsewhere the whole, or with a post or a commune."""
        here, borne = self.bearers(said.folds[at]), self._borne.get(said.folds[at], ())
        if len(here) == len(borne):
            return here
        posts = frozenset(unit for one in offices for unit in one.units)
        strange = [one for one in borne if one.id not in self._known and not one.lettered]
        told = (one for one in strange if bearers.is_told(one, said, at) or self.serves(one.id, posts))
        return (*here, *told, *self.in_commune(said, at, strange))

    def in_commune(self, said: Said, at: int, bearers: Iterable[Bearer]) -> list[Bearer]:
        """Return who of these serves in a commune that is named for a name that ends here."""
        told = self._near.told(said, at)
        return [one for one in bearers if self._near.sit(one.id, told)] if told else []

    def _begins_a_word(self, said: Said, at: int) -> bool:
        return at + 1 < len(said.words) and compounds.is_one(said.words[at], said.words[at + 1])

    def is_lettered(self, word: str) -> bool:
        """Say whether a word is somebody's name with its first words as letters, which is nobody else's."""
        return any(bearer.lettered for bearer in self.bearers(word))

    def bearers(self, given: str) -> Sequence[Bearer]:
        """Return whose given name this is: looked for among all of the desk's once for each such name."""
        borne = self._borne.get(given)
        if borne is None:
            return ()
        if given not in self._here:
            self._here[given] = tuple(bearer for bearer in borne if bearer.id in self._known)
        return self._here[given]

    def serves(self, person: UUID, units: frozenset[UUID]) -> bool:
        """Say whether somebody holds or held a role in one of the units."""
        return any(held.unit_id in units for held in self._desk.holdings_of(person))


class _Naming:
    """One word that may be somebody's given name, and what stands around it."""

    def __init__(
        self, scene: Scene, at: int, bearers: Sequence[Bearer], names: PeopleNames, conduct: Conduct
    ) -> None:
        self._conduct = conduct
        self._scene, self._said, self._at, self._names = scene, scene.said, at, names
        lengths = {bearer: bearer.length(scene.said, at) for bearer in bearers}
        self._length = max(lengths.values())
        if self._length == _PART and at in scene.titles:  # "anh Tuân" is Anh Tuân or some Tuân
            self._length = 1
        self._bearers = [bearer for bearer, length in lengths.items() if length >= self._length]
        self._start = at - self._length + 1
        self._title = scene.titles.get(self._start)
        self._word = scene.said.words[at]
        self._is_they = scene.said.folds[at + 1 : at + 2] == ["no"]  # "con Thảo nó…"
        self._inside = [one for one in scene.offices if one.start < at + 1 and self._start < one.end]
        gaps = [(self._gap(one), one) for one in scene.offices if scene.said.together(one.start, at)]
        self._near = [(gap, office) for gap, office in gaps if gap <= _NEAR]

    def _gap(self, office: Office) -> int:
        """Count the words between, but for the title and what joins a name to a post."""
        title = self._title
        start = self._start if title is None else title.start
        first, last = (office.end, start) if office.end <= start else (self._at + 1, office.start)
        return sum(word not in _JOINS for word in self._said.folds[first:last])

    def person(self) -> Person | None:
        """Return who is named, if anybody is."""
        if self._tells() or (self._inside and not self._may_be_inside()) or self._is_of_a_place():
            return None
        meant = self._spelled()
        if not meant or not self._is_name(meant):
            return None
        if self._is_elsewhere():
            return Person(self._start, self._at + 1, (), loose=True, sure=False)
        units = frozenset(unit for _, office in self._near for unit in office.units)
        there = self._names.in_commune(self._said, self._at, meant)
        there = there or [bearer for bearer in meant if self._names.serves(bearer.id, units)]
        people = tuple(dict.fromkeys(bearer.id for bearer in there or meant))
        return Person(
            self._start,
            self._at + 1,
            people,
            loose=self._length == 1
            and not self._names.is_lettered(self._word.fold)
            and all(office.elsewhere for _, office in self._near),
            sure=self._is_sure(),
        )

    def _is_of_a_place(self) -> bool:
        """Say whether a street or an area is called so: "đường Lê Minh Quý", "thôn Tân Phúc"."""
        # "Đường" is written as "dượng" is, and as the surname behind a title.
        titled = self._title is not None
        is_place = titled and self._is_place(self._start - 1) and self._start - 1 not in self._scene.titles
        if titled and (not is_place or self._is_blamed()):
            return False
        if self._at in self._scene.places and not self._inside:
            return self._length == 1 or self._start in self._scene.places
        in_office = any(one.start <= self._start - 1 < one.end for one in self._scene.offices)
        return (
            self._is_place(self._start - 1) and not in_office and not any(gap == 0 for gap, _ in self._near)
        )

    def _is_place(self, at: int) -> bool:
        """Say whether this word, in the same sentence, is one for what has a name, as a street has."""
        if at < 0 or not self._said.together(at, self._at):
            return False
        word = self._said.words[at]
        return word.key in self._conduct.marked_places or (
            word.fold in self._conduct.bare_places and (word.bare or word.key in self._conduct.marked_places)
        )

    def _is_elsewhere(self) -> bool:
        """Say whether the post beside is none of this directory's: a teacher's, where no school is of it."""
        return self._length == 1 and any(one.elsewhere and one.end == self._start for _, one in self._near)

    def _may_be_inside(self) -> bool:
        """Say whether words that name a unit may name somebody as well, as "ông Công ăn" without marks."""
        reaches_out = self._length == _PART and all(self._start < one.start for one in self._inside)
        weak = self._title is not None and Weakness.WEAK in self._title.values
        called = (self._title is not None and not weak) or reaches_out
        return self._length >= _FORGIVEN or (called and self._said.bare)

    def _spelled(self) -> list[Bearer]:
        """Return whom the spelling fits; of a whole name one word may have missed a mark.

        Who marks no words leaves all marks out; of who does, "Lan" is Lan before Lân, and "ba lần" nobody.
        """
        words = self._said.words[self._start : self._at + 1]
        missed = [(bearer.misses(words), bearer) for bearer in self._bearers]
        if self._said.bare:
            missed = [((wrong, 0), bearer) for (wrong, _), bearer in missed]
        missed = [(misses, bearer) for misses, bearer in missed if misses[0] <= self._forgiven(bearer)]
        least = min((misses for misses, _ in missed), default=None)
        return [bearer for misses, bearer in missed if misses == least]

    def _forgiven(self, bearer: Bearer) -> int:
        """Return how many words may be marked wrongly: one of a whole name, or beside their own unit."""
        if self._length >= _FORGIVEN:
            return 1
        beside = frozenset(unit for gap, office in self._near if gap == 0 for unit in office.units)
        return int(self._title is not None and self._is_capital and self._names.serves(bearer.id, beside))

    @property
    def _is_capital(self) -> bool:
        return self._word.raw[:1].isupper() and not self._said.shouted

    @property
    def _is_a_verb(self) -> bool:
        """Whether it is spelled as what people say every day: “công an bảo tôi”."""
        return not self._is_capital and self._word.key in self._conduct.verbs

    def _tells(self) -> bool:
        """Say whether somebody without a name says something: "bác Ba bảo đèn hỏng", "cán bộ bảo tôi về"."""
        if not self._is_a_verb or self._length > 1 or self._at + 1 in self._scene.wrongs:
            return False
        last = self._start - 1  # “bác Ba” has a title, and “ba” is one too
        called = self._title is None or (
            last in self._scene.titles and self._conduct.is_birth(self._said.words[last])
        )
        return called and self._at + 1 < len(self._said.words)

    def _is_name(self, meant: Sequence[Bearer]) -> bool:
        """Say whether the word is a name: many given names are everyday words too."""
        if self._length >= _PART or self._names.is_lettered(self._word.fold):
            return True
        if self._is_of_a_wrong() or (self._reads_on() and not self._is_blamed()) or self._is_of_a_word():
            return False
        if self._is_cried_out():
            return True
        beside = [office for gap, office in self._near if gap == 0]
        if self._title is not None:
            return self._is_capital or bool(beside) or not self._is_doubtful(self._title)
        marked = not self._word.bare and not self._is_a_verb
        if beside and (self._is_capital or marked or self._belongs(meant, beside)):
            return True
        opens = self._at == 0 or not self._said.together(self._at - 1, self._at)
        alone = self._is_capital and not (self._word.bare and opens)
        return alone and not self._word.raw.isupper() and not self._has_another_surname()

    def _is_of_a_wrong(self) -> bool:
        """Say whether the word is the first of what is told: "bảo kê" is nobody's name."""
        alone = self._title is None and not self._is_capital and not self._word.bare
        return alone and self._at in self._scene.wrongs

    def _is_of_a_word(self) -> bool:
        """Say whether it begins a word of two syllables with no title before, as “hải sản”, or tells when."""
        day = compounds.is_taught(self._said.words[max(0, self._start - 1) : self._at + 1]) or (
            not self._is_capital and compounds.is_day(self._said.words[self._at : self._at + 2])
        )
        ends, title = self._at + 1, self._title
        short = title is not None and title.end - title.start == 1  # of more it is a post
        if day or short or not self._said.words[ends : ends + 1]:
            return day
        parted = not self._said.together(self._at, ends) or ends in self._scene.wrongs
        in_office = any(office.start == ends for office in self._scene.offices)
        return not (parted or in_office) and compounds.is_one(self._word, self._said.words[ends])

    def _is_cried_out(self) -> bool:
        """Say whether a sentence begins with the name, and with violence or what an official does behind it.

        Who cries for help, or is asked who it was, writes no title and no capital.
        """
        if self._is_all():
            return not self._conduct.is_birth(self._word)
        opens = self._at == 0 or not self._said.together(self._at - 1, self._at)
        if self._title is not None or not opens or self._length > 1 or self._inside or self._is_a_verb:
            return False
        if len(self._said.words) == 1 and len(self._word.fold) > _PART:
            return not self._conduct.is_birth(self._word)
        if self._conduct.is_blamed_after(self._said, self._at + 1):
            return True
        then = self._conduct.everyday_names.get(self._said.folds[self._at], frozenset())
        if not self._is_capital and not then.isdisjoint(self._said.folds[self._at + 1 : self._at + 2]):
            return False
        behind = {start - self._at for start in self._scene.wrongs if self._said.together(start, self._at)}
        return not behind.isdisjoint({1, 2})

    def _is_all(self) -> bool:
        """Say whether a title and the name are all that is said, or that it was they: "do thang dung"."""
        title, ends = self._title, self._at + 1 == len(self._said.words)
        if title is None or self._length > 1 or self._inside or not ends:
            return False
        before = title.start - 1
        return before < 0 or not self._said.together(before, self._at) or title.start in self._scene.slots

    def _is_sure(self) -> bool:
        if self._length >= _PART or self._names.is_lettered(self._word.fold) or self._is_capital:
            return True
        if not self._said.bare or self._is_cried_out():
            return True
        if self._reads_on():
            return False
        if any(gap == 0 and (office.units or self._title) for gap, office in self._near):
            return True
        common = self._word.fold in self._conduct.everyday_names and not self._is_they
        return self._is_called or (self._title is not None and not common)

    @property
    def _is_called(self) -> bool:
        """Whether a title stands before that is nothing but one."""
        return self._title is not None and not any(self._title.values)

    def _reads_on(self) -> bool:
        """Say whether name and next word are everyday ones: "nga xuong" is "ngã xuống"."""
        if self._is_capital or not (self._said.bare or self._lost_its_marks()):
            return False
        then = self._conduct.everyday_names.get(self._said.folds[self._at], frozenset())
        following = self._said.folds[self._at + 1 : self._at + 2]
        reach = len(self._said.folds) if self._title is not None else 1
        beside = any(gap == 0 and office.start - self._at <= reach for gap, office in self._near)
        follows = any(office.start > self._at or self._title is not None for _, office in self._near)
        return bool(following) and following[0] in then and not (beside and follows)

    def _lost_its_marks(self) -> bool:
        """Say whether the name would have marks, and neither it nor the next word has: "con bao lau nua"."""
        behind = self._said.words[self._at + 1 : self._at + 2]
        spelled = any(bearer.keys[-1] == self._word.key for bearer in self._bearers)
        return not spelled and all(word.bare for word in (self._word, *behind))

    def _has_another_surname(self) -> bool:
        """Say whether the word before is of a name, and not of that of whoever is known here."""
        before = self._said.words[self._at - 1] if self._at else None
        if before is None or not before.raw[:1].isupper() or not self._said.together(self._at - 1, self._at):
            return False
        opens = self._at == 1 or not self._said.together(self._at - 2, self._at - 1)
        in_office = any(one.start < self._at <= one.end for one in self._scene.offices)
        return not (opens or in_office)

    def _is_blamed(self) -> bool:
        """Say whether a wrong is told of whoever has this title: right behind, or further on if it is one."""
        if self._title is None:
            return False
        behind = (start for start in self._scene.wrongs if start > self._at)
        reach = len(self._said.folds) if self._is_called else self._at + 1
        return any(start <= reach and self._said.together(start, self._at) for start in behind)

    def _is_doubtful(self, title: Found[Weakness]) -> bool:
        """Say whether title and name may be everyday words, as "ánh sáng" is without marks."""
        weakness = max(title.values)
        everyday = self._at + 1 in self._scene.everyday
        if not self._said.bare or not (weakness is Weakness.WEAK or everyday):
            return False
        acts = not {self._at + 1, self._at + 2}.isdisjoint(self._scene.wrongs)
        return not (acts or self._is_they) and title.start not in self._scene.slots

    def _belongs(self, meant: Sequence[Bearer], beside: Sequence[Office]) -> bool:
        exact = any(bearer.keys[-1] == self._word.key for bearer in meant)
        if not self._said.bare and not exact:
            return False
        units = frozenset(unit for office in beside for unit in office.units)
        any_official = any(not office.units and office.end == self._start for office in beside)
        return any_official or any(self._names.serves(bearer.id, units) for bearer in meant)
