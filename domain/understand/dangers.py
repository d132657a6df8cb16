"""Danger now, for certain, perhaps or not: who, what happened and where, and what else the words may mean.

The patterns lie in `data/dangers.yaml`; the office's own words stand beside them, as the document `words`.
Every sentence is read for itself: what it tells of counts no more than what stands around it lets it count.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from domain.understand import english as in_english
from domain.understand.around import ASK, DESPITE, NO, TELLING, YES, Context, Sentence
from domain.understand.clauses import cut, drop_others, unnamed, without_everyday
from domain.understand.fold import Token, exact, fold
from domain.understand.hunch import Hunch
from domain.understand.phrases import Hit, Phrases, Slots
from domain.understand.turns import Turns, breaks, parts

NUMBERS = frozenset({"111", "112", "113", "114", "115"})
"""Child protection, disaster and rescue, police, fire, ambulance."""
HUNCH = ("hunch",)
"""The kinds of a danger that no pattern hears."""
_PLATE = re.compile(r"\b\d{2}[A-Za-z]{1,2}\d?[ .-]*\d{3}[ .]?\d{1,2}\b")
"""What stands on a car: “36A 12345”, “36B1-234.56”."""
_SHORT = 5  # words of a cry that says nothing else
_CALMING = 10  # words of a message that only says that it is over
_HARMED = frozenset({"violence", "home", "suicide"})
"""What happens to a child, and is nobody else's to know."""
_CHILDREN = _HARMED | {"kidnap", "missing"}
"""Where it happens to a child, the children's line is called too; who is looked for, everybody looks for."""

_BY_PEOPLE = frozenset({"violence", "home", "child", "kidnap"})
_BURSTING = frozenset({"fire", "bomb", "electric"})
"""Dangers in which something may burst."""
_UNTOLD = frozenset({"cry", "suicide", "leap", *HUNCH})
"""Dangers of which it is not told what brings them."""


def may_be_done(kinds: Collection[str]) -> bool:
    """Say whether somebody does what is told, or may: who cries for help without a reason may be beaten."""
    return not _BY_PEOPLE.isdisjoint(kinds) or (bool(kinds) and _UNTOLD.issuperset(kinds))


Calm = Literal["sure", "perhaps", ""]
"""Whether words say that a danger is over: then nobody is asked, or it is asked, or they do not."""


Answer = Literal["yes", "no", ""]
"""What words say to the question whether somebody is in danger: yes, or words that worry; no; or neither."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What a message tells of danger: the kinds, and the numbers to call.

    `sure` where nothing need be asked, `close` where it is nobody else's to know, `seen` where anybody near
    sees it, and nothing else is told of; `now`: something is said to happen now, whatever it is. `held`:
    somebody came to harm with the police; `serves`: somebody is told of who may serve here.
    """

    kinds: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    sure: bool = False
    close: bool = False
    seen: str = ""
    now: bool = False
    held: bool = False
    serves: bool = False


_Words = Mapping[str, Mapping[str, Sequence[str]]]
"""Words of danger, and the numbers to call, by their kind."""


