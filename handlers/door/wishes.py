"""What somebody wants of the desk itself, said in their own words instead of by a button or a keyword."""

from domain.cases import OPEN_STATES, Act, NotAllowed, NotNow, State
from domain.messages import Choice, Message, Text
from domain.understand import Understood, orders, wishes
from domain.understand.wishes import Unnamed
from handlers.citizen import belonging, cases, contact, emergency, own_commune, privacy, sealed
from handlers.citizen.cases import Complaint
from handlers.citizen.questions import SHORTEST, with_more
from handlers.citizen.report import REPORT
from handlers.door import menu
from handlers.engine import confidence
from handlers.engine.conversation import Next, Reply, Turn
from handlers.engine.runner import hear, leave, pick, picks, say, send_now
from handlers.supervisor.cases import readers
from services.acts.act import authorise
from services.intake import drafts
from services.saying import cards, wording
from services.standing import homes
from services.standing.parties import Actor, is_official
from storage.cases import cases as stored
from storage.cases.cases import Case

# --- to stay unnamed -----------------------------------------------------------------------------


async def unnamed(turn: Turn, text: str) -> Reply | None:
    """Go the sealed way where somebody asks for it in words; None where nobody does, or does already.

    What is told besides is kept. After something was sent openly, they hear what can still be done.
    """
    wish = None if is_official(turn.work, turn.chat) else wishes.unnamed(text)
    if wish is None:
        return None
    if turn.talk.flow:
        return await _in_draft(turn, wish)
    turn.talk.opening = ""  # it may say who writes
    told = _story(turn, wish)
    if told is not None:
        return Next(REPORT, {"heard": told.to_json(), "sealed": True}, before=sealed.warning(turn))
    sent = await _sent_openly(turn)
    if sent is not None:
        return _known_already(turn, sent)
    return Next(REPORT, {"sealed": True}, before=sealed.warning(turn))


def _story(turn: Turn, wish: Unnamed) -> Understood | None:
    heard = turn.work.rules.understanding.read(wish.rest)
    return heard if heard.story and len(wish.rest) >= SHORTEST else None


def _place(turn: Turn, wish: Unnamed) -> Understood | None:
    """Return what is told besides where it answers the question that is open: a place."""
    heard = turn.work.rules.understanding.read(wish.rest)
    return heard if heard.place is not None and turn.talk.flow == REPORT.name else None


async def _in_draft(turn: Turn, wish: Unnamed) -> Reply | None:
    """Let the open draft go on as a sealed one, as the button does."""
    seed, told = turn.talk.seed, _story(turn, wish) or _place(turn, wish)
    if turn.talk.flow == REPORT.name and not (seed.get("sealed") and told):
        turn.talk.seed = {**seed, "sealed": True}
        before = "" if seed.get("sealed") else sealed.warning(turn)
        return await hear(turn, Text(wish.rest) if told else None, before=before)
    if turn.talk.flow == REPORT.name or "heard" not in seed:
        return None
    heard = Understood.from_json(seed["heard"])
    heard = with_more(heard, wish.rest) if told else heard
    return Next(REPORT, {"heard": heard.to_json(), "sealed": True}, before=sealed.warning(turn))


async def _sent_openly(turn: Turn) -> Case | None:
    """Return the open case this chat sent in its own name a short while ago."""
    since = turn.work.now - turn.work.rules.listening.files
    mine = await stored.of_chat(turn.work, turn.chat.own)
    return next((case for case in mine if case.state in OPEN_STATES and case.opened_at >= since), None)


def _known_already(turn: Turn, case: Case) -> Message:
    """Say who can read what was sent, and what can be done about it and about later words."""
    turn.about = case
    unit = homes.called(turn.work, case.unit_id, turn.chat)
    text = turn.say("wishes.known_already", code=case.code, unit=unit)
    text += turn.say("wishes.number_too") if case.contact else ""
    choices = (
        Choice(turn.say("wishes.options.sealed"), "menu:sealed"),
        Choice(turn.say("receipt.options.withdraw"), f"withdraw:{case.code}:{case.version}"),
    )
    return Message(text, choices)


