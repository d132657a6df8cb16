"""What is said of a case after it was opened is heard again: it can only close it more, never open it.

Who turns out to be spoken of loses the case at once, with what was sent of it and can still be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import locales
from domain.accused import Accusation
from domain.cases import KNOWING, OPEN_STATES, Act, Relation
from domain.messages import Message
from domain.people import Role
from domain.understand import wishes
from domain.understand.dangers import may_be_done
from domain.walls import Wall
from services.saying import wording
from services.standing import besides, exclusion, homes, parties
from services.standing.kinds import ACTS, ActKind
from services.standing.parties import Actor
from services.standing.pending import Pending
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.ground.work import Work
from storage.mail import forgetting, outbox
from storage.people import people
from storage.people.people import Chat

_ANY = frozenset(Role)
_A_WHILE = timedelta(hours=1)
_HOLDING = frozenset({Act.ACCEPT, Act.ASK, Act.ANSWER})
"""Acts by which the sender comes to know whoever has the case."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What closed a case more: whom it speaks of, who stood outside before, whether it is kept close now.

    `hands`: in whose it was until then, and who waited for a decision about it.
    """

    said: Accusation
    before: Wall
    closes: bool
    hands: tuple[UUID, ...] = ()

    def was_known(self, case: Case) -> bool:
        """Say whether others than those outside could look the case up until now."""
        return self.closes or not case.confidential

    def marks(self, case: Case) -> dict[str, Any]:
        """Return what the history keeps of it: who could not look the case up before, where others could."""
        people, units = sorted(map(str, self.before.people)), sorted(map(str, self.before.units))
        return {"spoken_of": True} | ({"known_but": [people, units]} if self.was_known(case) else {})


async def again(work: Work, case: Case, kind: ActKind[Any], detail: Mapping[str, Any]) -> Heard | None:
    """Hear what an act says, with all that was said before; None where that does not close the case more."""
    # Who saw it too tells a wrong in an alarm of their own: the first is not theirs to take from anybody.
    words = _words(kind.act, detail) if kind.act in _speaking(own=True) else ""
    lately = await _lately(work, case) if words else ""
    weighed = await _weighed(work, case, words, lately, asked=kind.act is Act.REPLY) if words else None
    return _close(work, case, weighed)


async def anew(work: Work, case: Case, detail: Mapping[str, Any]) -> Heard | None:
    """Hear everything by the names and posts of the commune to which an act has just brought the case.

    None where that does not close it more.
    """
    return _close(work, case, await weighed_here(work, case, _words("", detail)))


async def weighed_here(work: Work, case: Case, words: str = "") -> tuple[Accusation, Wall, bool] | None:
    """Weigh everything, with these words, by the names where the work is now; changes nothing."""
    return await _weighed(work, case, f"{await everything(work, case)}\n{words}".strip(), "")


def _close(work: Work, case: Case, weighed: tuple[Accusation, Wall, bool] | None) -> Heard | None:
    """Close a case as what was weighed says; None where it says nothing."""
    if weighed is None:
        return None
    said, wall, closes = weighed
    before, close = exclusion.wall_of(case), case.confidential
    _keep(work, case, wall, close=close or closes)
    named = exclusion.kept_out(work.rules.directory, said, wall, work.today)
    return Heard(named, before, closes and not close, _hands(case))


def beside(work: Work, case: Case, other: Case) -> Heard | None:
    """Keep from a case all who are outside another of its sender's, where any of them reads it; None else.

    Nothing else of the other is known here: whoever reads the case learns no more of it than before.
    """
    if not besides.is_read_outside(work, case, other):
        return None
    before = exclusion.wall_of(case)
    wall = before | exclusion.wall_of(other)
    _keep(work, case, wall, close=case.confidential)
    return Heard(Accusation(), before, closes=False, hands=_hands(case))


def _keep(work: Work, case: Case, wall: Wall, *, close: bool) -> None:
    """Keep a case from all outside a wall, and close where it is to be."""
    before = exclusion.wall_of(case)
    if not (case.confidential or before) and (close or wall):
        case.kept_since = work.now
    case.confidential = close
    case.excluded = sorted(map(str, wall.units))
    case.excluded_people = sorted(map(str, wall.people))


async def would_close(work: Work, case: Case, words: str, *, to_readers: bool = False) -> bool:
    """Say whether words would close a case more, were they said of it: then they need not wait to be.

    `to_readers`: whether they would close it to somebody who has it, or where it lies.
    """
    lately = f"{await _lately(work, case)} {words}".strip()
    weighed = await _weighed(work, case, words, lately) if words.strip() else None
    if weighed is None or not to_readers:
        return weighed is not None
    directory, day, (_, wall, _) = work.rules.directory, work.today, weighed
    has_it = wall.shuts_out(directory, case.officer_id, day)
    return has_it or wall.touches(directory, case.unit_id, day)


async def _weighed(
    work: Work, case: Case, words: str, lately: str, *, asked: bool = False
) -> tuple[Accusation, Wall, bool] | None:
    """Return of whom words speak, who stands outside then, and whether that is kept close.

    None where they close the case no more than it is. `asked`: they answer whoever has it.
    """
    # A bare “Dũng” is a name where nothing else stands beside it.
    readings = [_heard(work, case, text) for text in (f"{case.story}\n{words}", lately, words)]
    of_holder = any(is_of_holder(work, case, text, lately, asked=asked) for text in (words, lately))
    tells = any(said.wrong and not said.doubt for said in readings)
    doubted = [one for one in (words, lately) if work.rules.accused.may_be_told_of(one, work.today)]
    heard = [_heard(work, case, one) for one in doubted]
    feared = [said for said in heard if _may_be_of_readers(work, case, said)]
    accuses = any(work.rules.understanding.read(text).accuses for text in (words, lately))
    closes = bool(tells or of_holder or accuses or feared)
    named = _named(work, case, words, asked=asked)
    if not (case.confidential or closes or named or any(said.alone for said in readings)):
        return None
    said = reduce(Accusation.also, readings, _heard(work, case, await everything(work, case)))
    said = reduce(exclusion.with_all, feared, said)
    if not (closes or case.confidential):
        said = replace(said, people=said.alone, units=())
    said = _with_answer(said, named, alone=not (closes or case.confidential))
    if of_holder or (closes and not (case.confidential or said.people or said.units)):
        said = replace(said, people=(*said.people, *await _holders(work, case, everybody=of_holder)))
    wall = exclusion.wall_of(case) | exclusion.around(work.rules, said, work.today)
    grows = wall != exclusion.wall_of(case) or (closes and not case.confidential)
    return (said, wall, closes) if grows else None


def _named(work: Work, case: Case, words: str, *, asked: bool) -> tuple[UUID, ...]:
    """Return whom a few words name that say nothing else, where they may answer who it was.

    Or at whom they point as the one whose house was named.
    """
    if wishes.answer(words) is not None:  # “dung” is a yes before it is Dũng
        return ()
    unknown = case.confidential and not exclusion.wall_of(case)
    told = work.rules.understanding.read(case.story)
    by_people = case.urgency in work.rules.ringing and may_be_done(told.dangers)
    accused, day = work.rules.accused, work.today
    named = accused.only_names(words, day) if unknown or asked or by_people else ()
    if by_people and told.close:
        named = named or exclusion.at_hand(work.rules, words, day)
    return named or accused.owners_blamed(words, f"{case.story}\n{case.place}", day)


def _with_answer(said: Accusation, named: tuple[UUID, ...], *, alone: bool) -> Accusation:
    """Add whom such words name; of a case that is not kept close they alone are out."""
    new = tuple(one for one in named if one not in said.people)
    return replace(said, people=(*said.people, *new), alone=(*said.alone, *new) if alone else said.alone)


def _hands(case: Case) -> tuple[UUID, ...]:
    pending = Pending.of(case)
    hands = (case.officer_id, pending.by if pending is not None else None)
    return tuple(dict.fromkeys(one for one in hands if one is not None))


def _may_be_of_readers(work: Work, case: Case, said: Accusation) -> bool:
    """Say whether words in doubt name somebody who has the case, or might read it, or where they work.

    Whoever was there to look at it is named every day, and told so nothing is told of them.
    """
    directory, day = work.rules.directory, work.today
    people = {*said.people, *(one for unit in said.units for one in directory.holders(unit, _ANY, day))}
    return any(parties.relations(work, case, Actor(person_id=one)) - {Relation.ANYBODY} for one in people)


def _heard(work: Work, case: Case, text: str) -> Accusation:
    """Return whom words speak of; while danger runs only who may have done it, unless a sender hides."""
    directory, day = work.rules.directory, work.today
    if case.urgency not in work.rules.ringing:
        said = exclusion.known_then(directory, exclusion.heard_of(work.rules, text, day), case)
        aside = tuple(one for one in said.aside if one not in said.people)
        return replace(said, people=(*said.people, *aside), alone=(*said.alone, *aside))
    said = exclusion.known_then(directory, exclusion.told(work.rules, text, day), case)
    if case.sealed:
        return exclusion.feared(directory, said)
    read = work.rules.understanding.read
    people = may_be_done(read(case.story).dangers or read(text).dangers)
    field, said = work.rules.taxonomy.fields[case.field], said.in_danger(by_people=people)
    return exclusion.in_danger(work.rules, said, field, day, has=case.unit_id)


def is_of_holder(work: Work, case: Case, words: str, lately: str = "", *, asked: bool = False) -> bool:
    """Say whether a wrong is told of whoever has the case: as "the one who took it", or of nobody by name.

    Where danger runs, or somebody else is spoken of, "that man" is another.
    """
    if case.urgency in work.rules.ringing:
        return False
    blames = bool(exclusion.wall_of(case))
    return work.rules.accused.of_holder(words, f"{case.story}\n{lately}", blames=blames, asked=asked)


async def _holders(work: Work, case: Case, *, everybody: bool) -> list[UUID]:
    """Return who has the case, and, if `everybody`, who had it, asked or answered."""
    found = [case.officer_id]
    if everybody:
        lines = await stored.history(work, case)
        found += [parties.person_of(line.actor) for line in lines if line.act in _HOLDING]
    return list(dict.fromkeys(one for one in found if one is not None))


async def _lately(work: Work, case: Case) -> str:
    """Return what was said within the last hour, in one breath: “anh Tuân” / “bắt tôi nộp” / “năm triệu”."""
    lines = [line for line in await stored.history(work, case) if line.at > work.now - _A_WHILE]
    own = _speaking(own=True)
    return " ".join(filter(None, (_words(line.act, line.detail) for line in lines if line.act in own)))


def _speaking(*, own: bool = False) -> set[str]:
    """Return the acts that bring words of people outside; `own`: of who sent the case or has its trouble."""
    return {kind.act for kind in ACTS.values() if kind.speaks and not (own and kind.act is Act.WITNESS)}


def _words(act: str, detail: Mapping[str, Any]) -> str:
    said = "\n".join(filter(None, (detail.get("text"), detail.get("reason")))).strip()
    # That an answer is not true is no wrong of who gave it, where it is said of that answer.
    return wishes.past_untrue(said) if act == Act.REOPEN else said


async def everything(work: Work, case: Case) -> str:
    """Return all that was said of a case by whoever brought it, or has the same trouble."""
    speaking = _speaking()
    said = [
        _words(line.act, line.detail) for line in await stored.history(work, case) if line.act in speaking
    ]
    return "\n".join([case.story, *filter(None, said)])


async def goes_to(work: Work, case: Case, heard: Heard) -> str | None:
    """Return the unit to which a case must go because of whom it speaks; None where it may stay.

    What was not kept close before goes where such cases go; people who do harm now stay with those who stop
    them, as long as nothing is told of these. Raises NobodyLeft.
    """
    wall, directory, rules = exclusion.wall_of(case), work.rules.directory, work.rules
    shut = case.unit_id in exclusion.barred_units(work, case)
    leaves = shut or heard.closes
    if not (leaves or exclusion.shut_out(work, case, case.officer_id)):
        return None
    own = rules.taxonomy.fields[case.field]
    stopped = await _is_violence(work, case) and exclusion.may_go_there(rules, own, wall)
    field = own if stopped else exclusion.close_field(rules, own)
    day = work.today
    if stopped:
        best = exclusion.unit_for(directory, field, directory.home.code, wall, day)
    else:
        known = (*rules.accused.known(await everything(work, case), day), *heard.said.units)
        best = exclusion.unit_over(rules, field, known, wall, day)
    return str(best.id if leaves else case.unit_id)


async def _is_violence(work: Work, case: Case) -> bool:
    """Say whether people do harm to people now, by what was told first or by all that was told."""
    if case.urgency not in work.rules.ringing:
        return False
    read = work.rules.understanding.read
    return any(exclusion.is_violence(read(text)) for text in (case.story, await everything(work, case)))


# --- what was sent before ------------------------------------------------------------------------


async def take_back(work: Work, case: Case, heard: Heard, *, quietly: bool = False) -> None:
    """Take back from all who are shut out by now what was sent of the case, where it can be.

    They are told what they are told of any case that is handed on, so nobody knows why it left; groups lose
    what many could read before. `quietly`: the case was answered or over, when none is handed on, so they
    are told nothing.
    """
    chats = [chat for chat in await _outside(work, case, heard) if chat.own != case.chat_key]
    lanes = {chat.key: chat for chat in chats}
    work.posts[:] = [
        post for post in work.posts if post.lane not in lanes or not speaks_of(post.message, case)
    ]
    work.reminders[:] = [one for one in work.reminders if one.chat.key not in lanes or one.case is not case]
    if quietly:
        return
    gone = {key: _gone(chat, case) for key, chat in lanes.items()}
    for key in await outbox.take_back(work, gone, case.code):
        _post(work, case, lanes[key], gone[key], "gone")
    await forgetting.take_off(work, lanes, case.code)
    for chat in chats:
        if chat.person_id in heard.hands:
            _post(work, case, chat, _said(work, case, chat, "official.moved_away"), "moved")


def speaks_of(message: Message, case: Case) -> bool:
    """Say whether a message is about a case, or names it."""
    named = (message.text, *(choice.action for choice in message.choices))
    return case.code in {message.card, message.case} or any(case.code in words for words in named)


def _gone(chat: Chat, case: Case) -> Message:
    key = "group.passed_on" if chat.group else "official.moved_away"
    text = locales.words(chat.language)(key, code=case.code)
    return Message(text, card=case.code, redraw=True, numbered=False, case=case.code)


def _said(work: Work, case: Case, chat: Chat, key: str) -> Message:
    due = wording.due(work, case, chat.language)
    text = locales.words(chat.language)(key, code=case.code, due=due)
    return Message(text, case=case.code, notice=key)


def _post(work: Work, case: Case, chat: Chat, message: Message, part: str) -> None:
    """Post it when word of any case that is handed on would come."""
    awake = case.urgency in work.rules_of(case).ringing and case.state in OPEN_STATES
    hold = None if awake else homes.quiet_until(work, chat)
    key = f"{case.code}:{case.history_length}:{part}:{chat.key[:12]}"
    work.post(chat, message, key, hold=hold)


async def _outside(work: Work, case: Case, heard: Heard) -> list[Chat]:
    directory, day = work.rules.directory, work.today
    everybody = dict.fromkeys(holding.person_id for holding in directory.holdings)
    everybody |= dict.fromkeys(exclusion.wall_of(case).people)  # in another commune of the desk
    shut = [
        person
        for person in everybody
        if exclusion.shut_out(work, case, person) and not heard.before.shuts_out(directory, person, day)
    ]
    units = directory.units if heard.closes or not heard.before else ()
    groups = [chat for unit in units for chat in await people.groups(work, unit.id)]
    return [*await people.chats_of(work, shut), *groups]


async def known_before(work: Work, case: Case, by: Actor | None) -> bool:
    """Say whether somebody could look a case up until words closed it; `by` is None for a group.

    For them it is a case that was handed on, as any: how it stands, and nothing else.
    """
    await stored.load_histories(work, [case])
    return _knew(work, case, by)


async def is_left(work: Work, case: Case, by: Actor) -> bool:
    """Say whether words closed a case to somebody who could look it up until then."""
    if case.confidential or exclusion.wall_of(case):
        await stored.load_histories(work, [case])
    return bool(left(work, case, by))


def left(work: Work, case: Case, by: Actor) -> set[Relation]:
    """Return what somebody is to a case that words closed to them, where its history was read.

    It is looked at, followed and left as any that was handed on, and nothing comes of that.
    """
    mine = parties.relations(work, case, by)
    if mine & (KNOWING | {Relation.ANYBODY, Relation.CLOCK}) or not _knew(work, case, by):
        return set()
    follows = by.own in stored.followers(work, case)
    return {Relation.LEFT, Relation.FOLLOWER} if follows else {Relation.LEFT}


def _knew(work: Work, case: Case, by: Actor | None) -> bool:
    for event in work.histories.get(case.id, ()):
        known = event.detail.get("known_but")
        if known is None:
            continue
        before = Wall(*(frozenset(map(UUID, ids)) for ids in known))
        if not before or (by is not None and not parties.are_behind(work, case, before, by)):
            return True
    return False
