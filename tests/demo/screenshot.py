"""Make the README's picture anew: `python -m tests.demo.screenshot` writes docs/images/demo.png."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import expect

from tests.demo.running import CHROMIUM, browsing, running_demo

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "demo.png"
MOST = 250_000


async def take() -> None:
    """Play the story of the late answer until the chief has been alerted, and take the picture then."""
    with TemporaryDirectory() as folder:
        async with running_demo(Path(folder)) as address, browsing() as opened:
            page = opened.page
            await page.goto(f"{address}/demo")
            await page.get_by_role("button", name="Vào xem").click()
            await page.locator("select[name=speed]").select_option("normal")
            await page.get_by_role("button", name="Quá hạn").click()
            chief = page.frame_locator("iframe[data-pane=supervisor]")
            await expect(chief.get_by_text("Quá hạn 1 ngày làm việc")).to_be_visible(timeout=60_000)
            await page.wait_for_timeout(1500)
            PICTURE.parent.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=PICTURE)
    if PICTURE.stat().st_size > MOST:
        sys.exit(f"{PICTURE.name} is larger than {MOST} bytes")


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("there is no `chromium` on the PATH")
    asyncio.run(take())
