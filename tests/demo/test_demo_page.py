"""The demo's page: two minutes by hand in a real browser, a story that plays itself, plain requests."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import FrameLocator, Locator, Page, expect

from bot.demo.seats import SEATS
from tests.demo.running import CHROMIUM, PATIENCE, browsing, running_demo

JSON = {"Accept": "application/json"}


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Run a demo on a Monday morning."""
    async with running_demo(tmp_path) as found:
        yield found


@pytest.fixture
async def client(address: str) -> AsyncIterator[ClientSession]:
    """Open a browser without script."""
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as session:
        yield session


# --- plain requests ------------------------------------------------------------------------------


async def test_a_visit_takes_no_seat(client: ClientSession) -> None:
    """GET sets no cookie and shows no pane; the button does, for every seat; then the panes are there."""
    async with client.get("/demo") as response:
        assert "Set-Cookie" not in response.headers
        assert "<iframe" not in await response.text()
    async with client.post("/demo/enter") as response:
        page = await response.text()
    assert {cookie.key for cookie in client.cookie_jar} == {seat.cookie for seat in SEATS.values()}
    assert page.count("<iframe") == 3
    assert "DỮ LIỆU GIẢ" in page
    assert "Đỗ Anh Tuân, Phòng Kinh tế" in page


async def test_every_seat_has_its_own_chat(client: ClientSession) -> None:
    """Each seat's page is that seat's; an official is greeted there with their unit, and can write there."""
    async with client.post("/demo/enter"):
        pass
    for number, seat in enumerate(SEATS.values()):
        async with client.get("/chat", params={"seat": seat.name}) as response:
            page = await response.text()
        assert f'data-seat="{seat.name}"' in page, seat
        assert (" sẽ gửi tới đây" in page) is bool(seat.person), seat
        assert "hồ sơ của  sẽ" not in page, seat
        said = {"text": "giup", "client_id": f"said-in-seat-{number}"}
        async with client.post("/chat/send", params={"seat": seat.name}, data=said, headers=JSON) as response:
            assert response.status in {200, 202}, (seat, await response.text())


async def test_the_page_allows_no_inline_code_and_only_its_own_frames(client: ClientSession) -> None:
    """The policy names no 'unsafe', frames may only be our own, and nobody may frame the demo."""
    async with client.post("/demo/enter") as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert "unsafe" not in policy
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


async def test_another_sites_page_presses_no_button(client: ClientSession) -> None:
    """A cross-site POST moves no clock."""
    abroad = {"Sec-Fetch-Site": "cross-site", "Origin": "http://example.org"}
    async with client.post("/demo/clock", data={"by": "1d"}, headers=abroad) as response:
        assert response.status == 403


async def test_what_no_button_sends_is_refused(client: ClientSession) -> None:
    """A step, story or speed that does not exist is a 400 with words, not an error."""
    wrong = [("clock", {"by": "9d"}), ("clock", {}), ("play", {"story": "none"})]
    wrong.append(("play", {"story": "1-cong-tac", "speed": "x"}))
    for path, fields in wrong:
        async with client.post(f"/demo/{path}", data=fields, headers=JSON) as response:
            assert response.status == 400
            assert (await response.json())["error"]


async def test_one_story_at_a_time(client: ClientSession) -> None:
    """While a story plays another is refused with words; stopping it is said, and frees the stage."""
    slow = {"story": "1-cong-tac", "speed": "slow"}
    async with client.post("/demo/play", data=slow, headers=JSON) as response:
        assert (await response.json())["story"]["title"].startswith("Cống tắc")
    async with client.post("/demo/play", data=slow, headers=JSON) as response:
        assert response.status == 400
        assert "đang diễn" in (await response.json())["error"]
    async with client.post("/demo/stop", headers=JSON) as response:
        told = await response.json()
    assert told["story"] is None
    assert "Đã dừng" in told["note"]


async def test_the_clock_moves_without_script(client: ClientSession) -> None:
    """Each button leads back to the page, which shows the new day; on a day off it says what waits."""
    async with client.post("/demo/enter") as response:
        assert "thứ Hai 16/11/2026" in await response.text()
    async with client.post("/demo/clock", data={"by": "2h"}) as response:
        assert "11:0" in await response.text()
    for _ in range(2):
        async with client.post("/demo/clock", data={"by": "3d"}) as response:
            page = await response.text()
    assert "22/11/2026" in page
    assert "Ngoài giờ" in page
    assert "07:00 thứ Hai 23/11/2026" in page


# --- by hand -------------------------------------------------------------------------------------


def pane(page: Page, name: str) -> FrameLocator:
    """Return a seat's chat."""
    return page.frame_locator(f"iframe[data-pane={name}]")


def choice(frame: FrameLocator, label: str) -> Locator:
    """Return the latest button with this label."""
    return frame.locator(".choice", has_text=label).last


async def say(frame: FrameLocator, text: str) -> None:
    """Write and send."""
    await frame.locator("#text").fill(text)
    await frame.locator("#send").click()


