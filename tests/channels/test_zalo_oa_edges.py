"""The Official Account's edge cases: tokens that are good for one use, and events that come as they like.

22. Two replicas renew at once, or one dies in mid-renewal. 23. Retries with the original time, echoes,
three names for an id, two spellings of a place.
"""

import asyncio
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import ClientSession

from bot.channels.channel import Broken, Part, Sent
from bot.channels.zalo_oa.channel import SIGNATURE, ZaloOa, signature
from bot.channels.zalo_oa.tokens import Tokens, Unreached
from domain.messages import Location
from storage.mail import tokens
from storage.mail.inbox import Arrived
from storage.store.engine import Store
from tests.channels.telegram_desk import Serve, ingest_into, until, unused
from tests.channels.zalo_oa_desk import OpenOa, delivery, inbox_of, pair_of, send
from tests.conftest import StoppedClock
from tests.emulators.telegram_contract import Drop, DropAfter, Slow
from tests.emulators.zalo_oa import ZaloOaServer

# --- 22: tokens ------------------------------------------------------------------------------------


async def test_edge_22_two_replicas_renew_once(
    oa: ZaloOaServer, open_oa: OpenOa, postgres_store: Store
) -> None:
    """Many messages on two replicas find the token dead at once: one refresh token is used, once."""
    first, second = open_oa(postgres_store), open_oa(postgres_store)
    hoa = oa.user("hoa")
    hoa.follow()
    oa.faults["access_token"].append(Slow(0.2))
    many = [
        channel.send(delivery(f"Tin {n}"), Part(f"Tin {n}")) for channel in (first, second) for n in range(4)
    ]
    assert all(isinstance(done, Sent) for done in await asyncio.gather(*many))
    assert len(oa.called("access_token")) == 1
    oa.expire_tokens()
    many = [
        channel.send(delivery(f"Tin {n}"), Part(f"Tin {n}")) for channel in (first, second) for n in range(4)
    ]
    assert all(isinstance(done, Sent) for done in await asyncio.gather(*many))
    assert len(oa.called("access_token")) == 2
    assert len(hoa.texts) == 16


async def test_edge_22_a_replica_that_finds_the_renewal_of_another_waits_for_it(
    oa: ZaloOaServer, open_oa: OpenOa, store: Store
) -> None:
    """It asks nobody, and goes on with what the other one brings."""
    oa.user("hoa").follow()
    channel = open_oa(store)
    looks = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        looks.set()
        await asyncio.sleep(0.005)

    channel.client.tokens._sleep = sleep
    await _left_pending(store, oa)
    sending = asyncio.create_task(send(channel, delivery()))
    await looks.wait()
    async with store.work() as work:
        pair = await tokens.find(work, "zalo-oa")
        assert pair is not None
        lives = replace(pair, access=oa.access_token, pending_at=None, expires_at=work.now.replace(year=2027))
        await tokens.save(work, lives)
    [done] = await sending
    assert isinstance(done, Sent)
    assert oa.called("access_token") == []


