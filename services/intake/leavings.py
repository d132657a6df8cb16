"""Files that belong to no case go with the talk that holds them: nothing else leads to them.

A talk is a chat's state as plain JSON. Files stand in it by their ids, at whichever question they were sent.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from domain.messages import Files, Incoming, Said
from storage.cases import attachments
from storage.ground.work import Work
from storage.people.people import Chat

Talk = Mapping[str, Any]
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def held(talk: Talk | None) -> set[str]:
    """Return what may be ids of files in a talk: of what is open, of what waits beneath it, of all else."""
    if not talk or _ID.search(repr(talk)) is None:  # most hold none, and this is asked of every message
        return set()
    return {text for text in _texts(talk) if _ID.fullmatch(text)}


def sent(said: Said) -> set[str]:
    """Return the ids of the files that came with what was said."""
    return {file.id for file in said.files} if isinstance(said, Files) else set()


def leave(work: Work, incoming: Incoming) -> None:
    """Let go of the files that came with a message which no talk holds: what a case has stays."""
    attachments.let_go(work, incoming.chat, sent(incoming.said))


async def hand_over(work: Work, file_ids: Iterable[str], of: Chat, to: Chat) -> None:
    """Give files of one chat that no case has yet to another chat."""
    await attachments.hand_over(work, file_ids, of.key, to.key)


def settle(work: Work, chat: Chat, before: set[str]) -> None:
    """Let go of those of these files that the chat's talk no longer holds; what a case has stays."""
    if before:
        attachments.let_go(work, chat.key, before - held(chat.talk))


def change(work: Work, chat: Chat, talk: dict[str, Any]) -> None:
    """Let a chat's talk be this one from now on; what files only the earlier one held go with it."""
    before, chat.talk = held(chat.talk), talk
    settle(work, chat, before)


def without(told: Any, gone: set[str]) -> Any:  # noqa: ANN401 - any JSON, and the same comes back
    """Return a talk, or what stands in it, without these files."""
    if isinstance(told, Mapping):
        return {name: without(value, gone) for name, value in told.items()}
    if isinstance(told, list):
        return [without(value, gone) for value in told if not (isinstance(value, str) and value in gone)]
    return told


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from _texts(value)
