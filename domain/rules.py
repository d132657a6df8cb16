"""The rules in force, parsed: the law's documents, the directory, and what understands a message."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from domain import law, overlays, ringing, spots
from domain.accused import Accused, Readings, readings
from domain.administering import Administering
from domain.aftercare import CheckBack, Drafts
from domain.alarms import ReminderRules
from domain.answers import Answering
from domain.broadcasts import Broadcasting
from domain.calendar import WorkCalendar
from domain.cases import Patience
from domain.deadlines import Terms
from domain.digests import Times
from domain.directory import Directory
from domain.handling import Handling
from domain.hotspots import HotSpotRules
from domain.listening import Listening
from domain.promises import Promising
from domain.rights import Rights
from domain.ringing import Ladder
from domain.room import Room
from domain.routing import Taxonomy
from domain.sealing import Sealing
from domain.secrecy import Secrecy
from domain.shapes import Shapes
from domain.spots import Spot
from domain.understand import Home, Understanding, fold
from domain.understand.fold import tokens
from domain.understand.linear import Linear
from domain.understand.offices import Offices
from domain.understand.served import Served
from domain.windows import Reaching

DOCUMENTS = ("holidays", "deadlines", "taxonomy", "office", "templates", "words")
"""The documents an admin may replace; what ships with the program is version 0 of each."""


@dataclass(frozen=True)
class Rules:
    """Everything a decision is made by. Immutable: a change of a document makes a new one."""

    calendar: WorkCalendar
    terms: Terms
    reminders: ReminderRules
    ringing: Mapping[str, Ladder]
    confirmed_within: timedelta | None
    taxonomy: Taxonomy
    directory: Directory
    understanding: Understanding
    patience: Patience
    answering: Answering
    secrecy: Secrecy
    sealing: Sealing
    drafts: Drafts
    check_back: CheckBack
    rights: Rights
    listening: Listening
    room: Room
    times: Times
    promising: Promising
    broadcasting: Broadcasting
    handling: Handling
    hotspots: HotSpotRules
    administering: Administering
    reaching: Reaching
    spots: Mapping[str, Spot]
    offices: Offices
    old: str = ""
    """The old commune of whoever writes, where theirs was merged of several: its hamlets are meant."""
    shapes: Shapes = field(default_factory=Shapes, repr=False, compare=False)
    """Where the areas of the desk lie; empty where nobody brought a map."""
    documents: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """The documents it is read from, and the communes' own by their names (see `domain.overlays`)."""

    @classmethod
    def parse(cls, replaced: Mapping[str, Any], directory: Directory, model: Linear | None = None) -> "Rules":
        """Parse the documents in force: those that were replaced, and the packaged ones for the rest.

        `model`: what messages are read by; the packaged one where none is given.
        """
        documents = dict(replaced) | {name: replaced.get(name) or law.seed(name) for name in DOCUMENTS}
        home = _home(directory, _served(directory))
        read = _parsed(documents, frozenset(DOCUMENTS), home, model)
        rules = cls(directory=directory, documents=documents, **read)
        return rules._alone(home)

    def part(self, area: str, old: str = "") -> "Rules":
        """Return the rules as they hold in an area: with its part of the desk; these where none is named.

        Where communes were merged, one's own hamlets are meant by their names: in a hamlet or an old commune
        those there, else those of `old`, from where whoever writes is.
        """
        if not area and not old:
            return self
        if self.whole is not self:
            return self.whole.part(area or self.commune, old or self.old)
        found = self._found.get((area, old))
        if found is None:
            found = self._found[area, old] = self._part(area, old)
        return found

    def _part(self, area: str, old: str) -> "Rules":
        directory = self.directory.part(area) if area else self.directory
        old = self.directory.old_of(area, old)
        if directory is self.directory and not old:
            return self
        part = self._parts.get((directory, old))
        if part is None:
            part = self._from(directory, old) if old else self._in(directory)
            part.__dict__["whole"], self._parts[directory, old] = self, part
        return part

    def _from(self, directory: Directory, old: str) -> "Rules":
        """Return the rules of a part as words are understood there of somebody of an old commune."""
        part = self if directory is self.directory else self.part(directory.home.code)
        home = replace(_home(directory, self.served), old=old)
        return replace(part, old=old, understanding=part.understanding.at(home))

    def on(self, day: date) -> "Rules":
        """Return the rules of the desk as it stands on a day: with the communes that are served then."""
        directory = self.directory.on(day)
        if directory is self.directory:
            return self
        if (directory, "") not in self._parts:
            home = _home(directory, _served(directory))
            seen = replace(self, directory=directory, understanding=self.understanding.at(home))
            self._parts[directory, ""] = seen._alone(home)  # noqa: SLF001 - its own kind
        return self._parts[directory, ""]

    def _alone(self, home: Home) -> "Rules":
        """Return the rules of a desk of one commune that was merged of several: its own documents go on."""
        here = self.directory.commune
        return self._with_own(home) if here is not None and here.code in self.directory.merged else self

    def _in(self, directory: Directory) -> "Rules":
        """Return the rules of a part, its own documents on top of those of the whole desk."""
        home = _home(directory, self.served)
        part = replace(self, directory=directory, understanding=self.understanding.at(home))
        return part._with_own(home)  # noqa: SLF001 - its own kind

    def _with_own(self, home: Home) -> "Rules":
        """Return the rules with the documents of the commune they hold in, and of those merged into it."""
        directory, area = self.directory, self.directory.home.code
        own = overlays.own(self.documents, area, directory.whole.merged.get(area, ()))
        if not own:
            return self
        read = _parsed(dict(self.documents) | own, own.keys(), home, self.understanding.model)
        if "calendar" in read:  # where the desk runs, its clocks are one
            read["calendar"] = replace(read["calendar"], zone=self.calendar.zone)
        return replace(self, **read)

    @cached_property
    def whole(self) -> "Rules":
        """Those of the whole desk, of which these may be a part."""
        return self

    @property
    def commune(self) -> str:
        """The code of the commune they hold in; empty where that is not known, in a desk of many."""
        here = self.directory.commune
        return here.code if here is not None else ""

    @cached_property
    def own_hours(self) -> tuple[str, ...]:
        """The codes of the communes whose days or hours are not those of the whole desk."""
        named = (overlays.parted(name)[1] for name, body in self.documents.items() if body)
        own = {area: self.part(area) for area in named if area}
        served = {commune.code for commune in self.directory.communes} if self.directory.is_wide else ()
        hours = (self.calendar, self.times)
        return tuple(
            sorted(a for a, part in own.items() if a in served and (part.calendar, part.times) != hours)
        )

    @cached_property
    def served(self) -> Served:
        """The communes of a desk of many, by their names."""
        return _served(self.directory)

    @cached_property
    def _found(self) -> dict[tuple[str, str], "Rules"]:
        """The parts by what they were asked for by: it is asked a hundred times for each case."""
        return {}

    @cached_property
    def _parts(self) -> dict[tuple[Directory, str], "Rules"]:
        return {}

    @cached_property
    def accused(self) -> Accused:
        """What finds the officials and units that words speak of."""
        return Accused(self.directory, self.offices, self.whole.readings)

    @cached_property
    def readings(self) -> Readings:
        """What was read of whom words speak of, in any part of the desk."""
        return readings()

    @cached_property
    def hamlet_names(self) -> tuple[tuple[str, str], ...]:
        """The folded names of the hamlets, each with its code; alone those of one's own old commune."""
        named = [(unbracketed(hamlet.name), hamlet.code) for hamlet in self.directory.hamlets]
        of_old = [hamlet for hamlet in self.directory.hamlets if hamlet.plain and self.old]
        own = [one for one in of_old if self.directory.whole.old_commune(one.code) == self.old]
        return (*named, *((fold(hamlet.plain), hamlet.code) for hamlet in own))

    @cached_property
    def place_words(self) -> frozenset[str]:
        """The folded words of the hamlets' names: they say where something is, not what."""
        return frozenset(word for name, _ in self.hamlet_names for word in name.split())

    @cached_property
    def names_of_places(self) -> frozenset[str]:
        """The keys of the words of the names of areas and units."""
        names = [area.name for area in self.directory.areas] + [unit.name for unit in self.directory.units]
        return frozenset(word.key for name in names for word in tokens(name))


