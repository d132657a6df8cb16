"""Albums and the worker: their parts are one message, also where something fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

import bot.worker
from bot.desk import Desk
from domain.messages import FileRef, Files, Incoming
from storage.ground.tables import DEAD, DONE, Inbox
from storage.ground.work import Work
from storage.mail import inbox
from storage.mail.inbox import ALBUM_LULL, ALBUM_MOST, Arrived
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper, on_paper
from tests.storage import commune
from tests.storage.commune import put_in, said


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Note the files of each message that is heard; words that are heard fail, as "boom" does."""
    notes: list[list[str]] = []

    async def hear(_work: Work, incoming: Incoming) -> None:
        files = incoming.said.files if isinstance(incoming.said, Files) else ()
        notes.append([file.id for file in files])
        if not files or files[0].id == "boom":
            raise ValueError

    monkeypatch.setattr(bot.worker, "receive", hear)
    return notes


@pytest.fixture
async def desk(store: Store) -> Desk:
    """Open a desk that hears by paper."""
    await commune.settle(store)
    return Desk(store, [Paper()])


def part(name: str) -> Arrived:
    """Make a part of one album."""
    body = on_paper(Files((FileRef(name, "photo", "image/jpeg", 1, "a.jpg"),), name))
    return Arrived("paper", name, "an", body, album="album")


async def states(store: Store) -> dict[str, int]:
    """Return the state of each message."""
    return {row.external_id: row.state for row in await commune.rows(store, Inbox)}


async def all_worked(desk: Desk) -> None:
    """Work until nothing is ready."""
    while await desk.worker.step():
        pass


@pytest.mark.parametrize("careful", [False, True])
async def test_a_neighbour_that_fails_takes_no_album_apart(
    desk: Desk, store: Store, clock: StoppedClock, heard: list[list[str]], *, careful: bool
) -> None:
    """Nor does a start after an unclean stop: its parts are heard as one, once, whatever else happens."""
    await put_in(store, part("a"), part("b"), part("c"), said("ba", "boom"))
    clock.pass_(seconds=ALBUM_LULL.total_seconds())
    desk.worker.careful = careful
    await all_worked(desk)
    assert [one for one in heard if one][-1] == ["a", "b", "c"]
    assert all(one in ([], ["a", "b", "c"]) for one in heard)
    assert [state for name, state in (await states(store)).items() if name in "abc"] == [DONE] * 3
    assert await commune.lanes_agree(store)


async def test_an_album_that_fails_is_tried_and_given_up_as_one(
    desk: Desk, store: Store, clock: StoppedClock, heard: list[list[str]]
) -> None:
    """Eight times whole, then its parts are dead letters together; what was said after it is heard."""
    await put_in(store, part("boom"), Arrived("paper", "odd", "an", {}, album="album"), part("c"))
    after = Arrived("paper", "after", "an", part("d").body)
    await put_in(store, after)
    for _ in range(inbox.MAX_ATTEMPTS + 2):
        clock.pass_(seconds=timedelta(minutes=5).total_seconds())
        await all_worked(desk)
    assert heard == [["boom", "c"]] * (inbox.MAX_ATTEMPTS + 1) + [["d"]]  # in its first batch, too
    assert await states(store) == {"boom": DEAD, "odd": DEAD, "c": DEAD, "after": DONE}
    assert await commune.lanes_agree(store)


async def test_of_more_parts_than_an_album_has_none_is_lost(
    desk: Desk, store: Store, clock: StoppedClock, heard: list[list[str]]
) -> None:
    """The first ten are one message at once, the others another when no more come; odd ones are put aside."""
    names = [f"{number:02}" for number in range(ALBUM_MOST + 3)]
    await put_in(store, *(part(name) for name in names), Arrived("paper", "odd", "an", {}, album="album"))
    await all_worked(desk)
    assert heard == [names[:ALBUM_MOST]]
    clock.pass_(seconds=ALBUM_LULL.total_seconds())
    await all_worked(desk)
    assert heard == [names[:ALBUM_MOST], names[ALBUM_MOST:]]
    assert await states(store) == dict.fromkeys(names, DONE) | {"odd": DEAD}
    assert await commune.lanes_agree(store)


async def test_a_part_whose_file_is_not_here_yet_follows_with_it(
    desk: Desk, store: Store, clock: StoppedClock
) -> None:
    """It came between the look at an album and its turn: the album goes without it."""
    await put_in(store, part("a"), part("b"))
    clock.pass_(seconds=ALBUM_LULL.total_seconds())
    async with store.work() as work:
        (turn,) = (await inbox.take(work, 1, 1)).values()
    await put_in(store, replace(part("late"), files=True))
    async with store.work() as work:
        (again,) = (await inbox.take_one(work, turn[0])).values()
    assert [one.external_id for one in again] == ["a", "b"]
    assert await desk.worker.step() == 0
