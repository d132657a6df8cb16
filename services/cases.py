"""The verbs of a case. `act` is the only way a case changes: chat, web, command line and clock share it."""

from domain import promises
from domain.cases import OPEN_STATES, QUIET_ACTS, RULES, Act, NotAllowed, NotNow, State, check
from services import hearing, moments, notices, rescue, who
from services.acts import following, rescuing, withdrawing
from services.effects import EFFECTS, GUARDS
from services.hearing import Heard
from services.refusals import NobodyLeft, OwnMatter, StaleVersion
from services.telling import Telling
from services.who import CLOCK, Actor, relations
from storage import cases as stored
from storage import reached
from storage.cases import Case
from storage.work import Work


async def act(
    work: Work, case: Case, what: Act, by: Actor, *, version: int | None = None, **detail: object
) -> None:
    """Do something to a case: authorise, change, record, tell, and wind its timer, in the work's transaction.

    Raises NotAllowed, NotNow or one of `services.refusals`, and then nothing has changed.
    """
    await reached.load(work)
    to, was_open = authorise(work, case, what, by, version), case.state in OPEN_STATES
    effect = EFFECTS.get(what)
    if effect is not None:
        to = await effect(work, case, by, detail) or to
    case.state = to
    made = detail.get("promises")
    case.promises = promises.after(case.promises, what, made if isinstance(made, dict) else {})
    if what not in QUIET_ACTS:
        case.version += 1
    telling = Telling(work, case, by, stored.append(work, case, what, by.name, detail))
    if what is Act.WITHDRAW:
        await withdrawing.over(telling)
    unit, heard, left = case.unit_id, await hearing.again(work, case, what, detail), True
    if heard is not None:
        telling.before = heard.before if heard.was_known(case) else None
        left = await _leave(work, case, heard)
        if what is not Act.WITHDRAW:  # it is over, and nobody is to read from their card why
            await hearing.take_back(work, case, heard, quietly=not was_open)
    moments.wind(work, case)
    await notices.tell(telling, what, detail)
    if heard is not None:
        await following.part(telling, all_=heard.closes or unit != case.unit_id)
        await notices.tell_outside(telling, heard.said, left=left)
    if await rescuing.calls_again(work, case, what, detail):
        await act(work, case, Act.CALL_OUT, CLOCK, n=rescuing.waited(work, case), again=True)


async def part(work: Work, case: Case, other: Case) -> None:
    """Take a case out of the hands of all who are outside another of its sender's; it goes on with the rest.

    They are told what they are told of any case that is handed on.
    """
    heard = hearing.beside(work, case, other)
    if heard is not None:
        await _leave(work, case, heard)
        await hearing.take_back(work, case, heard)


async def _leave(work: Work, case: Case, heard: Heard) -> bool:
    """Let the case leave whoever turns out to be spoken of. Returns whether anybody is left to read it."""
    unit, left, marks = None, True, heard.marks(case)
    if case.state in OPEN_STATES:
        try:
            unit = await hearing.goes_to(work, case, heard)
        except NobodyLeft:
            unit, left = str(case.unit_id) if case.officer_id is not None else None, False
    if unit is not None:
        await act(work, case, Act.MOVE, CLOCK, unit_id=unit, **marks)
    else:  # it stays where it is; its history tells since when it is closed
        stored.append(work, case, Act.MOVE, CLOCK.name, marks)
    return left


def authorise(work: Work, case: Case, what: Act, by: Actor, version: int | None) -> State:
    """Return the state the act would lead to. Raises what `act` raises, so a conversation can ask first."""
    mine = relations(work, case, by) | rescue.relation(work, case, by) | hearing.left(work, case, by)
    if version is not None and version != case.version and mine & RULES[what].by:
        raise StaleVersion(what)
    try:
        to = check(what, State(case.state), mine)
    except NotAllowed:
        if who.is_senders(case, by.person_id):
            raise OwnMatter(what) from None
        raise
    guard = GUARDS.get(what)
    if guard is not None:
        guard(work, case, by)
    return to


async def recompute_all(work: Work) -> int:
    """Derive every open case's due date again (a calendar or a term was changed). Returns how many moved."""
    moved = 0
    ids = await stored.open_ids(work)
    await stored.load_due(work, ids)
    for case in [work.cases[case_id] for case_id in ids if case_id in work.cases]:
        try:
            await act(work, case, Act.RECOMPUTE, CLOCK)
        except NotNow:
            continue
        moved += 1
    return moved
