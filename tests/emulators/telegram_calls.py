"""What the tests of the Telegram emulator share."""

import asyncio
from typing import Any

from aiohttp import ClientSession
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import Json


def inline(**button: Any) -> InlineKeyboardMarkup:  # noqa: ANN401 - what a button may carry
    """Return one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("Gửi", **button)]])


async def call(tg: TelegramServer, method: str, **given: object) -> Json:
    """Call without a client that would keep us from mistakes."""
    async with (
        ClientSession() as client,
        client.post(f"{tg.url}/bot{tg.token}/{method}", json=given) as answer,
    ):
        return dict(await answer.json())


async def until(condition: Any) -> None:  # noqa: ANN401 - anything that can be called
    """Wait for a condition, ten seconds at most."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.005)
