"""Danger first of all: the numbers to call, a case at once, whoever is on duty woken. Day and night."""

from dataclasses import replace

from domain.cases import OPEN_STATES, Act, NotNow
from domain.messages import Choice, Files, Message, Text, Wish
from domain.numbers import phone as phone_in
from domain.understand import Understood, aftermath
from domain.understand.dangers import HUNCH
from handlers.citizen import across, contact, midway
from handlers.citizen.which_alarm import apart as apart
from handlers.citizen.which_alarm import earlier, is_same, latest, of_accused, own_words, with_earlier
from handlers.citizen.which_alarm import is_fresh as is_fresh
from handlers.citizen.which_alarm import is_of as is_of
from handlers.citizen.which_alarm import is_own as is_own
from handlers.citizen.which_alarm import is_shut as is_shut
from handlers.citizen.which_alarm import pressing as pressing
from handlers.citizen.which_alarm import running as running
from handlers.citizen.which_alarm import runs as runs
from handlers.engine.conversation import Turn, Verb
from handlers.engine.flow import typed
from services.acts.act import act, authorise, part
from services.acts.adding import Supplement
from services.acts.calming import AllClear
from services.acts.witnessing import Locate, Witness
from services.intake import accused_before, chats, doubts, drafts, duplicates, new_cases, whereabouts
from services.intake.new_cases import Draft
from services.saying import ringing
from services.standing import exclusion
from services.standing.parties import URGENT, Actor
from services.standing.refusals import NobodyLeft
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people

_KEPT = 1000
"""Letters of what a chat told with somebody else's alarm that are kept for one of its own."""
UNCLEAR = doubts.FLOW
"""The conversation that asks whether somebody is in danger (see `handlers.citizen.unclear`)."""


async def answer(turn: Turn, said: Text | Files) -> Message | None:
    """Answer a message that speaks of danger; None when it does not. An open draft gives way to it."""
    heard = turn.work.rules.understanding.read(typed(said))
    if (calmed := await _calmed(turn, heard.text)) is not None:
        return calmed
    if not heard.emergency:
        heard = midway.told_together(turn, heard)
    if not heard.emergency:
        over = await earlier(turn)
        if over is None or not turn.work.rules.understanding.is_back(heard.text):
            return None
        heard = replace(heard, emergency=ringing.numbers_of(turn.work, over))
    files = [file.id for file in said.files] if isinstance(said, Files) else []
    return await raise_alarm(turn, _with_doubt(turn, heard), files)


def in_their_language(turn: Turn, text: str) -> None:
    """Go on in English with whoever writes of danger in it: nobody asks for a language first."""
    if turn.work.rules.understanding.is_english(text):
        chats.speak(turn.chat, "en")


def _with_doubt(turn: Turn, heard: Understood) -> Understood:
    """Put what is told now behind what was told when it was asked whether somebody is in danger."""
    if turn.talk.flow != UNCLEAR:
        return heard
    earlier = Understood.from_json(turn.talk.seed["heard"])
    both = turn.work.rules.understanding.read(f"{earlier.text}\n{heard.text}")
    return replace(both, emergency=heard.emergency, dangers=heard.dangers, urgency=heard.urgency, story=True)


async def raise_alarm(turn: Turn, heard: Understood, files: list[str]) -> Message:
    """Let everybody hear who must: as a new case, or with the alarm that is running already."""
    in_their_language(turn, heard.text)
    fresh = await running(turn) is None
    if heard.place is None and fresh:
        heard = replace(heard, place=midway.place(turn))
    heard, others = await across.placed(turn, heard)
    if fresh and (point := midway.point(turn)):
        heard, beside = across.pointed(turn, heard, point)
        others = (*others, *beside)
    try:
        case = await _alarmed(turn, heard, _give_way(turn) + files)
    except NobodyLeft:  # whoever could be woken is spoken of
        return _to_nobody(turn, heard)
    await across.ring_too(turn, heard, case, others)
    return await _message(turn, heard, case)


def _to_nobody(turn: Turn, heard: Understood) -> Message:
    called = turn.say("walls.danger", numbers=calls(turn, heard.emergency))
    return Message(f"{called}\n{turn.say('walls.nobody_left')}", alarm=True)


