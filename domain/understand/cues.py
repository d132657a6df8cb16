"""What set phrases tell: the kind of message, danger now, small talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.understand.fold import Token
from domain.understand.phrases import Hit, Phrases
from domain.understand.understood import Remark

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
NUMBERS = frozenset({"111", "112", "113", "114", "115"})
"""Child protection, disaster and rescue, police, fire, ambulance."""


@dataclass(frozen=True)
class Signs:
    """Everything the set phrases of one message tell."""

    kinds: tuple[str, ...]  # named outright, by preference
    hints: tuple[str, ...]  # suggested by turns of phrase, one for each found
    emergency: tuple[str, ...]  # numbers to call
    urgent: bool
    small: int  # words of greeting, thanks, insult and filler
    greets: bool  # at least one greeting, thanks or insult among them
    insults: tuple[tuple[int, int], ...]  # from which word to which, none within another
    on_behalf: tuple[int, int] | None  # the words that say it is for somebody else
    remark: Remark  # on something that was done


class Cues:
    """The phrases of `cues.yaml` and those of danger (the document `words`), compiled."""

    def __init__(self, data: Mapping[str, Any], dangers: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        kinds: Mapping[str, Mapping[str, Sequence[str]]] = data["kinds"]
        self._order = list(kinds)
        self._named = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("sure", ()))
        self._hints = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("likely", ()))
        self._numbers = {name: tuple(danger["numbers"]) for name, danger in dangers.items()}
        if strange := {number for told in self._numbers.values() for number in told} - NUMBERS:
            raise ValueError(f"{min(strange)} is no number to call; write one of {sorted(NUMBERS)}")
        self._dangers = Phrases((text, name) for name, danger in dangers.items() for text in danger["cues"])
        self._guards = Phrases((text, name) for name, danger in dangers.items() for text in danger["guards"])
        flags = (
            "urgent",
            "past",
            "now",
            "children",
            "greetings",
            "thanks",
            "insults",
            "filler",
            "on_behalf",
            "on_behalf_not",
            "fixed",
            "unfixed",
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
            small=_covered(flags, ("greetings", "thanks", "insults", "filler")),
            greets=not found.isdisjoint(("greetings", "thanks", "insults")),
            insults=_apart([hit for hit in flags if hit.value == "insults"]),
            on_behalf=_on_behalf(flags),
            remark="bad" if "unfixed" in found else "good" if "fixed" in found else "",
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


def _apart(hits: Sequence[Hit[str]]) -> tuple[tuple[int, int], ...]:
    """Return the spans of the phrases, those that overlap made one."""
    spans: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda one: one.start):
        if spans and hit.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], hit.end))
        else:
            spans.append((hit.start, hit.end))
    return tuple(spans)


def _on_behalf(flags: Sequence[Hit[str]]) -> tuple[int, int] | None:
    otherwise = [hit for hit in flags if hit.value == "on_behalf_not"]
    told = [
        hit
        for hit in flags
        if hit.value == "on_behalf" and not any(hit.overlaps(other) for other in otherwise)
    ]
    longest = max(told, key=lambda hit: hit.end - hit.start, default=None)
    return (longest.start, longest.end) if longest else None


def _covered(flags: Sequence[Hit[str]], names: Sequence[str]) -> int:
    return len({at for hit in flags if hit.value in names for at in range(hit.start, hit.end)})
