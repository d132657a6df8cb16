"""The demo's stories go as told on every platform: words, buttons or numbers, photos, passing time."""

import asyncio
import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.demo import text
from bot.demo.player import stories
from storage.office.rulebook import Library
from tests.emulators.__main__ import RUNNERS
from tests.emulators.phones import PLATFORMS
from tests.emulators.stories import cli, furnished, play_one

TOLD = {
    "telegram": ("5-nhieu-ho",),
    "zalo-oa": ("6-kin-danh-tinh",),
    "zalo-bot": ("5-nhieu-ho",),
}
"""One for each; all seven are told by `make demo CHANNEL=...`."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """Furnish a demo once, to be copied."""
    folder = tmp_path_factory.mktemp("house") / "desk"
    return folder, asyncio.run(furnished(folder, Library()))


@pytest.mark.parametrize(("platform", "story"), [(name, told) for name in TOLD for told in TOLD[name]])
async def test_a_story_goes_as_told(
    platform: str, story: str, house: tuple[Path, Library], tmp_path: Path
) -> None:
    """The whole desk, its real client and the platform's emulator play it to its end; nothing is refused."""
    template, library = house
    shutil.copytree(template, tmp_path / "desk")
    paper = io.StringIO()
    audience = text.Terminal(Console(file=paper, width=text.WIDTH))
    await play_one(platform, stories()[story], tmp_path / "desk", audience, library)
    assert "Cảm ơn bà con" in paper.getvalue() or "bí mật" in paper.getvalue()


def test_every_platform_has_its_stories() -> None:
    """What can be run by hand can be played, and the other way round."""
    assert set(PLATFORMS) == set(RUNNERS) == set(TOLD)


def test_an_unknown_platform_is_said() -> None:
    """One line names those there are."""
    done = CliRunner().invoke(cli, ["carrier-pigeon"])
    assert done.exit_code == 2
    assert "telegram" in done.stderr
