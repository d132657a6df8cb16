"""An official says when they are away and who stands in, or a chief says it for one of their people."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain import absences as rules
from domain.cases import NotAllowed
from domain.messages import Message, Said, Text
from domain.understand.days import DaysOver, read_days
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, typed, words_at_least, words_of
from services.office import absences
from storage.people import people

_MOST = 8
_CANCEL = ("huy", "cancel")
_FOR = ("ho ", "for ")


def away(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask which days, and who stands in; a name that is not offered is looked for."""
    accept = _days_of(seed["person"], session)
    days = seed.get("days") or (
        yield Ask("days", accept, ("today", "tomorrow"), facts={"name": seed["name"]})
    )
    first, last = _read(days, session)
    free = {p: name for p, name in seed["people"].items() if not _is_away(session, p, first, last)}
    offered = dict(list(free.items())[:_MOST])
    facts = {"days": absences.days_in_words(session.language, first, last)}
    stand_in = yield Ask("who", words_at_least(2, 60), tuple(offered), offered, facts, named=True)
    kept = {**seed, "days": [first.isoformat(), last.isoformat()]}
    if is_free(stand_in):
        return kept | {"search": words_of(stand_in, {})}
    return kept | ({"stand_in": stand_in} if offered else {"search": stand_in})


def _days_of(person: str, session: Session) -> Accept:
    """Accept days that are to come and on which this person is not away already."""

    def accept(said: Said) -> list[str]:
        try:
            found = read_days(typed(said), session.today)
        except DaysOver as refusal:
            raise NotUnderstood(f"away.{refusal.key}") from None
        if found is None:
            raise NotUnderstood("away.no_days")
        if _is_away(session, person, *found):
            raise NotUnderstood("away.overlaps")
        return [day.isoformat() for day in found]

    return accept


def _read(days: Any, session: Session) -> tuple[date, date]:  # noqa: ANN401 - a kept answer
    """Return the days that were chosen, typed, or known before."""
    if days in ("today", "tomorrow"):
        return read_days(days, session.today) or (session.today, session.today)
    first, last = words_of(days, {}) if is_free(days) else days
    return date.fromisoformat(first), date.fromisoformat(last)


def _is_away(session: Session, person: str, first: date, last: date) -> bool:
    return rules.is_away(session.rules.directory, UUID(person), (first, last))


async def said(turn: Turn, result: dict[str, Any]) -> Reply:
    """Note it and tell who must know; or offer whom the words name."""
    if "search" in result:
        return await _searched(turn, result)
    person, stand_in = UUID(result["person"]), UUID(result["stand_in"])
    first, last = map(date.fromisoformat, result["days"])
    cases = await absences.begin(turn.work, turn.chat, person, stand_in, (first, last))
    own = person == turn.chat.person_id
    facts = {
        "name": result["name"],
        "stand_in": (await absences.named(turn.work, [stand_in]))[str(stand_in)],
        "days": absences.days_in_words(turn.chat.language, first, last),
    }
    text = turn.say("away.done.own" if own else "away.done.other", count=cases, **facts)
    if not await people.chats_of(turn.work, [stand_in]):
        text += "\n" + turn.say("away.done.unreachable", **facts)
    return Message(text)


async def _searched(turn: Turn, result: dict[str, Any]) -> Next:
    search = result.pop("search")
    directory, person, day = turn.work.desk.directory, UUID(result["person"]), turn.work.today
    may = rules.standing(directory, person, turn.chat.person_id, day)
    found = await absences.named(turn.work, may, search)
    first, last = map(date.fromisoformat, result["days"])
    free = {p: name for p, name in found.items() if not _is_away(turn.session, p, first, last)}
    if free:
        return Next(AWAY, result | {"people": dict(list(free.items())[:_MOST])})
    too_high = await absences.named(turn.work, rules.above(directory, person, day), search)
    key = "away.stands_above" if too_high else "away.nobody"
    return Next(AWAY, result, before=turn.say(key, said=search))


