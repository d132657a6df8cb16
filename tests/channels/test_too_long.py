"""Words that are too long are refused whatever platform brought them, as a message, an edit or a caption."""

from typing import Any

import pytest

from bot.channels.channel import Read, Remote
from bot.channels.telegram import read as telegram
from bot.channels.webchat import WebChat
from bot.channels.zalo_bot import read as zalo_bot
from bot.channels.zalo_oa import read as zalo_oa
from bot.worker import _one_bubble, _with_files
from domain.messages import MOST_LETTERS, Files, Incoming, Said, Unsupported, within_bounds
from storage.mail.inbox import Stored
from storage.store.engine import Store
from tests.conftest import MONDAY

LONG = "một hai ba " * 800
REFUSED = Unsupported("too_long", LONG[:MOST_LETTERS])


def update(kind: str = "message", **content: Any) -> dict[str, Any]:  # noqa: ANN401 - Telegram's own JSON
    """Make one of Telegram's updates."""
    who = {"id": 42, "is_bot": False, "first_name": "An"}
    chat = {"id": 42, "type": "private", "first_name": "An"}
    return {"update_id": 1, kind: {"message_id": 1, "date": 1, "chat": chat, "from": who} | content}


def bot_event(kind: str, **content: str) -> dict[str, Any]:
    """Make an event of a Zalo Bot's."""
    message = {"message_id": "m1", "chat": {"id": "c1", "chat_type": "PRIVATE"}, "from": {"id": "c1"}}
    return {"event_name": kind, "message": message | content}


def oa_event(kind: str, **message: Any) -> dict[str, Any]:  # noqa: ANN401 - Zalo's own JSON
    """Make an event of an Official Account's."""
    return {"event_name": kind, "sender": {"id": "1"}, "recipient": {"id": "2"}, "message": message}


PHOTO = {"file_id": "f1", "file_unique_id": "u1", "width": 9, "height": 9}
READ: dict[str, Read | None] = {
    "telegram": telegram.said(update(text=LONG)),
    "telegram edit": telegram.said(update("edited_message", edit_date=2, text=LONG)),
    "telegram caption": telegram.said(update(photo=[PHOTO], caption=LONG)),
    "telegram edited caption": telegram.said(
        update("edited_message", edit_date=2, photo=[PHOTO], caption=LONG)
    ),
    "zalo bot": zalo_bot.said(bot_event("message.text.received", text=LONG)),
    "zalo bot caption": zalo_bot.said(
        bot_event("message.image.received", photo_url="https://a.vn/1.jpg", caption=LONG)
    ),
    "zalo oa": zalo_oa.said(oa_event("user_send_text", msg_id="1", text=LONG)),
    "zalo oa caption": zalo_oa.said(
        oa_event(
            "user_send_image",
            msg_id="1",
            text=LONG,
            attachments=[{"type": "image", "payload": {"url": "https://a.vn/1.jpg"}}],
        )
    ),
}


def came(read: Read | None) -> Incoming:
    """Return what the worker makes of it, its files fetched."""
    assert read is not None
    stored = Stored("a", "m1", "lane", {"files": [{"refused": "upload.lost"}]}, 0, MONDAY)
    said: Said = _with_files(read, stored) if isinstance(read, Remote) else read
    return Incoming("a", "lane", "somebody", "m1", MONDAY, said)


@pytest.mark.parametrize("name", READ)
def test_no_platform_brings_more_words_than_are_taken(name: str) -> None:
    """Files are kept, words are refused; nothing is taken by halves."""
    *files, refused = within_bounds(came(READ[name]))
    assert refused.said == REFUSED
    assert bool(files) is ("caption" in name and "edited" not in name)
    assert all(isinstance(one.said, Files) and not one.said.caption for one in files)


def test_the_web_chat_and_an_album_have_the_same_bound(sqlite_store: Store) -> None:
    """Words that fit under each of ten photos may be too many under all of them."""
    web = WebChat(sqlite_store, "", 1).normalize({"text": LONG})
    assert [one.said for one in within_bounds(came(web))] == [REFUSED]
    album = [Incoming("a", "l", "s", f"m{n}", MONDAY, Files((), "x" * 1000)) for n in range(10)]
    (whole,) = _one_bubble(album)
    kept, refused = within_bounds(whole)
    assert kept.said == Files(())
    assert isinstance(refused.said, Unsupported)
