"""Where cases go, and where they must never go."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.law import BadDocument, seed
from domain.routing import NobodyThere, Taxonomy, Topic, Unit, route

TAXONOMY = Taxonomy.parse(seed("taxonomy"))
FIELDS = TAXONOMY.fields
TODAY = date(2026, 11, 23)
SPACE = UUID(int=7)


def unit(code: str, area: str = "hb", parent: str | None = None, **period: date) -> Unit:
    """Build a unit whose id derives from area and type, e.g. `hb.kt_xa`; the parent is named the same way."""
    return Unit(
        id=uuid5(SPACE, f"{area}.{code}"),
        code=f"{area}.{code}",
        type=code,
        name=code,
        area=area,
        parent=uuid5(SPACE, parent) if parent else None,
        valid_from=period.get("valid_from", date(2025, 7, 1)),
        valid_to=period.get("valid_to"),
    )


def ids(*codes: str) -> set[UUID]:
    """Give the ids of units by code, e.g. `hb.kt_xa`."""
    return {uuid5(SPACE, code) for code in codes}


PROVINCE = [
    unit("vp_tinh", "tinh"),
    unit("ttra", "tinh", "tinh.vp_tinh"),
]
COMMUNE = [
    unit("dang_xa", parent="tinh.vp_tinh"),
    unit("ct_xa", parent="tinh.vp_tinh"),
    unit("vp_xa", parent="hb.ct_xa"),
    unit("kt_xa", parent="hb.ct_xa"),
    unit("ttdv_xa", parent="hb.kt_xa"),
    unit("ca_xa", parent="tinh.vp_tinh"),
]
NEIGHBOUR = [unit(code, "xx", "tinh.vp_tinh") for code in ("ct_xa", "dang_xa", "vp_xa", "kt_xa")]
EVERYBODY = [*NEIGHBOUR, *COMMUNE, *PROVINCE]


def without(*codes: str) -> list[Unit]:
    """Give everybody but some."""
    return [u for u in EVERYBODY if u.code not in codes]


def to(
    field: str, units: list[Unit] = EVERYBODY, *, excluding: tuple[str, ...] = (), area: str = "hb"
) -> str:
    """Give the code of the unit a field's case goes to."""
    return route(FIELDS[field], area, units, TODAY, excluding=ids(*excluding)).code


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("ha_tang_gt", "hb.kt_xa"),
        ("an_ninh", "hb.ca_xa"),
        ("can_bo", "hb.ct_xa"),
        ("dang_vien", "hb.dang_xa"),
    ],
)
def test_a_case_goes_to_the_unit_its_field_names(field: str, code: str) -> None:
    """The field's commune unit of the very area takes it, whatever stands in other areas."""
    assert to(field) == code
    assert to("ha_tang_gt", area="xx") == "xx.kt_xa"


def test_without_its_unit_a_case_goes_to_reception() -> None:
    """Absent or excluded, the named unit gives way to the reception desk, then to the province's."""
    assert to("giao_duc") == "hb.vp_xa"
    assert to("ha_tang_gt", excluding=("hb.kt_xa",)) == "hb.vp_xa"
    assert to("ha_tang_gt", without("hb.vp_xa"), excluding=("hb.kt_xa",)) == "tinh.vp_tinh"


def test_a_confidential_case_climbs_past_reception() -> None:
    """An accusation goes to the chair, the Party committee, then upwards; reception is not on its way."""
    assert to("can_bo", excluding=("hb.ct_xa",)) == "hb.dang_xa"
    assert to("dang_vien", excluding=("hb.dang_xa",)) == "hb.ct_xa"
    assert to("can_bo", excluding=("hb.ct_xa", "hb.dang_xa")) == "tinh.vp_tinh"
    above = [unit("snv", "tinh"), unit("ct_xa", parent="tinh.snv"), unit("vp_xa"), unit("vp_tinh", "tinh")]
    assert to("can_bo", above, excluding=("hb.ct_xa",)) == "tinh.snv"
    chain = [
        unit("bo", "tw"),
        unit("snv", "tinh", "tw.bo"),
        unit("ct_xa", parent="tinh.snv"),
        unit("an_xa", "aa"),
    ]
    assert to("can_bo", chain, excluding=("tinh.snv",)) == "tw.bo"


def test_a_confidential_case_without_heads_goes_to_the_province() -> None:
    """With nobody above recorded, the unit the field names at the province comes before any reception."""
    orphans = [unit("ct_xa"), unit("kt_xa"), unit("vp_xa"), *PROVINCE]
    assert to("can_bo", orphans, excluding=("hb.ct_xa",)) == "tinh.ttra"
    assert to("can_bo", orphans[:3], excluding=("hb.ct_xa",)) == "hb.vp_xa"


def test_units_below_the_accused_are_barred_too() -> None:
    """Excluding the chair bars the offices under the chair, to any depth."""
    assert to("ha_tang_gt", excluding=("hb.ct_xa",)) == "tinh.vp_tinh"
    assert (
        to("ha_tang_gt", [unit("ttdv_xa", parent="hb.kt_xa"), *PROVINCE], excluding=("hb.kt_xa",))
        == "tinh.vp_tinh"
    )
    only = [unit("kt_xa", parent="hb.ct_xa"), unit("ttdv_xa", parent="hb.kt_xa"), unit("ct_xa")]
    with pytest.raises(NobodyThere):
        to("ha_tang_gt", only, excluding=("hb.ct_xa",))


