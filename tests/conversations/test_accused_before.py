"""Who was accused in a chat does not hear of danger that it tells then, though no name stands there."""

import pytest

from scheduler.clock import tick
from storage.mail.outbox import Delivery
from tests.conversations.wide import Wide, code_in
from tests.storage.commune import work_off
from tests.storage.province import NEIGHBOUR, OURS

POLICE = {"ca_truong", "ca_dung", "ca_nga"}
TAKES = "công an xã nhận tiền sòng bạc thôn 4"
SELLS = "chủ tịch xã bán đất công ở thôn 4"
TOLL = "anh Dũng công an xã thu xe của tôi lấy 2 triệu, ở thôn 1"


def text_of(told: Delivery) -> str:
    """Return the words of a message."""
    return told.message.text


async def alarmed(wide: Wide, page: str, *told: str) -> set[str]:
    """Let a citizen tell these things one after the other. Returns who is told of the last, with time."""
    await wide.says("dan", f"x{page}")
    for text in told[:-1]:
        await wide.says("dan", text)
    answer = await wide.says("dan", told[-1])
    assert "113" in answer, answer
    before = len(wide.paper.told)
    for _ in range(3):
        wide.clock.pass_(minutes=5)
        while await tick(wide.store):
            pass
        await work_off(wide.desk)
    heard = {d.address for d in wide.paper.told if told[-1][:20] in text_of(d)}
    return heard | {d.address for d in wide.paper.told[before:]} - {"dan"}


@pytest.mark.parametrize(
    ("told", "accused"),
    [
        ((TAKES, "họ vừa tới đập cửa nhà tôi, đông lắm"), POLICE),
        ((TAKES, "1", "họ đang đập cửa nhà tôi, đông lắm"), POLICE),
        ((TAKES, "1", "ho dang dap cua nha toi, dong lam, cuu voi"), POLICE),
        (("công an xã nhận tiền sòng bạc", "tụi nó đang đập cửa nhà tôi đòi giết"), POLICE),
        ((TOLL, "1", "ảnh đang cầm dùi cui đánh tôi"), POLICE),
        ((TOLL, "anh dang cam dui cui danh toi"), POLICE),
        ((TOLL, "1", "mấy ổng đang phá cửa, cầm dao dọa giết tôi"), POLICE),
        ((SELLS, "ổng cho người tới đập nhà tôi rồi, cứu với"), {"chu_tich"}),
        ((SELLS, "1", "ổng cho người tới đập nhà tôi rồi, cứu với"), {"chu_tich"}),
        ((SELLS, "1", "ong cho nguoi toi dap nha toi roi, cuu voi"), {"chu_tich"}),
    ],
)
async def test_they_are_those_accused_before(wide: Wide, told: tuple[str, ...], accused: set[str]) -> None:
    """Whoever was accused, in a draft or a case, is told of with "they"; somebody else comes."""
    heard = await alarmed(wide, OURS, *told)
    assert heard
    assert not accused & heard


async def test_the_chair_of_another_commune_is_not_rung_by_whom_he_threatens(wide: Wide) -> None:
    """It rings at the province, and not with him."""
    told = ("ông Toàn chủ tịch bán đất công ở thôn Hạ", "1", "ổng cho người tới đập nhà tôi rồi, cứu với")
    heard = await alarmed(wide, NEIGHBOUR, *told)
    assert heard
    assert "ba_chu_tich" not in heard


async def test_an_officer_of_another_commune_is_not_either(wide: Wide) -> None:
    """The danger is his doing, though no name stands there."""
    toll = "anh Dũng công an đòi tiền xe ben ở thôn Hạ"
    heard = await alarmed(wide, NEIGHBOUR, toll, "1", "hắn đang tới nhà cầm dao dọa giết tôi")
    assert heard
    assert "ba_ca_dung" not in heard


@pytest.mark.parametrize(
    "danger", ["nhà tôi cháy rồi, cứu với", "có thằng nhỏ rớt xuống mương chìm rồi, nó mới 5 tuổi"]
)
async def test_who_is_accused_still_comes_where_nobody_is_told_to_do_it(wide: Wide, danger: str) -> None:
    """A fire and a child in the water are nobody's doing: help is not kept away."""
    assert await alarmed(wide, OURS, TAKES, "1", danger) & POLICE


async def test_the_police_come_where_another_is_accused(wide: Wide) -> None:
    """Only who was accused is kept out."""
    told = ("anh Tuân kinh tế đòi tiền làm sổ ở thôn 1", "hắn đang dọa đâm tôi trước cửa")
    assert await alarmed(wide, OURS, *told) >= POLICE


