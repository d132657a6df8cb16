"""Conversations as generators that are replayed.

A flow yields a question and is sent its answer. It does no I/O, so it is run again from the top with the
answers kept so far; those answers, by the step's name, are all the state a conversation has. "Back" drops
the last one; an answer that a new version of the flow no longer offers is asked for again.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from domain.cases import Refused
from domain.messages import BACK, Choice, Files, Message, Said, Style, Tap, Text, Wish
from domain.understand import wishes
from domain.understand.fold import exact, fold
from locales import Words

Result = TypeVar("Result")
Accept = Callable[[Said], Any]
Facts = Callable[[], Mapping[str, object]]


class NotUnderstood(Exception):
    """This is no answer to the question; the argument is the key of the words that say so, or None."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. Its words lie under `<flow>.<step>` of the locale files.

    `options` are the answers offered as buttons and digits, a label by each where the words are data
    (the name of a topic) rather than the flow's own. `accept` reads a free answer into something JSON-able
    and raises NotUnderstood; beside options it is kept apart from them (see `words_of`). A step that is
    asked again in a loop counts its `turn`. Facts that cost something come `later`: only a question that is
    put needs them, and most are replayed. One answered `by_files` takes files without words as empty words.
    `words` names its words where they are not the step's, `wants` what a phone can share as the answer. The
    answer of one that is `named` is a name, which may be spelled like a command. Where whoever asks reads the
    words better than any question of yes and no, `own_words` leaves them all to `accept`.
    """

    step: str
    accept: Accept | None = None
    options: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    turn: int = 1
    primary: str = ""
    by_files: bool = False
    words: str = ""
    wants: Wish = ""
    named: bool = False
    own_words: bool = False
    later: Facts = dict

    @property
    def key(self) -> str:
        """The name its answer is kept under."""
        return self.step if self.turn == 1 else f"{self.step}.{self.turn}"

    def still_offers(self, answer: Any) -> bool:  # noqa: ANN401 - an answer is whatever `accept` returned
        """Say whether a kept answer still fits: a free one always does, a choice while it is offered."""
        return not self.options or is_free(answer) or answer in self.options


Flow = Generator[Ask, Any, Result]
Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """The flow waits for this answer; `given` are the kept answers that still hold."""

    ask: Ask
    given: Answers


@dataclass(frozen=True, slots=True)
class Finished:
    """The flow has all it needs; `result` says what is to be done."""

    result: Any


def replay(flow: Flow[Any], answers: Mapping[str, Any]) -> Asking | Finished:
    """Run a fresh flow through the answers, up to its first open question or its end."""
    given: Answers = {}
    try:
        ask = next(flow)
        while ask.key in answers and ask.still_offers(answers[ask.key]):
            given[ask.key] = answers[ask.key]
            ask = flow.send(answers[ask.key])
    except StopIteration as end:
        return Finished(end.value)
    flow.close()
    return Asking(ask, given)


def back(answers: Mapping[str, Any]) -> Answers | None:
    """Drop the last answer; None when there is none: back leads out of the flow."""
    if not answers:
        return None
    return dict(list(answers.items())[:-1])


def after(state: Asking, answers: Mapping[str, Any], value: Any) -> Answers:  # noqa: ANN401 - as `accept` returned
    """Put the answer to the open question among the kept ones; what was answered after it still holds."""
    later = {key: kept for key, kept in answers.items() if key not in state.given and key != state.ask.key}
    return {**state.given, state.ask.key: value, **later}


def answer(ask: Ask, said: Said, seq: int, labels: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Read what was said as an answer to the question: a button, a digit, an option's own words, free text.

    `labels` are the options' words. Raises NotUnderstood, and Stale for a button of an older question.
    """
    if isinstance(said, Tap):
        return _tapped(ask, said.action, seq)
    if isinstance(said, Text):
        option = chosen(ask, said.text, labels)
        if option is not None:
            return option
        if ask.options and number(said.text) is not None:
            raise NotUnderstood("common.not_offered")
    if ask.accept is None:
        raise NotUnderstood(None)
    value = ask.accept(said)
    return {_SAID: value} if ask.options else value


_SAID = "said"


def is_free(answer: Any) -> bool:  # noqa: ANN401 - an answer is whatever `accept` returned
    """Say whether an answer to a question with options was given in words of one's own."""
    return isinstance(answer, dict) and set(answer) == {_SAID}


