"""The page docs/rules.md is true: each of its examples makes its rule, and it leaves no rule out."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from babel.messages.pofile import read_po

from etl import registry
from etl.annotate import annotate
from etl.model import (
    Annotation,
    Article,
    CountryMention,
    DateExpression,
    EventMention,
    OrganisationMention,
    PairMention,
    PersonMention,
    ThemeMention,
    Tier,
)

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
LAYERS: dict[str, tuple[type[Annotation], ...]] = {
    "Events": (EventMention,),
    "Countries": (CountryMention,),
    "Pairs": (PairMention,),
    "Themes": (ThemeMention,),
    "Dates": (DateExpression,),
    "People and organisations": (PersonMention, OrganisationMention),
}
OF_OTHERS = {"read"}
"""Rules of other annotators that have an Arabic name, too."""
_TIERS = get_args(Tier)
_COLUMNS = ["rule", "what it says", "tier", "example", "published"]


class Line(NamedTuple):
    """A line of the page's tables."""

    layer: str
    rule: str
    says: str
    tiers: tuple[str, ...]
    example: str
    published: str


def lines() -> Iterator[Line]:
    """Every line of every table, with the title above it as its layer."""
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        layer, _, text = section.partition("\n")
        head, _, *body = [_cells(line) for line in text.splitlines() if line.startswith("|")]
        assert head == _COLUMNS, layer
        for rule, says, tier, example, published in body:
            assert re.fullmatch(r"`[a-z-]+`", rule), rule
            yield Line(layer, rule.strip("`"), says, tuple(tier.split(" or ")), example, published)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]


def made(line: Line) -> set[str]:
    """The tiers of the rows that an example makes in its layer by its rule."""
    rows = annotate(Article(body=line.example, published=line.published or None), registry.load())
    return {row.tier for row in rows if isinstance(row, LAYERS[line.layer]) and row.rule == line.rule}


LINES = list(lines())


@pytest.mark.parametrize("line", [line for line in LINES if line.example], ids=lambda line: f"{line.layer}-{line.rule}")
def test_an_example_makes_its_rule(line: Line) -> None:
    """A row of the layer names the rule, at a tier that the page names; learnt weights may move a pair's."""
    tiers = made(line)
    assert tiers
    if line.layer != "Pairs":
        assert tiers <= set(line.tiers)


def test_only_a_rule_that_the_registry_never_asks_for_has_no_example(tmp_path: Path) -> None:
    """No shipped name has a usual meaning; a name that is given one makes that rule."""
    assert [line.rule for line in LINES if not line.example] == ["usual-meaning"]
    folder = shutil.copytree(registry.folder(), tmp_path / "registry")
    file = folder / "countries.toml"
    text = file.read_text("utf-8")
    assert set(re.findall(r"^default = (.*)$", text, re.MULTILINE)) == {'""'}
    file.write_text(re.sub(r'(name = "طرابلس"\n.*\ndefault = )""', r'\1"LY"', text), "utf-8")
    rows = annotate(Article(body="وصل الوفد إلى طرابلس مساء."), registry.load(folder))
    assert [(row.rule, row.tier, row.code) for row in rows if isinstance(row, CountryMention)] == [
        ("usual-meaning", "medium", "LY")
    ]


def test_the_tables_are_whole() -> None:
    """Each layer has one table, each rule one line of its layer, with a sentence and tiers that there are."""
    assert [*dict.fromkeys(line.layer for line in LINES)] == [*LAYERS]
    assert len({(line.layer, line.rule) for line in LINES}) == len(LINES)
    assert all(line.says.endswith(".") and set(line.tiers) <= set(_TIERS) for line in LINES)


def test_the_page_and_the_app_name_the_same_rules() -> None:
    """Whatever has an Arabic name for the reader is explained on the page, and whatever is explained has one."""
    with (ROOT / "dashboard" / "locale" / "ar.po").open("rb") as file:
        ids = {str(entry.id) for entry in read_po(file)}
    named = {ident.removeprefix("rule.") for ident in ids if ident.startswith("rule.")}
    assert {line.rule for line in LINES} == named - OF_OTHERS
