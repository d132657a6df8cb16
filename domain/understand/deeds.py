"""Who does what to whom in a message, as far as the order of its words tells."""

from collections.abc import Sequence

from domain.understand.amounts import AMOUNT, amounts
from domain.understand.fold import exact
from domain.understand.loosely import Found, Said
from domain.understand.mentions import Mention as Mention
from domain.understand.mentions import Told as Told
from domain.understand.mentions import Wrong as Wrong
from domain.understand.phrases import Hit

_STEPS = 4  # words of courtesy between asking and whoever is asked
_HIS_OWN = 4  # words between an official and what he does
_NEXT = 2  # words between somebody and what they do, where they stand nearer to it than an official
_IS = frozenset({"la", "ten", "is", "was"})
_AFTER = frozenset({"roi"})
_FOR = frozenset({"cho", "to"})
_WISHES = frozenset({"nghi", "mong", "cau", "nho", "xin", "muon", "please"})  # whoever is only asked to come
_THEY = exact("họ")
_THEN = 8  # words between a deed and "it was" whoever did it


class Scene:
    """One message: who does what to whom, as far as the order of words tells."""

    def __init__(
        self,
        said: Said,
        mentions: Sequence[Mention],
        marks: Sequence[Found[str]],
        hits: Sequence[Hit[Wrong]],
    ) -> None:
        self._said, self._mentions = said, mentions
        self._marks = marks
        self._ending = {mark.end: mark for mark in marks}
        self._starting = {mark.start: mark for mark in marks}
        self._starts = {mention.start for mention in mentions if not mention.loose}
        self._named = {mention.start for mention in mentions}
        self._own = {self._serves_as(mark) for mark in marks}  # starts of units where one's kin serve
        self._others = [mark for mark in marks if "others" in mark.values and not self._is_official(mark)]
        self._hits = [hit for hit in hits if not self._denied(hit) and not self._is_named(hit)]
        self._named_by = {hit.end for hit in self._hits if hit.value.person}
        self._standing: list[str] = []
        for mention in mentions:
            self._standing.append(self._stands(mention))
        self._every = [at for at, found in enumerate(self._standing) if found != "other"]
        self._people = [at for at in self._every if mentions[at].person]

    def told(self) -> Told:
        """Return what is told, and of whom."""
        told = [hit for hit in self._hits if (self._is_soft if hit.value.softly else self._is_told)(hit)]
        wrong = bool(told)
        crime = any(hit.value.crime for hit in told)
        violent = any(hit.value.violent for hit in told)
        soft = all(hit.value.anyhow for hit in told)
        of = self._of("open") or self._of("at")
        if wrong and not of and not any(hit.value.alone for hit in told):
            of = self._of("asked") or self._of("beside")
        anyhow = {hit.value.person for hit in told if hit.value.anyhow}  # of people alone, or of units too
        of = tuple(sorted({*of, *(at for person in anyhow for at in self._meant(person=person))}))
        return Told(wrong, crime, of, self._doers(told), self._of("other"), self._of("open"), violent, soft)

    def _doers(self, told: Sequence[Hit[Wrong]]) -> tuple[int, ...]:
        """Return who is told to have done a wrong themselves, with what else is said of who they are."""
        mentions = list(enumerate(self._mentions))
        told = [hit for hit in told if not hit.value.anyhow]  # in danger it keeps nobody from helping
        did = {at for hit in told for at, mention in mentions if self._is_doer(at, hit, mention)}
        beside = {
            at
            for at, mention in mentions
            for doer in did
            if self._standing[at] == self._standing[doer] and _apart(mention, self._mentions[doer]) <= _NEXT
        }
        return tuple(sorted(did | beside))

    def _is_doer(self, at: int, hit: Hit[Wrong], mention: Mention) -> bool:
        if is_doubtful(hit, self._said) or hit.value.asked:
            return False
        if self._standing[at] in {"asked", "beside"}:  # who was asked for help, and is blamed after that
            return mention is self._last_before(hit) and self._turned(hit)
        if self._standing[at] != "open" or not self._said.together(mention.start, hit.start):
            return False
        if hit.value.by or mention.start > hit.start:
            return self._does(mention, hit)
        return mention is self._nearest_before(hit) and not self._suffers(mention, hit)

    def _of(self, standing: str) -> tuple[int, ...]:
        return tuple(at for at, found in enumerate(self._standing) if found == standing)

    # --- what a mention is there for ------------------------------------------------------------

    def _stands(self, mention: Mention) -> str:
        if self._is_another(mention):
            self._others.append(Found(mention.start, mention.end, ("others",)))
            return "other"
        if self._led(mention.start, "shuns", {"soft", "titles"}):
            return "open"
        return self._standing_of(mention)

    def _is_another(self, mention: Mention) -> bool:
        """Say whether it is a neighbour of that name, or whom somebody else pretends to be."""
        if self._named_by and self._before_titles(mention) in self._named_by:
            return False  # “người đo là anh Tuân, nhà bên cạnh thì đủ”
        return (mention.loose and self._beside_other(mention)) or self._is_posed(mention)

    def _standing_of(self, mention: Mention) -> str:
        if self._is_called_in(mention):
            return "asked"
        if self._led(mention.start, "asks", {"soft", "titles"}) or self._follows_asked(mention):
            given = mention.person and self._is_given(mention)
            return "open" if given or (mention.person and self._acts_after(mention)) else "asked"
        if mention.person or mention.start in self._own:
            return "open"
        if self._led(mention.start, "beside", {"building", "titles"}) and not self._acts_at_once(mention):
            return "beside"
        theirs = self._they_do(mention) or self._is_theirs(mention)
        return "open" if theirs or not self._led(mention.start, "at", {"building"}) else "at"

    def _is_posed(self, mention: Mention) -> bool:
        """Say whether somebody only says that they are this: no name of one who is stands beside it."""
        beside = (one for one in self._mentions if one != mention and _apart(one, mention) <= _NEXT)
        return not any(beside) and not mention.loose and self._led(mention.start, "poses", {"soft", "titles"})

    def _is_called_in(self, mention: Mention) -> bool:
        """Say whether they are to come and see to it: "công an xuống coi giùm"."""
        after = self._starting.get(mention.end)
        return (
            after is not None and "pleas" in after.values and self._said.together(mention.start, after.start)
        )

    def _they_do(self, mention: Mention) -> bool:
        """Say whether it goes on with what they do there: "ở một cửa họ nhận quà"."""
        return any(word.key == _THEY for word in self._said.words[mention.end : mention.end + 1])

    def _is_theirs(self, mention: Mention) -> bool:
        """Say whether a sentence begins with somebody of it: "ông Tám ở phòng kinh tế"."""
        at = mention.start - 1
        who = self._ending.get(at - self._said.words[at - 1].raw[:1].isupper())
        called = who is not None and "titles" in who.values and "selves" not in who.values
        opens = who is not None and not (who.start and self._said.together(who.start - 1, at))
        return called and opens and self._said.folds[at] in {"o", "ben", "tai"}

    def _is_given(self, mention: Mention) -> bool:
        """Say whether a sum stands right behind whoever something was sent to: "gửi anh Tuân 5 triệu"."""
        near = range(mention.end, min(mention.end + _STEPS + 1, len(self._said.words)))
        typed = any(self._said.folds[at][:1].isdecimal() for at in near)
        sums = amounts(self._said.words) if typed else {}
        return any((AMOUNT, at) in sums and self._said.together(mention.start, at) for at in near)

    def _serves_as(self, mark: Found[str]) -> int:
        """Return where the unit begins in which one's kin is told to serve, -1 where that is not told."""
        if not {"kin", "others"} & set(mark.values):
            return -1
        at, serves = mark.end, False
        for _ in range(_STEPS):
            if at in self._starts:
                return at if serves else -1
            link = self._starting.get(at)
            if link is None or not {"serves", "titles", "selves"} & set(link.values):
                return -1
            serves, at = serves or "serves" in link.values, link.end
        return -1

    def _is_official(self, mark: Found[str]) -> bool:
        """Say whether it is no stranger: kin who serves in a unit, or "bọn" of one."""
        if self._serves_as(mark) >= 0 or ("rude" in mark.values and self._reaches(mark.end)):
            return True
        return self._said.folds[mark.start] == "co" and self._is_met(mark.start)

    def _is_met(self, at: int) -> bool:
        """Say whether somebody is told of right behind the office where they were met, where they serve."""
        here = (one for one in self._mentions if one.end == at and not one.person)
        return any(self._led(one.start, "at", {"building"}) for one in here)

    def _reaches(self, at: int) -> bool:
        link = self._starting.get(at)
        if link is not None and "within" in link.values:
            at = link.end
        return at in self._starts

    def _led(self, at: int, mark: str, over: set[str]) -> bool:
        """Say whether such a mark stands before, with nothing between but these."""
        first = at
        for _ in range(_STEPS):
            before = self._ending.get(at)
            if before is None or not self._said.together(before.start, first):
                return False
            if mark in before.values:
                return True
            if not over & set(before.values):
                return False
            at = before.start
        return False

    def _follows_asked(self, mention: Mention) -> bool:
        """Say whether this one stands in a row with another who is asked."""
        if not self._standing or self._standing[-1] != "asked":
            return False
        last = self._mentions[len(self._standing) - 1]
        joined = self._ending.get(mention.start)
        start = joined.start if joined is not None and "joins" in joined.values else mention.start
        return start == last.end and self._said.together(last.start, mention.start)

    def _acts_after(self, mention: Mention) -> bool:
        """Say whether whoever was asked does something then: "I told Mr Tuân, then he left it"."""
        for at in range(mention.end, min(mention.end + _STEPS, len(self._said.folds) - 1)):
            then = self._starting.get(at)
            turns = self._said.folds[at] in _AFTER or (then is not None and "turns" in then.values)
            end = at + 1 if then is None or "turns" not in then.values else then.end
            pronoun = self._starting.get(end)
            they = pronoun is not None and "pronouns" in pronoun.values and pronoun.end not in self._named
            if turns and they:
                return True
        return False

    def _acts_at_once(self, mention: Mention) -> bool:
        return any(0 <= hit.start - mention.end <= 1 and not hit.value.by for hit in self._hits)

    def _beside_other(self, mention: Mention) -> bool:
        """Say whether the name is a neighbour's: "hàng xóm là ông Minh", "anh Minh hàng xóm"."""
        start, end = self._before_titles(mention), mention.end
        folds = self._said.folds
        if start < mention.start and self._ending[mention.start].start != start:
            return False  # "the contractor is a brother of Mr Sáng": the name is another's
        while start > 0 and folds[start - 1] in _IS:
            start -= 1
        while end < len(folds) and folds[end] in _IS:
            end += 1
        return any(other.end == start or other.start == end for other in self._others)

    def _before_titles(self, mention: Mention) -> int:
        at = mention.start
        while (before := self._ending.get(at)) is not None and "titles" in before.values:
            at = before.start
        return at

    def _is_named(self, hit: Hit[Wrong]) -> bool:
        """Say whether the words are but the name of somebody: without marks "công an" holds "ăn"."""
        return any(mention.start <= hit.start and hit.end <= mention.end for mention in self._mentions)

    # --- whether a wrong is told of one of them -------------------------------------------------

    def _denied(self, hit: Hit[Wrong]) -> bool:
        before = self._ending.get(hit.start)
        if (
            before is None
            or "denials" not in before.values
            or not self._said.together(before.start, hit.start)
        ):
            return False
        # Of an official right before it "dung" without its marks is used, as a truncheon is, and no "don't".
        if self._said.folds[before.start] == "dung" and any(m.end == before.start for m in self._mentions):
            return False
        return not any(
            "turns" in mark.values and hit.end <= mark.start <= hit.end + _STEPS for mark in self._marks
        )

    def _meant(self, *, person: bool) -> list[int]:
        """Return of whom it may be told, whatever they are named for: of all, or of the people."""
        return self._people if person else self._every

    def _is_soft(self, hit: Hit[Wrong]) -> bool:
        """Say whether it is told softly, of who can alone have done it: of people they must stand open."""
        meant = self._meant(person=hit.value.person)
        if hit.value.anyhow:
            return hit.value.alone or bool(meant)
        return any(self._standing[at] == "open" for at in meant)

    def _is_told(self, hit: Hit[Wrong]) -> bool:
        if hit.value.by or (is_doubtful(hit, self._said) and not self._is_suffered(hit)):
            return self._did(hit)
        if hit.value.neutral and self._is_praised(hit):
            return False
        doer = self._nearest_before(hit)
        other = self._other_before(hit)
        if doer is not None:
            return other is None or not self._stands_between(doer, other, hit)
        if other is not None:
            return (hit.value.alone and "open" in self._standing) or self._is_for(hit)
        if hit.value.alone or "open" in self._standing or "at" in self._standing:
            return True
        return self._turned(hit) or (hit.value.asked and self._is_called(hit))

    def _is_called(self, hit: Hit[Wrong]) -> bool:
        """Say whether somebody was called or written to before it, and not only asked to come."""
        last = self._last_before(hit)
        if last is None or not self._said.together(last.start, hit.start):
            return False
        before = self._said.folds[max(0, last.start - _STEPS) : last.start]
        return hit.start - last.end <= _THEN and _WISHES.isdisjoint(before)

    def _is_suffered(self, hit: Hit[Wrong]) -> bool:
        return hit.start > 0 and self._said.folds[hit.start - 1] == "bi"

    def _is_praised(self, hit: Hit[Wrong]) -> bool:
        praise = [mark for mark in self._marks if "praise" in mark.values]
        return any(
            self._said.together(mark.start, hit.start) and not self._led(mark.start, "denials", set())
            for mark in praise
        )

    def _is_for(self, hit: Hit[Wrong]) -> bool:
        """Say whether somebody else does it for an official: "the company gives money to Mr Minh"."""
        after = [
            self._before_titles(mention)
            for mention, standing in zip(self._mentions, self._standing, strict=True)
            if standing == "open"
            and mention.start >= hit.end
            and self._said.together(mention.start, hit.start)
        ]
        return any(self._said.folds[at - 1] in _FOR for at in after)

    def _nearest_before(self, hit: Hit[Wrong]) -> Mention | None:
        before = [
            mention
            for mention, standing in zip(self._mentions, self._standing, strict=True)
            if standing == "open"
            and mention.start <= hit.start
            and self._said.together(mention.start, hit.start)
        ]
        return before[-1] if before else None

    def _other_before(self, hit: Hit[Wrong]) -> Found[str] | None:
        before = [
            other
            for other in self._others
            if other.end <= hit.start and self._said.together(other.start, hit.start)
        ]
        return max(before, key=lambda other: other.end, default=None)

    def _stands_between(self, doer: Mention, other: Found[str], hit: Hit[Wrong]) -> bool:
        """Say whether somebody else does it: right before it, and not on behalf of the official."""
        if other.start < doer.end or hit.start - other.end > _NEXT:
            return False
        # Right behind the official a word without its marks is none of these: "công an xã xuong" went there.
        if other.start == doer.end == other.end - 1 and self._said.words[other.start].bare:
            return False
        return not self._marked("uses", doer.end, other.start)

    def _did(self, hit: Hit[Wrong]) -> bool:
        return any(
            standing == "open" and self._said.together(mention.start, hit.start) and self._does(mention, hit)
            for mention, standing in zip(self._mentions, self._standing, strict=True)
        )

    def _does(self, mention: Mention, hit: Hit[Wrong]) -> bool:
        if mention.start > hit.start:
            return mention.start - hit.end <= _THEN and self._is_named_as_doer(mention)
        if hit.start - mention.end > _HIS_OWN or self._suffers(mention, hit):
            return False
        return not (
            self._marked("selves", mention.end, hit.start)
            or any(mention.end <= other.start < hit.start for other in self._others)
        )

    def _suffers(self, mention: Mention, hit: Hit[Wrong]) -> bool:
        """Say whether it is done to them: "Mr Dũng was beaten"."""
        last = max(one.end for one in self._mentions if one.start <= hit.start)
        return last >= mention.end and "bi" in self._said.folds[last : last + _NEXT] and last <= hit.start

    def _is_named_as_doer(self, mention: Mention) -> bool:
        """Say whether the words name the doer: "who took it is Mr Minh"."""
        at = self._before_titles(mention)
        return at > 0 and self._said.folds[at - 1] in _IS

    def _marked(self, mark: str, start: int, end: int) -> bool:
        return any(
            mark in found.values and start <= found.start and found.end <= end for found in self._marks
        )

    def _last_before(self, hit: Hit[Wrong]) -> Mention | None:
        return next((one for one in reversed(self._mentions) if one.end <= hit.start), None)

    def _turned(self, hit: Hit[Wrong]) -> bool:
        """Say whether somebody who was only asked or passed is blamed after that: "but they shouted"."""
        if self._others:
            return False
        last = self._last_before(hit)
        if last is None:
            return False
        pronoun = self._ending.get(hit.start)
        if pronoun is not None and "pronouns" in pronoun.values:
            return True
        return self._said.together(last.start, hit.start) and self._marked("turns", last.end, hit.start)


def is_doubtful(hit: Hit[Wrong], said: Said) -> bool:
    """Say whether it is one word typed without its marks, and so may be many others."""
    return bool(hit.value.words) and said.words[hit.start].key not in hit.value.words


def _apart(one: Mention, other: Mention) -> int:
    """Count the words between two mentions."""
    return max(one.start - other.end, other.start - one.end, 0)
