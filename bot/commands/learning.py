"""learn: the model learned anew with what officials corrected, kept only where it reads nothing worse."""

from typing import Annotated

import typer

from bot.commands.running import Refused, perform
from bot.commands.running import settings as read_settings
from bot.opening import model_of
from bot.settings import Settings
from domain.rules import Rules
from domain.understand import Home, Understanding, learned
from domain.understand.corrections import Correction, lessons
from domain.understand.linear import Linear
from domain.understand.measuring import Scores, Trial, worse
from services.office import corrections
from storage.store.engine import Store


def command(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show before and after; nothing is written.")
    ] = False,
    back: Annotated[bool, typer.Option("--back", help="Forget what was learned.")] = False,
) -> None:
    """Learn from what officials corrected; ends with 1 where the model that is there stays."""
    if back:
        was = learned.forget(read_settings().model_file)
        typer.echo("from the next start the packaged model reads messages" if was else "nothing was learned")
        return
    perform(lambda store, settings: learn(store, settings, dry_run=dry_run), only_look=True)


async def learn(store: Store, settings: Settings, *, dry_run: bool) -> list[str]:
    """Return what was learned as lines, before beside after. Raises Refused where the old model stays."""
    from domain.understand import training  # noqa: PLC0415 - learning is read in where something is learned

    async with store.read() as work:
        desk, told = work.desk, await corrections.of_desk(work, Linear.load())
    taught = lessons(told)
    if not any(lesson.rows for lesson in taught):
        raise Refused(_NOTHING.format(count=len(told)))
    trial, new = Trial.packaged(told), training.train(training.examples(), taught)
    packaged, before, after = (
        trial.scores(_ear(desk, model), desk.taxonomy.fields)
        for model in (Linear.load(), model_of(settings.model_file), new)
    )
    lines = [_counted(told), *_table(before, after)]
    # Beside the packaged model too: else a little might be lost each time.
    if fallen := [*dict.fromkeys([*worse(before, after), *worse(packaged, after)])]:
        raise Refused("\n".join([*lines, f"worse: {', '.join(fallen)}. The model that is there stays"]))
    if dry_run:
        return [*lines, "nothing is worse; nothing was written"]
    learned.save(new, settings.model_file)
    return [*lines, f"{settings.model_file}: read from the next start of each process"]


def _ear(desk: Rules, model: Linear) -> Understanding:
    """Return what reads messages by a model, wherever in the desk: the same for all that are compared."""
    return Understanding.load(desk.documents["taxonomy"], desk.documents["words"], Home(), model)


_NOTHING = "{count} corrections, and nothing that enough people said alike: the model that is there stays"


def _counted(told: list[Correction]) -> str:
    held = sum(one.held_out for one in told)
    return f"{len(told)} corrections of {len({one.person for one in told})} people, {held} only measured by"


def _table(before: Scores, after: Scores) -> list[str]:
    rows = [
        f"{name:<20} {_share(before[name]):>8} {_share(after[name]):>8}  of {of}"
        for name, (_, of) in before.items()
    ]
    return [f"{'right':<20} {'before':>8} {'after':>8}", *rows]


def _share(score: tuple[int, int]) -> str:
    return f"{score[0] / score[1]:.1%}"
