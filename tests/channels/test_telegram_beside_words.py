"""What goes out to Telegram beside words: files, keys that share something, a sign, commands."""

import pytest
import structlog

from bot.channels.channel import Permanent, Sent
from bot.channels.telegram.write import COMMANDS
from domain.messages import BACK, Choice, FileRef, Media, Message
from handlers.engine import commands
from storage.store.engine import Store
from tests.channels.telegram_desk import Open, delivery, delivery_of, send
from tests.channels.telegram_out import CODE, card, stored
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_contract import Fault, Page, Refused, too_many
from tests.emulators.telegram_files import jpeg, sample

PDF, MP4, MP3, OGG = (sample(kind).data for kind in ("document", "video", "audio", "voice"))
CHOICES = (Choice("Đúng, gửi đi", "pick:1:yes"), Choice("Lùi lại", BACK))

# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media", "mime", "data", "kind"),
    [
        ("photo", "image/jpeg", jpeg(), "photo"),
        ("video", "video/mp4", MP4, "video"),
        ("video", "video/webm", b"\x1aE\xdf\xa3", "document"),
        ("audio", "audio/mpeg", MP3, "audio"),
        ("audio", "audio/ogg", OGG, "voice"),
        ("audio", "audio/amr", b"#!AMR\n", "document"),
        ("pdf", "application/pdf", PDF, "document"),
        ("photo", "image/jpeg", jpeg() + bytes(10 << 20), "document"),
    ],
)
async def test_each_file_goes_as_what_telegram_shows(  # noqa: PLR0917 - fixtures are arguments
    media: Media,
    mime: str,
    data: bytes,
    kind: str,
    sqlite_store: Store,
    tg: TelegramServer,
    open_telegram: Open,
) -> None:
    """Photos, films, voices and music as such; what it does not play and photos over 10 MB as documents."""
    place = tg.chat(42)
    file = await stored(sqlite_store, media, mime, data, 'đơn "A".pdf')
    message = Message("Kết quả đây", files=(file,))
    assert await send(open_telegram(sqlite_store), delivery_of(message)) == Sent("2")
    first, words = place.messages
    assert (first.kind, first.files[0].data == data) == (kind, True)
    assert first.files[0].name == 'đơn "A".pdf'
    assert words.text == "Kết quả đây"
    (given,) = tg.called(f"send{kind.title()}")
    assert given["disable_notification"] is True, "the words that follow make the sound"


@pytest.mark.parametrize(
    ("sorts", "kinds"),
    [
        (("photo", "photo", "video"), ["photo", "photo", "video"]),
        (("pdf", "pdf"), ["document", "document"]),
        (("mp3", "mp3"), ["audio", "audio"]),
        (("mp3", "voice"), ["document", "document"]),
        (("photo", "large"), ["document", "document"]),
    ],
)
async def test_several_files_go_as_one_album(
    sorts: tuple[str, ...], kinds: list[str], sqlite_store: Store, tg: TelegramServer, open_telegram: Open
) -> None:
    """One call; what cannot stand together as it is goes together as documents."""
    files: dict[str, tuple[Media, str, bytes]] = {
        "photo": ("photo", "image/jpeg", jpeg()),
        "large": ("photo", "image/jpeg", jpeg() + bytes(10 << 20)),
        "video": ("video", "video/mp4", MP4),
        "pdf": ("pdf", "application/pdf", PDF),
        "mp3": ("audio", "audio/mpeg", MP3),
        "voice": ("audio", "audio/ogg", OGG),
    }
    place = tg.chat(42)
    refs = [await stored(sqlite_store, *files[sort], f"{n}.x") for n, sort in enumerate(sorts)]
    assert await send(open_telegram(sqlite_store), delivery_of(Message("", files=tuple(refs)))) == Sent("1")
    assert [shown.kind for shown in place.messages] == kinds
    assert len({shown.album for shown in place.messages}) == 1
    assert [shown.files[0].data for shown in place.messages] == [files[sort][2] for sort in sorts]
    assert [name for name, _ in tg.calls] == ["sendMediaGroup"]


async def test_eleven_photos_and_a_paper_are_three_calls(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open
) -> None:
    """An album holds ten, one left over goes alone, papers are no photos; then the words with the buttons."""
    place = tg.chat(42)
    photos = [await stored(sqlite_store, "photo", "image/jpeg", jpeg(), f"{n}.jpg") for n in range(11)]
    paper = await stored(sqlite_store, "pdf", "application/pdf", PDF)
    message = Message("Xong", CHOICES, (*photos, paper))
    assert await send(open_telegram(sqlite_store), delivery_of(message)) == Sent("13")
    assert [name for name, _ in tg.calls] == ["sendMediaGroup", "sendPhoto", "sendDocument", "sendMessage"]
    assert place.last.labels == [["Đúng, gửi đi", "Lùi lại"]]


