"""What a person takes away from an export is gone from the store that it came from, and the trail of it stays."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from loading import span

from etl.pipeline import load
from etl.store.staging import MENTIONS
from etl.write import WRITERS, Choice, export
from tests.test_pipeline import ask, line, write
from tests.test_upon import dump

BODY = "استقبل المغرب وفدًا من إسبانيا لبحث الهجرة."
SARA, RULES = "analyst:sara", "rules/1"
Edit = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def country(code: str, words: str, who: str = SARA) -> dict[str, Any]:
    """A country on its words."""
    return {"layer": "country", "code": code, "role": "actor"} | span(words, BODY.index(words), who)


MOROCCO, SPAIN = country("MA", "المغرب"), country("ES", "إسبانيا")
THEME = {"layer": "theme", "theme_id": "migration"} | span("الهجرة", BODY.index("الهجرة"), SARA)
OURS = country("MA", "المغرب", RULES)


def original(path: Path, *rows: dict[str, Any]) -> Path:
    """A file of one article with these annotations."""
    return write(path, line(article_id="1", body=BODY, annotations=list(rows)))


def exported(folder: Path, name: str, **choice: Any) -> Path:
    """The store's articles, in a format."""
    out = folder.parent / f"{folder.name}-{name}{WRITERS[name].suffix}"
    export(folder, out, name, Choice(**choice))
    return out


def without(path: Path, name: str, label: str, author: str | None = None) -> Path:
    """The file after somebody deleted a label in their tool (`author`: submitted it under that address)."""
    if name == "labelstudio":
        tasks = json.loads(path.read_text("utf-8"))
        for one in itertools.chain.from_iterable(task["annotations"] for task in tasks):
            one["result"] = [region for region in one["result"] if region["value"]["labels"] != [label]]
            if author:
                one |= {"completed_by": {"email": author}, "lead_time": 3.5, "last_action": "submitted"}
        changed = json.dumps(tasks)
    elif name == "doccano":
        example = json.loads(path.read_text("utf-8"))
        changed = json.dumps(example | {"label": [one for one in example["label"] if one[2] != label]})
    else:
        code = label.split(":")[1]
        article = json.loads(path.read_text("utf-8"))
        kept = [row for row in article["annotations"] if code not in (row.get("code"), row.get("theme_id"))]
        changed = json.dumps(article | {"annotations": kept})
    return write(path.with_name(f"corrected-{path.name}"), changed + "\n")


def held(folder: Path, *, in_force: bool = True) -> set[str]:
    """Countries and themes that are in force, or that are not."""
    union = """SELECT code::VARCHAR, in_force FROM country_mention
        UNION ALL SELECT theme_id::VARCHAR, in_force FROM theme_mention"""
    return {code for code, is_in in ask(folder, union) if is_in == in_force}


