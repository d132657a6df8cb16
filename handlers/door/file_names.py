"""What the name of a file tells: words as those under it, which whom they speak of must not read."""

from dataclasses import replace
from pathlib import PurePath

from domain.messages import FileRef, Files, Said
from handlers.engine.conversation import Turn
from handlers.officer.counter import COUNTER
from services.standing.parties import is_official
from storage.cases import attachments

_NAMELESS = "tep"


async def heard(turn: Turn, said: Said) -> Said:
    """Return files whose names speak of those who serve here without them; the words stand under the files.

    What officials send for themselves keeps its names; not what they enter for somebody at the counter.
    """
    own = is_official(turn.work, turn.chat) and turn.talk.flow != COUNTER.name
    if not isinstance(said, Files) or own:
        return said
    telling = {file.id: words for file in said.files if _tells(turn, words := _words(file.name))}
    if not telling:
        return said
    files = tuple(_nameless(file) if file.id in telling else file for file in said.files)
    names = {file.id: file.name for file in files if file.id in telling}
    await attachments.rename(turn.work, turn.chat.key, names)
    lines = dict.fromkeys(filter(None, (said.caption.strip(), *telling.values())))
    return replace(said, files=files, caption="\n".join(lines))


def _tells(turn: Turn, words: str) -> bool:
    """Say whether words name somebody or a unit, or tell a wrong of whoever it is."""
    if not words:
        return False
    said, wrong = (
        turn.work.rules.accused.read(words, turn.work.today),
        turn.work.rules.understanding.read(words),
    )
    return bool(said.people or said.units or said.beside or said.wrong or said.holder or wrong.accuses)


def _words(name: str) -> str:
    """Return the words of a name, however they are tied together: "anh_Tuan-doiTien.pdf"."""
    words = PurePath(name).stem.translate(dict.fromkeys(map(ord, "_-.()+"), " "))
    apart = "".join(
        f" {letter}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(f" {words}", words, strict=False)
    )
    return " ".join(apart.split())


def _nameless(file: FileRef) -> FileRef:
    return replace(file, name=f"{_NAMELESS}{PurePath(file.name).suffix}")
