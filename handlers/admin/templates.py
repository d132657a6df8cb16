"""Templates of answers: what an officer fills in. One is added, changed or taken away at a time."""

from typing import Any

from domain import overlays
from handlers.admin.asking import one_of, require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, words_at_least
from services.office import rulebook

_WHAT = ("add", "edit", "remove")
_TEXT = words_at_least(15, 600)


def templates(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Ask which template, and for its words."""
    what = yield Ask("what", options=_WHAT)
    if what == "add":
        name = yield Ask("name", words_at_least(3, 60))
        topics = {code: topic.name for code, topic in session.rules.taxonomy.topics.items()}
        topic = yield from one_of("topic", {"all": session.say("admin.all_topics"), **topics})
        text = yield Ask("text", _TEXT)
        return {"do": "add_template", "name": name, "topic": "" if topic == "all" else topic, "text": text}
    code = yield from one_of("which", {code: row["name"] for code, row in seed["templates"].items()})
    if what == "remove":
        return {"do": "remove_template", "code": code}
    text = yield Ask("new_text", _TEXT, facts={"text": seed["templates"][code]["text"]})
    return {"do": "edit_template", "code": code, "text": text}


TEMPLATES = Conversation("admin_templates", templates, preview, leads_on=True)


async def begin(turn: Turn) -> Reply:
    """Begin with the templates there are."""
    require_admin(turn)
    name = overlays.named("templates", rulebook.place(turn.work, turn.chat.person_id))
    rows = (await rulebook.current(turn.work, name))["templates"]
    return Next(
        TEMPLATES, {"templates": {row["code"]: {"name": row["name"], "text": row["text"]} for row in rows}}
    )


CONVERSATIONS = (TEMPLATES,)
