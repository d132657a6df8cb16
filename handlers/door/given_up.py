"""Who wrote what made the desk fail again and again, and was given up at last, is told so."""

import locales
from domain.messages import Message
from services.intake import chats
from storage.ground.work import Work
from storage.mail.inbox import Stored
from storage.people import people


async def tell(work: Work, message: Stored) -> None:
    """Tell whoever wrote a message that it reached nobody: once, whoever gave it up."""
    await people.load_chats(work, [message.lane])
    chat = chats.at(work, message.account, message.lane, message.body["address"])
    at, say = message.came.astimezone(work.rules.calendar.zone), locales.words(chat.language)
    text = say("given_up.text", time=f"{at:%H:%M}", day=locales.day(chat.language, at.date()))
    work.post(chat, Message(text), f"given_up:{message.account}:{message.external_id}"[:120])
