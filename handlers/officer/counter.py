"""At the counter and by phone: an official enters what somebody says, and writes down what they say later."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import locales
from domain.cases import Act, NotAllowed
from domain.messages import Choice, Message
from domain.understand import Understood, wishes
from handlers.citizen import drafting, emergency, walls, which_commune
from handlers.citizen.questions import (
    NO_NUMBER,
    SHORTEST_MORE,
    name_of,
    number_of,
    number_or_words,
    place_and_topic,
    story,
    with_more,
)
from handlers.citizen.report import REPORT
from handlers.engine.conversation import (
    Conversation,
    Next,
    Option,
    Reply,
    Seed,
    Session,
    Turn,
    Verb,
    case_of,
)
from handlers.engine.flow import Ask, Flow, is_free, words_at_least, words_of
from services.acts.act import authorise
from services.intake import counter, new_cases
from services.intake.new_cases import Draft
from services.saying import ringing, wording
from services.standing import homes
from services.standing.parties import OFFICIAL, Actor, roles_of
from storage.cases import cases as stored
from storage.cases.cases import Case

LONGEST_WORDS = 2000
"""Letters of what somebody says by phone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered: the draft with the name in it, the number to call back, and how it came."""

    draft: Draft
    phone: str = ""
    came: str = "counter"


def enter(seed: Seed, session: Session) -> Flow[Entry]:
    """Ask as a citizen is asked, then for a name and a number, which may be left out, and for consent.

    Danger asks nothing more: the case is opened at once.
    """
    session = session.begun(seed)
    heard = Understood.from_json(seed["heard"] if "heard" in seed else (yield story(session.rules)))
    if heard.emergency:
        return Entry(_alarm(session, heard), heard.phone or "")
    draft = yield from _drafted(session, heard)
    session = session.at(draft.area)
    draft, name = yield from _name(seed, session, draft)
    phone = ""
    if not draft.heard.emergency:
        draft, phone = yield from _phone(session, draft)
    if draft.heard.emergency:
        return Entry(replace(draft, on_behalf=name), phone)
    came = yield Ask("came", options=counter.CAME)
    yield Ask("consent", options=("agreed",), facts=_reviewed(session, draft), primary="agreed")
    return Entry(replace(draft, on_behalf=name), phone, came)


def _alarm(session: Session, heard: Understood) -> Draft:
    """Return what rings at once, in the commune that the words name; where they name none it is ours."""
    place = heard.place.label if heard.place else session.commune
    told = heard.place.area if heard.place else ""
    return Draft(heard, place, heard.topic, area=told or which_commune.area(session))


def _drafted(session: Session, heard: Understood) -> Flow[Draft]:
    """Ask where it is and what about; in a desk of many also in which commune, as a citizen is asked."""
    if session.rules.whole.directory.is_wide:
        return drafting.whole((yield from drafting.drafted(session, heard, "")))
    heard, place, topic = yield from place_and_topic(session.rules, heard)
    return Draft(heard, place, topic)


def _name(seed: Seed, session: Session, draft: Draft) -> Flow[tuple[Draft, str]]:
    """Ask for the name; nobody must say it, and what is told instead goes with the story."""
    close = new_cases.is_confidential(session.rules, draft, session.today)
    facts = {"close": session.say(_closeness(seed, session, draft)) if close else "", "kept": _kept(session)}
    step = Ask("name", words_at_least(2, LONGEST_WORDS), ("skip",), facts=facts, named=True)
    name, told = yield from name_of(session, step)
    unnamed = name == "skip" or wishes.unnamed(name) is not None
    return _with(session, draft, told), "" if unnamed else name


def _kept(session: Session) -> str:
    return session.say("counter.kept")


def _with(session: Session, draft: Draft, told: str) -> Draft:
    """Let what was told at another question be heard with the story, and danger before anything else."""
    if not told:
        return draft
    danger = session.rules.understanding.read(told).emergency
    heard = with_more(draft.heard, told)
    return replace(draft, heard=replace(heard, emergency=heard.emergency or danger))


def _closeness(seed: Seed, session: Session, draft: Draft) -> str:
    """Return how to warn of what is kept close: above all whoever works where the accused do."""
    wall = new_cases.closeness_of(session.rules, draft, session.today).wall
    own = {str(unit_id) for unit_id in wall.units} & set(seed.get("units", ()))
    return "counter.close_own" if own else "counter.close"


def _phone(session: Session, draft: Draft) -> Flow[tuple[Draft, str]]:
    """Ask for the number to call back; one that was said already is offered."""
    said = draft.heard.phone or ""
    found = {"found": wording.number(said)} if said else {}
    accept = number_or_words(session, "counter.no_number")
    step = Ask("phone", accept, (*found, "skip"), found, {"kept": _kept(session)})
    answer, told = yield from number_of(session, step)
    number = {"skip": "", NO_NUMBER: "", "found": said}.get(answer, answer)
    return _with(session, draft, told), number


def _reviewed(session: Session, draft: Draft) -> Mapping[str, object]:
    return {
        "summary": draft.heard.summary,
        "place": draft.place,
        "topic": session.rules.taxonomy.topics[draft.topic].name,
        "files": session.say("report.files", count=session.files) if session.files else "",
        "commune": walls.keeper(session, draft),
    }


async def entered(turn: Turn, entry: Entry) -> Message:
    """Open the case and give what is read out or printed.

    Raises NotAllowed for somebody who is no official any more.
    """
    if not roles_of(turn.work, turn.chat) & OFFICIAL:
        raise NotAllowed(Act.OPEN)
    urgent = bool(entry.draft.heard.emergency)
    consent = None if urgent else locales.version(turn.chat.language, "counter.consent.text")
    draft = replace(entry.draft, files=tuple(turn.talk.files), consent=consent)
    with turn.work.within(draft.area or turn.work.area):
        return await _opened(turn, replace(entry, draft=draft))


async def _opened(turn: Turn, entry: Entry) -> Message:
    case = await counter.enter(turn.work, turn.chat, entry.draft, came=entry.came, phone=entry.phone)
    if entry.draft.heard.emergency:
        told = await ringing.standing(turn.work, case, turn.chat.language)
        return Message("\n".join(_urgent(turn, entry, case, told)))
    again = Choice(turn.say("counter.again"), "menu:counter")
    return Message("\n".join(_receipt(turn, case)), (again,))


def _urgent(turn: Turn, entry: Entry, case: Case, told: str) -> Iterator[str]:
    """Write the numbers to call now, and what to find out before the citizen hangs up."""
    calls = emergency.calls(turn, entry.draft.heard.emergency)
    yield turn.say("counter.urgent", numbers=calls, code=case.code, told=told)
    yield from filter(None, (emergency.duty(turn, case), turn.say("counter.urgent_more")))


def _receipt(turn: Turn, case: Case) -> Iterator[str]:
    rules, language = turn.work.rules, turn.chat.language
    unit = homes.called(turn.work, case.unit_id, turn.chat)
    due = wording.due(turn.work, case, language)
    yield turn.say("counter.receipt", code=case.code, unit=unit, due=due)
    yield turn.say("counter.will_call" if case.contact else "counter.will_come")
    if case.confidential:
        yield turn.say("counter.forget")
    if caveats := wording.caveats(rules.terms[case.term], case, language).strip():
        yield caveats


async def _counter(turn: Turn, text: str) -> Reply:
    """Begin with what was said behind it, if that is a story."""
    heard = turn.work.rules.understanding.read(text)
    told = {"heard": heard.to_json()} if heard.story else {}
    return Next(COUNTER, {"units": _units(turn), **told})


def _units(turn: Turn) -> list[str]:
    """Return the units the clerk works in."""
    held = turn.work.rules.directory.held_by(turn.chat.person_id, turn.work.today)
    return sorted({str(holding.unit_id) for holding in held})


# --- an official writes out of the blue -----------------------------------------------------------


def whose(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask an official whose words these are; they are kept either way, and further words with them."""
    options = ("own", "counter", "drop") if seed["may_enter"] else ("own", "drop")
    heard = Understood.from_json(seed["heard"])
    facts = {"summary": wording.shortened(heard.summary)}
    for turn in count(1):
        choice = yield Ask("whose", words_at_least(SHORTEST_MORE, LONGEST_WORDS), options, {}, facts, turn)
        if not is_free(choice):
            return {**seed, "heard": heard.to_json(), "whose": choice}
        heard = with_more(heard, words_of(choice, {}))
        facts = {"summary": wording.shortened(heard.text)}
    raise AssertionError("count never ends")


