"""Plays a story through the real desk: each line is said, pressed or sent in its seat's web chat."""

import io
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from PIL import Image, ImageDraw

import locales
from bot.demo.hands import Hands, NeverDone, settle
from bot.demo.retell import Retold, beginning
from bot.demo.seats import SEATS, Seat
from bot.desk import Desk
from bot.stories import SECRET, Attach, Line, Pass, Press, Say, Share, Story, Until, parse
from services.intake import attachments as files
from storage.cases import attachments
from storage.ground.work import Work
from storage.mail import webchat
from storage.mail.inbox import Arrived
from storage.people import people
from web import chat_page
from web.chat_page import Bubble

STORIES = Path(__file__).parent / "stories"
LOOKED_AT = 100
"""Bubbles of a chat in which a button is looked for."""
_LARGEST = 1024 * 1024


class WentWrong(Exception):
    """A story did not go as told: the number of its line, and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"{line}: {why}")
        self.line = line
        self.why = why


class Audience(Protocol):
    """Whoever a story is played for."""

    def begins(self, at: datetime) -> Awaitable[None]:
        """Be told the local time at which something happens next: at the beginning and as time passes."""
        ...

    def line(self, line: Line, place: int) -> Awaitable[None]:
        """Be told which line comes next (the first is 1); may take its time, or raise to end the story."""
        ...

    def told(self, seat: str, bubble: Bubble) -> Awaitable[None]:
        """Be shown what a seat has said or been told."""
        ...


def stories() -> dict[str, Story]:
    """Return the stories by the names of their files, in order."""
    return {path.stem: parse(path.read_text("utf-8")) for path in sorted(STORIES.glob("*.chat"))}


async def arrive(desk: Desk, seat: Seat, body: dict[str, Any]) -> None:
    """Let a message come from a seat as its page would send it."""
    address = seat.address(desk.store.keyring)
    await desk.ingest(Arrived(webchat.ACCOUNT, f"{address[:16]}:{uuid4().hex}", address, body))


@dataclass
class Player:
    """Plays stories on one desk for one audience."""

    desk: Desk
    hands: Hands
    audience: Audience
    last: int = 0
    """The bubble the audience was shown last."""
    secret: str = ""
    """The secret the desk showed last."""

    async def play(self, story: Story) -> None:
        """Play a story to its end. Raises WentWrong, and whatever the audience ends it with."""
        async with self.desk.store.read() as work:
            calendar = work.rules.calendar
            begin = beginning(story.start, work.now, calendar)
            self.last = await webchat.newest(work)
        await self.hands.to(begin)
        told = calendar.local(begin).date()
        retold = Retold(story.start.date() if story.start else told, told, calendar)
        await self.audience.begins(calendar.local(begin))
        await self._clear_the_desk(story)
        for place, line in enumerate(story.lines, start=1):
            await self.audience.line(line, place)
            try:
                await self._do(line, retold)
            except NeverDone as error:
                raise WentWrong(line.line, str(error)) from error
            await self._show()

    async def _clear_the_desk(self, story: Story) -> None:
        """Drop the drafts of those who speak, so that their first words begin something new."""
        for name in story.people:
            seat = SEATS.get(name)
            if seat is None:
                raise WentWrong(1, f"nobody sits in a seat named {name}")
            async with self.desk.store.read() as work:
                key = seat.chat_key(work.keyring)
                await people.load_chats(work, [key])
                busy = key in work.chats and work.chats[key].busy
            if busy:
                await arrive(self.desk, seat, {"text": "huy"})
                await settle(self.desk)

    async def _do(self, line: Line, retold: Retold) -> None:
        match line:
            case Say():
                text = retold.text(line.text).replace("{secret}", self.secret)
                await arrive(self.desk, SEATS[line.who], {"text": text})
            case Press():
                await arrive(self.desk, SEATS[line.who], await self._button(line))
            case Attach():
                await arrive(self.desk, SEATS[line.who], await self._file(line))
            case Share():
                raise WentWrong(line.line, "the page shares words and photos only")
            case Pass() | Until():
                await self.hands.to(await self._end(line, retold), self._time)
                await self._time()
        await settle(self.desk)

    async def _button(self, line: Press) -> dict[str, Any]:
        """Return the message a press of the latest such button sends."""
        async with self.desk.store.read() as work:
            bubbles = await _bubbles(work, SEATS[line.who].chat_key(work.keyring))
        for bubble in reversed(chat_page.fold(bubbles)):
            for button in bubble.buttons:
                if button.label == line.label:
                    return {"action": button.action, "label": button.label}
        raise WentWrong(line.line, f"{line.who} sees no button “{line.label}”")

    async def _file(self, line: Attach) -> dict[str, Any]:
        """Keep a made-up photo, as the page does with a chosen one; returns the message it comes with."""
        if line.kind != "photo":
            raise WentWrong(line.line, f"the demo has photos only, no {line.kind}")
        store, chat_key = self.desk.store, SEATS[line.who].chat_key(self.desk.store.keyring)
        file = files.clean(_photo(), "anh.jpg", _LARGEST)
        kept = await files.keep(store.files, store.keyring, chat_key, uuid4().hex, file)
        async with store.work() as work:
            await attachments.add(work, chat_key, [kept])
        return {"files": [asdict(kept.ref)], "caption": line.caption}

    async def _end(self, line: Pass | Until, retold: Retold) -> datetime:
        now = await self.hands.now()
        if isinstance(line, Pass):
            return line.end(now, retold.calendar)
        written = retold.calendar.at(retold.written, line.clock)
        day = retold.calendar.local(line.end(written, retold.calendar)).date()
        return retold.calendar.at(retold.day(day), line.clock)

    async def _time(self) -> None:
        """Tell the audience what time it has become, if anything was said at that moment."""
        async with self.desk.store.read() as work:
            at = work.rules.calendar.local(work.now)
        await self.audience.begins(at)
        await self._show()

    async def _show(self) -> None:
        """Show the audience what is new in any seat, in the order it was said."""
        async with self.desk.store.read() as work:
            keys = {name: seat.chat_key(work.keyring) for name, seat in SEATS.items()}
            new = [
                (bubble.id, name, bubble)
                for name, key in keys.items()
                for bubble in await _bubbles(work, key)
                if bubble.id > self.last
            ]
        for number, name, bubble in sorted(new, key=lambda one: one[0]):
            self.last = number
            if found := SECRET.search(bubble.text):
                self.secret = found[0]
            await self.audience.told(name, bubble)


async def _bubbles(work: Work, chat_key: str) -> list[Bubble]:
    say, local = locales.words("vi"), work.rules.calendar.local
    shown = await webchat.latest(work, chat_key, LOOKED_AT)
    return [chat_page.bubble(one, say, local, work.now) for one in shown]


def _photo() -> bytes:
    """Draw what a phone might have seen: a wall, a pipe, water on the road."""
    picture = Image.new("RGB", (640, 400), (176, 164, 148))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 260, 640, 400), fill=(104, 98, 92))
    draw.rectangle((0, 170, 640, 205), fill=(70, 96, 110))
    draw.rectangle((300, 158, 340, 217), fill=(52, 72, 84))
    for step in range(9):
        draw.line((318, 210, 200 + step * 30, 330), fill=(150, 190, 214), width=5)
    draw.ellipse((120, 300, 540, 372), fill=(132, 172, 198))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()
