"""The web chat over real HTTP: what the desk says is shown, once and in order."""

import asyncio
import re

import pytest
from aiohttp import ClientSession

from bot.channels.channel import Sent
from domain.messages import Choice, Message
from storage.ground.tables import Bubble
from storage.mail.outbox import Delivery
from storage.store.engine import Store
from tests.channels.webchat_desk import CLIENT_ID, NO, YES, events, ids, page, write
from tests.emulators.webdesk import WebDesk, browser, web_desk

# --- what the desk says --------------------------------------------------------------------------


async def test_a_delivery_is_shown_once(desk: WebDesk, person: ClientSession) -> None:
    """A sender that died and sends again does not show the message twice."""
    await write(person)
    key = await desk.chat_key()
    for _ in range(2):
        assert await desk.say(key, "Đã nhận", key="receipt:1") == Sent("receipt:1")

    assert (await page(person)).count("Đã nhận") == 1


async def test_many_deliveries_are_one_transaction(desk: WebDesk) -> None:
    """32 messages claimed together are committed together."""
    batches: list[int] = []
    show = desk.channel._show

    async def counted(deliveries: list[Delivery]) -> None:
        batches.append(len(deliveries))
        await show(deliveries)

    desk.channel._shown._commit = counted  # type: ignore[assignment]
    await asyncio.gather(*(desk.say(f"{n:032}", "Chào") for n in range(32)))

    assert batches == [32]


async def test_a_card_changes_where_it_stands(desk: WebDesk, person: ClientSession) -> None:
    """An edited card takes the place of the earlier one, as often as it is edited; browsers are told."""
    await write(person)
    key = await desk.chat_key()
    first = await desk.say(key, "Hồ sơ mới", card="HB-7K3M2R", key="card:1")
    await desk.say(key, "Tin khác")
    assert isinstance(first, Sent)
    second = await desk.say(key, "Đã nhận xử lý", card="HB-7K3M2R", key="card:2", edits=first.external_id)
    assert isinstance(second, Sent)
    await desk.say(key, "Đã trả lời", card="HB-7K3M2R", key="card:3", edits=second.external_id)

    shown = await page(person)
    assert "Hồ sơ mới" not in shown
    assert "Đã nhận xử lý" not in shown
    assert shown.index("Đã trả lời") < shown.index("Tin khác")
    told = await events(person, after=0, most=5)
    places = [re.search(r'data-key="(.*?)"', event).group(1) for event in told]  # type: ignore[union-attr]
    assert places[1] == places[3] == places[4] != places[2]


async def test_only_the_newest_menu_has_buttons(desk: WebDesk, person: ClientSession) -> None:
    """An answered menu loses its buttons, a card keeps them without numbers, and back is number 0."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "Hồ sơ", Choice("Nhận xử lý", "accept:HB:1"), card="HB-7K3M2R")
    await desk.say(key, "Câu cũ", Choice("Cũ", "old"))
    await desk.say(key, "Câu mới", YES, Choice("Lùi lại", "back"))

    shown = await page(person)
    assert 'value="old"' not in shown
    assert re.findall(r'<span class="number">(\d)\.</span>', shown) == ["1", "0"]
    assert 'value="accept:HB:1"' in shown

    await write(person, "1")
    shown = await page(person)
    assert 'value="send"' not in shown
    assert 'value="accept:HB:1"' in shown


async def test_a_notice_does_not_take_the_menus_numbers(desk: WebDesk, person: ClientSession) -> None:
    """A notice in the middle of a question has buttons of its own, and the question keeps its numbers."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "Câu hỏi", YES, NO)
    await desk.say(key, "Tin báo", Choice("Xem", "open:1"), numbered=False)

    shown = await page(person)
    assert re.findall(r'<span class="number">(\d)\.</span>', shown) == ["1", "2"]
    assert 'value="open:1"' in shown


async def test_words_are_shown_as_words(desk: WebDesk, person: ClientSession) -> None:
    """Markup in a message, a label or a file's name is text."""
    evil = "<script>alert('x')</script>"
    await write(person, evil)
    await desk.say(await desk.chat_key(), evil, Choice(evil, "a"), Choice("b", '"><img src=x>'))

    shown = await page(person)
    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown
    assert shown.count("&lt;script&gt;") == 3


# --- the stream ----------------------------------------------------------------------------------


