"""Opening who brought a sealed case: two keepers whom it does not speak of, on record, never one alone."""

from contextlib import nullcontext

import pytest

from domain.cases import Act
from scheduler.clock import tick
from services.acts.act import act
from services.acts.identity import AskIdentity
from services.standing.parties import Actor
from services.standing.refusals import OwnRequest
from storage.cases.cases import Case, by_code, history
from storage.ground.tables import RoleRow
from storage.people import people
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.conversations.test_sealed import STORY, rows, sealed_report, tell, tied

REASON = "Công an tỉnh đề nghị bảo vệ người gửi"
OPEN = "mo danh tinh {code}"


def heard(player: Player, who: str, since: int = 0) -> str:
    """Return everything somebody was told since then."""
    return "\n".join(d.message.text for d in player.paper.told[since:] if d.address == who)


async def acts(player: Player, case: Case) -> list[str]:
    """Return what was done to a case, in order."""
    async with player.store.read() as work:
        return [line.act for line in await history(work, case)]


async def test_one_asks_another_agrees_and_only_then_is_it_shown(seated: Player) -> None:
    """The reason is read by the other keeper; each step is on record; only who asked sees who it is."""
    case = await sealed_report(seated)
    verb = OPEN.format(code=case.code)
    await tell(seated, verb, REASON, "1", verb, who="keeper")
    assert "citizen" not in heard(seated, "keeper")
    assert REASON in heard(seated, "party")
    await tell(seated, verb, "1", who="party")
    assert "citizen" not in heard(seated, "party")
    before = len(seated.paper.told)
    await tell(seated, verb, who="keeper")
    shown = [d.message for d in seated.paper.told[before:] if d.address == "keeper"]
    assert "citizen" in shown[0].text
    assert shown[0].once
    assert REASON in heard(seated, "party", before)
    assert "citizen" not in heard(seated, "party", before)
    assert (await acts(seated, case))[-3:] == ["ask_identity", "agree_identity", "identify"]
    await tell(seated, verb, who="keeper")
    assert "citizen" not in heard(seated, "keeper", len(seated.paper.told) - 1)
    assert not [row for table, row in await rows(seated.store) if table == "outbox" and "citizen\\n" in row]
    assert await tied(seated) == ["sealed_identity"]


async def test_who_asked_cannot_agree_not_even_from_another_chat(seated: Player) -> None:
    """A second chat of the same person is the same person, and a second role is no second keeper."""
    case = await sealed_report(seated)
    async with seated.store.work() as work:
        keeper = await people.person_by_code(work, "kiem_tra")
        assert keeper is not None
        unit = next(unit for unit in work.rules.directory.units if unit.type == "dang_xa")
        role = RoleRow(person_id=keeper.id, role="head", unit_id=unit.id, valid_from=work.today)
        work.session.add(role)
    await seated.seat("keeper", "again")
    verb = OPEN.format(code=case.code)
    await tell(seated, verb, REASON, "1", who="keeper")
    await tell(seated, verb, "1", verb, who="again")
    assert "agree_identity" not in await acts(seated, case)
    assert "citizen" not in heard(seated, "again") + heard(seated, "keeper")


async def test_nobody_agrees_to_what_they_ask_whatever_way_it_comes(seated: Player) -> None:
    """The act itself refuses it, where no page offers it; then one keeper alone opens nothing."""
    case = await sealed_report(seated)
    for what, refused in ((AskIdentity(REASON), None), (Act.AGREE_IDENTITY, OwnRequest)):
        async with seated.store.work() as work:
            found = await by_code(work, case.code)
            assert found is not None
            by = Actor.of(await people.chat(work, seated.key("keeper")))
            with pytest.raises(refused) if refused else nullcontext():
                await act(work, found, what, by)
    assert "agree_identity" not in await acts(seated, case)


async def test_a_chief_of_the_accused_and_the_accused_are_no_keepers_of_it(seated: Player) -> None:
    """The chair is chief of the office that is spoken of: he has the case, and can neither ask nor agree."""
    case = await sealed_report(seated)
    verb = OPEN.format(code=case.code)
    await tell(seated, verb, who="head")
    assert "ghi lý do" not in heard(seated, "head")
    assert "ask_identity" not in await acts(seated, case)
    await tell(seated, verb, REASON, "1", who="keeper")
    assert REASON not in heard(seated, "head")
    await tell(seated, verb, "1", who="head")
    assert "agree_identity" not in await acts(seated, case)


async def test_where_nobody_is_named_no_chief_keeps_it_and_it_stays_closed(seated: Player) -> None:
    """Each of the heads may be meant: one keeper is left, who reads where to turn."""
    said = ("gui kin", "cống thôn 3 tắc mấy hôm rồi, mưa là ngập hết cả đường đi học", "gui")
    case = await sealed_report(seated, *said)
    await tell(seated, OPEN.format(code=case.code), who="keeper")
    assert "hai người giữ" in heard(seated, "keeper")
    await tell(seated, OPEN.format(code=case.code), REASON, "1", who="party")
    assert "ask_identity" not in await acts(seated, case)


async def test_a_wish_nobody_agreed_to_is_over_after_a_day(seated: Player, clock: StoppedClock) -> None:
    """What was asked yesterday cannot be agreed to today; it can be asked anew."""
    case = await sealed_report(seated)
    verb = OPEN.format(code=case.code)
    await tell(seated, verb, REASON, "1", who="keeper")
    clock.pass_(hours=25)
    await tick(seated.store)
    await tell(seated, verb, who="party")
    assert "ghi lý do" in heard(seated, "party")


async def test_keepers_hear_of_a_wish_at_night_too(seated: Player, clock: StoppedClock) -> None:
    """Whoever may be opened wrongly on the eve of a holiday cannot wait until it is over."""
    case = await sealed_report(seated)
    clock.at = clock.at.replace(hour=18)  # one in the morning, where the desk stands
    await tell(seated, OPEN.format(code=case.code), REASON, "1", who="keeper")
    assert REASON in heard(seated, "party")


async def test_a_keeper_reads_nothing_of_the_case(seated: Player) -> None:
    """Who keeps identities and has no other part in it is shown codes, days and reasons only."""
    case = await sealed_report(seated)
    await tell(seated, case.code, "viec", f"xem {case.code}", f"nhan {case.code}", who="keeper")
    await tell(seated, OPEN.format(code=case.code), REASON, "1", "so mo danh tinh", who="keeper")
    assert "vòi tiền" not in heard(seated, "keeper")
    assert "thôn 3" not in heard(seated, "keeper")
    assert STORY not in heard(seated, "party")
