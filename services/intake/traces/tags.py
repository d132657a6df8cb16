"""Sound in frames (MP3, AAC): the tags before and behind it are cut off (ID3v1, ID3v2, APE, Lyrics3)."""

import re

from services.intake.traces.unsure import Unsure

_FRAME = re.compile(rb"\xff[\xe0-\xff]")
_MARKS = re.compile(rb"ID3[\x02-\x04]\x00|APETAGEX|LYRICSBEGIN|TAG\+|ADIF")


def strip(content: bytes) -> bytes:
    """Return the frames alone. Raises Unsure."""
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3" and end - start >= 10:
        start = min(end, start + _size(content[start : start + 10]))
    while (shorter := _without_last(content, start, end)) < end:
        end = shorter
    kept = content[start:end].lstrip(b"\0")
    if not _FRAME.match(kept) or _MARKS.search(kept):
        raise Unsure
    return kept


def _size(head: bytes) -> int:
    """Return the length of an ID3v2 tag with its head, and its foot where it has one. Raises Unsure."""
    if any(byte & 0x80 for byte in head[6:10]):
        raise Unsure
    length = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + length + (10 if head[5] & 0x10 else 0)


def _without_last(content: bytes, start: int, end: int) -> int:
    """Return where the sound ends once the last tag is off."""
    if end - start >= 128 and content[end - 128 : end - 125] == b"TAG":
        return end - 128
    if end - start >= 227 and content[end - 227 : end - 223] == b"TAG+":
        return end - 227
    if end - start >= 32 and content[end - 32 : end - 24] == b"APETAGEX":
        length = int.from_bytes(content[end - 20 : end - 16], "little")
        head = 32 if content[end - 9] & 0x80 else 0
        return max(start, end - length - head)
    if content[end - 9 : end] == b"LYRICS200" and (begun := content.rfind(b"LYRICSBEGIN", start, end)) > 0:
        return begun
    if content[end - 10 : end - 7] == b"3DI" and end - start >= 20:
        return max(start, end - _size(b"ID3" + content[end - 7 : end]))
    return end
