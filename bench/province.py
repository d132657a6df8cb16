"""An invented province to measure with: communes, their hamlets, units and officials, all from one number.

No such province exists, and the people are made up. The same number of communes gives the same file.
"""

import csv
import io
from collections.abc import Iterator

COMMUNES = 130
_HAMLETS, _OFFICIALS = 20, 49
"""Of each commune."""
_ABOVE = 130
"""Officials of the province itself."""
_FIRST, _SECOND = (
    ["An", "Bình", "Cẩm", "Đại", "Đông", "Gia", "Hòa", "Hưng", "Khánh", "Lộc"],
    ["Mỹ", "Nam", "Phú", "Quang", "Sơn", "Tân", "Thịnh", "Vĩnh", "Xuân", "Yên", "Lâm", "Thuận", "Trà"],
)
_FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
]
_MIDDLE = ["Văn", "Thị", "Đức", "Minh", "Ngọc", "Hữu", "Thanh", "Xuân", "Thu", "Quốc", "Mai"]
_GIVEN = [
    "Anh",
    "Bảo",
    "Chi",
    "Dung",
    "Đạt",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiếu",
    "Hoa",
    "Hùng",
    "Hương",
    "Khoa",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Phúc",
]
_SCHOOLS = 2
_ABOVE_UNITS = ["vp_tinh", "sonnmt", "sxd", "snv", "stc", "syt", "sgd", "ca_tinh", "ttra", "bnc_tinh"]
_COLUMNS = (
    "what",
    "code",
    "name",
    "kind",
    "type",
    "area",
    "parent",
    "prefix",
    "phone",
    "person",
    "role",
    "unit",
    "from",
)
_SINCE = "2025-07-01"
Row = dict[str, str]


def seed(communes: int = COMMUNES) -> tuple[bytes, str]:
    """Return the bytes and the name of a seed file; of one commune the province has no units of its own."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(_rows(communes))
    return text.getvalue().encode(), f"{communes}.csv"


def code(number: int) -> str:
    """Return the code of a commune, counted from 0."""
    return f"xa_{number}"


def _rows(communes: int) -> Iterator[Row]:
    yield _row("area", code="tinh", name="tỉnh Thử Nghiệm", kind="province", prefix="ZZ")
    if communes > 1:
        for kind in _ABOVE_UNITS:
            yield _unit("tinh", kind, "" if kind == "vp_tinh" else "tinh.vp_tinh", kind.replace("_", " "))
        for number in range(_ABOVE):
            unit = f"tinh.{_ABOVE_UNITS[number % len(_ABOVE_UNITS)]}"
            role = "officer" if number >= 2 * len(_ABOVE_UNITS) else "supervisor"
            yield from _official(f"tinh.{number}", number, {0: "head", 10: "admin"}.get(number, role), unit)
    for number in range(communes):
        yield from _commune(number)


def _commune(number: int) -> Iterator[Row]:
    own = code(number)
    name = f"xã {_FIRST[number % len(_FIRST)]} {_SECOND[number // len(_FIRST) % len(_SECOND)]}"
    letters = f"{chr(65 + number // 25 % 25)}{chr(65 + number % 25)}"
    yield _row("area", code=own, name=name, kind="commune", parent="tinh", prefix=letters)
    for hamlet in range(_HAMLETS):
        called = f"thôn {hamlet + 1}" if hamlet % 2 else f"thôn {_SECOND[hamlet // 2]} {_FIRST[number % 10]}"
        yield _row("area", code=f"{own}.t{hamlet}", name=called, kind="hamlet", parent=own)
    yield _unit(own, "ct_xa", "", "Chủ tịch UBND xã")
    yield _unit(own, "dang_xa", "", "Đảng ủy xã")
    for kind, called in _NAMES.items():
        phone = f"0200 {number:03} 113" if kind == "vp_xa" else ""
        yield _unit(own, kind, f"{own}.ct_xa", called, phone=phone)
    yield _unit(own, "mttq_xa", f"{own}.dang_xa", "Ủy ban MTTQ Việt Nam xã")
    for school in range(_SCHOOLS):
        called, tail = f"Trường học số {school + 1}", f"{own}.truong{school}"
        yield _unit(own, "truong", f"{own}.ct_xa", called, code=tail)
    units = [*(f"{own}.{kind}" for kind in ("ct_xa", "dang_xa", *_NAMES, "mttq_xa"))]
    units += [f"{own}.truong{school}" for school in range(_SCHOOLS)]
    for official in range(_OFFICIALS):
        unit = units[official % len(units)]
        role = _ROLES.get(official, "supervisor" if official < len(units) else "officer")
        yield from _official(f"{own}.{official}", number * 7 + official, role, unit)


_ROLES = {0: "head", 1: "head", 13: "supervisor", 14: "keeper", 15: "admin", 28: "duty"}
"""Of a commune's first, second ... official, who serve in its units by turns."""
_NAMES = {
    "vp_xa": "Văn phòng HĐND và UBND",
    "kt_xa": "Phòng Kinh tế",
    "vhxh_xa": "Phòng Văn hóa - Xã hội",
    "ca_xa": "Công an xã",
    "ttpvhcc_xa": "Trung tâm Phục vụ hành chính công",
    "chqs_xa": "Ban Chỉ huy quân sự xã",
    "tyt_xa": "Trạm Y tế",
    "ttdv_xa": "Trung tâm Cung ứng dịch vụ công",
}


def _unit(area: str, kind: str, parent: str, name: str, **more: str) -> Row:
    values = {"code": f"{area}.{kind}", "type": kind, "name": name, "area": area, "parent": parent}
    return _row("unit", **(values | more))


def _official(own: str, number: int, role: str, unit: str) -> Iterator[Row]:
    name = (_FAMILY[number % 14], _MIDDLE[number // 3 % 11], _GIVEN[number // 2 % 20])
    yield {"what": "person", "code": own, "name": " ".join(name)}
    yield _row("role", person=own, role=role, unit=unit)


def _row(what: str, **values: str) -> Row:
    return {"what": what, "from": _SINCE, **values}
