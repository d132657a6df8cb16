"""How what people do on the Official Account is read, and how files come here."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from aiohttp import ClientError

from bot.channels.channel import NotThere, Remote, RemoteFile, TooBig, Unparsable
from bot.channels.raw import parse
from bot.channels.zalo_oa import read
from bot.channels.zalo_oa.channel import ZaloOa
from bot.channels.zalo_oa.write import TAP
from domain.messages import Contact, Location, Presence, Tap, Text, Unsupported
from storage.store.engine import Store
from tests.channels.mutants import mutants, raw
from tests.channels.telegram_desk import Serve, ingest_into
from tests.channels.zalo_oa_desk import YES, OpenOa, delivery, inbox_of, keys, send
from tests.emulators.loopback import Huge, photo
from tests.emulators.telegram_contract import DropAfter, Page
from tests.emulators.zalo_oa import ZaloOaServer


@pytest.fixture
async def channel(oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, serve: Serve) -> ZaloOa:
    """Serve the webhook; the emulator calls it, and what comes is stored."""
    opened = open_oa(sqlite_store)
    oa.hook = f"{await serve(opened, ingest_into(sqlite_store))}/zalo-oa"  # type: ignore[arg-type]
    return opened


async def heard(oa: ZaloOaServer, channel: ZaloOa, store: Store) -> list[object]:
    """Return what was said, as the desk reads it."""
    await oa.settled()
    return [channel.normalize(stored.body["raw"]) for stored in await inbox_of(store)]


async def test_everything_a_person_can_do_is_read(
    oa: ZaloOaServer, channel: ZaloOa, sqlite_store: Store
) -> None:
    """One of each."""
    hoa = oa.user("hoa")
    hoa.follow()
    hoa.say("Cống tắc")
    hoa.sticker()
    hoa.link("https://xa.example/tin", "Thông báo cắt nước")
    hoa.business_card("84912345678")
    hoa.location(21.5, 105.25)
    hoa.unfollow()
    assert await heard(oa, channel, sqlite_store) == [
        Presence(here=True),
        Text("Cống tắc"),
        Unsupported("sticker"),
        Text("https://xa.example/tin\nThông báo cắt nước"),
        Contact("84912345678"),
        Location(21.5, 105.25),
        Presence(here=False),
    ]


async def test_only_the_number_of_a_form_is_kept_and_nobody_vouches_for_it(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, serve: Serve
) -> None:
    """A name and an address stand there too."""
    asking = open_oa(sqlite_store, public_url="https://desk.example")
    oa.hook = f"{await serve(asking, ingest_into(sqlite_store))}/zalo-oa"  # type: ignore[arg-type]
    hoa = oa.user("hoa")
    hoa.follow()
    await send(asking, delivery("Bà con cho xin số ạ.", wants="contact"))
    hoa.submit_info("Nguyễn Thị Hoa", "84912345678", ward="Xã An Bình")
    assert (await heard(oa, asking, sqlite_store))[1] == Contact("84912345678", own=False)


@pytest.mark.parametrize("event", ["user_send_text", "user_click_button"])
async def test_a_button_comes_back_as_a_tap(
    oa: ZaloOaServer, channel: ZaloOa, sqlite_store: Store, event: str
) -> None:
    """As words that are not shown; whichever event brings them."""
    oa.hidden_event = event
    hoa = oa.user("hoa")
    hoa.follow()
    await send(channel, delivery("Gửi chứ?", [YES]))
    hoa.click("Đúng, gửi đi")
    assert (await heard(oa, channel, sqlite_store))[1] == Tap("pick:1:yes")
    assert hoa.messages[-1].text == "Gửi chứ?"


@pytest.mark.parametrize(
    "typed", ["#thon3 cống tắc", "#1", "#PA-2026-0001", TAP, f"{TAP} yes", f"x {TAP}yes", f"{TAP}yes ạ"]
)
def test_what_people_type_is_no_tap(typed: str) -> None:
    """Only exactly what a button carries is one."""
    assert read.said({"event_name": "user_send_text", "message": {"text": typed}}) == Text(typed)


async def test_files_come_with_their_words(oa: ZaloOaServer, channel: ZaloOa, sqlite_store: Store) -> None:
    """All that one message holds; they are fetched before it is handled, photos of one sender together."""
    hoa = oa.user("hoa")
    hoa.image(photo(), photo("PNG"), text="con này hỏng")
    hoa.file(b"%PDF-1.7", "đơn.pdf", text="đơn kiến nghị")
    hoa.audio()
    hoa.video()
    hoa.gif()
    photos, paper, *others = await heard(oa, channel, sqlite_store)
    assert isinstance(photos, Remote)
    assert (len(photos.files), photos.caption) == (2, "con này hỏng")
    assert isinstance(paper, Remote)
    assert (paper.files[0].name, paper.files[0].size, paper.caption) == ("đơn.pdf", 8, "đơn kiến nghị")
    assert [type(one) for one in others] == [Remote] * 3
    stored = await inbox_of(sqlite_store)
    assert all(one.fetch_at is not None for one in stored)
    assert [bool(one.body.get("album")) for one in stored] == [True, False, False, False, False]
    assert await channel.fetch(paper.files[0], 100) == b"%PDF-1.7"
    assert await channel.fetch(photos.files[1], 10_000) == photo("PNG")


async def test_photos_of_two_people_in_a_group_are_two_albums(channel: ZaloOa) -> None:
    """They share a lane, but not a bubble."""
    albums = {
        read.arrived("zalo-oa", _group_photo(who)).album  # one constant for each who sends
        for who in ("hoa", "hoa", "hue")
    }
    assert len(albums) == 2
    assert isinstance(channel.normalize(_group_photo("hoa")), Remote)


def _group_photo(who: str) -> dict[str, Any]:
    message = {"msg_id": "1", "attachments": [{"payload": {"url": "https://f1.zdn.vn/i.jpg"}}]}
    ends = {"sender": {"id": who}, "recipient": {"id": "thon-3"}}
    return {"event_name": "user_send_group_image", "message": message} | ends


# --- files that do not come ------------------------------------------------------------------------


async def test_a_file_that_is_too_large_is_let_go_while_it_comes(oa: ZaloOaServer, channel: ZaloOa) -> None:
    """No header said how large it is."""
    file = RemoteFile(oa.keep(photo(), "image/jpeg", "a.jpg"))
    oa.faults["cdn"].append(Huge(500_000))
    with pytest.raises(TooBig):
        await channel.fetch(file, 100_000)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Page(404, ""), NotThere),
        (Page(403, ""), NotThere),
        (Page(502, ""), ClientError),
        (DropAfter, ClientError),  # twice: a download is begun once more by itself
        (Page(302, "", "http://169.254.169.254/latest/meta-data"), NotThere),
        (Page(302, "", "/cdn/nothing"), NotThere),
    ],
)
async def test_what_may_pass_is_tried_again_and_the_rest_is_lost(
    oa: ZaloOaServer, channel: ZaloOa, fault: object, error: type[Exception]
) -> None:
    """A redirect is followed only to where such files lie."""
    file = RemoteFile(oa.keep(bytes(500_000), "image/jpeg", "a.jpg"))
    oa.faults["cdn"] += [fault] * (2 if fault is DropAfter else 1)
    with pytest.raises(error):
        await channel.fetch(file, 1_000_000)


async def test_redirects_end(oa: ZaloOaServer, channel: ZaloOa) -> None:
    """A file that is sent on and on is not there."""
    url = oa.keep(photo(), "image/jpeg", "a.jpg")
    oa.faults["cdn"].append(Page(302, "", url))
    assert await channel.fetch(RemoteFile(url), 10_000) == photo()
    oa.faults["cdn"] += [Page(302, "", url)] * 9
    with pytest.raises(NotThere):
        await channel.fetch(RemoteFile(url), 10_000)
    oa.faults["cdn"].clear()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:5432/",
        "http://169.254.169.254/latest",
        "http://[::1]/x",
        "http://localhost/x",
        "https://zdn.vn.example.com/x",
        "https://evilzdn.vn/x",
        "https://f1.zdn.vn@10.0.0.1/x",
        "ftp://f1.zdn.vn/x",
        "file:///etc/passwd",
        "//f1.zdn.vn/x",
        "https://[broken/x",
        "",
    ],
)
async def test_a_message_never_makes_us_call_our_own_network(
    oa: ZaloOaServer, sqlite_store: Store, address: str
) -> None:
    """Only Zalo's hosts are asked, by name."""
    real = ZaloOa(replace(keys(oa), api_url=""), sqlite_store)
    with pytest.raises(NotThere):
        await real.fetch(RemoteFile(address), 1000)
    await real.close()


