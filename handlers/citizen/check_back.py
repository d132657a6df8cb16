"""Long after a case was closed we ask whether it held: fine, or broken again, which reopens it."""

from domain.cases import Act
from domain.messages import Message
from handlers.citizen.cases import Complaint, complained
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb
from handlers.engine.flow import Ask, Flow, words_at_least, words_of
from services.acts.act import act, authorise
from services.acts.adding import Comment
from services.standing.parties import Actor
from storage.cases.cases import Case


def broken(seed: Seed, session: Session) -> Flow[Complaint]:
    """Ask what is broken again; who does not want to tell just has it reopened."""
    what = yield Ask("what", words_at_least(2), ("reopen",), facts={"code": seed["code"]}, primary="reopen")
    reason: str = words_of(what, {"reopen": session.say("check.broken")})
    return Complaint(seed["code"], reason, reopen=True)


BROKEN = Conversation("broken", broken, complained, files=True)


async def _still_good(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    await act(turn.work, case, Comment(turn.say("check.good")), Actor.of(turn.chat))
    return Message(turn.say("check.thanks"))


async def _broken_again(turn: Turn, case: Case, version: int | None, _argument: str) -> Reply:
    authorise(turn.work, case, Act.REOPEN, Actor.of(turn.chat), version)
    return Next(BROKEN, {"code": case.code})


CONVERSATIONS = (BROKEN,)
VERBS: dict[str, Verb] = {"still_good": _still_good, "broken_again": _broken_again}
