"""The house around the code: what the documents say of it is so, and it stays small and portable."""

import ast
import hashlib
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FUNCTION, LONGEST_FILE = 60, 400
EDGES = 25
"""Ways in which a channel can go wrong that were thought of before it was built."""
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
"""SHA-256 of the licence's text as the Apache Software Foundation publishes it."""
DRIVEN = {
    "aiosqlite": "SQLAlchemy loads the driver that the database's address names",
    "asyncpg": "the same",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
"""Packages that no line imports, and who uses them instead."""
COME_ALONG = {"pydantic": "pydantic-settings is made of it", "yarl": "aiohttp's addresses are yarl's"}
"""Packages that are imported without being listed, and why that is safe."""
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
_MACHINE = re.compile(r"(?<![\w.:/-])/(?:root|work|home|Users|opt)/\w")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


@cache
def files() -> list[Path]:
    """Return every file that is committed or about to be, relative to the root."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - git
        names = {Path(name) for name in listed.stdout.split("\0") if name}
    else:
        ignored = {line.strip("/*") for line in (ROOT / ".gitignore").read_text().split()}
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = {path for path in found if not ignored & {*path.parts, path.suffix}}
    return sorted(name for name in names if (ROOT / name).is_file())


def text_files() -> Iterator[tuple[Path, str]]:
    """Yield the files that can be read as text, with their text."""
    for path in files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode()


def code(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Yield the code we write by hand: what alembic or data tables hold is not meant to be read as prose."""
    for path, text in text_files():
        if path.suffix in suffixes and not {"versions", "data"} & set(path.parts):
            yield path, text


def project() -> dict[str, Any]:
    """Return the whole of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def normal(name: str) -> str:
    """Return a package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct(*, dev: bool) -> set[str]:
    """Return the packages pyproject.toml asks for itself."""
    asked = project()["project"]
    wanted = asked["optional-dependencies"]["dev"] if dev else asked["dependencies"]
    return {normal(found[0]) for line in wanted if (found := _NAME.match(line))}


def locked(name: str) -> dict[str, str]:
    """Return a lock file's packages and their versions."""
    return {normal(package): version for package, version in _PIN.findall((ROOT / name).read_text())}


def rows() -> dict[str, list[str]]:
    """Return the table of docs/dependencies.md: each package's cells after its name."""
    text = (ROOT / "docs" / "dependencies.md").read_text()
    table = text.partition("## What was considered")[0]
    lines = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return {normal(cells[0].strip("`")): cells[1:] for cells in lines}


def imported(*, tests: bool) -> set[str]:
    """Return the top-level names our code imports."""
    names: set[str] = set()
    for path, text in code(".py"):
        if tests or path.parts[0] not in {"tests", "bench"}:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.partition(".")[0])
    return names


# --- dependencies --------------------------------------------------------------------------------


def test_every_dependency_has_its_row_and_every_row_its_dependency() -> None:
    """docs/dependencies.md says of each package we ask for why we do, and of no other."""
    assert set(rows()) == direct(dev=False) | direct(dev=True)


def test_the_rows_name_the_locked_versions() -> None:
    """A new lock file is a new row: the version in the document is the one that is installed."""
    pins = locked("requirements-dev.lock")
    assert {name: cells[0] for name, cells in rows().items()} == {name: pins[name] for name in rows()}


def test_the_rows_are_whole() -> None:
    """Version, month of release, licence, what it saves us: no cell is empty, months are months."""
    for name, cells in rows().items():
        assert len(cells) == 4, name
        assert all(cells), name
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", cells[1]), name


def test_the_tests_run_on_what_people_run() -> None:
    """The lock file for developers holds the one for running the desk, version for version."""
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()
    assert direct(dev=False) <= set(locked("requirements.lock"))
    assert direct(dev=True) <= set(locked("requirements-dev.lock"))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_name_no_place(name: str) -> None:
    """Packages come from wherever the machine's pip looks; what is installed is known by its hash."""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-{1,2}[a-z]", text.replace("--hash=sha256:", ""), re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[A-Za-z])", text.strip()))


