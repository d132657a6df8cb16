"""Long after a case was closed, the citizen is asked whether it held; if it did not, they may reopen it."""

from typing import Any

import locales
from domain.messages import Choice
from services import ways
from services.telling import Detail, Telling
from services.who import Actor
from storage import people
from storage.cases import Case
from storage.work import Work

_ANSWERS = ("still_good", "broken_again")


async def check_back(work: Work, case: Case, by: Actor, detail: dict[str, Any]) -> None:  # noqa: ARG001 - every effect is called alike
    """Note that the citizen was asked; who wants quiet, or is reached by no channel, is not."""
    chat = await people.chat(work, case.chat_key)
    reached = bool(ways.taking(work, chat, "told.check_back"))
    detail["asked"] = reached and chat.account not in {people.SEALED, people.COUNTER}
    if detail["asked"]:
        case.checked_at = work.now


async def checked_back(to: Telling, detail: Detail) -> None:
    """Ask the citizen."""
    if detail["asked"]:
        chat = await to.hears("told.check_back")
        await to.citizen("told.check_back", choices(to.case, chat.language))


def choices(case: Case, language: str) -> tuple[Choice, ...]:
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
