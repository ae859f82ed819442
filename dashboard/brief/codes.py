"""The check code of a briefing: what stands on it, as names and values, and twelve signs that only these give.

A code is Crockford's base 32 (no I, L, O, U), written in groups of four.
"""

import hashlib
import json
from typing import Any

from dashboard.brief.asked import address
from dashboard.brief.facts import Brief
from etl import store

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12

Said = dict[str, int | float | str | None]
AROUND = frozenset(("cut_off", "flags", "tile.undated", "method.everything", "method.refused", "method.annotator"))
"""What is said of the whole store: any later load changes it, whatever its week."""


def said(brief: Brief) -> Said:
    """Every number of the briefing by a name, and the stories and dates it tells, without a word of an article."""
    out: Said = {}
    for tile in brief.tiles:
        name = f"tile.{tile.name}"
        out |= {name: tile.now, f"{name}.before": tile.before, f"{name}.mean": tile.mean}
    for change in brief.changes:
        out[f"moved.{change.kind}.{change.bar.id}"] = f"{change.bar.before} → {change.bar.value}"
    for lane in brief.lanes:
        out |= {f"weekly.{lane.id}.{day}": n for day, n in lane.values.items()}
        out[f"window.{lane.id}"] = "..".join(str(day) for day in lane.window or ())
    for pair in brief.pairs:
        out |= {f"pair.{pair.bar.id}": pair.bar.value, f"pair.{pair.bar.id}.before": pair.bar.before}
        out[f"pair.{pair.bar.id}.{pair.relation}"] = pair.times
    out |= {f"cell.{a}_{b}": n for (a, b), (n, _) in sorted(brief.cells.items())}
    for bar in brief.themes:
        out |= {f"theme.{bar.id}": bar.value, f"theme.{bar.id}.before": bar.before}
    for n, story in enumerate(brief.stories, 1):
        told = f"{story.found.published_on} {story.found.publisher} {story.found.headline} {story.quotation}"
        words = hashlib.sha256(told.encode()).hexdigest()[:16]
        out[f"story.{n}"] = f"{store.story_mark(story.found.article_id)} {words}"
        out |= {f"story.{n}.articles": story.found.n_articles, f"story.{n}.sources": story.found.n_sources}
    out |= {
        f"due.{one.event}": f"{one.what} {one.first}..{one.last} {','.join(one.hosts)} {one.sureness}"
        for one in brief.upcoming
    }
    return out | _method(brief)


def _method(brief: Brief) -> Said:
    method = brief.method
    return {
        "flags": " ".join(brief.flags), "cut_off": str(brief.cut_off), "method.articles": method.articles,
        "method.stories": method.stories, "method.everything": method.everything,
        **{f"method.basis.{basis}": n for basis, n in method.bases}, "method.by_analysts": method.by_analysts,
        "method.annotator": method.annotator,
        "method.gaps": " ".join(map(str, method.gaps)), "method.empty_days": len(method.empty_days),
        "method.refused": method.refused,
    }  # fmt: skip


def told(brief: Brief) -> dict[str, Any]:
    """What is kept under the code: the whole address and what was said."""
    return {"address": address(brief.asked), "said": said(brief)}


def code_of(kept: dict[str, Any]) -> str:
    """The code of what `told` says: sixty bits of its digest.

    The snapshot's name is left out: the same articles, loaded elsewhere, have another name and the same numbers.
    """
    asked_for = {name: value for name, value in kept["address"].items() if name != "snapshot"}
    body = json.dumps([asked_for, kept["said"]], ensure_ascii=False, sort_keys=True).encode()
    number = int.from_bytes(hashlib.sha256(body).digest()[:8]) >> 4
    return "".join(_SIGNS[number >> 5 * n & 31] for n in reversed(range(_LENGTH)))


def grouped(code: str) -> str:
    """«7K2M-9QXD-41TV»."""
    return "-".join(code[n : n + 4] for n in range(0, _LENGTH, 4))
