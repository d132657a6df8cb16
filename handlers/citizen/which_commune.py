"""Of which commune a matter is, in a desk of many: as the words say, else asked once."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from domain.messages import Said
from domain.rules import Rules
from domain.understand import Understood
from handlers.citizen import places
from handlers.engine.conversation import Session, Turn
from handlers.engine.flow import Ask, Flow, NotUnderstood, is_free, typed, words_of
from services.intake.communes import settle

_OFFERED = 8
"""Communes offered as numbers; with “other” they are nine, one digit each."""
_TRIES = 2
"""Names that may fit none before somebody else finds out."""
_STEP = "commune"


def settled(session: Session, heard: Understood) -> Flow[tuple[Session, Understood, str | None]]:
    """Settle of which commune a matter is.

    Returns the session there, the words as they are understood there, and None; where nobody could say, the
    session as it is, and what was typed for a name.
    """
    rules = session.rules
    if rules.commune or not rules.whole.directory.is_wide:
        return session, _read_at(session, heard), None
    place = heard.place
    if place is not None and (place.area or (place.sure and place.outside)):
        session = session.at(place.area)
        return session, _read_at(session, heard), None
    tried: list[str] = []
    for turn in count(1):
        said = yield _which(session, tried[-1] if tried else heard.text, turn)
        if (code := _meant(rules, said)) or turn >= _TRIES:
            break
        tried += [words_of(said, {})] if is_free(said) else []
    told = words_of(said, {}) if is_free(said) else ""
    if not code:
        return session, heard, ", ".join(dict.fromkeys(filter(None, (*tried, told))))
    chosen = places.in_served(session, place, code) if place is not None else None
    session = session.at(code)
    there = replace(heard, place=chosen) if chosen is not None else _read_at(session, heard)
    more = session.rules.understanding.read(told).place if told else None
    return session, replace(there, place=more) if more and more.hamlet else there, None


def area(session: Session) -> str:
    """Return the commune of what is told, the province until one is known; empty in a desk of one."""
    directory = session.rules.whole.directory
    if not directory.is_wide:
        return ""
    return session.rules.commune or (directory.province.code if directory.province else "")


def note(turn: Turn) -> None:
    """Remember the commune that was chosen, whatever becomes of what is told: it is asked once.

    Nothing is remembered of what is to be sent sealed.
    """
    if turn.talk.seed.get("sealed"):
        return
    for code in _chosen(turn):
        settle(turn.work, turn.chat, code)


def _chosen(turn: Turn) -> Iterator[str]:
    for step, answer in turn.talk.answers.items():
        if step.partition(".")[0] == _STEP and (code := _meant(turn.work.desk, answer)):
            yield code


def _which(session: Session, text: str, turn: int) -> Ask:
    served = session.rules.whole.served
    offered = served.alike(text, _OFFERED)
    labels = {code: served.name(code) for code in offered} | {"other": session.say("commune.other")}
    words = "commune_again" if turn > 1 else ""
    return Ask(_STEP, _a_name, (*offered, "other"), labels, turn=turn, words=words)


def _a_name(said: Said) -> str:
    text = typed(said)
    if len(text) < 2:
        raise NotUnderstood("common.too_short")
    return text


def _meant(rules: Rules, answer: Any) -> str:  # noqa: ANN401 - an answer is whatever the question accepted
    """Return the code of the commune that was chosen or named, empty for none of this desk."""
    if not is_free(answer):
        return answer if answer in dict(rules.whole.served.communes) else ""
    place = rules.whole.understanding.read(str(words_of(answer, {}))).place
    return place.area if place is not None else ""


def _read_at(session: Session, heard: Understood) -> Understood:
    """Return the words with the place they mean where the session is: each commune has its own “thôn 1”."""
    if not session.rules.whole.directory.is_wide:
        return heard
    return replace(heard, place=session.rules.understanding.read(heard.text).place or heard.place)
