"""Small changes of a document by an admin in chat: a day off, a word of danger, a template of an answer.

An edit is plain JSON, like an order about the directory; it is worked out on the document in force.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import locales
from domain import overlays
from domain.calendar import ONE_DAY, CalendarEnds, WorkCalendar
from domain.understand.fold import fold
from services.office import office, rulebook
from services.office.order_checks import CannotOrder, code_for
from services.office.rulebook import Body, Move
from storage.ground.work import Work
from storage.office import documents
from storage.office.rulebook import hold

Order = Mapping[str, Any]
_LONGEST_CODE = 30
_AT = "at"
_OF_OFFICIAL = "cán bộ {}"
"""What words say when they are told of whoever serves."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit worked out: the document's name and new body, and what its words need."""

    do: str
    name: str
    body: Body
    facts: Mapping[str, Any]

    def words(self, language: str) -> str:
        """Say what is changed, in one sentence."""
        said = {n: locales.day(language, v) if isinstance(v, date) else v for n, v in self.facts.items()}
        return locales.words(language)(f"office.edit.{self.do}", **said)


def placed(work: Work, order: Order, by: UUID | None) -> Order:
    """Say in an edit of which commune's document it is, by who gives it; of the whole desk's without."""
    at = rulebook.place(work, by) if order["do"] in EDITS else ""
    return {**order, _AT: at} if at else order


def document(order: Order) -> str:
    """Return the name of the document that an edit changes; empty where an order is no edit."""
    return overlays.named(EDITS[order["do"]][0], order.get(_AT, "")) if order["do"] in EDITS else ""


async def work_out(work: Work, order: Order) -> Edit:
    """Work an edit out; nothing is written. Raises CannotOrder."""
    _check_word(work, order)
    name, (_, edit) = document(order), EDITS[order["do"]]
    body, at = await rulebook.current(work, name), order.get(_AT)
    try:
        calendar = (work.desk.part(at) if at else work.rules).calendar
        facts = edit(body, order, calendar.as_listed())
    except (CalendarEnds, KeyError):
        raise CannotOrder("no_year") from None
    do = "days_off" if "until" in facts and facts["until"] != facts["day"] else order["do"]
    return Edit(do, name, body, facts)


def _check_word(work: Work, order: Order) -> None:
    """Refuse a word of danger that tells of wrongs as well: the alarm it rings would tell of the accusation.

    Raises CannotOrder.
    """
    if order["do"] != "add_word":
        return
    if work.rules.understanding.read(_OF_OFFICIAL.format(order["phrase"])).accuses:
        raise CannotOrder("word_accuses", name=order["phrase"])


async def rehearse(work: Work, edit: Edit) -> list[Move]:
    """Return which open cases become due on another day. Raises BadDocument or NothingNew."""
    return (await rulebook.preview(work, edit.name, edit.body))[1]


async def carry_out(work: Work, order: Order, *people: UUID | None) -> Edit:
    """Put an edit in force, in the name of an admin and of who agreed, if it took two; open cases follow.

    Raises CannotOrder, BadDocument or NothingNew.
    """
    await hold(work)
    edit = await work_out(work, order)
    by = f" ({order['by']})" if "by" in order else ""
    await rulebook.put(work, edit.name, edit.body, edit.words("vi") + by, people)
    office.reckon_again(work)
    return edit


async def emergencies(work: Work, edit: Edit) -> tuple[int, int]:
    """Count which of the latest stories speak of danger: by the words in force, and by the new ones.

    Of a commune's own words those of that commune alone.
    """
    after, _ = await rulebook.preview(work, edit.name, edit.body)
    there = overlays.parted(edit.name)[1]
    areas = work.desk.directory.within(there) if there else None
    since = work.now - timedelta(days=work.rules.administering.words_days)
    told = await documents.stories(work, since, areas)
    now = work.desk.part(there) if there else work.rules
    both = (now.understanding, (after.part(there) if there else after).understanding)
    before, then = (sum(bool(reader.danger(story)) for story in told) for reader in both)
    return before, then


# --- the calendar -------------------------------------------------------------------------------


def _day_off(body: Body, order: Order, calendar: WorkCalendar) -> Mapping[str, Any]:
    first, last = date.fromisoformat(order["from"]), date.fromisoformat(order["to"])
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    working = [day for day in days if calendar.is_working(day)]
    if not working:
        raise CannotOrder("day_is_off")
    for day in working:
        _take_off(body, day, order["name"], "decided", order["by"])
    return {"day": first, "until": last, "name": order["name"]}


def _makeup(body: Body, order: Order, calendar: WorkCalendar) -> Mapping[str, Any]:
    day = date.fromisoformat(order["day"])
    _let_work(body, day, None, order["by"], calendar)
    return {"day": day}


