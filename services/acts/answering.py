"""The answer: what it must say, who approves it, and how it reaches people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import locales
from domain.cases import HELD, OPEN_STATES, UNTAKEN, Act, NotNow, Relation, State
from domain.messages import FileRef
from domain.promises import Promise
from services.acts import requests
from services.saying import arrival
from services.saying.cards import rating_choices
from services.saying.telling import Telling
from services.standing import guards, leaving, parties, superiors
from services.standing.guards import needs_approval, requested
from services.standing.kinds import ALWAYS, ActKind, Button, Deed, Intent, Request
from services.standing.parties import Actor
from services.standing.reckoning import go_on
from services.standing.refusals import EmptyAnswer, NeedsApproval
from storage.cases import attachments
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people.people import name_of


@dataclass(frozen=True, slots=True)
class Answer(Request):
    """What is answered, and the photos of what was done."""

    answer: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)


@dataclass(frozen=True, slots=True)
class Submit(Request):
    """What is to be answered once somebody in charge has approved it."""

    answer: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)


@dataclass(frozen=True, slots=True)
class Release(Request):
    """The words in which the answer that waits is given, where they are not its own."""

    answer: str = ""


_GIVEN = frozenset({Act.ANSWER, Act.RELEASE})


def way(work: Work, case: Case, by: Actor) -> Act:
    """Return how somebody answers this case: directly, or by asking somebody in charge to approve it."""
    return Act.SUBMIT if needs_approval(work, case, by) else Act.ANSWER


def says_it_is_over(work: Work, case: Case, text: str) -> bool:
    """Say whether a text tells what people in danger wait for: that answers an alarm, however short."""
    return case.urgency == parties.URGENT and work.rules.understanding.is_over(text)


def fit(work: Work, case: Case, text: str) -> None:
    """Let only an answer pass that says something, in not too many words. Raises EmptyAnswer."""
    rules = work.rules.answering
    says = rules.said(text) if len(text) >= rules.least else frozenset()
    if len(text) > rules.most or not (says or says_it_is_over(work, case, text)):
        raise EmptyAnswer(Act.ANSWER)


async def files(work: Work, case: Case) -> tuple[FileRef, ...]:
    """Return the case's files, with those of an answer that was given to several cases at once.

    A file lies with one case only; that it went to the others too stands in their histories.
    """
    own = await attachments.of_case(work, case)
    if case.answered_at is None or len(own) >= case.files:
        return own
    given = [event.detail for event in await stored.history(work, case) if event.act in _GIVEN]
    kept = {file.id for file in own}
    shared = [file_id for detail in given for file_id in detail.get("files", ()) if file_id not in kept]
    return own + await attachments.of_any_case(work, shared)


# --- what else must hold ------------------------------------------------------------------------


def _approved(intent: Intent) -> None:
    """Let whoever has it answer, or had a danger that turned out to be elsewhere and goes on with it."""
    if intent.case.state in UNTAKEN and not leaving.goes_on(intent.work, intent.case, intent.by.person_id):
        raise NotNow(Act.ANSWER)
    if needs_approval(intent.work, intent.case, intent.by):
        raise NeedsApproval(Act.ANSWER)


def _no_answer_waits(intent: Intent) -> None:
    """Let an answer take the place of a request for more time, but of nothing else that waits."""
    if requested(intent.case) != Act.EXTEND:
        guards.no_request_waits(intent)
    guards.somebody_decides(intent)


# --- what each act changes ----------------------------------------------------------------------


async def _answer(deed: Deed[Answer]) -> None:
    work, case, chat_key = deed.work, deed.case, deed.by.chat_key or ""
    fit(work, case, deed.request.answer)
    sent = await attachments.sent_by(work, chat_key, deed.request.files)
    ids = deed.facts["files"] = [file.id for file in sent]
    await stored.attach(work, case, ids, chat_key)
    own = {file.id for file in await attachments.of_case(work, case, ids)}
    case.files += sum(file.id not in own for file in sent)  # they lie with another case
    deed.facts["officer"] = await name_of(work, deed.by.person_id)
    _give(deed)


async def _submit(deed: Deed[Submit]) -> None:
    fit(deed.work, deed.case, deed.request.answer)
    files = list(deed.request.files)
    await stored.attach(deed.work, deed.case, files, deed.by.chat_key or "")
    asked = {"answer": deed.request.answer, "files": files}
    deed.facts["officer"] = await requests.ask(deed, Act.SUBMIT, asked)


async def _release(deed: Deed[Release]) -> None:
    """Give the answer that was asked to be approved, in the chief's own words where they changed it."""
    asked, facts = guards.what_waits(deed.case), deed.facts
    text = deed.request.answer or asked.answer
    fit(deed.work, deed.case, text)
    facts.update(answer=text, edited=text != asked.answer, files=list(asked.files), asked_by=str(asked.by))
    facts["officer"] = await name_of(deed.work, asked.by)
    _give(deed)


