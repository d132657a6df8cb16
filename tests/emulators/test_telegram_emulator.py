"""The emulator is as strict as the server it stands for: told by an independent client, over real HTTP."""

import io
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, NetworkError

from tests.emulators.telegram import Chat, TelegramServer
from tests.emulators.telegram_calls import call, inline
from tests.emulators.telegram_contract import Drop, DropAfter, Json, Page
from tests.emulators.telegram_files import jpeg

GROUP = -500
PHOTO, FILE, SONG = (
    InputMediaPhoto(jpeg()),
    InputMediaDocument(b"%PDF", filename="a.pdf"),
    InputMediaAudio(b"ID3"),
)
FILM = InputMediaVideo(b"\0\0\0\x18ftypmp42")


@pytest.mark.parametrize(
    ("method", "given", "says"),
    [
        ("sendMessage", {"text": "đ" * 4097}, "message is too long"),
        ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"text": " \n"}, "message text is empty"),
        ("sendMessage", {"text": "x", "message_thread_id": 9}, "message thread not found"),
        ("sendPhoto", {"photo": "nobody-knows-it"}, "wrong file identifier"),
        ("sendPhoto", {"photo": "x", "caption": "😀" * 513}, "message caption is too long"),
        ("sendLocation", {"latitude": 91, "longitude": 0}, "invalid coordinates"),
        ("sendChatAction", {"action": "thinking"}, "wrong parameter action"),
        ("setMessageReaction", {"message_id": 9, "reaction": []}, "message to react not found"),
        ("deleteMessage", {"message_id": 9}, "message to delete not found"),
        ("createForumTopic", {"name": "x"}, "the chat is not a forum"),
        ("getFile", {"file_id": "nobody-knows-it"}, "invalid file_id"),
        ("setMyCommands", {"commands": [{"command": "Hồ sơ", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("getMyCommands", {"scope": {"type": "chat", "chat_id": 7}}, "chat not found"),
    ],
)
async def test_what_telegram_refuses_is_refused(
    method: str, given: Json, says: str, tg: TelegramServer, chat: Chat
) -> None:
    """Too long, too far, unknown: a 400 with the server's words, and nothing is shown."""
    where = {} if method.startswith(("getFile", "setMy", "getMy")) else {"chat_id": chat.id}
    answer = await call(tg, method, **where, **given)
    assert (answer["error_code"], says in answer["description"]) == (400, True), answer
    assert (chat.messages, tg.refused) == ([], [])


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"text": "x", "colour": "red"}, "colour"),
        ({"text": "x", "parse_mode": "HTML"}, "markup"),
        ({"text": ["x"]}, "text"),
        ({}, "text"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "call": "b"}]]}}, "call"),
        ({"text": "x", "reply_markup": {"keyboard": [[{"text": "a", "contact": True}]]}}, "contact"),
    ],
)
async def test_what_breaks_the_contract_is_remembered(
    given: Json, names: str, tg: TelegramServer, chat: Chat
) -> None:
    """An unknown parameter, at any depth, or a wrong type."""
    assert (await call(tg, "sendMessage", chat_id=42, **given))["error_code"] == 400
    assert names in tg.refused[0]
    assert (chat.messages, tg.calls) == ([], [])


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        (inline(callback_data="đ" * 33), "Button_data_invalid"),
        (inline(url="lang-nghe"), "wrong http url"),
        (inline(copy_text=CopyTextButton("x" * 257)), "Button_copy_text_invalid"),
        (inline(callback_data="a", style="pink"), "Button_style_invalid"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("a", "https://a.vn")]] * 101), "too long"),
        (ReplyKeyboardMarkup([[KeyboardButton("Số", request_contact=True)]]), "private chats only"),
        (ReplyKeyboardMarkup([[KeyboardButton("Chỗ", request_location=True)]]), "private chats only"),
    ],
)
async def test_keyboards_have_their_limits(
    markup: InlineKeyboardMarkup | ReplyKeyboardMarkup, says: str, tg: TelegramServer, bot: Bot
) -> None:
    """A tap's 64 bytes, addresses, styles, counts; numbers and places are asked for in private alone."""
    tg.group(GROUP)
    with pytest.raises(BadRequest, match=f"(?i){says}"):
        await bot.send_message(GROUP, "x", reply_markup=markup)


