"""`python -m tests.quality.folds`: the bounds for copies of one outlet, judged by pairs that they were not chosen on.

The labelled pairs are parted into ten folds, so that pairs which share an article or a story are in one; bounds are
chosen on nine, the tenth is judged, by the stories of the whole corpus as a store would gather them. Then the same with
each set of labels left out. Chosen is what finds most copies at the wanted precision. Needs the corpus.
"""

import collections
import itertools
import random
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from etl.gather import WINDOW_DAYS, Bounds, Signature, alike, components, signature
from etl.gather.candidates import BLOCK_DAYS, MOST_BLOCKS, MOST_TEXTS, SHARED
from etl.quality import f1
from tests.quality import copies, scored_copies

WANTED = 0.97
"""Precision that bounds must have on the pairs that they are chosen on."""
FOLDS, SEEDS = 10, 10
TRIED = [
    Bounds(*values)
    for values in itertools.product(
        (1.26, 1.28, 1.3, 1.32, 1.34, 1.36, 1.38, 1.4, 1.42), (0.0, 0.4, 0.5), (0.7, 0.8, 0.9), (1.0, 1.1, 1.2)
    )
]


class Labelled(NamedTuple):
    """A labelled pair: its articles, its set, whether it is a copy, the fold-mates that it must not be parted from."""

    a: str
    b: str
    name: str
    is_copy: bool
    group: int


def pairs() -> list[Labelled]:
    """The labelled pairs of all sets on which the rule was chosen."""
    said = [(one, name) for name in scored_copies.SETS for one in copies.labels(name)]
    numbers: dict[str, int] = {}
    story = scored_copies.stories()
    links = [
        (numbers.setdefault(one[side], len(numbers)), numbers.setdefault(story[one[side]], len(numbers)))
        for one, _ in said
        for side in "ab"
    ]
    links += [(numbers[one["a"]], numbers[one["b"]]) for one, _ in said]
    root = components(links)
    return [Labelled(one["a"], one["b"], name, one["copy"], root[numbers[one["a"]]]) for one, name in said]


def compared(signed: dict[str, Signature]) -> Iterator[tuple[str, str]]:
    """The pairs of different texts that gathering compares: etl/gather/candidates.py says it in SQL."""
    holders: dict[int, list[str]] = collections.defaultdict(list)
    for ident, one in sorted(signed.items()):
        for band in one.bands:
            holders[band].append(ident)
    shared: collections.Counter[tuple[str, str]] = collections.Counter()
    for idents in holders.values():
        texts = {(days(signed[ident]) // BLOCK_DAYS, signed[ident].text_id) for ident in idents}
        blocks = collections.Counter(block for block, _ in texts)
        if len(blocks) <= MOST_BLOCKS and max(blocks.values()) <= MOST_TEXTS:
            shared.update(itertools.combinations(idents, 2))
    for (a, b), number in shared.items():
        is_near = abs(days(signed[a]) - days(signed[b])) <= WINDOW_DAYS
        if number >= SHARED and is_near and signed[a].text_id != signed[b].text_id:
            yield a, b


def days(one: Signature) -> int:
    """The day of an article; all of the corpus have one."""
    if one.day is None:
        msg = "an undated article of the corpus"
        raise ValueError(msg)
    return one.day


def found(labelled: list[Labelled]) -> list[set[Labelled]]:
    """The pairs of one story under each of TRIED."""
    signed = {ident: signature(one) for ident, one in copies.every().items()}
    numbers = {ident: number for number, ident in enumerate(sorted(signed))}
    first: dict[str, str] = {}
    same = [(first.setdefault(signed[ident].text_id, ident), ident) for ident in sorted(signed)]
    near = list(compared(signed))
    of_one = [(a, b) for a, b in near if signed[a].outlet == signed[b].outlet]
    fixed = same + [(a, b) for a, b in near if signed[a].outlet != signed[b].outlet and alike(signed[a], signed[b])]
    loosest = Bounds(*map(min, zip(*TRIED, strict=True)))
    of_one = [(a, b) for a, b in of_one if alike(signed[a], signed[b], bounds=loosest)]
    told = []
    for bounds in TRIED:
        joined = fixed + [(a, b) for a, b in of_one if alike(signed[a], signed[b], bounds=bounds)]
        root = components((numbers[a], numbers[b]) for a, b in joined)
        told.append({one for one in labelled if root[numbers[one.a]] == root[numbers[one.b]]})
    return told


def counts(labelled: Iterable[Labelled], joined: set[Labelled]) -> tuple[int, int, int]:
    """Copies found, others taken for copies, copies missed."""
    return scored_copies.counts([scored_copies.Judged("", one.is_copy, one in joined) for one in labelled])


def chosen(labelled: list[Labelled], told: list[set[Labelled]]) -> int:
    """Which of TRIED finds most of these pairs at the wanted precision, and of these the one with fewest errors."""
    scored = [(counts(labelled, joined), number) for number, joined in enumerate(told)]
    fit = [one for one in scored if f1([one[0]])[0] >= WANTED]
    return max(fit, key=lambda one: (one[0][0], -one[0][1], -one[1]))[1]


def held_out(labelled: list[Labelled], seed: int) -> Iterator[list[Labelled]]:
    """Folds of whole groups, by a seed."""
    groups = sorted({one.group for one in labelled})
    random.Random(seed).shuffle(groups)
    for fold in range(FOLDS):
        mine = set(groups[fold::FOLDS])
        yield [one for one in labelled if one.group in mine]


def line(name: str, got: list[tuple[int, int, int]]) -> str:
    """Counts and shares, as Markdown."""
    right, wrong, missed = map(sum, zip(*got, strict=True))
    precision, recall, _ = f1([(right, wrong, missed)])
    return f"| {name} | {right} | {wrong} | {missed} | {precision:.3f} | {recall:.3f} |"


def main() -> None:
    """Print what was judged and which bounds the folds chose."""
    labelled = pairs()
    told = found(labelled)
    ways = {f"folds, seed {seed}": list(held_out(labelled, seed)) for seed in range(SEEDS)}
    ways["each set left out"] = [[one for one in labelled if one.name == name] for name in scored_copies.SETS]
    picked: collections.Counter[Bounds] = collections.Counter()
    print("| judged | found | wrong | missed | precision | recall |\n|---|---|---|---|---|---|")
    for way, folds in ways.items():
        got = []
        for out in folds:
            held = set(out)
            number = chosen([one for one in labelled if one not in held], told)
            picked[TRIED[number]] += 1
            got.append(counts(out, told[number]))
        print(line(way, got))
    print(line("all, chosen on all", [counts(labelled, told[chosen(labelled, told)])]))
    print(*picked.most_common(), sep="\n")


if __name__ == "__main__":
    main()
