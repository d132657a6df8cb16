"""The commands about areas, units, people and roles: what they print, change and refuse."""

import io
from pathlib import Path

import pytest

from bot.commands import directory
from bot.commands.running import Refused
from services.office import joining
from storage.mail import inbox
from storage.mail.inbox import Arrived
from storage.people import people
from storage.store.engine import Store

DEMO = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"
MERGER = {"unit": "kt_xa", "into": "vhxh_xa", "on": "2026-12-01", "carry": True}


async def units(store: Store) -> dict[str, object]:
    """Return the last day of every unit."""
    async with store.read() as work:
        return {unit.code: unit.valid_to for unit in work.rules.directory.units}


async def test_a_merger_is_seen_before_it_is_made_and_can_be_undone(store: Store) -> None:
    """--check writes nothing; what was made stands in the list, and undo takes it back."""
    await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    before = await units(store)
    lines = await directory.merge(store, MERGER, check=True)
    assert lines == ["units: 1", "roles: 6", "open cases that move: 0", "checked only: nothing was written"]
    assert await units(store) == before
    assert (await directory.merge(store, MERGER, check=False))[-1] == "done, as change 2"
    assert str((await units(store))["kt_xa"]) == "2026-11-30"
    newest, oldest = await directory.listed(store)
    assert newest.startswith("2: 2026-11-16 09:00 Phòng Kinh tế nhập vào Phòng Văn hóa - Xã hội")
    assert oldest.startswith("1: 2026-11-16 09:00 seed demo.yaml")
    assert (await directory.undo(store))[0].startswith("change 2 is undone")
    assert await units(store) == before
    assert "(undone)" in (await directory.listed(store))[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"unit": "kt_x"}, "did you mean “kt_xa”?"),
        ({"unit": "tan_lap_mau"}, "a unit into a unit, or a commune or a hamlet into a commune"),
        ({"unit": "vp_xa"}, "no reception desk would be left"),
        ({"into": "kt_xa"}, "they are the same"),
        ({"on": "2026-11-01"}, "the day is past"),
    ],
)
async def test_a_merger_that_makes_no_sense_is_refused(
    sqlite_store: Store, asked: dict[str, object], said: str
) -> None:
    """One line says why, and nothing changes."""
    await directory.seed(sqlite_store, DEMO.read_bytes(), DEMO.name)
    before = await units(sqlite_store)
    with pytest.raises(Refused, match=said):
        await directory.merge(sqlite_store, MERGER | asked, check=False)
    assert await units(sqlite_store) == before


async def test_there_may_be_nothing_to_undo(sqlite_store: Store) -> None:
    """An empty desk has no changes, and an earlier one waits for the later one that touches the same."""
    assert await directory.listed(sqlite_store) == ["no change yet"]
    with pytest.raises(Refused, match="no such change"):
        await directory.undo(sqlite_store)
    await directory.seed(sqlite_store, DEMO.read_bytes(), DEMO.name)
    await directory.merge(sqlite_store, MERGER, check=False)
    with pytest.raises(Refused, match="undo change 2 first"):
        await directory.undo(sqlite_store, 1)


async def seated(store: Store) -> None:
    """Seed the demo's office and give one of its officials two chats."""
    await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    async with store.work() as work:
        person = await people.person_by_code(work, "chu_tich")
        assert person is not None
        await inbox.store(work, [Arrived("paper", name, name, {"text": "x"}) for name in ("old", "new")])
        for name in ("old", "new"):
            chat = people.open_chat(work, "paper", work.keyring.blind("chat", "paper", name), name)
            chat.person_id, chat.joined_at = person.id, work.now


async def test_the_chats_of_an_official_are_listed_and_ended(store: Store) -> None:
    """One by its number or all of them, a head's too: whoever sits here has the server. It is recorded."""
    await seated(store)
    lines = await directory.chats(store, "chu_tich")
    assert [line[:36] for line in lines] == [f"{n}: another channel, since 2026-11-16" for n in (1, 2)]
    assert await directory.end_chats(store, "chu_tich", 2) == ["ended: 1, left: 1"]
    with pytest.raises(Refused, match="works in 1 chats"):
        await directory.end_chats(store, "chu_tich", 2)
    assert await directory.end_chats(store, "chu_tich", None) == [
        "ended: 1, left: 0",
        "nothing reaches chu_tich now: `python -m bot invite chu_tich`",
    ]
    assert await directory.chats(store, "chu_tich") == ["chu_tich works in no chat"]
    assert "Ngắt một nơi nhắn tin của Hoàng Đức Thịnh" in (await directory.listed(store))[0]
    with pytest.raises(Refused, match="did you mean “chu_tich”"):
        await directory.chats(store, "chu_tic")


@pytest.mark.parametrize("end_old", [True, False])
async def test_an_invitation_may_be_one_that_ends_the_older_chats(store: Store, *, end_old: bool) -> None:
    """Whoever comes in by it works there alone."""
    await seated(store)
    token = (await directory.invite(store, "chu_tich", "https://xa.example", end_old=end_old))[1]
    async with store.work() as work:
        await inbox.store(work, [Arrived("paper", "newest", "newest", {"text": "x"})])
        chat = people.open_chat(work, "paper", work.keyring.blind("chat", "paper", "newest"), "newest")
        came = await joining.join(work, chat, token)
        assert came is not None
        assert came.ended == (2 if end_old else 0)
    assert len(await directory.chats(store, "chu_tich")) == (1 if end_old else 3)


@pytest.mark.parametrize("terminal", [True, False])
async def test_a_seed_says_on_a_terminal_alone_how_far_it_is(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, *, terminal: bool
) -> None:
    """One line is written over, and gone when the counts are printed; where it is kept nothing is written."""
    seen = io.StringIO()
    monkeypatch.setattr(seen, "isatty", lambda: terminal)
    monkeypatch.setattr("sys.stderr", seen)
    await directory.seed(sqlite_store, DEMO.read_bytes(), DEMO.name)
    told = seen.getvalue().split("\r\x1b[K")[1:]
    kinds = [line.split(" ")[0] for line in told]
    assert kinds == (["reading", "checking", "writing", ""] if terminal else [])
