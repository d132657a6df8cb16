"""Public links to stored files: one file each, until a moment, for whoever was given the link."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import ClientSession, web

from bot.channels.opening import links as links_of
from bot.settings import Settings
from domain.messages import FileRef
from services import attachments as files
from storage import attachments
from storage.engine import Store
from tests.conftest import StoppedClock
from tests.emulators.loopback import photo
from web.links import Links
from web.server import create_app

WEEK = timedelta(days=7)


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
    one = await files.keep(store.files, store.keyring, "chat", name, clean)
    async with store.work() as work:
        await attachments.add(work, "chat", [one])
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
    url = links.make(file, clock.at + WEEK)
    assert "hoa" not in url.lower()
    async with ClientSession() as session, session.get(url) as response:
        assert await response.read() == await sqlite_store.files.get(file.id)
        assert response.content_type == "image/jpeg"
        assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''h%E1%BB%91")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_link_ends(links: Links, sqlite_store: Store, clock: StoppedClock) -> None:
    """At its moment, which cannot be moved."""
    url = links.make(await kept(sqlite_store, "a.jpg"), clock.at + WEEK)
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
    url = links.make(one, clock.at + WEEK)
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
    assert await status(links.make(nobody, clock.at + WEEK)) == 404


def test_without_a_public_address_there_are_no_links(sqlite_store: Store, tmp_path: Path) -> None:
    """Nobody could open them."""
    assert links_of(Settings(data_dir=tmp_path), sqlite_store) is None
    assert links_of(Settings(data_dir=tmp_path, public_url="https://xa.example/"), sqlite_store) is not None
