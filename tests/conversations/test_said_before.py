"""What is said before the matter, in anger, in greeting or in pieces, is never taken for another thing."""

import pytest
from sqlalchemy import select

from domain.understand import fold
from storage.cases.cases import Case
from tests.conversations.player import Player


async def say(player: Player, *messages: str) -> str:
    """Say it all, one by one. Returns the last that the citizen was told."""
    for text in messages:
        await player.say("citizen", {"text": text}, silent=True)
    return [one.message.text for one in player.paper.told if one.address == "citizen"][-1]


@pytest.mark.parametrize(
    "words",
    [
        "nguyen huu khoa chui ba toi la do dien",
        "vcl tk Long 1 cua lam an nhu cc, noi 500k lay lien k thi cho het thang",
        "kien quan su lay xe dan quan cho cat ban",
    ],
)
async def test_angry_words_that_speak_of_somebody_are_the_story(player: Player, words: str) -> None:
    """They are not soothed away: whom they speak of does not read them."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    review = await say(player, words, "thôn 3", "1")
    assert "🔒" in review
    assert "không được xem" in review


async def test_what_anger_told_goes_with_what_is_told_next(player: Player) -> None:
    """Nobody has to say it twice."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    soothed = await say(player, "bọn mày làm ăn như cái chợ chiều thế à")
    assert "bức xúc" in soothed
    review = await say(player, "nộp hồ sơ đất ba tháng chưa xong, thôn 2")
    assert "làm ăn như cái chợ chiều" in review
    assert "nộp hồ sơ đất ba tháng chưa xong" in review


async def test_what_was_told_in_anger_reaches_the_person_who_takes_over(player: Player) -> None:
    """All of it, not only the last of it."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    handed = await say(player, "vô dụng", "bọn mày làm ăn thế à", "khốn nạn")
    assert "chuyển lời" in handed
    async with player.store.read() as work:
        found = await work.session.execute(select(Case.story))
        assert any("bọn mày làm ăn thế à" in story for (story,) in found)


@pytest.mark.parametrize(
    "words",
    ["Chào tổ tiếp nhận", "Kính chào UBND xã", "chao can bo", "chào chị Lý Hải Yến", "Kính gửi công an xã"],
)
async def test_a_greeting_is_greeted_whoever_it_speaks_to(player: Player, words: str) -> None:
    """It is no matter that would have a place."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    assert "Chào bà con" in await say(player, words)


@pytest.mark.parametrize(
    "words", ["chào cán bộ đánh tôi hôm qua", "CÔNG AN ĐÁNH TÔI", "cảm ơn, đường thôn 2 hư rồi"]
)
async def test_what_tells_something_beside_a_greeting_is_told(player: Player, words: str) -> None:
    """The matter is heard."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    assert "Chào bà con" not in await say(player, words)


async def test_who_writes_is_no_matter_yet(player: Player) -> None:
    """It is asked what they want, and what they say then goes with where they live."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    assert "muốn nói việc gì" in await say(player, "Dạ em chào cán bộ, em tên Hòa nhà ở xóm Đình")
    review = await say(player, "đèn đường hư cả tuần rồi", "1")
    assert "Ở đâu: xóm Đình" in review
    assert "đèn đường hư cả tuần rồi" in review


@pytest.mark.parametrize("marked", [True, False])
async def test_a_story_in_pieces_is_no_place(player: Player, *, marked: bool) -> None:
    """An answer to “where” that names no place goes on with the story, and is asked where again."""
    pieces = ["Tôi bị xúc phạm", "bởi ông Kiên chỉ huy quân sự trước mặt bao nhiêu người"]
    pieces = pieces if marked else [fold(one) for one in pieces]
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    review = await say(player, "Chào tổ tiếp nhận", *pieces, "thôn 2")
    assert "Ở đâu: thôn 2" in review
    assert "Lương Văn Kiên" in review
    assert all(piece in review for piece in pieces)


@pytest.mark.parametrize("place", ["bà Nhàn bán bún", "ngã ba Đông Sơn", "cột số 14", "ngoài đồng"])
async def test_what_may_be_a_place_is_one(player: Player, place: str) -> None:
    """Nobody is asked twice where it is who said it."""
    await player.play("# x\n@ thứ Hai 16/11/2026 09:00\n")
    assert f"Ở đâu: {place}" in await say(player, "đèn đường hư", place)
