"""A Telegram emulator, a client that is not the desk's own, and a person."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.emulators.telegram import Chat, TelegramServer


@pytest.fixture
async def tg() -> AsyncIterator[TelegramServer]:
    """Open the emulator."""
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def bot(tg: TelegramServer) -> AsyncIterator[Bot]:
    """Open a client that is not the desk's own."""
    async with Bot(tg.token, f"{tg.url}/bot", f"{tg.url}/file/bot") as client:
        yield client


@pytest.fixture
def chat(tg: TelegramServer) -> Chat:
    """Return a person's chat."""
    return tg.chat(42)
