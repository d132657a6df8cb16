"""What lies in what: the province, its communes and their hamlets; and which communes are served on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from domain.people import Area, by, turns
from domain.routing import reached


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas a desk serves, and what is above them. The directory is this with units and people in it."""

    areas: tuple[Area, ...] = ()
    day: date | None = field(default=None, kw_only=True)
    """The day they are seen on: which communes are served then; without one, those that are not to end."""

    @cached_property
    def _by_code(self) -> Mapping[str, Area]:
        return {area.code: area for area in self.areas}

    def lineage(self, code: str) -> list[str]:
        """Return an area and those it lies in, the nearest first, each once; nothing of an unknown one."""
        found: list[str] = []
        while (area := self._by_code.get(code)) is not None and code not in found:
            found.append(code)
            code = area.parent or ""
        return found

    def commune_of(self, code: str) -> Area | None:
        """Return the commune that an area is or lies in, if it is known and in one."""
        return self._communes_of.get(code)

    @cached_property
    def _communes_of(self) -> Mapping[str, Area]:
        """The commune of each area that is one or lies in one: it is asked for many times a message."""
        found: dict[str, Area] = {}
        for code in self._by_code:
            areas = (self._by_code[one] for one in self.lineage(code))
            commune = next((area for area in areas if area.kind == "commune"), None)
            if commune is not None:
                found[code] = commune
        return found

    def areas_of(self, code: str) -> list[str]:
        """Return the areas of the commune that an area is or lies in; of a province itself no other."""
        here = self.commune_of(code)
        return [code] if here is None else [here.code, *self._below(here.code)]

    def within(self, code: str) -> list[str]:
        """Return the code of an area and of every one that lies in it."""
        return [code, *self._below(code)]

    def _below(self, code: str) -> list[str]:
        """Return the areas that lie in an area, without itself."""
        return list(reached([code], self._inner))[1:]

    def serves(self, commune: Area) -> bool:
        """Say whether a commune is served on the day the desk is seen on."""
        return commune.valid_to is None if self.day is None else commune.stands_on(self.day)

    @cached_property
    def communes(self) -> tuple[Area, ...]:
        """The communes it serves on its day; one that is over is offered to nobody any more."""
        return tuple(area for area in self.areas if area.kind == "commune" and self.serves(area))

    @cached_property
    def is_wide(self) -> bool:
        """Whether it serves more than one commune."""
        return len(self.communes) > 1

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """The letters with which codes of all its communes begin, ended ones too, and its province's."""
        named = [area for area in self.areas if area.kind in {"province", "commune"}]
        return tuple(dict.fromkeys(area.letters for area in named))

    @property
    def home(self) -> Area:
        """The commune it stands in, or whatever it is of. Raises IndexError where it has no area."""
        return self.commune or self.province or self.areas[0]

    @cached_property
    def commune(self) -> Area | None:
        """The commune this desk stands in: the first that is not to end, else the first, if there is one.

        None where it serves many: each has its `part`.
        """
        if self.is_wide:
            return None
        communes = (area for area in self.areas if area.kind == "commune")
        return min(
            communes, key=lambda area: (not self.serves(area), area.valid_to is not None), default=None
        )

    @cached_property
    def province(self) -> Area | None:
        """The province this desk stands in, if it is named."""
        return next((area for area in self.areas if area.kind == "province"), None)

    @cached_property
    def hamlets(self) -> tuple[Area, ...]:
        """The hamlets it serves; one whose last day is set is offered to nobody any more."""
        return tuple(area for area in self.areas if area.kind == "hamlet" and area.valid_to is None)

    @cached_property
    def hamlet_codes(self) -> frozenset[str]:
        """The codes of the hamlets it serves."""
        return frozenset(hamlet.code for hamlet in self.hamlets)

    @cached_property
    def _inner(self) -> Mapping[str | None, list[str]]:
        return {
            above: [area.code for area in inner]
            for above, inner in by(self.areas, lambda area: area.parent).items()
        }

    @cached_property
    def _turns(self) -> list[date]:
        return turns(area for area in self.areas if area.kind == "commune")
