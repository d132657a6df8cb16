"""Buttons nobody drew, pressed by everybody: each is answered once, and none stops the chat it came from."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, or_, select

import locales
from handlers.door.menu import _OPTIONS
from handlers.door.verbs import _VERBS
from storage.ground.tables import DEAD, Case, Inbox
from tests.amounts import times
from tests.conftest import StoppedClock
from tests.conversations.conftest import Commune
from tests.conversations.player import Player

SEATS = ("officer", "supervisor", "head", "duty", "keeper", "admin", "reception")
EVERYBODY = ("citizen", "stranger", *SEATS)
LONG = "9" * 5000
"""More digits than Python reads as a number."""
VERSIONS = ("1", "0", "", "-1", "x", "1.5", "٣", "³", "1\n", "9" * 24, LONG)
ARGUMENTS = (
    "",
    "1",
    "0",
    "-1",
    "٣",
    "yes",
    "x" * 9000,
    LONG,
    "a:b:c",
    "\x00",
    "\u202e",
    "kt_tuan",
    "2026-99-99",
)
NAMES = ("LM-7K3M2R9", "", "lm", "\n", "x" * 3000)
WORDS = ("0012", "0", "1", "999", LONG, "٣", "huy", f"{LONG}a", f"guitin {LONG}")
"""What is typed instead of pressed."""
OTHERS = (
    *(f"draft:{answer}" for answer in ("x", "", "send", "go_on", "cancel", "yes", "back", LONG)),
    *(f"pick:{what}" for what in ("", "1:", "9:send", ":x", "٣:send", f"{LONG}:send")),
    *(f"menu:line:{what}" for what in ("", "a", "1", "1a", "0a", "³a", "٣b", f"{LONG}a", f"-{LONG}a")),
    *(f"menu:send_broadcast:{what}" for what in ("", "1", LONG, "00000000-0000-0000-0000-000000000000")),
    *(f"menu:return_broadcast:{what}" for what in ("", "x", LONG, "00000000-0000-0000-0000-000000000000")),
    *(
        f"menu:{option}:{what}"
        for option in ("hotspots", "hotspot_take", "hotspot_refuse", "hotspot_cases", "hotspot_write")
        for what in ("", "x", LONG, "00000000-0000-0000-0000-000000000000")
    ),
    *("back:", "", "::::", "menu:", "menu::", "menu:menu:", f"menu:menu:{LONG}", "show", "show:", "x" * 9999),
)
SEEDS = range(3)
ONE_IN = times(40)
"""Made-up buttons of each seed."""


class Desk:
    """A desk with a case, and somebody in every seat."""

    def __init__(self, commune: Commune, folder: Path) -> None:
        self.loop, clock = asyncio.new_event_loop(), StoppedClock()
        self.store = commune.open(folder, clock)
        self.player = Player(self.store, clock)
        self.code = self.loop.run_until_complete(self._furnish())

    async def _furnish(self) -> str:
        await self.player.seats(SEATS)
        for said in ("cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường", "1"):
            await self.player.say("citizen", {"text": said})
        async with self.store.read() as work:
            return str(await work.session.scalar(select(Case.code)))

    def press(self, who: str, action: str) -> str:
        """Press it; return the answer, of which there must be one."""
        self.loop.run_until_complete(self.player.say(who, {"tap": action}))
        return [told.message.text for told in self.player.paper.told if told.address == who][-1]

    def type(self, who: str, text: str) -> None:
        """Type it; it must be answered."""
        self.loop.run_until_complete(self.player.say(who, {"text": text}))

    def failed(self) -> int:
        """Return how many messages were tried in vain."""
        return self.loop.run_until_complete(self._failed())

    async def _failed(self) -> int:
        async with self.store.read() as work:
            tried = select(func.count()).where(or_(Inbox.attempts > 0, Inbox.state == DEAD))
            return int(await work.session.scalar(tried) or 0)


@pytest.fixture(scope="module")
def desk(commune: Commune, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Open it once."""
    opened = Desk(commune, tmp_path_factory.mktemp("forged"))
    yield opened
    opened.loop.run_until_complete(opened.store.close())
    opened.loop.close()


def _made_up(dice: random.Random, code: str) -> str:
    argument = dice.choice(ARGUMENTS)
    if dice.random() < 0.3:
        return f"menu:{dice.choice(sorted(_OPTIONS))}:{argument}"
    verb = f"{dice.choice(sorted(_VERBS))}:{dice.choice((code, code, *NAMES))}:{dice.choice(VERSIONS)}"
    return f"{verb}:{argument}" if argument else verb


@pytest.mark.parametrize("who", ["citizen", "head"])
def test_a_forged_button_is_answered_as_one_that_is_old(desk: Desk, who: str) -> None:
    """Of drafts, lines, broadcasts and versions that are none: every one is answered."""
    for action in OTHERS:
        assert desk.press(who, action), action[:60]
    assert not desk.failed()


@pytest.mark.parametrize("action", ["draft:x", "draft:", f"show:{{code}}:{LONG}", "draft:back"])
def test_what_nobody_drew_is_told_from_what_is_drawn(desk: Desk, action: str) -> None:
    """The answer says that the button leads nowhere, and nothing is begun by it."""
    old = locales.words("vi")("common.stale_no_question")
    assert desk.press("stranger", action.format(code=desk.code)) == old


@pytest.mark.storm
@pytest.mark.parametrize("seed", SEEDS)
def test_made_up_buttons_and_words_stop_nobody(desk: Desk, seed: int) -> None:
    """Any verb or option, with any version and argument, by anybody, in the middle of anything."""
    dice, before = random.Random(seed), desk.failed()
    for _ in range(ONE_IN):
        who = dice.choice(EVERYBODY)
        if dice.random() < 0.25:
            desk.type(who, dice.choice(WORDS))
        else:
            desk.press(who, _made_up(dice, desk.code))
    assert desk.failed() == before


def test_a_forged_button_in_a_group_stops_nobody(desk: Desk) -> None:
    """Many read along there: it is answered like any that is nobody's."""
    before = desk.failed()
    for action in (f"show:{desk.code}:{LONG}", f"accept:{desk.code}:1:{LONG}", *OTHERS[:4]):
        desk.loop.run_until_complete(desk.player.say("officer-group", {"tap": action}))
    assert desk.failed() == before
