"""Of which commune a matter is, in a desk of many: as the words say, else asked once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from domain.messages import Said
from domain.rules import Rules
from domain.understand import Understood, provincial
from domain.understand.fold import tokens
from handlers.citizen import places
from handlers.engine.conversation import Seed, Session, Turn
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_of
from services.intake import drafts
from services.intake.communes import settle
from services.standing import exclusion

_OFFERED = 7
"""Communes offered as numbers; with the province and “other” they are nine, one digit each."""
_PROVINCE = "province"
"""The answer that it is of no commune, and the province's own."""
_TRIES = 2
"""Names that may fit none before somebody else finds out."""
_STEP = "commune"


@dataclass(frozen=True, slots=True)
class Settled:
    """Of which commune a matter is: the session there, and the words as they are understood there.

    Where nobody could say it is the session as it was, and `tried` is what was typed for a name. `provincial`
    is what is the province's own: it is of no commune, and of no hamlet that is to be asked for. `told` is
    what was typed for a name and says more than that.
    """

    session: Session
    heard: Understood
    tried: str | None = None
    provincial: bool = False
    told: str = ""


def settled(session: Session, heard: Understood, *, home: bool = False) -> Flow[Settled]:
    """Settle of which commune a matter is, or that it is the province's; somebody's `home` never is."""
    rules, place = session.rules, heard.place
    if not home and _is_provincial(session, heard):
        return Settled(_of_province(session), heard, provincial=True)
    if rules.commune or not rules.whole.directory.is_wide:
        return Settled(session, _read_at(session, heard))
    if place is not None and (place.area or (place.sure and place.outside)):
        session = session.at(place.area)
        return Settled(session, _read_at(session, heard))
    code, tried = yield from asked(session, heard.text, home=home)
    told = tried[-1] if tried else ""
    where = session if code in {"", _PROVINCE} else session.at(code)
    told_more = [said for said in tried if places.says_more(where, said, known=bool(code))]
    more = "\n".join(told_more)
    if not code:
        names = dict.fromkeys(said for said in tried if said and said not in told_more)
        return Settled(session, heard, ", ".join(names), told=more)
    if code == _PROVINCE:
        return Settled(_of_province(session), heard, provincial=True, told=more)
    chosen = places.in_served(session, place, code) if place is not None else None
    session = session.at(code)
    there = replace(heard, place=chosen) if chosen is not None else _read_at(session, heard)
    named = session.rules.understanding.read(told).place if told else None
    return Settled(session, replace(there, place=named) if named and named.hamlet else there, told=more)


def asked(session: Session, text: str, *, home: bool) -> Flow[tuple[str, list[str]]]:
    """Ask which it is. Returns its code, empty for none, and each name that was typed, empty for a press."""
    tried: list[str] = []
    for turn in count(1):
        typed_before = next(filter(None, reversed(tried)), text)
        said = yield _which(session, typed_before, turn, home=home)
        tried.append(words_of(said, {}) if is_free(said) else "")
        if (code := _meant(session.rules, said)) or turn >= _TRIES:
            return code, tried
    raise AssertionError("count never ends")


def _is_provincial(session: Session, heard: Understood) -> bool:
    """Say whether words tell a matter of the province; where they name several communes it is asked.

    Of a road that stretch is the commune's to hear first which lies in a hamlet that is said.
    """
    here = session.rules.whole.directory.province
    if here is None or heard.emergency or not session.rules.whole.directory.is_wide:
        return False
    if provincial.is_wished(heard.text):
        return True
    place, types = heard.place, session.rules.taxonomy.unit_types.values()
    if place is not None and place.choices and not session.rules.commune:
        return False
    if provincial.is_road(heard.text) and not (place is not None and place.hamlet):
        return True
    body = provincial.is_body(heard.text, [one.name for one in types if one.level == "tinh"])
    return body and not _shuts_province(session, heard)


def _shuts_province(session: Session, heard: Understood) -> bool:
    """Say whether words accuse whom all of the province stand below, so that nobody there may read them."""
    rules, today = _of_province(session).rules, session.today
    said = exclusion.heard_of(rules, heard.text, today)
    return said.wrong and exclusion.leaves_nobody(rules, exclusion.around(rules, said, today), today)