def _swap(body: Body, order: Order, calendar: WorkCalendar) -> Mapping[str, Any]:
    off, worked = date.fromisoformat(order["off"]), date.fromisoformat(order["worked"])
    if not calendar.is_working(off):
        raise CannotOrder("day_is_off")
    name = f"Hoán đổi với {locales.day('vi', worked)}"
    _take_off(body, off, name, "swap_off", order["by"])
    _let_work(body, worked, off, order["by"], calendar)
    return {"off": off, "worked": worked}


def _normal(body: Body, order: Order, _calendar: WorkCalendar) -> Mapping[str, Any]:
    """Work as usual on a day that is listed as off."""
    day = date.fromisoformat(order["day"])
    year = body["years"][str(day.year)]
    kept = [row for row in year["days_off"] if row["date"] != day.isoformat()]
    if len(kept) == len(year["days_off"]):
        raise CannotOrder("day_is_worked")
    year["days_off"] = kept
    return {"day": day}


def _take_off(body: Body, day: date, name: str, kind: str, by: str) -> None:
    year = body["years"][str(day.year)]
    if day.weekday() >= 5:  # a weekend that was to be worked
        year["makeup_workdays"] = [row for row in year["makeup_workdays"] if row["date"] != day.isoformat()]
        return
    row = {"date": day.isoformat(), "name": name, "kind": kind, "decided_by": by}
    year["days_off"] = sorted([*year["days_off"], row], key=lambda one: str(one["date"]))


def _let_work(body: Body, day: date, instead: date | None, by: str, calendar: WorkCalendar) -> None:
    year = body["years"][str(day.year)]
    if calendar.is_working(day):
        raise CannotOrder("day_is_worked")
    if day.weekday() < 5:
        raise CannotOrder("not_weekend")
    row = {"date": day.isoformat(), "for": instead.isoformat() if instead else None, "decided_by": by}
    year["makeup_workdays"] = sorted([*year["makeup_workdays"], row], key=lambda one: str(one["date"]))


# --- words of danger ----------------------------------------------------------------------------


def _add_word(body: Body, order: Order, _calendar: WorkCalendar) -> Mapping[str, Any]:
    phrase, number = " ".join(order["phrase"].split()), order["number"]
    dangers = body["emergencies"]
    if any(fold(phrase) == fold(cue) for danger in dangers.values() for cue in danger["cues"]):
        raise CannotOrder("word_known", name=phrase)
    first = next((danger for danger in dangers.values() if danger["numbers"] == [number]), None)
    if first is None:
        first = dangers[f"call_{number}"] = {"numbers": [number], "cues": [], "guards": []}
    first["cues"] = [*first["cues"], phrase]
    return {"phrase": phrase, "number": number}


def _remove_word(body: Body, order: Order, _calendar: WorkCalendar) -> Mapping[str, Any]:
    known = [danger for danger in body["emergencies"].values() if order["phrase"] in danger["cues"]]
    if not known:
        raise CannotOrder("unknown", name=order["phrase"])
    for danger in known:
        danger["cues"] = [cue for cue in danger["cues"] if cue != order["phrase"]]
    return {"phrase": order["phrase"]}


# --- templates of answers -----------------------------------------------------------------------


def _add_template(body: Body, order: Order, _calendar: WorkCalendar) -> Mapping[str, Any]:
    if any(fold(row["name"]) == fold(order["name"]) for row in body["templates"]):
        raise CannotOrder("name_taken", name=order["name"])
    code = code_for(order["name"][: _LONGEST_CODE - 4], {row["code"] for row in body["templates"]})
    row = {"code": code, "name": order["name"], "text": order["text"]}
    if order["topic"]:
        row["topics"] = [order["topic"]]
    body["templates"] = [*body["templates"], row]
    return {"name": order["name"]}


def _edit_template(body: Body, order: Order, _calendar: WorkCalendar) -> Mapping[str, Any]:
    row = _template(body, order["code"])
    row["text"] = order["text"]
    return {"name": row["name"], "text": order["text"]}


def _remove_template(body: Body, order: Order, _calendar: WorkCalendar) -> Mapping[str, Any]:
    row = _template(body, order["code"])
    body["templates"] = [other for other in body["templates"] if other is not row]
    return {"name": row["name"]}


def _template(body: Body, code: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((row for row in body["templates"] if row["code"] == code), None)
    if found is None:
        raise CannotOrder("unknown", name=code)
    return found


EDITS: Mapping[str, tuple[str, Callable[[Body, Order, WorkCalendar], Mapping[str, Any]]]] = {
    "day_off": ("holidays", _day_off),
    "makeup": ("holidays", _makeup),
    "swap": ("holidays", _swap),
    "normal": ("holidays", _normal),
    "add_word": ("words", _add_word),
    "remove_word": ("words", _remove_word),
    "add_template": ("templates", _add_template),
    "edit_template": ("templates", _edit_template),
    "remove_template": ("templates", _remove_template),
}
