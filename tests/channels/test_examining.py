"""What `doctor` and `webhook` say of each platform's account, asked of the platforms' emulators."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.channel import Hook
from bot.channels.opening import channels
from bot.channels.telegram import check as telegram_check
from bot.checks import accounts, database
from bot.commands import webhook
from bot.commands.running import Refused
from bot.findings import Finding
from bot.settings import Settings
from storage.mail import quotas, tokens
from storage.mail.tokens import Pair
from storage.store.engine import Store
from storage.time import leases
from tests.channels.telegram_desk import SECRET
from tests.conftest import MONDAY
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import Refused as Answer
from tests.emulators.zalo_bot import ZaloBotServer

URL = "https://desk.example.vn"
HOOK = f"{URL}/telegram/telegram"
OA = {
    "zalo_oa_app_id": "1",
    "zalo_oa_app_secret": SecretStr("app-secret"),
    "zalo_oa_secret": SecretStr("oa-secret"),
    "zalo_oa_id": "2",
    "zalo_oa_refresh_token": SecretStr("refresh"),
    "zalo_oa_verifier": "ABC",
}


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Run Telegram."""
    async with TelegramServer() as server:
        yield server
        assert server.refused == []


@pytest.fixture
async def zalo() -> AsyncIterator[ZaloBotServer]:
    """Run the Zalo Bot Platform."""
    async with ZaloBotServer() as server:
        yield server


def bot(server: TelegramServer, mode: str = "webhook", token: str = "", **more: Any) -> Settings:  # noqa: ANN401
    """Make settings with a bot at the emulator."""
    return Settings(
        public_url=URL,
        telegram_token=SecretStr(token or server.token),
        telegram_api_url=server.url,
        telegram_webhook_secret=SecretStr(SECRET),
        telegram_mode=mode,
        _env_file=None,
        **more,
    )


def zalo_bot(server: ZaloBotServer, mode: str = "webhook", token: str = "") -> Settings:
    """Make settings with a bot at the emulator."""
    return Settings(
        public_url=URL,
        zalo_bot_token=SecretStr(token or server.token),
        zalo_bot_api_url=server.url,
        zalo_bot_secret=SecretStr("long-enough"),
        zalo_bot_mode=mode,
        _env_file=None,
    )


async def looked(settings: Settings, store: Store) -> list[Finding]:
    """Look at every account but the page's."""
    made = channels(settings, store)
    try:
        return await accounts.examine(made, settings.base_url)
    finally:
        await asyncio.gather(*(channel.close() for channel in made))


def faults(found: Sequence[Finding]) -> list[str]:
    """Return what is at fault."""
    assert all(bool(finding.do) == (finding.level != "ok") for finding in found)
    return [finding.so for finding in found if finding.level == "fault"]


async def hooks(settings: Settings, store: Store, do: Any, account: str = "") -> list[str]:  # noqa: ANN401
    """Do what the command does."""
    return await webhook.of_account(settings, store, account, do)


# --- Telegram ------------------------------------------------------------------------------------


async def test_a_bot_that_is_called(telegram: TelegramServer, sqlite_store: Store) -> None:
    """Nobody is called at first; once set all is well; another address is a fault."""
    own = bot(telegram)
    assert faults(await looked(own, sqlite_store)) == [f"Telegram calls nobody, not {HOOK}"]
    assert await hooks(own, sqlite_store, webhook.set_) == ["telegram: set"]
    assert telegram.called("setWebhook")[-1]["secret_token"] == SECRET
    assert await hooks(own, sqlite_store, webhook.set_) == ["telegram: all is well, nothing was changed"]
    assert len(telegram.called("setWebhook")) == 1
    assert await hooks(own, sqlite_store, webhook.show) == [f"telegram: {HOOK}, 0 waiting"]
    found = await looked(own, sqlite_store)
    assert faults(found) == []
    assert "@lang_nghe_test_bot" in found[0].so
    moved = own.model_copy(update={"public_url": "https://other.example.vn"})
    assert "not https://other.example.vn" in faults(await looked(moved, sqlite_store))[0]
    assert await hooks(own, sqlite_store, webhook.delete) == ["telegram: deleted; it calls nobody"]
    assert await hooks(own, sqlite_store, webhook.show) == ["telegram: none is set"]


