"""A second person decides on what an admin may not do alone: a head, or another admin."""

from dataclasses import replace
from uuid import UUID

from domain.messages import Message
from handlers.admin.previews import refused
from handlers.engine.conversation import Option, Turn
from handlers.engine.flow import asked_for
from services.office import requests
from services.standing.refusals import KeyRequestChanged


async def _grant(turn: Turn, text: str) -> Message:
    row_id = asked_for(text)
    try:
        return Message(await refused(turn, _granted(turn, row_id)))
    except KeyRequestChanged:
        anew = await requests.shown(
            turn.work, await requests.open_one(turn.work, turn.chat, row_id), turn.chat
        )
        return replace(anew, text=f"{turn.say('second.changed')}\n{anew.text}")


async def _granted(turn: Turn, row_id: UUID) -> str:
    """Note the yes in the same words, whether it was enough or not: what comes of it is told by itself."""
    row = await requests.grant(turn.work, turn.chat, row_id)
    return turn.say("second.noted", note=row.note)


async def _refuse(turn: Turn, text: str) -> Message:
    row = await requests.refuse(turn.work, turn.chat, asked_for(text))
    return Message(turn.say("second.not_done", note=row.note))


async def _waiting(turn: Turn, _text: str) -> Message:
    """Show the oldest request this person may decide on."""
    found = await requests.waiting(turn.work, turn.chat)
    if not found:
        return Message(turn.say("second.none_waiting"))
    return await requests.shown(turn.work, found[0], turn.chat)


OPTIONS: dict[str, Option] = {
    "grant_key": _grant,
    "refuse_key": _refuse,
    "waiting_keys": _waiting,
}
