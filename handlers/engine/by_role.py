"""What each role may start without a case at hand, which pages of help it reads, and which commands."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import locales
from domain.people import Role
from services.standing.keepers import KEEPERS
from services.standing.parties import IN_CHARGE, OFFICIAL

A_PAGE = 8
"""Entries on one page of a menu; with “more” they are nine, one digit each."""

_ADMIN = frozenset({Role.ADMIN})
_ENTRIES: tuple[tuple[AbstractSet[Role], tuple[str, ...]], ...] = (
    (OFFICIAL, ("mine", "late")),
    (IN_CHARGE, ("approvals", "units", "broadcast")),
    (OFFICIAL, ("counter", "away")),
    (_ADMIN, ("admin",)),
    (KEEPERS, ("openings",)),
)
"""What roles may start, in the order in which it is shown."""
_WITHIN: tuple[tuple[AbstractSet[Role], tuple[str, ...]], ...] = (
    (frozenset(Role), ("administer", "admin_undo", "admin_duty", "letters", "retry_letter")),
    (frozenset({Role.HEAD, Role.ADMIN}), ("grant_key", "refuse_key", "waiting_keys")),
    (OFFICIAL, ("snooze", "line", "figures", "search", "which", "go", "stay", "there")),
    (IN_CHARGE, ("approve_all",)),
    (IN_CHARGE | _ADMIN, ("history",)),
    (IN_CHARGE, ("send_broadcast", "return_broadcast", "waiting_broadcast")),
    (IN_CHARGE, ("hotspots", "hotspot_take", "hotspot_refuse", "hotspot_cases", "hotspot_write")),
)
"""What roles may start from a message only."""
_OWN = ("report", "follow", "sealed", "human", "legal_aid", "settings", "rules")
"""What everybody may start, for everybody is a citizen."""
_NOT_FOR_OFFICIALS = frozenset({"human"})
"""Whom would they be handed to?"""
_ONLY_FOR: Mapping[str, AbstractSet[Role]] = {
    option: roles for roles, options in (*_ENTRIES, *_WITHIN) for option in options
}
_NAMED = {frozenset(IN_CHARGE): "chief", frozenset(KEEPERS): "keeper"}
"""Of whom it is said that something is theirs, to other officials who type it."""
_HELP: tuple[tuple[AbstractSet[Role], tuple[str, ...]], ...] = (
    (OFFICIAL, ("official", "official_more")),
    (IN_CHARGE, ("chief",)),
    (_ADMIN, ("admin",)),
    (KEEPERS, ("keeper",)),
)


def may(roles: AbstractSet[Role], option: str) -> bool:
    """Say whether somebody in these roles may start this."""
    return option not in _ONLY_FOR or bool(roles & _ONLY_FOR[option])


def whose(option: str) -> str:
    """Return the name of those who may start it; empty for the work on cases itself."""
    return _NAMED.get(frozenset(_ONLY_FOR[option]), "")


def entries(roles: AbstractSet[Role]) -> tuple[str, ...]:
    """Return everything somebody in these roles may start: their work first, then what is for everybody."""
    work = tuple(option for _, options in _ENTRIES for option in options if roles and may(roles, option))
    return work + tuple(option for option in _OWN if not (roles and option in _NOT_FOR_OFFICIALS))


def page(options: tuple[str, ...], number: int) -> tuple[tuple[str, ...], bool]:
    """Return one page of a menu, counted from 1, and whether another follows it."""
    if len(options) <= A_PAGE + 1:
        return options, False
    first = (number - 1) * A_PAGE
    rest = options[first:]
    return (rest, False) if number > 1 and len(rest) <= A_PAGE + 1 else (rest[:A_PAGE], True)


def help_pages(roles: AbstractSet[Role]) -> tuple[str, ...]:
    """Return the names of the pages of help for somebody in these roles."""
    pages = tuple(name for wanted, names in _HELP if roles & wanted for name in names)
    return pages or ("citizen", "citizen_more")


# --- what a phone lists behind its slash ---------------------------------------------------------

MOST_COMMANDS = 12
_TYPED: Mapping[str, tuple[str, str]] = {
    "mine": ("viec", "work"),
    "late": ("quahan", "overdue"),
    "approvals": ("duyet", "approvals"),
    "units": ("donvi", "units"),
    "broadcast": ("nhantinthon", "broadcast"),
    "counter": ("nhap", "counter"),
    "away": ("nghi", "away"),
    "admin": ("quantri", "admin"),
    "openings": ("somodanhtinh", "openings"),
    "report": ("guiykien", "report"),
    "follow": ("tracuu", "status"),
    "sealed": ("guikin", "sealed"),
    "human": ("gapnguoi", "human"),
    "legal_aid": ("hoiluat", "legalaid"),
    "settings": ("caidat", "settings"),
    "rules": ("quydinh", "rules"),
    "menu": ("menu", "menu"),
    "help": ("giup", "help"),
    "cancel": ("huy", "cancel"),
}
"""How each is typed as one word of ASCII, in Vietnamese and in English; `commands` reads them."""
_ALWAYS = ("menu", "help", "cancel")


def shortcuts(roles: AbstractSet[Role], language: str) -> tuple[tuple[str, str], ...]:
    """Return the commands somebody in these roles is shown, each with what it does: at most twelve.

    Without roles they are what everybody is shown from the start.
    """
    say, place = locales.words(language), locales.LANGUAGES.index(language)
    options = [*entries(roles)[: MOST_COMMANDS - len(_ALWAYS)], *_ALWAYS]
    return tuple((_TYPED[option][place], say(f"menu.options.{option}")) for option in options)
