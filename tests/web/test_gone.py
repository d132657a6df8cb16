"""What was said in confidence leaves every page that shows it, in a real browser, without a reload."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from domain.messages import Choice, Message
from storage.mail import webchat
from storage.store.engine import Store
from tests.conftest import MONDAY
from tests.emulators.webdesk import WebDesk, web_desk
from tests.web.test_page import chromium as chromium
from tests.web.test_page import pytestmark as pytestmark
from tests.web.test_page import watched, write

STORY = "cán bộ địa chính vòi tiền 2 triệu"
REVIEW = Message(
    "Tổ tiếp nhận hiểu thế này: cán bộ địa chính vòi tiền", (Choice("Gửi kín danh tính", "seal"),), once=True
)
RECEIPT = Message(
    "Đã nhận. Mã bí mật: 1288 9439 7415 9996", (Choice("Đã chép mã", "menu:copied"),), once=True
)


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[WebDesk]:
    """Run a web chat that shows what it understood."""
    async with web_desk(sqlite_store) as running:
        running.answer = REVIEW
        yield running


async def forgotten(desk: WebDesk, receipt: Message) -> None:
    """Let what was said be forgotten, as when it is sent sealed, and give the receipt."""
    key = await desk.chat_key()
    async with desk.store.work() as work:
        await webchat.forget(work, key, MONDAY - timedelta(days=1))
    await desk.tell(key, receipt, key="reply:web:receipt")


async def nothing_told(page: Page) -> None:
    """See that the page shows neither story, nor review, nor its buttons."""
    await expect(page.locator("#log")).not_to_contain_text("vòi tiền")
    await expect(page.get_by_role("button", name="Gửi kín danh tính")).to_have_count(0)


async def test_story_review_and_buttons_leave_every_open_tab(desk: WebDesk, chromium: Browser) -> None:
    """Two tabs of one visitor are open: both lose what was told, and show the secret, which goes later."""
    context = await chromium.new_context()
    with watched(context):
        first, second = await context.new_page(), await context.new_page()
        await first.goto(desk.url)
        await write(first, STORY)
        await expect(first.get_by_role("button", name="Gửi kín danh tính")).to_be_visible()
        await second.goto(desk.url)
        await expect(second.locator("#log")).to_contain_text("vòi tiền")
        await forgotten(desk, RECEIPT)
        for page in (first, second):
            await expect(page.locator("#log")).to_contain_text("1288 9439 7415 9996")
            await nothing_told(page)
        await forgotten(desk, Message("Đã xoá mã khỏi cuộc trò chuyện này."))
        for page in (first, second):
            await expect(page.locator("#log")).not_to_contain_text("1288 9439 7415 9996")
        await first.reload()
        await nothing_told(first)
    await context.close()


async def test_without_script_it_is_gone_at_the_next_load(desk: WebDesk, chromium: Browser) -> None:
    """A phone without script shows the page as it stands now, whenever it asks for it."""
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(desk.url)
    await write(page, STORY)
    await expect(page.locator("#log")).to_contain_text("vòi tiền")
    await forgotten(desk, RECEIPT)
    await page.goto(desk.url)
    await expect(page.locator("#log")).to_contain_text("1288 9439 7415 9996")
    await nothing_told(page)
    await context.close()
