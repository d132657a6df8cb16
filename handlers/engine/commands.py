"""What can be typed at any moment, with or without diacritics: keywords, a case's code, an invite."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain import secrecy
from domain.codes import LENGTH, completed, parse
from domain.understand import orders
from domain.understand.fold import exact, fold
from handlers.engine import keywords
from handlers.engine.keywords import KEYS, SPELLED, VERBS, WORDS
from services.office import linking
from storage.people.people import INVITE_PREFIX

_NAMES = frozenset(keywords.phrases("names"))
"""Commands that are how a name is typed without its diacritics: Dũng, Huy."""
_TO_SOMEBODY = frozenset({"reassign", "transfer", "give_back", "nudge"})
"""Officials say to whom, before or behind the code: “giao cho Thảo LM-7K3M2R9”."""
_WITH_TEXT = frozenset(
    {
        "add",
        "note",
        "refuse",
        "amend",
        "ask",
        "answer",
        "reply",
        "record",
        "rate",
        "extend",
        "decline",
        "join",
    }
)
OF_OFFICIALS = _TO_SOMEBODY | {"extend", "decline", "join"}
"""Behind which citizens put no words: “chuyển LM-7K3M2R9 cho ai rồi” is talk."""
"""Only after these does anything follow the code: “Nhận HB-7K3M2R9 rồi, mai làm” is talk, not a verb."""
_OF_CITIZENS = frozenset({"withdraw", "reopen", "unfollow"})
"""Verbs that are heard with words of courtesy around them."""
_POLITE = re.compile(
    rf"^(?:(?:{keywords.either('polite')})\s+)+(?=(?:{keywords.either('politely')})\b)", re.IGNORECASE
)
_MATTER = re.compile(rf"^(?:(?:{keywords.either('matter')})\s+)+", re.IGNORECASE)
_KINDLY = re.compile(rf"(?:(?:{keywords.either('kindly')})\b ?)+")
_DUTY, _LINE, _AWAY, _BACK_AT_WORK, _SEARCH, _LOST = map(
    keywords.patterns, ("duty", "line", "away", "back_at_work", "search", "lost")
)
_BACK = "huy"
"""Said of days away: they are taken back."""
_INVITE = re.compile(rf"{INVITE_PREFIX}[0-9a-f]{{32}}")
_PAIR = re.compile(rf"(?:(?:{keywords.either('pair')}) )?(?P<digits>\d{{4}}[ .-]?\d{{4}})")
_TOKEN = re.compile(rf"{linking.PREFIX}[0-9a-f]{{32}}")
"""What ties this chat to another of the same person: digits, alone or said with what they are for."""
_LINKED = re.compile(r"x(?=[a-z_]*\d|[a-z\d]*_)[a-z0-9_]{3,}(?:-[a-z0-9_-]+)?")
"""What a link to the desk carries: the code of an area, and the word for a spot in it."""
_SHORT = 120
_GROUP = re.compile(r"[^\W_]+")
_LONGEST_CODE = 40
_LONGEST_NAME = 80
_MISTYPED = re.compile(r"[a-z]{2}[ .-]?(?=[a-z]*[0-9])(?=[0-9]*[a-z])[0-9a-z]{6,8}")
"""What can only be meant as a code."""
_BARE = re.compile(r"(?=.*\d)(?=.*[a-z])[0-9a-z]{7}")
"""A code without the two letters of the commune."""
_LAST_DIGITS = re.compile(r"\d{4}")
"""Behind a code: the end of the number that was left with it."""
HUSHED = frozenset({"secret", "secret_add", "secret_lost"})
"""What tells that there is a sealed case: heard before anything else, and kept nowhere."""
MISCOPIED = "-"
"""Stands for a secret whose digits do not check."""
SECRETS = frozenset({"secret", "secret_add"})
"""What holds the secret of a sealed case."""
_EDGES = " .:,;!?/()“”\"'\n"


@dataclass(frozen=True, slots=True)
class Command:
    """What was typed: a keyword's or a verb's name, with a case's code and the text after it where given."""

    name: str
    code: str = ""
    text: str = ""


@lru_cache(maxsize=16)
def read(text: str) -> Command | None:
    """Return the command a text is, or None when it is just talk.

    One message is asked about several times while it is answered: the last few are kept.
    """
    folded = fold(text).strip(_EDGES)
    spelled = unicodedata.normalize("NFC", text).casefold().strip(_EDGES)
    if spelled in SPELLED:
        return Command(SPELLED[spelled])
    if folded in WORDS and _is_spelled(spelled, folded):
        return Command(WORDS[folded])
    return _token(text) or _with_more(folded) or _of_a_case(text, folded)  # a secret is one behind any word


def _is_spelled(text: str, folded: str) -> bool:
    """Say whether no word has other diacritics than the command's: “Dũng” is no “dừng”."""
    said = [(exact(word), fold(word)) for word in text.split()]
    meant = KEYS.get(folded, [bare for _, bare in said])
    return all(key in {bare, right} for (key, bare), right in zip(said, meant, strict=False))


def may_be_a_name(text: str) -> bool:
    """Say whether a command, as typed, may as well be somebody's name: one word without its diacritics.

    Names begin with a capital. “dung” is one even without: nobody mutes the desk in answer to who it is.
    """
    said = text.strip(_EDGES)
    is_one = said.casefold() in _NAMES and not text.strip().startswith("/")
    return is_one and (said[0].isupper() or said == "dung")


