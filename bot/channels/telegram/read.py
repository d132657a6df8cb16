"""Telegram's updates, read in two steps: enough to store one, which never fails, and later what it says."""

import hashlib
import json
import re
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram import Contact as Shared
from telegram.constants import MessageType

from bot.channels.channel import Read, Remote, RemoteFile, Unparsable
from domain.messages import Contact, Edited, Location, Moved, Presence, Tap, Text, Unsupported

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that are read."""
GROUPS = ("group", "supergroup")
_FILES = ("voice", "audio", "video", "video_note", "animation", "document")
_NAMELESS = {"voice": "voice.ogg"}
_UNREAD = {
    "photo": "other",
    "sticker": "sticker",
    "poll": "other",
    "dice": "other",
    "game": "other",
    "story": "other",
    "invoice": "other",
    "paid_media": "other",
    "checklist": "other",
    "giveaway": "other",
    "giveaway_winners": "other",
}
_TOLD = {str(kind) for kind in MessageType} - {"effect_id", "sender_boost_count", "business_connection_id"}
"""What a message may be that is known, but for what only stands beside its content."""
_BESIDE = ("reply_to_message", "external_reply", "quote", "reply_to_story", "pinned_message", "reply_markup")
_KINDS = frozenset(map(str, Update.ALL_TYPES))
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?!\S)\s*(.*)", re.DOTALL)
_FURTHEST_OFF = 1500
"""Metres: what Telegram says a point may be off at most."""
_ALBUM = re.compile(r"[A-Za-z0-9_-]{1,64}")


# --- storing ---------------------------------------------------------------------------------------


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
    _, message = _parts(update)
    return str(message["chat"]["id"]) if message else "other"


def speaker(update: object) -> str:
    """Return who spoke in a group, as the address of that person alone; nothing where it is no group.

    Who speaks in a group's or a channel's name has no chat: that is nobody's address.
    """
    part, message = _parts(update)
    if not message or message["chat"].get("type") not in GROUPS:
        return ""
    user = part.get("from")
    alone = isinstance(user, dict) and not user.get("is_bot") and "sender_chat" not in part
    number = _id_of(user) if alone else None
    return f"nobody:{message['chat']['id']}" if number is None else str(number)


def files(update: object) -> bool:
    """Say whether it is a private message with files; what is sent to a group is never fetched."""
    message = _message(update)
    return _is_private(message) and any(message.get(kind) for kind in ("photo", *_FILES))


def album(update: object) -> str:
    """Return the id of the album its file is a part of, if of any."""
    group = _message(update).get("media_group_id")
    return group if isinstance(group, str) and _ALBUM.fullmatch(group) and files(update) else ""


def query_id(update: object) -> str:
    """Return the id of the tap, which must be answered, if it is one."""
    query = update.get("callback_query") if isinstance(update, dict) else None
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else ""


def message_id(update: object) -> str:
    """Return what Telegram calls the message somebody wrote, or wrote anew; nothing for all else."""
    for kind in ("message", "edited_message"):
        number = _message(update, kind).get("message_id")
        if type(number) is int and 0 < number < 2**62:
            return str(number)
    return ""


def _message(update: object, kind: str = "message") -> dict[str, Any]:
    found = update.get(kind) if isinstance(update, dict) else None
    return found if isinstance(found, dict) else {}


def _parts(update: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the update holds and the message in that (often the same), where they name a chat."""
    for kind, part in update.items() if isinstance(update, dict) else ():
        if kind not in _KINDS:
            continue
        message = part.get("message", part) if isinstance(part, dict) else None
        if isinstance(message, dict) and _id_of(message.get("chat")) is not None:
            return part, message
    return {}, {}


def _id_of(named: object) -> int | None:
    number = named.get("id") if isinstance(named, dict) else None
    return number if type(number) is int and abs(number) < 2**62 else None


def _is_private(message: dict[str, Any]) -> bool:
    chat = message.get("chat")
    return isinstance(chat, dict) and chat.get("type") == "private"


# --- reading ---------------------------------------------------------------------------------------


def said(body: object, username: str = "") -> Read | None:
    """Read an update; None for what asks for nothing. Raises Unparsable.

    `username` is the bot's own, without "@": a group's command for another bot is not ours. Unknown (""),
    every command is.
    """
    if not isinstance(body, dict) or number_of(body) is None:
        raise Unparsable("no update")
    if len(_KINDS & body.keys()) != 1:
        raise Unparsable("an update of an unknown kind, or of two")
    try:
        found = _read(Update.de_json(_needed(body), None), username)
    except Unparsable:
        raise
    except Exception as error:
        raise Unparsable(f"not an update: {type(error).__name__}") from error
    if found is not None and not _parts(body)[1]:
        raise Unparsable("a chat without its id")
    return found


