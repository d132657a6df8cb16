"""What an admin may not do alone waits here for a second person: a head, or another admin.

A request is the order itself: it is worked out and checked anew when the second person agrees. Neither who
asks nor who would gain by it decides, in whichever chat and role; after some days it is over by itself. Whom
it is shown to, and what is answered to a yes, never depends on whom an open case speaks of (see `trust`).
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import locales
from domain.cases import NotAllowed, NotNow
from domain.law import BadDocument
from domain.messages import Choice, Message
from domain.people import Role
from domain.understand.fold import fold
from services.matters.change import change, opened, wind
from services.matters.kinds import Deed, Intent, MatterAct, MatterKind, News
from services.office import borders, editing, joining, keys, orders, rulebook, trust, undoing
from services.office.borders import Seats
from services.office.keys import Need
from services.office.needs import Order, gainers, need, touched
from services.office.order_checks import CannotOrder
from services.office.rulebook import NothingNew
from services.standing.parties import CLOCK, Actor
from services.standing.refusals import AskerSpokenOf, KeyRequestChanged, KeyRequestOver, OwnKeyRequest
from services.standing.second import Refusals
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import joined, matters, people
from storage.people import second as asked
from storage.people.matters import WAITING
from storage.people.people import Chat
from storage.people.second import KeyRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Basis:
    """An order as it comes to now: where it reaches and what it needs, each None where it fits no more."""

    seats: Seats | None
    needed: Need | None


async def _basis(work: Work, row: KeyRequest) -> Basis:
    return Basis(await _fitting(touched(work, row.order)), await _fitting(need(work, row.order)))


async def _fitting(worked_out: Awaitable[T]) -> T | None:
    try:
        return await worked_out
    except (CannotOrder, BadDocument, NothingNew):
        return None


def _deciders(work: Work, row: KeyRequest, basis: Basis) -> list[UUID]:
    """Return everybody who may be asked. What cases say of them changes nothing here."""
    seats = basis.seats or ()
    everyone = borders.holding(work, (Role.HEAD, Role.ADMIN), seats)
    everyone = [person for person in everyone if borders.over(work, person, borders.DECIDE, seats)]
    everyone += [UUID(row.order["person"])] if row.order["do"] == "cut" else []
    but = {row.person_id, *(basis.needed.gaining if basis.needed is not None else ())}
    return [person for person in dict.fromkeys(everyone) if person not in but]


async def propose(work: Work, by: Chat, order: Order, note: str) -> KeyRequest:
    """Ask for a second person. Raises CannotOrder where nobody else can be reached."""
    gaining = await gainers(work, order)
    if by.person_id is None:
        raise CannotOrder("nobody_else")
    if order["do"] == "back":
        order = {**order, "number": (await rulebook.before(work, order["name"]))[0]}
    order = {**order, asked.FOR: [str(person) for person in gaining]}
    row = asked.new(work, by.person_id, order, note, work.rules.administering.second_days)
    kept = {"note": note, "seats": list(await touched(work, order)), "gaining": order[asked.FOR]}
    await change(work, KEY_REQUEST, row, "propose", Actor.of(by), **kept)
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
    return await opened(work, KEY_REQUEST, row_id, "refuse", Actor.of(by))


async def waiting(work: Work, by: Chat) -> list[KeyRequest]:
    """Return the requests this person may decide on, the oldest first."""
    found = []
    for row in await matters.in_states(work, KeyRequest, {WAITING}):
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
    await change(work, KEY_REQUEST, row, "agree", Actor.of(by))
    with suppress(_DoesNotCountError):
        await change(work, KEY_REQUEST, row, "grant", Actor.of(by))
    return row


async def refuse(work: Work, by: Chat, row_id: UUID) -> KeyRequest:
    """Refuse: nothing changes, and who asked is told. Raises what `open_one` raises."""
    row = await open_one(work, by, row_id)
    await change(work, KEY_REQUEST, row, "refuse", Actor.of(by))
    return row


# --- carried out ----------------------------------------------------------------------------------


async def _ordered(work: Work, row: KeyRequest, by: UUID) -> str:
    await orders.carry_out(work, row.order, row.person_id, by)
    return ""


async def _edited(work: Work, row: KeyRequest, by: UUID) -> str:
    await editing.carry_out(work, row.order, row.person_id, by)
    return ""


async def _undone(work: Work, row: KeyRequest, by: UUID) -> str:
    last = await undoing.latest(work, row.person_id)
    wanted = row.order["last"]
    if last is None or (last.document, last.number) != (wanted["document"], wanted["number"]):
        raise KeyRequestOver
    await undoing.undo(work, last, row.person_id, by)
    return ""


async def _gone_back(work: Work, row: KeyRequest, by: UUID) -> str:
    number, _ = await rulebook.before(work, row.order["name"])
    if number != row.order["number"]:
        raise KeyRequestOver
    await undoing.go_back(work, row.order["name"], row.person_id, by)
    return ""


async def _cut(work: Work, row: KeyRequest, _by: UUID) -> str:
    await joining.cut(work, row.person_id, row.order["chat"], UUID(row.order["person"]))
    return ""


async def _invited(work: Work, row: KeyRequest, by: UUID) -> str:
    person = await people.person_by_code(work, row.order["person"])
    if person is None:
        raise KeyRequestOver
    ends = bool(row.order.get("ends"))
    token = await keys.invite(work, person, row.person_id, by, ends=ends)
    return invitation(work, person.name or "", token)


def invitation(work: Work, name: str, token: str, language: str = "vi") -> str:
    """Write what somebody is to be given, and until when it is good."""
    last = work.rules.calendar.local(work.now + people.INVITE_LASTS)
    return locales.words(language)("admin.invite.token", name=name, token=token, until=f"{last:%H:%M %d/%m}")


_CARRY_OUT: Mapping[str, Callable[[Work, KeyRequest, UUID], Awaitable[str]]] = {
    "undo": _undone,
    "back": _gone_back,
    "invite": _invited,
    "cut": _cut,
    "day_off": _edited,
}


# --- what is done to one -------------------------------------------------------------------------


class _DoesNotCountError(Exception):
    """A yes that is noted and does nothing; nobody is told so."""


def _asks(intent: Intent[KeyRequest]) -> bool:
    return intent.by.person_id == intent.matter.person_id


async def _askable(intent: Intent[KeyRequest]) -> None:
    """Ask that it ends within the asker's area, and that somebody else can be reached."""
    work, row = intent.work, intent.matter
    borders.check(work, row.person_id, await touched(work, row.order))
    if not await people.chats_of(work, _deciders(work, row, intent.basis)):
        raise CannotOrder("nobody_else")


