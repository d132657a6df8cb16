"""A bar stops what is no matter, and never what tells of whoever might bar."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.stories import parse
from storage.ground.tables import Case, Chat
from tests.conversations.player import Player

ORDINARY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập"


async def say(player: Player, who: str, text: str) -> str:
    """Say something; returns the answer."""
    said = len(player.paper.told)
    await player.say(who, {"text": text}, silent=True)
    return "\n".join(told.message.text for told in player.paper.told[said:] if told.address == who)


async def barred(player: Player) -> str:
    """Let a chief bar the sender of an ordinary case for ninety days; returns its code."""
    written = "# x\n@ thứ Hai 16/11/2026 09:00\ncitizen: x"
    await player._prepare(parse(written), written)
    for words in (ORDINARY, "1"):
        await say(player, "citizen", words)
    async with player.store.read() as work:
        code = (await work.session.scalars(select(Case.code))).one()
    for words in (f"chan {code}", "3", "nhắn tin quấy rối nhiều lần"):
        await say(player, "supervisor", words)
    assert "tạm ngừng nhận ý kiến" in await say(player, "citizen", "đèn đường thôn 2 hỏng")
    return code


async def accusing(player: Player) -> list[Case]:
    """Return the cases that are kept close."""
    async with player.store.read() as work:
        return list(await work.session.scalars(select(Case).where(Case.confidential)))


async def test_an_accused_chief_cannot_bar_who_accuses_him(player: Player) -> None:
    """What names an official and a wrong is heard, asked about and sent; then the bar stands as before."""
    await barred(player)
    story = "ông Vũ Đình Sáng trưởng phòng kinh tế nhận hối lộ của công ty cát ở thôn 4"
    assert "tạm ngừng" not in await say(player, "citizen", story)
    assert "tạm ngừng" not in await say(player, "citizen", "1")
    (case,) = await accusing(player)
    assert case.excluded_people
    assert "tạm ngừng nhận ý kiến" in await say(player, "citizen", "đèn đường thôn 2 hỏng")


async def test_more_words_of_a_barred_sender_are_heard_where_they_accuse(player: Player) -> None:
    """They close the case that is there already."""
    code = await barred(player)
    assert "tạm ngừng" in await say(player, "citizen", f"them {code} nước dâng thêm rồi")
    assert "tạm ngừng" not in await say(player, "citizen", f"them {code} ông Sáng đòi tôi 5 triệu")
    assert [case.code for case in await accusing(player)] == [code]


@pytest.mark.parametrize("way", [("gui kin",), ("tôi không muốn để lộ tên", "1")])
async def test_the_sealed_way_is_open_to_who_is_barred(player: Player, way: tuple[str, ...]) -> None:
    """Whatever is told there, to its end."""
    await barred(player)
    for words in way:
        assert "tạm ngừng" not in await say(player, "citizen", words)
    for words in ("ở thôn 3 có người bao che cho bãi cát lậu, tôi sợ bị trả thù", "1", "1", "1"):
        answer = await say(player, "citizen", words)
        assert "tạm ngừng" not in answer
        if "Mã bí mật" in answer or "mã bí mật" in answer:
            break
    async with player.store.read() as work:
        assert sum(bool(chat.bars) for chat in await work.session.scalars(select(Chat))) == 1
    assert "tạm ngừng" in await say(player, "citizen", "đèn đường thôn 2 hỏng")


async def test_heads_are_told_what_a_bar_stops(player: Player) -> None:
    """And what it does not."""
    await barred(player)
    for head in ("head", "party"):
        told = [one.message.text for one in player.paper.told if one.address == head]
        assert any("Vẫn nhận: báo khẩn" in text and "không đến nơi" in text for text in told)


async def accused(player: Player) -> str:
    """Let a barred sender accuse the chief who barred them; returns the code."""
    await barred(player)
    for words in ("ông Vũ Đình Sáng trưởng phòng kinh tế nhận hối lộ của công ty cát ở thôn 4", "1"):
        await say(player, "citizen", words)
    (case,) = await accusing(player)
    return case.code


@pytest.mark.parametrize("later", [False, True])
async def test_whoever_is_barred_says_more_of_what_is_kept_close(player: Player, *, later: bool) -> None:
    """Pieces that tell nothing by themselves go with it for an hour, and with its code at any time."""
    code = await accused(player)
    if later:
        player.clock.at += timedelta(hours=2)
    told = await say(player, "citizen", "hôm qua lại hẹn ra quán")
    assert ("tạm ngừng" in told) is later
    assert (code in told) is not later
    assert "tạm ngừng nhận ý kiến" in await say(player, "citizen", "đèn đường thôn 2 hỏng")
    assert "tạm ngừng" not in await say(player, "citizen", f"them {code} có chị Hoa chứng kiến")
    assert "tạm ngừng" not in await say(player, "citizen", f"{code} tôi còn giữ giấy")
    read = "\n".join(one.message.text for one in player.paper.told if one.address == "head")
    assert ("hẹn ra quán" in read) is not later
    assert "chị Hoa" in read


async def test_whoever_is_barred_takes_back_and_is_called_about_what_is_kept_close(player: Player) -> None:
    """By words, by buttons, and to the end of what is asked then."""
    code = await barred(player)
    await say(player, "citizen", f"them {code} ông Sáng đòi tôi 5 triệu")
    assert [case.code for case in await accusing(player)] == [code]
    player.clock.at += timedelta(hours=2)
    for words in ("goi lai", "0912345678"):
        answer = await say(player, "citizen", words)
        assert "tạm ngừng" not in answer
    assert code in answer
    await player.say("citizen", {"tap": f"withdraw:{code}:1"}, silent=True)
    for words in ("1", "4"):
        answer = await say(player, "citizen", words)
        assert "tạm ngừng" not in answer
    assert code in answer
    assert "tạm ngừng nhận ý kiến" in await say(player, "citizen", "goi lai")
