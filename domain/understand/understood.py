"""What was understood of one message: suggestions for people to confirm, kept in a chat's state as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self

from domain import numbers
from domain.understand.place import Place

Remark = Literal["", "good", "bad"]
"""What somebody says of something that was done: that it is well, or that it is not."""
_LISTS = ("topics", "emergency", "doubt", "dangers", "blamed")

URGENT, _NEXT = "khan", "nhanh"
PLAIN = 0.97
"""How likely a topic is that is beyond doubt, where words may also go on with something else."""


def calmer(urgency: str) -> str:
    """Return how pressing a matter of a field is in which nothing happens now: never the most."""
    return _NEXT if urgency == URGENT else urgency


@dataclass(frozen=True)
class Understood:
    """Suggestions drawn from one message. `story` is False for greetings, thanks and single words."""

    text: str
    story: bool
    small_talk: bool
    kind: str
    kind_sure: bool
    topic: str
    field: str
    topics: tuple[str, ...]  # the three likeliest, best first
    sure: bool  # of the topic
    place: Place | None
    urgency: str  # khan | nhanh | thuong | phuc_tap
    emergency: tuple[str, ...]  # numbers to call now
    accuses: bool  # an official, of a wrong or of bad conduct
    phone: str | None  # +84…
    summary: str  # without insults
    chance: float = 0.0  # how likely the topic is
    on_behalf: str = ""  # the words that say it is for somebody else
    rude: bool = False
    remark: Remark = ""  # on something that was done
    doubt: tuple[str, ...] = ()  # numbers to call if somebody is in danger, which is not clear
    dangers: tuple[str, ...] = ()  # the kinds of danger it may tell of
    close: bool = False  # a danger at home, to a child or to oneself, which is nobody else's to know
    seen: str = ""  # the kind of a danger that anybody near it sees
    now: bool = False  # something is said to happen now, whatever it is
    held: bool = False  # somebody came to harm with the police
    serves: bool = False  # somebody is told of who may serve here
    blamed: tuple[str, ...] = ()  # the types of unit of whoever a wrong is told of; none where it may be any

    @property
    def pii(self) -> tuple[str, ...]:
        """The kinds of numbers in the text that belong to somebody, each once, in their order."""
        return tuple(dict.fromkeys(str(found.kind) for found in numbers.find(self.text)))

    @property
    def masked(self) -> str:
        """The text without those numbers, for whoever need not read them."""
        return numbers.mask(self.text)

    @property
    def plain(self) -> bool:
        """Whether the topic is beyond doubt, so that words about another tell another matter."""
        return self.sure and self.chance >= PLAIN

    def to_json(self) -> dict[str, Any]:
        """Plain JSON-able values."""
        plain = vars(self) | {name: list(getattr(self, name)) for name in _LISTS}
        if self.place is not None:
            plain["place"] = vars(self.place) | {"choices": [list(one) for one in self.place.choices]}
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read it back; keys of another version are passed over."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        known |= {name: tuple(data.get(name, ())) for name in _LISTS}
        known["place"] = None if data["place"] is None else _place(data["place"])
        return cls(**known)


def _place(data: Mapping[str, Any]) -> Place:
    known = {field.name: data[field.name] for field in fields(Place) if field.name in data}
    known["choices"] = tuple((code, label) for code, label in data["choices"])
    return Place(**known)
