"""Every message of every golden as each platform would be given it, held against that platform's contract."""

from collections.abc import Sequence

from aiogram.methods import SendMessage
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup
from telegram.constants import MessageLimit

from bot.channels.channel import Caps, Part
from bot.channels.parts import parts
from bot.channels.telegram import write as telegram_write
from bot.channels.telegram.channel import Telegram
from bot.channels.zalo_bot.channel import CAPS as ZALO_BOT
from bot.channels.zalo_oa import write as zalo_oa_write
from bot.channels.zalo_oa.channel import CAPS as ZALO_OA
from domain.messages import BACK, Choice, Message, plain
from storage.mail.outbox import Delivery
from tests.emulators.telegram_contract import check
from tests.emulators.telegram_markup import keyboard_of, text_of, units
from tests.emulators.zalo_oa_contract import Send

_JUDGED: set[tuple[Message, str | None, str]] = set()
"""Messages that were judged: most goldens say the same to somebody else, which is the same once more."""


def check_everywhere(delivery: Delivery) -> None:
    """Assert that all a message says reaches its reader on every channel, within what that channel takes."""
    message, judged = delivery.message, (delivery.message, delivery.edits, delivery.language)
    if not message.text or judged in _JUDGED:
        return
    _JUDGED.add(judged)
    for caps, sees in (
        (Telegram.caps, _telegram(delivery)),
        (ZALO_OA, _official_account()),
        (ZALO_BOT, _numbered),
    ):
        whole = [part for part in parts(message, caps, delivery.edits) if part.text]
        shown = [sees(part) for part in whole]
        _says_all(message, whole, [label for labels in shown for label in labels], caps)


def _says_all(message: Message, whole: Sequence[Part], labels: Sequence[str], caps: Caps) -> None:
    """Assert that no word is lost between the parts, and that every choice can be taken."""
    said = "".join("".join(part.text.split()) for part in whole)
    assert "".join(message.text.split()) in said
    for number, choice in enumerate(message.choices, start=1):
        assert choice.label in labels or _can_be_typed(number, choice, message, said), (choice, caps)


def _can_be_typed(number: int, choice: Choice, message: Message, said: str) -> bool:
    """Say whether a number stands before a choice's words, or what to type after them."""
    place = 0 if choice.action == BACK else number
    line = f"{place}. {choice.label}" if message.numbered else f"{choice.label}: “{choice.typed}”"
    if not message.numbered and not choice.typed:  # a notice's own button: its code stands in the text
        return True
    return "".join(line.split()) in said


class _telegram:  # noqa: N801 - used as a function
    """Reads what Telegram would show, judged by aiogram's model and the limits of `telegram.constants`."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def __call__(self, part: Part) -> list[str]:
        buttons = telegram_write.keyboard(part.choices, part.copy)
        markup = telegram_write.in_private(part, buttons, self._delivery)
        given = {"chat_id": 42, "text": part.text}
        if markup is not None:
            given["reply_markup"] = markup.to_dict()
        check(SendMessage, given)
        assert telegram_write.fits(part.choices)
        assert text_of(given) == part.text.strip()
        assert units(part.text) <= MessageLimit.MAX_TEXT_LENGTH
        if isinstance(markup, ReplyKeyboardMarkup):
            return [key.text for row in markup.keyboard for key in row] + [c.label for c in part.choices]
        if isinstance(markup, InlineKeyboardMarkup):
            return [button["text"] for row in keyboard_of(given) for button in row]
        return []


def _official_account() -> object:
    def read(part: Part) -> list[str]:
        has_buttons = bool(part.choices) and zalo_oa_write.fits(part.choices)
        words = part.text if has_buttons or not part.choices else plain(Message(part.text, part.choices))
        body = zalo_oa_write.buttons(words, part.choices) if has_buttons else zalo_oa_write.text(words)
        Send.model_validate({"recipient": {"user_id": "7"}, "message": body})
        return [choice.label for choice in part.choices]

    return read


def _numbered(part: Part) -> list[str]:
    assert not part.choices
    assert 1 <= len(part.text) <= 2000
    return []
