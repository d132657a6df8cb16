"""In which of a person's chats they hear something: where they last wrote, else the next that takes it."""

from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat

EVEN_IF_MUTED = frozenset(
    {"told.answer", "told.dismissed", "told.question", "told.question_busy", "followed.answer"}
)
"""Who asked for quiet still gets the answer, and what an officer must know of them."""


def willing(work: Work, chat: Chat, key: str) -> list[Chat]:
    """Return the chats of a person that ask for no quiet from these words, the likeliest to be read first."""
    return [one for one in people.ways(work, chat) if not one.muted or key in EVEN_IF_MUTED]


def taking(work: Work, chat: Chat, key: str) -> list[Chat]:
    """Return those of them that take messages at all."""
    return [one for one in willing(work, chat, key) if one.blocked_at is None]


async def by_number(work: Work, chat: Chat, case: Case, key: str) -> list[Chat]:
    """Return the chat that stands for the number of whoever brought the case, where these words may go there.

    They may where a platform has approved a wording for them; what is kept close never goes by number.
    """
    account, number = work.page.by_number, case.contact
    if not account or not number or case.confidential or case.sealed or chat.own != case.chat_key:
        return []
    if work.rules.reaching.template(key) is None or not willing(work, chat, key):
        return []
    index = work.keyring.blind("chat", account, number)
    await people.load_chats(work, [index])
    found = people.open_chat(work, account, index, number)
    return [found] if found.blocked_at is None else []
