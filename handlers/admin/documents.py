"""The documents of the rulebook: their versions, and the way back to the one before."""

from typing import Any

import locales
from domain import overlays
from domain.messages import Message
from handlers.admin.asking import require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow
from services.office import rulebook
from storage.office import documents as stored

_SHOWN = 5
"""Versions of a document that are shown, the latest."""


def documents(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Show the versions of a document; where there is more than the packaged one, offer the one before."""
    labels = {name: session.say(f"admin.names.{overlays.parted(name)[0]}") for name in seed["versions"]}
    name = yield Ask("which", options=tuple(labels), labels=labels)
    lines: list[str] = seed["versions"][name]
    if not lines:
        return {"do": "none", "name": name}
    facts = {"name": labels[name], "versions": "\n".join(lines[-_SHOWN:])}
    yield Ask("versions", options=("back",), facts=facts)
    return {"do": "back", "name": name}


async def chosen(turn: Turn, order: dict[str, Any]) -> Reply:
    """Preview the way back, or say that there is none."""
    if order["do"] == "back":
        return await preview(turn, order)
    return Message(
        turn.say("admin.packaged", name=turn.say(f"admin.names.{overlays.parted(order['name'])[0]}"))
    )


VERSIONS = Conversation("admin_documents", documents, chosen, leads_on=True)


async def begin(turn: Turn) -> Reply:
    """Begin with the versions of every document."""
    require_admin(turn)
    work, found = turn.work, {}
    for name in rulebook.names(rulebook.place(work, turn.chat.person_id)):
        found[name] = [
            turn.say(
                "admin.version",
                number=version.number,
                day=locales.short_day(work.rules.calendar.local(version.at).date()),
                note=version.note,
            )
            for version in await stored.versions(work, name)
        ]
    return Next(VERSIONS, {"versions": found})


CONVERSATIONS = (VERSIONS,)
