"""Two keepers open who brought a sealed case: for a reason, on record, and all other keepers are told."""

from datetime import timedelta
from typing import Any

import locales
from domain.cases import Act, NotAllowed, Relation
from domain.messages import Message
from handlers.engine.conversation import (
    Conversation,
    Keep,
    Next,
    Option,
    Reply,
    Seed,
    Session,
    Turn,
    Verb,
    case_of,
)
from handlers.engine.flow import Ask, Flow, words_at_least
from services.acts import identity
from services.acts.act import act, authorise
from services.acts.identity import AskIdentity
from services.saying import wording
from services.standing import access, keepers, parties
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.people import people
from storage.people.people import name_of

REASON = (15, 300)
"""Letters a reason must have, and may have."""


def identify(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask for the reason, then whether they mean it: it bears their name."""
    code = {"code": seed["code"]}
    reason = yield Ask("reason", words_at_least(*REASON), facts=code)
    facts = code | {"officer": seed["officer"], "reason": reason}
    sure = yield Ask("sure", options=("yes", "no"), facts=facts)
    return {**seed, "reason": reason, "sure": sure == "yes"}


async def identified(turn: Turn, result: dict[str, Any]) -> Message:
    """Put the wish on record, where all other keepers read it: nothing is opened before one agrees."""
    case = await case_of(turn, result["code"])
    if not result["sure"]:
        return Message(turn.say("identify.kept", code=case.code))
    await act(turn.work, case, AskIdentity(result["reason"]), Actor.of(turn.chat))
    return _waits(turn, case)


def agree(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask the second keeper whether it may be opened."""
    facts = {name: seed[name] for name in ("code", "officer", "reason")}
    answer = yield Ask("sure", options=("yes", "no"), facts=facts)
    return {**seed, "sure": answer == "yes"}


async def agreed(turn: Turn, result: dict[str, Any]) -> Message:
    """Put the agreement on record: whoever asked may open it now."""
    case = await case_of(turn, result["code"])
    if not result["sure"]:
        return Message(turn.say("identify.kept", code=case.code))
    await act(turn.work, case, Act.AGREE_IDENTITY, Actor.of(turn.chat))
    return Message(turn.say("agree.done", code=case.code, officer=result["officer"]))


IDENTIFY = Conversation("identify", identify, identified, private=True)
AGREE = Conversation("agree", agree, agreed, private=True)


async def _identify(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    """Go on with opening an identity, as far as it has come and as this keeper may."""
    me = turn.chat.person_id
    if (theirs := await _not_theirs(turn, case)) is not None:
        return theirs
    authorise(turn.work, case, Act.ASK_IDENTITY, Actor.of(turn.chat), None)
    if len(keepers.of(turn.work, case)) < identity.TOGETHER:
        return Message(turn.say("identify.alone", code=case.code))
    asked = await identity.asked(turn.work, case)
    if asked is None:
        return Next(IDENTIFY, {"code": case.code, "officer": await name_of(turn.work, me)})
    if asked.by == me:
        return await _opened(turn, case) if asked.agreed else _waits(turn, case)
    officer = await name_of(turn.work, asked.by)
    if asked.agreed:
        return Message(turn.say("agree.already", code=case.code, officer=officer))
    return Next(AGREE, {"code": case.code, "officer": officer, "reason": asked.reason})


async def _not_theirs(turn: Turn, case: Case) -> Message | None:
    """Tell whoever works on the case who may open it: that it was given to them opens nothing."""
    mine = parties.relations(turn.work, case, Actor.of(turn.chat))
    if Relation.KEEPER in mine or not mine & {Relation.OFFICER, Relation.SUPERVISOR}:
        return None
    if not case.sealed:
        return Message(turn.say("identify.not_sealed", code=case.code))
    theirs = keepers.of(turn.work, case)
    if len(theirs) < identity.TOGETHER:
        return Message(turn.say("identify.too_few", code=case.code))
    await people.load_people(turn.work, theirs)
    names = ", ".join([await name_of(turn.work, person) for person in theirs])
    return Message(turn.say("identify.who_may", code=case.code, names=names))


def _waits(turn: Turn, case: Case) -> Message:
    hours = turn.work.rules.sealing.asking // timedelta(hours=1)
    return Message(turn.say("identify.waits", code=case.code, hours=hours))


async def _opened(turn: Turn, case: Case) -> Message:
    """Record the opening, tell the other keepers, and show who it is in this one answer."""
    await act(turn.work, case, Act.IDENTIFY, Actor.of(turn.chat))
    turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
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


def may_open(turn: Turn, case: Case) -> bool:
    """Say whether this person may open who brought the case, whatever else they may know of it."""
    return Relation.KEEPER in parties.relations(turn.work, case, Actor.of(turn.chat))


async def _openings(turn: Turn, _text: str) -> Message:
    """List who opened which identity, when and why: nothing else of any case."""
    if not parties.roles_of(turn.work, turn.chat) & keepers.KEEPERS:
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


CONVERSATIONS = (IDENTIFY, AGREE)
VERBS: dict[str, Verb] = {"identify": _identify}
OPTIONS: dict[str, Option] = {"openings": _openings}
