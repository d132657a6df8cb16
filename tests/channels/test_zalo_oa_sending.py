"""What the Official Account is sent: words, buttons, photos, papers and the card that asks for a number."""

from io import BytesIO
from random import Random

import pytest
from PIL import Image

from bot.channels.channel import Ambiguous, Broken, Gone, Permanent, Retry, Sent, Shut
from bot.channels.zalo_oa.errors import sort_of
from domain.messages import Choice, FileRef
from storage.store.engine import Store
from tests.channels.zalo_oa_desk import NO, YES, OpenOa, delivery, send
from tests.conftest import StoppedClock
from tests.emulators.loopback import photo
from tests.emulators.telegram_contract import Drop, DropAfter, Page
from tests.emulators.zalo_oa import ZaloOaServer
from tests.emulators.zalo_oa_contract import BUSY, LEFT, QUOTA, STRANGER, WINDOW, Error


@pytest.fixture(autouse=True)
def _hoa(oa: ZaloOaServer) -> None:
    oa.user("hoa").follow()


async def kept(store: Store, content: bytes, media: str = "photo", name: str = "ảnh cống.jpg") -> FileRef:
    """Keep a file as the desk does."""
    await store.files.put("f-1", content)
    return FileRef("f-1", media, "", len(content), name)  # type: ignore[arg-type]


# --- words and buttons ---------------------------------------------------------------------------


async def test_words_arrive_and_say_what_the_account_has_left(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, clock: StoppedClock
) -> None:
    """The answer names the message, and what is left of a quota; free replies we count ourselves."""
    channel, person = open_oa(sqlite_store), oa.user("hoa")
    [done] = await send(channel, delivery("Đã nhận 👍"))
    assert done == Sent(person.messages[0].id)
    assert person.texts == ["Đã nhận 👍"]
    clock.pass_(hours=49)
    [done] = await send(channel, delivery("Có tin mới"))
    assert done == Sent(person.messages[1].id, left=("sub_quota", 499))


