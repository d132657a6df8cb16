"""Cases whose sender is nobody here: how they are opened, found again by their secret, and kept so.

A denouncer's name, address and whatever else tells who it was must be kept secret (Luật Tố cáo 2018, Đ9 and
Đ56): who sent a case in sealed mode stands in one table only, and nothing else ties their chat to it. What
cannot be hidden is the moment: a case is opened when it is sent.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import randbelow

from domain import secrecy
from services import intake
from services.intake import Draft
from services.refusals import TooManyTries
from services.who import Actor
from storage import attachments, attempts, forgetting, people
from storage import sealed as stored
from storage.cases import Case
from storage.people import Chat
from storage.work import Work

KIND = "forget"
"""The kind of timer whose subject is a chat in which something was shown that must not stay."""
FLEETING = frozenset({"visit", "identify"})
"""Conversations that know a sealed case: over as soon as something else begins, or time has passed."""
HOUR = timedelta(hours=1)


async def send(work: Work, sender: Chat, draft: Draft) -> tuple[Case, str]:
    """Open a case whose sender is nobody. Returns it and its secret, which is written down nowhere.

    Of its files those are left behind that may tell who made them.
    """
    secret = secrecy.mint(randbelow)
    draft = replace(draft, files=tuple(await attachments.untraced(work, draft.files)))
    nobody = stored.nobody(work)
    await stored.move_files(work, draft.files, sender, nobody.key)
    sealed = replace(draft, sealed=True, on_behalf="", then=())
    case = await intake.open_case(work, nobody, sealed, secret_key=stored.secret_key(work, secret))
    stored.keep_identity(work, case, sender)
    return case, secret


async def find(work: Work, chat: Chat, secret: str) -> Case | None:
    """Return the case with this secret; a wrong one is counted. Raises TooManyTries."""
    allowed, own = work.rules.secrecy, f"secret:{chat.key}"
    if await attempts.within(work, own, HOUR) >= allowed.tries:
        raise TooManyTries(own)
    if await attempts.within(work, "secret:all", HOUR) >= allowed.tries_of_all:
        raise TooManyTries("secret:all")
    case = await stored.by_secret(work, secret) if secret else None
    if case is None:
        await attempts.record(work, own, "secret:all")
    return case


def citizen(case: Case) -> Actor:
    """Return who acts for the citizen of a sealed case: whoever knows its secret."""
    return Actor(chat_key=case.chat_key)


async def forget(work: Work, chat: Chat, since: datetime, shown_for: timedelta) -> None:
    """Keep nothing of what this chat said since then; what it is told now is shown for so long."""
    await forgetting.forget_since(work, chat.key, since)
    work.wind(KIND, chat.key, work.now + shown_for)


async def forget_all(work: Work, chat_keys: list[str]) -> int:
    """Take away what was shown to these chats, and end what they had open. Returns how many could be had."""
    chats = await people.hold(work, chat_keys)
    await forgetting.forget_again(work, [chat.key for chat in chats])
    for chat in chats:
        work.wind(KIND, chat.key, None)
        if (chat.talk or {}).get("flow") in FLEETING:
            over = ("flow", "seed", "answers", "files", "begun")
            chat.talk = {name: kept for name, kept in (chat.talk or {}).items() if name not in over}
            chat.busy, chat.menu = False, []
    return len(chats)
