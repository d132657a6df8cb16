"""Sound in chunks (WAV): only what is needed to hear it is kept."""

import struct

from services.intake.traces.unsure import Unsure

_HEARD = frozenset({b"fmt ", b"data", b"fact"})


def strip(content: bytes) -> bytes:
    """Return the file with the chunks that are heard. Raises Unsure."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise Unsure
    kept, start = [], 12
    while start + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, start)
        body = content[start + 8 : start + 8 + size]
        if kind in _HEARD:
            kept.append(struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2))
        start += 8 + size + size % 2
    whole = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WAVE" + whole
