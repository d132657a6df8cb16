"""How many cases one chat opens in a day: so many that nobody who means it meets the end of them."""

from datetime import timedelta

from domain.messages import Message
from handlers.citizen.questions import LONGEST_SHOWN
from handlers.engine.conversation import Turn
from services.intake.new_cases import Draft
from services.saying import wording
from services.standing.parties import is_official
from storage.ground.instant import from_ms, to_ms

_DAY = timedelta(days=1)


def spent(turn: Turn, draft: Draft) -> Message | None:
    """Say from when on one may tell more, and give the story back; None while one may, or in danger."""
    rules = turn.work.rules
    turn.talk.opened = [at for at in turn.talk.opened if from_ms(at) > turn.when - _DAY]
    opened, most = turn.talk.opened, rules.listening.a_day
    if len(opened) < most or draft.heard.emergency or is_official(turn.work, turn.chat):
        return None
    until = wording.by(rules, from_ms(opened[-most]) + _DAY, turn.chat.language)
    story = wording.shortened(draft.heard.text, LONGEST_SHOWN)
    return Message(turn.say("report.enough", count=most, until=until, story=story), copy=draft.heard.text)


def note(turn: Turn) -> None:
    """Count a case that was just opened."""
    turn.talk.opened.append(to_ms(turn.when))
