"""What a citizen does about their own case: rate the answer, have it reopened, withdraw, add to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from domain.cases import OPEN_STATES, Act
from domain.messages import Message, Said
from domain.understand import wishes
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, NotUnderstood, is_free, number, words_at_least, words_of
from services.acts import asking
from services.acts.act import act, authorise
from services.acts.adding import Supplement
from services.acts.closing import Close, Rate, Reopen
from services.acts.withdrawing import FORCED, Withdraw
from services.saying import arrival, cards, wording
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case

REASONS = ("unfinished", "off_point", "slow", "manner")
DONE, UNSAID = "done", "unsaid"
WHY = (DONE, "mistake", FORCED, UNSAID)
"""Why somebody withdraws; nobody must say."""
LONGEST_REASON = 1000
"""Letters of why somebody withdraws, in their own words."""
LOW = 2
"""Marks up to this ask what was not right, and whether to reopen."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why somebody is not satisfied, in words, and whether the case is to be reopened."""

    code: str
    reason: str
    reopen: bool


def _why(conversation: str, seed: Seed, session: Session) -> Flow[str]:
    why = yield Ask("why", words_at_least(2), (*REASONS, "other"), facts={"code": seed["code"]})
    if why == "other":
        why = yield Ask("words", words_at_least(2))
    reasons = {reason: session.say(f"{conversation}.why.options.{reason}") for reason in REASONS}
    reason: str = words_of(why, reasons)
    return reason.rstrip(" .")


def rate(seed: Seed, session: Session) -> Flow[Complaint]:
    """After a low mark: what was not right, and whether to reopen."""
    reason = yield from _why("rate", seed, session)
    facts, options = {"code": seed["code"]}, ("reopen", "note")
    for turn in count(1):
        then = yield Ask("then", words_at_least(2), options, {}, facts, turn, "reopen")
        reopened = is_free(then) and wishes.read(words_of(then, {})) == "reopen"
        if reopened or not is_free(then):
            return Complaint(seed["code"], reason, reopened or then == "reopen")
        reason = f"{reason}. {words_of(then, {})}"
    raise AssertionError("count never ends")


def reopen(seed: Seed, session: Session) -> Flow[Complaint]:
    """Reopen an answered case: only the reason is asked."""
    return Complaint(seed["code"], (yield from _why("reopen", seed, session)), reopen=True)


async def complained(turn: Turn, complaint: Complaint) -> Message:
    """Reopen the case, or keep the remark and close it."""
    case = await case_of(turn, complaint.code)
    by = Actor.of(turn.chat)
    facts, files = {"code": case.code}, list(turn.talk.files)
    if not complaint.reopen:
        await act(turn.work, case, Close(complaint.reason, files), by)
        return Message(turn.say("rate.done.noted", **facts))
    await act(turn.work, case, Reopen(complaint.reason, files), by)
    due = wording.due(turn.work, case, turn.chat.language)
    done = wording.key(turn.work, case, "rate.done.reopened")
    return Message(turn.say(done, due=due, **facts))


async def rated(turn: Turn, case: Case, version: int | None, mark: int) -> Message | None:
    """Record a mark. A good one closes the case; after a low one (None) the reason is asked."""
    by = Actor.of(turn.chat)
    await act(turn.work, case, Rate(mark), by, version=version)
    if mark <= LOW:
        return None
    await act(turn.work, case, Act.CLOSE, by)
    return Message(turn.say("rate.done.good"))


