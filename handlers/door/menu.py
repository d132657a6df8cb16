"""What can be done without a case at hand: greet, list, explain, stop, find a human."""

from dataclasses import replace

from domain.messages import Choice, Message
from handlers.admin import office
from handlers.citizen import (
    by_link,
    commune_first,
    contact,
    emergency,
    following,
    handover,
    legal_aid,
    linking,
    own_commune,
    privacy,
    procedures,
    sealed,
    visit,
)
from handlers.citizen.report import REPORT
from handlers.door import lines, verbs
from handlers.engine import by_role
from handlers.engine.conversation import Next, Option, Reply, Turn
from handlers.engine.flow import Stale
from handlers.engine.runner import hear, say
from handlers.officer import away, chats, counter, digest, identity, rescue
from handlers.supervisor import approvals, broadcasts, histories, hotspots, lists
from services.intake.chats import mute, speak
from services.office import joining, newcomers
from services.office import linking as ties
from services.saying import wording
from services.standing.parties import is_official, roles_of
from storage.cases import cases as stored
from storage.cases.cases import Case
from storage.people import people

_OWN_MATTERS = frozenset({"report", "follow", "sealed"})
"""What an official starts as a citizen, and is called so."""
_LADDER = ("report", "follow", "human", "procedure")


def show(turn: Turn, text: str = "", number: int = 1) -> Message:
    """Show what this person can start, in all their roles; what is too much for nine digits is a page on."""
    roles = roles_of(turn.work, turn.chat)
    known = tuple(option for option in by_role.entries(roles) if option in _OPTIONS)
    options, more = by_role.page(known, number)
    choices = [Choice(_label(turn, option, own=bool(roles)), f"menu:{option}") for option in options]
    if more:
        choices.append(Choice(turn.say("menu.more"), f"menu:menu:{number + 1}"))
    shown = text or turn.say("menu.official" if roles else "menu.citizen")
    return Message(shown, tuple(choices), commands=_commands(turn))


def _commands(turn: Turn) -> tuple[tuple[str, str], ...]:
    """Return what a phone lists for somebody who has, or had, a role; everybody else has the usual list."""
    if turn.chat.person_id is None:
        return ()
    return by_role.shortcuts(roles_of(turn.work, turn.chat), turn.chat.language)


def ladder(turn: Turn) -> Message:
    """Show the few things most people want, to somebody who was not understood twice."""
    choices = tuple(Choice(_label(turn, option, own=False), f"menu:{option}") for option in _LADDER)
    return Message(turn.say("menu.citizen"), choices)


def _label(turn: Turn, option: str, *, own: bool) -> str:
    return turn.say(f"menu.own.{option}" if own and option in _OWN_MATTERS else f"menu.options.{option}")


def may(turn: Turn, option: str) -> bool:
    """Say whether this person's roles let them start it."""
    return by_role.may(roles_of(turn.work, turn.chat), option)


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
    """Do what was chosen from a menu, perhaps with a word behind it, or typed as a keyword.

    Raises Stale for a button no version of this program knows. What is not for this person is not refused in
    so many words: they see what they can start.
    """
    option, _, argument = option.partition(":")
    if option not in _OPTIONS:
        raise Stale(option)
    if not may(turn, option):
        return show(turn)
    hidden = bool(turn.talk.seed.get("sealed"))
    words = text or argument
    alarm = await emergency.pressing(turn) if option == "human" else None
    first = commune_first.first(turn, option, words) if alarm is None else None
    message = await say(turn, first or await _OPTIONS[option](turn, words))
    if hidden and not turn.talk.seed.get("sealed"):  # nobody goes on in the open without knowing it
        return replace(message, text=f"{turn.say('sealed.no_more')}\n{message.text}")
    return message


async def _report(turn: Turn, _text: str) -> Reply:
    if turn.talk.flow == REPORT.name:
        return await hear(turn, None)
    return Next(REPORT, {})


async def _sealed(turn: Turn, _text: str) -> Reply:
    """Say what sealing means, then let the story be told; a report that is open goes on as a sealed one."""
    if turn.talk.flow != REPORT.name:
        return Next(REPORT, {"sealed": True}, before=sealed.warning(turn))
    turn.talk.seed = {**turn.talk.seed, "sealed": True}
    return await hear(turn, None, before=sealed.warning(turn))


async def _follow(turn: Turn, _text: str) -> Message:
    mine = await stored.of_chat(turn.work, turn.chat.own)
    followed = [
        case
        for case in await stored.followed_by(turn.work, turn.chat.own)
        if await verbs.is_followed(turn, case)
    ]
    if not mine and not followed:
        return Message(turn.say("follow.none"))
    if len(mine) + len(followed) == 1:
        (case,) = (*mine, *followed)
        return await verbs.tap(turn, f"show:{case.code}:{case.version}")
    many = len({wording.commune(turn.work.rules_of(case)) for case in (*mine, *followed)}) > 1
    choices = [
        Choice(
            f"{case.code} · {_commune(turn, case, many)}{case.summary}", f"show:{case.code}:{case.version}"
        )
        for case in mine
    ]
    choices += [following.line(turn, case, _commune(turn, case, many)) for case in followed]
    return Message(turn.say("follow.list"), tuple(choices))


