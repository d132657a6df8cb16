"""The verbs of a case. `act` is the only way a case changes: chat, web, command line and clock share it."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from domain import promises
from domain.accused import Accusation
from domain.cases import OPEN_STATES, Act, NotAllowed, NotNow, State, check
from services.acts import following, hearing, joining, moments, rescuing
from services.acts.hearing import Heard
from services.acts.moving import Move
from services.acts.recomputing import recompute
from services.acts.rescuing import CallOut
from services.saying import groups, rescue
from services.saying.telling import Telling
from services.standing import crossing, exclusion, hands, parties
from services.standing.kinds import ACTS, ActKind, Deed, Intent, Request, kind_of
from services.standing.parties import CLOCK, Actor, relations
from services.standing.refusals import NobodyLeft, OwnMatter, StaleVersion
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.people import reached

_GIVES = frozenset({Act.REASSIGN, Act.MOVE})
"""Acts by which a case comes to another commune's unit, who are told of it by the act itself."""


async def act(work: Work, case: Case, what: Act | Request, by: Actor, *, version: int | None = None) -> None:
    """Do something to a case: authorise, change, record, tell, and wind its timer, in the work's transaction.

    `what` is what the act takes; its name does where nothing need be said. Raises NotAllowed, NotNow or one
    of `services.standing.refusals`, and then nothing has changed.
    """
    await reached.load(work)
    with work.within(case.area):
        await _act(work, case, what, by, version)


async def _act(work: Work, case: Case, what: Act | Request, by: Actor, version: int | None) -> None:
    kind = kind_of(what)
    to, was_open = authorise(work, case, kind.act, by, version), case.state in OPEN_STATES
    request = what if isinstance(what, Request) else (kind.takes or Request)()
    deed = Deed(work, case, by, request, request.kept())
    there, came_from = work.rules.directory, case.unit_id
    to = await kind.change(deed) or to
    work.area = case.area  # where it is now: what is told of it knows the unit that has it
    arrived = None
    crossed = work.rules.directory is not there
    if crossed or _follows_over(work, case, kind, came_from):
        arrived, to = await _arrive(deed, kind, to)
    if crossed and was_open:
        _follow_the_clock(deed)
    case.state = to
    case.promises = promises.without(case.promises, kind.keeps)
    if not kind.quiet:
        case.version += 1
    line = stored.append(work, case, kind.act, by.name, deed.facts)
    telling = Telling(work, case, by, line, deed.facts)
    await kind.at_once(telling)
    unit, left = case.unit_id, True
    heard = arrived or await hearing.again(work, case, kind, deed.facts)
    if heard is not None:
        telling.before = heard.before if heard.was_known(case) else None
        left = bool(arrived and kind.act in _GIVES) or await _leave(work, case, heard)
        if to is not State.WITHDRAWN:  # then it is over, and nobody is to read from their card why
            await hearing.take_back(work, case, heard, quietly=not was_open)
    moments.wind(work, case)
    await _tell(telling, kind)
    if heard is not None:
        await following.part(telling, all_=heard.closes or unit != case.unit_id)
        await _tell_outside(telling, heard.said, left=left)
    await _with_it(telling, kind)
    if await rescuing.calls_again(telling, kind.act):
        await act(work, case, CallOut(rescuing.waited(work, case), again=True), CLOCK)


async def _with_it(to: Telling, kind: ActKind[Any]) -> None:
    """Do to what is worked on with a case what follows; what cannot go with it goes on alone."""
    for other, what, by in await joining.follows(to, kind):
        try:
            await act(to.work, other, what, by)
        except (NotAllowed, NotNow):
            if other.joined:
                await act(to.work, other, Act.PART, CLOCK)


