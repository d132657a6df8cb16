"""What an admin may not do alone waits here for a second person: a head, or another admin.

A request is the order itself: it is worked out and checked anew when the second person agrees. Neither who
asks nor who would gain by it decides, in whichever chat and role; after some days it is over by itself.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

import locales
from domain.cases import NotAllowed, NotNow
from domain.law import BadDocument
from domain.messages import Choice, Message
from domain.people import Role
from domain.routing import Taxonomy
from services import second
from services.administration import editing, keys, orders, readers, rulebook, trust, undoing
from services.administration.order_checks import CannotOrder
from services.administration.rulebook import NothingNew
from services.refusals import AskerSpokenOf, KeyRequestOver, OwnKeyRequest
from storage import changes, people
from storage import second as asked
from storage.people import Chat
from storage.second import KeyRequest
from storage.work import Work

Order = Mapping[str, Any]
KIND = "key"
"""The kind of timer whose subject is a request that waits."""
GRANTED, REFUSED, OVER = "granted", "refused", "over"
_ALONE = frozenset(editing.EDITS)
"""Small changes of documents, none of which says what is kept close, nor where it goes."""
_REFUSALS = second.Refusals(OwnKeyRequest, KeyRequestOver)


async def takes_two(work: Work, order: Order) -> bool:
    """Say whether an order opens what is kept close to anybody, or lets less of it be kept so."""
    ways = await _ways(work, order)
    return bool(await gainers(work, order)) or (ways is not None and readers.opens(*ways))


async def _ways(work: Work, order: Order) -> tuple[Taxonomy, Taxonomy] | None:
    """Return the taxonomy in force and the one an order would go back to; None where it is not about that."""
    last = order.get("last", {})
    name = order["name"] if order["do"] == "back" else last.get("document")
    if name != "taxonomy":
        return None
    _, body = await rulebook.before(work, name)
    return work.rules.taxonomy, (await rulebook.preview(work, name, body))[0].taxonomy


async def gainers(work: Work, order: Order) -> list[UUID]:
    """Return who would read what is kept close by an order, or get a way to act as somebody who does."""
    do = order["do"]
    if do in _ALONE:
        return []
    if (ways := await _ways(work, order)) is not None:
        return readers.by_ways(work, *ways)
    if do == "back":
        return []
    if do == "invite":
        person = await people.person_by_code(work, order["person"])
        return [person.id] if person is not None and await keys.reads_close(work, person.id) else []
    if do == "undo":
        last = order["last"]
        made = None if last["document"] else await changes.of_number(work, last["number"])
        return keys.opened(work, await changes.restored(work, made)) if made is not None else []
    plan = await orders.work_out(work, order)
    return keys.opened(work, plan.rows, plan.then)


def _may(work: Work, person_id: UUID | None) -> bool:
    held = work.rules.directory.held_by(person_id, work.today)
    return any(holding.role in {Role.HEAD, Role.ADMIN} for holding in held)


async def _deciders(work: Work, by: UUID, order: Order) -> list[Chat]:
    """Return the chats of who may decide on what somebody asks for."""
    directory, gaining = work.rules.directory, await gainers(work, order)
    everyone = [p for role in (Role.HEAD, Role.ADMIN) for p in directory.everyone(role, work.today)]
    others = [person for person in dict.fromkeys(everyone) if person not in {by, *gaining}]
    others = await trust.deciders(work, by, others)
    return [chat for chat in await people.chats_of(work, others) if not chat.group]


async def propose(work: Work, by: Chat, order: Order, note: str) -> KeyRequest:
    """Ask for a second person. Raises CannotOrder where nobody else can be reached."""
    if by.person_id is None or not (chats := await _deciders(work, by.person_id, order)):
        raise CannotOrder("nobody_else")
    days = timedelta(days=work.rules.administering.second_days)
    if order["do"] == "back":
        order = {**order, "number": (await rulebook.before(work, order["name"]))[0]}
    facts = {"order": dict(order), "note": note, "person_id": by.person_id}
    row = KeyRequest(id=uuid7(), state=asked.WAITING, at=work.now, expires_at=work.now + days, **facts)
    work.session.add(row)
    await work.session.flush()
    work.wind(KIND, str(row.id), row.expires_at)
    for chat in chats:
        work.post(chat, await shown(work, row, chat.language), f"key_asked:{row.id.hex}:{chat.key[:12]}")
    return row


async def shown(work: Work, row: KeyRequest, language: str) -> Message:
    """Show a request to who may decide on it: what, by whom, and where those it is for can be reached now.

    Where whoever asks is spoken of in a case that is kept close, it can only be refused.
    """
    say = locales.words(language)
    name = await people.name_of(work, row.person_id)
    until = locales.day(language, work.rules.calendar.local(row.expires_at).date())
    text = say("second.asked", name=name, note=row.note, until=until)
    gaining = await gainers(work, row.order)
    for person in gaining:
        if name := await people.name_of(work, person):  # who is only to be added is nowhere yet
            count = len(await people.chats_of(work, [person]))
            text += "\n" + say("second.chats", name=name, count=count)
    typed = say("second.typed")
    grant = Choice(say("second.grant"), f"menu:grant_key:{row.id}", "primary", typed)
    refusal = Choice(say("second.refuse"), f"menu:refuse_key:{row.id}", typed=typed)
    if await trust.speaking_of(work, row.person_id):
        return Message(f"{text}\n{say('second.spoken_of')}", (refusal,))
    return Message(text, (grant, refusal))


async def open_one(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Return a request this person may decide on. Raises NotAllowed, OwnKeyRequest or KeyRequestOver."""
    found = await asked.by_id(work, KeyRequest, row_id)
    row = second.decidable(found, by, _REFUSALS, may=_may(work, by.person_id))
    if row.expires_at <= work.now or not _is_admin(work, row.person_id):
        raise KeyRequestOver
    if by.person_id in await _gaining(work, row):
        raise OwnKeyRequest
    if by.person_id is None or not await trust.deciders(work, row.person_id, [by.person_id]):
        raise KeyRequestOver  # the same words as for any other: nobody learns here that a case speaks of them
    return row


