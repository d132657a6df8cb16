"""Half-told reports: the desk asks about them, and lets go of them with their words told once.

A draft is part of its chat, which belongs to whoever holds the chat's lane. So the clock takes the lane
first; a chat that is being handled right now is left to its handler, which winds the draft's timer anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import locales
from domain.aftercare import Stage
from domain.messages import Choice, Message
from services.acts import barring
from services.intake import leavings
from services.saying.wording import shortened
from services.standing import homes
from storage.ground.instant import to_ms
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat

KIND = "draft"
"""The kind of timer whose subject is the key of a chat."""
PREFIX = "draft:"
ANSWERS = ("send", "go_on", "cancel")
HIDDEN = "…"
"""What is quoted of a draft that is to be sent sealed."""
_QUOTED = 60
"""Letters of a draft that a nudge quotes."""
_KEPT = 600
"""Letters of a draft that are told when it is deleted."""
OF_OTHERS = frozenset({"counter", "whose"})
"""Conversations in which an official holds what somebody else said."""
_OF_A_DRAFT = frozenset({"flow", "seed", "answers", "files", "waiting"})


def words(talk: Mapping[str, Any]) -> str:
    """Return what a half-told report of this chat says so far: the open one's words, or the waiting one's."""
    part = _told_part(talk)
    return "" if part is None else HIDDEN if _is_sealed(part) else _story(part)


def all_words(talk: Mapping[str, Any]) -> str:
    """Return everything that was typed for it, for whoever takes over; nothing of what was to be sealed."""
    part = _told_part(talk)
    return "" if part is None or _is_sealed(part) else part_words(part)


def part_words(part: Mapping[str, Any]) -> str:
    """Return everything that was typed for one report, were it to be sealed or not."""
    answers, seed = part.get("answers", {}), part.get("seed", {})
    said = [answer["said"] for answer in answers.values() if isinstance(answer, dict) and "said" in answer]
    more = [answer for step, answer in answers.items() if step.partition(".")[0] == "more"]
    rest = [matter["text"] for matter in seed.get("then", ())]
    return "\n".join(filter(None, (_story(part), *seed.get("gathered", ()), *said, *more, *rest)))


def parts(talk: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what is open, and what waits beneath it."""
    while talk:
        yield talk
        talk = talk.get("waiting") or {}


def _told_part(talk: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next((part for part in parts(talk) if _story(part)), None)


def _story(part: Mapping[str, Any]) -> str:
    heard = part.get("seed", {}).get("heard") or part.get("answers", {}).get("story") or {}
    return str(heard.get("text") or "") if isinstance(heard, Mapping) else ""


def _is_sealed(part: Mapping[str, Any]) -> bool:
    return bool(part.get("seed", {}).get("sealed"))


def _in_confidence(talk: Mapping[str, Any]) -> bool:
    """Say whether the draft is to be sent sealed: then nothing of it appears on a phone by itself."""
    told = tuple(parts(talk))
    said = [answer for part in told for answer in part.get("answers", {}).items()]
    chosen = any(step.startswith("sealed") or answer == "sealed" for step, answer in said)
    of_others = any(part.get("flow") in OF_OTHERS for part in told)
    return chosen or of_others or any(map(_is_sealed, told))


def wind(work: Work, chat: Chat, before: str) -> None:
    """Set the draft's timer after its chat was heard; `before` are the words it held until then."""
    if words(chat.talk or {}):
        work.wind(KIND, chat.key, work.rules.drafts.moments(work.now, work.rules.calendar)[0][0])
    elif before:
        work.wind(KIND, chat.key, None)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Ask about the drafts of these chats, or delete them. Returns how many chats could be had."""
    chats = await people.hold(work, subjects)
    for chat in chats:
        _ring(work, chat)
    return len(chats)


def _ring(work: Work, chat: Chat) -> None:
    text = words(chat.talk or {})
    moments = work.rules.drafts.moments(chat.heard_at, work.rules.calendar)
    passed = [moment for moment in moments if moment[0] <= work.now]
    work.wind(KIND, chat.key, min((at for at, _ in moments if at > work.now), default=None) if text else None)
    if not text or not passed:
        return
    at, stage = passed[-1]
    quiet = _wants_quiet(work, chat)
    key = f"{KIND}:{chat.key}:{to_ms(at)}"
    if stage is Stage.DROP:
        _drop(work, chat)
    if not quiet:
        work.post(chat, _message(chat, stage, text), key, asks=True)


def _wants_quiet(work: Work, chat: Chat) -> bool:
    return (
        _in_confidence(chat.talk or {})
        or chat.muted
        or barring.last_day(work, chat, homes.area_of(work, chat)) is not None
    )


def _drop(work: Work, chat: Chat) -> None:
    """Delete the draft with its files; what else is kept of the conversation stays."""
    kept = {name: value for name, value in (chat.talk or {}).items() if name not in _OF_A_DRAFT}
    leavings.change(work, chat, kept)
    chat.busy, chat.menu = False, []


def let_go(chat: Chat) -> Message:
    """Ask whether the draft is to be dropped, or gone on with."""
    say = locales.words(chat.language)
    names = (action.removeprefix(PREFIX) for action in LETTING_GO)
    choices = tuple(Choice(say(f"draft.options.{name}"), f"{PREFIX}{name}") for name in names)
    return Message(say("draft.let_go"), choices)


LETTING_GO = [f"{PREFIX}cancel", f"{PREFIX}go_on"]
"""Yes, it is to be dropped; no, it is not."""


def _message(chat: Chat, stage: Stage, text: str) -> Message:
    say = locales.words(chat.language)
    if stage is Stage.DROP:
        return Message(say("draft.drop", text=shortened(text, _KEPT)))
    choices = tuple(Choice(say(f"draft.options.{answer}"), f"{PREFIX}{answer}") for answer in ANSWERS)
    return Message(say(f"draft.{stage}", text=shortened(" ".join(text.split()), _QUOTED)), choices)
