"""Hot spots on the desk: who counts, who is told, and for how long it is quiet then."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from domain.cases import Act, NotAllowed
from scheduler.clock import begin, tick
from services.acts.act import act
from services.acts.following import Follow
from services.clock import hotspots as clock_hotspots
from services.intake import new_cases
from services.intake.new_cases import Draft
from services.office import hotspots
from services.standing.parties import Actor
from services.standing.refusals import HotSpotDecided
from storage.cases import cases
from storage.ground.tables import Case, Chat, HotSpot, Outbox
from storage.ground.work import Work
from storage.people import linked
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune
from tests.storage.commune import STORY, found, rows

ELEVEN = 11


@pytest.fixture
async def desk(store: Store) -> Store:
    """Open a database with a commune in it."""
    await commune.settle(store)
    return store


async def tell(store: Store, names: list[str], story: str = STORY, **more: Any) -> list[str]:  # noqa: ANN401
    """Let each of these people tell something. Returns the codes of their cases."""
    async with store.work() as work:
        heard = work.rules.understanding.read(story)
        draft = Draft(heard, "thôn 3", heard.topic, **more)
        chats = await commune.chats_of(work, names)
        return [(await new_cases.open_case(work, chat, draft)).code for chat in chats]


def people_named(number: int, first: int = 0) -> list[str]:
    """Return so many names."""
    return [f"hộ {n}" for n in range(first, first + number)]


async def look(store: Store) -> None:
    """Let the desk look."""
    async with store.work() as work:
        await clock_hotspots.look(work)


async def told(store: Store, who: str = "tuan") -> list[str]:
    """Return what an official was told of hot spots, oldest first."""
    async with store.read() as work:
        (chat,) = await commune.chats_of(work, [who])
        key = chat.key
    posts = select(Outbox).where(Outbox.lane == key, Outbox.key.startswith("hotspot."))
    return [str(one.body["text"]) for one in await found(store, posts.order_by(Outbox.seq))]


async def official(work: Work, name: str) -> Chat:
    """Return an official's chat."""
    (chat,) = await commune.chats_of(work, [name])
    return chat


async def the_spot(store: Store) -> HotSpot:
    """Return the only hot spot there is."""
    (spot,) = await rows(store, HotSpot)
    return spot


# --- who is told ---------------------------------------------------------------------------------


async def test_eleven_households_are_told_once(desk: Store) -> None:
    """The chief of the unit reads field, place, people, days, words and codes; looked at again, nothing."""
    codes = await tell(desk, people_named(ELEVEN))
    await look(desk)
    await look(desk)
    (text,) = await told(desk)
    assert "Thoát nước" in text
    assert "xã Hòa Bình" in text
    assert "11 người trong 3 ngày" in text
    assert "thôn 3 (11)" in text
    assert "ngập" in text
    assert sum(code in text for code in codes) == 8
    assert "3 hồ sơ khác" in text
    for other in ("ha", "minh", "lan"):
        assert await told(desk, other) == []


async def test_the_clock_looks_by_itself(desk: Store, clock: StoppedClock) -> None:
    """At its hours, and from then on at each; what is told at night waits for the morning."""
    await begin(desk)
    await tell(desk, people_named(ELEVEN))
    await tick(desk)
    assert await told(desk) == []
    clock.pass_(hours=8)
    await tick(desk)
    assert len(await told(desk)) == 1
    clock.pass_(days=2)
    await tick(desk)
    assert len(await told(desk)) == 1


async def test_who_is_absent_is_passed_over(desk: Store) -> None:
    """Where the unit's chief has no chat, whoever stands above is told."""
    async with desk.work() as work:
        (await official(work, "tuan")).person_id = None
    await tell(desk, people_named(ELEVEN))
    await look(desk)
    assert len(await told(desk, "ha")) == 1