async def test_the_stream_tells_at_once(desk: WebDesk, person: ClientSession) -> None:
    """A message reaches an open stream as soon as it is shown."""
    await write(person)
    key = await desk.chat_key()
    waiting = asyncio.create_task(events(person, after=0, most=2))
    while not desk.channel._watchers:  # noqa: ASYNC110 - until the stream is open
        await asyncio.sleep(0)
    await desk.say(key, "Đã nhận ạ")

    told = await waiting
    assert "Cống tắc" in told[0]
    assert "Đã nhận ạ" in told[1]


async def test_a_reconnect_tells_everything_after_the_last_event(
    desk: WebDesk, person: ClientSession, sqlite_store: Store
) -> None:
    """What came while the line was down is told; what is older than the overlap is not told again."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "một")
    sqlite_store.clock.pass_(seconds=60)  # type: ignore[attr-defined]
    await desk.say(key, "hai")
    await desk.say(key, "ba")

    assert ids(await events(person, after=0, most=2, headers={"Last-Event-ID": "3"})) == [3, 4]
    assert ids(await events(person, after=2, most=3)) == [1, 2, 3]


async def test_an_id_that_was_committed_late_is_told(desk: WebDesk, person: ClientSession) -> None:
    """On PostgreSQL a lower id may turn up after a higher one was told: the stream still brings it."""
    await write(person)
    key = await desk.chat_key()
    await desk.say(key, "hai")
    waiting = asyncio.create_task(events(person, after=0, most=3))
    while not desk.channel._watchers:  # noqa: ASYNC110 - until the stream is open
        await asyncio.sleep(0)
    async with desk.store.work() as work:
        row = await work.session.get(Bubble, 2)
        assert row is not None
        late = Bubble(id=-1, chat_key=key, message_key="late", mine=False, body={"text": "muộn"}, at=row.at)
        work.session.add(late)
    desk.channel._watchers.wake(key)

    assert "muộn" in "".join(await waiting)


async def test_replicas_see_each_others_bubbles(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bubble that another process wrote reaches the streams of this one by the poll."""
    monkeypatch.setattr("bot.channels.webchat.POLL", 0.01)
    async with web_desk(sqlite_store) as here, web_desk(sqlite_store) as there, browser(here) as person:
        await write(person)
        listening = asyncio.create_task(here.channel.listen(lambda _arrived: asyncio.sleep(0)))
        waiting = asyncio.create_task(events(person, after=0, most=2))
        while not here.channel._watchers:  # noqa: ASYNC110 - until the stream is open
            await asyncio.sleep(0)
        await there.say(await here.chat_key(), "Từ máy kia")

        assert "Từ máy kia" in (await waiting)[1]
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_streams_end_when_the_server_stops(sqlite_store: Store) -> None:
    """Shutting down does not wait for browsers to go away."""
    async with asyncio.timeout(5), web_desk(sqlite_store) as desk, browser(desk) as person:
        await write(person)
        async with person.get("/chat/stream?after=0") as answer:
            await answer.content.readline()
            await desk.server.close()
            await answer.content.read()
    assert not desk.channel._watchers


# --- without script ------------------------------------------------------------------------------


async def test_a_plain_form_brings_the_answer_with_it(desk: WebDesk, person: ClientSession) -> None:
    """Post, 303, and the page that comes back already holds the desk's answer."""
    desk.answer = Message("Đã nhận ý kiến")
    form = {"client_id": CLIENT_ID, "text": "Cống tắc"}
    async with person.post("/chat/send", data=form) as answer:
        assert answer.history[0].status == 303
        assert "Đã nhận ý kiến" in await answer.text()


async def test_a_plain_page_waits_for_a_slow_answer(desk: WebDesk, person: ClientSession) -> None:
    """The page after a post waits a moment for an answer that is on its way."""
    posting = asyncio.create_task(page_after_post(person))
    while not desk.channel._watchers:  # noqa: ASYNC110 - until the page waits
        await asyncio.sleep(0)
    await desk.say(await desk.chat_key(), "Đây ạ")

    assert "Đây ạ" in await posting


async def page_after_post(person: ClientSession) -> str:
    """Post as a plain form and return the page that follows."""
    async with person.post("/chat/send", data={"client_id": CLIENT_ID, "text": "Cống tắc"}) as answer:
        return await answer.text()