async def test_edge_22_a_crash_in_mid_renewal_stops_the_account_until_the_owner_agrees_anew(
    oa: ZaloOaServer, open_oa: OpenOa, store: Store, clock: StoppedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody knows which pair is in force: nothing is tried, the log says what to do, a new setting heals."""
    oa.user("hoa").follow()
    await _left_pending(store, oa)
    clock.pass_(seconds=61)
    [outcome] = await send(open_oa(store), delivery())
    assert isinstance(outcome, Broken)
    assert oa.calls == []
    assert (await pair_of(store)).lost(clock.at)
    said = capsys.readouterr().out
    assert "ZALO_OA_REFRESH_TOKEN" in said
    assert oa.refresh_token not in said
    oa.accept_refresh("refresh-of-a-new-consent")
    [done] = await send(open_oa(store, refresh="refresh-of-a-new-consent"), delivery())
    assert isinstance(done, Sent)
    assert not (await pair_of(store)).lost(clock.at)


@pytest.mark.parametrize("fault", [DropAfter, Drop, Slow(5)])
async def test_edge_22_no_answer_twice_stops_the_account_too(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refresh token may be used up: it is tried once more and not again."""
    monkeypatch.setattr("bot.channels.zalo_oa.http.READ", 0.05)
    monkeypatch.setattr("bot.channels.zalo_oa.tokens.ASK_AGAIN", 0)
    oa.user("hoa").follow()
    oa.faults["access_token"].extend([fault, fault])
    channel = open_oa(sqlite_store)
    [outcome] = await send(channel, delivery())
    assert isinstance(outcome, Broken)
    assert (await pair_of(sqlite_store)).pending_at is not None


async def test_edge_22_a_call_that_never_left_is_made_again(sqlite_store: Store) -> None:
    """Nobody was reached, so the refresh token is as good as before."""
    asked: list[str] = []

    async def ask(refresh: str) -> tuple[int, bytes]:
        asked.append(refresh)
        if len(asked) == 1:
            raise Unreached("no network")
        return 200, b'{"access_token":"a","refresh_token":"r2","expires_in":90000}'

    mine = Tokens("zalo-oa", "r1", ask, sqlite_store)
    with pytest.raises(Unreached):
        await mine.access()
    assert await mine.access() == "a"
    assert asked == ["r1", "r1"]


async def test_edge_22_what_was_begun_is_finished_when_the_sender_gives_up(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """A message's time runs out while its token is renewed: the new pair is kept all the same."""
    oa.faults["access_token"].append(Slow(0.1))
    channel = open_oa(sqlite_store)
    sending = asyncio.create_task(send(channel, delivery()))
    await until(lambda: not oa.faults["access_token"])  # it has begun
    sending.cancel()
    await channel.close()
    pair = await pair_of(sqlite_store)
    assert (pair.access, pair.refresh, pair.pending_at) == (oa.access_token, oa.refresh_token, None)


async def _left_pending(store: Store, oa: ZaloOaServer) -> None:
    """Begin a renewal as a process does that dies before it ends."""

    async def never(_refresh: str) -> tuple[int, bytes]:
        raise AssertionError("it died before")

    async with store.read() as work:
        now = work.now
    claimed = await Tokens("zalo-oa", oa.refresh_token, never, store)._claim("")
    assert claimed is not None
    assert claimed.pending_at == now


# --- 23: events ------------------------------------------------------------------------------------


@pytest.fixture
async def channel(oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, serve: Serve) -> ZaloOa:
    """Serve the webhook; the emulator calls it, and what comes is stored."""
    opened = open_oa(sqlite_store)
    oa.hook = f"{await serve(opened, ingest_into(sqlite_store))}/zalo-oa"  # type: ignore[arg-type]
    return opened


def test_edge_23_the_signature_is_a_plain_hash_of_the_four() -> None:
    """Numbers of our own, by sha256sum: the app, the bytes, the time in the body, the account's secret."""
    raw = '{"event_name":"user_send_text","timestamp":"1794800000001","message":{"text":"Cống tắc"}}'.encode()
    expected = "733ca9bd45d2c7d91428701b3757603c656514258177de604a77b78b2828b97c"
    assert signature("4242", raw, "1794800000001", "khoa") == expected


@pytest.mark.usefixtures("channel")
async def test_edge_23_a_retry_with_the_original_time_is_welcome_and_changes_nothing(
    oa: ZaloOaServer, sqlite_store: Store, clock: StoppedClock
) -> None:
    """Twelve hours later the same bytes come again: taken with 200, and stored once."""
    oa.user("hoa").say("Cống tắc")
    await oa.settled()
    clock.pass_(hours=12)
    oa.again(oa.deliveries[0])
    oa.again(oa.deliveries[0])
    await oa.settled()
    assert [one.statuses for one in oa.deliveries] == [[200]] * 3
    assert len(await inbox_of(sqlite_store)) == 1


async def test_edge_23_it_is_stored_before_it_is_taken(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, serve: Serve
) -> None:
    """The database is away: no 200, and Zalo brings it again."""
    down = True

    async def ingest(arrived: Arrived) -> None:
        await (unused(arrived) if down else ingest_into(sqlite_store)(arrived))

    oa.tries = 1
    oa.hook = f"{await serve(open_oa(sqlite_store), ingest)}/zalo-oa"  # type: ignore[arg-type]
    oa.user("hoa").say("Cống tắc")
    await oa.settled()
    assert oa.deliveries[0].statuses == [500]
    down = False
    oa.again(oa.deliveries[0])
    await oa.settled()
    assert oa.deliveries[1].taken
    assert len(await inbox_of(sqlite_store)) == 1


@pytest.mark.parametrize("mac", ["mac=", ""])
@pytest.mark.usefixtures("channel")
async def test_edge_23_what_is_signed_is_taken_with_or_without_its_name(oa: ZaloOaServer, mac: str) -> None:
    """Both spellings of the header are seen; a byte changed on the way is refused."""
    oa.mac = mac
    event = oa.emit_raw({"event_name": "follow", "follower": {"id": "hoa"}, "timestamp": "1"})
    await oa.settled()
    assert event.taken
    oa.tries = 1
    forged = oa.again(replace(event, raw=event.raw.replace(b"hoa", b"hue"), statuses=[]))
    nothing = oa.again(replace(event, headers={}, statuses=[]))
    odd = oa.again(replace(event, headers={SIGNATURE: "mac=é"}, statuses=[]))
    await oa.settled()
    assert [forged.statuses, nothing.statuses, odd.statuses] == [[403]] * 3


async def test_edge_23_a_soak_takes_what_is_signed_wrongly_and_says_so(
    oa: ZaloOaServer,
    open_oa: OpenOa,
    sqlite_store: Store,
    serve: Serve,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """While a new webhook is tried out nothing is lost for a wrong key."""
    soaking = open_oa(sqlite_store, check="log")
    oa.hook = f"{await serve(soaking, ingest_into(sqlite_store))}/zalo-oa"  # type: ignore[arg-type]
    oa.oa_secret = "another"
    oa.user("hoa").say("Cống tắc")
    await oa.settled()
    assert oa.deliveries[0].taken
    assert len(await inbox_of(sqlite_store)) == 1
    assert "zalo_oa_signature_wrong" in capsys.readouterr().out


async def test_edge_23_our_own_echo_is_taken_and_never_stored(
    oa: ZaloOaServer, channel: ZaloOa, sqlite_store: Store
) -> None:
    """What we sent, that it came and that it was read ask for nothing."""
    oa.echoes = True
    hoa = oa.user("hoa")
    hoa.follow()
    await oa.settled()
    await send(channel, delivery("Đã nhận"))
    hoa.received(message_id=hoa.messages[0].id)
    hoa.seen()
    oa.emit("oa_says_something_new", {"sender": {"id": oa.oa_id}}, "x")
    await oa.settled()
    assert len(oa.deliveries) == 5
    assert all(one.taken for one in oa.deliveries)
    [followed] = await inbox_of(sqlite_store)
    assert followed.body["address"] == "hoa"  # follower.id: a follower is no sender
    assert channel.normalize({"event_name": "oa_send_text"}) is None


@pytest.mark.usefixtures("channel")
async def test_what_is_said_to_another_account_of_the_app_is_not_ours(
    oa: ZaloOaServer, sqlite_store: Store
) -> None:
    """A province's app may have an account for every commune: each hears its own people only."""
    ends = {"sender": {"id": "hoa"}, "recipient": {"id": "999999999"}}
    other = oa.emit("user_send_text", ends | {"message": {"msg_id": "m1", "text": "Cống tắc"}}, "hoa")
    oa.emit("follow", {"oa_id": "999999999", "follower": {"id": "hoa"}}, "hoa")
    oa.user("hoa").say("Cống thôn 3 tắc")
    await oa.settled()
    assert other.taken
    [stored] = await inbox_of(sqlite_store)
    assert stored.body["raw"]["message"]["text"] == "Cống thôn 3 tắc"


@pytest.mark.parametrize("key", ["msg_id", "message_id", "mid"])
@pytest.mark.usefixtures("channel")
async def test_edge_23_an_id_has_three_names(oa: ZaloOaServer, sqlite_store: Store, key: str) -> None:
    """Two messages of the same words are two, under whichever name their ids come."""
    oa.id_key = key
    ids = [oa.user("hoa").say("Cống tắc") for _ in range(2)]
    await oa.settled()
    assert [stored.external_id for stored in await inbox_of(sqlite_store)] == ids


@pytest.mark.parametrize("spelling", ["lat", "latitude"])
@pytest.mark.parametrize("strings", [False, True])
async def test_edge_23_a_place_has_two_spellings(
    oa: ZaloOaServer, channel: ZaloOa, sqlite_store: Store, spelling: str, strings: bool
) -> None:
    """And its degrees are numbers, or strings."""
    oa.user("hoa").location(21.25, 105.5, spelling=spelling, strings=strings, address="Thôn 3")
    await oa.settled()
    [stored] = await inbox_of(sqlite_store)
    assert channel.normalize(stored.body["raw"]) == Location(21.25, 105.5, "Thôn 3")


@pytest.mark.usefixtures("channel")
async def test_edge_23_a_group_speaks_at_its_own_address(oa: ZaloOaServer, sqlite_store: Store) -> None:
    """There it is the group that receives, and the sender who speaks."""
    oa.group("thon-3").say(oa.user("hoa"), "PA-1")
    await oa.settled()
    [stored] = await inbox_of(sqlite_store)
    assert (stored.body["address"], stored.body["speaker"]) == ("thon-3", "hoa")


async def test_zalo_finds_that_the_address_is_ours(
    open_oa: OpenOa, sqlite_store: Store, serve: Serve
) -> None:
    """The webhook's address answers to a visit and to a challenge; the proof is where it must be."""
    opened = open_oa(sqlite_store, verifier="Ab_1-9")
    url = await serve(opened, unused)  # type: ignore[arg-type]
    async with ClientSession() as session:
        for path, words in (
            ("/zalo-oa", ""),
            ("/zalo-oa?hub.challenge=42", "42"),
            ("/zalo_verifierAb_1-9.html", 'content="Ab_1-9"'),
        ):
            async with session.get(url + path) as response:
                assert response.status == 200
                assert words in await response.text()
        async with session.post(f"{url}/zalo-oa", data=BytesIO(bytes(1024 * 1024 + 1))) as response:
            assert response.status == 413
    with pytest.raises(ValueError, match="ZALO_OA_VERIFIER"):
        open_oa(sqlite_store, verifier="../x")
