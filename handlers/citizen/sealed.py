"""Telling the desk something so that nobody knows who told it."""

from dataclasses import replace

import locales
from domain import secrecy
from domain.messages import Choice, Message
from handlers.conversation import Keep, Option, Session, Turn
from handlers.flow import Ask, Flow
from services import intake, wording
from services import sealed as service
from services.intake import Draft
from storage.instant import to_ms

CARD = "secret"
"""What the message with a secret is called where it can be edited: the same for all, it tells no case."""


def how(session: Session, draft: Draft, turn: int) -> Flow[Draft | None]:
    """Say what sealing hides and what it cannot; let it be sent so, by name after all, or from our page."""
    options = ("here", "web", "named") if session.link else ("here", "named")
    facts = {"notice": notice(session), "commune": session.commune}
    choice = yield Ask("sealed", options=options, facts=facts, turn=turn, primary="here")
    if choice == "web":
        yield Ask("web", options=("drop",), facts={"link": session.link}, turn=turn)
        return None
    agreed = locales.version(session.language, "report.sealed.text")
    return replace(draft, sealed=choice == "here", consent=agreed)


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
    """Make a case whose sender is nobody, and give the secret, which is shown once."""
    turn.keep = Keep(turn.begun, turn.work.rules.secrecy.secret_shown_for)
    case, secret = await service.send(turn.work, turn.chat, draft)
    left = len(draft.files) - case.files
    rules, language = turn.work.rules, turn.chat.language
    due = wording.due(rules, case, language)
    text = turn.say("sealed.receipt", secret=secrecy.spell(secret), due=due)
    text += wording.caveats(rules.terms[case.term], case, language)
    if left:
        text += f"\n{turn.say('sealed.files_left', count=left)}"
    if intake.is_confidential(rules, replace(draft, sealed=False)):
        # Luật Tố cáo 2018, Đ22, Đ25: nameless, it is no denunciation, but is looked into as information.
        text += f"\n{turn.say('sealed.law')}"
    choices = tuple(Choice(turn.say(f"sealed.options.{name}"), f"menu:{name}") for name in OPTIONS)
    return Message(text, choices, card=CARD)


def not_added(turn: Turn) -> str:
    """Say how to add to what was sent sealed, where somebody just writes on: that would bear their name.

    Nothing remembers that this chat sent it, but that its secret is what was shown last.
    """
    return turn.say("sealed.not_added") if f"menu:{next(iter(OPTIONS))}" in turn.chat.menu else ""


async def _erase(turn: Turn, text: str) -> Message:  # noqa: ARG001 - every option is called alike
    """Take the secret off the screen, where the channel can."""
    turn.keep = Keep(turn.when, turn.work.rules.secrecy.open_for)
    gone = Message(turn.say("sealed.gone"), card=CARD, redraw=True, once=True)
    turn.work.post(turn.chat, gone, f"erase:{turn.chat.key}:{to_ms(turn.work.now)}")
    return Message(turn.say("sealed.erased"))


OPTIONS: dict[str, Option] = {"copied": _erase, "erase": _erase}
