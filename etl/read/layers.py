"""What annotation tools with layers of their own share: which feature is the label, and what roles say of two marks."""

import re
from collections.abc import Iterable, Mapping

from etl.labels import tie_meaning
from etl.read.labelled import Mark, Tie
from etl.read.need import Need

LABELS = "value", "label", "identifier"
"""Features that hold the label of an annotation, the first of them first."""
_GRAMMAR = re.compile(
    r"uima\.(?:tcas\.DocumentAnnotation|cas\..*)|de\.tudarmstadt\.ukp\.clarin\.webanno\..*"
    r"|de\.tudarmstadt\.ukp\.dkpro\.core\.api\.(?:metadata|segmentation|lexmorph|syntax|coref|transform)\..*"
)
"""Layers that every document of these tools has, or that are about grammar: tokens, sentences, lemmas, coreference."""


def is_grammar(layer: str) -> bool:
    """Does a layer, by its full name, say nothing of what an article is about."""
    return bool(_GRAMMAR.fullmatch(layer))


def short(layer: str) -> str:
    """The last part of a layer's full name."""
    return layer.rpartition(".")[2]


def label(layer: str, features: Mapping[str, str | None]) -> str:
    """What an annotation is called: its value, label or identifier, else its only feature, else its layer's name."""
    said = {name: value for name, value in features.items() if value}
    for name in LABELS:
        if name in said:
            return said[name]
    return next(iter(said.values())) if len(said) == 1 else short(layer)


def of_roles(marks: list[Mark], host: int, fillers: Iterable[tuple[str, int]], need: Need) -> list[Tie]:
    """What the roles of a mark tie: each filler to it, under the role's name; all by their places in the list.

    Where the mark's own label is that of a relation, ours or one of the table, its first two fillers are tied to each
    other instead: the visit's visitor to its host.
    """
    said = marks[host].label
    ties = [Tie(label=role, source=host, target=filler) for role, filler in fillers]
    if len(ties) > 1 and (said in need.labels.relations or tie_meaning(said)):
        marks[host].is_relation = True
        return [Tie(label=said, source=ties[0].target, target=ties[1].target)]
    return ties
