"""Carries one act's messages. Nobody is disturbed at night or on a day off, but for an emergency."""

from collections.abc import Iterable
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
from storage.work import Work

Detail = dict[str, Any]
_EVEN_IF_MUTED = frozenset({"told.answer", "told.question", "told.question_busy"})
"""Who asked for quiet still gets the answer, and what an officer must know of them."""


class Telling:
    """One act's messages, each keyed by the case, the history line and its part: nothing is said twice.

    The citizen's own chat hears only what a citizen hears, even where the citizen is an official too.
    """

    def __init__(self, work: Work, case: Case, by: Actor) -> None:
        self.work, self.case, self.by = work, case, by
        self.parts = 0
        self.files: tuple[FileRef, ...] = ()

    async def citizen(self, key: str, choices: tuple[Choice, ...] = (), **facts: object) -> None:
        """Tell the citizen, who may have asked for quiet."""
        chat = await people.chat(self.work, self.case.chat_key)
        if chat.account == people.SEALED or (chat.muted and key not in _EVEN_IF_MUTED):
            return
        if chat.account == people.COUNTER:
            await self._by_phone(self._say(chat, key, **facts))
        else:
            self._post(chat, Message(self._say(chat, key, **facts), choices, self.files))

    async def _by_phone(self, text: str) -> None:
        """Ask whoever has the case to tell somebody whom no channel reaches."""
        phone = self.case.contact or ""
        for chat in await self._chats(who.handling(self.work, self.case)):
            said = locales.words(chat.language)("official.call", code=self.case.code, phone=phone, text=text)
            self._post(chat, Message(said))

    async def followers(self, key: str, **facts: object) -> None:
        """Tell those who follow the case, but who asked for quiet only what they came for."""
        for chat_key in sorted(stored.followers(self.work, self.case)):
            chat = await people.chat(self.work, chat_key)
            if chat.key != self.by.chat_key and (not chat.muted or key in _EVEN_IF_MUTED):
                self._post(chat, Message(self._say(chat, key, **facts)))

    async def officials(
        self, ids: Iterable[UUID], key: str, verbs: tuple[str, ...] = (), **facts: object
    ) -> None:
        """Tell these officials, but not whoever did it."""
        for chat in await self._chats(ids):
            if chat.key != self.by.chat_key:
                choices = buttons(self.case, chat.language, verbs)
                self._post(chat, Message(self._say(chat, key, **facts), choices, self.files))

    async def cards(self, ids: Iterable[UUID], *, redraw: bool) -> None:
        """Send the card, or draw it anew where it was sent. One officer has the buttons once it is taken."""
        for chat in await self._chats(ids):
            mine = self.case.officer_id is None or who.has_it(self.work, self.case, chat.person_id)
            verbs = card_verbs(self.work, self.case, chat) if mine else ()
            choices = buttons(self.case, chat.language, verbs)
            whole = self.case.officer_id is not None and mine
            text = await wording.card(self.work, self.case, chat.language, whole=whole)
            self._post(chat, Message(text, choices, card=self.case.code, redraw=redraw))

    async def redraw(self) -> None:
        """Draw the card anew for everybody who may have it."""
        await self.cards(who.workers(self.work, self.case), redraw=True)

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
        }
        return say(key, **(common | {name: value for name, value in facts.items() if value != ""}))

    def _post(self, chat: Chat, message: Message) -> None:
        self.parts += 1
        key = f"{self.case.code}:{self.case.history_length}:{self.parts}:{chat.key[:12]}"
        hold = None if self._may_wake(chat) else self.work.rules.calendar.quiet_until(self.work.now)
        self.work.post(chat, message, key, hold=hold)

    def _may_wake(self, chat: Chat) -> bool:
        """Say whether this may come at night: to whoever acts now, and where it is urgent and still open."""
        running = self.by != who.CLOCK or self.case.state in OPEN_STATES
        return chat.key == self.by.chat_key or (self.case.urgency == who.URGENT and running)
