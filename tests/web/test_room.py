"""What is sent finds room, or is refused in words: so much a day, so much in all, never the database's."""

import asyncio
import errno
import io
from dataclasses import replace
from uuid import uuid4

import pytest
from aiohttp import ClientSession, FormData
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

import locales
from bot.app import web_app
from bot.desk import Desk
from domain import law
from domain.messages import Files, Text, Unsupported
from domain.room import Held, Room
from services.intake import uploads
from services.intake.attachments import Refused
from services.intake.uploads import Sender
from storage.cases import attachments
from storage.ground.files import Disk, FileStore
from storage.ground.tables import DONE, Attachment, Case, Inbox
from storage.mail import inbox
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper
from tests.emulators.webdesk import LIMIT, WebDesk, browser, web_desk
from tests.storage import commune
from tests.storage.commune import put_in
from tests.storage.test_fetching import Remotely
from tests.storage.test_fetching import sent as sent_remotely

SIZE = 1000
SMALL = Room(a_day=Held(3, 10 * SIZE), waiting=Held(5, 100 * SIZE), new_of_hundred=100)


def pdf(size: int = SIZE) -> bytes:
    """Make a paper of so many bytes, unlike any other."""
    return (b"%PDF-1.4 " + uuid4().hex.encode()).ljust(size, b" ")


