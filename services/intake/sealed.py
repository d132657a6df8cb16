"""Cases whose sender is nobody here: how they are sent, found again by their secret, and kept so.

A denouncer's name, address and whatever else tells who it was must be kept secret (Luật Tố cáo 2018, Đ9 and
Đ56): who sent a case in sealed mode stands in one table only, and nothing else ties their chat to it. So that
the moment does not either, what is sent waits in an envelope, and is opened later among others
(`services.intake.envelopes`); what cannot wait is opened at once.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from domain import secrecy
from domain.cases import Act
from services.acts.act import authorise
from services.acts.adding import Supplement
from services.acts.crying import Cry
from services.intake import leavings, new_cases
from services.intake.new_cases import Draft
from services.saying import ringing
from services.standing import exclusion
from services.standing.kinds import Request, kind_of
from services.standing.parties import URGENT, Actor
from services.standing.reckoning import reckon
from services.standing.refusals import NobodyLeft, TooManyTries
from storage.cases.cases import Case
from storage.cases.cases import by_code as of_code
from storage.ground.instant import from_ms, to_ms
from storage.ground.work import Work
from storage.mail import envelopes, forgetting
from storage.people import attempts, people, reached
from storage.people import sealed as stored
from storage.people.people import Chat

KIND = "forget"
"""The kind of timer that earlier versions wound for a chat in which something was shown in confidence."""
FLEETING = frozenset({"visit", "beside", "cry", "identify"})
"""Conversations that know a sealed case: over as soon as something else begins, or time has passed."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sealed report that is not opened yet: it is found by its secret, and what is said with it is kept."""

    envelope: str
    secret_key: str

    def to_json(self) -> dict[str, str]:
        """Write it as plain JSON."""
        return {"envelope": self.envelope, "secret_key": self.secret_key}


async def send(work: Work, sender: Chat, draft: Draft, came: datetime) -> tuple[Case, str]:
    """Put a report into an envelope. Returns its secret, written down nowhere, and when it will be due.

    What is returned as a case is none: it says under which term one will be opened, and until when.
    """
    with work.within(draft.area or work.area):
        return await _sent(work, sender, draft, came)


async def _sent(work: Work, sender: Chat, draft: Draft, came: datetime) -> tuple[Case, str]:
    secret = secrecy.mint(work.dice.randrange)
    since = work.rules.sealing.about(came, urgent=is_pressing(work, draft))
    meant = replace(new_cases.sealed(work.rules, draft), since=to_ms(since))
    meant = replace(meant, area=meant.area or work.area or "")  # where it is opened later
    with suppress(NobodyLeft):
        meant = replace(meant, reader=str(new_cases.destination(work.rules, meant, work.today).id))
    body = {
        "what": "report",
        "draft": meant.to_json(),
        "box": await stored.box_files(work, draft.files, sender),
        "secret_key": stored.secret_key(work, secret),
        "sender": {"account": sender.account, "address": sender.address, "contact": sender.contact or ""},
        "more": [],
    }
    moment = _moment(work, pressing=is_pressing(work, draft))
    await envelopes.put(work, body, moment, _envelope(work, secret))
    _count(work, sender)
    return _promised(work, meant), secret


def is_enough(work: Work, sender: Chat, draft: Draft) -> bool:
    """Say whether this chat has sent as many today as a chat may; never where somebody may be in danger."""
    if is_pressing(work, draft) or draft.heard.emergency:
        return False
    return work.tally.of(work.today, _counted(sender)) >= work.rules.listening.a_day


def _count(work: Work, sender: Chat) -> None:
    """Count one more of today's once it is committed, and nowhere but in memory.

    Each row has its place among others and the number of its transaction: without the key it would lead from
    the moment to the chat. What a restart forgets is a bound against floods, nothing that anybody was told.
    """
    day, name = work.today, _counted(sender)
    work.after_commit.append(lambda: work.tally.add(day, name))


def _counted(sender: Chat) -> str:
    return f"sealed:{sender.key}"


