"""What is told in one commune speaks of whoever bears the name or post in the commune it comes to.

Whoever is accused there, their unit and who stands in for them get no card, list or word of it.
"""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.cases import NotAllowed
from scheduler.clock import tick
from services.office import absences, directory
from services.standing import crossing
from storage.people import people
from tests.services.levels import WHY, Province
from tests.services.test_communes_change import DAY, order, the_day_comes
from tests.storage.commune import work_off
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

CHIEF = "ông Vũ Đình Sáng nhận hối lộ của dân 50 triệu"
CHAIR = "chủ tịch xã Tân Lập Mẫu nhận hối lộ của dân 50 triệu"
OFFICE = "cán bộ phòng kinh tế xã Tân Lập Mẫu vòi tiền của dân"
LAMP = "đèn đường thôn 3 hỏng ba hôm nay"
ECONOMY = ("kt_truong", "kt_tuan", "kt_thao")


async def goes(wide: Province, code: str, to: str = OURS, who: str = "t_chanh") -> None:
    """Let a head send a case to where it belongs, to the unit that is proposed there."""
    async with wide.at(code) as (work, case):
        there = crossing.unit_in(work, case, to)
    await wide.does(who, "reassign", code, unit_id=str(there.id), **WHY)


async def is_nothing_to(wide: Province, code: str, *accused: str, open_once: bool = False) -> None:
    """See that a case is nothing to these people, that they were told nothing of it, and find nothing.

    `open_once`: it was open before words closed it, so its code gets the state of any that is handed on.
    """
    found = f"{code}: đã nhận" if open_once else "Không thấy mã này"
    for who in accused:
        assert await wide.relations(who, code) == set(), who
        assert not any(code in text for text in wide.told(who)), who
        assert code not in await wide.says(who, "viec"), who
        assert (await wide.says(who, f"xem {code}")).startswith(found), who


@pytest.mark.parametrize("told_in", [NEIGHBOUR, PROVINCE])
@pytest.mark.parametrize(
    ("story", "accused"), [(CHIEF, ECONOMY), (CHAIR, ("chu_tich", *ECONOMY)), (OFFICE, ECONOMY)]
)
async def test_told_elsewhere_of_somebody_of_ours(
    wide: Province, told_in: str, story: str, accused: tuple[str, ...]
) -> None:
    """The head who sends it here sends it to nobody it speaks of, though nobody there bears that name."""
    code = await wide.open(story, area=told_in)
    await goes(wide, code)
    await is_nothing_to(wide, code, *accused)
    assert await wide.has(code) == ("dang_xa" if story == CHAIR else "ct_xa")


@pytest.mark.parametrize("told_in", [NEIGHBOUR, PROVINCE])
async def test_who_sent_it_reads_once_who_has_it_and_nothing_of_the_accused(
    wide: Province, told_in: str
) -> None:
    """Neither the citizen nor the history names the chair's office, to which it was sent first; one card."""
    code = await wide.open(CHAIR, area=told_in)
    before = len(wide.channels["paper"].told)
    await goes(wide, code)
    news = wide.channels["paper"].told[before:]
    assert "Đảng ủy xã (xã Tân Lập Mẫu)" in next(d.message.text for d in news if d.address == "dan")
    assert sum(d.address == "dan" for d in news) == 1
    assert sum(d.message.text.startswith("📥") for d in news if d.address == "bi_thu") == 1
    assert "Chủ tịch UBND xã" not in await wide.says("dan", f"tra cuu {code}")


@pytest.mark.parametrize("told_in", [NEIGHBOUR, PROVINCE])
@pytest.mark.parametrize("later", [CHIEF, "trưởng phòng kinh tế xã Tân Lập Mẫu vòi tôi 5 triệu"])
async def test_later_words_are_heard_again_too(wide: Province, told_in: str, later: str) -> None:
    """What was added there to an ordinary matter shuts out whoever it speaks of here."""
    code = await wide.open(LAMP, area=told_in)
    await wide.does("dan", "supplement", code, text=later)
    await goes(wide, code)
    await is_nothing_to(wide, code, *ECONOMY, open_once=True)


async def test_who_asked_for_a_crossing_gives_it_to_no_accused_either(wide: Province) -> None:
    """Once somebody there is named by their whole name, it is no more theirs to give who have it."""
    code = await wide.open(LAMP, area=NEIGHBOUR)
    unit = await wide.unit("kt_xa")
    await wide.does("ba_kt_son", "accept", code)
    await wide.does("ba_kt_son", "ask_transfer", code, unit_id=unit, **WHY)
    await wide.does("dan", "supplement", code, text=CHIEF)
    with pytest.raises(NotAllowed):
        await wide.does("ba_chu_tich", "reassign", code, unit_id=unit, **WHY)
    await is_nothing_to(wide, code, *ECONOMY, open_once=True)