async def test_a_file_that_is_not_there_holds_nothing_up(
    sqlite_store: Store, tg: TelegramServer, open_telegram: Open
) -> None:
    """Missing, unreadable or over 50 MB: left out and logged without its name; the rest arrives."""
    place = tg.chat(42)
    good = await stored(sqlite_store, "photo", "image/jpeg", jpeg(), "a.jpg")
    bad = await stored(sqlite_store, "photo", "image/jpeg", jpeg(), "bí mật.jpg")
    sqlite_store.files._path(bad.id).write_bytes(b"\x01broken")
    away = FileRef("not-there", "photo", "image/jpeg", 3, "bí mật.jpg")
    large = FileRef(good.id, "photo", "image/jpeg", (50 << 20) + 1, "bí mật.jpg")
    channel = open_telegram(sqlite_store)
    with structlog.testing.capture_logs() as lines:
        assert await send(channel, delivery_of(Message("", files=(large, bad, good, away)))) == Sent("1")
        assert await send(channel, delivery_of(Message("Chào", files=(away,)))) == Sent("2")
    assert [shown.kind for shown in place.messages] == ["photo", "text"]
    assert len(lines) == 4
    assert "bí mật" not in repr(lines)


@pytest.mark.parametrize(("broken", "shown"), [(b"no picture", ["document", "text"]), (b"", ["text"])])
async def test_files_telegram_refuses_do_not_keep_the_words(
    broken: bytes, shown: list[str], sqlite_store: Store, tg: TelegramServer, open_telegram: Open
) -> None:
    """What it finds no picture in goes as a document; what it takes not even so is left out, and logged."""
    place, channel = tg.chat(42), open_telegram(sqlite_store)
    file = await stored(sqlite_store, "photo", "image/jpeg", broken, "a\r\nb.jpg")
    assert isinstance(await send(channel, delivery_of(Message("Kết quả", files=(file,)))), Sent)
    assert [message.kind for message in place.messages] == shown
    assert [one.name for message in place.messages for one in message.files] == ["a b.jpg"][: len(shown) - 1]
    if not broken:  # where nothing else is said, it is a dead letter
        assert isinstance(await send(channel, delivery_of(Message("", files=(file,)))), Permanent)


@pytest.mark.parametrize("fault", [Refused(413, "Request Entity Too Large"), Page(413, "<html>nginx</html>")])
async def test_a_photo_that_is_too_large_on_the_way_does_not_keep_the_words(
    fault: Fault, sqlite_store: Store, tg: TelegramServer, open_telegram: Open
) -> None:
    """A proxy before one's own server takes less than Telegram: the words are sent, once and at once."""
    place, channel = tg.chat(42), open_telegram(sqlite_store)
    file = await stored(sqlite_store, "photo", "image/jpeg", jpeg(), "a.jpg")
    tg.faults["sendPhoto"].extend([fault, fault])
    assert isinstance(await send(channel, delivery_of(Message("Kết quả", files=(file,)))), Sent)
    assert place.texts == ["Kết quả"]
    assert isinstance(await send(channel, delivery_of(Message("", files=(file,)))), Permanent)


# --- buttons and keys ----------------------------------------------------------------------------


async def test_a_code_can_be_copied(tg: TelegramServer, open_telegram: Open) -> None:
    """With choices and without, in a row of its own; edited in with the card."""
    place, channel = tg.chat(42), open_telegram()
    await send(channel, delivery_of(Message("Mã của bà con", copy=CODE)))
    assert place.last.labels == [[f"📋 {CODE}"]]
    await send(channel, delivery_of(Message("Mã", CHOICES, copy=CODE)))
    assert place.copy(f"📋 {CODE}") == CODE
    await send(channel, delivery_of(Message("Mã nữa", copy=CODE), edits="2"))
    assert place.last.labels == [[f"📋 {CODE}"]]


@pytest.mark.parametrize(
    ("wish", "language", "key"), [("contact", "vi", "số"), ("location", "en", "location")]
)
async def test_what_a_message_wants_is_a_key(
    wish: str, language: str, key: str, tg: TelegramServer, open_telegram: Open
) -> None:
    """One key shares it, the others say a choice's own words; a message without buttons takes them away."""
    place, channel = tg.chat(42), open_telegram()
    asked = Message("Ở đâu?", CHOICES, wants="contact" if wish == "contact" else "location", copy=CODE)
    await send(channel, delivery_of(asked, language=language))
    assert place.keys[1:] == ["Đúng, gửi đi", "Lùi lại"]
    assert key in place.keys[0]
    (asks,) = place.reply_keyboard["keyboard"][0][0].keys() - {"text"}
    assert asks == f"request_{wish}", "Telegram allows one to be named"
    assert place.reply_keyboard["one_time_keyboard"] is True
    place.key(place.keys[0])
    assert place.messages[-1].kind == wish
    await send(channel, delivery_of(asked, language=language))
    await send(channel, delivery("Chọn đi", *CHOICES))
    assert place.keys, "buttons cannot take keys away"
    await send(channel, delivery("Cảm ơn"))
    assert place.keys == []


