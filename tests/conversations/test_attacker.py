"""Somebody has the database file and not the key, and asks which of many chats sent a sealed case.

Each attack joins what stands in clear in a way of its own, and names the chats it suspects. None may be right
and name few: where the sender is among them, many are, and some of those sent nothing sealed.
"""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

import locales
from bot.stories import Attach, Pass
from domain import deadlines
from scheduler.clock import tick
from storage.cases.cases import Case, history
from storage.people import people, sealed
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.conftest import Commune
from tests.conversations.loot import MANY, MINUTE, Loot, ties, told_apart
from tests.conversations.player import Player

STORIES = ("cán bộ địa chính vòi tiền {n} triệu mới chịu làm sổ đỏ cho dân ở thôn 3",)
PEOPLE = 36
SEALED = range(5, PEOPLE, 7)
"""Which of the chats send sealed."""


def near_numbers(loot: Loot, case: sqlite3.Row) -> set[str]:
    """Take the chats that were answered with numbers near those of the case's first card."""
    cards = loot.rows("select seq from outbox where key like ?", f"{case['code']}:1:%")
    reach = 2 * MINUTE * 1000
    found: set[str] = set()
    for row in cards:
        near = loot.rows("select lane from outbox where abs(seq - ?) < ?", row["seq"], reach)
        found |= {one["lane"] for one in near}
    return found


def near_times(loot: Loot, case: sqlite3.Row) -> set[str]:
    """Take the chats heard near any moment that is written of the case or of its sender who is nobody."""
    moments = [case["opened_at"], case["clock_from"], case["handed_at"]]
    moments += [r["at"] for r in loot.rows("select at from case_event where case_id = ?", case["id"])]
    moments += [r["at"] for r in loot.rows("select at from sealed_identity where case_id = ?", case["id"])]
    moments += [r["at"] for r in loot.rows("select at from consent where chat_key = ?", case["chat_key"])]
    moments += [r["at"] for r in loot.rows("select at from attachment where case_id = ?", case["id"])]
    moments += [r["heard_at"] for r in loot.rows("select heard_at from chat where key = ?", case["chat_key"])]
    moments.append(UUID(case["id"]).int >> 80)
    found: set[str] = set()
    for at in moments:
        near = loot.rows("select key from chat where abs(heard_at - ?) < ?", at, 30_000)
        near += loot.rows("select lane as key from inbox where abs(seq / 1000 - ?) < ?", at, 30_000)
        found |= {row["key"] for row in near}
    return found


def possible_times(loot: Loot, case: sqlite3.Row) -> set[str]:
    """Take the chats that wrote when, by the office's own document, the sender can have written."""
    opened = loot.rows("select at from case_event where case_id = ? and number = 1", case["id"])[0]["at"]
    early, late = max(opened - 60 * MINUTE, case["opened_at"]), opened - 10 * MINUTE
    wrote = loot.rows("select lane from inbox where seq / 1000 between ? and ?", early, late)
    return {row["lane"] for row in wrote}


def without_case(loot: Loot, case: sqlite3.Row) -> set[str]:
    """Of those, take the chats that have no case by name: for what else did they write."""
    by_name = {row["chat_key"] for row in loot.rows('select chat_key from "case"')}
    return possible_times(loot, case) - by_name


def same_length(loot: Loot, case: sqlite3.Row) -> set[str]:
    """Take the chats one of whose messages is as long as the story, as messages of open cases are."""
    pairs = loot.rows(
        'select length(i.body) - length(c.story) as more, count(*) as n from "case" c '
        "join inbox i on i.lane = c.chat_key where not c.sealed group by 1 order by n desc limit 1"
    )
    wanted = len(case["story"]) + pairs[0]["more"]
    return {row["lane"] for row in loot.rows("select lane from inbox where length(body) = ?", wanted)}


