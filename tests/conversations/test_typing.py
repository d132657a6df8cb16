"""Everybody types, presses, sends and waits, in any order: each is answered once, for their eyes.

The words of citizens carry marks (“nhà bà Quỳ17”), so that wherever a message goes the test can tell whose
story it shows, and whether whoever reads it is somebody to that case.
"""

import re
from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from bot.desk import Desk
from domain.cases import KNOWING
from domain.messages import BACK, FileRef
from handlers.door import menu
from handlers.engine import keywords
from scheduler.clock import tick
from services.standing import parties
from services.standing.parties import Actor
from storage.cases import attachments
from storage.cases import cases as stored
from storage.cases.attachments import Kept
from storage.ground.tables import DEAD, Case, Chat, Inbox, Outbox, Timer
from storage.ground.work import Work
from storage.mail.outbox import Delivery
from storage.people import people
from tests.amounts import times
from tests.conftest import MONDAY
from tests.conversations.conftest import Commune
from tests.conversations.test_case_life import Town

OFFICIALS = (
    *("officer", "colleague", "supervisor", "head", "party"),
    *("duty", "police", "reception", "keeper", "admin"),
)
CITIZENS = ("citizen", "neighbour")
STORIES = (
    "cống thôn 3 tắc mấy hôm rồi, mưa là ngập, ngay trước {mark}",
    "đèn đường xóm Đình hỏng cả tuần, tối om, đoạn {mark}",
    "cán bộ địa chính vòi tiền 2 triệu mới chịu làm sổ đỏ cho {mark} ở thôn 3",
    "chủ tịch xã vòi tiền 5 triệu của {mark} ở thôn 2",
    "cháy nhà ở thôn 1, lửa to lắm, sát {mark}",
    "ống nước thôn 4 vỡ trước {mark}, nhờ gọi 0905 123 456",
    "cống thôn 2 tắc cạnh {mark}. Còn trạm y tế xã thì bác sĩ đi vắng suốt",
)
MARK = re.compile(r"nhà bà Quỳ\d+")
TYPED = """
1|2|3|4|5|9|0|1a|2c|đúng|dung|thôn 3|xin chào|cảm ơn|Sửa|Việc|Nơi|xem 4821093755261180|0905123456
{code}|nhan {code}|hoi {code} Cống trước nhà ai ạ?|tl {code} Đã nạo vét xong cống sáng nay.|giahan {code}
chuyen {code}|ghichu {code} đã gọi cho tổ sửa chữa|dong {code}|khongkhan {code}|nhanlay {code}|aixem {code}
duyet {code}|khongduyet {code} chưa rõ lý do|giao {code}|nhac {code}|chan {code}|mo danh tinh {code}
ghi loi {code} bà con nói vẫn ngập|bo theo doi {code}|4821 0937 5526 1180|nhap ho|cho duyet|don vi
rut {code}|mo lai {code}|cham {code} 2|cham {code} 5|tra loi {code} ở ngay đầu thôn|nghi 25/11-28/11|nghi huy
Đã nạo vét cống thôn 3 sáng nay, nước thoát tốt.|đi lại tốt rồi, cảm ơn|vẫn chưa làm gì cả|goi lai|hoan tac
"""
KEYWORDS = sorted(keywords.WORDS)
WORDS = st.one_of(
    st.sampled_from([words for line in TYPED.split("\n") for words in line.split("|") if words]),
    st.sampled_from(STORIES),
    st.sampled_from(KEYWORDS),
    st.text(max_size=40),
)
SPEAKERS = st.one_of(st.sampled_from([*CITIZENS, "officer", "supervisor"]), st.sampled_from(OFFICIALS))
KINDS = st.sampled_from(["photo", "audio", "video", "pdf"])
_MIME = {"photo": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4", "pdf": "application/pdf"}
_NUMBER = count(1)


class Typing(RuleBasedStateMachine):
    """Everybody of a commune at once; nothing but what they say, press and send reaches the desk."""

    town: ClassVar[Town]
    told_by: ClassVar[dict[str, set[str]]] = defaultdict(set)
    """Who told what, in all examples: what one left half told, its writer is asked about in another."""

    @initialize()
    def begin(self) -> None:
        """Let somebody new come, and let the officials begin in new chats."""
        self.town.clock.at = MONDAY
        self.number = next(_NUMBER)
        self.code = "LM-7K3M2R9"
        self.marks = count(1000 * self.number)
        self.town.run(self._seat())

    async def _seat(self) -> None:
        async with self.town.store.work() as work:
            await work.session.execute(update(Chat).values(person_id=None))
        for name in OFFICIALS:
            await self.town.player.seat(name, self._name(name))

    @rule(who_=SPEAKERS, words=WORDS)
    def types(self, who_: str, words: str) -> None:
        """Anything may be typed at any moment."""
        mark = f"nhà bà Quỳ{next(self.marks)}"
        if "{mark}" in words:
            self.told_by[mark].add(self._name(who_))
        self._say(who_, {"text": words.replace("{code}", self.code).replace("{mark}", mark)})

    @rule(who_=SPEAKERS, which=st.integers(0, 5), older=st.sampled_from([0, 0, 0, 1, 3]))
    def presses(self, who_: str, which: int, older: int) -> None:
        """Any button may be pressed, of the latest messages or of older ones."""
        name = self._name(who_)
        told = [d for d in self.town.player.paper.told if d.address == name and d.message.choices]
        if older < len(told):
            choices = told[-1 - older].message.choices
            self._say(who_, {"tap": choices[which % len(choices)].action})

    @rule(who_=SPEAKERS, kind=KINDS, caption=st.sampled_from(["", "", "đây là ảnh chỗ hỏng"]))
    def sends(self, who_: str, kind: str, caption: str) -> None:
        """Any file may come at any moment, with words under it or none."""
        ref = FileRef(str(uuid4()), kind, _MIME[kind], 1000, f"{kind}.bin")  # type: ignore[arg-type]
        self.town.run(self._keep(self._name(who_), ref))
        self._say(who_, {"files": [asdict(ref)], "caption": caption})

    async def _keep(self, name: str, ref: FileRef) -> None:
        async with self.town.store.work() as work:
            await attachments.add(work, self.town.player.key(name), [Kept(ref, "0" * 64)])

    @rule(hours=st.sampled_from([1, 5, 20, 70, 200]))
    def waits(self, hours: int) -> None:
        """Time passes for everybody."""
        before = len(self.town.player.paper.told)
        self.town.clock.at += timedelta(hours=hours)
        self.town.run(tick(self.town.store))
        self.town.run(self.town.player.settle())
        self._look_at(self.town.player.paper.told[before:])

    @rule()
    def restarts(self) -> None:
        """End the program and begin anew: what it knows is in the database."""
        player = self.town.player
        player.desk = Desk(self.town.store, [player.paper])

    def teardown(self) -> None:
        """Nobody is stuck, and nothing was set aside as broken."""
        if not hasattr(self, "number"):
            return
        for name in (*CITIZENS, *OFFICIALS):
            self._say(name, {"text": "huy"})
            while self.town.run(self._is_busy(name)):  # a report that waited goes on: it is left too
                self._say(name, {"text": "huy"})
            self._say(name, {"text": "menu"})
            choices = self._latest(name).message.choices
            assert any(choice.action.startswith("menu:") for choice in choices), f"{name} has no menu"
        assert self.town.run(self._broken()) == (0, 0, 0)

    async def _is_busy(self, name: str) -> bool:
        async with self.town.store.read() as work:
            return (await people.chat(work, self.town.player.key(self._name(name)))).busy

    async def _broken(self) -> tuple[int, int, int]:
        """Count the messages that could not be handled or sent, and the timers that failed."""
        async with self.town.store.read() as work:
            counts = [
                await work.session.scalar(select(func.count()).where(condition))
                for condition in (Inbox.state == DEAD, Outbox.state == DEAD, Timer.attempts > 0)
            ]
        dead_in, dead_out, failed = counts
        return dead_in or 0, dead_out or 0, failed or 0

    def _latest(self, name: str) -> Delivery:
        told = self.town.player.paper.told
        return next(d for d in reversed(told) if d.address == self._name(name) and d.key.startswith("reply:"))

    def _name(self, who_: str) -> str:
        return f"{who_}{self.number}"

    def _say(self, who_: str, body: dict[str, Any]) -> None:
        """Hand it in: the player asserts one reply; here it must be understandable, and for those eyes."""
        paper = self.town.player.paper
        before = len(paper.told)
        self.town.run(self.town.player.say(self._name(who_), body))
        self._look_at(paper.told[before:])

    def _look_at(self, told: list[Delivery]) -> None:
        for delivery in told:
            _understandable(delivery)
            if found := re.search(r"LM-\w{7}", delivery.message.text):
                self.code = found[0]
            for mark in MARK.findall(_all_words(delivery)):
                if delivery.address not in self.told_by[mark]:
                    assert self.town.run(self._may_read(delivery.address, mark)), (
                        f"{delivery.address} was told: {delivery.message.text}"
                    )

    async def _may_read(self, address: str, mark: str) -> bool:
        """Say whether this person is somebody to a case in which these words stand."""
        async with self.town.store.read() as work:
            chat = await people.chat(work, self.town.player.key(address))
            return any([await self._stands_in(work, case, chat, mark) for case in await _cases(work)])

    async def _stands_in(self, work: Work, case: Case, chat: Chat, mark: str) -> bool:
        said = [case.story, *(str(event.detail) for event in await stored.history(work, case))]
        related = parties.relations(work, case, Actor.of(chat)) & KNOWING
        return bool(related) and any(mark in words for words in said)


async def _cases(work: Work) -> list[Case]:
    found = list(await work.session.scalars(select(Case)))
    work.cases.update({case.id: case for case in found})
    await stored._keep_followers(work)
    return found


def _all_words(delivery: Delivery) -> str:
    return "\n".join([delivery.message.text, *(choice.label for choice in delivery.message.choices)])


def _understandable(delivery: Delivery) -> None:
    """Check that a message has words, no holes, no traces of the program, and choices that can be made."""
    text = delivery.message.text
    assert text.strip()
    assert len(text) <= 2000, text
    ours = re.sub(r"“[^”]*”", "", text)  # what somebody typed may look like anything
    assert not re.search(r"\{\w+\}|Traceback|\bNone\b|[a-z_]+\.[a-z_]+\.text", ours), text
    for choice in delivery.message.choices:
        assert choice.label.strip()
        assert len(choice.action.encode()) <= 64
    assert sum(choice.action != BACK for choice in delivery.message.choices) <= 10


@pytest.fixture
def town(commune: Commune, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a generator
    """Open one desk for every example."""
    opened = Town(commune, tmp_path_factory.mktemp("town"))
    yield opened
    opened.close()


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_whatever_anybody_types_is_answered_once_and_for_their_eyes(town: Town) -> None:
    """One understandable reply each time, no traceback, nobody stuck, nobody reads what is not theirs."""
    assert set(menu._OPTIONS)
    Typing.town = town
    profile = settings(
        max_examples=times(5),
        stateful_step_count=40,
        deadline=None,
        # A failing walk is printed as it was walked: to shorten it would take minutes.
        phases=(Phase.explicit, Phase.generate),
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Typing, settings=profile)
