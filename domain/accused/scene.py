"""What stands in a message beside the names of officials."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from domain.accused.offices import Office
from domain.understand.conduct import Weakness
from domain.understand.loosely import Found, Said


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands in a message besides names: by where it ends, wrongs by where they start."""

    said: Said
    offices: Sequence[Office]
    wrongs: Collection[int]
    titles: Mapping[int, Found[Weakness]]
    everyday: Collection[int]
    slots: Collection[int]
    places: Collection[int]  # words of the names of areas