def _decides(intent: Intent[KeyRequest]) -> bool:
    """Say whether somebody has a say in all it touches; in what fits no more, where its asker serves."""
    work, matter, by, seats = intent.work, intent.matter, intent.by.person_id, intent.basis.seats
    theirs = matter.order["do"] == "cut" and matter.order["person"] == str(by)
    there = work.desk.directory.seats_of(matter.person_id, work.today) if seats is None else seats
    return theirs or borders.over(work, by, borders.DECIDE, there)


async def _stands(intent: Intent[KeyRequest]) -> None:
    """Ask that it fits still, takes two, whoever asked may ask, and that it gives this person nothing."""
    work, row, basis = intent.work, intent.matter, intent.basis
    if row.expires_at <= work.now or basis.seats is None or basis.needed is None or not basis.needed.why:
        raise KeyRequestOver
    if not borders.over(work, row.person_id, borders.ADMINS, basis.seats):
        raise KeyRequestOver
    if intent.by.person_id in basis.needed.gaining:
        raise OwnKeyRequest


async def _is_to_what_was_shown(intent: Intent[KeyRequest]) -> None:
    await _stands(intent)
    work, row, needed = intent.work, intent.matter, intent.basis.needed
    if row.order.get("seen", {}).get(str(intent.by.person_id)) != await _facts(work, row, needed):
        raise KeyRequestChanged
    await _check_chats(work, row, needed)
    if trust.reads_any(work, await _about(work, row, needed), intent.by.person_id):
        raise AskerSpokenOf


async def _check_chats(work: Work, row: KeyRequest, needed: Need) -> None:
    """Refuse a key to whoever works in a chat that has only just joined: it may be a stranger's."""
    if row.order["do"] == "invite":
        return
    since = work.now - timedelta(hours=work.rules.administering.new_chat_hours)
    for person, chats in (await _chats(work, needed)).items():
        if any(chat.joined_at is not None and chat.joined_at > since for chat in chats):
            raise CannotOrder("new_chat", name=await people.name_of(work, person))


