"""Free legal aid: who may have it (never decided here), and a case that refers somebody to the centre."""

from dataclasses import replace
from typing import Any

from domain.messages import Said
from handlers.citizen import procedures, questions, report
from handlers.engine.conversation import Conversation, Next, Option, Reply, Seed, Session, Turn
from handlers.engine.flow import Ask, Flow, NotUnderstood, typed, words_at_least
from services.acts.act import act
from services.acts.contacts import Contact
from services.intake import consents, new_cases
from services.intake.new_cases import Draft
from services.saying import wording
from services.standing.parties import Actor

KIND, FIELD = "tro_giup_phap_ly", "tgpl"
WHO = ("mine", "unsure", "quick")


def legal_aid(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Say who is helped, then ask name, number (the seed has one that is known) and the matter in a line."""
    who = yield Ask("who", options=WHO, facts=_groups(session))
    if who == "quick":
        return {"quick": True}
    kept = {"kept": session.say("contact.kept")}
    name, told = yield from questions.name_of(session, Ask("name", words_at_least(2), facts=kept, named=True))
    known: str = seed.get("phone", "")
    labels = {"same": wording.number(known)} if known else {}
    accept = questions.number_or_words(session, "contact.wrong")
    step = Ask("phone", accept, tuple(labels), labels, kept, wants="contact")
    said, more = yield from questions.number_of(session, step)
    phone = {"same": known, questions.NO_NUMBER: ""}.get(said, said)
    problem = "\n".join(filter(None, (told, more, (yield Ask("problem", _problem)))))
    yield Ask("review", options=("send",), facts={"name": name, "text": problem}, primary="send")
    return {"who": who, "name": name, "phone": phone, "problem": problem}


def _groups(session: Session) -> dict[str, object]:
    """Return the groups of the Legal Aid Act in words."""
    rights, say = session.rules.rights, session.say
    return {
        "groups": ", ".join(say(f"aided.{group}") for group in rights.aided),
        "in_need": ", ".join(say(f"aided.{group}") for group in rights.aided_in_need),
    }


def _problem(said: Said) -> str:
    text = typed(said)
    if len(text) < questions.SHORTEST:
        raise NotUnderstood("common.too_short")
    return wording.shortened(text, wording.MOST_OF_STORY)


async def refer(turn: Turn, result: dict[str, Any]) -> Reply:
    """Make the case; a quick question goes the way of procedures."""
    if result.get("quick"):
        return Next(procedures.QUESTION, {"field": procedures.LAW})
    field = turn.work.rules.taxonomy.fields[FIELD]
    heard = turn.work.rules.understanding.read(result["problem"])
    facts = {"name": result["name"], "text": heard.text, "who": turn.say(f"legal_aid.told.{result['who']}")}
    story = turn.say("legal_aid.story", **facts)
    heard = replace(heard, text=story, kind=KIND, field=FIELD, topic=field.topic, urgency=field.urgency)
    draft = Draft(heard, turn.session.commune, field.topic, files=tuple(turn.talk.files))
    case = await new_cases.open_case(turn.work, turn.chat, draft)
    turn.talk.last_case = case.code
    consents.give(turn.work, turn.chat, consents.LEGAL_AID, "legal_aid.review.text")
    await act(turn.work, case, Contact(result["phone"]), Actor.of(turn.chat))
    return report.receipt(turn, case)


LEGAL_AID = Conversation("legal_aid", legal_aid, refer, files=True)


async def _legal_aid(turn: Turn, _text: str) -> Next:
    return Next(LEGAL_AID, {"phone": turn.chat.contact or ""})


CONVERSATIONS = (LEGAL_AID,)
OPTIONS: dict[str, Option] = {"legal_aid": _legal_aid}
