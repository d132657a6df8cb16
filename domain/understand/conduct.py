"""Whether a message tells a wrong or bad conduct of officials, and of which of those it speaks of.

The one logic for both who know the directory (`domain.accused`) and who do not (`Understanding`): they bring
the mentions, which are names of people, posts and units; the phrases are those of `conduct.yaml`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from domain.packaged import document
from domain.understand.amounts import amounts
from domain.understand.bystanders import Bystanders
from domain.understand.calm import Calm, turned
from domain.understand.deeds import Mention, Scene, Told, Wrong, is_doubtful
from domain.understand.fold import Token, exact, fold
from domain.understand.holders import Holders
from domain.understand.loosely import Found, Names, Said, loosened
from domain.understand.phrases import Hit, Phrases
from domain.understand.pointing import Pointing
from domain.understand.subjects import Subjects

DATA = Path(__file__).parent / "data" / "conduct.yaml"
_MARKS = (
    "denials",
    "others",
    "uses",
    "asks",
    "soft",
    "turns",
    "beside",
    "at",
    "building",
    "pronouns",
    "selves",
    "titles",
    "praise",
    "joins",
    "kin",
    "serves",
    "rude",
    "within",
    "shuns",
    "poses",
    "pleas",
)
_FOLK = ("folk", "rude", "within")
_FLAGS = ("alone", "by", "crime", "violent", "asked", "anyhow", "person")
_IS_OR_AT = frozenset({"la", "lam", "o", "ben", "di", "dang", "hay", "nghe", "nha", "ngoai", "trong", "tai"})
_WHO_ELSE = frozenset(
    {"chu ai", "chu con", "chu dau", "chu khong", "chu thang", "chu dua", "chu ong", "chu ba"}
)  # and not the owner of anything
_THERE = frozenset(exact(text) for text in ("đấy", "đây", "dậy"))
"""Words that are "dạy" but for their marks: "Dũng đấy" teaches nobody."""
_OF, _IS, _NAMED, _THEY = "cua", "la", "ten", "no"
_LEADS = frozenset({"chinh", "ma", "con", "do", "tai", "la"})  # before whoever is spoken to
_DEED = 4  # words between them and what they did
_FOR = frozenset({"cho", "cua", "la", "giup", "va"})
_WHOLE = 3  # words of a whole name
_ASKS = frozenset(exact(text) for text in ("xin", "nhờ", "mong", "kính", "muốn"))
_BEAST = "con"  # before a beast, as "head" of cattle
_REACH = 4  # words between somebody who is feared and what is feared of them


class Weakness(IntEnum):
    """Whether a title is an everyday word without its marks: beside names that are one, or beside any."""

    NONE = 0
    HALF = 1
    WEAK = 2


class Conduct:
    """The phrases of `conduct.yaml`, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        wrongs: Mapping[str, Mapping[str, Any]] = data["wrongs"]
        self._wrongs = Phrases(
            (loosened(cue), _wrong(group, cue)) for group in wrongs.values() for cue in group["cues"]
        )
        self._guards = Phrases((loosened(guard), True) for guard in data["guards"])
        self._marks = Names((text, mark) for mark in _MARKS for text in data[mark])
        self.titles = Names((text, _weakness(data, text)) for text in data["titles"])
        self.everyday_names = {str(name): frozenset(then) for name, then in data["everyday_names"].items()}
        self.bare_places, self.marked_places = (
            frozenset(exact(text) if side == "marked" else fold(text) for text in data["named_places"][side])
            for side in ("bare", "marked")
        )
        self.everyday = Names((text, True) for text in data["everyday"])
        self.holders = Holders(data["holders"])
        self.bystanders = Bystanders(data["in_danger"], data["titles"])
        self.pointing = Pointing(data["pointing"], data["titles"])
        self.subjects = Subjects(data["subjects"], data["selves"])
        self.slots = Names((text, True) for text in data["slots"])
        self._calm = Calm(data)
        self._births = frozenset(exact(text) for text in data["births"])
        self._birth_folds = frozenset(fold(text) for text in data["births"])
        self._spoils, self._unwell, self._suffers = (
            Names((text, True) for text in data[name]) for name in ("spoils", "unwell", "suffers")
        )
        self._folk = Names((text, name) for name in _FOLK for text in data[name])
        self._before, self._behind, self._kin = (
            frozenset(fold(text) for text in data["neighbours"][side]) for side in ("before", "behind", "kin")
        )
        self._marked: dict[str, set[str]] = {}
        for word in (w for side in ("behind", "kin") for t in data["neighbours"][side] for w in t.split()):
            self._marked.setdefault(fold(word), set()).add(exact(loosened(word)))
        self._beasts = frozenset(exact(text) for text in data["neighbours"]["beasts"])
        self._beast_folds = frozenset(fold(text) for text in data["neighbours"]["beasts"])
        self.verbs = frozenset(exact(loosened(text)) for text in data["verbs"])
        self._own = frozenset(fold(text) for text in data["own"])
        self._visits = Names((text, True) for text in data["visits"])
        self._houses = frozenset(fold(text) for text in data["houses"])
        self._shuns = Names((text, name) for name in ("shuns", "fears") for text in data[name])
        self._feared = Names((text, True) for text in data["feared"])
        self._blames_before, self._blames_behind = (
            Names((text, True) for text in data["blames"][side]) for side in ("before", "behind")
        )

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> "Conduct":
        """Read the packaged phrases, once."""
        return Conduct(document(DATA))

    def wrongs(self, said: Said) -> list[Hit[Wrong]]:
        """Return the words that may tell a wrong, whoever does it."""
        hits = self._wrongs.find(said.words, amounts(said.words))
        guards = self._guards.find(said.words) if hits else []
        return [
            hit for hit in hits if _is_meant(hit, said) and not any(_covers(guard, hit) for guard in guards)
        ]

    def doubtful(
        self,
        said: Said,
        people: Sequence[Mention],
        bodies: Sequence[Mention],
        does: Sequence[Mention] = (),
    ) -> bool:
        """Say whether a wrong of these may be told in words no list holds: in doubt it is.

        Not where the words thank or ask, nor where only a neighbour of that name can be meant; of units only
        where they are spoken of as people, and not kindly.
        """
        if self.shuns(said, (*people, *bodies)) or self._calm.is_soured(said, bodies):
            return True
        if self.is_calm(said, (*people, *bodies)):
            return False
        if any(not self.is_neighbour(said, one) for one in people) or self._are_blamed(said, bodies):
            return True
        return self.subjects.do(said, does, self._as_people(said, does))

    def shuns(self, said: Said, named: Sequence[Mention]) -> bool:
        """Say whether one of those named must not know of it, or what they will do is feared."""
        found = self._shuns.find(said) if named else []
        if not found:
            return False
        feared = [one.start for one in self._feared.find(said)]
        for mention in named:
            before = [one for one in found if 0 <= mention.start - one.end < _REACH]
            before = [one for one in before if said.together(one.start, mention.start)]
            near = any(mention.end <= at <= mention.end + _REACH for at in feared)
            if any("shuns" in one.values or near for one in before):
                return True
        return False

    def blames(self, said: Said, named: Sequence[Mention]) -> bool:
        """Say whether words beside one of those named say that they did what was told before."""
        if not named:
            return False
        before = {one.end for one in self._blames_before.find(said)}
        behind = {one.start for one in self._blames_behind.find(said)}
        return any(
            not before.isdisjoint({one.start, self._titled(said, one)}) or one.end in behind for one in named
        )

    def may_call(self, said: Sequence[Token]) -> bool:
        """Say whether any of the words may be a name that is an everyday word without its marks."""
        return any(word.fold in self.everyday_names for word in said)

    def called(self, said: Said, acts: Collection[int]) -> set[int]:
        """Return which words are somebody's name behind a title, and no everyday word without its marks.

        Who marks their words leaves none out of "ngã": "cô Nga" is somebody. Who marks none tells by what
        follows: a deed, or an office, from one of these words on.
        """
        names = (one for one in self.titles.find(said) if one.end < len(said.words))
        at = (one.end for one in names if said.folds[one.end] in self.everyday_names)
        return {
            one
            for one in at
            if said.words[one].bare
            and said.together(one - 1, one)
            and ((not said.bare and not said.words[one - 1].bare) or one + 1 in acts)
        }

    def tells_of_holder(self, said: Said) -> bool:
        """Say whether words about a case that somebody has can only tell a wrong of them, without a name."""
        told = self.holders.did(said)
        if any(not hit.value for hit in told):
            return True
        return bool(told) and not any("praise" in mark.values for mark in self._marks.find(said))

    def is_visit(self, said: Said) -> bool:
        """Say whether the words tell that somebody came to look at it, and nothing that is not well."""
        return bool(self._visits.find(said)) and not self._unwell.find(said) and not self._spoils.find(said)

    def is_blamed_after(self, said: Said, at: int) -> bool:
        """Say whether the words right before this one are blamed: "Tuân chứ ai"."""
        return any(one.start == at for one in self._blames_behind.find(said))

    def is_birth(self, word: Token) -> bool:
        """Say whether a name tells the order of birth, which a number does too."""
        return word.fold in self._birth_folds

    def is_at_house(self, said: Said, mention: Mention) -> bool:
        """Say whether the name only says whose house, shop or field it is."""
        at = self._titled(said, mention)
        near = said.folds[max(0, at - 2) : at + 1]
        if near[-2:-1] == [_IS]:  # “chủ trại là ông Sáng”
            return False
        of = {" ".join(near[first:last]) for last in range(len(near) + 1) for first in range(last)}
        return not self._houses.isdisjoint(of) and "cua" not in near  # what is theirs is no place

    def is_told_on(self, said: Said, mention: Mention) -> bool:
        """Say whether more is told of whose house it is: "nhà anh Tuân, ảnh xây lấp mất"."""
        titled = self._titled(said, mention)
        words = {*said.folds[titled : mention.start], _THEY} if titled < mention.start else {_THEY}
        return not words.isdisjoint(said.folds[mention.end :])

    def addresses(self, said: Said, deeds: Sequence[Hit[Wrong]]) -> bool:
        """Say whether a wrong is told of whoever is spoken to, by a title: "anh còn đòi tôi 2 triệu"."""
        starts = [*(hit.start for hit in deeds), *(hit.start for hit in self.holders.did(said))]
        for title in self.titles.find(said):
            opens = title.start == 0 or said.is_parted(title.start) or said.folds[title.start - 1] in _LEADS
            named = any(word.raw[:1].isupper() for word in said.words[title.end : title.end + 1])
            near = any(
                title.end <= at <= title.end + _DEED and said.together(title.start, at) for at in starts
            )
            if opens and near and not named:
                return True
        return False

    def _is_beast(self, said: Said, at: int) -> bool:
        """Say whether a word is a beast's; without its marks only behind "con"."""
        if said.words[at].key in self._beasts:
            return True
        counted = at > 0 and said.folds[at - 1] == _BEAST
        return said.bare and counted and said.folds[at] in self._beast_folds

    def _titled(self, said: Said, mention: Mention) -> int:
        """Return where the title before a name begins, or the name where none does."""
        titles = {one.end: one.start for one in self.titles.find(said)}
        at = mention.start
        while (start := titles.get(at)) is not None:
            at = start
        return at

    def is_calm(self, said: Said, named: Sequence[Mention] = (), *, kind: bool = False) -> bool:
        """Say whether the words thank, praise or ask for each of these, and do not turn against one then.

        `kind`: they do not only tell how it goes.
        """
        hits = self._calm.find(said)
        if not hits or self._spoils.find(said):
            return False
        theirs = {at for one in named for at in (one.start, self._titled(said, one))}
        against = turned(self._marks.find(said), theirs) if theirs else 0
        hits = [hit for hit in hits if hit.start >= against and (hit.value or not kind)]
        return self._calm.spares(said, hits, named, self._titled)

    def speaks_of_others(self, said: Said, taken: Collection[int] = ()) -> bool:
        """Say whether somebody is spoken of who is no official, as a neighbour, in words not taken yet."""
        return any("others" in mark.values for mark in self._marks.find(said, taken))

    def complains(self, said: Said) -> bool:
        """Say whether something is told that is not as it should be, by somebody to whom no harm is done."""
        return bool(self._unwell.find(said)) and not self._suffers.find(said)

    def _as_people(self, said: Said, named: Sequence[Mention]) -> list[Mention]:
        """Return who of those is spoken of as somebody: "mấy người bên một cửa", "anh làm sổ đỏ"."""
        found = self._folk.find(said) if named else []
        return [one for one in named if one.person or _called(one, found)]

    def _are_blamed(self, said: Said, bodies: Sequence[Mention]) -> bool:
        if not bodies:
            return False
        if self.blames(said, bodies):
            return True
        found = self._folk.find(said)
        standing = [_called(one, found) for one in bodies]
        return "rude" in standing or ("folk" in standing and bool(self._unwell.find(said)))

    def is_neighbour(self, said: Said, mention: Mention) -> bool:
        """Say whether what stands beside a given name makes it a neighbour's."""
        if not mention.loose:
            return False
        if not said.bare and said.words[mention.end - 1].key in self._births:
            return True
        near = said.folds[max(0, mention.start - 3) : mention.start + 1]
        before = {" ".join(near[at:end]) for end in (len(near) - 1, len(near)) for at in range(end)}
        behind = [self._read(word) for word in said.words[mention.end : mention.end + 2]]
        asked = any(
            " ".join(pair) in _WHO_ELSE for pair in pairwise(said.folds[mention.end : mention.end + 3])
        )
        named = bool(behind) and said.words[mention.end].raw[:1].isupper()  # "anh Hai Lúa"
        reach = behind if named or (behind and behind[0] in _IS_OR_AT) else behind[:1]
        after = {*reach, " ".join(behind)} - ({"chu"} if asked else set())
        return not self._before.isdisjoint(before) or not (self._behind | self._kin).isdisjoint(after)

    def _read(self, word: Token) -> str:
        """Return a word behind a name without its marks; nothing where it only looks like a neighbour's."""
        spelled = self._marked.get(word.fold, {word.key})
        return "" if word.key in _THERE or not (word.bare or word.key in spelled) else word.fold

    def is_own(self, said: Said, mention: Mention, wrongs: Sequence[Hit[Wrong]]) -> bool:
        """Say whether somebody is named as who writes or their kin: "con tôi tên Nguyễn Tiến Dũng".

        A message that begins with a whole name and a comma, asks for something and tells no wrong is signed.
        """
        if mention.loose or not mention.person:
            return False
        at = mention.start
        while at > 0 and said.words[at - 1].raw[:1].isupper() and said.together(at - 1, mention.start):
            at -= 1  # of a whole name only the last words may be an official's
        before = at - (said.folds[at - 1 : at] == [_IS])
        if said.folds[before - 1 : before] == [_NAMED]:
            return self._tells_kin(said, before - 1)
        signed = at == 0 and mention.end >= _WHOLE and said.is_parted(mention.end)
        asks = any(word.key in _ASKS for word in said.words[mention.end :])
        return signed and asks and not wrongs

    def _tells_kin(self, said: Said, end: int) -> bool:
        """Say whether the words before this one are for who writes or their kin, and begin there."""
        at = end
        while at > 0 and said.together(at - 1, end) and said.folds[at - 1] in self._own:
            at -= 1
        opens = at == 0 or not said.together(at - 1, end) or said.folds[at - 1] in _FOR
        return at < end and opens

    def is_neighbours_kin(self, said: Said, mention: Mention) -> bool:
        """Say whether what stands behind a given name makes it a neighbour's, whatever is told of them."""
        return mention.loose and " ".join(said.folds[mention.end : mention.end + 2]) in self._kin

    def read(self, said: Said, hits: Sequence[Hit[Wrong]], mentions: Sequence[Mention]) -> Told:
        """Say what is told of those mentioned, who stand in the order of their words, none over another.

        `hits` are what `wrongs` returned of these words.
        """
        if not hits and not mentions:
            return Told(wrong=False, crime=False, of=())
        taken = {at for mention in mentions for at in range(mention.start, mention.end)}
        marks = [*self._marks.find(said, taken), *self._owned(said, mentions)]
        return Scene(said, mentions, marks, hits).told()

    def _owned(self, said: Said, mentions: Sequence[Mention]) -> Iterator[Found[str]]:
        """Yield the beasts whose owner is named behind: a neighbour, whatever they did."""
        beasts = not self._beast_folds.isdisjoint(said.folds)
        for mention in mentions if beasts else ():
            at = self._titled(said, mention) if mention.loose else 0
            first = at - 1 - (at > 1 and said.folds[at - 1] == _OF)
            if first >= 0 and self._is_beast(said, first):
                yield Found(first, at, ("others",))