def _needed(body: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not read: other kinds, and what a message answers or quotes, whatever that is."""
    kinds = {kind: part for kind, part in body.items() if kind in WANTED}
    for kind, part in kinds.items():
        if isinstance(part, dict):
            kinds[kind] = {name: value for name, value in part.items() if name not in _BESIDE}
    return kinds | {"update_id": body["update_id"]}


def _read(update: Update, username: str) -> Read | None:
    if update.callback_query is not None:
        return _tap(update.callback_query)
    if update.my_chat_member is not None:
        return _presence(update.my_chat_member)
    if update.edited_message is not None:
        return _edited(update.edited_message)
    if update.message is None:
        return None
    if update.message.chat.type == "private":
        return _private(update.message)
    return _grouped(update.message, username) if update.message.chat.type in GROUPS else None


def _tap(query: CallbackQuery) -> Tap | None:
    if query.message is None or query.data is None or query.message.chat.type not in {"private", *GROUPS}:
        return None
    return Tap(_text(query.data))


def _presence(change: ChatMemberUpdated) -> Presence | None:
    """Read that somebody blocked us or took us back, or that a group took us in or put us out."""
    here = _is_here(change.new_chat_member)
    if change.chat.type == "private":
        return Presence(here)
    joined_or_left = change.chat.type in GROUPS and here != _is_here(change.old_chat_member)
    return Presence(here) if joined_or_left else None


def _is_here(member: ChatMember) -> bool:
    if member.status == "restricted":
        return bool(getattr(member, "is_member", False))
    if member.status not in {"creator", "administrator", "member", "left", "kicked"}:
        raise Unparsable("a standing that is none")
    return member.status not in {"left", "kicked"}


def _edited(message: Message) -> Edited | None:
    words = _words(message) if message.chat.type == "private" else ""
    return Edited(words) if words else None


def _private(message: Message) -> Read | None:
    if file := _file(message):
        return Remote((file,), _words(message))
    if words := _words(message):
        return Text(_without_slash(words))
    if message.contact is not None:
        return _contact(message, message.contact)
    if (venue := message.venue) is not None:
        return _location(venue.location, f"{_text(venue.title)}, {_text(venue.address)}")
    if message.location is not None:
        return _location(message.location)
    known = next((Unsupported(what) for name, what in _UNREAD.items() if getattr(message, name)), None)
    return known or _newer(message)


def _newer(message: Message) -> Unsupported | None:
    """Read what Telegram has only had since this library was made: whoever sent it hears that it is not read.

    What Telegram itself tells of a chat, a new background say, asks for nothing.
    """
    told = any(getattr(message, kind, None) for kind in _TOLD)
    return Unsupported("other") if message.api_kwargs and not told else None


def _grouped(message: Message, username: str) -> Read | None:
    """Read what is written in a group: words alone, and not those of a channel that is shown there."""
    if message.migrate_to_chat_id is not None:
        return Moved(str(_number(message.migrate_to_chat_id)))
    words = "" if message.is_automatic_forward else _words(message)
    command = _COMMAND.fullmatch(words)
    meant = command is None or not (username and command[2]) or command[2].lower() == username.lower()
    return Text(_without_name(words)) if words and meant else None


def _file(message: Message) -> RemoteFile | None:
    """Return the file of a message, a photo in its largest size."""
    if message.photo:
        largest = max(message.photo, key=lambda size: _number(size.width) * _number(size.height))
        return RemoteFile(_text(largest.file_id), size=_size(largest.file_size))
    for kind in _FILES:
        if (found := getattr(message, kind)) is not None:
            name = getattr(found, "file_name", None) or _NAMELESS.get(kind, "")
            return RemoteFile(_text(found.file_id), _text(name), _size(found.file_size))
    return None


def _contact(message: Message, contact: Shared) -> Contact:
    """Read a number; it is the sender's own where Telegram says so, and nobody else passed it on."""
    sender = message.from_user
    own = sender is not None and contact.user_id == sender.id and message.forward_origin is None
    return Contact(_text(contact.phone_number), own)


def _location(point: Any, address: str = "") -> Location:  # noqa: ANN401 - PTB's class, its numbers unchecked
    latitude, longitude = point.latitude, point.longitude
    if not all(type(degrees) in {int, float} for degrees in (latitude, longitude)):
        raise Unparsable("a place without numbers")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Unparsable("a place that is not on earth")
    off: Any = getattr(point, "horizontal_accuracy", None)
    known = type(off) in {int, float} and 0 <= off <= _FURTHEST_OFF
    return Location(float(latitude), float(longitude), address, float(off) if known else 0.0)


def _words(message: Message) -> str:
    words = message.text if message.text is not None else message.caption
    return "" if words is None else _text(words)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unparsable("words that are no text")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise Unparsable("a number that is none")
    return value


def _size(value: object) -> int | None:
    return None if value is None else _number(value)


def _without_name(text: str) -> str:
    """Read "/group@desk_bot off" as "/group off": among people the slash tells a command from a word."""
    command = _COMMAND.fullmatch(text)
    return f"/{command[1]} {command[3]}".strip() if command else text


def _without_slash(text: str) -> str:
    """Read "/menu@desk_bot" as "menu", and a link's "/start payload" as the payload alone."""
    if (command := _COMMAND.fullmatch(text)) is None:
        return text
    name, _, rest = command.groups()
    return rest if name == "start" and rest else f"{name} {rest}".strip()
