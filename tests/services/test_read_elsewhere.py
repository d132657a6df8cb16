"""What people elsewhere read of a case: of which commune it is, and what has climbed to them."""

from datetime import timedelta

from tests.services.levels import WHY, Province


async def test_after_a_crossing_the_citizen_reads_of_which_commune_the_unit_is(wide: Province) -> None:
    """Whoever answers or has it now is named with the commune; at home the unit alone is named."""
    code, at_home = await wide.open(), await wide.open(who="khac", story="đèn đường thôn 1 hỏng ba hôm nay")
    await wide.does("chu_tich", "reassign", code, unit_id=await wide.unit("ba_kt_xa"), **WHY)
    await wide.does("ba_kt_son", "accept", code)
    await wide.does("kt_tuan", "accept", at_home)
    assert "Phòng Kinh tế, xã Bình An Mẫu" in wide.told("dan")[-1]
    assert "Phòng Kinh tế" in wide.told("khac")[-1]
    assert "(xã Tân Lập Mẫu)" not in wide.told("khac")[-1]


async def test_a_department_lists_what_has_climbed_to_it(wide: Province) -> None:
    """Late enough it is in their list; before, to another department or its officers, it is in none."""
    code = await wide.open()
    assert code not in await _late(wide, "t_sxd_truong")
    async with wide.at(code) as (_, case):
        late = case.due_at + timedelta(days=12)
    wide.clock.at = late
    assert code in await _late(wide, "t_sxd_truong")
    assert code not in await _late(wide, "t_mt_truong")
    assert code not in await _late(wide, "t_sxd_vinh")


async def _late(wide: Province, who: str) -> str:
    await wide.says(who, "qua han")
    told = [one for one in wide.channels["paper"].told if one.address == who]
    return "".join(choice.label for choice in told[-1].message.choices)