LED = (
    (OURS, "sếp Tân Lập ăn tiền cát thôn 4", {"chu_tich", "bi_thu"}),
    (OURS, "sep tan lap an tien cat thon 4", {"chu_tich", "bi_thu"}),
    (OURS, "bộ sậu xã ta tham nhũng hết rồi, thôn 4 không còn đất công", {"chu_tich", "bi_thu"}),
    (OURS, "trên tỉnh dưới xã ăn hết, dân thôn 3 không còn gì", {"chu_tich", "bi_thu"}),
    (OURS, "lãnh đạo tỉnh bao che cho xã, đơn gửi lên là bị trả về", {"chu_tich", "t_chanh"}),
    (OURS, "chính quyền bên Bình An Mẫu đánh dân cướp đất", {"ba_chu_tich", "ba_bi_thu"}),
    (OURS, "lãnh đạo Bình An bao che cho trại heo xả thải sang thôn 4", {"ba_chu_tich", "ba_bi_thu"}),
    (NEIGHBOUR, "mấy ổng bên xã Tân Lập Mẫu ăn tiền mỏ đá, bụi bay sang thôn Hạ", {"chu_tich", "bi_thu"}),
    (NEIGHBOUR, "chính quyền bên Tân Lập đổ rác sang thôn Hạ rồi đe dọa dân", {"chu_tich", "bi_thu"}),
    (NEIGHBOUR, "xã Bình An cướp đất của tôi ở thôn Hạ", {"ba_chu_tich", "ba_bi_thu", "ba_kt_son"}),
    (OURS, "lên nộp giấy mà tụi nó bắt mua hồ sơ 200 ngàn", {"hcc_ha", "hcc_long"}),
    (OURS, "trưởng đồn nhận tiền sòng bạc thôn 4", {"ca_truong", "ca_dung"}),
    (OURS, "cha đo đất ăn hối lộ, nhà ai có tiền thì được rộng ra, thôn 4", {"kt_truong", "kt_tuan"}),
)
ASKED = {
    "đúng, gửi đi": "1",
    "nguy hiểm lúc này": "không",
    "ở đâu": "thôn 2",
    "phải không ạ": "1",
    "thuộc về gì": "1",
    "ra sao": "1",
}


@pytest.mark.parametrize(("page", "told", "accused"), LED)
async def test_who_leads_by_a_bare_name_never_reads_it(
    wide: Wide, page: str, told: str, accused: set[str]
) -> None:
    """Whoever is meant by the commune's name, or by what they do, stays out, and who is over them gets it."""
    await wide.says("dan", f"x{page}")
    answer = await wide.says("dan", told)
    for _ in range(7):
        if "Mã: " in answer:
            break
        words = next((said for asked, said in ASKED.items() if asked in answer.lower()), "1")
        answer = await wide.says("dan", words)
    code = code_in(answer)
    for head in ("chu_tich", "bi_thu", "ba_chu_tich", "t_kiem_tra"):
        for unit in ("Phòng Kinh tế", "Công an xã", "Trung tâm Phục vụ hành chính công"):
            await wide.says(head, f"giao {code} cho {unit}")
            await wide.says(head, "1")
            await wide.says(head, "huy")
    wide.clock.pass_(hours=48)
    while await tick(wide.store):
        pass
    await work_off(wide.desk)
    heard = {d.address for d in wide.paper.told if told[:20] in text_of(d)}
    assert heard - {"dan"}
    assert not accused & heard


INNOCENT = (
    "toi 82 tuoi roi ma chua thay ai goi di lam tien nguoi gia ca xa oi",
    "bà con lối xóm cờ bạc số đề rần rần, công an xuống coi giùm",
    "có người gọi điện xưng công an bảo chuyển tiền, mẹ tôi mất 30 triệu rồi",
    "co ke gia danh cong an goi dien lua me toi chuyen khoan",
    "em ơi cho anh hỏi số điện thoại trưởng công an",
    "bí thư chi đoàn thôn 3 muốn mượn hội trường tập văn nghệ",
    "bí thư thôn 3 mất rồi, ai thay",
    "bác Ba bảo đèn đường hỏng ở thôn 3",
    "thầy giáo dạy tiếng Anh ở trường thôn 3 nghỉ hoài",
    "giáo viên trường tiểu học thiếu quá, xin thêm cô dạy tiếng Anh",
    "trạm y tế thôn 3 thiếu thuốc, nhân viên thảo luận chuyện riêng",
)


@pytest.mark.parametrize("told", INNOCENT)
async def test_who_is_only_named_or_called_in_is_not_accused(wide: Wide, told: str) -> None:
    """Everyday words, whom a fraud pretends to be and who is asked to come stay inside."""
    await wide.says("dan", f"x{OURS}")
    answer = await wide.says("dan", told)
    for _ in range(7):
        assert "🔒" not in answer
        if "Mã: " in answer:
            break
        words = next((said for asked, said in ASKED.items() if asked in answer.lower()), "1")
        answer = await wide.says("dan", words)
    assert "Mã: " in answer
