"""Made-up offices, each another one, and what people say of those who serve there."""

import random
from dataclasses import dataclass

import yaml

from domain.understand.fold import fold

_SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lò",
    "Quàng",
)
_MIDDLES = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Quốc", "Thanh", "Xuân", "Bá")
_GIVEN = (
    "Lực", "Tuân", "Thắng", "Hùng", "Cường", "Bình", "Yến", "Huệ", "Nhàn", "Khoa", "Dũng", "Hải", "Vân",
    "Sáng", "Thảo", "Long", "Đạt", "Phúc", "Quyền", "Trang", "Oanh", "Kiên", "Tiến", "Nga", "Hậu",
)  # fmt: skip
_UNITS = {
    "ct_xa": ("Chủ tịch UBND xã", None),
    "dang_xa": ("Đảng ủy xã", None),
    "vp_xa": ("Văn phòng HĐND và UBND", "ct_xa"),
    "kt_xa": ("Phòng Kinh tế", "ct_xa"),
    "vhxh_xa": ("Phòng Văn hóa - Xã hội", "ct_xa"),
    "ca_xa": ("Công an xã", "ct_xa"),
    "ttpvhcc_xa": ("Trung tâm Phục vụ hành chính công", "ct_xa"),
    "chqs_xa": ("Ban Chỉ huy quân sự xã", "ct_xa"),
    "mttq_xa": ("Ủy ban MTTQ Việt Nam xã", "dang_xa"),
}
_POSTS = {
    "ct_xa": ("chủ tịch xã", "ông chủ tịch"),
    "dang_xa": ("bí thư đảng ủy xã", "bí thư đảng ủy"),
    "ca_xa": ("trưởng công an xã", "công an xã"),
    "kt_xa": ("trưởng phòng kinh tế", "cán bộ phòng kinh tế"),
    "vhxh_xa": ("cán bộ phòng văn hóa xã hội", "trưởng phòng văn hóa"),
    "ttpvhcc_xa": ("cán bộ một cửa", "cán bộ trung tâm hành chính công"),
    "vp_xa": ("cán bộ văn phòng ủy ban", "chánh văn phòng"),
}
PHRASES = (
    "{who} đòi tôi 2 triệu mới chịu làm giấy tờ ở thôn 3",
    "tôi tố cáo {who} nhận hối lộ 50 triệu ở thôn 3",
    "{who} vòi tiền, không đưa thì ngâm hồ sơ của nhà tôi ở thôn 3",
    "{who} hách dịch, quát mắng dân thôn 3",
    "{who} gây khó dễ cho nhà tôi ở thôn 3",
    "{who} lấy đất công chia cho họ hàng ở thôn 3",
    "{who} ăn chặn tiền hộ nghèo của thôn 3",
    "{who} bao che cho sòng bạc ở thôn 3",
    "{who} bảo kê cờ bạc ở thôn 3",
    "{who} đánh con tôi ở trụ sở, nhà tôi ở thôn 3",
    "{who} thu tiền quỹ không có biên lai ở thôn 3",
    "{who} bớt xén tiền trợ cấp của mẹ tôi ở thôn 3",
    "{who} ăn tiền của dân thôn 3",
    "{who} cố tình không giải quyết vì tôi ở thôn 3 không đưa phong bì",
    "dân thôn 3 bức xúc vì {who} tham ô tiền làm đường",
    "{who} bắt tôi ở thôn 3 đưa phong bì mới ký giấy",
    "tôi ở thôn 3 đưa tiền cho {who} rồi mà vẫn bị làm khó",
    "{who} ưu ái người nhà khi chia đất ở thôn 3",
    "{who} chửi dân thôn 3 lúc làm giấy tờ",
    "{who} giấu tiền ủng hộ bão lụt của thôn 3",
)