def is_pressing(work: Work, draft: Draft) -> bool:
    """Say whether somebody may be in danger: then it is opened at once, whatever its moment tells."""
    return new_cases.urgency_of(work.rules, draft, work.today) == URGENT


def _moment(work: Work, *, pressing: bool) -> datetime:
    if pressing:
        return work.now
    return work.rules.sealing.moment(work.now, work.rules.calendar, work.dice.randrange)


def _envelope(work: Work, secret: str) -> str:
    return work.keyring.blind("envelope", secret)


def _promised(work: Work, draft: Draft) -> Case:
    """Return as much of a case as its due date takes."""
    rules, since = work.rules, from_ms(draft.since)
    urgency = new_cases.urgency_of(rules, draft, work.today)
    term = rules.terms.service_term(new_cases.kind_of(draft.heard), urgency)
    area = new_cases.area_of(rules, draft.place)
    case = Case(area=area, clock_from=since, term=term.id, term_days=None, extended_days=0, pauses=[])
    reckon(work, case)
    return case


async def find(work: Work, chat: Chat, secret: str) -> Case | Waiting | None:
    """Return the case with this secret, or that it waits; a wrong one is counted. Raises TooManyTries.

    Only this chat's own tries are: whoever guesses elsewhere keeps nobody out, and among as many numbers as
    secrets can be (`domain.secrecy`) no crowd finds one.
    """
    allowed, own = work.rules.secrecy, f"secret:{work.keyring.blind('tries', chat.key)}"
    if await attempts.within(work, own, HOUR) >= allowed.tries:
        raise TooManyTries(own)
    found = await _found(work, secret) if secret else None
    if found is None:
        await attempts.record(work, own, about=work.rules.sealing.coarse(work.now))
    return found


async def _found(work: Work, secret: str) -> Case | Waiting | None:
    """Look for a case, then for an envelope, then again: it may just have been opened."""
    case = await stored.by_secret(work, secret)
    if case is None and await envelopes.read(work, _envelope(work, secret)) is not None:
        return Waiting(_envelope(work, secret), stored.secret_key(work, secret))
    return case or await stored.by_secret(work, secret)


async def add(work: Work, sender: Chat, waiting: Waiting, text: str, files: list[str]) -> None:
    """Put what is said with its secret to a report that waits."""
    await _add(work, sender, waiting, Supplement(text, files))


async def _add(work: Work, sender: Chat, waiting: Waiting, what: Supplement | Cry) -> None:
    body = await envelopes.read(work, waiting.envelope)
    if body is None:
        raise LookupError(waiting.envelope)
    more = [*_but_once(body["more"], what), await _wish(work, sender, [what], what.files)]
    await envelopes.change(work, waiting.envelope, body | {"more": more})
    if isinstance(what, Cry):
        work.wind(envelopes.KIND, waiting.envelope, work.now)


async def cry(work: Work, sender: Chat, told: Case | Waiting, text: str, files: list[str]) -> None:
    """Let danger be heard at the next tick, day and night, with all that waits for the same case."""
    rules = work.rules_of(told) if isinstance(told, Case) else work.rules
    place = rules.understanding.read(text).place
    where = (place.label, new_cases.told_area(rules, place)) if place and place.hamlet else ()
    told_of = Cry(text, files, *where)
    if isinstance(told, Waiting):
        await _add(work, sender, told, told_of)
    else:
        await wish(work, sender, told, [told_of], files)


async def is_heard(work: Work, told: Case | Waiting, text: str) -> bool:
    """Say whether anybody of whom these words do not speak can be told now that a sealed case cannot wait."""
    rules, day = work.rules, work.today
    said = exclusion.feared(rules.directory, rules.accused.read(text, day))
    wall = exclusion.around(rules, said, day)
    wall = wall | exclusion.wall_of(told) if isinstance(told, Case) else wall
    if exclusion.leaves_nobody(rules, wall, day):
        return False
    await reached.load(work)
    return ringing.is_heard(work, told, URGENT) if isinstance(told, Case) else True