@pytest.fixture
async def small(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Let there be little room, at the desk of a small commune."""
    await commune.settle(sqlite_store)
    return await _with(sqlite_store, monkeypatch, SMALL)


async def _with(store: Store, monkeypatch: pytest.MonkeyPatch, room: Room) -> Store:
    async with store.read() as work:
        rules = replace(work.rules, room=room)

    async def told(_session: object) -> object:
        return rules

    monkeypatch.setattr(store.library, "rules", told)
    return store


def form(*papers: bytes, text: str = "", client_id: str = "") -> FormData:
    """Fill in the page's form."""
    made = FormData({"client_id": client_id or uuid4().hex, "text": text})
    for number, paper in enumerate(papers):
        made.add_field("files", io.BytesIO(paper), filename=f"don {number}.pdf")
    return made


async def post(person: ClientSession, filled: FormData) -> None:
    """Send it; it is always taken."""
    async with person.post("/chat/send", data=filled, allow_redirects=False) as answer:
        assert answer.status == 303


async def said(desk: WebDesk) -> list[object]:
    """Return what the desk was told, in order."""
    return [desk.channel.normalize(row.body["raw"]) for row in await desk.heard()]


async def rows(store: Store) -> int:
    """Return how many files have a row."""
    return await commune.counted(store, Attachment.id.is_not(None))


async def test_one_chat_may_send_so_many_files_a_day(small: Store, clock: StoppedClock) -> None:
    """The fourth is refused in words, beside those that are taken; words are heard, and tomorrow it may."""
    async with web_desk(small) as desk, browser(desk) as person:
        await post(person, form(*(pdf() for _ in range(4)), text="Giấy tờ đây ạ"))
        taken, refused = await said(desk)
        assert isinstance(taken, Files)
        assert (len(taken.files), taken.caption) == (3, "Giấy tờ đây ạ")
        assert refused == Unsupported("upload.day")
        await post(person, form(pdf(), text="còn một tờ"))
        assert (await said(desk))[2:] == [Text("còn một tờ"), Unsupported("upload.day")]
        assert await rows(small) == len(list(small.files.folder.glob("*/*"))) == 3
        async with browser(desk) as other:
            await post(other, form(pdf()))
        assert await rows(small) == 4
        clock.pass_(hours=25)
        await post(person, form(pdf()))
        assert await rows(small) == 5


async def test_one_chat_may_send_so_many_bytes_a_day(small: Store) -> None:
    """However few files they are; what is small still fits."""
    async with web_desk(small) as desk, browser(desk) as person:
        await post(person, form(pdf(8 * SIZE), pdf(3 * SIZE), pdf(2 * SIZE)))
        taken, refused = await said(desk)
    assert isinstance(taken, Files)
    assert [file.size for file in taken.files] == [8 * SIZE, 2 * SIZE]
    assert refused == Unsupported("upload.day")


async def test_so_many_files_may_wait_for_a_case_in_all(small: Store) -> None:
    """Whoever sent them; an official's are taken: their answers are not kept out by strangers."""
    async with web_desk(small) as desk:
        for count in (3, 2):
            async with browser(desk) as person:
                await post(person, form(*(pdf() for _ in range(count))))
        async with browser(desk) as person:
            await post(person, form(pdf(), text="cống tắc"))
            assert (await said(desk))[-2:] == [Text("cống tắc"), Unsupported("upload.waiting")]
    official = small.keyring.blind("chat", "paper", "minh")
    await uploads.admit(small, Sender(official, "m1"))
    with pytest.raises(Refused, match=r"upload\.waiting"):
        await uploads.admit(small, Sender("somebody", "m1"))


async def test_a_post_that_is_sent_again_counts_once(small: Store) -> None:
    """The page repeats what was not acknowledged: the same files are the same rows."""
    papers, client_id = [pdf(), pdf()], uuid4().hex
    async with web_desk(small) as desk, browser(desk) as person:
        for _ in range(2):
            await post(person, form(*papers, client_id=client_id))
        assert len(await said(desk)) == 1
    assert await rows(small) == 2


async def test_a_post_sent_again_after_it_was_answered_brings_no_file_back(small: Store) -> None:
    """What a dropped draft took along stays gone, on disk too; what a case has is left as it is."""
    papers, client_id = [pdf()], uuid4().hex
    async with web_desk(small) as desk, browser(desk) as person:
        await post(person, form(*papers, client_id=client_id))
        (heard,) = await desk.heard()
        async with small.work() as work:
            ids = [file["id"] for file in heard.body["raw"]["files"]]
            attachments.let_go(work, heard.lane, ids)
            row = await work.session.get(Inbox, (heard.account, heard.external_id))
            assert row is not None
            row.state = DONE
        await post(person, form(*papers, client_id=client_id))
    assert await rows(small) == 0
    assert not list(small.files.folder.glob("*/*"))


async def test_what_a_broken_post_left_is_known(small: Store) -> None:
    """Each file has its row as soon as it is there: what never becomes a message is counted, and swept."""
    broken = FormData({"client_id": uuid4().hex})
    broken.add_field("files", io.BytesIO(pdf()), filename="a.pdf")
    broken.add_field("nobody knows this field", "x")
    async with web_desk(small) as desk, browser(desk) as person:
        async with person.post("/chat/send", data=broken, allow_redirects=False) as answer:
            assert answer.status == 400
        assert await said(desk) == []
    assert await rows(small) == len(list(small.files.folder.glob("*/*"))) == 1


async def keeps(store: Store, who: str) -> bool:
    """Send a paper as a channel does; say whether it was taken. All that are sent at once meet half-way."""
    try:
        async with uploads.keeping(store, Sender(who, uuid4().hex), pdf(), "don.pdf", LIMIT) as kept:
            await asyncio.sleep(0)
            async with store.work() as work:
                await attachments.add(work, who, [kept])
    except Refused:
        return False
    return True


@pytest.mark.parametrize("chats", [1, 10])
async def test_many_at_once_find_no_more_room_than_there_is(
    store: Store, monkeypatch: pytest.MonkeyPatch, chats: int
) -> None:
    """What is looked at and not written yet is counted: of one chat, and of all together."""
    await commune.settle(store)
    small = await _with(store, monkeypatch, SMALL)
    taken = await asyncio.gather(*(keeps(small, f"chat {number % chats}") for number in range(20)))
    assert sum(taken) == await rows(small) == (3 if chats == 1 else 5)
    assert small.files.coming == []


async def test_a_crowd_of_new_chats_leaves_room_to_people_with_a_case(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a case that somebody here took tells a person from a made-up one; so do its other chats."""
    await commune.settle(store)
    await commune.open_cases(store, 2)
    async with store.work() as work:
        case, untaken = await work.session.scalars(select(Case).order_by(Case.code))
        known, opened = case.chat_key, untaken.chat_key
        other = commune.chat_of(work, "an ở nơi khác")
        other.home = known
    small = await _with(store, monkeypatch, replace(SMALL, waiting=Held(8, 100 * SIZE), new_of_hundred=25))
    assert [await keeps(small, f"made up {number}") for number in range(3)] == [True, True, False]
    assert not await keeps(small, known)
    async with store.work() as work:
        minh = await people.person_by_code(work, "minh")
        taken = await work.session.get(Case, case.id)
        assert minh is not None
        assert taken is not None
        taken.officer_id = minh.id
    assert [await keeps(small, who) for who in (known, other.key, opened)] == [True, True, False]


# --- platforms -----------------------------------------------------------------------------------


async def test_files_of_platforms_find_room_too(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over it nothing is fetched any more; the words under the file are answered, with how to go on."""
    channel = Remotely()
    desk = Desk(small, [channel])
    await _with(small, monkeypatch, Room(a_day=Held(0, 0)))
    body = {"remote": "letter", "text": commune.STORY}
    await put_in(small, inbox.Arrived("paper", "an-1", "an", body, files=True))
    await desk.fetchers[0].step()
    await commune.work_off(desk)
    assert channel.fetched == []
    (told,) = [one.message.text for one in channel.told if one.address == "an"]
    assert locales.words("vi")("unsupported.upload.day").splitlines()[0] in told
    assert "cống thôn 3 tắc" in told
    assert await rows(small) == 0


async def test_a_full_disk_fetches_nothing(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays at its platform."""
    monkeypatch.setattr(FileStore, "disk", lambda _: Disk(1, 2**40, 2))
    channel = Remotely()
    desk = Desk(small, [channel])
    await put_in(small, sent_remotely("an", "letter"))
    await desk.fetchers[0].step()
    assert channel.fetched == []
    (row,) = await commune.rows(small, Inbox)
    assert row.body["files"] == [{"refused": "upload.no_room"}]


# --- the disk ------------------------------------------------------------------------------------


async def test_files_leave_the_disk_to_the_database(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the floor a file is refused and the words beside it are stored; above it is taken."""
    disk = Disk(free=10**9, total=2**40, floor=10**9 - 10)
    monkeypatch.setattr(FileStore, "disk", lambda _: disk)
    async with web_desk(sqlite_store) as desk, browser(desk) as person:
        await post(person, form(pdf(), text="Cứu với"))
        assert await said(desk) == [Text("Cứu với"), Unsupported("upload.no_room")]
        disk = replace(disk, floor=0)
        await post(person, form(pdf()))
        assert isinstance((await said(desk))[-1], Files)


@pytest.mark.parametrize(
    ("free", "total", "takes"), [(600, 10**6, 1), (400, 10**6, 0), (400, 7000, 1), (300, 7000, 0)]
)
def test_the_floor_is_a_small_part_of_a_small_disk(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, free: int, total: int, takes: int
) -> None:
    """500 MB, or a twentieth where that is less."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(free * 2**20, total * 2**20, 0))
    assert sqlite_store.files.disk().takes_files is bool(takes)


async def test_a_disk_that_is_full_after_all_is_said(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else may fill it meanwhile; nothing half written is left."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused, match=r"upload\.no_room"):
        async with uploads.keeping(sqlite_store, Sender("somebody", "m1"), pdf(), "don.pdf", LIMIT):
            pass
    assert [path for path in sqlite_store.files.folder.rglob("*") if path.is_file()] == []
    assert sqlite_store.files.coming == []


async def test_the_health_check_says_whether_files_are_taken(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is well either way: words are."""
    app = web_app(Desk(sqlite_store, [Paper()]), sqlite_store)
    async with TestClient(TestServer(app)) as client:
        for free, files in ((10, "taken"), (1, "refused")):
            monkeypatch.setattr(FileStore, "disk", lambda _, free=free: Disk(free, 100, 5))
            async with client.get("/healthz") as answer:
                assert (answer.status, (await answer.json())["files"]) == (200, files)


# --- the rules -----------------------------------------------------------------------------------


def test_the_office_says_how_much_room_there_is() -> None:
    """What ships is our proposal; an office without it has the same, and a wrong one is refused."""
    office = law.seed("office")
    assert Room.parse(office) == Room() == Room.parse({})
    assert office["files"]["conf"] == "proposal"
    other = Room.parse({"files": {"day_files": 1, "day_mb": 2, "waiting_files": 3, "waiting_mb": 4}})
    assert other == Room(Held(1, 2 * 2**20), Held(3, 4 * 2**20))
    assert other.of_new == Held(1, 2**20)
    with pytest.raises(law.BadDocument):
        Room.parse({"files": {"day_files": 1}})
