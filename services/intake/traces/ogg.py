"""Sound in pages (Ogg: Opus, Vorbis): the packet of comments is emptied in its place (RFC 3533, RFC 7845)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from services.intake.traces.unsure import Unsure

_POLYNOMIAL = 0x04C11DB7
_COMMENTS = (b"OpusTags", b"\x03vorbis")
_FIRST = (b"OpusHead", b"\x01vorbis")
_MOST_PAGES = 64
"""Pages in which comments and a picture may stand; people's recordings need one."""


def _table() -> tuple[int, ...]:
    found = []
    for index in range(256):
        value = index << 24
        for _ in range(8):
            value = (value << 1) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
        found.append(value & 0xFFFFFFFF)
    return tuple(found)


_TABLE = _table()


@dataclass(frozen=True, slots=True)
class _Page:
    start: int
    body: int
    end: int
    sizes: bytes


def strip(content: bytes) -> bytes:
    """Return the recording with empty comments. Raises Unsure."""
    pages = _pages(content)
    first = next(pages)
    if not content[first.body : first.end].startswith(_FIRST):
        raise Unsure
    spans, touched = _second_packet(pages)
    packet = b"".join(content[start:end] for start, end in spans)
    cleaned = bytearray(content)
    emptied = _emptied(packet)
    for start, end in spans:
        cleaned[start:end], emptied = emptied[: end - start], emptied[end - start :]
    for page in touched:
        cleaned[page.start + 22 : page.start + 26] = bytes(4)
        cleaned[page.start + 22 : page.start + 26] = struct.pack("<I", _check(cleaned[page.start : page.end]))
    if any(page.sizes and content[page.body : page.end].startswith(_FIRST) for page in pages):
        raise Unsure  # a second stream, with comments of its own
    return bytes(cleaned)


def _pages(content: bytes) -> Iterator[_Page]:
    start = 0
    while start < len(content):
        if content[start : start + 4] != b"OggS" or start + 27 > len(content):
            raise Unsure
        sizes = content[start + 27 : start + 27 + content[start + 26]]
        body = start + 27 + len(sizes)
        end = body + sum(sizes)
        if end > len(content):
            raise Unsure
        yield _Page(start, body, end, sizes)
        start = end


def _second_packet(pages: Iterator[_Page]) -> tuple[list[tuple[int, int]], list[_Page]]:
    """Return where the packet behind the first stands, and its pages."""
    spans, touched = [], []
    for page in pages:
        at = page.body
        touched.append(page)
        for size in page.sizes:
            spans.append((at, at + size))
            at += size
            if size < 255:
                return spans, touched
        if len(touched) > _MOST_PAGES:
            break
    raise Unsure


def _emptied(packet: bytes) -> bytes:
    """Return a packet of comments of the same length with none: what is over is a maker's name of blanks."""
    head = next((head for head in _COMMENTS if packet.startswith(head)), None)
    if head is None:
        raise Unsure
    tail = b"\x01" if head == _COMMENTS[1] else b""
    over = len(packet) - len(head) - 8 - len(tail)
    if over < 0:
        raise Unsure
    return head + struct.pack("<I", over) + b" " * over + bytes(4) + tail


def _check(page: bytes | bytearray) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _TABLE[(value >> 24) ^ byte]
    return value
