"""A case in words, for each side that may see it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

import phonenumbers

import locales
from domain import numbers, promises
from domain.cases import OPEN_STATES, Act, State
from domain.codes import prefix_of
from domain.deadlines import Term
from domain.rules import Rules
from domain.understand.headline import without_sender
from services.saying.quoting import in_one_line, quoted
from services.standing import crossing
from services.standing.parties import URGENT
from services.standing.pending import Pending
from storage.cases import cases as stored
from storage.cases.cases import Case, CaseEvent
from storage.ground.instant import from_ms
from storage.ground.work import Work
from storage.people.people import at_counter, name_of

MOST_OF_STORY = 600
"""Characters of a story on a card; the whole stands in the case."""
MOST_STEPS = 12
"""Steps of a timeline that are shown, the latest."""
_ANSWERED = frozenset({Act.ANSWER, Act.RELEASE})
_SAID = frozenset({Act.REPLY, Act.SUPPLEMENT, Act.COMMENT, Act.FOLLOW, Act.WITNESS, Act.CRY})
MOST_LINES = 3
"""Later messages of the citizen that are shown with a card."""


def due(work: Work, case: Case, language: str) -> str:
    """Write the due date as people say it; the time of day too where the term is in hours.

    What cannot wait is due now, whatever its term says for the figures: no fire waits for the office to open.
    """
    rules = work.rules_of(case)
    if case.urgency in rules.ringing:
        return locales.words(language)("ringing.due")
    if rules.terms[case.term].unit in {"working_day", "calendar_day", "month"}:
        return locales.day(language, case.due_on)
    local = rules.calendar.local(case.due_at)
    time = locales.clock(language, local)
    return locales.words(language)("receipt.within_hours", time=time, day=locales.day(language, local.date()))


def key(work: Work, case: Case, usual: str) -> str:
    """Return the words for what cannot wait where there are some: of that nobody promises a date."""
    urgent = f"{usual}_urgent"
    return urgent if case.urgency in work.rules_of(case).ringing and locales.has("vi", urgent) else usual


def by(rules: Rules, at: datetime, language: str) -> str:
    """Write by when something was promised: with the time of day, unless the whole day is meant."""
    day = promises.day_of(at, rules.calendar)
    written = locales.day(language, day.date())
    if promises.is_whole_day(at, rules.calendar):
        return locales.words(language)("promise.day", day=written)
    return locales.words(language)("promise.moment", time=f"{day:%H:%M}", day=written)


def promised(work: Work, case: Case, language: str, side: str) -> list[str]:
    """Write what else was promised and by when, a line each, for either side: `citizen` or `officer`."""
    say = locales.words(language)
    lines = []
    for what, ms in sorted(case.promises.items(), key=lambda one: one[1]):
        at = from_ms(ms)
        late = "_late" if at <= work.now else ""
        lines.append(say(f"promise.{side}.{what}{late}", by=by(work.rules_of(case), at, language)))
    return lines if case.state in OPEN_STATES else []


def left(work: Work, case: Case, language: str) -> str:
    """Write how much time is left, or how late it is, in working days; nothing when nothing is owed."""
    say, rules, today = locales.words(language), work.rules_of(case), work.today
    if case.state not in OPEN_STATES:
        return ""
    if case.state == State.ASKED:
        return say("card.paused")
    if case.urgency in rules.ringing:
        return say("ringing.left")
    if today > case.due_on:
        return say("card.late", days=rules.calendar.working_days_after(case.due_on, today))
    if today == case.due_on:
        return say("card.today")
    return say("card.left", days=rules.calendar.working_days_after(today, case.due_on))


def caveats(term: Term, case: Case, language: str) -> str:
    """Say what is uncertain about the date: an estimated calendar year, a term the law sheet leaves open."""
    say = locales.words(language)
    found = [] if case.due_certain else [say("receipt.provisional")]
    found += [] if term.confirmed else [say("receipt.unconfirmed")]
    return "".join(f"\n{line}" for line in found)


async def card(work: Work, case: Case, language: str, *, whole: bool, called: bool = False) -> str:
    """Draw the case's card for an official: with the whole story, or its headline without numbers to call.

    The number the citizen left is `called` by whoever has taken the case; others read that there is one.
    """
    say = locales.words(language)
    text = say(
        "card.text",
        code=case.code,
        field=work.rules.taxonomy.fields[case.field].name,
        urgency=say(f"card.urgency.{case.urgency}"),
        content=quoted(shortened(case.story)) if whole else in_one_line(case.summary),
        place=in_one_line(case.place if whole else numbers.mask(case.place)),
        files=say("card.files", count=case.files) if case.files else "",
        due=_with_left(due(work, case, language), left(work, case, language)),
        state=say(f"card.state.{case.state}", officer=await _doer(work, case), count=case.reopened),
    )
    lines = promised(work, case, language, "officer") + _remarks(work, case, language, named=called)
    lines += await _together(work, case, language)
    if case.contact and case.state in OPEN_STATES | {State.ANSWERED}:
        lines.insert(0, say("card.call", phone=number(case.contact)) if called else say("card.callable"))
    elif case.contact is not None and case.state in OPEN_STATES:
        lines.insert(0, say("card.uncalled"))
    return text + "".join(f"\n{line}" for line in lines)


async def _doer(work: Work, case: Case) -> str:
    """Return who did what the case's state says: an answer may come of another than whoever has the case."""
    if case.state == State.ANSWERED:
        answers = [line for line in await stored.history(work, case) if line.act in _ANSWERED]
        if answers and (name := answers[-1].detail.get("officer")):
            return str(name)
    return await _holder(work, case)


