"""Telegram's updates, read in two steps: enough to store one, which never fails, and later what it says."""

import hashlib
import json
import re

from telegram import Message, Update

from bot.channels.channel import Unparsable
from domain.messages import Said, Tap, Text, Unsupported

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?!\S)\s*(.*)", re.DOTALL)
_UNREAD = {
    "photo": "photo",
    "live_photo": "photo",
    "voice": "audio",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "poll": "other",
    "dice": "other",
    "game": "other",
    "story": "other",
    "invoice": "other",
    "paid_media": "other",
    "checklist": "other",
}


def parse(raw: bytes) -> object:
    """Return what the JSON says; the text itself where it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw.decode(errors="backslashreplace")


def number_of(update: object) -> int | None:
    """Return Telegram's number of the update, if it has one."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and 0 <= number < 2**62 else None


def external_id(update: object) -> str:
    """Return Telegram's own id, or a hash that a second delivery of the same bytes has too."""
    number = number_of(update)
    return hashlib.sha256(json.dumps(update).encode()).hexdigest() if number is None else str(number)


def address(update: object) -> str:
    """Return the id of the chat it was written or tapped in."""
    for part in update.values() if isinstance(update, dict) else ():
        message = part.get("message", part) if isinstance(part, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and type(chat.get("id")) is int:
            return str(chat["id"])
    return "other"


def storable(update: object) -> object:
    """Return the update, or its JSON text where the database could not keep it (half a surrogate pair)."""
    try:
        json.dumps(update, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return json.dumps(update)
    return update


def said(body: object) -> Said | None:
    """Read an update; None for what is not said to the desk in private. Raises Unparsable."""
    if not isinstance(body, dict) or number_of(body) is None:
        raise Unparsable("no update")
    try:
        update = Update.de_json(body, None)
    except Exception as error:
        raise Unparsable(f"not an update: {type(error).__name__}") from error
    if (query := update.callback_query) is not None:
        if query.message is None or query.message.chat.type != "private" or query.data is None:
            return None
        return Tap(_words(query.data))
    if (message := update.message) is not None and message.chat.type == "private":
        return _message(message)
    return None


def _message(message: Message) -> Said | None:
    if words := message.text or message.caption:
        return Text(_without_slash(_words(words)))
    return next((Unsupported(what) for name, what in _UNREAD.items() if getattr(message, name)), None)


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise Unparsable("words that are no text")
    return value


def _without_slash(text: str) -> str:
    """Read "/menu@desk_bot" as "menu", and a link's "/start payload" as the payload alone."""
    if (command := _COMMAND.fullmatch(text)) is None:
        return text
    name, rest = command.groups()
    return rest if name == "start" and rest else f"{name} {rest}".strip()
