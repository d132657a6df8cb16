"""What is told where only the commune was asked for is kept, and whoever it speaks of is kept out."""

import pytest

from tests.conversations.wide import Wide, code_in
from tests.services.two_channels import case_of


async def sent(wide: Wide, *told: str) -> str:
    """Tell these one after another, send what is shown, and return the case's code."""
    answer = ""
    for words in told:
        answer = await wide.says("dan", words)
    for _ in range(3):
        if "Mã: " not in answer:
            answer = await wide.says("dan", "1")
    return code_in(answer)


async def kept(wide: Wide, code: str) -> tuple[str, str]:
    """Return the story and the place that are kept of a case."""
    async with wide.store.work() as work:
        case = await case_of(work, code)
        return case.story, case.place


@pytest.mark.parametrize(
    ("opening", "told", "hamlet"),
    [
        ("tôi có chuyện muốn trình bày với xã", "nhà tôi ở thôn 4 bị hàng xóm đổ phân trước cổng", "thôn 4"),
        ("có việc này mong các anh xem giúp", "cống trước nhà ông Ba thôn 4 bể nát, nước tràn", "thôn 4"),
        ("tôi muốn phản ánh", "xóm chùa có sòng bạc đêm nào cũng mở", "xóm Chùa"),
        ("toi muon phan anh", "xom chua co song bac dem nao cung mo", "xóm Chùa"),
    ],
)
async def test_the_story_is_in_the_case(wide: Wide, opening: str, told: str, hamlet: str) -> None:
    """Whoever begins politely tells the matter one question later."""
    assert "xã, phường nào" in await wide.says("dan", opening)
    story, place = await kept(wide, await sent(wide, told))
    assert told in story
    assert hamlet in place


@pytest.mark.parametrize(
    ("opening", "told"),
    [
        ("tôi muốn tố cáo", "công an xã ở xóm chùa bảo kê sòng bạc"),
        ("toi muon to cao", "xóm chùa có sòng bạc đêm nào cũng mở, công an biết mà làm ngơ"),
    ],
)
async def test_whom_it_speaks_of_is_kept_out(wide: Wide, opening: str, told: str) -> None:
    """The police that are accused read nothing of it, nor does whoever would give it to them."""
    code = await sent(wide, opening, told)
    await wide.says("chu_tich", f"giao {code} cho công an xã")
    await wide.says("chu_tich", "1")
    assert wide.hear_of(code).isdisjoint({"ca_truong", "ca_dung", "ca_nga"})


async def test_words_that_say_more_exactly_where_are_the_place(wide: Wide) -> None:
    """Beside whose house it is, and which post."""
    exact = "xóm Đình Tân Lập Mẫu, gần nhà ông Bảy, cột số 4"
    story, place = await kept(wide, await sent(wide, "đèn đường xóm Đình tắt hết mấy hôm nay", exact))
    assert exact in f"{story} {place}"


async def test_every_commune_is_offered_where_there_are_few(wide: Wide) -> None:
    """Whatever words of the story stand in the name of one."""
    asked = await wide.says("dan", "các người ăn hại, cống tắc cả tháng không ai làm")
    assert "xã Bình An Mẫu" in asked
    assert "xã Tân Lập Mẫu" in asked
