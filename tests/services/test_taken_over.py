"""A case answered before a merger or a split is of the unit that took over, and so is what comes of it."""

from datetime import UTC, datetime

import pytest

from services.office.order_checks import CannotOrder
from tests.services.levels import Province
from tests.services.mergers import (
    MERGE,
    answered,
    hours,
    merged,
    order,
    the_day_comes,
    third,
    told_of,
    undone,
)
from tests.storage.province import NEIGHBOUR, OURS


async def reopened(wide: Province, code: str, who: str = "ba") -> None:
    """Let its sender have a case reopened, and half a day pass."""
    await wide.does(who, "reopen", code, reason="đèn lại hỏng")
    await hours(wide, 12)


async def test_after_a_merger_of_communes(wide: Province) -> None:
    """Who answered it works on it in the new unit; the chiefs there hear that it is open again."""
    code = await answered(wide)
    await merged(wide)
    await reopened(wide, code)
    assert await wide.has(code) == "kt_xa"
    for who in ("ba_kt_son", "kt_tuan"):
        assert "officer" in await wide.relations(who, code)
    assert any("mở lại" in text for text in told_of(wide, "kt_truong", code))
    await wide.does("kt_tuan", "accept", code)


async def test_after_a_merger_of_units(wide: Province) -> None:
    """The same within a commune, and back where it is undone."""
    code = await answered(wide)
    number = await order(wide, do="merge", unit="ba_kt_xa", into="ba_vhxh_xa", on="2026-11-17", carry=True)
    await hours(wide, 24)
    await reopened(wide, code)
    assert await wide.has(code) == "ba_vhxh_xa"
    for who in ("ba_kt_son", "ba_vhxh_nhung"):
        assert "officer" in await wide.relations(who, code)
    await undone(wide, number)
    assert await wide.has(code) == "ba_kt_xa"


async def test_after_a_split(wide: Province) -> None:
    """It went over with its hamlet; who answered it is nobody to it."""
    await third(wide)
    code = await answered(wide, "kt_tuan", story="đèn đường thôn 3 hỏng", area=OURS, who="d3")
    await order(wide, do="move_area", area="thon_3", into="minh_tan", on="2026-12-01")
    await the_day_comes(wide)
    await reopened(wide, code, "d3")
    assert await wide.has(code) == "mt_kt"
    assert "officer" in await wide.relations("mt_an", code)
    assert "officer" not in await wide.relations("kt_tuan", code)
    assert told_of(wide, "mt_an", code) + told_of(wide, "mt_ha", code)


async def test_one_that_accuses_who_takes_over_is_not_theirs(wide: Province) -> None:
    """Nor while it is answered: its reader is whoever such a case would go to."""
    code = await wide.open("ông Đàm Văn Phú nhận hối lộ của dân thôn 1 10 triệu", area=NEIGHBOUR, who="ba")
    await wide.does("ba_chu_tich", "accept", code)
    await wide.does("ba_chu_tich", "answer", code, answer="Đã kiểm tra và xử lý, ngày 16/11 tại trụ sở xã.")
    await merged(wide)
    await reopened(wide, code)
    assert await wide.has(code) == "ct_xa"
    for who in ("ba_kt_truong", "kt_truong", "kt_tuan"):
        assert not await wide.relations(who, code) & {"officer", "supervisor"}
    assert "supervisor" in await wide.relations("chu_tich", code)


async def test_a_mark_comes_to_who_answered(wide: Province) -> None:
    """Given after the merger it is told as before it; old answers that nobody can reopen are left alone."""
    code, old = await answered(wide), await answered(wide, who="bb")
    async with wide.at(old) as (_, case):
        case.answered_at = datetime(2026, 8, 1, tzinfo=UTC)
    await order(wide, **{**MERGE, "on": "2026-11-18"})
    await hours(wide, 48, 24)
    await wide.does("ba", "rate", code, rating=2)
    assert any("2" in text for text in told_of(wide, "ba_kt_son", code)[-1:])
    assert (await wide.has(code), await wide.has(old)) == ("kt_xa", "ba_kt_xa")


async def test_a_hamlet_does_not_come_where_its_name_is_taken(wide: Province) -> None:
    """One of the two is renamed first."""
    with pytest.raises(CannotOrder, match="name_taken"):
        await order(wide, do="move_area", area="ba_thon_1", into=OURS, on="2026-12-01")
    await order(wide, do="rename_area", area="ba_thon_1", name="thôn Đông")
    await order(wide, do="move_area", area="ba_thon_1", into=OURS, on="2026-12-01")
