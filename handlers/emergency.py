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

UNCLEAR = doubts.FLOW
"""The conversation that asks whether somebody is in danger (see `handlers.citizen.unclear`)."""


async def answer(turn: Turn, said: Text | Files) -> Message | None:
    """Answer a message that speaks of danger; None when it does not. An open draft gives way to it."""
    heard = turn.work.rules.understanding.read(typed(said))
    if not heard.emergency:
        return None
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
    case = await running(turn)
    if case is None:
        place = heard.place.label if heard.place else turn.session.commune
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
    return case if case is not None and turn.work.now - case.opened_at <= lasts else None


async def _alarm(turn: Turn) -> Case | None:
    """Return the latest alarm of this chat, however long ago, while it is open."""
    if not turn.talk.emergency:
        return None
    case = await stored.by_code(turn.work, turn.talk.emergency)
    if case is None or case.state not in OPEN_STATES:
        turn.talk.emergency = ""
        return None
    return case


# --- what is told after the alarm ----------------------------------------------------------------


async def more(turn: Turn, case: Case, heard: Understood, files: list[str]) -> Message:
    """Hand what is told after the alarm to whoever has it, at once, and ask for what is still missing."""
    await _add(turn, case, heard, files)
    added = "emergency.added_close" if case.confidential else "emergency.added"
    words = turn.say(added, code=case.code, numbers=ringing.numbers(turn.work, case))
    key, wish = _missing(turn, case, heard)
    if _may_be_over(turn, case, heard.text):
        button = Choice(turn.say("emergency.over"), f"all_clear:{case.code}:{case.version}")
        return Message(f"{words}\n{turn.say('emergency.over_asked')}", (button,))
    return Message(f"{words}\n{turn.say(key)}", wants=wish) if wish else Message(words)


def _may_be_over(turn: Turn, case: Case, text: str) -> bool:
    """Say whether words may mean that one's own alarm is over: it rings on, and a button ends it."""
    return _may_call_off(turn, case) and bool(turn.work.rules.understanding.calms(text))


def _may_call_off(turn: Turn, case: Case) -> bool:
    """Say whether whoever writes raised it; what happens at home or to oneself nobody's words call off."""
    return case.chat_key == turn.chat.own and not case.confidential and case.urgency == URGENT


async def calmed(turn: Turn, text: str) -> Message | None:
    """Call off one's own alarm where the words say that it is over or was none, and nothing else."""
    if turn.work.rules.understanding.calms(text) != "sure":
        return None
    case = await _alarm(turn)
    if case is None or not _may_call_off(turn, case):
        return None
    return await _call_off(turn, case, text)


async def _call_off(turn: Turn, case: Case, text: str) -> Message:
    turn.about, turn.talk.emergency = case, ""
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
    if "suicide" in heard.dangers:
        key, wish = "emergency.self_more", ""
    lines = [
        turn.say("emergency.self" if "suicide" in heard.dangers else "emergency.call"),
        turn.say("emergency.line", numbers=calls(turn, heard.emergency), duty=duty(turn)),
        turn.say(
            "emergency.case", told=await ringing.standing(turn.work, case, turn.chat.language), code=case.code
        ),
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


def numbers(turn: Turn, text: str) -> str:
    """Return the numbers to call where the words may speak of danger that nobody else hears of."""
    heard = turn.work.rules.understanding.read(text)
    found = heard.emergency or (heard.doubt if heard.dangers != HUNCH else ())
    return turn.say("sealed.danger", numbers=calls(turn, found)) if found else ""


def calls(turn: Turn, numbers: tuple[str, ...]) -> str:
    """Write the numbers to call now, with who answers them."""
    return " · ".join(turn.say(f"emergency.numbers.{number}") for number in numbers)


def duty(turn: Turn) -> str:
    """Write who of the commune can be called day and night, if there is a number."""
    unit = turn.work.rules.directory.hotline(turn.work.today)
    return turn.say("emergency.duty", unit=unit.name, phone=unit.phone) if unit else ""
