"""What lies in what: the province, its communes and their hamlets; and which communes are served on a day."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from domain.people import Area, by, turns
from domain.routing import reached
from domain.understand.fold import fold
from domain.understand.served import bare


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
        """Return the commune that an area is or lies in, if it is known and in one.

        A commune that lies in another was merged into it: that other one is meant.
        """
        return self._communes_of.get(code)

    @cached_property
    def _communes_of(self) -> Mapping[str, Area]:
        """The commune of each area that is one or lies in one: it is asked for many times a message."""
        found: dict[str, Area] = {}
        for code in self._by_code:
            areas = (self._by_code[one] for one in self.lineage(code))
            communes = [area for area in areas if area.kind == "commune"]
            if communes:
                found[code] = communes[-1]
        return found

    def old_commune(self, code: str) -> str:
        """Return the code of the commune an area is or was of before any merger; empty for none."""
        return next((one for one in self.lineage(code) if self._by_code[one].kind == "commune"), "")

    @cached_property
    def merged(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the communes that were merged into each, by the code of that one."""
        found: dict[str, list[str]] = {}
        for code, commune in self._communes_of.items():
            if code != commune.code and self._by_code[code].kind == "commune":
                found.setdefault(commune.code, []).append(code)
        return {into: tuple(sorted(codes)) for into, codes in found.items()}

    def old_of(self, area: str, old: str = "") -> str:
        """Return by which old commune hamlets are meant in an area; empty where it is not in doubt.

        `old` is that of whoever writes, which is passed over where it is of another commune.
        """
        here = self.commune_of(area or old)
        if here is None or here.code not in self.merged:
            return ""
        own = self.old_commune(area) if area else ""
        if own and area != here.code:
            return own
        return old if old and self.commune_of(old) is here else ""

    def merged_on(self, code: str) -> date | None:
        """Return the last day before the latest merger into this commune; None where there was none."""
        days = (self._by_code[old].valid_to for old in self.merged.get(code, ()))
        return max(filter(None, days), default=None)

    @cached_property
    def twins(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """What hamlets of one name are called: by their commune, that name and their old commune."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for hamlet in self.hamlets:
            commune = self.commune_of(hamlet.code) if hamlet.plain else None
            if commune is not None:
                alike = found.setdefault(commune.code, {}).setdefault(fold(hamlet.plain), {})
                alike[self.old_commune(hamlet.code)] = hamlet.name
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


def told_apart(areas: Sequence[Area], called: Callable[[str, str], str]) -> tuple[Area, ...]:
    """Return the areas, hamlets of one name in one commune each called by its old commune as well.

    `called` gives what a hamlet is called then, by its name and its old commune's without the rank.
    """
    seen = Areas(tuple(areas))
    communes = {hamlet.code: seen.commune_of(hamlet.code) for hamlet in seen.hamlets}
    borne = Counter((communes[hamlet.code], fold(hamlet.name)) for hamlet in seen.hamlets)
    names = {area.code: area.name for area in areas}
    found = []
    for area in areas:
        old = seen.old_commune(area.code)
        if old and borne[communes.get(area.code), fold(area.name)] > 1 and len(seen.merged):
            found.append(replace(area, name=called(area.name, bare(names[old])), plain=area.name))
        else:
            found.append(area)
    return tuple(found)
