"""An officer asks the citizen: the clock stands still until they answer, or the days for it are over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.cases import OPEN_STATES, Act, NotNow, Relation, State
from domain.promises import Promise
from services.acts.adding import pass_on
from services.saying import arrival
from services.saying.cards import buttons, question_choices
from services.saying.telling import Telling
from services.standing import parties
from services.standing.kinds import ALWAYS, ActKind, Button, Deed, Intent, Request
from services.standing.reckoning import go_on
from storage.cases import cases as stored
from storage.ground.instant import to_ms
from storage.ground.work import give_way
from storage.people.people import name_of

# --- the question -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask(Request):
    """What the citizen is asked."""

    question: str


async def _ask(deed: Deed[Ask]) -> None:
    work, case = deed.work, deed.case
    case.question, case.told_at = deed.request.question, arrival.expected(work, case)
    case.pauses = [*case.pauses, [to_ms(work.now), 0]]
    case.alarmed_at = work.now
    deed.facts["officer"] = await name_of(work, deed.by.person_id)


async def _asked(to: Telling) -> None:
    """Ask the citizen. Where a question of another conversation is open, this one has a button of its own."""
    await to.redraw()
    chat = await to.hears("told.question")
    facts = {"officer": to.facts["officer"], "question": to.facts["question"]}
    if chat.busy:
        await to.citizen("told.question_busy", buttons(to.case, chat.language, ("reply",)), **facts)
    else:
        to.numbered = False
        await to.citizen("told.question", question_choices(to.case, chat.language), **facts)
        give_way(chat)
        chat.menu = []  # a number now is part of the answer, not of an earlier menu


async def _question_again(to: Telling) -> None:
    await to.citizen("told.question_again", question=to.case.question)


# --- the answer, or none ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply(Request):
    """What the citizen answers; `by_phone`: somebody wrote it down for them."""

    text: str
    files: Sequence[str] = field(default=(), metadata=ALWAYS)
    by_phone: bool = False


def _is_asked(intent: Intent) -> None:
    if not stored.is_asked(intent.work, intent.case):
        raise NotNow(Act.REPLY)


async def _reply(deed: Deed[Reply]) -> State | None:
    await stored.attach(deed.work, deed.case, deed.request.files, deed.by.chat_key or "")
    return await _go_on(deed)


async def _go_on(deed: Deed[Any]) -> State | None:
    """Let the clock run again; where whoever asked is gone meanwhile, somebody else must take the case."""
    go_on(deed.work, deed.case)
    return None if deed.case.officer_id else State.RECEIVED


async def _replied(to: Telling) -> None:
    await to.redraw()
    await pass_on(to, "official.reply_came", ("answer", "ask"))


async def _lapsed(to: Telling) -> None:
    await to.redraw()
    await to.officials(parties.handling(to.work, to.case), "official.lapsed", ("show",))
    await to.citizen("told.lapsed")


ACTS: tuple[ActKind[Any], ...] = (
    ActKind(
        act=Act.ASK,
        takes=Ask,
        by={Relation.OFFICER},
        states={State.ACCEPTED},
        to=State.ASKED,
        change=_ask,
        news=_asked,
        keeps=frozenset({Promise.WRITE, Promise.ACKNOWLEDGE}),
        button=Button(verb="ask", place=40, on_card=True, of_officer=True),
    ),
    ActKind(
        act=Act.REPLY,
        takes=Reply,
        by={Relation.CITIZEN, Relation.SCRIBE},
        states=OPEN_STATES,
        to=State.ACCEPTED,
        guard=_is_asked,
        change=_reply,
        news=_replied,
        speaks=True,
    ),
    ActKind(
        act=Act.ASK_AGAIN,
        by={Relation.CLOCK},
        states={State.ASKED},
        news=_question_again,
        quiet=True,
    ),
    ActKind(
        act=Act.LAPSE,
        by={Relation.CLOCK},
        states={State.ASKED},
        to=State.ACCEPTED,
        change=_go_on,
        news=_lapsed,
    ),
)
