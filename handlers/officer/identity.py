"""A keeper opens who brought a sealed case: for a reason, on record, and all other keepers are told."""

from typing import Any

import locales
from domain.cases import Act, NotAllowed, Relation
from domain.messages import Message
from handlers.conversation import Conversation, Keep, Next, Option, Reply, Seed, Session, Turn, Verb, case_of
from handlers.flow import Ask, Flow, words_at_least
from services import access, who, wording
from services.acts import identity
from services.cases import act, authorise
from services.who import Actor
from storage.cases import Case
from storage.people import name_of

REASON = (15, 300)
"""Letters a reason must have, and may have."""


def identify(seed: Seed, session: Session) -> Flow[dict[str, Any]]:  # noqa: ARG001 - every flow is called alike
    """Ask for the reason, then whether they mean it: it bears their name."""
    code = {"code": seed["code"]}
    reason = yield Ask("reason", words_at_least(*REASON), facts=code)
    facts = code | {"officer": seed["officer"], "reason": reason}
    sure = yield Ask("sure", options=("yes", "no"), facts=facts)
    return {**seed, "reason": reason, "sure": sure == "yes"}


async def identified(turn: Turn, result: dict[str, Any]) -> Message:
    """Record the opening, tell the other keepers, and show who it is in this one answer."""
    case = await case_of(turn, result["code"])
    if not result["sure"]:
        return Message(turn.say("identify.kept", code=case.code))
    await act(turn.work, case, Act.IDENTIFY, Actor.of(turn.chat), reason=result["reason"])
    access.shown(turn.work, case, turn.chat, access.IDENTITY)
    found = await identity.of_case(turn.work, case)
    named = f"identify.account.{found.account}"
    facts = {
        "code": case.code,
        "account": turn.say(named if locales.has(turn.chat.language, named) else "identify.account.other"),
        "address": found.address,
        "contact": wording.number(found.contact) if found.contact else turn.say("identify.no_contact"),
    }
    return Message(turn.say("identify.text", **facts))


IDENTIFY = Conversation("identify", identify, identified, private=True)


async def _identify(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:  # noqa: ARG001 - every verb is called alike
    authorise(turn.work, case, Act.IDENTIFY, Actor.of(turn.chat), None)
    return Next(IDENTIFY, {"code": case.code, "officer": await name_of(turn.work, turn.chat.person_id)})


def may_open(turn: Turn, case: Case) -> bool:
    """Say whether this person may open who brought the case, whatever else they may know of it."""
    return Relation.KEEPER in who.relations(turn.work, case, Actor.of(turn.chat))


async def _openings(turn: Turn, text: str) -> Message:  # noqa: ARG001 - every option is called alike
    """List who opened which identity, when and why: nothing else of any case."""
    if not who.roles_of(turn.work, turn.chat) & who.KEEPERS:
        raise NotAllowed(Act.IDENTIFY)
    found = await identity.openings(turn.work, Actor.of(turn.chat))
    if not found:
        return Message(turn.say("identify.none_opened"))
    lines = [
        turn.say(
            "identify.line",
            day=locales.short_day(identity.opened_on(turn.work, one)),
            code=one.case.code,
            officer=await identity.opener(turn.work, one),
            reason=wording.shortened(one.reason, 100),
        )
        for one in found
    ]
    turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
    return Message("\n".join([turn.say("identify.opened", count=len(lines)), *lines]))


CONVERSATIONS = (IDENTIFY,)
VERBS: dict[str, Verb] = {"identify": _identify}
OPTIONS: dict[str, Option] = {"openings": _openings}