def unbracketed(name: str) -> str:
    """Return a name as places are compared: folded, without commas and brackets."""
    return fold(re.sub(r"[(),]", " ", name))


def _home(directory: Directory, served: Served) -> Home:
    province, commune = directory.province, directory.commune
    plain = dict.fromkeys(hamlet.plain for hamlet in directory.hamlets if hamlet.plain)
    return Home(
        province=province.name if province else None,
        commune=commune.name if commune else None,
        hamlets=(*(hamlet.name for hamlet in directory.hamlets), *plain),
        code=commune.code if commune else "",
        served=served,
    )


def _served(directory: Directory) -> Served:
    """Return the names of the communes that a desk of many serves; of one, nothing is another's.

    Those that were merged into one that is served keep leading to it.
    """
    served = {commune.code for commune in directory.communes}
    merged = [(into, old) for into, olds in directory.merged.items() if into in served for old in olds]
    merged += [(into, into) for into in directory.merged if into in served]
    former = [(into, old, directory.area(old).name) for into, old in merged]
    if not directory.is_wide:
        return Served(former=former, twins=directory.twins)
    inner = [(hamlet, directory.commune_of(hamlet.code)) for hamlet in directory.hamlets]
    named = [(name, here.code) for one, here in inner if here for name in (one.name, one.plain) if name]
    return Served(
        tuple((commune.code, commune.name) for commune in directory.communes),
        tuple(dict.fromkeys(named)),
        former,
        directory.twins,
    )