def _with_more(folded: str) -> Command | None:
    """Read a word that may have something behind it, or a line of the latest list."""
    if _said(_LINE, folded) is not None:
        return Command("line", text=folded)
    if len(folded) <= _SHORT and _said(_LOST, folded) is not None:
        return Command("secret_lost")
    if pair := _PAIR.fullmatch(folded):
        return Command("pair", text=re.sub(r"\D", "", pair["digits"]))
    return _of_an_official(folded)


def _of_an_official(folded: str) -> Command | None:
    """Read what only officials mean: days away, a search, the duty."""
    if (away := _said(_AWAY, folded)) is not None:
        return Command("away", text=away)
    if _said(_BACK_AT_WORK, folded) is not None:
        return Command("away", text=_BACK)
    if sought := _said(_SEARCH, folded):
        return Command("search", text=sought)
    if (duty := _said(_DUTY, folded)) is not None:
        return Command("admin_duty", text=duty)
    return None


def _said(patterns: Iterable[re.Pattern[str]], folded: str) -> str | None:
    """Return what is said besides in words that one of the patterns fits; None where none does."""
    found = next(filter(None, (pattern.fullmatch(folded) for pattern in patterns)), None)
    return None if found is None else "".join(filter(None, found.groups()))


def holds_secret(text: str) -> bool:
    """Say whether a text holds the secret of a sealed case, or what was meant as one."""
    command = read(text)
    return command is not None and command.name in SECRETS


def _token(text: str) -> Command | None:
    """Read what nobody types by chance: an invite, or the secret of a sealed case."""
    if (spoken := secrecy.read(text)) is not None:
        if not spoken.words:
            return Command("secret", text=spoken.secret)
        return Command("secret_add", text=f"{spoken.secret or MISCOPIED} {spoken.words}")
    invite = _INVITE.search(text.lower())
    if invite:
        return Command("invite", text=invite.group())
    if token := _TOKEN.search(text.lower()):
        return Command("pair", text=token.group())
    linked = _LINKED.fullmatch(text.strip().lower())
    return Command("arrive", text=linked.group()) if linked else None


def _of_a_case(text: str, folded: str) -> Command | None:
    said = text.strip().lstrip("/“”\"'")
    code, rest = _code_first(said)
    if code and _LAST_DIGITS.fullmatch(rest):
        return Command("prove", code, rest)
    if code:
        return None if rest else Command("show", code)
    if (verb := _verb(said)) is not None:
        return verb
    if folded in VERBS:
        return Command("which", text=VERBS[folded])
    return Command("no_code") if _MISTYPED.fullmatch(folded) else None


def bare_code(text: str, prefixes: Sequence[str]) -> Command | None:
    """Return what a code without its first letters means: those of a commune are the same."""
    said = text.strip(_EDGES)
    code = completed(said, prefixes) if _BARE.fullmatch(said.lower()) else None
    return Command("show", code) if code else None


def may_mean_yes(text: str) -> bool:
    """Say whether “stop”, as typed, may as well be “đúng” without its diacritics."""
    return text.strip(_EDGES).casefold() == "dung"


def may_be_an_answer(text: str) -> bool:
    """Say whether digits, as typed, may as well answer a question as tie two chats."""
    pair = _PAIR.fullmatch(text.strip(_EDGES))
    return pair is not None and pair.start("digits") == 0


def _verb(said: str) -> Command | None:
    """Read a verb of one to three words, a code, and for some verbs a text.

    Whoever asks politely for what only a citizen does is heard: “xin rút lại hồ sơ HB-7K3M2R9 giúp tôi”.
    """
    told = _verb_first(said) or _verb_first(_POLITE.sub("", said))
    if told is None:
        return None
    command, rest = told
    if orders.asks(command.name, said):
        return None
    if not rest or command.name in _WITH_TEXT | _TO_SOMEBODY:
        return Command(command.name, command.code, rest)
    polite = command.name in _OF_CITIZENS and _KINDLY.fullmatch(fold(rest).strip(_EDGES))
    return Command(command.name, command.code) if polite else None


def _verb_first(said: str) -> tuple[Command, str] | None:
    """Return the verb and the code that a text begins with, and what follows them."""
    for count in (3, 2, 1):
        words = said.split(maxsplit=count)
        name = VERBS.get(fold(" ".join(words[:count])))
        if name is None or len(words) <= count:
            continue
        meant = _MATTER.sub("", words[count]) if name in _OF_CITIZENS else words[count]
        code, rest = (_code_in if name in _TO_SOMEBODY else _code_first)(meant)
        if code:
            return Command(name, code), rest
    return None


def _code_in(text: str) -> tuple[str, str]:
    """Return the first code near the beginning of a text, and all else; two empty strings if none."""
    for group in _GROUP.finditer(text[:_LONGEST_NAME]):
        code, rest = _code_first(text[group.start() :])
        if code:
            return code, f"{text[: group.start()]} {rest}".strip()
    return "", ""


def code_in(text: str) -> str:
    """Return the first code near the beginning of a text, empty where there is none."""
    return _code_in(text)[0]


def _code_first(text: str) -> tuple[str, str]:
    """Return the code a text begins with, however spelled, and what follows it; two empty strings if none."""
    symbols = 0
    for group in _GROUP.finditer(text[:_LONGEST_CODE]):
        symbols += len(group[0])
        if symbols > LENGTH:
            break
        code = parse(text[: group.end()]) if symbols == LENGTH else None
        if code is not None:
            rest = text[group.end() :].lstrip(" .:,;!?-–“”\"'\n")
            return code, rest
    return "", ""
