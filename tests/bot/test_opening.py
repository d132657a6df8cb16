"""Opening the desk's database: with the right key, or not at all."""

from pathlib import Path

import pytest

from bot.opening import CannotStart, opened
from bot.settings import Settings


async def test_a_database_is_not_opened_with_another_key(tmp_path: Path) -> None:
    """Whoever lost the key is told at the start, before anything is sealed with a second one."""
    settings = Settings(data_dir=tmp_path, _env_file=None)
    async with opened(settings) as store:
        assert store.keyring
    async with opened(settings):
        pass
    settings.key_file.rename(tmp_path / "kept")
    with pytest.raises(CannotStart, match="another key"):
        async with opened(settings):
            pass
    assert not settings.key_file.exists(), "a key that opens nothing is not left lying about"
    (tmp_path / "kept").rename(settings.key_file)
    async with opened(settings):
        pass
