"""A commune is found by its name as people write it, or asked about; what only looks like one is none."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.understand import Home, Place, find_place, fold
from domain.understand.gazetteer import Gazetteer
from domain.understand.served import Served

HERE = Path(__file__).parent
DATA = Path(find_place.__code__.co_filename).parent / "data"
ROWS = [
    tuple(line.split("\t")) for line in (HERE / "communes_named.tsv").read_text(encoding="utf-8").splitlines()
]
GAZETTEER = Gazetteer.load()
TODAY = sorted(GAZETTEER._communes.items())


def reads(place: Place | None) -> str:
    """Write what was found as the table has it: a commune, what is asked, or nothing."""
    if place is None or (place.commune is None and not place.choices):
        return "-"
    if place.choices:
        return "?" + "|".join(label for _, label in place.choices)
    return place.commune or "-" if place.sure else "-"


@pytest.mark.parametrize(("home", "expected", "text"), ROWS, ids=[row[2] for row in ROWS])
def test_the_commune_is_found_asked_about_or_not_named(home: str, expected: str, text: str) -> None:
    """Of a desk of the province: a label is sure, after ? it must be among what is asked, - is no commune.

    For - as the home no province is known.
    """
    found = reads(find_place(text, Home(None if home == "-" else home)))
    if expected.startswith("?"):
        assert found.startswith("?")
        assert set(expected[1:].split("|")) <= set(found[1:].split("|"))
    else:
        assert found in expected.split("|")


def _no_places() -> list[str]:
    """Return 300 messages in which nobody names a commune, half of them without their marks."""
    with (DATA / "phrases.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    rows = (DATA / "danger_examples.tsv").read_text(encoding="utf-8").splitlines()
    texts += [row.partition("\t")[2] for row in rows]
    return [text if at % 2 else fold(text) for at, text in enumerate(texts[::8][:300])]


@pytest.mark.parametrize("home", ["Hà Tĩnh", "TP.HCM", "Phú Thọ", "Gia Lai", "Hưng Yên", None])
def test_no_commune_is_invented(home: str | None) -> None:
    """Of 300 messages that name none no commune is found, and none is asked about."""
    told = _no_places()
    assert len(told) == 300
    assert [text for text in told if reads(find_place(text, Home(home))) != "-"] == []


SURE = (
    "đường ở {kind} {name}, {province} hỏng",
    "tại {kind} {name}, tỉnh {province}",
    "{kind} {name} {province}",
)
"""What leaves nothing open: rank, name and province."""
OPEN = ("đường ở {name} hỏng nặng", "dạ em ở {name} ạ", "cống tắc tại {name}", "rác ở {name}, {province}")
"""What may leave something open: another of that name, or a street's or person's name."""


@given(st.sampled_from(TODAY), st.sampled_from(SURE), st.booleans())
def test_every_commune_is_found_by_its_full_name(
    row: tuple[str, tuple[str, str, str]], shape: str, far: bool
) -> None:
    """From its own province and from another: the province that is told counts."""
    code, (province, kind, name) = row
    home = next(one for one in GAZETTEER.provinces if (one != province) == far)
    home = home if far else province
    place = find_place(shape.format(kind=kind, name=name, province=GAZETTEER.provinces[province]), Home(home))
    assert place is not None
    assert code in {place.commune_code, *dict(place.choices)}
    assert place.outside is far


@given(st.sampled_from(TODAY), st.sampled_from(OPEN))
def test_every_commune_is_found_without_its_rank_or_asked_about(
    row: tuple[str, tuple[str, str, str]], shape: str
) -> None:
    """In its own province, by its name of two words and more: never another one for sure."""
    code, (province, _, name) = row
    text = shape.format(name=name, province=GAZETTEER.provinces[province])
    place = find_place(text, Home(province))
    if place is None or not place.choices:
        assert place is not None or " " not in name or name[0].isdigit()
        assert place is None or place.commune_code == code
    else:
        assert code in dict(place.choices)


@given(st.sampled_from(TODAY), st.sampled_from(OPEN))
def test_without_marks_no_other_commune_is_sure(row: tuple[str, tuple[str, str, str]], shape: str) -> None:
    """In small letters it is found, asked about or passed over, and never taken for another."""
    code, (province, _, name) = row
    text = fold(shape.format(name=name, province=GAZETTEER.provinces[province]))
    place = find_place(text, Home(province))
    assert place is None or not place.sure or place.commune_code == code
    assert place is None or place.sure or not place.choices or code in dict(place.choices)


BEARERS = (
    "đường {} hỏng nặng",
    "trường tiểu học {} thu tiền",
    "chợ {} bẩn quá",
    "cầu {} sắp sập",
    "công ty {} xả thải",
    "chị {} nợ tiền tôi",
    "em là cháu {}, xin hỏi thủ tục",
    "tố cáo về {} đánh người",
    "bệnh viện {} đông quá",
    "hiệu thuốc {} bán đắt",
    "hợp tác xã {} không trả tiền",
    "chủ tịch {} nhận tiền",
)
"""What bears names that are communes' too."""
_RANK = ("xa ", "phuong ")


@given(st.sampled_from(TODAY), st.sampled_from(BEARERS), st.booleans())
def test_what_bears_a_communes_name_is_none(
    row: tuple[str, tuple[str, str, str]], shape: str, bare: bool
) -> None:
    """No street, school, shop or person is taken for a commune, in the commune's own province."""
    _, (province, _, name) = row
    text = shape.format(name)
    place = find_place(fold(text) if bare else text, Home(province))
    assert fold(name).startswith(_RANK) or place is None or not place.sure or place.commune is None


