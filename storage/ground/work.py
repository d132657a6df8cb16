"""One unit of work: what a batch of messages reads, changes, says and winds up, flushed once.

The chats and cases it has touched are kept by key, so two messages about one case see each other's changes,
and what must be said or rung is written set-wise at the end: the number of statements does not grow with
the number of messages.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from random import Random, SystemRandom
from uuid import UUID
from zlib import crc32

from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import WorkCalendar
from domain.messages import Message
from domain.rules import Rules
from domain.understand.fold import fold
from storage.ground.crypto import Keyring
from storage.ground.files import Disk
from storage.ground.instant import to_ms
from storage.ground.tables import Case, CaseEvent, Chat, Person

PRESSED = "pressed"
"""In a chat's state: the digit that was pressed last; what comes since ends what may be one press twice."""
SHOWN = "shown"
"""In a chat's state: what the labels of its latest menu's choices are known by when they are typed."""
_OPEN = frozenset({"flow", "seed", "answers", "files", "trail"})
"""In a chat's state: what is open; while the chat is not busy with it, nothing was said in it yet."""
REPLY, NOTICE, BULK = 1, 5, 9
"""Priorities: the answer to a person who waits overtakes everything else."""


def give_way(chat: Chat) -> None:
    """Let a conversation in which nothing was said yet be over; one the chat is busy with goes on."""
    if chat.talk and not chat.busy:
        chat.talk = {name: value for name, value in chat.talk.items() if name not in _OPEN}


@lru_cache(maxsize=4096)
def wording_key(label: str) -> str:
    """Return a few signs by which a label is known again however it is typed; not the words themselves."""
    return f"{crc32(fold(label).strip(' .!').encode()):08x}"


@dataclass(frozen=True, slots=True)
class Post:
    """A message for one chat; the key says what it is, so that it is never said twice."""

    key: str
    account: str
    lane: str
    message: Message
    priority: int
    hold_until: datetime | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Where people write with no platform in between: its account, and its address.

    To the address is added what to begin with there. `by_number` is the account that reaches a telephone
    number, where the desk has one.
    """

    account: str = ""
    address: str = ""
    by_number: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the clock has to say of one case to one chat: alone as a message, among others as a line."""

    chat: Chat
    case: Case
    message: Message
    key: str
    hold: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A chat of an official as it was read: when it was last heard, and since when it takes no messages."""

    key: str
    account: str
    heard_at: datetime
    blocked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """That an official reads what a case of a unit holds, and how."""

    case_id: UUID
    person_id: UUID
    how: str
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Recent:
    """What must be known of a case to tell whether another tells of the same matter."""

    id: UUID
    code: str
    chat_key: str
    unit_id: UUID
    field: str
    kind: str
    urgency: str
    area: str
    summary: str
    state: str
    followers: int
    topic: str
    opened_at: datetime
    excluded: list[str]
    excluded_people: list[str]
    senders: list[str]
    joined: dict[str, str]
    told: Callable[[], str]
    """Returns all that is told in it and where: most are compared by what they come to, and stay sealed."""


class Numbers:
    """Numbers that only grow, for what must keep its order: the clock may stand still or be set back."""

    def __init__(self) -> None:
        self._last = 0

    def take(self, now: datetime, count: int) -> range:
        """Return so many new numbers; the first ones of each millisecond are its number times a thousand."""
        first = max(to_ms(now) * 1000, self._last + 1)
        self._last = first + count - 1
        return range(first, first + count)


class Tally:
    """What is counted of one day in this process's memory alone: a row of it would lead to somebody."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._counted: Counter[str] = Counter()

    def of(self, day: date, name: str) -> int:
        """Return how often it was that day, as far as this process knows."""
        return self._counted[name] if day == self._day else 0

    def add(self, day: date, name: str) -> None:
        """Count it once more; what was counted of another day is forgotten."""
        if day != self._day:
            self._day, self._counted = day, Counter()
        self._counted[name] += 1


