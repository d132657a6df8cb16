"""Somebody says of which commune their matters are from now on, and nothing else: they moved house."""

import re
from collections.abc import Collection

from domain.understand.fold import fold, tokens

_MOVED = re.compile(
    r"\b(?:(?:chuyen|doi|don|ve)(?: sang)? (?:nha|cho o|noi o|ho khau|khau)|tu (?:nay|gio)"
    r"|don(?: (?:di|han))* (?:sang|ve|den|qua|xuong|len|toi|o)|chuyen(?: han)? (?:sang|ve|den|qua) o"
    r"|moved(?: house| home)?|from now on)\b"
)
_CHOSEN = re.compile(
    r"\b(?:(?:chuyen|doi)(?: \w+)? (?:sang|ve|qua|xa|phuong)|change(?: \w+)? (?:commune|ward))\b"
)
"""What means the same while nothing is told; else it puts right where that is."""
_FILLS = frozenset(
    fold(
        "tôi tui em mình con cháu bác cô chú anh chị nhà gia đình mới vừa đã chuyển dọn đổi sang"
        " về đến qua xuống lên tới ở sống cư trú tại rồi từ nay giờ trở đi báo việc gửi tin nhắn"
        " phản ánh ý kiến bên đó đấy đây này nhé nha ạ cho xin muốn thì là hiện đang người dân hộ"
        " khẩu thường xã phường hẳn luôn các mọi của nơi chỗ và dạ giúp với i we have just moved"
        " move to live in now my home house family from on report reports matters send everything"
        " there please the commune ward change i've we've of are is and will"
    ).split()
)
_HAMLETS = frozenset({"thon", "xom", "ap", "to", "hamlet"})
_FEW = 30
"""Words that still say nothing else."""


def is_told(text: str, named: Collection[int], hamlet: str, *, amid: bool) -> bool:
    """Say whether words say only that; `named` are the places of the tokens that name a commune.

    `amid`: while a matter is being told.
    """
    said = tokens(text)
    own = {*fold(hamlet).split(), *(_HAMLETS if hamlet else ())}
    only = all(at in named or word.fold in _FILLS or word.fold in own for at, word in enumerate(said))
    folded = " ".join(word.fold for word in said)
    cued = _MOVED.search(folded) or (not amid and _CHOSEN.search(folded))
    return len(said) <= _FEW and only and bool(cued)