def _give(deed: Deed[Any]) -> None:
    work, case, facts = deed.work, deed.case, deed.facts
    if case.state == State.ASKED:
        go_on(work, case)
    case.answer = facts["answer"]
    case.answered_at = case.alarmed_at = work.now
    case.told_at = arrival.expected(work, case)
    case.rating = case.request = None
    facts["unit"] = work.rules.directory.unit(case.unit_id).name
    facts["overdue"] = work.now > case.due_at


# --- who is told --------------------------------------------------------------------------------


async def _answered(to: Telling) -> None:
    await to.redraw()
    if to.case.officer_id and not parties.has_it(to.work, to.case, to.by.person_id):
        await to.officials([to.case.officer_id], "official.answered_by", officer=to.facts["officer"])
    to.files = await attachments.sent_by(to.work, to.by.chat_key or "", to.facts["files"])
    await _tell_citizen(to)


async def _tell_citizen(to: Telling) -> None:
    """Tell who brought the case, with the photos of what was done."""
    chat = await to.hears("told.answer")
    on = locales.short_day(to.work.rules.calendar.local(to.work.now).date())
    facts = {"answer": to.facts["answer"], "officer": to.facts["officer"], "day": on}
    if to.case.officer_id is None:  # whoever had a danger before it turned out to be elsewhere
        facts["unit"] = parties.serves_in(to.work, to.case, to.by.person_id)
    await to.citizen("told.answer", rating_choices(to.case, chat.language), **facts)


async def _submitted(to: Telling) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    to.files = await attachments.of_case(to.work, to.case, list(to.facts["files"]))
    facts = {"officer": to.facts["officer"], "answer": to.facts["answer"]}
    await to.officials(chiefs, "alert.answer_waits", ("grant", "amend", "refuse"), **facts)


async def _released(to: Telling) -> None:
    await to.redraw()
    key = "official.released_edited" if to.facts["edited"] else "official.released"
    concerned = [*parties.handling(to.work, to.case), UUID(to.facts["asked_by"])]
    await to.officials(concerned, key, answer=to.facts["answer"])
    to.files = await attachments.of_case(to.work, to.case, list(to.facts["files"]))
    await _tell_citizen(to)


_KEEPS = frozenset(Promise)

ACTS = (
    ActKind(
        act=Act.ANSWER,
        takes=Answer,
        by={Relation.OFFICER},
        states=OPEN_STATES,
        to=State.ANSWERED,
        guard=_approved,
        change=_answer,
        news=_answered,
        heard="followed.answer",
        keeps=_KEEPS,
        button=Button(verb="answer", place=30, on_card=True, of_officer=True),
    ),
    ActKind(
        act=Act.SUBMIT,
        takes=Submit,
        by={Relation.OFFICER},
        states=HELD,
        guard=_no_answer_waits,
        change=_submit,
        news=_submitted,
        granted_by=Act.RELEASE,
        button=Button(verb="answer", place=30, on_card=True, of_officer=True),
    ),
    ActKind(
        act=Act.RELEASE,
        takes=Release,
        by={Relation.SUPERVISOR},
        states=HELD,
        to=State.ANSWERED,
        guard=guards.another_asked(Act.SUBMIT),
        change=_release,
        news=_released,
        heard="followed.answer",
        keeps=_KEEPS,
    ),
)
