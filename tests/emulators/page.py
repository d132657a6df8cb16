"""A page on which one plays the people of an emulator by hand; every emulator brings a `Stage` of its own."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web

PAGE = Path(__file__).with_name("page.html")


@dataclass(frozen=True)
class Button:
    """What can be pressed: `action` goes back to the stage; else it opens a `link` or copies words."""

    label: str
    action: str = ""
    link: str = ""
    copies: str = ""
    style: str = ""


@dataclass(frozen=True)
class FileShown:
    """A file in a bubble: its key at the stage, what it is (photo, voice...), and its name."""

    key: str
    kind: str
    name: str


@dataclass(frozen=True)
class Bubble:
    """A message as it reads now. `note` is what stands small beside it: edited, a reaction."""

    who: str
    mine: bool
    text: str
    buttons: Sequence[Sequence[Button]] = ()
    files: Sequence[FileShown] = ()
    note: str = ""


class Stage(Protocol):
    """An emulator as the page needs it; a person is known by a key."""

    title: str

    def people(self) -> dict[str, str]:
        """Return the people one can be: key and name."""

    def messages(self, person: str) -> Sequence[Bubble]:
        """Return what the person sees, oldest first."""

    def keys(self, person: str) -> Sequence[Button]:
        """Return what can be pressed beside the messages: a keyboard, sharing a contact or a place."""

    def say(self, person: str, text: str) -> None:
        """Write words."""

    def press(self, person: str, action: str) -> None:
        """Press a button of `messages` or `keys`."""

    def photo(self, person: str, name: str, data: bytes) -> None:
        """Send a file from the disk, as a photo where it is one."""

    def file(self, key: str) -> tuple[bytes, str]:
        """Return a file's bytes and type. Raises KeyError."""


class StagePage:
    """The page's own addresses, all but `/` below /page/."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return them for the emulator's server."""
        return [
            web.get("/", self._page),
            web.get("/page/state", self._state),
            web.get("/page/file/{key}", self._file),
            web.post("/page/say", self._say),
            web.post("/page/press", self._press),
            web.post("/page/photo", self._photo),
        ]

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE, headers={"Cache-Control": "no-store"})

    async def _state(self, request: web.Request) -> web.Response:
        people = self._stage.people()
        person = request.query.get("person", "")
        if person not in people:
            person = next(iter(people))
        state = {"title": self._stage.title, "people": people, "person": person}
        bubbles = [asdict(bubble) for bubble in self._stage.messages(person)]
        keys = [asdict(key) for key in self._stage.keys(person)]
        return web.json_response(state | {"messages": bubbles, "keys": keys})

    async def _file(self, request: web.Request) -> web.Response:
        try:
            data, mime = self._stage.file(request.match_info["key"])
        except KeyError:
            raise web.HTTPNotFound from None
        return web.Response(body=data, content_type=mime)

    async def _say(self, request: web.Request) -> web.Response:
        given = await request.post()
        self._stage.say(str(given["person"]), str(given["text"]))
        return web.Response(status=204)

    async def _press(self, request: web.Request) -> web.Response:
        given = await request.post()
        try:
            self._stage.press(str(given["person"]), str(given["action"]))
        except AssertionError as gone:  # the button changed while it was being pressed
            raise web.HTTPConflict(text=str(gone)) from gone
        return web.Response(status=204)

    async def _photo(self, request: web.Request) -> web.Response:
        given = await request.post()
        sent = given["photo"]
        if isinstance(sent, web.FileField):
            self._stage.photo(str(given["person"]), sent.filename, sent.file.read())
        return web.Response(status=204)
