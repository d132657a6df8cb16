"""What blames an official or a unit softly goes past them, and is kept close."""

import pytest
from sqlalchemy import select

from storage.ground.tables import Case
from storage.people import people
from tests.conversations.wide import Wide
from tests.storage import commune
from tests.storage.province import OURS

POLICE = {"ca_dung", "ca_nga", "ca_truong"}
ECONOMY = {"kt_tuan", "kt_thao", "kt_truong"}
MEASURED = "Đất nhà tôi ở thôn 1 bị đo thiếu 200m, người đo là anh Tuân phòng kinh tế"


async def cases(wide: Wide) -> list[Case]:
    """Return every case."""
    async with commune.reading(wide.store) as session:
        return list(await session.scalars(select(Case).order_by(Case.opened_at)))


async def busy(wide: Wide) -> bool:
    """Say whether the citizen is asked something."""
    async with wide.store.work() as work:
        return bool((await people.chat(work, work.keyring.blind("chat", "paper", "dan"))).busy)


async def tells(wide: Wide, text: str) -> set[str]:
    """Tell something, press the first button until it has arrived; return who else was told anything."""
    await wide.says("dan", f"x{OURS}")
    before = len(wide.paper.told)
    await wide.says("dan", text)
    for _ in range(7):
        if await cases(wide) and not await busy(wide):
            break
        await wide.says("dan", "1")
    assert await cases(wide)
    return {delivery.address for delivery in wide.paper.told[before:]} - {"dan"}


@pytest.mark.parametrize(
    ("text", "blamed"),
    [
        (MEASURED, {"kt_tuan"}),
        ("Đất nhà tôi bị đo thiếu 200m ở thôn 1, người đo là anh Tuân, nhà bên cạnh thì đủ", {"kt_tuan"}),
        ("dat nha toi bi do thieu 200m, nguoi do la anh Tuan, nha ben canh thi du", {"kt_tuan"}),
        ("Đất công thôn 3 giờ anh Tuân đang trồng cây", {"kt_tuan"}),
        ("Đất công thôn 3 giờ cô Thảo đang trồng cây", {"kt_thao"}),
        (
            (
                "Đèn đường thôn 3 hỏng, tôi gọi anh Tuân phòng kinh tế rồi."
                " Ngoài ra đất nhà tôi bị đo thiếu 200m, anh ấy đo đấy"
            ),
            {"kt_tuan"},
        ),
        (
            (
                "Thứ nhất, cảm ơn cô Yến đã giúp làm thẻ bảo hiểm."
                " Thứ hai, trợ cấp mẹ tôi tháng nào cũng thiếu 50 nghìn, cô ấy phát"
            ),
            {"vhxh_yen"},
        ),
        (
            "Karaoke thôn 2 ồn cả đêm, gọi công an thì hôm sau chủ quán biết ai gọi, đến nhà tôi chửi",
            POLICE,
        ),
        ("karaoke thon 2 on ca dem, goi cong an thi hom sau chu quan biet ai goi, den nha toi chui", POLICE),
        ("Bọn trộm chó ở xóm Đình có người nhà làm công an xã nên không sợ ai", POLICE),
        ("Đám đánh bạc thôn 3 luôn biết trước giờ công an xã xuống", POLICE),
        ("Ở xóm Đình mở sới gà chọi, công an xã ngày nào cũng đi qua mà như không thấy", POLICE),
        ("Cống thôn 3 tắc mà phòng kinh tế vẫn báo cáo đã nạo vét", ECONOMY),
        ("đèn đường thôn 3 xã bảo thay rồi, giấy tờ có cả chữ ký tôi mà tôi có ký đâu", ECONOMY),
        (
            "hỏi thủ tục tách thửa. Nhân tiện, nghe nói cô Thảo địa chính làm nhanh nếu 'có quà'?",
            ECONOMY,
        ),
        ("Ruộng thôn 3 của tôi thành của anh Tuân phòng kinh tế lúc nào không biết", ECONOMY),
        ("Ruộng thôn 3 của tôi thành của anh Đỗ Anh Tuân lúc nào không biết", ECONOMY),
        (
            (
                "Đèn đường thôn 3 hỏng, anh Tuân phòng kinh tế hẹn thay. Còn chuyện nữa: trại lợn cạnh nhà"
                " tôi thối lắm, chủ trại là em ruột anh ấy nên không ai phạt"
            ),
            ECONOMY,
        ),
        ("Cô Hải Yến xã phụ trách hộ nghèo mà lương thì cao, nhà lầu xe hơi ở đâu ra", {"vhxh_yen"}),
    ],
)
async def test_who_is_blamed_softly_is_not_sent_it(wide: Wide, text: str, blamed: set[str]) -> None:
    """Who was given away by the police once is not given to them again, by name; nor read by colleagues."""
    assert not blamed & await tells(wide, text)
    assert [case.confidential for case in await cases(wide)] == [True]


async def test_who_is_only_thanked_in_two_matters_hears_of_each(wide: Wide) -> None:
    """Without blame a message of two matters is asked about as ever."""
    await wide.says("dan", f"x{OURS}")
    told = await wide.says(
        "dan",
        "Đèn đường thôn 3 hỏng, tôi gọi anh Tuân phòng kinh tế rồi."
        " Ngoài ra trường mầm non thôn 1 thiếu cô giáo",
    )
    assert "2 việc" in told
