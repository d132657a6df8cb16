"""What a batch of messages will touch is read before they are answered, in a fixed number of statements.

What is not foreseen here is read when it is needed: slower, never wrong.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain.messages import Incoming, Said, Tap, Text
from domain.understand import storable
from handlers.citizen import midway
from handlers.citizen.report import REPORT, SAME
from handlers.door import verbs
from handlers.engine import commands
from handlers.engine.conversation import Talk
from handlers.engine.flow import number, typed
from services.intake import drafts
from services.standing import homes, parties
from storage.cases import cases as stored
from storage.cases import recent
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import people, reached
from storage.people.people import Chat

_LIST = "menu:follow"
_SHOW = "show:"
LONG = 500
"""Letters that take more than a few milliseconds to be understood."""


async def prefetch(work: Work, incoming: Iterable[Incoming]) -> None:
    """Read the chats, the cases and histories that messages speak of, and the people these concern."""
    messages = list(incoming)
    keys = [message.chat for message in messages]
    await people.load_chats(work, keys)
    actions = [(m.chat, _action(work.chats.get(m.chat), m.said)) for m in messages]
    listing = {_own(work, key) for key, action in actions if action == _LIST}
    await stored.load_asked(work, [_own(work, key) for key in keys])
    await stored.load_of_chats(work, listing | {_own(work, key) for key, action in actions if not action})
    await _recent(work, actions)
    await _readers(work, actions)
    await stored.load(work, filter(None, (*_kept(work, keys), *(verbs.code_of(a) for _, a in actions))))
    shown = {verbs.code_of(action) for _, action in actions if action.startswith(_SHOW)}
    cases = list(work.cases.values())
    # What is said of a case is heard together with what was said of it a moment ago.
    spoken_of = {talk.last_case for talk in _talks(work, keys)}
    wanted = [
        c for c in cases if c.code in shown | spoken_of or c.chat_key in listing or _left(work, c, listing)
    ]
    await stored.load_histories(work, wanted)
    await people.load_chats(work, [case.chat_key for case in cases])
    await people.load_people(work, [case.officer_id for case in cases if case.officer_id is not None])
    if cases or any(chat.person_id is not None for chat in work.chats.values()):
        await reached.load(work)


async def _recent(work: Work, actions: Iterable[tuple[str, str]]) -> None:
    """Read what was told lately of the topics about to be sent, in the commune of each chat."""
    topics: dict[str | None, set[str]] = {}
    for key, action in actions:
        if (chat := work.chats.get(key)) is None:
            continue
        if topic := _topic(chat, action) or _topic_of_own(
            chat
        ):  # what is sent apart is named beside the rest
            topics.setdefault(homes.area_of(work, chat), set()).add(topic)
    await recent.load(work, topics)


async def _readers(work: Work, actions: Iterable[tuple[str, str]]) -> None:
    """Read the chats of whom cases to be opened may go to: each commune has officials of its own."""
    if not work.desk.directory.is_wide:
        return
    found: list[UUID] = []
    for key, action in actions:
        if (chat := work.chats.get(key)) is None or not (
            topic := _topic(chat, action) or _topic_of_own(chat)
        ):
            continue
        rules = work.desk.part(homes.area_of(work, chat) or "")
        types = {field.xa for field in rules.taxonomy.fields.values() if field.topic == topic}
        units = [unit.id for unit in rules.directory.units if unit.type in types]
        found += [
            one for unit in units for one in rules.directory.holders(unit, parties.OFFICIAL, work.today)
        ]
    await people.chats_of(work, list(dict.fromkeys(found)))


def _topic_of_own(chat: Chat) -> str:
    """Return what a report is about whose sender was asked whether it is the same that others told."""
    talk = Talk.of(chat)
    return str(talk.seed.get("topic", "")) if talk.flow == SAME.name else ""


def _left(work: Work, case: Case, listing: set[str]) -> bool:
    """Say whether one of these follows a case that words may have closed: its history tells."""
    kept = case.confidential or case.excluded_people or case.excluded
    return bool(kept) and not listing.isdisjoint(stored.followers(work, case))


def long_words(work: Work, incoming: Incoming) -> list[str]:
    """Return what will be understood of a message and takes a while, also together with its draft."""
    words = typed(incoming.said)
    chat = work.chats.get(incoming.chat)
    talk = Talk.of(chat) if chat is not None else Talk()
    story = drafts.all_words({"seed": talk.seed, "answers": talk.answers}) if talk.flow else ""
    if len(words) + len(story) <= LONG or not words:
        return []
    together = (story, *midway.together(story, storable(words))) if story else ()
    as_typed = incoming.said.text if isinstance(incoming.said, Text) else words
    return list(dict.fromkeys((as_typed, words, *together)))


def _own(work: Work, key: str) -> str:
    """Return the key under which the cases of a chat's person stand."""
    return work.chats[key].own if key in work.chats else key


def _topic(chat: Chat | None, action: str) -> str:
    """Return what a report that is being sent is about, as far as it shows: the same may be told already."""
    talk = Talk.of(chat) if chat is not None else Talk()
    if talk.flow != REPORT.name or not action.endswith(("send", "menu:yes")):
        return ""
    answers = [answer for key, answer in talk.answers.items() if key.startswith("topic")]
    chosen = [answer for answer in answers if isinstance(answer, str)]
    heard = talk.seed.get("heard") or talk.answers.get("story") or {}
    topic: str = chosen[-1] if chosen else heard.get("topic", "")
    return topic


def _kept(work: Work, keys: Iterable[str]) -> Iterator[str]:
    """Yield the codes of the cases that the chats' conversations are about."""
    for talk in _talks(work, keys):
        yield from (talk.last_case, talk.emergency, talk.seed.get("code", ""))


def _talks(work: Work, keys: Iterable[str]) -> list[Talk]:
    return [Talk.of(work.chats[key]) for key in keys if key in work.chats]


def _action(chat: Chat | None, said: Said) -> str:
    """Return the action a message comes to, as a button would carry it; empty where it is plain talk."""
    if isinstance(said, Tap):
        return said.action
    if not isinstance(said, Text):
        return ""
    command = commands.read(said.text)
    if command is not None:
        return f"{command.name}:{command.code}:" if command.code else f"menu:{command.name}"
    place = number(said.text)
    if chat is not None and place is not None and 0 < place <= len(chat.menu):
        return chat.menu[place - 1]
    return ""
