"""Golden transcripts: what each side reads, played through the real desk and compared whole.

After a wanted change: `pytest tests/conversations/test_goldens.py --rewrite-goldens`, then read the diff.
"""

from pathlib import Path

import pytest

from bot.stories import parse
from tests.conversations.player import Player

HERE = Path(__file__).parent
STORIES = HERE.parents[1] / "bot" / "demo" / "stories"
GOLDENS = sorted(HERE.glob("*.chat"))
DEMO = sorted(STORIES.glob("*.chat"))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
async def test_everybody_is_told_what_the_golden_says(
    golden: Path, player: Player, request: pytest.FixtureRequest
) -> None:
    """Everything the desk says, to everybody, is word for word what the file holds."""
    written = golden.read_text("utf-8")
    played = await player.play(written)
    if request.config.getoption("--rewrite-goldens", default=False):
        golden.write_text(played, "utf-8")
    else:
        assert played == written


@pytest.mark.parametrize("story", DEMO, ids=lambda path: path.stem)
def test_every_story_of_the_demo_is_a_golden(story: Path) -> None:
    """What the demo plays has a golden of the same name, with the same lines of the people in it."""
    told, golden = parse(story.read_text("utf-8")), parse((HERE / story.name).read_text("utf-8"))
    assert [str(line).partition(",")[2] for line in golden.lines] == [
        str(line).partition(",")[2] for line in told.lines
    ]
    assert (golden.title, golden.about, golden.start) == (told.title, told.about, told.start)
