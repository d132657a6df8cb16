"""However much lies in a chat, its page and its stream show so much and no more, and nobody waits for it."""

import asyncio
import threading
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select

from bot.channels.webchat import READ_AT_ONCE, SHOWN_AT_ONCE
from domain.messages import MOST_LETTERS, Message
from storage.ground.tables import Bubble
from storage.mail import webchat
from storage.mail.outbox import Delivery
from storage.mail.webchat import Shown
from storage.store.engine import Store
from tests.channels.webchat_desk import events, page, write
from tests.conftest import MONDAY
from tests.emulators.webdesk import WebDesk
from web import chat_page, drawing
from web.chat_page import MOST_LETTERS_SHOWN, fitting


def shown(number: int, letters: int) -> Shown:
    """Make a bubble with so many letters."""
    return Shown(number, number, f"b{number}", False, {"text": "x" * letters}, MONDAY)


@pytest.mark.parametrize(
    ("letters", "kept"),
    [
        ([], []),
        ([1, 2, 3], [1, 2, 3]),
        ([MOST_LETTERS_SHOWN, 1], [2]),
        ([1, MOST_LETTERS_SHOWN + 1], [2]),
        ([1, MOST_LETTERS_SHOWN - 1, 1], [2, 3]),
        ([MOST_LETTERS] * 100, list(range(94, 101))),
    ],
)
def test_a_page_shows_the_latest_bubbles_that_fit(letters: list[int], kept: list[int]) -> None:
    """At least the last, and none behind one that no longer fits."""
    all_of_them = [shown(number, count) for number, count in enumerate(letters, start=1)]
    assert [one.id for one in fitting(all_of_them)] == kept


async def fill(desk: WebDesk, person: ClientSession, text: str, count: int) -> str:
    """Say so much to somebody; return their chat's key."""
    await write(person)
    key = await desk.chat_key()
    for n in range(count):
        await desk.say(key, f"{n}. {text}", key=f"notice:{n}")
    return key


async def test_a_page_of_the_longest_messages_is_small(desk: WebDesk, person: ClientSession) -> None:
    """Links make many letters of few: still it is no more than half a megabyte, and ends with the latest."""
    await fill(desk, person, "http://a.vn/ " * (MOST_LETTERS // 13 - 1), 12)
    html = await page(person)
    assert len(html) < 500_000
    assert ">11. <a" in html
    assert ">0. <a" not in html
    assert 'data-first="0"' not in html, "the script must not put older ones on top"


async def test_a_stream_from_the_beginning_tells_what_a_page_would_show(
    desk: WebDesk, person: ClientSession
) -> None:
    """Not the whole of a long conversation: the newest bubbles, in order."""
    await fill(desk, person, "xin chào", SHOWN_AT_ONCE + 20)
    told = await events(person, after=0, most=SHOWN_AT_ONCE)
    assert len(told) == SHOWN_AT_ONCE
    assert "119. xin chào" in str(told[-1])
    assert "19. xin chào" not in str(told[0])


async def test_the_store_gives_the_newest_and_no_more(store: Store) -> None:
    """On every database: so many, in order."""
    lane = store.keyring.blind("chat", "web", "address")
    async with store.work() as work:
        told = [
            Delivery(f"k{n}", "web", lane, "", Message(str(n)), 1, False, None, MONDAY, MONDAY)
            for n in range(9)
        ]
        await webchat.deliver(work, told)
    async with store.read() as work:
        assert [one.body["text"] for one in await webchat.after(work, lane, 0, 4)] == ["5", "6", "7", "8"]
        assert await work.session.scalar(select(func.count()).select_from(Bubble)) == 9


async def test_pages_are_drawn_beside_the_loop_one_at_a_time(
    person: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for something else meanwhile is answered: the drawing thread is another, and one."""
    threads: set[str] = set()
    drew = chat_page.fold

    def noting(bubbles: list[chat_page.Bubble]) -> list[chat_page.Bubble]:
        threads.add(threading.current_thread().name)
        return drew(bubbles)

    monkeypatch.setattr(chat_page, "fold", noting)
    await asyncio.gather(*(page(person) for _ in range(5)))
    assert threads == {"drawing_0"}
    assert drawing._HAND._max_workers == 1


async def test_pages_are_read_a_few_at_a_time(
    desk: WebDesk, person: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty pages that are asked for at once do not open twenty conversations between two others' turns."""
    inside = most = 0
    latest, full, gate = webchat.latest, asyncio.Event(), asyncio.Event()

    async def noting(*given: Any) -> list[Shown]:  # noqa: ANN401 - as the original
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == READ_AT_ONCE:
            full.set()
        try:
            await gate.wait()
            return await latest(*given)
        finally:
            inside -= 1

    await fill(desk, person, "xin chào", 3)
    monkeypatch.setattr(webchat, "latest", noting)
    pages = [asyncio.ensure_future(page(person)) for _ in range(20)]
    await full.wait()
    async with person.get("/healthz"):  # time enough for those who would come in as well
        gate.set()
    await asyncio.gather(*pages)
    assert most == READ_AT_ONCE
