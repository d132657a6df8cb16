"""What goes out to Telegram: each part of a message is one call, and each failure exactly one outcome.

No call names a `parse_mode`: what people write is never markup.
"""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    LinkPreviewOptions,
    ReactionTypeEmoji,
)
from telegram.constants import ForumTopicLimit, ReactionEmoji
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

import locales
from bot.channels.channel import Ambiguous, Broken, Gone, MovedTo, Outcome, Part, Permanent, Retry, Sent
from bot.channels.telegram import http, write
from bot.channels.telegram.files import Upload, as_documents, calls, load
from bot.channels.telegram.http import NotSent, TooLarge, TooMany
from storage.mail.outbox import GENERAL, Delivery
from storage.store.engine import Store

log = structlog.get_logger(__name__)

BAD_TOKEN_PAUSE = timedelta(minutes=5)
OF_ALL_WITHIN = timedelta(seconds=10)
"""Two private chats that are told to wait within so long: the whole account sends too fast."""
TOPICS_REMEMBERED = timedelta(hours=1)
"""For how long it is believed whether a group has topics that the bot may open."""

_CANNOT_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
_NOBODY_THERE = ("group chat was deactivated", "user is deactivated", "bot was kicked", "bot was blocked")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sending:
    """The sending half of one bot account; files that go along are read from the store's files."""

    def __init__(self, account: str, bot: Bot, store: Store) -> None:
        self._account = account
        self._bot = bot
        self._store = store
        self._topics: dict[str, tuple[bool, datetime]] = {}
        self._throttled = ("", datetime.min.replace(tzinfo=UTC))
        """The private chat that was told to wait last, and when."""
        self._opened: dict[tuple[str, str], int] = {}

    async def send(self, delivery: Delivery, part: Part) -> Outcome:
        """Make the call of one part."""
        if not write.fits(part.choices):
            return Permanent("a button carries less than 1 or more than 64 bytes")
        try:
            if part.seen:
                return await self._mark_seen(delivery, part.seen)
            if part.commands:
                return await self._show_commands(delivery, part.commands)
            return await self._in_thread(delivery, part)
        except TelegramError as error:
            return self._outcome(error, delivery)

    def _outcome(self, error: TelegramError, delivery: Delivery) -> Outcome:
        match error:
            case TooMany():
                return Retry(error.after, whole_account=self._is_of_all(delivery))
            case NotSent():
                return Retry(timedelta(seconds=min(5 * 2**delivery.attempts, 600)))
            case InvalidToken():
                log.error("telegram_token_refused", account=self._account)
                return Broken(BAD_TOKEN_PAUSE)
            case ChatMigrated():
                return MovedTo(str(error.new_chat_id))
            case Forbidden() | BadRequest() | TooLarge():
                shut_out = isinstance(error, Forbidden) or _says(error, _NOBODY_THERE)
                return Gone(str(error)) if shut_out else Permanent(str(error))
            case _:
                return Ambiguous(str(error))

    def _is_of_all(self, delivery: Delivery) -> bool:
        """Say whether all must wait: another private chat was throttled just now; one alone waits alone."""
        if delivery.group:
            return False
        (address, at), self._throttled = self._throttled, (delivery.address, delivery.at)
        return address not in {"", delivery.address} and delivery.at - at < OF_ALL_WITHIN

    # --- words and files -----------------------------------------------------------------------------

    async def _in_thread(self, delivery: Delivery, part: Part) -> Outcome:
        """Say it in the case's topic; where that is gone, among everything else and so from now on."""
        thread = await self._thread(delivery) if delivery.group else None
        try:
            sent = await self._say(delivery, part, thread)
        except BadRequest as error:
            if not thread or not _says(error, _NO_TOPIC):
                raise
            thread = GENERAL
            sent = await self._say(delivery, part, thread)
        self._opened.pop((delivery.address, delivery.message.card), None)
        return Sent(sent, thread)

    async def _say(self, delivery: Delivery, part: Part, thread: str | None) -> str | None:
        """Make the call; return the id of the message."""
        where: dict[str, Any] = {"message_thread_id": int(thread)} if thread else {}
        if part.files:
            return await self._send_files(delivery, part, where)
        keyboard = write.keyboard(part.choices, part.copy)
        if part.edits and await self._edited(delivery, part, keyboard):
            return part.edits
        markup = keyboard if delivery.group else write.in_private(part, keyboard, delivery)
        send = self._bot.send_message(
            delivery.address, part.text, reply_markup=markup, link_preview_options=_NO_PREVIEW, **where
        )
        return await self._said(send)

    async def _said(self, call: Awaitable[Any]) -> str | None:
        """Make a call that says something. Returns the id of the (first) message, if it can be read."""
        try:
            sent = await call
        except TelegramError:
            raise
        except Exception as error:
            taken, number = http.said()
            if not taken:
                raise
            log.warning("telegram_answer_not_read", account=self._account, error=type(error).__name__)
            return number
        first = sent[0] if isinstance(sent, tuple) else sent
        return str(first.message_id)

    async def _edited(self, delivery: Delivery, part: Part, keyboard: write.Buttons) -> bool:
        """Edit the card where it stands; say whether it now reads as it should."""
        try:
            await self._bot.edit_message_text(
                part.text,
                delivery.address,
                int(part.edits or 0),
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            if _says(error, _CANNOT_EDIT):
                return False
            if not _says(error, ("message is not modified",)):
                raise
        return True

    async def _send_files(self, delivery: Delivery, part: Part, where: Mapping[str, Any]) -> str | None:
        """Send files in one call; what Telegram finds no picture or film in goes as a document.

        Files that cannot be read, or are refused all the same, do not keep the words that follow them.
        """
        uploads = await load(self._store.files, part.files)
        if not uploads:
            return None
        try:
            return await self._upload(delivery, uploads, where)
        except BadRequest as error:
            if _says(error, _NO_TOPIC):
                raise
        except TooLarge as error:
            self._leave_out(delivery, error)
            return None
        try:
            return await self._upload(delivery, as_documents(uploads), where)
        except (BadRequest, TooLarge) as error:
            self._leave_out(delivery, error)
        return None

    def _leave_out(self, delivery: Delivery, error: TelegramError) -> None:
        """Go on with the words that follow. Raises the error where none do."""
        if not delivery.message.text:
            raise error
        log.error("telegram_files_refused", account=self._account, reason=str(error))

    async def _upload(
        self, delivery: Delivery, uploads: Sequence[Upload], where: Mapping[str, Any]
    ) -> str | None:
        """Make the call, without a sound where words follow."""
        method, arguments = calls(uploads)
        silent = bool(delivery.message.text)
        call = getattr(self._bot, method)
        return await self._said(call(delivery.address, **arguments, disable_notification=silent, **where))

    # --- the small things beside ---------------------------------------------------------------------

    async def _mark_seen(self, delivery: Delivery, message_id: str) -> Outcome:
        """React to what was heard. It is decoration: whatever goes wrong, nobody misses anything."""
        eyes = ReactionTypeEmoji(ReactionEmoji.EYES)
        try:
            await self._bot.set_message_reaction(delivery.address, int(message_id), [eyes])
        except (TelegramError, ValueError) as error:
            log.info("telegram_not_marked_seen", account=self._account, reason=str(error))
        return Sent()

    async def _show_commands(self, delivery: Delivery, commands: Sequence[tuple[str, str]]) -> Outcome:
        """Show one chat its own commands; without them all can be typed just as well."""
        scope = BotCommandScopeChat(delivery.address)
        try:
            await self._bot.set_my_commands([BotCommand(*one) for one in commands], scope)
        except TelegramError as error:
            log.warning("telegram_commands_not_shown", account=self._account, reason=str(error))
        return Sent()

    async def set_default_commands(self) -> None:
        """Show everybody who writes alone what can be typed, in the language of their application.

        To be called by one process: the one that sets the webhook, or that polls. Telegram keeps them.
        """
        everybody = BotCommandScopeAllPrivateChats()
        try:
            for language in locales.LANGUAGES:  # the first is shown to all who have none of the others
                code = None if language == locales.LANGUAGES[0] else language
                await self._bot.set_my_commands(write.commands(language), everybody, code)
        except TelegramError as error:
            log.warning("telegram_commands_not_shown", account=self._account, reason=str(error))

    # --- a topic a case, in a group that has topics --------------------------------------------------

    async def _thread(self, delivery: Delivery) -> str | None:
        """Return where a case's messages stand in a group; its first card opens a topic if it can be done."""
        code = delivery.message.card
        if delivery.thread is not None or not code or not await self._has_topics(delivery):
            return delivery.thread
        # Kept until a card stands there: a card that must be tried again finds the topic it opened.
        if (delivery.address, code) not in self._opened:
            name = delivery.message.text.partition("\n")[0][: ForumTopicLimit.MAX_NAME_LENGTH]
            try:
                topic = await self._bot.create_forum_topic(delivery.address, name)
            except BadRequest:
                self._topics[delivery.address] = (False, delivery.at + TOPICS_REMEMBERED)
                return None
            self._opened[delivery.address, code] = topic.message_thread_id
        return str(self._opened[delivery.address, code])

    async def _has_topics(self, delivery: Delivery) -> bool:
        has, until = self._topics.get(delivery.address, (False, delivery.at))
        if until <= delivery.at:
            chat = await self._bot.get_chat(delivery.address)
            has = bool(chat.is_forum)
            self._topics[delivery.address] = (has, delivery.at + TOPICS_REMEMBERED)
        return has


def _says(error: TelegramError, words: Sequence[str]) -> bool:
    reason = str(error).lower()
    return any(one in reason for one in words)
