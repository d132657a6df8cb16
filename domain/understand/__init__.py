"""One free message in, suggestions out: kind, topic, place, urgency. A suggestion is never a decision."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain import law, numbers
from domain.law import reading
from domain.packaged import built_at_once, document
from domain.understand import english as in_english
from domain.understand.conduct import Conduct
from domain.understand.cues import KINDS, Cues, Signs
from domain.understand.dangers import HUNCH, Answer, Calm, Danger, Dangers
from domain.understand.deeds import Mention, Told, Wrong
from domain.understand.fold import Token, clean, fold, tokens, with_letters_joined, words
from domain.understand.gazetteer import Gazetteer
from domain.understand.headline import headline
from domain.understand.hunch import Hunch
from domain.understand.kinds import kind_of, weigh
from domain.understand.likeness import gist as gist
from domain.understand.likeness import likeness as likeness
from domain.understand.linear import Linear
from domain.understand.loosely import Found, Names, Said
from domain.understand.matters import matters
from domain.understand.offices import Offices, Post
from domain.understand.phrases import Hit, Phrases
from domain.understand.place import Home, Place, find_in, find_place
from domain.understand.topics import Guess, Topics
from domain.understand.traces import only_says_who
from domain.understand.understood import PLAIN, URGENT, Understood, calmer
from domain.understand.wheres import LIVES, without_wheres
from domain.understand.wheres import is_piece as is_piece

__all__ = ["KINDS", "Home", "Place", "Understanding", "Understood", "find_place", "fold", "words"]

_DATA = Path(__file__).parent / "data"
_KEPT = 512  # readings of a desk; a draft told in many pieces is read at each of them, when it is replayed
_LONGEST = 4000  # characters whose topic, place and headline are looked for; danger and blame in all of it
_TOPIC_SURE = 0.75  # of messages of other hands more than nine in ten above it are right
_TELLS = 0.5  # how likely a matter is told, to look for what it is
_FEW = 40  # words of a message in which what lies beside can lead astray
_A_NAME = 4  # words
_SENT, _BRACKETED = 3, re.compile(r"\([^()]*\)")  # words that stand for a file
_CLAUSES = re.compile(r"[.,;!?\n]+")
_GAPS = re.compile(r"…(?:[\s,.;:!]*…)*[\s,.;:!]*")  # insults left out side by side


class Understanding:
    """Reads messages for one installation. Make it once with `load`."""

    def __init__(
        self,
        named: tuple[Topics, Names[Post], Phrases[None]],
        ear: tuple[Cues, Dangers],
        home: Home,
        taxonomy: Mapping[str, Any],
        model: Linear,
    ) -> None:
        self._topics, self._offices, self._posts = named
        self.model = model
        self._cues, self._dangers = ear
        self._home = home
        self._gazetteer = Gazetteer.load()
        self._urgency = {field["code"]: field["urgency"] for field in taxonomy["fields"]}
        self._conduct = Conduct.load()
        self._recent = lru_cache(maxsize=_KEPT)(self._read)
        self._placed = lru_cache(maxsize=_KEPT)(Understanding._with_place)

    @classmethod
    @built_at_once()
    def load(
        cls, taxonomy: Mapping[str, Any], words: Mapping[str, Any], home: Home, model: Linear | None = None
    ) -> "Understanding":
        """Learn from the parsed taxonomy (keys topics, fields) and the words of danger, beside a model.

        The packaged one where none is given. Takes under a second. Raises BadDocument where the words do
        not have their shape.
        """
        model = model or Linear.load()
        named = _named(json.dumps(taxonomy, default=str, sort_keys=True), model)
        with reading("words"):
            dangers = _dangers(json.dumps(words["emergencies"]), model)
        return cls(named, (_cues(), dangers), home, taxonomy, model)

    def at(self, home: Home) -> "Understanding":
        """Return the same ear in another commune: nothing is learned again, readings are shared."""
        found = copy(self)
        found._home = home  # noqa: SLF001 - its own kind
        return found

    def read(self, text: str) -> Understood:
        """Say what one message, of any length and content, seems to mean. Never raises.

        A message, and a place that was told, are asked about again while a conversation is replayed: the
        last few readings are kept. All but the place is the same in every commune, and is read once.
        """
        return self._placed(self, text)

    def danger(self, text: str) -> tuple[str, ...]:
        """Return only the numbers to call, none where a message speaks of no danger."""
        danger = self._danger(clean(storable(text)))
        return danger.numbers if danger.sure else ()

    def field_in_danger(self, kinds: Collection[str]) -> str:
        """Return the code of the field that acts on a danger of these kinds."""
        return self._dangers.field_of(kinds)

    def _danger(self, text: str) -> Danger:
        said = tokens(text)
        if self._conduct.may_call(said):
            spoken = Said(text)
            said = [*self._unnamed(said, spoken, self._conduct.wrongs(spoken))]
        return self._dangers.read(text, said)

    def _unnamed(self, said: Sequence[Token], spoken: Said, wrongs: Sequence[Hit[Wrong]]) -> Sequence[Token]:
        """Return the words without people's names that would be words of danger: "cô Nga" did not fall."""
        if not self._conduct.may_call(said):
            return said
        acts = {hit.start for hit in wrongs}
        called = self._conduct.called(spoken, acts) if len(said) == len(spoken.words) else ()
        return [word for at, word in enumerate(said) if at not in called] if called else said

    def _with_place(self, text: str) -> Understood:
        heard = self._recent(text)
        text = clean(heard.text)
        said = [token for token in tokens(text) if token.end <= _LONGEST]
        posts = {hit.end for hit in self._posts.find(said)}
        place = find_in(said, self._home, self._gazetteer, posts, text)
        return heard if place is None else replace(heard, place=place)

    def _read(self, text: str) -> Understood:
        """Read all but the place."""
        plain = storable(text)
        whole = clean(plain)
        close, all_said = whole[:_LONGEST], tokens(whole)
        spoken = Said(close)
        wrongs = self._conduct.wrongs(spoken)
        told = self._told(spoken, wrongs)
        # Who tells what an official did is not asked for danger that no pattern hears, but of violence.
        alone = not told.wrong or told.soft or told.violent
        signs, unnamed = self._cues.read(all_said), self._unnamed(all_said, spoken, wrongs)
        alone = alone and not (signs.greets and signs.small == len(all_said) and not signs.insults)
        danger = self._dangers.read(whole, unnamed, alone=alone)
        if not danger.sure and (joined := with_letters_joined(whole)) != whole:
            parted = self._dangers.read(joined, tokens(joined), alone=False)
            danger = parted if parted.sure or not danger.numbers else danger
        said = [token for token in all_said if token.end <= len(close)]
        rude, signs = bool(signs.insults), signs if len(said) == len(all_said) else self._cues.read(said)
        guess, weighed = self._weigh(close, said, signs, told)
        emergency = danger.numbers if danger.sure else ()
        blames = told.wrong and not (told.soft and danger.numbers)  # whoever is called for help comes
        calm = not emergency or signs.kinds
        harmless = not told.wrong and self._conduct.is_calm(spoken)
        kind, kind_sure = kind_of(signs, told, weighed, harmless=harmless) if calm else ("phan_anh", True)
        posts = self._posts.find(said)
        story = bool(emergency) or (not _only_greets(said, signs, posts) and _is_story(said, signs, guess))
        return Understood(
            text=plain,
            story=story,
            small_talk=signs.greets and not story,
            kind=kind,
            kind_sure=kind_sure,
            topic=guess.best,
            field=guess.field,
            topics=tuple(code for code, _ in guess.ranked[:3]),
            sure=story and guess.chance >= _TOPIC_SURE,
            chance=round(guess.chance, 3),
            place=None,
            urgency=self._pressing(guess.field, danger, urgent=bool(emergency) or signs.urgent),
            emergency=emergency,
            doubt=() if danger.sure else danger.numbers,
            dangers=danger.kinds,
            close=danger.close,
            seen=danger.seen,
            now=danger.now,
            held=danger.held,
            serves=danger.serves,
            blamed=self._blamed(spoken) if blames else (),
            accuses=blames or danger.held,
            phone=numbers.phone(close),
            summary=headline(_masked(close, said, signs), plates=bool(danger.numbers)),
            on_behalf=_words(close, said, signs.on_behalf),
            rude=rude,
            remark=signs.remark,
        )

    def _pressing(self, field: str, danger: Danger, *, urgent: bool) -> str:
        """Return how pressing a matter is: a field for what cannot wait is that only where it happens now.

        A theft of last week, loose dogs and a wish for cameras wake nobody; what may be danger does.
        """
        usual = self._urgency[field]
        return URGENT if urgent else usual if danger.numbers or danger.now else calmer(usual)

    def _guess(self, text: str, said: Sequence[Token], *, accuses: bool) -> Guess:
        """Say what words are about; where that is open, rather without what it only lies beside."""
        guess = self._topics.guess(said, asks="?" in text)
        if guess.tells < PLAIN:  # a matter is told where one clause tells it, whatever is said beside
            clauses = filter(None, map(tokens, _CLAUSES.split(text)))
            guess = guess.telling(max(guess.tells, *(self._topics.guess(one).tells for one in clauses), 0.0))
        open_ = guess.tells > _TELLS and guess.chance < PLAIN and len(said) <= _FEW and not accuses
        bare = tokens(without_wheres(text, near=True)) if open_ else ()
        if not bare or len(bare) == len(said):
            return guess
        better = self._topics.guess(bare, asks="?" in text)
        return better if better.known and better.chance > guess.chance else guess

    def weigh(self, text: str) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
        """Return topics, and kinds, each with how likely it is, first what `read` takes."""
        heard = self.read(text)
        close = clean(storable(text))[:_LONGEST]
        said, spoken = tokens(close), Said(close)
        signs, told = self._cues.read(said), self._told(spoken, self._conduct.wrongs(spoken))
        guess, kinds = self._weigh(close, said, signs, told)
        first = max(kinds[heard.kind], next(iter(kinds.values())))
        rest = ((kind, chance) for kind, chance in kinds.items() if kind != heard.kind)
        return guess.ranked, ((heard.kind, first), *rest)

    def _weigh(
        self, text: str, said: Sequence[Token], signs: Signs, told: Told
    ) -> tuple[Guess, dict[str, float]]:
        """Return what words are about, and how likely each kind is: “(ghi âm)” only says what was sent."""
        if len(said) <= _SENT and _BRACKETED.fullmatch(text):
            text, said = "", ()
        guess = self._guess(text, _without(said, signs.insults), accuses=told.wrong)
        learned = self.model.hear(said, asks="?" in text)["kind"]
        by_words = dict(zip(self.model.labels["kind"], map(float, learned), strict=True))
        return guess, weigh(by_words, signs, told, guess.tells)

    def interrupts(self, heard: Understood) -> bool:
        """Say whether words that answer something else may tell of danger, so that it is asked first."""
        said = tokens(clean(storable(heard.text)[:_LONGEST]))
        return bool(heard.doubt) and (heard.dangers != HUNCH or self._dangers.interrupts(said))

    def is_back(self, text: str) -> bool:
        """Say whether a message says that a danger which was over is back, or is not over."""
        return self._dangers.is_back(tokens(storable(text)[:_LONGEST]))

    def awaits(self, text: str) -> bool:
        """Say whether a message asks where the help stays that was called."""
        return self._dangers.awaits(tokens(storable(text)[:_LONGEST]))

    def harms(self, text: str) -> bool:
        """Say whether a message tells of officials what people cry for help about."""
        said = Said(clean(storable(text)[:_LONGEST]))
        return self._told(said, self._conduct.wrongs(said)).violent

    def without_wheres(self, text: str) -> str:
        """Return the words of a message without those that only say beside what something is."""
        return without_wheres(clean(storable(text)[:_LONGEST]))

    def calms(self, text: str) -> Calm:
        """Say whether a message says that a danger is over, or was none: surely where it says no more."""
        close = clean(storable(text)[:_LONGEST])
        return self._dangers.calms(close, tokens(close))

    def is_over(self, text: str) -> bool:
        """Say whether an official says of a danger that it is over: “đã dập xong”, “xong rồi, an toàn”."""
        return "?" not in text and self._cues.is_over(tokens(clean(storable(text)[:_LONGEST])))

    def answers(self, text: str, asked: Understood | None = None, *, english: bool = False) -> Answer:
        """Say what a message says to the question whether somebody is in danger.

        `asked`: the words that raised it; `english`: the chat is in that language.
        """
        close = clean(storable(text)[:_LONGEST])
        of, told = (asked.dangers, tokens(clean(asked.text))) if asked else ((), ())
        return self._dangers.answers(close, tokens(close), of=of, asked=told, english=english)

    def names(self, heard: Understood) -> bool:
        """Say whether an answer to that question names somebody, a place or a car."""
        close = clean(storable(heard.text)[:_LONGEST])
        return self._dangers.names(close, tokens(close), placed=heard.place is not None)

    def is_english(self, text: str) -> bool:
        """Say whether a message is written in English."""
        return in_english.is_mostly(tokens(clean(storable(text)[:_LONGEST])))

    def greets_in_english(self, heard: Understood) -> bool:
        """Say whether small talk is English; one word is everybody's: “hello”."""
        said = tokens(clean(storable(heard.text)[:_LONGEST]))
        return heard.small_talk and in_english.is_mostly(said, least=2)

    def writes_english(self, text: str) -> bool:
        """Say whether whoever writes a message, of whatever matter, reads English."""
        return in_english.is_written(tokens(clean(storable(text)[:_LONGEST])))

    def matters(self, heard: Understood) -> tuple[str, ...]:
        """Return the matters of a message that tells more than one, each in its own words; else nothing."""
        return matters(heard, self._about, self.read)

    def _about(self, text: str) -> Mapping[str, float]:
        """Return how likely each topic is that words are about, and nothing else of them."""
        return dict(self._guess(text, tokens(text), accuses=False).ranked)

    def only_opens(self, text: str) -> bool:
        """Say whether a message tells nothing yet: it greets, or says who writes and how to reach them."""
        introduced = False
        for clause in filter(str.strip, _CLAUSES.split(clean(storable(text)[:_LONGEST]))):
            if only_says_who(clause):
                introduced = True
            elif not self._is_greeting_or_home(clause):
                return False
        return introduced

    def _is_greeting_or_home(self, clause: str) -> bool:
        """Say whether a clause greets, or says where somebody lives and nothing else."""
        heard = self.read(clause)
        if heard.small_talk or heard.place is None or not heard.place.hamlet:
            return heard.small_talk
        there = {word.fold for word in tokens(heard.place.label)}
        return all(word.fold in there | LIVES for word in tokens(clause))

    def _told(self, said: Said, wrongs: Sequence[Hit[Wrong]]) -> Told:
        """Say what is told of officials: here by their posts alone, for nobody's name is known."""
        holders = self._conduct.holders.find(said)
        named = [_mention(found) for found in self._offices.find(said)]
        named = [one for one in named if not any(one.overlaps(holder) for holder in holders)]
        mentions = sorted([*named, *holders])
        return self._conduct.read(said, wrongs, mentions)

    def _blamed(self, said: Said) -> tuple[str, ...]:
        """Return the types of unit of all whose posts are named; none where it may be any official."""
        posts = [post for found in self._offices.find(said) for post in found.values]
        open_ = not all(post.of for post in posts) or bool(self._conduct.holders.find(said))
        return () if open_ else tuple(dict.fromkeys(kind for post in posts for kind in post.of))