def test_only_units_valid_that_day_act() -> None:
    """The first and the last day count; a unit of another time is passed over."""
    old = unit("kt_xa", valid_from=date(2025, 1, 1), valid_to=TODAY)
    rest = [unit("vp_xa")]
    assert route(FIELDS["ha_tang_gt"], "hb", [old, *rest], TODAY).code == "hb.kt_xa"
    assert route(FIELDS["ha_tang_gt"], "hb", [old, *rest], date(2026, 11, 24)).code == "hb.vp_xa"
    new = unit("kt_xa", valid_from=TODAY)
    assert route(FIELDS["ha_tang_gt"], "hb", [new, *rest], TODAY).code == "hb.kt_xa"
    assert route(FIELDS["ha_tang_gt"], "hb", [new, *rest], date(2026, 11, 22)).code == "hb.vp_xa"


def test_somebody_is_always_found() -> None:
    """A reception elsewhere takes it, else the area's own, else anybody; only then is nobody there."""
    assert to("ha_tang_gt", area="la") == "hb.vp_xa"
    assert to("ha_tang_gt", [unit("ca_xa"), unit("an_xa", "aa")]) == "hb.ca_xa"
    assert to("ha_tang_gt", [unit("ca_xa", "xx")]) == "xx.ca_xa"
    with pytest.raises(NobodyThere):
        to("ha_tang_gt", [])
    with pytest.raises(NobodyThere):
        to("ha_tang_gt", [unit("kt_xa", valid_to=date(2026, 11, 22))])


def test_parents_in_a_ring_do_no_harm() -> None:
    """A directory whose parents run in a circle still gives an answer."""
    ring = [unit("dang_xa", parent="hb.ct_xa"), unit("ct_xa", parent="hb.dang_xa"), unit("an_xa", "aa")]
    assert to("can_bo", ring) == "hb.ct_xa"
    assert to("giao_duc", ring) == "hb.ct_xa"
    assert to("can_bo", ring, excluding=("hb.ct_xa",)) == "aa.an_xa"


@given(
    st.sampled_from(sorted(FIELDS)),
    st.sets(st.sampled_from(EVERYBODY)),
    st.sets(st.sampled_from(EVERYBODY), max_size=3),
)
def test_the_accused_never_get_the_case(field: str, units: set[Unit], accused: set[Unit]) -> None:
    """Neither an excluded unit nor one below it is chosen, and NobodyThere means that nobody else stands."""
    barred = {u.id for u in accused}
    for _ in EVERYBODY:
        barred |= {u.id for u in units if u.parent in barred}
    free = [u for u in units if u.id not in barred]
    try:
        chosen = route(FIELDS[field], "hb", list(units), TODAY, excluding={u.id for u in accused})
    except NobodyThere:
        assert free == []
    else:
        assert chosen in free


def test_the_taxonomy_is_read_whole() -> None:
    """Twenty topics, thirty-eight fields and forty-two kinds of unit arrive with all their columns."""
    assert (len(TAXONOMY.topics), len(FIELDS), len(TAXONOMY.unit_types)) == (20, 38, 42)
    assert TAXONOMY.topics["dat_dai"] == Topic("dat_dai", "Đất đai")
    field = FIELDS["can_bo"]
    assert (field.topic, field.xa, field.tinh, field.ops, field.coop) == (
        "can_bo",
        "ct_xa",
        "ttra",
        None,
        ("dang_xa",),
    )
    assert (field.kinds, field.urgency, field.never_route_to) == (
        ("phan_anh", "to_cao"),
        "thuong",
        "accused_unit",
    )
    assert (field.confidential, field.sensitive, field.hotspot_prone) == (True, False, False)
    assert field.name.startswith("Thái độ")
    assert field.keywords[0] == "vòi vĩnh"
    assert FIELDS["moi_truong"].ops == "ttdv_xa"
    assert FIELDS["pccc"].note == "show 114 first"
    assert FIELDS["dan_toc_ton_giao"].sensitive
    assert FIELDS["gpmb"].hotspot_prone
    assert {field.topic for field in FIELDS.values()} == set(TAXONOMY.topics)
    assert Taxonomy.parse(json.loads(json.dumps(seed("taxonomy")))) == TAXONOMY


def test_unit_types_know_their_names() -> None:
    """A ward's own name, a level, a parent and a note arrive; without a ward's name the name serves both."""
    kinds = TAXONOMY.unit_types
    assert kinds["kt_xa"].name == "Phòng Kinh tế"
    assert kinds["kt_xa"].name_phuong == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert kinds["vp_xa"].name_phuong == kinds["vp_xa"].name
    assert (kinds["tgpl"].parent, kinds["tgpl"].level, kinds["ct_xa"].note) == (
        *("stp", "tinh", "competent for first complaints"),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"xa": "x"},
        {"tinh": "x"},
        {"ops": "x"},
        {"coop": ["x"]},
        {"topic": "x"},
        {"code": "khac"},
        {"kinds": None},
    ],
)
def test_a_misfit_taxonomy_is_refused(change: dict[str, Any]) -> None:
    """A field that names a unit or a topic nobody knows, a code used twice, a missing list: BadDocument."""
    document = seed("taxonomy")
    document["fields"][0] |= change
    with pytest.raises(BadDocument, match="taxonomy"):
        Taxonomy.parse(document)
