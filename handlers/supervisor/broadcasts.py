"""A chief writes to everybody of a hamlet, another chief lets it go or gives it back."""

from typing import Any

from domain.cases import NotAllowed
from domain.messages import Message, Said
from domain.understand.fold import fold
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, NotUnderstood, asked_for, typed, words_at_least, words_of
from services.office import broadcasts
from services.office.broadcasts import Reach

_NINE = 9
_LETTERS = 10
_REASON = (5, 300)


def broadcast(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask which hamlet, or the whole commune, and what to say there."""
    names = _areas(session)
    offered = dict(list(names.items())[:_NINE])

    def accept(said: Said) -> str:
        found = [code for code, name in names.items() if fold(name) == fold(typed(said))]
        if not found:
            raise NotUnderstood("broadcast.no_area")
        return found[0]

    area = seed.get("area") or words_of((yield Ask("area", accept, tuple(offered), offered)), {})
    most = session.rules.broadcasting.letters
    text = yield Ask("text", words_at_least(_LETTERS, most), facts={"place": names[area], "most": most})
    return {"area": area, "text": text}


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
    place = turn.work.rules.directory.area(area).name
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


async def _begin(_turn: Turn, _text: str) -> Reply:
    return Next(BROADCAST, {})


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
