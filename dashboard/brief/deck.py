"""Which parts share a slide, and how large they stand on it.

The rule: parts stay in reading order, and a part joins the one before it where both fit at the size of each alone. What
then is on a slide is set as large as its height allows, up to its own largest size. Heights are reckoned from what a
part holds (rows, stories, notes) and from style.css, a little too great rather than too small; tests measure them.
"""

import math
from dataclasses import dataclass

from dashboard.brief.facts import Brief

_BODY = 835
"""Pixels of a slide between the line on its top and the source below."""
_GAP, _TITLE, _LINE = 21, 48, 30
_CALM = 52
_LETTERS = 105
"""Letters of a sentence or note in a line, at the usual size."""
_USUAL, _LARGEST = 1.55, 1.9
_SIZES = {"tiles": (1.55, 1.55), "lanes": (1.55, 1.55), "pairs": (1.45, 1.45), "stories": (1.38, 1.6)}
"""The usual and the largest size of parts that have their own: boxes of a fixed width, long quotations."""


@dataclass(frozen=True)
class Slide:
    """The parts on one slide, and how many times their size on a sheet they have there."""

    names: tuple[str, ...]
    zoom: float


def slides(brief: Brief, names: tuple[str, ...]) -> tuple[Slide, ...]:
    """Every part once, in the order given. The heading stands on the first slide, and leaves less room there."""
    groups: list[list[str]] = []
    for name in names:
        joined = [*groups[-1], name] if groups else [name]
        if groups and _height(brief, joined) * _usual(joined) <= _room(brief, joined, is_first=len(groups) == 1):
            groups[-1] = joined
        else:
            groups.append([name])
    return tuple(Slide(tuple(group), _zoom(brief, group, is_first=n == 0)) for n, group in enumerate(groups))


def _zoom(brief: Brief, names: list[str], *, is_first: bool) -> float:
    largest = min(_SIZES.get(name, (_USUAL, _LARGEST))[1] for name in names)
    # What is larger has shorter lines: of more lines than were reckoned a third is kept free.
    fits = _room(brief, names, is_first=is_first) / _height(brief, names)
    return round(min(largest, max(fits * 2 / 3, min(fits, _usual(names)))), 2)


def _usual(names: list[str]) -> float:
    return min(_SIZES.get(name, (_USUAL, _LARGEST))[0] for name in names)


def _room(brief: Brief, names: list[str], *, is_first: bool) -> int:
    """Pixels that parts may take: the first slide has the heading and its notices, others may have two sources."""
    room = _BODY - 44 * ("upcoming" in names and len(names) > 1)
    if not is_first:
        return room
    notices = len([flag for flag in brief.flags if flag != "no_before"]) + brief.is_sample
    return room - 150 - 56 * notices - 105 * bool(brief.notes.headline) - 36 * bool(brief.asked.filters.narrows)


def _height(brief: Brief, names: list[str]) -> int:
    """Pixels of parts below each other, at their size on a sheet."""
    notes = [_LINE * _lines(brief.notes.parts[name], 40) + 14 for name in names if name in brief.notes.parts]
    return sum(_TITLE + _part(brief, name) for name in names) + sum(notes) + _GAP * (len(names) - 1)


def _part(brief: Brief, name: str) -> int:
    heights = {
        "tiles": 142,
        "changes": sum(34 * _lines("", 60) for _ in brief.changes),
        "lanes": 66 * len(brief.lanes) + 78 if brief.lanes else 0,
        "pairs": max(28 + 40 * len(brief.pairs), 100 + 32 * len(brief.codes)) if brief.pairs else 0,
        "themes": 50 + 35 * len(brief.themes) if brief.themes else 0,
        "stories": sum(64 + 26 * min(_lines(one.quotation), 2) for one in brief.stories),
        "upcoming": 76 * math.ceil(len(brief.upcoming) / 2),
        "method": 210,
    }
    return heights[name] or _CALM


def _lines(text: str, more: int = 0) -> int:
    return max(1, math.ceil((len(text) + more) / _LETTERS))
