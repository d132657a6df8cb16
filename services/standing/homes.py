"""Where a chat is at home in a desk of many communes, and so by whose hours it sleeps."""

from datetime import datetime
from uuid import UUID

from domain.directory import Directory
from domain.rules import Rules
from services.standing import crossing, parties
from storage.ground.work import Work
from storage.people.people import Chat


def area_of(work: Work, chat: Chat) -> str | None:
    """Return the area in which what is said in a chat is handled; None for the whole desk.

    An official's is the commune they serve in, a group's that of its unit, a citizen's what is known of the
    chat, or of the account it came by. Until it is known only the province is seen.
    """
    directory = work.desk.directory
    if not directory.is_wide:
        return None
    if chat.group and chat.unit_id is not None:
        return _commune(directory, directory.unit(chat.unit_id).area)
    if parties.is_official(work, chat):
        return _served_by(work, chat)
    told_by = (chat.commune, work.accounts.get(chat.account))
    known = next((code for code in told_by if is_ours(work, code)), None)
    return _commune(directory, known or "") or (directory.province.code if directory.province else None)


def old_of(work: Work, chat: Chat) -> str:
    """Return the commune of which a chat was known before it was merged with others; empty where it was not.

    A page of one that took in another says it of who came by it before that day alone.
    """
    directory = work.desk.directory
    told_by = (chat.commune, work.accounts.get(chat.account))
    known = next((code for code in told_by if is_ours(work, code)), None)
    here = directory.commune_of(known or "")
    last = directory.merged_on(here.code) if here is not None else None
    if known is None or here is None or last is None or parties.is_official(work, chat):
        return ""
    began = work.desk.calendar.local(chat.created_at).date()
    return known if known != here.code or began <= last else ""


def rules_of(work: Work, chat: Chat) -> Rules:
    """Return the rules where a chat is at home; an official's of several communes are the whole desk's."""
    return work.desk.part(area_of(work, chat) or "")


def called(work: Work, unit_id: UUID, chat: Chat) -> str:
    """Return the name of a unit as a chat reads it: with its place, unless that alone is where they are.

    Units of many communes share names: whoever is of another, or of several, would not know which is meant.
    """
    directory = work.desk.directory
    unit = directory.unit(unit_id)
    at_home = not directory.is_wide or _seats(work, chat) == {directory.seat(unit_id)}
    return unit.name if at_home else crossing.with_place(work, unit)


def _seats(work: Work, chat: Chat) -> set[str | None]:
    if not chat.group and parties.is_official(work, chat):
        return set(work.desk.directory.seats_of(chat.person_id, work.today))
    return {area_of(work, chat)}


def quiet_until(work: Work, chat: Chat) -> datetime | None:
    """Return until when a chat sleeps that need not be woken; None where it is awake."""
    return rules_of(work, chat).calendar.quiet_until(work.now)


def is_ours(work: Work, code: str | None) -> bool:
    """Say whether a code is that of a commune which is served today, or was merged into one."""
    directory = work.desk.directory
    here = directory.commune_of(code) if code is not None else None
    return here is not None and directory.old_commune(code or "") == code and directory.serves(here)


def _served_by(work: Work, chat: Chat) -> str | None:
    """Return the one commune in which an official serves; None where it is more than one.

    Whoever stands in does so where they serve themselves: that adds none.
    """
    directory = work.desk.directory
    areas = {directory.unit(held.unit_id).area for held in directory.held_by(chat.person_id, work.today)}
    communes = {_commune(directory, area) for area in areas}
    return communes.pop() if len(communes) == 1 else None


def _commune(directory: Directory, area: str) -> str | None:
    here = directory.commune_of(area)
    return here.code if here is not None else None
