"""What people want of the desk itself they say in their own words: it is done, not passed on as talk."""

import pytest

from bot.stories import Pass
from storage.people import people
from tests.conversations.player import Player
from tests.conversations.test_sealed import tell

LEAK = ("ống nước vỡ chảy tràn đường thôn 3",)
BRIBE = "anh Tuan dia chinh lay toi 3 trieu moi lam so do"
ANSWER = "Đã cho đội sửa ống nước xuống khắc phục xong sáng nay, nước chảy lại bình thường."


@pytest.fixture(autouse=True)
async def seated(player: Player) -> None:
    """Seat those who are told."""
    await player.seats(("officer", "head", "admin", "reception"))


def last(player: Player, who: str = "citizen") -> str:
    """Return what somebody was told last."""
    return next(d.message.text for d in reversed(player.paper.told) if d.address == who and not d.edits)


def told(player: Player, who: str = "officer") -> int:
    """Return how often somebody was told anything."""
    return sum(d.address == who for d in player.paper.told)


async def code_of(player: Player) -> str:
    """Return the code of the case that is shown."""
    text = next(d.message.text for d in player.paper.told if d.address == "officer")
    return text.split()[1]


async def answered(player: Player) -> None:
    """Let a case be answered."""
    await tell(player, *LEAK, "1")
    code = await code_of(player)
    await tell(player, f"nhan {code}", f"tl {code} {ANSWER}", who="officer")


@pytest.mark.parametrize(
    "wish",
    [
        "toi muon giau ten",
        "gui an danh",
        "to cao giau ten",
        "toi khong muon ai biet ten toi",
        "gui kin giup toi",
    ],
)
async def test_unnamed_from_the_start(player: Player, wish: str) -> None:
    """The sealed way begins, and what is told next goes on with it: an accusation is no place."""
    await tell(player, wish)
    assert "chọn gửi kín" in last(player)
    await tell(player, f"{BRIBE}, toi la Hung sdt 0905123456 cccd 040088001234")
    assert "ở đâu" in last(player)
    await tell(player, "thon 2", "1")
    assert "số máy" in last(player)


async def test_unnamed_with_the_story(player: Player) -> None:
    """The story is kept."""
    await tell(player, f"đừng cho ai biết tên em nghe, {BRIBE} thon 2")
    assert "Gửi kín" in last(player)
    assert f"Việc: {BRIBE} thon 2" in last(player)


@pytest.mark.parametrize(
    "wish", ["gui giau ten nhe em so lam", "gui kin giup toi", "đừng cho ai biết tên em"]
)
async def test_unnamed_in_a_draft(player: Player, wish: str) -> None:
    """It goes on as a sealed one, and cannot be sent by name."""
    await tell(player, f"{BRIBE} thon 2", wish)
    assert "🔒 Gửi kín" in last(player)
    await tell(player, "1")
    assert "Mã bí mật" in last(player)


@pytest.mark.parametrize(
    "wish",
    ["gửi giùm nhưng đừng để tên", "à mà giấu tên giùm", "nhung dung ghi ten tui nha", "đừng nêu tên tôi"],
)
@pytest.mark.parametrize("story", ["toi ten Nguyen Van Ty, cong thon 3 tac", "ống nước vỡ thôn 3 chảy tràn"])
async def test_unnamed_in_a_draft_of_any_matter(player: Player, story: str, wish: str) -> None:
    """At whatever question, it is no line of the story: that goes on as a sealed one."""
    await tell(player, story, wish)
    assert "chọn gửi kín" in last(player) or "🔒 Gửi kín" in last(player)
    assert wish not in last(player)


async def test_unnamed_beside_an_answer(player: Player) -> None:
    """A place told in the same breath is taken; the wish is no part of it."""
    await tell(player, "cống tắc nước tràn hôi thối quá", "thôn 3, mà đừng ghi tên tôi nha")
    assert "ở đâu" not in last(player)
    assert "ghi tên tôi" not in last(player)


async def test_unnamed_too_late(player: Player) -> None:
    """Who is known already hears so, and what can still be done."""
    await tell(player, *LEAK, "1")
    before = told(player)
    await tell(player, "toi khong muon ai biet ten toi")
    assert "không giấu lại được" in last(player)
    assert told(player) == before
    await tell(player, "1")
    assert "chọn gửi kín" in last(player)


