"""The secret of a sealed case, at every door and however spelled: it opens or is asked for again."""

import re
from collections.abc import Callable
from dataclasses import asdict
from uuid import uuid4

import pytest

from bot.stories import Attach
from domain import secrecy
from domain.messages import FileRef
from storage.cases import attachments
from storage.cases.attachments import Kept
from tests.conversations.player import OFFICIALS, Player
from tests.conversations.test_sealed import STORY, pass_, rows, sealed_case, secret_of, tell

WORDS = "tôi có ghi âm lại buổi đó"


@pytest.fixture
async def secret(player: Player) -> str:
    """Return the secret of a case that was just sent, with every official seated."""
    await player.seats(OFFICIALS)
    await tell(player, STORY, "4", "1", "1")
    secret = secret_of(player)
    await pass_(player)
    return secret


def last(player: Player) -> str:
    """Return what the citizen was told last."""
    return [told.message.text for told in player.paper.told if told.address == "citizen"][-1]


async def kept(player: Player, digits: str) -> list[str]:
    """Return the tables in which these digits stand, however they are parted."""
    spelled = re.compile(r"[^\dA-Za-z]{0,12}".join(digits))
    return [table for table, row in await rows(player.store) if spelled.search(row)]


SPELLED: dict[str, Callable[[str], str]] = {
    "no-break blanks": lambda s: secrecy.spell(s).replace(" ", "\u00a0"),
    "lines": lambda s: secrecy.spell(s).replace(" ", "\n"),
    "unseen signs": lambda s: secrecy.spell(s).replace(" ", "\u200b"),
    "commas": lambda s: secrecy.spell(s).replace(" ", ", "),
    "slashes": lambda s: "xem " + secrecy.spell(s).replace(" ", "/"),
    "wide": lambda s: "xem " + "".join(chr(0xFF10 + int(d)) for d in s),
}


@pytest.mark.parametrize("spelling", SPELLED)
async def test_however_it_is_parted_it_opens(player: Player, secret: str, spelling: str) -> None:
    """What is told is how the case stands; nothing of the secret stays."""
    await tell(player, SPELLED[spelling](secret))
    assert "Bà con muốn làm gì tiếp" in last(player)
    assert not await kept(player, secret)


@pytest.mark.parametrize("open_question", ["", "cống bị tắc mấy hôm rồi, nước ngập", "goi lai"])
async def test_a_slip_is_asked_for_again_and_kept_nowhere(
    player: Player, secret: str, open_question: str
) -> None:
    """Out of the blue, as an answer to where it is, and to the question for a number."""
    slip = secret[:15]
    if open_question:
        await tell(player, open_question)
    await tell(player, f"xem {secrecy.spell(slip)}")
    assert "xem lại từng số" in last(player)
    assert not await kept(player, slip)


@pytest.mark.parametrize("form", ["{secret} {words}", "{words}. {secret}", "nhắn thêm {secret}: {words}"])
async def test_words_beside_it_are_for_the_case(player: Player, secret: str, form: str) -> None:
    """Before or behind it, with or without a word that says so; the sender hears that they were kept."""
    await tell(player, form.format(secret=secrecy.spell(secret), words=WORDS))
    assert "Đã nhận thêm" in last(player)
    await pass_(player)
    assert {table for table, row in await rows(player.store) if WORDS in row} >= {"case_event"}
    assert not await kept(player, secret)


async def test_words_beside_a_wrong_one_are_said_to_be_lost(player: Player, secret: str) -> None:
    """Nobody believes that they arrived."""
    await tell(player, f"xem {secret[:15]} {WORDS}")
    assert "chưa được lưu" in last(player)


async def test_under_a_photo_it_opens_and_the_photo_is_the_cases(player: Player, secret: str) -> None:
    """Neither begins a report by name."""
    body = await player._file(Attach(7, "citizen", "photo")) | {"caption": f"{secrecy.spell(secret)} {WORDS}"}
    await player.say("citizen", body)
    assert "Đã nhận thêm" in last(player)
    await pass_(player)
    assert (await sealed_case(player.store)).files == 1
    assert not await kept(player, secret)


async def test_photos_of_a_report_by_name_do_not_go_with_it(player: Player, secret: str) -> None:
    """An open draft keeps its own files: they would tell whose the sealed case is."""
    await tell(player, "cống bị tắc mấy hôm rồi, nước ngập")
    await player.say("citizen", await player._file(Attach(7, "citizen", "photo")))
    await tell(player, f"nhan them {secret} {WORDS}")
    assert (await sealed_case(player.store)).files == 0


@pytest.mark.parametrize("when", ["before", "sealed"])
async def test_a_film_that_may_tell_who_made_it_is_not_sent_sealed(player: Player, when: str) -> None:
    """Sent while sealing is open it is refused kindly; what came before is left behind, and that is said."""
    ref = FileRef(str(uuid4()), "video", "video/mp4", 1000, "phim.mp4", traced=True)
    async with player.store.work() as work:
        await attachments.add(work, player.key("citizen"), [Kept(ref, "0" * 64)])
    film = {"files": [asdict(ref)], "caption": "", "refused": []}
    if when == "sealed":
        await tell(player, "guikin", STORY)
        await player.say("citizen", film)
        assert "không nhận khi gửi kín" in last(player)
        return
    await tell(player, STORY)
    await player.say("citizen", film)
    await tell(player, "4", "1")
    assert "1 tệp không gửi theo" in last(player)
    await pass_(player)
    assert (await sealed_case(player.store)).files == 0


async def test_in_a_group_it_is_neither_opened_nor_kept(player: Player, secret: str) -> None:
    """All are warned, whoever spoke is told alone what it means; nothing shows that there is a case."""
    await player.say("citizen-group", {"text": f"xem {secrecy.spell(secret)}"})
    said = [told for told in player.paper.told if told.address == "group"][-1].message.text
    assert "nhiều người đọc được" in said
    assert "ai đã đọc được mã" in last(player)
    assert not re.search(r"\d{4}", said + last(player))
    assert not await kept(player, secret)


async def test_a_lost_one_is_answered_honestly(player: Player) -> None:
    """No menu of hamlets, and no promise."""
    await tell(player, "tôi mất mã bí mật rồi làm sao")
    assert "không ai tìm lại được" in last(player)


async def test_a_bank_card_in_a_story_stays_a_story(player: Player) -> None:
    """It is told on; before somebody takes the case its number is not shown."""
    await tell(player, "đường thôn 3 hỏng, đội thi công đòi nộp tiền vào thẻ 9704 1500 1234 5678 mới sửa")
    assert "Việc:" in last(player)
    assert "9704" not in last(player)
