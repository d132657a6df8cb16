"""One person in several chats: tied by a one-time code, or by a verified number and a yes, they are one.

Nobody else learns of it: not the officers, not whoever guesses at codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

import locales
from domain.messages import Choice, Message
from services.acts import barring
from services.acts.act import act
from services.acts.moving import Move
from services.intake import sealed
from services.standing import senders
from services.standing.parties import CLOCK
from services.standing.refusals import TooManyTries
from storage.cases import cases as stored
from storage.ground.instant import to_ms
from storage.ground.work import Work
from storage.people import attempts, linked, people
from storage.people.people import Chat

DIGITS = 8
PREFIX = "noi-"
"""What the code that travels in an address begins with."""
_HOUR = timedelta(hours=1)
_TRIES_OF_ALL = "link:all"


class CannotLink(Exception):
    """This chat cannot be tied to another, whatever code it names; the argument is the key of the words."""


class WrongCode(Exception):
    """No such code, or not any more, or not for this chat: which of these is not said."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Two ways to say the same, good once: digits to type, and what a link to the other channel carries."""

    digits: str
    token: str


async def offer(work: Work, chat: Chat) -> Offer:
    """Make a code that ties one other chat to this one. Raises CannotLink."""
    _may_link(work, chat)
    digits = f"{work.dice.randrange(10**DIGITS):0{DIGITS}}"
    while not await linked.is_free(work, digits):
        digits = f"{work.dice.randrange(10**DIGITS):0{DIGITS}}"
    made = Offer(digits, PREFIX + work.dice.randbytes(16).hex())
    await linked.make(work, chat, work.rules.secrecy.code_lasts, (made.digits, made.token))
    return made


async def look_at(work: Work, chat: Chat, code: str) -> None:
    """See whether the code would tie this chat, and change nothing. Raises as `redeem` does."""
    await _admit(work, chat, code)
    maker = await linked.maker(work, code, but=chat.key)
    if maker is None or not _fit(work, chat, await people.chat(work, maker)):
        await _wrong(work, chat)


async def is_good(work: Work, code: str) -> bool:
    """Say whether a code ties some two chats at this moment."""
    return await linked.maker(work, code) is not None


async def redeem(work: Work, chat: Chat, code: str) -> None:
    """Tie this chat to the one the code was made in, and tell that one.

    Raises CannotLink for what this chat's person can be told, TooManyTries, else WrongCode.
    """
    await _admit(work, chat, code)
    maker = await linked.spend(work, code, but=chat.key)
    if maker is None or not await _tie(work, chat, await people.chat(work, maker)):
        await _wrong(work, chat)


async def _admit(work: Work, chat: Chat, code: str) -> None:
    """Raise CannotLink or TooManyTries.

    Eight digits can be guessed by a crowd: while one tries, they tie nobody. What the link carries, which
    nobody can guess, always does.
    """
    _may_link(work, chat)
    if chat.home is not None:
        raise CannotLink("link.already")
    if code.startswith(PREFIX):
        return
    allowed, own = work.rules.secrecy, _tries(chat)
    if await attempts.within(work, own, _HOUR) >= allowed.tries:
        raise TooManyTries(own)
    if await attempts.within(work, _TRIES_OF_ALL, _HOUR) >= allowed.tries_of_all:
        raise TooManyTries(_TRIES_OF_ALL)


async def _wrong(work: Work, chat: Chat) -> NoReturn:
    await attempts.record(work, _tries(chat), _TRIES_OF_ALL)
    raise WrongCode


def _tries(chat: Chat) -> str:
    return f"link:{chat.key}"


async def void(work: Work, code: str) -> None:
    """Let a code be used no more: it was shown where many could read it."""
    await linked.spend(work, code)


async def unlink(work: Work, chat: Chat) -> bool:
    """Let this chat speak for itself again, and tell the others; False where it was tied to none."""
    if chat.home is None:
        return False
    for other in await linked.untie(work, chat):
        _tell(work, other, "link.untied_there", chat)
    return True


