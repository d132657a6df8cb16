"""A new case: where it goes, under which term, and what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from uuid_utils.compat import uuid7

from domain.accused import Accusation
from domain.cases import State
from domain.codes import mint
from domain.routing import RECEPTION, Field, Unit
from domain.rules import Rules, unbracketed
from domain.understand import Place, Understood
from domain.understand.dangers import HUNCH, may_be_done
from domain.understand.understood import calmer
from domain.walls import Wall
from services.acts.act import act
from services.acts.opening import Open
from services.intake import accused_before, communes
from services.intake.consents import SETTLE
from services.saying.wording import commune, prefix
from services.standing import exclusion, senders
from services.standing.parties import URGENT, Actor
from services.standing.reckoning import reckon
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms
from storage.ground.work import Work
from storage.people import people, reached
from storage.people.people import Chat


@dataclass(frozen=True, slots=True)
class Draft:
    """What a citizen confirmed: what was understood of their words, where it is, its topic and its files.

    `on_behalf` says for whom somebody else writes, `elsewhere` which commune is responsible where it is not
    ours, `sealed` that nobody may know who sent it, `feared` that whoever it names may have done it, though
    help is called. `then` are stories of the same message that are to be
    cases of their own, as JSON, in their turn. `term` is that of the law where another than the usual one
    runs, `promises` what else the sender is told to expect (see `domain.promises`). `since` is from when its
    term runs, in milliseconds, where that is not when the case is opened. `holders` are the officials with
    the sender's other cases: "the one who handles my papers" is one of them. `whom` are the officials and
    units whom the sender named when asked of whom a wrong is told, or accused before and means by "they".
    `area` is the commune it is of where that is another than the chat's, the province where nobody could say
    which; `provincial` is its own matter.
    `reader` is the unit of which the sender was told that it reads this. `lead` is what the desk itself
    writes before their words: it is read with them, and never heard as theirs.
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
    since: int = 0
    term: str = ""
    promises: Mapping[str, int] | None = None
    holders: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()
    feared: bool = False
    area: str = ""
    provincial: bool = False
    reader: str = ""
    lead: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON-able values, as a conversation's seed holds them."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {
            "heard": self.heard.to_json(),
            "files": list(self.files),
            "then": list(self.then),
            "holders": list(self.holders),
            "whom": list(self.whom),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read it back; keys of another version are passed over."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        known |= {name: tuple(data.get(name, ())) for name in ("files", "then", "holders", "whom")}
        return cls(**(known | {"heard": Understood.from_json(data["heard"])}))


@dataclass(frozen=True, slots=True)
class Closeness:
    """How closely a draft is kept, whom its words name, and who stands outside for that.

    `tells` says that a wrong is told of somebody who serves here, `accuses` that it goes where such cases go.
    """

    close: bool
    tells: bool
    accuses: bool
    said: Accusation
    wall: Wall


async def open_case(
    work: Work, chat: Chat, draft: Draft, secret_key: str | None = None, **entered: str
) -> Case:
    """Make a case of a draft, hand it to the unit that must act and tell that unit.

    `entered` goes into the first line of its history: who wrote it down for somebody else, and how it came.
    Raises NobodyLeft where everybody who could read it is spoken of, and then nothing has changed.
    """
    if draft.heard.emergency and not draft.sealed and not draft.whom:
        draft = replace(draft, whom=await accused_before.they(work, chat, draft.heard))
    with work.within(draft.area or work.area):
        case = await _opened(work, chat, draft, secret_key, entered)
    if secret_key is None:
        communes.suppose(work, chat, case.area)
    return case


async def _opened(
    work: Work, chat: Chat, draft: Draft, secret_key: str | None, entered: Mapping[str, str]
) -> Case:
    await reached.load(work)
    draft = await _with_holders(work, chat, draft)
    case = _case_of(work, chat, draft, secret_key)
    if chat in work.session.new:  # its very first message is an emergency: the case's row needs the chat's
        await work.session.flush()
    stored.add(work, case)
    if draft.files:  # and the files' rows need the case's
        await work.session.flush()
    await stored.attach(work, case, draft.files, chat.key)
    if draft.consent is not None:
        people.consent(work, chat, SETTLE, draft.consent)
    await act(work, case, Open(**entered), Actor.of(chat))
    return case


