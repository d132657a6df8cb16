"""The rules in force, parsed: the law's documents, the directory, and what understands a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import law
from domain.alarms import ReminderRules
from domain.calendar import WorkCalendar
from domain.cases import Patience
from domain.deadlines import Terms
from domain.people import Directory
from domain.routing import Taxonomy
from domain.understand import Home, Understanding

DOCUMENTS = ("holidays", "deadlines", "taxonomy", "office")
"""The documents an admin may replace; what ships with the program is version 0 of each."""


@dataclass(frozen=True)
class Rules:
    """Everything a decision is made by. Immutable: a change of a document makes a new one."""

    calendar: WorkCalendar
    terms: Terms
    reminders: ReminderRules
    taxonomy: Taxonomy
    directory: Directory
    understanding: Understanding
    patience: Patience

    @classmethod
    def parse(cls, replaced: Mapping[str, Any], directory: Directory) -> "Rules":
        """Parse the documents in force: those that were replaced, and the packaged ones for the rest."""
        documents = {name: replaced.get(name) or law.seed(name) for name in DOCUMENTS}
        return cls(
            calendar=WorkCalendar.parse(documents["holidays"], documents["office"]),
            terms=Terms.parse(documents["deadlines"]),
            reminders=ReminderRules.parse(documents["deadlines"]),
            taxonomy=Taxonomy.parse(documents["taxonomy"]),
            directory=directory,
            understanding=Understanding.load(documents["taxonomy"], _home(directory)),
            patience=Patience.parse(documents["office"]),
        )


def _home(directory: Directory) -> Home:
    province, commune = directory.province, directory.commune
    return Home(
        province=province.name if province else None,
        commune=commune.name if commune else None,
        hamlets=tuple(hamlet.name for hamlet in directory.hamlets),
    )