def _commune(turn: Turn, case: Case, many: bool) -> str:  # noqa: FBT001 - of one list
    """Return the name of a case's commune for a list in which there are many."""
    return f"{wording.commune(turn.work.rules_of(case))} · " if many else ""


async def _human(turn: Turn, text: str) -> Message:
    if is_official(turn.work, turn.chat):
        return await _help(turn, "")
    alarm = await emergency.pressing(turn)
    if alarm is not None:  # whoever is on the way is who they want to speak to
        wish = turn.work.rules.understanding.read(text or turn.say("menu.options.human"))
        return await emergency.more(turn, alarm, wish, [])
    return await handover.take_over(turn, text)


async def not_yours(turn: Turn, option: str) -> Message | None:
    """Tell an official whose it is what they typed; to everybody else those are just words."""
    if turn.talk.flow or not is_official(turn.work, turn.chat):
        return None
    whose = by_role.whose(option)
    return Message(turn.say(f"refused.only.{whose}")) if whose else await _help(turn, "")


async def _help(turn: Turn, text: str) -> Message:
    """Explain what this person's roles let them do, a page at a time."""
    pages = by_role.help_pages(roles_of(turn.work, turn.chat))
    number = min(_page_number(text), len(pages))
    more = (Choice(turn.say("help.next"), f"menu:help:{number + 1}"),) if number < len(pages) else ()
    return Message(turn.say(f"help.{pages[number - 1]}"), more)


async def _menu(turn: Turn, text: str) -> Message:
    return show(turn, number=_page_number(text))


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) == 1 else 1


async def _no_code(turn: Turn, _text: str) -> Message:
    return verbs.unknown_code(turn)


async def _hello(turn: Turn, _text: str) -> Message:
    return hello(turn)


async def _arrive(turn: Turn, text: str) -> Reply:
    return await by_link.begin(turn, text) or hello(turn)


async def _stop(turn: Turn, _text: str) -> Message:
    mute(turn.chat, muted=True)
    return Message(turn.say("stop.official" if is_official(turn.work, turn.chat) else "stop.text"))


async def _resume(turn: Turn, _text: str) -> Message:
    mute(turn.chat, muted=False)
    return Message(turn.say("stop.resumed"))


async def _invite(turn: Turn, text: str) -> Message:
    joined = await joining.join(turn.work, turn.chat, text)
    if joined is None:
        return Message(turn.say("invite.used"))
    turn.talk.leave()
    await ties.became_official(turn.work, turn.chat)
    held = turn.work.desk.directory.held_by(turn.chat.person_id, turn.work.today)
    units = ", ".join(dict.fromkeys(turn.work.desk.directory.unit(h.unit_id).name for h in held))
    name = await people.name_of(turn.work, turn.chat.person_id)
    waits, lines = await newcomers.waiting(turn.work, turn.chat)
    welcome = turn.say("invite.welcome", name=name, unit=units)
    ended = turn.say("invite.ended", count=joined.ended) if joined.ended else ""
    return Message("\n".join(filter(None, (welcome, ended, waits))), lines, commands=_commands(turn))


async def _language(turn: Turn, _text: str) -> Message:
    names = (Choice(turn.say(f"language.options.{name}"), f"menu:{name}") for name in _LANGUAGES)
    return Message(turn.say("language.text"), tuple(names))


_LANGUAGES = ("vietnamese", "english")


def _speak(language: str) -> Option:
    async def chosen(turn: Turn, _text: str) -> Message:
        speak(turn.chat, language)
        return show(turn) if is_official(turn.work, turn.chat) else hello(turn)

    return chosen


_OPTIONS: dict[str, Option] = {
    "report": _report,
    "follow": _follow,
    "sealed": _sealed,
    **sealed.OPTIONS,
    **visit.OPTIONS,
    **identity.OPTIONS,
    **rescue.OPTIONS,
    "human": _human,
    "help": _help,
    "no_code": _no_code,
    "menu": _menu,
    "hello": _hello,
    "stop": _stop,
    "resume": _resume,
    **lists.OPTIONS,
    **lines.OPTIONS,
    **office.OPTIONS,
    **approvals.OPTIONS,
    "invite": _invite,
    "language": _language,
    "english": _speak("en"),
    "vietnamese": _speak("vi"),
    **counter.OPTIONS,
    **contact.OPTIONS,
    **linking.OPTIONS,
    "arrive": _arrive,
    **legal_aid.OPTIONS,
    **own_commune.OPTIONS,
    **privacy.OPTIONS,
    **procedures.OPTIONS,
    **away.OPTIONS,
    **chats.OPTIONS,
    **digest.OPTIONS,
    **broadcasts.OPTIONS,
    **histories.OPTIONS,
    **hotspots.OPTIONS,
}
