"""Hand a case on: three units are proposed, any other can be named, and why is always said."""

import re
from collections.abc import Mapping
from typing import Any

from domain.cases import Act
from domain.messages import Message, Said, Text
from domain.understand.fold import fold
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_at_least, words_of
from services.acts import handing
from services.acts.act import act, authorise
from services.acts.handing import AskTransfer, Transfer
from services.saying import approving
from services.standing import exclusion
from services.standing.parties import Actor
from storage.cases.cases import Case

WHY = ("competence", "cooperate")


def transfer(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose the unit and say why."""
    labels = dict(seed["units"])
    code = {"code": seed["code"]}
    unit = seed.get("to") or (yield Ask("unit", unit_named(seed, session), tuple(labels), labels, code))
    why = yield Ask("why", words_at_least(5, 300), WHY)
    reasons = {reason: session.say(f"transfer.why.options.{reason}") for reason in WHY}
    chosen = {"unit_id": words_of(unit, {}), "reason": words_of(why, reasons).rstrip(" .")}
    return {**seed, **chosen, "why": "other" if is_free(why) else why}


def unit_named(seed: Seed, session: Session, others: Mapping[str, str] | None = None) -> Accept:
    """Accept a unit that may have the case, or one of the others, by enough of its name to tell it."""
    return _named(_units_open(seed, session) | dict(others or {}))


def _units_open(seed: Seed, session: Session) -> dict[str, str]:
    """Return the units that stand today, by id: but not the case's own, nor one that is complained about."""
    shut = {*seed["excluded"], seed["unit"]}
    units = [unit for unit in session.rules.directory.units if unit.stands_on(session.today)]
    return {str(unit.id): unit.name for unit in units if str(unit.id) not in shut}


_BEFORE_A_NAME = re.compile(
    r"^(?:(?:cho|sang|ve|toi|den|qua|to|lai|ben|anh|chi|ong|ba|co|chu|bac|em|dong chi)\b\s*)+", re.IGNORECASE
)
_BEHIND_A_NAME = re.compile(
    r"(?:\s+(?:lam|lo|xu ly|giai quyet|nhan|phu trach|giup|gium|dum|voi|nhe|nha|di|a))+$"
)


def bare_name(text: str) -> str:
    """Return a name without what leads to it and how somebody is addressed: “cho anh Tuân”."""
    folded = fold(text).strip(" .,!:")
    return _BEHIND_A_NAME.sub("", _BEFORE_A_NAME.sub("", folded, count=1))


def _named(names: Mapping[str, str]) -> Accept:
    folded = {key: fold(name) for key, name in names.items()}

    def accept(said: Said) -> str:
        text = fold(typed(said)).strip(" .")
        exactly = [key for key, name in folded.items() if name == text]
        found = exactly or [key for key, name in folded.items() if text and text in name]
        if len(found) != 1:
            raise NotUnderstood("transfer.several" if found else "transfer.nobody")
        return found[0]

    return accept


async def transferred(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the case on, or ask a chief to where it has been handed on too often."""
    case = await case_of(turn, result["code"])
    what = _act_for(turn, case)
    request = AskTransfer if what is Act.ASK_TRANSFER else Transfer
    await act(turn.work, case, request.from_json(result), Actor.of(turn.chat))
    unit = units_name(turn, result["unit_id"])
    waits = await approving.notice(turn.work, case, turn.chat.language) if what is Act.ASK_TRANSFER else ""
    return Message(turn.say(f"transfer.done.{what}", code=case.code, unit=unit) + waits)


def units_name(turn: Turn, unit_id: str) -> str:
    """Return the name of a unit by its id."""
    return next(unit.name for unit in turn.work.rules.directory.units if str(unit.id) == unit_id)


def _act_for(turn: Turn, case: Case) -> Act:
    return Act.TRANSFER if case.hops < turn.work.rules.handling.transfers else Act.ASK_TRANSFER


TRANSFER = Conversation("transfer", transfer, transferred)


async def _transfer(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    what = _act_for(turn, case)
    authorise(turn.work, case, what, Actor.of(turn.chat), version)
    before = turn.say("transfer.must_ask", count=case.hops) if what is Act.ASK_TRANSFER else ""
    seed = await seed_of(turn, case)
    if argument:
        try:
            seed["to"] = unit_named(seed, turn.session)(Text(bare_name(argument)))
        except NotUnderstood as refusal:
            before = f"{before}\n{turn.say(refusal.args[0])}".strip()
    return Next(TRANSFER, seed, before)


async def seed_of(turn: Turn, case: Case) -> dict[str, Any]:
    """Return what choosing a unit for a case begins with."""
    units = [[str(unit.id), unit.name] for unit in await handing.units_for(turn.work, case)]
    shut = sorted(str(unit) for unit in exclusion.barred_units(turn.work, case))
    return {"code": case.code, "unit": str(case.unit_id), "excluded": shut, "units": units}


CONVERSATIONS = (TRANSFER,)
VERBS: dict[str, Verb] = {"transfer": _transfer}
