"""Which commune a message names: of all that may be named the one that is meant, or what is to be asked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.understand.candidates import Candidate, consistent, is_written
from domain.understand.fold import Token
from domain.understand.gazetteer import (
    Commune,
    Entry,
    Gazetteer,
    Where,
    is_of_another_language,
    name_key,
    same,
)
from domain.understand.namings import (
    RANKS_BEHIND,
    SHORT,
    STRONG,
    Message,
    Naming,
    Told,
    breaks,
    may_be_a_street,
)
from domain.understand.proofs import MOST, Proof
from domain.understand.served import besides


@dataclass(frozen=True)
class Near:
    """From where a message is read: a province and commune by name or code, and what words of it name.

    At `posts` end those that are named with "xã" behind: "cong an xa Dung" is somebody there. `hamlets`: the
    words that may name a hamlet of home; where one is `here` a commune elsewhere is certain only as a name.
    """

    province: str | None = None
    commune: str | None = None
    posts: Collection[int] = ()
    hamlets: Collection[int] = ()
    here: bool = False
    text: str = ""


def find(gazetteer: Gazetteer, said: Sequence[Token], near: Near) -> Commune | None:
    """Find the commune that words name: certain, or with choices; None where they name none."""
    own, home = gazetteer.home(near.province, near.commune), gazetteer.province(near.province)
    told = gazetteer.told_province(said)
    message = Message(
        said, gazetteer, told or home, breaks(said, near.text), near.hamlets, near.commune is not None
    )
    if own is not None and told in {None, home}:
        key = name_key(own.label)
        if any(_starts(said, at, key, own.label) for at in sorted({*message.ranks, *message.cues})):
            return own
    found = list(_namings(message, near, told))
    named = [one for one in found if one.entries]
    sure, asked = [one for one in named if one.sure], [one for one in named if not one.sure]
    for likely in (sure, [one for one in asked if not one.borne], asked):
        if likely:
            return _of_several(message, likely, near, own, home)
    return _of_district(message, found, own, home) if not near.here else None


def told_beside(gazetteer: Gazetteer, said: Sequence[Token], text: str = "") -> str | None:
    """Return the province that stands right behind a commune's name with its rank."""
    message = Message(said, gazetteer, None, breaks(said, text))
    for at in message.ranks:
        for length, entries in gazetteer.named_at(said, at):
            told = message.told_behind(at + length)
            if told.province is not None and consistent(gazetteer, entries, told):
                return told.province
    return None


def _of_several(
    message: Message, likely: Sequence[Naming], near: Near, own: Commune | None, home: str | None
) -> Commune | None:
    """Return the commune meant where more than one may be: where neither somebody lives nor serves."""
    meant = [(one, _resolved(message, one, home)) for one in likely]
    if len({found.code or found.label for _, found in meant}) > 1:
        matter = [(one, found) for one, found in meant if not besides(message.said, _begin(message, one))]
        meant = matter or meant
    one, found = meant[0]
    codes = dict.fromkeys(code for _, other in meant for code in _codes(other))
    if len(codes) > 1 and all(other.code for _, other in meant):
        label = " / ".join(dict.fromkeys(other.label for _, other in meant))
        found = message.gazetteer.unclear(label, codes, home)
    elif not one.sure:
        found = replace(found, certain=False, choices=found.choices or ((found.code or "", found.label),))
        if len(found.choices) > MOST:
            return None
    seen = replace(_beside(message.gazetteer, found, own, home), at=None if one.borne else one.start)
    if near.here and seen.outside and not is_written(message.said[one.start : one.end]):
        return replace(seen, certain=False) if one.ranked else None
    return seen


def _of_district(
    message: Message, found: Sequence[Naming], own: Commune | None, home: str | None
) -> Commune | None:
    """Return the communes of a district that is all that is told of where."""
    for one in found:
        area = one.told.areas[0]
        codes = sorted(area.codes)
        if (own is None or own.code not in area.codes) and len(codes) <= MOST:
            label = f"{area.kind} {area.name}"
            seen = message.gazetteer.unclear(label, codes, home)
            return _beside(message.gazetteer, seen, own, home)
    return None


def _resolved(message: Message, one: Naming, home: str | None) -> Commune:
    """Return the commune of today that is named, or what may be: by its letters more than one may be."""
    gazetteer, sought = message.gazetteer, one.told.province or message.sought
    entries = [entry for entry in one.entries if sought is not None and gazetteer.within(entry, sought)]
    ground = {code for area in one.told.areas for code in area.codes}
    open_ = sought is None and not message.settled
    alike = (bool(entries) or open_) and not one.ranked
    where = Where(sought if entries else None, home, ground, alike=alike)
    said = message.said if one.stop == one.end else [*message.said[: one.start], *message.said[one.stop :]]
    entries = entries or list(one.entries)
    entries = [entry for entry in entries if entry.kind == one.kind] or entries
    spelled = dict.fromkeys(_name(entry) for entry in entries)
    if any(map(is_of_another_language, spelled)):
        return gazetteer.resolve(entries, one.kind, said, replace(where, alike=False))
    every = [
        gazetteer.resolve([entry for entry in entries if _name(entry) == name], one.kind, said, where)
        for name in spelled
    ]
    codes = dict.fromkeys(code for found in every for code in _codes(found))
    return every[0] if len(every) == 1 or len(codes) == 1 else gazetteer.unclear(every[0].label, codes, home)


