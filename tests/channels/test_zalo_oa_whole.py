"""A whole case through the Official Account: the real desk, over real HTTP to the emulator and back."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.raw import parse
from bot.channels.zalo_oa.channel import ZaloOa
from bot.channels.zalo_oa.read import arrived
from services.office import directory
from storage.ground.tables import DEAD, DONE
from storage.people import people
from storage.store.engine import Store
from tests.channels.mutants import mutants
from tests.channels.telegram_desk import Serve
from tests.channels.telegram_hall import Hall
from tests.channels.zalo_oa_desk import OpenOa
from tests.conftest import StoppedClock
from tests.emulators.loopback import photo
from tests.emulators.zalo_oa import ZaloOaServer
from tests.emulators.zalo_oa_people import Person

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"


class Town:
    """The desk and the people who write to it; whatever they do is dealt with to the end."""

    def __init__(self, oa: ZaloOaServer, hall: Hall) -> None:
        self.oa = oa
        self.hall = hall

    async def invitation(self, code: str) -> str:
        """Invite somebody of the office."""
        async with self.hall.store.work() as work:
            person = await people.person_by_code(work, code)
            assert person is not None
            return await people.invite(work, person.id)

    async def press(self, person: Person, label: str) -> None:
        """Press a button of the newest message; where it has none, type what stands before its words."""
        newest = next(shown for shown in reversed(person.messages) if not shown.mine)
        if newest.buttons:
            person.click(label)
        else:
            line = next(line for line in newest.text.splitlines() if line.endswith(f". {label}"))
            person.say(line.partition(".")[0])
        await self.settle()

    async def settle(self) -> None:
        """Let what was done arrive, be handled and be answered."""
        await self.oa.settled()
        await self.hall.work()
        await self.oa.settled()


@pytest.fixture
async def town(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, serve: Serve, clock: StoppedClock
) -> AsyncIterator[Town]:
    """Open a desk behind the webhook of an account of one commune; what it says comes back as echoes."""
    async with sqlite_store.work() as work:
        await directory.seed(work, SEED.read_bytes(), SEED.name)
    channel: ZaloOa = open_oa(sqlite_store)
    hall = Hall(sqlite_store, channel, clock)
    oa.hook = f"{await serve(channel, hall.ingest)}/zalo-oa"
    oa.echoes = True
    yield Town(oa, hall)
    assert all(one.taken for one in oa.deliveries)


@pytest.mark.parametrize("tier", ["advanced", "basic"])
async def test_a_case_lives_its_whole_life_on_the_official_account(town: Town, tier: str) -> None:
    """Told with photos, sent, taken, answered and rated: by buttons, or by numbers where there are none."""
    town.oa.tier = tier
    citizen, officer = town.oa.user("hoa"), town.oa.user("tuan")
    officer.say(await town.invitation("kt_tuan"))
    citizen.follow()
    await town.settle()
    assert citizen.texts[-1].startswith("Chào bà con! Đây là nơi")
    citizen.say("cong thon 3 tac may hom roi, mua la ngap duong")
    await town.settle()
    assert "Tổ tiếp nhận hiểu thế này" in citizen.texts[-1]
    photos = [photo(side=40), photo(side=48)]
    for one in photos:
        citizen.image(one)
    await town.settle()
    assert citizen.texts[-1].startswith("Đã nhận 2 tệp.")
    assert len(citizen.texts) == 3  # to who came, to the story, to two photos
    await town.press(citizen, "Đúng, gửi đi")
    assert "Mã: " in citizen.texts[-1]
    assert "Chưa ai nhận." in officer.texts[-1]
    await town.press(officer, "Nhận xử lý")
    assert "đã nhận việc" in citizen.texts[-1]
    assert [len(shown.images) for shown in officer.messages if shown.images] == [1, 1]
    await town.press(officer, "Trả lời")
    officer.say("Sáng nay đội thoát nước đã nạo vét cống đầu thôn 3, nước rút hết.")
    await town.settle()
    await town.press(officer, "Gửi")
    assert "Bà con thấy thế nào?" in citizen.texts[-1]
    await town.press(citizen, "Hài lòng")
    assert "Cảm ơn bà con" in citizen.texts[-1]
    assert "chấm 4/5" in officer.texts[-1]
    assert any(shown.buttons for shown in citizen.messages) == (tier == "advanced")


async def test_who_leaves_is_written_to_no_more_until_they_are_back(town: Town) -> None:
    """Unfollowing and following are heard; what was said in between is not lost on the desk."""
    citizen = town.oa.user("hoa")
    citizen.say("xin chào")
    await town.settle()
    told = len(citizen.texts)
    citizen.unfollow()
    await town.settle()
    assert len(citizen.texts) == told
    citizen.follow()
    await town.settle()
    assert len(citizen.texts) == told  # greeted once already
    citizen.say("cong thon 3 tac may hom roi, mua la ngap duong")
    await town.settle()
    assert "Tổ tiếp nhận hiểu thế này" in citizen.texts[-1]


async def test_mutated_events_wedge_no_chat_and_none_is_lost(town: Town) -> None:
    """Each is handled or a dead letter, and whoever writes next is answered."""
    citizen = town.oa.user("hoa")
    citizen.say("xin chào")
    citizen.sticker()
    citizen.location(21.0, 105.5)
    await town.settle()
    seeds = [json.loads(one.raw) for one in town.oa.deliveries]
    for mutant in mutants(seeds, 200, seed=5):
        await town.hall.ingest(arrived("zalo-oa", parse(json.dumps(mutant).encode())))
    await town.hall.work()
    states = Counter((await town.hall.states()).values())
    assert set(states) == {DONE, DEAD}
    assert states[DEAD] > 20
    citizen.say("cong thon 3 tac may hom roi, mua la ngap duong")
    await town.settle()
    assert citizen.texts[-1]
    assert (await town.hall.states()).keys() >= {one.external_id for one in town.hall.taken}
