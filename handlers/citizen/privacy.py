"""What is kept about a chat, by which rules, and what its person may set."""

from domain.messages import Choice, Message
from handlers.citizen import commune_first, own_commune
from handlers.citizen.handover import RIGHTS
from handlers.engine.conversation import Option, Reply, Turn
from services.intake import consents
from services.saying import wording
from storage.cases import cases as stored
from storage.people import people

_LISTED = 6
"""Codes of somebody's own cases that are listed."""


def _choices(turn: Turn, *options: str) -> tuple[Choice, ...]:
    return tuple(Choice(turn.say(f"privacy.options.{option}"), f"menu:{option}") for option in options)


async def _rules(turn: Turn, _text: str) -> Message:
    said = turn.say("rules.text", commune=wording.commune(turn.work.rules))
    return Message(said, _choices(turn, "rules_more", "my_data"))


async def _rules_more(turn: Turn, _text: str) -> Message:
    """Say how long things are kept, what somebody may ask for, and whom."""
    rules = turn.work.rules
    unit = rules.directory.hotline(turn.work.today)
    contact = turn.say("rules.contact", unit=unit.name, phone=unit.phone) if unit else ""
    said = turn.say(
        "rules.more",
        draft_days=rules.drafts.delete_after.days,
        contact=contact,
        **_terms(turn),
    )
    return Message(said, _choices(turn, "my_data", "data_request"))


def _terms(turn: Turn) -> dict[str, object]:
    """Return how many days what may be asked for takes at most, from the rows of NĐ 356/2025 Đ5."""
    terms = turn.work.rules.terms
    return {
        "see_days": terms["dlcn.xem_sua_cung_cap"].duration,
        "delete_days": terms["dlcn.xoa"].duration,
    }


async def _data_request(turn: Turn, text: str) -> Reply:
    """Ask what is wished, and hand it to an officer under the term the law gives it."""
    if text in RIGHTS:
        return await commune_first.about_data(turn, text)
    terms = turn.work.rules.terms
    days = {right: terms[term].duration for right, term in RIGHTS.items()}
    options = (
        Choice(turn.say(f"privacy.wish.{right}", days=days[right]), f"menu:data_request:{right}")
        for right in RIGHTS
    )
    return Message(turn.say("privacy.which"), tuple(options))


async def _my_data(turn: Turn, _text: str) -> Message:
    """List what is kept: codes, the number to call, what was agreed to and since when."""
    codes = await stored.codes_of(turn.work, turn.chat.own, _LISTED + 1)
    shown = ", ".join(codes[:_LISTED]) + (" …" if len(codes) > _LISTED else "")
    nothing, phone = turn.say("privacy.nothing"), await _phones(turn)
    agreed = await _consents(turn) or nothing
    said = turn.say("privacy.data", codes=shown or nothing, phone=phone or nothing, consents=agreed)
    removal = ("forget_number",) if phone else ()
    return Message(said, _choices(turn, *removal, "data_request", "rules"))


async def _phones(turn: Turn) -> str:
    """Return the numbers to call that are kept with the chat and with its cases."""
    cases = await stored.with_contact(turn.work, turn.chat.own)
    kept = dict.fromkeys([people.number_of(turn.work, turn.chat), *(case.contact for case in cases)])
    return ", ".join(wording.number(number) for number in kept if number)


async def _consents(turn: Turn) -> str:
    local = turn.work.rules.calendar.local
    given = await consents.in_force(turn.work, turn.chat)
    return ", ".join(
        turn.say(f"privacy.consents.{one.purpose.replace(' ', '_')}", day=f"{local(one.since):%d/%m/%Y}")
        for one in given
    )


async def _settings(turn: Turn, _text: str) -> Message:
    """Show what is set, and offer the other of each."""
    muted, phone = turn.chat.muted, await _phones(turn)
    notices = turn.say("privacy.notices_off" if muted else "privacy.notices_on")
    said = turn.say("privacy.settings", notices=notices, phone=phone or turn.say("privacy.nothing"))
    own = own_commune.is_choosable(turn)
    if own:
        said = f"{own_commune.line(turn)}\n{said}"
    number = "forget_number" if phone else "leave_number"
    link = ("unlink" if turn.chat.home else "link",) if turn.chat.person_id is None else ()
    shown = (*link, *(("commune",) if own else ()))
    return Message(said, _choices(turn, "language", "resume" if muted else "stop", number, "my_data", *shown))


OPTIONS: dict[str, Option] = {
    "rules": _rules,
    "rules_more": _rules_more,
    "my_data": _my_data,
    "data_request": _data_request,
    "settings": _settings,
}
