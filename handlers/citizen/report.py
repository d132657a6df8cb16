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
from handlers.flow import Accept, Ask, Flow, NotUnderstood, typed
from services import intake, wording
from services.intake import Draft
from storage.cases import Case
from storage.work import Work

SHORTEST = 8
"""Letters of the shortest story."""
_NINE = 8
"""Hamlets offered as numbers; with “other” they are nine, one digit each."""


def report(seed: Seed, session: Session) -> Flow[Draft]:
    """Ask for what is missing (at most place and topic), show what was understood, let it be corrected."""
    rules = session.rules
    heard = Understood.from_json(seed["heard"] if "heard" in seed else (yield _story(rules)))
    place = _precise(heard.place) or (yield from _place(rules, heard.place))
    topic = heard.topic if heard.sure else (yield _topic(rules, heard))
    for turn in count(1):
        choice = yield _review(session, Draft(heard, place, topic), turn)
        if choice == "send":
            return Draft(heard, place, topic)
        if choice == "edit":
            part = yield Ask("edit", options=("story", "place", "topic"), turn=turn)
            if part == "story":
                heard = Understood.from_json((yield _story(rules, turn + 1)))
            elif part == "place":
                place = yield from _place(rules, None, turn + 1)
            else:
                topic = yield _topic(rules, heard, turn + 1)
        else:
            heard = replace(heard, text=f"{heard.text}\n{choice['more']}")
    raise AssertionError("count never ends")


def _precise(place: Place | None) -> str:
    """Return where it is if nobody needs to be asked: the commune's own name alone leads nobody there."""
    if place is None or not place.sure or not (place.hamlet or place.house or place.outside):
        return ""
    return place.label


def _story(rules: Rules, turn: int = 1) -> Ask:
    def accept(said: Said) -> dict[str, Any]:
        text = typed(said)
        if len(text) < SHORTEST:
            raise NotUnderstood("common.too_short")
        return rules.understanding.read(text).to_json()

    return Ask("story", accept=accept, turn=turn)


def _place(rules: Rules, place: Place | None, turn: int = 1) -> Flow[str]:
    if place is not None and place.choices:
        labels = dict(place.choices)
        chosen: str = yield Ask("which", options=(*labels, "other"), labels=labels, turn=turn)
        if chosen != "other":
            return labels[chosen]
    hamlets = {hamlet.code: hamlet.name for hamlet in rules.directory.hamlets[:_NINE]}
    named: str = yield Ask("place", _named_place(rules), tuple(hamlets), hamlets, turn=turn)
    return hamlets.get(named, named)


def _named_place(rules: Rules) -> Accept:
    def accept(said: Said) -> str:
        text = typed(said)
        if len(text) < 2:
            raise NotUnderstood("common.too_short")
        found = rules.understanding.read(text).place
        return found.label if found else text[:120]

    return accept


def _topic(rules: Rules, heard: Understood, turn: int = 1) -> Ask:
    topics = rules.taxonomy.topics
    offered = [code for code in dict.fromkeys((*heard.topics, "khac")) if code in topics]
    return Ask("topic", options=offered, labels={code: topics[code].name for code in offered}, turn=turn)


def _review(session: Session, draft: Draft, turn: int) -> Ask:
    confidential = intake.is_confidential(session.rules, draft)
    facts: Mapping[str, object] = {
        "summary": draft.heard.summary,
        "place": draft.place,
        "topic": session.rules.taxonomy.topics[draft.topic].name,
        "files": session.say("report.files", count=session.files) if session.files else "",
        "confidential": session.say("report.confidential") if confidential else "",
        "commune": session.commune,
    }
    return Ask("review", _more, ("send", "edit"), facts=facts, turn=turn, primary="send")


def _more(said: Said) -> dict[str, str]:
    """Take further words before "send" as part of the story."""
    text = typed(said)
    if len(text) < 2:
        raise NotUnderstood(None)
    return {"more": text}


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
        commune=wording.commune(work.rules),
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


REPORT = Conversation("report", report, send, waits=True)