# --- about a case of one's own -------------------------------------------------------------------


async def about_cases(turn: Turn, text: str) -> Reply | None:
    """Do what a message says and nothing else: withdraw, rate, reopen, say who has read it.

    None where it is about no case.

    Who tells of the answer they were given that it is not true wants their case reopened, for that reason.
    """
    if is_official(turn.work, turn.chat):
        return None
    wish = wishes.read(text)
    if wish == "no_call":
        return await _no_call(turn)
    if turn.talk.flow in _ADDING:  # what is more than a wish is what they add
        return await _WISHES[wish](turn) if wish in _WISHES else None
    if turn.talk.flow:
        return await _in_report(turn, wish, text) if turn.talk.flow == REPORT.name else None
    ends = wish == "over" or (not wish and wishes.lets_be(text))
    if ends and (let_be := await _withdrawn_because(turn, text, done=wish == "over")) is not None:
        return let_be
    return await _of_a_case(turn, wish, text)


async def _in_report(turn: Turn, wish: str, text: str) -> Reply | None:
    """Drop the open report, or ask whether it is to be dropped; rights are had at any moment."""
    if wish in _RIGHTS:
        return await _WISHES[wish](turn)
    if wishes.lets_be(text):
        return drafts.let_go(turn.chat)
    return await leave(turn) if wish == "withdraw" else None


async def _of_a_case(turn: Turn, wish: str, text: str) -> Reply | None:
    if wish in _WISHES:
        return await _WISHES[wish](turn)
    if wish == "reopen" or wishes.disputes(text):
        return await _reopen(turn, "" if wish else text)
    return await _rate(turn, text) if wish == "rate" or wishes.mark(text) else None


async def taken_back(turn: Turn) -> Reply | None:
    """Ask whether what was sent a short while ago is to be withdrawn; None where nothing was."""
    sent = None if is_official(turn.work, turn.chat) else await _sent_openly(turn)
    return None if sent is None else await _withdraw(turn)


async def let_go(turn: Turn) -> Message | None:
    """Ask whether the draft is to be dropped, an alarm is over, or what was just sent is to be withdrawn.

    None where it answers an officer or may be said of an older case; where nothing is, it is no story.
    """
    if turn.talk.flow:
        return drafts.let_go(turn.chat)
    if (alarm := await emergency.asked_to_end(turn)) is not None or stored.asked_of(turn.work, turn.chat.own):
        return alarm
    if (sent := await taken_back(turn)) is not None:
        return await say(turn, sent)
    return None if await _any_open(turn) else menu.nothing_to_cancel(turn)


async def _any_open(turn: Turn) -> bool:
    return any(case.state in OPEN_STATES for case in await stored.of_chat(turn.work, turn.chat.own))


async def _withdraw(turn: Turn) -> Reply:
    mine = [case for case in await stored.of_chat(turn.work, turn.chat.own) if case.state in OPEN_STATES]
    if not mine:
        return Message(turn.say("wishes.nothing_to_withdraw"))
    if len(mine) == 1:
        turn.about = mine[0]
        return await cases.VERBS["withdraw"](turn, mine[0], None, "")
    choices = (Choice(f"{one.code} · {one.summary}", f"withdraw:{one.code}:{one.version}") for one in mine)
    return Message(turn.say("wishes.withdraw_which"), tuple(choices))


_TO_OFFICIALS = frozenset(
    one.name for one in (contact.CONTACT, cases.SUPPLEMENT, cases.REPLY, cases.WHICH, cases.RATE)
)
"""What may be open while somebody withdraws: all that is said there, the officer reads."""


async def _made_to(turn: Turn, text: str) -> Reply | None:
    """Begin to withdraw for who says that they are made to; None for others, and where nothing is sent.

    Whoever has the case reads none of it. Where it is asked already, it is an answer.
    """
    if is_official(turn.work, turn.chat) or wishes.read(text) or not wishes.coerced(text):
        return None
    if turn.talk.flow == REPORT.name:
        return await leave(turn)
    if turn.talk.flow and turn.talk.flow not in _TO_OFFICIALS:
        return None
    return await _withdrawn_because(turn, text)


