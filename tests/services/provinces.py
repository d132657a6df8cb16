"""Made-up provinces, each another one: their communes, units and officials.

Who may is worked out here from the words of the design alone, not by asking the desk: a case is of the
communes in which it was told or into which a head moved it; of the province's people only its heads, who is
on duty where it is urgent, those in charge of a unit above, and those to whom a delay has climbed, hear of it
unmoved.
"""

import random
from dataclasses import dataclass

import yaml

from tests.conversations.charts import _GIVEN, _MIDDLES, _SURNAMES, _UNITS

PROVINCE = "tinh"
_COMMUNES = ("Hòa An", "Bình Lộc", "Cẩm Sơn", "Đại Thịnh", "Gia Phú", "Khánh Yên")
_CODES = ("hoa_an", "binh_loc", "cam_son", "dai_thinh", "gia_phu", "khanh_yen")
_ABOVE = {"sxd": "Sở Xây dựng", "sonnmt": "Sở Nông nghiệp và Môi trường", "ttra": "Thanh tra tỉnh"}
_SINCE = {"from": "2025-07-01"}
IN_CHARGE = frozenset({"supervisor", "head"})
SERVING = frozenset({"officer", "supervisor", "head", "duty"})


@dataclass(frozen=True)
class Unit:
    """A unit: its code, type, where it has its say, and the code of the one above it."""

    code: str
    type: str
    seat: str
    above: str = ""


@dataclass(frozen=True)
class Official:
    """Somebody who serves: their roles as (role, code of the unit), and whether they have a chat."""

    code: str
    name: str
    roles: tuple[tuple[str, str], ...]
    joined: bool = True


@dataclass(frozen=True)
class Chart:
    """A province over its communes."""

    communes: tuple[str, ...]
    units: dict[str, Unit]
    officials: dict[str, Official]

    def seed(self) -> bytes:
        """Write it as a seed file."""
        areas = [{"code": PROVINCE, "name": "tỉnh Mẫu", "kind": "province", "prefix": "ZZ"} | _SINCE]
        for number, commune in enumerate(self.communes):
            name = {"name": f"xã {_COMMUNES[number]} Mẫu", "prefix": f"A{chr(65 + number)}"}
            areas.append({"code": commune, "kind": "commune", "parent": PROVINCE} | name | _SINCE)
            hamlets = ({"code": f"{commune}_thon_{n}", "name": f"thôn {n}"} for n in (1, 2, 3))
            areas += [one | {"kind": "hamlet", "parent": commune} | _SINCE for one in hamlets]
        units = [
            {"code": one.code, "type": one.type, "name": _called(one), "area": one.seat}
            | ({"parent": one.above} if one.above else {})
            | _SINCE
            for one in self.units.values()
        ]
        people = [
            {"code": o.code, "name": o.name, "roles": [{"role": r, "unit": u} | _SINCE for r, u in o.roles]}
            for o in self.officials.values()
        ]
        return yaml.safe_dump({"areas": areas, "units": units, "people": people}, allow_unicode=True).encode()

    def seat(self, unit: str) -> str:
        """Return the commune of a unit, or the province."""
        return self.units[unit].seat

    def seats(self, who: str) -> set[str]:
        """Return where somebody serves."""
        return {self.seat(unit) for _, unit in self.officials[who].roles}

    def chain(self, unit: str) -> set[str]:
        """Return the codes of a unit and of those above it."""
        found = {unit}
        while unit := self.units[unit].above:
            found.add(unit)
        return found

    def lent(self, who: str, away: dict[str, str]) -> list[tuple[str, str]]:
        """Return somebody's roles, and those of whom they stand in for, where they serve themselves.

        `away`: who is away, and who stands in for them.
        """
        theirs = list(self.officials[who].roles)
        for absent in (one for one, stands_in in away.items() if stands_in == who):
            own = self.seats(who)
            theirs += [
                (role, unit)
                for role, unit in self.officials[absent].roles
                if self.seat(unit) in own and role in SERVING
            ]
        return theirs

    def shut_out_with(self, who: str, away: dict[str, str]) -> set[str]:
        """Return who must not hear what accuses somebody in a commune, whose name nobody else bears there.

        Everybody of their units and those below, and who stands in for any of these without a key.
        """
        own = {unit for role, unit in self.officials[who].roles if role in SERVING}
        near = {who} | {o.code for o in self.officials.values() for _, u in o.roles if own & self.chain(u)}
        lent = {away[one] for one in near if one in away and self.seats(one) & self.seats(away[one])}
        keyless = {o for o in lent if not any(role in IN_CHARGE for role, _ in self.officials[o].roles)}
        return near | keyless


def _called(unit: Unit) -> str:
    if unit.type in _UNITS:
        return _UNITS[unit.type][0]
    return _ABOVE.get(unit.type, "Văn phòng UBND tỉnh")


def draw(dice: random.Random, most: int = 6) -> Chart:
    """Make up a province."""
    communes = tuple(_CODES[: dice.randint(2, most)])
    units = {"vp_tinh": Unit("vp_tinh", "vp_tinh", PROVINCE)}
    for kind in dice.sample(sorted(_ABOVE), dice.randint(0, 2)):
        units[kind] = Unit(kind, kind, PROVINCE, dice.choice(("vp_tinh", "")))
    roles: list[list[tuple[str, str]]] = [[("head", "vp_tinh")]]
    roles += [[(role, "vp_tinh")] for role in ("officer", "duty", "admin", "keeper") if dice.random() < 0.6]
    for kind in [one for one in units if one != "vp_tinh"]:
        roles += [[("supervisor", kind)], [("officer", kind)]]
    for commune in communes:
        _commune(dice, commune, units, roles)
    local = [unit for unit in units if units[unit].seat != PROVINCE]
    for held in dice.sample(roles, min(4, len(roles))):  # a second role, in whatever commune
        held.append((dice.choice(("officer", "supervisor", "duty", "head")), dice.choice(local)))
    return Chart(communes, units, {one.code: one for one in _named(dice, roles)})


def _commune(
    dice: random.Random, commune: str, units: dict[str, Unit], roles: list[list[tuple[str, str]]]
) -> None:
    spare = [code for code in _UNITS if code not in {"ct_xa", "dang_xa", "vp_xa", "kt_xa"}]
    above = dice.choice(("vp_tinh", ""))
    own = []
    for kind in ("ct_xa", "dang_xa", "vp_xa", "kt_xa", *dice.sample(spare, dice.randint(1, 2))):
        parent = _UNITS[kind][1]
        code = f"{commune}_{kind}"
        units[code] = Unit(code, kind, commune, f"{commune}_{parent}" if parent else above)
        own.append(code)
    roles += [[("head", own[0])], [("head", own[1])]]
    for unit in own[2:]:
        roles += [[("supervisor", unit)]] if dice.random() < 0.8 else []
        roles += [[("officer", unit)] for _ in range(dice.randint(0, 2))]
    roles += [[("duty", dice.choice(own[2:]))], [("admin", own[2])]]
    roles += [[("keeper", own[1])]] if dice.random() < 0.5 else []


def _named(dice: random.Random, roles: list[list[tuple[str, str]]]) -> list[Official]:
    found, names = [], [f"{s} {m} {g}" for s in _SURNAMES for m in _MIDDLES for g in _GIVEN]
    called = dice.sample(names, len(roles))
    for number, held in enumerate(roles):
        name = dice.choice(called[: number + 1]) if dice.random() < 0.15 else called[number]
        found.append(Official(f"p{number}", name, tuple(dict.fromkeys(held)), dice.random() < 0.85))
    return found
