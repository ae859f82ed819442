"""What the documents say is what the program does: schema, examples, commands, verbs, links.

`python -m tests.test_docs` writes docs/rasd-article-1.schema.json anew after the nouns of etl/model.py changed.
"""

import argparse
import json
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from etl import labels, mapping, registry
from etl.__main__ import _parser as parser
from etl.__main__ import main
from etl.annotate import annotate
from etl.model import FORMAT, Article
from etl.store import current, open_snapshot

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "docs" / "rasd-article-1.schema.json"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("data/**/*.md"))]
README = (ROOT / "README.md").read_text("utf-8")
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:\.venv/bin/|uv run )?(rasd(?: .*)?)")
_NULLABLE = ("article_id", "page_id", "role", "language", "keywords", "published_basis")
"""Keys that may be null as well as absent."""


def schema() -> dict[str, Any]:
    """The JSON Schema of a line: the types of etl.model, and what the reader demands beyond them."""
    made = msgspec.json.schema(Article)
    article = made["$defs"]["Article"]
    article["required"] = ["format", "annotations"]
    article["anyOf"] = [{"required": [name], "properties": {name: {"type": "string", "minLength": 1}}}
                        for name in ("headline", "body")]  # fmt: skip
    article["properties"]["article_id"]["maxLength"] = 200
    for name in _NULLABLE:
        said = article["properties"][name]
        article["properties"][name] = {"anyOf": [said, {"type": "null"}]}
    for name, found in made["$defs"].items():
        found["description"] = " ".join(found["description"].split())
        if name != "Article":
            found["properties"]["start"]["minimum"] = 0
            found["properties"]["end"]["minimum"] = 1
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT, **made}


def written() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def blocks(text: str, kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return [match["body"] for match in _FENCE.finditer(text) if match["kind"] == kind]


def commands() -> Iterator[tuple[str, str]]:
    """Every complete `rasd` line of a shell block, with the document that holds it."""
    for document in DOCUMENTS:
        for block in blocks(document.read_text("utf-8"), "sh"):
            for line in block.splitlines():
                if found := _COMMAND.fullmatch(line):
                    yield document.name, found[1]


def verbs() -> dict[str, set[str]]:
    """The verbs of the program, each with its options."""
    found: dict[str, set[str]] = {}
    for action in parser()._actions:  # noqa: SLF001 -- argparse shows its options no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- argparse shows its options no other way
            for name, verb in action.choices.items():
                found[name] = {o for a in verb._actions for o in a.option_strings} - {"-h", "--help"}  # noqa: SLF001 -- argparse shows its options no other way
    return found


def command_line(name: str) -> str:
    """The one line after a `command:` comment of the README."""
    found = re.findall(rf"^<!-- command: {name} -->\n```sh\n(.*)\n```$", README, re.MULTILINE)
    assert len(found) == 1
    return found[0]


def test_the_schema_is_that_of_the_model() -> None:
    """A noun that changes without its schema would mislead whoever writes the format."""
    assert SCHEMA.read_text("utf-8") == written(), "write it anew with: python -m tests.test_docs"


def test_every_json_example_loads_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The example of the format is accepted with all its annotations, and they are in the store."""
    examples = [json.loads(body) for d in DOCUMENTS for body in blocks(d.read_text("utf-8"), "json")]
    assert examples
    file = tmp_path / "example.jsonl"
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in examples), "utf-8")
    assert main(["load", str(file), "--store", str(tmp_path / "store"), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1])["accepted"] == len(examples)
    assert "annotations refused" not in said.err
    assert "unknown keys" not in said.err
    stored = open_snapshot(tmp_path / "store", current(tmp_path / "store") or "")
    tables = ("event_mention", "country_mention", "pair_mention", "theme_mention", "date_expression", "entity_mention")
    rows = sum(stored.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in tables)
    stored.close()
    assert rows == sum(len(one["annotations"]) for one in examples)


@pytest.mark.parametrize(("document", "line"), list(commands()))
def test_every_command_is_one(document: str, line: str) -> None:
    """What a document tells one to type is accepted by the program's own parser."""
    options = parser().parse_args(shlex.split(line)[1:])
    assert callable(options.run), document


def test_the_readme_names_every_verb_and_option_and_no_other() -> None:
    """Nothing is hidden, nothing is promised."""
    known = verbs()
    options = set().union(*known.values())
    code = [*_SPAN.findall(_FENCE.sub("", README)), *(line for _, line in commands())]
    ours = [span for span in code if re.match(r"rasd\b|-", span)]
    said = {word.partition("=")[0] for span in ours for word in span.split() if re.match(r"--?[a-z]", word)}
    assert said - options == set()
    # A short and a long name of one option are both in the set; the README shows each.
    assert options - said == set()
    named = {found[1] for span in ours if (found := re.match(r"rasd ([a-z]+)", span))}
    assert named == set(known)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    """Links between files resolve, anchors too; a path in code exists."""
    text = document.read_text("utf-8")
    for link in _LINK.findall(text):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if anchor:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}, link
    for span in _SPAN.findall(_FENCE.sub("", text)):
        if re.fullmatch(r"(?:etl|dashboard|data|docs|tests)/[\w./-]*", span) and span.rstrip("/") != "data/store":
            assert (ROOT / span).exists(), span


