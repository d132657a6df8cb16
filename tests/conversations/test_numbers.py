"""The desk's numbers agree: what a list counts, what the units' lines count, what is told in the evening."""

from datetime import timedelta

from domain.messages import Message
from storage.cases import cases as stored
from storage.store.engine import Store
from tests.conversations.player import Player

BEGINNING = """# x
# y
citizen: cống thôn 3 tắc mấy hôm rồi, mưa là ngập
citizen: 1
neighbour: rác chất đống ở chợ thôn 4 mấy ngày nay, hôi lắm
neighbour: 1
neighbour: gui
officer: nhan LM-6NYWV4N
officer: hoi LM-6NYWV4N Cống ở đoạn nào ạ?
"""


def last(player: Player, who: str) -> str:
    """Return what somebody has read last, with its buttons."""
    message = last_message(player, who)
    return "\n".join([message.text, *(choice.label for choice in message.choices)])


def last_message(player: Player, who: str) -> Message:
    """Return the message somebody has read last."""
    return next(told.message for told in reversed(player.paper.told) if told.address == who)


async def test_a_case_that_waits_for_the_citizen_is_overdue_nowhere(
    player: Player, commune_store: Store
) -> None:
    """Its clock stands still: neither the list of what is overdue nor the line of the unit counts it."""
    await player.play(BEGINNING)
    async with commune_store.work() as work:
        asked = await stored.by_code(work, "LM-6NYWV4N")
        assert asked is not None
        asked.due_at = work.now - timedelta(days=3)
    await player.say("supervisor", {"text": "qua han"})
    assert "LM-6NYWV4N" not in last(player, "supervisor")
    await player.say("supervisor", {"text": "don vi"})
    assert "0 quá hạn" in last(player, "supervisor")


async def test_a_list_counts_all_there_is(player: Player, commune_store: Store) -> None:
    """However many they are, the list says the number that the line of the unit says."""
    await player.play(BEGINNING)
    async with commune_store.work() as work:
        case = await stored.by_code(work, "LM-6NYWV4N")
        assert case is not None
        row = {column.key: getattr(case, column.key) for column in type(case).__table__.columns}
        for number in range(60):
            copy = type(case)(**{**row, "id": None, "code": f"LM-{number:07d}"})
            work.session.add(copy)
    await player.say("supervisor", {"text": "don vi"})
    units = last(player, "supervisor")
    await player.say("supervisor", {"text": "viec"})
    assert "61" in units or "62" in units
    count = next(number for number in ("61", "62") if number in units)
    assert count in last(player, "supervisor").splitlines()[0]


async def test_a_long_list_goes_on(player: Player, commune_store: Store) -> None:
    """Every case of a list can be reached, a page at a time, whatever the list."""
    await player.play(BEGINNING)
    async with commune_store.work() as work:
        case = await stored.by_code(work, "LM-6NYWV4N")
        assert case is not None
        row = {column.key: getattr(case, column.key) for column in type(case).__table__.columns}
        late = {"due_at": work.now - timedelta(days=3), "state": "accepted"}
        for number in range(19):
            work.session.add(type(case)(**{**row, **late, "id": None, "code": f"LM-{number:07d}"}))
    for begun in ("viec", "qua han", "don vi"):
        await player.say("supervisor", {"text": begun})
        seen: set[str] = set()
        if begun == "don vi":
            await player.say("supervisor", {"text": "1"})
        for _ in range(3):
            choices = last_message(player, "supervisor").choices
            seen |= {choice.action.split(":")[1] for choice in choices if choice.action.startswith("show:")}
            if choices[-1].label == "Xem tiếp":
                await player.say("supervisor", {"text": "9"})
        assert {f"LM-{number:07d}" for number in range(19)} <= seen, begun
