"""The words of danger: seen, added, taken away, each tried on the latest stories before it holds."""

from typing import Any

from domain import overlays
from domain.messages import Message
from domain.understand.dangers import NUMBERS
from domain.understand.fold import fold
from handlers.admin.asking import SHOWN, one_of, require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, words_at_least
from services.office import rulebook

_WHAT = ("add", "remove", "find")
_PHRASE = words_at_least(3, 60)
_FOUND = 20
"""Phrases that are shown at once."""


def words(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask for the words; for new ones also whom to call."""
    what = yield Ask("what", options=_WHAT, facts={"count": seed["count"]})
    phrase = yield Ask("phrase" if what == "add" else "part", _PHRASE)
    if what != "add":
        return {"do": what, "part": phrase}
    labels = {number: session.say(f"emergency.numbers.{number}") for number in sorted(NUMBERS)}
    return {
        "do": "add_word",
        "phrase": phrase,
        "number": (yield Ask("number", options=tuple(labels), labels=labels)),
    }


async def said(turn: Turn, order: dict[str, Any]) -> Reply:
    """Preview new words; show known ones, or let one of them be taken away."""
    if order["do"] == "add_word":
        return await preview(turn, order)
    require_admin(turn)
    found = [phrase for phrase in await _known(turn) if fold(order["part"]) in fold(phrase)]
    if not found:
        return Message(turn.say("admin.no_word", part=order["part"]))
    if order["do"] == "remove":
        return Next(REMOVE, {"phrases": found[:SHOWN]})
    return Message(turn.say("admin.words_found", count=len(found), words="; ".join(found[:_FOUND])))


def remove(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask which of the phrases found."""
    labels = {str(place): phrase for place, phrase in enumerate(seed["phrases"])}
    chosen = yield from one_of("which", labels)
    return {"do": "remove_word", "phrase": labels[chosen]}


WORDS = Conversation("admin_words", words, said, leads_on=True)
REMOVE = Conversation("admin_words_remove", remove, preview, leads_on=True)


async def _known(turn: Turn) -> list[str]:
    name = overlays.named("words", rulebook.place(turn.work, turn.chat.person_id))
    dangers = (await rulebook.current(turn.work, name))["emergencies"].values()
    return list(dict.fromkeys(phrase for danger in dangers for phrase in danger["cues"]))


async def begin(turn: Turn) -> Reply:
    """Begin with how many there are."""
    require_admin(turn)
    return Next(WORDS, {"count": len(await _known(turn))})


CONVERSATIONS = (WORDS, REMOVE)
