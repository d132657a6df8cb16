"""Where people and the bot write: what a chat shows now, and whether the bot may write there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiogram.types import Message

from tests.emulators.telegram_contract import Json, Refused, bad, check
from tests.emulators.telegram_files import StoredFile

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

CAPTIONED = {"photo", "video", "voice", "audio", "document", "animation"}
KINDS = ("text", "photo", "voice", "audio", "video_note", "video", "document", "sticker", "contact", "venue")


@dataclass(eq=False)
class Shown:
    """A message as a chat shows it now. `content` holds its own fields: text, photo, caption..."""

    id: int
    date: int
    mine: bool
    content: Json
    sender: Json
    keyboard: list[list[Json]] = field(default_factory=list)
    thread: int | None = None
    reply_to: int | None = None
    files: list[StoredFile] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    edited: int = 0

    @property
    def text(self) -> str:
        """The words: the text, or the caption under a file."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def kind(self) -> str:
        """What it is: text, photo, location..."""
        return next((kind for kind in KINDS if kind in self.content), next(iter(self.content), "text"))

    @property
    def album(self) -> str:
        """The album it belongs to, if it does."""
        return str(self.content.get("media_group_id", ""))

    @property
    def labels(self) -> list[list[str]]:
        """The buttons' labels, row by row."""
        return [[button["text"] for button in row] for row in self.keyboard]

    def button(self, label: str) -> Json | None:
        """Return the button of a label."""
        return next((b for row in self.keyboard for b in row if b["text"] == label), None)

    def write(self, words: str) -> None:
        """Put other words in it."""
        name = "caption" if self.kind in CAPTIONED else "text"
        self.content = {k: v for k, v in self.content.items() if k != name} | ({name: words} if words else {})


class Place:
    """A chat of any kind. `closed` is the 403 the bot is answered with, if it is shut out."""

    kind = "private"
    update = "message"

    def __init__(self, server: TelegramServer, number: int) -> None:
        self._server = server
        self.id = number
        self.messages: list[Shown] = []
        self.deleted: list[Shown] = []
        self.actions: list[str] = []
        self.reply_keyboard: Json = {}
        self.closed = ""
        self._last_id = 0

    @property
    def place(self) -> Json:
        """The chat, as messages name it."""
        raise NotImplementedError

    @property
    def texts(self) -> list[str]:
        """What the bot has said here, as it reads now."""
        return [shown.text for shown in self.messages if not shown.mine]

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        return next(shown for shown in reversed(self.messages) if not shown.mine)

    @property
    def keys(self) -> list[str]:
        """The labels of the keyboard that stands in the place of the person's own."""
        return [button["text"] for row in self.reply_keyboard.get("keyboard", []) for button in row]

    def shown(self, number: int) -> Shown | None:
        """Return a message that is still there."""
        return next((shown for shown in self.messages if shown.id == number), None)

    def add(self, *, mine: bool, content: Json, sender: Json, **more: Any) -> Shown:  # noqa: ANN401
        """Show a new message; a second passes."""
        self._last_id += 1
        shown = Shown(self._last_id, self._server.tick(), mine, content, sender, **more)
        self.messages.append(shown)
        return shown

    def remove(self, shown: Shown) -> None:
        """Show a message no more."""
        self.messages.remove(shown)
        self.deleted.append(shown)

    def render(self, shown: Shown, *, bare: bool = False) -> Json:
        """Write a message as the Bot API does; `bare` leaves out what it answers."""
        written = {"message_id": shown.id, "date": shown.date, "chat": self.place} | shown.sender
        if shown.edited:
            written["edit_date"] = shown.edited
        if shown.thread:
            written |= {"message_thread_id": shown.thread, "is_topic_message": True}
        answers = None if bare else shown.reply_to or shown.thread
        answered = self.shown(answers) if answers else None
        if answered is not None:
            written["reply_to_message"] = self.render(answered, bare=True)
        if shown.keyboard:
            written["reply_markup"] = {"inline_keyboard": shown.keyboard}
        return check(Message, written | shown.content)

    def admit(self, given: Json) -> None:
        """Let the bot write here. Raises what the server answers when it may not."""
        if self.closed:
            raise Refused(403, f"Forbidden: {self.closed}")
        if given.get("message_thread_id"):
            raise bad("message thread not found")

    def bot_as_sender(self) -> Json:
        """Who its messages are from."""
        return {"from": self._server.me}

    def may_react(self) -> bool:
        """Say whether the bot is told of reactions here."""
        return True

    def hears(self, shown: Shown) -> bool:
        """Say whether the bot is told of a message."""
        return not self.closed

    def tell_membership(self, by: Json, old: Json, new: Json) -> int:
        """Hand out what became of the bot here."""
        was, now = ({"user": self._server.me} | member for member in (old, new))
        about: Json = {"chat": self.place, "from": by, "date": self._server.tick()}
        about |= {"old_chat_member": was, "new_chat_member": now}
        return self._server.emit({"my_chat_member": about}, self.id + (5 << 33))
