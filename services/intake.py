"""A new case: where it goes, under which term, and what it is called."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from uuid import UUID

from uuid_utils.compat import uuid7

from domain.cases import Act, State
from domain.codes import mint, prefix_of
from domain.routing import RECEPTION, Field, route
from domain.rules import Rules
from domain.understand import Understood
from domain.understand.fold import fold
from services import moments, notices
from services.consents import SETTLE
from services.reckoning import reckon
from services.who import URGENT, Actor
from services.wording import commune
from storage import cases as stored
from storage import people
from storage.cases import Case
from storage.people import Chat
from storage.work import Work


@dataclass(frozen=True, slots=True)
class Draft:
    """What a citizen confirmed: what was understood of their words, where it is, its topic and its files.

    `on_behalf` says for whom somebody else writes, `elsewhere` which commune is responsible where it is not
    ours, `sealed` that nobody may know who sent it. `then` are stories of the same message that are to be
    cases of their own, as JSON, in their turn.
    """

    heard: Understood
    place: str
    topic: str
    files: tuple[str, ...] = ()
    consent: str | None = None
    on_behalf: str = ""
    elsewhere: str = ""
    sealed: bool = False
    then: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON-able values, as a conversation's seed holds them."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {"heard": self.heard.to_json(), "files": list(self.files), "then": list(self.then)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read it back; keys of another version are passed over."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        known |= {name: tuple(data.get(name, ())) for name in ("files", "then")}
        return cls(**(known | {"heard": Understood.from_json(data["heard"])}))


async def open_case(
    work: Work, chat: Chat, draft: Draft, secret_key: str | None = None, **entered: str
) -> Case:
    """Make a case of a draft, hand it to the unit that must act and tell that unit.

    `entered` goes into the first line of its history: who wrote it down for somebody else, and how it came.
    """
    case = _case_of(work, chat, draft, secret_key)
    if chat in work.session.new:  # its very first message is an emergency: the case's row needs the chat's
        await work.session.flush()
    stored.add(work, case)
    if draft.files:  # and the files' rows need the case's
        await work.session.flush()
    await stored.attach(work, case, draft.files, chat.key)
    if draft.consent is not None:
        people.consent(work, chat, SETTLE, draft.consent)
    by, unit = Actor.of(chat), work.rules.directory.unit(case.unit_id)
    detail = {"unit": unit.name, "kind": case.kind, "field": case.field, "due_on": case.due_on.isoformat()}
    detail |= entered
    stored.append(work, case, Act.OPEN, by.name, detail)
    moments.wind(work, case)
    await notices.tell(work, case, Act.OPEN, by, detail)
    return case


def _case_of(work: Work, chat: Chat, draft: Draft, secret_key: str | None) -> Case:
    """Decide where a draft goes, under which term and how closely it is kept."""
    rules, heard = work.rules, draft.heard
    field = field_of(rules, draft)
    excluded = accused_units(rules, heard, feared=draft.sealed)
    home = rules.directory.commune or rules.directory.areas[0]
    kind = "phan_anh" if heard.emergency else heard.kind
    unit = route(
        routing_field(rules, draft), home.code, rules.directory.units, work.today, excluding=excluded
    )
    urgency = urgency_of(rules, draft)
    case = Case(
        id=uuid7(),
        code=mint(prefix_of(commune(rules)), secrets.randbelow),
        version=1,
        state=State.RECEIVED,
        chat_key=chat.own,
        kind=kind,
        topic=rules.taxonomy.fields[field].topic,
        field=field,
        urgency=urgency,
        confidential=is_confidential(rules, draft),
        excluded=[str(unit_id) for unit_id in excluded],
        story=heard.text,
        summary=heard.summary,
        area=area_of(rules, draft.place),
        place=draft.place,
        on_behalf=draft.on_behalf or None,
        contact=people.number_of(work, chat),
        files=0,
        unit_id=unit.id,
        opened_at=work.now,
        clock_from=work.now,
        handed_at=work.now,
        term=rules.terms.service_term(kind, urgency).id,
        extended_days=0,
        pauses=[],
        reopened=0,
        hops=0,
        followers=0,
        relatives=0,
        sealed=draft.sealed,
        secret_key=secret_key,
        history_length=0,
        history_hash="",
    )
    reckon(work, case)
    return case


def field_of(rules: Rules, draft: Draft) -> str:
    """Return the field that routes: the one understood, or the first of the topic chosen instead.

    An emergency belongs to whoever is there for what cannot wait, whatever else its words speak of.
    """
    fields = rules.taxonomy.fields
    if draft.heard.emergency and fields[draft.heard.field].urgency != URGENT:
        return next((code for code, field in fields.items() if field.urgency == URGENT), draft.heard.field)
    if fields[draft.heard.field].topic == draft.topic:
        return draft.heard.field
    return next(code for code, field in fields.items() if field.topic == draft.topic)


def urgency_of(rules: Rules, draft: Draft) -> str:
    """Return how pressing it is: as understood, or as the field usually is where another topic was chosen."""
    field, heard = field_of(rules, draft), draft.heard
    if heard.emergency:
        return URGENT
    return heard.urgency if field == heard.field else rules.taxonomy.fields[field].urgency


def routing_field(rules: Rules, draft: Draft) -> Field:
    """Return the field that says who must act: what accuses somebody goes where such cases are kept close.

    What another commune must settle is for the reception, which passes it on.
    """
    fields = rules.taxonomy.fields
    own = fields[field_of(rules, draft)]
    if own.confidential or not _accuses(draft.heard):
        return replace(own, xa=RECEPTION) if draft.elsewhere and not own.confidential else own
    return next((field for field in fields.values() if field.confidential), own)


def is_confidential(rules: Rules, draft: Draft) -> bool:
    """Say whether the case is kept close: nobody knows who sent it, it accuses, or its field always is."""
    own = draft.sealed or draft.heard.close
    return own or _accuses(draft.heard) or rules.taxonomy.fields[field_of(rules, draft)].confidential


def _accuses(heard: Understood) -> bool:
    return heard.accuses or heard.kind == "to_cao"


_NAMED: tuple[tuple[str, Sequence[str]], ...] = (
    ("ct_xa", ("chu tich", "uy ban xa", "ubnd xa")),
    ("dang_xa", ("bi thu", "dang uy")),
    ("ca_xa", ("cong an",)),
    ("kt_xa", ("dia chinh", "phong kinh te")),
    ("vhxh_xa", ("phong van hoa", "chinh sach xa", "lao dong thuong binh")),
    ("ttpvhcc_xa", ("mot cua", "hanh chinh cong")),
    ("chqs_xa", ("xa doi", "quan su xa")),
    ("vp_xa", ("van phong", "tu phap", "ho tich")),
)


def accused_units(rules: Rules, heard: Understood, *, feared: bool = False) -> list[UUID]:
    """Return the units an accusation names, and those below them: they must never see or hear of the case.

    Who hides from everybody may be afraid of whomever they name: `feared` takes any unit named for accused.
    """
    if not (feared or _accuses(heard)):
        return []
    said = fold(heard.text)
    types = {unit_type for unit_type, names in _NAMED if any(name in said for name in names)}
    units = rules.directory.units
    accused = [unit.id for unit in units if unit.type in types]
    while below := [u.id for u in units if u.parent in accused and u.id not in accused]:
        accused += below
    return accused


def area_of(rules: Rules, place: str) -> str:
    """Return the area of the hamlet a place names, if it names one of ours; else the commune's."""
    said = f" {fold(place)} "
    found = [area for area in rules.directory.hamlets if f" {fold(area.name)} " in said.replace(",", " ")]
    home = rules.directory.commune or rules.directory.areas[0]
    return found[0].code if found else home.code
