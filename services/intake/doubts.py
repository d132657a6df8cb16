"""Whether somebody is in danger was asked, and it stays unanswered: after some minutes it rings all the same.

One rule for every question: what no pattern heard, but sounds like danger, rings as any other.

The question is part of its chat, so the clock takes the chat's lane first, as it does for drafts: a chat that
is being handled right now is left to its handler, which winds the timer anew or unwinds it.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import locales
from domain.messages import Message
from domain.understand import Understood
from services.intake import communes, drafts, leavings, new_cases, sealed, whereabouts
from services.intake.new_cases import Draft
from services.saying import ringing
from services.saying.telling import Telling
from services.saying.wording import commune
from services.standing.parties import CLOCK, URGENT
from services.standing.refusals import NobodyLeft
from storage.cases.cases import Case
from storage.ground.instant import from_ms
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat

KIND = "doubt"
"""The kind of timer whose subject is the key of a chat."""
FLOW = "unclear"
"""The conversation that asks; its seed holds when it was asked."""
CRY = "cry"
"""The one that asks it of words that were put with a case that was sent sealed."""
_OF_THE_QUESTION = frozenset({"flow", "seed", "answers", "files", "trail"})


def is_open(talk: Mapping[str, Any] | None) -> bool:
    """Say whether the question is open in a chat, or waits beneath something else."""
    return _asking(talk or {}) is not None


def presses(flow: str, seed: Mapping[str, Any]) -> bool:
    """Say whether a conversation asks what rings by the clock: all do that know since when they ask."""
    return bool(seed.get("asked")) and flow in {CRY, FLOW}


def wind(work: Work, chat: Chat, *, before: bool) -> None:
    """Set the timer after the chat was heard; `before` says whether the question was open until then."""
    at = _rings_at(work, _asking(chat.talk or {}))
    if at is not None or before:
        work.wind(KIND, chat.key, at)


def certain(work: Work, heard: Understood, more: str) -> Understood:
    """Return what is heard, and what was told besides, as an alarm."""
    if more:
        read = work.rules.understanding.read(f"{heard.text}\n{more}")
        kinds, close = (*heard.dangers, *read.dangers), heard.close or read.close
        place = read.place or heard.place
        heard = replace(
            read, doubt=heard.doubt, dangers=tuple(dict.fromkeys(kinds)), close=close, place=place
        )
    return replace(heard, emergency=heard.emergency or heard.doubt, urgency=URGENT, story=True)


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Raise the alarm for these chats. Returns how many chats could be had."""
    chats = await people.hold(work, subjects)
    for chat in chats:
        await _ring(work, chat)
    return len(chats)


async def _ring(work: Work, chat: Chat) -> None:
    asking = _asking(chat.talk or {})
    at = _rings_at(work, asking)
    if asking is None or at is None or at > work.now:
        work.wind(KIND, chat.key, at)
        return
    await people.chat(work, chat.key)
    work.wind(KIND, chat.key, None)
    files, chat.talk = leavings.held(chat.talk), _without(chat.talk or {})
    chat.busy, chat.menu = bool(chat.talk.get("flow")), []
    with communes.handled(work, chat):  # it rings where an answer would have
        if asking["flow"] == CRY:
            await _pass_on(work, chat, asking["seed"])
        else:
            await _alarm(work, chat, asking)
    leavings.settle(work, chat, files)


async def _pass_on(work: Work, chat: Chat, seed: Mapping[str, Any]) -> None:
    """Let what was told with a sealed case be heard at the next tick; nothing of it appears on a phone."""
    told = await sealed.told_in(work, seed)
    await sealed.cry(work, chat, told, seed["text"], [])


async def _alarm(work: Work, chat: Chat, asking: Mapping[str, Any]) -> None:
    said = [answer["said"] for answer in asking.get("answers", {}).values() if isinstance(answer, dict)]
    heard = certain(work, Understood.from_json(asking["seed"]["heard"]), "\n".join(filter(None, said)))
    say, numbers = locales.words(chat.language), asking["seed"]["numbers"]
    draft, *others = _drafts(work, heard, tuple(asking.get("files", ())))
    try:
        case = await new_cases.open_case(work, chat, draft)
    except NobodyLeft:  # whoever could be woken is spoken of
        text = f"{say('walls.danger', numbers=numbers)}\n{say('walls.nobody_left')}"
        work.post(chat, Message(text, alarm=True), f"{KIND}:{chat.key}:{asking['seed']['asked']}")
        return
    for other in others:
        with suppress(NobodyLeft):
            await new_cases.open_case(work, chat, other)
    chat.talk = {**(chat.talk or {}), "emergency": case.code, "last_case": case.code}
    await _tell(work, chat, case, numbers)


async def _tell(work: Work, chat: Chat, case: Case, numbers: str) -> None:
    """Tell who asked for nothing that it was passed on, and those who hear of it why."""
    key = "doubt.unanswered_close" if case.confidential else "doubt.unanswered"
    told = await ringing.standing(work, case, chat.language)
    text = locales.words(chat.language)(key, numbers=numbers, told=told, code=case.code)
    work.post(chat, Message(text, alarm=True), f"{KIND}:{case.code}")
    to = Telling(work, case, CLOCK)
    to.occasion = KIND
    heard = ringing.officials_in(work, case, ringing.handed_to(work, case))
    minutes = int(work.rules.drafts.danger_after.total_seconds() // 60)
    await to.officials(heard, "alert.unanswered", minutes=minutes)


def _drafts(work: Work, heard: Understood, files: tuple[str, ...]) -> list[Draft]:
    """Return the alarm where the words say that it is; one in each commune where they name several."""
    rules, here = work.rules, work.rules.commune
    spots = whereabouts.spots(rules, whereabouts.told(rules, heard.text, here), here)
    if not spots:
        label, area = (heard.place.label, heard.place.area) if heard.place else (commune(rules), "")
        return [Draft(heard, label, heard.topic, files, area=area)]
    found = [Draft(replace(heard, place=at), at.label, heard.topic, area=code) for code, at in spots]
    return [replace(found[0], files=files), *found[1:]]


def _asking(talk: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the question with its seed and answers, where it rings by the clock."""
    return next((part for part in drafts.parts(talk) if _is_asking(part)), None)


def _is_asking(part: Mapping[str, Any]) -> bool:
    return presses(part.get("flow", ""), part.get("seed", {}))


def _rings_at(work: Work, asking: Mapping[str, Any] | None) -> datetime | None:
    return from_ms(asking["seed"]["asked"]) + work.rules.drafts.danger_after if asking else None


def _without(talk: dict[str, Any]) -> dict[str, Any]:
    """Take the question out of what a chat remembers, wherever it lies; the rest stays as it was."""
    if _is_asking(talk):
        return {name: value for name, value in talk.items() if name not in _OF_THE_QUESTION}
    beneath = talk.get("waiting") or {}
    rest = beneath.get("waiting", {}) if _is_asking(beneath) else _without(beneath)
    return {**talk, "waiting": rest} if beneath else talk
