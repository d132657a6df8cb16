"""What a person says to the desk, and what the desk says back, whatever the channel."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

Style = Literal["plain", "primary", "danger"]
Media = Literal["photo", "audio", "video", "pdf"]
Wish = Literal["", "contact", "location"]
"""What a message may ask a person's phone to share."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that is already stored: its id, what it is, its size in bytes and its name if it had one."""

    id: str
    media: Media
    mime: str
    size: int
    name: str = ""
    traced: bool = False
    """Whether it may still tell who made it, where or with what."""


MOST_LETTERS = 8000
"""The longest message that is taken as words, whatever the channel: two close pages."""


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words, as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that was pressed: the action it carried."""

    action: str


@dataclass(frozen=True, slots=True)
class Files:
    """One bubble of stored files, with the words written under it.

    `refused` are keys of the words that say why others of the same bubble could not be kept.
    """

    files: tuple[FileRef, ...]
    caption: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees north and east, and what the channel calls that place, if anything.

    `accuracy` is how far off it may be, in metres; 0 where the channel does not say.
    """

    latitude: float
    longitude: float
    address: str = ""
    accuracy: float = 0.0


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number that was shared; `own` when the channel vouches that it is the sender's."""

    phone: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """What an earlier message of the person says now."""

    text: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody stopped the desk from writing to them, or lets it write again; in a group, who added us."""

    here: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """The group goes on at another address."""

    address: str


TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something the desk cannot take; `what` is a key of the words that say what to do instead.

    `words` are the first of a message that is too long: not taken, but danger is heard in them.
    """

    what: str
    words: str = ""


Said = Text | Tap | Files | Location | Contact | Edited | Presence | Moved | Unsupported


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from one chat. `chat` is the lane's key, `address` what the channel calls the chat.

    In a `group` that is the chat of many; `speaker` is the address of the chat in which the one who spoke
    writes alone. `message_id` is what the channel calls the message itself, where it can be marked as seen.
    `area` is the commune whose page it was written on, if it was one's.
    """

    account: str
    chat: str
    address: str
    external_id: str
    at: datetime
    said: Said
    group: bool = False
    speaker: str = ""
    message_id: str = ""
    area: str = ""


def within_bounds(incoming: Incoming) -> list[Incoming]:
    """Refuse words that are too long, before anything reads them; files they came with are kept."""
    match incoming.said:
        case Text(words) | Edited(words) | Files(_, words) if len(words) > MOST_LETTERS:
            refused = replace(incoming, said=Unsupported(TOO_LONG, words[:MOST_LETTERS]))
        case _:
            return [incoming]
    if not isinstance(incoming.said, Files):
        return [refused]
    kept = replace(incoming, said=replace(incoming.said, caption=""))
    return [kept, replace(refused, external_id=f"{incoming.external_id}-x")]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where there are no buttons.

    `action` is a short stateless verb, re-authorised on every tap and shorter than 64 bytes;
    `typed` is what can be typed instead of pressing, where a number would be ambiguous.
    """

    label: str
    action: str
    style: Style = "plain"
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What one chat is told: words without markup, choices, files.

    `card` names the case whose card this is: a channel that can edit replaces the earlier one.
    `redraw` says that nothing is new but the card's looks: where there is no card to edit, it is not sent.
    `numbered` is False for a notice that arrives in the middle of a question, whose numbers it must not take.
    `once` is for what must not be kept: its words leave the outbox as they are sent, the web chat soon after.

    `case` names the case this is news of, and `notice` the key of its words: news of a case goes another way
    where this one is shut. What follows is for channels that can do it, and is left out by the others: a
    button that copies `copy`, buttons that share what the message `wants`, the sender's message of this id
    marked as `seen` (it has no words then), an `alarm` that must stand out, with its numbers to call, and
    the `commands` this chat is shown from now on, each with what it does.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    files: tuple[FileRef, ...] = ()
    card: str = ""
    redraw: bool = False
    numbered: bool = True
    once: bool = False
    case: str = ""
    notice: str = ""
    copy: str = ""
    wants: Wish = ""
    seen: str = ""
    alarm: bool = False
    commands: tuple[tuple[str, str], ...] = ()


BACK = "back"
"""The action of the choice that is always number 0."""

MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


def plain(message: Message) -> str:
    """Render the message for a channel without buttons: its text, then one line for each choice."""
    lines = [message.text]
    for number, choice in enumerate(message.choices, start=1):
        if message.numbered:
            lines.append(f"{0 if choice.action == BACK else number}. {choice.label}")
        elif choice.typed:
            lines.append(f"{choice.label}: “{choice.typed}”")
    return "\n".join(lines)
