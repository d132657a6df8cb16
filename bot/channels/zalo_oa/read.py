"""What a Zalo Official Account's webhook says, read defensively: its samples disagree among themselves."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.channels.channel import Read, Remote, RemoteFile, Unparsable
from domain.messages import Contact, Location, Presence, Tap, Text, Unsupported
from storage.mail.inbox import Arrived

T = TypeVar("T")

TAP = "#tap:"
"""What a button's payload begins with. A tap comes back as words: these nobody types by chance."""
_TAPPED = re.compile(rf"{re.escape(TAP)}(\S{{1,64}})")

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_IDS = ("msg_id", "message_id", "mid")
_BESIDE = ("oa_send_", "user_seen_message", "user_received_message", "user_reacted_message")
_OFFICE = (
    *("add_user_to_tag", "remove_user_from_tag", "remove_tag", "update_user_info", "user_feedback"),
    *("create_group", "delete_group", "update_group_info", "add_group_admin", "remove_group_admin"),
    *("user_join_group", "user_out_group", "user_request_join_group"),
    *("accept_request_join_group", "reject_request_join_group"),
    *("user_call_oa", "oa_call_user", "user_reply_consent", "user_click_response_button"),
    *("change_", "event_journey_", "extension_", "widget_", "shop_", "user_asking_product"),
)
"""What only concerns whoever runs the account: tags, groups, calls, quotas, templates, the shop."""
_GROUP, _SENT = "user_send_group_", "user_send_"
PHOTOS = "user_send_image"


def name_of(event: object) -> str:
    """Return what happened, as Zalo calls it; a group's messages are called like anybody's."""
    name = _find(event, "event_name")
    return name.replace(_GROUP, _SENT, 1) if isinstance(name, str) else ""


def beside(event: object) -> bool:
    """Say whether this asks for nothing: an echo of ours, that it was read, or what is the account's own."""
    return name_of(event).startswith((*_BESIDE, *_OFFICE))


def sender(event: object) -> str:
    """Return the id of whoever did it."""
    return _id(event, "sender", "id") or _id(event, "follower", "id")


def receiver(event: object) -> str:
    """Return the id of the account to which it was done, if the event says so: an app may have several."""
    return _id(event, "oa_id") or ("" if _in_group(event) else _id(event, "recipient", "id"))


def arrived(account: str, event: object) -> Arrived:
    """Return what is to be stored of an event."""
    who, group = sender(event), _group(event)
    return Arrived(
        account,
        external_id(event),
        group or who or "other",
        event,
        speaker=who if group else "",
        files=_has_files(event),
        # Photos sent together come as events of their own, with nothing that ties them but their sender.
        album=f"photos {who}" if who and name_of(event) == PHOTOS else "",
    )


def external_id(event: object) -> str:
    """Return Zalo's own id of a message, else a hash, which a second delivery of the same event has too."""
    if name_of(event).startswith(_SENT):
        for key in _IDS:
            if number := _id(event, "message", key):
                return number
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()


def said(event: object) -> Read | None:
    """Read an event; None for what asks for nothing. Raises Unparsable."""
    if not isinstance(event, dict):
        raise Unparsable("no event")
    if beside(event):
        return None
    if _in_group(event) and not _group(event):
        raise Unparsable("said in a group, nobody knows which")
    name = name_of(event)
    if (read := _EVENTS.get(name)) is None:
        if name.startswith(_SENT) and sender(event):  # somebody sent what Zalo has only had lately
            return Unsupported("other")
        raise Unparsable("an event of a kind that is not known")
    return read(event)


# --- each kind of event ----------------------------------------------------------------------------


def _text(event: object) -> Text | Tap:
    text = _need(str, event, "message", "text")
    tap = _TAPPED.fullmatch(text)
    return Tap(tap[1]) if tap else Text(text)


