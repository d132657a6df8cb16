"""The emulated official account is as strict as it says: what the platform refuses, it refuses."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, ServerDisconnectedError

from tests.emulators.listener import listener
from tests.emulators.loopback import photo
from tests.emulators.telegram_contract import Drop, DropAfter
from tests.emulators.zalo_oa import ZaloOaServer
from tests.emulators.zalo_oa_contract import BUSY

TEXT = {"text": "Đã nhận phản ánh"}
SHOW = {"title": "Gửi phản ánh", "type": "oa.query.show", "payload": "#new"}


@pytest.fixture(name="oa")
async def _oa() -> AsyncIterator[ZaloOaServer]:
    async with ZaloOaServer() as server:
        yield server


async def tell(oa: ZaloOaServer, message: dict[str, Any], to: str = "u", kind: str = "cs") -> dict[str, Any]:
    """Send a message as the account; returns the answer."""
    body = {"recipient": {"user_id": to}, "message": message}
    return await post(oa, f"/v3.0/oa/message/{kind}", json=body)


async def post(oa: ZaloOaServer, path: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401 - aiohttp's
    """Call the account's API with its newest token; success or not, it is HTTP 200."""
    headers = {"access_token": oa.access_token}
    async with (
        ClientSession() as session,
        session.post(oa.url + path, headers=headers, **content) as response,
    ):
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


async def refresh(oa: ZaloOaServer, **form: str) -> dict[str, Any]:
    """Ask for a new pair of tokens."""
    form = {"app_id": oa.app_id, "grant_type": "refresh_token"} | form
    headers = {"secret_key": oa.app_secret}
    async with (
        ClientSession() as session,
        session.post(f"{oa.url}/v4/oa/access_token", data=form, headers=headers) as response,
    ):
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


async def upload(oa: ZaloOaServer, kind: str, name: str, content: bytes) -> dict[str, Any]:
    """Upload a file as the account."""
    form = FormData()
    form.add_field("file", BytesIO(content), filename=name)
    return await post(oa, f"/v2.0/oa/upload/{kind}", data=form)


# --- tokens ----------------------------------------------------------------------


async def test_a_refresh_token_works_once(oa: ZaloOaServer) -> None:
    """The second use is an error inside HTTP 200, which names no tokens; the new pair is good."""
    first = oa.refresh_token
    pair = await refresh(oa, refresh_token=first)
    assert pair["expires_in"] == "90000"
    assert (pair["access_token"], pair["refresh_token"]) == (oa.access_token, oa.refresh_token)
    again = await refresh(oa, refresh_token=first)
    assert again["error"] == -14014
    assert again["error_name"]
    assert "access_token" not in again
    assert "access_token" in await refresh(oa, refresh_token=oa.refresh_token)


async def test_a_refresh_whose_answer_is_lost_has_still_spent_the_token(oa: ZaloOaServer) -> None:
    """The connection breaks after the work was done: the old token is gone all the same."""
    first = oa.refresh_token
    oa.faults["access_token"].append(DropAfter)
    with pytest.raises(ServerDisconnectedError):
        await refresh(oa, refresh_token=first)
    assert (await refresh(oa, refresh_token=first))["error"] == -14014


async def test_a_consents_code_works_once_and_for_ten_minutes(oa: ZaloOaServer) -> None:
    """The first pair comes from a code."""
    code, late = oa.consent(), oa.consent()
    assert "refresh_token" in await refresh(oa, grant_type="authorization_code", code=code)
    assert (await refresh(oa, grant_type="authorization_code", code=code))["error"] == -14020
    oa.pass_time(timedelta(minutes=11))
    assert (await refresh(oa, grant_type="authorization_code", code=late))["error"] == -14020


async def test_an_access_token_dies_by_the_clock(oa: ZaloOaServer) -> None:
    """After 25 hours it is -216, until it is refreshed."""
    oa.user("u").say("chào")
    assert (await tell(oa, TEXT))["error"] == 0
    oa.pass_time(timedelta(hours=25, seconds=1))
    assert (await tell(oa, TEXT))["error"] == -216
    await refresh(oa, refresh_token=oa.refresh_token)
    assert (await tell(oa, TEXT))["error"] == 0


