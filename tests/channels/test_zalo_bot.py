"""A Zalo Bot at work: the real desk behind its webhook or its polls, over real HTTP to the emulator."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
from aiohttp import ClientError, ClientSession, web
from structlog.testing import capture_logs

from bot.channels import raw
from bot.channels.channel import NotThere, RemoteFile, TooBig
from bot.channels.telegram.channel import Telegram
from bot.channels.zalo_bot.channel import ACCOUNT, PATH, SECRET_HEADER, ZaloBot
from bot.channels.zalo_bot.read import arrived
from bot.desk import Desk
from domain.messages import Message
from services.intake import attachments as files
from services.office import directory
from storage.cases import attachments
from storage.ground.tables import DEAD, DONE
from storage.mail.inbox import Arrived
from storage.people import people
from storage.store.engine import Store
from tests.channels.mutants import mutants
from tests.channels.telegram_desk import Naps, Poll, Serve, ingest_into, stored, until, unused
from tests.channels.telegram_hall import Hall
from tests.channels.zalo_bot_desk import SECRET, OpenBot, number_of
from tests.conftest import StoppedClock
from tests.emulators.loopback import Huge, photo
from tests.emulators.telegram_contract import Drop, Page, Refused
from tests.emulators.zalo_bot import Chat, Person, ZaloBotServer
from web.links import Links

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
STORY = "cong thon 3 tac may hom roi, mua la ngap duong"


class Town:
    """The desk and the people who write to its bot; whatever they do is dealt with to the end."""

    def __init__(self, zb: ZaloBotServer, hall: Hall) -> None:
        self.zb = zb
        self.hall = hall

    async def settle(self) -> None:
        """Let what was done arrive, be handled and be answered."""
        await self.zb.settled()
        await self.hall.work()

    async def say(self, person: Person, text: str) -> None:
        """Write words."""
        person.say(text)
        await self.settle()

    async def choose(self, person: Person, label: str) -> None:
        """Type the number of a choice of the newest message."""
        await self.say(person, number_of(person, label))

    async def official(self, code: str) -> Person:
        """Let somebody of the office in."""
        async with self.hall.store.work() as work:
            person = await people.person_by_code(work, code)
            assert person is not None
            invitation = await people.invite(work, person.id)
        await self.say(self.zb.user(code), invitation)
        return self.zb.user(code)


async def answered(chat: Chat, words: str) -> None:
    """Check that the newest message of a chat holds these words."""
    assert words in chat.texts[-1], chat.texts


@pytest.fixture
async def town(
    zb: ZaloBotServer, open_bot: OpenBot, sqlite_store: Store, clock: StoppedClock
) -> AsyncIterator[Town]:
    """Open a desk of one commune behind the bot's webhook; it hands out its files by public links."""
    async with sqlite_store.work() as work:
        await directory.seed(work, SEED.read_bytes(), SEED.name)
    links = Links(sqlite_store, "")
    channel = open_bot(sqlite_store, link=links.make)
    await channel.learn_name()
    hall = Hall(sqlite_store, cast("Telegram", channel), clock)
    hall.desk = Desk(sqlite_store, [channel], link=links.make)
    app = web.Application()
    app.add_routes([*channel.routes(hall.ingest), *links.routes()])
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    links._public_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await channel.set_hook(links._public_url)
    yield Town(zb, hall)
    await runner.cleanup()


async def test_a_case_lives_its_whole_life_by_numbers(town: Town) -> None:
    """Told with photos, sent, taken, answered and rated; the officer gets the photos by their links."""
    officer, citizen = await town.official("kt_tuan"), town.zb.user("hoa")
    await town.say(citizen, STORY)
    await answered(citizen, "Tổ tiếp nhận hiểu thế này")
    asked = len(citizen.texts)
    for side in (40, 48):
        citizen.photo(photo(side=side))
    await town.settle()
    await answered(citizen, "Đã nhận 2 tệp.")
    assert len(citizen.texts) == asked + 1  # two photos, one answer
    await town.choose(citizen, "Đúng, gửi đi")
    await answered(citizen, "Mã: ")
    await answered(officer, "Chưa ai nhận.")
    await town.choose(officer, "Nhận xử lý")
    await answered(citizen, "đã nhận việc")
    assert [len(shown.images) for shown in officer.messages if shown.images] == [1, 1]
    await town.choose(officer, "Trả lời")
    await town.say(officer, "Sáng nay đội thoát nước đã nạo vét cống đầu thôn 3, nước rút hết.")
    await town.choose(officer, "Gửi")
    await answered(citizen, "Bà con thấy thế nào?")
    await town.choose(citizen, "Hài lòng")
    await answered(citizen, "Cảm ơn bà con")
    assert all(one.taken for one in town.zb.deliveries)


