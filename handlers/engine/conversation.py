"""What a conversation is made of: a flow of questions, and what is done when all are answered."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

import locales
from domain.messages import Message
from domain.rules import Rules
from handlers.engine.flow import Answers, Asking, Finished, Flow
from services.saying.wording import commune, prefixes
from services.standing.parties import is_official
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.instant import from_ms
from storage.ground.work import Work
from storage.people.people import Chat

Seed = Mapping[str, Any]
_OPENED_ONLY = {"supplement": {"code", "asked"}, "report": set[str]()}
"""Conversations that hold nothing while nothing was said in them, and what they begin with."""
AT, OLD = "at", "old"
"""Where a seed names the area its conversation was begun in (the province while no commune was known), and of
which old commune the sender was, where theirs was merged of several."""
_WAITING = ("flow", "seed", "answers", "files")
"""What is kept of a report that waits."""


def begun_at(seed: Seed) -> Seed:
    """Return what a seed says of where its conversation was begun, for one that goes on with it."""
    return {name: seed[name] for name in (AT, OLD) if name in seed}


def begun_here(work: Work, seed: Seed) -> dict[str, Any]:
    """Return a seed as of a conversation that is begun where the sender is now."""
    rest = {name: value for name, value in seed.items() if name not in {AT, OLD}}
    return {AT: work.area or "", **({OLD: work.old} if work.old else {}), **rest}


@dataclass(frozen=True, slots=True)
class Session:
    """What a flow may know besides its seed and its answers: nothing of it changes what was answered."""

    rules: Rules
    language: str
    today: date
    files: int = 0
    link: str = ""
    """Where one writes sealed on the desk's own page, if it has one and the chat is not there already."""
    on_page: bool = False

    @property
    def say(self) -> locales.Words:
        """The words of the chat's language."""
        return locales.words(self.language)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The letters with which codes may begin, those of this commune first."""
        return prefixes(self.rules)

    @property
    def commune(self) -> str:
        """The commune's name."""
        return commune(self.rules)

    def at(self, area: str) -> Self:
        """Return what is known where the matter is of that area; of none named, of where the chat is."""
        return replace(self, rules=self.rules.part(area))

    def begun(self, seed: Seed) -> Self:
        """Return what was known where a conversation was begun: its first answer may say whose the chat is.

        Its questions would be others from then on, and an answer given to one be taken for that of another.
        """
        if AT not in seed:
            return self
        return replace(self, rules=self.rules.whole.part(seed[AT], seed.get(OLD, "")))


@dataclass
class Talk:
    """A chat's conversation as it is kept between messages: small, plain JSON."""

    flow: str = ""
    seed: dict[str, Any] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    waiting: dict[str, Any] = field(default_factory=dict)
    """An unfinished report that waits while another conversation goes on: its seed, answers and files, and
    what waited already when it was set aside."""
    trail: list[dict[str, Any]] = field(default_factory=list)
    """The conversations that led to the open one, with their seeds and answers (see `leads_on`)."""
    seq: int = 0
    misses: int = 0
    number_asked: bool = False
    """Whether a number to call back was asked for: it is asked for once."""
    breath: list[int] = field(default_factory=list)
    """When a row of messages began (in milliseconds), how many they are, the first line of a case's history
    that waits to be told, whether they have been answered as one, and whether small talk has been."""
    opened: list[int] = field(default_factory=list)
    """When the cases of the last 24 hours were opened, in milliseconds."""
    last_case: str = ""
    emergency: str = ""
    saw: str = ""
    """What was told with that alarm where somebody else raised it."""
    joined: dict[str, str] = field(default_factory=dict)
    """What was told of the latest cases that are followed since, by their codes."""
    human: str = ""
    listed: dict[str, Any] = field(default_factory=dict)
    """The latest list of cases: its kind, and each case's code and version in order (see `list_of`)."""
    begun: int = 0
    """When what began the open conversation came, in milliseconds."""
    shown_until: int = 0
    """Until when, in milliseconds, what was last shown in confidence is left where it stands."""
    shown: list[str] = field(default_factory=list)
    """What the labels of the latest menu's choices are known by (see `storage.ground.work`)."""
    pressed: list[int] = field(default_factory=list)
    """The digit that was pressed last, and when, in milliseconds."""
    opening: str = ""
    """What was said before anything was told, in anger or only who writes: it goes with what is told next."""
    invited: str = ""
    """Of a group: the day on which those in it were last asked to write alone."""
    tied_by: str = ""
    """Of a group: the chief who has tied it to their unit; it ends with their role there."""

    @classmethod
    def of(cls, chat: Chat) -> "Talk":
        """Read the state; what an older version kept and this one does not know is passed over.

        Copies: what is added to a list of the row's own would be no change to the row, and be lost.
        """
        kept = (chat.talk or {}).items()
        return cls(**{name: copy(value) for name, value in kept if name in cls.__dataclass_fields__})

    def keep(self, chat: Chat) -> None:
        """Write the state back into the chat's row, without what is empty."""
        chat.talk = {name: value for name, value in vars(self).items() if value}
        chat.busy = bool(self.flow) and not self.holds_nothing()

    def holds_nothing(self) -> bool:
        """Say whether what is open was only opened: nobody said a word in it, so news may take its place."""
        begun_with = _OPENED_ONLY.get(self.flow)
        said = self.answers or self.files or self.waiting or self.trail
        return begun_with is not None and not said and set(self.seed) - {AT} <= begun_with

    def list_of(self, kind: str, cases: Iterable[Case]) -> None:
        """Remember which cases a list shows, as they are now, so that its lines can be spoken of."""
        self.listed = {"kind": kind, "cases": [[case.code, case.version] for case in cases]}

    def listed_as(self, kind: str = "") -> list[tuple[str, int]]:
        """Return the code and version of each case of the latest list, if it was of this kind or of any."""
        found = self.listed.get("cases", []) if kind in {"", self.listed.get("kind")} else []
        return [(code, version) for code, version in found]

    def wait(self) -> None:
        """Set the open report aside, with its files; of two that wait already the older is let go."""
        under = {part: self.waiting[part] for part in _WAITING if self.waiting}
        self.waiting = {part: getattr(self, part) for part in _WAITING} | {"waiting": under}
        self.end()
        self.files = []

    def take_up(self) -> None:
        """Leave what is open for the report that waits beneath it, if one does."""
        waiting = self.waiting
        self.waiting = waiting.get("waiting", {})
        for part in _WAITING if waiting else ():
            setattr(self, part, waiting[part])

    def end(self) -> None:
        """End the open flow; what waits for its turn still waits."""
        self.flow, self.seed, self.answers, self.trail = "", {}, {}, []

    def leave(self) -> None:
        """Leave every flow and forget what was answered and sent."""
        self.end()
        self.files, self.waiting = [], {}


