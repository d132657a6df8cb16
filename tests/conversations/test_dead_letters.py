"""What a channel cannot read is a dead letter: an admin sees that it is there, and has it tried again."""

from typing import Any

import pytest

from bot.channels.channel import Unparsable
from domain.cases import NotAllowed
from domain.messages import Message, Said, Text
from handlers.admin.letters import OPTIONS
from handlers.door.catalogue import CONVERSATIONS
from handlers.engine.conversation import Talk, Turn
from storage.mail import letters
from storage.mail.inbox import Arrived
from storage.people import people
from tests.conversations.player import Player

SAID = "Ông Tám trưởng thôn lấy tiền hỗ trợ"
STRANGE = {"scroll": SAID}
"""What paper cannot be read of, until it learns to."""


async def settle(player: Player) -> None:
    """Let fetcher, worker and sender run until nothing is left to do."""
    while await player.desk.fetchers[0].step() or await player.desk.worker.step():
        pass
    await player.settle()


async def strange(player: Player, who: str = "hoa", number: int = 1) -> None:
    """Let somebody send what cannot be read yet."""
    await player.desk.ingest(Arrived("paper", f"strange{number}", who, STRANGE))
    await settle(player)


async def ask(player: Player, body: dict[str, Any]) -> Message:
    """Let the admin ask; return the answer."""
    await player.say("admin", body)
    await settle(player)
    return [told.message for told in player.paper.told if told.address == "admin"][-1]


def told(player: Player, who: str) -> list[str]:
    """Return what somebody was told."""
    return [delivery.message.text for delivery in player.paper.told if delivery.address == who]


def learn(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let paper be read better from now on."""
    before = player.paper.normalize

    def normalize(body: object) -> Said | None:
        match body:
            case {"scroll": str(text)}:
                return Text(text)
        return before(body)

    monkeypatch.setattr(player.paper, "normalize", normalize)


async def test_it_is_seen_tried_again_and_then_answered_once(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat goes on meanwhile; trying too early changes nothing; after the fix there is one answer."""
    await player.seat("admin")
    await strange(player)
    assert told(player, "hoa") == []
    await player.say("hoa", {"text": "Cảm ơn"})
    seen = await ask(player, {"text": "Thư lỗi"})
    assert "Thư lỗi (không đọc được hoặc không gửi được): 1" in seen.text
    assert "1. paper, tin đến, 09:" in seen.text
    assert "not on paper" in seen.text
    assert "Tám" not in seen.text
    (button,) = seen.choices
    assert button.label == "Thử lại 1"

    assert "Đã đưa 1 tin" in (await ask(player, {"tap": button.action})).text
    async with player.store.read() as work:
        (letter,) = await letters.listed(work)
        assert (letter.reason, letter.attempts) == ("not on paper", 0)
    learn(player, monkeypatch)
    before = len(told(player, "hoa"))
    await ask(player, {"tap": f"menu:retry_letter:{letter.id}"})
    assert len(told(player, "hoa")) == before + 1
    assert "không còn trong thư lỗi" in (await ask(player, {"tap": button.action})).text
    assert len(told(player, "hoa")) == before + 1
    assert "Không có thư lỗi" in (await ask(player, {"text": "thu loi"})).text


async def test_all_at_once_and_the_newest_five(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven wait, five are shown, and one button tries all: each sender hears once, in what order it was."""
    await player.seat("admin")
    for number in range(7):
        await strange(player, f"citizen{number % 3}", number)
    seen = await ask(player, {"text": "thu loi"})
    assert "6. paper" not in seen.text
    assert [choice.label for choice in seen.choices] == [f"Thử lại {n}" for n in range(1, 6)] + [
        "Thử lại tất cả"
    ]
    learn(player, monkeypatch)
    assert "Đã đưa 7 tin" in (await ask(player, {"tap": seen.choices[-1].action})).text
    assert [len(told(player, f"citizen{n}")) for n in range(3)] == [3, 2, 2]


async def test_others_are_told_whom_to_ask(player: Player) -> None:
    """An official who is no admin neither sees nor tries; a forged button does not help."""
    await player.seat("officer")
    await strange(player)
    await player.say("officer", {"tap": "menu:retry_letter:all"})
    await player.say("officer", {"text": "thu loi"})
    assert all("quản trị" in text for text in told(player, "officer")[-2:])
    async with player.store.work() as work:
        chat = await people.chat(work, player.key("officer"))
        for option in OPTIONS.values():
            with pytest.raises(NotAllowed):
                await option(Turn(work, chat, Talk.of(chat), CONVERSATIONS), "all")
    with pytest.raises(Unparsable):
        player.paper.normalize(STRANGE)
    async with player.store.read() as work:
        assert await letters.count(work) == 1


async def test_what_was_heard_in_the_meantime_came_when_it_came(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The term of a report that was a dead letter for a day runs from the day it was sent."""
    heard = []
    await strange(player)
    async with player.store.read() as work:
        sent = work.now
    player.clock.pass_(days=1)
    learn(player, monkeypatch)

    async def receive(_work: object, incoming: Any) -> None:  # noqa: ANN401 - whatever the worker reads
        heard.append(incoming.at)

    monkeypatch.setattr("bot.worker.receive", receive)
    async with player.store.work() as work:
        await letters.replay(work, await letters.listed(work))
    await settle(player)
    assert heard == [sent]
