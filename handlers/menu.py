"""What can be done without a case at hand: greet, list, explain, stop, find a human."""

from domain.messages import Choice, Message
from handlers import human, verbs
from handlers.citizen.report import REPORT
from handlers.conversation import Next, Option, Reply, Turn
from handlers.runner import hear, say
from services import wording
from services.who import is_official
from storage import cases as stored
from storage import people

CITIZEN = ("report", "follow", "human", "rules")
OFFICIAL = ("mine", "late", "report")


def show(turn: Turn, text: str = "") -> Message:
    """Show what this person can start."""
    official = is_official(turn.work, turn.chat)
    options = OFFICIAL if official else CITIZEN
    choices = tuple(Choice(turn.say(f"menu.options.{option}"), f"menu:{option}") for option in options)
    return Message(text or turn.say("menu.official" if official else "menu.citizen"), choices)


def hello(turn: Turn) -> Message:
    """Greet: who listens here, how to talk to it, what becomes of what is said."""
    return show(turn, turn.say("hello.text", commune=wording.commune(turn.work.rules)))


def thanks(turn: Turn) -> Message:
    """Answer somebody who only says thanks."""
    return Message(turn.say("hello.thanks"))


def nothing_to_cancel(turn: Turn) -> Message:
    """Say that nothing is being written."""
    return Message(turn.say("common.nothing_to_cancel"))


async def choose(turn: Turn, option: str, text: str = "") -> Message:
    """Do what was chosen from a menu or typed as a keyword."""
    return await say(turn, await _OPTIONS[option](turn, text))


async def _report(turn: Turn, text: str) -> Reply:  # noqa: ARG001 - every option is called alike
    if turn.talk.flow == REPORT.name:
        return await hear(turn, None)
    return Next(REPORT, {})


async def _follow(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    mine = await stored.of_chat(turn.work, turn.chat.key)
    if not mine:
        return Message(turn.say("follow.none"))
    if len(mine) == 1:
        return await verbs.tap(turn, f"show:{mine[0].code}:{mine[0].version}")
    choices = (Choice(f"{case.code} · {case.summary}", f"show:{case.code}:{case.version}") for case in mine)
    return Message(turn.say("follow.list"), tuple(choices))


async def _human(turn: Turn, text: str) -> Message:
    if is_official(turn.work, turn.chat):
        return Message(turn.say("help.official"))
    return await human.take_over(turn, text)


async def _rules(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return show(turn, turn.say("rules.text", commune=wording.commune(turn.work.rules)))


async def _help(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return Message(turn.say("help.official" if is_official(turn.work, turn.chat) else "help.citizen"))


async def _menu(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return show(turn)


async def _no_code(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return verbs.unknown_code(turn)


async def _hello(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return hello(turn)


async def _stop(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    turn.chat.muted = True
    return Message(turn.say("stop.official" if is_official(turn.work, turn.chat) else "stop.text"))


async def _resume(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    turn.chat.muted = False
    return Message(turn.say("stop.resumed"))


async def _mine(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return await verbs.work_list(turn, late=False)


async def _late(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
    return await verbs.work_list(turn, late=True)


async def _invite(turn: Turn, text: str) -> Message:
    if not await people.accept_invite(turn.work, turn.chat, text):
        return Message(turn.say("invite.used"))
    turn.talk.leave()
    held = turn.work.rules.directory.held_by(turn.chat.person_id, turn.work.today)
    units = ", ".join(dict.fromkeys(turn.work.rules.directory.unit(h.unit_id).name for h in held))
    name = await people.name_of(turn.work, turn.chat.person_id)
    return Message(turn.say("invite.welcome", name=name, unit=units))


def _speak(language: str) -> Option:
    async def speak(turn: Turn, text: str) -> Message:  # noqa: ARG001 - as above
        turn.chat.language = language
        return hello(turn)

    return speak


_OPTIONS: dict[str, Option] = {
    "report": _report,
    "follow": _follow,
    "human": _human,
    "rules": _rules,
    "help": _help,
    "no_code": _no_code,
    "menu": _menu,
    "hello": _hello,
    "stop": _stop,
    "resume": _resume,
    "mine": _mine,
    "late": _late,
    "invite": _invite,
    "english": _speak("en"),
    "vietnamese": _speak("vi"),
}
