"""Who stands in hears and may do what the other would, and nothing is lost when they are back."""

from datetime import timedelta

import pytest

from domain.cases import Act, NotAllowed, Relation
from services.acts.act import act
from services.office import absences
from services.standing import parties, reach
from services.standing.parties import Actor
from services.standing.refusals import AwayAlready, StandsAbove
from storage.cases import cases
from storage.ground.work import Work
from storage.people import people
from storage.people.people import Chat, Person
from storage.store.engine import Store, open_store
from tests.conftest import KEYS, StoppedClock
from tests.storage import commune


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it."""
    await commune.settle(store)
    return store


async def person(work: Work, code: str) -> Person:
    """Return an official."""
    found = await people.person_by_code(work, code)
    assert found is not None
    return found


async def chat(work: Work, code: str) -> Chat:
    """Return an official's chat."""
    (found,) = await commune.chats_of(work, [code])
    return found


async def away(store: Store, name: str, stand_in: str, *, by: str = "", first: int = 0, last: int = 2) -> int:
    """Let somebody be away from so many days ahead; returns the open cases they have."""
    async with store.work() as work:
        days = (work.today + timedelta(days=first), work.today + timedelta(days=last))
        who_, other = (await person(work, name)).id, (await person(work, stand_in)).id
        return await absences.begin(work, await chat(work, by or name), who_, other, days)


async def taken(store: Store) -> str:
    """Open a case that the officer takes."""
    (code,) = await commune.open_cases(store, 1)
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        await act(work, case, Act.ACCEPT, Actor.of(await chat(work, "minh")))
    return code


async def test_every_process_sees_who_is_away(desk: Store, clock: StoppedClock) -> None:
    """Another replica hands what comes in to who stands in, and back when the days are over."""
    code = await taken(desk)
    replica = open_store(
        desk.engine.url.render_as_string(hide_password=False), KEYS, desk.files.folder, clock
    )
    assert await away(desk, "minh", "lan") == 1
    for days, name in ((0, "lan"), (2, "lan"), (1, "minh")):
        clock.pass_(days=days)
        async with replica.work() as work:
            case = await cases.by_code(work, code)
            assert case is not None
            expected = await person(work, name)
            assert parties.handling(work, case) == [expected.id]
            assert Relation.OFFICER in parties.relations(work, case, Actor(person_id=expected.id))
            assert case.unit_id in reach.units_of(work, expected.id)
            both = [(await person(work, n)).id for n in ("minh", "lan")]
            has = [parties.has_it(work, case, p) for p in both]
            assert has == [True, name == "lan"]
    await replica.close()


async def test_a_stand_in_of_an_accused_unit_hears_nothing(desk: Store) -> None:
    """Then the case is for those who may have it; the stand-in is nothing to it."""
    code = await taken(desk)
    await away(desk, "minh", "lan")
    async with desk.work() as work:
        case, lan = await cases.by_code(work, code), await person(work, "lan")
        assert case is not None
        (office,) = {h.unit_id for h in work.rules.directory.held_by(lan.id, work.today)}
        case.excluded = [str(office)]
        assert lan.id not in parties.handling(work, case)
        assert parties.handling(work, case)
        assert not parties.relations(work, case, Actor(person_id=lan.id))


async def test_who_lends_their_place_to_the_accused_is_of_them(desk: Store) -> None:
    """An officer who stands in for somebody of the accused unit hears of the case again afterwards."""
    code = await taken(desk)
    await away(desk, "lan", "minh")
    async with desk.work() as work:
        case, minh, lan = (
            await cases.by_code(work, code),
            await person(work, "minh"),
            await person(work, "lan"),
        )
        assert case is not None
        (office,) = {h.unit_id for h in work.rules.directory.held_by(lan.id, work.today)}
        case.excluded = [str(office)]
        assert minh.id not in parties.handling(work, case)
        assert not {Relation.OFFICER} & parties.relations(work, case, Actor(person_id=minh.id))


async def test_what_cannot_be_is_refused(desk: Store) -> None:
    """The same days twice, somebody who is away then, oneself, other units' people."""
    await away(desk, "minh", "lan", first=1, last=3)
    for name, stand_in, by, refusal in (
        ("minh", "lan", "minh", AwayAlready),
        ("minh", "tuan", "minh", StandsAbove),
        ("lan", "ha", "lan", StandsAbove),
        ("minh", "ha", "tuan", StandsAbove),
        ("ha", "tuan", "tuan", NotAllowed),
        ("tuan", "minh", "tuan", AwayAlready),
        ("lan", "lan", "lan", NotAllowed),
        ("tuan", "lan", "minh", NotAllowed),
        ("lan", "minh", "tuan", NotAllowed),
    ):
        with pytest.raises(refusal):
            await away(desk, name, stand_in, by=by, first=2, last=2)
    await away(desk, "minh", "lan", by="tuan", first=4, last=4)  # a chief, for one of their own
    await away(desk, "lan", "tuan", by="ha", first=5, last=5)  # the head, for anybody


async def test_back_sooner(desk: Store, clock: StoppedClock) -> None:
    """The days that were stay as they were; from today everything is theirs again."""
    code = await taken(desk)
    await away(desk, "minh", "lan", last=9)
    clock.pass_(days=2)
    async with desk.work() as work:
        ended = await absences.end(work, await chat(work, "minh"))
        assert ended is not None
        minh, case = await person(work, "minh"), await cases.by_code(work, code)
        assert case is not None
        assert parties.handling(work, case) == [minh.id]
        assert work.rules.directory.present(minh.id, work.today - timedelta(days=1)) != minh.id
        assert await absences.end(work, await chat(work, "minh")) is None


async def test_the_morning_says_who_is_back(desk: Store, clock: StoppedClock) -> None:
    """Who stands in hears it on the first day, who was away on the first day after; each once."""
    await away(desk, "minh", "lan", first=1, last=2)
    heard = []
    for _ in range(6):
        since = clock.at
        clock.pass_(days=1)
        async with desk.read() as work:
            names = {(await person(work, name)).id: name for name in ("minh", "lan")}
            news = await absences.news(work, since)
            heard.append([(names[who_], key) for who_, said in news.items() if who_ for key, _ in said])
    assert heard == [[("lan", "away.begins")], [], [("minh", "away.back")], [], [], []]