def _name(entry: Entry) -> str:
    return entry.name.lower().replace(" - ", " ")


def _codes(found: Commune) -> tuple[str, ...]:
    return (found.code,) if found.code else tuple(code for code, _ in found.choices)


def _beside(gazetteer: Gazetteer, found: Commune, own: Commune | None, home: str | None) -> Commune:
    """See the commune from home: any other than home, or than those of the home province, is outside."""
    codes = _codes(found)
    if own is not None:
        return replace(found, outside=own.code not in codes)
    return replace(
        found, outside=home is not None and all(gazetteer.province_of(code) != home for code in codes)
    )


def _namings(message: Message, near: Near, told: str | None) -> Iterator[Naming]:
    """Yield where words name a commune, or a district alone, none within what another tells."""
    at = 0
    while at < len(message.said):
        found = _at(message, at, near, told)
        if found is not None:
            yield found
        at = found.stop if found is not None else at + 1


def _at(message: Message, at: int, near: Near, told: str | None) -> Naming | None:
    """Return the commune or the district that is named at a word; first one in what is told behind it."""
    ranked = at in message.ranks
    if at in message.taken and not ranked:
        return None
    named = list(message.gazetteer.named_at(message.said, at))
    every = [Proof(message, at, at + n, entries, message.told_behind(at + n)) for n, entries in named]
    if every and not ranked and every[0].span[-1].raw.isdigit():
        every = every[:1]  # “Đam Rông 4” is no Đam Rông, whatever is made of it
    for one in sorted(every, key=lambda one: not one.fit) if len(every) > 1 else every:
        if any(message.breaks[at + 1 : one.end]) and not any(" - " in entry.name for entry in one.entries):
            continue
        behind = message.said[one.end].fold if one.end < len(message.said) else ""
        english = behind in RANKS_BEHIND and message.breaks[one.end] == 0
        kind = message.ranks.get(at) or (RANKS_BEHIND[behind] if english else None)
        if ranked or english:
            province = told or (one.told.province if one.fit else None)
            sure = one.ranked(near.posts, province, here=near.here)
        else:
            sure = one.named()
            sure = None if sure is False and _is_part(message, one) else sure
        if sure is not None:
            beside = one.told if one.fit else Told(one.end)
            entries = one.fit or one.known or one.entries
            entries = [entry for entry in entries if entry.district and one.old] or entries
            borne = not (ranked or english) and one.borne
            return Naming(at, one.end, beside.end, entries, kind, ranked or english, sure, beside, borne)
    kinded = message.kind_of_area(at)[0] is not None
    return _district(message, at) if kinded or message.sought is not None or not named else None


def _is_part(message: Message, one: Candidate) -> bool:
    """Say whether words end a longer name that is no less likely: “Thái Ninh” in “Đông Thái Ninh”."""
    before = one.start - 1
    if before < 0 or message.breaks[one.start] or one.cue is not None:
        return False
    longer = message.gazetteer.named_at(message.said, before)
    near = [entries for length, entries in longer if before + length >= one.end]
    return any(
        message.sought is None or message.gazetteer.within(entry, message.sought)
        for entries in near
        for entry in entries
    )


def _district(message: Message, at: int) -> Naming | None:
    """Return a district said with its rank, or without where it is no commune, behind a word for a place."""
    cue = message.cues.get(at)
    if not (message.begins_area(at) or (cue == STRONG and message.titled(at))):
        return None
    kind, begin = message.kind_of_area(at)
    opened = at in message.cues or at in message.hamlets or message.breaks[at] > 0
    if not opened or (kind is None and (cue != STRONG or not message.titled(at))):
        return None
    for length in (4, 3, 2, 1):
        span = message.said[begin : begin + length]
        if len(span) < length or any(message.breaks[begin + 1 : begin + length]):
            continue
        areas = [one for one in message.gazetteer.areas_at(span) if kind in {None, one.kind}]
        end = begin + length
        runs = message.titled(end) and message.breaks[end : end + 1] == [0]
        if kind is None and (length == 1 or runs or may_be_a_street(span)):
            continue
        told = message.told_behind(end)
        near = [one for one in areas if _is_in(message, one.codes, told.province or message.sought)]
        if len(near) == 1:
            return Naming(at, end, max(end, told.end), told=Told(end, None, tuple(near)))
    return None


def _is_in(message: Message, codes: Collection[str], province: str | None) -> bool:
    return province is None or any(message.gazetteer.province_of(code) == province for code in codes)


def _starts(said: Sequence[Token], at: int, folded: str, label: str) -> bool:
    length = len(folded.split())
    span = said[at : at + length]
    named = " ".join(label.split()[-length:])
    return len(span) == length and " ".join(token.fold for token in span) == folded and same(span, named)


def _begin(message: Message, one: Naming) -> int:
    """Return where a naming begins with its rank."""
    rank = message.ranks.get(one.start, "")
    words = len(rank.split()) if message.said[one.start - 1].fold not in SHORT else 1
    return one.start - words
