"""Whom an accusation speaks of: officials and units of the directory, by whatever people call them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.people import Directory
from domain.understand.fold import fold


@dataclass(frozen=True, slots=True)
class Accusation:
    """What some words say of officials: everybody who may be meant, and whether a wrong is told of any.

    `people` and `units` are named (two people of one name: both; without those below a unit). `wrong` says
    that a wrong or bad conduct of an official or a unit is told, whether or not it is known of whom.
    """

    people: tuple[UUID, ...] = ()
    units: tuple[UUID, ...] = ()
    wrong: bool = False


_NAMED = (
    ("ct_xa", ("chu tich", "uy ban xa", "ubnd xa")),
    ("dang_xa", ("bi thu", "dang uy")),
    ("ca_xa", ("cong an",)),
    ("kt_xa", ("dia chinh", "phong kinh te")),
    ("vhxh_xa", ("phong van hoa", "chinh sach xa", "lao dong thuong binh")),
    ("ttpvhcc_xa", ("mot cua", "hanh chinh cong")),
    ("chqs_xa", ("xa doi", "quan su xa")),
    ("vp_xa", ("van phong", "tu phap", "ho tich")),
)


def read(text: str, directory: Directory, day: date) -> Accusation:
    """Return whom the words speak of, among those who serve that day."""
    said = fold(text)
    types = {kind for kind, names in _NAMED if any(name in said for name in names)}
    units = [unit.id for unit in directory.units if unit.type in types and unit.stands_on(day)]
    return Accusation(units=tuple(units))
