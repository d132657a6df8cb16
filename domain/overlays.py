"""A commune's own document lies on the province's: only what differs is kept of it, and that wins.

Of rows that have a code or a date, single ones are added, changed or taken away (`gone`), and of cues single
words; so what the province adds later reaches the commune too. Any other list is the commune's as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

OVERLAID = ("holidays", "office", "templates", "words")
"""The documents of which a commune may have its own; fields, terms and rights are those of the whole desk."""
_CARRIED = ("templates", "words")
"""Those of a commune that was merged into another that go on there; hours and days off do not."""
_AT = "@"
_KEYS = ("code", "date")
_GONE = {"gone": True}
_WORDS = "cues"
_MISSING: Any = object()


def named(document: str, area: str) -> str:
    """Return the name under which a commune's own document is kept; the document's where there is no area."""
    return f"{document}{_AT}{area}" if area else document


def parted(name: str) -> tuple[str, str]:
    """Return the document and the area of a name, empty for the whole desk."""
    document, _, area = name.partition(_AT)
    return document, area


def own(documents: Mapping[str, Any], area: str, former: Sequence[str] = ()) -> dict[str, Any]:
    """Return the documents of which a commune has its own, on top of the whole desk's.

    Of those that were merged into it (`former`) what they added goes on, below its own.
    """
    found: dict[str, Any] = {}
    for name in OVERLAID:
        carried = [_added(documents.get(named(name, one))) for one in former if name in _CARRIED]
        for body in filter(None, [*carried, documents.get(named(name, area))]):
            found[name] = merged(found.get(name, documents[name]), body)
    return found


def _added(own: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return what a document adds, without what it takes away from those it lies on."""
    if isinstance(own, Mapping):
        return {name: _added(value) for name, value in own.items() if name != "removed"}
    if isinstance(own, list):
        return [row for row in own if not (isinstance(row, Mapping) and row.get("gone"))]
    return own


def merged(default: Any, own: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a document with a commune's own on top of it."""
    if isinstance(default, Mapping) and isinstance(own, Mapping):
        names = {
            str(name): name for name in default
        }  # what is packaged counts years, what is stored spells them
        known = {names.get(str(name), name): value for name, value in own.items()}
        return {**default, **{name: merged(default.get(name), value) for name, value in known.items()}}
    if isinstance(default, Sequence) and isinstance(own, Mapping) and own.keys() <= {"added", "removed"}:
        kept = [word for word in default if word not in own.get("removed", ())]
        return [*kept, *(word for word in own.get("added", ()) if word not in kept)]
    if (key := _key(default, own)) is not None:
        rows = {str(row[key]): row for row in default} | {str(row[key]): row for row in own}
        return [row for row in rows.values() if not row.get("gone")]
    return own


def difference(default: Any, whole: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Return what a commune's document has of its own: laid on the other, it gives the whole again.

    What is left out of a mapping comes back: nothing can be taken out of one.
    """
    if isinstance(default, Mapping) and isinstance(whole, Mapping):
        same = {n for n, value in whole.items() if default.get(n, _MISSING) == value}
        return {n: difference(default.get(n), value, n) for n, value in whole.items() if n not in same}
    if name == _WORDS and isinstance(default, list) and isinstance(whole, list):
        added = [word for word in whole if word not in default]
        return {"added": added, "removed": [word for word in default if word not in whole]}
    if (key := _key(default, whole)) is not None:
        before, after = ({row[key]: row for row in rows} for rows in (default, whole))
        changed = [row for code, row in after.items() if before.get(code) != row]
        return changed + [{key: code, **_GONE} for code in before if code not in after]
    return whole


def _key(*lists: Any) -> str | None:  # noqa: ANN401 - any JSON
    """Return by what the rows of these lists are told apart, if by anything."""
    if not all(isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows) for rows in lists):
        return None
    rows = [row for one in lists for row in one]
    return next((key for key in _KEYS if rows and all(key in row for row in rows)), None)