def whose(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask which of their people is away."""
    labels: Mapping[str, str] = seed["staff"]
    return {**seed, "person": (yield Ask("whose", options=tuple(labels), labels=labels))}


async def named(turn: Turn, result: dict[str, Any]) -> Reply:
    """Go on for the person who was chosen."""
    return await _begin(turn, UUID(result["person"]), result["days"])


AWAY = Conversation("away", away, said)
WHOSE = Conversation("away_for", whose, named)


async def _away(turn: Turn, text: str) -> Reply:
    """Begin with what was typed: nothing, days, “huy”, or “ho”, a name and days.

    Behind days may stand a line with part of the name of who stands in.
    """
    text, _, stand_in = text.partition("\n")
    if text in _CANCEL:
        return await _ended(turn)
    if f"{text} ".startswith(_FOR):
        return await _for_another(turn, text.partition(" ")[2])
    if turn.chat.person_id is None:
        raise NotAllowed("absence")
    begun = await _begin(turn, turn.chat.person_id, text)
    return await _stood_in(turn, begun, stand_in) if stand_in else begun


async def _stood_in(turn: Turn, begun: Next, name: str) -> Reply:
    """Go on with whom somebody has named: of one alone, and days that are known, nothing more is asked."""
    seed = begun.seed
    if "days" in seed:
        reply = await _searched(turn, {**seed, "search": name})
        alone = list(reply.seed["people"]) if not reply.before else []
        return await said(turn, {**seed, "stand_in": alone[0]}) if len(alone) == 1 else reply
    person, day = UUID(seed["person"]), turn.work.today
    may = rules.standing(turn.work.desk.directory, person, turn.chat.person_id, day)
    found = await absences.named(turn.work, may, name)
    return Next(AWAY, {**seed, "people": found} if found else seed, begun.before)


async def _for_another(turn: Turn, text: str) -> Reply:
    """Begin for one of a chief's people: “Tuân 25/11-28/11”; who is meant is asked where it is not clear."""
    words = text.split()
    cut = next((n for n in range(len(words)) if _days_in(turn, " ".join(words[n:]))), len(words))
    found = await absences.named(
        turn.work, absences.staff(turn.work, turn.chat.person_id), " ".join(words[:cut])
    )
    days = " ".join(words[cut:])
    if not found:
        alone = absences.speak_for_themselves(turn.work)
        heads = await absences.named(turn.work, alone, " ".join(words[:cut]))
        return Message(turn.say("away.heads_themselves" if cut and heads else "away.not_yours"))
    if len(found) == 1:
        return await _begin(turn, UUID(next(iter(found))), days)
    return Next(WHOSE, {"staff": dict(list(found.items())[:_MOST]), "days": days})


def _days_in(turn: Turn, text: str) -> bool:
    try:
        return read_days(text, turn.work.today) is not None
    except DaysOver:
        return True


async def _begin(turn: Turn, person: UUID, text: str) -> Next:
    likely = rules.likely(turn.work.desk.directory, person, turn.chat.person_id, turn.work.today)
    names = await absences.named(turn.work, [person, *likely[: 2 * _MOST]])
    name = names.pop(str(person))
    own = person == turn.chat.person_id
    seed = {"person": str(person), "name": turn.say("away.you") if own else name, "people": names}
    if not text:
        return Next(AWAY, seed)
    try:
        return Next(AWAY, seed | {"days": _days_of(str(person), turn.session)(Text(text))})
    except NotUnderstood as refusal:
        return Next(AWAY, seed, before=turn.say(refusal.args[0]))


async def _ended(turn: Turn) -> Message:
    absence = await absences.end(turn.work, turn.chat)
    if absence is None:
        return Message(turn.say("away.none"))
    return Message(
        turn.say("away.done.ended", **await absences.facts_of(turn.work, absence, turn.chat.language))
    )


CONVERSATIONS = (AWAY, WHOSE)
OPTIONS: dict[str, Option] = {"away": _away}