# --- messages --------------------------------------------------------------------


async def test_a_person_presses_the_buttons_they_were_sent(oa: ZaloOaServer) -> None:
    """A shown answer stands in the chat, a hidden one does not; both come as words."""
    person = oa.user("u")
    person.follow()
    hidden = {"title": "Ẩn", "type": "oa.query.hide", "payload": "v1:x"}
    call_us = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "842838222222"}}
    answer = await tell(oa, buttons(SHOW, hidden, call_us))
    assert answer["data"]["quota"]["quota_type"] == "reply"
    assert person.messages[-1].labels == ["Gửi phản ánh", "Ẩn", "Gọi"]
    person.click("Gửi phản ánh")
    person.click("Ẩn")
    assert person.click("Gọi") == "842838222222"
    assert [shown.text for shown in person.messages if shown.mine] == ["#new"]
    bodies = [json.loads(delivery.raw) for delivery in oa.lost[1:]]
    assert [(b["event_name"], b["message"]["text"]) for b in bodies] == [
        ("user_send_text", "#new"),
        ("user_send_text", "v1:x"),
    ]


async def test_a_low_tier_has_no_buttons(oa: ZaloOaServer) -> None:
    """Buttons are -224 there, words are not; that is no breach of the contract."""
    oa.user("u").say("chào")
    oa.tier = "basic"
    assert (await tell(oa, buttons(SHOW)))["error"] == -224
    assert (await tell(oa, TEXT))["error"] == 0
    assert oa.refused == []
    assert oa.user("u").texts == ["Đã nhận phản ánh"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": "đ" * 2001}, -210),
        ({"text": "🙂" * 1001}, -210),
        ({"text": " "}, -201),
        ({"text": "a", "parse_mode": "HTML"}, -201),
        ({"text": "a", "attachment": {"type": "image", "payload": {}}}, -201),
        ({"attachment": {"type": "template", "payload": {"buttons": [SHOW]}}}, -201),
        ({"text": "a", "attachment": {"type": "file", "payload": {"token": "t"}}}, -201),
    ],
)
async def test_a_body_outside_the_contract_is_refused(
    oa: ZaloOaServer, message: dict[str, Any], code: int
) -> None:
    """Too long, empty, unknown or unfit: the refusal is noted, and nothing is shown."""
    oa.user("u").say("chào")
    assert (await tell(oa, message))["error"] == code
    assert len(oa.refused) == 1
    assert oa.user("u").texts == []


@pytest.mark.parametrize(
    "wrong",
    [
        [SHOW] * 6,
        [SHOW | {"title": "đ" * 101}],
        [SHOW | {"payload": "x" * 1001}],
        [SHOW | {"type": "oa.open.url"}],
        [SHOW | {"type": "postback"}],
    ],
)
async def test_buttons_have_limits(oa: ZaloOaServer, wrong: list[dict[str, Any]]) -> None:
    """Five, a title of 100 characters, a payload of 1000 or of the type's own shape."""
    oa.user("u").say("chào")
    assert (await tell(oa, buttons(*wrong)))["error"] == -201
    assert len(oa.refused) == 1


async def test_files_must_have_been_uploaded_here(oa: ZaloOaServer) -> None:
    """An image goes by the id, a file by the token its upload gave, and by no other."""
    person = oa.user("u")
    person.say("chào")
    number = (await upload(oa, "image", "a.jpg", photo()))["data"]["attachment_id"]
    token = (await upload(oa, "file", "a.pdf", b"%PDF-1.7"))["data"]["token"]
    assert (await tell(oa, media(number)))["error"] == 0
    assert person.messages[-1].images == [photo()]
    file = {"attachment": {"type": "file", "payload": {"token": token}}}
    assert (await tell(oa, file))["error"] == 0
    assert person.messages[-1].files == {"a.pdf": b"%PDF-1.7"}
    assert (await tell(oa, media(token)))["error"] == -201
    oa.file_key = "attachment_id"
    assert (await tell(oa, file))["error"] == -201


