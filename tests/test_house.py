"""What keeps the house in order: tools that read the code, and rules that no tool knows.

Docstrings, bidi marks in the source and unused exceptions are ruff's; text from outside is test_safe.py's; comments on
columns are test_store.py's; six plural forms and whole catalogues are test_words.py's.
"""

import ast
import fnmatch
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.metadata import version as installed
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dashboard import filters, queries, words
from dashboard.brief import document, served
from etl import model
from etl.gather import Rule

ROOT = Path(__file__).parent.parent
MOST_LINES, MEDIAN_FUNCTION, LONGEST_FUNCTION = 400, 13, 60
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
_IGNORED = [".git", *re.findall(r"^([^#\n]+?)/?$", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)]


def ours(*suffixes: str, under: str = ".") -> list[Path]:
    """Every file of the project with one of the suffixes (any, if none is given), but what git ignores."""
    found = (path for path in sorted((ROOT / under).rglob("*")) if path.is_file())
    return [path for path in found if not _is_ignored(path) and (not suffixes or path.suffix in suffixes)]


def _is_ignored(path: Path) -> bool:
    way = path.relative_to(ROOT)
    names = [*way.parts, *(parent.as_posix() for parent in way.parents)]
    return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in _IGNORED)


def relative(path: Path) -> str:
    """The path as a reader of a failure wants it."""
    return path.relative_to(ROOT).as_posix()


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The syntax tree of every Python file under the folders, with its path."""
    for path in (path for folder in folders for path in ours(".py", under=folder)):
        yield relative(path), ast.parse(path.read_text("utf-8"))


def content(*command: str) -> None:
    """Run a tool in the project's folder; fail with what it says where it is not content."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{done.stdout}\n{done.stderr}", pytrace=False)


# What tools see


def test_ruff_finds_nothing() -> None:
    """Every rule holds but those that pyproject.toml turns off with a reason."""
    content("-m", "ruff", "check", "--output-format", "concise")


def test_the_format_is_ruffs() -> None:
    """One layout, so that a diff shows what was meant."""
    content("-m", "ruff", "format", "--check", "--output-format", "concise")


def test_the_types_hold() -> None:
    """Ty finds no error, and no exception that is no longer needed."""
    content("-m", "ty", "check", "--output-format", "concise")


def test_imports_point_one_way() -> None:
    """The layers of pyproject.toml hold: no step goes back, and the two sides meet in the store only."""
    content("-c", "from importlinter.cli import lint_imports_command as run; run()")


# How much a reader has to hold


def test_no_file_is_long() -> None:
    """A file that passes 400 lines is split by subject into a folder of the same name."""
    lines = {relative(path): len(path.read_text("utf-8").splitlines()) for path in ours(".py", ".js", ".css", ".sql")}
    assert not {path: count for path, count in lines.items() if count > MOST_LINES}


@pytest.mark.parametrize("folder", ["etl", "dashboard", "tests"])
def test_functions_are_short(folder: str) -> None:
    """Half of all functions take 13 lines at most, and none takes more than a screen."""
    lengths = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, tree in trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert not {where: count for where, count in lengths.items() if count > LONGEST_FUNCTION}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


# Exceptions and dependencies give their reason


REASONED = (
    "project",
    "dependency-groups",
    "tool.ruff.lint",
    "tool.ruff.lint.per-file-ignores",
    "tool.pytest.ini_options",
)


@pytest.mark.parametrize("table", REASONED)
def test_every_dependency_and_exception_gives_its_reason(table: str) -> None:
    """Who adds one to a list of pyproject.toml says in the same line what for."""
    body = PYPROJECT.split(f"\n[{table}]\n", 1)[1].split("\n[", 1)[0]
    entries = [line for line in body.splitlines() if re.match(r'\s*"', line) and not line.endswith("[")]
    assert not [line for line in entries if "#" not in line]


def test_every_exception_in_the_code_gives_its_reason() -> None:
    """A comment that silences a tool says why after two hyphens."""
    silenced = re.compile(r"# (?:noqa\b|type: ignore|ty: ignore|fmt: off).*$", re.MULTILINE)
    reason = re.compile(r"# (?:noqa: [A-Z0-9, ]+|ty: ignore\[[a-z-]+\]) -- \S")
    found = [
        f"{relative(path)}: {match.group()}"
        for path in ours(".py")
        if path != Path(__file__)
        for match in silenced.finditer(path.read_text("utf-8"))
        if not reason.match(match.group())
    ]
    assert not found


def _pins(name: str) -> dict[str, Requirement]:
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    found = [Requirement(line.split("--hash")[0]) for line in lines if line.strip() and not line.startswith(("#", " "))]
    return {canonicalize_name(pin.name): pin for pin in found}


