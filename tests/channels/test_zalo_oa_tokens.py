"""Tokens of the Official Account: when they are renewed, what an answer may be, and where they stay."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.channels.channel import Broken, Sent
from bot.channels.zalo_oa import check
from bot.channels.zalo_oa.tokens import WHAT_TO_DO, ConsentNeeded, NoToken, Tokens
from storage.store.engine import Store
from tests.channels.zalo_oa_desk import OpenOa, delivery, pair_of, send
from tests.conftest import StoppedClock
from tests.emulators.zalo_oa import ZaloOaServer
from tests.emulators.zalo_oa_contract import EXPIRED, oauth_error

PAIR = {"access_token": "a2", "refresh_token": "r2", "expires_in": "90000"}


class Platform:
    """Answers each question for tokens with the next of its answers."""

    def __init__(self, *answers: object, status: int = 200) -> None:
        self.answers = list(answers)
        self.status = status
        self.asked: list[str] = []

    async def __call__(self, refresh: str) -> tuple[int, bytes]:
        self.asked.append(refresh)
        answer = self.answers.pop(0)
        return self.status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [("90000", 90_000), (3600, 3600), (None, 3600), ("soon", 3600), ("-1", 3600), (["9"], 3600)],
)
async def test_how_long_a_token_lives_may_be_a_string_or_nothing(
    sqlite_store: Store, clock: StoppedClock, expires_in: object, seconds: int
) -> None:
    """What is not said is taken to be the shortest of what is published."""
    mine = Tokens("zalo-oa", "r1", Platform(PAIR | {"expires_in": expires_in}), sqlite_store)
    assert await mine.access() == "a2"
    pair = await pair_of(sqlite_store)
    assert pair.expires_at == clock.at + timedelta(seconds=seconds)
    assert (pair.refresh, pair.pending_at) == ("r2", None)


async def test_a_token_is_renewed_five_minutes_before_its_end(
    sqlite_store: Store, clock: StoppedClock
) -> None:
    """Not before: until then every process takes it from the database."""
    platform = Platform(PAIR, PAIR | {"access_token": "a3", "refresh_token": "r3"})
    mine, other = (Tokens("zalo-oa", "r1", platform, sqlite_store) for _ in range(2))
    assert await mine.access() == "a2"
    clock.pass_(seconds=90_000 - 301)
    assert await other.access() == "a2"
    clock.pass_(seconds=1)
    assert await mine.access() == "a3"
    assert platform.asked == ["r1", "r2"]


@pytest.mark.parametrize("code", [-118, -14014, -14020])
async def test_an_error_in_http_200_never_takes_the_pairs_place(sqlite_store: Store, code: int) -> None:
    """A refresh token that is used up stops the account, even if the answer holds something like tokens."""
    platform = Platform(PAIR | {"error": code, "error_name": "Invalid refresh token."}, PAIR)
    mine = Tokens("zalo-oa", "r1", platform, sqlite_store)
    with pytest.raises(ConsentNeeded):
        await mine.access()
    pair = await pair_of(sqlite_store)
    assert (pair.access, pair.refresh) == ("", "r1")
    assert pair.pending_at is not None


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": None, "refresh_token": "r2"},
        {"access_token": "a2"},
        b"<html>Welcome to our Wi-Fi</html>",
        [],
    ],
)
async def test_an_answer_that_makes_no_sense_stops_the_account(sqlite_store: Store, answer: object) -> None:
    """Twice in a row: the refresh token may have been used, and nothing is overwritten."""
    platform = Platform(answer, answer)
    mine = Tokens("zalo-oa", "r1", platform, sqlite_store, sleep=_at_once)
    with pytest.raises(ConsentNeeded):
        await mine.access()
    assert platform.asked == ["r1", "r1"]
    assert (await pair_of(sqlite_store)).refresh == "r1"


async def test_a_stopped_account_is_a_fault_at_once(sqlite_store: Store) -> None:
    """Doctor does not say for a minute that its tokens are being renewed."""
    refused = {"error": -14014, "error_name": "Invalid refresh token."}
    with pytest.raises(ConsentNeeded):
        await Tokens("zalo-oa", "r1", Platform(refused), sqlite_store).access()
    (found,) = await check.examine("zalo-oa", sqlite_store, strict=True)
    assert (found.level, found.do) == ("fault", WHAT_TO_DO)


async def test_one_answer_that_makes_no_sense_stops_nothing(sqlite_store: Store) -> None:
    """A proxy's page for a moment: the same token is tried once more, for if it was used Zalo says so."""
    platform = Platform(b"<html>502</html>", PAIR)
    assert await Tokens("zalo-oa", "r1", platform, sqlite_store, sleep=_at_once).access() == "a2"
    assert platform.asked == ["r1", "r1"]


async def _at_once(_seconds: float) -> None:
    """Let no time pass."""


