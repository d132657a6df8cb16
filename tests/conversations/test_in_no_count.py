"""No count, list or search of whom a case speaks is other than it was before: a gap would tell of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.stories import parse
from services.standing import reach
from storage.cases import answers, moves, workload
from storage.ground.tables import Case
from storage.office import documents
from storage.people import people
from tests.conversations.player import Player

HAMLETS = ("thôn 1", "thôn 2", "thôn 3", "thôn 4", "xóm Đình", "xóm Chùa", "thôn Bến Đò", "thôn Tân Phúc")
LOOKS = ("bao cao", "viec", "quahan", "tim nhận", "tim vườn", "tim thôn 3", "nhac", "duyet", "1a")
HIDDEN = (
    "chủ tịch xã Hoàng Đức Thịnh nhận tiền hối lộ của công ty cát ở thôn 3",
    "cháy nhà ở thôn 3, thằng Thịnh đốt",
)


async def begin(player: Player, *who: str) -> None:
    """Begin on a Monday, with these among the others."""
    written = "\n".join(["# x", "@ thứ Hai 16/11/2026 09:00", *(f"{name}: x" for name in who)])
    await player._prepare(parse(written), written)


async def say(player: Player, line: str) -> str:
    """Say something; returns what its speaker is told, the labels of buttons with it."""
    who, _, words = line.partition(": ")
    said = len(player.paper.told)
    await player.say(who, {"text": words}, silent=True)
    told = [one.message for one in player.paper.told[said:] if one.address == who]
    return "\n".join(f"{one.text} {[choice.label for choice in one.choices]}" for one in told)


async def newest(player: Player) -> str:
    """Return the code of the newest case."""
    async with player.store.read() as work:
        code = await work.session.scalar(select(Case.code).order_by(Case.opened_at.desc()))
    assert code is not None
    return code


@pytest.mark.parametrize("story", HIDDEN)
async def test_whom_a_case_speaks_of_finds_no_gap(player: Player, story: str) -> None:
    """Neither for a case that is kept close nor for one that is open to others; also where a list is cut."""
    await begin(player, "citizen")
    for number in range(11):
        told = f"hàng xóm nhận vơ ranh đất vườn nhà tôi, xin xã đo lại ở {HAMLETS[number % len(HAMLETS)]}"
        await say(player, f"ban{number}: {told}")
        await say(player, f"ban{number}: gui")
    before = [await say(player, f"head: {look}") for look in LOOKS]
    there = await newest(player)
    await say(player, f"citizen: {story}")
    await say(player, "citizen: 1")
    assert await newest(player) != there
    assert [await say(player, f"head: {look}") for look in LOOKS] == before


async def test_a_case_that_is_open_to_others_counts_for_who_reads_it(player: Player) -> None:
    """Who has it, and whom it does not speak of, have it in every count; whom it speaks of in none."""
    await begin(player, "citizen", "neighbour")
    await say(player, "citizen: cháy nhà ở thôn 3, thằng Thịnh đốt")
    code = await newest(player)
    await say(player, f"police: nhan {code}")
    await say(player, "neighbour: cháy đống rác ở thôn 4")
    other = await newest(player)
    assert code != other
    assert "Hồ Tiến Dũng (đang có 0 việc)" in await say(player, f"head: giao {other}")
    assert "Công an xã: 1 việc" in await say(player, "head: bao cao")
    assert "Hồ Tiến Dũng (đang có 1 việc)" in await say(player, f"party: giao {other}")
    assert "Công an xã: 2 việc" in await say(player, "party: bao cao")
    assert code in await say(player, "police: viec")


async def test_a_stand_in_hears_of_no_case_that_speaks_of_them(player: Player) -> None:
    """How many somebody has in hand who goes away."""
    await begin(player, "citizen")
    await say(player, "citizen: cháy nhà ở thôn 3, thằng Tuân đốt")
    await say(player, f"police: nhan {await newest(player)}")
    said = len(player.paper.told)
    for words in ("nghi 17/11", "Tuân", "1"):
        last = await say(player, f"police: {words}")
    assert "1 hồ sơ đang làm" in last
    told = [one.message.text for one in player.paper.told[said:] if one.address == "officer"]
    assert any("(0 hồ sơ)" in text for text in told)


@pytest.mark.parametrize("wall", ["excluded", "excluded_people", "confidential", "sealed"])
async def test_what_is_kept_from_anybody_is_in_no_count_of_the_database(player: Player, wall: str) -> None:
    """Loads, suggested units, what an order would touch, earlier answers, words a list is tried on."""
    await begin(player, "citizen")
    for words in ("cống thôn 3 tắc mấy hôm rồi, mưa là ngập", "1"):
        await say(player, f"citizen: {words}")
    code = await newest(player)
    await say(player, f"officer: nhan {code}")

    async def counts() -> list[object]:
        async with player.store.read() as work:
            case = (await work.session.scalars(select(Case))).one()
            tuan = await people.person_by_code(work, "kt_tuan")
            assert tuan is not None
            answered = Case(unit_id=case.unit_id, field=case.field, id=tuan.id)
            since = work.now - timedelta(days=9)
            return [
                sum((await workload.of_people(work, [tuan.id])).values()),
                len(await workload.of_units(work, [case.unit_id])),
                len(await workload.units_of_field(work, case.field)),
                (await reach.in_hand(work, [tuan.id], None))[tuan.id],
                await moves.counted(work, case.unit_id),
                await moves.counted_of(work, tuan.id),
                len(await documents.stories(work, since)),
                len(await answers.rated_well(work, answered, since, 1, frozenset())),
            ]

    assert await counts() == [1, 1, 1, 1, 1, 1, 1, 0]
    async with player.store.work() as work:
        case = (await work.session.scalars(select(Case))).one()
        setattr(case, wall, True if wall in {"confidential", "sealed"} else [str(case.unit_id)])
    assert await counts() == [0] * 8
    async with player.store.work() as work:
        case = (await work.session.scalars(select(Case))).one()
        case.state, case.rating, case.answered_at, case.answer = "answered", 5, work.now, "Đã thông cống."
    assert (await counts())[-1] == 0
    async with player.store.work() as work:
        case = (await work.session.scalars(select(Case))).one()
        setattr(case, wall, False if wall in {"confidential", "sealed"} else [])
    assert (await counts())[-1] == 1


async def preview(player: Player) -> str:
    """Return what a chief is shown who would write to a hamlet, who then writes nothing."""
    for words in ("nhan tin thon", "xóm Đình", "Ngày mai bảo dưỡng đường điện từ 8 giờ đến 10 giờ."):
        shown = await say(player, f"head: {words}")
    await say(player, "head: huy")
    return shown


@pytest.mark.parametrize(
    "stories",
    [
        ("chủ tịch xã Hoàng Đức Thịnh nhận tiền hối lộ của công ty cát ở xóm Đình", "1"),
        ("cháy nhà ở xóm Đình, thằng Thịnh đốt",),
        ("bà Phạm Thị Lý đòi tôi năm triệu ở xóm Đình", "1"),
    ],
)
@pytest.mark.parametrize("neighbours", [0, 2])
async def test_no_message_to_a_hamlet_counts_who_speaks_of_somebody(
    player: Player, stories: tuple[str, ...], neighbours: int
) -> None:
    """The preview is what it was before: neither that there is such a case, nor where its sender lives."""
    await begin(player, "citizen")
    for number in range(neighbours):
        for words in ("đèn đường xóm Đình hỏng ba hôm rồi", "1", "1"):
            await say(player, f"ban{number}: {words}")
    before = await preview(player)
    assert ("Chưa có bà con" in before) == (neighbours == 0)
    for words in stories:
        await say(player, f"citizen: {words}")
    assert await preview(player) == before


async def test_no_message_to_a_hamlet_counts_fewer_when_words_close_a_case(player: Player) -> None:
    """Whose case was there for anybody to look up is written to as before."""
    await begin(player, "citizen")
    for words in ("đèn đường xóm Đình hỏng ba hôm rồi", "1", "1"):
        await say(player, f"citizen: {words}")
    before = await preview(player)
    assert "Chưa có bà con" not in before
    await say(player, f"citizen: them {await newest(player)} anh Đỗ Anh Tuân đòi tôi 2 triệu mới chịu sửa")
    async with player.store.read() as work:
        assert (await work.session.scalars(select(Case))).one().confidential
    assert await preview(player) == before
