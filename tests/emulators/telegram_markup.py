"""Words, captions and keyboards: the limits that `telegram.constants` and the server put on them."""

import re

from telegram.constants import (
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    KeyboardButtonStyle,
    MessageLimit,
    ReplyLimit,
)

from tests.emulators.telegram_contract import Json, bad

ACTIONS = ("url", "callback_data", "web_app", "login_url", "copy_text", "pay", "switch_inline_query")

Rows = list[list[Json]]


def units(text: str) -> int:
    """Count as Telegram does: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_of(given: Json) -> str:
    """Return the words as they will be shown."""
    text: str = given["text"].strip()
    if not text:
        raise bad("message text is empty")
    if units(text) > MessageLimit.MAX_TEXT_LENGTH:
        raise bad("message is too long")
    return text


def caption_of(given: Json) -> Json:
    """Return the caption as a message's field; nothing where there is none."""
    caption: str = given.get("caption", "").strip()
    if units(caption) > MessageLimit.CAPTION_LENGTH:
        raise bad("message caption is too long")
    return {"caption": caption} if caption else {}


def keyboard_of(given: Json) -> Rows:
    """Return the inline buttons, row by row."""
    rows: Rows = given.get("reply_markup", {}).get("inline_keyboard", [])
    _count(rows)
    for button in (b for row in rows for b in row):
        _inline(button)
    return rows


def reply_keyboard_of(given: Json, *, private: bool) -> Json | None:
    """Return the keyboard that replaces a person's own; {} takes it away, None leaves it."""
    markup: Json = given.get("reply_markup", {})
    if "inline_keyboard" in markup or not markup:
        return None
    if units(markup.get("input_field_placeholder", "x")) > ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER:
        raise bad("INPUT_FIELD_PLACEHOLDER_TOO_LONG")
    if "keyboard" not in markup:
        return {}
    _count(markup["keyboard"])
    for button in (b for row in markup["keyboard"] for b in row):
        _own(button, private=private)
    return markup


def _count(rows: Rows) -> None:
    if sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise bad("reply markup is too long")
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows):
        raise bad("too many buttons in a row")


def _inline(button: Json) -> None:
    size = len(button.get("callback_data", " ").encode())
    low, high = InlineKeyboardButtonLimit.MIN_CALLBACK_DATA, InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    if not low <= size <= high:
        raise bad("BUTTON_DATA_INVALID")
    if sum(name in button for name in ACTIONS) != 1 or not button["text"].strip():
        raise bad("can't parse inline keyboard button")
    if not re.match(r"(?:https?://[^\s/]+\.|tg://)", url := button.get("url", "tg://")):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if (
        not 1
        <= units(button.get("copy_text", {"text": "x"})["text"])
        <= InlineKeyboardButtonLimit.MAX_COPY_TEXT
    ):
        raise bad("BUTTON_COPY_TEXT_INVALID")
    _style(button)


def _own(button: Json, *, private: bool) -> None:
    if not button["text"].strip():
        raise bad("keyboard button text must be non-empty")
    if button.get("request_contact") and not private:
        raise bad("phone number can be requested in private chats only")
    if button.get("request_location") and not private:
        raise bad("location can be requested in private chats only")
    _style(button)


def _style(button: Json) -> None:
    if button.get("style", KeyboardButtonStyle.DANGER) not in set(KeyboardButtonStyle):
        raise bad("BUTTON_STYLE_INVALID")
