"""Danger first of all: the numbers to call, a case at once, whoever is on duty woken. Day and night."""

from dataclasses import replace

from domain.cases import OPEN_STATES, Act, NotNow
from domain.messages import Choice, Files, Message, Text, Wish
from domain.numbers import phone as phone_in
from domain.understand import Understood
from domain.understand.dangers import HUNCH
from handlers.citizen import contact
from handlers.conversation import Turn, Verb
from handlers.flow import typed
from services import alike, doubts, drafts, intake, ringing
from services.cases import act, authorise
from services.intake import Draft
from services.refusals import NobodyLeft
from services.who import URGENT, Actor
from storage import cases as stored
from storage import people
from storage.cases import Case

_POLICE = "113"
UNCLEAR = doubts.FLOW
"""The conversation that asks whether somebody is in danger (see `handlers.citizen.unclear`)."""


async def answer(turn: Turn, said: Text | Files) -> Message | None:
    """Answer a message that speaks of danger; None when it does not. An open draft gives way to it."""
    heard = turn.work.rules.understanding.read(typed(said))
    if (calmed := await _calmed(turn, heard.text)) is not None:
        return calmed
    if not heard.emergency:
        over = await ceased(turn)
        if over is None or not turn.work.rules.understanding.is_back(heard.text):
            return None
        heard = replace(heard, emergency=ringing.numbers_of(turn.work, over))
    files = [file.id for file in said.files] if isinstance(said, Files) else []
    return await raise_alarm(turn, _with_doubt(turn, heard), files)


def in_their_language(turn: Turn, text: str) -> None:
    """Go on in English with whoever writes of danger in it: nobody asks for a language first."""
    if turn.work.rules.understanding.is_english(text):
        turn.chat.language = "en"


def _with_doubt(turn: Turn, heard: Understood) -> Understood:
    """Put what is told now behind what was told when it was asked whether somebody is in danger."""
    if turn.talk.flow != UNCLEAR:
        return heard
    earlier = Understood.from_json(turn.talk.seed["heard"])
    both = turn.work.rules.understanding.read(f"{earlier.text}\n{heard.text}")
    return replace(both, emergency=heard.emergency, dangers=heard.dangers, urgency=heard.urgency, story=True)


def _with_earlier(turn: Turn, heard: Understood, over: Case) -> Understood:
    """Put what is told now before an alarm of the same sender's that is over: who comes needs all of it."""
    both = turn.work.rules.understanding.read(f"{heard.text}\n{over.story}")
    return replace(both, emergency=heard.emergency, urgency=URGENT, story=True)


async def raise_alarm(turn: Turn, heard: Understood, files: list[str]) -> Message:
    """Let everybody hear who must: as a new case, or with the alarm that is running already."""
    in_their_language(turn, heard.text)
    try:
        case = await _alarmed(turn, heard, _give_way(turn) + files)
    except NobodyLeft:  # whoever could be woken is spoken of
        called = turn.say("walls.danger", numbers=calls(turn, heard.emergency))
        return Message(f"{called}\n{turn.say('walls.nobody_left')}", alarm=True)
    return await _message(turn, heard, case)


async def _alarmed(turn: Turn, heard: Understood, files: list[str]) -> Case:
    case = _of_it(turn, heard, await running(turn) or await _ringing(turn))
    if case is None:
        over = _of_it(turn, heard, await ceased(turn))
        if over is not None:
            heard = _with_earlier(turn, heard, over)
        place = heard.place.label if heard.place else over.place if over else turn.session.commune
        draft = Draft(heard, place, heard.topic, files=tuple(files))
        case = await alike.same_alarm(turn.work, draft)
        if case is None or case.chat_key == turn.chat.own:
            case = await intake.open_case(turn.work, turn.chat, draft)
            turn.talk.last_case = case.code
            await _keep_number(turn, case, heard.text)
        else:
            await _add(turn, case, heard, files)
        turn.talk.emergency = case.code
    else:
        await _add(turn, case, heard, files)
    return case


def _give_way(turn: Turn) -> list[str]:
    """Let a draft wait with what belongs to it; return the files nothing was told of yet."""
    talk = turn.talk
    if talk.flow != UNCLEAR and drafts.words({"seed": talk.seed, "answers": talk.answers}):
        talk.wait()
        return []
    files, talk.files = talk.files, []
    talk.end()
    return files


