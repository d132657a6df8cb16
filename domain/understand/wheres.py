"""Words that say where something is: “sau trường học” is about no school, “tôi bị chửi” is nowhere."""

import re

from domain.understand.fold import Token, fold, tokens

_SPELLED = frozenset(
    {"sau", "trước", "gần", "cạnh", "kề", "sát", "bên", "diện", "near", "behind", "opposite", "beside"}
)
_NEAR = frozenset(map(fold, _SPELLED))
_BESIDE = _NEAR | frozenset({"o", "duoi", "tren", "trong", "ngoai", "cuoi", "dau", "giua", "qua", "at"})
_FOLLOW = 3
"""Words behind one of these that say beside what."""
_ENDS = re.compile(r"[,.;:!?\n]")


def without_wheres(text: str, *, near: bool = False) -> str:
    """Return the words of a composed text but for these words and what follows them in the same clause.

    `near`: only where they say what it is near to, and not in what it is.
    """
    kept: list[str] = []
    skipped, last = 0, 0
    for token in tokens(text):
        if _ENDS.search(text, last, token.start):
            skipped = 0
        last = token.end
        beside = token.fold in _NEAR and (token.bare or token.raw.lower() in _SPELLED)
        if beside if near else token.fold in _BESIDE:
            skipped = _FOLLOW
        elif skipped:
            skipped -= 1
        else:
            kept.append(token.raw)
    return " ".join(kept)


LIVES = frozenset(fold("ở nhà tại em tôi tui con cháu mình sống ngụ cư trú hiện đang dạ ạ bên dưới").split())
"""Words around the name of a place that only say that somebody lives there."""
_GOES_ON = frozenset({"bởi", "vì", "rồi", "mà", "nên", "xong", "because", "and", "then"})
"""How a sentence goes on that was begun in another message."""
_DOES = frozenset(
    {"bị", "nói", "bảo", "chửi", "mắng", "nạt", "kêu", "đòi", "bắt", "đánh", "dọa", "ép", "lấy", "giữ", "gọi"}
    | {"thu", "nộp", "xin", "muốn", "thấy", "nghe", "phải", "hỏi", "hứa", "nhận", "làm", "trả", "đuổi"}
    | {"was", "were", "told", "said", "took", "asked", "want"}
)
"""What somebody does or has done to them."""
_PLACES = frozenset(
    {"nha", "truong", "cau", "duong", "cong", "quan", "khu", "nga", "xom", "thon", "ap", "lang", "dinh"}
    | {"chua", "den", "tram", "uy", "ubnd", "xa", "song", "suoi", "ao", "ho", "ruong", "dong", "rung", "ray"}
    | {"san", "bai", "hem", "ngo", "kiet", "tiem", "benh", "vien", "dap", "kenh", "muong", "cho", "doi"}
    | {"day", "kia", "hamlet", "road", "school", "market", "house", "bridge", "office", "street"}
)
_DIFFER = frozenset({"cho", "đòi"})
"""Also a market and a hill where nothing is spelled with its marks."""
_SPOTS = (
    "nhà đình chợ chùa miếu đền trường học trạm y tế xá cầu cống ngã ba tư sông suối ao hồ kênh mương đê cây "
    "gốc đường hẻm ngõ xóm thôn ấp tổ khu phố làng sân bóng bãi văn hóa nghĩa trang ủy ban ubnd xã góc cổng "
    "đầu cuối giữa trong ngoài trên dưới sau trước gần cạnh sát kế kề bên đối diện phía hàng ở tại chỗ "
    "kia này đây số dạ ạ nhé nha nghe"
)
_SPELLED_SPOTS = frozenset(_SPOTS.split())
_SPOTS_BARE = frozenset(map(fold, _SPELLED_SPOTS - {"ban"}))
"""Without their marks “ban” may also be a shot, so that it says nowhere."""
_OF_FAMILY = re.compile(
    r"(?:da )?(?:me|ba|bo|cha|ma|vo|chong|con|ong|chi|anh|em) (?:toi|tui|em|chau|minh) (?!o |ben |gan |canh )"
    r"(?=.*\b(?:gia|khong|ko|hong|roi|yeu|benh|bi|met)\b)"
)
"""How folded words begin that tell how somebody's family fares: “mẹ tôi già lắm rồi, không đi chợ được”."""
_A_CLAUSE = 3
"""Words of the shortest clause without a mark."""


def is_piece(text: str) -> bool:
    """Say whether an answer to “where” names no place at all, and goes on with what is told."""
    if _OF_FAMILY.match(fold(text)):
        return True
    said = tokens(text)
    marked = any(not word.bare for word in said)
    if len(said) < (2 if marked else _A_CLAUSE):
        return False
    if _is_one_of(said[0], _GOES_ON, marked=marked):
        return True
    told = [word for word in said if not word.raw[:1].isupper()]
    places = [word for word in said if word.fold in _PLACES | _BESIDE]
    places = [word for word in places if not (marked and word.raw.lower() in _DIFFER)]
    return not places and any(_is_one_of(word, _DOES, marked=marked) for word in told)


def is_spot(word: Token) -> bool:
    """Say whether a word only ever says where something is, or which of them, and never what is done."""
    if word.fold.isdecimal():
        return True
    return word.fold in _SPOTS_BARE if word.bare else word.raw.lower() in _SPELLED_SPOTS


def _is_one_of(word: Token, known: frozenset[str], *, marked: bool) -> bool:
    """Say whether a word is one of these: as spelled, or by its letters where nothing has a mark."""
    spelled = word.raw.lower()
    return spelled in known if marked else spelled in {fold(one) for one in known}
