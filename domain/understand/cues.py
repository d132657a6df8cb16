"""What set phrases tell: the kind of message, danger now, an official accused, small talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.understand.fold import Token
from domain.understand.phrases import Hit, Phrases

KINDS = (
    "khieu_nai",
    "to_cao",
    "kien_nghi",
    "phan_anh",
    "nguyen_vong",
    "gop_y",
    "hoi_dap",
    "tro_giup_phap_ly",
)
_NEAR = 10  # words between a misdeed and the person blamed for it


@dataclass(frozen=True)
class Signs:
    """Everything the set phrases of one message tell."""

    kinds: tuple[str, ...]  # named outright, by preference
    hints: tuple[str, ...]  # suggested by turns of phrase, one for each found
    emergency: tuple[str, ...]  # numbers to call
    urgent: bool
    accuses: bool
    small: int  # words of greeting, thanks, insult and filler
    greets: bool  # at least one greeting, thanks or insult among them


class Cues:
    """The phrases of `cues.yaml`, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        kinds: Mapping[str, Mapping[str, Sequence[str]]] = data["kinds"]
        self._order = list(kinds)
        self._named = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("sure", ()))
        self._hints = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("likely", ()))
        dangers: Mapping[str, Mapping[str, Sequence[str]]] = data["emergencies"]
        self._numbers = {name: tuple(danger["numbers"]) for name, danger in dangers.items()}
        self._dangers = Phrases((text, name) for name, danger in dangers.items() for text in danger["cues"])
        self._guards = Phrases((text, name) for name, danger in dangers.items() for text in danger["guards"])
        flags = (
            "urgent",
            "past",
            "now",
            "children",
            "wrongdoing",
            "roles",
            "greetings",
            "thanks",
            "insults",
            "filler",
        )
        self._flags = Phrases((text, flag) for flag in flags for text in data[flag])

    def read(self, said: Sequence[Token]) -> Signs:
        """Find the signs in a message's words."""
        flags = self._flags.find(said)
        found = {hit.value for hit in flags}
        named = {hit.value for hit in self._named.find(said)}
        emergency = (
            () if "past" in found and "now" not in found else self._emergency(said, child="children" in found)
        )
        return Signs(
            kinds=tuple(kind for kind in self._order if kind in named),
            hints=tuple(hit.value for hit in self._hints.find(said)),
            emergency=emergency,
            urgent="urgent" in found,
            accuses=_accuses(flags),
            small=_covered(flags, ("greetings", "thanks", "insults", "filler")),
            greets=not found.isdisjoint(("greetings", "thanks", "insults")),
        )

    def _emergency(self, said: Sequence[Token], *, child: bool) -> tuple[str, ...]:
        guards = self._guards.find(said)
        dangers = {
            hit.value
            for hit in self._dangers.find(said)
            if not any(guard.value == hit.value and guard.overlaps(hit) for guard in guards)
        }
        if child and "violence" in dangers:
            dangers.add("child")
        numbers = [number for name in self._numbers if name in dangers for number in self._numbers[name]]
        return tuple(dict.fromkeys(numbers))


def _accuses(flags: Sequence[Hit[str]]) -> bool:
    misdeeds = [hit for hit in flags if hit.value == "wrongdoing"]
    people = [hit for hit in flags if hit.value == "roles"]
    return any(abs(person.start - misdeed.start) <= _NEAR for person in people for misdeed in misdeeds)


def _covered(flags: Sequence[Hit[str]], names: Sequence[str]) -> int:
    return len({at for hit in flags if hit.value in names for at in range(hit.start, hit.end)})
