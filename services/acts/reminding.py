"""The clock speaks up: reminders to whoever has a case, and to those above them once it is late."""

from dataclasses import dataclass

from domain.alarms import AlarmKind, Level
from domain.cases import OPEN_STATES, Act, Relation
from services.acts import lateness
from services.saying import approving, ringing, wording
from services.saying.telling import Detail, Key, Telling
from services.standing import parties, superiors
from services.standing.kinds import ActKind, Request
from storage.ground.instant import from_ms
from storage.people.people import name_of


@dataclass(frozen=True, slots=True)
class Alarming(Request):
    """An alarm, the days or hours it names, and for which level it rings.

    `promise` and `until` (in milliseconds) are what was promised by when, where it is about that; `morning`
    leaves it to the morning message to say.
    """

    alarm: str
    n: int
    level: int | str
    promise: str = ""
    until: int = 0
    morning: bool = False


@dataclass(frozen=True, slots=True)
class Remind(Alarming):
    """An alarm for whoever has the case."""


@dataclass(frozen=True, slots=True)
class Escalate(Alarming):
    """An alarm for those above; `covered`: they hear of a case that is worked on with this one instead."""

    covered: bool = False


async def _reminded(to: Telling) -> None:
    if not to.facts.get("morning"):
        await remind(to)


async def _escalated(to: Telling) -> None:
    if not to.facts.get("morning"):
        await escalate(to)
    await lateness.tell_citizen(to)


async def remind(to: Telling) -> None:
    """Remind whoever has the case of what is owed, and of what they wait for themselves."""
    verbs = ("called", "show") if to.case.officer_id else ("accept", "show")
    facts = {"n": to.facts["n"], "waiting": await _awaited(to), **_promise(to)}
    await to.remind(parties.handling(to.work, to.case), _alarm(to), verbs, **facts)
    await ringing.unheard(to)


def _alarm(to: Telling) -> str:
    """Return the words of an alarm; of what cannot wait nobody reads an office's date."""
    kind = AlarmKind(to.facts["alarm"])
    by_date = {AlarmKind.PART, AlarmKind.BEFORE, AlarmKind.DUE, AlarmKind.OVERDUE}
    urgent = to.case.urgency in to.work.rules.ringing
    if urgent and kind in by_date:
        owed = "untaken" if to.case.officer_id is None else "owed"
        return f"alarm.urgent.{'overdue' if kind is AlarmKind.OVERDUE else owed}"
    return "alarm.breach_urgent" if urgent and kind is AlarmKind.BREACH else f"alarm.{kind}"


def _promise(to: Telling) -> Detail:
    """Return what was promised by when, as facts; nothing where the alarm is about the answer."""
    if "promise" not in to.facts:
        return {}
    at, rules = from_ms(to.facts["until"]), to.work.rules
    what = Key(f"promise.what.{to.facts['promise']}")
    return {"promise": what, "by": lambda language: wording.by(rules, at, language)}


async def _awaited(to: Telling) -> Key | str:
    """Return whose decision the case waits for, in words; nothing where it waits for nobody's."""
    if to.case.request is None:
        return ""
    return Key("request.waits", {"who": await approving.awaited(to.work, to.case)})


_LATE = frozenset({AlarmKind.OVERDUE, AlarmKind.BREACH, AlarmKind.PROMISE_LATE})
"""What whoever has the case hears of too, when those above do."""


_ABOVE = frozenset({Level.PROVINCE, Level.PROVINCE_HEADS})


async def escalate(to: Telling) -> None:
    """Tell the chiefs of a level, and whoever has the case, that it is late.

    Where it waits for somebody's decision, that is who is named.
    """
    if to.facts.get("covered"):
        return
    asks, alarm = to.case.request is not None, to.facts["alarm"]
    facts: Detail = {"n": to.facts["n"], "officer": await name_of(to.work, to.case.officer_id)}
    facts |= _promise(to)
    facts["waiting"] = await _awaited(to)
    if asks and "promise" not in to.facts:
        facts["officer"] = Key("request.awaited", {"who": await approving.awaited(to.work, to.case)})
    chiefs = superiors.at_level(to.work, to.case, Level(to.facts["level"]))
    verbs = ("grant", "refuse") if asks else ("nudge", "reassign")
    breach = alarm == AlarmKind.BREACH and to.case.urgency in to.work.rules.ringing
    key = "alert.breach_urgent" if breach else f"alert.{alarm}"
    if alarm == AlarmKind.OVERDUE and Level(to.facts["level"]) in _ABOVE:
        key = "alert.overdue_above"  # they never had it: the words say why they hear
    await to.remind(chiefs, key, (*verbs, "show"), **facts)
    if alarm in _LATE:
        theirs = [p for p in parties.handling(to.work, to.case) if p not in chiefs]
        await to.remind(theirs, _alarm(to), ("show",), **facts)
    await ringing.unheard(to)


ACTS = (
    ActKind(
        act=Act.REMIND,
        takes=Remind,
        by={Relation.CLOCK},
        states=OPEN_STATES,
        news=_reminded,
        quiet=True,
    ),
    ActKind(
        act=Act.ESCALATE,
        takes=Escalate,
        by={Relation.CLOCK},
        states=OPEN_STATES,
        news=_escalated,
        quiet=True,
    ),
)