def _of_province(session: Session) -> Session:
    here = session.rules.whole.directory.province
    return session.at(here.code if here is not None else "")


def area(session: Session) -> str:
    """Return the commune of what is told, the province until one is known; empty in a desk of one."""
    directory = session.rules.whole.directory
    if not directory.is_wide:
        return ""
    return session.rules.commune or (directory.province.code if directory.province else "")


def note(turn: Turn) -> None:
    """Remember the commune that was chosen, whatever becomes of what is told: it is asked once.

    Nothing is remembered of what is to be sent sealed, nor of what an official enters for others. What a link
    or other words have said since then holds.
    """
    seed = turn.talk.seed
    if seed.get("sealed") or turn.talk.flow in drafts.OF_OTHERS:
        return
    for code in _chosen(turn):
        if code != seed.get("chosen"):
            turn.talk.seed = {**seed, "chosen": code}
            settle(turn.work, turn.chat, code)


def linked(session: Session, seed: Seed, heard: Understood) -> Flow[Session]:
    """Ask whose a story is that was told before its sender came by the link of another commune.

    Words that name their commune say it. Whoever tells of who serves in one does not tell of the other.
    """
    for turn, link in enumerate(seed.get("links", ()), 1):
        told = session.rules.whole.understanding.read(heard.text).place
        if told is not None and told.area:
            break
        labels = {code: _there(session.at(code), heard) for code in (link["from"], link["to"])}
        said = yield Ask("linked", _one_of(session, tuple(labels)), tuple(labels), labels, turn=turn)
        code = _named_of(session, words_of(said, {}), tuple(labels)) if is_free(said) else said
        session = session.at(code) if code == link["to"] else session
    return session


def _one_of(session: Session, codes: Sequence[str]) -> Accept:
    """Accept words that name one of these communes and not another."""

    def accept(said: Said) -> str:
        if not _named_of(session, typed(said), codes):
            raise NotUnderstood(None)
        return typed(said)

    return accept


def _named_of(session: Session, text: str, codes: Sequence[str]) -> str:
    named = {code for _, _, code in session.rules.whole.served.spoken(tokens(text))} & set(codes)
    return named.pop() if len(named) == 1 else ""


def _there(session: Session, heard: Understood) -> str:
    """Return the place that a story means in a commune, as somebody reads it who must choose."""
    place = session.rules.understanding.read(heard.text).place
    return place.label if place is not None and place.hamlet and not place.choices else session.commune


def _chosen(turn: Turn) -> Iterator[str]:
    for step, answer in turn.talk.answers.items():
        if step.partition(".")[0] == _STEP and (code := _meant(turn.work.desk, answer)):
            yield from (code,) if code != _PROVINCE else ()


def _which(session: Session, text: str, turn: int, *, home: bool) -> Ask:
    served, above = session.rules.whole.served, session.rules.whole.directory.province
    offered = served.alike(text, _OFFERED)
    labels = {code: served.name(code) for code in offered}
    labels |= {_PROVINCE: above.name} if above is not None and not home else {}
    labels |= {"other": session.say("commune.other")}
    return Ask(_STEP, _a_name, tuple(labels), labels, turn=turn, words="commune_again" if turn > 1 else "")


def _a_name(said: Said) -> str:
    text = typed(said)
    if len(text) < 2:
        raise NotUnderstood("common.too_short")
    return text


def _meant(rules: Rules, answer: Any) -> str:  # noqa: ANN401 - an answer is whatever the question accepted
    """Return the code of the commune that was chosen or named, empty for none of this desk.

    For the province it is `_PROVINCE`.
    """
    if not is_free(answer):
        return answer if answer == _PROVINCE or answer in dict(rules.whole.served.communes) else ""
    text = str(words_of(answer, {}))
    place = rules.whole.understanding.read(text).place
    named = place.area if place is not None else ""
    return named or (_PROVINCE if provincial.is_answer(text) and rules.whole.directory.province else "")


def _read_at(session: Session, heard: Understood) -> Understood:
    """Return the words with the place they mean where the session is: each commune has its own “thôn 1”."""
    if not session.rules.whole.directory.is_wide:
        return heard
    return replace(heard, place=session.rules.understanding.read(heard.text).place or heard.place)
