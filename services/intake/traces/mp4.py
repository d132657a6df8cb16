"""Films and recordings in boxes (MP4, MOV, M4A, 3GP): what is no sound and no picture is blanked.

No byte moves, so every offset in the file still holds (ISO/IEC 14496-12, QuickTime File Format).
"""

import struct

from services.intake.traces.unsure import Unsure

_INNER = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"edts", b"moof", b"traf", b"mvex", b"mfra"}
)
"""Boxes that hold boxes."""
_TELLING = frozenset(
    {
        b"udta",
        b"meta",
        b"uuid",
        b"xml ",
        b"Xtra",
        b"skip",
        b"free",
        b"wide",
        b"pdin",
        b"loci",
        b"cprt",
        b"ID32",
    }
)
"""Boxes that tell of the maker, or may hide anything."""
_KNOWN = frozenset(
    kind.encode() for kind in (
     "ftyp", "styp", "mdat", "mvhd", "tkhd", "mdhd", "hdlr", "vmhd", "smhd", "nmhd", "gmhd", "hmhd", "sthd",
     "dref", "stsd", "stts", "ctts", "cslg", "stsc", "stsz", "stz2", "stco", "co64", "stss", "sdtp", "sbgp",
     "sgpd", "subs", "saiz", "saio", "elst", "mehd", "trex", "mfhd", "tfhd", "tfdt", "trun", "sidx", "tfra",
     "mfro", "iods", "tref", "tapt", "clef", "prof", "enof", "load", "emsg", "stsh", "padb", "stdp", "url ",
     "elng", "leva", "trep", "ssix", "prft", "ctab", "clip", "matt", "txas",
    )
)  # fmt: skip
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
"""Boxes that begin with the moment at which they were made."""
_SEEN_AND_HEARD = frozenset({b"vide", b"soun", b"url ", b"alis"})
"""Tracks that may stay; others (places, sensors, subtitles) hold what nobody sees."""
_DEEPEST = 8


def strip(content: bytes) -> bytes:
    """Return the file without what tells of its maker. Raises Unsure."""
    cleaned = bytearray(content)
    _walk(cleaned, 0, len(cleaned), 0)
    return bytes(cleaned)


def _walk(held: bytearray, start: int, end: int, depth: int) -> None:
    if depth > _DEEPEST:
        raise Unsure
    while start < end:
        kind, body, after = _box(held, start, end)
        if kind in _TELLING:
            held[start + 4 : start + 8] = b"free"
            held[body:after] = bytes(after - body)
        elif kind in _INNER:
            _walk(held, body, after, depth + 1)
        elif kind not in _KNOWN:
            raise Unsure
        elif kind == b"hdlr":
            _handler(held, body, after)
        elif kind in _TIMED:
            _undated(held, body, after)
        start = after


def _box(held: bytearray, start: int, end: int) -> tuple[bytes, int, int]:
    """Return a box's kind, where its body begins and where it ends. Raises Unsure."""
    if end - start < 8:
        raise Unsure
    size, kind = struct.unpack_from(">I4s", held, start)
    body = start + 8
    if size == 1 and end - start >= 16:
        (size,), body = struct.unpack_from(">Q", held, body), body + 8
    after = end if size == 0 else start + size
    if after > end or after < body:
        raise Unsure
    return kind, body, after


def _handler(held: bytearray, body: int, after: int) -> None:
    """Blank what a track was called; one that is neither seen nor heard may hold places. Raises Unsure."""
    if after - body < 24 or bytes(held[body + 8 : body + 12]) not in _SEEN_AND_HEARD:
        raise Unsure
    held[body + 24 : after] = bytes(after - body - 24)


def _undated(held: bytearray, body: int, after: int) -> None:
    """Blank when it was made and changed. Raises Unsure."""
    wide = 8 if held[body] == 1 else 4
    if after - body < 4 + 2 * wide:
        raise Unsure
    held[body + 4 : body + 4 + 2 * wide] = bytes(2 * wide)
