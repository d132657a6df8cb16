"""An official's page is theirs for days without a visit; what it showed opens for as long as it is theirs."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from secrets import token_hex

import pytest
from aiohttp import ClientSession
from sqlalchemy import select, update

import locales
from domain.messages import Incoming, Message, Text
from handlers.door.receive import receive
from scheduler.clock import begin, tick
from services.intake import attachments as files
from services.office import idle, joining, orders
from storage.cases import attachments, cases
from storage.ground.tables import Attachment, Outbox
from storage.ground.work import Work
from storage.mail import webchat
from storage.office import changes
from storage.people import joined, people
from storage.people.people import Chat
from storage.store.engine import Store
from storage.time import timers
from tests.channels.webchat_desk import page, photo, write
from tests.conftest import StoppedClock
from tests.emulators.webdesk import WebDesk, browser, cookies_of, web_desk
from tests.storage import commune

DAY = 24 * 60 * 60
LEFT = locales.words("vi")("webchat.left").splitlines()[0]


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[WebDesk]:
    """Serve the web chat of a commune."""
    await commune.settle(sqlite_store)
    async with web_desk(sqlite_store) as desk:
        yield desk


@pytest.fixture
async def person(desk: WebDesk) -> AsyncIterator[ClientSession]:
    """Open the browser in which Minh works, who has come in by an invitation."""
    async with browser(desk) as person:
        await write(person, "xin chào")
        await come_in(desk)
        yield person


async def come_in(desk: WebDesk) -> None:
    """Let whoever wrote last come in as Minh."""
    async with desk.store.work() as work:
        minh = await people.person_by_code(work, "minh")
        assert minh is not None
        token = await people.invite(work, minh.id)
    async with desk.store.work() as work:
        key = await desk.chat_key()
        await people.load_chats(work, [key])
        address = (await desk.heard())[-1].body["address"]
        people.open_chat(work, webchat.ACCOUNT, key, address)
    async with desk.store.work() as work:
        assert await joining.join(work, await its(work, desk), token)


async def its(work: Work, desk: WebDesk) -> Chat:
    """Return the chat of the page."""
    key = (await desk.heard())[0].lane
    await people.load_chats(work, [key])
    return work.chats[key]


async def works(desk: WebDesk) -> bool:
    """Say whether the page is an official's."""
    async with desk.store.read() as work:
        return (await its(work, desk)).person_id is not None


async def cookie_lasts(person: ClientSession, *, post: bool = False) -> int:
    """Return for how many seconds the browser is to keep its cookie."""
    if post:
        answer = await write(person, "việc")
    else:
        async with person.get("/chat") as answer:
            await answer.read()
    return int(cookies_of(answer.headers.getall("Set-Cookie"))["chat"]["max-age"])


async def test_an_officials_cookie_lasts_days_and_each_visit_begins_them_anew(
    desk: WebDesk, person: ClientSession
) -> None:
    """By a look at the page, and by a word that a script sends; a citizen's lasts as long as ever."""
    assert await cookie_lasts(person) == 7 * DAY
    assert await cookie_lasts(person, post=True) == 7 * DAY
    async with browser(desk) as citizen:
        assert await cookie_lasts(citizen) == 400 * DAY


async def test_a_page_that_nobody_opens_is_its_owners_no_more(
    desk: WebDesk, person: ClientSession, clock: StoppedClock
) -> None:
    """Days are counted from the last visit; then the clock ends the chat and says so on the page."""
    for _ in range(3):
        clock.pass_(days=6)
        await page(person)
        await tick(desk.store)
        assert await works(desk)
    clock.pass_(days=6, hours=23)
    await tick(desk.store)
    assert await works(desk)
    clock.pass_(hours=2)
    await tick(desk.store)
    assert not await works(desk)
    assert await cookie_lasts(person) == 400 * DAY


async def test_the_days_are_over_though_no_clock_ticks(
    desk: WebDesk, person: ClientSession, clock: StoppedClock
) -> None:
    """Whoever comes too late is nobody as soon as they look."""
    clock.pass_(days=8)
    await page(person)
    assert not await works(desk)


async def test_what_is_written_too_late_is_nobodys(
    desk: WebDesk, person: ClientSession, clock: StoppedClock
) -> None:
    """Whoever took only the cookie that lets in gets no further: the message is heard as a stranger's."""
    clock.pass_(days=6)
    await _hear(desk, person)
    assert await works(desk)
    clock.pass_(days=6)  # a word was a visit
    await _hear(desk, person)
    assert await works(desk)
    clock.pass_(days=8)
    await _hear(desk, person)
    assert not await works(desk)


async def _hear(desk: WebDesk, person: ClientSession) -> None:
    """Post a word without the cookie that says who works here, and let the desk hear it."""
    person.cookie_jar.clear(lambda cookie: cookie.key == "worked")
    await write(person, "việc")
    async with desk.store.work() as work:
        chat = await its(work, desk)
        said = Incoming(chat.account, chat.key, chat.address, token_hex(8), work.now, Text("việc"))
        await receive(work, said)