async def test_what_cannot_be_read_is_answered_with_what_can(town: Town) -> None:
    """A place, a file or a voice message is all the same to the bot: words or a photo instead."""
    hoa = town.zb.user("hoa")
    hoa.unsupported()
    await town.settle()
    await answered(hoa, "chỉ nhận được chữ và ảnh")
    hoa.sticker()
    await town.settle()
    await answered(hoa, "việc gì, ở đâu?")


async def test_a_group_is_heard_by_the_name_of_the_bot(town: Town) -> None:
    """It is asked as anybody would in private, and shows a case's state to all."""
    officer, citizen = await town.official("kt_tuan"), town.zb.user("hoa")
    await town.say(citizen, STORY)
    await town.choose(citizen, "Đúng, gửi đi")
    (code,) = await town.hall.cases()
    group = town.zb.group("to-3")
    group.say(officer, f"tra cuu {code}")
    await town.settle()
    await answered(group, code)
    assert STORY not in group.texts[-1]


@pytest.mark.parametrize("wrapped", [True, False])
async def test_an_event_that_comes_again_changes_nothing(town: Town, wrapped: bool) -> None:
    """In either shape, and in the other one."""
    town.zb.wrapped = wrapped
    hoa = town.zb.user("hoa")
    await town.say(hoa, STORY)
    (first,) = town.zb.deliveries
    body = json.loads(first.raw)
    town.zb.again(first)
    town.zb.wrapped = not wrapped
    town.zb.emit_raw(body["result"] if wrapped else body)
    await town.settle()
    assert len(hoa.texts) == 1
    assert len(await town.hall.states()) == 1


async def test_nobody_else_may_call_the_webhook(town: Town, zb: ZaloBotServer) -> None:
    """No secret, a wrong one, or one that is no text: 403. Too much: 413. Nothing of it is kept."""
    async with ClientSession() as session:
        for header in ({}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "\udcff"}):
            async with session.post(zb.hook, data=b"{}", headers=header) as response:
                assert response.status == 403
        too_much = b" " * (raw.MOST_BYTES + 1)
        async with session.post(zb.hook, data=_pieces(too_much), headers={SECRET_HEADER: SECRET}) as response:
            assert response.status == 413
    assert town.hall.taken == []


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_nothing_is_acknowledged_that_was_not_stored(
    zb: ZaloBotServer, open_bot: OpenBot, serve: Serve
) -> None:
    """While the database is away the platform hears an error, and tries again."""
    channel = open_bot()
    zb.hook = f"{await serve(cast('Telegram', channel), unused)}{PATH}"
    zb.secret = SECRET
    zb.user("hoa").say("xin chào")
    await zb.settled()
    assert zb.deliveries[0].statuses == [500, 500, 500]


async def test_mutated_events_wedge_no_chat_and_none_is_lost(town: Town) -> None:
    """Each is handled or a dead letter, and whoever writes next is answered."""
    hoa = town.zb.user("hoa")
    hoa.say("xin chào")
    hoa.photo()
    hoa.sticker()
    await town.settle()
    seeds = [json.loads(one.raw) for one in town.zb.deliveries]
    for mutant in mutants(seeds, 100, seed=5):
        town.zb.emit_raw({}, raw=json.dumps(mutant).encode())
    await town.settle()
    states = await town.hall.states()
    assert set(states.values()) == {DONE, DEAD}
    assert states.keys() == {one.external_id for one in town.hall.taken}
    await town.say(hoa, STORY)
    await answered(hoa, "Tổ tiếp nhận hiểu thế này")


# --- photos ----------------------------------------------------------------------------------------