async def test_keys_are_for_private_chats(tg: TelegramServer, open_telegram: Open) -> None:
    """A group gets the choices as buttons, and nothing is taken away from it."""
    group, channel = tg.group(-500), open_telegram()
    await send(channel, delivery_of(Message("Ở đâu?", CHOICES, wants="location"), chat=-500))
    assert group.last.labels == [["Đúng, gửi đi", "Lùi lại"]]
    await send(channel, delivery("Cảm ơn", chat=-500))
    assert "reply_markup" not in tg.called("sendMessage")[-1]


async def test_a_card_can_still_be_edited(tg: TelegramServer, open_telegram: Open) -> None:
    """A message that takes keys away could not be: a card without buttons takes none away."""
    tg.chat(42)
    await send(open_telegram(), delivery_of(card("Đã khép")))
    assert "reply_markup" not in tg.called("sendMessage")[0]


# --- a sign and commands -------------------------------------------------------------------------


async def test_what_was_heard_is_marked_seen(tg: TelegramServer, open_telegram: Open) -> None:
    """A pair of eyes on the message itself; if it fails, nobody misses anything."""
    place, channel = tg.chat(42), open_telegram()
    place.say("cống tắc")
    number = str(place.messages[0].id)
    assert await send(channel, delivery_of(Message("", seen=number))) == Sent()
    assert place.messages[0].reactions == ["👀"]
    tg.faults["setMessageReaction"].extend([Refused(400, "Bad Request: REACTION_INVALID"), too_many(3)])
    for _ in range(2):
        assert await send(channel, delivery_of(Message("", seen=number))) == Sent()
    assert await send(channel, delivery_of(Message("", seen="tin 7"))) == Sent()
    assert place.texts == []


async def test_a_chat_is_shown_its_own_commands(tg: TelegramServer, open_telegram: Open) -> None:
    """After the words, for this chat alone; if it fails, the words count all the same."""
    place, channel = tg.chat(42), open_telegram()
    tg.chat(43)
    message = Message("Chào anh Tuấn", commands=(("viec", "Việc của tôi"), ("menu", "Mọi việc")))
    assert await send(channel, delivery_of(message)) == Sent()
    assert (place.texts, tg.menu(42), tg.menu(43)) == (["Chào anh Tuấn"], ["viec", "menu"], [])
    tg.faults["setMyCommands"].append(Refused(400, "Bad Request: BOT_COMMAND_INVALID"))
    assert await send(channel, delivery_of(message)) == Sent()


async def test_everybody_is_shown_the_common_commands(tg: TelegramServer, open_telegram: Open) -> None:
    """In each language, for private chats; Vietnamese is for all others too; the desk knows each."""
    tg.chat(42)
    tg.group(-500)
    await open_telegram().sending.set_default_commands()
    for language, menu in (
        ("vi", ["menu", "tracuu", "huy", "giup"]),
        ("en", ["menu", "status", "cancel", "help"]),
    ):
        assert tg.menu(42, language=language) == menu
        assert [understood.name for name in menu if (understood := commands.read(f"/{name}"))] == list(
            COMMANDS
        )
    assert tg.menu(42, language="fr") == ["menu", "tracuu", "huy", "giup"]
    assert tg.menu(-500) == []
    tg.faults["setMyCommands"].append(too_many(3))
    await open_telegram().sending.set_default_commands()


async def test_more_choices_than_buttons_are_numbered_lines(tg: TelegramServer, open_telegram: Open) -> None:
    """Telegram takes a hundred buttons under a message; beyond that the choices are read and typed."""
    place, channel = tg.chat(42), open_telegram()
    many = [Choice(f"thôn {n}", f"pick:1:{n}") for n in range(1, 101)]
    assert await send(channel, delivery("Thôn nào?", *many[:99])) == Sent("1")
    assert sum(map(len, place.last.labels)) == 99
    assert await send(channel, delivery("Thôn nào?", *many)) == Sent("2")
    assert place.last.labels == []
    assert place.last.text.endswith("\n100. thôn 100")


async def test_an_empty_text_is_no_call(tg: TelegramServer, open_telegram: Open) -> None:
    """What has nothing to say says nothing; what is only blanks is refused for good."""
    tg.chat(42)
    assert await send(open_telegram(), delivery("")) == Sent()
    assert tg.calls == []
    assert isinstance(await send(open_telegram(), delivery("  ")), Permanent)
