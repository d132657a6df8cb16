"""What an order needs before it is carried out: whether one is enough, who gains by it, where it reaches."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.routing import Taxonomy
from services.office import borders, editing, keys, office, orders, readers, rulebook
from services.office.borders import Seats
from services.office.keys import Need
from storage.ground.work import Work
from storage.office import changes
from storage.people import people

Order = Mapping[str, Any]
_ALONE = frozenset(editing.EDITS)
"""Small changes of documents, none of which says what is kept close, nor where it goes."""


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
