"""`python -m tests.quality.learn`: what each sign of a dealing weighs, learnt from labelled real articles.

Needs the development corpus and scikit-learn (`pip install scikit-learn`), which the product does not: the result is
data/registry/learned.json. Learnt from articles that one reader labelled (`news/training`) and from the working half.
What an article says of two countries in several sentences is weighed by a second, small model, learnt from sums that a
fold held out. The bounds of the tiers are set where held-out articles reach the wanted precision and the best F1; those
that were drawn because the weights were unsure of them («drawn»: uncertain) are learnt from and set no bounds.
"""

import collections
import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from etl.annotate import named, published_on
from etl.annotate.learned import Scale, Weights
from etl.annotate.signs import Candidate, Codes, candidates, flags, often, placed
from etl.annotate.weights import RELATION_SLOTS, of_article
from etl.model import Relation
from etl.registry import LEARNED, folder, load
from tests.quality import news, words

TRAINING = news.GOLD.parent / "training" / "reader.jsonl"
WORKING = news.GOLD / "settled.jsonl"
_STRENGTH, _RAREST, _FOLDS = 0.05, 3, 5
"""Regularisation (C) and the fewest candidates that a sign must stand in: tried 0.03-0.2 and 2-3 over the folds."""
_RELATION_STRENGTH = 0.1
_PRECISION = 0.845
"""What the strong tier is to have, 0.85 when rounded, by articles that a fold held out."""
_SMALLEST = 0.004
_ALIKE = 0.002
"""How much F1 means nothing: between bounds of 0.28 and 0.40 it goes up and down by so much."""


@dataclass
class Example:
    """A candidate with its signs, how often each, and the relation that a reader gave it; None where none is stated."""

    text: str
    codes: Codes
    candidate: Candidate
    named: dict[str, int]
    relation: str | None
    signs: collections.Counter[str]


def main() -> None:
    """Learn, say how the folds did, write the file."""
    group_of = words.groups()
    training, gold = _examples(TRAINING, group_of, every_sentence=True)
    working, _ = _examples(WORKING, group_of, every_sentence=False)
    sums = _held_out(training, working)
    whole, best = _of_articles(training, sums, gold)
    strong, medium = _bounds(best, gold)
    examples = [*training, *working]
    vectors, fitted = _fit(examples)
    known = Weights(
        learned_from={path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (TRAINING, WORKING)},
        dealing=_scale(vectors, fitted.coef_[0], fitted.intercept_[0]),
        relations=_relations([one for one in examples if one.relation]),
        group_of=group_of, whole=whole, strong=strong, medium=medium,
    )  # fmt: skip
    # Through builtins: a group's number is text in JSON, and sorted the file is the same each time.
    plain = msgspec.to_builtins(known, str_keys=True)
    (folder() / LEARNED).write_bytes(msgspec.json.encode(plain, order="sorted") + b"\n")


def _examples(path: Path, group_of: dict[str, int], *, every_sentence: bool) -> tuple[list[Example], set[Any]]:
    """The candidates of the labelled articles, and the dealings that a reader saw (text, codes).

    Where a reader marked only the best sentence of a dealing, the others of the same two countries are left out.
    """
    found, gold = [], set()
    labelled = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    articles = news.by_id(one["id"] for one in labelled)
    for raw in labelled:
        stated = [pair for pair in raw["pairs"] if pair["relation"] != "cohost"]
        gold |= {(raw["id"], (pair["a"], pair["b"])) for pair in stated}
        article = articles[raw["id"]]
        fields = named(article, load(), published_on(article.published))
        times = often(fields)
        for candidate in candidates(fields):
            relation = next((p["relation"] for p in stated if _is_of(p, candidate)), None)
            is_known = relation or every_sentence or (raw["id"], candidate.codes) not in gold
            if is_known:
                signs = _signs(candidate, group_of)
                found.append(Example(raw["id"], candidate.codes, candidate, times, relation, signs))
    return found, gold


def _is_of(pair: dict[str, Any], candidate: Candidate) -> bool:
    start, end = candidate.scan.folded.span(*candidate.sentence)
    here = (a < end and start < b for name, a, b in pair["at"] if name == candidate.scan.field)
    return (pair["a"], pair["b"]) == candidate.codes and any(here)


def _signs(candidate: Candidate, group_of: dict[str, int]) -> collections.Counter[str]:
    """Flags «:flag», words «slot:word», each once, and groups «slot#number», as often as words of them stand there."""
    said = {f":{flag}" for trait in (*candidate.shared.traits, *candidate.traits) for flag in flags(trait)}
    signs = set(placed(candidate.shared, candidate.around))
    said |= {f"{slot}:{word}" for slot, word in signs}
    return collections.Counter([*said, *(f"{slot}#{group_of[word]}" for slot, word in signs if word in group_of)])


def _fit(examples: list[Example]) -> tuple[DictVectorizer, LogisticRegression]:
    count = collections.Counter(sign for one in examples for sign in one.signs)
    known = [{sign: n for sign, n in one.signs.items() if count[sign] >= _RAREST} for one in examples]
    vectors = DictVectorizer()
    table = _table(vectors.fit_transform(known))
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, solver="liblinear", random_state=1)
    return vectors, model.fit(table, [one.relation is not None for one in examples])


