"""The buttons of a case: what this person may do with it now. The server asks again at every tap."""

from collections.abc import Iterable

import locales
from domain.cases import Relation, State
from domain.messages import Choice
from services import who
from services.who import Actor
from storage.cases import Case
from storage.people import Chat
from storage.work import Work


def buttons(case: Case, language: str, verbs: Iterable[str]) -> tuple[Choice, ...]:
    """Return the verbs as buttons that carry the case and the version they were drawn for."""
    say = locales.words(language)
    return tuple(
        Choice(
            say(f"act.{verb}"),
            f"{verb}:{case.code}:{case.version}",
            "primary" if number == 0 else "plain",
            typed=f"{say(f'typed.{verb}')} {case.code}",
        )
        for number, verb in enumerate(verbs)
    )


_OFFICER_VERBS: dict[str, tuple[str, ...]] = {
    State.RECEIVED: ("accept",),
    State.REOPENED: ("accept",),
    State.ACCEPTED: ("answer", "ask", "extend"),
    State.ASKED: ("answer",),
}


def card_verbs(work: Work, case: Case, chat: Chat) -> tuple[str, ...]:
    """Return what the card offers to this chat's person now; the server asks again at every tap."""
    mine = who.relations(work, case, Actor.of(chat))
    verbs = _OFFICER_VERBS.get(case.state, ()) if Relation.OFFICER in mine else ()
    if case.request is not None:
        verbs = tuple(verb for verb in verbs if verb != "extend")
    if Relation.SUPERVISOR in mine and case.state in _OFFICER_VERBS:
        if case.request is not None and case.request["by"] != str(chat.person_id):
            verbs = ("grant", "refuse", *verbs)
        others = any(person != chat.person_id for person in who.handling(work, case))
        verbs += ("nudge", "reassign") if others else ("reassign",)
    return verbs


def rating_choices(case: Case, language: str) -> tuple[Choice, ...]:
    """Return the five marks as choices; 1 is the worst, as the number typed."""
    say = locales.words(language)
    return tuple(
        Choice(
            say(f"rating.{mark}"),
            f"rate:{case.code}:{case.version}:{mark}",
            typed=f"{say('typed.rate')} {case.code} {mark}",
        )
        for mark in range(1, 6)
    )


def citizen_choices(case: Case, language: str) -> tuple[Choice, ...]:
    """Return what the citizen may do with their own case now."""
    if case.state == State.ANSWERED and case.rating is None:
        return rating_choices(case, language)
    options = {State.ANSWERED: "reopen", State.CLOSED: "reopen", State.WITHDRAWN: ""}.get(
        State(case.state), "withdraw"
    )
    if not options:
        return ()
    say = locales.words(language)
    return (Choice(say(f"follow.options.{options}"), f"{options}:{case.code}:{case.version}"),)
