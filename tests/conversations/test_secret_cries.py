"""Danger told with the secret of a sealed case: the numbers first, opened at the next tick, and it rings."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.stories import Attach, Pass
from domain import secrecy
from domain.cases import State
from scheduler.clock import tick
from services.standing.parties import URGENT
from tests.conftest import StoppedClock
from tests.conversations.conftest import Commune
from tests.conversations.player import Player
from tests.conversations.test_sealed import STORY, pass_, rows, sealed_case, secret_of, tell, tied

CRY = "chúng nó đến nhà tôi cầm dao chém tôi ở thôn 1, cứu tôi với"
DOUBT = "trong nhà tôi có mùi gas"
NIGHT = datetime(2026, 11, 16, 16, 30, tzinfo=UTC)
TABLE = Path(__file__).with_name("secret_cries.tsv")


def last(player: Player, who: str = "citizen") -> str:
    """Return what somebody was told last."""
    return [told.message.text for told in player.paper.told if told.address == who][-1]


def told(player: Player, who: str, since: int = 0) -> str:
    """Return all that somebody was told since then."""
    return "\n".join(one.message.text for one in player.paper.told[since:] if one.address == who)


async def tick_now(player: Player) -> None:
    """Let the clock look once, as it does every second."""
    await tick(player.store)
    await player.settle()


@pytest.fixture
async def secret(player: Player) -> str:
    """Return the secret of a case that was sent and opened, with those who may read it seated."""
    await player.seats(("head", "party", "officer", "duty"))
    await tell(player, STORY, "4", "1", "1")
    await pass_(player)
    return secret_of(player)


FORMS = {
    "on a visit": ("xem {secret}", "{cry}"),
    "beside the secret": ("{secret} {cry}",),
    "after asking to add": ("xem {secret}", "1", "{cry}"),
    "where it is asked whether to withdraw": ("xem {secret}", "2", "{cry}"),
    "added by a word": ("nhắn thêm {secret}: {cry}",),
}


@pytest.mark.parametrize("form", FORMS)
async def test_a_cry_under_a_secret_rings_at_the_next_tick(player: Player, secret: str, form: str) -> None:
    """At night too: the sender reads whom to call and that it does not wait, whoever may read it is woken."""
    player.clock.at, since = NIGHT, len(player.paper.told)
    await tell(player, *(said.format(secret=secrecy.spell(secret), cry=CRY) for said in FORMS[form]))
    assert last(player).startswith("⚠️")
    assert "113" in last(player)
    assert "chuyển ngay" in last(player)
    await tick_now(player)
    case = await sealed_case(player.store)
    assert (case.urgency, case.state, case.place.startswith("thôn 1")) == (URGENT, State.RECEIVED, True)
    assert "cầm dao chém tôi" in told(player, "head", since)
    assert not told(player, "officer", since)
    since = len(player.paper.told)
    await pass_(player, 31)
    assert all("CHƯA AI NHẬN" in told(player, who, since) for who in ("head", "party"))
    assert await tied(player) == ["sealed_identity"]


async def test_whoever_has_the_case_is_woken_and_may_take_it_again(player: Player, secret: str) -> None:
    """It was taken days ago: it is nobody's until somebody says that they go; then it rings no more."""
    code = (await sealed_case(player.store)).code
    await tell(player, f"nhan {code}", who="head")
    await player._pass(Pass(0, 2, "day"))
    player.clock.at, since = NIGHT + timedelta(days=3), len(player.paper.told)
    await tell(player, f"{secret} {CRY}")
    await tick_now(player)
    assert "KHẨN" in told(player, "head", since)
    await tell(player, f"nhan {code}", who="head")
    assert (await sealed_case(player.store)).state == State.ACCEPTED
    since = len(player.paper.told)
    await tell(player, f"{secret} nó quay lại cầm dao chém tôi")
    await tick_now(player)
    assert (await sealed_case(player.store)).state == State.ACCEPTED
    assert "quay lại" in told(player, "head", since)


async def test_a_cry_is_heard_when_the_case_is_withdrawn_too(player: Player, secret: str) -> None:
    """What is over is not over for whoever is in danger now."""
    await tell(player, f"xem {secret}", "2", "1")
    await pass_(player)
    assert (await sealed_case(player.store)).state == State.WITHDRAWN
    await tell(player, f"{secret} {CRY}")
    await tick_now(player)
    assert (await sealed_case(player.store)).state == State.RECEIVED