HAPPENS = ("{} mất điện từ sáng", "hôm nay {} ngập hết đường", "cứu với, {} sạt lở", "bên {} cũ đường hỏng")
"""What happens to a place, behind a name with which a clause begins."""
SPOTS = ("chợ {} bẩn quá", "cầu treo {} sắp đứt", "ngã ba {} hay tai nạn", "vườn hoa {} tối om")
"""What is somewhere in the commune of its name, or is called so elsewhere."""


@given(st.sampled_from(TODAY), st.sampled_from(HAPPENS))
def test_where_a_clause_begins_with_a_name_what_happens_shows_the_place(
    row: tuple[str, tuple[str, str, str]], shape: str
) -> None:
    """In its own province a name of two words is found or asked about; without a home no other is sure."""
    code, (province, _, name) = row
    place = find_place(shape.format(name), Home(province))
    if place is not None and not place.choices:
        old = "cũ" in shape
        assert place.commune_code == code or not place.sure or old
    elif place is None:
        assert " " not in name or name[0].isdigit() or GAZETTEER.province(name) is not None
    far = find_place(shape.format(name), Home(None))
    assert far is None or not far.sure or far.commune_code == code or "cũ" in shape


@given(st.sampled_from(TODAY), st.sampled_from(SPOTS), st.booleans())
def test_a_spot_is_asked_about_and_never_taken(
    row: tuple[str, tuple[str, str, str]], shape: str, bare: bool
) -> None:
    """In its province it is among what is asked with its marks; a desk of one commune asks nothing."""
    code, (province, _, name) = row
    bare = bare and "chợ" not in shape  # “cho yen phong” is Chờ in Yên Phong too
    text = fold(shape.format(name)) if bare else shape.format(name)
    place = find_place(text, Home(province))
    if not fold(name).startswith(_RANK):
        assert place is None or not place.sure or place.commune is None
        assert bare or place is None or not place.choices or code in dict(place.choices)
    alone = find_place(text, Home(province, "xã Nơi Khác"))
    assert fold(name).startswith(_RANK) or alone is None or not alone.choices


ACTS = (
    "{} bị chồng đánh",
    "{} nợ tiền tôi",
    "{} ơi cho hỏi",
    "tố cáo {} nhận tiền",
    "{} có vợ bé",
    "em là {} ạ",
)
"""What somebody does, or is done to somebody."""


@given(st.sampled_from(TODAY), st.sampled_from(ACTS), st.booleans())
def test_who_does_what_people_do_is_no_commune(
    row: tuple[str, tuple[str, str, str]], shape: str, bare: bool
) -> None:
    """Somebody bears a name of two words of whom a message says this."""
    _, (province, _, name) = row
    text = shape.format(name)
    for home in (province, None):
        place = find_place(fold(text) if bare else text, Home(home))
        assert (
            len(name.split()) > 2
            or fold(name).startswith(_RANK)
            or place is None
            or not place.sure
            or place.commune is None
        )


def test_a_province_told_beside_the_commune_counts_more_than_the_desks_own() -> None:
    """A desk that serves a commune of that name does not take what is of another province."""
    served = Served((("hb", "xã Hòa Bình"), ("kx", "xã Kỳ Xuân")))
    place = find_place("ở xã Hòa Bình, tỉnh Vĩnh Long", Home("Hà Tĩnh", served=served))
    assert place is not None
    assert (place.commune, place.outside, place.area) == ("xã Hòa Bình, Vĩnh Long", True, "")


def test_what_is_asked_has_the_code_of_the_desk() -> None:
    """An old commune that was split is asked about by the communes that this desk serves."""
    served = Served((("ts", "phường Thành Sen"), ("hht", "phường Hà Huy Tập")))
    place = find_place("ngập ở Đại Nài", Home("Hà Tĩnh", served=served))
    assert place is not None
    assert dict(place.choices) == {"ts": "phường Thành Sen", "hht": "phường Hà Huy Tập"}


def test_a_hamlet_of_home_is_no_commune_elsewhere() -> None:
    """Where home has a hamlet of that name no commune is asked about."""
    place = find_place("cống ở Kỳ Xuân tắc", Home("Hà Tĩnh", "phường Vũng Áng", ("Thôn Kỳ Xuân",)))
    assert place is not None
    assert (place.hamlet, place.commune, place.sure) == ("Thôn Kỳ Xuân", "phường Vũng Áng", True)


def test_lines_and_stops_end_a_name() -> None:
    """What stands in another sentence or line is no part of a name, nor an address without its comma."""
    for text in ("Rác ở Kỳ Xuân\nMong xã xử lý", "Rác ở Kỳ Xuân. Mong xã xử lý", "Thôn 2\nKỳ Xuân\nKỳ Anh"):
        place = find_place(text, Home("Hà Tĩnh"))
        assert place is not None
        assert place.commune == "xã Kỳ Xuân"


def test_where_a_hamlet_of_home_is_said_no_other_commune_in_small_letters_is() -> None:
    """The water that runs to the next commune leaves the blocked drain where it is."""
    home = Home("Hà Tĩnh", "phường Vũng Áng", ("Thôn 3",))
    place = find_place("cong thon 3 tac, nuoc chay het ra o ky xuan", home)
    assert place is not None
    assert (place.label, place.sure, place.outside) == ("Thôn 3, phường Vũng Áng", True, False)