async def told_in(work: Work, seed: Mapping[str, Any]) -> Case | Waiting:
    """Return the case that a conversation holds open. Raises LookupError."""
    if "waits" in seed:
        return await again(work, Waiting(**seed["waits"]))
    case = await of_code(work, seed["code"])
    if case is None:
        raise LookupError(seed["code"])
    return case


async def again(work: Work, waiting: Waiting) -> Case | Waiting:
    """Return what became of a report that waited."""
    if await envelopes.read(work, waiting.envelope) is not None:
        return waiting
    case = await stored.by_secret_key(work, waiting.secret_key)
    if case is None:
        raise LookupError(waiting.envelope)
    return case


def _but_once(wishes: list[dict[str, Any]], what: Request) -> list[dict[str, Any]]:
    """Leave out words that were put there a moment ago and turn out to be a cry."""
    if not isinstance(what, Cry):
        return wishes
    same: dict[str, Any] = {"text": what.text, "files": []}
    said = [[[str(act), same]] for act in (Act.SUPPLEMENT, Act.COMMENT, Act.REPLY)]
    return [wish for wish in wishes if wish["acts"] not in said]


async def wish(work: Work, sender: Chat, case: Case, acts: Sequence[Request], files: Sequence[str]) -> None:
    """Let what whoever knows the secret wishes for be done later, among others.

    Raises NotNow or NotAllowed where the first of it could not be done now.
    """
    authorise(work, case, kind_of(acts[0]).act, citizen(case), None)
    one, envelope = await _wish(work, sender, acts, files), work.keyring.blind("wishes", case.code)
    pressing = case.urgency == URGENT or isinstance(acts[0], Cry)
    waiting = await envelopes.read(work, envelope)
    if waiting is not None:  # in the order in which they were said
        wishes = [*_but_once(waiting["wishes"], acts[0]), one]
        await envelopes.change(work, envelope, waiting | {"wishes": wishes})
        if pressing:
            work.wind(envelopes.KIND, envelope, work.now)
        return
    body = {"what": "act", "code": case.code, "wishes": [one]}
    await envelopes.put(work, body, _moment(work, pressing=pressing), envelope)


async def _wish(work: Work, sender: Chat, acts: Sequence[Request], files: Sequence[str]) -> dict[str, Any]:
    named = [[str(kind_of(what).act), what.to_json()] for what in acts]
    return {"acts": named, "box": await stored.box_files(work, files, sender)}


def citizen(case: Case) -> Actor:
    """Return who acts for the citizen of a sealed case: whoever knows its secret."""
    return Actor(chat_key=case.chat_key)


async def forget(work: Work, chat: Chat, since: datetime, shown_for: timedelta) -> datetime:
    """Keep nothing of what this chat said since then. Returns until when what it is told now is shown."""
    await forgetting.forget_since(work, chat.key, since)
    until = work.rules.sealing.fading(work.now + shown_for)
    await envelopes.put(work, {"what": "forget", "chat": chat.key}, until)
    return until


async def forget_all(work: Work, chat_keys: list[str]) -> int:
    """Ring the timers that earlier versions wound."""
    for chat_key in chat_keys:
        work.wind(KIND, chat_key, None)
    await forget_shown(work, chat_keys)
    return len(chat_keys)


async def forget_shown(work: Work, chat_keys: list[str]) -> None:
    """Take away what was shown to these chats, and end what they had open, unless more was shown since.

    A chat that is being heard right now is looked at again later.
    """
    chats = await people.hold(work, chat_keys)
    over = [chat for chat in chats if (chat.talk or {}).get("shown_until", 0) <= to_ms(work.now)]
    await forgetting.forget_again(work, [chat.key for chat in over])
    for chat in over:
        if (chat.talk or {}).get("flow") in FLEETING:
            gone = ("flow", "seed", "answers", "files", "begun")
            left = {name: kept for name, kept in (chat.talk or {}).items() if name not in gone}
            leavings.change(work, chat, left)
            chat.busy, chat.menu = False, []
    for chat_key in set(chat_keys) - {chat.key for chat in chats}:
        await envelopes.put(work, {"what": "forget", "chat": chat_key}, work.now + timedelta(minutes=1))
