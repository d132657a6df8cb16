"""A commune that lies in another was merged into it: what is of it is found there, and under its own name."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain import overlays
from domain.areas import Areas, told_apart
from domain.directory import Directory
from domain.people import Area
from domain.understand import Home
from domain.understand.fold import tokens
from domain.understand.place import find_place
from domain.understand.served import Served

BEGUN = date(2025, 7, 1)
LAST = date(2026, 11, 30)
NAMES = st.sampled_from(["thôn 1", "thôn 2", "Thôn 2", "xóm Đình", "thôn Hạ"])


def made(ours: list[str], theirs: list[str], third: list[str], *, merged: bool) -> tuple[Area, ...]:
    """Return a province of three communes of these hamlets, the second in the first or beside it."""
    communes = [
        Area("tinh", "tỉnh Mẫu", "province", None, BEGUN),
        Area("a", "xã Tân Lập", "commune", "tinh", BEGUN),
        Area("b", "xã Bình An", "commune", "a" if merged else "tinh", BEGUN, LAST if merged else None),
        Area("c", "xã Minh Tân", "commune", "tinh", BEGUN),
    ]
    for code, names in (("a", ours), ("b", theirs), ("c", third)):
        communes += [Area(f"{code}_{n}", name, "hamlet", code, BEGUN) for n, name in enumerate(names)]
    return told_apart(communes, lambda hamlet, commune: f"{hamlet} ({commune} cũ)")


hamlets = st.lists(NAMES, max_size=4, unique_by=str.casefold)


@given(ours=hamlets, theirs=hamlets, third=hamlets, merged=st.booleans())
def test_no_two_hamlets_of_a_commune_are_called_the_same(
    ours: list[str], theirs: list[str], third: list[str], *, merged: bool
) -> None:
    """And whoever has a name to itself in its commune keeps it, whatever others have."""
    areas = made(ours, theirs, third, merged=merged)
    seen = Areas(areas)
    called = [(seen.commune_of(one.code), one.name.casefold()) for one in seen.hamlets]
    assert len(set(called)) == len(called)
    both = {name.casefold() for name in ours} & {name.casefold() for name in theirs} if merged else set()
    for hamlet in seen.hamlets:
        inside = hamlet.code[0] != "c"
        assert bool(hamlet.plain) == (inside and (hamlet.plain or hamlet.name).casefold() in both)


@given(hamlets, hamlets, hamlets)
def test_what_is_of_the_old_commune_is_of_the_merged_one(
    ours: list[str], theirs: list[str], third: list[str]
) -> None:
    """Its hamlets, itself, and what is seen from them; its old name is known of each."""
    desk = Directory(areas=made(ours, theirs, third, merged=True))
    assert [one.code for one in desk.communes] == ["a", "c"]
    for code in ("b", *(f"b_{n}" for n in range(len(theirs)))):
        assert desk.part(code) is desk.part("a")
        assert desk.old_commune(code) == "b"
        assert code in desk.areas_of("a")
        assert not desk.together(code, "c")
    assert desk.merged == {"a": ("b",)}
    assert desk.merged_on("a") == LAST


SERVED = Served(
    former=(("a", "b", "xã Bình An Mẫu"), ("a", "a", "xã Tân Lập Mẫu")),
    twins={"a": {"thon 2": {"a": "thôn 2 (Tân Lập Mẫu cũ)", "b": "thôn 2 (Bình An Mẫu cũ)"}}},
)


def read(text: str, old: str = "") -> list[str]:
    """Return which hamlets words may mean in the merged commune."""
    names = ("thôn 2 (Tân Lập Mẫu cũ)", "thôn 2 (Bình An Mẫu cũ)", "thôn 3", "thôn 2")
    home = Home("Hà Giang", "xã Tân Lập Mẫu", names, code="a", served=SERVED, old=old)
    place = find_place(text, home)
    if place is None:
        return []
    return [place.hamlet] if place.hamlet else [label.split(",")[0] for _, label in place.choices]


def test_a_name_that_two_have_is_told_apart() -> None:
    """By the old commune that is said, before the one the writer is from; else it may be either."""
    ours, theirs = "thôn 2 (Tân Lập Mẫu cũ)", "thôn 2 (Bình An Mẫu cũ)"
    assert read("cháy ở thôn 2") == [ours, theirs]
    assert read("cháy ở thôn 2", old="b") == [theirs]
    assert read("cháy ở thôn 2", old="a") == [ours]
    assert read("cháy ở thôn 2 xã Bình An Mẫu", old="a") == [theirs]
    assert read("cháy ở thôn 2 xã Tân Lập Mẫu") == [ours, theirs]
    assert read("cháy ở thôn 2 xã Tân Lập Mẫu cũ", old="b") == [ours]
    assert read("fire in hamlet 2", old="b") == [theirs]
    assert read("cháy ở thôn 3", old="b") == ["thôn 3"]
    assert SERVED.olds(tokens("ở xã Bình An Mẫu"), "a") == {"b"}


def test_what_a_merged_commune_added_goes_on() -> None:
    """Below the other's own; what it took away of the province's takes nothing from anybody else."""
    default = {"rows": [{"code": "x"}, {"code": "y"}], "cues": ["a", "b"]}
    theirs = {
        "rows": [{"code": "x", "gone": True}, {"code": "z", "of": "b"}],
        "cues": {"added": ["c"], "removed": ["a"]},
    }
    own = {"rows": [{"code": "z", "of": "a"}]}
    documents = {"words": default, "words@b": theirs, "words@a": own, "office": default, "office@b": theirs}
    found = overlays.own(documents, "a", ["b"])
    rows = [{"code": "x"}, {"code": "y"}, {"code": "z", "of": "a"}]
    assert found == {"words": {"rows": rows, "cues": ["a", "b", "c"]}}
