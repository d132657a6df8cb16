"""What officials say of where a case belongs, in their own words: a move, never an answer."""

import pytest

from domain.messages import Message
from tests.services.levels import Province
from tests.storage.province import OURS, PROVINCE

WHY, REASON = "Vì sao chuyển", "Đường này do tỉnh quản lý"
THERE, UP = "đến xã Bình An Mẫu?", "đến tỉnh Mẫu?"
SAID = (
    ("chuyển Sở Xây dựng", "Sở Xây dựng (tỉnh Mẫu)?"),
    ("chuyen so xay dung", "Sở Xây dựng (tỉnh Mẫu)?"),
    ("chuyển Sở Nông nghiệp và Môi trường", "Sở Nông nghiệp và Môi trường (tỉnh Mẫu)?"),
    ("cái này bên Sở Nông nghiệp lo, chuyển cho họ giúp", "Sở Nông nghiệp và Môi trường (tỉnh Mẫu)?"),
    ("cai nay ben so nong nghiep lo, chuyen cho ho giup", "Sở Nông nghiệp và Môi trường (tỉnh Mẫu)?"),
    ("cái này của Sở Nông nghiệp và Môi trường, chuyển họ giúp", "Sở Nông nghiệp và Môi trường (tỉnh Mẫu)?"),
    ("chuyển cấp trên", UP),
    ("chuyển cấp trên giải quyết", UP),
    ("chuyen cap tren giai quyet giup em", UP),
    ("xã không làm được, báo cáo tỉnh", UP),
    ("xa khong lam duoc, bao cao tinh", UP),
    ("xã không đủ kinh phí, đề nghị tỉnh giải quyết", UP),
    ("vượt khả năng của xã, báo cáo tỉnh", UP),
    ("báo cáo lên tỉnh giúp em", UP),
    ("trình tỉnh xem xét", UP),
    ("cái này xã Bình An Mẫu làm chứ", THERE),
    ("cai nay xa Binh An lam chu", THERE),
    ("việc này để bên xã Bình An làm đi", THERE),
    ("đường này xã Bình An Mẫu quản lý, chuyển sang bên đó", THERE),
    ("duong nay xa binh an quan ly, chuyen sang ben do giup", THERE),
    ("giao xuống xã Bình An Mẫu", THERE),
    ("chuyển qua Bình An giúp em với", THERE),
    ("đưa về xã Bình An Mẫu", THERE),
    ("xã Bình An Mẫu nhé", THERE),
    ("sai địa bàn rồi, bên Bình An Mẫu", THERE),
    ("bên kia địa phận xã Bình An Mẫu", THERE),
    ("cống này của xã Bình An, chuyển cho họ", THERE),
    ("không phải xã mình, đề nghị xã Bình An Mẫu giải quyết", THERE),
    ("mương này không thuộc xã em, nhờ xã Bình An xử lý", THERE),
    ("This belongs to Binh An Mau commune", THERE),
    ("please move it to Binh An Mau, not ours", THERE),
    ("The drain belongs to Binh An Mau commune, 100 m past the bridge", THERE),
    ("it is in Binh An Mau", THERE),
    ("not ours, it is in Binh An Mau commune", THERE),
    ("could you send this back to Binh An Mau please", THERE),
    ("forward to the province", UP),
    ("the province should handle this", UP),
    ("please escalate it to the province", UP),
    ("move it up to the province", UP),
    ("this belongs to the province", UP),
)
NOWHERE = (
    "trả lại, không thuộc xã mình",
    "tra lai, khong thuoc xa minh",
    "chuyển về xã",
    "chuyen xuong xa",
    "trả lại giúp, báo nhầm xã",
    "chuyển sang xã khác",
    "not ours",
    "this is not our commune",
)
UNSERVED = (
    "chuyển sang phường Hòa Lạc",
    "chuyen sang phuong Hoa Lac giup em",
    "việc này của huyện",
    "việc này của điện lực tỉnh",
    "chuyển công ty điện lực",
)
"""An order all the same: nobody of that name can have it, and who can is offered."""
FROM_ABOVE = (
    "đường này xã Tân Lập Mẫu quản lý, chuyển về xã",
    "duong nay xa Tan Lap Mau quan ly, chuyen ve xa",
    "đường này không thuộc Sở, đề nghị xã Tân Lập Mẫu giải quyết",
    "việc này của xã, trả về xã",
    "chuyển về xã",
    "chuyen xuong xa",
    "giao xuống xã Tân Lập Mẫu",
    "giao xuong xa Tan Lap Mau",
    "xuống xã Tân Lập Mẫu",
    "tra lai xa",
    "việc này cấp xã làm chứ, không phải tỉnh",
    "không thuộc tỉnh, chuyển về xã giải quyết",
    "send it back to the commune",
)
UNKNOWN = (
    "chuyển về xã",
    "trả về xã",
    "chuyen xuong xa",
    "không thuộc tỉnh, chuyển về xã giải quyết",
    "chuyen ve phuong",
)
ANSWERS = (
    "Sở Xây dựng đang sửa đường này, tuần sau xong",
    "Xã Bình An Mẫu sẽ sửa cống này trong tuần sau",
    "Xã đã báo cáo tỉnh, chờ Sở Xây dựng trả lời",
    "Đã chuyển Sở Xây dựng ngày 12/11, bà con chờ tin",
    "đã báo cáo tỉnh hôm qua",
    "Chuyển sang xã Bình An Mẫu thì bà con phải làm lại giấy",
    "Sáng mai đội sang xã Bình An Mẫu lấy máy rồi về thông cống",
    "Tuần sau xã làm việc với Sở Nông nghiệp và Môi trường rồi báo bà con",
    "Chỗ này giáp xã Bình An Mẫu, hai xã đang thống nhất cách làm",
    "Đường tỉnh do Sở Xây dựng quản lý, xã đã có văn bản đề nghị sửa ngày 10/11",
    "Bà con sang xã Bình An Mẫu nộp đơn",
    "Về xã bà con gặp chị Lan ở bộ phận một cửa",
    "Xuống thôn 3 xem rồi, cống bị rác chặn, mai móc",
    "Xã không đủ máy múc nên thuê đội ngoài, thứ Năm làm",
    "Không phải cống vỡ, chỉ bị rác chặn, đã móc sáng nay",
    "Cống này nằm trên đường thôn 3, đội đã thông sáng nay",
    "Việc này xã đang làm, thứ Sáu xong",
    "Việc này tổ đội thôn 3 sẽ xử lý trong ngày mai",
    "Việc này phải chờ trời tạnh mới làm được",
    "chuyen cho ba con 2 trieu tien ho tro roi",
    "Chuyển đổi mục đích đất thì bà con nộp tại xã",
    "Giao thông đoạn này cấm đến hết ngày 20/11",
    "Giao đội thoát nước thông cống, ngày mai xong",
    "Trả lại mặt bằng cho bà con ngày 20/11",
    "Tra lai tien cho ba con sang nay",
    "đưa máy xuống thôn 3 hút bùn sáng mai",
    "Dưới cống có đá to, mai thuê máy móc lên",
    "tuần sau đội xuống",
    "The drain was cleared this morning, the road is dry",
    "We will send a team to Binh An Mau to borrow the pump, work starts on 20/11",
    "The road is closed from the commune to the market until Friday",
    "Your report was sent to the province on 12/11, an answer is due on 20/11",
    "Kính báo bà con: tỉnh đã cấp kinh phí, xã khởi công ngày 25/11",
    "Tỉnh đã giao xã Tân Lập Mẫu sửa đoạn này, tuần sau làm",
    "Công an xã đã xuống xem, đêm nay trực ở đó",
    "Nước ngập là do xã Bình An Mẫu xả đập, tối nay rút",
    "Báo cáo xã rồi, mai làm",
    "báo cáo tỉnh rồi",
    "chuyển Sở Xây dựng rồi",
    "chuyen so xay dung roi nhe ba con",
    "Giao Công an xã tuần tra đêm ở đoạn đó",
    "Chuyển sổ đỏ sang tên con",
    "chuyen tinh hinh len tinh",
    "Đưa xã hội hóa vào làm cầu thôn 3",
    "Công an xã Bình An Mẫu bắt được xe tải đó hôm qua",
    "Xã Bình An Mẫu làm xong phần bên đó rồi",
    "Sở Xây dựng phụ trách đoạn này, thứ Sáu họ vá",
    "Cống này thuộc đường tỉnh, Sở Xây dựng hẹn ngày 20/11 xuống",
    "Từ cầu đến giáp xã Bình An Mẫu sẽ rải đá trong tháng 11",
    "Tỉnh cho 200 triệu làm cống, tháng sau khởi công",
    "Không thuộc diện hỗ trợ vì nhà cách cống 50 m, căn cứ Quyết định 12",
    "Đường này của thôn 3, dân góp tiền làm năm 2019",
    "Xã không có máy hút, thuê bên Bình An Mẫu thứ Năm sang hút",
    "It is done, the lamp in hamlet 3 is lit again",
    "The province will repair this road by 20/11",
    "We asked the province on 12/11 and wait for the answer",
)
QUESTIONS = (
    "hỏi bà con cống nằm bên xã nào",
    "hỏi bà con đoạn đó thuộc xã Bình An hay xã mình",
    "hoi ba con da bao so xay dung chua",
)


