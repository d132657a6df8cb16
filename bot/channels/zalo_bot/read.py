"""A Zalo Bot's events, read in two steps: enough to store one, which never fails, and later what it says."""

import hashlib
import json
import re
from collections.abc import Collection
from typing import Any

from bot.channels.channel import Read, Remote, RemoteFile, Unparsable
from domain.messages import Text, Unsupported
from storage.mail.inbox import Arrived

_ID = re.compile(r"[!-~]{1,64}")
_TEXT, _IMAGE = "message.text.received", "message.image.received"
_STICKER = "message.sticker.received"
_RECEIVED = re.compile(r"message\.[a-z_]{1,40}\.received")
"""Whatever somebody sent: kinds that are not known yet are answered like those a bot is not told of."""

PHOTOS = "photos"
"""Photos sent together come as events of their own with nothing that ties them: what comes at once is one."""


# --- storing ---------------------------------------------------------------------------------------


def arrived(account: str, body: object) -> Arrived:
    """Return what is to be stored of a webhook's body, or of an event that was polled."""
    message = _message(body)
    photo = _kind(body) == _IMAGE and not _is_group(message) and not _is_own(message)
    return Arrived(
        account,
        _id(message.get("message_id")) or _hash(body),
        _id(_dict(message.get("chat")).get("id")) or "other",
        body,
        speaker=_speaker(message),
        files=photo,
        album=PHOTOS if photo else "",
    )


def _hash(body: object) -> str:
    return hashlib.sha256(json.dumps(_event(body), sort_keys=True).encode()).hexdigest()


def _speaker(message: dict[str, Any]) -> str:
    """Return who spoke in a group; nothing where it is no group."""
    if not _is_group(message):
        return ""
    return _id(_dict(message.get("from")).get("id")) or "nobody"


def _event(body: object) -> object:
    """Take off the envelope, where the event comes in one: both shapes are sent."""
    return body["result"] if isinstance(body, dict) and isinstance(body.get("result"), dict) else body


def _kind(body: object) -> str:
    kind = _dict(_event(body)).get("event_name")
    return kind if isinstance(kind, str) else ""


def _message(body: object) -> dict[str, Any]:
    return _dict(_dict(_event(body)).get("message"))


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> str:
    """Return an id: a string always so far, and a number if they ever change their minds."""
    written = str(value) if type(value) is int and abs(value) < 2**63 else value
    return written if isinstance(written, str) and _ID.fullmatch(written) else ""


def _is_group(message: dict[str, Any]) -> bool:
    return _dict(message.get("chat")).get("chat_type") == "GROUP"


def _is_own(message: dict[str, Any]) -> bool:
    return _dict(message.get("from")).get("is_bot") is True


# --- reading ---------------------------------------------------------------------------------------


def said(body: object, names: Collection[str] = ()) -> Read | None:
    """Read an event; None for what asks for nothing. Raises Unparsable.

    `names` are the bot's own: in a group it hears what mentions it, and the mention is not part of the words.
    """
    message, kind = _message(body), _kind(body)
    if not _RECEIVED.fullmatch(kind):
        raise Unparsable("an event of an unknown kind")
    if not _id(_dict(message.get("chat")).get("id")):
        raise Unparsable("said in no chat")
    if _is_own(message):
        return None
    if _is_group(message):
        return _words(_unmentioned(_need(message, "text"), names)) if kind == _TEXT else None
    return _private(kind, message)


def _private(kind: str, message: dict[str, Any]) -> Read | None:
    if kind == _IMAGE:
        caption = message.get("caption")
        return Remote((RemoteFile(_need(message, "photo_url")),), caption if isinstance(caption, str) else "")
    if kind == _TEXT:
        return _words(_need(message, "text"))
    return Unsupported("sticker" if kind == _STICKER else "untold")


def _words(text: str) -> Text | None:
    return Text(text) if text.strip() else None


def _unmentioned(text: str, names: Collection[str]) -> str:
    """Take out "@name", wherever it stands."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"@{re.escape(name)}(?!\w)", "", text, flags=re.IGNORECASE)
    return text.strip()


def _need(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise Unparsable(f"no {name}")
    return value


def names(me: object) -> tuple[str, ...]:
    """Return what the bot is called. Raises ValueError when that is nothing."""
    found = (_dict(me).get(key) for key in ("display_name", "account_name"))
    called = tuple(name for name in found if isinstance(name, str) and name.strip())
    if not called:
        raise ValueError("the bot has no name")
    return called
