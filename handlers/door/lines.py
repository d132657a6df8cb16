"""A line of the latest list: its number and a letter act at once."""

from itertools import takewhile

from domain.messages import Message
from handlers.door import verbs
from handlers.engine.conversation import Option, Turn
from handlers.engine.flow import Stale

_LETTERS = {"a": "nudge", "b": "reassign", "c": "extend", "d": "show"}
_DIGITS = 4
"""Digits of a line's number, at most."""


async def line(turn: Turn, text: str) -> Message:
    """Do what a line's number and a letter say (“1a”, “2b Thảo”), about the latest list."""
    text, _, name = text.partition(" ")
    digits, letter = text[:-1], text[-1:]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS and letter in _LETTERS):
        raise Stale(text)
    number = int(digits)
    _remember_sent(turn)
    listed = turn.talk.listed_as()
    if not 0 < number <= len(listed):
        return Message(turn.say("official.no_line", number=number))
    code, version = listed[number - 1]
    behind = f":{name}" if name else ""
    return await verbs.tap(turn, f"{_LETTERS[letter]}:{code}:{version}{behind}")


def _remember_sent(turn: Turn) -> None:
    """Take a list that the clock sent since for the latest one: its lines are the menu of the chat."""
    lines = takewhile(lambda action: action.startswith("show:"), turn.chat.menu)
    sent = [action.split(":")[1:] for action in lines]
    if sent:
        turn.talk.listed = {"kind": "sent", "cases": [[code, int(version)] for code, version in sent]}


OPTIONS: dict[str, Option] = {"line": line}
