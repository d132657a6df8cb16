"""The log: no secret reaches it, whoever writes the line and wherever in it the secret stands."""

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from aiohttp import ClientResponseError, ClientSession
from pydantic import SecretStr

from bot import logs
from bot.settings import Settings
from tests.emulators.telegram import TelegramServer

TOKEN = "123456:AA-very_secret"
FORMS: tuple[Literal["console"], Literal["json"]] = ("console", "json")


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """Leave logging as it was found."""
    handlers, level, hook = logging.root.handlers[:], logging.root.level, sys.excepthook
    yield
    sys.excepthook = hook
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()
    logs.configured_secrets.clear()


async def _refused(url: str) -> None:
    async with ClientSession(raise_for_status=True) as session:
        await session.get(f"{url}/bot{TOKEN}/noSuchMethod")


@pytest.mark.parametrize("form", FORMS)
async def test_a_token_in_an_error_of_a_library_is_not_written(
    form: Literal["console", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    """It stands in the address aiohttp complains of: not in our line, nor a library's, nor a lost task's."""
    logs.configure("debug", form, [TOKEN])
    async with TelegramServer() as server:
        with pytest.raises(ClientResponseError, match="AA-very_secret") as caught:
            await _refused(server.url)
        error = caught.value
        structlog.get_logger("ours").error("failed", exc_info=error, reason=str(error))
        structlog.get_logger("ours").info("said", where={"address": [f"/bot{TOKEN}/x"]}, token=TOKEN)
        logging.getLogger("aiohttp.client").error("call of %s failed", error.request_info.url, exc_info=error)
        sys.excepthook(type(error), error, error.__traceback__)
        lost = asyncio.create_task(_refused(server.url))
        await asyncio.wait([lost])
        del lost
        gc.collect()
    written = capsys.readouterr().err
    assert written.count(logs.HIDDEN) >= 7
    assert "AA-very_secret" not in written
    assert "Task exception was never retrieved" in written
    if form == "json":
        assert all(json.loads(line)["event"] for line in written.splitlines())


def test_a_token_issued_later_is_hidden_as_long_as_its_channel_stands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a channel calls its secrets is asked for anew with every line; shorter spellings go last."""
    logs.configure("info", "console")
    log, issued = logging.getLogger("anybody"), ["old-token"]
    with logs.hiding(lambda: issued):
        issued += ["old-token-renewed", 'odd"one', "abc"]
        log.warning("old-token, old-token-renewed, %s, abc", {"it": 'odd"one'})
        log.warning("as addresses spell it: odd%22one")
    log.warning("old-token")
    first, second, third = capsys.readouterr().err.splitlines()
    assert f"{logs.HIDDEN}, {logs.HIDDEN}, {{'it': '{logs.HIDDEN}'}}, abc" in first
    assert f"spell it: {logs.HIDDEN}" in second
    assert "old-token" in third, "who let go of a channel keeps nothing of it"


def test_a_log_that_is_no_terminal_has_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    """What is written to a file or a service can be searched."""
    logs.configure("info", "console", [])
    structlog.get_logger("ours").warning("said", account="telegram")
    assert "account=telegram" in capsys.readouterr().err


def test_the_settings_know_their_secrets() -> None:
    """Each token by itself too; webhook secrets; the database's password as it is and as written."""
    settings = Settings(
        database_url="postgresql://desk:p%40ss@h/d",
        telegram_token=SecretStr("xa=1:one,huyen=2:two"),
        telegram_webhook_secret=SecretStr("hook"),
        _env_file=None,
    )
    assert settings.secrets == {"xa=1:one,huyen=2:two", "1:one", "2:two", "hook", "p%40ss", "p@ss"}
