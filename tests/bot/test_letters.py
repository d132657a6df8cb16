"""`letters`: what the command shows, what it never shows; what it puts back is done once, in order."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot import logs
from bot.__main__ import cli
from bot.channels.channel import Unparsable
from bot.commands import letters as command
from bot.commands.running import Refused
from bot.desk import Desk
from domain.messages import Message, Said, Text
from storage.ground.tables import Inbox, Lane, Outbox
from storage.mail import inbox, lanes, letters, outbox
from storage.mail.inbox import Arrived
from storage.mail.outbox import Limits
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.paper import Paper

WORDS = "Bà Năm nói riêng"
LIMITS = Limits(timedelta(0), 32, timedelta(0))


class Reader(Paper):
    """Paper that reads nothing, until it has learnt to."""

    learnt = False

    def normalize(self, body: object) -> Said | None:
        if not self.learnt:
            raise Unparsable("no such kind of message")
        return Text(str(body))


async def settle(desk: Desk) -> None:
    """Let the desk do all it can."""
    while await desk.fetchers[0].step() or await desk.worker.step() or await desk.senders[0].step():
        pass


async def dead(store: Store, *addresses: str) -> Desk:
    """Let messages arrive that cannot be read; return the desk, whose channel is a Reader."""
    desk = Desk(store, [Reader()])
    for number, address in enumerate(addresses):
        await desk.ingest(Arrived("paper", f"m{number}", address, f"{WORDS} {number}"))
        await settle(desk)
    return desk


async def pending(store: Store) -> list[int]:
    """Return the counters of every lane."""
    async with store.read() as work:
        return list(await work.session.scalars(select(Lane.pending).order_by(Lane.key)))


async def test_the_list_says_all_but_what_was_said(store: Store) -> None:
    """Id, account, direction, when, tries and the reason; neither words nor whose they are."""
    await dead(store, "bà Năm")
    (line,) = await command.listed(store)
    assert "paper  received  2026-11-16 09:00  0 tries  no such kind of message" in line
    assert "Năm" not in line
    async with store.read() as work:
        assert (await letters.listed(work))[0].id == line.split()[0]


async def test_what_is_put_back_is_handled_once_and_in_order(store: Store, clock: StoppedClock) -> None:
    """Oldest first, behind what waits in its chat, and no counter is left behind."""
    desk = await dead(store, "a", "a", "b")
    channel = desk.channels["paper"]
    assert isinstance(channel, Reader)
    channel.learnt = True
    clock.pass_(hours=1)
    await desk.ingest(Arrived("paper", "later", "a", "chưa xong"))
    said = await command.replay(store, [])
    assert len(said) == 3
    assert all(line.endswith("is in line again") for line in said)
    assert await command.replay(store, []) == ["no dead letters"]
    assert sorted(await pending(store)) == [1, 3]
    async with store.read() as work:
        order = select(Inbox.external_id).where(Inbox.state == 0).order_by(Inbox.seq)
        assert list(await work.session.scalars(order)) == ["later", "m0", "m1", "m2"]
    await settle(desk)
    assert set(await pending(store)) == {0}
    assert len(channel.told) == len({delivery.key for delivery in channel.told}) == 4


async def test_what_somebody_else_put_back_is_left_alone(store: Store) -> None:
    """Two look at one list; the second to try changes nothing, and counts nothing twice."""
    await dead(store, "a")
    async with store.read() as work:
        found = await letters.listed(work)
    async with store.work() as work:
        assert await letters.replay(work, found) == found
    async with store.work() as work:
        assert await letters.replay(work, found) == []
        await letters.drop(work, found[0])
    assert await pending(store) == [1]
    async with store.read() as work:
        assert await work.session.scalar(select(Inbox.state)) == 0


async def test_a_message_that_could_not_be_said_goes_on_where_it_stopped(store: Store) -> None:
    """Its first part was sent; the others are, once, when it is put back."""
    await unsaid(store, Message("one"))
    async with store.work() as work:
        await letters.replay(work, await letters.listed(work))
    async with store.work() as work:
        (again,) = await outbox.claim(work, "paper", LIMITS, 9)
    assert (again.message.text, again.attempts, again.progress, again.uncertain) == ("one", 1, 1, False)


async def unsaid(store: Store, message: Message) -> None:
    """Post a message of which one part goes out before it is given up."""
    async with store.work() as work:
        key = work.keyring.blind("chat", "paper", "a")
        work.post(people.open_chat(work, "paper", key, "a"), message, "notice:1")
    async with store.work() as work:
        (delivery,) = await outbox.claim(work, "paper", LIMITS, 9)
        await outbox.progress(work, [(delivery, 1)], LIMITS)
        await outbox.give_up(work, delivery, "refused", LIMITS)


async def test_what_was_told_in_confidence_cannot_be_said_again(store: Store) -> None:
    """Its words left the outbox when it was given up: it is not put back, and the command says why."""
    await unsaid(store, Message("the secret", once=True))
    (line,) = await command.replay(store, [])
    assert "is empty" in line
    assert await pending(store) == [0]


async def test_a_chat_that_is_being_worked_on_is_left_alone(postgres_store: Store) -> None:
    """Nobody waits for another replica's chat: it is said that it is busy."""
    await dead(postgres_store, "a")
    async with postgres_store.work() as other:
        held = await lanes.hold(other.session, "in", [other.keyring.blind("chat", "paper", "a")])
        assert held
        (line,) = await command.replay(postgres_store, [])
        assert "busy" in line
    (line,) = await command.replay(postgres_store, [])
    assert "in line again" in line


