"""The log: no secret reaches it, whoever writes the line and wherever in it the secret stands."""

import asyncio
import gc
import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from aiohttp import ClientResponseError, ClientSession
from aiohttp.multipart import parse_content_disposition
from PIL import Image
from pydantic import SecretStr

from bot import logs
from bot.settings import Settings
from services.intake.attachments import clean
from tests.emulators.telegram import TelegramServer

TOKEN = "123456:AA-very_secret"
FORMS: tuple[Literal["console"], Literal["json"]] = ("console", "json")


LEVELS: tuple[Literal["debug", "info", "warning", "error"], ...] = ("debug", "info", "warning", "error")
PRIVATE = "0905 123 456 Nguyễn Thị Hoa"


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """Leave logging as it was found."""
    handlers, level, hook = logging.root.handlers[:], logging.root.level, sys.excepthook
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    yield
    sys.excepthook = hook
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
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
        structlog.get_logger("bot.ours").error("failed", exc_info=error, reason=str(error))
        structlog.get_logger("bot.ours").info("said", where={"address": [f"/bot{TOKEN}/x"]}, token=TOKEN)
        logging.getLogger("aiohttp.client").error("call of %s failed", error.request_info.url, exc_info=error)
        sys.excepthook(type(error), error, error.__traceback__)
        lost = asyncio.create_task(_refused(server.url))
        await asyncio.wait([lost])
        del lost
        gc.collect()
    written = capsys.readouterr().err
    assert written.count(logs.HIDDEN) >= 4
    assert "AA-very_secret" not in written
    assert "aiohttp.client complains at" in written
    assert "asyncio complains at" in written
    if form == "json":
        assert all(json.loads(line)["event"] for line in written.splitlines())


def test_a_token_issued_later_is_hidden_as_long_as_its_channel_stands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a channel calls its secrets is asked for anew with every line; shorter spellings go last."""
    logs.configure("info", "console")
    log, issued = logging.getLogger("bot.anybody"), ["old-token"]
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
    structlog.get_logger("bot.ours").warning("said", account="telegram")
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


# --- what libraries say ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("form", FORMS)
def test_no_line_of_a_library_quotes_what_it_reads(
    level: Literal["debug", "info", "warning", "error"],
    form: Literal["console", "json"],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whichever library and however grave: what is left is which one, where, and what was raised."""
    logs.configure(level, form)
    for name in ("PIL.TiffImagePlugin", "aiohttp.server", "pypdf._reader", "asyncio", "anything.new"):
        library = logging.getLogger(name)
        for grave in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            library.log(grave, "tag: %s", PRIVATE)
        library.error(f"value: {PRIVATE}", exc_info=ValueError(PRIVATE), stack_info=True)
    written = capsys.readouterr().err
    assert PRIVATE not in written
    assert "0905" not in written
    assert "PIL.TiffImagePlugin complains at test_logs:" in written
    assert "ValueError" in written
    assert len(written.splitlines()) == (2 if level == "error" else 3) * 5


@pytest.mark.parametrize("level", LEVELS)
def test_a_photo_of_a_person_leaves_nothing_in_the_log(
    level: Literal["debug", "info", "warning", "error"], capsys: pytest.CaptureFixture[str]
) -> None:
    """Its reader tells of each tag at debug: the place, the camera, what somebody wrote into it."""
    logs.configure(level, "json")
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "PhoneMaker", PRIVATE.encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (18.0, 5.0, 12.0), 3: "E", 4: (106.0, 17.0, 30.0)})
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif.tobytes())
    clean(out.getvalue(), f"{PRIVATE}.jpg", 1000_000)
    clean(b"\r\n%PDF-1.4 " + PRIVATE.encode(), f"{PRIVATE}.pdf", 1000_000)
    written = capsys.readouterr().err
    assert not any(word in written for word in ("PhoneMaker", "0905", "106", "Nguyễn", "GPS"))


def test_a_warning_of_pythons_is_a_line_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Aiohttp warns of a file's name that it cannot read, and repeats it."""
    logs.configure("info", "json")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = logs._warned
        parse_content_disposition(f'attachment; filename="{PRIVATE}')
    (line,) = capsys.readouterr().err.splitlines()
    assert "BadContentDispositionHeader" in json.loads(line)["event"]
    assert PRIVATE not in line


async def test_what_the_loop_complains_of_is_told_once_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand refused accepts are one line; another complaint is another line."""
    logs.configure("error", "json")
    loop, tell = asyncio.get_running_loop(), logs.LoopErrors()
    for _ in range(1000):
        tell(loop, {"message": "socket.accept() out of system resource", "exception": OSError(24, PRIVATE)})
    tell(
        loop, {"message": f"Task exception was never retrieved\n{PRIVATE}", "exception": ValueError(PRIVATE)}
    )
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "out of system resource" in lines[0]
    assert "ValueError" in lines[1]
    assert PRIVATE not in "".join(lines)
