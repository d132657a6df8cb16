"""What waits in envelopes: nothing of it is lost or done twice, and what is dropped leaves nothing behind."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from domain import secrecy
from scheduler.clock import tick
from services.acts import act
from storage.cases.attachments import Kept, add
from storage.ground.tables import Attachment, Case, Envelope
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.player import Player
from tests.conversations.test_sealed import STORY, pass_, secret_of, tell

FILE = str(UUID(int=7))


async def count(store: Store, table: type) -> int:
    """Return how many rows there are."""
    async with store.read() as work:
        return int(await work.session.scalar(select(func.count()).select_from(table)) or 0)


async def with_photo(player: Player, *said: str) -> None:
    """Tell a story to be sent sealed, with a photo whose bytes lie in the store, and go on."""
    from domain.messages import FileRef  # noqa: PLC0415

    ref = FileRef(FILE, "photo", "image/jpeg", 5, "bang chung cua Lan.jpg")
    await player.store.files.put(FILE, b"photo")
    async with player.store.work() as work:
        await add(work, player.key("citizen"), [Kept(ref, "0" * 64)])
    await tell(player, "gui kin", STORY)
    file = {"id": FILE, "media": "photo", "mime": "image/jpeg", "size": 5, "name": ref.name}
    await player.say("citizen", {"files": [file], "caption": "", "refused": []})
    await tell(player, *said)


async def test_a_dropped_draft_takes_its_files_with_it(player: Player) -> None:
    """Row and bytes are gone at once, not after a week."""
    await with_photo(player, "huy")
    assert await count(player.store, Attachment) == 0
    with pytest.raises(FileNotFoundError):
        await player.store.files.get(FILE)


async def test_a_sent_file_is_kept_and_written_anew(player: Player) -> None:
    """It can be read, has no name, and neither row nor folder says when it came."""
    await player.seat("head")
    await with_photo(player, "1", "1")
    path = player.store.files._path(FILE)
    before = path.stat().st_ino
    await pass_(player)
    async with player.store.read() as work:
        (row,) = (await work.session.scalars(select(Attachment))).all()
        (case,) = (await work.session.scalars(select(Case))).all()
    assert (row.case_id, row.name, row.sha256, row.at) == (case.id, "", "", case.opened_at)
    assert await player.store.files.get(FILE) == b"photo"
    assert path.stat().st_ino != before


async def test_a_failure_while_it_is_opened_loses_nothing_and_doubles_nothing(
    player: Player, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process breaks in the middle: all is as before, and the next try opens it, once."""
    await player.seat("head")
    await tell(player, "gui kin", STORY, "1")
    right, broken = act._tell, {"left": 2}

    async def breaks(*facts: object) -> None:
        broken["left"] -= 1
        if broken["left"] >= 0:
            raise RuntimeError("the line was cut")
        await right(*facts)  # type: ignore[arg-type]

    monkeypatch.setattr(act, "_tell", breaks)
    clock.pass_(minutes=61)
    await tick(player.store)
    assert await count(player.store, Case) == 0
    assert await count(player.store, Envelope) > 0
    for _ in range(3):
        clock.pass_(minutes=2)
        await tick(player.store)
        await player.settle()
    assert await count(player.store, Case) == 1
    assert len([d for d in player.paper.told if d.address == "head"]) == 1


async def test_danger_is_opened_at_once(player: Player) -> None:
    """Whoever may be in danger comes before what a moment tells: it is read at the very next tick."""
    await player.seat("head")
    await tell(player, "gui kin", "cháy nhà ở thôn 1, lửa to lắm", "1", "gui")
    assert any("114" in d.message.text for d in player.paper.told if d.address == "citizen")
    await tick(player.store)
    assert await count(player.store, Case) == 1


async def test_words_said_with_the_secret_before_it_is_opened_come_with_it(player: Player) -> None:
    """They are kept with what waits, never in the sender's name, and the officer reads both."""
    await player.seat("head")
    await tell(player, "gui kin", STORY, "1")
    secret = secrecy.spell(secret_of(player))
    await tell(player, f"xem {secret}", f"nhan them {secret} tôi còn giữ tin nhắn")
    assert "đang chuyển" in "".join(d.message.text for d in player.paper.told)
    assert await count(player.store, Case) == 0
    await pass_(player)
    assert "tôi còn giữ tin nhắn" in "".join(d.message.text for d in player.paper.told if d.address == "head")