async def _holder(work: Work, case: Case) -> str:
    """Return who has the case: the officer, or the unit where the one who asked the citizen is gone."""
    return await name_of(work, case.officer_id) or work.rules.directory.unit(case.unit_id).name


async def said_since(work: Work, case: Case, language: str) -> str:
    """Write the last things the citizen said after the case was opened, one line each, the oldest first."""
    say = locales.words(language)
    lines = [
        say(
            "card.said",
            day=locales.short_day(work.rules.calendar.local(event.at).date()),
            text=in_one_line(text),
        )
        for event in await stored.history(work, case)
        if event.act in _SAID and (text := event.detail.get("text"))
    ]
    return "".join(f"\n{shortened(line)}" for line in lines[-MOST_LINES:])


def _with_left(due_day: str, remaining: str) -> str:
    return f"{due_day} ({remaining})" if remaining else due_day


def _remarks(work: Work, case: Case, language: str, *, named: bool) -> list[str]:
    """Return what else an official must know about a case; a citizen's name only where it is `named`."""
    say = locales.words(language)
    found = []
    if (pending := Pending.of(case)) is not None:
        found.append(say(f"card.request.{pending.what}", **asked_for(work, case, language)))
    name = case.on_behalf if named else ""
    if case.declined:
        found.append(say("card.declined", reason=say(f"declined.{case.declined}")))
    if at_counter(case.chat_key):
        found.append(say("card.counter", who=name or say("card.citizen")))
    elif case.on_behalf:
        found.append(say("card.on_behalf", who=name or say("report.somebody")))
    if case.sealed:
        found.append(say("card.sealed"))
    if case.followers:
        key = "card.witnesses" if case.urgency == URGENT else "card.followers"
        found.append(say(key, count=case.followers + 1))
    if case.confidential:
        found.append(say("card.confidential"))
    term = work.rules.terms[case.term]
    if not term.confirmed:
        found.append(say("card.unconfirmed", source=term.source or term.id))
    return found


async def _together(work: Work, case: Case, language: str) -> list[str]:
    """Say with what an open case is worked on; of a head, which of what is joined to it is due before it."""
    say = locales.words(language)
    if case.state not in OPEN_STATES or not (case.joined or case.together):
        return []
    if case.joined:
        return [say("card.joined", head=case.joined["code"])]
    others = await stored.seen(work, case.together)
    first = min((one for one in others if one.due_at < case.due_at), key=lambda one: one.due_at, default=None)
    codes = ", ".join(case.together)
    if first is None:
        return [say("card.together", codes=codes)]
    return [say("card.together_first", codes=codes, first=first.code, day=due(work, first, language))]


