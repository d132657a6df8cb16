"""Danger told with a case that was sent sealed: the numbers to call first, and no waiting among others."""

from collections.abc import Sequence
from typing import Any

from domain.messages import Files, Message, Text
from domain.understand.dangers import HUNCH
from handlers.citizen import emergency
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, typed
from services.intake import doubts, sealed
from services.intake.sealed import Waiting
from storage.cases.attachments import untraced
from storage.cases.cases import Case
from storage.ground.instant import to_ms


async def heard(turn: Turn, said: Text | Files) -> Message | None:
    """Pass on what tells of danger while such a case is open, at whichever question; None where none does."""
    text = typed(said)
    if not turn.work.rules.understanding.read(text).emergency:
        return None
    told = await sealed.told_in(turn.work, turn.talk.seed)
    files = [*turn.talk.files, *(file.id for file in (said.files if isinstance(said, Files) else ()))]
    turn.talk.end()
    turn.talk.files = []
    return await passed_on(turn, told, text, files)


async def passed_on(turn: Turn, told: Case | Waiting, text: str, files: Sequence[str]) -> Message | None:
    """Let what tells of danger be opened at the next tick, and say so; None where it tells of none."""
    call = turn.work.rules.understanding.read(text).emergency
    return await _cry(turn, told, text, files, call) if call else None


async def _cry(
    turn: Turn, told: Case | Waiting, text: str, files: Sequence[str], call: tuple[str, ...]
) -> Message:
    await sealed.cry(turn.work, turn.chat, told, text, await untraced(turn.work, files))
    key = "cry.passed_on" if await sealed.is_heard(turn.work, told, text) else "cry.to_nobody"
    return Message(turn.say(key, numbers=emergency.calls(turn, call)), alarm=True)


def asked(turn: Turn, told: Case | Waiting, text: str, kept: Message) -> Reply:
    """Ask whether somebody is in danger where the words leave it open; they are put with the case already."""
    read = turn.work.rules.understanding.read(text)
    if not read.doubt or read.dangers == HUNCH:
        return kept
    where: dict[str, Any] = {"code": told.code} if isinstance(told, Case) else {"waits": told.to_json()}
    facts: dict[str, Any] = {
        "text": text,
        "numbers": emergency.calls(turn, read.doubt),
        "call": list(read.doubt),
    }
    facts["asked"] = to_ms(turn.work.now)
    return Next(CRY, where | facts, before=kept.text)


def numbers(turn: Turn, text: str) -> str:
    """Return the numbers to call where words may tell of danger, and were put nowhere."""
    return emergency.numbers(turn, text, "walls.danger")


def cry(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask whether somebody is in danger now."""
    meant = yield Ask("now", options=("yes", "no"), facts={"numbers": seed.get("numbers", "")}, primary="yes")
    return {**seed, "meant": meant}


async def meant(turn: Turn, result: dict[str, Any]) -> Message:
    """Pass on at once what was told before, or leave it to go among others."""
    if result["meant"] == "no":
        return Message(turn.say("cry.none"))
    told = await sealed.told_in(turn.work, result)
    return await _cry(turn, told, result["text"], (), tuple(result["call"]))


OPEN = frozenset({"visit", doubts.CRY})
"""Conversations in which a case that was sent sealed is open."""
CRY = Conversation(doubts.CRY, cry, meant, private=True)
CONVERSATIONS = (CRY,)
