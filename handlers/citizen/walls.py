"""Who will read what is told, and who will not: said before it is sent, and only as far as it is so."""

from domain.accused import Accusation
from domain.routing import Unit
from handlers.engine.conversation import Session, Turn
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.saying import wording
from services.standing import exclusion
from services.standing.refusals import NobodyLeft
from storage.cases.cases import Case


def names_nobody(session: Session, draft: Draft) -> bool:
    """Say whether a wrong is told of those who serve here, and of nobody who is known: then it is asked."""
    _, tells = new_cases.told_in(session.rules, draft, session.today)
    said = new_cases.closeness_of(session.rules, draft, session.today).said if tells else None
    return said is not None and not (said.people or said.units)


def line(session: Session, draft: Draft) -> str:
    """Write for the review who is kept out; of a sealed report also who reads it."""
    if draft.sealed:
        careful = session.say("sealed.careful.line") if session.files else ""
        return session.say("report.sealed_line") + readers(session, draft) + careful
    kept = new_cases.closeness_of(session.rules, draft, session.today)
    if not kept.close:
        return ""
    unit = _unit(session, draft)
    if not unit:
        return session.say("walls.nowhere")
    return _promise(session, kept.said, unit) + session.say("walls.or_sealed")


def readers(session: Session, draft: Draft) -> str:
    """Write who will read a sealed report, by their unit, and who will not."""
    draft = new_cases.sealed(session.rules, draft)
    unit = _unit(session, draft)
    if not unit:
        return session.say("walls.nowhere")
    said = new_cases.closeness_of(session.rules, draft, session.today).said
    who = _who(session, said)
    others = session.say("walls.not_readers", who=who) if who else ""
    return session.say("walls.readers", unit=unit) + others


def kept_close(turn: Turn, case: Case) -> str:
    """Write for the receipt who is kept out of a case: the same as the review promised."""
    rules, day = turn.work.rules, turn.work.today
    said = new_cases.spoken_of(rules, case.story, case.place, day)
    said = exclusion.kept_out(rules.directory, said, exclusion.wall_of(case), day)
    return _promise(turn.session, said, rules.directory.unit(case.unit_id).name)


def _promise(session: Session, said: Accusation, unit: str) -> str:
    who = _who(session, said)
    return session.say("walls.promise", who=who) if who else session.say("walls.close", unit=unit)


def _who(session: Session, said: Accusation) -> str:
    called = exclusion.names(session.rules.directory, said, session.today)
    return exclusion.in_words(called, session.language)


def keeper(session: Session, draft: Draft) -> str:
    """Return who will keep what is told, as is agreed to: the commune, or the province if it goes there."""
    unit = _goes_to(session, draft)
    return wording.keeper(session.rules, unit.id) if unit is not None else session.commune


def _unit(session: Session, draft: Draft) -> str:
    """Return the unit that will read it, empty where nobody may."""
    unit = _goes_to(session, draft)
    return unit.name if unit is not None else ""


def _goes_to(session: Session, draft: Draft) -> Unit | None:
    try:
        return new_cases.destination(session.rules, draft, session.today)
    except NobodyLeft:
        return None
