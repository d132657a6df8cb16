"""Before an admin changes anything they see what would change, and only a second word applies it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from domain import overlays
from domain.law import BadDocument
from domain.messages import Message
from handlers.admin.asking import require_admin
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow
from services.office import editing, keys, needs, office, orders, requests, undoing
from services.office.order_checks import CannotOrder
from services.office.rulebook import Move, NothingNew
from storage.office.changes import InTheWay
from storage.people import people

Order = Mapping[str, Any]
_NAMED = 3
"""Of the cases that become due on another day, so many are named."""


def sure(seed: Seed, _session: Session) -> Flow[Order]:
    """Show what would change, and let it be applied."""
    yield Ask("sure", options=("apply",), facts={"text": seed["text"]}, primary="apply")
    order: Order = seed["order"]
    return order


async def applied(turn: Turn, order: Order) -> Message:
    """Apply what was previewed, worked out anew: the office may have changed meanwhile."""
    require_admin(turn)
    return Message(await refused(turn, _applied(turn, order)))


async def _applied(turn: Turn, order: Order) -> str:
    """Apply it, or ask for the second person it takes."""
    if not await needs.takes_two(turn.work, order):
        return await _apply(turn, order)
    return await proposed(turn, order, (await _lines(turn, order))[0])


async def proposed(turn: Turn, order: Order, note: str) -> str:
    """Ask for a second person, and say so."""
    await requests.propose(turn.work, turn.chat, order, note)
    return turn.say("second.proposed", days=turn.work.rules.administering.second_days)


async def preview(turn: Turn, order: Order) -> Reply:
    """Say what an order would change, and ask whether it may be applied."""
    require_admin(turn)
    return await _asked(turn, editing.placed(turn.work, order, turn.chat.person_id))


async def _asked(turn: Turn, order: Order) -> Reply:
    try:
        lines = await _lines(turn, order)
        why = (await needs.need(turn.work, order)).why
        lines += [turn.say(f"second.needed.{why}")] if why else []
    except _REFUSALS as refusal:
        return Message(_why(turn, refusal))
    return Next(SURE, {"order": dict(order), "text": "\n".join(lines)})


SURE = Conversation("admin_sure", sure, applied)

# --- what would change --------------------------------------------------------------------------


async def _lines(turn: Turn, order: Order) -> list[str]:
    do = order["do"]
    if do in editing.EDITS:
        return await _edit_lines(turn, order)
    return await _LINES[do](turn, order) if do in _LINES else await _plan_lines(turn, order)


async def _plan_lines(turn: Turn, order: Order) -> list[str]:
    plan = await orders.work_out(turn.work, order, turn.chat.person_id)
    effect = [turn.say(f"office.effect.{plan.do}", count=plan.cases)] if plan.cases else []
    return [plan.words(turn.chat.language), *effect, *(turn.say(warning) for warning in plan.warnings)]


async def _edit_lines(turn: Turn, order: Order) -> list[str]:
    edit = await editing.work_out(turn.work, order)
    lines = [edit.words(turn.chat.language)]
    document = overlays.parted(edit.name)[0]
    if document == "holidays":
        lines.append(moved(turn, await editing.rehearse(turn.work, edit)))
    elif document == "words":
        lines.append(_emergencies(turn, *await editing.emergencies(turn.work, edit)))
    else:
        await editing.rehearse(turn.work, edit)
    return lines


def _emergencies(turn: Turn, before: int, after: int) -> str:
    """Say how many stories speak of danger before and after; nobody learns by words of few what is told.

    A name or a number tried as words would be found in them else.
    """
    few = turn.work.rules.hotspots.few
    little = turn.say("admin.few", few=few)
    then = little if after < few else str(after)
    if abs(after - before) < few <= max(before, after):
        then = turn.say("admin.about_as_many", few=few)
    shown = {"before": little if before < few else str(before), "after": then}
    return turn.say("admin.emergencies", days=turn.work.rules.administering.words_days, **shown)


async def _undo_lines(turn: Turn, order: Order) -> list[str]:
    last = undoing.Last(**{**order["last"], "at": turn.work.now})
    lines = [turn.say("admin.undo.what", note=last.note)]
    if not last.document:
        count = await office.rehearse_undo(turn.work, last.number)
        lines += [turn.say("admin.undo.cases", count=count)] if count else []
    else:
        lines.append(moved(turn, (await undoing.step_back(turn.work, last.document))[1]))
    return lines


async def _back_lines(turn: Turn, order: Order) -> list[str]:
    number, moves = await undoing.step_back(turn.work, order["name"])
    return [
        turn.say("admin.back", name=_called(turn, order["name"]), number=number),
        moved(turn, moves),
    ]


async def _invite_lines(turn: Turn, order: Order) -> list[str]:
    return [turn.say("admin.invite.anew" if order.get("ends") else "admin.invite.what", name=order["name"])]


def moved(turn: Turn, moves: list[Move]) -> str:
    """Say how many open cases become due on another day, and name a few; not those kept close."""
    named = [turn.say("admin.moves.one", code=m.code, day=f"{m.after:%d/%m}") for m in moves if not m.close]
    if not named:
        return turn.say("admin.moves.none")
    return turn.say("admin.moves.some", count=len(named), some=", ".join(named[:_NAMED]))


_LINES: Mapping[str, Callable[[Turn, Order], Awaitable[list[str]]]] = {
    "undo": _undo_lines,
    "back": _back_lines,
    "invite": _invite_lines,
}

# --- applied ------------------------------------------------------------------------------------


async def _apply(turn: Turn, order: Order) -> str:
    do = order["do"]
    if do in editing.EDITS:
        await editing.carry_out(turn.work, order, turn.chat.person_id)
        return turn.say("admin.done")
    if do in _APPLY:
        return await _APPLY[do](turn, order)
    await orders.carry_out(turn.work, order, turn.chat.person_id)
    return turn.say("admin.done")


async def _undo(turn: Turn, order: Order) -> str:
    last = await undoing.latest(turn.work, turn.chat.person_id)
    wanted = order["last"]
    if last is None or (last.document, last.number) != (wanted["document"], wanted["number"]):
        return turn.say("admin.undo.changed")
    await undoing.undo(turn.work, last, turn.chat.person_id)
    return turn.say("admin.undo.done", note=last.note)


async def _back(turn: Turn, order: Order) -> str:
    number = await undoing.go_back(turn.work, order["name"], turn.chat.person_id)
    return turn.say("admin.back_done", name=_called(turn, order["name"]), number=number)


def _called(turn: Turn, name: str) -> str:
    return turn.say(f"admin.names.{overlays.parted(name)[0]}")


async def _invite(turn: Turn, order: Order) -> str:
    """Issue an invitation; only its hash is kept, so it is shown this once."""
    person = await people.person_by_code(turn.work, order["person"])
    if person is None:
        raise CannotOrder("unknown", name=order["person"])
    ends = bool(order.get("ends"))
    token = await keys.invite(turn.work, person, turn.chat.person_id, ends=ends)
    return requests.invitation(turn.work, order["name"], token, turn.chat.language)


_APPLY: Mapping[str, Callable[[Turn, Order], Awaitable[str]]] = {
    "undo": _undo,
    "back": _back,
    "invite": _invite,
}

# --- refused ------------------------------------------------------------------------------------

_REFUSALS = (CannotOrder, InTheWay, BadDocument, NothingNew)


async def refused(turn: Turn, applying: Awaitable[str]) -> str:
    """Do it, or say why it cannot be done."""
    try:
        return await applying
    except _REFUSALS as refusal:
        return _why(turn, refusal)


def _why(turn: Turn, refusal: Exception) -> str:
    if isinstance(refusal, CannotOrder):
        return turn.say(f"office.refused.{refusal.key}", **refusal.facts)
    if isinstance(refusal, InTheWay):
        return (
            turn.say("admin.undo.later", number=refusal.later)
            if refusal.later
            else turn.say("admin.undo.in_use")
        )
    return turn.say(
        "admin.nothing_new" if isinstance(refusal, NothingNew) else "admin.bad_document", why=refusal
    )


CONVERSATIONS = (SURE,)
