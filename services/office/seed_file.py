"""A seed file read into rows of plain text with their line numbers, be it YAML or CSV.

Nothing here raises on a bad file: what is wrong is noted as a problem, with what to write instead.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePath

import yaml

FIELDS: Mapping[str, tuple[str, ...]] = {
    "area": ("code", "name", "kind", "parent", "prefix", "from", "to"),
    "unit": ("code", "type", "name", "area", "parent", "phone", "from", "to"),
    "person": ("code", "name", "phone"),
    "role": ("person", "role", "unit", "from", "to"),
}
"""What each kind of row may say."""
COLUMNS = ("what", *dict.fromkeys(name for fields in FIELDS.values() for name in fields))
"""The columns of a CSV file, in any order; `what` is area, unit, person or role."""
NO_CODE = "(no code)"
"""Stands for the person of a role that is written under somebody without a code."""
_LISTS = {"areas": "area", "units": "unit", "people": "person"}
_LONGEST = 200  # characters of one value
_SHOWN = 40
_FEW = 12
_EXPECTED = "a seed file holds lists named areas, units and people"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it was written, and its line."""

    text: str
    line: int


@dataclass(frozen=True)
class Entry:
    """One row of the file: an area, a unit, a person or a role; empty values are left out."""

    what: str
    line: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """Return a value, empty when it was not written."""
        return self.cells[name].text if name in self.cells else ""

    def line_of(self, name: str) -> int:
        """Return the line of a value, or of the entry."""
        return self.cells[name].line if name in self.cells else self.line

    @property
    def label(self) -> str:
        """What to call it in a message: its code, never a person's name or number."""
        if self.what == "role":
            return f"role of {quoted(self.text('person'))}" if "person" in self.cells else "role"
        return f"{self.what} {quoted(self.text('code'))}" if "code" in self.cells else self.what