def test_both_locks_pin_what_is_installed() -> None:
    """The tests ran with the versions that both locks name, and who develops runs what users run."""
    runtime, every = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert runtime.items() <= every.items()
    wrong = {}
    for name, pin in every.items():
        if pin.marker is None or pin.marker.evaluate():
            try:
                found = installed(name)
            except PackageNotFoundError:
                found = "nothing"
            # As versions, not as letters: a package may call its 1.2 «1.002».
            if not pin.specifier.contains(found, prereleases=True):
                wrong[name] = f"{pin.specifier} locked, {found} installed"
    assert not wrong


PERMISSIVE = {
    "0BSD", "3-Clause BSD License", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0",
    "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "MIT", "MIT License", "MIT-CMU", "OFL-1.1",
    "PSF-2.0", "Zlib",
}  # fmt: skip
"""As distributions write them. All let anyone use, change and pass on, with no duty but to keep the notice."""

EXCEPTIONS = {
    "certifi": {"Mozilla Public License 2.0 (MPL 2.0)"},
    "tld": {"MPL-1.1", "GPL-2.0-only", "LGPL-2.1-or-later"},
}
"""certifi is a list of root certificates, data neither changed nor shipped; nothing here uses the network. tld is
offered under any of the three; MPL-1.1 is taken, which asks for its own files only, and those stay as they are."""


def test_every_licence_is_permissive() -> None:
    """Whoever gets Rasd may do with all of it what its own licence allows."""
    found = {name: _licences(name) for name in _needed("rasd", set())}
    assert {name: said for name, said in found.items() if not said <= PERMISSIVE} == EXCEPTIONS


def _needed(name: str, seen: set[str]) -> set[str]:
    """A distribution and all that it needs on this machine."""
    if canonicalize_name(name) not in seen:
        seen.add(canonicalize_name(name))
        for need in map(Requirement, distribution(name).requires or []):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                _needed(need.name, seen)
    return seen


def _licences(name: str) -> set[str]:
    about = distribution(name).metadata
    if "License-Expression" in about:
        return set(re.split(r" (?:AND|OR) ", about["License-Expression"]))
    classifiers = about.get_all("Classifier") or []
    said = {line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")}
    return said or set(about.get_all("License") or [])


# What must not stand in a file


def test_no_file_names_a_registry_or_a_machine() -> None:
    """A clone works anywhere: no package registry's address, no path of somebody's machine."""
    registry = r"https?://[^\s\"']*(?:pypi|pythonhosted|npmjs|artifactory|nexus|/simple/?\b)|--(?:extra-)?index-url[ =]"
    machine = r"(?<![\w.~/])/(?:home|root|work|Users|mnt)/\w|[A-Z]:\\Users\\"
    place = re.compile(f"{registry}|{machine}")
    found = [
        f"{relative(path)}: {match.group()}"
        for path in ours()
        if path != Path(__file__)
        for match in place.finditer(path.read_bytes().decode("utf-8", "ignore"))
        if path.suffix not in {".png", ".jpg", ".ttf", ".gz"}
    ]
    assert not found


def test_no_message_smiles() -> None:
    """The interface says things in words: no emoji in messages, code or scripts of the dashboard."""
    emoji = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f]")
    found = {relative(path): emoji.findall(path.read_text("utf-8")) for path in ours(under="dashboard")}
    assert not {path: signs for path, signs in found.items() if signs}


# Messages