async def _alarmed(turn: Turn, heard: Understood, files: list[str]) -> Case:
    known = await latest(turn)
    if known is None or not (is_same(turn, heard, known) or across.corrects(turn, heard, known)):
        return await _raised(turn, _draft(turn, heard, files))
    on = await running(turn) is not None
    of_it = not (apart(turn, heard, known) or await of_accused(turn, heard, known))
    if on and of_it:  # who took it long ago hears it too, and may be home again
        fresh = is_fresh(turn, known)
        await _add(turn, known, heard, files if fresh else [])
        if fresh:
            return known
    if of_it:
        return await _raised(turn, _going_on(turn, heard, known, files, blames=False))
    return await _opened_beside(turn, heard, known, files)


async def _opened_beside(turn: Turn, heard: Understood, case: Case, files: list[str]) -> Case:
    """Open an alarm for who did it; their own that runs leaves the hands of whom it speaks of."""
    raised = await _opened(turn, _going_on(turn, heard, case, files, blames=True))
    if is_own(turn, case) and runs(case):
        await part(turn.work, case, raised)
    return raised


def _going_on(turn: Turn, heard: Understood, over: Case, files: list[str], *, blames: bool) -> Draft:
    """Return an alarm that goes on with an earlier one: with what this chat told of it, and its place.

    Where it tells a wrong, whoever is named may have done it.
    """
    draft = _draft(turn, with_earlier(turn, heard, over), files, over)
    if not blames:
        return draft
    kept = new_cases.closeness_of(turn.work.rules.part(draft.area), draft, turn.work.today)
    return draft if kept.accuses else replace(draft, feared=True)


async def _raised(turn: Turn, draft: Draft) -> Case:
    """Open an alarm, or add to the one that somebody else has raised of the same danger."""
    if await accused_before.they(turn.work, turn.chat, draft.heard):
        return await _opened(turn, draft)  # of those nobody else's alarm is kept
    with turn.work.within(draft.area or turn.work.area):
        case = await duplicates.same_alarm(turn.work, draft, Actor.of(turn.chat))
    if case is None or is_own(turn, case):
        return await _opened(turn, draft)
    turn.talk.emergency, turn.talk.saw = case.code, ""
    await _add(turn, case, draft.heard, list(draft.files))
    return case


async def _opened(turn: Turn, draft: Draft) -> Case:
    case = await new_cases.open_case(turn.work, turn.chat, draft)
    turn.talk.last_case = turn.talk.emergency = case.code
    turn.talk.saw = ""
    await _keep_number(turn, case, draft.heard.text)
    return case


def _draft(turn: Turn, heard: Understood, files: list[str], over: Case | None = None) -> Draft:
    """Return an alarm at the place told now, or at an earlier one's; of the commune it is in."""
    now, place = heard.place, _place(turn, heard, over)
    area = now.area if now is not None else ""
    if over is not None and place == over.place and not area:
        area = over.area
    return Draft(heard, place, heard.topic, tuple(files), area=area)


def _place(turn: Turn, heard: Understood, over: Case | None = None) -> str:
    """Return where it is: as told now, or as it was told of an earlier alarm where that says it closer."""
    commune = turn.session.commune
    now = heard.place
    if over is not None and not (now and now.hamlet):
        own = turn.work.rules.understanding.read(own_words(turn, over)).place
        told = own.label if own and is_shut(turn, over) else commune if is_shut(turn, over) else over.place
        if told != commune:
            return told
    return now.label if now else commune


async def anew(turn: Turn, heard: Understood, case: Case, files: list[str]) -> Message:
    """Raise an alarm for what is told of one that was shut to this chat."""
    return await raise_alarm(turn, replace(heard, emergency=ringing.numbers_of(turn.work, case)), files)


async def elsewhere(turn: Turn, heard: Understood, case: Case, files: list[str]) -> Message:
    """Raise an alarm of their own for what a witness says is in another place than the one they saw."""
    called = replace(heard, emergency=ringing.numbers_of(turn.work, case))
    return await raise_alarm(turn, with_earlier(turn, called, case), files)


async def beside(turn: Turn, heard: Understood, case: Case, files: list[str]) -> Message:
    """Raise an alarm of its own for who did it, with the danger and place of the one that runs, kept close.

    The one that runs goes on: where it is their own without those of whom it speaks, else as it is.
    """
    in_their_language(turn, heard.text)
    heard = replace(heard, emergency=ringing.numbers_of(turn.work, case))
    try:
        return await _message(turn, heard, await _opened_beside(turn, heard, case, files))
    except NobodyLeft:
        return _to_nobody(turn, heard)


def _give_way(turn: Turn) -> list[str]:
    """Let a draft wait with what belongs to it; return the files nothing was told of yet."""
    talk = turn.talk
    if talk.flow != UNCLEAR and drafts.words({"seed": talk.seed, "answers": talk.answers}):
        talk.wait()
        return []
    files, talk.files = talk.files, []
    talk.end()
    return files