@dataclass(frozen=True, slots=True)
class Keep:
    """Nothing that was said since this moment is kept; what is told now is shown for so long."""

    since: datetime
    shown_for: timedelta


@dataclass
class Turn:
    """One message being answered: the unit of work, the chat, its talk, and the case it is about if any."""

    work: Work
    chat: Chat
    talk: Talk
    conversations: Mapping[str, "Conversation"]
    """Every conversation there is, by the name a chat's state remembers it by."""
    about: Case | None = None
    came: datetime | None = None
    """When the message came; it may have waited since."""
    heard_before: datetime | None = None
    """When this chat was heard before this message."""
    replayed: tuple[tuple[object, ...], Asking | Finished] | None = None
    """The latest replay of the open conversation, and of what it was one."""
    keep: Keep | None = None
    """How much of this turn may be kept, where its conversations do not say so."""
    small: int = 0
    """What alone was said: 1 a greeting, 2 thanks; 0 where it was more."""

    @property
    def conversation(self) -> "Conversation":
        """The open conversation. Raises KeyError where none is, or none that this program knows."""
        return self.conversations[self.talk.flow]

    @property
    def say(self) -> locales.Words:
        """The words of the chat's language, and for officials those they are spoken to with."""
        return locales.words(self.chat.language, "official" if is_official(self.work, self.chat) else "")

    @property
    def session(self) -> Session:
        """What its flows may know."""
        on_page, files = self.chat.account == self.work.page.account, len(self.talk.files)
        link = self.elsewhere("gui-kin")
        return Session(self.work.rules, self.chat.language, self.work.today, files, link, on_page)

    def elsewhere(self, start: str) -> str:
        """Return the link that begins so on the desk's own page; nothing there, or where it has none."""
        page = self.work.page
        return f"{page.address}{start}" if page.address and self.chat.account != page.account else ""

    @property
    def when(self) -> datetime:
        """When the message being answered came."""
        return self.came or self.work.now

    @property
    def begun(self) -> datetime:
        """When the open conversation was begun; if none was, when this message came."""
        return from_ms(self.talk.begun) if self.talk.begun else self.when


@dataclass(frozen=True, slots=True)
class Conversation:
    """A named flow and its end. The name is the key of its words and what a chat's state remembers.

    One that `waits` is kept when another begins, and goes on after it. One that takes `files` keeps what is
    sent while it is open in `talk.files` until it ends. What is said in a `private` one is kept nowhere else
    (see `handlers.engine.confidence`). One that `leads_on` changes nothing by its end: from what follows
    there is a way back into it.
    """

    name: str
    flow: Callable[[Seed, Session], Flow[Any]]
    finish: Callable[[Turn, Any], Awaitable["Reply"]]
    waits: bool = False
    files: bool = False
    private: bool = False
    leads_on: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """A conversation to begin, with what is known already; `before` is said first, in the same message."""

    conversation: Conversation
    seed: Seed
    before: str = ""


Reply = Message | Next
"""What comes of a message: words, or the first question of a conversation."""
Verb = Callable[[Turn, Case, int | None, str], Awaitable[Reply]]
"""What can be done to a case, with the version a button was drawn for and the words typed behind."""
Option = Callable[[Turn, str], Awaitable[Reply]]
"""What can be begun without a case at hand, with the words typed behind it."""


async def case_of(turn: Turn, code: str) -> Case:
    """Return the case a conversation is about; it was there when the conversation began."""
    case = await stored.by_code(turn.work, code)
    if case is None:
        raise LookupError(code)
    turn.about = case
    return case
