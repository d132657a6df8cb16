"""The demo's own house: where its data lies, what it refuses to touch, and who lives in it."""

import fcntl
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import locales
from bot.demo.hands import settle
from bot.demo.player import arrive
from bot.demo.seats import SEATS, Seat
from bot.desk import Desk
from bot.settings import Settings
from domain.calendar import WorkCalendar
from services.office import boundaries, directory
from storage.ground.crypto import load_or_create
from storage.mail import webchat
from storage.people import people
from storage.store import demo
from storage.store.engine import DatabaseClock, Store

_SEEDS = Path(__file__).parents[2] / "storage" / "seeds"
SEEDS = (_SEEDS / "demo.yaml", _SEEDS / "province.yaml")
"""The made-up commune, and then its neighbour and the province above both."""
MAP = _SEEDS / "demo.geojson"
"""A made-up map of both."""
COMMUNE = "tan_lap_mau"
ACCOUNTS = dict.fromkeys((webchat.ACCOUNT, "console-citizen"), COMMUNE)
"""People who do not say where write to the commune of the demo's panes."""
START = time(9)
_MONDAY = 0


class Refused(Exception):
    """The demo does not start; the message is one line that says why and what to do."""


def house(settings: Settings) -> Settings:
    """Return the demo's settings: its own folder and key, nothing public. Raises Refused."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr) and value.get_secret_value():
            raise Refused(f"{name.upper()} is set: the demo never runs beside real accounts; unset it first")
    own = {"data_dir": settings.data_dir / "demo", "secret_key_file": None, "public_url": ""}
    return settings.model_copy(update=own)


@contextmanager
def moved_in(settings: Settings) -> Iterator[None]:
    """Keep the house to one process: two would have two clocks. Raises Refused."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"a demo is running already in {settings.data_dir}; end that one first") from None
        yield


async def look(settings: Settings, *, fresh: bool = False) -> None:
    """Refuse a database that is not a demo's; with `fresh` clear a demo's away. Raises Refused."""
    if await _whose(make_url(settings.store_url)) == "desk":
        where = "DATABASE_URL" if settings.database_url else settings.data_dir
        raise Refused(f"{where}: this database is not a demo's; the demo leaves it alone")
    if fresh and settings.database_url:
        raise Refused("DATABASE_URL: only the demo's own file can be begun anew; empty the database yourself")
    if fresh:
        shutil.rmtree(settings.data_dir / "files", ignore_errors=True)
        for part in settings.data_dir.glob("desk.sqlite3*"):
            part.unlink()
    load_or_create(settings.key_file)  # quietly: nobody needs a copy of a demo's key


async def _whose(url: URL) -> demo.Whose:
    if _is_missing_file(url):
        return "nobody"
    engine = create_async_engine(url)
    try:
        return await demo.whose(engine)
    except (DBAPIError, OSError) as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error) or type(error).__name__
        raise Refused(f"DATABASE_URL: the database cannot be used: {said}") from error
    finally:
        await engine.dispose()


def _is_missing_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


async def furnish(store: Store) -> None:
    """Mark a new database as a demo's and bring in the made-up commune, its neighbour and their province.

    So is a map of them. A demo that was begun when it had the commune alone gets the others too.
    """
    async with store.work() as work:
        new = await demo.mark(work)
        whole = await people.person_by_code(work, SEATS["province_head"].person) is not None
    for seed in SEEDS if new else () if whole else SEEDS[1:]:
        async with store.work() as work:
            await directory.seed(work, seed.read_bytes(), seed.name)
    async with store.work() as work:
        if not work.desk.shapes.areas:
            await boundaries.bring(work, [(MAP.name, MAP.read_bytes())])
    store.accounts = ACCOUNTS


async def seat_everyone(desk: Desk, names: Iterable[str] = SEATS) -> None:
    """Let the officials of these seats enter by an invitation, as real ones do; those who did stay."""
    for seat in map(SEATS.__getitem__, names):
        if seat.person and (token := await _invited(desk.store, seat)):
            await arrive(desk, seat, {"text": token, "label": locales.words("vi")("webchat.enter")})
    await settle(desk)


async def _invited(store: Store, seat: Seat) -> str | None:
    async with store.work() as work:
        key = seat.chat_key(work.keyring)
        await people.load_chats(work, [key])
        person = await people.person_by_code(work, seat.person)
        if person is None:
            raise LookupError(seat.person)
        seated = key in work.chats and work.chats[key].person_id == person.id
        return None if seated else await people.invite(work, person.id)


async def set_the_clock(store: Store, clock: DatabaseClock) -> None:
    """Put the clock of a demo on to where it stood: at first, the next working Monday morning."""
    async with store.work() as work:
        shift = await demo.shift(work)
        if shift is None:
            shift = next_monday(work.now, work.rules.calendar) - work.now
            await demo.keep_shift(work, shift)
        clock.shift = shift


def next_monday(now: datetime, calendar: WorkCalendar) -> datetime:
    """Return the next Monday on which people work, 9 o'clock, in UTC."""
    day = calendar.local(now).date()
    while day.weekday() != _MONDAY or not calendar.is_working(day) or calendar.at(day, START) <= now:
        day += timedelta(days=1)
    return calendar.at(day, START)
