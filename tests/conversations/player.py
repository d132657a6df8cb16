"""Plays a story through the real desk and writes down everything that was said.

Only the channel (paper) and the clock (stopped) are stand-ins. Officials sit where the demo seats them; the
others of the commune have a chat too, in which what they are told is not written down. Who has none is named
by a remark: `# has not joined: vp_chanh`, or `# nobody has joined`; an invitation lets them in all the same.
Who speaks as `officer-group` is the officer, in the one group there is. The desk is the commune's alone; with
`# in the province` it is that of the demo, where the account people write to is still the commune's.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select

from bot.demo import house
from bot.demo.seats import ABROAD, SEATS
from bot.desk import Desk
from bot.stories import SECRET, Attach, Line, Pass, Press, Say, Share, Story, Until, parse
from domain.messages import BACK, FileRef, Message, Moved, Presence
from scheduler.clock import begin, tick
from services.office import directory
from storage.cases import attachments
from storage.cases.attachments import Kept
from storage.ground.tables import HELD, OPEN, SENDING, Inbox, Outbox
from storage.mail.inbox import Arrived
from storage.mail.outbox import Delivery
from storage.office import changes
from storage.office.directory import codes_of_people
from storage.office.rulebook import Library
from storage.people import people
from storage.store.engine import Store
from storage.time import timers
from tests.conftest import StoppedClock
from tests.conversations.paper import ELSEWHERE, Paper, on_paper

ALWAYS_THERE = ("officer", "supervisor", "head", "party", "duty", "police")
"""Officials who have a chat in every story; the others of the demo's seats have one when they speak."""
OFFICIALS = tuple(name for name, seat in SEATS.items() if seat.person and name not in ABROAD)
"""The seats of all officials of the commune whose desk it is."""
_NOT_JOINED = re.compile(r"^# has not joined: (\w+)$", re.MULTILINE)
_NOBODY = "# nobody has joined"
_PROVINCE = "# in the province"
BETWEEN = timedelta(minutes=1)
"""From one thing said to the next."""
A_BREATH = timedelta(seconds=2)
"""The same after “… 0 minutes pass”: what follows is said in one breath, and need not all be answered."""
_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ Nhật")
GROUP = "group"
"""The address of the group, and with a dash the end of the name of whoever speaks in it."""
_INVITE = re.compile(r"\{invite (\w+)( anew)?\}")
"""An invitation; one that is used “anew” ends the person's other chats, as an admin has chosen."""
_MIME = {"photo": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4", "pdf": "application/pdf"}


class Player:
    """One story on one desk."""

    def __init__(self, store: Store, clock: StoppedClock) -> None:
        self.store, self.clock = store, clock
        self.paper = Paper()
        self.desk = Desk(store, [self.paper])
        self.seen = 0
        self.said = 0
        self.between = BETWEEN
        self.invites: dict[str, str] = {}

    async def play(self, written: str) -> str:
        """Return the story with what the desk said put after each line."""
        story = parse(written)
        await self._prepare(story, written)
        by_number = {line.line: line for line in story.lines}
        out: list[str] = []
        for number, raw in enumerate(written.splitlines(), start=1):
            if raw[:1].isspace():
                continue
            out.append(raw)
            if number in by_number:
                out += await self._line(by_number[number])
        return "\n".join(out).rstrip() + "\n"

    async def _prepare(self, story: Story, written: str) -> None:
        async with self.store.read() as work:
            calendar = work.rules.calendar
        if story.start is not None:
            self.clock.at = calendar.at(story.start.date(), story.start.time())
        if _PROVINCE in written.splitlines():
            await self._widen()
        if _NOBODY not in written.splitlines():
            await self._seat_all(story, written)
        await begin(self.store)
        async with self.store.work() as work:
            admin = await people.person_by_code(work, "quan_tri")
            for code, anew in _INVITE.findall(written):
                person = await people.person_by_code(work, code)
                assert person is not None, code
                self.invites[code] = token = await people.invite(work, person.id)
                if anew and admin is not None:
                    await changes.note_invite(work, "", admin.id, token, {"two": True})

    async def _widen(self) -> None:
        """Bring in the neighbour and the province above, and the account of the commune that was there."""
        self.store.accounts = {self.paper.account: house.COMMUNE}
        self.store.library = Library()
        for seed in house.SEEDS[1:]:
            async with self.store.work() as work:
                await directory.seed(work, seed.read_bytes(), seed.name)

    async def _seat_all(self, story: Story, written: str) -> None:
        here = dict.fromkeys((*ALWAYS_THERE, *map(_alone, story.people)))
        seated = {SEATS[name].person: name for name in here if name in SEATS and SEATS[name].person}
        async with self.store.read() as work:
            codes = await codes_of_people(work)
        out = {
            *_NOT_JOINED.findall(written),
            *({code for code, _ in _INVITE.findall(written)} - seated.keys()),
        }
        await self.sit({code: seated.get(code, ELSEWHERE + code) for code in codes if code not in out})

    async def seat(self, name: str, address: str = "") -> None:
        """Give an official a chat, as an invitation would; its address is the seat's name or another."""
        await self.sit({SEATS[name].person: address or name})

    async def seats(self, names: Iterable[str]) -> None:
        """Give each of these officials a chat."""
        await self.sit({SEATS[name].person: name for name in names})

    async def sit(self, seats: Mapping[str, str]) -> None:
        """Give officials, by their codes, chats with these addresses."""
        async with self.store.work() as work:
            for code, address in seats.items():
                person = await people.person_by_code(work, code)
                assert person is not None, code
                chat = people.open_chat(work, self.paper.account, self.key(address), address)
                chat.person_id = person.id

    def key(self, name: str) -> str:
        """Return the key of somebody's chat."""
        return self.store.keyring.blind("chat", self.paper.account, name)

    async def _line(self, line: Line) -> list[str]:
        match line:
            case Say(who=who, text=text):
                await self.say(who, {"text": self._filled(text)})
            case Press(who=who, label=label):
                await self.say(who, {"tap": self._action(line.line, who, label)})
            case Attach(who=who):
                await self.say(who, await self._file(line))
            case Share(who=who, said=said):
                await self.say(who, on_paper(said), silent=isinstance(said, Presence | Moved))
            case Pass() | Until():
                return await self._pass(line)
        return self._told(_address(line.who))

    def _filled(self, text: str) -> str:
        """Put an invitation, or the latest secret that was shown, where the story names it."""
        shown = [secret for told in self.paper.told for secret in SECRET.findall(told.message.text)]
        text = text.replace("{secret}", shown[-1] if shown else "")
        return _INVITE.sub(lambda found: self.invites[found[1]], text)

    async def say(self, who: str, body: dict[str, object], *, silent: bool = False) -> None:
        """Hand something in and let the desk do all it can; `silent` where it need not be answered."""
        self.said += 1
        self.clock.at += self.between
        before = len(self.paper.told)
        address = _address(who)
        speaker = _alone(who) if address == GROUP else ""
        await self.desk.ingest(Arrived(self.paper.account, f"m{self.said}", address, body, speaker))
        await self.settle()
        replies = [told.address for told in self.paper.told[before:] if told.key.startswith("reply:")]
        may_be_silent = silent or address == GROUP or self.between < BETWEEN
        assert (may_be_silent and not replies) or replies == [address], (
            f"{who} said {body}: {len(replies)} replies"
        )

    async def told(self, who: str, *texts: str, to: str = "") -> str:
        """Let somebody say these things; return all that they, or somebody else, are told for the last."""
        since = len(self.paper.told)
        for text in texts:
            since = len(self.paper.told)
            await self.say(who, {"text": text})
        return "\n".join(one.message.text for one in self.paper.told[since:] if one.address == (to or who))

    async def settle(self) -> None:
        """Let worker and sender run until nothing is left to do."""
        worker, sender = self.desk.worker, self.desk.senders[0]
        database = f"file:{self.store.engine.url.database}?mode=ro"
        with closing(sqlite3.connect(database, uri=True)) as outside:
            while (_waits(outside, Inbox) and await worker.step()) or (
                _waits(outside, Outbox) and await sender.step()
            ):
                pass

    def _action(self, number: int, who: str, label: str) -> str:
        for delivery in reversed(self.paper.told):
            for choice in delivery.message.choices if delivery.address == _address(who) else ():
                if choice.label == label:
                    return choice.action
        raise AssertionError(f"line {number}: {who} has no button [{label}]")

    async def _file(self, line: Attach) -> dict[str, object]:
        file_id = str(uuid5(NAMESPACE_URL, f"line {line.line}"))
        ref = FileRef(file_id, line.kind, _MIME[line.kind], 1000, f"{line.kind}.bin")
        async with self.store.work() as work:
            await attachments.add(work, self.key(_address(line.who)), [Kept(ref, "0" * 64)])
        refused = [f"upload.{line.refused}"] if line.refused else []
        return {"files": [asdict(ref)], "caption": line.caption, "refused": refused}

    async def _pass(self, line: Pass | Until) -> list[str]:
        """Let time pass from moment to moment, as it does when somebody looks every second."""
        async with self.store.read() as work:
            calendar = work.rules.calendar
        in_one_breath = isinstance(line, Pass) and line.count == 0
        self.between = A_BREATH if in_one_breath else BETWEEN
        end = line.end(self.clock.at, calendar)
        out: list[str] = []
        while (moment := await self.next_moment()) is not None and moment <= end:
            self.clock.at = max(moment, self.clock.at)
            await tick(self.store)
            await self.settle()
            if told := self._told(""):
                here = calendar.local(self.clock.at)
                out += [f"    ({_DAYS[here.weekday()]} {here.day}/{here.month} {here:%H:%M})", *told]
        self.clock.at = end
        await tick(self.store)
        await self.settle()
        return out + self._told("")

    async def next_moment(self) -> datetime | None:
        """Return when the clock has something to do next: a timer rings or a held message is let go."""
        async with self.store.read() as work:
            held = select(func.min(Outbox.hold_until)).where(Outbox.state == HELD)
            moments = (await timers.next_due(work), await work.session.scalar(held))
        return min((at.astimezone(UTC) for at in moments if at is not None), default=None)

    def _told(self, speaker: str) -> list[str]:
        """Return what was said since the last look: to the speaker first, then to each in turn."""
        new = self.paper.told[self.seen :]
        self.seen = len(self.paper.told)
        order = {name: place for place, name in enumerate((speaker, *SEATS))}
        new.sort(key=lambda delivery: (order.get(delivery.address, len(order)), delivery.address))
        return [text for delivery in new for text in _written(delivery, speaker)]


def _waits(outside: sqlite3.Connection, queue: type[Inbox | Outbox]) -> bool:
    """Say whether there may be work: a look from outside, many times quicker than a step in vain."""
    sql = f"select exists (select 1 from {queue.__tablename__} where state in (?, ?))"  # noqa: S608 - our own table
    return bool(outside.execute(sql, (OPEN, SENDING)).fetchone()[0])


def _address(who: str) -> str:
    return GROUP if who.endswith(f"-{GROUP}") else who


def _alone(who: str) -> str:
    return who.removesuffix(f"-{GROUP}")


def _written(delivery: Delivery, speaker: str) -> list[str]:
    if delivery.edits:
        head = f"bot ✎ {delivery.address}"
    else:
        head = "bot" if delivery.address == speaker else f"bot → {delivery.address}"
    first, *more = delivery.message.text.splitlines()
    assert all(more), f"an empty line reads like the end of a message: {delivery.message.text!r}"
    lines = [f"    {head}: {first}", *(f"         {line}" for line in more)]
    lines += [f"         ({file.media})" for file in delivery.message.files]
    buttons = " ".join(_buttons(delivery.message))
    return [*lines, f"         {buttons}"] if buttons else lines


def _buttons(message: Message) -> list[str]:
    """Write the choices as a phone shows them, each with the digit that stands for it now, if one does."""
    if not message.numbered:
        return [f"[{choice.label}]" for choice in message.choices]
    return [
        f"[{0 if choice.action == BACK else place} {choice.label}]"
        for place, choice in enumerate(message.choices, start=1)
    ]