async def held(wide: Province, who: str = "kt_tuan", area: str = OURS) -> str:
    """Let somebody bring a case; returns its code when the officer has it in hand."""
    code = await wide.open(area=area)
    await wide.says(who, f"nhan {code}")
    return code


async def above(wide: Province) -> str:
    """Let a road of a commune come to the province's department; returns its code, in hand there."""
    code = await wide.open()
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("sxd"), reason=REASON)
    await wide.says("t_sxd_vinh", f"nhan {code}")
    return code


@pytest.mark.parametrize(("text", "there"), SAID)
async def test_it_is_a_move_with_its_one_question(wide: Province, text: str, there: str) -> None:
    """Why is asked, with where; it is offered neither as an answer nor as a matter of the officer's own."""
    await held(wide)
    before = wide.told("dan")
    asked = await wide.says("kt_tuan", text)
    assert WHY in asked
    assert there in asked
    assert wide.told("dan") == before


@pytest.mark.parametrize("text", NOWHERE)
async def test_without_a_place_the_places_are_offered(wide: Province, text: str) -> None:
    """All of them, and none is chosen for the officer."""
    code = await held(wide)
    assert f"Chuyển {code}" in await wide.says("kt_tuan", text)
    assert {"xã Bình An Mẫu", "tỉnh Mẫu"} == {one.label for one in last(wide).choices} - {"Lùi lại"}


