"""The rulebook's documents: which version is in force, what a new one would change, and the way back."""

from collections.abc import Sequence
from importlib.resources import files

import yaml

from bot.commands.running import Refused
from domain import law, overlays
from domain.rules import DOCUMENTS
from services.acts.act import recompute_all
from services.office import rulebook
from services.office.rulebook import Move
from services.office.seed_file import instead, quoted
from storage.ground.work import Work
from storage.office import documents
from storage.store.engine import Store


def _named(work: Work, name: str, area: str) -> str:
    """Return the name of a commune's own document, the document's where no area is named. Raises Refused."""
    if not area:
        return name
    desk = work.desk.directory
    communes = [commune.code for commune in desk.communes] if desk.is_wide else []
    if area not in communes:
        raise Refused(f"no commune of this desk has the code {quoted(area)}{instead(area, communes)}")
    if name not in overlays.OVERLAID:
        own = ", ".join(overlays.OVERLAID)
        raise Refused(f"{name} is the same in the whole desk; a commune may have its own {own}")
    return overlays.named(name, area)


async def listed(store: Store, area: str = "") -> list[str]:
    """Return one line a version, the one in force marked; of a commune its own documents. Raises Refused."""
    lines = []
    async with store.read() as work:
        for name in [_named(work, one, area) for one in (overlays.OVERLAID if area else DOCUMENTS)]:
            stored = await documents.versions(work, name)
            lines.append(f"{name} 0{'' if stored else ' (in force)'}: as packaged")
            for version in stored:
                mark = " (in force)" if version is stored[-1] else ""
                at = work.rules.calendar.local(version.at)
                lines.append(f"{name} {version.number}{mark}: {at:%Y-%m-%d %H:%M} {version.note}")
    return lines


async def exported(store: Store, name: str, version: int | None = None, area: str = "") -> list[str]:
    """Return a version of a document (the one in force by default) as lines of YAML. Raises Refused.

    What a commune has in force is returned whole, with what it lies on; of a version only what differed.
    """
    async with store.read() as work:
        name = _named(work, name, area)
        if area and version is None:
            return _as_yaml(await rulebook.current(work, name))
        stored = await documents.versions(work, name)
        wanted = version if version is not None else stored[-1].number if stored else 0
        try:
            body = await documents.body(work, name, wanted) if wanted else {}
        except KeyError:
            last = stored[-1].number if stored else 0
            raise Refused(f"{name} has no version {wanted}; write one of 0 to {last}") from None
    if not body and not area:  # the packaged one, with its comments
        return files(law).joinpath(f"{name}.yaml").read_text("utf-8").splitlines()
    return _as_yaml(body)


def _as_yaml(body: rulebook.Body) -> list[str]:
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=110).splitlines()


async def load(  # noqa: PLR0913 - each says one thing of the document, by name
    store: Store, name: str, data: bytes, note: str, *, area: str = "", check: bool = False
) -> list[str]:
    """Put a document in force; open cases follow it. Returns what moves. Raises BadDocument or NothingNew.

    Of a commune's own (`area`) what differs from the whole desk's is kept.
    """
    body = rulebook.parse(name, data)
    if check:
        async with store.read() as work:
            moves = await rulebook.rehearse(work, _named(work, name, area), body)
        return [*_told(moves), "checked only: nothing was written"]
    async with store.work() as work:
        name = _named(work, name, area)
        version, moves = await rulebook.put(work, name, body, note)
    await _catch_up(store)
    return [*_told(moves), f"{name} {version} is in force"]


async def undo(store: Store, name: str, area: str = "") -> list[str]:
    """Go back to the version before the one in force, as a new one. Raises BadDocument or NothingNew."""
    async with store.work() as work:
        name = _named(work, name, area)
        number, body = await rulebook.before(work, name)
        version, moves = await rulebook.put(work, name, body, f"undo: as version {number}")
    await _catch_up(store)
    return [*_told(moves), f"{name} {version} is in force; it is version {number} again"]


async def _catch_up(store: Store) -> None:
    """Move the cases that another transaction held, or opened under the old rules, in the meantime."""
    async with store.work() as work:
        await recompute_all(work)


def _told(moves: Sequence[Move]) -> list[str]:
    lines = [f"{move.code}: {move.before} -> {move.after}" for move in moves]
    return [*lines, f"open cases whose due date changes: {len(moves)}"]
