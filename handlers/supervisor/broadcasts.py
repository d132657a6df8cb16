"""A chief writes to everybody of a hamlet, another chief lets it go or gives it back."""

from itertools import chain, repeat
from typing import Any

from domain.cases import NotAllowed
from domain.messages import Message, Said
from domain.understand import orders
from domain.understand.fold import Token, clean, tokens
from handlers.engine import by_role
from handlers.engine.commands import Command
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import (
    Accept,
    Ask,
    Flow,
    NotUnderstood,
    asked_for,
    is_free,
    typed,
    words_at_least,
    words_of,
)
from handlers.officer import rescue
from handlers.officer.unasked import in_hand
from services.office import broadcasts
from services.office.broadcasts import Reach
from services.standing.parties import roles_of

_NINE = 9
_A_NAME = 8
"""Words of the longest name of a hamlet with its commune; more are the message itself."""
_LETTERS = 10
_REASON = (5, 300)


def broadcast(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask which hamlet, or the whole commune, and what to say there."""
    names = _areas(session)
    names = {code: names[code] for code in seed.get("areas") or names}
    area = seed.get("area") or (next(iter(names)) if len(names) == 1 else (yield from _area(names, session)))
    most = session.rules.broadcasting.letters
    told = seed.get("text", "")
    if not _LETTERS <= len(told) <= most:
        told = yield Ask("text", words_at_least(_LETTERS, most), facts={"place": names[area], "most": most})
    return {"area": area, "text": told}


def _area(names: dict[str, str], session: Session) -> Flow[str]:
    """Ask where to; of a hamlet's name that several communes bear, in which of them."""
    for turn, step in enumerate(chain(["area"], repeat("which"))):
        offered = dict(list(names.items())[:_NINE])
        ask = Ask(step, _named(names, session), tuple(offered), offered, turn=max(turn, 1))
        answer = yield ask
        if not is_free(answer):
            return str(answer)
        names = {code: names[code] for code in words_of(answer, {})}
        if len(names) == 1:
            break
    return next(iter(names))


def _named(names: dict[str, str], session: Session) -> Accept:
    """Accept the name of an area, a hamlet's with its commune's or without: all of that name, as codes."""

    def accept(said: Said) -> list[str]:
        words = [word.fold for word in tokens(typed(said))]
        own = _own_names(names, session)
        within = [code for code, name in own.items() if words and _runs_in(words, name)]
        if not (found := _called(words, names, session) or within):
            raise NotUnderstood("broadcast.area_first" if len(words) > _A_NAME else "broadcast.no_area")
        return found

    return accept


def _own_names(names: dict[str, str], session: Session) -> dict[str, list[str]]:
    directory = session.rules.directory
    return {code: [word.fold for word in tokens(directory.area(code).name)] for code in names}


def _called(words: list[str], names: dict[str, str], session: Session) -> list[str]:
    """Return the areas which words name, and nothing else."""
    whole = {code: [word.fold for word in tokens(name)] for code, name in names.items()}
    exactly = [code for code, name in whole.items() if words == name]
    own = _own_names(names, session).items()
    return exactly or [code for code, name in own if _begins(words, name, whole[code])]


def addressed(session: Session, text: str) -> tuple[str, str] | None:
    """Return the areas that a message begins with, as codes in one line, and the message; None for none.

    No code is returned for “thôn” alone: which one is asked.
    """
    said = tokens(text)
    words, names = [word.fold for word in said], _areas(session)
    for count in range(min(len(words), _A_NAME), 0, -1):
        if found := _called(words[:count], names, session):
            return " ".join(found), _behind(text, said[count:])
    folded = " ".join(words)
    if (count := orders.to_whom("commune", folded)) and (home := session.rules.directory.commune):
        return home.code, _behind(text, said[count:])
    return ("", "") if orders.to_whom("nowhere", folded) == len(words) else None


def _behind(text: str, said: list[Token]) -> str:
    """Return a message without the words that lead to it: “biết là …”."""
    lead = orders.to_whom("between", " ".join(word.fold for word in said))
    return clean(text)[said[lead].start :] if said[lead:] else ""


def _begins(words: list[str], name: list[str], whole: list[str]) -> bool:
    """Say whether words are a hamlet's name, and what follows it is of its commune's."""
    rest = iter(whole[len(name) :])
    return words[: len(name)] == name and all(word in rest for word in words[len(name) :])


def _runs_in(words: list[str], name: list[str]) -> bool:
    return any(name[at : at + len(words)] == words for at in range(len(name)))


async def meant(turn: Turn, text: str) -> Command | None:
    """Return that a message to a hamlet is begun, with what words tell of it already; None for other words.

    What may as well be told to who sent a case is no message of who has one in hand; “nhan” is also how
    “nhận” is typed where something waits to be taken.
    """
    said = orders.broadcast(text)
    if said is None or turn.work.rules.understanding.read(text).emergency:
        return None
    if (said.mild or said.bare) and not by_role.may(roles_of(turn.work, turn.chat), "broadcast"):
        return None
    if (said.mild and await in_hand(turn)) or (said.bare and any(await rescue.to_take(turn))):
        return None
    place = addressed(turn.session, said.text)
    return None if place is None else Command("broadcast", text="\n".join(place))


def _areas(session: Session) -> dict[str, str]:
    """Return the names of the commune and of its hamlets that stand today, by their codes."""
    directory = session.rules.directory
    home = [directory.commune] if directory.commune else []
    if directory.is_wide:  # from the province: its communes first, then every hamlet by the commune too
        home = [*filter(None, [directory.province]), *directory.communes]
    areas = [a for a in (*home, *directory.hamlets) if a.valid_to is None or a.valid_to >= session.today]
    return {area.code: directory.full_name(area.code) for area in areas}


async def composed(turn: Turn, result: dict[str, Any]) -> Reply:
    """Show it as it will be read, with how many will read it and what the channels still carry."""
    area, text = result["area"], result["text"]
    if not broadcasts.may(turn.work, turn.chat, area):
        raise NotAllowed(broadcasts.KIND)
    reach = await broadcasts.reach(turn.work, area)
    place = turn.work.desk.directory.full_name(area)
    if not reach.count:
        return Message(turn.say("broadcast.nobody", place=place))
    beyond = turn.work.rules.broadcasting.beyond(reach.used, reach.wanted)
    if beyond:
        return Message(turn.say("broadcast.beyond", accounts=", ".join(beyond), quota=_quota(turn, reach)))
    sender = await broadcasts.author(turn.work, turn.chat.person_id)
    content = broadcasts.written(turn.work, area, text, sender, turn.chat.language)
    seed = {
        "area": area,
        "text": text,
        "content": content,
        "count": reach.count,
        "quota": _quota(turn, reach),
    }
    return Next(PREVIEW, seed)


def _quota(turn: Turn, reach: Reach) -> str:
    """Write how much of the month each limited account has used."""
    quotas = turn.work.rules.broadcasting.quotas
    lines = (
        turn.say("broadcast.quota", account=account, used=reach.used.get(account, 0), most=quotas[account])
        for account in sorted(reach.wanted)
        if account in quotas
    )
    return "".join(f"\n{line}" for line in lines)


def preview(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Let the author read it as it will be read."""
    facts = {"content": seed["content"], "count": seed["count"], "quota": seed["quota"]}
    choice = yield Ask("preview", options=("send", "edit"), facts=facts, primary="send")
    return {**seed, "send": choice == "send"}


async def proposed(turn: Turn, result: dict[str, Any]) -> Reply:
    """Hand it to a second person, or write it anew."""
    if not result["send"]:
        return Next(BROADCAST, {"area": result["area"]})
    await broadcasts.propose(turn.work, turn.chat, result["area"], result["text"])
    return Message(turn.say("broadcast.proposed"))


def give_back(seed: Seed, _session: Session) -> Flow[dict[str, Any]]:
    """Ask why it is given back; its author reads it."""
    return {**seed, "reason": (yield Ask("reason", words_at_least(*_REASON)))}


async def given_back(turn: Turn, result: dict[str, Any]) -> Message:
    """Give it back to its author."""
    await broadcasts.give_back(turn.work, turn.chat, asked_for(result["id"]), result["reason"])
    return Message(turn.say("broadcast.given_back"))


BROADCAST = Conversation("broadcast", broadcast, composed)
PREVIEW = Conversation("broadcast_sent", preview, proposed)
GIVE_BACK = Conversation("broadcast_back", give_back, given_back)


async def _begin(turn: Turn, text: str) -> Reply:
    """Begin with the codes of the areas that were named, in one line, and the message behind them."""
    if broadcasts.may(turn.work, turn.chat) and not broadcasts.has_a_second(turn.work, turn.chat):
        return Message(turn.say("broadcast.alone"))
    areas, _, told = text.partition("\n")
    return Next(BROADCAST, {"areas": areas.split()} | ({"text": told} if told else {}))


async def _send(turn: Turn, text: str) -> Message:
    await broadcasts.approve(turn.work, turn.chat, asked_for(text))
    return Message(turn.say("broadcast.approved"))


async def _return(turn: Turn, text: str) -> Reply:
    await broadcasts.open_one(turn.work, turn.chat, asked_for(text))
    return Next(GIVE_BACK, {"id": text})


async def _waiting(turn: Turn, _text: str) -> Message:
    """Show the oldest message that waits for this person to let it go."""
    found = await broadcasts.waiting_for(turn.work, turn.chat.person_id)
    if not found:
        return Message(turn.say("broadcast.none_waiting"))
    return await broadcasts.shown(turn.work, found[0], turn.chat.language)


CONVERSATIONS = (BROADCAST, PREVIEW, GIVE_BACK)
OPTIONS: dict[str, Option] = {
    "broadcast": _begin,
    "send_broadcast": _send,
    "return_broadcast": _return,
    "waiting_broadcast": _waiting,
}
