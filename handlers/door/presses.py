"""What is typed instead of a press: which message digits answer, a label, a command, one press twice."""

from datetime import timedelta

from domain.messages import BACK, Text
from domain.understand import orders, wishes
from handlers.citizen.report import REPORT
from handlers.engine import by_role, commands
from handlers.engine.commands import Command
from handlers.engine.conversation import Turn
from handlers.engine.runner import picks
from handlers.officer import going, ordered, rescue, spoken
from handlers.officer.answer import ANSWER
from handlers.officer.counter import WHOSE
from handlers.officer.unasked import UNASKED
from handlers.supervisor import broadcasts
from services.saying import arrival
from services.standing.parties import is_official, roles_of
from storage.cases import cases as stored
from storage.ground.instant import to_ms
from storage.ground.work import wording_key

_TWICE = timedelta(seconds=5)
"""Within so long nobody has read what their press brought: the same digit again is the same press."""
_MARKS = range(1, 6)


def is_second(turn: Turn, place: int | None, action: str) -> bool:
    """Keep the digit that was typed; say whether it is the last one again, a moment later.

    Whatever came to the chat meanwhile is a message that may be answered, so nothing is the last one again.

    A page on is asked for as fast as one likes, and officials know their buttons by heart.
    """
    if place is None or is_official(turn.work, turn.chat):
        return False
    now, last = to_ms(turn.when), turn.talk.pressed
    turn.talk.pressed = [place, now]
    paging = action.startswith("menu:") and action.rpartition(":")[2].isdecimal()
    again = len(last) == 2 and last[0] == place and 0 <= now - last[1] <= _TWICE / timedelta(milliseconds=1)
    return again and not paging


def of_news(turn: Turn, place: int) -> str:
    """Return the mark that a digit is where an answer has come since this chat was last heard.

    What is held for the morning brings no digits of its own; those of an older message about the same case
    are not what is meant any more. Empty where the digit is no mark.
    """
    since, menu = turn.heard_before, turn.chat.menu
    if turn.talk.flow or place not in _MARKS or since is None:
        return ""
    for case in stored.answered_of(turn.work, turn.chat.own):
        came = case.told_at is not None and case.told_at > since and arrival.is_there(turn.work, case)
        if came and all(f":{case.code}:" in action for action in menu):
            return f"rate:{case.code}:{case.version}:{place}"
    return ""


def likes(turn: Turn, said: Text) -> bool:
    """Say whether a thumb or a heart is all that is sent, and answers no question of an officer."""
    return wishes.likes(said.text) and not stored.asked_of(turn.work, turn.chat.own)


async def command(turn: Turn, said: Text) -> Command | None:
    """Return the command a text is; none where it is talk of whoever it comes from, at this moment."""
    found = commands.read(wishes.without_signs(said.text)) or commands.bare_code(
        said.text, turn.session.prefixes
    )
    if found is None and turn.talk.flow in {"", REPORT.name} and wishes.drops(said.text):
        official = is_official(turn.work, turn.chat)
        return Command("drop") if not official or not turn.talk.flow else None
    if found is None or found.name in going.NAMES:
        found = await _of_going(turn, said, found)
    if found is None:
        return await _in_own_words(turn, said)
    if found.name in commands.OF_OFFICIALS and found.text and not is_official(turn.work, turn.chat):
        return None
    if found.name == "which" and turn.talk.flow:
        return None
    if found.name == "which" and is_official(turn.work, turn.chat):
        found = await ordered.bare(turn, found.text, said.text) or found
    found = await _agreed(turn, said, found)
    sought = found.name == "search"
    return None if sought and turn.work.rules.understanding.read(said.text).emergency else found


_LEFT = frozenset({UNASKED.name, WHOSE.name, ANSWER.name})
"""Conversations that are over where an official says that something else is wanted."""
_INWARD = frozenset({"extend", "reassign", "away"})
"""What is never told a citizen."""


async def _in_own_words(turn: Turn, said: Text) -> Command | None:
    """Return what an official asks for in words: it is never offered as the answer to a citizen.

    Where it was asked what earlier words were, that question is over: nobody is kept in it. Nor in an answer,
    by what no citizen is told: more time, another officer, days away.
    """
    if turn.talk.flow not in {"", *_LEFT} or not is_official(turn.work, turn.chat):
        return None
    if turn.talk.flow and picks(turn, said):
        return None
    roles = roles_of(turn.work, turn.chat)
    option = _labelled(turn, said) or spoken.option(said.text) or await broadcasts.meant(turn, said.text)
    if option is None or not by_role.may(roles, option.name):
        option = await ordered.meant(turn, said.text) or ordered.wanted(turn, said.text) or option
    if turn.talk.flow == ANSWER.name and (option is None or option.name not in _INWARD):
        return None
    if option is not None and not turn.talk.files:
        turn.talk.end()
    return option


def _labelled(turn: Turn, said: Text) -> Command | None:
    """Return the line of an official's menu whose words were typed, whether it was shown or not."""
    key = wording_key(said.text)
    options = by_role.entries(roles_of(turn.work, turn.chat))
    found = (one for one in options if key == wording_key(turn.say(f"menu.options.{one}")))
    return next(map(Command, found), None)


async def _agreed(turn: Turn, said: Text, found: Command) -> Command:
    """Return the decision where “đồng ý” is said to the one request that waits; else what was found."""
    if found.name != "yes" or turn.talk.flow or not is_official(turn.work, turn.chat):
        return found
    order = orders.verb(said.text, ())
    return (await ordered.decided(turn, order) if order is not None else None) or found


async def _of_going(turn: Turn, said: Text, found: Command | None) -> Command | None:
    """Return what an official says of going to a danger; where none calls them, only what asks about it."""
    if not is_official(turn.work, turn.chat):
        return None
    told = found or going.read(turn.work.rules, said.text)
    if told is None or (told is found and not turn.talk.flow):
        return told
    return told if await rescue.is_called(turn) or await rescue.may_take(turn) else None


async def ends_alarm(turn: Turn, said: Text) -> bool:
    """Say whether an official says of a danger they work on that it is over: that tells of no new one."""
    over = is_official(turn.work, turn.chat) and turn.work.rules.understanding.is_over(said.text)
    return over and await rescue.may_take(turn)


def by_words(turn: Turn, said: Text) -> str | None:
    """Return the action of the button whose words were typed, where no question is open that has them."""
    labels, actions, key = turn.talk.shown, turn.chat.menu, wording_key(said.text)
    if labels.count(key) != 1 or len(labels) != len(actions):
        return None
    action: str = actions[labels.index(key)]
    if action.startswith("menu:") and going.read(turn.work.rules, said.text) is not None:
        return None  # of several dangers it need not be the latest
    return None if action == BACK or action.startswith("pick:") else action
