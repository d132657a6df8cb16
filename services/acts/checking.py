"""Long after a case was closed, the citizen is asked whether it held; if it did not, they may reopen it."""

from typing import Any

import locales
from domain.cases import Act, Relation, State
from domain.messages import Choice
from services.saying import ways
from services.saying.telling import Telling
from services.standing.kinds import ActKind, Deed
from storage.cases.cases import Case
from storage.people import people

_ANSWERS = ("still_good", "broken_again")


async def _check_back(deed: Deed[Any]) -> None:
    """Note that the citizen was asked; who wants quiet, or is reached by no channel, is not."""
    chat = await people.chat(deed.work, deed.case.chat_key)
    reached = bool(ways.taking(deed.work, chat, "told.check_back"))
    deed.facts["asked"] = reached and chat.account not in {people.SEALED, people.COUNTER}
    if deed.facts["asked"]:
        deed.case.checked_at = deed.work.now


async def _checked_back(to: Telling) -> None:
    """Ask the citizen."""
    if to.facts["asked"]:
        chat = await to.hears("told.check_back")
        await to.citizen("told.check_back", _choices(to.case, chat.language))


def _choices(case: Case, language: str) -> tuple[Choice, ...]:
    """Return the two answers."""
    say = locales.words(language)
    return tuple(
        Choice(
            say(f"check.options.{answer}"),
            f"{answer}:{case.code}:{case.version}",
            typed=f"{say(f'typed.{answer}')} {case.code}",
        )
        for answer in _ANSWERS
    )


ACTS = (
    ActKind(
        act=Act.CHECK_BACK,
        by={Relation.CLOCK},
        states={State.CLOSED},
        change=_check_back,
        news=_checked_back,
        quiet=True,
    ),
)
