"""A province whose communes are merged or split on a day, and what follows: what tests of that share."""

from datetime import UTC, datetime

from sqlalchemy import select

from scheduler.clock import tick
from services.office import directory, office, orders
from storage.ground.tables import Case
from storage.people import people
from tests.services.levels import Province
from tests.storage.commune import chat_of, work_off
from tests.storage.province import NEIGHBOUR, OURS

THE_DAY = datetime(2026, 11, 30, 17, 0, 1, tzinfo=UTC)  # a second after midnight there
MERGE = {"do": "merge_commune", "unit": NEIGHBOUR, "into": OURS, "on": "2026-12-01"}
LAMP = "đèn đường hỏng mấy hôm nay tối om"
DONE = "Đã thay bóng đèn sáng nay, ngày 16/11 tại đầu đường xã."
THIRD = """
areas:
  - {code: minh_tan, name: xã Minh Tân, kind: commune, parent: tinh_mau, from: 2025-12-01, prefix: MT}
  - {code: mt_thon_9, name: thôn 9, kind: hamlet, parent: minh_tan, from: 2025-12-01}
units:
  - {code: mt_ct, type: ct_xa, name: Chủ tịch UBND xã, area: minh_tan, parent: vp_tinh, from: 2025-12-01}
  - {code: mt_vp, type: vp_xa, name: Văn phòng Minh Tân, area: minh_tan, parent: mt_ct, from: 2025-12-01}
  - {code: mt_kt, type: kt_xa, name: Phòng Kinh tế Minh Tân, area: minh_tan, parent: mt_ct, from: 2025-12-01}
people:
  - {code: mt_an, name: Trương Thế An, roles: [{role: officer, unit: mt_kt, from: 2025-12-01}]}
  - {code: mt_ha, name: Ngô Thị Hạ, roles: [{role: head, unit: mt_ct, from: 2025-12-01}]}
"""


async def third(wide: Province) -> None:
    """Seed a third commune: the desk stays one of many after a merger."""
    async with wide.store.work() as work:
        await directory.seed(work, THIRD.encode(), "third.yaml")
    async with wide.store.work() as work:
        for code in ("mt_an", "mt_ha"):
            person = await people.person_by_code(work, code)
            assert person is not None
            chat_of(work, code).person_id = person.id


async def order(wide: Province, **what: object) -> int:
    """Carry out an order of the command line; returns the change's number."""
    async with wide.store.work() as work:
        _, change = await orders.carry_out(work, what, None)
        number = change.number
    await work_off(wide.desk)
    return number


async def hours(wide: Province, many: int, step: int = 6) -> None:
    """Let time pass, and all that comes due be done."""
    for _ in range(many // step):
        wide.clock.pass_(hours=step)
        while await tick(wide.store):
            pass
        await work_off(wide.desk)


async def the_day_comes(wide: Province) -> None:
    """Let the first of December come, and its first day pass."""
    wide.clock.at = THE_DAY
    await hours(wide, 24)


async def merged(wide: Province) -> int:
    """Merge the neighbour into ours on the day; returns the change's number."""
    number = await order(wide, **MERGE)
    await the_day_comes(wide)
    return number


async def undone(wide: Province, number: int) -> None:
    """Undo a change, and let all that follows be sent."""
    async with wide.store.work() as work:
        await office.undo(work, number)
    await work_off(wide.desk)


async def cases(wide: Province) -> list[tuple[str, str]]:
    """Return the area and the unit of each case, in the order in which they were opened."""
    async with wide.store.read() as work:
        found = await work.session.scalars(select(Case).order_by(Case.opened_at, Case.id))
        return [(case.area, work.desk.directory.unit(case.unit_id).code) for case in found]


async def answered(wide: Province, by: str = "ba_kt_son", **more: str) -> str:
    """Let a case of the neighbour be answered; returns its code."""
    told = {"story": LAMP, "area": NEIGHBOUR, "who": "ba"} | more
    code = await wide.open(**told)
    await wide.does(by, "accept", code)
    await wide.does(by, "answer", code, answer=DONE)
    return code


async def comes_from(wide: Province, who: str, page: str) -> None:
    """Let somebody come by the page of a commune, and tell nothing yet."""
    await wide.says(who, f"x{page}")
    await wide.says(who, "huy")


def told_of(wide: Province, who: str, words: str) -> list[str]:
    """Return what somebody was told that holds these words."""
    return [text for text in wide.told(who) if words in text]