class Dangers:
    """The patterns of danger and the office's own words, compiled.

    What an office has added to the `usual` words rings, however calm all the rest of a message sounds.
    """

    def __init__(self, data: Mapping[str, Any], office: _Words, usual: _Words, hunch: Hunch) -> None:
        self._hunch = hunch
        own: Mapping[str, Mapping[str, Any]] = data["dangers"]
        self._numbers = {name: tuple(row["numbers"]) for name, row in {**own, **office}.items()}
        if strange := {number for told in self._numbers.values() for number in told} - NUMBERS:
            raise ValueError(f"{min(strange)} is no number to call; write one of {sorted(NUMBERS)}")
        self._unclear = Danger(HUNCH, self._numbers["cry"])
        self._plain: Phrases[None] = Phrases((text, None) for text in data["hunch"]["plain"])
        self._slots = Slots(data["slots"])
        self._close = frozenset(name for name, row in own.items() if row.get("close"))
        self._seen = frozenset(name for name, row in own.items() if row.get("seen"))
        calming: Mapping[str, Sequence[str]] = data["calming"]
        self._calming: Phrases[str] = Phrases((text, name) for name, said in calming.items() for text in said)
        self._beaten: Phrases[None] = Phrases((text, None) for text in data["beaten_children"])
        by: Mapping[str, Sequence[str]] = data["by_officials"]
        self._by: Phrases[str] = Phrases((text, name) for name, said in by.items() for text in said)
        self._again: Phrases[None] = Phrases((text, None) for text in data["again"])
        self._awaits: Phrases[None] = Phrases((text, None) for text in data["awaits"])
        answers: Mapping[str, Sequence[str]] = data["answers"]
        self._answers: Phrases[str] = Phrases((text, name) for name, said in answers.items() for text in said)
        self._spelled = {
            exact(typed): (exact(meant), fold(meant)) for typed, meant in data["spelled"].items()
        }
        known = {text for row in usual.values() for text in row["cues"]}
        told = [(text, (name, YES)) for name, row in office.items() for text in row["cues"]]
        self._added: Phrases[None] = Phrases((text, None) for text, _ in told if text not in known)
        told += [(text, (name, YES)) for name, row in own.items() for text in row.get("sure", ())]
        told += [(text, (name, ASK)) for name, row in own.items() for text in row.get("ask", ())]
        told += [(text, (name, DESPITE)) for name, row in own.items() for text in row.get("despite", ())]
        self._told: Phrases[tuple[str, int]] = Phrases(told)
        self._cries: Phrases[tuple[str, int]] = Phrases(
            (text, (name, ASK)) for name, row in own.items() for text in row.get("short", ())
        )
        whole = ((text, (name, YES)) for name, row in own.items() for text in row.get("whole", ()))
        self._whole: Phrases[tuple[str, int]] = Phrases(whole)
        guards = [(text, (name, NO)) for name, row in office.items() for text in row["guards"]]
        guards += [(text, (name, NO)) for name, row in own.items() for text in row.get("not", ())]
        self._guards: Phrases[tuple[str, int]] = Phrases(guards)
        self._fields: Mapping[str, str] = data["fields"]
        self._turns = Turns(data["turns"])
        self._reports: Phrases[None] = Phrases((text, None) for text in data["reports"])
        contexts: Mapping[str, Mapping[str, Any]] = data["contexts"]
        self._contexts = {name: Context.of(row) for name, row in contexts.items()}
        self._around = Phrases((text, name) for name, row in contexts.items() for text in row["words"])
        spared = ((text, name) for name, row in contexts.items() for text in row.get("not", ()))
        self._spared: Phrases[str] = Phrases(spared)
        self._drops = {
            f"<{name}>": tuple(f"<{slot}>" for slot in slots) for name, slots in data["drops"].items()
        }

    def field_of(self, kinds: Collection[str]) -> str:
        """Return the code of the field that acts on a danger of these kinds."""
        return next((field for kind, field in self._fields.items() if kind in kinds), self._fields["else"])

    def read(self, text: str, said: Sequence[Token], *, alone: bool = True) -> Danger:
        """Return what the words of a text tell of danger; `alone`: the whole may say so without a pattern."""
        meant = [self._as_meant(word) if word.key in self._spelled else word for word in said]
        found = self._patterns(text, meant)
        if found.sure and self._doubts(text, meant, close=found.close):
            found = replace(found, sure=False)
        elif not found.numbers and alone and not self._plain.find(meant) and self._hunch.asks(meant):
            found = self._unclear
        by = {hit.value for hit in self._by.find(meant)}
        return replace(found, held="held" in by, serves="serves" in by) if by else found

    def interrupts(self, said: Sequence[Token]) -> bool:
        """Say whether words in which no pattern is sound like danger though they answer something else."""
        return self._hunch.interrupts(said)

    def _doubts(self, text: str, said: Sequence[Token], *, close: bool) -> bool:
        """Say whether all around a pattern sounds calm, and it is none of an office's own."""
        return not self._added.find(said) and self._hunch.is_calm(said, cut(text, said), close=close)

    def _as_meant(self, word: Token) -> Token:
        """Return a word as everybody spells it: “giựt” is said in the south, “chít” is written for fun."""
        key, folded = self._spelled[word.key]
        return replace(word, key=key, fold=folded)

    def _patterns(self, text: str, said: Sequence[Token]) -> Danger:
        short = len(said) <= _SHORT
        sentences = [self._sentence(text, words, short=short) for words in cut(text, said)]
        now = any(one.around and any(hit.value == "now" for hit in one.around) for one in sentences)
        now = now or any(hit.value == ("cry", YES) for one in sentences for hit in one.dangers)
        level, kinds = NO, dict[str, int]()
        for at, sentence in enumerate(sentences):
            aside = self._aside(sentences[:at] + sentences[at + 1 :], now=now)
            for hit in sentence.dangers:
                found = self._capped(hit, sentence, aside, now=now)
                kinds[hit.value[0]] = max(found, kinds.get(hit.value[0], NO))
                level = max(level, found)
        told_now = any(one.tells_of_now(self._contexts) for one in sentences)
        if level == NO and (kinds := self._suspected(sentences)):
            level = ASK
        if level == NO:
            return Danger(now=told_now)
        worst = [name for name in self._numbers if kinds.get(name, NO) == level]
        danger = self._danger(worst, level, child=any(one.child for one in sentences))
        close = danger.close or ("violence" in worst and any(one.touched for one in sentences))
        seen = "" if "suicide" in worst else next((name for name in worst if name in self._seen), "")
        return replace(danger, close=close, seen=seen, now=told_now)

    def calms(self, text: str, said: Sequence[Token]) -> Calm:
        """Say whether a few words say that it is over, or was none: surely where they say nothing else.

        “Dập rồi” does; “chưa dập được”, “dập rồi mà vẫn còn khói” and “dập rồi à?” do not.
        """
        hits = self._calming.find(said) if len(said) <= _CALMING else []
        kinds = {hit.value for hit in hits}
        told = [hit for hit in hits if hit.value in {"whole", "around"}]
        covered = {at for hit in told for at in range(hit.start, hit.end)}
        if "whole" in kinds and "never" not in kinds and "?" not in text and len(covered) == len(said):
            return "sure"
        return "perhaps" if kinds & {"whole", "perhaps"} else ""

    def is_back(self, said: Sequence[Token]) -> bool:
        """Say whether words tell that a danger which was over is back, or is not over."""
        return bool(self._again.find(said))

    def awaits(self, said: Sequence[Token]) -> bool:
        """Say whether words ask where the help stays."""
        return bool(self._awaits.find(said))

    def answers(
        self,
        text: str,
        said: Sequence[Token],
        *,
        of: Collection[str] = (),
        asked: Sequence[Token] = (),
        english: bool = False,
    ) -> Answer:
        """Read what is said to the question whether somebody is in danger, raised by words of these kinds.

        “Không thấy ai trả lời” begins with no and is none; “rác đốt thôi ạ” says no without one. “No” without
        its marks may be “nổ” where something burns, and “nó” where people do it.
        """
        hits = self._answers.find(said)
        bare = "no" if english or in_english.is_mostly(said) else self._bare(of, asked)
        hits = [replace(hit, value=bare) if hit.value == "bare" else hit for hit in hits]
        kinds, asks = {hit.value for hit in hits}, "?" in text
        only = len(_words_in(hits, {"no", "polite"})) == len(said)
        if ("no" in kinds and only and not asks) or self.calms(text, said) == "sure":
            return "no"
        if "worry" in kinds or _begins_with_yes(hits) or self._goes_on(text, said, hits):
            return "yes"
        if not asks and (_agrees(hits, len(said)) or _tells_of_it(hits)):
            return "yes"
        if "unsure" in kinds and not asks and (not _UNTOLD.issuperset(of) or self._worries(asked)):
            return "yes"  # who does not know where people are in danger has not seen them safe
        return "no" if "calm" in kinds and not asks else ""

    def _worries(self, asked: Sequence[Token]) -> bool:
        """Say whether words without a pattern name a cry, blood or fire."""
        return any(hit.value in {"worry", "told"} for hit in self._answers.find(asked))

    def _bare(self, of: Collection[str], asked: Sequence[Token]) -> str:
        """Return what a “no” without marks is in Vietnamese, as a kind of answer."""
        if not _BURSTING.isdisjoint(of) or any(hit.value == "bursts" for hit in self._answers.find(asked)):
            return "told"
        return "no" if _BY_PEOPLE.isdisjoint(of) else "who"

    def names(self, text: str, said: Sequence[Token], *, placed: bool) -> bool:
        """Say whether an answer names somebody, a place or a car, and neither asks nor begins with a no.

        `placed`: a place was found in it.
        """
        hits = self._answers.find(said)
        if "?" in text or any(hit.value == "no" and hit.start == 0 for hit in hits):
            return False
        return placed or bool(_PLATE.search(text)) or any(hit.value == "named" for hit in hits)

    def _goes_on(self, text: str, said: Sequence[Token], hits: Iterable[Hit[str]]) -> bool:
        """Say whether danger is told behind a “but”: the no before it says nothing of what comes after."""
        after = min((hit.end for hit in hits if hit.value == "but"), default=len(said))
        return self._patterns(text, said[after:]).sure

    def _danger(self, kinds: Sequence[str], level: int, *, child: bool) -> Danger:
        called = list(kinds)
        if child and not _CHILDREN.isdisjoint(kinds):
            called = [name for name in kinds if name != "child"]
            called.insert(len(called) if _HARMED.isdisjoint(kinds) or "suicide" in kinds else 0, "child")
        numbers = [number for name in called for number in self._numbers[name]]
        if "suicide" in kinds and child:
            leaps = self._numbers["leap"] if "leap" in kinds else ()
            numbers = [*self._numbers["suicide"], *leaps, "111"]
        close = not self._close.isdisjoint(kinds) or (child and not _HARMED.isdisjoint(kinds))
        return Danger(tuple(called), tuple(dict.fromkeys(numbers)), level == YES, close)

    def _sentence(self, text: str, said: Sequence[Token], *, short: bool) -> Sentence:
        ends = self._slots.find(said)
        drop_others(ends, self._drops)
        meant = without_everyday(said, ends)
        guards = unnamed(self._guards.find(said, ends), ends)
        told = [*self._told.find(meant, ends), *(self._cries.find(meant, ends) if short else ())]
        told += [hit for hit in self._whole.find(meant, ends) if short and hit.end - hit.start == len(said)]
        found = [
            hit
            for hit in told
            if hit.value[1] == DESPITE
            or not any(guard.value[0] == hit.value[0] and guard.overlaps(hit) for guard in guards)
        ]
        child, touched = (any(slot == name for slot, _ in ends) for name in ("<child>", "<touch>"))
        child = child or bool(self._beaten.find(said, ends))
        spared = self._spared.find(said, ends)
        around = [
            hit
            for hit in unnamed(self._around.find(said, ends), ends)
            if not any(other.value == hit.value and other.overlaps(hit) for other in spared)
        ]
        begins = breaks(text, said)
        turns = self._turns.find(said, begins, ends)
        reports = bool(self._reports.find(said, ends))
        return Sentence(said, found, around, child, touched, begins, turns, reports)

    def _capped(self, hit: Hit[tuple[str, int]], sentence: Sentence, aside: int, *, now: bool) -> int:
        turned = sentence.turn_to(hit)
        level = hit.value[1] if turned is not None else min(hit.value[1], aside)
        for word in sentence.around:
            context = self._contexts[word.value]
            if not (now and context.unless_now):
                level = min(level, sentence.lets(context, word, hit, turned))
        return level

    def _suspected(self, sentences: Iterable[Sentence]) -> dict[str, int]:
        """Return the kinds to ask about: only the past or a wish silences them, and it sounds like danger.

        A wish or a report says nothing of what stands behind a comma; what was goes on behind one.
        """
        kinds = dict[str, int]()
        for one in sentences:
            words = {word.value for word in one.around}
            only = replace(one, around=[word for word in one.around if word.value not in TELLING])
            hits = [hit for hit in one.dangers if self._capped(hit, only, YES, now=False) != NO]
            if hits and not words.isdisjoint(TELLING):
                goes_on = "past" in words and not one.reports
                texts = [one.said] if goes_on else [one.said, *parts(one.said, one.begins)]
                if any(self._hunch.suspects(text) for text in texts):
                    kinds |= {hit.value[0]: ASK for hit in hits}
        return kinds

    def _aside(self, others: Iterable[Sentence], *, now: bool) -> int:
        if now:
            return YES
        words = (word for sentence in others for word in sentence.around)
        return min((self._contexts[word.value].aside for word in words), default=YES)


