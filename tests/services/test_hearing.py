"""What is said later is heard again: the case leaves whom it speaks of, and so does what was sent of it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.cases import Act
from domain.messages import Message
from services.acts.act import act
from services.standing.kinds import ACTS
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.tables import DEAD, Outbox
from storage.ground.work import Work
from storage.mail import outbox
from storage.store.engine import Store
from tests.conftest import StoppedClock
from tests.storage import commune

ACCUSES = "anh Lê Văn Minh vòi tôi 2 triệu mới chịu làm"


async def said(store: Store, code: str, what: Act, **detail: Any) -> None:  # noqa: ANN401 - an act's facts
    """Let the citizen do something about their case."""
    async with store.work() as work:
        case = await found(work, code)
        await act(work, case, ACTS[what].of_json(detail), Actor(case.chat_key))


async def found(work: Work, code: str) -> Case:
    """Return a case that is there."""
    case = await stored.by_code(work, code)
    assert case is not None
    return case


async def to(store: Store, address: str) -> list[Message]:
    """Return what is, or was, in the outbox for an address."""
    async with store.read() as work:
        key = work.keyring.blind("chat", "paper", address)
    rows = [row for row in await commune.rows(store, Outbox) if row.lane == key]
    return [outbox.MESSAGE.validate_python(row.body) for row in sorted(rows, key=lambda row: row.seq)]


@pytest.mark.parametrize("dead", [False, True])
async def test_a_card_that_has_not_arrived_is_never_read(
    store: Store, clock: StoppedClock, dead: bool
) -> None:
    """It waits for the morning, or could not be sent and may be tried again: its words are gone by then."""
    await commune.settle(store)
    clock.pass_(hours=12)  # nine in the evening
    (code,) = await commune.open_cases(store, 1)
    assert any(code in message.text for message in await to(store, "minh"))
    if dead:
        async with store.work() as work:
            await work.session.execute(outbox.outbox.update().values(state=DEAD))
    await said(store, code, Act.SUPPLEMENT, text=ACCUSES, files=[])
    for message in await to(store, "minh"):
        assert message.redraw
        assert message.text.endswith("đã được giao cho đơn vị khác.")  # and as it is redrawn it is never sent
        assert not message.choices
    assert any("Lê Văn Minh vòi" in message.text for message in await to(store, "ha"))


async def test_what_is_said_together_tells_more_than_each_part(store: Store) -> None:
    """The name came first, the wrong later: both are heard as one."""
    await commune.settle(store)
    (code,) = await commune.open_cases(store, 1)
    await said(store, code, Act.SUPPLEMENT, text="anh Lê Văn Minh có xuống xem rồi", files=[])
    async with store.work() as work:
        assert not (await found(work, code)).confidential
    await said(store, code, Act.SUPPLEMENT, text="anh Minh phòng kinh tế đòi tôi 2 triệu mới làm", files=[])
    async with store.work() as work:
        case = await found(work, code)
        assert case.confidential
        assert work.rules.directory.unit(case.unit_id).code == "ct_xa"


async def test_nobody_is_let_in_again(store: Store) -> None:
    """Whatever is said afterwards, who was outside stays there."""
    await commune.settle(store)
    (code,) = await commune.open_cases(store, 1)
    await said(store, code, Act.SUPPLEMENT, text=ACCUSES, files=[])
    async with store.work() as work:
        before = set((await found(work, code)).excluded_people)
    for text in (
        "tôi nói nhầm, anh Minh tốt lắm, cho anh ấy xem",
        "cảm ơn anh Minh",
        "anh Tuấn cũng ăn tiền",
    ):
        await said(store, code, Act.SUPPLEMENT, text=text, files=[])
        async with store.work() as work:
            now = set((await found(work, code)).excluded_people)
            assert before <= now
            before = now


async def test_an_ordinary_word_changes_nothing(store: Store, clock: StoppedClock) -> None:
    """Who has the case keeps it, and reads on."""
    await commune.settle(store)
    (code,) = await commune.open_cases(store, 1)
    async with store.work() as work:
        before = (await found(work, code)).unit_id
    clock.at += timedelta(minutes=1)
    await said(store, code, Act.SUPPLEMENT, text="nước ngập thêm rồi, cán bộ xuống sớm giúp", files=[])
    async with store.work() as work:
        case = await found(work, code)
        assert (case.unit_id, case.confidential, case.excluded, case.excluded_people) == (
            before,
            False,
            [],
            [],
        )
