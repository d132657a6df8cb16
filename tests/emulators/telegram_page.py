"""The Telegram emulator by hand: made-up people and a group on a page, and the settings that lead there."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.emulators.page import Bubble, Button, FileShown, StagePage
from tests.emulators.telegram import TOKEN, Hand, Shown, TelegramServer
from tests.emulators.telegram_contract import Json
from tests.emulators.telegram_files import sides_of

PEOPLE = {42: "Hoa", 43: "Tuấn", 44: "Lan"}
GROUP = -500
SHARES = [Button("Share my number", "contact"), Button("Share where I am", "location")]


class TelegramStage:
    """People of one server: each writes alone with the bot, and in the group."""

    title = "Telegram emulator"

    def __init__(self) -> None:
        self._hands: dict[str, Hand] = {}
        self._names: dict[str, str] = {}

    def open(self, server: TelegramServer) -> None:
        """Let the people in; the bot hears all that is said in the group."""
        self._server = server
        group = server.group(GROUP, "Tổ công tác")
        group.promote_bot()
        for number, name in PEOPLE.items():
            self._let(str(number), name, server.chat(number, name))
        for number, name in PEOPLE.items():
            self._let(f"{GROUP}:{number}", f"{name} in “{group.title}”", group.member(number, name))

    def _let(self, key: str, name: str, hand: Hand) -> None:
        self._hands[key], self._names[key] = hand, name

    def people(self) -> dict[str, str]:
        """Return the people one can be: key and name."""
        return self._names

    def messages(self, person: str) -> Sequence[Bubble]:
        """Return what the person sees, oldest first."""
        hand = self._hands[person]
        return [self._bubble(hand, shown) for shown in hand.where.messages]

    def keys(self, person: str) -> Sequence[Button]:
        """Return the keyboard the bot put up, and what a person can always share."""
        place = self._hands[person].where
        return [*(Button(label, f"key:{label}") for label in place.keys), *SHARES]

    def say(self, person: str, text: str) -> None:
        """Write words."""
        self._hands[person].say(text)

    def press(self, person: str, action: str) -> None:
        """Press a button under a message, a key, or share something."""
        hand = self._hands[person]
        kind, _, label = action.partition(":")
        match kind:
            case "contact":
                hand.share_contact()
            case "location":
                hand.location()
            case "key":
                hand.key(label)
            case number:
                hand.press_on(int(number), label)

    def photo(self, person: str, name: str, data: bytes) -> None:
        """Send a file from the disk, as a photo where it is one."""
        if sides_of(data):
            self._hands[person].photo(data)
        else:
            self._hands[person].document(data, name=name)

    def file(self, key: str) -> tuple[bytes, str]:
        """Return a file's bytes and type. Raises KeyError."""
        stored = self._server.files[key]
        return stored.data, stored.mime

    def _bubble(self, hand: Hand, shown: Shown) -> Bubble:
        sender: Json = shown.sender.get("sender_chat") or shown.sender.get("from") or {}
        marks = ["edited"] * bool(shown.edited) + shown.reactions
        return Bubble(
            who=str(sender.get("first_name", sender.get("title", ""))),
            mine=sender.get("id") == hand.user["id"],
            text=shown.text or _without_words(shown.content),
            buttons=[[_button(shown.id, button) for button in row] for row in shown.keyboard],
            files=[FileShown(stored.file_id, stored.kind, stored.name) for stored in shown.files],
            note=" ".join(marks),
        )


def _button(message: int, button: Json) -> Button:
    return Button(
        button["text"],
        f"{message}:{button['text']}",
        button.get("url", ""),
        button.get("copy_text", {}).get("text", ""),
        button.get("style", ""),
    )


def _without_words(content: Json) -> str:
    """Say what a message is that has no words."""
    if (contact := content.get("contact")) is not None:
        return f"👤 {contact['first_name']} {contact['phone_number']}"
    if (point := content.get("location")) is not None:
        return f"📍 {point['latitude']}, {point['longitude']}"
    return ""


@asynccontextmanager
async def opened(port: int, token: str) -> AsyncIterator[list[str]]:
    """Run the emulator with its page on loopback; yields the settings that point the desk to it."""
    stage = TelegramStage()
    server = TelegramServer(token or TOKEN, port, clock=time.time, routes=StagePage(stage).routes())
    stage.open(server)
    async with server:
        yield [
            f"TELEGRAM_TOKEN={server.token}",
            f"TELEGRAM_API_URL={server.url}",
            "TELEGRAM_MODE=polling",
        ]