async def test_uploads_have_limits(oa: ZaloOaServer) -> None:
    """A megabyte of JPEG or PNG, whatever the name says."""
    assert (await upload(oa, "image", "a.jpg", photo() + bytes(1024 * 1024)))["error"] == -210
    assert (await upload(oa, "image", "a.jpg", b"<html>"))["error"] == -201
    assert (await upload(oa, "file", "a.exe", b"MZ"))["error"] == -201
    assert len(oa.refused) == 3


async def test_the_window_narrows_and_closes(oa: ZaloOaServer) -> None:
    """Eight free replies in 48 hours, then the account's quota, then nothing until the person acts again."""
    person = oa.user("u")
    assert (await tell(oa, TEXT))["error"] == 12007
    assert (await tell(oa, TEXT, to="nobody"))["error"] == 12009
    person.say("chào")
    kinds = [(await tell(oa, TEXT))["data"]["quota"]["quota_type"] for _ in range(9)]
    assert kinds == ["reply"] * 8 + ["sub_quota"]
    oa.quota["sub_quota"] = 0
    assert (await tell(oa, TEXT))["error"] == 12000
    oa.quota["purchase_quota"] = 1
    person.say("còn đây")
    oa.pass_time(timedelta(days=3))
    await refresh(oa, refresh_token=oa.refresh_token)
    assert (await tell(oa, TEXT))["data"]["quota"]["quota_type"] == "purchase_quota"
    oa.pass_time(timedelta(days=4, minutes=1))
    await refresh(oa, refresh_token=oa.refresh_token)
    assert (await tell(oa, TEXT))["error"] == 12007
    person.say("còn đây")
    assert (await tell(oa, TEXT))["data"]["quota"]["remain"] == "7"
    person.unfollow()
    assert (await tell(oa, TEXT))["error"] == 12008


async def test_particulars_are_given_only_when_asked_for(oa: ZaloOaServer) -> None:
    """The card shows its words; what the person fills in comes as an event of its own."""
    person = oa.user("u")
    person.say("chào")
    with pytest.raises(AssertionError, match="asked"):
        person.submit_info("Hoa", "84987654321")
    card = {"title": "Xin số", "subtitle": "Để báo tin", "image_url": "https://vi.example/logo.png"}
    assert (await tell(oa, asks(card | {"image_url": "logo.png"})))["error"] == -201
    assert (await tell(oa, asks(card)))["error"] == 0
    assert person.texts == ["Xin số\nĐể báo tin"]
    person.submit_info("Hoa", "84987654321", ward="Phường 1")
    info = json.loads(oa.lost[-1].raw)["info"]
    assert info == {"name": "Hoa", "phone": "84987654321", "ward": "Phường 1"}


async def test_a_transaction_pays_and_needs_no_window(oa: ZaloOaServer) -> None:
    """It goes to who has been silent, from the account's quota, which can be asked for."""
    person = oa.user("u")
    table = {"type": "table", "content": [{"key": "Mã", "value": "PA-1"}]}
    payload = {
        "template_type": "transaction_order",
        "elements": [{"type": "header", "content": "Tin"}, table],
    }
    message = {"attachment": {"type": "template", "payload": payload}}
    assert (await tell(oa, message))["error"] == -201
    answer = await tell(oa, message, kind="transaction")
    assert answer["data"]["quota"]["remain"] == "499"
    assert person.texts == ["Tin\nMã: PA-1\n"]
    rows = (await post(oa, "/v3.0/oa/quota/message", json={"user_id": "u"}))["data"]
    assert [(row["quota_type"], row["remain"]) for row in rows][:2] == [("reply", "0"), ("sub_quota", "499")]


async def test_a_group_hears_and_speaks(oa: ZaloOaServer) -> None:
    """Its events name the group as the recipient; what the account says comes back as an echo if told to."""
    group = oa.group("g")
    oa.id_key, oa.echoes = "mid", True
    number = group.say(oa.user("u"), "họp lúc 9 giờ")
    body = {"recipient": {"group_id": "g"}, "message": TEXT}
    assert (await post(oa, "/v3.0/oa/group/message", json=body))["data"]["group_id"] == "g"
    assert group.texts == ["Đã nhận phản ánh"]
    heard, echo = (json.loads(lost.raw) for lost in oa.lost)
    assert (heard["event_name"], heard["recipient"]["id"]) == ("user_send_group_text", "g")
    assert heard["message"]["mid"] == number
    assert (echo["event_name"], echo["sender"]["id"]) == ("oa_send_group_text", oa.oa_id)


