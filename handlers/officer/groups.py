"""A group that belongs to a unit: its chief says so in the group, and may take it back."""

import locales
from domain.messages import Message
from domain.understand.fold import fold
from domain.understand.shapes import Shapes
from handlers.engine.conversation import Talk
from services.standing.parties import IN_CHARGE
from storage.ground.work import Work
from storage.people.people import Chat

_SHAPES = Shapes("officials")


def asked(text: str) -> bool | None:
    """Say whether a group is to be tied to a unit (True) or no more (False); None where nothing is asked."""
    found = _SHAPES.pattern("group").fullmatch(fold(text).strip(" .!"))
    return None if found is None else not (found[1] or found[2])


def tie(work: Work, group: Chat, talk: Talk, speaker: Chat | None, *, on: bool) -> Message:
    """Tie the group to the unit of the chief who speaks, in whose language it is told, or untie it."""
    say = locales.words(group.language)
    directory, today = work.desk.directory, work.today
    held = directory.held_by(speaker.person_id, today) if speaker is not None else []
    chief_of = [holding.unit_id for holding in held if holding.role in IN_CHARGE]
    if speaker is None or not chief_of:
        return Message(say("group.not_chief"))
    if on:
        group.unit_id, group.language = chief_of[0], speaker.language
        talk.tied_by = str(speaker.person_id)
        return Message(locales.words(group.language)("group.tied", unit=directory.unit(chief_of[0]).name))
    if group.unit_id is None:
        return Message(say("group.not_tied"))
    if group.unit_id not in chief_of:
        return Message(say("group.not_chief"))
    talk.tied_by = ""
    unit, group.unit_id = directory.unit(group.unit_id).name, None
    return Message(say("group.untied", unit=unit))
