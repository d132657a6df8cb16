"""What a phone shares instead of words: a point, a number, and files of which some did not come."""

from dataclasses import replace

from domain import numbers
from domain.messages import Contact, Files, Location, Message, Said, Text, Unsupported
from domain.understand import Understood
from handlers.citizen import across, belonging, cases, contact, emergency, ground, map_points
from handlers.citizen.cases import REPLY, WHICH
from handlers.citizen.report import REPORT
from handlers.engine.conversation import Next, Reply, Turn
from handlers.engine.runner import asked_for, hear
from services.intake import whereabouts
from services.intake.whereabouts import Spot
from services.office import linking
from services.saying import wording
from services.standing.parties import is_official
from storage.cases import cases as stored
from storage.cases.cases import Case

# --- files ---------------------------------------------------------------------------------------


def parted(turn: Turn, said: Said) -> tuple[Said, str]:
    """Return what of a bubble of files can be heard, and the words that say what could not be kept."""
    if not isinstance(said, Files) or (said.files and not said.refused):
        return said, ""
    why = list(dict.fromkeys(said.refused)) or ["upload.lost"]
    if not said.files and not said.caption.strip():
        return Unsupported(why[0]), ""
    remark = " ".join(turn.say(f"unsupported.{key}") for key in why)
    if not said.files:
        return Text(said.caption), remark
    return replace(said, refused=()), turn.say("sharing.some", count=len(said.refused), why=remark)


def together(reply: Message | None, remark: str) -> Message | None:
    """Say the remark in the same message; whatever it asks stays last, and danger first."""
    if not remark or reply is None:
        return Message(remark) if remark else reply
    lines = (remark, reply.text) if reply.choices else (reply.text, remark)
    return replace(reply, text="\n".join(lines))


# --- a point on the map --------------------------------------------------------------------------


async def located(turn: Turn, said: Location) -> Reply:
    """Take a point as the place that is asked for, or keep it with what it is about; else begin with it."""
    place = ground.label(turn.work.desk, said, turn.chat.language)
    if turn.talk.flow:
        return await _in_talk(turn, place)
    if waiting := stored.asked_of(turn.work, turn.chat.own):
        return await _answered(turn, waiting, place)
    if (kept := await _to_what_runs(turn, said, place)) is not None:
        return kept
    if is_official(turn.work, turn.chat):
        return Message(turn.say("sharing.story_first"))
    return Next(REPORT, {"place": place}, before=turn.say("sharing.located"))


async def _answered(turn: Turn, waiting: list[Case], place: str) -> Reply:
    """Take the place as the answer to an officer; where it may be no answer, ask which case it is for."""
    heard = turn.work.rules.understanding.read(place)
    if close := await belonging.doubted(turn, waiting, heard):
        return await belonging.ask(turn, [*waiting, *close], heard, [])
    if len(waiting) == 1:
        return await cases.reply(turn, waiting[0], place, ())
    labels = {case.code: f"{case.code} · {case.summary}" for case in waiting}
    return Next(WHICH, {"cases": labels, "text": place, "files": []})


async def _to_what_runs(turn: Turn, said: Location, place: str) -> Message | None:
    """Put the place with a running alarm, or with the case that was just spoken of."""
    alarm = await emergency.running(turn)
    if alarm is not None:
        return await _to_alarm(turn, alarm, said, place)
    case = await belonging.just_spoken_of(turn)
    return await cases.add(turn, case, place, ()) if case is not None else None


async def _to_alarm(turn: Turn, alarm: Case, said: Location, place: str) -> Message:
    """Put a point with an alarm at once; where it lies in another commune it rings there, as by words.

    What nobody said the place of is there. What words put here rings in both; so does a point between two.
    """
    rules, language = turn.work.desk, turn.chat.language
    there, spot = ground.closest(rules, said)
    heard = turn.work.rules.understanding.read(place)
    if rules.directory.is_wide and len(homes := ground.communes_at(rules, said)) > 1:
        await _between(turn, alarm, heard, homes)
    if not rules.directory.is_wide or there in {"", whereabouts.commune_of(turn.work, alarm)}:
        return await emergency.more(turn, alarm, heard, [])
    at = map_points.label(replace(said, address=""), language, ground.name(rules, spot))
    heard = turn.work.rules.understanding.read(at)
    if not emergency.is_own(turn, alarm):
        return await emergency.elsewhere(turn, heard, alarm, [])
    await across.to_point(turn, heard, alarm, there, Spot(at, spot))
    reply = await emergency.more(turn, alarm, heard, [])
    told = turn.say("sharing.alarm_there", place=ground.name(rules, spot))
    return replace(reply, text=f"{told}\n{reply.text}")


async def _between(turn: Turn, alarm: Case, heard: Understood, homes: tuple[str, ...]) -> None:
    """Let one's own alarm ring in each commune in which a point may lie: in haste nobody is asked which."""
    if not emergency.is_own(turn, alarm):
        return
    here = whereabouts.commune_of(turn.work, alarm)
    first, *others = sorted(homes, key=lambda code: code != here)
    if first != here:
        home = turn.work.desk.directory.area(first)
        await across.to_point(turn, heard, alarm, first, Spot(map_points.at(home.name, heard.text), first))
    await across.ring_too(turn, heard, alarm, tuple(others))


async def _in_talk(turn: Turn, place: str) -> Message:
    """Hear it as words where the open conversation takes any; a report that has no story yet is there."""
    talk, conversation = turn.talk, turn.conversation
    if talk.flow == REPORT.name and "heard" not in talk.seed and "story" not in talk.answers:
        talk.seed = {**talk.seed, "place": place}
        return await hear(turn, None, before=turn.say("sharing.located"))
    if conversation.files or conversation in {REPLY, WHICH}:
        return await hear(turn, Text(place))
    return await hear(turn, None, before=turn.say("sharing.not_here"))


# --- a number ------------------------------------------------------------------------------------


async def called(turn: Turn, said: Contact) -> Reply:
    """Take a number as the one that is asked for; else keep the sender's own, and ask about another's."""
    number = numbers.phone_alone(said.phone)
    if said.own and number is not None:
        await linking.verified(turn.work, turn.chat, number)
    if asked_for(turn) == "contact":
        return await hear(turn, Text(said.phone))
    if number is None:
        return await _remark(turn, "contact.wrong")
    if said.own:
        await contact.keep(turn, number, "sharing.own", await emergency.running(turn))
        return await _remark(turn, "sharing.own", phone=wording.number(number))
    if turn.talk.flow and not turn.conversation.waits:
        return await _remark(turn, "sharing.number_later")
    return Next(contact.NUMBER, {"number": number})


async def _remark(turn: Turn, key: str, **facts: object) -> Message:
    """Say it, and put the open question again."""
    words = turn.say(key, **facts)
    return await hear(turn, None, before=words) if turn.talk.flow else Message(words)