@pytest.mark.parametrize("text", UNSERVED)
async def test_a_place_nobody_serves_is_no_answer_either(wide: Province, text: str) -> None:
    """It is said that nobody of that name can have it, and who can."""
    await held(wide)
    asked = await wide.says("kt_tuan", text)
    assert "Không thấy đơn vị nào tên như vậy" in asked
    assert "Chuyển LM-" in asked


@pytest.mark.parametrize("text", FROM_ABOVE)
async def test_the_province_gives_down_what_came_from_a_commune(wide: Province, text: str) -> None:
    """To the commune of the matter, where none is named."""
    await above(wide)
    assert "đến xã Tân Lập Mẫu?" in await wide.says("t_sxd_vinh", text)


@pytest.mark.parametrize("text", UNKNOWN)
async def test_of_a_place_nobody_knows_it_is_asked_which_commune(wide: Province, text: str) -> None:
    """The province guesses none: an officer who says so, and a head with the code."""
    code = await held(wide, "t_tiep", PROVINCE)
    asked = await wide.says("t_tiep", text)
    assert WHY not in asked
    assert f"Chuyển {code}" in asked
    assert {"xã Bình An Mẫu", "xã Tân Lập Mẫu"} <= {one.label for one in last(wide).choices}
    assert "đến xã Tân Lập Mẫu?" in await wide.says("t_tiep", "tân lập")


