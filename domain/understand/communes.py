"""Which commune a message names: of all that words may name, the one that is meant, or what is to be asked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.understand.fold import Token
from domain.understand.gazetteer import Commune, Entry, Gazetteer, is_of_another_language, name_key, same
from domain.understand.namings import (
    COUNTED,
    FILLERS,
    HARD,
    PEOPLE,
    SHORT,
    STRONG,
    WEAK,
    Message,
    Naming,
    Told,
    breaks,
    may_be_a_person,
    may_be_a_street,
)
from domain.understand.served import besides

MOST = 9
"""Communes that are asked about: one digit answers a menu."""
_OURS = frozenset({"minh", "ta", "nay", "la"})
"""“xã mình” and “xa la gi” without their marks, and no xã Minh An or La Gi."""
_RANKS_BEHIND = {"commune": None, "ward": "phường", "township": "thị trấn"}
_FEW = 8
"""Words of a message that may be nothing but a place."""


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
    message = Message(said, gazetteer, told or home, breaks(said, near.text), near.hamlets)
    if own is not None and told in {None, home}:
        key = name_key(own.label)
        if any(_starts(said, at, key, own.label) for at in sorted({*message.ranks, *message.cues})):
            return own
    found = list(_namings(message, near, told))
    sure = [one for one in found if one.sure and one.entries]
    for likely in (sure, [one for one in found if not one.sure and one.entries]):
        if likely:
            return _of_several(message, likely, near, own, home)
    return _of_district(message, found, own, home) if not near.here else None


def told_beside(gazetteer: Gazetteer, said: Sequence[Token], text: str = "") -> str | None:
    """Return the province that stands right behind a commune's name with its rank, where it has such a one."""
    message = Message(said, gazetteer, None, breaks(said, text))
    for at in message.ranks:
        for length, entries in gazetteer.named_at(said, at):
            told = message.told_behind(at + length)
            if told.province is not None and _consistent(gazetteer, entries, told):
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
    seen = _beside(message.gazetteer, found, own, home)
    if near.here and seen.outside and not _is_written(message, one):
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
    provinces = (sought if entries else None, home)
    ground = {code for area in one.told.areas for code in area.codes}
    said = message.said if one.stop == one.end else [*message.said[: one.start], *message.said[one.stop :]]
    entries = entries or list(one.entries)
    entries = [entry for entry in entries if entry.kind == one.kind] or entries
    spelled = dict.fromkeys(_name(entry) for entry in entries)
    if any(map(is_of_another_language, spelled)):
        return gazetteer.resolve(entries, one.kind, said, provinces, ground)
    every = [
        gazetteer.resolve(
            [entry for entry in entries if _name(entry) == name],
            one.kind,
            said,
            provinces,
            ground,
            alike=not one.ranked and provinces[0] is not None,
        )
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
    kind, ranked = message.ranks.get(at), at in message.ranks
    if at in message.taken and not ranked:
        return None
    for end, entries, fit, behind in _candidates(message, at):
        if any(message.breaks[at + 1 : end]) and not any(" - " in one.name for one in entries):
            continue
        english = end < len(message.said) and message.said[end].fold in _RANKS_BEHIND
        if ranked or (english and message.breaks[end] == 0):
            kind = kind if ranked else _RANKS_BEHIND[message.said[end].fold]
            known = fit or _known(message, entries)
            sure = _is_ranked(message, at, end, known, near, told or (behind.province if fit else None))
            if sure is None:
                continue
            stop, behind = (behind.end, behind) if fit else (end, Told(end))
            return Naming(at, end, stop, fit or known or entries, kind, True, sure, behind)
        sure = _proved(message, at, end, entries, fit, behind)
        if sure is not None:
            stop = behind.end if fit else end
            found = fit or _known(message, entries) or entries
            return Naming(at, end, stop, found, None, False, sure, behind if fit else Told(end))
    return _district(message, at)


def _candidates(message: Message, at: int) -> list[tuple[int, Sequence[Entry], Sequence[Entry], Told]]:
    """Return the names that begin at a word, each with those that are in what is told behind: these first."""
    found = []
    for length, entries in message.gazetteer.named_at(message.said, at):
        behind = message.told_behind(at + length)
        found.append((at + length, entries, _consistent(message.gazetteer, entries, behind), behind))
    return sorted(found, key=lambda one: not one[2])


def _known(message: Message, entries: Sequence[Entry]) -> list[Entry]:
    """Return those in the province where a commune is sought."""
    sought = message.sought
    return [one for one in entries if sought is not None and message.gazetteer.within(one, sought)]


def _consistent(gazetteer: Gazetteer, entries: Sequence[Entry], told: Told) -> list[Entry]:
    """Return those that are in the districts and the province told behind the name."""
    ground = {code for area in told.areas for code in area.codes}

    def fits(one: Entry) -> bool:
        if told.areas and told.province:
            return gazetteer.within(one, told.province) and (
                not ground.isdisjoint(one.codes) or one.district == ""
            )
        if told.areas:
            return not ground.isdisjoint(one.codes)
        return told.province is not None and gazetteer.within(one, told.province)

    return [one for one in entries if fits(one)]


def _is_ranked(
    message: Message, at: int, end: int, known: Sequence[Entry], near: Near, told: str | None
) -> bool | None:
    """Say whether a name with its rank can only be meant as one: surely, perhaps (False), or not (None)."""
    said, span = message.said, message.said[at:end]
    short = at and said[at - 1].fold in SHORT and at in message.ranks
    is_known = bool(known) or message.sought is None
    other = any(is_of_another_language(one.name) for one in known)
    if short and not (span[0].raw.isdigit() or span[0].raw[:1].isupper()):
        return True if known and (end - at > 1 or other) and not message.is_common(at, end) else None
    number = span[0].raw.isdigit()
    if number and end < len(said) and said[end].fold in COUNTED:
        return None
    begins = at == 1 or (at > 1 and message.breaks[at - 1] == HARD)
    plain = at > 0 and (not said[at - 1].bare or (said[at - 1].raw[:1].isupper() and not begins))
    titled = all(token.raw[:1].isupper() for token in span)
    if not (titled or (number and is_known) or ((end - at > 1 or other) and (is_known or plain))):
        return None
    written = end - at > 1 and all(one.raw[:1].isupper() and not one.raw.isupper() for one in span)
    ours = at - 1 in near.posts or (said[at].fold in _OURS and said[at].raw.islower())
    if ours and not written:
        return None
    typed = all(token.bare and token.raw.islower() for token in span)
    long = len(message.ranks.get(at, "").split()) > 1 and not short
    if told is None and typed and not (number or long) and message.is_common(at, end):
        return _as_words(message, at, end, known, near)
    return True


def _as_words(message: Message, at: int, end: int, known: Sequence[Entry], near: Near) -> bool | None:
    """Say whether words of the language behind “xa” are a commune: where a place is said and the clause ends."""
    if near.here or not known:
        return None
    begin = at - 1 if at in message.ranks else at
    ends = message.ends(end) or message.said[end].fold in _RANKS_BEHIND
    cue = begin in message.cues
    if cue and ends:
        return True
    return False if ends or cue or (message.breaks[begin] and not message.is_plain(at, end)) else None


def _proved(
    message: Message, at: int, end: int, entries: Sequence[Entry], fit: Sequence[Entry], told: Told
) -> bool | None:
    """Say whether a name without its rank is a place: surely, perhaps (False), or not for all we know (None)."""
    last = end - 1 if end - at > 1 and message.is_number(end - 1) else end
    titled = all(message.titled(one) for one in range(at, last))
    small = all(message.small(one) for one in range(at, last))
    if not (titled or small) or message.said[at].raw[:1].isdigit() or message.said[end - 1].raw in {"a", "b"}:
        return None
    cue, hamlet = message.cues.get(at), message.hamlets.get(at)
    if cue is None and (message.carried(at) or (titled and _runs_on(message, at - 1))):
        return None
    if fit:
        clear = titled or cue is not None or hamlet is not None or message.breaks[at] > 0
        return True if clear else None
    if titled and end < len(message.said) and not message.breaks[end] and message.titled(end):
        return None
    known = _known(message, entries)
    other = any(is_of_another_language(one.name) for one in known)
    if end - at == 1 and not (other and (cue, hamlet) != (None, None)):
        return None
    if message.gazetteer.province_at(message.said[at:end]) is not None:
        return False if known and cue == STRONG else None
    if not known:
        return _elsewhere(message, cue, entries) if titled else None
    if told.areas and cue is None and hamlet is None:
        return False if titled or message.breaks[at] else None
    if titled:
        return _as_written(message, at, end, cue, hamlet)
    return _in_small_letters(message, at, end, cue, hamlet)


def _elsewhere(message: Message, cue: int | None, entries: Sequence[Entry]) -> bool | None:
    """A name of no commune of home, as it is written: asked about where a place is said."""
    if cue != STRONG:
        return None
    codes = {code for one in entries for code in one.codes}
    if message.sought is None:
        return True
    return False if len(codes) == 1 else None


def _as_written(message: Message, at: int, end: int, cue: int | None, hamlet: bool | None) -> bool | None:
    """A name with its capitals in the province of home."""
    street = may_be_a_street(message.said[at:end])
    if cue is not None:
        return not street
    if hamlet is not None:
        return hamlet and not street
    person = street or may_be_a_person(message.said[at:end])
    before, behind = message.ends(at), message.ends(end)
    if _only(message, at, end):
        return not person
    if before and behind:
        return not person and (at == 0 or end == len(message.said))
    return False if (at == 0 or end == len(message.said)) and not person else None


def _in_small_letters(
    message: Message, at: int, end: int, cue: int | None, hamlet: bool | None
) -> bool | None:
    """A name in small letters in the province of home: words of the language are a name only where it ends."""
    bare = all(token.bare for token in message.said[at:end])
    generic, street = message.is_generic(at), may_be_a_street(message.said[at:end])
    common = generic or message.is_common(at, end)
    behind = message.ends(end)
    if _only(message, at, end):
        return not (common or street or may_be_a_person(message.said[at:end]))
    if cue is None and hamlet is None:
        return None
    if common and not (behind and cue == STRONG and not generic):
        said = hamlet if cue is None else cue != WEAK
        plain = generic or (cue != STRONG and message.is_plain(at, end))
        return False if said and not plain else None
    if cue is None:
        return bool(hamlet) and not street
    if street:
        return False
    if cue == PEOPLE:
        return not bare
    return cue == STRONG or not bare or behind


def _only(message: Message, at: int, end: int) -> bool:
    """Say whether a message is nothing but this name."""
    rest = [*message.said[:at], *message.said[end:]]
    return len(message.said) <= _FEW and all(token.fold in FILLERS for token in rest)


def _runs_on(message: Message, at: int) -> bool:
    """Say whether a name begins before these words: the word at `at` has a capital, and no sentence ends."""
    return message.titled(at) and message.breaks[at + 1] == 0 and at not in message.cues


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


def _is_written(message: Message, one: Naming) -> bool:
    """Say whether the name has a capital for each of its words, and is none of one word."""
    span = message.said[one.start : one.end]
    return len(span) > 1 and all(token.raw[:1].isupper() and not token.raw.isupper() for token in span)
