"""What somebody does about a case they follow: see how far it is, leave it, or tell that it goes on."""

from dataclasses import replace
from itertools import islice

from domain.cases import Act, State
from domain.messages import Choice, Message
from domain.understand import Understood
from handlers.engine.conversation import Reply, Turn, Verb
from services.acts.act import act
from services.saying import wording
from services.standing.parties import Actor
from storage.cases import cases as stored
from storage.cases.cases import Case

_KEPT, _LATEST = 1000, 3
"""Letters of what was told of a followed case, and of how many cases, that are kept for telling it again."""
_OVER = frozenset({State.ANSWERED, State.CLOSED, State.WITHDRAWN})


def joined(turn: Turn, case: Case, text: str) -> None:
    """Keep what was told of a case that is followed from now on: where it goes on, nobody tells it twice."""
    others = {code: said for code, said in turn.talk.joined.items() if code != case.code}
    turn.talk.joined = {case.code: text[:_KEPT], **dict(islice(others.items(), _LATEST - 1))}


async def told_again(turn: Turn, heard: Understood) -> Understood | None:
    """Return a report of one's own where a followed case is over and words say that the trouble is not.

    What was told when it was joined is told again, in its place: nothing is asked but to send it.
    """
    case = await _over(turn, heard) if heard.remark == "bad" else None
    if case is None:
        return None
    ear, told = turn.work.rules.understanding, turn.talk.joined.get(case.code, "")
    whole = ear.read(f"{heard.text}\n{told}".strip())
    area = turn.work.rules.directory.area(case.area).name
    home = ear.read(area if area == turn.session.commune else f"{area}, {turn.session.commune}").place
    place = whole.place if whole.place is not None and whole.place.hamlet else home or whole.place
    return replace(whole, story=True, sure=True, topic=case.topic, field=case.field, place=place)


async def _over(turn: Turn, heard: Understood) -> Case | None:
    """Return the followed case that was over last, where the words speak of nothing else for certain."""
    since = turn.work.now - turn.work.rules.patience.reopen_within
    for case in await stored.followed_by(turn.work, turn.chat.own):
        ended = case.answered_at or case.opened_at
        elsewhere = heard.place is not None and bool(heard.place.hamlet)
        other = (heard.plain and heard.topic != case.topic) or elsewhere
        if case.state in _OVER and ended >= since and not other:
            return case
    return None


async def shown(turn: Turn, case: Case, *, left: bool = False) -> Message:
    """Tell a follower how far it is: the steps of the desk, and nothing of what whoever brought it wrote.

    `left`: it is closed to them by now; the steps until then, as if it had been handed on.
    """
    text = await wording.outline(turn.work, case, turn.chat.language, left=left)
    label = turn.say("follow.options.unfollow")
    return Message(text, (Choice(label, f"unfollow:{case.code}:{case.version}"),))


def line(turn: Turn, case: Case, commune: str = "") -> Choice:
    """Return a followed case as a line of the list of one's own; `commune` names it where there are many."""
    matter = wording.matter(turn.work.rules_of(case), case.topic, case.area)
    label = turn.say("follow.list_followed", code=case.code, summary=f"{commune}{matter}")
    return Choice(label, f"show:{case.code}:{case.version}")


async def _unfollow(turn: Turn, case: Case, _version: int | None, _argument: str) -> Reply:
    await act(turn.work, case, Act.UNFOLLOW, Actor.of(turn.chat))
    turn.talk.joined.pop(case.code, None)
    return Message(turn.say("unfollow.done", code=case.code))


VERBS: dict[str, Verb] = {"unfollow": _unfollow}
