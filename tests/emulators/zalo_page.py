"""The emulators of Zalo by hand: made-up people and a group on a page, and the settings that lead there."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import filetype

from tests.emulators.loopback import Loopback, Shown
from tests.emulators.page import Bubble, Button, FileShown, StagePage
from tests.emulators.zalo_bot import Person as BotPerson
from tests.emulators.zalo_bot import ZaloBotServer
from tests.emulators.zalo_oa import ZaloOaServer
from tests.emulators.zalo_oa_people import Person as OaPerson

PEOPLE = {"2001": "Hoa", "2002": "Tuấn", "2003": "Lan"}
GROUP = "g5001"
CONSOLE = "console"
LONGEST_POLL = 30.0


@dataclass(frozen=True)
class Hand:
    """What one person does in one place: `keys` are what they can do beside writing and sending files."""

    name: str
    messages: list[Shown]
    say: Callable[[str], object]
    photo: Callable[[str, bytes], object]
    keys: dict[str, Callable[[], object]]
    click: Callable[[str], object] | None = None


class ZaloStage:
    """People of one server: each alone, and in the group. `title` stands above the page."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.hands: dict[str, Hand] = {}

    def people(self) -> dict[str, str]:
        """Return the people one can be: key and name."""
        return {key: hand.name for key, hand in self.hands.items()}

    def messages(self, person: str) -> Sequence[Bubble]:
        """Return what the person sees, oldest first."""
        return [_bubble(person, shown) for shown in self.hands[person].messages]

    def keys(self, person: str) -> Sequence[Button]:
        """Return what the person can do beside writing."""
        return [Button(label, f"key:{label}") for label in self.hands[person].keys]

    def say(self, person: str, text: str) -> None:
        """Write words."""
        self.hands[person].say(text)

    def press(self, person: str, action: str) -> None:
        """Press a button under a message, or a key."""
        kind, _, label = action.partition(":")
        hand = self.hands[person]
        if kind == "key":
            hand.keys[label]()
        elif hand.click is not None:
            hand.click(label)

    def photo(self, person: str, name: str, data: bytes) -> None:
        """Send a file from the disk, as a photo where it is one."""
        self.hands[person].photo(name, data)

    def file(self, key: str) -> tuple[bytes, str]:
        """Return a file's bytes and type. Raises KeyError."""
        person, number, place = key.split("|")
        shown = next((m for m in self.hands[person].messages if m.id == number), Shown("", mine=True))
        content = dict(enumerate([*shown.images, *shown.files.values()]))[int(place)]
        return content, filetype.guess_mime(content) or "application/octet-stream"


class Console:
    """The account's console: who writes an address here sets its webhook."""

    def __init__(self, server: Loopback) -> None:
        self._server = server
        self.messages: list[Shown] = []
        self._note("Write the address of the desk's webhook here; events before that are lost.")

    def say(self, text: str) -> None:
        """Set the webhook."""
        self._server.hook = text.strip()
        self._note(f"Events now go to {self._server.hook}")

    def tell(self) -> None:
        """Say how the deliveries go and what was refused."""
        taken = sum(delivery.taken for delivery in self._server.deliveries)
        self._note("\n".join([f"{taken} events taken, {len(self._server.lost)} lost", *self._server.refused]))

    def _note(self, text: str) -> None:
        self.messages.append(Shown(self._server.new_id(), mine=False, text=text))

    @property
    def hand(self) -> Hand:
        """The console as the page shows it."""
        return Hand(
            "The console", self.messages, self.say, lambda *_: None, {"How are the deliveries?": self.tell}
        )


def _bubble(person: str, shown: Shown) -> Bubble:
    names = [*("photo.jpg" for _ in shown.images), *shown.files]
    kinds = ["photo"] * len(shown.images) + ["document"] * len(shown.files)
    files = [
        FileShown(f"{person}|{shown.id}|{place}", kind, name)
        for place, (kind, name) in enumerate(zip(kinds, names, strict=True))
    ]
    return Bubble("", shown.mine, shown.text, [[button] for button in _buttons(shown)], files)


