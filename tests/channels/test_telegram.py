"""Telegram's updates over real HTTP, from a server as strict as Telegram's own."""

import asyncio
import io

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.channels.channel import Sent, Unparsable
from bot.channels.telegram.channel import SECRET_HEADER, Telegram
from bot.desk import Desk
from domain.messages import Choice, Tap, Text
from storage.mail import offsets
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from tests.channels.telegram_desk import (
    SECRET,
    Naps,
    Open,
    Poll,
    Serve,
    delivery,
    ingest_into,
    message,
    position,
    send,
    stored,
    until,
    unused,
)
from tests.channels.telegram_updates import grouped
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import Drop, DropAfter, Page, Refused, too_many


async def test_a_webhook_is_stored_then_acknowledged_and_a_tap_answered(
    store: Store, tg: TelegramServer, open_telegram: Open, serve: Serve
) -> None:
    """Words and a tap reach the inbox under their chat, and the tap's spinner stops."""
    channel = open_telegram(store)
    await channel.set_hook(await serve(channel, ingest_into(store)))
    await send(channel, delivery("Đúng không?", Choice("Gửi", "send")))
    tg.chat(42).say("cống tắc")
    outcome = await send(channel, delivery("Đúng không?", Choice("Gửi", "send")))
    assert outcome == Sent("2")
    query = tg.chat(42).press("Gửi")
    await until(lambda: tg.queries[query] and not tg.waiting)
    bodies = await stored(store)
    assert [body["address"] for body in bodies.values()] == ["42", "42"]
    assert [channel.normalize(bodies[i]["raw"]) for i in ("1", "2")] == [Text("cống tắc"), Tap("send")]


async def test_what_was_not_stored_is_not_acknowledged(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, serve: Serve
) -> None:
    """While the database is away Telegram keeps the update and brings it again, in order."""
    channel, away = open_telegram(sqlite_store), [True]
    ingest = ingest_into(sqlite_store)

    async def flaky(arrived: Arrived) -> None:
        await (unused if away[0] else ingest)(arrived)

    await channel.set_hook(await serve(channel, flaky))
    tg.chat(42).say("một")
    tg.chat(42).say("hai")
    await until(lambda: len(tg.deliveries) >= 3)
    assert {number for _, number in tg.deliveries} == {1}
    away[0] = False
    await until(lambda: not tg.waiting)
    assert set(await stored(sqlite_store)) == {"1", "2"}


@pytest.mark.parametrize("secret", [None, "", "wrong", "ü", SECRET + "x"])
async def test_without_the_secret_nothing_is_taken(
    secret: str | None, sqlite_store: Store, open_telegram: Open, serve: Serve
) -> None:
    """A missing or wrong secret token is refused before the body is read."""
    channel = open_telegram(sqlite_store)
    url = await serve(channel, ingest_into(sqlite_store))
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with ClientSession() as client:
        answer = await client.post(f"{url}/telegram/telegram", json=message(text="x"), headers=headers)
        assert answer.status == 403
    assert await stored(sqlite_store) == {}


async def test_odd_bodies_are_kept_and_too_big_ones_refused(
    store: Store, open_telegram: Open, serve: Serve
) -> None:
    """Broken JSON, half a surrogate pair, no id: stored, 200, once; over a megabyte: 413."""
    channel = open_telegram(store)
    url = await serve(channel, ingest_into(store))
    odd = [b"{broken \xff", rb'{"update_id": 9, "message": "\ud83d"}', b"[]", b'{"update_id": "x"}', b""]
    big = b"[" + b"1," * 600_000 + b"1]"
    async with ClientSession(headers={SECRET_HEADER: SECRET}) as client:
        for raw, status in [(raw, 200) for raw in odd + odd] + [(big, 413)]:
            async with client.post(f"{url}/telegram/telegram", data=io.BytesIO(raw)) as answer:
                assert answer.status == status, raw[:40]
    bodies = await stored(store)
    assert len(bodies) == 5
    assert "9" in bodies
    for body in bodies.values():
        with pytest.raises(Unparsable):
            channel.normalize(body["raw"])


def test_a_webhook_needs_a_secret(open_telegram: Open) -> None:
    """An empty secret would let everybody in: the desk does not start with one."""
    with pytest.raises(ValueError, match="TELEGRAM_WEBHOOK_SECRET"):
        Telegram(
            "telegram",
            SecretStr("1:a"),
            "http://127.0.0.1",
            SecretStr(""),
            "webhook",
            None,  # type: ignore[arg-type]
        )
    assert open_telegram(mode="polling").routes(unused) == []


# --- polling -------------------------------------------------------------------------------------------


async def test_a_death_between_storing_and_confirming_loses_nothing(
    store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """The next process is given the updates again, and the inbox knows them."""
    ingest, stuck = ingest_into(store), asyncio.Event()

    async def dies_after(arrived: Arrived) -> None:
        await ingest(arrived)
        stuck.set()
        await asyncio.Event().wait()

    tg.chat(42).say("một")
    first = polling(open_telegram(store, "polling"), dies_after)
    await stuck.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert await position(store) == 0
    assert tg.waiting == [1]
    tg.chat(42).say("hai")
    polling(open_telegram(store, "polling"), ingest)
    await until(lambda: not tg.waiting)
    assert set(await stored(store)) == {"1", "2"}


async def test_a_restart_asks_from_the_stored_offset(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """The offset is the database's, and nothing was confirmed that was not stored."""
    async with sqlite_store.work() as work:
        await offsets.save(work, "another", 3)
        await offsets.save(work, "telegram", 500)
        await offsets.save(work, "yet another", 9)
    polling(open_telegram(sqlite_store, "polling"), ingest_into(sqlite_store))
    await until(lambda: tg.called("getUpdates"))
    assert tg.called("getUpdates")[0]["offset"] == 500


async def test_polling_survives_every_failure(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open, polling: Poll
) -> None:
    """It backs off, longer each time, as long as a 429 asks, and goes on; a bad answer is no end either."""
    naps = Naps()
    faults = [
        Drop,
        Page(502, "bad gateway"),
        too_many(17),
        Page(200, "<html>"),
        Refused(409, "Conflict: other"),
    ]
    tg.faults["getUpdates"].extend([*faults, Refused(401, "Unauthorized"), DropAfter])
    polling(open_telegram(sqlite_store, "polling", sleep=naps), ingest_into(sqlite_store))
    tg.chat(42).say("vẫn đến")
    await until(lambda: not tg.waiting)
    assert naps.asked == [2, 4, 17, 16, 32, 300, 60]
    assert set(await stored(sqlite_store)) == {"1"}


# --- who we are ----------------------------------------------------------------------------------------


async def test_a_worker_asks_what_the_bot_is_called_until_it_is_told(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open
) -> None:
    """From then on a group's commands for another bot are not ours."""
    naps, stop = Naps(), asyncio.Event()
    channel = open_telegram(sqlite_store, sleep=naps)
    other = grouped(text="/hoso@another_bot HB-7K3M2R")
    assert channel.normalize(other) == Text("/hoso HB-7K3M2R")
    tg.faults["getMe"].extend([Refused(401, "Unauthorized"), Page(200, "<html>")])
    working = asyncio.create_task(Desk(sqlite_store, [channel]).run("worker", stop))
    await until(lambda: channel.username)
    stop.set()
    await working
    assert naps.asked == [300, 4]
    assert channel.normalize(other) is None
