"""The demo's page: three seats side by side, the clock's buttons, and the stories that play themselves."""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp_jinja2
import structlog
from aiohttp import web

import locales
from bot.demo.hands import Hands, NeverDone
from bot.demo.player import Player, WentWrong, stories
from bot.demo.seats import MORE, PANES, SEATS
from bot.desk import Desk
from bot.stories import Attach, Line, Pass, Press, Say, Share, Story
from storage.people import people
from web.chat_page import Bubble, address
from web.forms import read_fields
from web.server import Refused, wants_json

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What every page says, and that its panes may be our own."""
STEPS = {"2h": timedelta(hours=2), "1d": timedelta(days=1), "3d": timedelta(days=3)}
SPEEDS = {"slow": 5.0, "normal": 2.5, "fast": 0.4}
"""Seconds between two lines of a story."""
AHEAD = timedelta(days=60)
"""How far ahead of the clock the calendar must reach."""

log = structlog.get_logger(__name__)
say = locales.words("vi")


class Ended(Exception):
    """Somebody stopped the story."""


@dataclass
class Playing:
    """A story in play, and its audience: the page looks at it, the panes show the rest."""

    name: str
    story: Story
    pause: float
    place: int = 0
    next: str = ""
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def begins(self, at: datetime) -> None:
        """Nothing: the page shows the desk's own clock."""

    async def line(self, line: Line, place: int) -> None:
        """Show what comes next, give time to read what came before. Raises Ended."""
        self.place, self.next = place, _described(line)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), self.pause)
        if self.stop.is_set():
            raise Ended

    async def told(self, seat: str, bubble: Bubble) -> None:
        """Nothing: each pane is told by its own chat."""


def _described(line: Line) -> str:
    match line:
        case Say(who=who, text=text):
            return say("demo.line.say", who=say(f"demo.seat.{who}"), text=text)
        case Press(who=who, label=label):
            return say("demo.line.press", who=say(f"demo.seat.{who}"), label=label)
        case Attach(who=who, caption=caption):
            return say("demo.line.attach", who=say(f"demo.seat.{who}"), caption=caption)
        case Share(who=who):
            return say("demo.line.attach", who=say(f"demo.seat.{who}"), caption="")
        case Pass(count=count, unit=unit):
            return say(f"demo.line.pass.{unit.replace(' ', '_')}", count=count)
    return say("demo.line.until", time=f"{line.clock:%H:%M}")


