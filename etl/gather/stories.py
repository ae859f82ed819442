"""Which texts belong together: a function of the set of pairs, whatever order they came in."""

from collections.abc import Iterable

from etl.gather.signatures import text_id
from etl.model import Article


def story_id(article: Article) -> str:
    """The story of an article that has no copies: named by its own text."""
    return f"s-{text_id(article)}"


def components(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each number that stands in a pair, with the smallest one that a chain of pairs joins it to."""
    root: dict[int, int] = {}

    def find(one: int) -> int:
        root.setdefault(one, one)
        while root[one] != one:
            root[one] = one = root[root[one]]
        return one

    for a, b in pairs:
        low, high = sorted((find(a), find(b)))
        root[high] = low
    return {one: find(one) for one in root}