def _mention(found: Found[Post]) -> Mention:
    return Mention(found.start, found.end, person=not all(post.is_body for post in found.values))


@lru_cache(maxsize=4)
def _named(taxonomy_json: str, model: Linear) -> tuple[Topics, Names[Post], Phrases[None]]:
    """Read the keywords and the names of posts once for each taxonomy."""
    taxonomy = json.loads(taxonomy_json)
    offices = Offices.parse(taxonomy)
    bare = Phrases((name, None) for name in offices.without_commune)
    return Topics(taxonomy, model), offices.spelled, bare


@lru_cache(maxsize=1)
def _cues() -> Cues:
    return Cues(_packaged("cues"))


@lru_cache(maxsize=4)
def _dangers(emergencies_json: str, model: Linear) -> Dangers:
    usual, limits = law.seed("words")["emergencies"], _packaged("dangers")["hunch"]
    return Dangers(_packaged("dangers"), json.loads(emergencies_json), usual, Hunch(model, limits))


def _packaged(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return document(_DATA / f"{name}.yaml")


def storable(text: str) -> str:
    """Return the text with what no database or JSON takes (lone surrogates, NUL) made U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _masked(text: str, said: Sequence[Token], signs: Signs) -> str:
    """Return the text as lists show it: insults left out. What was said stands in the case as it was said."""
    if not signs.insults:
        return text
    for start, end in sorted(signs.insults, reverse=True):
        text = f"{text[: said[start].start]}…{text[said[end - 1].end :]}"
    return _GAPS.sub("… ", text).strip(" …,.;:!") or "…"


def _without(said: Sequence[Token], spans: Sequence[tuple[int, int]]) -> Sequence[Token]:
    if not spans:
        return said
    return [token for at, token in enumerate(said) if not any(start <= at < end for start, end in spans)]


def _words(text: str, said: Sequence[Token], span: tuple[int, int] | None) -> str:
    return text[said[span[0]].start : said[span[1] - 1].end] if span is not None else ""


def _only_greets(said: Sequence[Token], signs: Signs, posts: Sequence[Hit[None]]) -> bool:
    """Say whether words only greet or thank, and whom: by their post, or by a name in its capitals."""
    known = {*signs.greeting, *(at for hit in posts for at in range(hit.start, hit.end))}
    rest = [word for at, word in enumerate(said) if at not in known]
    shouted = all(word.raw.isupper() for word in said)
    named = all(word.raw[:1].isupper() for word in rest) and not shouted
    return bool(signs.greeting) and len(rest) <= _A_NAME and (named or not rest)


def _is_story(said: Sequence[Token], signs: Signs, guess: Guess) -> bool:
    telling = len(said) - signs.small
    return telling >= 3 or (telling == 2 and not signs.greets and guess.known > 1)
