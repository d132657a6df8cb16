"""Decide on what others ask for: more time, an answer, a refusal to act, another unit. One by one or all."""

from typing import Any

from domain.cases import Act, NotAllowed, NotNow
from domain.messages import Choice, Message
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
from handlers.engine.flow import Ask, Flow, words_at_least, words_of
from handlers.officer.transfer import gone
from services.acts.act import act, authorise
from services.acts.deciding import Refuse
from services.acts.handing import Reassign
from services.saying import approving, arrival, telling, wording
from services.standing import guards, homes
from services.standing.parties import Actor
from services.standing.pending import Pending
from services.standing.refusals import NothingAsked
from storage.cases import cases as stored
from storage.cases.cases import Case

_MOST = 9
"""Requests in a list: each has a digit of its own, and so has “all of them” behind them."""
KIND = "approvals"


async def grant(turn: Turn, case: Case, version: int | None, _argument: str) -> Message:
    """Grant what is asked for; who comes too late reads who decided, and where it is now."""
    if (left := await gone(turn, case)) is not None:
        return left
    asked = await _grant(turn, case, version)
    due = wording.due(turn.work, case, turn.chat.language)
    unit = homes.called(turn.work, case.unit_id, turn.chat)
    held = arrival.notice(turn.work, case, turn.chat.language) if asked in {Act.SUBMIT, Act.DECLINE} else ""
    told = telling.heard(turn.work, case, turn.chat.language)
    facts = {"code": case.code, "due": due, "unit": unit, "heard": told}
    return Message(turn.say(f"decide.granted.{asked}", **facts) + held)


async def _grant(turn: Turn, case: Case, version: int | None) -> str:
    """Do what is asked for. Returns what that was; raises what `act` raises."""
    pending, what = Pending.of(case), guards.decision(case) or Act.GRANT
    granted = Reassign(pending.unit_id) if pending is not None and what is Act.REASSIGN else what
    await act(turn.work, case, granted, Actor.of(turn.chat), version=version)
    return pending.what if pending is not None else ""


def refuse(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Say why, if one likes."""
    why = yield Ask("why", words_at_least(2, 300), ("nothing",), facts={"code": seed["code"]})
    return {**seed, "comment": words_of(why, {"nothing": ""})}


async def refused(turn: Turn, result: dict[str, Any]) -> Message:
    """Refuse what is asked for; whoever asked reads why."""
    case = await case_of(turn, result["code"])
    return await _refuse(turn, case, result["version"], result["comment"])


async def _refuse(turn: Turn, case: Case, version: int | None, comment: str) -> Message:
    asked = guards.requested(case)
    await act(turn.work, case, Refuse(comment), Actor.of(turn.chat), version=version)
    return Message(turn.say(f"decide.refused.{asked}", code=case.code))


REFUSE = Conversation("refuse", refuse, refused)


async def _begin_refuse(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Refuse with the comment typed behind the verb, or ask for one."""
    authorise(turn.work, case, Act.REFUSE, Actor.of(turn.chat), version)
    if argument:
        return await _refuse(turn, case, version, argument[:300])
    return Next(REFUSE, {"code": case.code, "version": case.version})


async def waiting(turn: Turn, _text: str) -> Message:
    """List what waits for this person's decision."""
    found = await approving.waiting_for(turn.work, turn.chat)
    shown = found[:_MOST]
    turn.talk.list_of(KIND, shown)
    if not shown:
        return Message(turn.say("approvals.none"))
    lines = [await approving.line(turn.work, case, turn.chat) for case in shown]
    choices = [
        Choice(line, f"show:{case.code}:{case.version}") for case, line in zip(shown, lines, strict=True)
    ]
    if len(shown) > 1:
        choices.append(Choice(turn.say("approvals.all", count=len(shown)), "menu:approve_all", "primary"))
    return Message(turn.say("approvals.text", count=len(found)), tuple(choices))


async def all_of_them(turn: Turn, text: str) -> Message:
    """Grant everything on the latest list; name what has changed since, and what somebody else decides."""
    listed = turn.talk.listed_as(KIND)
    if not listed:
        return await waiting(turn, text)
    done: list[str] = []
    left: list[str] = []
    for code, version in listed:
        (done if await _granted(turn, code, version) else left).append(code)
    turn.talk.list_of(KIND, [])
    lines = [turn.say("approvals.done", count=len(done), codes=", ".join(done))] if done else []
    lines += [turn.say("approvals.left", count=len(left), codes=", ".join(left))] if left else []
    return Message("\n".join(lines))


async def _granted(turn: Turn, code: str, version: int) -> bool:
    case = await stored.by_code(turn.work, code)
    try:
        if case is None or case.request is None:
            raise NothingAsked
        await _grant(turn, case, version)
    except (NotAllowed, NotNow):
        return False
    return True


CONVERSATIONS = (REFUSE,)
VERBS: dict[str, Verb] = {"grant": grant, "refuse": _begin_refuse}
OPTIONS: dict[str, Option] = {"approvals": waiting, "approve_all": all_of_them}
