"""Whom nothing reaches is said plainly: by doctor as faults, and by seed as a list of who is to come in."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from bot.checks import office
from bot.commands import directory
from storage.ground.tables import Chat
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock

DEMO = Path(__file__).parents[2] / "storage" / "seeds" / "demo.yaml"


async def join(store: Store, *codes: str) -> None:
    """Give officials a chat."""
    async with store.work() as work:
        for code in codes:
            person = await people.person_by_code(work, code)
            assert person is not None
            chat = people.open_chat(work, "paper", work.keyring.blind("chat", "paper", code), code)
            chat.person_id = person.id


async def faults(store: Store) -> list[str]:
    """Return what doctor finds at fault in the directory, in order."""
    async with store.read() as work:
        return [f.so for f in await office.examine(work) if (f.group, f.level) == ("directory", "fault")]


async def test_doctor_names_whom_nothing_reaches_the_worst_first(store: Store, clock: StoppedClock) -> None:
    """Duty, heads, units with work, other units, others; who joins is named no more, until they shut it."""
    await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    duty, heads, fields, units, others = await faults(store)
    assert duty == "on duty, and without a live chat: Lê Minh Quý"
    assert heads == "heads without a live chat: Hoàng Đức Thịnh, Đinh Thị Mai Hương"
    assert fields.startswith("units that fields lead to, and where nobody has a live chat: ")
    assert "Công an xã" in fields
    assert units.endswith(": Ủy ban MTTQ Việt Nam xã")
    assert "Hồ Tiến Dũng" in others
    await join(store, "vp_truc", "bi_thu", "ca_dung")
    heads, fields, *_ = await faults(store)
    assert heads == "heads without a live chat: Hoàng Đức Thịnh"
    assert "Công an xã" not in fields
    async with store.work() as work:
        await work.session.execute(update(Chat).values(blocked_at=clock.at))
    assert (await faults(store))[0] == duty


async def test_seeding_ends_with_who_is_to_be_invited(store: Store, clock: StoppedClock) -> None:
    """By code and unit, with the last moment of an open invitation; nothing once everybody has joined."""
    lines = await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    (head,) = [line for line in lines if line.startswith("not joined yet")]
    listed = lines[lines.index(head) + 1 :]
    assert f": {len(listed)}; " in head
    assert "  ca_dung (Công an xã)" in listed
    await directory.invite(store, "ca_dung", "https://desk.example")
    await join(store, "ca_truong")
    listed = await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    assert "  ca_dung (Công an xã), invited until 2026-11-23 09:00" in listed
    assert not any(line.startswith("  ca_truong ") for line in listed)
    clock.at += timedelta(days=8)
    assert "  ca_dung (Công an xã)" in await directory.seed(store, DEMO.read_bytes(), DEMO.name)
    await join(store, *(line.split()[0] for line in listed if line.startswith("  ")))
    assert not any("joined" in line for line in await directory.seed(store, DEMO.read_bytes(), DEMO.name))
