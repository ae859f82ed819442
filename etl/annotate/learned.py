"""The file of weights that ships with the registry: its shape, and how it is read.

`python -m tests.quality.learn` makes it; it says there which labels it was learnt from.
"""

import msgspec

from etl.model import Relation
from etl.registry import LEARNED, folder


class Scale(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The weights of flags, of words by slot, and of groups of words (by their number) by slot."""

    bias: float
    flags: dict[str, float]
    words: dict[str, dict[str, float]]
    groups: dict[str, dict[int, float]]


class Weights(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The file: a scale for whether a dealing is stated, one for each relation, and the bounds of the tiers."""

    learned_from: dict[str, str]
    """Label file → SHA-256."""

    dealing: Scale
    relations: dict[Relation, Scale]
    group_of: dict[str, int]
    whole: list[float]
    """The bias and what each number of `of_article` weighs: how all of an article speaks for a dealing."""

    strong: float
    medium: float


def shipped() -> Weights:
    """The weights of this version."""
    return msgspec.json.decode((folder() / LEARNED).read_bytes(), type=Weights)
