"""Sealed mode on our own page: what was told in confidence leaves it, and the secret when it is copied."""

import json
from datetime import timedelta

import pytest

from bot.channels.webchat import WebChat
from bot.desk import Desk
from bot.opening import own_page
from domain import secrecy
from scheduler.clock import tick
from storage.mail import webchat
from storage.mail.inbox import Arrived
from storage.mail.webchat import ACCOUNT
from storage.store.engine import Store
from tests.conftest import StoppedClock

STORY = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
BEFORE = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"


class Page:
    """One browser's conversation, and what it would show after a reload."""

    def __init__(self, store: Store, clock: StoppedClock) -> None:
        self.store, self.clock, self.said = store, clock, 0
        self.desk = Desk(store, [WebChat(store, "http://localhost", 1024)])
        self.key = store.keyring.blind("chat", ACCOUNT, "a" * 64)

    async def say(self, *texts: str) -> None:
        """Post these one after the other, a minute apart."""
        for text in texts:
            self.said += 1
            self.clock.pass_(minutes=1)
            body = {"action": text} if text.startswith("menu:") else {"text": text}
            await self.desk.ingest(Arrived(ACCOUNT, f"page:{self.said:08}", "a" * 64, body))
            await self.settle()

    async def settle(self) -> None:
        """Let worker and sender run until nothing is left to do."""
        while await self.desk.worker.step() or await self.desk.senders[0].step():
            pass

    async def pass_(self, **by: float) -> None:
        """Let so much time pass."""
        self.clock.pass_(**by)
        await tick(self.store)
        await self.settle()

    async def shown(self) -> str:
        """Return every bubble kept for it."""
        async with self.store.read() as work:
            bubbles = await webchat.latest(work, self.key, 100)
        return json.dumps([one.body for one in bubbles], ensure_ascii=False)

    async def secret(self) -> str:
        """Return the secret that stands on the page."""
        shown = await self.shown()
        return shown.partition("Mã bí mật: ")[2][:19]


@pytest.fixture
def web(commune_store: Store, clock: StoppedClock) -> Page:
    """Open the page of somebody in the commune."""
    return Page(commune_store, clock)


async def test_the_draft_leaves_the_page_as_it_is_sent(web: Page) -> None:
    """What was said before the draft began stays; the story, its review and the choice do not."""
    await web.say(BEFORE, "1", STORY, "4", "1")
    shown = await web.shown()
    assert "vòi tiền" not in shown
    assert BEFORE in shown
    assert secrecy.read(f"xem {await web.secret()}") is not None


@pytest.mark.parametrize("pressed", ["menu:copied", "menu:erase"])
async def test_the_secret_leaves_the_page_when_it_is_copied(web: Page, pressed: str) -> None:
    """It is gone from every page of this visitor, and the answer says so."""
    await web.say(STORY, "4", "1")
    secret = await web.secret()
    await web.say(pressed)
    shown = await web.shown()
    assert secret not in shown
    assert "Đã xoá mã" in shown


async def test_a_secret_nobody_copied_is_taken_away_by_the_clock(web: Page) -> None:
    """After a day it stands there no longer, whoever opens the page."""
    await web.say(STORY, "4", "1")
    secret = await web.secret()
    web.clock.at += timedelta(hours=23)
    await tick(web.store)
    assert secret in await web.shown()
    web.clock.at += timedelta(hours=1, minutes=15)
    await tick(web.store)
    assert secret not in await web.shown()


async def test_a_visit_leaves_nothing_on_the_page(web: Page) -> None:
    """Neither the secret that was typed nor what it showed is there half an hour later."""
    await web.say(STORY, "4", "1")
    secret = await web.secret()
    await web.say("menu:copied")
    await web.pass_(hours=1)
    await web.say(f"xem {secret}")
    shown = await web.shown()
    assert secret not in shown
    assert "nhận ý kiến" in shown
    await web.pass_(minutes=31)
    assert "nhận ý kiến" not in await web.shown()


async def test_on_the_page_itself_no_page_is_offered(web: Page) -> None:
    """Elsewhere it is, where the desk has a public address."""
    web.store.page = own_page("https://hoabinh.example")
    await web.say(STORY, "4")
    shown = await web.shown()
    assert "Gửi kín ở đây" in shown
    assert "https://" not in shown


async def test_the_pages_own_address_begins_a_sealed_report(web: Page) -> None:
    """The link of a messaging app opens the page with the warning first."""
    await web.say("gui-kin")
    shown = await web.shown()
    assert "Đừng ghi tên mình" in shown
    assert "việc gì, ở đâu" in shown
