"""Somebody comes by a link or a printed code that says where they are: `x<area>-<spot>`."""

from handlers.citizen.report import REPORT
from handlers.engine.conversation import Next, Reply, Turn
from handlers.engine.runner import hear
from services.intake import communes
from services.saying import wording


async def begin(turn: Turn, text: str) -> Reply | None:
    """Begin a report at that place; what is being told already goes on. None for no area of ours."""
    place = _place(turn, text)
    if place is None:
        return None
    if turn.talk.flow != REPORT.name:
        hello = "arrive.hello" if place else "arrive.nowhere"
        before = turn.say(hello, commune=wording.commune(turn.work.rules), place=place)
        return Next(REPORT, {"place": place} if place else {}, before=before)
    if place and "heard" not in turn.talk.seed and "story" not in turn.talk.answers:
        turn.talk.seed = {**turn.talk.seed, "place": place}
    return await hear(turn, None)


def _place(turn: Turn, text: str) -> str | None:
    """Return the place in words, empty where it is asked for all the same; None where no area is ours.

    From then on the chat's matters are of the commune the place is in.
    """
    code, _, word = text.removeprefix("x").partition("-")
    directory, spot = turn.work.desk.directory, turn.work.rules.spots.get(word)
    areas = {area.code.casefold(): area for area in directory.areas}
    area = areas.get(spot.area.casefold() if spot is not None else "") or areas.get(code)
    if area is None:
        return None
    if here := directory.old_commune(area.code):
        communes.settle(turn.work, turn.chat, here)
    if spot is not None:
        return f"{spot.name}, {area.name}"
    return area.name if area.code in directory.hamlet_codes else ""