def asked_for(work: Work, case: Case, language: str) -> dict[str, object]:
    """Return the facts of the request that waits for a decision: how long, why, in what words, which unit."""
    asked = Pending.of(case)
    if asked is None:
        return {}
    coded, say = f"declined.{asked.reason}", locales.words(language)
    return {
        "days": asked.days,
        "reason": say(coded) if locales.has(language, coded) else reason(language, asked.reason),
        "text": shortened(asked.text or asked.answer),
        "unit": crossing.called(work, case, UUID(asked.unit_id)) if asked.unit_id else "",
    }


_READY = re.compile(r"(?:transfer\.(?:why|crossing_why)|extend\.reason|rate\.why|reopen\.why)\.options\..+")
"""The keys of reasons that are chosen."""


def reason(language: str, said: str) -> str:
    """Return a reason as somebody reads it: a ready one in their language, whichever it was chosen in."""
    key = _ready().get(said)
    return locales.words(language)(key) if key is not None else said


@cache
def _ready() -> Mapping[str, str]:
    """Return the keys of the ready reasons by their words in every language; the original's come first."""
    tables = (locales.table(one) for one in reversed(locales.LANGUAGES))
    return {said: key for table in tables for key, said in table.items() if _READY.fullmatch(key)}


async def timeline(work: Work, case: Case, language: str) -> str:
    """Tell whoever brought it how far a case has come, step by step, and what is owed, or was answered."""
    lines = [*promised(work, case, language, "citizen"), standing(work, case, language)]
    if work.desk.directory.is_wide and case.state in OPEN_STATES:
        lines.insert(0, await holder(work, case, language))
    return locales.words(language)(
        "follow.card",
        code=case.code,
        summary=case.summary,
        steps=await steps(work, case, language),
        due="\n".join(lines) + _answer(case, language),
    )


async def holder(work: Work, case: Case, language: str) -> str:
    """Say who has an open case, or who is to take it: with the place in a desk of many."""
    say, directory = locales.words(language), work.desk.directory
    unit = directory.unit(case.unit_id)
    named = crossing.with_place(work, unit) if directory.is_wide else unit.name
    if case.officer_id is None:
        return say("holder.untaken", code=case.code, unit=named)
    officer = await name_of(work, case.officer_id)
    return say("holder.taken", code=case.code, officer=officer, unit=named)


async def held(work: Work, case: Case, language: str) -> str:
    """Answer who has a case now, why if it came from elsewhere, and until when; of one that is over, how."""
    if case.state not in OPEN_STATES:
        return f"{case.code}: {standing(work, case, language)}"
    lines = [await holder(work, case, language)]
    came = [event for event in await stored.history(work, case) if "crossed" in event.detail]
    if came and (why := came[-1].detail.get("reason")):
        lines.append(locales.words(language)("holder.why", reason=reason(language, why)))
    return "\n".join([*lines, standing(work, case, language)])


async def outline(work: Work, case: Case, language: str, *, left: bool = False) -> str:
    """Tell somebody else how far a case has come: topic, hamlet and days, and no word of anybody.

    Where it went is not said: it may have left whom it speaks of. `left`: no more than until then.
    """
    lines = await stored.history(work, case)
    closed = next((n for n, line in enumerate(lines) if left and "known_but" in line.detail), None)
    if closed is not None:
        lines = [*lines[: closed - 1], lines[closed]]  # but for what was said, which stands before it
    return locales.words(language)(
        "follow.card",
        code=case.code,
        summary=matter(work.rules_of(case), case.topic, case.area),
        steps=_steps(work, lines, language, elsewhere=True),
        due=standing(work, case, language),
    )


def matter(rules: Rules, topic: str, area: str) -> str:
    """Say what a case is about, as others may know it: its topic and its hamlet."""
    named = next((one.name for one in rules.directory.areas if one.code == area), commune(rules))
    return f"{rules.taxonomy.topics[topic].name} · {named}"


