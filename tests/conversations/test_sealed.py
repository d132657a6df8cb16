"""Sealed mode: nothing the desk keeps or says ties a sender to their case, and only the secret opens it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

import locales
from bot.demo.seats import SEATS
from bot.stories import Attach, Pass
from domain import law, secrecy
from scheduler.clock import tick
from services.intake import sealed as sending
from services.intake.new_cases import Draft
from storage.ground.tables import Base, Case, Envelope, SealedIdentity
from storage.mail import envelopes
from storage.mail.inbox import Arrived
from storage.office import rulebook
from storage.people import people
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.conversations.player import Player

STORY = "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho tôi ở thôn 3"
MORE = "tôi còn giữ ảnh chụp tin nhắn đòi tiền"
QUESTION = "Người đó nhận tiền ngày nào, ở đâu ạ?"
ANSWER = "Xã đã xác minh, hồ sơ được trả trong tuần này, không thu thêm khoản nào."
ACCUSED = ("officer", "colleague", "supervisor")


async def tell(player: Player, *said: str, who: str = "citizen") -> None:
    """Say these things one after the other."""
    for text in said:
        await player.say(who, {"text": text})


async def pass_(player: Player, minutes: float = 61) -> None:
    """Let time pass: by then what was sent sealed is opened, and what was shown in confidence is gone."""
    await player._pass(Pass(0, int(minutes), "minute"))


async def sealed_report(player: Player, *said: str) -> Case:
    """Send a report sealed, and let it be opened."""
    await tell(player, *(said or (STORY, "4", "1", "1")))
    await pass_(player)
    return await sealed_case(player.store)


def secret_of(player: Player) -> str:
    """Return the secret that was told."""
    texts = [told.message.text for told in player.paper.told]
    return next(found.secret for text in texts if (found := secrecy.read(f"xem {_digits(text)}")))


def _digits(text: str) -> str:
    return text.partition("Mã bí mật: ")[2][:19]


async def rows(store: Store) -> list[tuple[str, str]]:
    """Return every row of every table, opened with the desk's own key: the table and what stands in it."""
    found: list[tuple[str, str]] = []
    async with store.read() as work:
        for table in Base.metadata.sorted_tables:
            lines = (await work.session.execute(select(table))).mappings()
            found += [
                (table.name, json.dumps(dict(row), default=_plain, ensure_ascii=False)) for row in lines
            ]
    return found


