"""What the bot says: the methods that send, edit, delete and react."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from telegram.constants import (
    CallbackQueryLimit,
    ChatAction,
    MediaGroupLimit,
    MessageLimit,
    ReactionEmoji,
)

from tests.emulators.telegram_contract import Json, Refused, bad
from tests.emulators.telegram_files import StoredFile
from tests.emulators.telegram_markup import caption_of, keyboard_of, reply_keyboard_of, text_of
from tests.emulators.telegram_places import CAPTIONED, Place, Shown

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

MAY_DELETE_FOR = 48 * 3600


def place_of(server: TelegramServer, given: Json) -> Place:
    """Return the chat of a call, where the bot may write. Raises what the server answers otherwise."""
    number = str(given.get("chat_id", ""))
    if not number:
        raise bad("chat_id is empty")
    place = server.places.get(int(number)) if re.fullmatch(r"-?\d+", number) else None
    if place is None:
        raise bad("chat not found")
    place.admit(given)
    return place


async def send_message(server: TelegramServer, given: Json) -> Json:
    """Say words."""
    place = place_of(server, given)
    return _show(server, place, given, {"text": text_of(given)})


async def send_media_group(server: TelegramServer, given: Json) -> list[Json]:
    """Send an album: photos and videos, or documents, or audio."""
    place, media = place_of(server, given), given["media"]
    if not MediaGroupLimit.MIN_MEDIA_LENGTH <= len(media) <= MediaGroupLimit.MAX_MEDIA_LENGTH:
        raise bad("album must include 2-10 items")
    kinds = {"photo" if item["type"] == "video" else item["type"] for item in media}
    if len(kinds) > 1:
        alone = next(kind for kind in ("document", "audio", "photo") if kind in kinds)
        raise bad(f"{alone.title()} can't be mixed with other media types")
    captions = [caption_of(item) for item in media]
    group = {"media_group_id": server.album_id()}
    files = [server.store.sent(item["type"], item["media"]) for item in media]
    _admit(server, place, len(media))
    return [
        _show(server, place, given, server.store.content(stored) | words | group, [stored], counted=True)
        for stored, words in zip(files, captions, strict=True)
    ]


async def send_location(server: TelegramServer, given: Json) -> Json:
    """Send a point."""
    place = place_of(server, given)
    return _show(server, place, given, {"location": _point(given)})


async def send_venue(server: TelegramServer, given: Json) -> Json:
    """Send a place with its name."""
    place, point = place_of(server, given), _point(given)
    venue = {"location": point, "title": given["title"], "address": given["address"]}
    return _show(server, place, given, {"location": point, "venue": venue})


def _sends(kind: str) -> Any:  # noqa: ANN401 - a handler
    """Return the method that sends one file of a kind."""

    async def send(server: TelegramServer, given: Json) -> Json:
        place, words = place_of(server, given), caption_of(given)
        keyboard_of(given)
        stored = server.store.sent(kind, given[kind])
        return _show(server, place, given, server.store.content(stored) | words, [stored])

    return send


def _point(given: Json) -> Json:
    if not (-90 <= given["latitude"] <= 90 and -180 <= given["longitude"] <= 180):
        raise bad("invalid coordinates specified")
    return {"latitude": given["latitude"], "longitude": given["longitude"]}


def _show(
    server: TelegramServer,
    place: Place,
    given: Json,
    content: Json,
    files: list[StoredFile] | None = None,
    *,
    counted: bool = False,
) -> Json:
    """Put a message of the bot in a chat, with its keyboard, and write it as the answer."""
    if len(given.get("entities") or given.get("caption_entities") or []) > MessageLimit.MESSAGE_ENTITIES:
        raise bad("too many entities")
    rows, own = keyboard_of(given), reply_keyboard_of(given, private=place.kind == "private")
    reply_to = _answered(place, given)
    if not counted:
        _admit(server, place, 1)
    sender, thread = place.bot_as_sender(), given.get("message_thread_id")
    more: Json = {"keyboard": rows, "thread": thread, "reply_to": reply_to, "files": files or []}
    shown = place.add(mine=False, content=content, sender=sender, **more)
    if own is not None:
        place.reply_keyboard = own
    return place.render(shown)


def _admit(server: TelegramServer, place: Place, messages: int) -> None:
    if server.enforce_limits:
        server.limits.admit(place.id, messages)


def _answered(place: Place, given: Json) -> int | None:
    how: Json = given.get("reply_parameters", {})
    number: int | None = how.get("message_id", given.get("reply_to_message_id"))
    if number is None or place.shown(number) is not None:
        return number
    if how.get("allow_sending_without_reply", given.get("allow_sending_without_reply")):
        return None
    raise bad("message to be replied not found")


# --- earlier messages ------------------------------------------------------------------------------------


async def edit_message_text(server: TelegramServer, given: Json) -> Json:
    """Put other words and buttons in a message of the bot's own."""
    place = place_of(server, given)
    shown, text = _own(place, given), text_of(given)
    if shown.kind != "text":
        raise bad("there is no text in the message to edit")
    return _edit(server, place, shown, text, given)