def words_of(answer: Any, labels: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Return what was said in words of one's own, or the words of the option that was chosen."""
    return answer[_SAID] if is_free(answer) else labels.get(answer, answer)


def asked_for(text: str) -> UUID:
    """Read which request of somebody's a button means. Raises Stale."""
    try:
        return UUID(text)
    except ValueError:
        raise Stale(text) from None


class Stale(Refused):
    """A button of a question that is no longer asked."""

    words = "common.stale_no_question"


def _tapped(ask: Ask, action: str, seq: int) -> str:
    prefix, _, option = action.rpartition(":")
    if prefix != f"pick:{seq}" or option not in ask.options:
        raise Stale(action)
    return option


def chosen(ask: Ask, text: str, labels: Mapping[str, str]) -> str | None:
    """Return the option a digit or its own words stand for; words that stand for two are left alone."""
    place = number(text)
    if place is not None and 0 < place <= len(ask.options):
        return ask.options[place - 1]
    words = fold(text).strip(" .)!")
    matching = [option for option in ask.options if words and words == fold(labels[option])]
    if ask.own_words:  # an option by its very word: “nổ” is not “No”
        return matching[0] if len(matching) == 1 and _is_spelled(text, labels[matching[0]]) else None
    return matching[0] if len(matching) == 1 else _meant(ask, text)


def _is_spelled(text: str, label: str) -> bool:
    """Say whether words are a label, or it without any mark."""
    said = exact(text.strip(" .)!"))
    return said in {exact(label), fold(label)}


_SIDES = (
    ("yes", "no"),
    ("yes", "other"),
    ("send", "edit"),
    ("seal", "edit"),
    ("drop", "keep"),
    ("use", "none"),
    ("reopen", "note"),
    ("hand_over", "other"),
    ("follow", "separate"),
    ("add", "separate"),
    ("here", ""),
    ("agreed", ""),
    ("apply", ""),
    ("", "skip"),
)
"""Options that answer a question of yes and no."""
_AS_IT_IS = frozenset({"no", "keep", "none", "note"})
"""Those that leave everything as it is."""


def _meant(ask: Ask, text: str) -> str | None:
    """Return the option that a yes or a no in words stands for, at a question that takes one."""
    meant = wishes.answer(text)
    if meant == "yes" and wishes.unsent(text):
        return None
    for yes, no in _SIDES if meant else ():
        if all(side in ask.options for side in (yes, no) if side):
            said = yes if meant == "yes" else no
            return said if said and (meant != "leave" or no in _AS_IT_IS) else None
    return None


_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")
"""What makes a key of a digit: “2️⃣”."""


def number(text: str) -> int | None:
    """Return the number a text is, as typed for a choice (“2”, “2.”, “2)”); None for anything else."""
    digits = text.strip().translate(_KEYCAP).rstrip(".)")
    return int(digits) if digits.isdecimal() and len(digits) <= 3 else None


def render(  # noqa: PLR0913 - all of them are told with a question
    flow_name: str, ask: Ask, say: Words, seq: int, before: str = "", *, back: str = "common.back"
) -> Message:
    """Put the question into words and choices; `before` is said first, `back` is the key of the way back."""
    text = say(f"{flow_name}.{ask.words or ask.step}.text", **ask.facts, **ask.later())
    choices = [
        Choice(words, f"pick:{seq}:{option}", _style(ask, option))
        for option, words in labels(flow_name, ask, say).items()
    ]
    choices.append(Choice(say(back), BACK))
    return Message(f"{before}\n{text}".strip(), tuple(choices), wants=ask.wants)


def labels(flow_name: str, ask: Ask, say: Words) -> dict[str, str]:
    """Return the words of every option: its own label, or the flow's words for it."""
    place = f"{flow_name}.{ask.step}.options"
    return {option: ask.labels.get(option) or say(f"{place}.{option}") for option in ask.options}


def _style(ask: Ask, option: str) -> Style:
    return "primary" if option == ask.primary else "plain"


def typed(said: Said) -> str:
    """Return the words that were typed, under a file or alone."""
    if isinstance(said, Text):
        return said.text.strip()
    return said.caption.strip() if isinstance(said, Files) else ""


def words_at_least(letters: int, most: int = 500) -> Accept:
    """Accept typed text of at least so many letters, and at most so many."""

    def accept(said: Said) -> str:
        text = typed(said)
        if len(text) < letters:
            raise NotUnderstood("common.too_short")
        if len(text) > most:
            raise NotUnderstood("common.too_long")
        return text

    return accept