# --- what makes no sense -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "event",
    [
        "not JSON",
        [],
        {},
        {"event_name": 7},
        {"event_name": "user_does_something_new"},
        {"event_name": "user_send_text"},
        {"event_name": "user_send_text", "message": {"text": 7}},
        {"event_name": "user_send_image", "message": {"attachments": []}},
        {"event_name": "user_send_image", "message": {"attachments": [{"payload": {"url": 7}}]}},
        {"event_name": "user_send_location", "message": {"attachments": [{"payload": {}}]}},
        {
            "event_name": "user_send_location",
            "message": {"attachments": [{"payload": {"coordinates": {"lat": "nan", "long": 1}}}]},
        },
        {"event_name": "user_send_group_text", "message": {"text": "x"}, "sender": {"id": "hoa"}},
    ],
)
def test_what_cannot_be_read_is_a_dead_letter(event: object) -> None:
    """It is stored like all else, under an id of its own."""
    with pytest.raises(Unparsable):
        read.said(event)
    assert len(read.arrived("zalo-oa", event).external_id) == 64


@pytest.mark.parametrize("body", [b"{", b"\xff", b'"\\ud800"', b"[" * 900 + b"]" * 900, b"[" * 99_999])
def test_what_no_database_could_keep_is_kept_as_its_text(body: bytes) -> None:
    """Half a sign, or lists in lists: it is a dead letter all the same, not a call that fails for ever."""
    event = parse(body)
    assert isinstance(event, str)
    json.dumps(read.arrived("zalo-oa", event).stored(), ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["user_send_poll", "user_send_group_poll"])