def _link(event: object) -> Text:
    """Read a link with the words around it."""
    parts = [_words(event)]
    for payload in _payloads(event):
        parts += [part for key in ("url", "description") if isinstance(part := payload.get(key), str)]
    told = [part for at, part in enumerate(parts) if part and not any(part in other for other in parts[:at])]
    if not told:
        raise Unparsable("a link to nowhere")
    return Text("\n".join(told))


def _files(event: object) -> Remote:
    return Remote(tuple(_file(payload) for payload in _payloads(event)), _words(event))


def _file(payload: dict[str, Any]) -> RemoteFile:
    name, size = payload.get("name"), str(payload.get("size", ""))
    known = int(size) if re.fullmatch(r"[0-9]{1,15}", size) else None
    return RemoteFile(_need(str, payload, "url"), name if isinstance(name, str) else "", known)


def _location(event: object) -> Location:
    payload = _payloads(event)[0]
    where = _need(dict, payload, "coordinates")
    latitude = _degrees(where.get("lat", where.get("latitude")), 90)
    longitude = _degrees(where.get("long", where.get("longitude")), 180)
    address = payload.get("address")
    return Location(latitude, longitude, address if isinstance(address, str) else "")


def _degrees(value: object, most: int) -> float:
    try:
        degrees = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        degrees = math.nan
    if not abs(degrees) <= most:
        raise Unparsable("no place on earth")
    return degrees


def _card(event: object) -> Contact | Unsupported:
    """Read a card somebody passed on; its number stands in the payload or in JSON in its description."""
    for payload in _payloads(event):
        for holder in (payload, _json(payload.get("description"))):
            if phone := _phone(_find(holder, "phone")):
                return Contact(phone)
    return Unsupported("contact")


def _particulars(event: object) -> Contact | Unsupported:
    """Read a form that was filled in: only its number, which nobody vouches for."""
    phone = _phone(_find(event, "info", "phone"))
    return Contact(phone) if phone else Unsupported("contact")


def _phone(value: object) -> str:
    digits = str(value) if isinstance(value, str | int) else ""
    return digits if re.fullmatch(r"\+?[0-9][0-9 .()-]{5,20}", digits) else ""


_EVENTS: dict[str, Callable[[object], Read]] = {
    "user_send_text": _text,
    "user_click_button": _text,
    PHOTOS: _files,
    "user_send_file": _files,
    "user_send_audio": _files,
    "user_send_video": _files,
    "user_send_gif": _files,
    "user_send_sticker": lambda _: Unsupported("sticker"),
    "user_send_link": _link,
    "user_send_location": _location,
    "user_send_business_card": _card,
    "user_submit_info": _particulars,
    "follow": lambda _: Presence(here=True),
    "unfollow": lambda _: Presence(here=False),
}


# --- what stands in an event -------------------------------------------------------------------------


def _group(event: object) -> str:
    """Return the id of the group it was said in, if it was: there it is the group that receives."""
    return _id(event, "recipient", "id") if _in_group(event) else ""


def _in_group(event: object) -> bool:
    return str(_find(event, "event_name")).startswith(_GROUP)


def _has_files(event: object) -> bool:
    try:
        return isinstance(said(event), Remote)
    except Unparsable:
        return False


def _words(event: object) -> str:
    text = _find(event, "message", "text")
    return text if isinstance(text, str) else ""


def _payloads(event: object) -> Sequence[dict[str, Any]]:
    """Return what each attachment holds; there is at least one."""
    attachments = _need(list, event, "message", "attachments")
    payloads = [_need(dict, attachment, "payload") for attachment in attachments]
    if not payloads:
        raise Unparsable("nothing is attached")
    return payloads


def _json(text: object) -> object:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _id(event: object, *path: str) -> str:
    found = _find(event, *path)
    number = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return number if _ID.fullmatch(number) else ""


def _need(kind: type[T], found: object, *path: str) -> T:
    value = _find(found, *path)
    if not isinstance(value, kind):
        raise Unparsable(f"{'.'.join(path)} is missing or of another kind")
    return value


def _find(found: object, *path: str) -> object:
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found
