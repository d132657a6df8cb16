"""A number to call back: asked for once, left when somebody wants to be called, and forgotten on request."""

from typing import Any

from domain import numbers
from domain.cases import OPEN_STATES, Act
from domain.messages import Choice, Message
from domain.promises import Promise
from domain.understand import aftermath, wishes
from handlers.citizen import commune_first, handover, questions
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
from handlers.engine.flow import Ask, Flow, words_of
from services.acts.act import act, authorise
from services.acts.adding import Supplement
from services.acts.contacts import NEVER, Contact
from services.intake import chats, consents
from services.saying import wording
from services.standing import besides
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people


def contact(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask for the number; nobody must leave one. The seed: the case if any, and whether to call now."""
    accept = questions.number_or_words(session, "contact.wrong")
    said = words_of((yield Ask("number", accept, ("none",), wants="contact")), {"none": ""})
    number, told = questions.number_and_rest(session, said) if said else ("", "")
    return {**seed, "number": "" if number == questions.NO_NUMBER else number, "told": told}


async def left(turn: Turn, result: dict[str, Any]) -> Reply:
    """Keep the number, and where that was the wish let an officer call. What was told instead is not lost."""
    turn.talk.number_asked = True
    case = await case_of(turn, result["code"]) if result.get("code") else None
    if result["told"] and case is not None:
        await act(turn.work, case, Supplement(result["told"]), Actor.of(turn.chat))
    if aftermath.uncalled(result["told"]):
        return await _uncalled(turn, result["told"], case)
    if result["number"]:
        await keep(turn, result["number"], "contact.number.text", case)
    if result["told"] and case is None:
        number = wording.number(result["number"]) if result.get("call") and result["number"] else ""
        called = handover.to_be_called(turn, number, result["told"]) if number else None
        return await (called or handover.take_over(turn, result["told"]))
    if result["told"] and not result["number"]:
        return Next(CONTACT, result, before=turn.say("contact.kept").strip())
    if not result["number"]:
        return Message(turn.say("contact.done.none"))
    if result.get("call"):
        return await _call(turn, case)
    return Message(turn.say("contact.done.kept", phone=wording.number(result["number"])))


async def _uncalled(turn: Turn, told: str, case: Case | None) -> Message:
    """Let nobody call the number that was told: whoever has the case, or takes it over, reads it first."""
    reply = await handover.take_over(turn, told) if case is None else None
    await refused(turn, told, case)
    if case is not None and case.contact != NEVER:
        await act(turn.work, case, Contact("", never=True), Actor.of(turn.chat))
    return reply or Message(turn.say("contact.done.uncalled").strip())


def another_number(seed: Seed, _session: Session) -> Flow[str]:
    """Ask whether a number that was shared and is not the sender's own is the one to call; "" if not."""
    number: str = seed["number"]
    said = yield Ask("use", options=("use", "none"), facts={"phone": wording.number(number)})
    return number if said == "use" else ""


async def used(turn: Turn, number: str) -> Message:
    """Keep the number that was shared, unless it was only shown."""
    if not number:
        return Message(turn.say("contact.done.none"))
    await keep(turn, number, "shared.use.text")
    return Message(turn.say("contact.done.kept", phone=wording.number(number)))


CONTACT = Conversation("contact", contact, left)
NUMBER = Conversation("shared", another_number, used)


async def keep(turn: Turn, number: str, agreed: str, of: Case | None = None) -> None:
    """Keep the number with the chat and its open cases; `agreed` are the words that were agreed to.

    Where one of them is kept from somebody, only with the case it was left for.
    """
    chats.leave_number(turn.chat, number)
    consents.give(turn.work, turn.chat, consents.CALL_BACK, agreed)
    for case in besides.sharing(turn.work, await _open(turn), of):
        if case.contact != number:
            await act(turn.work, case, Contact(number), Actor.of(turn.chat))


async def _open(turn: Turn) -> list[Case]:
    mine = await stored.with_close(turn.work, turn.chat.own)
    return [case for case in mine if case.state in OPEN_STATES]


async def refused(turn: Turn, text: str, of: Case | None = None) -> bool:
    """Take the number away where words ask not to be called at it; say whether they do.

    Somebody else may hold the telephone: whoever has the case reads that it must not ring. Where one of the
    cases is kept from somebody, only the one it was said of tells so; from others the number is gone.
    """
    if not aftermath.uncalled(text):
        return False
    if people.number_of(turn.work, turn.chat) is not None:
        await chats.forget_number(turn.work, turn.chat)
        consents.take_back(turn.work, turn.chat, consents.CALL_BACK, "contact.done.uncalled")
    mine = await _open(turn)
    told = besides.sharing(turn.work, mine, of)
    for case in mine:
        if case in told and (case.contact or numbers.phone(case.story)):
            await act(turn.work, case, Contact("", never=True), Actor.of(turn.chat))
        elif case not in told and case.contact:
            await act(turn.work, case, Contact("", quiet=True), Actor.of(turn.chat))
    return True


def choice(turn: Turn, case: Case) -> tuple[Choice, ...]:
    """Return the receipt's offer to be called: with the number in the story, or once to leave one."""
    told = numbers.phone(case.story) if case.contact != NEVER else None
    if told is not None and told != people.number_of(turn.work, turn.chat):
        label = turn.say("receipt.options.call_number", phone=wording.number(told))
        return (Choice(label, f"call_number:{case.code}:{case.version}"),)
    if (
        people.number_of(turn.work, turn.chat) is not None
        or case.contact is not None
        or turn.talk.number_asked
    ):
        return ()
    turn.talk.number_asked = True
    return (Choice(turn.say("receipt.options.contact"), f"contact:{case.code}:{case.version}"),)


async def _contact(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.CONTACT, Actor.of(turn.chat), None)
    return Next(CONTACT, {"code": case.code})


async def _call_number(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    """Keep the number that stands in the story."""
    authorise(turn.work, case, Act.CONTACT, Actor.of(turn.chat), None)
    number = numbers.phone(case.story)
    if number is None:
        return Next(CONTACT, {"code": case.code})
    await keep(turn, number, "receipt.options.call_number", case)
    return Message(turn.say("contact.done.kept", phone=wording.number(number)))


async def _call_about(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.CONTACT, Actor.of(turn.chat), None)
    return await _call_or_ask(turn, case)


async def _call_me(turn: Turn, _text: str) -> Reply:
    mine = besides.sharing(turn.work, await _open(turn))
    return await _call_or_ask(turn, next(iter(mine), None))


async def _call_or_ask(turn: Turn, case: Case | None) -> Reply:
    if people.number_of(turn.work, turn.chat) is None:
        return Next(CONTACT, {"code": case.code if case else "", "call": True})
    return await _call(turn, case)


async def _call(turn: Turn, case: Case | None) -> Reply:
    """Tell the officer of the case to call; without a case the wish itself becomes one."""
    if case is None or case.state not in OPEN_STATES:
        return await commune_first.called(turn)
    return await _call_about_it(turn, case)


async def _call_about_it(turn: Turn, case: Case) -> Message:
    number = people.number_of(turn.work, turn.chat) or ""
    made = {str(Promise.CALL): case.promises.get(Promise.CALL, handover.soon(turn))}
    await act(turn.work, case, Contact(number, call=True, promises=made), Actor.of(turn.chat))
    when = handover.promised(turn, case, Promise.CALL)
    return Message(turn.say("contact.done.call", code=case.code, phone=wording.number(number), when=when))


async def asked_in_words(turn: Turn, text: str) -> Reply | None:
    """Let an officer call where a few words ask for nothing else, and leave the number; None for others."""
    number = wishes.only_to_be_called(text)
    if not number:
        return None
    running = besides.sharing(turn.work, await _open(turn))
    of = running[0] if running else None
    await keep(turn, number, "contact.number.text", of)
    if of is None:
        return await commune_first.called(turn, text)
    return await _call(turn, of)


async def asked_in_story(turn: Turn, case: Case) -> str:
    """Let an officer call about a case whose story asks for it and leaves the number; say so."""
    number = wishes.to_be_called(case.story)
    if not number or case.sealed:
        return ""
    await keep(turn, number, "receipt.options.call_number", case)
    return (await _call_about_it(turn, case)).text


async def _leave_number(_turn: Turn, _text: str) -> Reply:
    return Next(CONTACT, {})


async def _forget_number(turn: Turn, _text: str) -> Message:
    """Delete the number from the chat and from every case that has it; that it is so is on record."""
    cases = await stored.with_contact(turn.work, turn.chat.own)
    if people.number_of(turn.work, turn.chat) is None and not cases:
        return Message(turn.say("contact.done.nothing"))
    await chats.forget_number(turn.work, turn.chat)
    consents.take_back(turn.work, turn.chat, consents.CALL_BACK, "contact.done.forgotten")
    for case in cases:
        await act(turn.work, case, Contact(""), Actor.of(turn.chat))
    return Message(turn.say("contact.done.forgotten"))


async def not_called(turn: Turn) -> Message | None:
    """Let nobody call any more; None where a number was told: whoever reads that must read this."""
    cases = await _open(turn)
    await stored.load_histories(turn.work, cases)
    told = [line.detail.get("text") for case in cases for line in await stored.history(turn.work, case)]
    if any(numbers.phone(text) for text in (*(case.story for case in cases), *told) if isinstance(text, str)):
        return None
    if people.number_of(turn.work, turn.chat) or await stored.with_contact(turn.work, turn.chat.own):
        return await _forget_number(turn, "")
    return Message(turn.say("contact.done.none"))


CONVERSATIONS = (CONTACT, NUMBER)
VERBS: dict[str, Verb] = {"contact": _contact, "call_number": _call_number, "call": _call_about}
OPTIONS: dict[str, Option] = {
    "call": _call_me,
    "leave_number": _leave_number,
    "forget_number": _forget_number,
}
