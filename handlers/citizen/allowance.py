"""How many cases one chat opens in a day: so many that nobody who means it meets the end of them."""

from datetime import date, timedelta

import locales
from domain.messages import Message
from handlers.citizen.questions import LONGEST_SHOWN
from handlers.engine.conversation import Turn
from services.acts import barring
from services.intake import new_cases
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


def barred(turn: Turn, draft: Draft) -> Message | None:
    """Say that the commune a draft turns out to be of has barred its sender: it was begun as another's.

    What is always heard is heard here too.
    """
    rules = turn.work.rules
    last = barring.last_day(turn.work, turn.chat) if rules.whole.directory.is_wide else None
    if last is None or draft.heard.emergency or draft.heard.doubt:
        return None
    return None if new_cases.is_confidential(rules, draft, turn.work.today) else shut_out(turn, last)


def shut_out(turn: Turn, last: date) -> Message:
    """Say until when nothing is taken here; in a desk of many, where that is."""
    rules, until = turn.work.rules, locales.day(turn.chat.language, last)
    if not rules.whole.directory.is_wide:
        return Message(turn.say("barred.text", until=until))
    commune = wording.sentence(wording.commune(rules))
    return Message(turn.say("barred.there", until=until, commune=commune))
