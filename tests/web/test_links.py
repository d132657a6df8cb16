"""Public links to stored files: one file each, until a moment, for whoever was given the link."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import update

from bot.channels.opening import links as links_of
from bot.settings import Settings
from domain.messages import FileRef
from services.intake import attachments as files
from services.office import orders
from storage.cases import attachments, cases
from storage.ground.tables import Attachment
from storage.people import joined, people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.emulators.loopback import photo
from tests.storage import commune
from web.links import Links
from web.server import create_app

WEEK = timedelta(days=7)
CHAT = "0" * 32
"""The key of the citizen's chat that links are made for."""


@pytest.fixture
async def links(sqlite_store: Store) -> AsyncIterator[Links]:
    """Serve the links of a desk."""
    links = Links(sqlite_store, "")
    app = create_app()
    app.add_routes(links.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    links._public_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield links
    await runner.cleanup()


async def kept(store: Store, name: str) -> FileRef:
    """Keep a photo."""
    clean = files.clean(photo(), name, 100_000)
    one = await files.keep(store.files, store.keyring, CHAT, name, clean)
    async with store.work() as work:
        await people.load_chats(work, [CHAT])
        people.open_chat(work, "paper", CHAT, "citizen")
        await attachments.add(work, CHAT, [one])
    return one.ref


async def status(url: str) -> int:
    """Ask for an address."""
    async with ClientSession() as session, session.get(url) as response:
        return response.status


async def test_whoever_has_the_link_can_save_the_file(
    links: Links, sqlite_store: Store, clock: StoppedClock
) -> None:
    """As what it is, under its name, kept by nobody on the way; the link itself does not hold the name."""
    file = await kept(sqlite_store, "hố ga nhà bà Hoa.jpg")
    url = links.make(file, clock.at + WEEK, CHAT)
    assert "hoa" not in url.lower()
    async with ClientSession() as session, session.get(url) as response:
        assert await response.read() == await sqlite_store.files.get(file.id)
        assert response.content_type == "image/jpeg"
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''h%E1%BB%91")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_link_ends(links: Links, sqlite_store: Store, clock: StoppedClock) -> None:
    """At its moment, which cannot be moved."""
    url = links.make(await kept(sqlite_store, "a.jpg"), clock.at + WEEK, CHAT)
    clock.pass_(days=7)
    assert await status(url) == 200
    clock.pass_(seconds=1)
    assert await status(url) == 404
    until = url.partition("until=")[2].partition("&")[0]
    assert await status(url.replace(until, str(int(until) + 60_000))) == 404


async def test_a_link_opens_its_own_file_alone(
    links: Links, sqlite_store: Store, clock: StoppedClock
) -> None:
    """Another id, another signature, none, or a file that is gone: it is not there."""
    one, other = await kept(sqlite_store, "a.jpg"), await kept(sqlite_store, "b.jpg")
    url = links.make(one, clock.at + WEEK, CHAT)
    key = url.partition("k=")[2]
    base = links._public_url
    for wrong in (
        url.replace(one.id, other.id),
        url.replace(key, "0" * len(key)),
        url.replace(key, "%FF"),
        url.partition("&k=")[0],
        url.partition("?")[0],
        f"{base}/files/{one.id}",
        f"{base}/files/",
        f"{base}/files/x/photo.jpg?until=x&k=x",
    ):
        assert await status(wrong) == 404
    sqlite_store.files._path(one.id).unlink()
    assert await status(url) == 404
    nobody = FileRef(str(UUID(int=7)), "photo", "image/jpeg", 1)
    assert await status(links.make(nobody, clock.at + WEEK, CHAT)) == 404


async def test_a_link_opens_for_the_chat_it_was_made_for(
    links: Links, sqlite_store: Store, clock: StoppedClock
) -> None:
    """Whose it is cannot be changed, and for a chat that nobody has it opens nothing."""
    file = await kept(sqlite_store, "a.jpg")
    url = links.make(file, clock.at + WEEK, CHAT)
    assert await status(url) == 200
    assert await status(url.replace(CHAT, "1" * 32)) == 404
    assert await status(links.make(file, clock.at + WEEK, "1" * 32)) == 404


@pytest.mark.parametrize("what", ["role", "wall", "chat"])
async def test_an_officials_link_asks_again_each_time(
    links: Links, sqlite_store: Store, clock: StoppedClock, what: str
) -> None:
    """Where the role has ended, the case speaks of them by now, or the chat was ended, it opens no more."""
    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    file = await kept(sqlite_store, "a.jpg")
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        (minh,) = await commune.chats_of(work, ["minh"])
        assert case is not None
        minh.joined_at = work.now
        await work.session.execute(update(Attachment).values(case_id=case.id))
        url = links.make(file, clock.at + WEEK, minh.key)
    assert await status(url) == 200
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        (minh,) = await commune.chats_of(work, ["minh"])
        assert case is not None
        if what == "role":
            end = {"do": "end_role", "person": "minh", "unit": "kt_xa", "role": "officer", "to": "2026-11-15"}
            await orders.carry_out(work, end, None)
        elif what == "wall":
            case.excluded_people = [str(minh.person_id)]
        else:
            await joined.untie(work, minh)
    assert await status(url) == 404
    assert await status(links.make(file, clock.at + WEEK, CHAT)) == 200


def test_without_a_public_address_there_are_no_links(sqlite_store: Store, tmp_path: Path) -> None:
    """Nobody could open them."""
    assert links_of(Settings(data_dir=tmp_path), sqlite_store) is None
    assert links_of(Settings(data_dir=tmp_path, public_url="https://xa.example/"), sqlite_store) is not None
