"""The documents an admin may replace: checked against everything that leans on them, then put in force.

What ships with the program is version 0; an empty body in a later version stands for it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import yaml

from domain import alarms, deadlines, law, overlays
from domain.calendar import CalendarEnds
from domain.law import BadDocument
from domain.people import Role
from domain.rules import DOCUMENTS, Rules
from domain.understand import KINDS
from domain.understand.understood import URGENT, calmer
from services.acts.act import recompute_all
from services.office import borders, keys, readers
from services.standing import rounds
from services.standing.reckoning import due_of
from storage.cases import kept
from storage.ground.work import Work
from storage.office import documents
from storage.office.rulebook import replace

Body = dict[str, Any]
_MISFITS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
_TWO = 2
_AHEAD = timedelta(days=366)
# A calendar that is loaded must reach this far; one that ends sooner would stop the desk within the year.


class NothingNew(Exception):
    """The document is already the one in force, or there is no earlier one to go back to."""


@dataclass(frozen=True, slots=True)
class Move:
    """An open case whose due date becomes another."""

    code: str
    before: date
    after: date
    close: bool = False
    """Whether the case is kept from somebody, and not to be named to who may not see it."""


def parse(name: str, data: bytes) -> Body:
    """Read a document's YAML as it will be stored: plain JSON. Raises BadDocument, of one line."""
    with _said(name):
        text = data.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise BadDocument(f"{name}: write values out instead of pointing to others with “*”")
        document = _plain(yaml.safe_load(text))
    if not isinstance(document, dict) or not document:
        raise BadDocument(f"{name}: the file must hold the whole document, such as `export {name}` prints")
    return document


async def current(work: Work, name: str) -> Body:
    """Return the document in force, as plain JSON; a commune's own as a whole, with what it lies on."""
    return _whole(await documents.in_force(work), name)


def seats(work: Work, name: str) -> borders.Seats:
    """Return whose document it is: a commune's, or that of all and of what is above them."""
    area = overlays.parted(name)[1]
    return (area,) if area else work.desk.directory.seats


def place(work: Work, person_id: UUID | None) -> str:
    """Return of which commune an admin changes the documents; empty for the whole desk, from above."""
    directory = work.desk.directory
    if not directory.is_wide or borders.over(work, person_id, borders.ADMINS, directory.seats):
        return ""
    theirs = [
        seat
        for holding in directory.held_by(person_id, work.today)
        if holding.role is Role.ADMIN and (seat := directory.seat(holding.unit_id)) is not None
    ]
    here = directory.commune_of(work.area or "")
    return here.code if here is not None and here.code in theirs else next(iter(theirs), "")


def names(area: str) -> tuple[str, ...]:
    """Return the names of the documents of a commune, or of the whole desk."""
    return tuple(overlays.named(name, area) for name in overlays.OVERLAID) if area else DOCUMENTS


async def rehearse(work: Work, name: str, body: Body) -> list[Move]:
    """Set the work's rules to what they would be with the document; returns what moves, writes nothing.

    Raises BadDocument when the document does not fit its shape, the other documents, or what is stored, and
    NothingNew when it is in force already.
    """
    in_force = await documents.in_force(work)
    body = _own(in_force, name, body)
    if _whole(in_force | {name: body}, name) == _whole(in_force, name):
        raise NothingNew(f"{name}: this is already the document in force")
    used = await documents.leaning(work)
    cases = await documents.open_cases(work)
    with _said(name):
        rules = fitting(name, in_force | {name: body}, work.desk, work.now)
        _check_leaning(rules, used)
        for there in _everywhere(rules):
            _check_templates(there)
        work.desk = rules
        dues = [(case, due_of(work, case).day) for case in cases]
    moved = [(case, day) for case, day in dues if case.due_on != day]
    return [Move(case.code, case.due_on, day, kept.from_somebody(case)) for case, day in moved]


async def preview(work: Work, name: str, body: Body) -> tuple[Rules, list[Move]]:
    """Return the rules as they would be with the document, and what would move; the work's rules stay.

    Raises what `rehearse` raises.
    """
    in_force = work.desk
    try:
        moves = await rehearse(work, name, body)
        return work.desk, moves
    finally:
        work.desk = in_force


def fitting(name: str, bodies: Mapping[str, Body], desk: Rules, now: datetime) -> Rules:
    """Parse a desk's rules with these documents, of which `name` is new, and try them. Raises BadDocument."""
    with _said(name):
        rules = Rules.parse(bodies, desk.directory, desk.understanding.model)
        for there in _everywhere(rules):
            _try_out(there, now)
            if overlays.parted(name)[0] == "holidays":
                _try_out(there, now + _AHEAD)
        return rules


def _everywhere(rules: Rules) -> list[Rules]:
    """Return the rules of the whole desk, and those of each commune that has a document of its own."""
    own = {overlays.parted(name)[1] for name, body in rules.documents.items() if body} - {""}
    return [rules, *(rules.part(area) for area in sorted(own))]


