"""What was changed, in words that name officials: sealed, of databases of before too."""

from sqlalchemy import select

from storage.ground.tables import DirectoryChange, Rule
from storage.ground.work import Work

BATCH = 500


async def seal_some(work: Work, most: int = BATCH) -> int:
    """Seal some notes that an older version wrote in clear, and empty them there. Returns how many."""
    rules = await work.session.scalars(select(Rule).where(Rule.clear_note != "").limit(most))
    clear = DirectoryChange.clear_note != ""
    changes = await work.session.scalars(select(DirectoryChange).where(clear).limit(most))
    found: list[Rule | DirectoryChange] = [*rules, *changes]
    for row in found:
        row.note, row.clear_note = row.clear_note, ""
    return len(found)
