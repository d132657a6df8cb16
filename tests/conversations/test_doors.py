"""Whatever comes in by a door, in any state of a chat, is answered; what fails costs its own chat alone."""

import random
import threading
from collections.abc import Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import func, select

import bot.worker
import locales
from domain.messages import (
    MOST_LETTERS,
    Contact,
    Edited,
    Files,
    Incoming,
    Location,
    Said,
    Text,
    Unsupported,
    within_bounds,
)
from handlers.door.bounds import fitting
from handlers.door.catalogue import CONVERSATIONS
from handlers.door.receive import receive
from handlers.engine.conversation import Talk, Turn
from storage.ground.tables import DONE, OPEN, Inbox, Outbox
from storage.ground.work import Work
from storage.mail.inbox import Arrived
from tests.amounts import times
from tests.conftest import MONDAY, StoppedClock
from tests.conversations.conftest import Commune
from tests.conversations.paper import on_paper
from tests.conversations.player import Player
from tests.conversations.test_forged_taps import OTHERS, SEATS, Desk, _made_up

STORY = "cống thôn 3 tắc mấy hôm rồi, mưa là ngập đường"
LONG = "một hai ba " * 800
FIRE = f"cháy nhà ở thôn 3, có người kẹt bên trong! {LONG}"
STATES: tuple[tuple[str, ...], ...] = (
    (),
    ("menu",),
    ("tra cuu",),
    (STORY,),
    (STORY, "2"),
    ("đèn đường hỏng",),
    (STORY, "1"),
    (STORY, "1", "menu"),
    ("guikin",),
    ("guikin", STORY),
    ("ngon ngu",),
    ("gap nguoi",),
    ("du lieu cua toi",),
    ("thu tuc",),
    ("noi kenh",),
)
OF_OFFICIALS: tuple[tuple[str, ...], ...] = (
    (),
    ("menu",),
    ("viec",),
    ("quahan",),
    ("nghi",),
    ("tai quay",),
    ("help",),
)
TYPED = (
    *(f"00{n}085012345" for n in range(1, 10)),
    "079204000123",
    "0905123456",
    "9" * 30,
    "٣",
    "²",
    "0 1",
    "1️⃣",
    "-1",
    "1.",
    "\x00",
    "\u202e1",
    "LM-7K3M2R9",
    "1288 9439 7415 9996",
    "x" * (MOST_LETTERS + 1),
    "1 " * MOST_LETTERS,
    "http://a.vn/ " * 1000,
    LONG,
)
SHARED: tuple[Any, ...] = (
    Edited(LONG),
    Edited("001085012345"),
    Location(0.0, 0.0),
    Location(18.34, 105.9, LONG),
    Contact("0" * 500),
    Contact("0905123456", own=True),
)


@pytest.fixture(autouse=True)
def same_codes() -> None:
    """Let every case have a code of its own: many tests share one desk here."""