async def test_a_cry_beside_a_report_that_waits_lets_both_be_opened(player: Player) -> None:
    """At night it waited for the morning; now neither waits."""
    await player.seat("head")
    player.clock.at = NIGHT
    await tell(player, STORY, "4", "1", "1")
    await tell(player, f"{secret_of(player)} {CRY}")
    assert "113" in last(player)
    await tick_now(player)
    assert (await sealed_case(player.store)).urgency == URGENT
    assert "cầm dao chém tôi" in told(player, "head")


async def test_a_photo_with_the_cry_goes_with_it(player: Player, secret: str) -> None:
    """Under the secret or on a visit, as words do."""
    await tell(player, f"xem {secret}")
    await player.say("citizen", await player._file(Attach(7, "citizen", "photo")) | {"caption": CRY})
    assert "113" in last(player)
    await tick_now(player)
    case = await sealed_case(player.store)
    assert (case.files, case.urgency) == (1, URGENT)


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("answer", ["1", "2"])
async def test_what_may_be_danger_is_kept_and_asked_about(
    player: Player, answer: str, *, waits: bool
) -> None:
    """Yes: it is a cry, and told once. No: the words go among others. Either way none are lost."""
    await player.seat("head")
    await tell(player, STORY, "4", "1", "1")
    await pass_(player, 1 if waits else 61)
    await tell(player, f"{secret_of(player)} {DOUBT}")
    assert "nguy hiểm" in last(player)
    await tell(player, answer)
    await tick_now(player)
    assert (DOUBT in told(player, "head")) == (answer == "1")
    await pass_(player)
    assert DOUBT in told(player, "head")
    kept = [row for table, row in await rows(player.store) if table == "case_event" and DOUBT in row]
    assert len(kept) == 1
    assert ((await sealed_case(player.store)).urgency == URGENT) == (answer == "1")


async def test_silence_after_the_question_is_passed_on_by_the_clock(player: Player, secret: str) -> None:
    """Whoever can write no more is heard; nothing of it appears on the phone by itself."""
    await tell(player, f"{secret} {DOUBT}")
    assert "nguy hiểm lúc này không" in last(player)
    since = len(player.paper.told)
    await player._pass(Pass(0, 6, "minute"))
    await tick_now(player)
    assert (await sealed_case(player.store)).urgency == URGENT
    assert DOUBT in told(player, "head", since)
    assert not told(player, "citizen", since)


async def test_beside_a_wrong_secret_the_numbers_come_first(player: Player, secret: str) -> None:
    """Nothing was kept, which is said, and how it is heard."""
    await tell(player, f"xem {secret[:15]} {CRY}")
    assert last(player).startswith("⚠️")
    assert "không kèm mã" in last(player)


async def test_where_nobody_can_be_told_nobody_is_promised(player: Player) -> None:
    """Nobody who may read it has a chat: the sender is told to call."""
    await tell(player, STORY, "4", "1", "1")
    await pass_(player)
    await tell(player, f"{secret_of(player)} {CRY}")
    assert "chưa ai" in last(player)


# --- many ways to say it --------------------------------------------------------------------------


class Desk:
    """A desk with one sealed case, whose sender says one thing after the other."""

    def __init__(self, commune: Commune, folder: Path) -> None:
        self.loop, self.clock = asyncio.new_event_loop(), StoppedClock()
        self.store = commune.open(folder, self.clock)
        self.player = Player(self.store, self.clock)
        self.loop.run_until_complete(self._send())
        self.secret = secret_of(self.player)

    async def _send(self) -> None:
        await self.player.seat("head")
        await tell(self.player, STORY, "4", "1", "1")
        await pass_(self.player)

    def answer(self, text: str) -> str:
        """Return what the sender is told to this, said beside the secret."""
        self.loop.run_until_complete(tell(self.player, f"{self.secret} {text}"))
        return last(self.player)


@pytest.fixture(scope="module")
def desk(commune: Commune, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Open it once."""
    opened = Desk(commune, tmp_path_factory.mktemp("cries"))
    yield opened
    opened.loop.run_until_complete(opened.store.close())
    opened.loop.close()


@pytest.mark.parametrize("line", TABLE.read_text().splitlines())
def test_danger_is_told_from_what_can_wait(desk: Desk, line: str) -> None:
    """Each sentence, said beside the secret: it goes at once, is asked about, or goes among others."""
    what, text = line.split("\t")
    said = desk.answer(text)
    found = "now" if "GỌI NGAY" in said else "no"
    assert ("ask" if "nguy hiểm lúc này không" in said else found) == what
