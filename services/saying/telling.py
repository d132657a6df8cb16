"""Carries one act's messages. Nobody is disturbed at night or on a day off, but for an emergency."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import locales
from domain.cases import OPEN_STATES
from domain.messages import Choice, FileRef, Message
from domain.rules import Rules
from domain.walls import Wall
from services.saying import calling, likely, ways, wording
from services.saying.cards import buttons, card_verbs, offered
from services.saying.quoting import in_one_line
from services.standing import access, exclusion, homes, leaving, parties
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Recent, Reminder, Work
from storage.people import people
from storage.people.people import Chat

Detail = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A fact that is itself words: it is said in the language of whoever is told."""

    key: str
    facts: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """So many minutes, said in the language of whoever is told."""

    minutes: int


class Telling:
    """One act's messages, each keyed by the case, the history line and its part: nothing is said twice.

    The citizen's own chat hears only what a citizen hears, even where the citizen is an official too.
    """

    def __init__(self, work: Work, case: Case, by: Actor, line: int = 0, facts: Detail | None = None) -> None:
        self.work, self.case, self.by = work, case, by
        self.line, self.parts = line or case.history_length, 0
        self.facts: Detail = facts or {}
        """What the line of the history says."""
        self.files: tuple[FileRef, ...] = ()
        self.occasion = ""
        """What names these messages instead of the line, one a chat: the same whenever they are said."""
        self.awake = False
        """Whether everybody concerned was woken already, and would rather know."""
        self.before: Wall | None = None
        """Who stood outside until the words of this act closed the case: the others part with it now."""
        self.alike: list[Recent] = []
        """Open cases that look alike, to be named on its card."""
        self.numbered = True
        """Whether numbers stand for the choices; not where a number may be the answer itself."""

    @property
    def rules(self) -> Rules:
        """Those where the case is now."""
        return self.work.rules_of(self.case)

    async def citizen(self, key: str, choices: tuple[Choice, ...] = (), **facts: object) -> None:
        """Tell the citizen in one of their chats, unless they asked for quiet in all of them."""
        home, chat = await people.chat(self.work, self.case.chat_key), await self.hears(key)
        if home.account == people.SEALED or not ways.willing(self.work, home, key):
            return
        if home.account == people.COUNTER or not ways.taking(self.work, home, key):
            await self._by_phone(home, key, facts)
        else:
            said = Message(
                self._say(chat, self._honestly(key), **facts), choices, self.files, numbered=self.numbered
            )
            self._post(chat, said, key, self.case.chat_key)

    def _honestly(self, key: str) -> str:
        """Return the words for what cannot wait or is late, where there are some: that is no promise."""
        if (urgent := wording.key(self.work, self.case, key)) != key:
            return urgent
        late = self.case.state in OPEN_STATES and self.case.due_at <= self.work.now
        return f"{key}_late" if late and locales.has("vi", f"{key}_late") else key

    async def hears(self, key: str) -> Chat:
        """Return the chat in which the citizen hears these words; where none takes them, the case's own."""
        home = await people.chat(self.work, self.case.chat_key)
        return next(iter(ways.taking(self.work, home, key)), home)

    async def _by_phone(self, unreached: Chat, key: str, facts: Detail) -> None:
        """Ask somebody to tell a citizen whom no channel reaches; what only invites a tap is not read out."""
        if key in calling.ONLY_WRITTEN:
            return
        spoken = f"called.{key.removeprefix('told.')}"
        spoken = spoken if locales.has(unreached.language, spoken) else self._honestly(key)
        text = self._say(unreached, spoken, **facts)
        for chat in await calling.callers(self.work, self.case):
            access.shown(self.work, self.case, chat, access.SENT)
            self._post(chat, calling.asked(self.work, self.case, chat, text), key)

    async def followers(self, key: str, *, only_shut: bool = False, **facts: object) -> None:
        """Tell those who follow the case, with photos of what was done; who asked for quiet, only that.

        Of what is kept close nobody is told but that it was handed on, in the act that closes it (`before`).
        `only_shut`: only those whom these words shut out.
        """
        if self.case.confidential and self.before is None:
            return
        wall = exclusion.wall_of(self.case) if self.before is None else self.before
        for chat_key in sorted(stored.followers(self.work, self.case)):
            chats = ways.taking(self.work, await people.chat(self.work, chat_key), key)
            told = chats and chat_key != self.by.own and not self._is_outside(wall, chats)
            if told and (not only_shut or self._is_outside(exclusion.wall_of(self.case), chats)):
                text = self._say(chats[0], wording.key(self.work, self.case, key), **facts)
                said = Message(text, files=self.files)
                self._post(chats[0], said, key, chat_key)

    def _is_outside(self, wall: Wall, chats: Iterable[Chat]) -> bool:
        directory, day = self.rules.directory, self.work.today
        return any(wall.shuts_out(directory, chat.person_id, day) for chat in chats)

    async def officials(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        """Tell these officials, but not whoever did it."""
        for chat, message in await self._written(ids, key, verbs, facts):
            self._post(chat, message, key)

    async def officials_alone(
        self,
        ids: Iterable[UUID],
        key: str,
        choices: Callable[[Case, str], tuple[Choice, ...]] | None = None,
        **facts: object,
    ) -> None:
        """Tell these officials the danger and nothing of the case, with choices that are not its verbs."""
        for chat, message in await self._written(ids, key, (), facts, danger=True):
            offered_ = choices(self.case, chat.language) if choices else ()
            self._post(chat, replace(message, choices=offered_), key)

    async def remind(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        """Tell these officials what the clock has to say, with whatever else it says to them at this moment.

        What is urgent does not wait for the rest, and stands alone.
        """
        if self.case.urgency == parties.URGENT:
            await self.officials(ids, key, verbs, **facts)
            return
        for chat, message in await self._written(ids, key, verbs, facts):
            self.work.reminders.append(Reminder(chat, self.case, message, *self._sealing(chat)))

    async def cards(self, ids: Iterable[UUID], *, redraw: bool) -> None:
        """Send the card, or draw it anew where it was sent. One officer has the buttons once it is taken."""
        for chat in await self._chats(ids):
            mine = self.case.officer_id is None or parties.has_it(self.work, self.case, chat.person_id)
            verbs = card_verbs(self.work, self.case, chat) if mine else ()
            seen = likely.named(self.work, self.alike, chat) if verbs else []
            if seen:
                verbs = (*(verb for verb in verbs if verb != "more"), "join", "more")
            choices = buttons(self.case, chat.language, verbs)
            whole = self.case.officer_id is not None and mine
            text = await wording.card(self.work, self.case, chat.language, whole=whole, called=whole)
            text += likely.lines(self.work, seen, chat.language)
            code, text = self.case.code, text + self._why(chat)
            access.shown(self.work, self.case, chat, access.SENT)
            self._post(chat, Message(text, choices, card=code, redraw=redraw, copy=code))

    async def redraw(self) -> None:
        """Draw the card anew for everybody who may have it."""
        officer = [self.case.officer_id] if self.case.officer_id else []
        there = [*parties.workers(self.work, self.case), *leaving.going_on(self.work, self.case)]
        await self.cards([*there, *officer], redraw=True)

    async def _written(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...], facts: Detail, *, danger: bool = False
    ) -> list[tuple[Chat, Message]]:
        """Write it to each of these officials, but not to whoever did it."""
        chats = [chat for chat in await self._chats(ids, danger=danger) if chat.key != self.by.chat_key]
        for chat in chats:
            access.shown(self.work, self.case, chat, access.SENT)
        return [(chat, self._message(chat, key, verbs, facts)) for chat in chats]

    def _message(self, chat: Chat, key: str, verbs: tuple[str, ...], facts: Detail) -> Message:
        """Write it to one chat, with the buttons that will not be refused."""
        text = self._say(chat, key, **facts) + (self._why(chat) if verbs else "")
        choices = buttons(self.case, chat.language, offered(self.work, self.case, chat, verbs))
        return Message(text, choices, self.files)

    def _why(self, chat: Chat) -> str:
        """Say that this person is told in place of a unit where nobody can be, while nobody has the case."""
        unit = parties.silent_unit(self.work, self.case, chat.person_id)
        if self.case.officer_id is not None or unit is None:
            return ""
        called = homes.called(self.work, unit, chat)
        return "\n" + locales.words(chat.language)("ringing.passed_over", unit=called)

    async def instead_of_cards(self, ids: Iterable[UUID], key: str) -> None:
        """Put a word in place of the card where it was sent: the case is not theirs any more."""
        for chat in await self._chats(ids):
            self._post(chat, Message(self._say(chat, key), card=self.case.code, redraw=True))

    async def _chats(self, ids: Iterable[UUID], *, danger: bool = False) -> list[Chat]:
        chats = await parties.chats(self.work, list(dict.fromkeys(ids)))
        own = {chat.key for chat in chats if chat.own == self.case.chat_key}
        return [chat for chat in chats if chat.key not in own and not self._is_kept_from(chat, danger=danger)]

    def _is_kept_from(self, chat: Chat, *, danger: bool) -> bool:
        """Say whether the case speaks of this official, or is theirs as a citizen."""
        kept_from = exclusion.kept_from_danger if danger else exclusion.shut_out
        shut_out = kept_from(self.work, self.case, chat.person_id)
        return shut_out or parties.is_senders(self.case, chat.person_id)

    def _say(self, chat: Chat, key: str, **facts: object) -> str:
        language, rules = chat.language, self.rules
        say = locales.words(language)
        common = {
            "code": self.case.code,
            "summary": in_one_line(self.case.summary),
            "due": wording.due(self.work, self.case, language),
            "left": wording.left(self.work, self.case, language),
            "unit": homes.called(self.work, self.case.unit_id, chat),
            "commune": wording.commune(rules),
            "officer": say("alert.unassigned"),
            "comment": "",
            "waiting": "",
        }
        told = {
            name: homes.called(self.work, value, chat)
            if isinstance(value, UUID)
            else _in_words(language, name, value, facts)
            for name, value in facts.items()
        }
        # An empty fact leaves what is usual in its place, where something is; it is a fact all the same.
        said = {name: value for name, value in told.items() if value != "" or name not in common}
        return say(key, **(common | said))

    def _post(self, chat: Chat, message: Message, notice: str = "", person: str = "") -> None:
        """Post it, to be known later as news of this case; `person` is the key of whom it is for."""
        key, hold = self._sealing(chat, person)
        self.work.post(chat, replace(message, case=self.case.code, notice=notice), key, hold=hold)

    def _sealing(self, chat: Chat, person: str = "") -> tuple[str, datetime | None]:
        """Return the key of the next message, the same in whichever of a person's chats, and its hold."""
        self.parts += 1
        part = self.occasion or f"{self.line}:{self.parts}"
        key = f"{self.case.code}:{part}:{(person or chat.key)[:12]}"
        return key, None if self._may_wake(chat) else self._quiet_until(chat, person)

    def _quiet_until(self, chat: Chat, person: str) -> datetime | None:
        """Return until when it waits: who has to do with it as a citizen, by the hours where the case is."""
        if person:
            return self.rules.calendar.quiet_until(self.work.now)
        return homes.quiet_until(self.work, chat)

    def _may_wake(self, chat: Chat) -> bool:
        """Say whether this may come at night: to whoever acts now, and where it is urgent and still open."""
        urgent = self.case.urgency in self.rules.ringing
        running = self.by != parties.CLOCK or self.case.state in OPEN_STATES
        return self.awake or chat.key == self.by.chat_key or (urgent and running)


def heard(work: Work, case: Case, language: str) -> str:
    """Say that the citizen was told of what an official has just done, or when they will be."""
    rules, say = work.rules_of(case), locales.words(language)
    until = None if case.urgency in rules.ringing else rules.calendar.quiet_until(work.now)
    if until is None:
        return say("heard.now")
    local = rules.calendar.local(until)
    return say("heard.later", time=locales.clock(language, local), day=locales.day(language, local.date()))


def _in_words(language: str, name: str, value: object, facts: Detail) -> object:
    """Say a fact; a ready reason in the language of whoever is told."""
    said = in_words(language, value, facts)
    return wording.reason(language, said) if name == "reason" and isinstance(said, str) else said


def in_words(language: str, value: object, facts: Detail) -> object:
    """Say a fact that is itself words, or a wait: minutes, and hours once there are two of them."""
    say = locales.words(language)
    match value:
        case Key(key, own):
            return say(key, **(facts | own))
        case Wait(minutes) if minutes < 120:
            return say("ringing.minutes", minutes=minutes)
        case Wait(minutes):
            return say("ringing.hours", hours=minutes // 60, minutes=minutes % 60)
        case _:
            return value(language) if callable(value) else value
