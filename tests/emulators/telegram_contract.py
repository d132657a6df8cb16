"""What the Bot API takes, judged by aiogram's models and the limits of `telegram.constants`."""

import contextlib
import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from telegram.constants import (
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    KeyboardButtonStyle,
    MessageLimit,
)

Json = dict[str, Any]

Drop = object()
"""A fault: hang up before doing anything."""
DropAfter = object()
"""A fault: do it, then hang up without a word."""

ACTIONS = ("url", "callback_data", "web_app", "login_url", "copy_text", "pay", "switch_inline_query")


class Refused(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """Return the answer as the Bot API writes it."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


@dataclass(frozen=True)
class Page:
    """A fault: a proxy's page instead of an answer."""

    status: int
    html: str
    location: str = ""


@dataclass(frozen=True)
class Slow:
    """A fault: the answer comes late."""

    seconds: float


Fault = Refused | Page | Slow | object


def too_many(seconds: int) -> Refused:
    """Return the fault of a 429."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


async def parameters(request: web.Request) -> Json:
    """Read a call's parameters from the address, a form or JSON."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    else:
        given |= dict(await request.post())
    return {name: _value(name, value) for name, value in given.items()}


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Read a form's value: numbers, flags and objects are written as JSON in it, words are not."""
    if isinstance(value, str) and name not in {"text", "secret_token", "url", "callback_query_id"}:
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def snake(method: str) -> str:
    """Read sendMessage as send_message."""
    return re.sub(r"(?=[A-Z])", "_", method).lower()


def check(model: type[BaseModel], content: Json) -> Json:
    """Hold content against a contract that is not ours; nothing may be in it that the contract lacks."""
    _no_extras(model.model_validate(content), model.__name__)
    return content


def _no_extras(value: object, where: str) -> None:
    if isinstance(value, BaseModel):
        assert not value.model_extra, f"{where} knows no {sorted(value.model_extra or {})}"
        for name in value.model_fields_set:
            _no_extras(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list):
        for item in value:
            _no_extras(item, where)


def text_of(given: Json) -> str:
    """Return the words as they will be shown."""
    text: str = given["text"].strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MessageLimit.MAX_TEXT_LENGTH:
        raise Refused(400, "Bad Request: message is too long")
    return text


def keyboard_of(given: Json) -> list[list[Json]]:
    """Return the buttons, row by row."""
    rows: list[list[Json]] = given.get("reply_markup", {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise Refused(400, "Bad Request: reply markup is too long")
    for button in (b for row in rows for b in row):
        size = len(button.get("callback_data", " ").encode())
        low, high = InlineKeyboardButtonLimit.MIN_CALLBACK_DATA, InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
        if not low <= size <= high:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if sum(name in button for name in ACTIONS) != 1 or not button["text"].strip():
            raise Refused(400, "Bad Request: can't parse inline keyboard button")
        if button.get("style", KeyboardButtonStyle.DANGER) not in set(KeyboardButtonStyle):
            raise Refused(400, "Bad Request: BUTTON_STYLE_INVALID")
    return rows