@pytest.mark.parametrize("wish", ["rút lại", "tui muon rut don", "thôi không gửi nữa"])
@pytest.mark.parametrize("minutes", [0, 70])
async def test_withdrawing(player: Player, wish: str, minutes: int) -> None:
    """Right after the receipt or later, it is asked about; the answer may be words too."""
    await tell(player, *LEAK, "1")
    if minutes:
        await player._pass(Pass(0, minutes, "minute"))
    code, before = await code_of(player), told(player)
    await tell(player, wish)
    assert f"rút {code}?" in last(player)
    await tell(player, "thoi khong rut nua")
    assert f"Giữ nguyên {code}" in last(player)
    assert told(player) == before
    await tell(player, "tra cuu", "rut lai", "có", "1")
    assert f"Đã rút {code}" in last(player)


async def test_withdrawing_one_of_several(player: Player) -> None:
    """It is asked which."""
    await tell(player, *LEAK, "1")
    await player._pass(Pass(0, 10, "minute"))
    await tell(player, "đèn đường xóm Đình hỏng cả tuần nay", "1")
    await tell(player, "rut don")
    assert "rút việc nào" in last(player)
    await tell(player, "2")
    assert "Rút rồi thì thôi" in last(player)


async def test_a_yes_and_a_no_at_the_review(player: Player) -> None:
    """Yes sends; no and wrong lead to the correction, where a place is taken as one."""
    await tell(player, *LEAK, "sai roi")
    assert "muốn sửa gì" in last(player)
    await tell(player, "o thon 2 chu ko phai thon 3")
    assert "Ở đâu: thôn 2" in last(player)
    assert "Nhắn thêm" not in last(player)
    await tell(player, "không")
    assert "muốn sửa gì" in last(player)
    await tell(player, "0", "không, ở thôn 4")
    assert "Ở đâu: thôn 4" in last(player)
    await tell(player, "dạ đúng ạ")
    assert "Mã: " in last(player)


@pytest.mark.parametrize("yes", ["phai", "ok e", "1️⃣"])
async def test_other_ways_to_say_yes(player: Player, yes: str) -> None:
    """Also by the key of a digit."""
    await tell(player, *LEAK, yes)
    assert "Phòng Kinh tế" in last(player)


async def test_after_an_answer(player: Player) -> None:
    """A mark in words, and to have it reopened."""
    await answered(player)
    await tell(player, "danh gia")
    assert "thế nào" in last(player)
    await tell(player, "tam tam thoi")
    assert "chấm 3/5" in last(player, "officer")
    await tell(player, "mo lai")
    assert "muốn mở lại" in last(player)


async def test_an_answer_that_is_disputed(player: Player) -> None:
    """It is reopened with these words; who is accused in them loses it."""
    await answered(player)
    words = "nói láo, anh cán bộ trả lời có xuống đâu, còn đòi tiền tôi"
    await tell(player, words)
    assert any("Đã mở lại" in d.message.text for d in player.paper.told if d.address == "citizen")
    assert words in last(player, "head")
    assert words not in last(player, "officer")


@pytest.mark.parametrize(
    "asked", ["ma ho so cua toi dau", "ho so cua toi toi dau roi", "danh gia", "sao roi em"]
)
async def test_how_it_stands(player: Player, asked: str) -> None:
    """It is answered by the state of the case, and nobody is told."""
    await tell(player, *LEAK, "1")
    before = told(player)
    await tell(player, asked)
    assert "nhận ý kiến" in last(player)
    assert told(player) == before


@pytest.mark.parametrize("wish", ["cho gap nguoi that", "toi muon gap can bo xa", "talk to a human"])
async def test_a_person(player: Player, wish: str) -> None:
    """Also right after a receipt."""
    await tell(player, *LEAK, "1", wish)
    assert "nhắn lại chậm nhất" in last(player)


async def test_at_night_words_wait(player: Player) -> None:
    """And are said to, with the day and the hour."""
    await player._pass(Pass(0, 109, "hour"))
    await tell(player, "gap nguoi")
    assert "đọc được từ 07:00 thứ Hai 23/11/2026" in last(player)


async def test_a_name_is_no_command(player: Player) -> None:
    """“Dũng” where a name is asked for; “Huy” drops a report there, as everywhere in it."""
    await tell(player, "can bo an chan tien mai tang thon 2", "Dũng")
    assert "Nhắn thêm: Dũng" in last(player)
    await tell(player, "huy", "can bo an chan tien mai tang thon 2", "Huy")
    assert "Đã bỏ" in last(player)
    async with player.store.read() as work:
        assert not people.open_chat(work, "paper", player.key("citizen"), "citizen").muted