async def test_photos_are_fetched_within_limits(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """Redirects are followed, for a while; too much is cut off, what is gone is gone, the rest is later."""
    channel, url = open_bot(), zb.keep(photo(), "image/jpeg", "a.jpg")
    file = RemoteFile(url)
    zb.faults["cdn"].append(Page(302, "", url))
    assert await channel.fetch(file, 10_000) == photo()
    for fault, error in ((Huge(300_000), TooBig), (Page(404, "no"), NotThere), (Page(403, "no"), NotThere)):
        zb.faults["cdn"].append(fault)
        with pytest.raises(error):
            await channel.fetch(file, 200_000)
    zb.faults["cdn"].extend([Page(302, "", url)] * 4)
    with pytest.raises(NotThere):
        await channel.fetch(file, 10_000)
    zb.faults["cdn"].append(Page(503, "later"))
    with pytest.raises(ClientError):
        await channel.fetch(file, 10_000)


async def test_what_a_bot_cannot_carry_comes_as_a_link_for_days(town: Town, clock: StoppedClock) -> None:
    """In the chat's language, and then no longer."""
    hoa, store = town.zb.user("hoa"), town.hall.store
    await town.say(hoa, "xin chào")
    key = store.keyring.blind("chat", ACCOUNT, "hoa")
    clean = files.clean(b"%PDF-1.4\n%%EOF\n", "quyết định.pdf", 1000)
    kept = await files.keep(store.files, store.keyring, key, "1", clean)
    async with store.work() as work:
        await attachments.add(work, key, [kept])
        await people.load_chats(work, [key])
        chat = work.chats[key]
        chat.language = "en"
        work.post(chat, Message("Mended.", files=(kept.ref,)), "k")
    await town.settle()
    words, told = hoa.texts[-1].split("\n")
    assert words == "Mended."
    assert told.startswith("📎 quyết định.pdf (can be opened for 3 days): http://127.0.0.1:")
    async with ClientSession() as session:
        for days, status in ((2, 200), (2, 404)):
            clock.pass_(days=days)
            async with session.get(told.rpartition(" ")[2]) as response:
                assert response.status == status


# --- polling ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", [True, False])
async def test_polls_bring_each_event_once(
    listed: bool, zb: ZaloBotServer, open_bot: OpenBot, sqlite_store: Store, polling: Poll
) -> None:
    """One at a time or as a list, replayed for ever, a second between two; what is no text wedges none."""
    zb.listed, zb.replays = listed, True
    naps, hoa = Naps(), zb.user("hoa")
    broken = {"event_name": "\ud800"}
    zb.emit_raw(broken)
    ids = [arrived(ACCOUNT, raw.storable(broken)).external_id]
    ids += [hoa.say("một"), hoa.say("hai"), hoa.say("ba")]
    channel = open_bot(sqlite_store, "polling", sleep=naps)
    task = polling(cast("Telegram", channel), ingest_into(sqlite_store))
    await until(lambda: len(naps.asked) > 5)
    assert set(await stored(sqlite_store)) == set(ids)
    assert set(naps.asked) == {1.0}
    task.cancel()
    ids.append(hoa.say("bốn"))  # another process goes on
    again = open_bot(sqlite_store, "polling", sleep=Naps())
    await asyncio.wait([task])
    polling(cast("Telegram", again), ingest_into(sqlite_store))

    async def all_there() -> bool:
        return set(await stored(sqlite_store)) == set(ids)

    await until(all_there)


async def test_an_idle_poll_is_no_failure_and_others_wait(
    zb: ZaloBotServer, open_bot: OpenBot, sqlite_store: Store, polling: Poll
) -> None:
    """A 408 is as good as nothing; a throttle, a bad token and a lost line are waited out, ever longer."""
    naps = Naps()
    zb.faults["getUpdates"].extend(
        [Refused(408, "Request timeout"), Refused(429, "Too Many Requests"), Refused(401, "Unauthorized")]
    )
    zb.faults["getUpdates"].extend([Drop, Page(502, "<html>"), Page(408, "<html>")])
    zb.hook = "https://forgotten.example"
    with capture_logs() as log:
        channel = open_bot(sqlite_store, "polling", sleep=naps)
        polling(cast("Telegram", channel), ingest_into(sqlite_store))
        await until(lambda: len(naps.asked) > 7)
    assert naps.asked[:8] == [1.0, 30.0, 300.0, 8.0, 16.0, 1.0, 1.0, 1.0]
    events = [entry["event"] for entry in log]
    assert events.count("zalo_bot_webhook_is_set") == 1
    assert events.count("zalo_bot_poll_failed") == 3
    assert "zalo_bot_token_refused" in events
    assert zb.token not in str(log)


async def test_what_a_poll_brought_is_kept_until_it_is_stored(
    zb: ZaloBotServer, open_bot: OpenBot, sqlite_store: Store, polling: Poll
) -> None:
    """While the database is away nothing more is asked for: the platform hands an event out once."""
    naps, keep = Naps(), ingest_into(sqlite_store)

    async def ingest(one: Arrived) -> None:
        if naps.asked != [2.0, 4.0]:
            raise OSError
        await keep(one)

    number = zb.user("hoa").say("một")
    polling(cast("Telegram", open_bot(sqlite_store, "polling", sleep=naps)), ingest)
    await until(lambda: len(naps.asked) > 3)
    assert set(await stored(sqlite_store)) == {number}
    assert naps.asked[:4] == [2.0, 4.0, 1.0, 1.0]


async def test_one_replica_polls_at_a_time(open_bot: OpenBot, sqlite_store: Store, polling: Poll) -> None:
    """The second one waits for its turn."""
    first, second = Naps(), Naps()
    for naps in (first, second):
        channel: ZaloBot = open_bot(sqlite_store, "polling", sleep=naps)
        polling(cast("Telegram", channel), ingest_into(sqlite_store))
        before = len(first.asked)
        await until(lambda: len(first.asked) > before + 3)  # noqa: B023 - called before the next round
    assert second.asked == []


async def test_the_bot_asks_its_name_until_it_is_told(zb: ZaloBotServer, open_bot: OpenBot) -> None:
    """However long the platform is away."""
    zb.faults["getMe"].extend([Refused(429, "Too Many Requests"), Drop])
    channel = open_bot(sleep=Naps())
    assert channel.account == ACCOUNT
    await channel.learn_name()
    assert channel.names == ("Bot Lang Nghe", "bot.LangNghe")
