"""The emulator's groups, topics, updates and limits, told by an independent client over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden

from tests.emulators.telegram import Chat, TelegramServer
from tests.emulators.telegram_calls import call, inline, until

GROUP, FORUM = -500, -1_001_000


# --- groups ----------------------------------------------------------------------------------------------


async def test_a_group_moves_and_its_old_number_says_where(tg: TelegramServer, bot: Bot) -> None:
    """Both chats tell of it, and a call to the old one is answered with the new one's number."""
    old = tg.group(GROUP)
    new = old.migrate()
    told = [
        (u.message.chat.type, u.message.migrate_to_chat_id, u.message.migrate_from_chat_id)
        for u in await bot.get_updates()
    ]
    assert told == [("group", new.id, None), ("supergroup", None, GROUP)]
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP, "x")
    assert (await bot.send_message(moved.value.new_chat_id, "x")).chat.id == new.id


async def test_who_shuts_the_bot_out_is_told_of_and_refuses_it(
    tg: TelegramServer, bot: Bot, chat: Chat
) -> None:
    """Blocked, never opened, deactivated, kicked: each has its 403."""
    chat.block()
    tg.group(GROUP).kick_bot()
    gone = tg.chat(44)
    gone.deactivate()
    stranger = tg.chat(43, opened=False)
    said = {
        42: "blocked by the user",
        43: "can't initiate",
        44: "deactivated",
        GROUP: "kicked from the group",
    }
    for number, words in said.items():
        with pytest.raises(Forbidden, match=words):
            await bot.send_message(number, "x")
    chat.unblock()
    stranger.start("i_1")
    for number in (42, 43):
        await bot.send_message(number, "x")
    updates = await bot.get_updates(allowed_updates=["my_chat_member", "message"])
    states = [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member]
    assert (states, updates[-1].message.text) == (["kicked", "kicked", "member"], "/start i_1")


async def test_a_group_tells_the_bot_what_is_meant_for_it(tg: TelegramServer, bot: Bot) -> None:
    """With privacy on: commands, answers to it, its name; an administrator hears everything."""
    group = tg.group(GROUP)
    tuan, sent = group.member(7, "Tuấn"), await bot.send_message(GROUP, "thẻ")
    heard = [
        tuan.say("chuyện riêng"),
        tuan.say("/menu@another_bot"),
        tuan.command("menu"),
        tuan.say("nhận", reply_to=sent.message_id),
        group.anonymous().say("/menu"),
    ]
    group.promote_bot()
    heard.append(tuan.say("chuyện riêng"))
    assert [bool(number) for number in heard] == [False, False, True, True, True, True]
    messages = [u.message for u in await bot.get_updates() if u.message]
    assert (messages[1].reply_to_message.text, messages[2].from_user.id) == ("thẻ", 1087968824)
    assert messages[2].sender_chat.id == GROUP


async def test_a_topic_can_close_and_vanish(tg: TelegramServer, bot: Bot) -> None:
    """What is written in it is marked; the name's limit, twice closed, deleted, and no right to do it."""
    forum = tg.forum(FORUM)
    topic = await bot.create_forum_topic(FORUM, "HB-7K3M2R")
    await bot.send_message(FORUM, "thẻ", message_thread_id=topic.message_thread_id)
    forum.member(7).say("nhận", thread=topic.message_thread_id)
    assert (await bot.get_updates())[-1].message.is_topic_message
    await bot.close_forum_topic(FORUM, topic.message_thread_id)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await bot.close_forum_topic(FORUM, topic.message_thread_id)
    with pytest.raises(BadRequest, match=r"(?i)topic_name_invalid"):
        await bot.edit_forum_topic(FORUM, topic.message_thread_id, "x" * 129)
    forum.topic_delete(topic.message_thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(FORUM, "x", message_thread_id=topic.message_thread_id)
    assert (await bot.get_chat_member(FORUM, tg.me["id"])).can_manage_topics
    forum.demote_bot()
    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.create_forum_topic(FORUM, "x")


# --- updates ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def hook(take: Any) -> AsyncIterator[str]:  # noqa: ANN401 - a handler
    """Serve a webhook."""
    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def test_a_chat_waits_for_its_own_and_no_other(tg: TelegramServer, bot: Bot, chat: Chat) -> None:
    """One update in flight in a queue: a tap and another person overtake a message that is not taken."""
    await bot.send_message(42, "?", reply_markup=inline(callback_data="send"))
    taken: list[int] = []
    stuck = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        if update.get("message", {}).get("text") == "một" and not stuck.is_set():
            return web.Response(status=503, headers={"Retry-After": "1"})
        taken.append(update["update_id"])
        return web.Response()

    async with hook(take) as url:
        await bot.set_webhook(url)
        first, second = chat.say("một"), chat.say("hai")
        chat.press("Gửi")
        other = tg.chat(43).say("ba")
        await until(lambda: len(taken) == 2)
        assert set(taken) == {second + 1, other}
        stuck.set()
        await until(lambda: not tg.waiting)
        assert taken[2:] == [first, second]
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()


async def test_taps_end_after_150_seconds_and_messages_after_a_day(
    tg: TelegramServer, bot: Bot, chat: Chat
) -> None:
    """What nobody fetched in time is gone, and a tap cannot be answered any more."""
    await bot.send_message(42, "?", reply_markup=inline(callback_data="send"))
    said, query = chat.say("một"), chat.press("Gửi")
    assert len(tg.waiting) == 2
    tg.pass_time(150)
    assert tg.waiting == [said]
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(query)
    tg.pass_time(86_400)
    assert await bot.get_updates() == ()


async def test_only_what_was_asked_for_comes(bot: Bot, chat: Chat) -> None:
    """Reactions come to those who name them; an edit is an update of its own, with the new words."""
    chat.say("cống tắc")
    chat.react(1)
    chat.edit(1, "cống vỡ")
    kinds = [(u.message or u.edited_message).text for u in await bot.get_updates()]
    assert kinds == ["cống tắc", "cống vỡ"]
    await bot.get_updates(offset=99, allowed_updates=["message_reaction"])
    chat.react(1)
    chat.say("không ai hỏi")
    newest = (await bot.get_updates(offset=-1))[-1]
    assert newest.message_reaction.new_reaction[0].emoji == "👍"


async def test_the_limiter_asks_to_wait(tg: TelegramServer) -> None:
    """Three at once to a person and twenty a minute to a group; then a 429 says how long, and it is kept."""
    now = [0.0]
    tg.enforce_limits, tg.limits.clock = True, lambda: now[0]
    tg.chat(42)
    tg.group(GROUP)

    async def say(chat: int) -> int:
        answer = await call(tg, "sendMessage", chat_id=chat, text="x")
        return 0 if answer["ok"] else int(answer["parameters"]["retry_after"])

    assert [await say(42) for _ in range(4)] == [0, 0, 0, 3]
    assert [await say(GROUP) for _ in range(21)] == [*[0] * 20, 60]
    now[0] = 3
    assert (await say(42), await say(GROUP)) == (0, 57)