async def _gaining(work: Work, row: KeyRequest) -> list[UUID]:
    """Return who would gain by a request. Raises KeyRequestOver where it fits no more."""
    try:
        return await gainers(work, row.order)
    except (CannotOrder, BadDocument, NothingNew) as refusal:
        raise KeyRequestOver from refusal


def _is_admin(work: Work, person_id: UUID) -> bool:
    held = work.rules.directory.held_by(person_id, work.today)
    return any(holding.role is Role.ADMIN for holding in held)


async def waiting(work: Work, by: Chat) -> list[KeyRequest]:
    """Return the requests this person may decide on, the oldest first."""
    if not _may(work, by.person_id):
        return []
    found = []
    for row in await asked.waiting(work, KeyRequest, by.person_id):
        with suppress(NotAllowed, NotNow):
            found.append(await open_one(work, by, row.id))
    return found


async def grant(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Agree: the order is carried out in the name of both. Raises what `open_one` and orders raise."""
    row = await open_one(work, by, row_id)
    if await trust.speaking_of(work, row.person_id):
        raise AskerSpokenOf
    result = await _CARRY_OUT.get(row.order["do"], _ordered)(work, row, by)
    await _decide(work, row, GRANTED, by.person_id)
    await _tell(work, row, "second.granted", name=await people.name_of(work, by.person_id), result=result)
    return row


async def refuse(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Refuse: nothing changes, and who asked is told. Raises what `open_one` raises."""
    row = await open_one(work, by, row_id)
    await _decide(work, row, REFUSED, by.person_id)
    await _tell(work, row, "second.refused", name=await people.name_of(work, by.person_id))
    return row


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Let requests that nobody has decided on be over, and tell who asked."""
    for subject in subjects:
        row = await asked.by_id(work, KeyRequest, UUID(subject))
        work.wind(KIND, subject, None)
        if row is not None and await asked.decide(work, row, OVER, None):
            await _tell(work, row, "second.over")
    return len(subjects)


async def _decide(work: Work, row: KeyRequest, state: str, by: UUID | None) -> None:
    if not await asked.decide(work, row, state, by):
        raise KeyRequestOver
    work.wind(KIND, str(row.id), None)


async def _tell(work: Work, row: KeyRequest, key: str, **facts: object) -> None:
    for chat in await people.chats_of(work, [row.person_id]):
        text = locales.words(chat.language)(key, note=row.note, **facts)
        work.post(chat, Message(text.rstrip()), f"{key}:{row.id.hex}:{chat.key[:12]}")


# --- carried out ---------------------------------------------------------------------------------


async def _ordered(work: Work, row: KeyRequest, by: Chat) -> str:
    await orders.carry_out(work, row.order, row.person_id, by.person_id)
    return ""


async def _undone(work: Work, row: KeyRequest, by: Chat) -> str:
    last = await undoing.latest(work)
    wanted = row.order["last"]
    if last is None or (last.document, last.number) != (wanted["document"], wanted["number"]):
        raise KeyRequestOver
    await undoing.undo(work, last, row.person_id, by.person_id)
    return ""


async def _gone_back(work: Work, row: KeyRequest, by: Chat) -> str:
    number, _ = await rulebook.before(work, row.order["name"])
    if number != row.order["number"]:
        raise KeyRequestOver
    await undoing.go_back(work, row.order["name"], row.person_id, by.person_id)
    return ""


async def _invited(work: Work, row: KeyRequest, by: Chat) -> str:
    person = await people.person_by_code(work, row.order["person"])
    if person is None:
        raise KeyRequestOver
    token = await keys.invite(work, person, row.person_id, by.person_id)
    return invitation(work, person.name or "", token)


def invitation(work: Work, name: str, token: str, language: str = "vi") -> str:
    """Write what somebody is to be given, and until when it is good."""
    last = work.rules.calendar.local(work.now + people.INVITE_LASTS)
    return locales.words(language)("admin.invite.token", name=name, token=token, until=f"{last:%H:%M %d/%m}")


_CARRY_OUT: Mapping[str, Callable[[Work, KeyRequest, Chat], Awaitable[str]]] = {
    "undo": _undone,
    "back": _gone_back,
    "invite": _invited,
}
