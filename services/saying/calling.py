"""Whom no channel reaches is called: whom that falls to, and what they are asked to read out."""

import locales
from domain.cases import OPEN_STATES
from domain.messages import Message
from services.saying import wording
from services.saying.cards import buttons
from services.standing import parties
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import reached
from storage.people.people import Chat, at_counter

ONLY_WRITTEN = frozenset(
    {"told.accepted", "told.accepted_urgent", "told.ringing", "told.rate_again", "told.outside"}
)
"""Nobody is called only to hear that somebody took it, or who was told; a mark comes from one's own hand."""


async def callers(work: Work, case: Case) -> list[Chat]:
    """Return the chats of who calls: reception only for those it received, else whoever has the case."""
    await reached.load(work)
    ids = parties.callers(work, case) if at_counter(case.chat_key) else parties.handling(work, case)
    return [chat for chat in await parties.chats(work, list(dict.fromkeys(ids))) if chat.own != case.chat_key]


def asked(work: Work, case: Case, chat: Chat, text: str) -> Message:
    """Ask for a call, in which this text is read out. The number is for who has the case, or received it."""
    say, counter = locales.words(chat.language), at_counter(case.chat_key)
    verbs = ("record",) if counter and case.state in OPEN_STATES and case.officer_id else ()
    phone = case.contact if counter or parties.has_it(work, case, chat.person_id) else None
    if phone:
        how = say("official.call_how", phone=wording.number(phone))
    else:
        how = say("official.call_hidden" if case.contact else "official.call_none")
    key = "official.call" if counter else "official.call_unreached"
    return Message(say(key, code=case.code, how=how, text=text), buttons(case, chat.language, verbs))