async def test_a_head_is_asked_which_commune_too(wide: Province) -> None:
    """“Giao … về xã” and the word typed where units are offered."""
    code = await held(wide, "t_tiep", PROVINCE)
    assert WHY not in await wide.says("t_chanh", f"giao {code} về xã")
    assert "Chưa rõ xã, phường nào" in await wide.says("t_chanh", "xã")
    assert "đến xã Bình An Mẫu?" in await wide.says("t_chanh", "Bình An")


@pytest.mark.parametrize("text", ANSWERS)
async def test_what_is_told_to_a_citizen_moves_nothing(wide: Province, text: str) -> None:
    """It is asked whether it is the answer, or whose it is, as ever."""
    await held(wide)
    asked = await wide.says("kt_tuan", text)
    assert WHY not in asked
    assert "cho đơn vị nào" not in asked
    assert "Đây là trả lời bà con" in asked or "Đây là ý kiến của ai" in asked


@pytest.mark.parametrize("text", ANSWERS)
async def test_nor_does_the_provinces_answer(wide: Province, text: str) -> None:
    """Whoever has it above tells the citizen of communes every day."""
    await above(wide)
    asked = await wide.says("t_sxd_vinh", text)
    assert WHY not in asked
    assert "cho đơn vị nào" not in asked


@pytest.mark.parametrize("text", QUESTIONS)
async def test_a_question_to_the_citizen_stays_one(wide: Province, text: str) -> None:
    """In which commune it lies is what is often asked."""
    await held(wide)
    assert "Bà con sẽ đọc:" in await wide.says("kt_tuan", text)


async def test_an_officer_is_offered_the_places_beside_the_units(wide: Province) -> None:
    """[Chuyển] leads up and to the neighbour in one press; its leaders decide."""
    code = await held(wide)
    await wide.says("kt_tuan", f"chuyen {code}")
    labels = [one.label for one in last(wide).choices]
    assert {"Chuyển đến tỉnh Mẫu", "Chuyển đến xã Bình An Mẫu"} < set(labels)
    assert "đến xã Bình An Mẫu?" in await wide.says(
        "kt_tuan", str(labels.index("Chuyển đến xã Bình An Mẫu") + 1)
    )


async def test_of_many_communes_one_press_leads_to_them(wide: Province) -> None:
    """The nearest stands there, the others one press further, and any of them can be typed."""
    code = await held(wide)
    async with wide.store.work() as work:
        object.__setattr__(work.rules.handling, "suggested", 1)
    try:
        await wide.says("kt_tuan", f"chuyen {code}")
        labels = [one.label for one in last(wide).choices]
        assert "Chuyển đến tỉnh Mẫu" in labels
        assert "Chuyển đến xã Bình An Mẫu" not in labels
        asked = await wide.says("kt_tuan", str(labels.index("Nơi khác: xã, phường khác") + 1))
        assert f"Chuyển {code} đến xã, phường nào?" in asked
        assert "đến xã Bình An Mẫu?" in await wide.says("kt_tuan", "2")
    finally:
        object.__setattr__(work.rules.handling, "suggested", 3)


def last(wide: Province) -> Message:
    """Return what was told last in answer to somebody."""
    replies = [one for one in wide.channels["paper"].told if one.key.startswith("reply:")]
    return replies[-1].message
