"""A desk of two communes: each message is of one of them, found by a link, the words, the chat, or asked."""

import pytest

from scheduler.clock import tick
from tests.conversations.wide import DRAIN, Wide, code_in
from tests.storage import commune
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE


async def test_a_link_says_whose_the_chat_is(wide: Wide) -> None:
    """From then on “thôn 1” is that commune's, whose name every word bears."""
    assert "xã Bình An Mẫu" in await wide.says("dan", f"x{NEIGHBOUR}")
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"thôn 1 {DRAIN}")
    assert (await wide.says("dan", "gui")).startswith("Xã Bình An Mẫu đã nhận")
    assert await wide.cases() == [("ba_thon_1", "ba_kt_xa", "thôn 1, xã Bình An Mẫu")]
    assert "xã Bình An Mẫu" in await wide.says("dan", "quy dinh")


@pytest.mark.parametrize("where", ["thôn 1 xã Bình An Mẫu", "ở Bình An Mẫu, thôn 1"])
async def test_the_words_name_the_commune(wide: Wide, where: str) -> None:
    """With its rank or behind a cue: nothing is asked."""
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"{DRAIN}, {where}")
    await wide.says("dan", "gui")
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_1", "ba_kt_xa")]
    assert await wide.chat_commune("dan") == NEIGHBOUR


async def test_another_commune_is_asked_about_and_served_directly(wide: Wide) -> None:
    """It goes there and not to our reception; the chat stays ours."""
    await wide.says("dan", f"x{OURS}")
    asked = await wide.says("dan", f"{DRAIN} ở thôn 1 xã Bình An Mẫu")
    assert "tới thẳng xã Bình An Mẫu" in asked
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", "1")
    code = code_in(await wide.says("dan", "gui"))
    assert await wide.cases() == [("ba_thon_1", "ba_kt_xa", "thôn 1, xã Bình An Mẫu")]
    assert await wide.chat_commune("dan") == OURS
    assert wide.hear_of(code) == {"dan", "ba_kt_son"}


async def test_where_the_writer_lives_is_not_where_it_is(wide: Wide) -> None:
    """The hamlet is said with its commune; in English the rank may be said so too."""
    await wide.says("dan", f"x{OURS}")
    text = "duong thon 2 xa binh an mau hu hong het roi, toi o xa tan lap mau di lam qua do"
    assert "tới thẳng xã Bình An Mẫu" in await wide.says("dan", text)
    await wide.says("dan", "1")
    assert "thôn 2, xã Bình An Mẫu" in await wide.says("dan", "1")
    await wide.says("hai", f"x{OURS}")
    asked = await wide.says("hai", "my neighbour commune Binh An Mau burns trash at thon Ha every night")
    assert "xã Bình An Mẫu" in asked
    shown = [await wide.says("hai", "1") for _ in ("its commune", "its topic")]
    assert "thôn Hạ, xã Bình An Mẫu" in shown[1]


@pytest.mark.parametrize("here", [OURS, NEIGHBOUR, ""])
async def test_two_communes_of_which_none_is_clear_are_asked(wide: Wide, here: str) -> None:
    """Each is a button, with the hamlet that was said of it alone; none is asked about twice."""
    if here:
        await wide.says("dan", f"x{here}")
    text = "toi o thon 1 xa Binh An Mau, chu tich xa Tan Lap Mau lay tien lam duong cua dan"
    asked = await wide.says("dan", text)
    assert "xã Bình An Mẫu" in asked
    assert "xã Tân Lập Mẫu" in asked
    assert "thôn 1, xã Tân Lập Mẫu" not in asked
    place = next(line for line in asked.splitlines() if line.endswith("xã Bình An Mẫu"))
    told = await wide.says("dan", place)
    assert "tới thẳng" not in told
    assert "thôn 1, xã Bình An Mẫu" in told
    assert "đồng ý cho tỉnh Mẫu" in told  # it accuses the chair of another: the province looks into it


async def test_what_nobody_knows_is_asked_once(wide: Wide) -> None:
    """The story is kept, a name is enough, and the next report is not asked."""
    asked = await wide.says("dan", f"thôn 2 {DRAIN}")
    assert "xã, phường nào" in asked
    assert "xã Bình An Mẫu" in asked
    shown = await wide.says("dan", "xã Tân Lập Mẫu")
    assert "thôn 2, xã Tân Lập Mẫu" in shown
    assert "cống tắc" in shown
    await wide.says("dan", "huy")
    assert "đồng ý cho xã Tân Lập Mẫu" in await wide.says("dan", f"thôn 3 {DRAIN}")


async def test_after_two_names_of_none_the_province_finds_out(wide: Wide) -> None:
    """The words typed stand in the case; nobody is asked for a third name."""
    await wide.says("dan", f"thôn 2 {DRAIN}")
    assert "tên đầy đủ" in await wide.says("dan", "xã Hòa Lạc nào đó")
    assert "đồng ý cho tỉnh Mẫu" in await wide.says("dan", "gần cầu cũ")
    await wide.says("dan", "gui")
    ((area, unit, place),) = await wide.cases()
    assert (area, unit) == (PROVINCE, "vp_tinh")
    assert "Hòa Lạc" in place
    assert "gần cầu cũ" in place