def _weakness(data: Mapping[str, Any], title: str) -> Weakness:
    if title in data["weak"]:
        return Weakness.WEAK
    return Weakness.HALF if title in data["half_weak"] else Weakness.NONE


def _wrong(group: Mapping[str, Any], cue: str) -> Wrong:
    either = [] if " " in cue else cue.removeprefix("=").split("/")
    words = frozenset(exact(loosened(word)) for word in either)
    return Wrong(neutral="praised" in group, words=words, **{flag: group.get(flag, False) for flag in _FLAGS})


def _called(mention: Mention, found: Sequence[Found[str]]) -> str:
    """Return as what people a unit is spoken of, by the words before it or those it begins with."""
    at = next(
        (one.start for one in found if one.end == mention.start and "within" in one.values), mention.start
    )
    near = [one for one in found if one.end == at or one.start == mention.start]
    return next((kind for kind in ("rude", "folk") for one in near if kind in one.values), "")


def _is_meant(hit: Hit[Wrong], said: Said) -> bool:
    """Say whether one word is meant: who marks their words leaves none out of "ăn", names have a capital."""
    if not is_doubtful(hit, said):
        return True
    inside = hit.start > 0 and said.together(hit.start - 1, hit.start)
    return said.bare and not (inside and not said.shouted and said.words[hit.start].raw[:1].isupper())


def _covers(guard: Hit[bool], hit: Hit[Wrong]) -> bool:
    return guard.start == hit.start or (guard.start < hit.start and hit.end <= guard.end)