async def edit_message_caption(server: TelegramServer, given: Json) -> Json:
    """Put other words under a file."""
    place = place_of(server, given)
    shown = _own(place, given)
    if shown.kind not in CAPTIONED:
        raise bad("there is no caption in the message to edit")
    return _edit(server, place, shown, caption_of(given).get("caption", ""), given)


async def edit_message_reply_markup(server: TelegramServer, given: Json) -> Json:
    """Put other buttons under a message, or none."""
    place = place_of(server, given)
    shown = _own(place, given)
    return _edit(server, place, shown, shown.text, given)


def _own(place: Place, given: Json) -> Shown:
    shown = place.shown(given.get("message_id", 0))
    if shown is None:
        raise bad("message to edit not found")
    if shown.mine:
        raise bad("message can't be edited")
    return shown


def _edit(server: TelegramServer, place: Place, shown: Shown, text: str, given: Json) -> Json:
    keyboard = keyboard_of(given)
    if (text, keyboard) == (shown.text, shown.keyboard):
        same = "specified new message content and reply markup are exactly the same as a current content"
        raise bad(f"message is not modified: {same} and reply markup of the message")
    shown.write(text)
    shown.keyboard, shown.edited = keyboard, server.now
    return place.render(shown)


async def delete_message(server: TelegramServer, given: Json) -> bool:
    """Take a message away: within 48 hours, the bot's own or, where it may, another's."""
    place = place_of(server, given)
    shown = place.shown(given["message_id"])
    if shown is None:
        raise bad("message to delete not found")
    may = not shown.mine or place.kind == "private" or getattr(place, "bot", {}).get("can_delete_messages")
    if not may or server.now - shown.date > MAY_DELETE_FOR:
        raise bad("message can't be deleted for everyone")
    place.remove(shown)
    return True


async def set_message_reaction(server: TelegramServer, given: Json) -> bool:
    """React with one of the usual signs, or take it back."""
    place, signs = place_of(server, given), given.get("reaction") or []
    shown = place.shown(given["message_id"])
    if shown is None:
        raise bad("message to react not found")
    if any(sign["type"] != "emoji" or sign["emoji"] not in set(ReactionEmoji) for sign in signs):
        raise bad("REACTION_INVALID")
    if len(signs) > 1:
        raise bad("REACTIONS_TOO_MANY")
    shown.reactions = [sign["emoji"] for sign in signs]
    return True


async def send_chat_action(server: TelegramServer, given: Json) -> bool:
    """Show that the bot is at work."""
    place = place_of(server, given)
    if given["action"] not in set(ChatAction):
        raise bad("wrong parameter action in request")
    place.actions.append(given["action"])
    return True


async def answer_callback_query(server: TelegramServer, given: Json) -> bool:
    """Stop a button's spinner."""
    if len(given.get("text", "")) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise bad("MESSAGE_TOO_LONG")
    if not server.query_lives(given["callback_query_id"]):
        raise Refused(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    server.queries[given["callback_query_id"]] = True
    return True


METHODS = {
    "sendMessage": send_message,
    "sendPhoto": _sends("photo"),
    "sendDocument": _sends("document"),
    "sendVideo": _sends("video"),
    "sendAudio": _sends("audio"),
    "sendVoice": _sends("voice"),
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
}
