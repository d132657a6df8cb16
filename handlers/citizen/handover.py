"""A person takes over: what was said becomes a case, so that somebody answers it and the clock is watched."""

from dataclasses import replace

from domain.cases import OPEN_STATES
from domain.deadlines import due
from domain.messages import Message
from domain.promises import Promise
from handlers.citizen import cases
from handlers.engine.conversation import Turn
from services.intake import drafts, new_cases
from services.intake.new_cases import Draft
from services.saying import arrival, wording
from services.standing import exclusion
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms, to_ms

TOPIC = "khac"
"""The topic whose unit receives people who do not find their way."""


async def take_over(turn: Turn, text: str, before: str = "") -> Message:
    """Hand what a citizen said to an officer and say when to expect them. Asked for twice, it is one case.

    What a half-told report says so far goes with it.
    """
    text = "\n".join(filter(None, (drafts.all_words(vars(turn.talk)), text)))
    turn.talk.leave()
    case = await _running(turn)
    if case is None:
        case = await _open(turn, text, Promise.WRITE)
    elif text:
        await cases.add(turn, case, text, ())
    when = promised(turn, case, Promise.WRITE)
    key, facts = ("human.text", {"when": when}) if when else ("human.joined", {})
    said = arrival.passed_on(turn.work, case, turn.chat.language, key, code=case.code, **facts)
    return Message("\n".join(line for line in (before, said, _phone(turn, case)) if line))


async def to_be_called(turn: Turn, phone: str, text: str = "") -> Message:
    """Let a citizen's wish to be called be a case of its own; the number they left goes with it."""
    case = await _open(turn, text, Promise.CALL, "human.call")
    when = promised(turn, case, Promise.CALL)
    return Message(turn.say("contact.done.call_case", code=case.code, phone=phone, when=when))


RIGHTS = {
    "see": "dlcn.xem_sua_cung_cap",
    "delete": "dlcn.xoa",
    "object": "dlcn.rut_han_che_phan_doi",
}
"""What may be asked for of one's data, and the row of the law that says how long it may take."""


async def about_data(turn: Turn, right: str) -> Message:
    """Let a request about one's data be a case of its own, under the term the law gives that right."""
    rules = turn.work.rules
    heard = due(rules.terms[_ACKNOWLEDGED], turn.work.now, rules.calendar).at
    draft = replace(_draft(turn, "", f"privacy.right.{right}"), term=RIGHTS[right])
    case = await _keep(turn, replace(draft, promises={Promise.ACKNOWLEDGE: to_ms(heard)}))
    when = promised(turn, case, Promise.ACKNOWLEDGE)
    done = wording.due(turn.work, case, turn.chat.language)
    said = turn.say("privacy.asked", code=case.code, when=when, due=done)
    return Message("\n".join(filter(None, (said, _phone(turn, case)))))


_ACKNOWLEDGED = "dlcn.phan_hoi"
"""The term within which somebody must hear that their request about their data came in."""


async def _running(turn: Turn) -> Case | None:
    case = await stored.by_code(turn.work, turn.talk.human) if turn.talk.human else None
    return case if case is not None and case.state in OPEN_STATES else None


def soon(turn: Turn) -> int:
    """Return by when (ms) somebody who asks now is called or written back."""
    return to_ms(turn.work.rules.promising.soon(turn.work.now, turn.work.rules.calendar))


def promised(turn: Turn, case: Case, what: Promise) -> str:
    """Write by when that was promised; nothing where it is not owed any more."""
    at = case.promises.get(what)
    return wording.by(turn.work.rules, from_ms(at), turn.chat.language) if at else ""


async def _open(turn: Turn, text: str, promise: Promise, wish: str = "human.story") -> Case:
    return await _keep(turn, replace(_draft(turn, text, wish), promises={promise: soon(turn)}))


def _draft(turn: Turn, text: str, wish: str) -> Draft:
    lead, heard = turn.say(wish), turn.work.rules.understanding.read(text)
    heard = heard if text else replace(heard, summary=lead)
    return Draft(heard, turn.session.commune, TOPIC, lead=lead)


async def _keep(turn: Turn, draft: Draft) -> Case:
    case = await new_cases.open_case(turn.work, turn.chat, draft)
    turn.talk.human = turn.talk.last_case = case.code
    return case


def _phone(turn: Turn, case: Case) -> str:
    unit = exclusion.hotline(turn.work, case)
    return turn.say("human.phone", unit=unit.name, phone=unit.phone) if unit else ""