def _answer(case: Case, language: str) -> str:
    """Quote the answer that was given: who looks it up reads it here too."""
    if not case.answer or case.state not in {State.ANSWERED, State.CLOSED}:
        return ""
    return "\n" + locales.words(language)("follow.answer", answer=case.answer)


async def steps(work: Work, case: Case, language: str) -> str:
    """Write what became of the case, a line a step, the latest last: nothing in it says which case it is."""
    return _steps(work, await stored.history(work, case), language)


def _steps(work: Work, events: Sequence[CaseEvent], language: str, *, elsewhere: bool = False) -> str:
    """Write these; `elsewhere` names no unit to which it was handed on, for whatever reason."""
    say, lines = locales.words(language), list[str]()
    for event in events:
        handed = elsewhere and event.act == Act.MOVE and event.detail.get("spoken_of")
        if event.act == Act.MOVE and "unit" not in event.detail and not handed:
            continue  # it stayed where it was, closed from then on
        if event.detail.get("over"):
            continue  # it is alone because it is over, which another step says
        key = f"follow.step.{Act.REASSIGN if handed else event.act}"
        because = f"{key}_{event.detail.get('alarm', '')}"
        key = because if locales.has(language, because) else key
        if locales.has(language, key):
            why = reason(language, event.detail.get("reason", ""))
            facts = {
                "officer": event.detail.get("officer", ""),
                "unit": say("follow.elsewhere") if elsewhere else event.detail.get("unit", ""),
                "reason": numbers.mask(why) if elsewhere else why,
            }
            on = work.rules.calendar.local(event.at).date()
            lines.append(say(key, day=locales.short_day(on), **facts))
    return "\n".join(lines[-MOST_STEPS:])


def standing(work: Work, case: Case, language: str) -> str:
    """Say what is owed and until when; that it is overdue is said honestly."""
    say = locales.words(language)
    if case.state == State.ASKED:
        return say("follow.waiting")
    if case.state not in OPEN_STATES:
        return sentence(say(f"follow.state.{case.state}")) + "."
    if work.today > case.due_on:
        days = work.rules_of(case).calendar.working_days_after(case.due_on, work.today)
        key = "follow.overdue" if days else "follow.overdue_today"
        return say(key, days=days, commune=commune(work.rules_of(case)))
    urgent = case.urgency in work.rules_of(case).ringing
    return say("ringing.owed") if urgent else say("follow.due", due=due(work, case, language))


def commune(rules: Rules) -> str:
    """Return the name of the commune the desk stands in, as it stands within a sentence."""
    home = rules.directory.commune or rules.directory.province
    return home.name if home else "xã"


def keeper(rules: Rules, unit_id: UUID) -> str:
    """Return the name of whose unit has what is told, and keeps it: the commune's, else the province's."""
    directory = rules.directory
    above = directory.is_part and directory.level(unit_id) and directory.province
    return above.name if above else commune(rules)


def example(rules: Rules) -> str:
    """Return what a code of this desk looks like; it is nobody's."""
    return f"{prefix(rules)}-7K3M2R9"


def prefix(rules: Rules) -> str:
    """Return the two letters with which new codes begin here."""
    home = rules.directory.commune or rules.directory.province
    return home.letters if home else prefix_of(commune(rules))


def prefixes(rules: Rules) -> tuple[str, ...]:
    """Return what a code may begin with: the letters here, then those of all communes the desk serves."""
    desk = rules.directory.whole
    return tuple(dict.fromkeys((prefix(rules), *(desk.prefixes if desk.is_wide else ()))))


def number(phone: str) -> str:
    """Write a telephone number (+84…) as people read it out: “0912 345 678”."""
    parsed = phonenumbers.parse(phone, "VN")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def sentence(text: str) -> str:
    """Begin a sentence with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def said_later(rules: Rules, case: Case, text: str) -> str:
    """Write a citizen's later words for officials, in one line.

    Like the card they are without what could name the citizen until somebody has taken the case; where
    there is danger all is read.
    """
    whole = case.officer_id is not None or case.urgency in rules.ringing
    return in_one_line(shortened(text if whole or not text else without_sender(text)))


def shortened(text: str, most: int = MOST_OF_STORY) -> str:
    """Cut a long text at a word."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