def test_what_zalo_has_only_had_lately_is_answered(name: str) -> None:
    """Somebody sent something: they hear that it is not read, and there is no dead letter."""
    event = {"event_name": name, "sender": {"id": "hoa"}, "recipient": {"id": "oa"}}
    assert read.said(event) == Unsupported("other")


@pytest.mark.parametrize(
    "name",
    [
        *("add_user_to_tag", "remove_user_from_tag", "user_feedback", "user_call_oa", "shop_has_order"),
        *("change_oa_daily_quota", "change_template_status", "event_journey_time_out", "update_group_info"),
    ],
)
def test_what_is_the_accounts_own_asks_for_nothing(name: str) -> None:
    """Tags, quotas, templates, calls, orders: whoever runs the account sees them at Zalo."""
    event = {"event_name": name, "sender": {"id": "hoa"}, "oa_id": "oa"}
    assert (read.said(event), read.beside(event)) == (None, True)


def test_a_form_or_a_card_without_a_number_is_answered() -> None:
    """The person did something and hears what to do instead."""
    card = {"event_name": "user_send_business_card", "message": {"attachments": [{"payload": {}}]}}
    assert read.said(card) == Unsupported("contact")
    assert read.said({"event_name": "user_submit_info", "info": {"name": "Hoa"}}) == Unsupported("contact")


def test_ten_thousand_mutated_events_are_read_or_dead_letters() -> None:
    """Nothing but Unparsable ever comes of them, and what is stored fits where it is stored."""
    dice, dead = Random(22), 0
    for mutant in mutants(_samples(), 10_000, seed=22):
        stored = read.arrived("zalo-oa", parse(raw(mutant, dice)))
        assert len(stored.external_id) <= 64
        assert 0 < len(stored.address) <= 64
        json.dumps(stored.stored(), ensure_ascii=False).encode()
        try:
            read.said(stored.body)
        except Unparsable:
            dead += 1
    assert 1000 < dead < 9000


def _samples() -> list[dict[str, Any]]:
    card = json.dumps({"phone": "84912345678"})
    payload = {"url": "https://f1.zdn.vn/a", "coordinates": {"lat": 1, "long": "2"}, "description": card}
    attachments = [{"type": "x", "payload": payload}]
    message = {"msg_id": "1", "text": f"{TAP}back", "attachments": attachments}
    more = {"message": message, "info": {"phone": "0912345678"}, "follower": {"id": "hoa"}}
    ends = {"sender": {"id": "hoa"}, "recipient": {"id": "oa"}, "timestamp": "1"}
    names = [*read._EVENTS, "user_send_group_text", "oa_send_text", "user_seen_message", "new"]
    return [ends | more | {"event_name": name} for name in names]


SEEDS = _samples()
