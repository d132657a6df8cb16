"""What a stored update says, and which ones cannot be read."""

import json
from typing import Any

import pytest

from bot.channels import raw
from bot.channels.channel import Read, Remote, RemoteFile, Unparsable
from bot.channels.telegram import read
from domain.messages import Text
from handlers.officer.groups import asked
from tests.channels.telegram_desk import FILE, PLACE, message
from tests.channels.telegram_updates import (
    ANONYMOUS,
    CHANNEL,
    GROUP,
    LEFT,
    MEMBER,
    SAID,
    SIDES,
    SUPERGROUP,
    US,
    as_edited,
    grouped,
    membership,
    tap,
)


@pytest.mark.parametrize(("update", "said"), SAID)
def test_each_kind_of_update_is_read(update: dict[str, Any], said: Read | None) -> None:
    """Words, files, places, numbers, edits and comings and goings; what asks for nothing is nothing."""
    assert read.said(update, "lang_nghe_bot") == said
    assert read.files(update) == isinstance(said, Remote)


def test_the_largest_of_a_photos_sizes_is_taken() -> None:
    """Telegram offers thumbnails too, in no order that it promises."""
    small, big = FILE | SIDES, {"file_id": "g", "file_unique_id": "v", "width": 1280, "height": 960}
    for sizes in ([small, big], [big, small]):
        assert read.said(message(photo=sizes)) == Remote((RemoteFile("g"),))


def test_until_its_name_is_known_every_command_is_ours() -> None:
    """A desk that has only just started would rather answer once too often."""
    assert read.said(grouped(text="/hoso@another_bot x")) == Text("/hoso x")


@pytest.mark.parametrize(
    ("written", "tied"), [("/nhom", True), ("/nhom@desk_bot", True), ("/group@desk_bot off", False)]
)
def test_a_chief_can_tie_a_group_by_what_it_is_told_to_write(written: str, tied: bool) -> None:
    """Without its slash it would be a word like any, and the group stay nobody's."""
    heard = read.said(grouped(text=written))
    assert isinstance(heard, Text)
    assert asked(heard.text) is tied
    assert asked("nhóm") is None


@pytest.mark.parametrize(
    ("update", "who"),
    [
        (message(text="x"), ""),
        (grouped(text="x"), "42"),
        (grouped(text="x", chat=SUPERGROUP), "42"),
        (tap(message=grouped(text="?")["message"] | {"from": US}), "42"),
        (tap(message=message(text="?")["message"]), ""),
        (membership(GROUP, LEFT, MEMBER), "42"),
        (grouped(**{"text": "x", "from": ANONYMOUS}, sender_chat=GROUP), "nobody:-5"),
        (tap(**{"from": ANONYMOUS}, message=grouped(text="?")["message"]), "nobody:-5"),
        (grouped(text="x", sender_chat=CHANNEL), "nobody:-5"),
        (message(text="x", chat=CHANNEL), ""),
    ],
)
def test_who_speaks_in_a_group_is_known_by_their_own_chat(update: dict[str, Any], who: str) -> None:
    """And who speaks in the name of a group or a channel by none: nobody can be written to there."""
    assert read.speaker(update) == who


def test_an_album_is_named_only_where_its_files_are_fetched() -> None:
    """Private files of an album say so; a group's are words, and an odd name is none."""
    photo: dict[str, Any] = {"photo": [FILE | SIDES], "media_group_id": "139"}
    assert read.album(message(**photo)) == "139"
    odd = [message(**photo | {"media_group_id": name}) for name in (5, "", "x" * 65, "\ud83d")]
    assert [read.album(update) for update in (*odd, grouped(**photo))] == [""] * 5


def test_a_message_can_be_named_to_be_marked_as_seen() -> None:
    """What a person wrote, or wrote anew, has a number; a tap is on our own message."""
    updates = [message(text="x"), as_edited(message(text="x")), grouped(text="x")]
    assert [read.message_id(update) for update in updates] == ["1", "1", "1"]
    odd = [tap(message=message(text="?")["message"]), message(message_id="x"), message(message_id=0), 5, {}]
    assert [read.message_id(update) for update in odd] == [""] * 5


@pytest.mark.parametrize(
    "body",
    [
        "{broken",
        [1],
        {"update_id": 7},
        {"update_id": 7, "something_of_next_year": {"id": 1}},
        {"update_id": 7, "message": {"message_id": 1}},
        {"update_id": 7, "message": 5},
        {"message": {}},
        message(text="x", chat=PLACE | {"id": "42"}),
        message(text="x") | {"edited_message": message(text="x")["message"]},
        message(text=5),
        message(photo=5),
        message(photo=[FILE | {"width": "wide", "height": 1}, FILE | SIDES]),
        message(document=FILE | {"file_size": "large"}),
        message(caption=[1], document=FILE),
        message(date=10**20, text="x"),
        message(text="x", chat=[]),
        message(location={"latitude": "21", "longitude": 105.8}),
        message(location={"latitude": 91.0, "longitude": 105.8}),
        message(location={"latitude": float("nan"), "longitude": 105.8}),
        grouped(migrate_to_chat_id="-1005"),
        membership(PLACE, MEMBER, {"status": "asleep"}),
        tap(message=message(text="?")["message"], data=5),
    ],
)
def test_what_breaks_the_contract_is_unparsable(body: Any) -> None:  # noqa: ANN401
    """A missing or mistyped field ends as a dead letter, not as a crash."""
    with pytest.raises(Unparsable):
        read.said(body)


def test_what_is_nested_too_deep_is_kept_as_text() -> None:
    """It can be read, but not written down again: it is a dead letter, not an end of all storing."""
    deep = message(text="x", of_next_year=json.loads("[" * 200 + "]" * 200))
    assert raw.storable(deep) == json.dumps(deep)
    assert raw.parse(json.dumps(deep).encode()) == json.dumps(deep)
