"""What waits for a second person is a matter: each yes is a line, and nothing goes around it."""

from uuid import UUID

import pytest
from sqlalchemy import select

from domain.cases import NotAllowed
from scheduler.clock import tick
from services.matters.change import change
from services.office import orders, requests, rulebook, undoing
from services.office.order_checks import CannotOrder
from services.office.requests import KEY_REQUEST
from services.standing.parties import Actor
from services.standing.refusals import KeyRequestChanged, OwnKeyRequest
from storage.ground.tables import KeyRequest, Timer
from storage.people import matters
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.conversations.test_keys import (
    AS_CHAIR,
    TO_A_FRIEND,
    TO_MYSELF,
    asked,
    chat,
    pressed,
    state,
)


@pytest.fixture
async def desk(player: Player) -> Player:
    """Seat both heads and the admin."""
    await player.seats(("head", "party", "admin"))
    return player


async def lines(player: Player, row_id: str) -> list[str]:
    """Return what was done to a request, as its history keeps it."""
    async with player.store.read() as work:
        return [line.act for line in await matters.history(work, KeyRequest(id=UUID(row_id)))]


async def timers(player: Player, row_id: str) -> list[str]:
    """Return the kinds of timers that ring for a request."""
    async with player.store.read() as work:
        return list(await work.session.scalars(select(Timer.kind).where(Timer.subject == row_id)))


async def test_each_yes_and_what_comes_of_it_is_a_line(desk: Player) -> None:
    """Who asked, who agreed and that it was done; no token lies in it, and no timer is left."""
    row = await asked(desk, AS_CHAIR)
    assert await timers(desk, row) == ["key_request"]
    await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await lines(desk, row) == ["propose", "agree", "grant"]
    assert await timers(desk, row) == []
    async with desk.store.read() as work:
        found = await matters.history(work, KeyRequest(id=UUID(row)))
        assert found[-1].detail == {"by_some": False}
        party = (await chat(desk, work, "party")).person_id
        assert [line.actor == f"person:{party}" for line in found] == [False, True, True]


async def test_what_is_refused_or_left_is_a_line_and_over(desk: Player, clock: StoppedClock) -> None:
    """A refusal ends one; the clock ends the other after its days, once, and who asked is told of both."""
    row = await asked(desk, TO_A_FRIEND)
    await pressed(desk, "party", f"menu:refuse_key:{row}")
    assert await lines(desk, row) == ["propose", "refuse"]
    assert await timers(desk, row) == []
    other = await asked(desk, TO_MYSELF)
    clock.pass_(days=4)
    assert "quá hạn" in await pressed(desk, "head", f"menu:grant_key:{other}")
    await tick(desk.store)
    await tick(desk.store)
    await desk.settle()
    assert await lines(desk, other) == ["propose", "lapse"]
    assert await timers(desk, other) == []
    told = [d.key.partition(":")[0] for d in desk.paper.told if d.key.startswith("second.")]
    assert [key for key in told if key != "second.asked"] == ["second.refused", "second.over"]