async def test_a_notice_by_phone_is_checked_whole(oa: ZaloOaServer) -> None:
    """Number, template, each parameter, the tracking id once, and the hours it may come."""
    oa.templates["t"] = {"ma", "han"}
    good: dict[str, Any] = {"phone": "84987654321", "template_id": "t", "tracking_id": "o1"}
    good["template_data"] = {"ma": "PA-1", "han": "30/11"}

    async def send(**other: object) -> int:
        return int((await post(oa, "/message/template", json=good | other))["error"])

    assert await send(phone="0987654321") == -108
    assert await send(template_id="x") == -109
    assert await send(template_data={"ma": "PA-1"}) == -112
    assert await send(tracking_id="x" * 49) == -132
    assert await send() == 0
    assert await send() == -132
    oa.no_account.add("84900000000")
    assert await send(phone="84900000000", tracking_id="o2") == -118
    oa.pass_time(timedelta(hours=12))
    assert await send(tracking_id="o3") == -133
    assert oa.zns == [good]


async def test_what_is_put_down_to_happen_happens_once(oa: ZaloOaServer) -> None:
    """An error, a page of a proxy, a broken line: each for one call."""
    oa.user("u").say("chào")
    oa.faults["cs"].extend([BUSY, Drop])
    assert (await tell(oa, TEXT))["error"] == -32
    with pytest.raises(ServerDisconnectedError):
        await tell(oa, TEXT)
    assert oa.user("u").texts == []
    assert (await tell(oa, TEXT))["error"] == 0


# --- webhook ---------------------------------------------------------------------


async def test_events_are_signed_and_brought_three_times(oa: ZaloOaServer) -> None:
    """Each try has the same bytes, timestamp and signature: a plain SHA-256 over all four."""
    async with listener(500, 503) as (url, came):
        oa.hook = url
        oa.user("u").say("Ổ gà trước cổng trường")
        await oa.settled()
    assert len(came) == 3
    headers, raw = came[0]
    assert {body for _, body in came} == {raw}
    body = json.loads(raw)
    together = oa.app_id + raw.decode() + body["timestamp"] + oa.oa_secret
    assert headers["X-ZEvent-Signature"] == "mac=" + hashlib.sha256(together.encode()).hexdigest()
    assert oa.deliveries[0].statuses == [500, 503, 200]


async def test_a_webhook_that_never_takes_anything_is_switched_off(oa: ZaloOaServer) -> None:
    """After so many events nothing more comes."""
    async with listener(*[500] * 9) as (url, came):
        oa.hook, oa.tolerance = url, 2
        for word in "một", "hai", "ba":
            oa.user("u").say(word)
            await oa.settled()
    assert len(came) == 6
    assert oa.disabled
    assert len(oa.lost) == 3


async def test_a_place_is_spelled_in_two_ways(oa: ZaloOaServer) -> None:
    """As lat and long, or as latitude and longitude, also as strings."""
    oa.user("u").location(10.5, 106.25)
    oa.user("u").location(10.5, 106.25, spelling="latitude", strings=True)
    found = [json.loads(lost.raw)["message"]["attachments"][0]["payload"]["coordinates"] for lost in oa.lost]
    assert found == [{"lat": 10.5, "long": 106.25}, {"latitude": "10.5", "longitude": "106.25"}]


def buttons(*given: dict[str, Any]) -> dict[str, Any]:
    """Write a message with buttons."""
    return {"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": [*given]}}}


def media(number: str) -> dict[str, Any]:
    """Write a message with an image."""
    element = {"media_type": "image", "attachment_id": number}
    return {"attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}}}


def asks(card: dict[str, str]) -> dict[str, Any]:
    """Write a message that asks for a person's particulars."""
    payload = {"template_type": "request_user_info", "elements": [card]}
    return {"attachment": {"type": "template", "payload": payload}}
