"""Somebody comes by a link or a printed code that says where they are: `x<area>-<spot>`."""

from handlers.citizen.report import REPORT
from handlers.engine.conversation import AT, Next, Reply, Turn, begun_here
from handlers.engine.runner import hear
from services.intake import communes
from services.saying import wording


async def begin(turn: Turn, text: str) -> Reply | None:
    """Begin a report at that place; what is being told already goes on. None for no area of ours."""
    before = turn.work.area or ""
    place = _place(turn, text)
    if place is None:
        return None
    commune, here = wording.commune(turn.work.rules), turn.work.area or ""
    hello = turn.say("arrive.hello" if place else "arrive.nowhere", commune=commune, place=place)
    if turn.talk.flow != REPORT.name:
        return Next(REPORT, {"place": place} if place else {}, before=hello)
    _goes_on(turn, place, before, here)
    return await hear(turn, None, before=hello if before != here else "")


def _goes_on(turn: Turn, place: str, before: str, here: str) -> None:
    """Let the open report be of where its sender is now; what was told in another commune is asked about."""
    seed = turn.talk.seed
    told = "heard" in seed or "story" in turn.talk.answers
    if not told:
        kept = {name: value for name, value in seed.items() if before == here or name != "place"}
        kept = begun_here(turn.work, kept) if AT in seed else kept
        turn.talk.seed = {**kept, **({"place": place} if place else {})}
    elif before != here and turn.work.desk.directory.commune_of(before) is None:
        turn.talk.seed = begun_here(turn.work, seed)
    elif before != here:
        links = [*seed.get("links", ()), {"from": before, "to": here, "place": place}]
        turn.talk.seed = {**seed, "links": links}


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
