"""Of which commune a chat's matters are, in a desk that serves several; in a desk of one nothing is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from domain.directory import Directory
from services.standing import parties
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
    known = next((code for code in told_by if _is_ours(work, code)), None)
    return known or (directory.province.code if directory.province else None)


@contextmanager
def handled(work: Work, chat: Chat, page: str = "") -> Iterator[None]:
    """Handle what is said in a chat where it belongs: from now on to the commune on whose `page` it was."""
    with work.within(area_of(work, chat)):
        if page:
            settle(work, chat, page)
        yield


def settle(work: Work, chat: Chat, code: str) -> None:
    """Remember of which commune a chat's matters are; what is handled now is of it too."""
    if not work.desk.directory.is_wide:
        return
    chat.commune = code
    if not parties.is_official(work, chat):
        work.area = code


def suppose(work: Work, chat: Chat, area: str) -> None:
    """Remember the commune a first matter was of, where nothing else is known of the chat."""
    here = work.desk.directory.commune_of(area) if work.desk.directory.is_wide else None
    if here is not None and not _is_ours(work, chat.commune) and chat.account not in work.accounts:
        settle(work, chat, here.code)


def _is_ours(work: Work, code: str | None) -> bool:
    here = work.desk.directory.commune_of(code) if code is not None else None
    return here is not None and here.code == code and here.valid_to is None


def _served_by(work: Work, chat: Chat) -> str | None:
    """Return the one commune in which an official serves, or stands in; None where it is more than one."""
    directory, day = work.desk.directory, work.today
    people = [chat.person_id, *directory.standing_in_for(chat.person_id, day)]
    areas = {directory.unit(held.unit_id).area for one in people for held in directory.held_by(one, day)}
    communes = {_commune(directory, area) for area in areas}
    return communes.pop() if len(communes) == 1 else None


def _commune(directory: Directory, area: str) -> str | None:
    here = directory.commune_of(area)
    return here.code if here is not None else None
