"""News for somebody whose window is shut: by a notice to their number, then by a call; never to who left."""

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.zalo_oa.channel import ZaloOa
from bot.channels.zalo_oa.notices import ACCOUNT, ZaloNotices, tracking
from bot.desk import Desk
from domain.windows import Reaching
from storage.ground.work import OwnPage
from storage.office.rulebook import Library
from storage.store.engine import Store
from tests.channels.test_zalo_oa_whole import Town, town
from tests.emulators.zalo_oa_people import Person

__all__ = ["town"]
PHONE = "0905 123 456"
TEMPLATES = {"": {"id": "7895", "params": {"ma_ho_so": "code", "ngay": "day", "noi_dung": "text"}}}
ANSWER = "Sáng nay đội thoát nước đã nạo vét xong đoạn cống đầu thôn 3, nước đã rút hết."


class Approved(Library):
    """The rules, with a template that Zalo has approved."""

    async def rules(self, session: Any) -> Any:  # noqa: ANN401 - as the library's
        rules = await super().rules(session)
        return replace(rules, reaching=replace(rules.reaching, templates=_TEMPLATES))


_TEMPLATES = Reaching.parse({"notices": {"templates": TEMPLATES}}).templates


async def begin(town: Town, *, approved: bool = True) -> tuple[Person, Person]:
    """Let the desk have notices; gives a citizen with a case and a number, and the officer who took it."""
    hall, oa = town.hall, town.oa
    account = hall.channel
    assert isinstance(account, ZaloOa)
    hall.desk = Desk(hall.store, [account, ZaloNotices(account.client, hall.store)])
    hall.store.page = OwnPage(by_number=ACCOUNT)
    if approved:
        hall.store.library = Approved()
    oa.templates = {"7895": {"ma_ho_so", "ngay", "noi_dung"}}
    officer, citizen = oa.user("tuan"), oa.user("hoa")
    officer.say(await town.invitation("kt_tuan"))
    citizen.follow()
    citizen.say("cong thon 3 tac may hom roi, mua la ngap duong")
    await town.settle()
    await town.press(citizen, "Đúng, gửi đi")
    await town.press(citizen, "Để lại số gọi lại")
    citizen.say(PHONE)
    await town.settle()
    await town.press(officer, "Nhận xử lý")
    return citizen, officer


async def answer(town: Town, officer: Person) -> str:
    """Let nine days pass, to a day of work, and the officer answer; returns the case's code."""
    (code,) = await town.hall.cases()
    town.hall.clock.pass_(days=9)
    officer.say(f"tl {code} {ANSWER}")
    await town.settle()
    return code


async def test_edge_24_news_goes_by_number_when_the_window_is_shut(town: Town) -> None:
    """The answer is not knocked at the shut window; one notice carries code, day and words to the number."""
    citizen, officer = await begin(town)
    before = len(citizen.texts)
    code = await answer(town, officer)
    assert len(citizen.texts) == before
    (notice,) = town.oa.zns
    assert (notice["phone"], notice["template_id"]) == ("84905123456", "7895")
    assert notice["template_data"]["ma_ho_so"] == code
    assert len(notice["template_data"]["noi_dung"]) <= 90
    assert len(notice["tracking_id"]) == len(tracking("any")) <= 48
    assert not any(text.startswith("☎") for text in officer.texts)


async def test_edge_24_who_has_no_zalo_at_the_number_is_called(town: Town) -> None:
    """The notice is refused: the officer is asked to call, once, with the answer to read out."""
    _, officer = await begin(town)
    town.oa.no_account.add("84905123456")
    await answer(town, officer)
    (call,) = [text for text in officer.texts if text.startswith("☎")]
    assert "0905 123 456" in call
    assert ANSWER[:30] in call


async def test_without_an_approved_wording_nothing_goes_by_number(town: Town) -> None:
    """The office has no template: the way is not tried, and the officer calls."""
    _, officer = await begin(town, approved=False)
    await answer(town, officer)
    assert town.oa.zns == []
    assert sum(text.startswith("☎") for text in officer.texts) == 1


async def test_who_left_the_account_is_not_written_to_by_number(town: Town) -> None:
    """Unfollowing means no more words from the desk, whatever way it could find; somebody may call."""
    citizen, officer = await begin(town)
    citizen.unfollow()
    await town.settle()
    await answer(town, officer)
    assert town.oa.zns == []
    assert any(text.startswith("☎") for text in officer.texts)


@pytest.mark.parametrize("store_kind", ["sqlite_store"])
def test_it_has_no_secrets_and_no_routes_of_its_own(store_kind: str, request: pytest.FixtureRequest) -> None:
    """It goes by the account's tokens."""
    store: Store = request.getfixturevalue(store_kind)
    notices = ZaloNotices(None, store)  # type: ignore[arg-type]
    assert (list(notices.secrets), list(notices.routes(None))) == ([], [])  # type: ignore[arg-type]