def _plain(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    return value.hex() if isinstance(value, bytes) else str(value)


async def sealed_case(store: Store) -> Case:
    """Return the one case there is."""
    async with store.read() as work:
        return (await work.session.scalars(select(Case))).one()


async def tied(player: Player) -> list[str]:
    """Return the tables in which the sender stands in one row with the case, its codes or its words."""
    case = await sealed_case(player.store)
    of_case = (case.code, str(case.id), case.id.hex, case.chat_key, "vòi tiền", MORE, QUESTION, ANSWER)
    sender = (player.key("citizen"), '"address": "citizen"', '\\"paper\\", \\"citizen\\"')
    return [
        table
        for table, row in await rows(player.store)
        if any(name in row for name in sender) and any(name in row for name in of_case)
    ]


async def whole_story(player: Player) -> str:
    """Tell, copy, ask, answer, add, answer, rate. Returns the secret."""
    case = await sealed_report(player)
    secret = secret_of(player)
    await tell(player, f"nhan {case.code}", f"hoi {case.code} {QUESTION}", who="head")
    await tell(player, f"xem {secrecy.spell(secret)}", "hôm thứ Năm ở phòng làm việc")
    await tell(player, f"nhan them {secret} {MORE}")
    await pass_(player)
    await tell(player, f"tl {case.code} {ANSWER}", who="head")
    await tell(player, secret, "1", "5")
    await pass_(player)
    return secret


async def test_after_it_nothing_kept_ties_the_sender_to_the_case(
    seated: Player, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a dump opened with the desk's own key, only the table of identities names both; so does no log."""
    secret = await whole_story(seated)
    kept = await rows(seated.store)
    assert {table for table, row in kept if "citizen" in row and "address" in row} >= {"sealed_identity"}
    assert await tied(seated) == ["sealed_identity"]
    logged = "".join(capsys.readouterr())
    for spelled in (secret, secrecy.spell(secret)):
        assert not [table for table, row in kept if spelled in row]
        assert spelled not in logged
    assert STORY not in logged


async def test_the_secret_leaves_the_outbox_as_it_is_sent(seated: Player) -> None:
    """It was told once; of it and of what the sender said no row is left, though each row is still there."""
    await sealed_report(seated, STORY, "4", "1")
    secret = secrecy.spell(secret_of(seated))
    assert sum(secret in told.message.text for told in seated.paper.told) == 1
    kept = await rows(seated.store)
    assert not [table for table, row in kept if secret in row]
    assert sum(table == "inbox" for table, _ in kept) == 3
    assert not [row for table, row in kept if table == "inbox" and "vòi tiền" in row]
    assert await tied(seated) == ["sealed_identity"]


@pytest.mark.parametrize("edit", [True, False])
async def test_taking_the_secret_away_is_answered_by_one_message(seated: Player, *, edit: bool) -> None:
    """In the secret's place where the channel can, else below it: two would tell who it was."""
    seated.paper.caps = replace(seated.paper.caps, edit=edit)
    await tell(seated, STORY, "4", "1")
    before = len(seated.paper.told)
    await seated.say("citizen", {"tap": "menu:copied"})
    (answer,) = seated.paper.told[before:]
    assert "Đã xoá mã" in answer.message.text
    assert bool(answer.edits) == edit


async def test_no_official_is_told_who_sent_it_and_the_accused_hear_nothing(seated: Player) -> None:
    """Of every message every official is sent none names the sender; the accused are not even told of it."""
    await whole_story(seated)
    case = await sealed_case(seated.store)
    told = [d for d in seated.paper.told if d.address in SEATS and SEATS[d.address].person]
    assert {d.address for d in told} == {"head"}
    for delivery in told:
        assert seated.key("citizen") not in repr(delivery)
        assert "'citizen'" not in repr(delivery.message)
    await tell(seated, "viec", "quahan", case.code, f"xem {case.code}", f"nhan {case.code}", who="officer")
    await tell(seated, "viec", f"nhac {case.code}", f"mo danh tinh {case.code}", who="supervisor")
    for delivery in seated.paper.told:
        if delivery.address in ACCUSED:
            assert case.code not in repr(delivery.message)
            assert "vòi tiền" not in repr(delivery.message)


async def test_what_a_visit_left_open_is_gone_after_a_while(seated: Player) -> None:
    """While it is open the chat's state may know the case; half an hour later nothing does, said or not."""
    await sealed_report(seated)
    await tell(seated, f"xem {secret_of(seated)}")
    assert "chat" in await tied(seated)
    await pass_(seated, 31)
    assert await tied(seated) == ["sealed_identity"]


async def test_files_of_a_sealed_case_are_nobodys(seated: Player) -> None:
    """The photo is the case's; it names neither the sender's chat nor what it was called on their phone."""
    await tell(seated, STORY)
    body = await seated._file(Attach(1, "citizen", "photo"))
    await seated.say("citizen", body)
    case = await sealed_report(seated, "4", "1")
    assert case.files == 1
    assert await tied(seated) == ["sealed_identity"]
    (row,) = [row for table, row in await rows(seated.store) if table == "attachment"]
    assert case.chat_key in row
    assert "photo.bin" not in row


async def test_who_just_writes_on_is_told_that_it_bears_their_name(seated: Player) -> None:
    """Right after the secret was shown, and then no more; neither ties the sender to the case."""
    await tell(seated, STORY, "4", "1", MORE + " ở thôn 3")
    assert "gửi ghi tên" in seated.paper.told[-1].message.text
    await tell(seated, "huy", "cống thôn 3 tắc mấy hôm rồi")
    assert "gửi ghi tên" not in seated.paper.told[-1].message.text


async def test_a_number_left_earlier_is_kept_with_the_identity_alone(seated: Player) -> None:
    """The number somebody left for another matter is with who they are, and not in the sealed case."""
    async with seated.store.work() as work:
        people.open_chat(work, "paper", seated.key("citizen"), "citizen").contact = "+84905123456"
    case = await sealed_report(seated, STORY, "4", "1")
    assert case.contact is None
    async with seated.store.read() as work:
        identity = (await work.session.scalars(select(SealedIdentity))).one()
        assert (identity.account, identity.address) == ("", '["paper", "citizen"]')
        assert identity.contact == "+84905123456"


async def test_what_is_answered_in_a_visit_is_kept_with_the_case_alone(seated: Player) -> None:
    """The last words said there too: they are in the case, and no message of the sender's holds them."""
    await sealed_report(seated)
    await tell(seated, f"xem {secret_of(seated)}", MORE)
    await pass_(seated)
    assert await tied(seated) == ["sealed_identity"]
    assert [table for table, row in await rows(seated.store) if MORE in row].count("case_event") == 1


async def test_a_unit_that_is_named_never_gets_it_accused_or_not(seated: Player) -> None:
    """Who hides may fear whomever they name: the drain goes to somebody above the office that does drains."""
    said = ("gui kin", "cống thôn 3 tắc mấy hôm rồi, mưa là ngập, phòng kinh tế biết cả", "gui")
    case = await sealed_report(seated, *said)
    assert case.sealed
    async with seated.store.read() as work:
        kt_xa = next(unit for unit in work.rules.directory.units if unit.type == "kt_xa")
    assert str(kt_xa.id) in case.excluded
    assert case.unit_id != kt_xa.id
    assert not [d for d in seated.paper.told if d.address in ACCUSED]


async def test_what_was_still_to_be_sent_is_not_kept_either(seated: Player) -> None:
    """A slow platform: the review leaves after the case was sent, and its words leave with it."""
    for number, text in enumerate((STORY, "4", "1")):
        await seated.desk.ingest(Arrived("paper", f"slow{number}", "citizen", {"text": text}))
        while await seated.desk.worker.step():
            pass
    await seated.settle()
    assert any("Tổ tiếp nhận hiểu thế này" in told.message.text for told in seated.paper.told)
    await pass_(seated)
    assert await tied(seated) == ["sealed_identity"]


async def test_a_chat_sends_so_many_sealed_a_day(player: Player, clock: StoppedClock) -> None:
    """Then it is told to come back tomorrow, not why; nothing of it is kept, and danger is never too much."""
    office = law.seed("office")
    async with player.store.work() as work:
        flood = office["flood"] | {"cases_a_day": 2}
        await rulebook.replace(work, "office", office | {"flood": flood}, "two a day")
    for number in range(3):
        await tell(player, STORY.replace("2 triệu", f"{number + 2} triệu"), "4", "1")
    assert player.paper.told[-1].message.text == locales.words("vi")("sealed.enough")
    async with player.store.work() as work:
        chat = await people.chat(work, player.key("citizen"))
        for words, enough in ((STORY, True), ("cháy nhà ở thôn 3, có người kẹt bên trong", False)):
            heard = work.rules.understanding.read(words)
            assert sending.is_enough(work, chat, Draft(heard, "thôn 3", heard.topic)) is enough
    await pass_(player)
    assert not [row for row in await rows(player.store) if "4 triệu" in row[1]]
    async with player.store.read() as work:
        assert await work.session.scalar(select(func.count()).select_from(Case)) == 2
    clock.pass_(hours=25)
    await pass_(player)
    async with player.store.read() as work:
        assert list(await work.session.scalars(select(Envelope.id))) == []
    await tell(player, STORY, "4", "1")
    assert "Mã bí mật" in player.paper.told[-1].message.text


async def test_what_a_chat_sent_sealed_is_counted_in_no_row(player: Player) -> None:
    """What waits is what would wait without a bound; another chat has its own count."""
    await tell(player, STORY, "4", "1", "1")
    await tell(player, STORY.replace("2 triệu", "3 triệu"), "4", "1", "1", who="neighbour")
    async with player.store.read() as work:
        waiting = {body["what"] for body in await work.session.scalars(select(Envelope.body))}
        assert waiting == {"forget", "report"}
        counted = [work.tally.of(work.today, f"sealed:{player.key(who)}") for who in ("citizen", "neighbour")]
        assert counted == [1, 1]
        assert work.tally.of(work.today + timedelta(days=1), f"sealed:{player.key('citizen')}") == 0


async def test_timers_lie_in_no_order_of_time(player: Player) -> None:
    """Without the key: no number of a row tells beside whose timer another was wound."""
    await tell(player, STORY, "4", "1", "1")
    async with player.store.read() as work:
        with pytest.raises(OperationalError, match="rowid"):
            await work.session.execute(sql("select rowid from timer"))


async def test_what_waits_is_as_no_message_left_it(postgres_store: Store, clock: StoppedClock) -> None:
    """The number of the transaction that wrote it is no message's, and is changed once."""
    store = postgres_store
    waits = "select e.xmin::text, t.xmin::text from envelope e join timer t on t.subject = e.id order by 1"
    for words in ("một", "hai"):
        async with store.work() as work:
            await envelopes.put(work, {"what": "report", "words": words}, clock.at + timedelta(hours=1))
    async with store.read() as work:
        before = (await work.session.execute(sql(waits))).all()
    found = []
    for _ in range(2):
        await tick(store)
        async with store.read() as work:
            found.append((await work.session.execute(sql(waits))).all())
    assert len({number for row in before for number in row}) == 2
    assert len({number for row in found[0] for number in row}) == 1
    assert not {*found[0][0]} & {number for row in before for number in row}
    assert found[0] == found[1]
    async with store.read() as work:
        bodies = list(await work.session.scalars(select(Envelope.body)))
    assert {body["words"] for body in bodies} == {"một", "hai"}
