"""What a film, a recording or a paper says of where, with what and by whom it was made: taken out.

What people hear, see and read stays as it was. Where it cannot be told with certainty that nothing is left,
the file stays as it came and says so.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.intake.traces import mp4, ogg, paper, riff, tags, webm
from services.intake.traces.unsure import Unsure


class Stripped(NamedTuple):
    """The bytes to keep, and whether something in them may still tell who made them."""

    content: bytes
    traced: bool


def strip(content: bytes, mime: str) -> Stripped:
    """Take out what tells of the maker. Photos are drawn anew elsewhere, and hold nothing."""
    stripping = _BY_MIME.get(mime)
    if stripping is None:
        return Stripped(content, traced=not mime.startswith("image/"))
    try:
        return Stripped(stripping(content), traced=False)
    except Unsure:
        return Stripped(content, traced=True)


_BY_MIME: Mapping[str, Callable[[bytes], bytes]] = {
    "video/mp4": mp4.strip,
    "video/quicktime": mp4.strip,
    "audio/mp4": mp4.strip,
    "audio/mpeg": tags.strip,
    "audio/aac": tags.strip,
    "audio/amr": lambda content: content,  # frames of sound and nothing else
    "audio/ogg": ogg.strip,
    "audio/wav": riff.strip,
    "video/webm": webm.strip,
    "audio/webm": webm.strip,
    "application/pdf": paper.strip,
}