async def test_what_an_order_refuses_when_it_is_carried_out_leaves_it_waiting(
    desk: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is carried out before its state moves: what cannot be done is not said to be done."""

    async def refuses(*_args: object) -> str:
        raise CannotOrder("nobody_else")

    row = await asked(desk, TO_A_FRIEND)
    monkeypatch.setattr(requests, "_ordered", refuses)
    monkeypatch.setattr(requests, "_CARRY_OUT", {"give_role": refuses})
    await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"
    assert await timers(desk, row) == ["key_request"]
    assert await lines(desk, row) == ["propose", "agree"]


async def test_the_engine_itself_refuses_who_may_not_decide(desk: Player) -> None:
    """No way around the service: whoever asked, gains, or was shown something else, changes nothing."""
    row_id = UUID(await asked(desk, TO_MYSELF))
    async with desk.store.work() as work:
        row = await matters.by_id(work, KeyRequest, row_id)
        assert row is not None
        admin, party = [await chat(desk, work, name) for name in ("admin", "party")]
        for act in ("agree", "grant", "refuse"):
            with pytest.raises(OwnKeyRequest):
                await change(work, KEY_REQUEST, row, act, Actor.of(admin))
        with pytest.raises(KeyRequestChanged):  # nobody agrees by the second act alone
            await change(work, KEY_REQUEST, row, "grant", Actor.of(party))
        row.order = {**row.order, "seen": {}}
        with pytest.raises(KeyRequestChanged):
            await change(work, KEY_REQUEST, row, "agree", Actor.of(party))
        with pytest.raises(NotAllowed):
            await change(work, KEY_REQUEST, row, "lapse", Actor.of(party))
    assert await lines(desk, str(row_id)) == ["propose"]


async def test_a_yes_to_undoing_is_not_to_what_was_changed_since(desk: Player) -> None:
    """A chief who went would come back; meanwhile something else was the latest: nothing is undone."""
    end = {"do": "end_role", "person": "kt_truong", "unit": "kt_xa", "role": "supervisor", "to": "2026-11-15"}
    async with desk.store.work() as work:
        admin = await chat(desk, work, "admin")
        await orders.carry_out(work, end, admin.person_id)
        last = await undoing.latest(work, admin.person_id)
        assert last is not None
        wanted = {"document": last.document, "number": last.number}
    row = await asked(desk, {"do": "undo", "last": wanted})
    desk.clock.pass_(minutes=1)
    async with desk.store.work() as work:
        await orders.carry_out(work, {"do": "rename_unit", "unit": "kt_xa", "name": "Phòng mới"}, None)
    assert "quá hạn" in await pressed(desk, "head", f"menu:grant_key:{row}")
    assert await state(desk, row) == "waiting"
    async with desk.store.read() as work:
        assert "Phòng mới" in [unit.name for unit in work.rules.directory.units]


async def test_a_yes_to_going_back_is_to_one_version(desk: Player) -> None:
    """Another version was put in force meanwhile: to go back now would lead elsewhere."""
    for count in (1, 2):
        async with desk.store.work() as work:
            body = await rulebook.current(work, "taxonomy")
            for field in [field for field in body["fields"] if field.get("confidential")][:count]:
                field["xa"] = "kt_xa"
            await rulebook.put(work, "taxonomy", body, "đổi nơi nhận")
        if count == 1:
            row = await asked(desk, {"do": "back", "name": "taxonomy"})
    assert "quá hạn" in await pressed(desk, "head", f"menu:grant_key:{row}")
    async with desk.store.read() as work:
        assert await rulebook.current(work, "taxonomy") == body


async def test_who_has_agreed_is_asked_no_more(desk: Player) -> None:
    """Whatever came of their yes; the other head still is."""
    row_id = UUID(await asked(desk, TO_A_FRIEND))
    async with desk.store.work() as work:
        row = await matters.by_id(work, KeyRequest, row_id)
        assert row is not None
        head, party = [await chat(desk, work, name) for name in ("head", "party")]
        await change(work, KEY_REQUEST, row, "agree", Actor.of(head))
        assert row.decided_by is None
        assert await requests.waiting(work, head) == []
        assert await requests.waiting(work, party) == [row]


async def test_what_takes_two_no_more_is_over(desk: Player) -> None:
    """Whoever was to be invited is no chief any more: there is nothing left to agree to, or to refuse."""
    row = await asked(desk, {"do": "invite", "person": "kt_truong", "name": "Vũ Đình Sáng"})
    end = {"do": "end_role", "person": "kt_truong", "unit": "kt_xa", "role": "supervisor", "to": "2026-11-15"}
    async with desk.store.work() as work:
        await orders.carry_out(work, end, None)
    for act in ("grant", "refuse"):
        assert "quá hạn" in await pressed(desk, "head", f"menu:{act}_key:{row}")
    assert await state(desk, row) == "waiting"


async def test_who_has_only_just_joined_may_be_invited(desk: Player) -> None:
    """A young chat gets no key; a token goes to whoever asked, and may be what mends a strange one."""
    async with desk.store.work() as work:
        (await chat(desk, work, "head")).joined_at = work.now
    row = await asked(desk, AS_CHAIR)
    await pressed(desk, "party", f"menu:grant_key:{row}")
    assert await state(desk, row) == "granted"


async def test_whose_chat_is_to_be_cut_is_asked_too(desk: Player) -> None:
    """A keeper has a say in nothing else that an admin asks for."""
    await desk.seat("keeper")
    async with desk.store.read() as work:
        keeper = await chat(desk, work, "keeper")
    await asked(desk, {"do": "cut", "chat": keeper.key, "person": str(keeper.person_id)})
    told = {d.address for d in desk.paper.told if d.key.startswith("second.asked:")}
    assert told == {"head", "party", "keeper"}