def test_nothing_is_installed_for_nothing() -> None:
    """Each package of the running desk is imported somewhere, or is a driver named here with its reason."""
    providers = packages_distributions()
    used = {normal(p) for name in imported(tests=False) for p in providers.get(name, [])}
    assert direct(dev=False) - used - set(DRIVEN) == set()


def test_what_is_imported_is_asked_for() -> None:
    """No code leans on a package that is only there because another one needs it."""
    providers = packages_distributions()
    run = {normal(p) for name in imported(tests=False) for p in providers.get(name, [])}
    assert run - direct(dev=False) - set(COME_ALONG) == set()
    every = {normal(p) for name in imported(tests=True) for p in providers.get(name, [])}
    assert every - direct(dev=False) - direct(dev=True) - set(COME_ALONG) == set()


# --- documents -----------------------------------------------------------------------------------


def targets() -> set[str]:
    """Return what can be made."""
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_readme_begins_with_commands_that_exist() -> None:
    """A newcomer's commands, `make demo` and `make test`, are in the README and in the Makefile."""
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text()))
    assert {"demo", "test"} <= named & targets()


@pytest.mark.parametrize(
    "name", ["CONTRIBUTING.md", "docs/architecture.md", "docs/dependencies.md", ".ci/run"]
)
def test_documents_name_commands_that_exist(name: str) -> None:
    """Whatever a document or the continuous check tells to make can be made."""
    text = (ROOT / name).read_text()
    quoted = re.findall(r"`make ([a-z]+)[^`]*`|^make ([a-z]+)", text, re.MULTILINE)
    assert {a or b for a, b in quoted} <= targets()


def walls() -> list[tuple[str, list[str]]]:
    """Return what the import linter keeps in layers: the house itself, then each floor and its rooms."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    layered = [contract for contract in contracts if contract["type"] == "layers"]
    return [(one.get("containers", [""])[0], one["layers"]) for one in layered]


def test_the_floors_and_their_rooms_are_as_documented() -> None:
    """Who may import whom: the architecture's lines are the import linter's contracts."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    for floor, layers in walls():
        line = " -> ".join(layers)
        assert (f"`{floor}: {line}`" if floor else f"`{line}`") in page


def rooms() -> set[str]:
    """Return the folder of each room of a floor."""
    rows = [(floor, row) for floor, layers in walls() if floor for row in layers]
    return {f"{floor}/{room}/" for floor, row in rows for room in row.split(" | ")}


def test_every_module_is_in_a_room() -> None:
    """On a floor that has rooms each module is in one of them, and each room is in its contract."""
    floors = {floor for floor, _ in walls() if floor}
    for path, text in code(".py"):
        if path.parts[0] in floors and text:
            assert f"{'/'.join(path.parts[:2])}/" in rooms(), path


def test_every_package_stands_on_a_floor() -> None:
    """A new top-level package is bound by the contracts, or it is not part of the desk."""
    packages = {path.parts[0] for path in files() if path.name == "__init__.py" and len(path.parts) == 2}
    assert packages - {"tests", "bench"} <= set(project()["tool"]["importlinter"]["root_packages"])


def test_documents_name_files_that_exist() -> None:
    """A path of ours in a document leads somewhere, so a file that is renamed is renamed there too."""
    mine = re.compile(
        r"(?<![\w./-])((?:bot|handlers|scheduler|web|services|storage|domain|locales|tests|tools|docs)/[\w./-]*\w/?)"
    )
    for path, text in code(".md"):
        if path.name != "CHANGELOG.md":
            missing = [name for name in mine.findall(text) if not _leads_somewhere(name)]
            assert not missing, path


def _leads_somewhere(name: str) -> bool:
    """Say whether a path exists; a decision may be named by its number alone, as docs/adr/0003."""
    return (ROOT / name).exists() or any((ROOT / name).parent.glob(f"{Path(name).name}-*.md"))


