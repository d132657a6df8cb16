"""A message cut into the calls it takes on a channel; what cannot be done there is told in plain words."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

import locales
from bot.channels.channel import Caps, Part
from domain.messages import FileRef, Media, Message, plain

_TOGETHER: dict[Media, str] = {"photo": "seen", "video": "seen", "audio": "heard", "pdf": "read"}
"""Which files may share an album, as every platform that has albums wants it."""

Link = Callable[[FileRef], str]
"""Gives a stored file an address that anybody can open for a while."""


def parts(
    message: Message, caps: Caps, edits: str | None = None, link: Link | None = None, language: str = "vi"
) -> list[Part]:
    """Return the calls a message takes: its files first, then its words, the choices under the last of them.

    A card takes the place of the one before it where it is a single call. Files that the channel cannot
    carry are told of in words of that language: by their links, or where there are none, by how many.
    """
    if message.seen:
        return [Part(seen=message.seen)] if caps.reactions else []
    if caps.whole:
        return [Part(message.text, message.choices, message.files, edits=edits)]
    if left := [file for file in message.files if not _carries(caps, file)]:
        told = _told_of(left, link, locales.words(language))
        message = replace(message, text="\n".join(filter(None, (message.text, *told))))
    words = _words(message, caps)
    whole = [*_files(message.files, caps), *words]
    if edits and caps.edit and len(whole) == 1:
        whole = [replace(whole[0], edits=edits)]
    if message.commands and caps.commands:
        whole.append(Part(commands=message.commands))
    return whole


def _words(message: Message, caps: Caps) -> list[Part]:
    under = len(message.choices) <= caps.buttons
    text = message.text if under else plain(message)
    if not text:
        return []
    *first, last = split(text, caps.max_text)
    wants = message.wants if message.wants in caps.wishes else ""
    ends = Part(
        last, message.choices if under else (), wants=wants, copy=message.copy if caps.buttons else ""
    )
    return [*map(Part, first), ends]


def _files(files: Sequence[FileRef], caps: Caps) -> list[Part]:
    found = []
    able = [file for file in files if _carries(caps, file)]
    for _, alike in groupby(able, key=lambda file: _TOGETHER[file.media]):
        found += [Part(files=tuple(together)) for together in _albums(alike, caps)]
    return found


def _albums(alike: Iterable[FileRef], caps: Caps) -> list[list[FileRef]]:
    """Put files together, as many and as much as one call takes."""
    found: list[list[FileRef]] = []
    for file in alike:
        size = sum(other.size for other in found[-1]) + file.size if found else 0
        if found and len(found[-1]) < caps.album and (caps.upload is None or size <= caps.upload):
            found[-1].append(file)
        else:
            found.append([file])
    return found


def _carries(caps: Caps, file: FileRef) -> bool:
    return caps.album > 0 and file.media in caps.media


def _told_of(files: Sequence[FileRef], link: Link | None, say: locales.Words) -> list[str]:
    if link is None:
        return [say("files.not_here", count=len(files))]
    return [say("files.link", name=file.name or file.media, link=link(file)) for file in files]


def split(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units: after a line, else a word, never in a sign."""
    found = []
    while (end := _reach(text, limit)) < len(text):
        cut = _cut(text, end)
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in [*found, text] if part] or [""]


def _reach(text: str, limit: int) -> int:
    """How many characters fit into `limit` UTF-16 units."""
    if 2 * len(text) <= limit:
        return len(text)
    units = 0
    for index, sign in enumerate(text):
        units += 1 + (sign > "\uffff")
        if units > limit:
            return index
    return len(text)


def _cut(text: str, end: int) -> int:
    for mark in ("\n", " "):
        if (at := text.rfind(mark, end // 2, end + 1)) != -1:
            return at + 1
    cut = end
    while cut > end // 2 and _one_sign(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > end // 2 else end


def _one_sign(before: str, after: str) -> bool:
    """Say whether two characters make one visible sign: accents, joined emoji, skin tones, flags."""
    return (
        "\u200d" in {before, after}
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
    )
