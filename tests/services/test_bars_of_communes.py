"""A bar is of the commune that set it, or of the province: shown, kept and lifted there."""

from datetime import timedelta

import pytest

from services.acts import barring
from services.standing.refusals import NotBarred
from storage.people import broadcasts, people
from tests.services.levels import Province
from tests.services.two_channels import key
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE

WHY = {"days": 7, "reason": "nhắn tin quấy rối nhiều lần"}
SHUT = "tạm ngừng nhận ý kiến"
ELSEWHERE = "đèn đường thôn 1 xã Tân Lập Mẫu hỏng mấy hôm nay"


async def bars(wide: Province, who: str = "dan") -> dict[str, str]:
    """Return where somebody is barred."""
    async with wide.store.read() as work:
        return (await people.chat(work, key(work, who))).bars


async def at(wide: Province, area: str) -> None:
    """Let the citizen's chat be of a commune, as when they come by its page."""
    async with wide.store.work() as work:
        (await people.chat(work, key(work, "dan"))).commune = area


async def test_a_bar_of_one_commune_is_none_in_the_other(wide: Province) -> None:
    """There alone it is said, in its name; the neighbour hears the same person."""
    code = await wide.open(area=NEIGHBOUR)
    await wide.does("ba_chu_tich", "bar", code, **WHY)
    assert list(await bars(wide)) == [NEIGHBOUR]
    await at(wide, NEIGHBOUR)
    told = await wide.says("dan", "đèn đường thôn 2 hỏng mấy hôm nay")
    assert SHUT in told
    assert told.startswith("Xã Bình An Mẫu")
    assert len(told.splitlines()) <= 4
    await at(wide, OURS)
    assert SHUT not in await wide.says("dan", "đèn đường thôn 2 hỏng mấy hôm nay")


async def test_a_bar_of_the_province_holds_in_all(wide: Province) -> None:
    """Whoever heads a commune sees it, and cannot lift it; the province can."""
    code = await wide.open()
    await wide.does("t_chanh", "bar", code, **WHY)
    assert list(await bars(wide)) == [PROVINCE]
    for area in (OURS, NEIGHBOUR):
        await at(wide, area)
        assert SHUT in await wide.says("dan", "đèn đường thôn 2 hỏng mấy hôm nay")
    with pytest.raises(NotBarred):
        await wide.does("chu_tich", "unbar", code)
    shown = await wide.says("chu_tich", f"chan {code}")
    assert "đến hết" in shown
    await wide.does("t_chanh", "unbar", code)
    assert await bars(wide) == {}


async def test_each_lifts_their_own(wide: Province) -> None:
    """The province also what a commune set; what another commune set stays."""
    ours, theirs = await wide.open(), await wide.open(area=NEIGHBOUR)
    await wide.does("chu_tich", "bar", ours, **WHY)
    await wide.does("ba_chu_tich", "bar", theirs, **WHY)
    await wide.does("chu_tich", "unbar", ours)
    assert list(await bars(wide)) == [NEIGHBOUR]
    with pytest.raises(NotBarred):
        await wide.does("chu_tich", "unbar", ours)
    await wide.does("t_chanh", "unbar", theirs)
    assert await bars(wide) == {}


async def test_what_is_of_another_commune_is_heard_and_goes_there(wide: Province) -> None:
    """Who is barred here can tell of the neighbour's matter, and of nothing here by that way."""
    code = await wide.open(area=NEIGHBOUR)
    await wide.does("ba_chu_tich", "bar", code, **WHY)
    await at(wide, NEIGHBOUR)
    assert SHUT in await wide.says("dan", "đèn đường thôn 2 xã Bình An Mẫu hỏng")
    told = await wide.says("dan", ELSEWHERE)
    assert SHUT not in told
    for _ in range(3):
        told = await wide.says("dan", "1")
        assert SHUT not in told
        if "Mã" in told:
            break
    async with wide.store.read() as work:
        assert barring.last_day(work, await people.chat(work, key(work, "dan")), OURS) is None
    assert SHUT in await wide.says("dan", "đèn đường hỏng mấy hôm nay")


async def test_a_bar_ends_with_its_last_day_where_it_is(wide: Province) -> None:
    """And is asked of by area, whichever is handled now."""
    code = await wide.open(area=NEIGHBOUR)
    await wide.does("ba_chu_tich", "bar", code, **WHY)
    async with wide.store.read() as work:
        chat, last = await people.chat(work, key(work, "dan")), work.today + timedelta(days=7)
        assert barring.last_day(work, chat, NEIGHBOUR) == last
        assert barring.last_day(work, chat, OURS) is barring.last_day(work, chat, PROVINCE) is None
        with work.within("ba_thon_1"):
            assert barring.last_day(work, chat) == last
        assert barring.is_barred(work, chat)
    wide.clock.pass_(days=8)
    async with wide.store.read() as work:
        assert not barring.is_barred(work, await people.chat(work, key(work, "dan")))


async def test_a_broadcast_passes_who_is_barred_where_it_goes(wide: Province) -> None:
    """Of the commune that bars, no more; of the other, and of the whole province, still."""
    ours, theirs = await wide.open(), await wide.open(area=NEIGHBOUR)
    await wide.does("ba_chu_tich", "bar", theirs, **WHY)
    assert ours
    async with wide.store.read() as work:
        reached = {
            area: sum((await broadcasts.count(work, work.desk.directory.within(area))).values())
            for area in (OURS, NEIGHBOUR, PROVINCE)
        }
    assert reached == {OURS: 1, NEIGHBOUR: 0, PROVINCE: 1}