@pytest.mark.e2e
@pytest.mark.skipif(CHROMIUM is None, reason="there is no `chromium` on the PATH to drive")
async def test_two_minutes_by_hand(address: str) -> None:
    """Report, accept, let time pass: the officer is reminded, the chief alerted; answer, rate 2, reopen."""
    async with browsing() as opened:
        page = opened.page
        await page.goto(f"{address}/demo")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # the one button
        citizen, officer, chief = (pane(page, name) for name in ("citizen", "officer", "supervisor"))
        # What a desk learns when it begins it learns here: on a busy machine this takes the longest.
        await expect(chief.get_by_text("Chào Vũ Đình Sáng!")).to_be_visible(timeout=2 * PATIENCE)

        await say(citizen, "cống thôn 3 tắc mấy hôm rồi, mưa là ngập")
        await choice(citizen, "Đúng, gửi đi").click()
        await expect(citizen.get_by_text("Mã: ")).to_be_visible()
        await choice(officer, "Nhận xử lý").click()
        await expect(citizen.get_by_text("đã nhận việc")).to_be_visible()

        await page.get_by_role("button", name="+3 ngày").click()
        await expect(page.locator("#day")).to_have_text("thứ Năm 19/11/2026")
        await expect(officer.get_by_text("HÔM NAY là hạn trả lời")).to_be_visible()
        await page.get_by_role("button", name="+3 ngày").click()
        await expect(chief.get_by_text("Quá hạn 1 ngày làm việc")).to_be_visible()
        await expect(page.locator("#quiet")).to_contain_text("Ngoài giờ")
        await page.get_by_role("button", name="+1 ngày").click()
        await expect(page.locator("#quiet")).to_be_empty()

        await say(officer, "viec")
        await officer.locator(".choice", has_text="cống thôn 3").last.click()
        await expect(officer.get_by_text("Quá hạn").last).to_be_visible()
        await choice(officer, "Trả lời").click()
        await expect(officer.get_by_text("chọn cách bắt đầu")).to_be_visible()
        await say(officer, "Sáng nay đội thoát nước đã nạo vét xong, mong bà con thông cảm vì chậm.")
        await expect(officer.get_by_text("Bà con sẽ đọc")).to_be_visible()
        await officer.locator(".choice", has_text=re.compile(r"^\W*\d?\W*Gửi\W*$")).last.click()
        await expect(officer.get_by_text("Chờ bà con chấm điểm")).to_be_visible()
        await choice(citizen, "Chưa hài lòng").click()
        await choice(citizen, "Chưa làm xong").click()
        await choice(citizen, "Mở lại hồ sơ").click()
        await expect(chief.get_by_text("đã mở lại lần 1").last).to_be_visible()
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert opened.complaints == []
        assert opened.abroad == []


@pytest.mark.e2e
@pytest.mark.skipif(CHROMIUM is None, reason="there is no `chromium` on the PATH to drive")
async def test_a_story_plays_itself_on_a_phone(address: str) -> None:
    """Pressed, it plays to its end in the panes; hidden panes count their news; the next can be stopped."""
    async with browsing(width=390, height=844) as opened:
        page = opened.page
        await page.emulate_media(color_scheme="dark")
        await page.goto(f"{address}/demo")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.get_by_role("button", name="Vào xem").click()
        await expect(pane(page, "citizen").locator("#text")).to_be_visible()
        await page.locator("select[name=speed]").select_option("fast")
        await page.get_by_role("button", name="Cống tắc").click()
        await expect(page.locator("#progress")).to_be_visible()
        await expect(page.locator(".tabs [data-pane=officer] .unseen-count")).to_be_visible()
        await expect(page.locator("#note")).to_contain_text("Đã diễn xong", timeout=15_000)
        await expect(page.locator("#playing")).to_be_hidden()
        await expect(pane(page, "citizen").get_by_text("Cảm ơn bà con đã chấm điểm").first).to_be_visible()

        await page.locator(".tabs button[data-pane=officer]").click()
        await expect(page.locator("iframe[data-pane=officer]")).to_be_visible()
        await expect(page.locator("iframe[data-pane=citizen]")).to_be_hidden()
        await expect(page.locator(".tabs [data-pane=officer] .unseen-count")).to_be_hidden()
        await expect(pane(page, "officer").get_by_text("bà con chấm 5/5")).to_be_in_viewport()

        await page.locator("select[name=speed]").select_option("slow")
        await page.get_by_role("button", name="Gửi kín").click()
        await page.get_by_role("button", name="Dừng").click()
        await expect(page.locator("#note")).to_contain_text("Đã dừng")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        assert opened.complaints == []
        assert opened.abroad == []


@pytest.mark.e2e
@pytest.mark.skipif(CHROMIUM is None, reason="there is no `chromium` on the PATH to drive")
async def test_it_can_begin_anew(address: str) -> None:
    """“Bắt đầu lại” empties the commune and comes back by itself, everyone still in their seats."""
    async with browsing() as opened:
        page = opened.page
        await page.goto(f"{address}/demo")
        await page.get_by_role("button", name="Vào xem").click()
        await say(pane(page, "citizen"), "đèn đường thôn 2 hỏng")
        await expect(pane(page, "citizen").get_by_text("đèn đường thôn 2 hỏng").first).to_be_visible()
        epoch = await page.locator("#demo").get_attribute("data-epoch") or ""
        await page.locator("summary").click()
        await page.get_by_role("button", name="Xoá hết và bắt đầu lại").click()
        await expect(page.locator("#demo")).not_to_have_attribute("data-epoch", epoch, timeout=15_000)
        await expect(pane(page, "officer").get_by_text("Chào Đỗ Anh Tuân!")).to_be_visible()
        await expect(pane(page, "citizen").get_by_text("đèn đường thôn 2 hỏng")).to_have_count(0)
