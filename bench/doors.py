"""The most one visitor can ask for: a full page drawn, the longest words read, a large picture unpacked."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from jinja2.utils import urlize
from PIL import Image

from domain import law
from domain.directory import Directory
from domain.messages import MOST_LETTERS
from domain.rules import DOCUMENTS, Rules
from services.intake.attachments import MAX_PIXELS, redraw
from storage.mail.webchat import Shown
from web.chat_page import fitting

LINK = "http://a.vn/ "
"""What takes longest to be drawn for its length."""
AT = datetime(2026, 11, 16, tzinfo=UTC)


def main() -> str:
    """Return the milliseconds of each, the middle one of three; the baseline is cutting the words apart."""
    rules = Rules.parse({name: law.seed(name) for name in DOCUMENTS}, Directory())
    words = (LINK * MOST_LETTERS)[: MOST_LETTERS - 1]
    side = int(MAX_PIXELS**0.5)
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGBA").save(picture, "PNG")
    texts = iter([words, f"{words}.", f"{words},"])  # what was read once is remembered
    read = _ms(lambda: rules.understanding.read(next(texts)))
    return (
        f"{_ms(lambda: _page(words))} ms to draw a full page ({len(_page(words)) // 1024} KB), "
        f"{read} ms to read {MOST_LETTERS} letters (cut into words {_ms(words.split)} ms), "
        f"{_ms(lambda: redraw(picture.getvalue()))} ms to redraw {MAX_PIXELS // 10**6} megapixels"
    )


def _page(words: str) -> str:
    shown = [Shown(n, n, str(n), True, {"text": words}, AT) for n in range(100)]
    return "".join(urlize(one.body["text"]) for one in fitting(shown))


def _ms(work: Callable[[], object]) -> str:
    taken = []
    for _ in range(3):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return f"{sorted(taken)[1] * 1000:.1f}"
