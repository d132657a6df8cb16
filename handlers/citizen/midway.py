"""Danger told in the middle of a report: what it tells together with the story, and where that is."""

from dataclasses import replace

from domain.understand import Understood
from domain.understand.dangers import HUNCH
from domain.understand.place import Place
from handlers.citizen import map_points
from handlers.engine.conversation import Turn
from handlers.engine.flow import number
from services.intake import doubts, drafts
from services.standing.parties import URGENT


def told_together(turn: Turn, heard: Understood) -> Understood:
    """Return an answer in an open draft as an alarm where it tells of danger only together with the story.

    “Cống thôn 3 tắc” is none, and “có thằng nhỏ lọt xuống” says of no water; the two together are one.
    """
    story = story_of(turn)
    if not story or turn.talk.flow == doubts.FLOW or number(heard.text) is not None:
        return heard
    ear = turn.work.rules.understanding
    if _is_known(ear.read(story)):  # what was asked about, or called, then is not new
        return heard
    *joined, backwards = together(story, heard.text)
    found = (ear.read(both) for both in joined)
    both = next((one for one in found if one.emergency or _tells_more(heard, one)), None)
    if both is None:
        return heard
    whole = ear.read(backwards)
    told = replace(whole, dangers=both.dangers, close=both.close, seen=both.seen, urgency=URGENT)
    return replace(told, emergency=both.emergency or both.doubt, doubt=(), story=True)


def together(story: str, added: str) -> tuple[str, str, str]:
    """Return what is read of a story and of what is added to it: in one breath, parted, and the other way."""
    begins = story.rstrip(" .!")
    return f"{begins}, {added}", f"{begins}\n{added}", f"{added}\n{story}"


def place(turn: Turn) -> Place | None:
    """Return where the open report is: a cry in its middle is there too, until another place is told."""
    told = turn.work.rules.understanding.read(story_of(turn)).place
    return chosen_place(turn) or told


def chosen_place(turn: Turn) -> Place | None:
    """Return the hamlet that was chosen by a button for the open report."""
    hamlets = {hamlet.code: hamlet.name for hamlet in turn.work.rules.directory.hamlets}
    chosen = [hamlets[one] for one in turn.talk.answers.values() if isinstance(one, str) and one in hamlets]
    read = turn.work.rules.understanding.read
    return next((at for one in reversed(chosen) if (at := read(one).place) is not None), None)


def point(turn: Turn) -> str:
    """Return the point that was shared a short while ago for what is open, as it is written; else nothing."""
    talk, before = turn.talk, turn.heard_before
    lately = before is not None and turn.work.now - before <= turn.work.rules.listening.again
    if not talk.flow or not lately or talk.seed.get("sealed"):
        return ""
    said = [one["said"] for one in talk.answers.values() if isinstance(one, dict) and "said" in one]
    shared = (talk.seed.get("point"), talk.seed.get("place"), *said)
    return next((one for one in reversed(shared) if isinstance(one, str) and map_points.within(one)), "")


def _tells_more(heard: Understood, both: Understood) -> bool:
    """Say whether words that may tell of danger tell of one more with the story: a fall, and of water."""
    return bool(heard.doubt) and _is_known(both) and not {*both.dangers} <= {*heard.dangers}


def _is_known(heard: Understood) -> bool:
    """Say whether a pattern hears danger, or what may be one."""
    return bool(heard.dangers) and heard.dangers != HUNCH


def own_words(turn: Turn) -> str:
    """Return all that the open draft tells so far, were it to be sent sealed or not."""
    talk = turn.talk
    return drafts.part_words({"seed": talk.seed, "answers": talk.answers}) if talk.flow else ""


def story_of(turn: Turn) -> str:
    """Return all that the open draft tells so far; nothing of what is to be sent sealed."""
    talk = turn.talk
    return drafts.all_words({"seed": talk.seed, "answers": talk.answers}) if talk.flow else ""