async def verified(work: Work, chat: Chat, phone: str) -> bool:
    """Keep that the channel vouches for this number (+84…) as the chat's own, and ask who else has it.

    Numbers go from one person to another: where exactly one other citizen's chat vouched for it lately, that
    one is asked whether both are theirs, and nothing is tied, moved or told here until it says so. A number
    that one channel vouches for in two chats has gone to somebody else. Returns whether anybody was asked.
    The number itself is not kept here.
    """
    chat.phone_key, chat.phone_at = linked.phone_key(work, phone), work.now
    if chat.home is not None or _why_not(work, chat) is not None:
        return False
    await work.session.flush()
    other = await _alone_with(work, chat)
    if other is None or not _fit(work, chat, other):
        return False
    say = locales.words(other.language)
    choices = (Choice(say("link.options.mine"), f"menu:tie:{chat.key}"),)
    once = f"link.same_number:{chat.key[:12]}:{other.key[:12]}:{to_ms(work.now)}"
    work.post(other, Message(say("link.same_number"), choices), once)
    return True


async def _alone_with(work: Work, chat: Chat) -> Chat | None:
    """Return the chat of the one other person who vouched for this chat's number lately."""
    found = await linked.with_phone(work, chat.phone_key or "", chat.key, work.rules.secrecy.vouched_for)
    homes = {home for _, home in found}
    if len(homes) != 1 or any(account == chat.account for account, _ in found):
        return None
    (key,) = homes
    await people.hold(work, [key])
    return await people.chat(work, key)


async def agree(work: Work, chat: Chat, key: str) -> None:
    """Tie this chat and the one that vouched for its number after it. Raises WrongCode for any other."""
    await people.load_chats(work, [key])
    other = work.chats.get(key)
    if other is None or other.home is not None or not _was_asked(work, chat, other):
        raise WrongCode
    asked = await _alone_with(work, other)
    if asked is None or asked.own != chat.own:
        raise WrongCode
    is_newer = chat.created_at > other.created_at and chat.home is None
    newer, older = (chat, other) if is_newer else (other, chat)
    if not await _tie(work, newer, older):
        raise WrongCode


def _was_asked(work: Work, chat: Chat, other: Chat) -> bool:
    """Say whether this chat vouched for the number first, and not too long before: it alone may say yes."""
    if not chat.phone_key or chat.phone_key != other.phone_key or not (chat.phone_at and other.phone_at):
        return False
    return timedelta(0) < other.phone_at - chat.phone_at <= work.rules.secrecy.vouched_for


async def became_official(work: Work, chat: Chat) -> None:
    """Let what a citizen brought be settled by others from the day they work here themselves."""
    for case in await stored.brought_by(work, chat.own):
        own = senders.of(work, chat)
        await act(work, case, Move(str(case.unit_id), senders=own), CLOCK)


async def _tie(work: Work, chat: Chat, to: Chat) -> bool:
    """Tie a chat to another's, which is asked as it stands now, and tell both but the one that asks."""
    if not _fit(work, chat, to) or not await linked.tie(work, chat, to):
        return False
    asks = chat if chat.heard_at == work.now else to
    _tell(work, to if asks is chat else chat, "link.told", asks)
    return True


def _fit(work: Work, chat: Chat, to: Chat) -> bool:
    return chat.own != to.own and not _why_not(work, chat) and not _why_not(work, to)


def _may_link(work: Work, chat: Chat) -> None:
    why = _why_not(work, chat)
    if why is not None:
        raise CannotLink(why)


def _why_not(work: Work, chat: Chat) -> str | None:
    """Return the key of the words that say why a chat is tied to none, None where it can be."""
    if chat.person_id is not None or chat.group or chat.account in {people.SEALED, people.COUNTER}:
        return "link.official"
    if barring.is_barred(work, chat):
        return "link.barred"
    return "link.in_confidence" if _in_confidence(chat.talk or {}) else None


def _in_confidence(talk: Mapping[str, Any]) -> bool:
    """Say whether something is open in a chat that must not be tied to its person."""
    waiting = talk.get("waiting") or {}
    hidden = talk.get("flow") in sealed.FLEETING or bool(talk.get("seed", {}).get("sealed"))
    return hidden or (bool(waiting) and _in_confidence(waiting))


def _tell(work: Work, chat: Chat, key: str, other: Chat) -> None:
    once = f"{key}:{chat.key[:12]}:{other.key[:12]}:{to_ms(work.now)}"
    work.post(chat, Message(locales.words(chat.language)(key), numbered=False), once)
