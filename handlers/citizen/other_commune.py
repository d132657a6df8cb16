"""A few words that only put right in which commune something is: “à nhầm, ở xã bên cơ”."""

from domain.understand import Place, fold
from domain.understand.fold import Token, clean, tokens
from handlers.citizen import map_points
from handlers.engine.conversation import Session

_LONGEST = 20
"""Words of the longest correction."""
_FILLS = frozenset(
    fold(
        "à ạ á ơ ủa ấy nhé nha nhá dạ vâng xin lỗi nhầm lộn sai ghi nói viết gõ rồi lại không"
        " phải đúng ra thật thực mới là ở tại thuộc bên chứ mà cơ kia đó đây này việc chỗ nơi địa"
        " bàn địa chỉ sửa đổi chuyển gửi thành sang qua về tới cho giúp với tôi em mình con cháu"
        " bác cô chú xã phường của nó hết và nhưng hông chẳng it its it's is was in at not no"
        " sorry wrong actually i mean meant commune ward of that that's this place should be"
        " change to correct please the but and mistake my a an belongs send from tỉnh province provincial"
    ).split()
)
_NOT = frozenset({"khong", "not", "chang", "hong", "chu", "no"})
_BETWEEN = frozenset(fold("phải là ở tại thuộc của bên về in at of the xã phường không mà").split())
_HAMLET = frozenset({"thon", "xom", "ap", "to", "khu", "pho", "ban", "hamlet"})


def meant(session: Session, text: str, place: str) -> Place | None:
    """Return where it is by words that only correct the commune; None where they say more, or no other.

    The hamlet is that of the words, else that of the `place` known before where the commune has one of its
    name: “thôn 1” there.
    """
    text = clean(text)
    served, said = session.rules.whole.served, tokens(text)
    if len(said) > _LONGEST or map_points.within(text):
        return None
    named = served.spoken(said)
    codes = [code for start, _, code in named if not _is_denied(text, said, start)] or [
        c for _, _, c in named
    ]
    others = list(dict.fromkeys(code for code in codes if code != session.rules.commune))
    if len(others) != 1 or session.rules.commune in codes:
        return None
    there = session.at(others[0])
    told = there.rules.understanding.read(text).place
    hamlet = told.hamlet if told is not None else None
    if not _only(said, named, hamlet or ""):
        return None
    known = there.rules.understanding.read(place.partition(",")[0]).place
    kept = known.hamlet if known is not None and known.sure else None
    listed = {fold(name): name for name in served.hamlets_of(others[0])}
    hamlet = hamlet or listed.get(fold(kept or ""))
    name = served.name(others[0])
    label = f"{hamlet}, {name}" if hamlet else name
    return Place(label, None, name, hamlet, sure=True, outside=True, area=others[0])


def _only(said: list[Token], named: list[tuple[int, int, str]], hamlet: str) -> bool:
    """Say whether words tell nothing besides."""
    taken = {at for start, end, _ in named for at in range(start, end)}
    own = {*fold(hamlet).split(), *(_HAMLET if hamlet else ())}
    return all(at in taken or token.fold in _FILLS | own for at, token in enumerate(said))


def _is_denied(text: str, said: list[Token], start: int) -> bool:
    """Say whether a name is that of where it is not: “không phải xã Tân Lập”."""
    at = start
    while at > 0 and "," not in text[said[at - 1].end : said[at].start] and said[at - 1].fold in _BETWEEN:
        at -= 1
        if said[at].fold in _NOT:
            return True
    return at > 0 and said[at - 1].fold in _NOT and "," not in text[said[at - 1].end : said[at].start]
