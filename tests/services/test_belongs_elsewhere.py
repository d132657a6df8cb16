"""Who works on a case says that it belongs to another commune, or above: it goes there, or is asked to."""

import pytest

from tests.services.levels import Province
from tests.storage.province import NEIGHBOUR, PROVINCE

WHY = "Vì sao chuyển"
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


@pytest.mark.parametrize(("number", "text", "there"), [(n, *one) for n, one in enumerate(SAID)])
async def test_an_officer_asks_for_it(wide: Province, number: int, text: str, there: str) -> None:
    """With the code or of the case in hand: why is asked, then the chair; the citizen reads nothing yet."""
    code = await held(wide, "kt_tuan")
    before = wide.told("dan")
    assert WHY in await wide.says("kt_tuan", f"{code} {text}" if number % 2 else text)
    assert "trình" in await wide.says("kt_tuan", "2")
    assert wide.told("dan") == before
    assert any("đề nghị chuyển" in told for told in wide.told("chu_tich"))
    await wide.says("chu_tich", f"duyet {code}")
    async with wide.at(code) as (work, case):
        assert work.desk.directory.seat(case.unit_id) == there


@pytest.mark.parametrize("text", UNNAMED)
async def test_where_it_belongs_is_asked_if_it_is_not_said(wide: Province, text: str) -> None:
    """The communes and the province are offered, none of the units here; a name may be typed."""
    code = await held(wide, "kt_tuan")
    asked = await wide.says("kt_tuan", text)
    assert f"Chuyển {code}" in asked
    shown = wide.channels["paper"].told[-1].message
    assert {"xã Bình An Mẫu", "tỉnh Mẫu"} <= {choice.label for choice in shown.choices}
    assert "Phòng Văn hóa - Xã hội" not in {choice.label for choice in shown.choices}
    assert WHY in await wide.says("kt_tuan", "bình an")


@pytest.mark.parametrize("text", ANSWERS)
async def test_how_an_answer_begins_moves_nothing(wide: Province, text: str) -> None:
    """Whoever tells the citizen of a neighbouring commune is asked whether it is the answer, as ever."""
    await held(wide, "kt_tuan")
    assert WHY not in await wide.says("kt_tuan", text)


async def test_a_head_moves_what_was_shown_last(wide: Province) -> None:
    """Without a code, of the case whose buttons stand there: it is the neighbour's at once."""
    code = await wide.open()
    await wide.says("chu_tich", code)
    assert WHY in await wide.says("chu_tich", "việc này thuộc xã Bình An")
    await wide.says("chu_tich", "2")
    assert await wide.has(code) == "ba_kt_xa"


@pytest.mark.parametrize("typed", ["việc này của xã Bình An, không phải xã mình", "noi nay thuoc xa Binh An"])
@pytest.mark.parametrize("chosen", [False, True])
async def test_declining_for_it_is_no_dead_end(wide: Province, typed: str, chosen: bool) -> None:
    """Typed as the reason, or as the words behind one: the case is not closed but asked over there."""
    code = await held(wide, "kt_tuan")
    await wide.says("kt_tuan", f"dong {code}")
    if chosen:
        await wide.says("kt_tuan", "1")
    assert WHY in await wide.says("kt_tuan", typed)
    await wide.says("kt_tuan", "2")
    await wide.says("chu_tich", f"duyet {code}")
    assert await wide.has(code) == "ba_kt_xa"


async def test_giving_it_back_for_it_is_no_dead_end(wide: Province) -> None:
    """“Trả lại” with the place behind it is the same request."""
    code = await held(wide, "kt_tuan")
    assert WHY in await wide.says("kt_tuan", f"tra lai {code} việc này của xã Bình An")


async def test_nobody_moves_a_case_of_another_commune(wide: Province) -> None:
    """By its code, in whatever words: it is nobody's there."""
    code = await wide.open()
    for who in ("ba_kt_son", "ba_chu_tich"):
        assert WHY not in await wide.says(who, f"{code} thuộc xã Bình An")
        assert WHY not in await wide.says(who, f"{code} chuyển lên tỉnh")
    assert await wide.has(code) == "kt_xa"