async def _agree(deed: Deed[KeyRequest]) -> None:
    before = deed.matter.order.get("agreed", ())
    _keep(deed.matter, "agreed", list(dict.fromkeys([*before, str(deed.by.person_id)])))


async def _counts(intent: Intent[KeyRequest]) -> None:
    """Ask for a yes that was noted, of somebody and to something of whom no open case speaks."""
    await _is_to_what_was_shown(intent)
    work, row, by = intent.work, intent.matter, intent.by.person_id
    if by is None or str(by) not in row.order.get("agreed", ()):
        raise KeyRequestChanged
    if await _about(work, row, intent.basis.needed) or await trust.speaking_of(work, by):
        raise _DoesNotCountError


async def _carry_out(deed: Deed[KeyRequest]) -> None:
    row, by = deed.matter, deed.by.person_id
    if by is None:
        raise NotAllowed(KEY_REQUEST.name)
    result = await _CARRY_OUT.get(row.order["do"], _ordered)(deed.work, row, by)
    deed.aside["result"] = f"\n{result}" if result else ""
    # Whose yes was the one that counted tells, where there were two, that another did not.
    deed.facts["by_some"] = bool(set(row.order["agreed"]) - {str(by)})


async def _lapse(work: Work, row: KeyRequest) -> None:
    """End what nobody decided on in time, and what fits no more once units or communes were merged."""
    basis = await _basis(work, row)
    if row.expires_at > work.now and basis.seats is not None and basis.needed is not None:
        wind(work, KEY_REQUEST, row)
    else:
        await change(work, KEY_REQUEST, row, "lapse", CLOCK)


def _to_asker(words: str, *, by_some: bool | None = None) -> News[KeyRequest]:
    """Tell who asked; where it is said, only if one of several yeses counted, or only if not."""

    def to(deed: Deed[KeyRequest]) -> list[UUID]:
        return [deed.matter.person_id] if by_some in {None, deed.facts.get("by_some")} else []

    return News(words=words, to=to, wake=True)


def _reads(work: Work, person: UUID, kept: Mapping[str, Any]) -> bool:
    """Say whether somebody has a say in all it touched, and gains nothing by it."""
    return str(person) not in kept["gaining"] and borders.over(work, person, borders.DECIDE, kept["seats"])


async def _told_later(_work: Work, kept: Mapping[str, Any], _language: str) -> dict[str, Any]:
    return {"note": kept["note"]}


async def _told(_work: Work, row: KeyRequest, _language: str) -> dict[str, Any]:
    return {"note": row.note}


_ASKED: News[KeyRequest] = News(
    words="second.asked",
    to=lambda deed: _deciders(deed.work, deed.matter, deed.basis),
    write=shown,
    once=True,
    wake=True,
)
_GRANTED = _to_asker("second.granted", by_some=False), _to_asker("second.granted_by_some", by_some=True)
KEY_REQUEST = MatterKind(
    row=KeyRequest,
    acts=(
        MatterAct(act="propose", to=WAITING, may=_asks, guard=_askable, news=(_ASKED,)),
        MatterAct(
            act="agree",
            states={WAITING},
            to=WAITING,
            may=_decides,
            second=True,
            guard=_is_to_what_was_shown,
            change=_agree,
        ),
        MatterAct(
            act="grant",
            states={WAITING},
            to=asked.GRANTED,
            may=_decides,
            second=True,
            guard=_counts,
            carry_out=_carry_out,
            news=_GRANTED,
        ),
        MatterAct(
            act="refuse",
            states={WAITING},
            to=asked.REFUSED,
            may=_decides,
            second=True,
            guard=_stands,
            news=(_to_asker("second.refused"),),
        ),
        MatterAct(act="lapse", states={WAITING}, to=asked.OVER, news=(_to_asker("second.over"),)),
    ),
    facts=_told,
    reads=_reads,
    told=_told_later,
    basis=_basis,
    refusals=Refusals(OwnKeyRequest, KeyRequestOver),
    moment=lambda _, row: row.expires_at if row.state == WAITING else None,
    ring={WAITING: _lapse},
)
