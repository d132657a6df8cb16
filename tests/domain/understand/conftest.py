import pytest

from domain.law import seed
from domain.understand import Home, Understanding

HAMLETS = ("Thôn 1", "Thôn 2", "Thôn 3", "Xóm Đình", "Bản Mông", "Thôn Tân Lập")


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    """One for a fictional commune that no gazetteer holds."""
    return Understanding.load(seed("taxonomy"), seed("words"), Home("Hà Tĩnh", "xã Hòa Bình", HAMLETS))
