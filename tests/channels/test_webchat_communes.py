"""The web chat in a desk of many communes: each has a page, and what is written there is of it."""

from dataclasses import replace
from datetime import date

import pytest
from aiohttp import ClientSession

from bot.settings import Settings
from domain.directory import Directory
from domain.people import Area
from storage.mail import webchat
from tests.channels.webchat_desk import CLIENT_ID, SCRIPT, page
from tests.emulators.webdesk import WebDesk
from tests.storage import province
from tests.storage.province import NEIGHBOUR
from web import chat_page


async def test_a_communes_page_names_it_and_so_does_what_is_written(
    desk: WebDesk, person: ClientSession
) -> None:
    """Its form posts to its own address; the inbox knows whose page it was."""
    await province.settle(desk.store)
    shown = await page(person, f"/{NEIGHBOUR}")
    assert "Nơi xã Bình An Mẫu nghe ý kiến bà con" in shown
    assert f'action="/chat/{NEIGHBOUR}/send"' in shown
    form = {"client_id": CLIENT_ID, "text": "Cống tắc"}
    async with person.post(f"/chat/{NEIGHBOUR}/send", data=form, headers=SCRIPT) as answer:
        assert answer.status == 200
    (row,) = await desk.heard()
    assert webchat.commune_of(row.account, row.body["raw"]) == NEIGHBOUR
    assert webchat.commune_of("paper", row.body["raw"]) == ""


def test_a_page_is_there_until_the_last_day_of_its_commune() -> None:
    """A merger that is planned takes no page away before; without a day it is looked up once more."""
    first, last = date(2025, 7, 1), date(2026, 12, 31)
    areas = [Area(code, f"xã {code}", "commune", None, first) for code in ("a", "b", "c")]
    areas[0] = replace(areas[0], valid_to=last)
    there = Directory(tuple(areas))
    assert chat_page.home(there, "a") is None
    assert chat_page.home(there, "b") == chat_page.Home("b", "xã b")
    assert chat_page.home(there.on(last), "a") == chat_page.Home("a", "xã a")
    assert chat_page.home(there.on(date(2027, 1, 1)), "a") is None


async def test_a_commune_of_none_has_no_page(desk: WebDesk, person: ClientSession) -> None:
    """It is said in plain words."""
    await province.settle(desk.store)
    async with person.get("/chat/xa_khac") as answer:
        assert answer.status == 404
        assert "Không có trang của xã, phường này" in await answer.text()


def test_accounts_are_named_with_their_communes() -> None:
    """What is written otherwise ends the start with a line that says how."""
    settings = Settings(_env_file=None, account_communes="telegram-hoa=xa_a, zalo-oa=xa_b")
    assert settings.communes == {"telegram-hoa": "xa_a", "zalo-oa": "xa_b"}
    for wrong in ("telegram", "telegram=", "a=b,a=c"):
        with pytest.raises(ValueError, match=r"account=commune|once"):
            Settings(_env_file=None, account_communes=wrong)
