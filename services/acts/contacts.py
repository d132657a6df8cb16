"""The number to call a citizen back on: kept with the case, read by whoever has taken it and nobody else.

That they were called is on record, and told to them: who was not, says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.cases import ANY_STATE, HELD, Act, NotNow, Relation
from domain.promises import Promise
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import NEVER as NOT_KEPT
from services.standing.kinds import ActKind, Button, Deed, Intent, Request
from storage.people.people import name_of

NEVER = ""
"""Kept instead of a number where nobody may call: somebody else may hold the telephone."""
_KEPT = frozenset({Promise.CALL, Promise.WRITE})


@dataclass(frozen=True, slots=True)
class Contact(Request):
    """The number, empty to forget it. The history says that it changed, never what it is: it can be deleted.

    `never`: nobody may call, whatever number stands in the story. `quiet`: nobody is told that it is gone.
    `call`: they ask to be called, and `promises` are by when (see `domain.promises`).
    """

    number: str = field(metadata=NOT_KEPT)
    never: bool = False
    quiet: bool = False
    call: bool = False
    promises: Mapping[str, int] | None = None


async def _contact(deed: Deed[Contact]) -> None:
    """Keep or forget the number."""
    case, asked = deed.case, deed.request
    number = asked.number or (NEVER if asked.never else None)
    deed.facts["changed"] = number != case.contact
    case.contact = number
    case.promises = case.promises | dict(asked.promises or {})
    if not number and Promise.CALL in case.promises:  # nothing is left to keep it by
        deed.facts["uncalled"] = True
        case.promises = {what: at for what, at in case.promises.items() if what != Promise.CALL}


async def _contacted(to: Telling) -> None:
    """Draw the card anew, without a sound; who asks to be called makes one, and who needs none."""
    if to.facts["changed"]:
        await to.redraw()
    if to.facts.get("uncalled") and not to.facts.get("quiet"):
        await to.officials(parties.handling(to.work, to.case), "official.uncalled", ("show",))
    if to.facts.get("call"):
        await to.officials(parties.handling(to.work, to.case), "official.call_back", ("called", "show"))


def _call_promised(intent: Intent) -> None:
    """Note a call only where one was promised."""
    if not _KEPT & set(intent.case.promises):
        raise NotNow(Act.CALLED)


async def _called(deed: Deed[Any]) -> None:
    """Note who called."""
    deed.facts["officer"] = await name_of(deed.work, deed.by.person_id)


async def _was_called(to: Telling) -> None:
    """Tell the citizen what was noted."""
    await to.redraw()
    await to.citizen("told.called", officer=to.facts["officer"])


ACTS = (
    ActKind(
        act=Act.CONTACT,
        takes=Contact,
        by={Relation.CITIZEN},
        states=ANY_STATE,
        change=_contact,
        news=_contacted,
        quiet=True,
    ),
    ActKind(
        act=Act.CALLED,
        by={Relation.OFFICER},
        states=HELD,
        guard=_call_promised,
        change=_called,
        news=_was_called,
        keeps=_KEPT,
        button=Button(verb="called", place=20, on_card=True),
    ),
)