def test_the_map_is_whole() -> None:
    """Each room and module of the desk stands on the map, by itself or in a folder that does."""
    named = set(re.findall(r"`([\w/]+(?:\.py|/))`", (ROOT / "docs" / "architecture.md").read_text()))
    floors = set(project()["tool"]["importlinter"]["root_packages"])
    bare = {f"{floor}/" for floor in floors - {"locales"}} | rooms() - {"storage/migrations/"}
    assert rooms() <= named
    whole = named - bare
    for path, text in code(".py"):
        if path.parts[0] in floors and text:
            above = {f"{folder.as_posix()}/" for folder in path.parents}
            assert whole & {path.as_posix(), *above}, path


def test_conversations_know_no_channel() -> None:
    """No rule, verb or conversation names one: what differs between them is the channel's matter."""
    for path, text in code(".py"):
        if path.parts[0] in {"handlers", "services", "scheduler", "domain"}:
            assert not re.search(r"webchat|web_chat|telegram|zalo", text, re.IGNORECASE), path


def test_links_between_documents_lead_somewhere() -> None:
    """No link inside the repository is broken."""
    for path, text in code(".md"):
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text):
            assert (ROOT / path.parent / target).exists(), f"{path}: {target}"


def test_every_edge_case_of_the_channels_has_its_test() -> None:
    """docs/channels.md numbers what was thought of, one to the last, and each row names a test there is."""
    table = (ROOT / "docs" / "channels.md").read_text().partition("## What was thought of")[2]
    named = re.findall(r"^\| (\d+) \| [^|]+ \| `(test_edge_(\d\d)_\w+)` \|$", table, re.MULTILINE)
    assert [(int(number), int(own)) for number, _, own in named] == [(n, n) for n in range(1, EDGES + 1)]
    assert {test for _, test, _ in named} <= set(_tests("test_edge_"))
    assert {int(test[10:12]) for test in _tests("test_edge_")} == set(range(1, EDGES + 1))


def _tests(prefix: str) -> list[str]:
    return [name for path, _ in functions() if (name := path.rpartition(":")[2]).startswith(prefix)]


def test_the_licence_is_whole() -> None:
    """LICENSE is the text of the Apache License 2.0, unchanged."""
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


# --- the code ------------------------------------------------------------------------------------


def test_no_file_names_a_registry_or_a_machine() -> None:
    """The project works wherever it is checked out, and takes its packages from wherever pip looks."""
    for path, text in text_files():
        assert not [host for host in HOSTS if host in text], path
        assert not _MACHINE.findall(text), path


def test_no_file_is_long() -> None:
    """What does not fit in 400 lines is two things."""
    long = {
        str(path): n
        for path, text in code(".py", ".js", ".css", ".html")
        if (n := text.count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_long() -> None:
    """A function fits on a screen."""
    assert [name for name, length in functions() if length > LONGEST_FUNCTION] == []


def test_functions_are_short() -> None:
    """Nine of ten functions have at most 30 lines, and half of them at most 10."""
    lengths = sorted(length for _, length in functions())
    assert lengths[len(lengths) * 9 // 10] <= 30
    assert lengths[len(lengths) // 2] <= 10


@cache
def functions() -> list[tuple[str, int]]:
    """Return every function with its number of lines."""
    return list(_functions())


def _functions() -> Iterator[tuple[str, int]]:
    for path, text in code(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


WORDS_IN_A_PATTERN = re.compile(r"[^\W\d_]{2,}\|[^\W\d_]{2,}")
"""Two words, either of which may be said."""


def test_what_people_say_is_no_code_where_they_are_heard() -> None:
    """Patterns of their words are documents of `domain/understand/data` or `locales/heard`."""
    calls = (
        (path, call)
        for path, text in code(".py")
        if path.parts[0] == "handlers"
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re.")
    )
    found = [
        f"{path}: {one.value}"
        for path, call in calls
        for one in ast.walk(call)
        if isinstance(one, ast.Constant) and WORDS_IN_A_PATTERN.search(str(one.value))
    ]
    assert found == []