class Demo:
    """One running demo: its desk, its clock, the story in play."""

    def __init__(self, desk: Desk, hands: Hands, *, can_begin_anew: bool) -> None:
        self.begin_anew = asyncio.Event()
        self._desk = desk
        self._hands = hands
        self._can_begin_anew = can_begin_anew
        self._stories = stories()
        self._epoch = secrets.token_hex(4)
        self._playing: Playing | None = None
        self._task: asyncio.Task[None] | None = None
        self._note = ""

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return the page and its buttons."""
        return [
            web.get("/demo", self._page),
            web.get("/demo/state", self._tell_state),
            web.post("/demo/enter", self._enter),
            web.post("/demo/clock", self._clock),
            web.post("/demo/play", self._play),
            web.post("/demo/stop", self._stop),
            web.post("/demo/fresh", self._fresh),
        ]

    async def close(self) -> None:
        """End the story in play and wait for the line in hand."""
        if self._playing is not None:
            self._playing.stop.set()
        if self._task is not None:
            await self._task

    # --- the page -------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        keyring = self._desk.store.keyring
        entered = all(request.cookies.get(SEATS[name].cookie) == SEATS[name].token(keyring) for name in PANES)
        page = {
            "say": say,
            "language": "vi",
            "entered": entered,
            "state": await self._state(),
            "panes": [await self._seat(name) for name in PANES],
            "more": [await self._seat(name) for name in MORE],
            "stories": [(name, _short(story), story) for name, story in self._stories.items()],
            "steps": STEPS,
            "speeds": SPEEDS,
            "can_begin_anew": self._can_begin_anew,
        }
        response = aiohttp_jinja2.render_template("demo.html", request, page)
        response.headers["Content-Security-Policy"] = CSP
        return response

    async def _seat(self, name: str) -> dict[str, str]:
        seat = SEATS[name]
        async with self._desk.store.read() as work:
            person = await people.person_by_code(work, seat.person) if seat.person else None
            directory = work.rules.directory
            held = directory.held_by(person.id if person else None, work.today)
            unit = directory.unit(held[0].unit_id).name if held else ""
        who = ", ".join(filter(None, [person.name if person else "", unit]))
        return {"name": name, "role": say(f"demo.seat.{name}"), "who": who, "link": address("/chat", name)}

    async def _state(self) -> dict[str, Any]:
        async with self._desk.store.read() as work:
            calendar, now = work.rules.calendar, work.now
            here, quiet = calendar.local(now), calendar.quiet_until(now)
        until = calendar.local(quiet) if quiet else None
        return {
            "epoch": self._epoch,
            "day": locales.day("vi", here.date()),
            "time": locales.clock("vi", here),
            "quiet": _quiet(until) if until else "",
            "note": self._note,
            "story": _progress(self._playing) if self._playing else None,
        }

    async def _tell_state(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(await self._state())

    async def _done(self, request: web.Request) -> web.StreamResponse:
        if wants_json(request):
            return web.json_response(await self._state())
        raise web.HTTPSeeOther("/demo")

    # --- the buttons ----------------------------------------------------------------------------

    async def _enter(self, _request: web.Request) -> web.StreamResponse:
        response = web.HTTPSeeOther("/demo")
        for seat in SEATS.values():
            token = seat.token(self._desk.store.keyring)
            response.set_cookie(seat.cookie, token, path="/", httponly=True, samesite="Lax")
        raise response

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        step = STEPS.get((await read_fields(request, ["by"])).get("by", ""))
        if step is None:
            raise Refused("error.400")
        until = await self._hands.goal() + step  # pressed again while they move, it is a step more
        async with self._desk.store.read() as work:
            if not work.rules.calendar.covers((until + AHEAD).date()):
                raise Refused("demo.end_of_calendar")
        self._note = ""
        try:
            await self._hands.to(until)
        except NeverDone:
            log.warning("demo_not_settled")  # the clock has moved; what is stuck is in the log already
        return await self._done(request)

    async def _play(self, request: web.Request) -> web.StreamResponse:
        posted = await read_fields(request, ["story", "speed"])
        story = self._stories.get(posted.get("story", ""))
        pause = SPEEDS.get(posted.get("speed", "normal"))
        if story is None or pause is None:
            raise Refused("error.400")
        if self._playing is not None:
            raise Refused("demo.playing_already")
        self._playing = Playing(posted["story"], story, pause)
        self._task = asyncio.create_task(self._perform(self._playing))
        return await self._done(request)

    async def _perform(self, playing: Playing) -> None:
        title = playing.story.title
        self._note = ""
        try:
            await Player(self._desk, self._hands, playing).play(playing.story)
            self._note = say("demo.told", title=title)
        except Ended:
            self._note = say("demo.stopped", title=title)
        except WentWrong as wrong:
            self._note = say("demo.went_wrong", title=title, line=wrong.line, why=wrong.why)
        except Exception:
            log.exception("story_failed", story=playing.name)
            self._note = say("error.500")
        finally:
            self._playing = None

    async def _stop(self, request: web.Request) -> web.StreamResponse:
        if self._playing is not None and self._task is not None:
            self._playing.stop.set()
            await asyncio.wait([self._task])
        return await self._done(request)

    async def _fresh(self, request: web.Request) -> web.StreamResponse:
        if not self._can_begin_anew:
            raise web.HTTPNotFound
        self.begin_anew.set()
        if wants_json(request):
            return web.json_response(await self._state())
        page = {"say": say, "language": "vi"}
        response = aiohttp_jinja2.render_template("demo_wait.html", request, page)
        response.headers["Refresh"] = "2; url=/demo"
        return response


def _short(story: Story) -> str:
    return story.title.partition(":")[0]


def _quiet(until: datetime) -> str:
    day, time = locales.day("vi", until.date()), locales.clock("vi", until)
    return say("demo.quiet", day=day, time=time)


def _progress(playing: Playing) -> dict[str, Any]:
    return {
        "name": playing.name,
        "title": playing.story.title,
        "about": playing.story.about,
        "place": playing.place,
        "of": len(playing.story.lines),
        "next": playing.next,
    }
