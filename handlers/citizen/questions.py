"""What somebody who tells of a matter is asked: what it is, where, what about, and whether that is right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from domain import numbers
from domain.messages import Said
from domain.rules import Rules
from domain.understand import Understood, aftermath
from handlers.citizen import walls
from handlers.citizen.places import AGAIN, is_precise, which_or_place
from handlers.engine.conversation import Session
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_of
from services.intake.new_cases import Draft
from services.saying import wording
from services.standing import exclusion

SHORTEST = 8
"""Letters of the shortest story."""
SHORTEST_MORE = 4
"""Letters of the shortest words that are added to it."""
SHOWN = 120
"""Letters of what was added that are shown for review."""
LONGEST_SHOWN = 2400
"""Letters of a story that is shown whole."""
LONGEST_NAME = 6
"""Words of a name; what is longer tells something."""
NO_NUMBER = "none"


def story(rules: Rules, turn: int = 1, place: str = "") -> Ask:
    """Ask for the story, which is read into what was understood of it; where it is may be known already."""

    def accept(said: Said) -> dict[str, Any]:
        text = typed(said)
        heard = rules.understanding.read(text)
        if len(text) < SHORTEST or not heard.story:
            raise NotUnderstood("common.too_short")
        return heard.to_json()

    there = {"place": place} if place else {}
    return Ask("story", accept=accept, facts=there, turn=turn, words="there" if place else "")


def place_and_topic(rules: Rules, heard: Understood) -> Flow[tuple[Understood, str, str]]:
    """Ask where it is and what it is about, but only what the words leave open."""
    place = heard.place.label if heard.place and is_precise(heard.place) else ""
    if not place:
        place = yield from which_or_place(rules, heard.place)
    if heard.sure:
        return heard, place, heard.topic
    heard, topic = yield from topic_of(rules, heard)
    return heard, place, topic


def asks_about_papers(heard: Understood) -> bool:
    """Say whether it is a question about papers that names no place: it is the same in every hamlet."""
    return heard.place is None and heard.sure and (heard.kind, heard.topic) == ("hoi_dap", "thu_tuc")


def topic_of(
    rules: Rules, heard: Understood, turn: int = 1, beside: Callable[[str], bool] = lambda _: False
) -> Flow[tuple[Understood, str]]:
    """Let the topic be chosen; words instead of a choice are added to the story and may settle it.

    Words that are no answer, but said `beside` the question, end it.
    """
    topics = rules.taxonomy.topics
    for again in count():
        offered = [code for code in dict.fromkeys((*heard.topics, "khac")) if code in topics]
        labels = {code: topics[code].name for code in offered}
        choice = yield Ask("topic", some_words, offered, labels, turn=turn + AGAIN * again)
        if not is_free(choice):
            return heard, choice
        if beside(words_of(choice, {})):
            return heard, heard.topic
        heard = with_more(heard, words_of(choice, {}))
        guess = rules.understanding.read(heard.text)
        if guess.sure:
            return replace(heard, topic=guess.topic, field=guess.field, urgency=guess.urgency), guess.topic
    raise AssertionError("count never ends")


def with_more(heard: Understood, words: str) -> Understood:
    """Add what was said at a question about something else to the story: nothing that is typed is lost."""
    return replace(heard, text=f"{heard.text}\n{words}")


REVIEW = ("send", "edit", "more", "seal")
SEALED_REVIEW = ("seal", "edit", "more")


def review(session: Session, draft: Draft, more: str, turn: int, *, whole: bool = False) -> Ask:
    """Show what was understood, to be sent, corrected or added to; words of one's own are added too.

    Who wishes to stay unnamed sees the `whole` story: what still tells who they are must not hide in its end.
    """
    options = SEALED_REVIEW if draft.sealed else REVIEW
    shown = partial(_shown, session, draft, more, whole=whole)
    return Ask("review", some_words, options, later=shown, turn=turn, primary=options[0])


def _shown(session: Session, draft: Draft, more: str, *, whole: bool) -> Mapping[str, object]:
    say = session.say
    return {
        "summary": _all_of(session, draft.heard.text) if whole else draft.heard.summary,
        "more": say("report.more", text=wording.shortened(more, SHOWN)) if more and not whole else "",
        "place": draft.place,
        "topic": session.rules.taxonomy.topics[draft.topic].name,
        "behalf": say("report.on_behalf") if draft.on_behalf else "",
        "files": say("report.files", count=session.files) if session.files else "",
        "confidential": walls.line(session, draft),
        "commune": walls.keeper(session, draft),
    }


def _all_of(session: Session, text: str) -> str:
    """Return a story as it will be read; where it is too long for one message, how much more there is."""
    shown = wording.shortened(text, LONGEST_SHOWN)
    left = len(text) - len(shown)
    return f"{shown}{session.say('report.hidden', count=left)}" if left > 0 else text


def name_of(session: Session, step: Ask) -> Flow[tuple[str, str]]:
    """Ask for a name until one is given. Returns it, empty where it is left out, and what else was told.

    A name is a name: who tells a wrong instead, or of anything, is not to stand in the case as its sender.
    """
    return (
        yield from _until(
            step, step.options, lambda text: ("", text) if _tells(session, text) else (text, "")
        )
    )


def number_of(session: Session, step: Ask) -> Flow[tuple[str, str]]:
    """Ask for a number until one is given. Returns it or the option chosen, and what else was told."""
    return (yield from _until(step, step.options, lambda text: number_and_rest(session, text)))


def number_or_words(session: Session, refusal: str) -> Accept:
    """Accept a number, that there is none, or words that tell something; the words are not lost."""

    def accept(said: Said) -> str:
        text = typed(said)
        if not (numbers.is_none(text) or numbers.phone_alone(text) or _of_the_case(session, text)):
            raise NotUnderstood(refusal)
        return text

    return accept


def number_and_rest(session: Session, text: str) -> tuple[str, str]:
    """Return the number that words hold, and the words where they tell more than whose it is."""
    if numbers.is_none(text):
        return NO_NUMBER, ""
    number = numbers.phone_alone(text) or ""
    beside = numbers.mask(text, "", spare={numbers.Kind.PLATE})  # which is no number to call
    if not number:
        return "", text if _of_the_case(session, text) else ""
    return number, text if aftermath.says_besides(beside) or _tells(session, beside) else ""


def _until(
    step: Ask, options: Sequence[str], read: Callable[[str], tuple[str, str]]
) -> Flow[tuple[str, str]]:
    told = ""
    for turn in count(1):
        kept = {"kept": step.facts["kept"] if told else ""}
        answer = yield replace(step, turn=turn, facts={**step.facts, **kept})
        if options and not is_free(answer):
            return answer, told
        found, more = read(words_of(answer, {}))
        told = f"{told}\n{more}".strip()
        if found or not more:
            return found, told
    raise AssertionError("count never ends")


def _tells(session: Session, text: str) -> bool:
    """Say whether words given for a name or a number tell something: a wrong, danger, or at length."""
    heard, said = (
        session.rules.understanding.read(text),
        exclusion.heard_of(session.rules, text, session.today),
    )
    wrong = heard.accuses or (said.wrong and not said.doubt)
    return wrong or bool(heard.emergency) or len(text.split()) > LONGEST_NAME


def _of_the_case(session: Session, text: str) -> bool:
    """Say whether words instead of a number tell something, or name somebody who serves: “anh Tuân ấy”."""
    said = exclusion.heard_of(session.rules, text, session.today)
    return said.wrong or bool(said.people) or aftermath.wronged(text) or _tells(session, text)


def anything_more(turn: int) -> Ask:
    """Ask for files or a more exact place; either comes back to the review."""
    return Ask("more", typed, turn=turn, by_files=True)


def some_words(said: Said) -> str:
    """Take further words as part of the story."""
    text = typed(said)
    if len(text) < SHORTEST_MORE:
        raise NotUnderstood(None)
    return text
