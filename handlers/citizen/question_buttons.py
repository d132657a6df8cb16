"""The buttons under an officer's question; who just writes needs none of them."""

import locales
from domain.cases import Act, State
from domain.messages import Message
from handlers.citizen import cases
from handlers.engine.conversation import Reply, Turn, Verb
from services.acts.act import authorise
from services.standing.parties import Actor
from storage.cases.cases import Case


async def _photo(turn: Turn, case: Case, version: int | None, _argument: str) -> Reply:
    """Say how to send a photo: whatever comes next is the answer."""
    if not await _is_late(turn, case):
        _authorise(turn, case, version)
    return Message(turn.say("added.question.send_photo", code=case.code, question=case.question or "…"))


async def _unknown(turn: Turn, case: Case, version: int | None, _argument: str) -> Reply:
    """Tell the officer that the citizen does not know: the clock runs again. Cases are kept in Vietnamese."""
    if not await _is_late(turn, case):
        _authorise(turn, case, version)
    return await cases.reply(turn, case, locales.words("vi")("added.question.not_known"), ())


async def _is_late(turn: Turn, case: Case) -> bool:
    """Say whether the question lapsed and nothing else was asked: its buttons are as good as late words."""
    late = await cases.lapsed(turn, case)
    if late:
        authorise(turn.work, case, Act.SUPPLEMENT, Actor.of(turn.chat), None)
    return late


def _authorise(turn: Turn, case: Case, version: int | None) -> None:
    """Let it be answered: by an old button too where only its officer is gone and nothing else was asked."""
    version = version if case.state == State.ASKED else None
    authorise(turn.work, case, Act.REPLY, Actor.of(turn.chat), version)


VERBS: dict[str, Verb] = {"photo": _photo, "unknown": _unknown}
