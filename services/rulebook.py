"""The documents an admin may replace: checked against everything that leans on them, then put in force.

What ships with the program is version 0; an empty body in a later version stands for it.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import yaml

from domain import deadlines, law
from domain.calendar import CalendarEnds
from domain.law import BadDocument
from domain.rules import Rules
from domain.understand import KINDS
from services.cases import recompute_all
from services.reckoning import due_of
from storage import documents
from storage.rulebook import replace
from storage.work import Work

Body = dict[str, Any]
_MISFITS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
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


def parse(name: str, data: bytes) -> Body:
    """Read a document's YAML as it will be stored: plain JSON. Raises BadDocument, of one line."""
    try:
        text = data.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise BadDocument(f"{name}: write values out instead of pointing to others with “*”")
        document = _plain(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise BadDocument(f"{name}: {where}this is not YAML: {error.problem}") from error
    except (yaml.YAMLError, *_MISFITS) as error:
        raise _told(name, error) from error
    if not isinstance(document, dict) or not document:
        raise BadDocument(f"{name}: the file must hold the whole document, such as `export {name}` prints")
    return document


async def current(work: Work, name: str) -> Body:
    """Return the document in force, as plain JSON."""
    return (await documents.in_force(work)).get(name) or _packaged(name)


async def rehearse(work: Work, name: str, body: Body) -> list[Move]:
    """Set the work's rules to what they would be with the document; returns what moves, writes nothing.

    Raises BadDocument when the document does not fit its shape, the other documents, or what is stored.
    """
    if (body or _packaged(name)) == await current(work, name):
        raise NothingNew(f"{name}: this is already the document in force")
    try:
        rules = Rules.parse(await documents.in_force(work) | {name: body}, work.rules.directory)
        _try_out(rules, work.now, work.now + _AHEAD if name == "holidays" else work.now)
        _check_leaning(rules, await documents.leaning(work))
        work.rules = rules
        dues = [(case, due_of(work, case).day) for case in await documents.open_cases(work)]
    except _MISFITS as error:
        raise _told(name, error) from error
    except CalendarEnds as error:
        raise BadDocument(f"{name}: {error}; list that year’s days off, or name it in seed_years") from error
    return [Move(case.code, case.due_on, day) for case, day in dues if case.due_on != day]


async def put(work: Work, name: str, body: Body, note: str) -> tuple[int, list[Move]]:
    """Put a document in force and let every open case follow it. Returns its version and what moved.

    Raises BadDocument or NothingNew, and then nothing has changed.
    """
    moves = await rehearse(work, name, body)
    version = await replace(work, name, body, note)
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


def _try_out(rules: Rules, *starts: datetime) -> None:
    """Promise every kind of case in every field a date: no message that comes at these moments may fail."""
    fields = rules.taxonomy.fields.values()
    urgencies = {"khan", *(field.urgency for field in fields)}
    terms = {rules.terms.service_term(kind, urgency).id for kind in KINDS for urgency in urgencies}
    for term in terms:
        for start in starts:
            deadlines.due(rules.terms[term], start, rules.calendar)
    rules.calendar.quiet_until(starts[0])
    rules.understanding.read("thử đọc một tin nhắn")


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


def _packaged(name: str) -> Body:
    plain: Body = _plain(law.seed(name))
    return plain


def _plain(document: object) -> Any:  # noqa: ANN401 - any JSON document
    return json.loads(json.dumps(document, default=_day, allow_nan=False))


def _day(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a document")


def _told(name: str, error: BaseException) -> BadDocument:
    """Say in one line what does not fit; a bare KeyError is a name that is missing."""
    cause = error.__cause__ if isinstance(error, BadDocument) and error.__cause__ else error
    if isinstance(error, BadDocument) and not isinstance(cause, KeyError):
        return BadDocument(_one_line(str(error)))
    said = f"“{cause.args[0]}” is missing" if isinstance(cause, KeyError) and cause.args else str(cause)
    return BadDocument(_one_line(f"{name}: {said or type(cause).__name__}"))


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
