"""Golden transcripts: what each side reads, played through the real desk and compared whole.

After a wanted change: `pytest tests/conversations/test_goldens.py --rewrite-goldens`, then read the diff.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.stories import parse
from tests.conversations.pages import PAGES, pages
from tests.conversations.player import Player
from tests.conversations.rendered import check_everywhere

HERE = Path(__file__).parent
STORIES = HERE.parents[1] / "bot" / "demo" / "stories"
GOLDENS = sorted(HERE.glob("*.chat"))
DEMO = sorted(STORIES.glob("*.chat"))


Keep = Callable[[Path, str], object] | None


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Keep:
    """Return what writes a golden anew; None where it is to be compared."""
    anew = request.config.getoption("--rewrite-goldens", default=False)
    return (lambda path, text: path.write_text(text, "utf-8")) if anew else None


@pytest.mark.whole
@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
async def test_everybody_is_told_what_the_golden_says(golden: Path, player: Player, keep: Keep) -> None:
    """Everything the desk says, to everybody, is word for word what the file holds, on every channel."""
    written = golden.read_text("utf-8")  # noqa: ASYNC240 - a small file, and nobody else is waiting
    played = await player.play(written)
    for delivery in player.paper.told:
        check_everywhere(delivery)
    if keep is None:
        assert played == written
    else:
        keep(golden, played)


@pytest.mark.parametrize("story", DEMO, ids=lambda path: path.stem)
def test_every_story_of_the_demo_is_a_golden(story: Path) -> None:
    """What the demo plays has a golden of the same name, with the same lines of the people in it."""
    told, golden = parse(story.read_text("utf-8")), parse((HERE / story.name).read_text("utf-8"))
    assert [str(line).partition(",")[2] for line in golden.lines] == [
        str(line).partition(",")[2] for line in told.lines
    ]
    assert (golden.title, golden.about, golden.start) == (told.title, told.about, told.start)


def test_every_golden_has_its_page(keep: Keep) -> None:
    """What a commune officer reads in docs/transcripts is what the desk says, and nothing is left over."""
    wanted = pages(GOLDENS)
    if keep is not None:
        for name, text in wanted.items():
            keep(PAGES / name, text)
        for left in {path.name for path in PAGES.iterdir()} - wanted.keys():
            (PAGES / left).unlink()
    assert {path.name: path.read_text("utf-8") for path in PAGES.iterdir()} == wanted
