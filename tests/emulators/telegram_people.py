"""What people do in a chat: write, send files, press, edit, react; and a person's chat with the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.emulators.telegram_contract import Json, Upload
from tests.emulators.telegram_files import StoredFile, sample, sides_of
from tests.emulators.telegram_places import Place, Shown

if TYPE_CHECKING:
    from tests.emulators.telegram import TelegramServer

BANNED: Json = {"status": "kicked", "until_date": 0}
MEMBER: Json = {"status": "member"}


class Hand:
    """Somebody in a chat. What is written returns the update's id, 0 where the bot is not told."""

    phone = "84912345678"
    at = (21.0285, 105.8542)

    def __init__(
        self, server: TelegramServer, where: Place, user: Json, sender_chat: Json | None = None
    ) -> None:
        self._server = server
        self.where = where
        self.user = user
        self.thread: int | None = None
        """The topic this person writes in, unless told otherwise."""
        self._sender = {"from": user} | ({"sender_chat": sender_chat} if sender_chat else {})

    # --- words ---------------------------------------------------------------------------------------

    def say(self, text: str, *, reply_to: int | None = None, thread: int | None = None) -> int:
        """Write words; a command is marked as Telegram marks it."""
        name = text.split(maxsplit=1)[0] if text.startswith("/") else ""
        mark = {"entities": [{"type": "bot_command", "offset": 0, "length": len(name)}]} if name[1:] else {}
        return self._write({"text": text} | mark, reply_to=reply_to, thread=thread)

    def command(self, name: str, words: str = "") -> int:
        """Give a command as the menu gives it: in a group with the bot's name behind it."""
        at = "" if self.where.kind == "private" else f"@{self._server.me['username']}"
        return self.say(f"/{name.removeprefix('/')}{at} {words}".strip())

    def start(self, payload: str = "") -> int:
        """Open the bot by its link, with or without a payload."""
        return self.say(f"/start {payload}".strip())

    def post(self, *, reply_to: int | None = None, thread: int | None = None, **content: Any) -> int:  # noqa: ANN401
        """Write a message of any kind: the fields of a Bot API message."""
        return self._write(content, reply_to=reply_to, thread=thread)

    # --- files ---------------------------------------------------------------------------------------

    def photo(self, data: bytes | None = None, caption: str = "", **more: Any) -> int:  # noqa: ANN401
        """Send a photo; Telegram offers it in several sizes. `size` claims a size, `reply_to`, `thread`."""
        return self._send("photo", data, caption, **more)

    def document(self, data: bytes | None = None, caption: str = "", **more: Any) -> int:  # noqa: ANN401
        """Send a file as it is; also `name` and `mime`."""
        return self._send("document", data, caption, **more)

    def voice(self, data: bytes | None = None, caption: str = "", **more: Any) -> int:  # noqa: ANN401
        """Speak."""
        return self._send("voice", data, caption, **more)

    def audio(self, data: bytes | None = None, caption: str = "", **more: Any) -> int:  # noqa: ANN401
        """Send a recording as music."""
        return self._send("audio", data, caption, **more)

    def video(self, data: bytes | None = None, caption: str = "", **more: Any) -> int:  # noqa: ANN401
        """Send a video."""
        return self._send("video", data, caption, **more)

    def video_note(self, data: bytes | None = None, **more: Any) -> int:  # noqa: ANN401
        """Send a round video."""
        return self._send("video_note", data, "", **more)

    def sticker(self, **more: Any) -> int:  # noqa: ANN401
        """Send a sticker."""
        return self._send("sticker", None, "", **more)

    def album(
        self,
        items: Sequence[bytes | tuple[str, bytes | None] | None],
        caption: str = "",
        *,
        caption_on: int = 0,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> list[int]:
        """Send files as one; items are photos, or pairs of kind and bytes. The caption is on one of them."""
        group = {"media_group_id": self._server.album_id()}
        updates = []
        for number, item in enumerate(items):
            kind, data = item if isinstance(item, tuple) else ("photo", item)
            words = {"caption": caption} if caption and number == caption_on else {}
            stored = self._keep(kind, data)
            content = self._server.store.content(stored) | words | group
            updates.append(self._write(content, files=[stored], reply_to=reply_to, thread=thread))
        return updates

    # --- where and who -------------------------------------------------------------------------------

    def share_contact(self, phone: str | None = None) -> int:
        """Share the number of one's own."""
        return self.contact(phone or self.phone, self.user["first_name"], self.user["id"])

    def contact(self, phone: str, name: str, user_id: int | None = None) -> int:
        """Share somebody's number; with an id where that person is on Telegram."""
        who = {"phone_number": phone, "first_name": name} | ({"user_id": user_id} if user_id else {})
        return self.post(contact=who)

    def location(self, latitude: float | None = None, longitude: float | None = None, **more: Any) -> int:  # noqa: ANN401
        """Send a point; without numbers, where one stands."""
        return self.post(location=self._point(latitude, longitude) | more)

    def venue(
        self, title: str, address: str, latitude: float | None = None, longitude: float | None = None
    ) -> int:
        """Send a place with its name."""
        point = self._point(latitude, longitude)
        return self.post(location=point, venue={"location": point, "title": title, "address": address})

    # --- earlier messages ----------------------------------------------------------------------------

    def edit(self, message_id: int, text: str) -> int:
        """Put other words in an earlier message of one's own."""
        shown = self._at(message_id)
        assert shown.mine, "one edits one's own messages"
        shown.write(text)
        shown.edited = self._server.tick()
        return self._tell(f"edited_{self.where.update}", shown)

    def react(self, message_id: int, emoji: str = "👍", *, instead_of: str = "") -> int:
        """React to a message; "" takes it back. The bot is told where it asked to be, and may be."""
        self._at(message_id)
        old, new = ([{"type": "emoji", "emoji": sign}] if sign else [] for sign in (instead_of, emoji))
        who = (
            {"actor_chat": self._sender["sender_chat"]}
            if "sender_chat" in self._sender
            else {"user": self.user}
        )
        about: Json = {"chat": self.where.place, "message_id": message_id, "date": self._server.tick()}
        about |= who | {"old_reaction": old, "new_reaction": new}
        allowed = self.where.may_react() and not self.where.closed
        return self._server.emit({"message_reaction": about}, self.where.id + (8 << 33)) if allowed else 0

    # --- buttons -------------------------------------------------------------------------------------

    def press(self, label: str, *, inaccessible: bool = False) -> str:
        """Press the newest button of that label; returns the query's id.

        `inaccessible`: the message is too old for Telegram to show it to the bot again.
        """
        shown, button = self._button(label)
        return self._tap(shown, button["callback_data"], inaccessible=inaccessible)

    def press_on(self, message_id: int, label: str) -> str:
        """Press a button of one message; returns the query's id."""
        shown = self._at(message_id)
        button = shown.button(label)
        assert button, f"no button {label!r}, there are {shown.labels}"
        return self._tap(shown, button["callback_data"])

    def copy(self, label: str) -> str:
        """Press the newest button that copies; returns what is copied. The bot is not told."""
        return str(self._button(label)[1]["copy_text"]["text"])

    def link(self, label: str) -> str:
        """Return where the newest button of that label leads."""
        return str(self._button(label)[1]["url"])

    def key(self, label: str) -> int:
        """Press a key of the keyboard the bot has put up: its words, the contact or the location."""
        keyboard = self.where.reply_keyboard
        keys = [button for row in keyboard.get("keyboard", []) for button in row]
        button = next((b for b in keys if b["text"] == label), None)
        assert button, f"no key {label!r}, there are {self.where.keys}"
        if keyboard.get("one_time_keyboard"):
            self.where.reply_keyboard = {}
        if button.get("request_contact"):
            return self.share_contact()
        return self.location() if button.get("request_location") else self.say(label)

    # --- within --------------------------------------------------------------------------------------

    def _point(self, latitude: float | None, longitude: float | None) -> Json:
        here = self.at if latitude is None or longitude is None else (latitude, longitude)
        return {"latitude": here[0], "longitude": here[1]}

    def _send(  # noqa: PLR0917 - what a file may have
        self,
        kind: str,
        data: bytes | None,
        caption: str,
        name: str | None = None,
        mime: str | None = None,
        size: int | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int:
        stored = self._keep(kind, data, name, mime, size)
        content = self._server.store.content(stored) | ({"caption": caption} if caption else {})
        return self._write(content, files=[stored], reply_to=reply_to, thread=thread)

    def _keep(
        self,
        kind: str,
        data: bytes | None,
        name: str | None = None,
        mime: str | None = None,
        size: int | None = None,
    ) -> StoredFile:
        usual = sample(kind)
        upload = Upload(name or usual.name, usual.data if data is None else data, mime or usual.mime)
        sides = (sides_of(upload.data) if kind == "photo" else None) or (640, 480)
        return self._server.store.keep(kind, upload, size, width=sides[0], height=sides[1])

    def _write(
        self,
        content: Json,
        *,
        files: Sequence[StoredFile] = (),
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int:
        more: Json = {"files": list(files), "reply_to": reply_to, "thread": thread or self.thread}
        return self._tell(
            self.where.update, self.where.add(mine=True, content=content, sender=self._sender, **more)
        )

    def _tell(self, update: str, shown: Shown) -> int:
        if not self.where.hears(shown):
            return 0
        return self._server.emit({update: self.where.render(shown)}, self.where.id)

    def _at(self, message_id: int) -> Shown:
        shown = self.where.shown(message_id)
        assert shown, f"no message {message_id} in this chat"
        return shown

    def _button(self, label: str) -> tuple[Shown, Json]:
        for shown in reversed(self.where.messages):
            if button := shown.button(label):
                return shown, button
        raise AssertionError(f"no button {label!r}, there are {[m.labels for m in self.where.messages]}")

    def _tap(self, shown: Shown, data: str, *, inaccessible: bool = False) -> str:
        message = self.where.render(shown)
        if inaccessible:
            message = {"message_id": shown.id, "chat": self.where.place, "date": 0}
        query = self._server.new_query()
        tap = {"id": query, "from": self.user, "chat_instance": str(self.where.id), "data": data}
        self._server.emit({"callback_query": tap | {"message": message}}, self.user["id"] + (3 << 33))
        return query


class Chat(Hand, Place):
    """One person's private chat with the bot, and what they do in it."""

    def __init__(self, server: TelegramServer, number: int, name: str = "Hoa") -> None:
        Place.__init__(self, server, number)
        self.name = name
        Hand.__init__(
            self, server, self, {"id": number, "is_bot": False, "first_name": name, "language_code": "vi"}
        )

    @property
    def place(self) -> Json:
        """The chat, as messages name it."""
        return {"id": self.id, "type": "private", "first_name": self.name}

    @property
    def blocked(self) -> bool:
        """Whether the person has blocked the bot."""
        return "blocked" in self.closed

    def block(self) -> int:
        """Block the bot."""
        self.closed = "bot was blocked by the user"
        return self.tell_membership(self.user, MEMBER, BANNED)

    def unblock(self) -> int:
        """Let the bot write again."""
        self.closed = ""
        return self.tell_membership(self.user, BANNED, MEMBER)

    def deactivate(self) -> None:
        """Delete the account; the bot is not told."""
        self.closed = "user is deactivated"

    def hears(self, shown: Shown) -> bool:
        """Whoever writes to the bot has opened the chat; one who blocked it must unblock first."""
        assert not self.blocked, "unblock first"
        self.closed = ""
        return True