def withdraw(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Make sure that the citizen means it, and ask why; some kinds are withdrawn in writing (`formal`).

    Words at either question say why. Told before it is certain, they are kept at once, and the question is
    put again: whoever is made to withdraw may have no more time.
    """
    result = {"code": seed["code"], "formal": seed["formal"]}
    note = "" if session.rules.rights.confirmed else session.say("withdraw.unconfirmed")
    facts = {"code": seed["code"], "note": note}
    step, told = "formal" if seed["formal"] else "sure", seed.get("why", "")
    sure = yield Ask(step, words_at_least(2, LONGEST_REASON), ("yes", "no"), facts=facts)
    if is_free(sure):
        return result | {"sure": None, **_reason(words_of(sure, {}))}
    if sure == "no":
        return result | {"sure": False}
    if told:
        return result | {"sure": True, "why": told}
    why = yield Ask("why", words_at_least(2, LONGEST_REASON), WHY)
    if not is_free(why):
        return result | {"sure": True, "why": why}
    words = words_of(why, {})
    return result | {"sure": wishes.answer(words) != "leave", **_reason(words)}


def _reason(words: str) -> dict[str, str]:
    """Return why somebody withdraws, in their own words: that they are made to is told apart."""
    return {"why": FORCED if wishes.forced(words) else UNSAID, "reason": words}


async def withdrawn(turn: Turn, result: dict[str, Any]) -> Reply:
    """Withdraw the case, or leave it as it is. Whatever the reason, the citizen is told the same."""
    case = await case_of(turn, result["code"])
    if result["sure"] is False:
        return Message(turn.say("withdraw.done.kept", code=case.code))
    by = Actor.of(turn.chat)
    why = Withdraw.from_json(result)
    if result["sure"] is None:
        return await _why_first(turn, case, result["formal"], why)
    if result["formal"]:
        await act(turn.work, case, Supplement(why=why.why, reason=why.reason), by)
        return Message(turn.say("withdraw.done.formal", code=case.code))
    await act(turn.work, case, why, by)
    return Message(turn.say("withdraw.done.text", code=case.code))


async def _why_first(
    turn: Turn,
    case: Case,
    formal: bool,  # noqa: FBT001 - as it is asked
    why: Withdraw,
    told: str = "withdraw.noted",
) -> Next:
    """Keep at once why a case is to be withdrawn, for those above alone, and ask whether it is."""
    said = Supplement(why=why.why, reason=why.reason, quiet=True)
    await act(turn.work, case, said, Actor.of(turn.chat))
    seed = {"code": case.code, "formal": formal, "why": why.why}
    return Next(WITHDRAW, seed, before=turn.say(told))


async def withdrawn_because(turn: Turn, case: Case, words: str, *, done: bool = False) -> Reply:
    """Begin to withdraw a case where one message says both that and why; `done`: it is put right."""
    authorise(turn.work, case, Act.WITHDRAW, Actor.of(turn.chat), None)
    turn.about = case
    formal = case.kind in turn.work.rules.rights.withdrawn_in_writing
    if done:
        return await _why_first(turn, case, formal, Withdraw(DONE, words), "withdraw.over")
    return await _why_first(turn, case, formal, Withdraw.from_json(_reason(words)))


def withdraw_which(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask which of several cases is to be withdrawn; why is said already. Further words say it too."""
    labels: dict[str, str] = seed["cases"]
    said = [seed["text"]]
    for turn in count(1):
        code = yield Ask("which", words_at_least(2, LONGEST_REASON), tuple(labels), labels, turn=turn)
        if not is_free(code):
            return {"code": code, "text": "\n".join(said)}
        said.append(words_of(code, {}))
    raise AssertionError("count never ends")


async def withdrawn_one(turn: Turn, result: dict[str, Any]) -> Reply:
    """Begin to withdraw the one that was chosen."""
    return await withdrawn_because(turn, await case_of(turn, result["code"]), result["text"])


def which(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask which case a message is for, when several officers wait for an answer. Further words go with it."""
    labels: dict[str, str] = seed["cases"]
    said = [seed["text"]]
    for turn in count(1):
        code = yield Ask("which", words_at_least(2, 2000), tuple(labels), labels, turn=turn)
        if not is_free(code):
            return {"code": code, "text": "\n".join(filter(None, said)), "files": seed["files"]}
        said.append(words_of(code, {}))
    raise AssertionError("count never ends")


def say_reply(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask for the answer to an officer's question, which came in the middle of something else."""
    return {
        **seed,
        "text": (yield Ask("text", words_at_least(1, 2000), facts={"question": seed["question"]})),
    }


def supplement(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask for what is to be added: words, or files with or without words."""

    def accept(said: Said) -> str:
        text: str = words_at_least(0 if session.files else 1, 2000)(said)
        if number(text) is not None and not seed.get("asked"):  # the receipt's button, pressed twice
            raise NotUnderstood("added.a_number")
        return text

    text = yield Ask("what", accept, facts={"code": seed["code"]}, by_files=True)
    return {"code": seed["code"], "text": text}


async def supplemented(turn: Turn, result: dict[str, Any]) -> Message:
    """Add it to the case; where an officer waits for an answer, it is one."""
    return await reply(turn, await case_of(turn, result["code"]), result["text"], list(turn.talk.files))


async def replied(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the answer to the officer."""
    return await reply(turn, await case_of(turn, result["code"]), result["text"], ())


async def chosen(turn: Turn, result: dict[str, Any]) -> Message:
    """Hand the message to the case that was chosen."""
    return await reply(turn, await case_of(turn, result["code"]), result["text"], result["files"])


async def reply(turn: Turn, case: Case, text: str, files: Sequence[str]) -> Message:
    """Answer an officer's question; when it is no longer asked, the words are added to the case."""
    if not stored.is_asked(turn.work, case):
        return await add(turn, case, text, files)
    turn.about, turn.talk.last_case = case, case.code
    await act(turn.work, case, asking.Reply(text, list(files)), Actor.of(turn.chat))
    due = wording.due(turn.work, case, turn.chat.language)
    facts = {"code": case.code, "due": due}
    return Message(arrival.passed_on(turn.work, case, turn.chat.language, "added.reply", **facts))


_ASKING = frozenset({Act.ASK, Act.LAPSE, Act.REPLY, Act.SUPPLEMENT})


async def lapsed(turn: Turn, case: Case) -> bool:
    """Say whether the last question of an officer went unanswered, so that words now are its late answer."""
    if case.state not in OPEN_STATES:
        return False
    said = [line.act for line in await stored.history(turn.work, case) if line.act in _ASKING]
    return said[-1:] == [Act.LAPSE]


async def add(turn: Turn, case: Case, text: str, files: Sequence[str]) -> Message:
    """Add words and files to an open case."""
    turn.about = case
    await act(turn.work, case, Supplement(text, list(files)), Actor.of(turn.chat))
    if files:
        return Message(turn.say("added.files", count=len(files), code=case.code))
    return Message(arrival.passed_on(turn.work, case, turn.chat.language, "added.text", code=case.code))


RATE = Conversation("rate", rate, complained, files=True)
REOPEN = Conversation("reopen", reopen, complained, files=True)
SUPPLEMENT = Conversation("supplement", supplement, supplemented, files=True)
WITHDRAW = Conversation("withdraw", withdraw, withdrawn)
WITHDRAW_WHICH = Conversation("withdraw_which", withdraw_which, withdrawn_one)
WHICH = Conversation("added", which, chosen)
REPLY = Conversation("reply", say_reply, replied)


async def _rate(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    if argument not in {"1", "2", "3", "4", "5"}:
        authorise(turn.work, case, Act.RATE, Actor.of(turn.chat), version)
        choices = cards.citizen_choices(turn.work, case, turn.chat.language)
        return Message(turn.say("told.rate_again", code=case.code), choices)
    thanks = await rated(turn, case, version, int(argument))
    return thanks or Next(RATE, {"code": case.code})


async def _reopen(turn: Turn, case: Case, version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.REOPEN, Actor.of(turn.chat), version)
    return Next(REOPEN, {"code": case.code})


async def _withdraw(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.WITHDRAW, Actor.of(turn.chat), None)
    formal = case.kind in turn.work.rules.rights.withdrawn_in_writing
    return Next(WITHDRAW, {"code": case.code, "formal": formal})


async def _add(turn: Turn, case: Case, _version: int | None, argument: str) -> Reply:
    authorise(turn.work, case, Act.SUPPLEMENT, Actor.of(turn.chat), None)
    if argument:
        return await reply(turn, case, argument, ())
    return Next(SUPPLEMENT, {"code": case.code, "asked": stored.is_asked(turn.work, case)})


CONVERSATIONS = (RATE, REOPEN, SUPPLEMENT, WITHDRAW, WITHDRAW_WHICH, WHICH, REPLY)
VERBS: dict[str, Verb] = {"add": _add, "rate": _rate, "reopen": _reopen, "withdraw": _withdraw}
