"""Who is blamed softly is found: by what came of calling them, a false report, what is whispered."""

import pytest

from domain.accused import read
from domain.law import seed
from domain.understand import Home, Understanding
from domain.understand.fold import fold
from tests.domain.made_up import CODES, DAY, DEMO, lines

HAMLETS = ("thôn 1", "thôn 2", "thôn 3", "thôn 4", "xóm Đình", "xóm Chùa", "thôn Bến Đò")
UNDERSTANDING = Understanding.load(seed("taxonomy"), seed("words"), Home("Mẫu", "xã Tân Lập Mẫu", HAMLETS))


@pytest.mark.parametrize("row", lines("soft_blame.tsv")[1:])
def test_who_is_blamed_softly_is_found(row: str) -> None:
    """Though no word says that they did it, and who else is spoken of stands between."""
    text, blamed = row.split("\t")
    told = read(text, DEMO, DAY)
    assert told.wrong
    assert not blamed or blamed in {CODES[one] for one in (*told.people, *told.units)}


@pytest.mark.parametrize("text", lines("soft_blame_none.txt"))
def test_the_same_units_and_people_named_without_blame_are_not_accused(text: str) -> None:
    """Work that was done, a wish, thanks, where one was sent, what is their own field."""
    assert not read(text, DEMO, DAY).wrong


@pytest.mark.parametrize(
    "text",
    [
        "sợ báo công an thì nó biết ai gọi",
        "báo công an mà đừng cho ai biết tui báo nha",
        "tôi có người nhà làm công an xã bên, cần giấy gì để nhập khẩu",
        "đề nghị phòng kinh tế cho dân biết trước giờ xuống đo",
        "chưa có khai sinh, lên công an xã làm được không",
    ],
)
def test_a_fear_ones_own_kin_or_a_wish_to_know_before_blames_nobody(text: str) -> None:
    """Words that are the same but for what stands around them."""
    assert not read(text, DEMO, DAY).wrong
    assert not UNDERSTANDING.read(text).accuses


CALLED = "nó đang cầm dao chém chồng tôi ở thôn 2, cứu với, lần trước gọi công an thì nó biết ai gọi"


@pytest.mark.parametrize("text", [CALLED, fold(CALLED)])
def test_in_danger_who_is_blamed_softly_is_called_all_the_same(text: str) -> None:
    """Whoever did nothing outright may be the only help there is."""
    told = read(text, DEMO, DAY)
    assert told.wrong
    assert not told.in_danger().units
    heard = UNDERSTANDING.read(text)
    assert heard.emergency
    assert not heard.accuses
    assert not heard.blamed


def test_of_a_unit_no_person_is_made() -> None:
    """Common land that is somebody's now blames a person by name, and no unit that is named beside."""
    assert not read("đất công thôn 3 giờ cỏ mọc, phòng kinh tế đang lập dự án", DEMO, DAY).wrong