# --- what is told after the alarm ----------------------------------------------------------------


async def more(turn: Turn, case: Case, heard: Understood, files: list[str]) -> Message:
    """Hand what is told after the alarm to whoever has it, at once, and ask for what is still missing."""
    went = await _add(turn, case, heard, files)
    if not went and _may_be_over(turn, case, heard.text):
        told = await ringing.standing(turn.work, case, turn.chat.language)
        return _ask_over(turn, case, before=f"{told}\n")
    words = await _added(turn, case) + await across.also(turn, case)
    if aftermath.uncalled(heard.text):
        return Message(f"{words}\n{turn.say('contact.done.uncalled')}")
    key, wish = _missing(turn, case, heard)
    return Message(f"{words}\n{turn.say(key)}", wants=wish) if wish else Message(words)


async def thanked(turn: Turn, case: Case) -> Message:
    """Answer thanks while an alarm runs: nobody on the way is to read them as news."""
    turn.about = case
    told = await ringing.standing(turn.work, case, turn.chat.language)
    if _may_call_off(turn, case):
        return _ask_over(turn, case, before=f"{told}\n")
    return Message(turn.say("emergency.goes_on", code=case.code, numbers=ringing.numbers(turn.work, case)))


async def denied(turn: Turn, case: Case, text: str) -> Message:
    """Put with an alarm that is over what only says so again: nobody is asked once more."""
    turn.about = case
    if case.state not in OPEN_STATES:
        return Message(turn.say("emergency.denied", code=case.code))
    await act(turn.work, case, Supplement(text), Actor.of(turn.chat))
    return Message(turn.say("emergency.denied", code=case.code))


async def _added(turn: Turn, case: Case) -> str:
    """Say who reads what was added: while nobody has taken it how many were told, and the numbers to call."""
    called = ringing.numbers(turn.work, case)
    waits = ringing.ladder_of(turn.work, case) is not None
    if waits and not await ringing.told_of(turn.work, case):
        return turn.say("ringing.none", code=case.code, numbers=called)
    if waits and not case.going:  # whoever said that they go there is on the way
        told = await ringing.standing(turn.work, case, turn.chat.language)
        waiting = "emergency.waits_close" if case.confidential else "emergency.added_waits"
        return turn.say(waiting, told=told, numbers=called, code=case.code)
    added = "emergency.added_close" if case.confidential else "emergency.added"
    return turn.say(added, code=case.code, numbers=called)


async def asked_to_end(turn: Turn) -> Message | None:
    """Ask by a button whether one's own alarm is over, or say that it goes on; None where none is running."""
    case = await running(turn)
    if case is None:
        return None
    turn.about = case
    if _may_call_off(turn, case):
        return _ask_over(turn, case)
    return Message(turn.say("emergency.goes_on", code=case.code, numbers=ringing.numbers(turn.work, case)))


def _ask_over(turn: Turn, case: Case, before: str = "") -> Message:
    button = Choice(turn.say("emergency.over"), f"all_clear:{case.code}:{case.version}")
    return Message(f"{before}{turn.say('emergency.over_asked')}", (button,))


def _may_be_over(turn: Turn, case: Case, text: str) -> bool:
    """Say whether words may mean that one's own alarm is over: it rings on, and a button ends it."""
    calms = bool(turn.work.rules.understanding.calms(text))
    return _may_call_off(turn, case) and (calms or aftermath.eases(text) or aftermath.denies(text))


def _may_call_off(turn: Turn, case: Case) -> bool:
    """Say whether whoever writes raised it, and nobody else told of it.

    What happens at home or to oneself nobody's words call off.
    """
    own = is_own(turn, case) and not case.followers  # others who see it may still be in it
    return own and not case.confidential and case.urgency == URGENT


async def _calmed(turn: Turn, text: str) -> Message | None:
    """Call off one's own alarm where the words say that it is over or was none, and nothing else."""
    is_answer = turn.talk.flow or stored.asked_of(turn.work, turn.chat.own)
    sure = turn.work.rules.understanding.calms(text) == "sure" or aftermath.takes_back(text)
    if is_answer or not sure:  # “nhầm rồi” may answer a question
        return None
    case = await pressing(turn)
    if case is None or not _may_call_off(turn, case) or across.leaves(turn, text, case):
        return None
    return await _call_off(turn, case, text)


async def _call_off(turn: Turn, case: Case, text: str) -> Message:
    turn.about = case
    for one in (case, *await across.twins(turn, case)):
        if one is case or _may_call_off(turn, one):
            await act(turn.work, one, AllClear(text), Actor.of(turn.chat))
    return Message(turn.say("emergency.calmed", code=case.code))


