"""The answer: what it must say, who approves it, and how it reaches people."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import locales
from domain.cases import Act, State
from domain.messages import FileRef
from services import arrival, superiors, who
from services.acts import requests
from services.cards import rating_choices
from services.guards import needs_approval
from services.reckoning import go_on
from services.refusals import EmptyAnswer
from services.telling import Detail, Telling
from services.who import Actor
from storage import attachments
from storage import cases as stored
from storage.cases import Case
from storage.people import name_of
from storage.work import Work

_GIVEN = frozenset({Act.ANSWER, Act.RELEASE})


def way(work: Work, case: Case, by: Actor) -> Act:
    """Return how somebody answers this case: directly, or by asking somebody in charge to approve it."""
    return Act.SUBMIT if needs_approval(work, case, by) else Act.ANSWER


def says_it_is_over(work: Work, case: Case, text: str) -> bool:
    """Say whether a text tells what people in danger wait for: that answers an alarm, however short."""
    return case.urgency == who.URGENT and work.rules.understanding.is_over(text)


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


# --- what each act changes ----------------------------------------------------------------------


async def _answer(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    fit(work, case, detail["answer"])
    sent = await attachments.sent_by(work, by.chat_key or "", detail.get("files", ()))
    detail["files"] = [file.id for file in sent]
    await stored.attach(work, case, detail["files"], by.chat_key or "")
    own = {file.id for file in await attachments.of_case(work, case, detail["files"])}
    case.files += sum(file.id not in own for file in sent)  # they lie with another case
    detail["officer"] = await name_of(work, by.person_id)
    _give(work, case, detail)


async def _submit(work: Work, case: Case, by: Actor, detail: Detail) -> None:
    fit(work, case, detail["answer"])
    files = list(detail.get("files", ()))
    await stored.attach(work, case, files, by.chat_key or "")
    asked: dict[str, Any] = {"answer": detail["answer"], "files": files}
    detail["officer"] = await requests.ask(work, case, by, Act.SUBMIT, asked)


async def _release(work: Work, case: Case, by: Actor, detail: Detail) -> None:  # noqa: ARG001 - every effect is called alike
    """Give the answer that was asked to be approved, in the chief's own words where they changed it."""
    asked = case.request or {}
    text = detail.get("answer") or asked["answer"]
    fit(work, case, text)
    detail |= {"answer": text, "edited": text != asked["answer"], "files": asked["files"]}
    detail |= {"asked_by": asked["by"], "officer": await name_of(work, UUID(asked["by"]))}
    _give(work, case, detail)


def _give(work: Work, case: Case, detail: Detail) -> None:
    if case.state == State.ASKED:
        go_on(work, case)
    case.answer = detail["answer"]
    case.answered_at = case.alarmed_at = work.now
    case.told_at = arrival.expected(work, case)
    case.rating = case.request = None
    detail["unit"] = work.rules.directory.unit(case.unit_id).name
    detail["overdue"] = work.now > case.due_at


EFFECTS: dict[Act, Callable[[Work, Case, Actor, Detail], Awaitable[None]]] = {
    Act.ANSWER: _answer,
    Act.SUBMIT: _submit,
    Act.RELEASE: _release,
}

# --- who is told --------------------------------------------------------------------------------


async def _answered(to: Telling, detail: Detail) -> None:
    await to.redraw()
    if to.case.officer_id and not who.has_it(to.work, to.case, to.by.person_id):
        await to.officials([to.case.officer_id], "official.answered_by", officer=detail["officer"])
    to.files = await attachments.sent_by(to.work, to.by.chat_key or "", detail.get("files", ()))
    await _tell_citizen(to, detail)


async def _tell_citizen(to: Telling, detail: Detail) -> None:
    """Tell who brought the case, with the photos of what was done."""
    chat = await to.hears("told.answer")
    on = locales.short_day(to.work.rules.calendar.local(to.work.now).date())
    facts = {"answer": detail["answer"], "officer": detail["officer"], "day": on}
    await to.citizen("told.answer", rating_choices(to.case, chat.language), **facts)


async def _submitted(to: Telling, detail: Detail) -> None:
    await to.redraw()
    chiefs = superiors.deciders(to.work, to.case)
    to.files = await attachments.of_case(to.work, to.case, list(detail.get("files", ())))
    facts = {"officer": detail["officer"], "answer": detail["answer"]}
    await to.officials(chiefs, "alert.answer_waits", ("grant", "amend", "refuse"), **facts)


async def _released(to: Telling, detail: Detail) -> None:
    await to.redraw()
    key = "official.released_edited" if detail["edited"] else "official.released"
    concerned = [*who.handling(to.work, to.case), UUID(detail["asked_by"])]
    await to.officials(concerned, key, answer=detail["answer"])
    to.files = await attachments.of_case(to.work, to.case, list(detail["files"]))
    await _tell_citizen(to, detail)


TELLERS: dict[Act, Callable[[Telling, Detail], Awaitable[None]]] = {
    Act.ANSWER: _answered,
    Act.SUBMIT: _submitted,
    Act.RELEASE: _released,
}