_WAYS = ("new", "gone", "up", "down")
FAMILIES: dict[str, tuple[str, ...]] = {
    "basis.": get_args(model.PublishedBasis),
    "brief.changes.": ("no_before", "nothing", "same"),
    "brief.counted.": get_args(filters.Unit),
    "brief.due.": ("starts", "ends", "runs", "month"),
    "brief.event.": _WAYS,
    "brief.file.": tuple(served.FORMS),
    "brief.flag.": ("nothing", "undated", "partial", "one_source"),
    "brief.from.": get_args(filters.Unit),
    "brief.list.": ("publisher", "event", "articles", "events"),
    "brief.pair.": _WAYS,
    "brief.pairs.": ("nothing", "pair", "now", "before", "relation"),
    "brief.part.": tuple(document.PARTS),
    "brief.source.": (*get_args(filters.Unit), "calendar"),
    "brief.stories.": ("first", "hidden", "nothing", "no_headline"),
    "brief.sure.": ("high", "medium", "low"),
    "brief.theme.": _WAYS,
    "brief.themes.": ("nothing", "before", "now", "last", "this"),
    "brief.tile.": ("stories", "articles", "sources", "events", "undated", "before", "mean", "share", "none"),
    "brief.to.": get_args(filters.Unit),
    "chart.reading.": ("window", "today", "gap", "bar"),
    "check.": get_args(model.WeekdayCheck),
    "copy.": get_args(Rule),
    "datebasis.": get_args(model.DateBasis),
    "filters.": tuple(name for name in filters.NAMES),
    "grain.": get_args(filters.Grain),
    "layer.": queries.LAYERS,
    "ledger.": ("words", "value", "basis", "anchor", "check", "rule"),
    "locale.": words.LOCALES,
    "nav.": tuple(sorted(path.stem for path in (ROOT / "dashboard" / "views").glob("[a-z]*.py"))),
    "open.": ("open_editions", "ambiguous", "date_conflicts"),
    "pairs.direction_": ("both", "none"),
    "part.": get_args(model.CountryRole),
    "per.": get_args(filters.Grain),
    "phase.": ("before", "during", "after"),
    "precision.": get_args(model.Precision),
    "relation.": get_args(model.Relation),
    "role.": get_args(model.Role),
    "said.": ("alone", "together", *(name for name in queries.RELATIONS if name.startswith("said_"))),
    "store.": ("no-store", "foreign", "damaged", "other-version", "no-snapshot", "unknown"),
    "strength.": get_args(model.Tier),
    "tier.": get_args(filters.Tier),
    "tile.": ("stories", "articles", "sources", "events", "undated"),
    "time.": get_args(filters.TimeDirection),
    "unit.": get_args(filters.Unit),
    "why.": ("words", "layer", "meaning", "rule", "strength", "annotator"),
    "zone.": get_args(model.Zone),
}
"""Messages whose last word is a value of the program: each value has one, and a new value needs one."""

OPTIONAL = {"rule."}
"""Messages for values that are shown as they are where none is written."""


def _asked() -> tuple[set[str], set[str]]:
    """The message ids that the dashboard's code spells out, and the beginnings of those that it puts together."""
    whole, begun = set(), set()
    for _, tree in trees("dashboard"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                (begun if node.value.endswith((".", "_")) else whole).add(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"t", "n"}:
                begun |= _beginning(node.args[0]) if node.args else set()
    return whole, begun


def _beginning(msgid: ast.expr) -> set[str]:
    first = msgid.values[0] if isinstance(msgid, ast.JoinedStr) else None
    return {first.value} if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()


def _catalogue() -> set[str]:
    with (ROOT / "dashboard" / "locale" / "ar.po").open("rb") as file:
        return {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_po(file) if entry.id}


def _members() -> set[str]:
    return {prefix + value for prefix, values in FAMILIES.items() for value in values}


def test_every_message_that_is_asked_for_exists() -> None:
    """A key in the code without its Arabic would break a page for the first reader who gets there."""
    known, (whole, begun) = _catalogue(), _asked()
    prefixes = {msgid.split(".")[0] for msgid in known}
    keys = {text for text in whole if re.fullmatch(r"[a-z]+\.[a-z_]+", text) and text.split(".")[0] in prefixes}
    not_keys = {"article.py", "data.py"}
    missing = (keys | _members()) - known - not_keys
    assert not missing
    families = {text for text in begun if text.split(".")[0] in prefixes}
    # A name put together of two parts begins several families.
    assert not [name for name in families - OPTIONAL if not any(known.startswith(name) for known in FAMILIES)]


def test_every_message_is_used() -> None:
    """What nobody says is not kept for a translator to puzzle over."""
    whole, _ = _asked()
    unused = {msgid for msgid in _catalogue() - whole - _members() if not msgid.startswith(tuple(OPTIONAL))}
    assert not unused


# Where a newcomer adds


@pytest.mark.parametrize("path", ours(".toml", under="data/registry"), ids=lambda path: path.name)
def test_a_registry_file_begins_with_how_to_add_an_entry(path: Path) -> None:
    """Who opens the file reads first what to write."""
    text = path.read_text("utf-8")
    head = text[: text.index("\n\n\n") if "\n\n\n" in text else text.index("\n[")]
    assert re.search(r"^# ?(?:To add|How to add) an? .+", head, re.MULTILINE)
    assert all(line.startswith("#") for line in text.split("\n\n")[0].splitlines())


def test_every_page_stands_in_the_list() -> None:
    """A file in views/ that main.py does not name would be a page that nobody reaches."""
    named = re.findall(r'\("(\w+)", ":material/', (ROOT / "dashboard" / "main.py").read_text("utf-8"))
    assert sorted(named) == sorted(FAMILIES["nav."])


def test_the_lists_of_the_settings_agree() -> None:
    """The package is installed with its registry, its sample and its settings."""
    shipped = tomllib.loads(PYPROJECT)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert not [source for source in shipped if not (ROOT / source).exists()]