async def test_content_is_shown_only_when_asked_for_and_that_is_noted(store: Store, tmp_path: Path) -> None:
    """Without --reveal nothing of it; with it all of it, and a line in the ledger before."""
    await dead(store, "a")
    ledger = tmp_path / command.LEDGER
    (wanted, *_) = (await command.listed(store))[0].split()
    assert WORDS not in "\n".join(await command.show(store, wanted, None))
    assert not ledger.exists()
    assert WORDS in "\n".join(await command.show(store, wanted, ledger))
    noted = json.loads(ledger.read_text())
    assert noted["letter"] == wanted
    assert noted["by"]
    assert WORDS not in ledger.read_text()
    with pytest.raises(OSError, match="no-such-folder"):
        await command.show(store, wanted, tmp_path / "no-such-folder" / "x")


async def test_what_is_given_up_is_empty_and_never_taken_for_new(store: Store) -> None:
    """Its words are gone; the platform delivers it again, and nothing happens."""
    desk = await dead(store, "a")
    (wanted, *_) = (await command.listed(store))[0].split()
    await command.drop(store, wanted)
    assert await command.listed(store) == ["no dead letters"]
    async with store.read() as work:
        assert (await work.session.scalar(select(Inbox.body)) or {}).items() >= {
            "address": "",
            "raw": None,
        }.items()
    async with store.work() as work:
        await inbox.store(work, [Arrived("paper", "m0", "a", WORDS)])
    await settle(desk)
    assert await command.listed(store) == ["no dead letters"]
    with pytest.raises(Refused, match="no dead letter"):
        await command.drop(store, wanted)


async def test_a_message_of_ours_that_is_given_up_is_empty_too(store: Store) -> None:
    """The same on the way out."""
    await unsaid(store, Message("one"))
    (wanted, *_) = (await command.listed(store))[0].split()
    await command.drop(store, wanted)
    async with store.read() as work:
        assert (await work.session.scalar(select(Outbox.body)) or {}).items() >= {"text": ""}.items()


@pytest.mark.parametrize("typed", [["letters"], ["letters", "list"]])
def test_the_command_line(typed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone it lists; what it cannot do it says in one line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(logs, "configure", lambda *_: None)  # of this process
    ended: Any = CliRunner().invoke(cli, typed)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines()[-1] == "no dead letters"
    if typed == ["letters"]:
        missing: Any = CliRunner().invoke(cli, ["letters", "show", "in-0"])
        assert missing.exit_code == 1
        assert "there is no dead letter 'in-0'" in missing.stderr
        assert CliRunner().invoke(cli, ["letters", "replay"]).exit_code == 2
