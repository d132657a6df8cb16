"""What a stored update says, and which ones cannot be read."""

from typing import Any

import pytest

from bot.channels.channel import Unparsable
from domain.messages import Said, Tap, Text, Unsupported
from tests.channels.telegram_desk import FILE, PERSON, Open, message

GROUP = {"id": -5, "type": "group", "title": "Tổ 3"}


def tap(**content: object) -> dict[str, Any]:
    """Write an update with a tap on a button."""
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "send"}
    return {"update_id": 7, "callback_query": query | content}


@pytest.mark.parametrize(
    ("update", "said"),
    [
        (message(text="cống tắc"), Text("cống tắc")),
        (message(text="/start"), Text("start")),
        (message(text="/start i_Ab-9"), Text("i_Ab-9")),
        (message(text="/menu"), Text("menu")),
        (message(text="/menu@lang_nghe_bot"), Text("menu")),
        (message(text="/hoso HB-7K3M2R"), Text("hoso HB-7K3M2R")),
        (message(text="/ngõ 5 bị ngập"), Text("/ngõ 5 bị ngập")),
        (message(photo=[FILE | {"width": 1, "height": 1}]), Unsupported("photo")),
        (message(photo=[FILE | {"width": 1, "height": 1}], caption="ngập"), Text("ngập")),
        (message(voice=FILE | {"duration": 1}), Unsupported("audio")),
        (message(audio=FILE | {"duration": 1}), Unsupported("audio")),
        (message(video=FILE | {"duration": 1, "width": 1, "height": 1}), Unsupported("video")),
        (message(video_note=FILE | {"duration": 1, "length": 1}), Unsupported("video")),
        (
            message(animation=FILE | {"duration": 1, "width": 1, "height": 1}, document=FILE),
            Unsupported("video"),
        ),
        (message(document=FILE), Unsupported("file")),
        (
            message(
                sticker=FILE
                | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
            ),
            Unsupported("sticker"),
        ),
        (message(location={"latitude": 21.0, "longitude": 105.8}), Unsupported("location")),
        (message(contact={"phone_number": "1", "first_name": "Hoa"}), Unsupported("contact")),
        (message(dice={"emoji": "🎲", "value": 3}), Unsupported("other")),
        (message(new_chat_title="x"), None),
        (message(text="hi", chat=GROUP), None),
        ({"update_id": 7, "edited_message": message(text="sửa")["message"]}, None),
        ({"update_id": 7, "something_of_next_year": {"id": 1}}, None),
        (tap(message=message(text="?")["message"]), Tap("send")),
        (tap(message=message(text="?", chat=GROUP)["message"]), None),
        (tap(), None),
    ],
)
def test_each_kind_of_update_is_read(update: dict[str, Any], said: Said | None, open_telegram: Open) -> None:
    """Words are text, commands lose their slash, the rest is named for what it is or asks for nothing."""
    assert open_telegram().normalize(update) == said


@pytest.mark.parametrize(
    "body",
    [
        "{broken",
        [1],
        {"update_id": 7, "message": {"message_id": 1}},
        {"update_id": 7, "message": 5},
        {"message": {}},
        message(text=5),
        message(photo=5),
        message(date=10**20, text="x"),
        message(text="x", chat=[]),
    ],
)
def test_what_breaks_the_contract_is_unparsable(body: Any, open_telegram: Open) -> None:  # noqa: ANN401
    """A missing or mistyped field ends as a dead letter, not as a crash."""
    with pytest.raises(Unparsable):
        open_telegram().normalize(body)