async def test_keys_and_buttons_do_what_they_say(tg: TelegramServer, bot: Bot, chat: Chat) -> None:
    """A keyboard shares the number, the place or its words; a button copies; ForceReply shows no key."""
    keys = [KeyboardButton("Số", request_contact=True), KeyboardButton("Chỗ", request_location=True), "Thôi"]
    await bot.send_message(42, "Ở đâu?", reply_markup=ReplyKeyboardMarkup([keys], one_time_keyboard=False))
    for label in chat.keys:
        chat.key(label)
    contact, location, word = [u.message for u in await bot.get_updates()]
    assert (contact.contact.user_id, contact.from_user.id) == (42, 42)
    assert (location.location.latitude, word.text) == (chat.at[0], "Thôi")
    await bot.send_message(42, "Mã", reply_markup=inline(copy_text=CopyTextButton("HB-7K3M2R")))
    assert (chat.copy("Gửi"), chat.keys) == ("HB-7K3M2R", ["Số", "Chỗ", "Thôi"])
    await bot.send_message(42, "?", reply_markup=ForceReply())
    assert chat.keys == []
    await bot.send_message(42, "!", reply_markup=ReplyKeyboardRemove())
    assert tg.refused == []


# --- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media", "says"),
    [
        ([PHOTO, FILE], "document can't be mixed"),
        ([SONG, FILM], "audio can't be mixed"),
        ([PHOTO], "2-10"),
        ([PHOTO] * 11, "2-10"),
        ([InputMediaPhoto(b"no picture"), PHOTO], "image_process_failed"),
        ([PHOTO, InputMediaPhoto(jpeg(), caption="😀" * 513)], "caption is too long"),
    ],
)
async def test_an_album_has_its_rules(media: list[Any], says: str, bot: Bot, chat: Chat) -> None:
    """Photos go with videos, documents and audio alone, two to ten; nothing of a refused one is shown."""
    with pytest.raises(BadRequest, match=f"(?i){says}"):
        await bot.send_media_group(42, media)
    assert chat.messages == []


async def test_an_album_is_one_and_its_files_are_there(tg: TelegramServer, bot: Bot, chat: Chat) -> None:
    """Its messages share an id, and a file is sent again by its own."""
    first, second = await bot.send_media_group(42, [InputMediaPhoto(jpeg(), caption="hố ga"), FILM])
    assert first.media_group_id == second.media_group_id == chat.messages[0].album
    assert (chat.messages[0].files[0].data, chat.texts) == (jpeg(), ["hố ga", ""])
    await bot.send_photo(42, first.photo[-1].file_id)
    assert chat.last.files == chat.messages[0].files
    with pytest.raises(BadRequest, match=r"(?i)of type Photo as Document"):
        await bot.send_document(42, first.photo[-1].file_id)
    assert tg.refused == []


async def test_uploads_have_their_limits(tg: TelegramServer, bot: Bot, chat: Chat) -> None:
    """A photo of 10 MB, a file of 50 MB, an empty one, a part that nothing names."""
    with pytest.raises(BadRequest, match="too big for a photo"):
        await bot.send_photo(42, jpeg() + bytes(10_000_000))
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(42, bytes(50_000_001))
    with pytest.raises(BadRequest, match="non-empty"):
        await bot.send_document(42, b"")
    assert (chat.messages, tg.refused) == ([], [])
    stray = {"chat_id": "42", "photo": "attach://nothing", "other": io.BytesIO(b"x")}
    async with (
        ClientSession() as client,
        client.post(f"{tg.url}/bot{tg.token}/sendPhoto", data=stray) as answer,
    ):
        assert answer.status == 400
    assert "other" in tg.refused[0]


async def test_a_photo_comes_in_sizes_and_is_fetched(tg: TelegramServer, bot: Bot, chat: Chat) -> None:
    """The largest is what was sent; its link ends with time, and a file over 20 MB has none."""
    chat.photo(jpeg(1280, 960), "ngập")
    chat.document(size=(20 << 20) + 1)
    photo, document = [u.message for u in await bot.get_updates()]
    assert [size.width for size in photo.photo] == [90, 320, 1280]
    link = await bot.get_file(photo.photo[-1].file_id)
    assert (await link.download_as_bytearray(), photo.caption) == (jpeg(1280, 960), "ngập")
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(document.document.file_id)
    for fault in (Drop, DropAfter, Page(404, "?")):
        tg.faults["download"].append(fault)
        with pytest.raises(Exception, match=r"Server disconnected|peer closed|Not Found|404|parse|Parse"):
            await link.download_as_bytearray()
    tg.pass_time(3601)
    async with ClientSession() as client, client.get(link.file_path) as answer:
        assert answer.status == 404


async def test_the_menu_is_of_the_narrowest_scope(tg: TelegramServer, bot: Bot, chat: Chat) -> None:
    """A chat's own commands stand before those of everybody."""
    await bot.set_my_commands([BotCommand("menu", "Mọi việc")])
    await bot.set_my_commands([BotCommand("viec", "Việc của tôi")], scope=BotCommandScopeChat(42))
    assert (tg.menu(42), tg.menu(tg.chat(43).id)) == (["viec"], ["menu"])
    await bot.delete_my_commands(scope=BotCommandScopeChat(42))
    assert (tg.menu(42), await bot.get_my_commands(scope=BotCommandScopeChat(42))) == (["menu"], ())
    assert chat.messages == []
