"""One can play the people of the emulated Zalo by hand."""

import json
from typing import Any

from aiohttp import ClientSession, FormData

from tests.emulators.listener import listener
from tests.emulators.loopback import photo
from tests.emulators.zalo_page import CONSOLE, GROUP, bot_opened, oa_opened


def read(settings: list[str], name: str) -> str:
    """Return a setting's value."""
    return dict(line.split("=", 1) for line in settings)[name]


async def act(session: ClientSession, what: str, person: str, **given: str) -> int:
    """Do something on the page; returns the status."""
    async with session.post(f"/page/{what}", data={"person": person} | given) as response:
        return response.status


async def state(session: ClientSession, person: str) -> dict[str, Any]:
    """Look at the page as somebody."""
    async with session.get("/page/state", params={"person": person}) as response:
        found: dict[str, Any] = await response.json()
        return found


async def send(session: ClientSession, person: str) -> None:
    """Send a photo from the disk."""
    form = FormData({"person": person})
    form.add_field("photo", photo(), filename="a.jpg")
    async with session.post("/page/photo", data=form) as response:
        assert response.status == 204


async def test_an_official_account_by_hand() -> None:
    """The console sets the webhook; then people write, send photos and press what they were sent."""
    async with (
        oa_opened(0, "my-refresh-token") as settings,
        ClientSession(read(settings, "ZALO_OA_API_URL")) as session,
        listener() as (url, came),
    ):
        form = {"grant_type": "refresh_token", "refresh_token": read(settings, "ZALO_OA_REFRESH_TOKEN")}
        form["app_id"] = read(settings, "ZALO_OA_APP_ID")
        secret = {"secret_key": read(settings, "ZALO_OA_APP_SECRET")}
        async with session.post("/v4/oa/access_token", data=form, headers=secret) as response:
            token = (await response.json())["access_token"]
        await act(session, "say", CONSOLE, text=url)
        await act(session, "say", "2001", text="chào")
        await send(session, "2001")
        button = {"title": "Gửi", "type": "oa.query.show", "payload": "#new"}
        attachment = {"type": "template", "payload": {"buttons": [button]}}
        body = {"recipient": {"user_id": "2001"}, "message": {"text": "Chọn", "attachment": attachment}}
        async with session.post(
            "/v3.0/oa/message/cs", json=body, headers={"access_token": token}
        ) as response:
            assert (await response.json())["error"] == 0
        said = (await state(session, "2001"))["messages"]
        assert await act(session, "press", "2001", action=said[-1]["buttons"][0][0]["action"]) == 204
        async with session.get(f"/page/file/{said[1]['files'][0]['key']}") as response:
            assert await response.read() == photo()
        assert await act(session, "press", "2001", action="key:Share my name and number") == 409
        assert [m["text"] for m in (await state(session, "2001"))["messages"]][-1] == "#new"
    assert json.loads(came[0][1])["message"]["text"] == "chào"


async def test_a_bot_by_hand() -> None:
    """In the group a person mentions the bot without being asked to; a poll brings it."""
    async with (
        bot_opened(0, "1:my-token") as settings,
        ClientSession(read(settings, "ZALO_BOT_API_URL")) as session,
    ):
        await act(session, "say", f"{GROUP}:2002", text="chào")
        async with session.post("/bot1:my-token/getUpdates", json={"timeout": 1}) as response:
            message = (await response.json())["result"]["message"]
        assert message["chat"] == {"id": GROUP, "chat_type": "GROUP"}
        await send(session, "2003")
        assert (await state(session, "2003"))["messages"][0]["files"][0]["kind"] == "photo"
        assert "Send a sticker" in {key["label"] for key in (await state(session, "2003"))["keys"]}
