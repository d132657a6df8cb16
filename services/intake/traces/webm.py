"""Films and recordings of browsers (WebM): what tells of the maker becomes a void (RFC 8794)."""

from collections.abc import Iterator

from services.intake.traces.unsure import Unsure

_SEGMENT, _INFO, _VOID = 0x18538067, 0x1549A966, 0xEC
_TELLING = frozenset({0x1254C367, 0x1941A469, 0x1043A770, 0xEC})
"""Tags, attachments, chapters, and voids that may hide something."""
_OF_INFO = frozenset({0x7BA9, 0x4461, 0x7384, 0x73A4, 0x3C83AB, 0x3EB923, 0x5741})
"""Title, date, names and numbers of files, and the program that wrote it."""
_SILENT = frozenset(
    {0x1A45DFA3, 0x114D9B74, 0x1654AE6B, 0x1C53BB6B, 0x1F43B675, 0xA3, 0xA0, 0xE7, 0xAB, 0xA7, 0xBF}
)
_OPEN = frozenset({_SEGMENT, 0x1F43B675})
"""What a browser leaves without a length while it records."""


def strip(content: bytes) -> bytes:
    """Return the file without what tells of its maker. Raises Unsure."""
    cleaned = bytearray(content)
    for name, start, body, end in _elements(content, 0, len(content)):
        if name in _TELLING:
            _blank(cleaned, start, end)
        elif name == _INFO:
            for inner, at, _, after in _elements(content, body, end):
                if inner in _OF_INFO:
                    _blank(cleaned, at, after)
        elif name not in _SILENT and name != _SEGMENT:
            raise Unsure
    return bytes(cleaned)


def _elements(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield name, start, body and end of each element; what is inside of an open one follows."""
    while start < end:
        name, size_at = _number(content, start, keep_mark=True)
        size, body = _number(content, size_at, keep_mark=False)
        unknown = size == (1 << 7 * (body - size_at)) - 1
        if name in _OPEN and (unknown or name == _SEGMENT):
            yield name, start, body, body
            start = body
            continue
        if unknown or body + size > end:
            raise Unsure
        yield name, start, body, body + size
        start = body + size


def _number(content: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """Return a number of varying length and where it ends."""
    first = content[at] if at < len(content) else 0
    if first == 0:
        raise Unsure
    length = 9 - first.bit_length()
    if at + length > len(content):
        raise Unsure
    value = int.from_bytes(content[at : at + length], "big")
    return value if keep_mark else value & ((1 << 7 * length) - 1), at + length


def _blank(held: bytearray, start: int, end: int) -> None:
    """Put a void in the place of an element. Raises Unsure."""
    length = end - start
    wide = 8 if length >= 9 else 1
    size = length - 1 - wide
    if size < 0:
        raise Unsure
    mark = 1 << (7 * wide)
    held[start:end] = bytes([_VOID]) + (mark | size).to_bytes(wide, "big") + bytes(size)
