"""Who works on a case says that it belongs to another commune, or above: it goes there, or is asked to."""

import pytest

from tests.services.levels import Province
from tests.storage.province import NEIGHBOUR, PROVINCE

WHY = "Vì sao chuyển?"
SAID = (
    ("nơi này thuộc xã Bình An", NEIGHBOUR),
    ("chỗ này thuộc địa bàn xã Bình An Mẫu quản lý", NEIGHBOUR),
    ("việc này của xã Bình An chứ không phải mình", NEIGHBOUR),
    ("khong phai viec cua xa minh, cua xa Binh An", NEIGHBOUR),
    ("ko thuoc dia ban xa ta ma thuoc xa binh an", NEIGHBOUR),
    ("đoạn đường này nằm bên Bình An Mẫu", NEIGHBOUR),
    ("gửi nhầm xã rồi, việc này của xã Bình An", NEIGHBOUR),
    ("ngoài địa bàn xã mình, chuyển cho xã Bình An giúp", NEIGHBOUR),
    ("vu nay ben xa binh an phu trach a", NEIGHBOUR),
    ("đề nghị chuyển sang xã Bình An Mẫu", NEIGHBOUR),
    ("dạ chỗ đó thực ra thuộc UBND xã Bình An ạ", NEIGHBOUR),
    ("việc này thuộc thẩm quyền cấp tỉnh", PROVINCE),
    ("viec nay thuoc tham quyen cua tinh", PROVINCE),
    ("chuyển lên tỉnh", PROVINCE),
    ("chuyen len cap tren giup em", PROVINCE),
    ("không phải việc của xã, chuyển lên tỉnh", PROVINCE),
    ("vượt thẩm quyền của xã, xin chuyển lên tỉnh", PROVINCE),
    ("duong nay do so xay dung quan ly", PROVINCE),
    ("trình lên tỉnh xem xét", PROVINCE),
    ("việc này Sở Nông nghiệp và Môi trường mới có thẩm quyền", PROVINCE),
)
UNNAMED = (
    "nơi này thuộc phường khác",
    "cho nay khong thuoc xa minh, cua xa khac",
    "nằm ngoài địa bàn xã mình",
    "báo nhầm xã rồi",
    "viec nay cua xa ben canh",
)
ANSWERS = (
    "đã chuyển việc này cho xã Bình An",
    "Bà con sang bên xã Bình An làm giấy giúp",
    "sáng nay đội đã dọn đoạn giáp xã Bình An",
    "tuần sau xã làm việc với tỉnh rồi báo bà con",
)


async def held(wide: Province, who: str) -> str:
    """Let somebody bring a case; returns its code when the officer has it in hand."""
    code = await wide.open()
    await wide.says(who, f"nhan {code}")
    return code


@pytest.mark.parametrize(("text", "there"), SAID)
@pytest.mark.parametrize("coded", [False, True])
async def test_an_officer_asks_for_it(wide: Province, text: str, there: str, coded: bool) -> None:
    """With the case's code or of the one in hand: why is asked, then the chair; the citizen reads nothing."""
    code = await held(wide, "kt_tuan")
    before = wide.told("dan")
    assert WHY in await wide.says("kt_tuan", f"{code} {text}" if coded else text)
    assert "trình" in await wide.says("kt_tuan", "2")
    assert wide.told("dan") == before
    assert any("đề nghị chuyển" in told for told in wide.told("chu_tich"))
    await wide.says("chu_tich", f"duyet {code}")
    async with wide.at(code) as (work, case):
        assert work.desk.directory.seat(case.unit_id) == there
