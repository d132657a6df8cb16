"""What an admin may not do alone waits here for a second person: a head, or another admin.

A request is the order itself: it is worked out and checked anew when the second person agrees. Neither who
asks nor who would gain by it decides, in whichever chat and role; after some days it is over by itself. Whom
it is shown to, and what is answered to a yes, never depends on whom an open case speaks of (see `trust`).
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

import locales
from domain.cases import NotAllowed, NotNow
from domain.law import BadDocument
from domain.messages import Choice, Message
from domain.people import Role
from domain.routing import Taxonomy
from domain.understand.fold import fold
from services.office import borders, editing, joining, keys, office, orders, readers, rulebook, trust, undoing
from services.office.borders import Seats
from services.office.keys import Need
from services.office.order_checks import CannotOrder
from services.office.rulebook import NothingNew
from services.saying import notices
from services.standing import second
from services.standing.refusals import AskerSpokenOf, KeyRequestChanged, KeyRequestOver, OwnKeyRequest
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.office import changes
from storage.people import joined, matters, people
from storage.people import second as asked
from storage.people.people import Chat
from storage.people.second import KeyRequest

Order = Mapping[str, Any]
KIND = "key"
"""The kind of timer whose subject is a request that waits."""
GRANTED, REFUSED, OVER = "granted", "refused", "over"
_ALONE = frozenset(editing.EDITS)
"""Small changes of documents, none of which says what is kept close, nor where it goes."""
_REFUSALS = second.Refusals(OwnKeyRequest, KeyRequestOver)


async def takes_two(work: Work, order: Order) -> bool:
    """Say whether an order is more than one person may do alone."""
    return bool((await need(work, order)).why)


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
    return list((await need(work, order)).gaining)


async def need(work: Work, order: Order) -> Need:
    """Return for what an order needs a second person, and who would gain by it."""
    do = order["do"]
    if do in _ALONE:
        return Need("waits") if _is_long(work, order) else Need()
    if do == "cut":
        return Need("cuts")
    if (ways := await _ways(work, order)) is not None:
        gaining = readers.by_ways(work, *ways)
        return Need("opens" if gaining or readers.opens(*ways) else "", tuple(gaining))
    if do == "back":
        return Need()
    return await _NEEDS.get(do, _of_plan)(work, order)


def _is_long(work: Work, order: Order) -> bool:
    """Say whether an order lets all wait for long: what is told, reminded or sealed stands still then."""
    if order["do"] != "day_off":
        return False
    first, last = date.fromisoformat(order["from"]), date.fromisoformat(order["to"])
    return (last - first).days >= work.rules.administering.alone_days_off


async def _of_plan(work: Work, order: Order) -> Need:
    plan = await orders.work_out(work, order)
    return keys.need(work, plan.rows, plan.then)


async def _of_invitation(work: Work, order: Order) -> Need:
    person = await people.person_by_code(work, order["person"])
    opens = person is not None and await keys.reads_close(work, person.id)
    return Need("opens", (person.id,)) if person is not None and opens else Need()


async def _of_undoing(work: Work, order: Order) -> Need:
    last = order["last"]
    made = None if last["document"] else await changes.of_number(work, last["number"])
    return keys.need(work, await changes.restored(work, made)) if made is not None else Need()


_NEEDS: Mapping[str, Callable[[Work, Order], Awaitable[Need]]] = {
    "invite": _of_invitation,
    "undo": _of_undoing,
}


async def touched(work: Work, order: Order) -> Seats:
    """Return where an order changes anything: whoever asks, or agrees, has a say in all of it."""
    directory, do = work.desk.directory, order["do"]
    if not directory.is_wide:
        return (None,)
    if do in orders.KINDS:
        plan = await orders.work_out(work, order)
        return borders.of_rows(work, plan.rows, plan.then)
    if do in {"cut", "invite"}:
        person = await people.person_by_code(work, order["person"]) if do == "invite" else None
        whose = person.id if person is not None else UUID(order["person"]) if do == "cut" else None
        return directory.seats_of(whose, work.today)
    last = order.get("last", {})
    if do == "undo" and not last["document"]:
        made = await changes.of_number(work, last["number"])
        return await office.touched_by(work, made) if made is not None else ()
    return rulebook.seats(work, editing.document(order) or order.get("name") or last["document"])


async def _may(work: Work, person_id: UUID | None, order: Order) -> bool:
    theirs = order["do"] == "cut" and order["person"] == str(person_id)
    return theirs or borders.over(work, person_id, borders.DECIDE, await touched(work, order))


async def _deciders(work: Work, by: UUID, order: Order, gaining: Collection[UUID]) -> list[Chat]:
    """Return the chats of everybody who may be asked. What cases say of them changes nothing here."""
    seats = await touched(work, order)
    everyone = borders.holding(work, (Role.HEAD, Role.ADMIN), seats)
    everyone = [person for person in everyone if borders.over(work, person, borders.DECIDE, seats)]
    everyone += [UUID(order["person"])] if order["do"] == "cut" else []
    others = [person for person in dict.fromkeys(everyone) if person not in {by, *gaining}]
    return [chat for chat in await people.chats_of(work, others) if not chat.group]


async def propose(work: Work, by: Chat, order: Order, note: str) -> KeyRequest:
    """Ask for a second person. Raises CannotOrder where nobody else can be reached."""
    gaining = await gainers(work, order)
    borders.check(work, by.person_id, await touched(work, order))
    if by.person_id is None or not (chats := await _deciders(work, by.person_id, order, gaining)):
        raise CannotOrder("nobody_else")
    days = timedelta(days=work.rules.administering.second_days)
    if order["do"] == "back":
        order = {**order, "number": (await rulebook.before(work, order["name"]))[0]}
    order = {**order, asked.FOR: [str(person) for person in gaining]}
    facts = {"order": order, "note": note, "person_id": by.person_id}
    row = KeyRequest(id=uuid7(), state=matters.WAITING, at=work.now, expires_at=work.now + days, **facts)
    work.session.add(row)
    await work.session.flush()
    work.wind(KIND, str(row.id), row.expires_at)
    await notices.tell(work, chats, partial(shown, work, row), f"key_asked:{row.id.hex}", wake=True)
    return row


async def shown(work: Work, row: KeyRequest, chat: Chat) -> Message:
    """Show a request to who may decide on it: what, by whom, and where those it is for can be reached now.

    What they were shown is kept: a yes is to that and to nothing else. Where whoever asks, or would gain, is
    spoken of in a case that is kept close, those who read it are told, and can only refuse.
    """
    say, needed = locales.words(chat.language), await need(work, row.order)
    name = await people.name_of(work, row.person_id)
    until = locales.day(chat.language, work.rules.calendar.local(row.expires_at).date())
    lines = [say("second.asked", name=name, note=row.note), say(f"second.why.{needed.why}", until=until)]
    for person, chats in (await _chats(work, needed)).items():
        name = await people.name_of(work, person)
        lines.append(say("second.chats", name=name, count=len(chats)))
    _keep(row, "seen", {**row.order.get("seen", {}), str(chat.person_id): await _facts(work, row, needed)})
    typed = say("second.typed")
    grant = Choice(say("second.grant"), f"menu:grant_key:{row.id}", "primary", typed)
    refusal = Choice(say("second.refuse"), f"menu:refuse_key:{row.id}", typed=typed)
    if trust.reads_any(work, await _about(work, row, needed), chat.person_id):
        lines.append(say("second.spoken_of"))
        return Message("\n".join(lines), (refusal,))
    return Message("\n".join(lines), (grant, refusal))


def _keep(row: KeyRequest, name: str, value: object) -> None:
    row.order = {**row.order, name: value}


async def _facts(work: Work, row: KeyRequest, needed: Need) -> str:
    """Return all that a yes is to: what is done, why it takes two, and in which chats those work who gain."""
    said: list[object] = [row.note, needed.why]
    if row.order["do"] in orders.KINDS:
        said.append((await orders.work_out(work, row.order)).words("vi"))
    for person, chats in (await _chats(work, needed)).items():
        said += [str(person), *sorted(chat.key for chat in chats)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


async def _chats(work: Work, needed: Need) -> dict[UUID, list[Chat]]:
    """Return the chats of those who would gain; who is only to be added is nowhere yet."""
    await people.load_people(work, needed.gaining)
    known = [person for person in needed.gaining if work.people[person] is not None]
    return {person: await joined.of_person(work, person) for person in known}


async def _about(work: Work, row: KeyRequest, needed: Need) -> list[Case]:
    """Return the cases that speak of who asks or would gain, or of whoever is entered under such a name."""
    there = borders.parts(work, await touched(work, row.order))
    entered = {person: name for part in there for person, name in part.names.items()}
    called = {fold(entered.get(person, "")) for person in needed.gaining}
    called = {*called, fold(row.order["name"]) if row.order["do"] == "add_person" else ""} - {""}
    same = [person for person, name in entered.items() if fold(name) in called]
    return await trust.about(work, row.person_id, [*needed.gaining, *same])


async def open_one(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Return a request this person may decide on. Raises NotAllowed, OwnKeyRequest or KeyRequestOver."""
    found = await matters.by_id(work, KeyRequest, row_id)
    try:
        may = found is not None and await _may(work, by.person_id, found.order)
    except (CannotOrder, BadDocument, NothingNew) as refusal:
        if not borders.over(work, by.person_id, borders.DECIDE, ()):
            raise NotAllowed from refusal
        raise KeyRequestOver from refusal
    row = second.decidable(found, by.person_id, _REFUSALS, may=may)
    if row.expires_at <= work.now or not await _asker_may(work, row):
        raise KeyRequestOver
    if by.person_id in (await _needed(work, row)).gaining:
        raise OwnKeyRequest
    return row


