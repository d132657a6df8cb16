"""A delay at the province climbs to its own heads, and to nobody of a commune."""

from datetime import timedelta

from domain.alarms import Level
from scheduler.clock import tick
from services.standing import climbing, crossing, parties, posts, superiors
from storage.people import people, reached
from tests.services.levels import WHY, Province
from tests.services.two_channels import key
from tests.storage.commune import work_off
from tests.storage.province import PROVINCE


async def test_at_the_province_its_own_chiefs_and_heads_answer(wide: Province) -> None:
    """No head of a commune stands above the province."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        up = str(crossing.unit_in(work, case, PROVINCE).id)
    await wide.does("chu_tich", "reassign", code, unit_id=up, **WHY)
    async with wide.at(code) as (work, case):
        await reached.load(work)
        names = work.desk.directory.names
        heads = {names[one] for one in superiors.at_level(work, case, Level.HEADS)}
        assert heads == {"Lương Quang Hiển"}
        assert superiors.at_level(work, case, Level.PROVINCE) == []
        on_duty, day = parties.on_duty(work, case), work.today
        assert {seat for one in on_duty for seat in work.desk.directory.seats_of(one, day)} == {PROVINCE}


async def test_what_is_kept_close_climbs_to_no_department(wide: Province) -> None:
    """However late it is: those who head the commune and the province hear of it alone."""
    code = await wide.open()
    async with wide.at(code) as (work, case):
        chief = (await people.chat(work, key(work, "t_sxd_truong"))).person_id
        (holding,) = work.desk.directory.held_by(chief, work.today)
        assert not climbing.has_come_to(work, case, holding)
        case.due_on = work.today - timedelta(days=30)
        assert climbing.has_come_to(work, case, holding)
        assert [chief] in [post.people for post in posts.heads(work, case)]
        case.confidential = True
        assert [chief] not in [post.people for post in posts.heads(work, case)]
        assert not climbing.has_come_to(work, case, holding)


async def test_the_province_reads_why_it_hears_of_a_commune_s_case(wide: Province) -> None:
    """Whoever leads its unit of the field never had the case: it is late, and so it came to them."""
    code = await wide.open()
    for _ in range(14):
        wide.clock.pass_(days=1)
        await tick(wide.store)
        await work_off(wide.desk)
    told = [text for text in wide.told("t_sxd_truong") if code in text and "Quá hạn" in text]
    assert told
    assert "báo lên tỉnh" in told[0]
    own = [text for text in wide.told("chu_tich") if code in text and "🔴 Quá hạn" in text]
    assert own
    assert not any("báo lên tỉnh" in text for text in own)