async def running(turn: Turn) -> Case | None:
    """Return the alarm this chat raised or saw a short while ago, while somebody is still on it."""
    case = await _alarm(turn)
    lasts = turn.work.rules.listening.alike_alarm
    is_on = case is not None and case.urgency == URGENT and turn.work.now - case.opened_at <= lasts
    return case if is_on else None


async def _ringing(turn: Turn) -> Case | None:
    """Return this chat's own alarm while nobody has taken it, however long it has rung."""
    case = await _alarm(turn)
    if case is None or case.chat_key != turn.chat.own:
        return None
    return case if ringing.ladder_of(turn.work, case) is not None else None


def _of_it(turn: Turn, heard: Understood, case: Case | None) -> Case | None:
    """Return the alarm to which a danger that is told of belongs; None where it is another one.

    It is another in another hamlet, where only the new one is nobody else's to know, where people do what
    was no people's doing, and where a wrong is told of those who may hear of the alarm.
    """
    if case is None or apart(turn, heard, case):
        return None
    there = intake.area_of(turn.work.rules, heard.place.label) if heard.place else ""
    if there != case.area and {there, case.area} <= turn.work.rules.directory.hamlet_codes:
        return None
    if heard.close and not case.confidential:
        return None
    before = turn.work.rules.understanding.read(case.story)
    if case.confidential and heard.seen and not (heard.close or before.seen):
        return None  # a fire does not wait for the few who know what happens at home
    numbers = ringing.numbers_of(turn.work, case)
    return None if _POLICE in heard.emergency and set(numbers).isdisjoint(heard.emergency) else case


def apart(turn: Turn, heard: Understood, case: Case) -> bool:
    """Say whether words must not stand with an alarm that many hear of, for they tell a wrong of officials.

    An alarm that anybody near sees goes on as it is; of any other the one who raised it tells who does it.
    """
    if case.confidential:
        return False
    own = case.chat_key == turn.chat.own
    if own and not turn.work.rules.understanding.read(case.story).seen:
        return False
    draft = Draft(heard, case.place, heard.topic)
    kept = intake.closeness_of(turn.work.rules, draft, turn.work.today)
    return kept.accuses


async def ceased(turn: Turn) -> Case | None:
    """Return this chat's own alarm of a short while ago that rings no more: called off, or taken long ago."""
    case, lasts = await _alarm(turn), turn.work.rules.listening.again
    if case is None or case.chat_key != turn.chat.own or turn.work.now - case.opened_at > lasts:
        return None
    return None if await _ringing(turn) or await running(turn) else case


async def _alarm(turn: Turn) -> Case | None:
    """Return the latest alarm of this chat, however long ago, while it is open."""
    if not turn.talk.emergency:
        return None
    case = await stored.by_code(turn.work, turn.talk.emergency)
    lost = case is not None and case.confidential and case.chat_key != turn.chat.own  # closed to witnesses
    if case is None or case.state not in OPEN_STATES or lost:
        turn.talk.emergency = ""
        return None
    return case


# --- what is told after the alarm ----------------------------------------------------------------


async def more(turn: Turn, case: Case, heard: Understood, files: list[str]) -> Message:
    """Hand what is told after the alarm to whoever has it, at once, and ask for what is still missing."""
    await _add(turn, case, heard, files)
    added = "emergency.added_close" if case.confidential else "emergency.added"
    told = case.officer_id is not None or await ringing.told_of(turn.work, case)
    words = turn.say(
        added if told else "ringing.none", code=case.code, numbers=ringing.numbers(turn.work, case)
    )
    key, wish = _missing(turn, case, heard)
    if _may_be_over(turn, case, heard.text):
        return _ask_over(turn, case, before=f"{words}\n")
    return Message(f"{words}\n{turn.say(key)}", wants=wish) if wish else Message(words)


async def asked_to_end(turn: Turn) -> Message | None:
    """Ask by a button whether one's own alarm is over, or say that it goes on; None where none is running."""
    case = await running(turn) or await _ringing(turn)
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
    return _may_call_off(turn, case) and bool(turn.work.rules.understanding.calms(text))