async def test_five_choices_are_buttons_and_six_are_numbers(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """A long title is cut to what a button holds."""
    channel, hoa = open_oa(sqlite_store), oa.user("hoa")
    five = [Choice(f"Việc {n}" * 40, f"menu:{n}") for n in range(5)]
    await send(channel, delivery("Chọn", five))
    assert [len(label) for label in hoa.messages[0].labels] == [100] * 5
    await send(channel, delivery("Chọn", [Choice(f"Việc {n}", f"menu:{n}") for n in range(6)]))
    assert hoa.messages[1].buttons == []
    assert hoa.texts[1].endswith("6. Việc 5")


async def test_edge_24_where_the_package_has_no_buttons_choices_are_numbered_at_once(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, clock: StoppedClock
) -> None:
    """-224: the same message goes as numbered lines, the next ones too, and a day later buttons are tried."""
    oa.tier = "basic"
    channel, hoa = open_oa(sqlite_store), oa.user("hoa")
    [done] = await send(channel, delivery("Gửi chứ?", [YES, NO]))
    assert isinstance(done, Sent)
    assert hoa.texts == ["Gửi chứ?\n1. Đúng, gửi đi\n2. Chưa đúng"]
    await send(channel, delivery("Gửi chứ?", [YES, NO]))
    assert len(oa.called("cs")) == 3
    oa.tier = "advanced"
    clock.pass_(days=1)
    later = delivery("Gửi chứ?", [YES, NO])
    object.__setattr__(later, "at", clock.at)
    await send(channel, later)
    assert hoa.messages[-1].labels == ["Đúng, gửi đi", "Chưa đúng"]


async def test_a_group_is_written_to_as_a_group_and_has_no_buttons(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """Another address, and numbers."""
    group = oa.group("thon-3")
    await send(open_oa(sqlite_store), delivery("Chọn", [YES], to="thon-3", group=True))
    assert group.texts == ["Chọn\n1. Đúng, gửi đi"]


async def test_a_number_is_asked_for_with_a_form(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """The words first, then the card; it may fail, and without an address of ours there is none."""
    hoa = oa.user("hoa")
    asks = delivery("Bà con cho xin số điện thoại ạ.", wants="contact")
    await send(open_oa(sqlite_store, public_url="https://desk.example"), asks)
    assert [shown.asks_info for shown in hoa.messages] == [False, True]
    picture = oa.called("cs")[1]["message"]["attachment"]["payload"]["elements"][0]["image_url"]
    assert picture.startswith("https://desk.example/static/desk.png")
    await send(open_oa(sqlite_store), asks)
    assert len(hoa.messages) == 3


# --- files ---------------------------------------------------------------------------------------


async def test_a_photo_is_made_small_enough(oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store) -> None:
    """More than a megabyte is not taken; what is small is sent as it is."""
    channel, hoa = open_oa(sqlite_store), oa.user("hoa")
    small = photo()
    await send(channel, delivery("", files=[await kept(sqlite_store, small)]))
    assert hoa.messages[0].images == [small]
    out = BytesIO()
    Image.frombytes("RGB", (1000, 1000), Random(1).randbytes(3_000_000)).save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 1024 * 1024
    [done] = await send(channel, delivery("", files=[await kept(sqlite_store, out.getvalue())]))
    assert isinstance(done, Sent)
    [drawn] = hoa.messages[1].images
    with Image.open(BytesIO(drawn)) as image:
        assert image.format == "JPEG"
        assert image.size == (1000, 1000)


@pytest.mark.parametrize("file_key", ["token", "attachment_id"])
async def test_a_paper_is_sent_under_its_name(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, file_key: str
) -> None:
    """Whichever of the two published ways is the right one."""
    oa.file_key = file_key
    paper = await kept(sqlite_store, b"%PDF-1.7 x", "pdf", "Giấy hẹn.pdf")
    [done] = await send(open_oa(sqlite_store), delivery("", files=[paper]))
    assert isinstance(done, Sent)
    assert oa.user("hoa").messages[0].files == {"Giấy hẹn.pdf": b"%PDF-1.7 x"}


async def test_a_file_called_otherwise_than_the_upload_says_is_tried_the_other_way(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """-201 for the one name: the other one is tried, once."""
    oa.faults["cs"].append(Error(-201, "Params is invalid: token"))
    paper = await kept(sqlite_store, b"%PDF-1.7 x", "pdf", "a.pdf")
    [done] = await send(open_oa(sqlite_store), delivery("", files=[paper]))
    assert [body["message"]["attachment"]["payload"] for body in oa.called("cs")][1].keys() == {
        "attachment_id"
    }
    assert isinstance(done, Permanent)
    assert oa.refused
    oa.refused.clear()


async def test_a_paper_that_is_too_large_is_left_out(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """Nothing is uploaded and the words that come with it go on."""
    paper = await kept(sqlite_store, b"%PDF-1.7" + bytes(5 * 1024 * 1024), "pdf", "a.pdf")
    [skipped, done] = await send(open_oa(sqlite_store), delivery("Đây ạ", files=[paper]))
    assert skipped == Sent()
    assert isinstance(done, Sent)
    assert oa.called("file") == []
    assert oa.user("hoa").texts == ["Đây ạ"]


@pytest.mark.parametrize("fault", [Page(413, "<html>Too Large</html>"), Error(-210, "too large")])
async def test_words_go_on_without_a_photo_that_is_refused(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, fault: object
) -> None:
    """Whoever refuses it, a proxy or Zalo: what the photo goes with is said, and not tried for ever."""
    oa.faults["image"].extend([fault, fault])
    picture = await kept(sqlite_store, photo())
    await send(open_oa(sqlite_store), delivery("Đã nạo vét", files=[picture]))
    assert oa.user("hoa").texts == ["Đã nạo vét"]
    [alone] = await send(open_oa(sqlite_store), delivery("", files=[picture]))
    assert isinstance(alone, Permanent)


async def test_an_upload_without_an_answer_is_done_again(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """Nobody was told anything by it, so it is not in doubt."""
    channel, what = open_oa(sqlite_store), delivery("", files=[await kept(sqlite_store, photo())])
    oa.faults["image"].append(DropAfter)
    [outcome] = await send(channel, what)
    assert isinstance(outcome, Retry)
    assert not outcome.whole_account
    oa.faults["cs"].append(DropAfter)
    [outcome] = await send(channel, what)
    assert isinstance(outcome, Ambiguous)


# --- what becomes of it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (WINDOW, Shut),
        (STRANGER, Shut),
        (QUOTA, Shut),
        (Error(-230, "User has not interacted with the OA in the past 7 days"), Shut),
        (LEFT, Gone),
        (Error(-213, "User has not followed OA"), Gone),
        (BUSY, Retry),
        (Error(10002, "Unkown exception"), Retry),
        (Error(11004, "App Id in use is disabled or banded"), Broken),
        (Error(289, "no permission"), Permanent),
        (Error(-210, "Parameter exceeds allowed limit: text"), Permanent),
        (Error(-99999, "something new"), Permanent),
        (Page(502, "<html>Bad Gateway</html>"), Ambiguous),
        (Page(200, "<html>Welcome to our Wi-Fi</html>"), Ambiguous),
        (Page(302, "", "/login"), Ambiguous),
        (Page(500, '{"error": 0, "data": {"message_id": "1"}}'), Ambiguous),
        (Page(429, "slow down"), Retry),
        (Drop, Ambiguous),
    ],
)
async def test_each_answer_has_its_outcome(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store, fault: object, kind: type
) -> None:
    """HTTP 200 alone is no success."""
    oa.faults["cs"].append(fault)
    [outcome] = await send(open_oa(sqlite_store), delivery())
    assert isinstance(outcome, kind)
    assert oa.user("hoa").messages == []


async def test_a_server_that_is_away_was_surely_not_told(
    oa: ZaloOaServer, open_oa: OpenOa, sqlite_store: Store
) -> None:
    """Nothing listens there any more: it is tried again for as long as it takes."""
    channel = open_oa(sqlite_store)
    await send(channel, delivery())
    await channel.client.close()
    await oa.stop()
    [outcome] = await send(channel, delivery())
    assert isinstance(outcome, Retry)
    assert not outcome.counts
    await oa.start()


@pytest.mark.parametrize(
    ("code", "message", "sort"),
    [
        (-201, "Params is invalid: text", "payload"),
        (-201, "Invalid access token", "auth"),
        (12008, "The user has not followed the OA", "gone"),
        (12008, "Recipient reached quota for messages", "window"),
        (0, "Success", "done"),
        (-3, "", "unknown"),
    ],
)
def test_one_code_means_what_its_message_says(code: int, message: str, sort: str) -> None:
    """Published tables disagree; the words decide between them."""
    assert sort_of(code, message) == sort