async def _withdrawn_because(turn: Turn, text: str, *, done: bool = False) -> Reply | None:
    """Begin to withdraw what is open, for this reason: no word of it is lost. None where nothing is."""
    mine = [case for case in await stored.of_chat(turn.work, turn.chat.own) if case.state in OPEN_STATES]
    if not mine or stored.asked_of(turn.work, turn.chat.own):
        return None
    if len(mine) == 1:
        return await cases.withdrawn_because(turn, mine[0], text, done=done)
    labels = {one.code: f"{one.code} · {one.summary}" for one in mine}
    return Next(cases.WITHDRAW_WHICH, {"cases": labels, "text": text})


async def _no_call(turn: Turn) -> Reply | None:
    """Forget the number of who wants no call; None where somebody must read the words."""
    if turn.talk.flow == contact.CONTACT.name:
        return await pick(turn, "none")
    if turn.talk.flow == REPORT.name:
        return await hear(turn, None, before=turn.say("contact.done.none"))
    if turn.talk.flow or stored.asked_of(turn.work, turn.chat.own) or await emergency.running(turn):
        return None
    return await contact.not_called(turn)


async def _readers(turn: Turn) -> Reply | None:
    """Say who has read the case spoken of last: whoever asks is perhaps afraid of somebody."""
    mine = await stored.of_chat(turn.work, turn.chat.own)
    of_it = [case for case in mine if case.code == turn.talk.last_case] or mine[:1]
    if not of_it:
        return None
    turn.about = of_it[0]
    return await readers(turn, of_it[0], None, "")


async def holder(turn: Turn, text: str) -> Message | None:
    """Say who has the case that is named, or the one spoken of last; None where that is not asked."""
    code, said = orders.without_code(text, turn.session.prefixes)
    if wishes.read(said) != "holder" or turn.talk.flow == REPORT.name or is_official(turn.work, turn.chat):
        return None
    mine = await stored.of_chat(turn.work, turn.chat.own)
    likely = [case for case in mine if case.state in OPEN_STATES] or mine[:1]
    wanted = code or turn.talk.last_case
    found = [case for case in mine if case.code == wanted] or ([] if code else likely)
    if not found:
        return None
    turn.about = case = found[0]
    told = await wording.held(turn.work, case, turn.chat.language)
    return Message(told, cards.citizen_choices(turn.work, case, turn.chat.language))


async def _reopen(turn: Turn, reason: str) -> Reply | None:
    """Ask why, unless that is said already."""
    case = await _answered(turn, Act.REOPEN)
    if case is None or (reason and not belonging.may_dispute(turn, reason, case)):
        return None
    if reason:
        turn.about = case
        return await cases.complained(turn, Complaint(case.code, reason, reopen=True))
    return await cases.VERBS["reopen"](turn, case, None, "")


async def _disagree(turn: Turn) -> Reply | None:
    return None if stored.asked_of(turn.work, turn.chat.own) else await _reopen(turn, "")


async def _my_data(turn: Turn) -> Reply:
    return await privacy.OPTIONS["my_data"](turn, "")


async def _data_request(turn: Turn) -> Reply:
    return await privacy.OPTIONS["data_request"](turn, "")


_WISHES = {
    "withdraw": _withdraw,
    "disagree": _disagree,
    "readers": _readers,
    "my_data": _my_data,
    "data_request": _data_request,
}

_RIGHTS = frozenset({"my_data", "data_request"})
"""What is wanted of what is kept: no part of a story."""


async def _rate(turn: Turn, text: str) -> Reply | None:
    case = await _answered(turn, Act.RATE)
    if case is None:
        return None
    given = wishes.mark(text)
    if given:
        return await cases.VERBS["rate"](turn, case, None, str(given))
    return Message(
        turn.say("told.rate_again", code=case.code),
        cards.citizen_choices(turn.work, case, turn.chat.language),
    )


