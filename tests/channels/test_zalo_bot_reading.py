"""A Zalo Bot's events: what they say, and that nothing a network can bring confuses who reads them."""

import json
import random
from typing import Any

import pytest

from bot.channels import raw
from bot.channels.channel import Remote, RemoteFile, Unparsable
from bot.channels.zalo_bot import read
from domain.messages import Text, Unsupported
from storage.mail.inbox import Arrived
from tests.channels.mutants import mutants
from tests.channels.mutants import raw as written

HOA = {"id": "6ede9afa66b88fe6d6a9", "display_name": "Hoa", "is_bot": False}


def event(kind: str, chat: str = "6ede9afa66b88fe6d6a9", place: str = "PRIVATE", **what: object) -> Any:  # noqa: ANN401 - JSON
    """Write an event as the platform does."""
    message = {
        "from": HOA,
        "chat": {"id": chat, "chat_type": place},
        "message_id": "m1",
        "date": 1_750_316_131,
    }
    return {"message": message | what, "event_name": f"message.{kind}.received"}


SEEDS = [
    event("text", text="Xin chào"),
    {"ok": True, "result": event("text", text="Xin chào")},
    event("image", photo_url="https://f1.zdn.vn/a.jpg", caption="hố ga"),
    event("sticker", sticker="21979"),
    event("unsupported"),
    event("text", "g", "GROUP", text="@Bot Lang Nghe tra cuu"),
]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (SEEDS[0], Text("Xin chào")),
        (SEEDS[1], Text("Xin chào")),
        (SEEDS[2], Remote((RemoteFile("https://f1.zdn.vn/a.jpg"),), "hố ga")),
        (event("image", photo_url="https://a/b"), Remote((RemoteFile("https://a/b"),))),
        (SEEDS[3], Unsupported("sticker")),
        (SEEDS[4], Unsupported("untold")),
        (event("voice"), Unsupported("untold")),
        (event("voice", "g", "GROUP"), None),
        (event("text", text="  "), None),
        (event("text", text="a", **{"from": {"id": "b", "is_bot": True}}), None),
        (SEEDS[5], Text("tra cuu")),
        (event("text", "g", "GROUP", text="tra cuu @bot.LangNghe"), Text("tra cuu")),
        (event("text", "g", "GROUP", text="@Bot Lang Nghean tra cuu"), Text("@Bot Lang Nghean tra cuu")),
        (event("image", "g", "GROUP", photo_url="https://a/b"), None),
        (event("sticker", "g", "GROUP"), None),
    ],
)
def test_each_event_says_its_thing(body: object, said: object) -> None:
    """Words, photos, and what bots are not told of; in a group words alone, without the mention."""
    assert read.said(body, ("Bot Lang Nghe", "bot.LangNghe")) == said


@pytest.mark.parametrize(
    "body",
    [
        None,
        "not JSON",
        {},
        {"ok": True, "result": []},
        event("text") | {"event_name": "message.edited"},
        event("text"),
        event("text", text=7),
        event("image", caption="a"),
        event("text", text="a", chat={}),
        event("text", text="a", chat={"id": {}}),
    ],
)
def test_what_is_no_event_is_a_dead_letter(body: object) -> None:
    """Whatever else comes."""
    with pytest.raises(Unparsable):
        read.said(body)


def test_what_is_stored_of_an_event() -> None:
    """Its own id, its chat, who spoke in a group, and whether a photo must be fetched."""
    hoa = HOA["id"]
    assert read.arrived("zalo-bot", SEEDS[1]) == Arrived("zalo-bot", "m1", hoa, SEEDS[1])
    assert read.arrived("a", SEEDS[2]) == Arrived("a", "m1", hoa, SEEDS[2], files=True, album=read.PHOTOS)
    assert read.arrived("a", SEEDS[5]) == Arrived("a", "m1", "g", SEEDS[5], speaker=hoa)
    nameless = event("text", "g", "GROUP", text="a", **{"from": None})
    assert read.arrived("a", nameless).speaker == "nobody"
    photo_in_group = event("image", "g", "GROUP", photo_url="https://a/b")
    assert not read.arrived("a", photo_in_group).files


def test_an_event_without_an_id_has_the_same_one_each_time_it_comes() -> None:
    """Wrapped or bare, by webhook or by poll."""
    bare = event("text", text="a", message_id=None)
    ids = {read.arrived("a", body).external_id for body in (bare, {"ok": True, "result": bare})}
    assert len(ids) == 1
    assert ids != {read.arrived("a", event("text", text="b", message_id=None)).external_id}


def test_half_a_surrogate_pair_costs_nobody_their_message() -> None:
    """No database can write it down: it becomes a question mark, and the rest is read."""
    assert raw.storable(json.loads('{"text": "a \\ud800"}')) == {"text": "a ?"}
    assert raw.storable(SEEDS[0]) == SEEDS[0]


def test_ten_thousand_mutants_are_read_or_refused() -> None:
    """Nothing but Unparsable ever comes of a body, and all of it can be stored."""
    dice = random.Random(7)
    for mutant in mutants(SEEDS, 10_000, seed=3):
        body = raw.parse(written(mutant, dice))
        stored = read.arrived("zalo-bot", body)
        assert len(stored.external_id) <= 64
        assert stored.address
        json.dumps(stored.stored(), ensure_ascii=False).encode()
        try:
            read.said(body, ("Bot Lang Nghe",))
        except Unparsable:
            continue