@dataclass(frozen=True)
class Official:
    """Somebody who serves: a code, a name, and their roles as (role, unit)."""

    code: str
    name: str
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chart:
    """One office."""

    units: tuple[str, ...]
    officials: tuple[Official, ...]

    def seed(self) -> bytes:
        """Write it as a seed file."""
        since = {"from": "2025-07-01"}
        areas = [
            {"code": "tinh", "name": "tỉnh Mẫu", "kind": "province"} | since,
            {"code": "xa", "name": "xã Tân Lập Mẫu", "kind": "commune", "parent": "tinh"} | since,
            *(
                {"code": f"thon_{n}", "name": f"thôn {n}", "kind": "hamlet", "parent": "xa"} | since
                for n in (1, 2, 3)
            ),
        ]
        units = [
            {"code": code, "type": code, "name": _UNITS[code][0], "area": "xa"}
            | ({"parent": above} if (above := _UNITS[code][1]) else {})
            | since
            for code in self.units
        ]
        people = [
            {
                "code": one.code,
                "name": one.name,
                "roles": [{"role": r, "unit": u} | since for r, u in one.roles],
            }
            for one in self.officials
        ]
        return yaml.safe_dump({"areas": areas, "units": units, "people": people}, allow_unicode=True).encode()

    def inside(self, units: set[str]) -> set[str]:
        """Return the codes of all who hold a role in these units or below."""
        below = {code for code in self.units if code in units or _UNITS[code][1] in units}
        return {one.code for one in self.officials if any(unit in below for _, unit in one.roles)}

    def shut_out_with(self, code: str) -> set[str]:
        """Return who must not read what accuses this official: everybody of their units and those below."""
        one = next(one for one in self.officials if one.code == code)
        own = {unit for role, unit in one.roles if role not in {"admin", "keeper"}}
        return {code} | self.inside(own)


def draw(dice: random.Random) -> Chart:
    """Make up an office."""
    spare = [code for code in _UNITS if code not in {"ct_xa", "dang_xa", "vp_xa", "kt_xa"}]
    units = ("ct_xa", "dang_xa", "vp_xa", "kt_xa", *dice.sample(spare, dice.randint(2, len(spare))))
    roles: list[list[tuple[str, str]]] = [[("head", "ct_xa")], [("head", "dang_xa")]]
    if dice.random() < 0.4:
        roles.append([("head", "ct_xa")])
    for unit in units[2:]:
        roles += [[("supervisor", unit)]] if dice.random() < 0.85 else []
        roles += [[("officer", unit)] for _ in range(dice.randint(0, 2))]
    roles += [[("duty", dice.choice(units[2:]))], [("admin", "vp_xa")], [("keeper", "dang_xa")]]
    for held in dice.sample(roles, 3):  # a second role
        held.append((dice.choice(("officer", "duty")), dice.choice(units[2:])))
    alike = dice.random() < 0.3 or len(roles) > len(_GIVEN)
    given = [dice.choice(_GIVEN) for _ in roles] if alike else dice.sample(_GIVEN, len(roles))
    officials = tuple(
        Official(
            f"p{n}", f"{dice.choice(_SURNAMES)} {dice.choice(_MIDDLES)} {name}", tuple(dict.fromkeys(held))
        )
        for n, (held, name) in enumerate(zip(roles, given, strict=True))
    )
    return Chart(units, officials)


@dataclass(frozen=True)
class Accusation:
    """What is said, and the codes of those who must never hear of it."""

    words: str
    shut_out: frozenset[str]


def accuse(chart: Chart, dice: random.Random) -> Accusation:
    """Accuse somebody: by full or given name, unit or post, with or without diacritics."""
    one = dice.choice([one for one in chart.officials if one.roles[0][0] not in {"admin", "keeper"}])
    unit = one.roles[0][1]
    title, given = dice.choice(("ông", "anh", "bà", "chị", "đồng chí")), one.name.split()[-1]
    by_post = {"ct_xa", "dang_xa"} & {unit} and one.roles[0][0] == "head"
    names = [one.name, f"{title} {one.name}", f"{title} {given} {_UNITS[unit][0]}"]
    shut_out = chart.shut_out_with(one.code)
    who = dice.choice(names)
    if unit in _POSTS and (by_post or dice.random() < 0.4):
        who, shut_out = dice.choice(_POSTS[unit]), chart.inside({unit})
    words = dice.choice(PHRASES).format(who=who)
    return Accusation(fold(words) if dice.random() < 0.5 else words, frozenset(shut_out))
