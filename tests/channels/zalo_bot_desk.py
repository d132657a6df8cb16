"""What the tests of the Zalo Bot share."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channels.channel import Outcome
from bot.channels.parts import parts
from bot.channels.zalo_bot.channel import ZaloBot
from domain.messages import Choice, FileRef, Message
from storage.mail.outbox import Delivery
from tests.conftest import MONDAY
from tests.emulators.zalo_bot import Chat

SECRET = "a-bot-secret"
Link = Callable[[FileRef, datetime], str]
OpenBot = Callable[..., ZaloBot]


def delivery(
    text: str = "Chào bà con",
    choices: Sequence[Choice] = (),
    files: Sequence[FileRef] = (),
    to: str = "hoa",
    attempts: int = 1,
) -> Delivery:
    """Write a message for somebody."""
    message = Message(text, tuple(choices), tuple(files))
    return Delivery(
        "k",
        "zalo-bot",
        "lane",
        to,
        message,
        attempts,
        uncertain=False,
        edits=None,
        at=MONDAY,
        heard_at=MONDAY,
    )


async def send(channel: ZaloBot, what: Delivery) -> list[Outcome]:
    """Send a message as the sender does, part by part; returns what became of each."""
    return [await channel.send(what, part) for part in parts(what.message, channel.caps)]


def number_of(chat: Chat, label: str) -> str:
    """Return what is typed for a choice of the newest message."""
    line = next(line for line in chat.texts[-1].splitlines() if line.endswith(f". {label}"))
    return line.partition(".")[0]
