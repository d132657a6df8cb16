"""Several replicas of one desk at Telegram: one polls, one sets the webhook, and the next goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import structlog
from aiohttp import ClientSession

from bot import alone, hooks
from bot.channels.channel import Hook, Ingest
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from storage.time import leases
from tests.channels.telegram_desk import Naps, Open, Poll, Serve, ingest_into, stored, until, unused
from tests.conftest import StoppedClock
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import Refused

Keep = Callable[[Store, object, str], asyncio.Task[None]]


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let replicas look at their leases often."""
    monkeypatch.setattr(alone, "RENEW", 0.01)
    monkeypatch.setattr(alone, "LOOK", 0.01)


@pytest.fixture
async def keep() -> AsyncIterator[Keep]:
    """Let a process keep the webhooks of its channels."""
    tasks: list[asyncio.Task[None]] = []

    async def until_stopped(store: Store, channel: object, url: str) -> None:
        async with hooks.kept(store, [channel], url):
            await asyncio.Event().wait()

    def start(store: Store, channel: object, url: str) -> asyncio.Task[None]:
        tasks.append(task := asyncio.create_task(until_stopped(store, channel, url)))
        return task

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def is_held(store: Store, name: str) -> bool:
    """Say whether a replica holds a lease."""
    async with store.read() as work:
        return await leases.is_held(work, name)


# --- 15: one poller ----------------------------------------------------------------------------------


