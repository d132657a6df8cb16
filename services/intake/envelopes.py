"""What waited in envelopes is dealt with: sealed reports are opened in batches, shown secrets forgotten.

A batch is opened in an order of its own, at a moment the clock's marks give: whoever reads the database
without the key finds no number, time or key by which a case belongs to one of the many who wrote before.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from domain.cases import OPEN_STATES, NotAllowed, NotNow
from services.acts.act import act
from services.acts.adding import Comment, Supplement
from services.intake import new_cases, sealed
from services.intake.new_cases import Draft
from services.standing.kinds import ACTS
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail import envelopes
from storage.people import sealed as identities
from storage.people.sealed import Identity

KIND = envelopes.KIND


async def ring_all(work: Work, subjects: list[str]) -> int:
    """Deal with these envelopes. Returns how many there were."""
    bodies = await envelopes.take(work, subjects)
    work.dice.shuffle(bodies)
    for body in bodies:
        await _DEALT[body["what"]](work, body)
    return len(subjects)


async def _open(work: Work, body: dict[str, Any]) -> None:
    """Open a case whose sender is nobody, and add what was said with its secret meanwhile."""
    nobody = identities.nobody(work)
    await identities.unbox_files(work, body["box"], nobody.key)
    draft = Draft.from_json(body["draft"])
    case = await new_cases.open_case(work, nobody, draft, secret_key=body["secret_key"])
    identities.keep_identity(work, case, Identity(**body["sender"]))
    for more in body["more"]:
        await _do(work, case, more)


async def _act(work: Work, body: dict[str, Any]) -> None:
    """Do what whoever knows a case's secret wished for."""
    case = await stored.by_code(work, body["code"])
    if case is None:
        raise LookupError(body["code"])
    for wish in body["wishes"]:
        await _do(work, case, wish)


async def _do(work: Work, case: Case, wish: dict[str, Any]) -> None:
    await identities.unbox_files(work, wish["box"], case.chat_key)
    for name, detail in wish["acts"]:
        try:
            await act(work, case, ACTS[name].of_json(detail), sealed.citizen(case))
        except (NotNow, NotAllowed):  # the case has gone on since: no word of it may be lost
            await _say_anyway(work, case, detail)


async def _say_anyway(work: Work, case: Case, detail: dict[str, Any]) -> None:
    text, files = detail.get("text") or detail.get("reason") or "", detail.get("files", [])
    said = Supplement if case.state in OPEN_STATES else Comment
    if text or files:
        try:
            await act(work, case, said(text, files), sealed.citizen(case))
        except NotNow:  # withdrawn: nobody works on it, and its history keeps what its sender wished
            return


async def _forget(work: Work, body: dict[str, Any]) -> None:
    await sealed.forget_shown(work, [body["chat"]])


_DEALT: dict[str, Callable[[Work, dict[str, Any]], Awaitable[None]]] = {
    "report": _open,
    "act": _act,
    "forget": _forget,
}