async def test_back_and_forth_the_wall_only_grows(wide: Province) -> None:
    """Whoever was shut out there stays out when it comes back, and ours stay out there."""
    code = await wide.open(CHAIR, area=NEIGHBOUR)
    await goes(wide, code)
    await goes(wide, code, NEIGHBOUR)
    await is_nothing_to(wide, code, "chu_tich", "kt_truong")
    await goes(wide, code, PROVINCE)
    await is_nothing_to(wide, code, "chu_tich", "kt_truong")


async def test_an_ordinary_matter_stays_ordinary(wide: Province) -> None:
    """Nothing is closed that speaks of nobody."""
    code = await wide.open(area=NEIGHBOUR)
    await goes(wide, code)
    async with wide.at(code) as (_, case):
        assert not case.confidential
        assert case.excluded_people == case.excluded == []
    assert await wide.has(code) == "kt_xa"


async def test_an_alarm_comes_home_past_whom_it_speaks_of(wide: Province) -> None:
    """Told at the province without a place: when that is told, no police hear that a policeman is meant."""
    told = await wide.says("dan", "cứu với, ông Hồ Tiến Dũng công an đang đánh con tôi chảy máu")
    code = told.rpartition("Mã: ")[2].split()[0].rstrip(".")
    await wide.says("dan", "thôn 2 xã Tân Lập Mẫu")
    assert await wide.has(code) == "vp_xa"
    await is_nothing_to(wide, code, "ca_dung", "ca_truong", "ca_nga")
    assert any(code in text for text in wide.told("chu_tich"))


async def test_a_stand_in_of_the_accused_gets_no_card_in_their_other_commune(wide: Province) -> None:
    """They serve there by a role of their own: no card, no word that was added, no reminder."""
    more = "people: [{code: vhxh_hai, name: Đặng Thanh Hải, roles: [{role: officer, unit: ba_kt_xa}]}]"
    async with wide.store.work() as work:
        await directory.seed(work, more.encode(), "more.yaml")
    code = await wide.open(LAMP)
    social = UUID(await wide.unit("vhxh_xa"))
    async with wide.at(code) as (work, case):
        ids = {one: await people.person_by_code(work, one) for one in ("kt_truong", "kt_tuan", "vhxh_hai")}
        chief, tuan, hai = (one.id for one in ids.values() if one is not None)
        case.excluded_people, case.unit_id = [str(tuan)], social
        (by,) = await people.chats_of(work, [chief])
        days = (work.today, work.today + timedelta(days=9))
        await absences.begin(work, by, tuan, hai, days)
    await work_off(wide.desk)
    before = len(wide.told("vhxh_hai"))
    await goes(wide, code, NEIGHBOUR)
    await wide.does("dan", "supplement", code, text="hôm nay vẫn hỏng ạ, thêm một bóng nữa")
    wide.clock.pass_(days=1)
    while await tick(wide.store):
        pass
    await work_off(wide.desk)
    assert not any(code in text for text in wide.told("vhxh_hai")[before:])
    assert any(code in text for text in wide.told("ba_kt_son"))


@pytest.mark.parametrize(
    ("told_in", "story", "accused"),
    [
        (NEIGHBOUR, "ông Sáng bắt tôi nộp 5 triệu mới ký giấy", ("kt_truong", "kt_tuan")),
        (NEIGHBOUR, CHIEF, ("kt_truong", "kt_tuan")),
        (NEIGHBOUR, "ông Hoàng Đức Thịnh nhận hối lộ của dân 50 triệu", ("chu_tich", "kt_tuan")),
        (OURS, "ông Nghiêm Văn Toàn nhận hối lộ của dân 50 triệu", ("ba_chu_tich", "ba_kt_son")),
        (OURS, "ông Giang Hồng Sơn vòi tiền của dân 50 triệu", ("ba_kt_son", "ba_kt_truong")),
    ],
)
async def test_on_the_day_of_a_merger_it_is_heard_by_the_names_of_both(
    wide: Province, told_in: str, story: str, accused: tuple[str, ...]
) -> None:
    """Told in either before that day, of somebody of the other."""
    code = await wide.open(story, area=told_in)
    await order(wide, do="merge_commune", unit=NEIGHBOUR, into=OURS, on=DAY.isoformat())
    await the_day_comes(wide)
    await is_nothing_to(wide, code, *accused)
    read_by = [
        who
        for who in ("chu_tich", "bi_thu", "ba_bi_thu", "t_chanh", "t_kiem_tra")
        if await wide.relations(who, code)
    ]
    assert read_by