async def _arrive(deed: Deed[Any], kind: ActKind[Any], to: State) -> tuple[Heard | None, State]:
    """Hear a case that has come to another commune as it is heard there, before anybody gets its card.

    What was given to those of whom it speaks there goes to who reads it instead, and nobody hears that it
    was first meant for them. Returns the state in which it is then, too.
    """
    work, case = deed.work, deed.case
    heard = await hearing.anew(work, case, deed.facts)
    if heard is None or kind.act not in _GIVES:
        return heard, to
    deed.facts.update(heard.marks(case))
    if to not in OPEN_STATES:
        return heard, to
    with suppress(NobodyLeft):
        if (unit_id := await hearing.goes_to(work, case, heard)) is not None:
            unit, taken = work.desk.directory.unit(UUID(unit_id)), case.officer_id is not None
            to = hands.let_go(work, case) if taken else to
            hands.place(work, case, unit.id)
            named = crossing.with_place(work, unit) if "crossed" in deed.facts else unit.name
            deed.facts.update(unit_id=unit_id, unit=named)
    return heard, to


def _follows_over(work: Work, case: Case, kind: ActKind[Any], came_from: UUID) -> bool:
    """Say whether a case has followed its office to another commune: words mean others there."""
    directory = work.desk.directory
    was, now = (directory.commune_of(directory.unit(one).area) for one in (came_from, case.unit_id))
    return kind.act is Act.MOVE and was is not now


def _follow_the_clock(deed: Deed[Any]) -> None:
    """Reckon a case that is another commune's now by the days and hours there; note the day it was due."""
    before = deed.case.due_on
    recompute(deed.work, deed.case)
    if deed.case.due_on != before:
        deed.facts["due_before"] = before.isoformat()


async def _tell(to: Telling, kind: ActKind[Any]) -> None:
    """Tell everyone concerned what has just been done to the case, as a line of its history says."""
    await kind.news(to)
    await following.told(to, kind)
    await groups.tell(to, kind)


async def _tell_outside(to: Telling, said: Accusation, *, left: bool) -> None:
    """Tell the citizen who may not read the case from now on; where nobody is left, the way outside.

    Nobody but who spoke: the sender of a case may be whom somebody else's words are of.
    """
    if to.by.own != to.case.chat_key:
        return
    if not left:
        await to.citizen("told.nobody_left")
        return
    chat = await to.hears("told.outside")
    called = exclusion.names(to.work.rules.directory, said, to.work.today)
    if called:
        await to.citizen("told.outside", who=exclusion.in_words(called, chat.language))


async def part(work: Work, case: Case, other: Case) -> None:
    """Take a case out of the hands of all who are outside another of its sender's; it goes on with the rest.

    They are told what they are told of any case that is handed on.
    """
    heard = hearing.beside(work, case, other)
    if heard is not None:
        await _leave(work, case, heard)
        await hearing.take_back(work, case, heard)


async def heard_anew(work: Work, case: Case) -> None:
    """Hear a case again where the names and posts of its commune have come to be those of others too."""
    with work.within(case.area):
        heard = await hearing.anew(work, case, {})
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
        await act(work, case, Move(unit, **marks), CLOCK)
    else:  # it stays where it is; its history tells since when it is closed
        line = stored.append(work, case, Act.MOVE, CLOCK.name, marks)
        await _with_it(Telling(work, case, CLOCK, line, marks), kind_of(Act.MOVE))
    return left


def authorise(work: Work, case: Case, what: Act, by: Actor, version: int | None) -> State:
    """Return the state the act would lead to. Raises what `act` raises, so a conversation can ask first."""
    kind = ACTS[what]
    mine = relations(work, case, by) | rescue.relation(work, case, by) | hearing.left(work, case, by)
    if version is not None and version != case.version and mine & kind.by:
        raise StaleVersion(what)
    try:
        to = check(kind, State(case.state), mine)
    except NotAllowed:
        if parties.is_senders(case, by.person_id):
            raise OwnMatter(what) from None
        raise
    with work.within(case.area):
        kind.guard(Intent(work, case, by))
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