@dataclass
class Work:
    """Handlers and services read through it and write into it; none opens a transaction of its own."""

    session: AsyncSession
    now: datetime
    keyring: Keyring
    desk: Rules
    """The rules of the whole desk; `rules` are those of the area that is handled."""
    numbers: Numbers = field(default_factory=Numbers)
    tally: Tally = field(default_factory=Tally)
    dice: Random = field(default_factory=SystemRandom)
    """Nobody foresees them: codes, secrets and orders among many are thrown with them."""
    chats: dict[str, Chat] = field(default_factory=dict)
    linked: dict[str, list[Chat]] = field(default_factory=dict)
    """All chats of who writes in several, by the key under which their cases stand."""
    grouped: bool = False
    """Whether the groups of every unit that has some are among the chats."""
    cases: dict[UUID, Case] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    """Chats whose lanes this work holds without having heard them: they are its to change."""
    followers: dict[UUID, set[str]] = field(default_factory=dict)
    recent: dict[str, list[Recent]] = field(default_factory=dict)
    lost: dict[str, set[str]] = field(default_factory=dict)
    """Chats in which messages about a case are dead letters, by its code."""
    alarms: list[str] | None = None
    """Codes of the alarms of the last minutes, the newest first, once they are read."""
    histories: dict[UUID, list[CaseEvent]] = field(default_factory=dict)
    people: dict[UUID, Person | None] = field(default_factory=dict)
    chats_of: dict[UUID, list[Chat]] = field(default_factory=dict)
    seats: dict[UUID, list[Seat]] | None = None
    """The chats of every official, once they are read (see `storage.people.reached`)."""
    posts: list[Post] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    readings: dict[tuple[UUID, UUID, str], Reading] = field(default_factory=dict)
    """What officials read of cases, each way once."""
    mornings: frozenset[str] = frozenset()
    """Whose morning messages are due (see `services.standing.rounds`): they say what rings now."""
    timers: dict[tuple[str, str], datetime | None] = field(default_factory=dict)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    files_let_go: dict[str, set[str]] = field(default_factory=dict)
    """Files that chats have sent, by their keys, and that are deleted unless a case has them by its end."""
    files_gone: set[str] = field(default_factory=set)
    """Ids of files whose bytes are deleted once this work is committed."""
    files_renewed: set[str] = field(default_factory=set)
    """Ids of files that are written anew once this work is committed, so that their age tells nothing."""
    forgotten: set[str] = field(default_factory=set)
    """Chats of whose messages nothing is kept once this work is committed (see `storage.mail.forgetting`)."""
    disk: Callable[[], Disk] = field(kw_only=True)
    """Looks at the disk the files are on."""
    page: OwnPage = OwnPage()
    """The address at which people reach the desk's pages, where it has one."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """The communes of the accounts that are one commune's, by the accounts' names."""
    area: str | None = None
    """The area whose matters are handled (see `within`)."""
    old: str = ""
    """The old commune of whoever is heard, where theirs was merged of several."""
    _day: tuple[WorkCalendar, datetime, date] | None = None
    """What day it is by a calendar at a moment: it is asked a hundred times for each case."""

    @property
    def rules(self) -> Rules:
        """Those of the commune whose matters are handled, or of the whole desk."""
        return self.desk.part(self.area or "", self.old) if self.area or self.old else self.desk

    def rules_of(self, case: "Case | Recent") -> Rules:
        """Return the rules where a case belongs: who serves in another commune is nobody to it."""
        return self.desk.part(case.area)

    @contextmanager
    def within(self, area: str | None) -> Iterator[None]:
        """Handle what concerns an area: until it ends, `rules` are those of its commune."""
        before, self.area = self.area, area
        try:
            yield
        finally:
            self.area = before

    @property
    def today(self) -> date:
        """The day it is where the desk stands."""
        calendar = self.rules.calendar
        if self._day is None or self._day[0] is not calendar or self._day[1] != self.now:
            self._day = calendar, self.now, calendar.local(self.now).date()
        return self._day[2]

    def post(  # noqa: PLR0913 - each says one thing of the message, by name
        self,
        chat: Chat,
        message: Message,
        key: str,
        *,
        priority: int = NOTICE,
        hold: datetime | None = None,
        asks: bool = False,
    ) -> None:
        """Say something to a chat when this work commits; `hold` keeps it until that moment.

        The numbers of the chat's latest menu answer this message, unless it comes in the middle of a question
        (and does not itself ask about that: `asks`) or will only be seen later: then it says what to type.
        A question in which nothing was said yet gives way to it.
        """
        if chat.blocked_at is not None:
            return
        if priority != REPLY and hold is None and chat.talk and PRESSED in chat.talk:
            chat.talk = {name: kept for name, kept in chat.talk.items() if name != PRESSED}
        busy = chat.busy and not asks
        asked = message.choices and message.numbered and not message.redraw
        if priority == REPLY or (asked and hold is None and not busy):
            chat.menu = [choice.action for choice in message.choices] if message.numbered else []
            if chat.talk is not None:
                if priority != REPLY:
                    give_way(chat)
                chat.talk = {**chat.talk, SHOWN: [wording_key(choice.label) for choice in message.choices]}
        else:
            message = replace(message, numbered=False)
        self.posts.append(Post(key, chat.account, chat.key, message, priority, hold))

    def wind(self, kind: str, subject: str, due_at: datetime | None) -> None:
        """Set the one next moment of something, or with None unset it."""
        self.timers[kind, subject] = due_at
