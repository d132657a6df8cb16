"""Phones with which the people of a story write through an emulator, alike for every platform."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.settings import Settings
from domain import codes
from tests.emulators.telegram import TelegramServer
from tests.emulators.zalo_bot import ZaloBotServer
from tests.emulators.zalo_oa import ZaloOaServer

FIRST = 7001
"""The number of the first phone that is picked up."""
SECRET = "a_story_of_the_desk"
_CHOICE = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)


class Shown(Protocol):
    """A message as every emulator shows it."""

    id: Any
    mine: bool
    text: str
    labels: Any


@dataclass(frozen=True)
class Phone:
    """What one person does: `press` is given the words of a button, and which messages changed last.

    It says whether it was pressed, or its menu was only asked for.
    """

    messages: Sequence[Shown]
    say: Callable[[str], object]
    press: Callable[[str, Sequence[Any]], bool]
    photo: Callable[[bytes, str], object]


@dataclass
class Platform:
    """One emulator, the settings that lead the desk to it, and a phone for each person."""

    settings: dict[str, Any]
    pick_up: Callable[[int], Phone]
    quiet: Callable[[], Awaitable[bool]]
    refused: list[str]
    connect: Callable[[str], None] = lambda _: None
    phones: dict[str, Phone] = field(default_factory=dict)

    def phone(self, name: str) -> Phone:
        """Return somebody's phone."""
        if name not in self.phones:
            self.phones[name] = self.pick_up(FIRST + len(self.phones))
        return self.phones[name]


@asynccontextmanager
async def telegram() -> AsyncIterator[Platform]:
    """Open Telegram."""
    async with TelegramServer() as server:

        def pick_up(number: int) -> Phone:
            chat = server.chat(number, "Hoa")

            def press(label: str, latest: Sequence[Any]) -> bool:
                """Press it where it was drawn last: a card that was edited may stand far above."""
                having = [shown.id for shown in chat.messages if any(label in row for row in shown.labels)]
                found = [number for number in latest if number in having]
                return bool(chat.press_on(found[0], label) if found else chat.press(label))

            return Phone(chat.messages, chat.say, press, lambda data, words: chat.photo(data, caption=words))

        async def quiet() -> bool:
            return not server.waiting

        settings = {
            "telegram_token": server.token,
            "telegram_api_url": server.url,
            "telegram_mode": "webhook",
            "telegram_webhook_secret": SECRET,
        }
        yield Platform(settings, pick_up, quiet, server.refused)


@asynccontextmanager
async def zalo_oa() -> AsyncIterator[Platform]:
    """Open a Zalo Official Account."""
    async with ZaloOaServer() as server:

        def pick_up(number: int) -> Phone:
            person = server.user(str(number))
            person.follow()
            return Phone(
                person.messages,
                person.say,
                lambda label, _: _pressed(person, person.click, label),
                lambda data, words: person.image(data, text=words),
            )

        async def quiet() -> bool:
            await server.settled()
            return True

        def connect(base_url: str) -> None:
            server.hook = f"{base_url}/zalo-oa"

        settings = {
            "zalo_oa_app_id": server.app_id,
            "zalo_oa_app_secret": server.app_secret,
            "zalo_oa_secret": server.oa_secret,
            "zalo_oa_id": server.oa_id,
            "zalo_oa_refresh_token": server.refresh_token,
            "zalo_oa_api_url": server.url,
        }
        yield Platform(settings, pick_up, quiet, server.refused, connect)


@asynccontextmanager
async def zalo_bot() -> AsyncIterator[Platform]:
    """Open a Zalo Bot."""
    async with ZaloBotServer() as server:

        def pick_up(number: int) -> Phone:
            person = server.user(str(number))
            return Phone(
                person.messages,
                person.say,
                lambda label, _: _pressed(person, None, label),
                lambda data, words: person.photo(data, caption=words),
            )

        async def quiet() -> bool:
            await server.settled()
            return True

        settings = {
            "zalo_bot_token": server.token,
            "zalo_bot_api_url": server.url,
            "zalo_bot_mode": "webhook",
            "zalo_bot_secret": SECRET,
        }
        yield Platform(settings, pick_up, quiet, server.refused)


PLATFORMS = {"telegram": telegram, "zalo-oa": zalo_oa, "zalo-bot": zalo_bot}


def _pressed(person: Any, click: Callable[[str], object] | None, label: str) -> bool:  # noqa: ANN401 - either platform's
    """Press a button, or type what stands for it; False where its menu had to be asked for first.

    A number means a choice of the latest menu alone: for an older one its case's code is typed again.
    """
    theirs = [shown for shown in person.messages if not shown.mine]
    menus = [dict(map(reversed, _CHOICE.findall(shown.text))) for shown in theirs]
    for shown, menu in zip(reversed(theirs), reversed(menus), strict=True):
        if click is not None and label in shown.labels:
            click(label)
            return True
        if typed := re.search(rf"^{re.escape(label)}: “(.+)”$", shown.text, re.MULTILINE):
            person.say(typed[1])
            return True
        if label in menu:
            latest = menu is next(found for found in reversed(menus) if found)
            person.say(menu[label] if latest else codes.find(shown.text))
            return latest
    raise AssertionError(f"no button {label!r} in {[shown.text for shown in theirs[-3:]]}")


def settings_for(platform: Platform, data_dir: Any, port: int) -> Settings:  # noqa: ANN401 - a path
    """Return the desk's settings, untouched by the environment."""
    base = f"http://127.0.0.1:{port}"
    listen = base.removeprefix("http://")
    return Settings(_env_file=None, data_dir=data_dir, listen=listen, **platform.settings)  # type: ignore[call-arg]
