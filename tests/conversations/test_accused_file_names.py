"""The name of a file is heard as the words under it are: whom it accuses reads neither it nor the file."""

from dataclasses import asdict
from uuid import uuid4

import pytest
from sqlalchemy import select

from domain.messages import FileRef
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.ground.tables import Attachment
from tests.conversations.player import OFFICIALS, Player

DRAIN = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
CODE, OTHER = "LM-6NYWV4N", "LM-A5JVHJY"
NAMES = (
    "anh Tuân vòi tiền 5 triệu.pdf",
    "anh_Tuan_voi_tien_5_trieu.pdf",
    "AnhTuanVoiTien5Trieu.pdf",
    "nghi anh Tuân lắm.pdf",
)


async def say(player: Player, who: str, *texts: str) -> None:
    """Let somebody say these things."""
    for text in texts:
        await player.say(who, {"text": text}, silent=True)


async def send(player: Player, name: str, who: str = "citizen") -> None:
    """Let somebody send a file of that name."""
    ref = FileRef(str(uuid4()), "pdf", "application/pdf", 1000, name)
    async with player.store.work() as work:
        await attachments.add(work, player.key(who), [Kept(ref, "0" * 64)])
    await player.say(who, {"files": [asdict(ref)], "caption": "", "refused": []}, silent=True)


def read_by(player: Player, who: str) -> str:
    """Return all that somebody was told, with the names of files."""
    said = [one.message for one in player.paper.told if one.address == who]
    return "\n".join("\n".join([one.text, *(file.name for file in one.files)]) for one in said)


async def kept_names(player: Player) -> list[str]:
    """Return the names of all files as they are kept."""
    async with player.store.read() as work:
        return list(await work.session.scalars(select(Attachment.name)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("first", [True, False])
async def test_whom_it_accuses_does_not_read_it(player: Player, name: str, *, first: bool) -> None:
    """Sent before the report, and to a case that he has."""
    await player.seats(OFFICIALS)
    if first:
        await send(player, name)
    await say(player, "citizen", DRAIN, "1", *(["1", "1"] if first else []))
    await say(player, "officer", f"nhan {OTHER if first else CODE}")
    if not first:
        await send(player, name)
        await say(player, "citizen", "1", "1")
    await say(player, "officer", f"xem {CODE}", f"xem {OTHER}")
    assert await kept_names(player) == ["tep.pdf"]
    heard = read_by(player, "officer")
    assert name.partition(".")[0] not in heard
    assert not any(words in heard for words in ("vòi tiền", "voi tien", "nghi anh"))


async def test_the_words_are_read_by_somebody_else(player: Player) -> None:
    """They are part of what was told, though the file has no name any more."""
    await player.seats(OFFICIALS)
    await send(player, NAMES[0])
    await say(player, "citizen", DRAIN, "1", "1", "1")
    others = "".join(read_by(player, who) for who in OFFICIALS if who != "officer")
    assert "vòi tiền 5 triệu" in others
    assert await kept_names(player) == ["tep.pdf"]


async def test_an_ordinary_name_stays(player: Player) -> None:
    """It tells what the file is; so does the name an official gives."""
    await player.seats(OFFICIALS)
    await say(player, "citizen", DRAIN, "1")
    await say(player, "officer", f"nhan {CODE}")
    await send(player, "đơn xin nạo vét.pdf")
    await send(player, "trả lời của phòng kinh tế.pdf", "officer")
    assert sorted(await kept_names(player)) == ["trả lời của phòng kinh tế.pdf", "đơn xin nạo vét.pdf"]