@pytest.mark.parametrize("upon", ["0", "1000000"])
@pytest.mark.parametrize("name", ["rasd", "labelstudio", "doccano"])
def test_a_label_that_was_taken_away_is_gone_and_findable(
    name: str, upon: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest stands; the row and who took it away when stay; the same file again brings nothing."""
    monkeypatch.setenv("RASD_UPON", upon)
    folder = tmp_path / "store"
    load([original(tmp_path / "a.jsonl", MOROCCO, SPAIN, THEME)], store=folder)
    corrected = without(exported(folder, name), name, "country:ES:actor")
    published = load([corrected], store=folder).snapshot_id
    assert held(folder) == {"MA", "migration"}
    assert held(folder, in_force=False) == {"ES"}
    trail = ask(folder, "SELECT annotator, label, load_id FROM returned_label WHERE NOT is_said")
    assert trail == [(SARA, "country:ES:actor", published)]
    assert not load([corrected, tmp_path / "a.jsonl"], store=folder).published
    for choice in (False, True):
        assert "country:ES" not in exported(folder, "rasd", everybody=choice).read_text("utf-8")


@pytest.mark.parametrize("upon", ["0", "1000000"])
def test_original_and_correction_may_be_loaded_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upon: str
) -> None:
    """At once or one after the other, either first: the same content."""
    monkeypatch.setenv("RASD_UPON", upon)
    first = original(tmp_path / "a.jsonl", MOROCCO, SPAIN, THEME)
    load([first], store=tmp_path / "made")
    corrected = without(exported(tmp_path / "made", "rasd"), "rasd", "country:ES:actor")
    told = []
    for n, loads in enumerate(
        ([[first], [corrected]], [[corrected], [first]], [[corrected, first]], [[first, corrected]])
    ):
        for paths in loads:
            load(paths, store=tmp_path / f"store{n}")
        said = dump(tmp_path / f"store{n}")
        del said["load_file"]
        told.append(
            said
            | {"returned": ask(tmp_path / f"store{n}", "SELECT * EXCLUDE (load_id, record_no) FROM returned_label")}
        )
        assert held(tmp_path / f"store{n}") == {"MA", "migration"}
    assert all(one == told[0] for one in told)


def test_whoever_takes_over_an_annotation_takes_its_labels_away(tmp_path: Path) -> None:
    """In Label Studio: the machine's and another's labels that she deleted are gone, though they were not hers."""
    for n, row in enumerate((SPAIN, country("ES", "إسبانيا", RULES))):
        folder = tmp_path / f"store{n}"
        load([original(tmp_path / "a.jsonl", row)], store=folder)
        corrected = without(exported(folder, "labelstudio"), "labelstudio", "country:ES:actor", "amal@desk.example")
        load([corrected], store=folder)
        assert held(folder) == set()
        assert ask(folder, "SELECT annotator FROM returned_label WHERE NOT is_said") == [(row["annotator"],)]


def test_what_a_person_found_to_be_nothing_is_not_annotated_again(tmp_path: Path) -> None:
    """All labels deleted: neither the person's nor the program's that they outranked comes back."""
    folder = tmp_path / "store"
    load([original(tmp_path / "a.jsonl", MOROCCO, OURS)], store=folder)
    load([without(exported(folder, "rasd"), "rasd", "country:MA:actor")], store=folder)
    assert held(folder) == set()


def test_a_label_may_be_said_again(tmp_path: Path) -> None:
    """Who adds what was taken away, in a later export, has it back; the correction before it, again, is old."""
    folder = tmp_path / "store"
    load([original(tmp_path / "a.jsonl", MOROCCO, SPAIN)], store=folder)
    corrected = without(exported(folder, "rasd"), "rasd", "country:ES:actor")
    load([corrected], store=folder)
    article = json.loads(exported(folder, "rasd").read_text("utf-8"))
    write(tmp_path / "back.jsonl", json.dumps(article | {"annotations": [MOROCCO, SPAIN]}) + "\n")
    load([tmp_path / "back.jsonl"], store=folder)
    assert held(folder) == {"MA", "ES"}
    assert not load([corrected], store=folder).published
    spain = "SELECT is_said FROM returned_label WHERE label = 'country:ES:actor' ORDER BY load_id"
    assert ask(folder, spain) == [(False,), (True,)]


@pytest.mark.parametrize("is_one_load", [False, True])
def test_states_of_one_piece_of_work_follow_each_other(tmp_path: Path, *, is_one_load: bool) -> None:
    """She adds a label and deletes one, and later the other way round: the state that was loaded last stands alone."""
    folder = tmp_path / "store"
    load([original(tmp_path / "a.jsonl", MOROCCO, SPAIN)], store=folder)
    out = exported(folder, "labelstudio")
    (task,) = json.loads(out.read_text("utf-8"))
    (one,) = task["annotations"]
    one |= {"completed_by": 7, "lead_time": 1.5}
    both = {region["value"]["labels"][0]: region for region in one["result"]}
    spain = both["country:ES:actor"]
    both["theme:migration"] = spain | {
        "id": "new",
        "value": spain["value"] | {"labels": ["theme:migration"]},
        "meta": {},
    }
    states = [["country:MA:actor", "theme:migration"], ["country:ES:actor"]]
    for n, kept in enumerate(states):
        state = task | {"annotations": [one | {"result": [both[label] for label in kept]}]}
        write(tmp_path / f"{n}.json", json.dumps([state]))
    files = [tmp_path / "0.json", tmp_path / "1.json"]
    for paths in [files] if is_one_load else [[files[0]], [files[1]], [files[0]]]:
        load(paths, store=folder)
    assert not load(files, store=folder).published
    assert held(folder) == {"ES"}


def test_a_file_that_never_held_a_label_takes_none_away(tmp_path: Path) -> None:
    """One person's countries and themes in two files stand together, whatever comes first."""
    folder = tmp_path / "store"
    for rows in ((THEME,), (MOROCCO, SPAIN)):
        load([original(tmp_path / "a.jsonl", *rows)], store=folder)
    assert held(folder) == {"MA", "ES", "migration"}


def test_what_label_studio_leaves_out_was_not_taken_away(tmp_path: Path) -> None:
    """A skipped annotation, a rejected one, a task without any: its labels are not in the file, and stay."""
    folder = tmp_path / "store"
    load([original(tmp_path / "a.jsonl", MOROCCO, SPAIN)], store=folder)
    (task,) = json.loads(exported(folder, "labelstudio").read_text("utf-8"))
    (one,) = task["annotations"]
    for n, kept in enumerate(([], [one | {"was_cancelled": True}], [one | {"reviews": [{"accepted": False}]}])):
        write(tmp_path / f"{n}.json", json.dumps([task | {"annotations": kept}]))
        load([tmp_path / f"{n}.json"], store=folder, format_name="labelstudio")
        assert held(folder) >= {"MA", "ES"}


def test_every_kind_of_label_can_be_taken_away(sample_store: Path, tmp_path: Path) -> None:
    """Names of labels in the database are those of the tools: who deletes all of them leaves nothing in force."""
    out = tmp_path / "out.jsonl"
    export(sample_store, out, "rasd")
    bare = [json.dumps(json.loads(row) | {"annotations": []}) + "\n" for row in out.read_text("utf-8").splitlines()]
    for paths in ([out], [write(tmp_path / "bare.jsonl", *bare)]):
        load(paths, store=tmp_path / "store")
        left = {
            table: ask(tmp_path / "store", f"SELECT count(*) FROM {table} WHERE in_force")[0][0] for table in MENTIONS
        }
        assert set(map(bool, left.values())) == {paths == [out]}


@pytest.mark.parametrize("exported_as", [{"x": ["nothing"]}, {"x": "body:1-2 y"}, ["x"], {"x": ["body:1-2 "]}])
def test_a_list_of_another_kind_is_refused(exported_as: object, tmp_path: Path) -> None:
    """What does not read like an export's list is no guess."""
    write(tmp_path / "a.jsonl", line(body=BODY, exported=exported_as))
    report = load([tmp_path / "a.jsonl"], store=tmp_path / "store")
    assert set(report.reasons) <= {"wrong-value", "wrong-type"}
    assert report.total("rejected") == 1