async def test_where_nobody_can_be_told_nothing_breaks(desk: Store) -> None:
    """It is kept for whoever comes to be in charge: it stands in their list."""
    async with desk.work() as work:
        for name in commune.OFFICIALS:
            (await official(work, name)).person_id = None
    await tell(desk, people_named(ELEVEN))
    await look(desk)
    assert (await the_spot(desk)).state == "told"


# --- who counts ----------------------------------------------------------------------------------


async def test_one_person_is_one_however_much_they_tell(desk: Store) -> None:
    """Eleven cases of one person, in two chats that are tied, are no crowd."""
    async with desk.work() as work:
        one, other = await commune.chats_of(work, ["an", "an khác"])
        await work.session.flush()
        assert await linked.tie(work, other, one)
    for _ in range(ELEVEN):
        await tell(desk, ["an", "an khác"])
    await tell(desk, people_named(4))
    await look(desk)
    assert await rows(desk, HotSpot) == []


async def test_who_follows_counts_and_who_is_kin_does_not(desk: Store) -> None:
    """“Tôi cũng bị” is one more; the sender's own people are none."""
    (code,) = await tell(desk, ["an"])

    async def follow(names: list[str], *, relative: bool) -> None:
        async with desk.work() as work:
            chats = await commune.chats_of(work, names)
            case = await cases.by_code(work, code)
            assert case is not None
            for chat in chats:
                await act(work, case, Follow(relative=relative), Actor.of(chat))

    await follow(people_named(9), relative=True)
    await look(desk)
    assert await rows(desk, HotSpot) == []
    await follow(people_named(9, first=20), relative=False)
    await look(desk)
    assert (await the_spot(desk)).people == 10


async def test_what_was_withdrawn_does_not_count(desk: Store) -> None:
    """Of eleven six withdraw: five in three days say nothing to a desk that has only begun."""
    codes = await tell(desk, people_named(ELEVEN))
    async with desk.work() as work:
        for code in codes[:6]:
            case = await cases.by_code(work, code)
            assert case is not None
            await act(work, case, Act.WITHDRAW, Actor(chat_key=case.chat_key))
    await look(desk)
    assert await rows(desk, HotSpot) == []


@pytest.mark.parametrize(
    "kept",
    [
        {"confidential": True},
        {"sealed": True},
        {"kind": "to_cao"},
        {"excluded": ["00000000-0000-0000-0000-000000000001"]},
        {"excluded_people": ["00000000-0000-0000-0000-000000000001"]},
    ],
    ids=lambda kept: next(iter(kept)),
)
async def test_what_is_kept_close_is_neither_counted_nor_quoted(desk: Store, kept: dict[str, Any]) -> None:
    """Of eleven one is kept: ten are told, with no code of it; were six more kept, nothing would be."""
    codes = await tell(desk, people_named(ELEVEN))
    await change(desk, codes[:1], kept)
    await look(desk)
    (text,) = await told(desk)
    assert "10 người" in text
    assert codes[0] not in text
    spot = await the_spot(desk)
    assert codes[0] not in spot.told["cases"]
    await change(desk, codes[1:2], kept)  # closed since: whoever looks again reads of it no more
    async with desk.read() as work:
        text = (await hotspots.card(work, spot, await official(work, "tuan"))).text
    assert codes[1] not in text


async def change(store: Store, codes: list[str], values: dict[str, Any]) -> None:
    """Let cases be otherwise than they were told."""
    async with store.work() as work:
        await work.session.execute(update(Case).where(Case.code.in_(codes)).values(**values))


async def test_nothing_is_told_of_what_is_kept_alone(desk: Store) -> None:
    """However many they are."""
    await change(desk, await tell(desk, people_named(ELEVEN)), {"confidential": True})
    await look(desk)
    assert await rows(desk, HotSpot) == []