async def _answered(turn: Turn, what: Act) -> Case | None:
    """Return the case of this chat that was answered last, if this can be done with it now."""
    mine = await stored.of_chat(turn.work, turn.chat.own)
    over = [case for case in mine if case.state in {State.ANSWERED, State.CLOSED} and case.answered_at]
    for case in sorted(over, key=lambda one: one.answered_at or one.opened_at, reverse=True):
        try:
            authorise(turn.work, case, what, Actor.of(turn.chat), None)
        except (NotAllowed, NotNow):
            continue
        return case
    return None


_ADDING = frozenset({cases.SUPPLEMENT.name, belonging.BELONGS.name})
"""Where words for a case are asked for, or of which case they are."""
_MENU = {"human": "human", "call": "call", "trial": "hello", "status": "follow", "rate": "follow"}
"""What is begun without a case at hand."""


async def _option(turn: Turn, text: str) -> str:
    """Return the option of the menu that a message asks for in words; empty for none."""
    _, said = orders.without_code(text, turn.session.prefixes)
    wish = "" if is_official(turn.work, turn.chat) else wishes.read(said)
    if wish in {"human", "call"} or (wish == "trial" and not turn.talk.flow):
        return _MENU[wish]
    if turn.talk.flow not in {"", REPORT.name, *_ADDING} or wish not in _MENU:
        return ""
    has_any = await stored.of_chat(turn.work, turn.chat.own)
    return _MENU[wish] if has_any else ""


async def _of_unsent(turn: Turn, text: str) -> Message | None:
    """Answer who asks how far it is, or wants sent, what is not sent yet: it is no part of what they tell."""
    wish = wishes.read(text) if turn.talk.flow == REPORT.name else ""
    if wish == "send" and not wishes.unsent(text):
        return await send_now(turn) or await hear(turn, None, before=turn.say("draft.missing"))
    asks = wish == "status" and not await stored.of_chat(turn.work, turn.chat.own)
    return await hear(turn, None, before=turn.say("wishes.not_sent")) if asks else None


async def _of_the_desk(turn: Turn, text: str) -> Message | None:
    """Say when the office is open and at which number it is reached, or what answers here, at any moment."""
    wish = "" if is_official(turn.work, turn.chat) else wishes.read(text)
    if wish == "machine":
        told = turn.say("wishes.machine", commune=turn.session.commune)
        return await hear(turn, None, before=told) if turn.talk.flow else Message(told)
    if wish != "office":
        return None
    rules, now = turn.work.rules, turn.work.now
    opens, unit = rules.calendar.opens(now), rules.directory.hotline(turn.work.today)
    hours = ", ".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in rules.calendar.sessions)
    told = turn.say("wishes.office", commune=turn.session.commune, hours=hours)
    when = wording.by(rules, opens, turn.chat.language)
    told += turn.say("wishes.open") if opens <= now else turn.say("wishes.opens", when=when)
    told += turn.say("wishes.office_phone", unit=unit.name, phone=unit.phone) if unit else ""
    return await hear(turn, None, before=told) if turn.talk.flow else Message(told)


async def take(turn: Turn, said: Text) -> Message | None:
    """Do what a citizen wants of the desk itself, said in words; None where that is not what they say."""
    if turn.talk.flow and picks(turn, said):
        return None
    if (hidden := await unnamed(turn, said.text)) is not None:
        return await say(turn, hidden)
    for answers in (_of_the_desk, own_commune.moved, _of_unsent):
        if (told := await answers(turn, said.text)) is not None:
            return told
    held = await holder(turn, said.text)
    made_to = held if held is not None else await _made_to(turn, said.text)
    about = made_to if made_to is not None else await about_cases(turn, said.text)
    if about is not None:
        return await say(turn, about)
    option = await _option(turn, said.text)
    if not option:
        return None
    confidence.leave(turn)
    turn.talk.misses = 0
    return await menu.choose(turn, option)
