"""What somebody does about a case they follow: see how far it is, and follow it no longer."""

from domain.cases import Act
from domain.messages import Choice, Message
from handlers.conversation import Reply, Turn, Verb
from services import wording
from services.cases import act
from services.who import Actor
from storage.cases import Case


async def shown(turn: Turn, case: Case, *, left: bool = False) -> Message:
    """Tell a follower how far it is: the steps of the desk, and nothing of what whoever brought it wrote.

    `left`: it is closed to them by now; the steps until then, as if it had been handed on.
    """
    text = await wording.outline(turn.work, case, turn.chat.language, left=left)
    label = turn.say("follow.options.unfollow")
    return Message(text, (Choice(label, f"unfollow:{case.code}:{case.version}"),))


def line(turn: Turn, case: Case) -> Choice:
    """Return a followed case as a line of the list of one's own."""
    matter = wording.matter(turn.work.rules, case.topic, case.area)
    label = turn.say("follow.list_followed", code=case.code, summary=matter)
    return Choice(label, f"show:{case.code}:{case.version}")


async def _unfollow(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:  # noqa: ARG001 - every verb is called alike
    await act(turn.work, case, Act.UNFOLLOW, Actor.of(turn.chat))
    return Message(turn.say("unfollow.done", code=case.code))


VERBS: dict[str, Verb] = {"unfollow": _unfollow}