def _words_in(hits: Iterable[Hit[str]], kinds: Collection[str]) -> set[int]:
    """Return which words stand in phrases of these kinds."""
    return {at for hit in hits if hit.value in kinds for at in range(hit.start, hit.end)}


def _begins_with_yes(hits: Sequence[Hit[str]]) -> bool:
    """Say whether yes comes before any no, and nothing but polite words before it."""
    first = min((hit for hit in hits if hit.value in {"no", "yes"}), key=lambda hit: hit.start, default=None)
    polite = _words_in(hits, {"polite", "maybe", "assent"})
    return first is not None and first.value == "yes" and all(at in polite for at in range(first.start))


def _agrees(hits: Sequence[Hit[str]], length: int) -> bool:
    """Say whether an answer is nothing but assent, or a guess that it is so: “dạ”, “rồi”, “chắc vậy”."""
    agreeing = _words_in(hits, {"assent", "maybe"})
    calm = any(hit.value == "calm" for hit in hits)
    return 0 in agreeing and not calm and len(agreeing | _words_in(hits, {"polite"})) == length


def _tells_of_it(hits: Sequence[Hit[str]]) -> bool:
    """Say whether an answer names what danger is made of, and says no to nothing: “máu”, “nổ rồi”."""
    kinds = {hit.value for hit in hits}
    return "told" in kinds and kinds.isdisjoint({"no", "calm"})