async def test_a_hamlet_of_one_commune_says_which(wide: Wide) -> None:
    """A name that both have never does."""
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"{DRAIN} ở thôn Hạ")
    assert "xã, phường nào" in await wide.says("hai", f"{DRAIN} ở xóm Đình")


async def test_danger_waits_for_no_question(wide: Wide) -> None:
    """It rings at the province's duty at once, is asked after, and moves to the commune that is told."""
    told = await wide.says("dan", "cháy nhà rồi cứu với")
    assert told.startswith("⚠️")
    assert "114" in told
    assert "xã, phường nào" in told
    ((area, _, _),) = await wide.cases()
    assert area == PROVINCE
    code = code_in(told)
    assert {"t_tiep"} <= wide.hear_of(code)
    assert not any(who.startswith("ba_") for who in wide.hear_of(code))
    await wide.says("dan", "thôn 2 xã Bình An Mẫu")
    ((area, unit, _),) = await wide.cases()
    assert (area, unit) == ("ba_thon_2", "ba_ca_xa")
    assert {"ba_ca_dung", "ba_vp_hoa"} <= wide.hear_of(code)


async def test_danger_elsewhere_rings_there_at_once(wide: Wide) -> None:
    """Whoever writes from a chat of another commune is not asked first."""
    await wide.says("dan", f"x{OURS}")
    code = code_in(await wide.says("dan", "cháy nhà ở thôn 1 xã Bình An Mẫu rồi cứu với"))
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_1", "ba_ca_xa")]
    assert wide.hear_of(code).isdisjoint({"vp_truc", "ca_truong", "chu_tich"})


async def test_hamlets_of_one_name_are_two(wide: Wide) -> None:
    """The same trouble in “thôn 1” of each commune is two cases, and nobody is asked whether it is one."""
    for who, area in (("dan", OURS), ("hai", NEIGHBOUR)):
        await wide.says(who, f"x{area}")
        await wide.says(who, f"thôn 1 {DRAIN}")
        assert "đã nhận" in await wide.says(who, "gui")
    assert [area for area, _, _ in await wide.cases()] == ["thon_1", "ba_thon_1"]
    for who, area in (("ba", OURS), ("tu", NEIGHBOUR)):
        await wide.says(who, f"x{area}")
        code_in(await wide.says(who, "cháy nhà ở thôn 2 rồi cứu với"))
    assert [area for area, _, _ in await wide.cases()][2:] == ["thon_2", "ba_thon_2"]


async def test_an_accusation_of_another_chair_goes_past_him(wide: Wide) -> None:
    """Sent from a chat of ours: it goes to the province, kept from him and all of his, and from ours too."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "chủ tịch xã Bình An Mẫu ăn tiền làm đường của dân")
    await wide.says("dan", "1")
    assert "Nghiêm Văn Toàn" in await wide.says("dan", "thôn 1")
    code = code_in(await wide.says("dan", "gui"))
    assert [unit for _, unit, _ in await wide.cases()] == ["ttra"]
    assert wide.hear_of(code) == {"dan", "t_kiem_tra"}


async def test_a_sealed_report_is_opened_in_its_commune(wide: Wide) -> None:
    """What was chosen when it was told holds when the clock opens it."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", "gui kin")
    await wide.says("dan", "trưởng phòng kinh tế xã Bình An Mẫu nhận hối lộ 20 triệu ở thôn 1")
    await wide.says("dan", "1")
    assert "Mã bí mật" in await wide.says("dan", "1")
    assert await wide.chat_commune("dan") == OURS
    wide.clock.pass_(hours=3)
    while await tick(wide.store):
        pass
    await commune.work_off(wide.desk)
    assert [(area, unit) for area, unit, _ in await wide.cases()] == [("ba_thon_1", "ba_ct_xa")]


async def test_the_list_names_the_communes_where_they_differ(wide: Wide) -> None:
    """Of one commune alone it names none."""
    await wide.says("dan", f"x{OURS}")
    await wide.says("dan", f"thôn 1 {DRAIN}")
    await wide.says("dan", "gui")
    await wide.says("dan", "đường ở xã Bình An Mẫu thôn 1 hỏng nát, ổ gà đầy")
    await wide.says("dan", "1")
    await wide.says("dan", "gui")
    listed = await wide.says("dan", "tra cuu")
    assert "xã Tân Lập Mẫu · thôn 1 cống" in listed
    assert "xã Bình An Mẫu · đường" in listed


async def test_an_account_may_be_one_communes_own(wide: Wide) -> None:
    """Nothing is asked in it."""
    wide.store.accounts = {"paper": NEIGHBOUR}
    assert "đồng ý cho xã Bình An Mẫu" in await wide.says("dan", f"thôn 1 {DRAIN}")
