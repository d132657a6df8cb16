"""Close a case without solving it: for a reason, in words the citizen will read, and if a chief agrees."""

from itertools import count
from typing import Any

from domain.cases import Act
from domain.messages import Message, Said
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_of
from handlers.officer import elsewhere, transfer
from services.acts.act import act, authorise
from services.acts.deciding import Decline
from services.saying import approving, wording
from services.standing.parties import Actor
from storage.cases.cases import Case

REASONS = ("competence", "settled", "duplicate", "unclear", "other")


def decline(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Choose the reason, write the words, and see both as the citizen will."""
    words = {reason: session.say(f"declined.{reason}") for reason in REASONS}
    labels = {reason: wording.sentence(text) for reason, text in words.items()}
    facts = {"code": seed["code"]}
    reason = yield Ask("reason", _explained(seed, session), REASONS, labels, facts)
    text = words_of(reason, {}) if is_free(reason) else ""
    reason = "other" if text else reason
    for turn in count(1):
        text = text if text and turn == 1 else (yield Ask("words", _explained(seed, session), turn=turn))
        if place := elsewhere.place_in(seed, session, text):
            return {"code": seed["code"], "place": place}
        facts = {"code": seed["code"], "reason": words[reason], "text": text}
        choice = yield Ask("preview", options=("send", "edit"), facts=facts, turn=turn, primary="send")
        if choice == "send":
            return {"code": seed["code"], "reason": reason, "text": text}
    raise AssertionError("count never ends")


def _explained(seed: Seed, session: Session) -> Accept:
    """Accept what tells the citizen something: long enough, and as full as an answer must be.

    Accept where else the case belongs, too: nobody is told that nothing is done about it.
    """
    rules = session.rules

    def accept(said: Said) -> str:
        text = typed(said)
        if elsewhere.place_in(seed, session, text):
            return text
        if len(text) < rules.handling.decline_letters or not rules.answering.said(text):
            raise NotUnderstood("decline.too_short")
        if len(text) > rules.answering.most:
            raise NotUnderstood("common.too_long")
        return text

    return accept


async def declined(turn: Turn, result: dict[str, Any]) -> Reply:
    """Hand the request to whoever decides; until then the case goes on and its date stands.

    What belongs to another commune, or above, goes there instead.
    """
    case = await case_of(turn, result["code"])
    if "place" in result:
        return await transfer.VERBS["transfer"](turn, case, None, result["place"])
    await act(turn.work, case, Decline(result["reason"], result["text"]), Actor.of(turn.chat))
    waits = await approving.notice(turn.work, case, turn.chat.language)
    return Message(turn.say("decline.done.text", code=case.code) + waits)


DECLINE = Conversation("decline", decline, declined)


async def _decline(turn: Turn, case: Case, version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.DECLINE, Actor.of(turn.chat), version)
    wide = turn.work.desk.directory.is_wide
    return Next(DECLINE, {"code": case.code, **(await transfer.seed_of(turn, case) if wide else {})})


CONVERSATIONS = (DECLINE,)
VERBS: dict[str, Verb] = {"decline": _decline}