def _buttons(shown: Shown) -> list[Button]:
    leads = {b["title"]: b["payload"]["url"] for b in shown.buttons if b["type"] == "oa.open.url"}
    return [Button(label, f"{shown.id}:{label}", leads.get(label, "")) for label in shown.labels]


def _oa_hand(name: str, person: OaPerson) -> Hand:
    def send(title: str, content: bytes) -> str:
        kind = filetype.guess_mime(content) or "application/octet-stream"
        return person.image(content) if kind.startswith("image/") else person.file(content, title, kind)

    keys: dict[str, Callable[[], object]] = {
        "Follow": person.follow,
        "Unfollow": person.unfollow,
        "Share where I am": lambda: person.location(10.8231, 106.6297),
        "Share my name and number": lambda: person.submit_info(name, f"84900{person.id:0>6}"),
    }
    return Hand(name, person.messages, person.say, send, keys, person.click)


def _bot_hand(name: str, person: BotPerson) -> Hand:
    def send(_: str, content: bytes) -> str:
        return person.photo(content) if filetype.is_image(content) else person.unsupported()

    keys: dict[str, Callable[[], object]] = {
        "Send a sticker": person.sticker,
        "Share where I am": person.unsupported,
    }
    return Hand(name, person.messages, person.say, send, keys)


def oa_stage(server: ZaloOaServer, stage: ZaloStage) -> None:
    """Let people and the console into an official account."""
    group = server.group(GROUP)
    for number, name in PEOPLE.items():
        person = server.user(number)
        stage.hands[number] = _oa_hand(name, person)
        stage.hands[f"{GROUP}:{number}"] = _in_group(name, group.messages, partial(group.say, person))
    stage.hands[CONSOLE] = Console(server).hand


def bot_stage(server: ZaloBotServer, stage: ZaloStage) -> None:
    """Let people into a bot's chats; in the group each of them mentions it."""
    group = server.group(GROUP)
    for number, name in PEOPLE.items():
        person = server.user(number)
        stage.hands[number] = _bot_hand(name, person)
        stage.hands[f"{GROUP}:{number}"] = _in_group(name, group.messages, partial(group.say, person))


def _in_group(name: str, messages: list[Shown], say: Callable[[str], object]) -> Hand:
    return Hand(f"{name} in the group", messages, say, lambda *_: None, {})


@asynccontextmanager
async def oa_opened(port: int, token: str) -> AsyncIterator[list[str]]:
    """Run an official account with its page on loopback; `token` is its refresh token, if not a usual one."""
    stage = ZaloStage("Zalo OA emulator")
    server = ZaloOaServer(time.time, StagePage(stage).routes())
    server.accept_refresh(token or server.refresh_token)
    oa_stage(server, stage)
    await server.start(port)
    try:
        yield [
            f"ZALO_OA_API_URL={server.url}",
            f"ZALO_OA_APP_ID={server.app_id}",
            f"ZALO_OA_APP_SECRET={server.app_secret}",
            f"ZALO_OA_SECRET={server.oa_secret}",
            f"ZALO_OA_REFRESH_TOKEN={server.refresh_token}",
        ]
    finally:
        await server.stop()


@asynccontextmanager
async def bot_opened(port: int, token: str) -> AsyncIterator[list[str]]:
    """Run a bot platform with its page on loopback; yields the settings that point the desk to it."""
    stage = ZaloStage("Zalo Bot emulator")
    server = ZaloBotServer(time.time, StagePage(stage).routes())
    server.token, server.longest_poll = token or server.token, LONGEST_POLL
    bot_stage(server, stage)
    await server.start(port)
    try:
        yield [f"ZALO_BOT_TOKEN={server.token}", f"ZALO_BOT_API_URL={server.url}", "ZALO_BOT_MODE=polling"]
    finally:
        await server.stop()
