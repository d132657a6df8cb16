"""The web chat's page in a real browser: by touch, by keyboard, without script, on a bad line."""

import io
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright, expect

from domain.messages import Choice, Message
from storage.store.engine import Store
from tests.emulators.webdesk import WebDesk, web_desk

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no `chromium` on the PATH to drive"),
]
ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
ASK = Message(
    "Tổ tiếp nhận hiểu thế này:\n• Việc: cống tắc",
    (Choice("Đúng, gửi đi", "send", "primary"), Choice("Sửa", "edit"), Choice("Bỏ", "back", "danger")),
)


@pytest.fixture
async def desk(sqlite_store: Store) -> AsyncIterator[WebDesk]:
    """Run a web chat that answers with a menu."""
    async with web_desk(sqlite_store) as running:
        running.answer = ASK
        yield running


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@contextmanager
def watched(context: BrowserContext) -> Iterator[list[str]]:
    """Note what should never happen: errors in the console, and requests that leave this machine."""
    wrong: list[str] = []

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            wrong.append(request.url)

    context.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", asked)
    yield wrong
    assert wrong == []


async def write(page: Page, text: str) -> None:
    """Type a message and press the button."""
    await page.get_by_label("Viết cho Tổ tiếp nhận").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


def photo() -> dict[str, object]:
    """Draw a photo to choose."""
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(out, "JPEG")
    return {"name": "cống.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


async def no_violations(page: Page) -> None:
    """Let axe look at the page."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
)
async def test_everyone_can_use_it(desk: WebDesk, chromium: Browser, width: int, scheme: str) -> None:
    """Axe finds nothing wrong: empty, in conversation with photo and menu, and on the error page."""
    context = await chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = await context.new_page()
    for path in ("", "?start=cb-0123", "?size=big"):
        await page.goto(desk.url + path)
        await no_violations(page)
    await page.set_input_files("#files", photo())  # type: ignore[arg-type]
    await write(page, "Cống thôn 3 tắc")
    await expect(page.locator(".bubble.mine img")).to_be_visible()
    await expect(page.get_by_role("button", name="Đúng, gửi đi")).to_be_visible()
    await no_violations(page)
    sideways = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    small = await page.evaluate(
        """[...document.querySelectorAll('button, .button, .pick label, textarea')]
           .filter(one => one.offsetParent && one.offsetHeight < 44).map(one => one.outerHTML)"""
    )
    assert not sideways
    assert small == []
    await page.goto(desk.url + "/nope")
    await no_violations(page)
    await context.close()


async def test_a_conversation_by_touch(desk: WebDesk, chromium: Browser) -> None:
    """Words, a photo and a button: each is shown once, and answered menus lose their buttons."""
    context = await chromium.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    with watched(context):
        page = await context.new_page()
        await page.goto(desk.url)
        await page.set_input_files("#files", photo())  # type: ignore[arg-type]
        await write(page, "Cống thôn 3 tắc")
        await expect(page.locator(".bubble.mine img")).to_be_visible()
        await page.get_by_role("button", name="Sửa").tap()
        await expect(page.locator(".bubble.mine")).to_have_count(2)
        await expect(page.locator(".bubble.mine").last).to_contain_text("Sửa")
        await expect(page.locator(".bubble.desk[data-id]")).to_have_count(2)
        await expect(page.locator(".choices")).to_have_count(1)
        await context.close()
    assert [row.body["raw"].get("action") for row in await desk.heard()] == [None, "edit"]


async def test_a_conversation_by_keyboard(desk: WebDesk, chromium: Browser) -> None:
    """Tab reaches everything, Enter sends, Space presses; the focus can be seen and is never lost."""
    context = await chromium.new_context()
    with watched(context):
        page = await context.new_page()
        await page.goto(desk.url)
        reached = []
        for _ in range(5):
            await page.keyboard.press("Tab")
            reached.append(await page.evaluate("document.activeElement.id"))
            assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert reached == ["size", "scroll", "text", "send", "files"]
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.type("Cống tắc")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Đúng, gửi đi")).to_be_visible()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Space")
        await expect(page.locator(".bubble.mine")).to_have_count(2)
        await expect(page.locator(".bubble.desk[data-id]")).to_have_count(2)
        assert await page.evaluate("document.activeElement.id") == "scroll"
        await context.close()
    assert (await desk.heard())[-1].body["raw"]["action"] == "back"


async def test_it_works_without_script(desk: WebDesk, chromium: Browser) -> None:
    """A plain form posts words and photos and presses buttons; the answer is on the page that follows."""
    context = await chromium.new_context(java_script_enabled=False)
    with watched(context):
        page = await context.new_page()
        await page.goto(desk.url)
        await page.set_input_files("#files", photo())  # type: ignore[arg-type]
        await write(page, "Cống thôn 3 tắc")
        await expect(page.locator(".bubble.mine img")).to_be_visible()
        await page.get_by_role("button", name="Đúng, gửi đi").click()
        await expect(page.locator(".bubble.mine")).to_have_count(2)
        await expect(page.locator(".choices")).to_have_count(1)
        await page.get_by_role("link", name="Tải lại").click()
        await expect(page.locator(".bubble.mine")).to_have_count(2)
        await context.close()
    assert [row.body["raw"].get("action") for row in await desk.heard()] == [None, "send"]


async def test_an_invite_is_entered_by_its_button(desk: WebDesk, chromium: Browser) -> None:
    """The link shows one button; pressing it sends the token and leaves it out of the address."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(f"{desk.url}?seat=officer&start=cb-0123")
    await page.get_by_role("button", name="Vào").click()
    await expect(page.locator(".bubble.mine")).to_contain_text("Vào")
    assert "cb-0123" not in page.url
    assert "seat=officer" in page.url
    await context.close()


async def test_a_line_that_breaks_loses_and_doubles_nothing(desk: WebDesk, chromium: Browser) -> None:
    """What is written while offline is sent by itself later; what was said meanwhile comes, each once."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(desk.url)
    await write(page, "một")
    await expect(page.locator(".bubble.desk[data-id]")).to_have_count(1)
    key = await desk.chat_key()
    await context.set_offline(True)
    desk.drop_connections()
    await write(page, "hai")
    await expect(page.get_by_text("Chưa có mạng")).to_be_visible()
    await desk.say(key, "trong lúc mất mạng")
    await context.set_offline(False)
    await expect(page.get_by_text("trong lúc mất mạng")).to_have_count(1, timeout=15_000)
    await expect(page.locator(".bubble.mine")).to_have_count(2)
    await expect(page.locator(".bubble.desk[data-id]")).to_have_count(3)
    shown = await page.locator("#log > li").evaluate_all("all => all.map(one => one.dataset.key)")
    assert len(shown) == len(set(shown)) == 5
    assert len(await desk.heard()) == 2
    await context.close()


async def test_an_answer_that_got_lost_does_not_double_the_message(desk: WebDesk, chromium: Browser) -> None:
    """The server stored the message but its 200 never came: the page sends it again under the same name."""
    context = await chromium.new_context()
    page = await context.new_page()
    lost = 0

    async def after_store(_batch: object) -> None:
        nonlocal lost
        lost += 1

    desk.after_store = after_store
    await page.goto(desk.url)
    await page.route("**/chat/send", lose_first_answer())
    await write(page, "chỉ một lần")
    await expect(page.locator(".bubble.mine[data-id='1']")).to_have_count(1)
    await expect(page.locator(".bubble.mine")).to_have_count(1)
    while lost < 2:
        await page.wait_for_timeout(50)
    assert len(await desk.heard()) == 1
    await context.close()


def lose_first_answer():  # type: ignore[no-untyped-def]  # noqa: ANN201 - playwright's handler
    """Let the first post through to the server, and its answer not back."""
    seen = 0

    async def handle(route) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - playwright's own
        nonlocal seen
        seen += 1
        if seen == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    return handle


async def test_a_draft_survives_a_reload(desk: WebDesk, chromium: Browser) -> None:
    """What was typed and not sent is still there; what was sent is not."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(desk.url)
    await page.get_by_label("Viết cho Tổ tiếp nhận").fill("đang viết dở")
    await page.reload()
    await expect(page.get_by_label("Viết cho Tổ tiếp nhận")).to_have_value("đang viết dở")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(page.locator(".bubble.mine[data-id='1']")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Viết cho Tổ tiếp nhận")).to_have_value("")
    await expect(page.locator(".bubble.mine")).to_have_count(1)
    await context.close()


async def test_refusals_are_said_in_the_conversation(sqlite_store: Store, chromium: Browser) -> None:
    """Nothing written, a file too big, a post the server refuses: each is told, and words come back."""
    async with web_desk(sqlite_store, limit=1024 * 1024) as desk:
        context = await chromium.new_context()
        page = await context.new_page()
        await page.goto(desk.url)
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator(".problem")).to_contain_text("Chưa có gì để gửi")
        too_big = {"name": "dai.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"x" * 1024 * 1024}
        await page.set_input_files("#files", too_big)  # type: ignore[arg-type]
        await expect(page.locator(".problem").last).to_contain_text("“dai.pdf” lớn quá 1 MB")
        await context.clear_cookies()
        await write(page, "chưa có cookie")
        await expect(page.locator(".problem").last).to_contain_text("cookie")
        await expect(page.get_by_label("Viết cho Tổ tiếp nhận")).to_have_value("chưa có cookie")
        await context.close()


async def test_letters_grow_and_stay_so(desk: WebDesk, chromium: Browser) -> None:
    """The large letters are remembered, with script and without."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(desk.url)
    await page.get_by_role("link", name="Chữ to").click()
    await expect(page.get_by_role("link", name="Chữ vừa")).to_be_visible()
    await expect(page.locator("html.big")).to_have_count(1)
    await context.close()
    plain = await chromium.new_context(java_script_enabled=False)
    page = await plain.new_page()
    await page.goto(desk.url)
    await page.get_by_role("link", name="Chữ to").click()
    await page.goto(desk.url)
    await expect(page.locator("html.big")).to_have_count(1)
    await plain.close()


async def test_a_card_is_redrawn_in_place(desk: WebDesk, chromium: Browser) -> None:
    """An edited card changes where it stands; a reconnect does not bring the old one back."""
    context = await chromium.new_context()
    page = await context.new_page()
    await page.goto(desk.url)
    await write(page, "xin chào")
    await expect(page.locator(".choices")).to_be_visible()
    key = await desk.chat_key()
    accept, answer = Choice("Nhận xử lý", "accept:HB:1"), Choice("Trả lời", "answer:HB:2")
    await desk.say(key, "Hồ sơ mới", accept, card="HB-7K3M2R", key="card:1")
    await desk.say(key, "Tin khác")
    await expect(page.get_by_text("Tin khác")).to_be_visible()
    await desk.say(key, "Đã nhận", answer, card="HB-7K3M2R", key="card:2", edits="card:1")
    await expect(page.get_by_role("button", name="Trả lời")).to_be_visible()
    texts = await page.locator("#log .desk .text").all_inner_texts()
    assert texts[-2:] == ["Đã nhận", "Tin khác"]
    desk.drop_connections()
    await desk.say(key, "Tin cuối")
    await expect(page.get_by_text("Tin cuối")).to_be_visible(timeout=15_000)
    texts = await page.locator("#log .desk .text").all_inner_texts()
    assert texts[-3:] == ["Đã nhận", "Tin khác", "Tin cuối"]  # the earlier card, told again, stays replaced
    await context.close()