async def test_a_wrong_key_of_the_app_can_be_repaired(sqlite_store: Store) -> None:
    """Any other error leaves the refresh token unused: it is tried again later."""
    platform = Platform({"error": -14004, "error_name": "Invalid secret key."}, PAIR)
    mine = Tokens("zalo-oa", "r1", platform, sqlite_store)
    with pytest.raises(NoToken):
        await mine.access()
    assert await mine.access() == "a2"
    assert platform.asked == ["r1", "r1"]


async def test_a_new_setting_begins_a_new_pair_once(sqlite_store: Store, clock: StoppedClock) -> None:
    """A process that was started before follows the one with the newer setting, and not the other way."""
    platform = Platform(PAIR, PAIR | {"access_token": "b2", "refresh_token": "s2"}, PAIR)
    old = Tokens("zalo-oa", "r1", platform, sqlite_store)
    assert await old.access() == "a2"
    new = Tokens("zalo-oa", "s1", platform, sqlite_store)
    assert await new.access() == "b2"
    assert await old.access() == "b2"
    assert await Tokens("zalo-oa", "s1", platform, sqlite_store).access() == "b2"
    clock.pass_(seconds=90_000)
    await old.access()
    assert platform.asked == ["r1", "s1", "s2"]


async def test_a_pair_that_the_database_would_not_take_is_kept_when_it_is_back(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot be had a second time."""
    mine = Tokens("zalo-oa", "r1", Platform(PAIR), sqlite_store, sleep=_no_rest)
    claimed = await mine._claim("")
    assert claimed is not None
    work, failures = sqlite_store.work, iter(range(3))

    def failing() -> object:
        if next(failures, None) is not None:
            raise OSError("the disk is full")
        return work()

    monkeypatch.setattr(sqlite_store, "work", failing)
    assert await mine._renew(claimed) == "a2"
    assert (await pair_of(sqlite_store)).refresh == "r2"


async def _no_rest(_seconds: float) -> None:
    return


# --- in a call -----------------------------------------------------------------------------------


async def test_a_token_that_is_refused_is_renewed_once_and_the_call_made_once_more(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """-216 inside HTTP 200: the person gets one message."""
    oa.user("hoa").follow()
    channel = open_oa(sqlite_store)
    await send(channel, delivery("Một"))
    oa.expire_tokens()
    [done] = await send(channel, delivery("Hai"))
    assert isinstance(done, Sent)
    assert oa.user("hoa").texts == ["Một", "Hai"]
    assert len(oa.called("access_token")) == 2


async def test_a_second_refusal_is_not_tried_a_third_time(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """Something else is wrong: the whole account waits."""
    oa.faults["cs"] += [EXPIRED, EXPIRED]
    [outcome] = await send(open_oa(sqlite_store), delivery())
    assert isinstance(outcome, Broken)
    assert len(oa.called("cs")) == 2
    assert len(oa.called("access_token")) == 2


async def test_tokens_stand_in_no_log_and_in_no_table_as_they_are(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not when they are renewed, refused, quoted by an answer, nor in an error's own words."""
    oa.user("hoa").follow()
    channel = open_oa(sqlite_store)
    await send(channel, delivery())
    held = [oa.access_token, oa.refresh_token]
    oa.faults["cs"].append(oauth_error(-77, f"what is this: {oa.access_token}?"))
    outcomes = await send(channel, delivery())
    oa.expire_tokens()
    oa.faults["access_token"].append(oauth_error(-14014, f"used: {oa.refresh_token}"))
    outcomes += await send(channel, delivery())
    held += [oa.app_secret, oa.oa_secret]
    assert set(held) <= set(channel.secrets)
    said = capsys.readouterr()
    assert "zalo_oa_stopped" in said.out
    async with sqlite_store.read() as work:
        rows = (await work.session.execute(text("select * from token"))).all()
    for shown in (said.out, said.err, repr(outcomes), repr(rows), repr(await pair_of(sqlite_store))):
        assert not [secret for secret in held if secret in shown]


async def test_tokens_of_an_account_that_is_silent_stay_alive(
    sqlite_store: Store, clock: StoppedClock
) -> None:
    """Twice a day they are looked at, and renewed when they are due; a day without Zalo ends nothing."""
    third = PAIR | {"access_token": "a3", "refresh_token": "r3"}
    platform, naps = Platform(PAIR, third), 0

    async def sleep(seconds: float) -> None:
        nonlocal naps
        naps += 1
        clock.pass_(seconds=seconds)
        if naps == 4:
            raise TimeoutError

    mine = Tokens("zalo-oa", "r1", platform, sqlite_store)
    mine._sleep = sleep  # type: ignore[assignment]
    with pytest.raises(TimeoutError):
        await mine.keep_alive()
    assert platform.asked == ["r1", "r2"]
    assert (await pair_of(sqlite_store)).access == "a3"
