"""Telegram's messages as they are written: buttons under the words, or in the place of a person's keys."""

from collections.abc import Sequence

from telegram import (
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

import locales
from bot.channels.channel import Part
from domain.messages import Choice
from storage.mail.outbox import Delivery

PAIRED = 18
"""Labels up to this length share a row by two."""
COMMANDS = ("menu", "follow", "cancel", "help")
"""What is shown as a command to everybody who writes alone."""
Buttons = InlineKeyboardMarkup | None


def commands(language: str) -> list[BotCommand]:
    """Write the commands everybody has."""
    say = locales.words(language)
    return [BotCommand(say(f"keys.command.{c}.name"), say(f"keys.command.{c}.about")) for c in COMMANDS]


def fits(choices: Sequence[Choice]) -> bool:
    """Say whether every button can travel: Telegram counts bytes, and Vietnamese letters are up to three."""
    return all(1 <= len(choice.action.encode()) <= 64 for choice in choices)


def keyboard(choices: Sequence[Choice], copy: str = "") -> Buttons:
    """Lay the choices out as buttons, two to a row where both labels are short; below them, what copies."""
    rows: list[list[InlineKeyboardButton]] = []
    for choice in choices:
        style = None if choice.style == "plain" else choice.style
        button = InlineKeyboardButton(choice.label, callback_data=choice.action, style=style)
        if rows and len(rows[-1]) == 1 and max(len(rows[-1][0].text), len(choice.label)) <= PAIRED:
            rows[-1].append(button)
        else:
            rows.append([button])
    if copy:
        rows.append([InlineKeyboardButton(f"📋 {copy}", copy_text=CopyTextButton(copy))])
    return InlineKeyboardMarkup(rows) if rows else None


def in_private(
    part: Part, buttons: Buttons, delivery: Delivery
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """Return what stands under a message in private: its buttons, or keys that share what it wants.

    A message has either buttons or keys, so keys are only taken away by a message without buttons. Until
    one comes, clients have hidden keys that were used once, and a label pressed late is read like any words.
    Which chat has keys is not kept: to take away what is not there does nothing. A card is left alone, for
    it could not be edited afterwards.
    """
    if part.wants:
        return _keys(part, delivery.language)
    if buttons or delivery.message.card:
        return buttons
    return ReplyKeyboardRemove()


def _keys(part: Part, language: str) -> ReplyKeyboardMarkup:
    """Write one key that shares, and a key for each choice: what is typed by it is the choice's own words."""
    words = locales.words(language)(f"keys.{part.wants}")
    contact, location = (part.wants == wish or None for wish in ("contact", "location"))  # one may be named
    share = KeyboardButton(words, request_contact=contact, request_location=location)
    others = [[KeyboardButton(choice.typed or choice.label)] for choice in part.choices]
    return ReplyKeyboardMarkup([[share], *others], resize_keyboard=True, one_time_keyboard=True)