async def test_a_bot_that_is_polled(telegram: TelegramServer, sqlite_store: Store) -> None:
    """A webhook keeps it from being polled; somebody else's poll too; our own is not disturbed."""
    own = bot(telegram, "polling")
    assert faults(await looked(own, sqlite_store)) == []
    async with sqlite_store.work() as work:
        await leases.hold(work, "poll:telegram", "us", timedelta(seconds=30))
    polls = len(telegram.called("getUpdates"))
    assert any("a process of this desk polls" in f.so for f in await looked(own, sqlite_store))
    assert len(telegram.called("getUpdates")) == polls
    await hooks(bot(telegram), sqlite_store, webhook.set_)
    assert "is to be polled, but Telegram calls" in faults(await looked(own, sqlite_store))[0]
    with pytest.raises(Refused, match="telegram: it is polled"):
        await hooks(own, sqlite_store, webhook.set_)


async def test_a_bot_somebody_else_polls(telegram: TelegramServer, sqlite_store: Store) -> None:
    """Telegram answers one of the two with a conflict, and that is said."""
    telegram.faults["getUpdates"].append(Answer(409, "Conflict: terminated by other getUpdates request"))
    assert faults(await looked(bot(telegram, "polling"), sqlite_store)) == [
        "somebody else polls with this token"
    ]


async def test_a_token_that_is_refused(telegram: TelegramServer, sqlite_store: Store) -> None:
    """It is said, and not repeated."""
    found = await looked(bot(telegram, token="77:wrong-token-of-ours"), sqlite_store)
    assert faults(found) == ["Telegram refuses the token"]
    assert "wrong" not in repr(found)
    with pytest.raises(Refused) as refused:
        await hooks(bot(telegram, token="77:wrong-token-of-ours"), sqlite_store, webhook.show)
    assert "wrong-token" not in str(refused.value)


async def test_a_platform_that_is_not_reached(sqlite_store: Store) -> None:
    """Without network each is a fault of its own, and the look ends."""
    off = Settings(
        telegram_token=SecretStr("a=1:abc,b=2:abc"),
        telegram_api_url="http://127.0.0.1:1",
        zalo_bot_token=SecretStr("3:abc"),
        zalo_bot_secret=SecretStr("long-enough"),
        zalo_bot_api_url="http://127.0.0.1:1",
        _env_file=None,
    )
    found = await looked(off, sqlite_store)
    assert [finding.group for finding in found] == ["telegram-a", "telegram-b", "zalo-bot"]
    assert len(faults(found)) == 3
    assert "abc" not in repr(found)


def test_telegram_could_not_call_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last error is a fault for an hour; a refusal points to the secret; what piles up is a warning."""
    hook = Hook(HOOK, 101, "Wrong response from the webhook: 403 Forbidden", 1_794_800_000)
    monkeypatch.setattr(telegram_check, "_ago", lambda _: timedelta(minutes=59))
    told = telegram_check._hook("telegram", HOOK, hook)
    assert [finding.level for finding in told] == ["ok", "warning", "fault"]
    assert "the secret may be another" in told[-1].do
    monkeypatch.setattr(telegram_check, "_ago", lambda _: timedelta(hours=1))
    assert len(telegram_check._hook("telegram", HOOK, hook)) == 2


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "http://desk.example.vn", "https://desk.example.vn:8080"])
async def test_an_address_platforms_cannot_call(
    telegram: TelegramServer, sqlite_store: Store, address: str
) -> None:
    """It must be https on one of their ports; nothing is asked of them before."""
    with pytest.raises(Refused, match="PUBLIC_URL"):
        await hooks(bot(telegram).model_copy(update={"public_url": address}), sqlite_store, webhook.set_)
    assert telegram.calls == []


async def test_one_account_of_several(telegram: TelegramServer, sqlite_store: Store) -> None:
    """What one refuses does not keep the others from it; one can be named alone."""
    own = bot(telegram, token=f"xa={telegram.token},cu=77:gone")
    with pytest.raises(Refused) as refused:
        await hooks(own, sqlite_store, webhook.set_)
    first, second = str(refused.value).splitlines()
    assert first == "telegram-xa: set"
    assert second.startswith("telegram-cu: ")
    assert telegram.called("setWebhook")[0]["url"] == f"{URL}/telegram/telegram-xa"
    assert await hooks(own, sqlite_store, webhook.delete, "telegram-xa")
    with pytest.raises(Refused, match="there are web, telegram-xa, telegram-cu"):
        await hooks(own, sqlite_store, webhook.show, "telegram")


async def test_what_is_set_on_a_page_is_told(sqlite_store: Store) -> None:
    """An Official Account's webhook: where, which address, which file proves that it is ours."""
    lines = await hooks(Settings(public_url=URL, _env_file=None, **OA), sqlite_store, webhook.set_)
    assert lines[0] == f"zalo-oa: at developers.zalo.me, in the app, under Webhook: {URL}/zalo-oa"
    assert f"{URL}/zalo_verifierABC.html" in lines[1]
    assert await hooks(Settings(_env_file=None), sqlite_store, webhook.show) == [
        "no account here has a webhook"
    ]