async def test_edge_15_of_two_replicas_one_polls_and_the_other_goes_on_when_it_stops(
    store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """Nobody is refused with a 409, and each update is stored once, whoever polls first."""
    store_it = ingest_into(store)
    took: list[int] = []

    def ingest_of(replica: int) -> Ingest:
        async def ingest(arrived: Arrived) -> None:
            took.append(replica)
            await store_it(arrived)

        return ingest

    with structlog.testing.capture_logs() as lines:
        replicas = [polling(open_telegram(store, "polling"), ingest_of(number)) for number in range(2)]
        tg.chat(42).say("một")
        await until(lambda: not tg.waiting)
        first = replicas[took[0]]
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        tg.chat(42).say("hai")
        await until(lambda: not tg.waiting)
    assert took in ([0, 1], [1, 0])
    assert set(await stored(store)) == {"1", "2"}
    assert lines == []


async def test_edge_15_a_replica_that_died_is_waited_for_until_its_lease_ends(
    store: Store, clock: StoppedClock, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """It may only be slow: nobody else polls while its time lasts."""
    async with store.work() as work:
        assert await leases.hold(work, "poll:telegram", "the dead", alone.LASTS)
    naps = Naps()
    polling(open_telegram(store, "polling", naps), ingest_into(store))
    tg.chat(42).say("x")
    clock.pass_(seconds=29)
    for _ in range(5):
        assert await is_held(store, "poll:telegram")
    assert tg.called("getUpdates") == []
    clock.pass_(seconds=1)
    await until(lambda: not tg.waiting)


async def test_edge_15_a_lost_lease_ends_the_poll_at_once(
    store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """Even one that waits for an answer: what comes later is left to whoever holds the lease."""
    took: list[Arrived] = []

    async def ingest(arrived: Arrived) -> None:
        took.append(arrived)

    with structlog.testing.capture_logs() as lines:
        polling(open_telegram(store, "polling"), ingest)
        await until(lambda: tg.called("getUpdates"))
        async with store.work() as work:
            await work.session.execute(leases.lease.update().values(holder="another"))
        await until(lambda: any(line["event"] == "lease_lost" for line in lines))
    tg.chat(42).say("x")
    for _ in range(5):
        assert await is_held(store, "poll:telegram")
    assert took == []
    assert tg.waiting == [1]


async def test_edge_15_another_installation_with_our_token_is_loud(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """Whoever polls without asking for our lease is a mistake the log shows, each time it happens."""
    with structlog.testing.capture_logs() as lines:
        polling(open_telegram(sqlite_store, "polling"), ingest_into(sqlite_store))
        await until(lambda: tg.called("getUpdates"))
        async with ClientSession() as other, other.get(f"{tg.url}/bot{tg.token}/getUpdates?timeout=0"):
            await until(lambda: lines)
    assert [(line["event"], line["log_level"]) for line in lines] == [("telegram_polled_elsewhere", "error")]


async def test_edge_15_polling_beside_a_webhook_is_said_once_with_what_to_do(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, serve: Serve, polling: Poll
) -> None:
    """Until the webhook is gone it tries, and says so again should it come back."""
    hooked, naps = open_telegram(sqlite_store), Naps()
    url = await serve(hooked, unused)
    await hooked.set_hook(url)
    with structlog.testing.capture_logs() as lines:
        polling(open_telegram(sqlite_store, "polling", sleep=naps), ingest_into(sqlite_store))
        await until(lambda: len(naps.asked) > 2)
        assert [(line["event"], line["log_level"]) for line in lines] == [("telegram_has_a_webhook", "error")]
        assert "python -m bot webhook delete" in lines[0]["reason"]
        await hooked.delete_hook()
        tg.chat(42).say("x")
        await until(lambda: not tg.waiting)
        await hooked.set_hook(url)
        await until(lambda: len(lines) > 1)


# --- 16: one who sets the webhook --------------------------------------------------------------------


async def test_edge_16_of_many_replicas_one_sets_the_webhook(
    store: Store, tg: TelegramServer, open_telegram: Open, serve: Serve, keep: Keep
) -> None:
    """Four processes that start together make one call; when they stop, the next finds it set."""
    channels = [open_telegram(store) for _ in range(4)]
    url = await serve(channels[0], ingest_into(store))
    keepers = [keep(store, channel, url) for channel in channels]
    await until(lambda: tg.hook)
    for keeper in keepers[:-1]:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        await until(lambda: is_held(store, "hook:telegram"))
    assert len(tg.called("setWebhook")) == 1


async def test_edge_16_the_webhook_is_set_anew_only_after_trouble(
    tg: TelegramServer, open_telegram: Open, serve: Serve
) -> None:
    """Whoever asks again changes nothing while Telegram is content."""
    channel = open_telegram()
    url = await serve(channel, unused)
    assert await channel.set_hook(url)
    assert not await channel.set_hook(url)
    assert len(tg.called("setWebhook")) == 1
    tg.chat(42).say("x")
    await until(lambda: len(tg.deliveries) > 2)
    assert await channel.set_hook(url)
    assert len(tg.called("setWebhook")) == 2


async def test_edge_16_what_is_wrong_with_the_webhook_is_said_and_set_right(
    monkeypatch: pytest.MonkeyPatch, store: Store, tg: TelegramServer, open_telegram: Open, keep: Keep
) -> None:
    """A refusal, calls that fail, too many that wait are in the log; one that was taken away is set again."""
    monkeypatch.setattr(hooks, "LOOK", 0.01)
    channel = open_telegram(store)
    tg.faults["setWebhook"].append(Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    with structlog.testing.capture_logs() as lines:
        keep(store, channel, "http://127.0.0.1:9")
        await until(lambda: tg.hook)
        looks = len(tg.called("getWebhookInfo"))
        await until(lambda: len(tg.called("getWebhookInfo")) > looks + 3)
        await channel.delete_hook()
        await until(lambda: tg.hook)
        for number in range(hooks.MANY):
            tg.chat(number + 1).say("x")
        await until(lambda: {line["event"] for line in lines} >= {"webhook_failing", "webhook_behind"})
    assert lines[0]["event"] == "webhook_not_set"
    assert tg.token not in str(lines)


async def test_edge_16_a_webhook_says_what_is_known_of_it(open_telegram: Open, tg: TelegramServer) -> None:
    """Where none is set, nothing; then its address, what waits, and when and why the last call failed."""
    channel = open_telegram()
    assert await channel.hook() == Hook("")
    await channel.set_hook("http://127.0.0.1:9")
    tg.chat(42).say("x")
    await until(lambda: tg.deliveries and tg.updates.webhook_info().get("last_error_date"))
    found = await channel.hook()
    assert found == Hook("http://127.0.0.1:9/telegram/telegram", 1, "Connection failed", tg.now)
