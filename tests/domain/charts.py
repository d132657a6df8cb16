"""Offices as they might stand anywhere: made-up communes, their units and officials, what they are called."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from domain.directory import Directory
from domain.people import Area, Holding, Role
from domain.routing import Unit

FIRST = date(2025, 7, 1)
FAMILIES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Giàng",
    "Lò",
    "Thạch",
    "Hà",
    "Tạ",
    "Mai",
    "Chu",
]
MIDDLES = ("Văn", "Thị", "Đức", "Anh", "Minh", "Ngọc", "Thị Mai", "Hữu", "Xuân", "Thị Kim", "Quang", "Bá", "")
GIVEN = [
    "Minh",
    "Hoa",
    "Lan",
    "Tâm",
    "Thắng",
    "Hòa",
    "Bình",
    "Sáng",
    "Sông",
    "Tuân",
    "Tuấn",
    "Dũng",
    "Hải",
    "Hà",
    "Long",
    "Sơn",
    "Kiên",
    "Phúc",
    "Thảo",
    "Vân",
    "Yến",
    "Cường",
    "Quý",
    "Bảo",
    "Khoa",
    "Oanh",
    "Nhàn",
    "Lực",
    "Huệ",
    "Hương",
    "Thịnh",
    "Páo",
    "Pản",
    "Rây",
    "Nga",
    "Đông",
    "Nam",
    "Trung",
    "Thành",
    "Công",
    "Quân",
    "Bích",
    "Nghĩa",
    "Nhã",
    "Mỹ",
    "Hạnh",
    "Liễu",
]
UNITS = {
    "ct_xa": ("Chủ tịch UBND xã", "UBND {commune}", "Ủy ban nhân dân"),
    "dang_xa": ("Đảng ủy xã", "Đảng ủy {commune}"),
    "vp_xa": ("Văn phòng HĐND và UBND", "Văn phòng HĐND và UBND {commune}"),
    "kt_xa": ("Phòng Kinh tế", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    "vhxh_xa": ("Phòng Văn hóa - Xã hội", "Phòng Văn hóa và Xã hội {commune}"),
    "ttpvhcc_xa": ("Trung tâm Phục vụ hành chính công", "Trung tâm Phục vụ hành chính công {commune}"),
    "ca_xa": ("Công an xã", "Công an {commune}"),
    "chqs_xa": ("Ban Chỉ huy quân sự xã", "Ban Chỉ huy Quân sự {commune}"),
    "mttq_xa": ("Ủy ban MTTQ Việt Nam xã", "Hội Liên hiệp Phụ nữ xã", "Hội Nông dân {commune}"),
    "tyt_xa": ("Trạm Y tế", "Trạm Y tế {commune}"),
    "truong": ("Trường Tiểu học Kim Đồng", "Trường THCS Lê Lợi"),
    "thon": ("Trưởng thôn Bến Đò", "Thôn 3"),
}
CALLED = {
    "ct_xa": ("ủy ban", "ubnd xã"),
    "dang_xa": ("đảng ủy", "đảng ủy xã"),
    "vp_xa": ("văn phòng ủy ban", "tư pháp hộ tịch", "văn thư"),
    "kt_xa": ("phòng kinh tế", "địa chính", "cán bộ địa chính xã"),
    "vhxh_xa": ("phòng văn hóa", "phòng văn hóa xã hội", "chính sách xã"),
    "ttpvhcc_xa": ("một cửa", "bộ phận một cửa", "hành chính công"),
    "ca_xa": ("công an xã", "công an", "đồn công an"),
    "chqs_xa": ("xã đội", "ban chỉ huy quân sự", "quân sự xã"),
    "tyt_xa": ("trạm y tế", "trạm xá"),
}
CHIEFS = {
    "ct_xa": ("chủ tịch xã", "chủ tịch", "chủ tịch ubnd xã", "lãnh đạo xã", "người đứng đầu xã"),
    "dang_xa": ("bí thư", "bí thư đảng ủy xã", "lãnh đạo xã"),
    "vp_xa": ("chánh văn phòng", "trưởng văn phòng ủy ban"),
    "kt_xa": ("trưởng phòng kinh tế", "lãnh đạo phòng kinh tế", "sếp phòng kinh tế"),
    "vhxh_xa": ("trưởng phòng văn hóa", "phó phòng văn hóa xã hội"),
    "ttpvhcc_xa": ("giám đốc trung tâm hành chính công", "trưởng bộ phận một cửa"),
    "ca_xa": ("trưởng công an xã", "trưởng công an", "phó công an xã"),
    "chqs_xa": ("xã đội trưởng", "chỉ huy trưởng ban chỉ huy quân sự"),
    "tyt_xa": ("trạm trưởng", "trưởng trạm y tế"),
    "truong": ("hiệu trưởng",),
    "thon": ("trưởng thôn",),
}


@dataclass(frozen=True)
class Chart:
    """A directory, and its officials' names word by word."""

    directory: Directory
    names: dict[UUID, tuple[str, str, str]]  # family, middle, given

    def full(self, person: UUID) -> str:
        """Return somebody's whole name."""
        return self.directory.names[person]

    def unit_of(self, person: UUID) -> Unit:
        """Return the unit in which somebody serves."""
        return next(self.directory.unit(h.unit_id) for h in self.directory.holdings if h.person_id == person)

    def chiefs(self, unit: Unit) -> set[UUID]:
        """Return who is in charge of a unit."""
        return set(self.directory.holders(unit.id, {Role.HEAD, Role.SUPERVISOR}, FIRST))


def chart(random: Random) -> Chart:
    """Make up a commune: most kinds of unit, one to four officials in each, given names shared by some."""
    commune = random.choice(("xã Tân Lập", "xã Hòa Bình", "phường Sông Hương"))
    areas = (
        Area("c", commune, "commune", None, FIRST),
        Area("h3", "thôn 3", "hamlet", "c", FIRST),
        Area("hb", "thôn Bến Đò", "hamlet", "c", FIRST),
    )
    units = tuple(_units(random, commune))
    given = random.sample(GIVEN, 12)
    names: dict[UUID, tuple[str, str, str]] = {}
    holdings = []
    for unit in units:
        for place in range(random.randint(1, 4)):
            person = UUID(int=random.getrandbits(128))
            names[person] = random.choice(FAMILIES), random.choice(MIDDLES), random.choice(given)
            chief = Role.HEAD if unit.type in {"ct_xa", "dang_xa"} else Role.SUPERVISOR
            holdings.append(Holding(person, unit.id, Role.OFFICER if place else chief, FIRST))
    full = {person: " ".join(filter(None, name)) for person, name in names.items()}
    return Chart(Directory(areas, units, tuple(holdings), (), full), names)


def _units(random: Random, commune: str) -> Iterator[Unit]:
    for kind, called in UNITS.items():
        if kind in {"ct_xa", "dang_xa"} or random.random() < 0.8:
            name = random.choice(called).format(commune=commune)
            area = {"Trưởng thôn Bến Đò": "hb", "Thôn 3": "h3"}.get(name, "c")
            yield Unit(UUID(int=random.getrandbits(128)), kind, kind, name, area, None, FIRST)
