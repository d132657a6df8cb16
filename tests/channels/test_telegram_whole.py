"""A whole case through Telegram: the real desk, its loops and its pace, over real HTTP to the emulator."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.telegram.channel import Telegram
from bot.desk import Desk
from services.office import directory
from storage.people import people
from storage.store.engine import DatabaseClock, Store, open_store
from tests.channels.telegram_desk import SECRET, until
from tests.conftest import KEYS, MONDAY
from tests.emulators.telegram import Chat, TelegramServer

SEED = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
COMMUNE = SEED.read_bytes()


@pytest.fixture
async def commune(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Store]:
    """Open a seeded desk whose clock runs on from an ordinary Monday morning."""
    shutil.copy(migrated_sqlite, tmp_path / "desk.sqlite3")
    clock = DatabaseClock()
    clock.shift = MONDAY - datetime.now(UTC)  # noqa: TID251 - the platform's pace needs a clock that runs
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'desk.sqlite3'}", KEYS, tmp_path, clock)
    async with store.work() as work:
        await directory.seed(work, COMMUNE, SEED.name)
    yield store
    await store.close()


@pytest.fixture
async def desk(commune: Store, tg: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Run every loop of the desk, polling the emulator, which is in no hurry: nor need the desk be slow."""
    pace = replace(Telegram.caps.limits, gap=timedelta(milliseconds=50))
    monkeypatch.setattr(Telegram, "caps", replace(Telegram.caps, limits=pace))
    channel = Telegram("telegram", SecretStr(tg.token), tg.url, SecretStr(SECRET), "polling", commune)
    running = Desk(commune, [channel])
    stop = asyncio.Event()
    loops = asyncio.create_task(running.run("all", stop))
    yield running
    stop.set()
    with suppress(asyncio.CancelledError):
        await loops
    await channel.close()


def told(chat: Chat, words: str) -> bool:
    """Say whether the newest bubble of a chat holds these words."""
    return bool(chat.texts) and words in chat.texts[-1]


@pytest.mark.usefixtures("desk")
async def test_a_case_lives_its_whole_life_on_telegram(commune: Store, tg: TelegramServer) -> None:
    """A citizen reports and rates, an invited officer takes and answers by buttons; his card is edited."""
    citizen, officer = tg.chat(42), tg.chat(43)
    async with commune.work() as work:
        person = await people.person_by_code(work, "kt_tuan")
        assert person is not None
        invitation = await people.invite(work, person.id)
    officer.say(f"/start {invitation}")
    await until(lambda: told(officer, "Chào"))
    citizen.say("cong thon 3 tac may hom roi, mua la ngap duong")
    await until(lambda: told(citizen, "Tổ tiếp nhận hiểu thế này"))
    citizen.press("Đúng, gửi đi")
    await until(lambda: told(citizen, "Mã:") and told(officer, "Chưa ai nhận."))
    card = len(officer.texts) - 1
    officer.press("Nhận xử lý")
    await until(lambda: "đang xử lý" in officer.texts[card] and told(citizen, "đã nhận việc"))
    await until(lambda: told(officer, "Đã nhận việc"))
    officer.press("Trả lời")
    await until(lambda: told(officer, "nhắn luôn câu trả lời"))
    officer.say("Sáng nay đội thoát nước đã nạo vét cống đầu thôn 3, nước rút hết.")
    await until(lambda: told(officer, "Bà con sẽ đọc"))
    officer.press("Gửi")
    await until(lambda: told(citizen, "Bà con thấy thế nào?"))
    citizen.press("Hài lòng")
    await until(lambda: told(citizen, "Cảm ơn bà con"))
    await until(lambda: "Đã khép" in officer.texts[card])
    await until(lambda: all(tg.queries.values()))  # every tap was answered
