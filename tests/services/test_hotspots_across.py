"""Hot spots in a desk of many communes: each is its own commune's, a storm is the province's, and one."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from bench import province as invented
from domain import overlays
from domain.cases import NotAllowed
from services.clock import hotspots as clock_hotspots
from services.office import directory, hotspots, rulebook
from storage.cases import hotspots as stored
from storage.cases.hotspots import Telling
from storage.ground.tables import HotSpot, Outbox
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat
from storage.store.engine import Store
from tests.services.levels import Province
from tests.services.two_channels import key
from tests.storage.commune import found, rows
from tests.storage.province import NEIGHBOUR, OURS, PROVINCE


async def crowd(wide: Province, area: str, number: int) -> list[str]:
    """Let so many people of a commune tell of its drains. Returns the codes of their cases."""
    return [await wide.open(area=area, who=f"{area} {n}") for n in range(number)]


async def look(wide: Province, **rules: int) -> None:
    """Let the desk look, by rules of which some are others."""
    async with wide.store.work() as work:
        usual = work.desk.hotspots
        object.__setattr__(work.desk, "hotspots", replace(usual, **rules))
        try:
            await clock_hotspots.look(work)
        finally:  # the rules are shared with other tests
            object.__setattr__(work.desk, "hotspots", usual)


async def told(wide: Province) -> dict[str, str]:
    """Return what officials were told of hot spots, by their codes."""
    async with wide.store.read() as work:
        codes = {key(work, str(person.code)): str(person.code) for person in await every(work)}
    posts = await found(wide.store, select(Outbox).where(Outbox.key.startswith("hotspot.")))
    return {codes[post.lane]: str(post.body["text"]) for post in posts}


async def every(work: Work) -> list[people.Person]:
    """Return all officials."""
    people_of = select(people.Person).where(people.Person.code.is_not(None))
    return list(await work.session.scalars(people_of))


async def chat(work: Work, who: str) -> Chat:
    """Return an official's chat."""
    return await people.chat(work, key(work, who))


async def test_a_crowd_is_of_its_commune_alone(wide: Province) -> None:
    """Its chief is told; people of the neighbour neither are, nor may they do anything to it."""
    await crowd(wide, NEIGHBOUR, 6)
    await look(wide)
    heard = await told(wide)
    assert list(heard) == ["ba_kt_truong"]
    assert "xã Bình An Mẫu" in heard["ba_kt_truong"]
    (spot,) = await rows(wide.store, HotSpot)
    async with wide.store.work() as work:
        for stranger in ("kt_truong", "chu_tich", "hcc_giam_doc"):
            with pytest.raises(NotAllowed):
                await hotspots.take(work, await chat(work, stranger), spot.id)
            assert await hotspots.of_person(work, await chat(work, stranger)) == []
        for who in ("ba_kt_truong", "ba_chu_tich", "t_chanh"):
            assert [one.id for one in await hotspots.of_person(work, await chat(work, who))] == [spot.id], who


async def test_a_storm_is_told_once_and_above(wide: Province) -> None:
    """Hot in two communes, where two are a storm: the province's chief of that field is told, nobody else."""
    codes = [*await crowd(wide, OURS, 6), *await crowd(wide, NEIGHBOUR, 7)]
    await look(wide, surge=2)
    await look(wide, surge=2)
    (spot,) = await rows(wide.store, HotSpot)
    assert (spot.area, spot.people) == (PROVINCE, 13)
    ((who, text),) = (await told(wide)).items()
    assert who.startswith("t_")
    assert "tỉnh Mẫu" in text
    assert "13 người" in text
    assert "xã Bình An Mẫu (7)" in text
    assert not any(code in text for code in codes)  # cases of communes that have not come to them
    assert "“" not in text


async def test_numbers_that_tell_who_are_not_said_to_who_reads_no_case(wide: Province) -> None:
    """Of a storm each commune is named, and fewer than the office's few only as such."""
    await crowd(wide, OURS, 6)
    await crowd(wide, NEIGHBOUR, 6)
    await look(wide, surge=2, few=7)
    (text,) = (await told(wide)).values()
    assert "xã Bình An Mẫu (dưới 7)" in text
    assert "(6)" not in text


async def test_a_commune_that_the_province_was_told_of_is_quiet(wide: Province) -> None:
    """What stays hot there when the storm is over elsewhere is no news; more than half as many are, above."""
    await crowd(wide, OURS, 6)
    await crowd(wide, NEIGHBOUR, 6)
    await look(wide, surge=2)
    await look(wide, surge=3)
    assert len(await rows(wide.store, HotSpot)) == 1


@pytest.mark.parametrize(("communes", "wanted"), [(4, 4), (6, 1)])
async def test_many_communes_at_once_are_one_by_the_packaged_rules(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, communes: int, wanted: int
) -> None:
    """Of a province of six four are four alerts, six are one: people of all of them are counted together."""
    async with sqlite_store.work() as work:
        await directory.seed(work, *invented.seed(6))

    async def tellings(work: Work, *_: object) -> list[Telling]:
        return [
            Telling(uuid7(), invented.code(commune), "thoat_nuoc", f"{commune}.{n}", work.now)
            for commune in range(communes)
            for n in range(8)
        ]

    async def begun(work: Work) -> dict[str, datetime]:
        return {invented.code(commune): work.now - timedelta(days=90) for commune in range(communes)}

    monkeypatch.setattr(stored, "tellings", tellings)
    monkeypatch.setattr(stored, "begun", begun)
    for _ in range(2):
        async with sqlite_store.work() as work:
            await clock_hotspots.look(work)
    spots = await rows(sqlite_store, HotSpot)
    assert len(spots) == wanted
    assert sum(spot.people for spot in spots) == communes * 8


async def test_a_commune_has_rules_of_its_own(wide: Province) -> None:
    """Where its office document asks for more people it is told later; the neighbour is as before."""
    async with wide.store.work() as work:
        whole = await rulebook.current(work, overlays.named("office", OURS))
        own = {**whole, "hotspots": {**whole["hotspots"], "people": 9}}
        await rulebook.put(work, overlays.named("office", OURS), own, "đông hơn")
    await crowd(wide, OURS, 6)
    await crowd(wide, NEIGHBOUR, 6)
    await look(wide)
    assert [spot.area for spot in await rows(wide.store, HotSpot)] == [NEIGHBOUR]
