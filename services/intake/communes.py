"""Of which commune a chat's matters are, in a desk that serves several; in a desk of one nothing is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.standing import homes, parties
from storage.ground.work import Work
from storage.people.people import Chat


@contextmanager
def handled(work: Work, chat: Chat, page: str = "") -> Iterator[None]:
    """Handle what is said in a chat where it belongs: from now on to the commune on whose `page` it was."""
    with work.within(homes.area_of(work, chat)):
        work.old = homes.old_of(work, chat)
        try:
            if page:
                settle(work, chat, page)
            yield
        finally:
            work.old = ""


def settle(work: Work, chat: Chat, code: str) -> None:
    """Remember of which commune a chat's matters are; what is handled now is of it too.

    The page of a commune that was merged of several does not unsay of which of them somebody is.
    """
    directory = work.desk.directory
    here = directory.commune_of(code)
    if here is None or not (directory.is_wide or here.code in directory.merged):
        return
    if code != here.code or directory.commune_of(chat.commune or "") is not here:
        chat.commune = code
    work.old = homes.old_of(work, chat)
    if directory.is_wide and not parties.is_official(work, chat):
        work.area = here.code


def suppose(work: Work, chat: Chat, area: str) -> None:
    """Remember the commune a first matter was of, where nothing else is known of the chat."""
    here = work.desk.directory.commune_of(area) if work.desk.directory.is_wide else None
    if here is not None and not homes.is_ours(work, chat.commune) and chat.account not in work.accounts:
        settle(work, chat, here.code)
