"""Who is on duty on which days: seen for two weeks, set for some."""

from typing import Any

from domain.messages import Message, Said
from domain.understand.days import DaysOver, read_days
from domain.understand.fold import fold
from handlers.admin.asking import SHOWN, Labels, days_accept, require_admin
from handlers.admin.previews import preview
from handlers.engine.conversation import Conversation, Next, Reply, Seed, Session, Turn
from handlers.engine.flow import Accept, Ask, Flow, NotUnderstood, is_free, words_at_least, words_of
from services.office import roster


def duty(seed: Seed, session: Session) -> Flow[dict[str, Any]]:
    """Show the roster, ask for days and for who is on duty then: one, or several names with commas."""
    first, last = yield Ask("days", days_accept(session), facts={"table": seed["table"]})
    few = dict(list(seed["people"].items())[:SHOWN])
    who = yield Ask("who", _names(seed["people"]), tuple(few), few, named=True)
    people = words_of(who, {}) if is_free(who) else [who]
    return {"do": "duty", "people": people, "from": first, "to": last}


def _names(choices: Labels) -> Accept:
    read = words_at_least(2, 200)

    def accept(said: Said) -> list[str]:
        return codes_of(choices, read(said))

    return accept


def codes_of(choices: Labels, text: str) -> list[str]:
    """Return the codes of the people named. Raises NotUnderstood for nobody's name, or more than one's."""
    found = []
    for name in filter(None, map(str.strip, text.split(","))):
        codes = [code for code, label in choices.items() if fold(name) in fold(label.partition(" · ")[0])]
        if len(codes) != 1:
            raise NotUnderstood("admin.which_name" if codes else "admin.nothing_found")
        found.append(codes[0])
    return list(dict.fromkeys(found))


DUTY = Conversation("admin_duty", duty, preview, leads_on=True)


async def begin(turn: Turn, text: str = "") -> Reply:
    """Begin with the roster, or preview at once what was typed: “25/11-30/11 Lan, Quý”."""
    require_admin(turn)
    people = await roster.people(turn.work, turn.chat.language)
    days, _, names = text.strip().partition(" ")
    if names:
        return await _typed(turn, people, days, names)
    table = "\n".join(await roster.duty(turn.work, turn.chat.language))
    return Next(DUTY, {"people": people, "table": table})


async def _typed(turn: Turn, people: Labels, days: str, names: str) -> Reply:
    try:
        found = read_days(days, turn.work.today)
        codes = codes_of(people, names)
    except DaysOver as refusal:
        return Message(turn.say(f"admin.{refusal.key}"))
    except NotUnderstood as refusal:
        return Message(turn.say(refusal.args[0]))
    if found is None:
        return Message(turn.say("admin.no_day"))
    order = {"do": "duty", "people": codes, "from": found[0].isoformat(), "to": found[1].isoformat()}
    return await preview(turn, order)


CONVERSATIONS = (DUTY,)
