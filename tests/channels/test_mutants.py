"""A storm of random and mutated updates through each channel's real webhook, and a desk that outlives it.

`--storm 40` raises it to ten thousand.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select

from bot import app
from bot.channels.channel import Hooked
from bot.channels.telegram.channel import SECRET_HEADER as TELEGRAM_HEADER
from bot.channels.zalo_bot.channel import SECRET_HEADER as ZALO_BOT_HEADER
from bot.channels.zalo_oa.channel import SIGNATURE
from bot.demo.server import free_port
from bot.desk import Desk
from services.office import directory
from storage.ground.tables import DEAD, DONE, Inbox, Lane
from storage.mail import letters
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from tests.amounts import times
from tests.channels.mutants import mutants, raw, renumbered
from tests.channels.telegram_desk import until
from tests.channels.telegram_updates import SAID
from tests.channels.test_zalo_bot_reading import SEEDS as BOT
from tests.channels.test_zalo_oa_reading import SEEDS as OFFICIAL
from tests.conftest import StoppedClock
from tests.emulators.phones import PLATFORMS, SECRET, Platform, settings_for

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
PATHS = {"telegram": "/telegram/telegram", "zalo-oa": "/zalo-oa", "zalo-bot": "/zalo-bot"}
HEADERS = {"telegram": TELEGRAM_HEADER, "zalo-bot": ZALO_BOT_HEADER, "zalo-oa": SIGNATURE}
STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"
USUAL = 250


@dataclass
class Storm:
    """A desk behind one platform's webhook. `taken` is what it was handed to store."""

    desk: Desk
    clock: StoppedClock
    platform: Platform
    url: str
    header: str
    browser: ClientSession
    taken: list[Arrived] = field(default_factory=list)

    async def post(self, body: bytes) -> int:
        """Call the webhook as the platform does."""
        async with self.browser.post(self.url, data=body, headers={self.header: SECRET}) as answer:
            return answer.status

    async def outlived(self) -> None:
        """Let what can be handled be handled, and what cannot be fetched be given up."""
        quiet = 0
        while quiet < 3:
            steps = [*self.desk.fetchers, self.desk.worker]
            quiet = 0 if any([await loop.step() for loop in steps]) else quiet + 1
            self.clock.pass_(minutes=1)

    async def states(self) -> Counter[int]:
        """Count the stored messages by their state."""
        async with self.desk.store.read() as work:
            rows = await work.session.execute(select(Inbox.state, func.count()).group_by(Inbox.state))
            return Counter({row[0]: row[1] for row in rows})

    async def pending(self) -> int:
        """Count what waits to be handled."""
        async with self.desk.store.read() as work:
            waits = select(func.coalesce(func.sum(Lane.pending), 0)).where(Lane.direction == "in")
            return int(await work.session.scalar(waits) or 0)


@pytest.fixture(params=sorted(PLATFORMS))
async def storm(
    request: pytest.FixtureRequest, sqlite_store: Store, clock: StoppedClock, tmp_path: Path
) -> AsyncIterator[Storm]:
    """Open a desk on each platform in turn."""
    name: str = request.param
    async with sqlite_store.work() as work:
        await directory.seed(work, SEED.read_bytes(), SEED.name)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(PLATFORMS[name]())
        platform.settings |= {"zalo_oa_check": "log"} if name == "zalo-oa" else {}
        settings = settings_for(platform, tmp_path, free_port([0]))
        desk = Desk(sqlite_store, app.channels(settings, sqlite_store))
        for channel in desk.channels.values():
            stack.push_async_callback(channel.close)
        browser = await stack.enter_async_context(ClientSession())
        url = f"{settings.base_url}{PATHS[name]}"
        made = Storm(desk, clock, platform, url, HEADERS[name], browser)
        made.desk.ingest = _noting(desk, made.taken)  # type: ignore[method-assign]
        await stack.enter_async_context(app.serving(settings, app.web_app(desk, sqlite_store)))
        for channel in desk.channels.values():
            if isinstance(channel, Hooked):
                await channel.set_hook(settings.base_url)
        platform.connect(settings.base_url)
        yield made


def _noting(desk: Desk, taken: list[Arrived]) -> Callable[[Arrived], Any]:
    ingest = desk.ingest

    async def noting(arrived: Arrived) -> None:
        taken.append(arrived)
        await ingest(arrived)

    return noting


def seeds_of(storm: Storm) -> Sequence[Any]:
    """Return valid updates of every kind this platform sends."""
    if "telegram" in storm.url:
        return [update for update, _ in SAID]
    return OFFICIAL if "zalo-oa" in storm.url else BOT


@pytest.mark.storm
@pytest.mark.timeout(600)
async def test_none_wedges_a_lane_none_is_lost_and_the_dead_can_be_replayed(
    storm: Storm,
) -> None:
    """Each is acknowledged when it is stored, then handled or a dead letter that an admin can replay."""
    count, dice = times(USUAL), random.Random(7)
    seeds = seeds_of(storm)
    for number, mutant in enumerate([*seeds, *mutants(seeds, count, seed=11)], start=1000):
        assert await storm.post(raw(renumbered(mutant, number), dice)) == 200
    await storm.outlived()
    states = await storm.states()
    assert set(states) == {DONE, DEAD}
    assert states.total() == len({one.external_id for one in storm.taken})
    assert await storm.pending() == 0
    await replay_all(storm, states[DEAD])
    phone = storm.platform.phone("citizen")
    phone.say(STORY)
    await until(storm.platform.quiet)
    await storm.outlived()
    after = await storm.states()
    assert after[DEAD] == states[DEAD]
    assert after[DONE] > states[DONE]


async def replay_all(storm: Storm, dead: int) -> None:
    """Replay what is dead: an admin sees each of them, and after the replay it is dead again, not lost."""
    async with storm.desk.store.work() as work:
        listed = await letters.listed(work, dead + 1)
        assert len(listed) == dead
        assert all(letter.reason for letter in listed)
        put_back = await letters.replay(work, listed[:20])
        assert put_back
    await storm.outlived()
    assert (await storm.states())[DEAD] == dead