async def decided(turn: Turn, result: dict[str, Any]) -> Reply:
    """Go on with the words as the official's own, or as somebody's who came; or drop them."""
    if result["whose"] == "drop":
        return Message(turn.say("common.left"))
    if result["whose"] == "own":
        return Next(REPORT, {"heard": result["heard"]})
    return Next(COUNTER, {"heard": result["heard"], "units": _units(turn)})


def ask_whose(turn: Turn, heard: Understood) -> Next:
    """Begin with a story that an official wrote out of the blue."""
    may_enter = bool(roles_of(turn.work, turn.chat) & OFFICIAL)
    return Next(WHOSE, {"heard": heard.to_json(), "may_enter": may_enter})


# --- what is said by phone later -----------------------------------------------------------------


def say_by_phone(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask for what the citizen says."""
    facts = {"code": seed["code"], "question": seed["question"]}
    return {**seed, "text": (yield Ask("text", words_at_least(1, LONGEST_WORDS), facts=facts))}


async def said_by_phone(turn: Turn, result: dict[str, Any]) -> Message:
    """Write it down."""
    return await _recorded(turn, await case_of(turn, result["code"]), result["text"])


async def _recorded(turn: Turn, case: Case, text: str) -> Message:
    what = await counter.record(turn.work, case, Actor.of(turn.chat), text)
    due = wording.due(turn.work, case, turn.chat.language)
    key = "record.done.reply" if what is Act.REPLY else "record.done.text"
    return Message(turn.say(wording.key(turn.work, case, key), code=case.code, due=due))


async def _record(turn: Turn, case: Case, _version: int | None, argument: str) -> Reply:
    what = Act.REPLY if stored.is_asked(turn.work, case) else Act.SUPPLEMENT
    authorise(turn.work, case, what, Actor.of(turn.chat), None)
    if argument:
        return await _recorded(turn, case, argument)
    asked = turn.say("record.question", question=case.question) if what is Act.REPLY else ""
    return Next(RECORD, {"code": case.code, "question": asked})


COUNTER = Conversation("counter", enter, entered, waits=True, files=True)
WHOSE = Conversation("whose", whose, decided, files=True)
RECORD = Conversation("record", say_by_phone, said_by_phone)

CONVERSATIONS = (COUNTER, WHOSE, RECORD)
VERBS: dict[str, Verb] = {"record": _record}
OPTIONS: dict[str, Option] = {"counter": _counter}
