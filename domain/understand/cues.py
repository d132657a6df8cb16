"""What set phrases tell: the kind of message, small talk."""

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

_GREETING = ("greetings", "thanks", "filler", "addressed")


@dataclass(frozen=True)
class Signs:
    """Everything the set phrases of one message tell."""

    kinds: tuple[str, ...]  # named outright, by preference
    hints: tuple[str, ...]  # suggested by turns of phrase, one for each found
    urgent: bool
    small: int  # words of greeting, thanks, insult and filler
    greets: bool  # at least one greeting, thanks or insult among them
    insults: tuple[tuple[int, int], ...]  # from which word to which, none within another
    on_behalf: tuple[int, int] | None  # the words that say it is for somebody else
    remark: Remark  # on something that was done
    greeting: frozenset[int]  # which words only greet or thank, and whom; none where nobody is greeted


class Cues:
    """The phrases of `cues.yaml`, compiled."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        kinds: Mapping[str, Mapping[str, Sequence[str]]] = data["kinds"]
        self._order = list(kinds)
        self._named = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("sure", ()))
        self._denied = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("not", ()))
        self._hints = Phrases((text, kind) for kind, cues in kinds.items() for text in cues.get("likely", ()))
        flags = (
            "urgent",
            "greetings",
            "thanks",
            "insults",
            "filler",
            "on_behalf",
            "on_behalf_not",
            "fixed",
            "unfixed",
            "addressed",
        )
        self._flags = Phrases((text, flag) for flag in flags for text in data[flag])
        self._over = Phrases((text, flag) for flag in ("over", "not_over") for text in data[flag])

    def read(self, said: Sequence[Token]) -> Signs:
        """Find the signs in a message's words."""
        flags = self._flags.find(said)
        found = {hit.value for hit in flags}
        denied = self._denied.find(said)
        named = {
            hit.value
            for hit in self._named.find(said)
            if not any(other.value == hit.value and other.overlaps(hit) for other in denied)
        }
        return Signs(
            kinds=tuple(kind for kind in self._order if kind in named),
            hints=tuple(hit.value for hit in self._hints.find(said)),
            urgent="urgent" in found,
            small=_covered(flags, ("greetings", "thanks", "insults", "filler")),
            greets=not found.isdisjoint(("greetings", "thanks", "insults")),
            insults=_apart([hit for hit in flags if hit.value == "insults"]),
            on_behalf=_on_behalf(flags),
            remark="bad" if "unfixed" in found else "good" if "fixed" in found else "",
            greeting=_positions(flags, _GREETING) if found & {"greetings", "thanks"} else frozenset(),
        )

    def is_over(self, said: Sequence[Token]) -> bool:
        """Say whether a few words say of a danger that it is over."""
        found = {hit.value for hit in self._over.find(said)} if len(said) <= _FEW else set()
        return found == {"over"}


_FEW = 14


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
    return len(_positions(flags, names))


def _positions(flags: Sequence[Hit[str]], names: Sequence[str]) -> frozenset[int]:
    return frozenset(at for hit in flags if hit.value in names for at in range(hit.start, hit.end))
