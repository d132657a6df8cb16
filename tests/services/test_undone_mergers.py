"""A merger of communes undone after its day gives back all that came with it; what began since stays."""

from services.acts import barring
from services.office import broadcasts
from services.standing import homes
from storage.people import people
from tests.services.levels import Province
from tests.services.mergers import (
    LAMP,
    answered,
    cases,
    comes_from,
    hours,
    merged,
    told_of,
    undone,
)
from tests.services.two_channels import key
from tests.storage.province import NEIGHBOUR, OURS


async def test_a_chat_is_its_communes_again(wide: Province) -> None:
    """A fire that is told in it rings there, and nowhere else."""
    await comes_from(wide, "ba", NEIGHBOUR)
    await undone(wide, await merged(wide))
    await wide.says("ba", "cháy nhà ở thôn 2 rồi cứu với")
    assert await cases(wide) == [("ba_thon_2", "ba_ca_xa")]
    assert any("thôn 2" in text for text in wide.told("ba_ca_dung"))
    assert not any("thôn 2" in text for text in wide.told("ca_dung"))


async def test_who_came_by_the_old_page_meanwhile_is_its_own(wide: Province) -> None:
    """Who came by the other one stays there."""
    number = await merged(wide)
    await comes_from(wide, "a", OURS)
    await comes_from(wide, "b", NEIGHBOUR)
    await undone(wide, number)
    async with wide.store.work() as work:
        chats = [await people.chat(work, key(work, who)) for who in "ab"]
        assert [homes.area_of(work, chat) for chat in chats] == [OURS, NEIGHBOUR]


async def test_an_answered_case_is_its_communes_again(wide: Province) -> None:
    """Reopened it is told there: the other commune's chair has nothing to do with it."""
    code = await answered(wide)
    number = await merged(wide)
    assert await wide.has(code) == "kt_xa"
    await undone(wide, number)
    assert await wide.has(code) == "ba_kt_xa"
    await wide.does("ba", "reopen", code, reason="đèn lại hỏng")
    await hours(wide, 24)
    assert "supervisor" not in await wide.relations("chu_tich", code)
    assert "officer" in await wide.relations("ba_kt_son", code)
    assert any("mở lại" in text for text in told_of(wide, "ba_kt_truong", code))
    assert not any("mở lại" in text for text in told_of(wide, "chu_tich", code))


async def test_what_was_begun_since_stays(wide: Province) -> None:
    """In a hamlet that goes back, too: who has it works on, and nobody of the other commune is concerned."""
    number = await merged(wide)
    code = await wide.open("cống thôn Hạ tắc mấy hôm rồi, mưa là ngập đường", who="c")
    async with wide.at(code) as (_, case):
        case.area = "ba_thon_ha"
    await wide.does("kt_tuan", "accept", code)
    await undone(wide, number)
    assert await cases(wide) == [(OURS, "kt_xa")]
    assert "officer" in await wide.relations("kt_tuan", code)
    assert "officer" not in await wide.relations("ba_kt_son", code)
    await wide.does("kt_tuan", "answer", code, answer="Đã nạo vét cống sáng nay, ngày 2/12 tại đầu thôn.")


async def test_a_bar_is_its_communes_again(wide: Province) -> None:
    """While they are one it holds in all of it."""
    code = await wide.open("cống thôn 1 tắc mấy hôm rồi", area=NEIGHBOUR, who="b1")
    await wide.does("ba_chu_tich", "bar", code, days=60, reason="quấy rối nhiều lần")

    async def barred() -> list[str]:
        async with wide.store.work() as work:
            chat = await people.chat(work, key(work, "b1"))
            return [area for area in (OURS, NEIGHBOUR) if barring.last_day(work, chat, area)]

    assert await barred() == [NEIGHBOUR]
    number = await merged(wide)
    assert await barred() == [OURS, NEIGHBOUR]
    await undone(wide, number)
    assert await barred() == [NEIGHBOUR]


async def test_a_bar_of_the_old_commune_is_lifted_in_the_merged_one(wide: Province) -> None:
    """By whoever is in charge there now."""
    code = await wide.open("cống thôn 1 tắc mấy hôm rồi", area=NEIGHBOUR, who="b1")
    await wide.does("ba_chu_tich", "bar", code, days=60, reason="quấy rối nhiều lần")
    await merged(wide)
    await wide.does("chu_tich", "unbar", code)
    async with wide.store.work() as work:
        assert not (await people.chat(work, key(work, "b1"))).bars


async def test_a_message_to_the_old_commune_reaches_its_own(wide: Province) -> None:
    """It waits over the merger and is let go by a chief of the merged one; undone, the count is as before."""
    await wide.open(LAMP, area=NEIGHBOUR, who="ba")
    await wide.open(LAMP, who="dan")
    async with wide.store.work() as work:
        chief = await people.chat(work, key(work, "ba_chu_tich"))
        sent = await broadcasts.propose(work, chief, NEIGHBOUR, "Mai cắt điện toàn xã từ 8h")
        number, count = sent.id, sent.recipients
    done = await merged(wide)
    async with wide.store.work() as work:
        assert ((await broadcasts.reach(work, NEIGHBOUR)).count, count) == (1, 1)
        await broadcasts.approve(work, await people.chat(work, key(work, "chu_tich")), number)
    await hours(wide, 24)
    assert told_of(wide, "ba", "Mai cắt điện")
    assert not told_of(wide, "dan", "Mai cắt điện")
    await undone(wide, done)
    async with wide.store.work() as work:
        assert (await broadcasts.reach(work, NEIGHBOUR)).count == 1
