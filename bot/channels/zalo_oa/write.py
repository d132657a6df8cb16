"""How messages look to a Zalo Official Account's interface: bodies, and photos small enough for it."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from bot.channels.zalo_oa.read import TAP
from domain.messages import Choice

Body = dict[str, Any]

MOST_TITLE, MOST_PAYLOAD = 100, 1000
"""Characters on a button, and behind it."""
MOST_PHOTO, MOST_FILE = 1024 * 1024, 5 * 1024 * 1024
"""Bytes that may be uploaded."""
_NAMES = ("token", "attachment_id")
"""What an upload may be called, in its answer and where it is sent: published samples disagree for files."""
_SMALLER = ((1600, 80), (1280, 75), (1024, 70), (800, 60))
"""Longest side in pixels and quality of a photo that is too large, one after the other; the last one fits."""


def text(words: str) -> Body:
    """Write words alone."""
    return {"text": words}


def buttons(words: str, choices: Sequence[Choice]) -> Body:
    """Write words with buttons. A tap comes back as a text that is not shown, the payload.

    UNVERIFIED: that this is how the template is wrapped for messages of consultation; published samples
    agree on the buttons, not on what is around them.
    """
    written = [
        {"title": _title(choice.label), "type": "oa.query.hide", "payload": TAP + choice.action}
        for choice in choices
    ]
    return {"text": words, "attachment": {"type": "template", "payload": {"buttons": written}}}


def fits(choices: Sequence[Choice]) -> bool:
    """Say whether every choice can be a button."""
    return all(choice.label.strip() and len(TAP + choice.action) <= MOST_PAYLOAD for choice in choices)


def _title(label: str) -> str:
    return label if len(label) <= MOST_TITLE else f"{label[: MOST_TITLE - 1]}…"


def uploaded(data: Mapping[str, Any], *, photo: bool) -> list[Body]:
    """Write the message that sends what was uploaded, in the ways that may be meant, the likeliest first."""
    names = [name for name in _NAMES if isinstance(data.get(name), str)]
    if not names:
        return []
    number = data[names[0]]
    if photo:
        return [_template("media", {"media_type": "image", "attachment_id": number})]
    called = sorted(_NAMES, key=lambda name: name not in names)
    return [{"attachment": {"type": "file", "payload": {name: number}}} for name in called]


def ask_particulars(title: str, subtitle: str, image_url: str) -> Body:
    """Write the card whose button opens a form with the person's name and number."""
    element = {"title": title[:MOST_TITLE], "subtitle": subtitle[:500], "image_url": image_url}
    return _template("request_user_info", element)


def _template(kind: str, element: Body) -> Body:
    return {
        "attachment": {"type": "template", "payload": {"template_type": kind, "elements": [element]}},
    }


def small(content: bytes) -> bytes:
    """Return a photo (JPEG) of at most MOST_PHOTO bytes: itself, or drawn smaller. Takes processor time."""
    for side, quality in _SMALLER:
        if len(content) <= MOST_PHOTO:
            break
        with Image.open(io.BytesIO(content)) as image:
            image.thumbnail((side, side), reducing_gap=2.0)
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=quality)
            content = out.getvalue()
    return content
