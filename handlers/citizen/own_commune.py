"""Of which commune a chat's matters are: shown, chosen anew, or said in words when somebody has moved."""

from collections.abc import Mapping
from typing import Any

from domain.messages import Message
from domain.understand import moves
from domain.understand.fold import tokens
from handlers.citizen import which_commune
from handlers.citizen.report import REPORT
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn, begun_here
from handlers.engine.flow import Flow
from handlers.engine.runner import hear
from services.intake import communes
from services.saying import wording
from services.standing.parties import is_official


def is_choosable(turn: Turn) -> bool:
    """Say whether it is theirs to choose: an official's is where they serve, a desk of one has no other."""
    return turn.work.desk.directory.is_wide and not is_official(turn.work, turn.chat)


def line(turn: Turn) -> str:
    """Say which it is, or that nobody knows yet."""
    known = bool(turn.work.rules.commune)
    return turn.say("own_commune.is", commune=_named(turn)) if known else turn.say("own_commune.unknown")


def _named(turn: Turn) -> str:
    return wording.commune(turn.work.rules)


def choose(_seed: Seed, session: Session) -> Flow[str]:
    """Ask which it is. Returns its code, empty where the name fits none."""
    code, _ = yield from which_commune.asked(session, "", home=True)
    return code


async def chosen(turn: Turn, code: str) -> Message:
    """Remember it, and say so; where it fits none everything stays."""
    if not code:
        return Message(turn.say("own_commune.stays", commune=_named(turn)))
    told = _settled(turn, code)
    _begin_waiting_here(turn)
    return Message(told)


def _begin_waiting_here(turn: Turn) -> None:
    """Let the report that waits beneath be of that commune, unless something is told in it already."""
    waiting = turn.talk.waiting
    if waiting.get("flow") == REPORT.name and not _is_amid(waiting["seed"], waiting["answers"]):
        turn.talk.waiting = {**waiting, "seed": _begun_anew(turn, waiting["seed"])}


def _is_amid(seed: Seed, answers: Mapping[str, Any]) -> bool:
    """Say whether a report tells something already: that stays of the commune it was told in."""
    return "heard" in seed or "story" in answers


def _begun_anew(turn: Turn, seed: Seed) -> dict[str, Any]:
    return begun_here(turn.work, {name: of for name, of in seed.items() if name != "place"})


OWN_COMMUNE = Conversation("own_commune", choose, chosen)
CONVERSATIONS = (OWN_COMMUNE,)


async def _option(turn: Turn, _text: str) -> Reply:
    if not is_choosable(turn):
        return Message(turn.say("own_commune.only", commune=_named(turn)))
    return Next(OWN_COMMUNE, {}, before=line(turn))


OPTIONS: dict[str, Option] = {"commune": _option}


async def moved(turn: Turn, text: str) -> Message | None:
    """Do what somebody says who only tells of which commune they are from now on; None for other words.

    What is being told stays of the commune it was told in.
    """
    if not is_choosable(turn) or turn.talk.seed.get("sealed") or turn.talk.flow not in {"", REPORT.name}:
        return None
    seed: dict[str, Any] = turn.talk.seed
    amid = _is_amid(seed, turn.talk.answers)
    code = _meant(turn, text, amid=amid)
    if not code:
        return None
    told = _settled(turn, code)
    if not turn.talk.flow:
        return Message(told)
    if not amid:
        turn.talk.seed = _begun_anew(turn, seed)
    return await hear(turn, None, before=told)


def _meant(turn: Turn, text: str, *, amid: bool) -> str:
    said, whole = tokens(text), turn.work.desk
    spoken = whole.served.spoken(said)
    codes = {code for _, _, code in spoken}
    if len(codes) != 1:
        return ""
    code = codes.pop()
    place = whole.part(code).understanding.read(text).place
    at = {at for start, end, _ in spoken for at in range(start, end)}
    return code if moves.is_told(text, at, (place and place.hamlet) or "", amid=amid) else ""


def _settled(turn: Turn, code: str) -> str:
    communes.settle(turn.work, turn.chat, code)
    return turn.say("own_commune.settled", commune=turn.work.desk.served.name(code))