def test_the_tree_of_the_readme_stands() -> None:
    """Each folder and file that the README's drawing of the tree names is there."""
    tree = next(body for body in blocks(README, "") if body.startswith("data/registry/"))
    for line in tree.splitlines():
        folder, _, about = line.partition(" ")
        assert (ROOT / folder).is_dir(), folder
        for name in re.findall(r"[a-z_]+(?:\.py|/)", about):
            assert (ROOT / folder / name).exists(), f"{folder}{name}"


@pytest.mark.parametrize(("name", "lock"), [("run", "requirements.lock"), ("test", "requirements-dev.lock")])
def test_each_of_the_two_commands_is_one_line_that_needs_nothing(name: str, lock: str) -> None:
    """It makes its environment, installs by hashes from a lock file that exists, and ends with the program."""
    line = command_line(name)
    steps = line.split(" && ")
    assert steps[0] == "python3 -m venv .venv"
    assert f"--require-hashes -r {lock}" in steps[1]
    assert (ROOT / lock).read_text("utf-8").count("--hash=sha256:") > 0
    assert "--no-deps --no-build-isolation" in steps[2]
    assert steps[3] == {"run": ".venv/bin/rasd", "test": ".venv/bin/python -m pytest"}[name]
    assert f"-r {lock}; if" in README.replace("\\", "/"), "the line for PowerShell differs"


def test_the_arabic_quick_start_holds_the_same_line() -> None:
    """Who reads Arabic types what who reads English types."""
    assert README.partition("## البدء السريع")[2].count(command_line("run")) == 1


def test_ci_runs_the_readmes_line() -> None:
    """CI reads the second command from the README instead of having one of its own."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "command: test" in script
    assert "README.md" in script
    assert "pytest" not in script


def _examples() -> Iterator[tuple[str, str]]:
    for body in blocks((ROOT / "docs" / "registry.md").read_text("utf-8"), "toml"):
        file, _, entry = body.partition("\n")
        yield Path(file.removeprefix("# ")).name, entry


def test_every_registry_example_is_read(tmp_path: Path) -> None:
    """All examples together, added to the files they name, give a registry that holds them and finds them in a text."""
    folder = shutil.copytree(registry.folder(), tmp_path / "registry")
    ids: set[str] = set()
    for name, entry in _examples():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\n" + entry)
        for kind, raw in tomllib.loads(entry).items():
            ids |= {one["id"] for one in raw if "id" in one} if isinstance(raw, list) else set(raw)
            assert kind in {"event", "series", "country", "blocker", "theme", "person", "organisation"}
    read = registry.load(folder)
    assert ids <= {*read.events, *read.series, *read.countries, *read.themes, *read.persons, *read.organisations}
    moved = read.events["example-cup-2031"]
    assert (moved.value("start"), len(moved.facts)) == ("2031-07-05", 3)
    body = "وقّع وزير الخارجية المثالستاني اتفاق الصيد قبل ألعاب الأمثلة 2032 في شارع مثالستان."
    rows = [msgspec.to_builtins(row) for row in annotate(Article(body=body), read)]
    assert {row.get("event_id") for row in rows} >= {"example-games-2032"}
    assert {row.get("theme_id") for row in rows} >= {"fisheries"}
    assert [row["text"] for row in rows if row.get("code") == "XX"] == ["مثالستاني"]


def test_the_tables_and_labels_of_the_inputs_are_read(tmp_path: Path) -> None:
    """The map and the table of labels in docs/inputs.md are accepted, and each label that it lists is one of ours."""
    text = (ROOT / "docs" / "inputs.md").read_text("utf-8")
    files = {body.partition("\n")[0].removeprefix("# "): body for body in blocks(text, "toml")}
    assert set(files) == {"map.toml", "labels.toml"}
    for name, body in files.items():
        (tmp_path / name).write_text(body, "utf-8")
    pairs, rest = mapping.in_file(tmp_path / "map.toml")
    assert mapping.mapped(pairs).columns["body"] == "text"
    assert rest == {}
    assert labels.read_labels(tmp_path / "labels.toml").meanings["Migration"]["theme_id"] == "migration"
    for cell in re.findall(r"^\| (`[a-z]+:[^|]*) \| ", text, re.MULTILINE):
        for label in _SPAN.findall(cell):
            layer = label.partition(":")[0]
            assert (labels.meaning(label) or labels.tie_meaning(label) or {}).get("layer") == layer, label


def test_the_sample_is_what_its_readme_counts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Records, articles by role, dated ones and outlets, as data/sample/README.md says them."""
    said = (ROOT / "data" / "sample" / "README.md").read_text("utf-8")
    assert main(["load", str(ROOT / "data" / "sample"), "--store", str(tmp_path), "--json"]) == 0
    counted = json.loads(capsys.readouterr().out.splitlines()[-1])
    stored = open_snapshot(tmp_path, current(tmp_path) or "")
    roles = dict(stored.execute("SELECT role::VARCHAR, count(*) FROM article GROUP BY ALL").fetchall())
    dated, outlets = stored.execute("SELECT count(published_on), count(DISTINCT publisher) FROM article").fetchall()[0]
    stored.close()
    found = " ".join(said.split())
    assert f"{counted['accepted']} records" in found
    assert f"{sum(roles.values())} articles: {roles['main']} main ones, {roles['read_also']} under" in found
    assert f"{roles['headline']} bare headlines; {dated} of them have a date" in found
    assert outlets == len(re.findall(r"^\| [^|]+ \| [A-Z][^|(]+ \(", said, re.MULTILINE))


if __name__ == "__main__":
    SCHEMA.write_text(written(), "utf-8")
    sys.stdout.write(f"{SCHEMA.relative_to(ROOT)}\n")