def _parsed(
    documents: Mapping[str, Any], names: AbstractSet[str], home: Home, model: Linear | None
) -> dict[str, Any]:
    """Parse what is read from some of the documents, by the names of the rules."""
    found: dict[str, Any] = {}
    if names & {"holidays", "office"}:
        found["calendar"] = WorkCalendar.parse(documents["holidays"], documents["office"])
    if names & {"taxonomy", "words"}:
        understanding = Understanding.load(documents["taxonomy"], documents["words"], home, model)
        found["understanding"] = understanding
    for name in names:
        found |= _READ[name](documents[name]) if name in _READ else {}
    if "office" in names:
        found["spots"] = _spots(documents)
    return found


def _of_deadlines(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "terms": Terms.parse(document),
        "reminders": ReminderRules.parse(document),
        "ringing": ringing.parse(document),
    }


def _of_taxonomy(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "taxonomy": Taxonomy.parse(document),
        "rights": Rights.parse(document),
        "offices": Offices.parse(document),
    }


def _of_office(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "confirmed_within": ringing.confirmed_within(document),
        "patience": Patience.parse(document),
        "secrecy": Secrecy.parse(document),
        "sealing": Sealing.parse(document),
        "drafts": Drafts.parse(document),
        "check_back": CheckBack.parse(document),
        "listening": Listening.parse(document),
        "room": Room.parse(document),
        "times": Times.parse(document),
        "promising": Promising.parse(document),
        "broadcasting": Broadcasting.parse(document),
        "handling": Handling.parse(document),
        "hotspots": HotSpotRules.parse(document),
        "administering": Administering.parse(document),
        "reaching": Reaching.parse(document),
    }


def _of_templates(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"answering": Answering.parse(document)}


_READ = {
    "deadlines": _of_deadlines,
    "taxonomy": _of_taxonomy,
    "office": _of_office,
    "templates": _of_templates,
}


def _spots(documents: Mapping[str, Any]) -> Mapping[str, Spot]:
    """Return the places of the whole desk: a printed code is known before the commune is."""
    found = dict(spots.parse(documents["office"]))
    for name, body in documents.items():
        document, area = overlays.parted(name)
        if document == "office" and area and body:
            own = spots.parse(body).items()
            found |= {word: replace(spot, area=spot.area or area) for word, spot in own}
    return found