async def _with_holders(work: Work, chat: Chat, draft: Draft) -> Draft:
    """Add who has the sender's cases, where a wrong is told of whoever that is."""
    if draft.sealed or not work.rules.accused.read(draft.heard.text, work.today).holder:
        return draft
    cases = await stored.of_chat(work, chat.own)
    return replace(draft, holders=tuple(str(case.officer_id) for case in cases if case.officer_id))


def _case_of(work: Work, chat: Chat, draft: Draft, secret_key: str | None) -> Case:
    """Decide where a draft goes, under which term and how closely it is kept."""
    rules, heard = work.rules, draft.heard
    kept, field, kind = closeness_of(rules, draft, work.today), field_of(rules, draft), kind_of(heard)
    promised = exclusion.still_reads(rules.directory, draft.reader, kept.wall, work.today)
    unit = promised or destination(rules, draft, work.today)
    urgency = urgency_of(rules, draft, work.today)
    since = from_ms(draft.since) if draft.since else work.now
    case = Case(
        id=uuid7(),
        code=mint(prefix(rules), work.dice.randrange),
        version=0,
        state=State.RECEIVED,
        chat_key=chat.own,
        senders=senders.of(work, chat),
        kind=kind,
        topic=rules.taxonomy.fields[field].topic,
        field=field,
        urgency=urgency,
        going={},
        until_taken=[],
        confidential=kept.close,
        excluded=sorted(map(str, kept.wall.units)),
        excluded_people=sorted(map(str, kept.wall.people)),
        story="\n".join(filter(None, (draft.lead, heard.text))),
        summary=heard.summary,
        area=area_of(rules, draft.place),
        place=draft.place,
        on_behalf=draft.on_behalf or None,
        contact=people.number_of(work, chat),
        files=0,
        unit_id=unit.id,
        opened_at=since,
        clock_from=since,
        handed_at=work.now,
        term=draft.term or rules.terms.service_term(kind, urgency).id,
        extended_days=0,
        pauses=[],
        promises=dict(draft.promises or {}),
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


def kind_of(heard: Understood) -> str:
    """Return what kind of case it is: what is urgent is told, and not petitioned for."""
    return "phan_anh" if heard.emergency else heard.kind


def field_of(rules: Rules, draft: Draft) -> str:
    """Return the field that routes: the one understood, or the first of the topic chosen instead.

    An emergency belongs to whoever is there for what cannot wait, whatever else its words speak of.
    """
    fields = rules.taxonomy.fields
    if draft.heard.emergency and (acts := rules.understanding.field_in_danger(draft.heard.dangers)) in fields:
        return acts
    if fields[draft.heard.field].topic == draft.topic:
        return draft.heard.field
    return next(code for code, field in fields.items() if field.topic == draft.topic)


def urgency_of(rules: Rules, draft: Draft, day: date) -> str:
    """Return how pressing it is: as understood, or as the field usually is where another topic was chosen.

    What its field makes urgent is so only where something happens now, or somebody may be in danger.

    An accusation in which nobody is in danger alarms nobody, whatever its field.
    """
    field, heard, fields = field_of(rules, draft), draft.heard, rules.taxonomy.fields
    # Sealed, nobody can be asked: what may be danger goes at once.
    if heard.emergency or (draft.sealed and _may_be_danger(rules, draft)):
        return URGENT
    own, now = fields[field].urgency, heard.now or heard.doubt or heard.urgency == URGENT
    usual = heard.urgency if field == heard.field else own if now else calmer(own)
    if URGENT not in (usual, own) or not closeness_of(rules, draft, day).accuses:
        return usual
    calm = (one.urgency for one in fields.values() if one.confidential and one.urgency != URGENT)
    return next(calm, usual)


def _may_be_danger(rules: Rules, draft: Draft) -> bool:
    """Say whether anything told, also what was answered or added, may speak of danger."""
    lines = (*draft.heard.text.splitlines(), draft.place)
    told = (draft.heard, *(rules.understanding.read(line) for line in lines if line))
    return any(one.emergency or (one.doubt and one.dangers != HUNCH) for one in told)


def closeness_of(rules: Rules, draft: Draft, day: date) -> Closeness:
    """Say how closely a draft is kept, whatever topic was chosen for it, and whom it may not reach.

    In doubt it is kept close: nobody may know who sent it, a wrong is told of those who serve here, or its
    field always is. Then everybody it names is outside.
    """
    heard, (said, tells) = draft.heard, told_in(rules, draft, day)
    denounces = heard.kind == "to_cao"
    field = rules.taxonomy.fields[field_of(rules, draft)]
    # Who thanks an official or asks for one has chosen the topic by that: whoever is named may read it.
    feared = draft.sealed or tells or denounces or (field.confidential and not said.calm)
    alone = tuple(dict.fromkeys((*said.alone, *(one for one in said.aside if one not in said.people))))
    people = tuple(dict.fromkeys((*said.people, *alone)))
    if not feared:
        alone = people = tuple(dict.fromkeys((*said.alone, *said.aside)))
        said = replace(said, units=())
    if (people, alone) != (said.people, said.alone):
        said = replace(said, people=people, alone=alone)
    wall = exclusion.around(rules, said, day) if said.people or said.units else Wall()
    in_doubt = said.doubt or (not feared and not heard.emergency)
    if wall and in_doubt and not draft.sealed and exclusion.leaves_nobody(rules, wall, day):
        wall = Wall()  # in doubt it is kept close where it always goes, and not refused
    said = exclusion.kept_out(rules.directory, said, wall, day)
    # What happens at home or to oneself is kept close too, but who is called for help there is not shut out.
    return Closeness(feared or heard.close, tells, tells or denounces or (feared and bool(wall)), said, wall)


def told_in(rules: Rules, draft: Draft, day: date) -> tuple[Accusation, bool]:
    """Return whom a draft speaks of, and whether it tells a wrong of those who serve here."""
    heard = draft.heard
    said = spoken_of(rules, heard.text, draft.place, day)
    if draft.sealed:
        said = exclusion.feared(rules.directory, said)
    elif heard.emergency and not draft.feared:  # who calls openly is helped by whoever plainly did nothing
        field, people = rules.taxonomy.fields[field_of(rules, draft)], may_be_done(heard.dangers)
        said = exclusion.in_danger(rules, said.in_danger(by_people=people), field, day)
    if draft.feared:
        said = _named_in_any(rules, said, heard.text, day)
    if said.holder:
        said = replace(said, people=(*said.people, *map(UUID, draft.holders)))
    if draft.whom:
        said = _with_named(rules, said, [UUID(one) for one in draft.whom])
    return said, said.wrong or heard.accuses or rules.understanding.read(heard.text).accuses


def _with_named(rules: Rules, said: Accusation, named: list[UUID]) -> Accusation:
    """Add whom the sender named when asked: a wrong is told of them, whoever else is meant."""
    is_body = rules.directory.has_unit
    people = dict.fromkeys((*said.people, *(one for one in named if not is_body(one))))
    units = dict.fromkeys((*said.units, *(one for one in named if is_body(one))))
    return replace(said, people=tuple(people), units=tuple(units), wrong=True)


def _named_in_any(rules: Rules, said: Accusation, text: str, day: date) -> Accusation:
    """Add whom each line names by itself: “là Dũng” says less beside the danger it tells of."""
    lines = [exclusion.heard_of(rules, line, day) for line in text.splitlines()]
    people = dict.fromkeys(one for line in (said, *lines) for one in line.people)
    units = dict.fromkeys(one for line in (said, *lines) for one in line.units)
    return replace(said, people=tuple(people), units=tuple(units), wrong=True)


def spoken_of(rules: Rules, story: str, place: str, day: date) -> Accusation:
    """Return whom a report speaks of: what is answered to where it is may tell who did what the story tells.

    A place that something is only near to accuses nobody; but whose house or shop it is may be who it is all
    about: where that is an official beyond doubt, they alone do not get it, and it is not kept close.
    """
    said = exclusion.heard_of(rules, story, day)
    there = rules.accused.read(place, day)
    if not (there.people or there.units or there.wrong):
        return said
    for both in ((story, place), (place, story)):
        said = said.also(exclusion.heard_of(rules, "\n".join(both), day))
    near = tuple(one for one in rules.accused.known(place, day) if one not in said.people)
    return replace(said, people=(*said.people, *near), alone=(*said.alone, *near))


def sealed(rules: Rules, draft: Draft) -> Draft:
    """Return the draft as it is sent where nobody may know who sent it.

    Of the place the hamlet and the commune are left, whatever was typed: a house tells who lives there. Only
    where somebody is in danger they must be found.
    """
    place = draft.place if draft.heard.emergency else hamlet_of(rules, draft.place)
    return replace(draft, sealed=True, place=place, on_behalf="", then=())


def hamlet_of(rules: Rules, told: str) -> str:
    """Return the hamlet and the commune of a place, and nothing else that was said of where it is."""
    place = rules.understanding.read(told).place
    parts = (place.hamlet, place.commune or commune(rules)) if place is not None else ()
    return ", ".join(part for part in parts if part) or commune(rules)


def is_confidential(rules: Rules, draft: Draft, day: date) -> bool:
    """Say whether the case is kept close."""
    return closeness_of(rules, draft, day).close


def destination(rules: Rules, draft: Draft, day: date) -> Unit:
    """Return the unit that must act. Raises NobodyLeft where everybody who could read it is spoken of."""
    kept = closeness_of(rules, draft, day)
    field, directory = _routing_field(rules, draft, kept), rules.directory
    if kept.accuses and field.confidential:
        known = (*rules.accused.known(draft.heard.text, day), *kept.said.units, *map(UUID, draft.whom))
        return exclusion.unit_over(rules, field, known, kept.wall, day)
    return exclusion.unit_for(directory, field, directory.home.code, kept.wall, day)


def _routing_field(rules: Rules, draft: Draft, kept: Closeness) -> Field:
    """Return the field that says who must act: what accuses somebody goes where such cases are kept close.

    What another commune must settle is for the reception, which passes it on.
    """
    fields = rules.taxonomy.fields
    own, heard, wall = fields[field_of(rules, draft)], draft.heard, kept.wall
    own = replace(own, xa=own.tinh) if draft.provincial else own
    if exclusion.is_violence(heard) and exclusion.may_go_there(rules, own, wall, heard.blamed):
        return own
    if own.confidential or not kept.accuses:
        passed_on = bool(draft.elsewhere) or (is_of_none(rules) and not draft.provincial)
        return replace(own, xa=RECEPTION) if passed_on and not own.confidential else own
    return exclusion.close_field(rules, own)


def is_of_none(rules: Rules) -> bool:
    """Say whether nobody knows of which commune of the desk it is: the province's reception finds out."""
    return rules.whole.directory.is_wide and not rules.commune


def names_area(rules: Rules, text: str, code: str) -> bool:
    """Say whether words name this area."""
    return f" {unbracketed(rules.directory.area(code).name)} " in f" {unbracketed(text)} "


def area_of(rules: Rules, place: str) -> str:
    """Return the area of the hamlet a place names, if it names one of ours; else the commune's."""
    said = f" {unbracketed(place)} "
    found = next((code for name, code in rules.hamlet_names if f" {name} " in said), None)
    return found or rules.directory.home.code


def told_area(rules: Rules, place: Place) -> str:
    """Return the area that a place means: of the commune it names, else of the one whose rules these are."""
    return area_of(rules.part(place.area), place.label)


def is_elsewhere(rules: Rules, place: Place, area: str) -> bool:
    """Say whether a place is not where something is: in another hamlet, or another commune of this desk."""
    there, desk = told_area(rules, place), rules.whole.directory
    if place.area and desk.commune_of(area) is not None and not desk.together(there, area):
        return True
    return there != area and {there, area} <= rules.directory.hamlet_codes