async def test_what_is_usual_there_is_not_told(desk: Store, clock: StoppedClock) -> None:
    """Where nine tell each week, eleven in one are nothing; of another field, of which none do, they are."""
    for week in range(8):
        await tell(desk, people_named(9, first=week * 5))
        clock.pass_(days=7)
    await tell(desk, people_named(ELEVEN))
    await look(desk)
    assert await rows(desk, HotSpot) == []
    await tell(desk, people_named(5), "đèn đường thôn 3 hỏng mấy hôm nay, tối om")
    await look(desk)
    assert [(spot.field, spot.people) for spot in await rows(desk, HotSpot)] == [("dien", 5)]


# --- what becomes of it --------------------------------------------------------------------------


async def test_who_takes_it_has_it(desk: Store) -> None:
    """It is in one hand then; a second tap is told that it is decided, and who has no say is refused."""
    await tell(desk, people_named(ELEVEN))
    await look(desk)
    spot = await the_spot(desk)
    async with desk.work() as work:
        with pytest.raises(NotAllowed):
            await hotspots.take(work, await official(work, "minh"), spot.id)
        with pytest.raises(NotAllowed):
            await hotspots.take(work, await official(work, "hộ 1"), spot.id)
        ha = await official(work, "ha")
        taken = await hotspots.take(work, ha, spot.id)
        assert (taken.state, taken.person_id) == ("taken", ha.person_id)
        with pytest.raises(HotSpotDecided):
            await hotspots.take(work, await official(work, "tuan"), spot.id)
    assert "Hà Thị Thu" in (await told(desk))[-1]


async def refused(store: Store, reason: str = "đã có lịch nạo vét") -> UUID:
    """Let the chief say that the only one is none."""
    spot = await the_spot(store)
    async with store.work() as work:
        await hotspots.refuse(work, await official(work, "tuan"), spot.id, reason)
    return spot.id


async def test_what_is_none_is_told_again_only_when_it_grows_by_half(
    desk: Store, clock: StoppedClock
) -> None:
    """Eleven were told: at sixteen it stays quiet, at seventeen it is told again, and is open anew."""
    await tell(desk, people_named(ELEVEN))
    await look(desk)
    await refused(desk)
    clock.pass_(hours=1)
    await tell(desk, people_named(5, first=20))
    await look(desk)
    assert len(await told(desk)) == 1
    await tell(desk, people_named(1, first=30))
    await look(desk)
    first, again = await told(desk)
    assert "17 người" in again
    assert first.splitlines()[0] != again.splitlines()[0]
    assert (await the_spot(desk)).state == "told"


async def test_after_a_fortnight_it_is_over(desk: Store, clock: StoppedClock) -> None:
    """What was refused is forgotten after fourteen days, and the next crowd is told anew."""
    await tell(desk, people_named(ELEVEN))
    await look(desk)
    await refused(desk)
    clock.pass_(days=13, hours=23)
    await tick(desk)
    assert (await the_spot(desk)).state == "refused"
    clock.pass_(hours=2)
    await tick(desk)
    assert (await the_spot(desk)).state == "over"
    await tell(desk, people_named(20))
    await look(desk)
    assert len(await rows(desk, HotSpot)) == 2
    assert len(await told(desk)) == 2


# --- what it costs -------------------------------------------------------------------------------


@pytest.fixture
def counted(desk: Store) -> Iterator[list[str]]:
    """Collect the statements of the desk."""
    with commune.statements(desk) as seen:
        yield seen


async def test_a_look_costs_the_same_however_many_told(desk: Store, counted: list[str]) -> None:
    """No statement is one a case, or a person; where nothing is hot it takes two."""
    await tell(desk, people_named(3))
    counted.clear()
    await look(desk)
    few = len([one for one in counted if "case" in one])
    await tell(desk, people_named(2, first=3))
    counted.clear()
    await look(desk)
    assert len([one for one in counted if "case" in one]) == few <= 3
    await tell(desk, people_named(6, first=5))
    counted.clear()
    await look(desk)
    hot = len(counted)
    await tell(desk, people_named(120, first=11))
    counted.clear()
    await look(desk)
    assert len(counted) <= hot + 1, counted