async def test_a_name_at_the_counter(player: Player) -> None:
    """What follows is asked next."""
    await tell(player, "nhap", *LEAK, "Dũng", who="reception")
    assert "số nào" in last(player, "reception")


async def test_a_button_pressed_twice(player: Player) -> None:
    """A number is no word for an officer."""
    await tell(player, *LEAK, "1")
    before = told(player)
    await tell(player, "1", "1")
    assert "Chưa chuyển con số" in last(player)
    assert told(player) == before


async def test_an_admin_names_somebody_and_leaves_it(player: Player) -> None:
    """“Dũng” finds him, and mutes nobody; “thoi” leaves what would be changed as it is."""
    await tell(player, "quan tri", "1", "4", "Dũng", who="admin")
    assert "Ngày làm cuối cùng" in last(player, "admin")
    await tell(player, "2", who="admin")
    assert "Sẽ đổi" in last(player, "admin")
    await tell(player, "thoi", who="admin")
    assert "Sẽ đổi" not in last(player, "admin")


COERCED = [
    "tôi xin rút, người ta tới nhà dọa tôi",
    "bỏ đơn đi, nhà tôi bị hăm",
    "thôi khỏi, tôi không muốn làm nữa, sợ lắm",
    "cho tui rút đơn nha, có người kêu tui rút không thì mất đất",
    "người ta xuống hăm dọa, con xin rút đơn",
]


@pytest.mark.parametrize("words", COERCED)
@pytest.mark.parametrize("at_the_number", [False, True])
async def test_who_withdraws_because_they_are_made_to(
    player: Player, words: str, *, at_the_number: bool
) -> None:
    """In one message: whoever has the case reads nothing of it, and those above are warned."""
    await tell(player, *LEAK, "1", *(["4"] if at_the_number else []))
    before, warned = told(player), told(player, "head")
    await tell(player, words)
    assert "không đọc được lời này" in last(player)
    assert "Rút rồi thì thôi" in last(player)
    assert told(player) == before
    assert told(player, "head") == warned + 1
    assert words[:20] in last(player, "head")
    await tell(player, "1")
    assert "Đã rút" in last(player)
    assert words[:10] not in last(player)
    assert all(words[:10] not in one.message.text for one in player.paper.told if one.address == "officer")


async def test_one_of_several_is_withdrawn_because_they_are_made_to(player: Player) -> None:
    """It is asked which, and why stays with it."""
    await tell(player, *LEAK, "1")
    await player._pass(Pass(0, 10, "minute"))
    await tell(player, "đèn đường xóm Đình hỏng cả tuần nay", "1")
    before, warned = told(player), told(player, "head")
    await tell(player, COERCED[0])
    assert "rút việc nào" in last(player)
    await tell(player, "2")
    assert "không đọc được lời này" in last(player)
    assert told(player) == before
    assert told(player, "head") == warned + 1


async def test_who_only_tells_of_a_threat_withdraws_nothing(player: Player) -> None:
    """It is about the case, as any other words."""
    await tell(player, *LEAK, "1", "nhà tôi bị hăm dọa mấy hôm nay vì ống nước này")
    assert "Rút rồi" not in last(player)


@pytest.mark.parametrize("words", ["anh Tuân ấy", "ổng lấy tiền tôi"])
async def test_words_about_the_case_instead_of_a_number_are_not_lost(player: Player, words: str) -> None:
    """Who is named, or what they did, belongs to the case; a number is asked for again."""
    await tell(player, *LEAK, "1", "4", words)
    assert not any("Số này chưa đúng" in one.message.text for one in player.paper.told)
    asked = [one.message.text for one in player.paper.told if "Đã ghi thêm vào lời kể" in one.message.text]
    assert asked
    await tell(player, "0905123456")
    assert "0905 123 456" in last(player)


@pytest.mark.parametrize("words", ["12345", "tôi không nhớ số", "để tôi hỏi lại"])
async def test_what_tells_nothing_is_no_number(player: Player, words: str) -> None:
    """It is said that it is none."""
    await tell(player, *LEAK, "1", "4", words)
    assert "Số này chưa đúng" in last(player)