def _table(matrix: Any) -> Any:  # noqa: ANN401 -- scipy's sparse matrices have no common type
    """With the indices that the solver takes."""
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix


def _held_out(training: list[Example], working: list[Example]) -> list[float]:
    """The sum of each training candidate, by weights that were learnt without its article."""
    sums = np.zeros(len(training))
    for learnt, held in GroupKFold(_FOLDS).split(training, groups=[one.text for one in training]):
        vectors, model = _fit([*(training[n] for n in learnt), *working])
        sums[held] = model.decision_function(vectors.transform([training[n].signs for n in held]))
    return sums.tolist()


def _of_articles(training: list[Example], sums: list[float], gold: set[Any]) -> tuple[list[float], dict[Any, float]]:
    """The weights of an article's numbers, and how likely each of its dealings is by weights of the other folds."""
    keys, numbers = [], []
    by_text: dict[str, list[int]] = collections.defaultdict(list)
    for n, one in enumerate(training):
        by_text[one.text].append(n)
    for text, places in by_text.items():
        found = of_article(
            [training[n].candidate for n in places], [sums[n] for n in places], training[places[0]].named
        )
        keys += [(text, codes) for codes in found]
        numbers += [told for told, _ in found.values()]
    table, stated = np.array(numbers), np.array([key in gold for key in keys])
    by_chance = np.array([text not in _unsure() for text, _ in keys])
    likely = np.zeros(len(keys))
    for learnt, held in GroupKFold(_FOLDS).split(table, groups=[text for text, _ in keys]):
        taught = learnt[by_chance[learnt]]
        likely[held] = _of_numbers(table[taught], stated[taught]).predict_proba(table[held])[:, 1]
    model = _of_numbers(table[by_chance], stated[by_chance])
    weights = [round(float(weight), 4) for weight in (model.intercept_[0], *model.coef_[0])]
    return weights, dict(zip(keys, likely.tolist(), strict=True))


def _of_numbers(table: Any, stated: Any) -> LogisticRegression:  # noqa: ANN401 -- numpy's arrays, as scipy's above
    return LogisticRegression(C=1.0, max_iter=5000).fit(table, stated)


def _bounds(best: dict[Any, float], gold: set[Any]) -> tuple[float, float]:
    """The lowest bound of the wanted precision, and the lowest hundredth whose F1 is as good as the best."""
    unsure = _unsure()
    best = {key: score for key, score in best.items() if key[0] not in unsure}
    gold = {key for key in gold if key[0] not in unsure}
    measured = [(bound / 1000, *_measured(best, gold, bound / 1000)) for bound in range(100, 950)]
    strong = min(bound for bound, precision, _, _ in measured if precision >= _PRECISION)
    best_f1 = max(f1 for *_, f1 in measured)
    medium = min(bound for bound, _, _, f1 in measured if f1 >= best_f1 - _ALIKE and bound == round(bound, 2))
    for bound, precision, recall, f1 in measured:
        if bound in {strong, medium}:
            print(f"held out, bound {bound}: precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}")
    return strong, medium


@functools.cache
def _unsure() -> set[str]:
    labelled = map(json.loads, TRAINING.read_text("utf-8").splitlines())
    return {raw["id"] for raw in labelled if raw.get("drawn") == "uncertain"}


def _measured(best: dict[Any, float], gold: set[Any], bound: float) -> tuple[float, float, float]:
    said = {key for key, score in best.items() if score >= bound}
    right = len(said & gold)
    return right / max(1, len(said)), right / len(gold), 2 * right / (len(said) + len(gold))


def _relations(examples: list[Example]) -> dict[Relation, Scale]:
    """What each sign weighs for each relation of a stated dealing."""
    signs = [{s: 1 for s in one.signs if _slot(s) in {*RELATION_SLOTS, ""}} for one in examples]
    vectors = DictVectorizer()
    table = _table(vectors.fit_transform(signs))
    model = LogisticRegression(C=_RELATION_STRENGTH, max_iter=3000).fit(table, [one.relation for one in examples])
    rows = zip(model.classes_, model.coef_, model.intercept_, strict=True)
    return {cast("Relation", str(name)): _scale(vectors, row, bias) for name, row, bias in rows}


def _slot(sign: str) -> str:
    return sign.replace("#", ":").partition(":")[0]


def _scale(vectors: DictVectorizer, row: Iterable[float], bias: float) -> Scale:
    flags: dict[str, float] = {}
    by_word: dict[str, dict[str, float]] = collections.defaultdict(dict)
    by_group: dict[str, dict[int, float]] = collections.defaultdict(dict)
    for sign, weight in zip(vectors.get_feature_names_out(), row, strict=True):
        weighed = round(float(weight), 4)
        if sign.startswith(":") and abs(weighed) >= _SMALLEST:
            flags[sign[1:]] = weighed
        elif ":" in sign and not sign.startswith(":") and abs(weighed) >= _SMALLEST:
            slot, _, word = sign.partition(":")
            by_word[slot][word] = weighed
        elif "#" in sign and not sign.startswith(":") and abs(weighed) >= _SMALLEST:
            slot, _, number = sign.rpartition("#")
            by_group[slot][int(number)] = weighed
    return Scale(bias=round(float(bias), 4), flags=flags, words=dict(by_word), groups=dict(by_group))


if __name__ == "__main__":
    main()