async def _all_clear(turn: Turn, case: Case, _version: int | None, _argument: str) -> Message:
    """Call off one's own alarm by the button that asks whether it is over."""
    authorise(turn.work, case, Act.ALL_CLEAR, Actor.of(turn.chat), None)
    if not _may_call_off(turn, case):
        raise NotNow(Act.ALL_CLEAR)
    return await _call_off(turn, case, turn.say("emergency.over"))


VERBS: dict[str, Verb] = {"all_clear": _all_clear}


async def _add(turn: Turn, case: Case, heard: Understood, files: list[str]) -> bool:
    """Put words and files with an alarm: its own sender's, or those of one more who sees it.

    Returns whether it went to another commune by them.
    """
    turn.about, by = case, Actor.of(turn.chat)
    if not is_own(turn, case):
        phone = phone_in(heard.text) or people.number_of(turn.work, turn.chat) or ""
        turn.talk.saw = f"{turn.talk.saw}\n{heard.text}".strip()[-_KEPT:]
        await act(turn.work, case, Witness(heard.text, files, phone), by)
        return False
    went = await across.follow(turn, case, heard)
    await _keep_number(turn, case, heard.text)
    there = None if went else across.better(turn, case, heard)
    if there is not None:
        area = new_cases.told_area(turn.work.rules_of(case), there)
        await act(turn.work, case, Locate(there.label, area), by)
    await act(turn.work, case, Supplement(heard.text, files), by)
    for twin in await across.twins(turn, case):
        await _keep_number(turn, twin, heard.text)
        await act(turn.work, twin, Supplement(heard.text), by)
    return went


async def _keep_number(turn: Turn, case: Case, text: str) -> None:
    """Keep the number that stands in the words, for whoever must call back."""
    if await contact.refused(turn, text, case):
        return
    number = phone_in(text)
    if number is not None and case.contact != number:
        await contact.keep(turn, number, "emergency.missing.phone", case)


# --- the words -----------------------------------------------------------------------------------


async def _message(turn: Turn, heard: Understood, case: Case) -> Message:
    """Compose the lines: the numbers first, then who was told, then what is still missing."""
    key, wish = _missing(turn, case, heard)
    told = "emergency.case_close" if case.confidential else "emergency.case"
    if "suicide" in heard.dangers:
        key, wish, told = "emergency.self_more", "", "emergency.case"
    elif aftermath.uncalled(heard.text):
        key, wish = "contact.done.uncalled", ""
    lines = [
        turn.say("emergency.self" if "suicide" in heard.dangers else "emergency.call"),
        " · ".join(filter(None, (calls(turn, heard.emergency), duty(turn, case)))),
        turn.say(told, told=await ringing.standing(turn.work, case, turn.chat.language), code=case.code)
        + await across.also(turn, case),
        turn.say(key),
    ]
    return Message("\n".join(lines), wants=wish, alarm=True)


def _missing(turn: Turn, case: Case, heard: Understood) -> tuple[str, Wish]:
    """Return the key of the words that ask for what is not known yet, and what a phone can share of it."""
    own = is_own(turn, case)
    told = heard.phone or people.number_of(turn.work, turn.chat) or phone_in(turn.talk.saw)
    phone = told is not None or (own and case.contact is not None)
    if new_cases.is_of_none(turn.work.rules_of(case)):
        return "emergency.missing.commune", "location"
    if whereabouts.is_vague(turn.work, case):
        return ("emergency.missing.place" if phone else "emergency.missing.both"), "location"
    return ("emergency.missing.nothing", "") if phone else ("emergency.missing.phone", "contact")


def numbers(turn: Turn, text: str, words: str = "emergency.beside") -> str:
    """Return the numbers to call where the words may speak of danger that nobody else hears of."""
    heard = turn.work.rules.understanding.read(text)
    found = heard.emergency or (heard.doubt if heard.dangers != HUNCH else ())
    return turn.say(words, numbers=calls(turn, found)) if found else ""


def calls(turn: Turn, numbers: tuple[str, ...]) -> str:
    """Write the numbers to call now, with who answers them."""
    return " · ".join(turn.say(f"emergency.numbers.{number}") for number in numbers)


def duty(turn: Turn, case: Case | None) -> str:
    """Write who of the commune can be called day and night about a case: nobody it speaks of."""
    unit = exclusion.hotline(turn.work, case)
    return turn.say("emergency.duty", unit=unit.name, phone=unit.phone) if unit else ""
