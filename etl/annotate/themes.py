"""Themes by weighted terms: one strong term shows a theme, or two different weak ones (or one three times).

The first twelve spans that counted are rows, so that a reader sees why. A strong term, or three weak ones, make them
strong.
"""

from collections import defaultdict

from etl.annotate.names import Hit
from etl.annotate.scan import Scan
from etl.model import ANNOTATOR, ThemeMention, Tier

_REPEATS = 3
_MOST_SPANS = 12


def find(scans: list[Scan]) -> list[ThemeMention]:
    """The theme rows of an article, over all its fields, ordered by field and place."""
    shown: dict[str, list[tuple[Scan, Hit]]] = defaultdict(list)
    for scan in scans:
        for hit in _visible(scan):
            shown[str(hit.payload)].append((scan, hit))
    rows = []
    for theme_id, hits in sorted(shown.items()):
        tier = _tier(hits)
        if tier:
            rows += [_row(theme_id, scan, hit, tier) for scan, hit in hits[:_MOST_SPANS]]
    rows.sort(key=lambda row: (row.field != "headline", row.start, row.end, row.theme_id))
    return rows


def _visible(scan: Scan) -> list[Hit]:
    """Terms outside `not` phrases; of overlapping terms of one theme the longest."""
    hidden = [(h.start, h.end, h.payload) for h in scan.themes if h.kind == "theme_not"]
    kept: list[Hit] = []
    last: dict[object, int] = {}
    for hit in scan.themes:
        if hit.kind == "theme_not" or hit.start < last.get(hit.payload, 0):
            continue
        if hidden and any(s <= hit.start and hit.end <= e and hit.payload == p for s, e, p in hidden):
            continue
        last[hit.payload] = hit.end
        kept.append(hit)
    return kept


def _tier(hits: list[tuple[Scan, Hit]]) -> Tier | None:
    if any(hit.kind == "theme_strong" for _, hit in hits):
        return "strong"
    words = [scan.text[hit.start : hit.end] for scan, hit in hits]
    if len(set(words)) >= _REPEATS:
        return "strong"
    return "medium" if len(set(words)) > 1 or len(words) >= _REPEATS else None


def _row(theme_id: str, scan: Scan, hit: Hit, tier: Tier) -> ThemeMention:
    start, end = scan.folded.span(hit.start, hit.end)
    rule = "term" if hit.kind == "theme_strong" else "weak-terms"
    return ThemeMention(theme_id=theme_id, field=scan.field, start=start, end=end,
                        text=scan.folded.original[start:end], tier=tier, rule=rule, annotator=ANNOTATOR)  # fmt: skip
