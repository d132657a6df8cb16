"""The rules in force, parsed: the law's documents, the directory, and what understands a message."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from domain import law, ringing, spots
from domain.accused import Accused
from domain.administering import Administering
from domain.aftercare import CheckBack, Drafts
from domain.alarms import ReminderRules
from domain.answers import Answering
from domain.broadcasts import Broadcasting
from domain.calendar import WorkCalendar
from domain.cases import Patience
from domain.deadlines import Terms
from domain.digests import Times
from domain.handling import Handling
from domain.listening import Listening
from domain.people import Directory
from domain.promises import Promising
from domain.rights import Rights
from domain.ringing import Ladder
from domain.room import Room
from domain.routing import Taxonomy
from domain.sealing import Sealing
from domain.secrecy import Secrecy
from domain.spots import Spot
from domain.understand import Home, Understanding, fold
from domain.understand.fold import tokens
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
    administering: Administering
    reaching: Reaching
    spots: Mapping[str, Spot]
    offices: Offices

    @classmethod
    def parse(cls, replaced: Mapping[str, Any], directory: Directory) -> "Rules":
        """Parse the documents in force: those that were replaced, and the packaged ones for the rest."""
        documents = {name: replaced.get(name) or law.seed(name) for name in DOCUMENTS}
        return cls(
            calendar=WorkCalendar.parse(documents["holidays"], documents["office"]),
            terms=Terms.parse(documents["deadlines"]),
            reminders=ReminderRules.parse(documents["deadlines"]),
            ringing=ringing.parse(documents["deadlines"]),
            confirmed_within=ringing.confirmed_within(documents["office"]),
            taxonomy=Taxonomy.parse(documents["taxonomy"]),
            directory=directory,
            understanding=Understanding.load(
                documents["taxonomy"], documents["words"], _home(directory, _served(directory))
            ),
            patience=Patience.parse(documents["office"]),
            answering=Answering.parse(documents["templates"]),
            secrecy=Secrecy.parse(documents["office"]),
            sealing=Sealing.parse(documents["office"]),
            drafts=Drafts.parse(documents["office"]),
            check_back=CheckBack.parse(documents["office"]),
            rights=Rights.parse(documents["taxonomy"]),
            listening=Listening.parse(documents["office"]),
            room=Room.parse(documents["office"]),
            times=Times.parse(documents["office"]),
            promising=Promising.parse(documents["office"]),
            broadcasting=Broadcasting.parse(documents["office"]),
            handling=Handling.parse(documents["office"]),
            administering=Administering.parse(documents["office"]),
            reaching=Reaching.parse(documents["office"]),
            spots=spots.parse(documents["office"]),
            offices=Offices.parse(documents["taxonomy"]),
        )

    def part(self, area: str) -> "Rules":
        """Return the rules as they hold in an area: with its part of the desk; these where none is named."""
        if not area:
            return self
        if self.whole is not self:
            return self.whole.part(area)
        directory = self.directory.part(area)
        if directory is self.directory:
            return self
        if directory not in self._parts:
            understanding = self.understanding.at(_home(directory, self.served))
            part = replace(self, directory=directory, understanding=understanding)
            part.__dict__["whole"] = self
            self._parts[directory] = part
        return self._parts[directory]

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
    def served(self) -> Served:
        """The communes of a desk of many, by their names."""
        return _served(self.directory)

    @cached_property
    def _parts(self) -> dict[Directory, "Rules"]:
        return {}

    @cached_property
    def accused(self) -> Accused:
        """What finds the officials and units that words speak of."""
        return Accused(self.directory, self.offices)

    @cached_property
    def hamlet_names(self) -> tuple[tuple[str, str], ...]:
        """The folded names of the hamlets, each with its code."""
        return tuple((fold(hamlet.name), hamlet.code) for hamlet in self.directory.hamlets)

    @cached_property
    def place_words(self) -> frozenset[str]:
        """The folded words of the hamlets' names: they say where something is, not what."""
        return frozenset(word for name, _ in self.hamlet_names for word in name.split())

    @cached_property
    def names_of_places(self) -> frozenset[str]:
        """The keys of the words of the names of areas and units."""
        names = [area.name for area in self.directory.areas] + [unit.name for unit in self.directory.units]
        return frozenset(word.key for name in names for word in tokens(name))


def _home(directory: Directory, served: Served) -> Home:
    province, commune = directory.province, directory.commune
    return Home(
        province=province.name if province else None,
        commune=commune.name if commune else None,
        hamlets=tuple(hamlet.name for hamlet in directory.hamlets),
        code=commune.code if commune else "",
        served=served,
    )


def _served(directory: Directory) -> Served:
    """Return the names of the communes that a desk of many serves; of one, nothing is another's."""
    if not directory.is_wide:
        return Served()
    inner = [(hamlet.name, directory.commune_of(hamlet.code)) for hamlet in directory.hamlets]
    return Served(
        tuple((commune.code, commune.name) for commune in directory.communes),
        tuple((name, commune.code) for name, commune in inner if commune is not None),
    )
