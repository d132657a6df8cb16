"""The web chat's page as data: which bubbles stand where, and which buttons still mean something."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from itertools import dropwhile
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import TypeAdapter

import locales
from domain.directory import Directory
from domain.messages import BACK, MESSAGE, Choice, FileRef, Message
from locales import Words
from storage.ground.work import Work
from storage.mail.webchat import Shown

Buttons = Literal["", "menu", "card"]
_FILES: TypeAdapter[tuple[FileRef, ...]] = TypeAdapter(tuple[FileRef, ...])

SCRIPT_WORDS = (
    *("drop", "you", "sending", "uploading", "waiting", "sent"),
    *("offline", "failed", "files_lost", "empty", "too_big_here"),
)
"""What chat.js says by itself, without asking the server."""


START = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a link may begin a conversation with."""
MOST_LETTERS_SHOWN = 60_000
"""Letters on one page: many times what people say to the desk in a year."""


@dataclass(frozen=True, slots=True)
class Button:
    """One choice; `number` is what can be typed instead, or empty."""

    label: str
    action: str
    style: str
    number: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One bubble as the page shows it; `key` names its place, `id` the event that told of it.

    The buttons of a `menu` mean something until the person answers or the next menu comes; those of a `card`
    (and of a notice) always do, but their numbers only while it is the latest.
    """

    id: int
    key: str
    mine: bool
    text: str
    note: str
    files: tuple[FileRef, ...]
    kind: Buttons
    numbered: bool
    buttons: tuple[Button, ...]
    at: datetime
    time: str
    alarm: bool = False


def bubble(shown: Shown, say: Words, local: Callable[[datetime], datetime], today: datetime) -> Bubble:
    """Make one bubble ready to be shown, its buttons alive."""
    message = _own(shown.body, say) if shown.mine else MESSAGE.validate_python(shown.body)
    refused = shown.body.get("name") if shown.mine and "unsupported" in shown.body else None
    return Bubble(
        id=shown.id,
        key=shown.place_key,
        mine=shown.mine,
        text=message.text,
        note=say("webchat.refused_file", name=refused) if refused else "",
        files=message.files,
        kind=_kind(message),
        numbered=message.numbered and bool(message.choices),
        buttons=_buttons(message),
        at=local(shown.at),
        time=_time(local(shown.at), local(today), say),
        alarm=message.alarm,
    )


def bubbles(work: Work, shown: Sequence[Shown], say: Words) -> list[Bubble]:
    """Make bubbles ready to be shown."""
    local = work.rules.calendar.local
    return [bubble(one, say, local, work.now) for one in shown]


def fitting(shown: Sequence[Shown]) -> list[Shown]:
    """Return the latest of these bubbles, as far as one page holds them; at least one."""
    kept: list[Shown] = []
    room = MOST_LETTERS_SHOWN
    for one in reversed(shown):
        room -= len(one.body.get("text") or "") + len(one.body.get("caption") or "")
        if room < 0 and kept:
            break
        kept.append(one)
    return kept[::-1]


def is_answered(shown: Sequence[Shown], own_key: str) -> bool:
    """Say whether the desk spoke after that message of the person's."""
    after_own = dropwhile(lambda one: one.key != own_key, shown)
    return any(not one.mine for one in after_own)


_CALLED = re.compile(r"(?<![\w+-])(11[1-5]|\+?\d[\d .]{7,13}\d)(?![\w-])( [^\W\d][^·.\n]*[^·.\s])?")
"""A number to call, and who answers there."""
_BETWEEN = re.compile(r"</a>(?: · (?=<a)|\n)")
"""What parts two numbers in plain text; as links each stands on a line of its own."""


def calls(text: str) -> str:
    """Write an alarm's words as HTML in which every number to call can be pressed."""

    def link(found: re.Match[str]) -> str:
        number = re.sub(r"[ .]", "", found[1])
        return f'<a class="call" href="tel:{number}">{found[0]}</a>'

    return _BETWEEN.sub("</a>", _CALLED.sub(link, escape(text)))


def fold(bubbles: Sequence[Bubble]) -> list[Bubble]:
    """Lay bubbles out as they stand now: the newest of each place, and only buttons that mean something."""
    places: dict[str, Bubble] = {}
    for one in bubbles:
        places[one.key] = one
    laid: list[Bubble] = []
    answered = menu_seen = False
    for one in reversed(places.values()):
        live = one.numbered and not answered and not menu_seen
        laid.append(one if live else _stale(one))
        answered |= one.mine
        menu_seen |= one.numbered
    return laid[::-1]


def label_of(bubbles: Sequence[Shown], action: str) -> str | None:
    """Return what the button with this action said, as last shown."""
    for shown in reversed(bubbles):
        for choice in [] if shown.mine else shown.body.get("choices", []):
            if choice["action"] == action:
                return str(choice["label"])
    return None


def address(path: str, seat: str, **query: str) -> str:
    """Return an address of ours that stays with the same seat."""
    if seat:
        query["seat"] = seat
    return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True, slots=True)
class Home:
    """The commune whose page it is, by its code and name; of none it is everybody's."""

    code: str = ""
    name: str = ""

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"/chat/{self.code}" if self.code else "/chat"


EVERYBODYS = Home()


def home(directory: Directory, code: str) -> Home | None:
    """Return the home of a page that names a commune; None where none of that code is served."""
    area = directory.commune_of(code) if directory.is_wide else None
    served = area is not None and area.code == code and directory.serves(area)
    return Home(area.code, area.name) if area is not None and served else None


def facts(
    query: Mapping[str, str], seat: str, shown: Sequence[Shown], home: Home, *, big: bool
) -> dict[str, Any]:
    """Return what the page knows of itself: its addresses, its last bubble, its letters' size."""
    start = query.get("start", "")
    return {
        "seat": seat,
        "start": start if START.fullmatch(start) else "",
        "here": address(home.path, seat),
        "commune": home.name,
        "stream": address("/chat/stream", seat),
        "big": big,
        "size_link": address(home.path, seat, size="normal" if big else "big"),
        "last": max((one.id for one in shown), default=0),
    }


def script_words(say: Words) -> dict[str, str]:
    """Return the words chat.js needs, their placeholders left in."""
    blanks = {name: f"{{{name}}}" for name in ("percent", "name", "limit")}
    return {name: say(f"webchat.{name}", **blanks) for name in SCRIPT_WORDS}


def _own(body: dict[str, Any], say: Words) -> Message:
    text = body.get("text") or body.get("caption") or ""
    files = _FILES.validate_python(body.get("files", ()))
    if not text and not files and "unsupported" not in body:
        text = say("webchat.pressed")
    return Message(text, files=files)


def _kind(message: Message) -> Buttons:
    if not message.choices:
        return ""
    return "card" if message.card or not message.numbered else "menu"


def _buttons(message: Message) -> tuple[Button, ...]:
    return tuple(
        Button(choice.label, choice.action, choice.style, _number(choice, place) if message.numbered else "")
        for place, choice in enumerate(message.choices, start=1)
    )


def _number(choice: Choice, place: int) -> str:
    return "0" if choice.action == BACK else str(place)


def _stale(one: Bubble) -> Bubble:
    if one.kind != "card":
        return replace(one, buttons=())
    return replace(one, buttons=tuple(replace(button, number="") for button in one.buttons))


def _time(at: datetime, now: datetime, say: Words) -> str:
    time = locales.clock("vi", at)
    if at.date() == now.date():
        return say("webchat.today", time=time)
    return say("webchat.earlier", time=time, day=locales.short_day(at.date()))