@dataclass
class Problems:
    """What is wrong with a file, each with its line."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, text: str) -> None:
        """Note a problem."""
        self.found.append((line, text))

    def about(self, entry: Entry, name: str, text: str) -> None:
        """Note a problem with a value of an entry."""
        self.add(entry.line_of(name), f"{entry.label}: {text}")

    def lines(self) -> list[str]:
        """Return them as `file:line: text`, from the first line on, each once."""
        return [f"{self.file}:{line}: {text}" for line, text in sorted(set(self.found))]


def quoted(text: str) -> str:
    """Quote what somebody wrote, shortened."""
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"


def instead(text: str, choices: Collection[str]) -> str:
    """Say what could be meant: the nearest of the choices, or all when they are few."""
    near = get_close_matches(text[:_SHOWN], choices, 1)
    if near:
        return f"; did you mean {quoted(near[0])}?"
    if not choices:
        return "; none is known yet, so add it to the file"
    some = sorted(choices)[:_FEW]
    return f"; write one of {', '.join(some)}{' …' if len(choices) > _FEW else ''}"


def read(data: bytes, problems: Problems) -> list[Entry]:
    """Read a file's bytes as CSV if its name ends so, else as YAML; the entries in the file's order."""
    try:
        coding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
        text = unicodedata.normalize("NFC", data.decode(coding))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(line, "this is not UTF-8 text; save the file as UTF-8")
        return []
    is_csv = PurePath(problems.file).suffix.lower() == ".csv"
    return list((_csv_entries if is_csv else _yaml_entries)(text, problems))


def _entry(what: str, line: int, written: Iterable[tuple[str, Cell]], problems: Problems) -> Entry:
    """Keep the values an entry may have; note the others, those written twice and those nobody can read."""
    cells: dict[str, Cell] = {}
    strange: list[Cell] = []
    for name, cell in written:
        plain = Cell(" ".join(cell.text.split()), cell.line)
        if name not in FIELDS[what]:
            strange.append(Cell(name, cell.line))
        elif name in cells:
            problems.add(cell.line, f"{what}: {quoted(name)} is written twice; keep one")
        elif not plain.text.isprintable():
            problems.add(cell.line, f"{what}: {quoted(name)} holds an invisible character; type it again")
        elif len(plain.text) > _LONGEST:
            problems.add(cell.line, f"{what}: {quoted(name)} is longer than {_LONGEST} characters")
        elif plain.text:
            cells[name] = plain
    entry = Entry(what, line, cells)
    for cell in strange:
        known = f"unknown field {_shown(cell.text)}{instead(cell.text, FIELDS[what])}"
        problems.add(cell.line, f"{entry.label}: {known}")
    return entry


def _shown(text: str) -> str:
    return quoted("".join(letter if letter.isprintable() else "?" for letter in text))


# --- YAML ---------------------------------------------------------------------------------------


def _yaml_entries(text: str, problems: Problems) -> Iterator[Entry]:
    root = _composed(text, problems)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        problems.add(1, f"{_EXPECTED}, such as “units:” and under it “- code: …”")
        return
    for key, value in root.value:
        name = _plain(key)
        if name not in _LISTS:
            problems.add(_line(key), f"unknown list {_shown(name)}{instead(name, _LISTS)}")
            continue
        for item in _items(value, name, problems):
            yield from _yaml_row(_LISTS[name], item, problems)


def _composed(text: str, problems: Problems) -> yaml.Node | None:
    """Parse to nodes, which know their lines and keep every value as it was written (0912… stays so)."""
    line, said = 1, f"the file is empty; {_EXPECTED}"
    try:
        root: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        root, line, said = None, mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}"
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        root, said = None, "a character no text file should hold; delete it"
    except (ValueError, OverflowError, RecursionError):
        root, said = None, "this is not YAML: an impossible character or too many brackets"
    if root is None:
        problems.add(line, said)
    return root


def _yaml_row(what: str, node: yaml.Node, problems: Problems, owner: Cell | None = None) -> Iterator[Entry]:
    """Yield the entry a mapping holds, and after a person the roles written under it."""
    if not isinstance(node, yaml.MappingNode):
        problems.add(_line(node), f"this {what} is not a list of fields; write “- {FIELDS[what][0]}: …”")
        return
    written = [("person", owner)] if owner else []
    roles: list[yaml.Node] = []
    for key, value in node.value:
        name = _plain(key)
        if name == "roles" and what == "person":
            roles += _items(value, name, problems)
        elif isinstance(value, yaml.ScalarNode):
            written.append((name, Cell(_plain(value), _line(value))))
        else:
            problems.add(_line(key), f"{what}: {_shown(name)} must be one value, not a list or more fields")
    entry = _entry(what, _line(node), written, problems)
    yield entry
    for role in roles:
        yield from _yaml_row("role", role, problems, entry.cells.get("code", Cell(NO_CODE, entry.line)))


def _items(node: yaml.Node, name: str, problems: Problems) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if not isinstance(node, yaml.ScalarNode) or _plain(node):
        problems.add(_line(node), f"{quoted(name)} must be a list; begin each of its entries with “- ”")
    return []


def _plain(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:null":
        return ""
    return str(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


# --- CSV ----------------------------------------------------------------------------------------


def _csv_entries(text: str, problems: Problems) -> Iterator[Entry]:
    heading = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count))
    try:
        first: list[str] = next((row for row in rows if any(cell.strip() for cell in row)), [])
        columns = [name.strip().lower() for name in first]
        if _good_columns(columns, max(1, rows.line_num), problems):
            for row in rows:
                yield from _csv_row(dict(zip(columns, row, strict=False)), rows.line_num, problems)
    except csv.Error as error:
        problems.add(rows.line_num, f"this is not CSV: {error}")


def _good_columns(columns: list[str], line: int, problems: Problems) -> bool:
    before = len(problems.found)
    for name in dict.fromkeys(columns):
        if name and name not in COLUMNS:
            problems.add(line, f"unknown column {_shown(name)}{instead(name, COLUMNS)}")
        if name and columns.count(name) > 1:
            problems.add(line, f"column {_shown(name)} stands there twice")
    if "what" not in columns:
        problems.add(line, f"no column “what”; the first line names the columns: {','.join(COLUMNS)}")
    return len(problems.found) == before


def _csv_row(row: Mapping[str, str], line: int, problems: Problems) -> Iterator[Entry]:
    values = {name: text for name, text in row.items() if text.strip()}
    what = values.pop("what", "").strip()
    if what in FIELDS:
        yield _entry(what, line, [(name, Cell(text, line)) for name, text in values.items()], problems)
    elif what or values:
        problems.add(line, f"“what” is {_shown(what)}{instead(what, FIELDS)}")
