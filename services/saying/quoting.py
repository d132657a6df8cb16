"""Words of people as officials read them: nothing unseen, no line like the desk's, no link."""

import re
import unicodedata

_KEPT = frozenset({"\u200d", "\ufe0f"})
"""Unseen signs that hold a picture together."""
_MARK = "│ "
_LINK = re.compile(
    r"(?<![\w@.])(?:(?P<scheme>https?://)|(?=www\.)|(?=[\w.-]+\.(?:com|net|org|info|edu|gov|int|mil|vn|xyz|top|me|io|"
    r"link|site|online|shop|club|ru|cn|ly|gl|co|app|dev|page)\b))(?P<host>[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)


def quoted(text: str) -> str:
    """Return somebody's words for an official: every further line is marked, so that none plays the desk."""
    lines = [line for line in seen(text).splitlines() if line.strip()]
    return f"\n{_MARK}".join(lines)


def in_one_line(text: str) -> str:
    """Return somebody's words in one line."""
    return " / ".join(line.strip() for line in seen(text).splitlines() if line.strip())


def seen(text: str) -> str:
    """Return a text without signs that nobody sees or that turn it round; its links cannot be pressed."""
    kept = "".join(
        sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in {"Cf", "Co", "Cn"}
    )
    return _LINK.sub(_disarmed, kept)


def _disarmed(link: re.Match[str]) -> str:
    """Write the host as it truly is, with its dots in brackets: nothing makes a link of it."""
    return f"{link['scheme'] or ''}{_host(link['host'])}".replace(".", "[.]").replace("://", "[:]//")


def _host(host: str) -> str:
    """Spell a host in the letters that computers use: a look-alike shows what it is."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return "?"