# --- Zalo ----------------------------------------------------------------------------------------


async def test_an_official_account(sqlite_store: Store) -> None:
    """No token yet; a good one; renewing that was interrupted; a quota that is used up."""
    own = Settings(_env_file=None, **OA)
    assert faults(await looked(own, sqlite_store)) == []
    loud = await looked(own.model_copy(update={"zalo_oa_check": "log"}), sqlite_store)
    assert any("ZALO_OA_CHECK=strict" in found.do for found in loud if found.level == "warning")
    pair = Pair("zalo-oa", "a", "r", MONDAY + timedelta(hours=25), "o")
    async with sqlite_store.work() as work:
        await tokens.lock(work, pair)
        await quotas.note(work, "zalo-oa", [("sub_quota", 0)])
    found = await looked(own, sqlite_store)
    assert [finding.level for finding in found] == ["ok", "warning"]
    assert "2026-11-17 03:00 UTC" in found[0].so
    async with sqlite_store.work() as work:
        await tokens.save(
            work, Pair("zalo-oa", "a", "r", pair.expires_at, "o", MONDAY - timedelta(minutes=2))
        )
    assert "interrupted" in faults(await looked(own, sqlite_store))[0]


async def test_before_there_is_a_database(telegram: TelegramServer, tmp_path: Path) -> None:
    """A platform is looked at all the same; what only a database would know is not at fault."""
    own = bot(telegram, "polling", data_dir=tmp_path / "none", **OA)
    async with database.looked_at(own) as nothing:
        found = await looked(own, nothing)
    assert faults(found) == []
    assert [finding.level for finding in found if finding.group == "zalo-oa"] == ["warning"]


async def test_a_zalo_bot(zalo: ZaloBotServer, sqlite_store: Store) -> None:
    """Its token, and one way for what people write."""
    own = zalo_bot(zalo)
    assert "Zalo calls nobody" in faults(await looked(own, sqlite_store))[0]
    assert await hooks(own, sqlite_store, webhook.set_) == ["zalo-bot: set"]
    assert faults(await looked(own, sqlite_store)) == []
    assert "is to be polled" in faults(await looked(zalo_bot(zalo, "polling"), sqlite_store))[0]
    assert len(faults(await looked(zalo_bot(zalo, token="1:nobodys"), sqlite_store))) == 1


async def test_a_platform_that_does_not_answer_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at the others is not lost."""

    class Silent:
        account = "silent"

        async def examine(self, base_url: str) -> list[Finding]:
            await asyncio.Event().wait()
            return []

    class Broken(Silent):
        account = "broken"

        async def examine(self, base_url: str) -> list[Finding]:
            raise LookupError

    monkeypatch.setattr(accounts, "WITHIN", 0.01)
    found = await accounts.examine([Silent(), Broken()], URL)  # type: ignore[list-item] # no more is asked
    assert [finding.level for finding in found] == ["fault", "fault"]
    assert "did not answer" in found[0].so
    assert "LookupError" in found[1].so
