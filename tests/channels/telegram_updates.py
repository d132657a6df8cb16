"""Updates of every kind as Telegram sends them, and what each says."""

from typing import Any

from bot.channels.channel import Read, Remote, RemoteFile
from domain.messages import Contact, Edited, Location, Moved, Presence, Tap, Text, Unsupported
from tests.channels.telegram_desk import FILE, PERSON, PLACE, message

GROUP = {"id": -5, "type": "group", "title": "Tổ 3"}
SUPERGROUP = {"id": -1005, "type": "supergroup", "title": "Tổ 3"}
CHANNEL = {"id": -1006, "type": "channel", "title": "Bản tin"}
US = {"id": 4242, "is_bot": True, "first_name": "Lắng Nghe"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SIDES = {"width": 90, "height": 67}
AT = {"latitude": 21.0, "longitude": 105.8}
VENUE = {"location": AT, "title": "Chợ Nhổn", "address": "Thôn 3"}
OWN = {"phone_number": "84912345678", "first_name": "Hoa", "user_id": 42}
STICKER = FILE | SIDES | {"type": "regular", "is_animated": False, "is_video": False}
SOMEBODY = {"type": "user", "date": 1, "sender_user": PERSON}
LEFT, BANNED = {"status": "left"}, {"status": "kicked", "until_date": 0}
MEMBER = {"status": "member"}


def tap(**content: object) -> dict[str, Any]:
    """Write an update with a tap on a button."""
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "send"}
    return {"update_id": 7, "callback_query": query | content}


def grouped(**content: object) -> dict[str, Any]:
    """Write an update with a message in a group."""
    return message(**({"chat": GROUP} | content))


def as_edited(update: dict[str, Any]) -> dict[str, Any]:
    """Write it as an edit of an earlier message."""
    return {"update_id": 7, "edited_message": update["message"] | {"edit_date": 2}}


def membership(place: dict[str, Any], was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Write what became of the bot somewhere."""
    change = {"chat": place, "from": PERSON, "date": 1}
    change |= {"old_chat_member": was | {"user": US}, "new_chat_member": now | {"user": US}}
    return {"update_id": 7, "my_chat_member": change}


def file(name: str = "", size: int | None = None, caption: str = "") -> Remote:
    """Write what a message with one file is read as."""
    return Remote((RemoteFile("f", name, size),), caption)


SAID: list[tuple[dict[str, Any], Read | None]] = [
    (message(text="cống tắc"), Text("cống tắc")),
    (message(text="vâng", reply_to_message={"of a kind": "of next year"}), Text("vâng")),
    (message(text="/start"), Text("start")),
    (message(text="/start i_Ab-9"), Text("i_Ab-9")),
    (message(text="/menu"), Text("menu")),
    (message(text="/menu@another_bot"), Text("menu")),
    (message(text="/hoso HB-7K3M2R"), Text("hoso HB-7K3M2R")),
    (message(text="/ngõ 5 bị ngập"), Text("/ngõ 5 bị ngập")),
    (message(photo=[FILE | SIDES]), file()),
    (message(photo=[FILE | SIDES], caption="/gui ngập"), file(caption="/gui ngập")),
    (message(voice=FILE | {"duration": 1, "file_size": 9}), file("voice.ogg", 9)),
    (message(audio=FILE | {"duration": 1, "file_name": "a.mp3"}), file("a.mp3")),
    (message(video=FILE | SIDES | {"duration": 1}), file()),
    (message(video_note=FILE | {"duration": 1, "length": 1}), file()),
    (message(animation=FILE | SIDES | {"duration": 1}, document=FILE | {"file_name": "d"}), file()),
    (message(document=FILE | {"file_name": "đơn.pdf", "file_size": 5}), file("đơn.pdf", 5)),
    (message(sticker=STICKER), Unsupported("sticker")),
    (message(location=AT), Location(21.0, 105.8)),
    (message(location=AT | {"horizontal_accuracy": 65.5}), Location(21.0, 105.8, accuracy=65.5)),
    (message(location=AT | {"horizontal_accuracy": 1501}), Location(21.0, 105.8)),
    (message(location=AT | {"horizontal_accuracy": "wide"}), Location(21.0, 105.8)),
    (message(location=AT, venue=VENUE), Location(21.0, 105.8, "Chợ Nhổn, Thôn 3")),
    (message(contact=OWN), Contact("84912345678", own=True)),
    (message(contact=OWN | {"user_id": 43}), Contact("84912345678")),
    (message(contact={"phone_number": "1", "first_name": "Hoa"}), Contact("1")),
    (message(contact=OWN, forward_origin=SOMEBODY), Contact("84912345678")),
    (message(dice={"emoji": "🎲", "value": 3}), Unsupported("other")),
    (message(rich_message={"blocks": [{"type": "paragraph"}]}), Unsupported("other")),
    (message(rich_message={"blocks": []}, effect_id="5"), Unsupported("other")),
    (message(giveaway={"chats": [], "winners_selection_date": 1, "winner_count": 1}), Unsupported("other")),
    (message(new_chat_title="x"), None),
    (message(write_access_allowed={"from_request": True}, of_next_year=1), None),
    (as_edited(message(text="sửa")), Edited("sửa")),
    (as_edited(message(photo=[FILE | SIDES], caption="sửa chữ")), Edited("sửa chữ")),
    (as_edited(message(location=AT)), None),
    (as_edited(grouped(text="sửa")), None),
    (tap(message=message(text="?")["message"]), Tap("send")),
    (tap(message=grouped(text="?")["message"]), Tap("send")),
    (tap(message={"message_id": 1, "chat": PLACE, "date": 0}), Tap("send")),
    (tap(), None),
    (membership(PLACE, MEMBER, BANNED), Presence(here=False)),
    (membership(PLACE, BANNED, MEMBER), Presence(here=True)),
    (membership(GROUP, LEFT, MEMBER), Presence(here=True)),
    (membership(SUPERGROUP, MEMBER, BANNED), Presence(here=False)),
    (membership(GROUP, MEMBER, LEFT), Presence(here=False)),
    (membership(SUPERGROUP, MEMBER, MEMBER), None),
    (membership(CHANNEL, LEFT, MEMBER), None),
    (grouped(text="/hoso HB-7K3M2R"), Text("/hoso HB-7K3M2R")),
    (grouped(text="/hoso@Lang_Nghe_bot HB-7K3M2R"), Text("/hoso HB-7K3M2R")),
    (grouped(text="/hoso@another_bot HB-7K3M2R"), None),
    (grouped(text="chào", chat=SUPERGROUP), Text("chào")),
    (grouped(photo=[FILE | SIDES], caption="ngập"), Text("ngập")),
    (grouped(photo=[FILE | SIDES]), None),
    (grouped(sticker=STICKER), None),
    (grouped(location=AT), None),
    (grouped(contact=OWN), None),
    (grouped(new_chat_members=[US]), None),
    (grouped(migrate_to_chat_id=-1005), Moved("-1005")),
    (grouped(migrate_from_chat_id=-5, chat=SUPERGROUP), None),
    (grouped(text="tin", sender_chat=CHANNEL, is_automatic_forward=True), None),
    ({"update_id": 7, "channel_post": message(text="tin", chat=CHANNEL)["message"]}, None),
    ({"update_id": 7, "poll_answer": {"poll_id": "1", "option_ids": [], "user": PERSON}}, None),
]
"""What each update is read as, where the bot is `lang_nghe_bot`."""
