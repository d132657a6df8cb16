"""Work on cases of one trouble together: see which look alike, join one to another, part them again."""

from typing import Any

from domain.cases import Act, NotAllowed
from domain.messages import Choice, Message, Said
from handlers.engine import commands
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn, Verb, case_of
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, typed, words_of
from services.acts import joining
from services.acts.act import act, authorise
from services.acts.joining import Join
from services.saying import cards, likely, wording
from services.standing import alike
from services.standing.parties import Actor
from storage.cases.cases import Case
from storage.ground.work import Recent


def join(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Choose the case to which another is joined, among those that look alike or by its code."""
    labels = dict(seed["labels"])
    which = yield Ask("which", _other(seed["code"]), tuple(labels), labels, {"code": seed["code"]})
    return {"code": seed["code"], "head": words_of(which, {})}


def _other(code: str) -> Accept:
    """Accept the code of another case."""

    def accept(said: Said) -> str:
        found = commands.code_in(typed(said))
        if not found or found == code:
            raise NotUnderstood("join.no_code")
        return found

    return accept


async def joined(turn: Turn, result: dict[str, Any]) -> Message:
    """Join the case, and say how it is undone; one that is none for this person is unknown to them."""
    case, by = await case_of(turn, result["code"]), Actor.of(turn.chat)
    head = await joining.head_for(turn.work, result["head"], by)
    if head is None:
        return Message(turn.say("follow.unknown", example=wording.example(turn.work.rules)))
    await act(turn.work, case, Join(head.code), by)
    language = turn.chat.language
    text = turn.say(
        "official.joined", code=case.code, head=head.code, due=wording.due(turn.work, case, language)
    )
    return Message(
        text, cards.buttons(case, language, cards.offered(turn.work, case, turn.chat, ("part", "show")))
    )


JOIN = Conversation("join", join, joined)


async def _join(turn: Turn, case: Case, version: int | None, argument: str) -> Reply:
    """Join the case to the one that is named behind the verb, or ask to which."""
    authorise(turn.work, case, Act.JOIN, Actor.of(turn.chat), version)
    if head := commands.code_in(argument):
        return await joined(turn, {"code": case.code, "head": head})
    seen = await _seen(turn, case)
    labels = [[one.code, f"{one.code} · {likely.about(turn.work, one)}"] for one in seen]
    return Next(JOIN, {"code": case.code, "labels": labels})


async def _seen(turn: Turn, case: Case) -> list[Recent]:
    return likely.named(turn.work, await alike.beside(turn.work, case), turn.chat)


async def _alike(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    """Name the open cases that look alike, each to be read, and offer to join them."""
    if not cards.card_verbs(turn.work, case, turn.chat):
        raise NotAllowed("alike")
    seen, language = await _seen(turn, case), turn.chat.language
    if not seen:
        return Message(turn.say("official.alike_none", code=case.code))
    text = turn.say("official.alike", code=case.code) + likely.lines(turn.work, seen, language)
    shown = [
        Choice(one.code, f"show:{one.code}:0", typed=f"{turn.say('typed.show')} {one.code}") for one in seen
    ]
    verbs = cards.offered(turn.work, case, turn.chat, ("join",))
    return Message(text, (*cards.buttons(case, language, verbs), *shown))


async def _part(turn: Turn, case: Case, version: int | None, _argument: str) -> Message:
    """Let the case go on alone, as if it had never been joined."""
    await act(turn.work, case, Act.PART, Actor.of(turn.chat), version=version)
    verbs = cards.card_verbs(turn.work, case, turn.chat)
    due = wording.due(turn.work, case, turn.chat.language)
    text = turn.say("official.parted_done", code=case.code, due=due)
    return Message(text, cards.buttons(case, turn.chat.language, verbs))


CONVERSATIONS = (JOIN,)
VERBS: dict[str, Verb] = {"join": _join, "part": _part, "alike": _alike}