def _may_call_off(turn: Turn, case: Case) -> bool:
    """Say whether whoever writes raised it, and nobody else told of it.

    What happens at home or to oneself nobody's words call off.
    """
    own = case.chat_key == turn.chat.own and not case.followers  # others who see it may still be in it
    return own and not case.confidential and case.urgency == URGENT


async def _calmed(turn: Turn, text: str) -> Message | None:
    """Call off one's own alarm where the words say that it is over or was none, and nothing else."""
    is_answer = turn.talk.flow or stored.asked_of(turn.work, turn.chat.own)
    if is_answer or turn.work.rules.understanding.calms(text) != "sure":  # “nhầm rồi” may answer a question
        return None
    case = await running(turn) or await _ringing(turn)
    if case is None or not _may_call_off(turn, case):
        return None
    return await _call_off(turn, case, text)


async def _call_off(turn: Turn, case: Case, text: str) -> Message:
    turn.about = case
    await act(turn.work, case, Act.ALL_CLEAR, Actor.of(turn.chat), text=text)
    return Message(turn.say("emergency.calmed", code=case.code))


async def _all_clear(turn: Turn, case: Case, version: int | None, argument: str) -> Message:  # noqa: ARG001 - every verb is called alike
    """Call off one's own alarm by the button that asks whether it is over."""
    authorise(turn.work, case, Act.ALL_CLEAR, Actor.of(turn.chat), None)
    if not _may_call_off(turn, case):
        raise NotNow(Act.ALL_CLEAR)
    return await _call_off(turn, case, turn.say("emergency.over"))


VERBS: dict[str, Verb] = {"all_clear": _all_clear}


async def _add(turn: Turn, case: Case, heard: Understood, files: list[str]) -> None:
    """Put words and files with an alarm: its own sender's, or those of one more who sees it."""
    turn.about, by = case, Actor.of(turn.chat)
    if case.chat_key != turn.chat.own:
        phone = phone_in(heard.text) or people.number_of(turn.work, turn.chat) or ""
        await act(turn.work, case, Act.WITNESS, by, text=heard.text, files=files, phone=phone)
        return
    await _keep_number(turn, case, heard.text)
    if case.place == turn.session.commune and heard.place is not None and heard.place.hamlet:
        area = intake.area_of(turn.work.rules, heard.place.label)
        await act(turn.work, case, Act.LOCATE, by, place=heard.place.label, area=area)
    await act(turn.work, case, Act.SUPPLEMENT, by, text=heard.text, files=files)


async def _keep_number(turn: Turn, case: Case, text: str) -> None:
    """Keep the number that stands in the words, for whoever must call back."""
    number = phone_in(text)
    if number is not None and case.contact != number:
        await contact.keep(turn, number, "emergency.missing.phone")


# --- the words -----------------------------------------------------------------------------------


async def _message(turn: Turn, heard: Understood, case: Case) -> Message:
    """Compose the lines: the numbers first, then who was told, then what is still missing."""
    key, wish = _missing(turn, case, heard)
    told = "emergency.case_close" if case.confidential else "emergency.case"
    if "suicide" in heard.dangers:
        key, wish, told = "emergency.self_more", "", "emergency.case"
    lines = [
        turn.say("emergency.self" if "suicide" in heard.dangers else "emergency.call"),
        " · ".join(filter(None, (calls(turn, heard.emergency), duty(turn)))),
        turn.say(told, told=await ringing.standing(turn.work, case, turn.chat.language), code=case.code),
        turn.say(key),
    ]
    return Message("\n".join(lines), wants=wish, alarm=True)


def _missing(turn: Turn, case: Case, heard: Understood) -> tuple[str, Wish]:
    """Return the key of the words that ask for what is not known yet, and what a phone can share of it."""
    own = case.chat_key == turn.chat.own
    told = heard.phone or people.number_of(turn.work, turn.chat)
    phone = told is not None or (own and case.contact is not None)
    place = case.place != turn.session.commune
    if not place:
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


def duty(turn: Turn) -> str:
    """Write who of the commune can be called day and night, if there is a number."""
    unit = turn.work.rules.directory.hotline(turn.work.today)
    return turn.say("emergency.duty", unit=unit.name, phone=unit.phone) if unit else ""
