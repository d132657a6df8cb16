"""A citizen tells us, in their own words, what troubles them or what they wish for."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import locales
from domain.messages import Choice, Message, Said
from domain.rules import Rules
from domain.understand import Place, Understood
from handlers.conversation import Conversation, Seed, Session, Turn
from handlers.flow import Ask, Flow, NotUnderstood, is_free, typed, words_of
from services import intake, wording
from services.intake import Draft
from storage.cases import Case
from storage.work import Work

SHORTEST = 8
"""Letters of the shortest story."""
SHORTEST_MORE = 4
"""Letters of the shortest words that are added to it."""
SHOWN = 120
"""Letters of what was added that are shown for review."""
LONGEST_PLACE = 120
"""Letters of a place."""
_NINE = 8
"""Hamlets offered as numbers; with “other” they are nine, one digit each."""


def report(seed: Seed, session: Session) -> Flow[Draft]:
    """Ask for what is missing (at most place and topic), show what was understood, let it be corrected."""
    rules = session.rules
    heard = Understood.from_json(seed["heard"] if "heard" in seed else (yield _story(rules)))
    first = heard.text
    place = _precise(heard.place) or (yield from _place(rules, heard.place))
    topic = heard.topic
    if not heard.sure:
        heard, topic = yield from _topic(rules, heard)
    for turn in count(1):
        more = heard.text.removeprefix(first).strip()
        choice = yield _review(session, Draft(heard, place, topic), more, turn)
        if choice == "send":
            return Draft(heard, place, topic)
        if is_free(choice):
            heard = _with_more(heard, choice)
            continue
        part = yield Ask("edit", options=("story", "place", "topic"), turn=turn)
        if part == "story":
            heard = Understood.from_json((yield _story(rules, turn + 1)))
            first = heard.text
        elif part == "place":
            place = yield from _place(rules, None, turn + 1)
        else:
            heard, topic = yield from _topic(rules, heard, turn + 1)
    raise AssertionError("count never ends")


def _with_more(heard: Understood, answer: Any) -> Understood:  # noqa: ANN401 - a free answer
    """Add what was said at a question about something else to the story: nothing that is typed is lost."""
    return replace(heard, text=f"{heard.text}\n{words_of(answer, {})}")


def _precise(place: Place | None) -> str:
    """Return where it is if nobody needs to be asked: the commune's own name alone leads nobody there."""
    if place is None or not place.sure or not (place.hamlet or place.house or place.outside):
        return ""
    return place.label


def _story(rules: Rules, turn: int = 1) -> Ask:
    def accept(said: Said) -> dict[str, Any]:
        text = typed(said)
        heard = rules.understanding.read(text)
        if len(text) < SHORTEST or not heard.story:
            raise NotUnderstood("common.too_short")
        return heard.to_json()

    return Ask("story", accept=accept, turn=turn)


def _place(rules: Rules, place: Place | None, turn: int = 1) -> Flow[str]:
    if place is not None and place.choices:
        labels = dict(place.choices)
        chosen: str = yield Ask("which", options=(*labels, "other"), labels=labels, turn=turn)
        if chosen != "other":
            return labels[chosen]
    hamlets = {hamlet.code: hamlet.name for hamlet in rules.directory.hamlets[:_NINE]}
    named = yield Ask("place", _named_place, tuple(hamlets), hamlets, turn=turn)
    return str(words_of(named, hamlets))


def _named_place(said: Said) -> str:
    """Take a place as it is told: “gần trạm bơm thôn 3” says more than the name of the hamlet."""
    text = typed(said)
    if len(text) < 2:
        raise NotUnderstood("common.too_short")
    return wording.shortened(text, LONGEST_PLACE)


def _topic(rules: Rules, heard: Understood, turn: int = 1) -> Flow[tuple[Understood, str]]:
    """Let the topic be chosen; words instead of a choice are added to the story and may settle it."""
    topics = rules.taxonomy.topics
    for again in count():
        offered = [code for code in dict.fromkeys((*heard.topics, "khac")) if code in topics]
        labels = {code: topics[code].name for code in offered}
        choice = yield Ask("topic", _more, offered, labels, turn=turn + 100 * again)
        if not is_free(choice):
            return heard, choice
        heard = _with_more(heard, choice)
        guess = rules.understanding.read(heard.text)
        if guess.sure:
            return replace(heard, topic=guess.topic, field=guess.field), guess.topic
    raise AssertionError("count never ends")


def _review(session: Session, draft: Draft, more: str, turn: int) -> Ask:
    confidential = intake.is_confidential(session.rules, draft)
    facts: Mapping[str, object] = {
        "summary": draft.heard.summary,
        "more": session.say("report.more", text=wording.shortened(more, SHOWN)) if more else "",
        "place": draft.place,
        "topic": session.rules.taxonomy.topics[draft.topic].name,
        "files": session.say("report.files", count=session.files) if session.files else "",
        "confidential": session.say("report.confidential") if confidential else "",
        "commune": session.commune,
    }
    return Ask("review", _more, ("send", "edit"), facts=facts, turn=turn, primary="send")


def _more(said: Said) -> str:
    """Take further words before "send" as part of the story."""
    text = typed(said)
    if len(text) < SHORTEST_MORE:
        raise NotUnderstood(None)
    return text


async def send(turn: Turn, draft: Draft) -> Message:
    """Make the case and give the receipt."""
    case = await intake.open_case(turn.work, turn.chat, complete(turn, draft))
    turn.talk.last_case = case.code
    return receipt(turn.work, case, turn.chat.language)


def complete(turn: Turn, draft: Draft) -> Draft:
    """Add to what was confirmed the files that came with it, the hamlet, and which words were agreed to."""
    version = locales.version(turn.chat.language, "report.review.text")
    return replace(draft, files=tuple(turn.talk.files), consent=version)


def receipt(work: Work, case: Case, language: str) -> Message:
    """Write the receipt: the code, who is responsible, and a real date."""
    say = locales.words(language)
    text = say(
        "receipt.text",
        commune=wording.sentence(wording.commune(work.rules)),
        code=case.code,
        unit=work.rules.directory.unit(case.unit_id).name,
        due=wording.due(work.rules, case, language),
    )
    text += wording.caveats(work.rules.terms[case.term], case, language)
    if case.confidential:
        text += say("report.confidential")
    options = ("show", "withdraw")
    choices = (Choice(say(f"receipt.options.{o}"), f"{o}:{case.code}:{case.version}") for o in options)
    return Message(text, tuple(choices))


REPORT = Conversation("report", report, send, waits=True, files=True)
CONVERSATIONS = (REPORT,)
