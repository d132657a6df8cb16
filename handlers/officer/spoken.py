"""What officials say in their own words, without a code, of what the help and the menu name: pure reading.

Only what says it from its first word and goes on as such wishes do is read so: “xin gia hạn tạm trú thì nộp…”
is how an answer may begin.
"""

from collections.abc import Iterator

from domain.understand import leave, orders
from domain.understand.fold import fold
from domain.understand.shapes import Shapes
from handlers.engine import commands
from handlers.engine.commands import Command

_EDGES = " .,:;!?…"
_SHAPES = Shapes("officials")
_LONGEST = 60
"""Letters of what only asks for a list or a page."""
_SHOWN = frozenset(
    {
        *("mine", "late", "approvals", "units", "broadcast", "counter", "figures", "openings", "administer"),
        *("letters", "snooze", "follow", "help", "menu", "my_chats", "settings", "rules"),
        *("waiting_broadcast", "waiting_keys", "hotspots"),
    }
)


def verb(text: str) -> Command | None:
    """Return the verb of a case that words without a code mean, with what is said behind it."""
    said = fold(text).strip(_EDGES)
    for name, shape in _SHAPES.readings("verbs"):
        if found := shape.fullmatch(said):
            rest = found.groupdict().get("rest")
            return Command(name, text=_as_typed(text, rest) if rest else _why(text, name))
    return None


def option(text: str) -> Command | None:
    """Return what of the menu words ask for: a list, a page, days away, an entry for somebody."""
    said = fold(text).strip(_EDGES)
    if (away := leave.read(text)) is not None:
        return Command("away", text="huy" if away.back else f"{away.days}\n{away.stand_in}".rstrip("\n"))
    if _SHAPES.pattern("chats").fullmatch(said):
        return Command("my_chats")
    if told := orders.entered(text):
        return Command("counter", text=told)
    return next(_shown(text), None) if len(text) <= _LONGEST else None


def _shown(text: str) -> Iterator[Command]:
    """Yield what can be read where the words that only ask to see it are taken off."""
    words = text.strip(_EDGES).split()
    asking = _SHAPES.pattern("show").match(f"{fold(text.strip(_EDGES))} ")
    for first in range(1, len(asking[0].split()) + 1) if asking else ():
        for end in range(len(words), max(first, len(words) - 3), -1):
            command = commands.read(" ".join(words[first:end]))
            if (
                command is not None
                and command.name in _SHOWN
                and all(map(_SHAPES.pattern("shown").fullmatch, map(fold, words[end:])))
            ):
                yield command


def answer(text: str) -> str:
    """Return what is said to the citizen without the words that say so: “trả lời bà con: …”."""
    told = text.strip()
    found = _SHAPES.pattern("answer").match(fold(told))
    return _as_typed(told, fold(told)[found.end() :]) if found and len(fold(told)) > found.end() else text


def _why(text: str, name: str) -> str:
    """Return the reason for which more time is wanted."""
    found = _SHAPES.pattern("because").search(fold(text)) if name == "extend" else None
    return _as_typed(text, found[1]) if found else ""


def _as_typed(text: str, folded: str) -> str:
    """Return the last words of a text as they were typed."""
    return " ".join(text.split()[-len(folded.split()) :]).strip(" :,-")
