"""After a merger people go on saying where they are as they always have: by their commune's old name."""

import pytest

from storage.people import people
from tests.services.levels import Province
from tests.services.mergers import cases, comes_from, merged, third
from tests.services.two_channels import key
from tests.storage.province import NEIGHBOUR, OURS

FIRE = "cháy nhà ở thôn 2 rồi cứu với"
DRAIN = "cống tắc mấy hôm rồi, mưa là ngập đường ở "


async def test_two_fires_in_two_hamlets_of_one_name_are_two(wide: Province) -> None:
    """Each is where whoever tells of it was known to be before the merger."""
    await comes_from(wide, "a", OURS)
    await comes_from(wide, "b", NEIGHBOUR)
    await merged(wide)
    for who in "ab":
        await wide.says(who, FIRE)
    assert await cases(wide) == [("thon_2", "ca_xa"), ("ba_thon_2", "ca_xa")]


async def test_nobody_knows_in_which_of_both_it_burns(wide: Province) -> None:
    """Who came after the merger says it of neither: two alarms, at no hamlet, and none is the other's."""
    await comes_from(wide, "b", NEIGHBOUR)
    await merged(wide)
    for who in "cdb":
        await wide.says(who, f"x{OURS}" if who == "c" else "huy")
        await wide.says(who, FIRE)
    assert [area for area, _ in await cases(wide)] == [OURS, OURS, "ba_thon_2"]


async def test_one_fire_of_one_hamlet_is_one(wide: Province) -> None:
    """Two of the old commune tell of the same: by its name, or because they are known to be from there."""
    await comes_from(wide, "b", NEIGHBOUR)
    await merged(wide)
    await wide.says("b", FIRE)
    await wide.says("c", "cháy nhà ở thôn 2 xã Bình An Mẫu rồi cứu với")
    assert await cases(wide) == [("ba_thon_2", "ca_xa")]


@pytest.mark.parametrize("wider", [False, True])
@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("thôn 1 xã Bình An Mẫu", "ba_thon_1"),
        ("thôn 1 Bình An Mẫu", "ba_thon_1"),
        ("thon 1 xa binh an mau", "ba_thon_1"),
        ("thôn 1 (Bình An Mẫu cũ)", "ba_thon_1"),
        ("thôn 1 xã Tân Lập Mẫu cũ", "thon_1"),
        ("thôn Hạ xã Bình An Mẫu", "ba_thon_ha"),
        ("thôn 3 xã Tân Lập Mẫu", "thon_3"),
    ],
)
async def test_the_old_name_leads_to_its_own_hamlet(
    wide: Province, words: str, area: str, *, wider: bool
) -> None:
    """Never to a namesake of another province, nor to the hamlet of the same name."""
    if wider:
        await third(wide)
    await merged(wide)
    await comes_from(wide, "a", OURS)
    told = [await wide.says("a", f"{DRAIN}{words}"), await wide.says("a", "gui")]
    assert not any("Tuyên Quang" in text for text in told)
    assert await cases(wide) == [(area, "kt_xa")], told


async def test_of_a_name_that_two_hamlets_have_it_is_asked_which(wide: Province) -> None:
    """Each by its old commune; the one that is chosen is where it goes."""
    await merged(wide)
    await comes_from(wide, "a", OURS)
    await wide.says("a", f"{DRAIN}thôn 1")
    shown = [choice.label for choice in wide.channels["paper"].told[-1].message.choices]
    number = next(at for at, label in enumerate(shown, 1) if "thôn 1 (Bình An Mẫu cũ)" in label)
    assert any("thôn 1 (Tân Lập Mẫu cũ)" in label for label in shown)
    await wide.says("a", str(number))
    await wide.says("a", "gui")
    assert await cases(wide) == [("ba_thon_1", "kt_xa")]


@pytest.mark.parametrize("wider", [False, True])
async def test_the_old_page_says_from_where_somebody_is(wide: Province, *, wider: bool) -> None:
    """A printed code of the old commune leads to the merged one, and to its own hamlets there."""
    if wider:
        await third(wide)
    await merged(wide)
    await comes_from(wide, "a", NEIGHBOUR)
    await wide.says("a", f"{DRAIN}thôn 1")
    await wide.says("a", "gui")
    assert await cases(wide) == [("ba_thon_1", "kt_xa")]
    async with wide.store.work() as work:
        assert (await people.chat(work, key(work, "a"))).commune == NEIGHBOUR


async def test_hamlets_of_one_name_are_called_by_their_old_communes(wide: Province) -> None:
    """Those alone, and no more once one of them is called otherwise."""
    await merged(wide)
    async with wide.store.read() as work:
        names = {hamlet.code: hamlet.name for hamlet in work.desk.directory.hamlets}
    assert names["thon_2"] == "thôn 2 (Tân Lập Mẫu cũ)"
    assert names["ba_thon_2"] == "thôn 2 (Bình An Mẫu cũ)"
    assert (names["thon_3"], names["ba_thon_ha"]) == ("thôn 3", "thôn Hạ")


@pytest.mark.parametrize("wider", [False, True])
async def test_the_number_to_call_is_the_communes(wide: Province, *, wider: bool) -> None:
    """Not that of the province's office, though the desk has one commune left."""
    if wider:
        await third(wide)
    await comes_from(wide, "b", NEIGHBOUR)
    await merged(wide)
    await comes_from(wide, "c", OURS)
    for who in "bc":
        told = await wide.says(who, "cháy nhà ở thôn Hạ rồi cứu với")
        assert "0200 000 0113" in told
        assert "0200 000 0100" not in told
    async with wide.store.read() as work:
        for rules in (work.desk.part(OURS), work.desk.part(NEIGHBOUR)):
            unit = rules.directory.hotline(work.today)
            assert unit is not None
            assert unit.area == OURS
