"""The people and groups of the Zalo OA emulator: what they do, and what they see."""

import json
from typing import TYPE_CHECKING

from tests.emulators.loopback import Delivery, Shown, photo
from tests.emulators.telegram_contract import Json

if TYPE_CHECKING:
    from tests.emulators.zalo_oa import ZaloOaServer


class Person:
    """One person. `spoke_at`: seconds since 1970; `replies`: the free ones used since."""

    def __init__(self, server: "ZaloOaServer", number: str) -> None:
        self._server = server
        self.id = number
        self.messages: list[Shown] = []
        self.spoke_at: float | None = None
        self.replies = 0
        self.left = False

    @property
    def texts(self) -> list[str]:
        """What the account has said here."""
        return [shown.text for shown in self.messages if not shown.mine]

    def follow(self) -> Delivery:
        """Follow the account; counts as an interaction."""
        self._interact()
        body = {"oa_id": self._server.oa_id, "follower": {"id": self.id}, "source": "oa_profile"}
        return self._server.emit("follow", body, self.id)

    def unfollow(self) -> Delivery:
        """Leave: nothing can be sent any more."""
        self.left = True
        return self._server.emit("unfollow", {"follower": {"id": self.id}}, self.id)

    def say(self, text: str, *, quote: str = "") -> str:
        """Write words; returns the message's id, as all that a person sends does."""
        more = {"quote_msg_id": quote} if quote else {}
        return self._send("user_send_text", Shown("", mine=True, text=text), text=text, **more)

    def image(self, *contents: bytes, text: str = "") -> str:
        """Send photos in one message; a small grey one unless told otherwise."""
        contents = contents or (photo(),)
        urls = [self._server.keep(content, "image/jpeg", "photo.jpg") for content in contents]
        attachments = [_attachment("image", url=url, thumbnail=url) for url in urls]
        return self._attach("user_send_image", attachments, text, images=[*contents])

    def file(
        self, content: bytes, name: str = "don.pdf", kind: str = "application/pdf", text: str = ""
    ) -> str:
        """Send a file."""
        url = self._server.keep(content, kind, name)
        payload = _attachment("file", url=url, name=name, size=str(len(content)))
        return self._attach("user_send_file", [payload], text, files={name: content})

    def audio(self, content: bytes = b"\x00aac") -> str:
        """Send a voice message."""
        url = self._server.keep(content, "audio/aac", "voice.aac")
        return self._attach("user_send_audio", [_attachment("audio", url=url)])

    def video(self, content: bytes = b"\x00mp4") -> str:
        """Send a video."""
        url = self._server.keep(content, "video/mp4", "video.mp4")
        thumbnail = self._server.keep(photo(), "image/jpeg", "thumbnail.jpg")
        return self._attach("user_send_video", [_attachment("video", url=url, thumbnail=thumbnail)])

    def sticker(self) -> str:
        """Send a sticker."""
        url = self._server.keep(photo("PNG"), "image/png", "sticker.png")
        return self._attach("user_send_sticker", [_attachment("sticker", id="21979", url=url)])

    def gif(self) -> str:
        """Send a moving image."""
        url = self._server.keep(photo("GIF"), "image/gif", "moving.gif")
        return self._attach("user_send_gif", [_attachment("gif", url=url, thumbnail=url)])

    def link(self, url: str, title: str = "") -> str:
        """Send a link the app has previewed."""
        payload = _attachment("link", url=url, description=title)
        return self._attach("user_send_link", [payload], text=url)

    def location(
        self, lat: float, long: float, *, spelling: str = "lat", strings: bool = False, address: str = ""
    ) -> str:
        """Share a place: spelled `lat` (and long) or `latitude` (and longitude), as numbers or as strings."""
        names = ("lat", "long") if spelling == "lat" else ("latitude", "longitude")
        values = (str(lat), str(long)) if strings else (lat, long)
        payload: Json = {"coordinates": dict(zip(names, values, strict=True))}
        payload |= {"address": address} if address else {}
        return self._attach("user_send_location", [{"type": "location", "payload": payload}])

    def business_card(self, phone: str, name: str = "Hoa") -> str:
        """Pass on somebody's card."""
        card = json.dumps({"phone": phone, "qrCodeUrl": "https://qr.example/1"})
        payload = _attachment("link", url="https://zaloapp.com/qr/p/1", thumbnail="", description=card)
        return self._attach("user_send_business_card", [payload], text=name)

    def submit_info(self, name: str, phone: str, **more: str) -> Delivery:
        """Fill in the newest request for particulars: `phone` 84…, more = address, ward, district, city."""
        assert any(shown.asks_info for shown in self.messages), "nothing has asked for particulars"
        self._interact()
        return self._server.emit(
            "user_submit_info", self._ends() | {"info": {"name": name, "phone": phone} | more}, self.id
        )

    def click(self, label: str) -> str:
        """Press the newest button of that title; returns the sent message's id, or where a link leads."""
        for shown in reversed(self.messages):
            for button in (b for b in shown.buttons if b["title"] == label):
                return self._press(button)
        raise AssertionError(f"no button {label!r}, there are {[m.labels for m in self.messages]}")

    def seen(self) -> Delivery:
        """Read all there is."""
        ids = [shown.id for shown in self.messages if not shown.mine]
        return self._server.emit("user_seen_message", self._ends() | {"message": {"msg_ids": ids}}, self.id)

    def received(self, tracking_id: str = "", message_id: str = "") -> Delivery:
        """Get a message or, by its tracking id, a ZNS."""
        notice = {"tracking_id": tracking_id} if tracking_id else {}
        body = {"delivery_time": str(self._server.tick())} | self._server.id_of(message_id) | notice
        ends = {"sender": {"id": self._server.oa_id}, "recipient": {"id": self.id}}
        return self._server.emit("user_received_message", ends | {"message": body}, self.id)

    def _press(self, button: Json) -> str:
        kind, payload = button["type"], button["payload"]
        if kind == "oa.query.show":
            return self.say(payload)
        if kind == "oa.query.hide":
            return self._send(self._server.hidden_event, None, text=payload)
        return str(payload.get("url") or payload["phone_code"])

    def _attach(
        self,
        event: str,
        attachments: list[Json],
        text: str = "",
        images: list[bytes] | None = None,
        files: dict[str, bytes] | None = None,
    ) -> str:
        shown = Shown("", mine=True, text=text or f"[{event}]", images=images or [], files=files or {})
        words = {"text": text} if text else {}
        return self._send(event, shown, **words, attachments=attachments)

    def _send(self, event: str, shown: Shown | None, **content: object) -> str:
        """Emit a message event; what is hidden is not shown in the chat."""
        self._interact()
        number = self._server.new_id()
        if shown is not None:
            shown.id = number
            self.messages.append(shown)
        self._server.emit(event, self._ends() | {"message": self._server.id_of(number) | content}, self.id)
        return number

    def _ends(self) -> Json:
        return {"sender": {"id": self.id}, "recipient": {"id": self._server.oa_id}}

    def _interact(self) -> None:
        self.spoke_at, self.replies, self.left = self._server.now, 0, False


class Group:
    """A group the account is in."""

    def __init__(self, server: "ZaloOaServer", number: str) -> None:
        self._server = server
        self.id = number
        self.messages: list[Shown] = []

    @property
    def texts(self) -> list[str]:
        """What the account has said here."""
        return [shown.text for shown in self.messages if not shown.mine]

    def say(self, person: Person, text: str) -> str:
        """Let a person write words here; returns the message's id."""
        number = self._server.new_id()
        self.messages.append(Shown(number, mine=True, text=text))
        ends = {"sender": {"id": person.id}, "recipient": {"id": self.id}, "oa_id": self._server.oa_id}
        message = {"text": text} | self._server.id_of(number)
        self._server.emit("user_send_group_text", ends | {"message": message}, person.id)
        return number


def _attachment(kind: str, **payload: str) -> Json:
    return {"type": kind, "payload": payload}