async def _needed(work: Work, row: KeyRequest) -> Need:
    """Return what a request needs now. Raises KeyRequestOver where it fits no more, or one is enough."""
    try:
        needed = await need(work, row.order)
    except (CannotOrder, BadDocument, NothingNew) as refusal:
        raise KeyRequestOver from refusal
    if not needed.why:
        raise KeyRequestOver
    return needed


async def _asker_may(work: Work, row: KeyRequest) -> bool:
    return borders.over(work, row.person_id, borders.ADMINS, await touched(work, row.order))


async def waiting(work: Work, by: Chat) -> list[KeyRequest]:
    """Return the requests this person may decide on, the oldest first."""
    found = []
    for row in await matters.in_states(work, KeyRequest, {matters.WAITING}):
        if row.person_id != by.person_id and str(by.person_id) not in row.order.get("agreed", ()):
            with suppress(NotAllowed, NotNow):
                found.append(await open_one(work, by, row.id))
    return found


async def grant(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Agree: the order is carried out in the name of both. Raises what `open_one` and orders raise.

    A yes of whom a case speaks, or to what gives such a one a key, is noted like any other and does nothing.
    Raises KeyRequestChanged where it is not to what this person was shown, AskerSpokenOf for a reader.
    """
    row = await open_one(work, by, row_id)
    needed = await _needed(work, row)
    if row.order.get("seen", {}).get(str(by.person_id)) != await _facts(work, row, needed):
        raise KeyRequestChanged
    await _check_chats(work, row, needed)
    about = await _about(work, row, needed)
    if trust.reads_any(work, about, by.person_id):
        raise AskerSpokenOf
    before = list(row.order.get("agreed", ()))
    _keep(row, "agreed", list(dict.fromkeys([*before, str(by.person_id)])))
    if about or by.person_id is None or await trust.speaking_of(work, by.person_id):
        return row
    result = await _CARRY_OUT.get(row.order["do"], _ordered)(work, row, by)
    await _decide(work, row, GRANTED, by.person_id)
    # Whose yes was the one that counted tells, where there were two, that another did not.
    key, name = "second.granted", await people.name_of(work, by.person_id)
    alone = not set(before) - {str(by.person_id)}
    await _tell(work, row, key if alone else f"{key}_by_some", name=name, result=result)
    return row


async def _check_chats(work: Work, row: KeyRequest, needed: Need) -> None:
    """Refuse a key to whoever works in a chat that has only just joined: it may be a stranger's."""
    if row.order["do"] == "invite":
        return
    since = work.now - timedelta(hours=work.rules.administering.new_chat_hours)
    for person, chats in (await _chats(work, needed)).items():
        if any(chat.joined_at is not None and chat.joined_at > since for chat in chats):
            raise CannotOrder("new_chat", name=await people.name_of(work, person))


async def refuse(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Refuse: nothing changes, and who asked is told. Raises what `open_one` raises."""
    row = await open_one(work, by, row_id)
    await _decide(work, row, REFUSED, by.person_id)
    await _tell(work, row, "second.refused", name=await people.name_of(work, by.person_id))
    return row


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Let requests that nobody has decided on be over, and tell who asked."""
    for subject in subjects:
        row = await matters.by_id(work, KeyRequest, UUID(subject))
        work.wind(KIND, subject, None)
        if row is not None and await matters.decide(work, row, OVER, None):
            await _tell(work, row, "second.over")
    return len(subjects)


async def _decide(work: Work, row: KeyRequest, state: str, by: UUID | None) -> None:
    if not await matters.decide(work, row, state, by):
        raise KeyRequestOver
    work.wind(KIND, str(row.id), None)


async def _tell(work: Work, row: KeyRequest, key: str, **facts: object) -> None:
    def write(chat: Chat) -> Message:
        return Message(locales.words(chat.language)(key, note=row.note, **facts).rstrip())

    await notices.tell(work, [row.person_id], write, f"{key}:{row.id.hex}", wake=True)


# --- carried out ---------------------------------------------------------------------------------


async def _ordered(work: Work, row: KeyRequest, by: Chat) -> str:
    await orders.carry_out(work, row.order, row.person_id, by.person_id)
    return ""


async def _edited(work: Work, row: KeyRequest, by: Chat) -> str:
    await editing.carry_out(work, row.order, row.person_id, by.person_id)
    return ""


async def _undone(work: Work, row: KeyRequest, by: Chat) -> str:
    last = await undoing.latest(work, row.person_id)
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


async def _cut(work: Work, row: KeyRequest, _by: Chat) -> str:
    await joining.cut(work, row.person_id, row.order["chat"], UUID(row.order["person"]))
    return ""


async def _invited(work: Work, row: KeyRequest, by: Chat) -> str:
    person = await people.person_by_code(work, row.order["person"])
    if person is None:
        raise KeyRequestOver
    ends = bool(row.order.get("ends"))
    token = await keys.invite(work, person, row.person_id, by.person_id, ends=ends)
    return invitation(work, person.name or "", token)


def invitation(work: Work, name: str, token: str, language: str = "vi") -> str:
    """Write what somebody is to be given, and until when it is good."""
    last = work.rules.calendar.local(work.now + people.INVITE_LASTS)
    return locales.words(language)("admin.invite.token", name=name, token=token, until=f"{last:%H:%M %d/%m}")


_CARRY_OUT: Mapping[str, Callable[[Work, KeyRequest, Chat], Awaitable[str]]] = {
    "undo": _undone,
    "back": _gone_back,
    "invite": _invited,
    "cut": _cut,
    "day_off": _edited,
}
