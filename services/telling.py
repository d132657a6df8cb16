"""Carries one act's messages. Nobody is disturbed at night or on a day off, but for an emergency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import locales
from domain.cases import OPEN_STATES
from domain.messages import Choice, FileRef, Message
from services import who, wording
from services.cards import buttons, card_verbs
from services.who import Actor
from storage import cases as stored
from storage import people
from storage.cases import Case
from storage.people import Chat
from storage.work import Reminder, Work

Detail = dict[str, Any]
_EVEN_IF_MUTED = frozenset(
    {"told.answer", "told.dismissed", "told.question", "told.question_busy", "followed.answer"}
)
"""Who asked for quiet still gets the answer, and what an officer must know of them."""


@dataclass(frozen=True, slots=True)
class Key:
    """A fact that is itself words: it is said in the language of whoever is told."""

    key: str


_ONLY_WRITTEN = frozenset({"told.accepted", "told.accepted_urgent", "told.rate_again"})
"""Nobody is called only to hear that somebody took it; a mark comes from one's own hand or not at all."""


class Telling:
    """One act's messages, each keyed by the case, the history line and its part: nothing is said twice.

    The citizen's own chat hears only what a citizen hears, even where the citizen is an official too.
    """

    def __init__(self, work: Work, case: Case, by: Actor, line: int = 0) -> None:
        self.work, self.case, self.by = work, case, by
        self.line, self.parts = line or case.history_length, 0
        self.files: tuple[FileRef, ...] = ()
        self.awake = False
        """Whether everybody concerned was woken already, and would rather know."""
        self.numbered = True
        """Whether numbers stand for the choices; not where a number may be the answer itself."""

    async def citizen(self, key: str, choices: tuple[Choice, ...] = (), **facts: object) -> None:
        """Tell the citizen, who may have asked for quiet."""
        chat = await people.chat(self.work, self.case.chat_key)
        if chat.account == people.SEALED or (chat.muted and key not in _EVEN_IF_MUTED):
            return
        if chat.account == people.COUNTER:
            await self._by_phone(chat, key, facts)
        else:
            self._post(
                chat, Message(self._say(chat, key, **facts), choices, self.files, numbered=self.numbered)
            )

    async def _by_phone(self, counter: Chat, key: str, facts: Detail) -> None:
        """Ask somebody to tell a citizen whom no channel reaches; what only invites a tap is not read out."""
        if key in _ONLY_WRITTEN:
            return
        spoken = f"called.{key.removeprefix('told.')}"
        text = self._say(counter, spoken if locales.has(counter.language, spoken) else key, **facts)
        verbs = ("record",) if self.case.state in OPEN_STATES and self.case.officer_id else ()
        for chat in await self._chats(who.callers(self.work, self.case)):
            say, phone = locales.words(chat.language), self.case.contact
            number = wording.number(phone) if phone else ""
            how = say("official.call_how", phone=number) if phone else say("official.call_none")
            said = say("official.call", code=self.case.code, how=how, text=text)
            self._post(chat, Message(said, buttons(self.case, chat.language, verbs)))

    async def followers(self, key: str, **facts: object) -> None:
        """Tell those who follow the case, with photos of what was done; who asked for quiet, only that."""
        for chat_key in sorted(stored.followers(self.work, self.case)):
            chat = await people.chat(self.work, chat_key)
            if chat.key != self.by.chat_key and (not chat.muted or key in _EVEN_IF_MUTED):
                self._post(chat, Message(self._say(chat, key, **facts), files=self.files))

    async def officials(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        """Tell these officials, but not whoever did it."""
        for chat, message in await self._written(ids, key, verbs, facts):
            self._post(chat, message)

    async def remind(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        """Tell these officials what the clock has to say, with whatever else it says to them at this moment.

        What is urgent does not wait for the rest, and stands alone.
        """
        if self.case.urgency == who.URGENT:
            await self.officials(ids, key, verbs, **facts)
            return
        for chat, message in await self._written(ids, key, verbs, facts):
            self.work.reminders.append(Reminder(chat, self.case, message, *self._sealing(chat)))

    async def cards(self, ids: Iterable[UUID], *, redraw: bool) -> None:
        """Send the card, or draw it anew where it was sent. One officer has the buttons once it is taken."""
        for chat in await self._chats(ids):
            mine = self.case.officer_id is None or who.has_it(self.work, self.case, chat.person_id)
            verbs = card_verbs(self.work, self.case, chat) if mine else ()
            choices = buttons(self.case, chat.language, verbs)
            whole = self.case.officer_id is not None and mine
            text = await wording.card(self.work, self.case, chat.language, whole=whole, called=whole)
            self._post(chat, Message(text, choices, card=self.case.code, redraw=redraw))

    async def redraw(self) -> None:
        """Draw the card anew for everybody who may have it."""
        officer = [self.case.officer_id] if self.case.officer_id else []
        await self.cards([*who.workers(self.work, self.case), *officer], redraw=True)

    async def _written(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...], facts: Detail
    ) -> list[tuple[Chat, Message]]:
        """Write it to each of these officials, but not to whoever did it."""
        chats = [chat for chat in await self._chats(ids) if chat.key != self.by.chat_key]
        return [
            (c, Message(self._say(c, key, **facts), buttons(self.case, c.language, verbs), self.files))
            for c in chats
        ]

    async def instead_of_cards(self, ids: Iterable[UUID], key: str) -> None:
        """Put a word in place of the card where it was sent: the case is not theirs any more."""
        for chat in await self._chats(ids):
            self._post(chat, Message(self._say(chat, key), card=self.case.code, redraw=True))

    async def _chats(self, ids: Iterable[UUID]) -> list[Chat]:
        chats = await who.chats(self.work, list(dict.fromkeys(ids)))
        return [chat for chat in chats if chat.key != self.case.chat_key]

    def _say(self, chat: Chat, key: str, **facts: object) -> str:
        language, rules = chat.language, self.work.rules
        say = locales.words(language)
        common = {
            "code": self.case.code,
            "summary": self.case.summary,
            "due": wording.due(rules, self.case, language),
            "left": wording.left(rules, self.case, language, self.work.today),
            "unit": rules.directory.unit(self.case.unit_id).name,
            "commune": wording.commune(rules),
            "officer": say("alert.unassigned"),
            "comment": "",
        }
        told = {name: say(value.key) if isinstance(value, Key) else value for name, value in facts.items()}
        return say(key, **(common | {name: value for name, value in told.items() if value != ""}))

    def _post(self, chat: Chat, message: Message) -> None:
        key, hold = self._sealing(chat)
        self.work.post(chat, message, key, hold=hold)

    def _sealing(self, chat: Chat) -> tuple[str, datetime | None]:
        """Return the key of the next message, and until when it is held."""
        self.parts += 1
        key = f"{self.case.code}:{self.line}:{self.parts}:{chat.key[:12]}"
        hold = None if self._may_wake(chat) else self.work.rules.calendar.quiet_until(self.work.now)
        return key, hold

    def _may_wake(self, chat: Chat) -> bool:
        """Say whether this may come at night: to whoever acts now, and where it is urgent and still open."""
        running = self.by != who.CLOCK or self.case.state in OPEN_STATES
        return self.awake or chat.key == self.by.chat_key or (self.case.urgency == who.URGENT and running)
