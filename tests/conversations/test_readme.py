"""The README tells a story that is played, not one that was once true."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_the_readme_tells_the_golden_story(readme: str) -> None:
    """Both READMEs hold the two minutes word for word as the desk plays them."""
    golden = (HERE / "hai-phut.chat").read_text("utf-8")
    assert golden in (HERE.parents[1] / readme).read_text("utf-8")
