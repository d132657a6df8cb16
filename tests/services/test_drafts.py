"""Drafts: asked about by the clock, deleted by it, never changed under the hands of who answers the chat."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.desk import Desk
from scheduler.clock import tick
from services.intake import drafts
from storage.ground import bound
from storage.ground.tables import Chat, Outbox, Timer
from storage.mail import lanes
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper
from tests.storage import commune
from tests.storage.commune import STORY, put_in, said

KEY = "an"


@pytest.fixture
async def half_told(store: Store) -> Store:
    """Let somebody tell a story and not send it."""
    await commune.settle(store)
    await put_in(store, said(KEY, STORY))
    await commune.work_off(Desk(store, [Paper()]))
    return store


def key(store: Store) -> str:
    """Return the chat's key."""
    return store.keyring.blind("chat", "paper", KEY)


async def talk_of(store: Store, chat_key: str) -> dict[str, Any]:
    """Return what is kept of a chat's conversation."""
    async with store.read() as work:
        return await work.session.scalar(select(Chat.talk).where(Chat.key == chat_key)) or {}


async def asked(store: Store) -> list[str]:
    """Return the keys of what the clock said about drafts."""
    async with store.read() as work:
        keys = await work.session.scalars(select(Outbox.key).where(Outbox.key.startswith("draft:")))
        return sorted(keys)


async def test_a_draft_is_asked_about_twice_and_then_gone(half_told: Store, clock: StoppedClock) -> None:
    """Two questions and a last word, each once however often the clock ticks; then no timer is left."""
    for days, said_by_then in ((0.1, 1), (1, 2), (3, 2), (8, 3)):
        start = clock.at
        clock.at += timedelta(days=days)
        await tick(half_told)
        await tick(half_told)
        assert len(await asked(half_told)) == said_by_then
        assert bool(drafts.words(await talk_of(half_told, key(half_told)))) is (said_by_then < 3)
        clock.at = start
    assert await commune.counted(half_told, Timer.kind == drafts.KIND) == 0


async def test_a_chat_that_is_being_answered_is_left_alone(half_told: Store, clock: StoppedClock) -> None:
    """While a worker has the chat's lane the clock changes nothing of it, and comes back to it."""
    clock.at += timedelta(days=8)
    if half_told.engine.dialect.name == "postgresql":  # on SQLite one transaction writes at a time
        async with half_told.work() as busy:
            assert await lanes.hold(busy.session, "in", [key(half_told)])
            assert await tick(half_told) == 0
            assert drafts.words(await talk_of(half_told, key(half_told)))
    assert await tick(half_told) == 1
    assert not drafts.words(await talk_of(half_told, key(half_told)))


async def test_deleting_one_draft_leaves_the_talk_of_others_to_them(
    half_told: Store, clock: StoppedClock
) -> None:
    """Of a chat that is only told something, what its own lane wrote meanwhile stays."""
    clock.pass_(hours=1)
    newer = {"misses": 1}
    async with half_told.work() as work:
        other = (await work.session.scalars(select(Chat).where(Chat.person_id.is_not(None)))).first()
        assert other is not None
        (held,) = await people.hold(work, [key(half_told)])
        table = Chat.__table__
        await bound.rewrite(work.session, table, [bound.key(table, other.key) | {"talk": newer}])
        held.talk, other.menu = {}, ["menu:menu"]
    assert await talk_of(half_told, other.key) == newer
    assert await talk_of(half_told, held.key) == {}


async def test_a_draft_in_confidence_is_never_quoted(half_told: Store, clock: StoppedClock) -> None:
    """What is to be sent sealed does not appear on a phone by itself; after its days it is gone as well."""
    async with half_told.work() as work:
        (chat,) = await people.hold(work, [key(half_told)])
        chat.talk = {**(chat.talk or {}), "answers": {"review": "sealed"}}
    for days in (1, 8):
        clock.pass_(days=days)
        await tick(half_told)
    assert await asked(half_told) == []
    assert not drafts.words(await talk_of(half_told, key(half_told)))