async def put(  # noqa: PLR0913 - what it is of, and what is told of it, by name
    work: Work, name: str, body: Body, note: str, by: Sequence[UUID | None] = (), *, undone: str = ""
) -> tuple[int, list[Move]]:
    """Put a document in force and let every open case follow it. Returns its version and what moved.

    `by` are who does it and who agreed, where some need to: nobody is the command line. `undone` is the note
    of the version that it takes back.
    Raises BadDocument, NothingNew or keys.NeedsSecond, and then nothing has changed.
    """
    whose, before = seats(work, name), work.desk
    for number, person in enumerate(by):
        borders.check(work, person, whose, borders.DECIDE if number else borders.ADMINS)
    body = _own(await documents.in_force(work), name, body)
    moves = await rehearse(work, name, body)
    opens = readers.opens(before.taxonomy, work.desk.taxonomy)
    if opens and any(by) and len({person for person in by if person}) < _TWO:
        work.desk = before
        raise keys.NeedsSecond
    version = await replace(work, name, body, note)
    document, area = overlays.parted(name)
    if area:
        rounds.settle(work, area)
    if opens:
        gaining = readers.by_ways(work, before.taxonomy, work.desk.taxonomy)
        said = keys.News(f"{name} {version}: {note}", f"{name}:{version}")
        await keys.tell(work, said, gaining, by, whose)
    elif document != "templates":  # what is heard as danger or lets all wait is nobody's affair alone
        on_duty = borders.holding(work, (Role.DUTY,), whose) if document == "words" else []
        said = keys.News(undone or note, f"{name}:{version}", undone=bool(undone), key="second.mentioned")
        await keys.tell(work, said, on_duty, by, whose)
    await recompute_all(work)
    return version, moves


async def before(work: Work, name: str) -> tuple[int, Body]:
    """Return the number and body of the version before the one in force. Raises NothingNew."""
    stored = await documents.versions(work, name)
    if not stored:
        raise NothingNew(f"{name}: the packaged document is in force; there is no earlier one")
    number = stored[-2].number if len(stored) > 1 else 0
    return number, await documents.body(work, name, number) if number else {}


# --- what a document must be good for -----------------------------------------------------------


def _try_out(rules: Rules, at: datetime) -> None:
    """Promise every kind of case in every field a date: no message that comes at that moment may fail.

    Nor may a date lean on a year that nobody listed.
    """
    calendar, fields = rules.calendar.as_listed(), rules.taxonomy.fields.values()
    urgencies = {URGENT, calmer(URGENT), *(field.urgency for field in fields)}
    terms = {rules.terms.service_term(kind, urgency).id for kind in KINDS for urgency in urgencies}
    for term in terms:
        due = deadlines.due(rules.terms[term], at, calendar)
        alarms.schedule(at, due, rules.reminders, calendar)
    alarms.pickup(at, rules.reminders, calendar)
    calendar.quiet_until(at)
    rules.understanding.read("thử đọc một tin nhắn")


def _check_templates(rules: Rules) -> None:
    taxonomy = rules.taxonomy
    for template in rules.answering.templates:
        lost = {*template.fields} - taxonomy.fields.keys() | {*template.topics} - taxonomy.topics.keys()
        if lost:
            raise ValueError(
                f"the template {template.code} is for {', '.join(sorted(lost))}, which must be there"
            )


def _check_leaning(rules: Rules, used: documents.Leaning) -> None:
    taxonomy = rules.taxonomy
    for what, codes, known in (
        ("cases run under the term", used.terms, rules.terms.by_id),
        ("cases belong to the field", used.fields, taxonomy.fields),
        ("cases belong to the topic", used.topics, taxonomy.topics),
        ("units are of the type", used.types, taxonomy.unit_types),
    ):
        if lost := sorted(codes - known.keys()):
            raise ValueError(f"stored {what} {', '.join(lost)}: keep it")


# --- words --------------------------------------------------------------------------------------


def _whole(bodies: Mapping[str, Body], name: str) -> Body:
    """Return a document as a whole: a commune's own with what it lies on."""
    document, area = overlays.parted(name)
    default = bodies.get(document) or _packaged(document)
    whole: Body = overlays.merged(default, bodies.get(name, {})) if area else default
    return whole


def _own(bodies: Mapping[str, Body], name: str, body: Body) -> Body:
    """Return what is kept of a document: of a commune's only what differs from the whole desk's."""
    document, area = overlays.parted(name)
    if not area:
        return body
    default = _whole(bodies, document)
    own: Body = _plain(overlays.difference(default, overlays.merged(default, body)))
    return own


def _packaged(name: str) -> Body:
    plain: Body = _plain(law.seed(name))
    return plain


def _plain(document: object) -> Any:  # noqa: ANN401 - any JSON document
    return json.loads(json.dumps(document, default=_day, allow_nan=False))


def _day(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a document")


@contextmanager
def _said(name: str) -> Iterator[None]:
    """Turn any misfit into a BadDocument of one line."""
    try:
        yield
    except CalendarEnds as error:
        said = f"{name}: {error}; list that year’s days off, or name it in seed_years"
        raise BadDocument(said) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise BadDocument(_one_line(f"{name}: {where}this is not YAML: {error.problem}")) from error
    except (yaml.YAMLError, *_MISFITS) as error:
        raise BadDocument(_one_line(_told(name, error))) from error


def _told(name: str, error: BaseException) -> str:
    """Word a misfit; a bare KeyError is a name that is missing."""
    cause = error.__cause__ if isinstance(error, BadDocument) and error.__cause__ else error
    if isinstance(cause, KeyError) and cause.args:
        return f"{name}: “{cause.args[0]}” is missing"
    return str(error) if isinstance(error, BadDocument) else f"{name}: {error or type(error).__name__}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
