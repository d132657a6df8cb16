"""Telling the desk something so that nobody knows who told it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import locales
from domain import secrecy
from domain.messages import Choice, Message
from domain.secrecy import CARD
from domain.understand import Understood, traces
from domain.understand.fold import fold
from domain.understand.traces import Trace
from handlers.citizen import walls
from handlers.citizen.questions import story, with_more
from handlers.engine.conversation import Keep, Option, Session, Turn
from handlers.engine.flow import Ask, Flow, words_at_least
from services.intake import new_cases
from services.intake import sealed as service
from services.intake.new_cases import Draft
from services.saying import wording
from services.standing import exclusion
from services.standing.refusals import NobodyLeft
from storage.cases import attachments


def how(session: Session, draft: Draft, turn: int) -> Flow[Draft | None]:
    """Say what sealing hides and what it cannot; let it be sent so, by name after all, or from our page."""
    options = ("here", "web", "named") if session.link else ("here", "named")
    said = notice(session) + walls.readers(session, draft)
    careful = session.say("sealed.careful.files" if session.files else "sealed.careful.words")
    facts = {
        "notice": said,
        "careful": careful,
        "commune": walls.keeper(session, new_cases.sealed(session.rules, draft)),
    }
    choice = yield Ask("sealed", options=options, facts=facts, turn=turn, primary="here")
    if choice == "web":
        yield Ask("web", options=("drop",), facts={"link": session.link}, turn=turn)
        return None
    agreed = locales.version(session.language, "report.sealed.text")
    return replace(draft, sealed=choice == "here", consent=agreed)


def untold(session: Session, draft: Draft, turn: int) -> Flow[Draft]:
    """Ask whether what tells who wrote it is to be taken out; returns the draft, without it where it is.

    Looked at is all that anybody will read: the story with what was answered and added, and the place.
    """
    told, there = traces.read(draft.heard.text), traces.read_place(draft.place)
    if not (yield from _drops(session, told.traces + there.traces, turn)):
        return draft
    if there.traces:
        draft = replace(draft, place=new_cases.hamlet_of(session.rules, draft.place))
    if not told.traces:
        return draft
    heard, text = draft.heard, told.without
    if not text:  # it told nothing else
        return replace(draft, heard=Understood.from_json((yield story(session.rules, _AGAIN + turn))))
    read = session.rules.understanding.read(text)
    same = replace(read, topic=heard.topic, field=heard.field, kind=heard.kind, sure=heard.sure)
    return replace(draft, heard=replace(same, phone=None, on_behalf=""))


def bare(session: Session, text: str) -> Flow[str]:
    """Ask the same of words that are said later of what was sent sealed; what is left of them."""
    for turn in count(1):
        told = traces.read(text)
        if not (yield from _drops(session, told.traces, turn)):
            return text
        if told.without:
            return told.without
        text = yield Ask("words", words_at_least(2, 2000), turn=turn)
    raise AssertionError("count never ends")


def repeats_drop(turn: Turn, text: str) -> bool:
    """Say whether these are the words of the button that took something out: they never drop all the rest."""
    asked = any(step.partition(".")[0] == "traces" for step in turn.talk.answers)
    return asked and fold(text).strip(" .!") == fold(turn.say("report.traces.options.drop"))


def _drops(session: Session, found: Sequence[Trace], turn: int) -> Flow[bool]:
    """Ask whether these are to be taken out; not asked where there are none."""
    what = ", ".join(session.say(f"sealed.trace.{trace}") for trace in Trace if trace in found)
    facts = {"what": what}
    return (
        bool(what)
        and (yield Ask("traces", options=("drop", "keep"), facts=facts, turn=turn, primary="drop")) == "drop"
    )


def shown(session: Session, draft: Draft) -> Draft:
    """Return a draft as it will be read once it is sealed: what tells a wrong is no place, but goes on."""
    if exclusion.heard_of(session.rules, draft.place, session.today).wrong:
        draft = replace(draft, heard=with_more(draft.heard, draft.place))
    return replace(draft, place=new_cases.sealed(session.rules, draft).place)


_AGAIN = 700
"""Turns kept free for the story that is told again when nothing was left of it."""


def notice(session: Session) -> str:
    """Say what nobody here can hide: an app knows its accounts, a phone keeps what is open on it."""
    if session.on_page:
        return session.say("sealed.notice.page")
    if session.link:
        return session.say("sealed.notice.app_or_page", link=session.link)
    return session.say("sealed.notice.app")


def warning(turn: Turn) -> str:
    """Say what sealing means, before anything is told."""
    return turn.say("sealed.begin", notice=notice(turn.session))


def dropped(turn: Turn) -> Message:
    """Drop the draft and all that was said of it: it goes on elsewhere."""
    turn.keep = Keep(turn.begun, turn.work.rules.secrecy.open_for)
    return Message(turn.say("sealed.dropped"))


async def send(turn: Turn, draft: Draft) -> Message:
    """Put it among what is opened later, and give the secret, which is shown once.

    Where nobody may read it, or the chat has sent many today, nothing is sent, nor kept. Nobody is told that
    it has: whoever else has this telephone in hand may read along.
    """
    try:
        new_cases.destination(turn.work.rules, draft, turn.work.today)
    except NobodyLeft:
        turn.keep = Keep(turn.begun, turn.work.rules.secrecy.open_for)
        return Message(turn.say("walls.nobody_left"))
    if service.is_enough(turn.work, turn.chat, draft):
        turn.keep = Keep(turn.begun, turn.work.rules.secrecy.open_for)
        return Message(turn.say("sealed.enough"))
    turn.keep = Keep(turn.begun, turn.work.rules.secrecy.secret_shown_for)
    kept = await attachments.untraced(turn.work, draft.files)
    left = len(draft.files) - len(kept)
    case, secret = await service.send(turn.work, turn.chat, replace(draft, files=tuple(kept)), turn.when)
    rules, language = turn.work.rules, turn.chat.language
    due = wording.due(turn.work, case, language)
    text = turn.say("sealed.receipt", secret=secrecy.spell(secret), due=due)
    text += wording.caveats(rules.terms[case.term], case, language)
    if left:
        text += f"\n{turn.say('sealed.files_left', count=left)}"
    if new_cases.is_confidential(rules, replace(draft, sealed=False), turn.work.today):
        # Luật Tố cáo 2018, Đ22, Đ25: nameless, it is no denunciation, but is looked into as information.
        text += f"\n{turn.say('sealed.law')}"
    choices = tuple(Choice(turn.say(f"sealed.options.{name}"), f"menu:{name}") for name in OPTIONS)
    return Message(text, choices, card=CARD)


def not_added(turn: Turn) -> str:
    """Say how to add to what was sent sealed, where somebody just writes on: that would bear their name.

    Nothing remembers that this chat sent it, but that its secret is what was shown last.
    """
    return turn.say("sealed.not_added") if f"menu:{next(iter(OPTIONS))}" in turn.chat.menu else ""


async def _erase(turn: Turn, _text: str) -> Message:
    """Take the secret off the screen, where the channel can: what is said stands in its place.

    One message and no more: whoever is told two at once, or has told one that is gone, is known by it.
    """
    turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
    erased = turn.say("sealed.erased")
    if turn.session.on_page:  # from our own page it goes by itself
        return Message(erased)
    return Message(erased, card=CARD, redraw=True)


OPTIONS: dict[str, Option] = {"copied": _erase, "erase": _erase}
