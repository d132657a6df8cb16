"""Who serves elsewhere in the desk, or above it, is found where they are accused, and reads nothing of it."""

import pytest

from services.standing import exclusion
from services.standing.refusals import WrongUnit
from storage.people import people
from tests.services.levels import WHY, Province
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

CHAIR = "toi o thon 1 xa Binh An Mau, chu tich xa Tan Lap Mau Hoang Duc Thinh lay tien lam duong cua dan"


async def is_outside(wide: Province, who: str, code: str) -> bool:
    """Say whether a case shuts an official out."""
    async with wide.at(code) as (work, case):
        person = await people.person_by_code(work, who)
        assert person is not None
        return exclusion.shut_out(work, case, person.id)


def heard(wide: Province, who: str, code: str) -> bool:
    """Say whether an official was told anything of a case."""
    return any(code in text for text in wide.told(who))


@pytest.mark.parametrize(
    ("area", "story", "accused", "others"),
    [
        (NEIGHBOUR, CHAIR, "chu_tich", "ba_chu_tich"),
        (NEIGHBOUR, "ong Hoang Duc Thinh ben Tan Lap an tien dat cua nha toi", "chu_tich", "ba_chu_tich"),
        (NEIGHBOUR, "chu tich xa Tan Lap nhan hoi lo", "chu_tich", "ba_chu_tich"),
        (OURS, "ong Nghiem Van Toan nhan hoi lo", "ba_chu_tich", "vhxh_truong"),
        (OURS, "ong Nghiem Van Toan lam chu tich xa Binh An Mau nhan hoi lo", "ba_chu_tich", "chu_tich"),
        (OURS, "pho chu tich ubnd xa Binh An Mau bao ke dat", "ba_chu_tich", "chu_tich"),
        (OURS, "truong phong kinh te ben Binh An doi tien moi lam", "ba_kt_truong", "kt_truong"),
        (OURS, "bí thư đảng ủy xã Bình An nhận hối lộ của dân", "ba_bi_thu", "bi_thu"),
        (OURS, "công an xã Bình An Mẫu đòi tiền mới làm giấy", "ba_ca_dung", "ca_dung"),
        (OURS, "ong Kieu Quang Vinh so xay dung doi tien lot tay", "t_sxd_vinh", "chu_tich"),
        (OURS, "giam doc so xay dung nhan hoi lo", "t_sxd_truong", "chu_tich"),
        (OURS, "thanh tra tinh Mau nhan phong bi, bao che vu dat thon 2", "t_kiem_tra", "chu_tich"),
        (OURS, "chanh thanh tra tinh nhan hoi lo", "t_kiem_tra", "chu_tich"),
    ],
)
async def test_whoever_is_named_is_outside_and_the_province_judges(
    wide: Province, area: str, story: str, accused: str, others: str
) -> None:
    """By name or by post and commune, whatever page it is written on; nobody of that post elsewhere is."""
    code = await wide.open(story, area)
    assert await is_outside(wide, accused, code)
    assert not await is_outside(wide, others, code)
    assert not heard(wide, accused, code)
    async with wide.at(code) as (work, case):
        assert case.confidential
        assert work.desk.directory.seat(case.unit_id) == PROVINCE
    assert any(heard(wide, who, code) for who in ("t_chanh", "t_kiem_tra"))
    assert not heard(wide, "chu_tich", code)
    assert not heard(wide, "ba_chu_tich", code)


async def test_what_accuses_who_heads_the_province_never_goes_to_the_chair(wide: Province) -> None:
    """A chair answers to them; their own chair is not called what the province's is."""
    code = await wide.open("chu tich tinh Luong Quang Hien nhan hoi lo")
    assert await is_outside(wide, "t_chanh", code)
    assert await wide.has(code) == "dang_xa"
    async with wide.at(code) as (work, case):
        said = work.rules_of(case).accused.read(case.story, work.today)
        assert work.desk.directory.names[said.people[0]] == "Lương Quang Hiển"
        assert len(said.people) == 1


@pytest.mark.parametrize(
    "by", ["chuyen {} cho chu tich ubnd xa Tan Lap Mau", "giao {} cho Phong Kinh te xa Tan Lap Mau"]
)
async def test_it_is_handed_to_nobody_whom_it_accuses(wide: Province, by: str) -> None:
    """Whoever heads the province cannot, and reads nothing of why; the accused asks for it in vain."""
    code = await wide.open(CHAIR, NEIGHBOUR)
    with pytest.raises(WrongUnit):
        await wide.does("t_chanh", "reassign", code, unit_id=await wide.unit("ct_xa"), **WHY)
    answer = await wide.says("t_chanh", by.format(code))
    assert "Hoàng Đức Thịnh" not in answer
    assert not heard(wide, "chu_tich", code)
    assert "lay tien" not in await wide.says("chu_tich", code)


async def test_a_given_name_is_heard_again_where_the_case_comes_to(wide: Province) -> None:
    """Nobody was known by it where it was told; there it is the chair's, who must not get it."""
    code = await wide.open("ông Thịnh bên đó nhận hối lộ của dân", NEIGHBOUR)
    assert not await is_outside(wide, "chu_tich", code)
    await wide.does("t_chanh", "reassign", code, unit_id=await wide.unit("ct_xa"), **WHY)
    assert await is_outside(wide, "chu_tich", code)
    assert not heard(wide, "chu_tich", code)
    assert heard(wide, "bi_thu", code)


async def test_an_ordinary_case_of_nobody_crosses_as_ever(wide: Province) -> None:
    """It is kept no closer for being moved."""
    code = await wide.open()
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("ba_kt_xa"), **WHY)
    async with wide.at(code) as (_, case):
        assert not case.confidential
        assert not case.excluded_people


async def test_who_answers_with_a_whole_name_means_nobody_else(wide: Province) -> None:
    """“Văn” in the middle of one is nobody's given name, where the whole is somebody's of the desk."""
    async with wide.store.read() as work:
        rules = work.desk.part(OURS)
        people_, units = rules.accused.answering(
            "ong Nghiem Van Toan lam chu tich xa Binh An Mau", work.today
        )
        names = work.desk.directory.names
        assert [names[one] for one in people_] == ["Nghiêm Văn Toàn"]
        assert [work.desk.directory.unit(one).code for one in units] == ["ba_ct_xa"]
        assert exclusion.names(rules.directory, rules.accused.read(CHAIR, work.today), work.today) == [
            "Hoàng Đức Thịnh",
            "Chủ tịch UBND xã",
        ]
        theirs = work.desk.part(NEIGHBOUR)
        called = exclusion.names(theirs.directory, theirs.accused.read(CHAIR, work.today), work.today)
        assert called == ["Hoàng Đức Thịnh", "Chủ tịch UBND xã (xã Tân Lập Mẫu)"]


async def test_what_is_kept_from_somebody_is_offered_to_no_stranger(wide: Province) -> None:
    """Words closed it: whoever tells the same later tells of a matter of their own."""
    story = "cống thôn 3 xã Tân Lập Mẫu tắc mấy hôm rồi, mưa là ngập đường"
    code = await wide.open(story)
    await wide.says("ba", story)
    assert code in await wide.says("ba", "1")
    async with wide.at(code) as (work, case):
        person = await people.person_by_code(work, "kt_tuan")
        assert person is not None
        case.excluded_people = [str(person.id)]
    await wide.says("an", story)
    assert code not in await wide.says("an", "1")
