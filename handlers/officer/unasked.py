"""An official who has cases in hand writes out of the blue: most often it is the answer to one of them."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from domain.cases import Act, NotAllowed, State
from domain.messages import Message
from domain.understand import Understood, orders
from handlers.citizen.belonging import elsewhere, tells_another
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Ask, Flow, is_free, words_at_least, words_of
from handlers.officer import notes, rescue, spoken
from handlers.officer.answer import begin_answer
from handlers.officer.cases import accept as take
from handlers.officer.counter import ask_whose
from services.saying import cards, wording
from services.standing import guards, parties, reach
from storage.cases import cases as stored
from storage.cases.cases import Case

_MOST = 7
"""Cases that are offered, the nearest due first; another matter has a digit too."""
_LONGEST = 2000
_OTHER = "other"
_ANSWER, _INWARD = ("answer", "note", _OTHER), ("note", _OTHER, "answer")
"""What words may be; those for colleagues are no answer by the first digit."""


async def ask(turn: Turn, heard: Understood, files: Sequence[str]) -> Reply | None:
    """Ask which case in hand the words are about; None where there is none, or they are another matter."""
    heard = _without_lead(turn, heard)
    done = bool(turn.work.rules.answering.said(heard.text))  # “dạ” greets, and is how “đã” is typed
    over = turn.work.rules.understanding.is_over(heard.text)
    said = any(map(str.isalpha, heard.text)) and (done or over or not heard.small_talk)
    held = _named(turn, heard.text, await in_hand(turn)) if said or files else []
    alarms = [case for case in held if over and case.urgency == parties.URGENT]
    if not held and over and not files:
        return await rescue.over(turn)
    if not held or (not alarms and _plainly_another(turn, heard, held)):
        return None
    held = alarms + [case for case in held if case not in alarms]  # “dập rồi” is said of what burned
    turn.talk.files += files
    labels = {case.code: f"{case.code} · {wording.shortened(case.summary, 60)}" for case in held[:_MOST]}
    inward = orders.inward(heard.text)
    return Next(UNASKED, {"heard": heard.to_json(), "cases": labels, "inward": inward})


def _named(turn: Turn, text: str, held: Sequence[Case]) -> list[Case]:
    """Return the case whose code stands in the words: they are never the answer to another one."""
    code = orders.code_in(text, turn.session.prefixes)
    return [case for case in held if code in {"", case.code}]


def _without_lead(turn: Turn, heard: Understood) -> Understood:
    """Return what is meant for the citizen without the words that say so: “trả lời bà con: …”."""
    text = spoken.answer(heard.text)
    return heard if text == heard.text else turn.work.rules.understanding.read(text)


async def in_hand(turn: Turn) -> list[Case]:
    """Return the cases this official has taken and not answered yet, wherever they come from."""
    me = turn.chat.person_id
    found = await stored.of_units(turn.work, reach.units_of(turn.work, me), held_by=me)
    states, answerable = {State.ACCEPTED, State.ASKED}, {"", Act.EXTEND}
    held = (case for case in found if case.state in states and guards.requested(case) in answerable)
    return [case for case in held if parties.has_it(turn.work, case, me)]


def _plainly_another(turn: Turn, heard: Understood, held: Sequence[Case]) -> bool:
    """Say whether the words tell of a matter that is none of these, and of nothing that was done."""
    if turn.work.rules.answering.said(heard.text) or not heard.story:
        return False
    return all(tells_another(heard, case) or elsewhere(turn, heard, case) for case in held)


def unasked(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask which of several cases it is, then whether it is the answer; words go with what was said."""
    labels: dict[str, str] = seed["cases"]
    said, code = [seed["heard"]["text"]], next(iter(labels))
    if len(labels) > 1:
        code = yield from _choice("which", (*labels, _OTHER), labels, {}, said)
    what = _OTHER if code == _OTHER else ""
    if not what:
        inward = seed.get("inward") or orders.inward(said[-1])
        what = yield from _choice("what", _INWARD if inward else _ANSWER, {}, {"code": code}, said)
    return {"heard": seed["heard"], "code": code, "what": what, "text": "\n".join(filter(None, said))}


def _choice(
    step: str, options: tuple[str, ...], labels: dict[str, str], facts: dict[str, str], said: list[str]
) -> Flow[str]:
    for turn in count(1):
        shown = facts | {"text": wording.shortened("\n".join(filter(None, said)))}
        accept = words_at_least(2, _LONGEST)
        choice = yield Ask(step, accept, options, labels, shown, turn, primary=options[0])
        if not is_free(choice):
            return str(choice)
        said.append(words_of(choice, {}))
    raise AssertionError("count never ends")


async def said(turn: Turn, result: dict[str, Any]) -> Reply:
    """Answer, keep a note, or go on with what is another matter."""
    if result["what"] == _OTHER:
        heard = turn.work.rules.understanding.read(result["text"])
        return ask_whose(turn, heard) if heard.story else Message(turn.say("common.left"))
    case = await case_of(turn, result["code"])
    if result["what"] == "note":
        return await notes.VERBS["note"](turn, case, None, result["text"])
    if case.officer_id is None:  # who answers what nobody has takes it
        await take(turn, case, None, "")
    return await begin_answer(turn, case, None, result["text"])


async def _tell(turn: Turn, case: Case, _version: int | None, argument: str) -> Reply:
    """Ask whether words are the answer to a case, of who has it or may take it: nothing goes unseen."""
    may = parties.has_it(turn.work, case, turn.chat.person_id)
    if not may and "accept" not in cards.offered(turn.work, case, turn.chat, ("accept",)):
        raise NotAllowed("answer")
    labels = {case.code: f"{case.code} · {wording.shortened(case.summary, 60)}"}
    heard = turn.work.rules.understanding.read(argument)
    return Next(UNASKED, {"heard": heard.to_json(), "cases": labels, "inward": False})


UNASKED = Conversation("unasked", unasked, said, files=True)
CONVERSATIONS = (UNASKED,)
VERBS: dict[str, Verb] = {"tell": _tell}