@pytest.fixture(scope="module")
def desk(commune: Commune, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Open one desk with a case, and somebody in every seat."""
    opened = Desk(commune, tmp_path_factory.mktemp("doors"))
    yield opened
    opened.loop.run_until_complete(opened.store.close())
    opened.loop.close()


def _anything(dice: random.Random, code: str) -> dict[str, Any]:
    match dice.randrange(5):
        case 0 | 1:
            return {"text": dice.choice(TYPED)}
        case 2:
            return {"tap": dice.choice(OTHERS)}
        case 3:
            return {"tap": _made_up(dice, code)}
        case _:
            return on_paper(dice.choice(SHARED))


@pytest.mark.storm
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_said_in_any_state_no_worker_fails(desk: Desk, seed: int) -> None:
    """Identity numbers at an open menu, forged buttons, words without end: none is tried twice."""
    dice, before = random.Random(seed), desk.failed()
    for n in range(times(25)):
        official = dice.random() < 0.4
        who = dice.choice(SEATS) if official else f"visitor-{seed}-{n}"
        for said in dice.choice(OF_OFFICIALS if official else STATES):
            desk.loop.run_until_complete(desk.player.say(who, {"text": said}, silent=True))
        for _ in range(2):
            said = _anything(dice, desk.code)
            desk.loop.run_until_complete(desk.player.say(who, said, silent=True))
            assert desk.failed() == before, f"{who}: {str(said)[:200]}"


@pytest.mark.parametrize("state", [("menu",), (STORY,), ("guikin", STORY)])
def test_an_identity_number_at_an_open_menu_is_answered(desk: Desk, state: tuple[str, ...]) -> None:
    """It begins like an option's digit, and is none."""
    who = f"identity-{'-'.join(state)[:9]}"
    for said in (*state, "001085012345", "008204000123"):
        desk.type(who, said)
    assert not desk.failed()


# --- what is too long ----------------------------------------------------------------------------


def _came(said: Any) -> Incoming:  # noqa: ANN401 - of any kind
    return Incoming("paper", "lane", "somebody", "m1", MONDAY, said)


@pytest.mark.parametrize("kind", [Text, Edited])
def test_words_are_taken_up_to_their_bound(kind: type[Text | Edited]) -> None:
    """One letter more is refused, and what is refused is passed on only as far as it may be read."""
    (taken,) = within_bounds(_came(kind("x" * MOST_LETTERS)))
    (refused,) = within_bounds(_came(kind("x" * (MOST_LETTERS + 1))))
    assert taken.said == kind("x" * MOST_LETTERS)
    assert refused.said == Unsupported("too_long", "x" * MOST_LETTERS)


def test_files_are_kept_when_their_words_are_too_long() -> None:
    """Both are answered, each once: their replies have keys of their own."""
    kept, refused = within_bounds(_came(Files((), LONG)))
    assert kept.said == Files(())
    assert isinstance(refused.said, Unsupported)
    assert kept.external_id != refused.external_id


def test_what_is_too_long_is_refused_in_words_that_say_how_to_go_on(desk: Desk) -> None:
    """In both languages, and nothing of it becomes a draft."""
    told = [desk.press("long", "menu:english"), *_answers(desk, "long", LONG)]
    assert told[-1] == locales.words("en")("unsupported.too_long").strip()
    (vietnamese,) = _answers(desk, "dai", LONG)
    assert vietnamese == locales.words("vi")("unsupported.too_long").strip()
    assert "PDF" in vietnamese
    assert "8.000" in vietnamese


def test_what_is_too_long_does_not_end_an_open_question(desk: Desk) -> None:
    """It is said why, and asked again."""
    desk.type("asked", STORY)
    (again,) = _answers(desk, "asked", LONG)
    assert again.startswith(locales.words("vi")("unsupported.too_long").strip())
    assert "cống" in again.lower()


def test_danger_is_heard_in_what_is_too_long(desk: Desk) -> None:
    """Who calls for help gets the numbers and is told what else to do; the alarm rings."""
    (answer,) = _answers(desk, "burning", FIRE)
    assert "114" in answer
    assert locales.words("vi")("unsupported.too_long").strip() in answer


def test_a_draft_has_an_end_too_and_can_still_be_sent(desk: Desk) -> None:
    """What it tells is read again with each addition; short answers and “send” are heard all the same."""
    full = locales.words("vi")("unsupported.draft_full").strip()
    desk.type("endless", STORY)
    told = [_answers(desk, "endless", f"{n}. {'cống nghẹt lâu lắm ' * 380}")[0] for n in range(6)]
    assert not told[0].startswith(full)
    assert told[-1].startswith(full)
    (sent,) = _answers(desk, "endless", "gui")
    assert "LM-" in sent


def test_only_a_report_grows_too_long() -> None:
    """Whatever else a conversation keeps, of an office's people for one, leaves room for an answer."""
    long = {"people": {str(n): "x" * 100 for n in range(1000)}}
    said = Text("Nguyễn Thị Hoa nghỉ ốm dài ngày, có giấy của bệnh viện tỉnh kèm theo đơn này")

    def fitted(flow: str) -> Said:
        turn = SimpleNamespace(talk=Talk(flow=flow, seed=long), conversation=CONVERSATIONS[flow])
        return fitting(cast("Turn", turn), said)

    assert fitted("away") == said
    assert fitted("report") == Unsupported("draft_full", said.text)


def test_danger_is_heard_in_what_no_longer_fits(desk: Desk) -> None:
    """Also where the draft is full."""
    desk.type("full", STORY)
    for n in range(4):
        desk.type("full", f"{n}. {'nước ngập sâu lắm ' * 380}")
    (answer,) = _answers(desk, "full", f"cháy nhà ở thôn 3, có người kẹt bên trong! {'nước ngập ' * 600}")
    assert "114" in answer


async def test_long_words_are_read_beside_the_loop(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, and with the draft they are added to: nothing long is read where others would wait for it."""
    where: list[tuple[int, bool]] = []
    async with player.store.read() as work:
        ear = work.rules.understanding
    reading = ear._read

    def noting(text: str) -> Any:  # noqa: ANN401 - as it returns
        where.append((len(text), threading.current_thread() is threading.main_thread()))
        return reading(text)

    monkeypatch.setattr(ear, "_recent", lru_cache(maxsize=64)(noting))
    for said in (STORY, "nước ngập sâu lắm " * 300, "nước vẫn ngập sâu " * 300):
        await player.say("somebody", {"text": said})
    long = [on_the_loop for letters, on_the_loop in where if letters > 2000]
    assert long
    assert not any(long)


def _answers(desk: Desk, who: str, text: str) -> list[str]:
    before = len(desk.player.paper.told)
    desk.type(who, text)
    return [told.message.text.strip() for told in desk.player.paper.told[before:] if told.address == who]


# --- what fails ----------------------------------------------------------------------------------


class _Bug(Exception):
    """What nobody thought of."""


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make every message fail that says so; returns the chats whose messages were tried, in order."""
    tried: list[str] = []

    async def receiving(work: Work, incoming: Incoming) -> None:
        tried.append(incoming.address)
        await receive(work, incoming)
        if incoming.said == Text("độc"):
            raise _Bug

    monkeypatch.setattr(bot.worker, "receive", receiving)
    return tried


async def test_a_message_that_fails_costs_its_own_chat_alone(player: Player, poisoned: list[str]) -> None:
    """The others of the batch are answered together by the same step; what failed waits, and left nothing."""
    people = [f"p{n}" for n in range(12)]
    for n, who in enumerate(people):
        await player.desk.ingest(Arrived("paper", f"m{n}", who, {"text": "độc" if n in {3, 7} else "menu"}))

    await player.desk.worker.step()

    async with player.store.read() as work:
        rows = (await work.session.execute(select(Inbox.external_id, Inbox.state, Inbox.attempts))).all()
    failed = {"m3", "m7"}
    assert {row.external_id for row in rows if row.state == OPEN} == failed
    assert {row.external_id: row.attempts for row in rows if row.external_id in failed} == dict.fromkeys(
        failed, 1
    )
    assert poisoned == [*people, *(one for one in people if one not in {"p3", "p7"}), "p3", "p7"]
    assert await _replies(player) == len(people) - len(failed)


async def test_who_writes_after_a_message_that_failed_is_answered_when_it_is_given_up(
    player: Player, poisoned: list[str], clock: StoppedClock
) -> None:
    """The chat waits for its own bad message, and no longer than that is tried."""
    for n, text in enumerate(("độc", "menu")):
        await player.desk.ingest(Arrived("paper", f"m{n}", "somebody", {"text": text}))
    for _ in range(12):
        await player.desk.worker.step()
        clock.pass_(minutes=5)
    assert await _replies(player) == 1
    assert poisoned[-1] == "somebody"


async def test_what_a_channel_cannot_even_read_costs_its_own_chat_alone(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of a reader is not everybody's either."""
    reads = player.paper.normalize

    def breaking(body: Any) -> Any:  # noqa: ANN401 - as the channel's
        if body == {"text": "độc"}:
            raise _Bug
        return reads(body)

    monkeypatch.setattr(player.paper, "normalize", breaking)
    for n, text in enumerate(("menu", "độc", "menu")):
        await player.desk.ingest(Arrived("paper", f"m{n}", f"p{n}", {"text": text}))
    await player.desk.worker.step()
    async with player.store.read() as work:
        done = await work.session.scalars(select(Inbox.external_id).where(Inbox.state == DONE))
        assert set(done) == {"m0", "m2"}


async def _replies(player: Player) -> int:
    """Count the replies that are to be sent."""
    async with player.store.read() as work:
        return int(await work.session.scalar(select(func.count()).where(Outbox.key.like("reply:%"))) or 0)