def missing_rows(loot: Loot, case: sqlite3.Row) -> set[str]:  # noqa: ARG001 - every attack is called alike
    """Take the chats that were heard at a moment of which no message is left, or no answer."""
    heard = loot.rows("select key, heard_at from chat where account = 'paper'")
    inbox = {(r["lane"], r["s"] // 1000) for r in loot.rows("select lane, seq as s from inbox")}
    told = {(r["lane"], r["s"] // 1000) for r in loot.rows("select lane, seq as s from outbox")}
    return {
        row["key"]
        for row in heard
        if row["key"] in loot.names
        and ((row["key"], row["heard_at"]) not in inbox or (row["key"], row["heard_at"]) not in told)
    }


def short_rows(loot: Loot, case: sqlite3.Row) -> set[str]:  # noqa: ARG001 - as above
    """Take the chats that were told nothing as long as half of what everybody is told: they were emptied."""
    longest = loot.rows("select lane, max(length(body)) as most from outbox group by lane")
    usual = sorted(row["most"] for row in longest if row["lane"] in loot.names)[PEOPLE // 2]
    return {row["lane"] for row in longest if row["most"] < usual / 2}


def other_tables(loot: Loot, case: sqlite3.Row) -> set[str]:  # noqa: ARG001 - as above
    """Take the chats whose key, or its beginning, stands in tables where most chats' does not."""
    usual = {"chat", "inbox", "outbox", "lane", "case", "consent", "timer", "follower", "bubble"}
    strange = [text for table, text in loot.clear() if table not in usual]
    strange += [text for table, text in loot.clear() if table == "timer" and not text.startswith("case")]
    return {
        key for key in loot.names for text in strange if key[:12] in text and not text.startswith("draft")
    } - {row["subject"] for row in loot.rows("select subject from timer where kind = 'draft'")}


def named_keys(loot: Loot, case: sqlite3.Row) -> set[str]:  # noqa: ARG001 - as above
    """Take the chats in whose name something was said that is neither an answer nor of a case of theirs."""
    usual = "key like 'reply:%' or key like 'LM-%' or key like 'draft:%'"
    said = loot.rows(f"select lane from outbox where not ({usual})")  # noqa: S608 - our own words
    return {row["lane"] for row in said}


def cards(loot: Loot, case: sqlite3.Row) -> set[str]:  # noqa: ARG001 - as above
    """Take the citizens' chats in which a message is known by its number, as only a secret's is."""
    return {row["chat_key"] for row in loot.rows("select chat_key from card")}


ATTACKS: tuple[Callable[[Loot, sqlite3.Row], set[str]], ...] = (
    near_numbers,
    near_times,
    possible_times,
    without_case,
    same_length,
    missing_rows,
    short_rows,
    other_tables,
    named_keys,
    cards,
)


# --- the hour ---------------------------------------------------------------------------------------


def _name(number: int) -> str:
    """Return the address of a chat: not all are as long."""
    return f"c{number}" + "x" * (number % 4)


async def _hour(player: Player, clock: StoppedClock) -> None:
    """Let people write within an hour: some by name, some only to ask, five sealed."""
    dice = random.Random(7)
    for number in range(PEOPLE):
        name = _name(number)
        for said in _said(number, dice):
            if said == "(photo)":
                await player.say(name, await player._file(Attach(number, name, "photo")))
            elif said.startswith("menu:"):
                await player.say(name, {"tap": said})
            else:
                await player.say(name, {"text": player._filled(said)})
            clock.pass_(seconds=-50)  # a minute passes by itself with each thing said
        clock.pass_(seconds=dice.randrange(5, 40))
        await _ring(player, clock)


async def _ring(player: Player, clock: StoppedClock) -> None:
    """Let what has come due ring at its own moment, as it does when somebody looks every second."""
    now = clock.at
    while (moment := await player.next_moment()) is not None and moment <= now:
        clock.at = moment
        await tick(player.store)
        await player.settle()
    clock.at = now


_ORDINARY = (
    ["menu", "2", "chào cán bộ"],
    ["xin chào", "giup", "cảm ơn", "menu"],
    ["menu", "cống trước nhà tắc mấy hôm rồi", "(photo)", "huy"],
    ["tra cuu", "menu", "2", "cảm ơn", "chào cán bộ"],
    ["xin chào", "cai dat", "0", "menu", "cảm ơn"],
    ["đường vào xóm hỏng, xe không đi được", "huy", "menu", "quy dinh"],
)
_AFTERWARDS: tuple[list[str], ...] = (
    ["gui"],
    ["menu:copied"],
    ["menu:erase", "xem {secret}", "cảm ơn"],
    ["1"],
    ["2"],
)
"""What those who sent sealed do with the secret: all that one may do."""


def _said(number: int, dice: random.Random) -> list[str]:
    story = dice.choice(STORIES).format(n=dice.randrange(2, 9))
    if number in SEALED:
        photo = ["(photo)"] if number % 2 else []
        return ["gui kin", story, *photo, "1", *_AFTERWARDS[SEALED.index(number)]]
    if number % 3 == 0:
        photo = ["(photo)"] if number % 2 else []
        return [f"cống thôn {number % 4 + 1} tắc {number} hôm rồi, mưa là ngập", *photo, "gui", "2"]
    return _ORDINARY[number % len(_ORDINARY)]


async def _number_left(player: Player) -> None:
    """Let some have left a number before, some of those who send sealed too."""
    async with player.store.work() as work:
        for number in range(0, PEOPLE, 5):
            name = _name(number)
            people.open_chat(work, "paper", player.key(name), name).contact = f"+8490512345{number % 10}"


async def _stolen(store: Store, player: Player, folder: Path, file: str) -> Loot:
    """Steal the file as it is now."""
    await store.engine.dispose()
    shutil.copy(folder / "commune.sqlite3", folder / file)
    loot = Loot(folder / file, {_name(n): player.key(_name(n)) for n in range(PEOPLE)})
    async with store.read() as work:
        for case in await work.session.scalars(select(Case).where(Case.sealed)):
            loot.senders[case.code] = (await sealed.identity(work, case)).address
    return loot


async def _play(commune: Commune, folder: Path) -> list[Loot]:
    clock = StoppedClock()
    store = commune.open(folder, clock)
    player = Player(store, clock)
    await player.seats(("head", "officer", "supervisor", "party", "keeper"))
    await _number_left(player)
    await _hour(player, clock)
    stolen = []
    for file, minutes in (("after-an-hour", 75), ("after-a-day", 24 * 60)):
        await player._pass(Pass(0, minutes, "minute"))
        stolen.append(await _stolen(store, player, folder, file))
    await store.close()
    return stolen


@pytest.fixture(scope="module")
def loots(commune: Commune, tmp_path_factory: pytest.TempPathFactory) -> list[Loot]:
    """Play the hour once, let what was sealed be opened, and steal the file: soon, and a day later."""
    return asyncio.run(_play(commune, tmp_path_factory.mktemp("attacked")))


@pytest.fixture(params=[0, 1], ids=["an hour later", "a day later"])
def loot(loots: list[Loot], request: pytest.FixtureRequest) -> Loot:
    """Return what was stolen then."""
    found: Loot = loots[request.param]
    return found


def test_no_join_without_the_key_finds_who_sent_it(loot: Loot) -> None:
    """Whatever is joined with whatever: nobody is suspected rightly, or with so many that it is chance."""
    senders = {_name(number) for number in SEALED}
    assert set(loot.senders.values()) == senders
    for case in loot.sealed():
        for attack in ATTACKS:
            suspects = loot.citizens(attack(loot, case))
            right = loot.senders[case["code"]] in suspects
            few = len(suspects) < MANY or suspects <= senders
            assert not (right and few), f"{attack.__name__} suspects {sorted(suspects)}"
    assert all(len(loot.citizens(possible_times(loot, case))) >= MANY for case in loot.sealed())


def test_no_column_of_any_table_tells_those_who_sent_sealed_from_others(loot: Loot) -> None:
    """What is missing, how long it is, what it says in clear, gaps in numbers: others have it too."""
    assert not told_apart(loot)


def test_no_length_goes_with_a_case_and_its_sender(loot: Loot) -> None:
    """Nothing kept with a case is longer for whoever has a longer address, or anything longer."""
    assert not ties(loot)


def test_the_order_of_the_cases_is_not_the_order_of_the_senders(loot: Loot) -> None:
    """Cases opened at one mark of the clock stand in an order of their own, and share their moment."""
    opened = loot.rows(
        'select e.at, c.rowid as number from case_event e join "case" c on c.id = e.case_id '
        "where c.sealed and e.number = 1"
    )
    assert all(row["at"] % (15 * MINUTE) == 0 for row in opened)
    assert all(case["opened_at"] % (60 * MINUTE) == 0 for case in loot.sealed())


async def test_nothing_that_waits_names_anybody(player: Player, tmp_path: Path) -> None:
    """Between the sending and the opening: the sender's key stands where every chat's does, nowhere else."""
    for name, said in (
        ("a", ["gui kin", STORIES[0], "(photo)", "1", "xem"]),
        ("b", ["menu", "2", "menu"]),
    ):
        for text in said:
            body = {"text": text} if text != "(photo)" else await player._file(Attach(1, name, "photo"))
            await player.say(name, body)
    await player.store.engine.dispose()
    loot = Loot(tmp_path / "commune.sqlite3", {name: player.key(name) for name in "ab"})
    assert not loot.sealed()
    where = {name: {t for t, text in loot.clear() if player.key(name)[:12] in text} for name in "ab"}
    assert where["a"] == where["b"] == {"chat", "inbox", "outbox", "lane"}
    (waiting,) = loot.rows("select count(*) as n from attachment where chat_key like 'envelope%'")
    assert waiting["n"] == 1
    sizes = [row["n"] for row in loot.rows("select length(body) as n from envelope")]
    assert len({(size - 32) // 4096 for size in sizes}) == 1


async def test_the_due_date_is_never_later_than_the_senders_moment_gives(
    player: Player, clock: StoppedClock, commune_store: Store
) -> None:
    """It is sent on Friday evening and opened on Monday morning; its term runs from Friday, as told."""
    await player.seat("head")
    clock.at = datetime(2026, 11, 20, 14, 20, tzinfo=UTC)
    for text in ("gui kin", STORIES[0], "1", "gui"):
        await player.say("citizen", {"text": text})
    receipt = next(d.message.text for d in player.paper.told if "Mã bí mật" in d.message.text)
    sent = clock.at
    assert not [d for d in player.paper.told if d.address == "head"]
    await player._pass(Pass(0, 3, "day"))
    async with commune_store.read() as work:
        case = (await work.session.scalars(select(Case))).one()
        events = await history(work, case)
        term, calendar = work.rules.terms[case.term], work.rules.calendar
        lawful = deadlines.due(term, sent, calendar)
        assert case.clock_from <= sent
        assert case.due_at <= lawful.at
        assert case.due_on == lawful.day
        assert locales.day("vi", case.due_on) in receipt
        assert calendar.local(events[0].at).hour in {7, 8}