async def test_a_page_left_open_is_no_visit(
    desk: WebDesk, person: ClientSession, clock: StoppedClock
) -> None:
    """Its stream comes back by itself for ever; only a look or a word counts."""
    clock.pass_(days=6)
    async with person.get("/chat/stream") as answer:
        assert answer.status == 200
    clock.pass_(days=2)
    await tick(desk.store)
    assert not await works(desk)


async def test_whoever_comes_back_without_the_cookie_is_told_why(
    desk: WebDesk, person: ClientSession
) -> None:
    """The browser has dropped what let it in and kept what opens nothing; it says so once."""
    await page(person)
    person.cookie_jar.clear(lambda cookie: cookie.key == "chat")
    assert LEFT in await page(person)
    assert LEFT not in await page(person)
    async with browser(desk) as citizen:
        assert LEFT not in await page(citizen)


async def test_who_was_there_before_gets_the_days_too(desk: WebDesk, clock: StoppedClock) -> None:
    """A chat that was tied without an invitation is given them as the clock begins, and only once."""
    async with browser(desk) as person:
        await write(person, "xin chào")
        async with desk.store.work() as work:
            minh = await people.person_by_code(work, "minh")
            address = (await desk.heard())[-1].body["address"]
            chat = people.open_chat(work, webchat.ACCOUNT, await desk.chat_key(), address)
            assert minh is not None
            chat.person_id = minh.id
        await begin(desk.store)
        clock.pass_(days=3)
        await begin(desk.store)
        async with desk.store.read() as work:
            due = await timers.due_at(work, idle.KIND, (await its(work, desk)).key)
            assert due == work.now + timedelta(days=4)


async def shown_a_file(desk: WebDesk, person: ClientSession) -> tuple[str, str]:
    """Let a citizen's photo be shown on the page. Returns its address there, and the code of its case."""
    store = desk.store
    (code,) = await commune.open_cases(store, 1)
    async with store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        kept = await files.keep(
            store.files, store.keyring, case.chat_key, "1", files.clean(photo(), "a.jpg", 100_000)
        )
        await attachments.add(work, case.chat_key, [kept])
        await work.session.execute(update(Attachment).values(case_id=case.id))
        key = (await its(work, desk)).key
    await desk.tell(key, Message("Hồ sơ", files=(kept.ref,)))
    found = re.search(r'src="(/chat/file/.*?)"', await page(person))
    assert found is not None
    return found.group(1).replace("&amp;", "&"), code


async def status(person: ClientSession, link: str) -> int:
    """Ask for a file."""
    async with person.get(link) as answer:
        return answer.status


async def test_a_file_is_never_kept_by_an_officials_browser(desk: WebDesk, person: ClientSession) -> None:
    """It would open there without being asked for again; a citizen's own are kept for a day."""
    link, _ = await shown_a_file(desk, person)
    async with person.get(link) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("what", ["role", "wall", "ended", "idle"])
async def test_a_file_is_not_there_for_who_may_see_it_no_more(
    desk: WebDesk, person: ClientSession, clock: StoppedClock, what: str
) -> None:
    """The role has ended, the case speaks of them by now, the chat was ended, or nobody came for days."""
    link, code = await shown_a_file(desk, person)
    assert await status(person, link) == 200
    async with desk.store.work() as work:
        case = await cases.by_code(work, code)
        chat = await its(work, desk)
        assert case is not None
        if what == "role":
            end = {"do": "end_role", "person": "minh", "unit": "kt_xa", "role": "officer", "to": "2026-11-15"}
            await orders.carry_out(work, end, None)
        elif what == "wall":
            case.excluded_people = [str(chat.person_id)]
        elif what == "ended":
            await joined.untie(work, chat)
        else:
            clock.pass_(days=8)
    assert await status(person, link) == 404


async def test_what_the_page_has_shown_opens_for_nobody_else_who_works_there(
    desk: WebDesk, person: ClientSession
) -> None:
    """A chat that was ended and is tied anew by another official: links of before are the first one's."""
    link, _ = await shown_a_file(desk, person)
    async with desk.store.work() as work:
        chat = await its(work, desk)
        await joined.untie(work, chat)
        chief = await people.person_by_code(work, "tuan")
        assert chief is not None
        chat.person_id = chief.id
    assert await status(person, link) == 404


async def test_it_is_said_kindly_on_the_page_and_to_the_others(
    desk: WebDesk, person: ClientSession, clock: StoppedClock
) -> None:
    """The page names the days and the way back; the same person's other chats hear it; it is recorded."""
    clock.pass_(days=8)
    await page(person)
    async with desk.store.read() as work:
        rows = await work.session.execute(select(Outbox.lane, Outbox.body).order_by(Outbox.seq))
        said = {lane: str(body) for lane, body in rows}
        (other,) = await commune.chats_of(work, ["minh"])
        newest = (await changes.listed(work))[0]
        key = (await its(work, desk)).key
    assert "Trang này 7 ngày không ai mở" in said[key]
    assert "mã mời mới" in said[key]
    assert "trang web của Lê Văn Minh 7 ngày không ai mở nên đã tự ngắt" in said[other.key]
    assert newest.note == "Tự ngắt một nơi nhắn tin lâu không mở của Lê Văn Minh (trang web)."
