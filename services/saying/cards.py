"""The buttons of a case: what this person may do with it now. The server asks again at every tap."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import locales
from domain.cases import Act, NotAllowed, NotNow, Relation, State, check
from domain.messages import Choice
from services.saying import arrival, wording
from services.saying.quoting import in_one_line
from services.standing import access, guards, kinds, parties
from services.standing.kinds import ACTS, ActKind, Intent
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people.people import Chat


def buttons(case: Case, language: str, verbs: Iterable[str]) -> tuple[Choice, ...]:
    """Return the verbs as buttons that carry the case and the version they were drawn for."""
    say = locales.words(language)
    return tuple(
        Choice(
            _label(case, language, verb),
            f"{verb}:{case.code}:{case.version}",
            "primary" if number == 0 else "plain",
            typed=f"{say(f'typed.{verb}')} {case.code}",
        )
        for number, verb in enumerate(verbs)
    )


def _label(case: Case, language: str, verb: str) -> str:
    """Return what the button says; a decision is named after what is asked for."""
    of_request = f"act.{verb}_{guards.requested(case)}"
    return locales.words(language)(of_request if locales.has(language, of_request) else f"act.{verb}")


def listed(work: Work, case: Case, chat: Chat) -> Choice:
    """Return the case as one line of a list in this chat, which shows it when it is chosen."""
    access.shown(work, case, chat, access.LIST)
    language = chat.language
    left = wording.left(work, case, language)
    say = locales.words(language)
    text = say(
        "official.line", code=case.code, summary=in_one_line(wording.shortened(case.summary, 60)), left=left
    )
    return show(case, language, text)


def show(case: Case, language: str, text: str) -> Choice:
    """Return a line about the case, in these words, which shows it when it is chosen."""
    typed = f"{locales.words(language)('typed.show')} {case.code}"
    return Choice(text, f"show:{case.code}:{case.version}", typed=typed)


_DECIDING = frozenset({"grant", "amend", "refuse"})
"""The verbs of who decides on what is asked for; they stand on the card."""
_MOST = 5
"""Buttons of a card, besides the one that leads to the rest."""


def card_verbs(work: Work, case: Case, chat: Chat) -> tuple[str, ...]:
    """Return what the card offers to this chat's person now; the server asks again at every tap."""
    allowed = _allowed(work, case, Actor.of(chat))
    shown = _shown(case, allowed)
    return (*shown, "more") if shown and set(allowed) - set(shown) else shown


def offered(work: Work, case: Case, chat: Chat, verbs: Iterable[str]) -> tuple[str, ...]:
    """Return those of these verbs that would not be refused, and taking over where accepting would be."""
    intent, known = Intent(work, case, Actor.of(chat)), kinds.verbs()
    mine = parties.relations(work, case, intent.by)

    def allowed(verb: str) -> bool:
        if verb == "nudge" and _is_alone(work, case, intent.by):
            return False
        return verb not in known or any(_may(intent, kind, mine) for kind in known[verb])

    instead = ("take_over" if verb == "accept" and not allowed(verb) else verb for verb in verbs)
    return tuple(dict.fromkeys(verb for verb in instead if allowed(verb)))


def other_verbs(work: Work, case: Case, chat: Chat) -> tuple[str, ...]:
    """Return what else this person may do with the case now."""
    allowed = _allowed(work, case, Actor.of(chat))
    shown = _shown(case, allowed)
    return tuple(verb for verb in allowed if verb not in shown)


def _shown(case: Case, allowed: list[str]) -> tuple[str, ...]:
    """Return those on the card itself: a chief sees first what chiefs do about the work of others."""
    theirs = "nudge" in allowed and case.officer_id is not None
    on_card = {one.verb for one in kinds.buttons() if one.on_card and not (theirs and one.of_officer)}
    on_card |= _DECIDING
    if case.officer_id is None and "accept" not in allowed and "take_over" in allowed:
        allowed = ["take_over", *(verb for verb in allowed if verb != "take_over")]
        on_card |= {"take_over"}
    return tuple(verb for verb in allowed if verb in on_card)[:_MOST]


def _allowed(work: Work, case: Case, by: Actor) -> list[str]:
    """Return every verb the server would not refuse now, the most useful first."""
    intent, known = Intent(work, case, by), kinds.verbs()
    mine = parties.relations(work, case, by)
    decision = guards.decision(case)
    found = []
    if decision and _may(intent, ACTS[Act.REFUSE], mine) and _may(intent, ACTS[decision], mine):
        found = ["grant", "amend", "refuse"] if decision is Act.RELEASE else ["grant", "refuse"]
    found += [verb for verb, ways in known.items() if any(_may(intent, kind, mine) for kind in ways)]
    if _is_alone(work, case, by):
        found = [verb for verb in found if verb != "nudge"]
    # Who may hand a case on and give it time freely need not ask for it.
    spared = {one.verb: one.unless for one in kinds.buttons()}
    found = [verb for verb in found if spared.get(verb) not in found]
    return found + (["readers"] if Relation.SUPERVISOR in mine else [])


def _is_alone(work: Work, case: Case, by: Actor) -> bool:
    """Say whether there is nobody but this person to be reminded of the case."""
    return not others_handling(work, case, by)


def others_handling(work: Work, case: Case, by: Actor) -> list[UUID]:
    """Return who else has the case, or may take it, and hears what is said to them."""
    return [p for p in parties.reachable(work, parties.handling(work, case), case) if p != by.person_id]


def _may(intent: Intent, kind: ActKind[Any], mine: set[Relation]) -> bool:
    try:
        check(kind, State(intent.case.state), mine)
        kind.guard(intent)
    except (NotAllowed, NotNow):
        return False
    return True


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


def question_choices(case: Case, language: str) -> tuple[Choice, ...]:
    """Return what may be pressed under an officer's question instead of writing."""
    say = locales.words(language)
    return tuple(
        Choice(say(f"added.question.{verb}"), f"{verb}:{case.code}:{case.version}")
        for verb in ("photo", "unknown")
    )


def citizen_choices(work: Work, case: Case, language: str) -> tuple[Choice, ...]:
    """Return what the citizen may do with their own case now: no mark is asked for what was not read yet."""
    if case.state == State.ANSWERED and not arrival.is_there(work, case):
        return (show(case, language, locales.words(language)("act.show")),)
    if case.state == State.ANSWERED and case.rating is None:
        return rating_choices(case, language)
    options = {State.ANSWERED: "reopen", State.CLOSED: "reopen", State.WITHDRAWN: ""}.get(
        State(case.state), "withdraw"
    )
    if not options or (options == "withdraw" and guards.is_others_too(case)):
        return ()
    say = locales.words(language)
    return (Choice(say(f"follow.options.{options}"), f"{options}:{case.code}:{case.version}"),)
