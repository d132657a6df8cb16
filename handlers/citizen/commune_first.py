"""Of which commune somebody is who asks for anything but a report: asked once, as for one.

For papers, legal aid or a person, to be called, or about their data.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.citizen import handover, legal_aid, procedures, which_commune
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Flow
from services.intake import communes, drafts
from services.saying import wording
from services.standing.parties import is_official
from storage.people import people


def commune_first(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask of which commune it is, unless the words say so; after names of none it is the province's."""
    heard = session.rules.understanding.read(seed.get("text", ""))
    there = yield from which_commune.settled(session, heard, home=True)
    text = "\n".join(filter(None, (seed.get("text", ""), there.told)))
    return {**seed, "text": text, "area": which_commune.area(there.session)}


async def found(turn: Turn, result: dict[str, Any]) -> Reply:
    """Go on with what was wanted, in the commune that was named."""
    here = turn.work.desk.directory.commune_of(result["area"])
    if here is not None:
        communes.settle(turn.work, turn.chat, here.code)
    return await _THEN[result["then"]](turn, result)


async def _asks(turn: Turn, result: dict[str, Any]) -> Reply:
    return await procedures.OPTIONS["procedure"](turn, result["text"])


async def _aided(turn: Turn, result: dict[str, Any]) -> Reply:
    return await legal_aid.OPTIONS["legal_aid"](turn, result["text"])


async def _taken_over(turn: Turn, result: dict[str, Any]) -> Reply:
    return await handover.take_over(turn, result["text"], result["before"])


async def _called(turn: Turn, result: dict[str, Any]) -> Reply:
    phone = people.number_of(turn.work, turn.chat) or ""
    return await handover.to_be_called(turn, wording.number(phone), result["text"])


async def _of_data(turn: Turn, result: dict[str, Any]) -> Reply:
    return await handover.about_data(turn, result["text"])


_THEN: dict[str, Callable[[Turn, dict[str, Any]], Awaitable[Reply]]] = {
    "procedure": _asks,
    "legal_aid": _aided,
    "human": _taken_over,
    "called": _called,
    "data": _of_data,
}
COMMUNE_FIRST = Conversation("commune_first", commune_first, found)
CONVERSATIONS = (COMMUNE_FIRST,)


def first(turn: Turn, option: str, text: str, before: str = "") -> Next | None:
    """Return the question that comes before what is wanted; None where it is known, or needs none.

    Who is handed to a person keeps what they have told so far.
    """
    known = not turn.work.desk.directory.is_wide or turn.session.rules.commune
    if option not in _THEN or known or is_official(turn.work, turn.chat):
        return None
    if option == "human":
        text = "\n".join(filter(None, (drafts.all_words(vars(turn.talk)), text)))
        turn.talk.leave()
    return Next(COMMUNE_FIRST, {"then": option, "text": text, "before": before})


async def called(turn: Turn, text: str = "") -> Reply:
    """Let the wish to be called, at the number that is kept, be a case of the commune it is of."""
    return first(turn, "called", text) or await _called(turn, {"text": text})


async def about_data(turn: Turn, right: str) -> Reply:
    """Let a request about one's data be a case of the commune it is of."""
    return first(turn, "data", right) or await _of_data(turn, {"text": right})
