"""What a weekly briefing says, before it is drawn: numbers with their marks, stories, what is due, how it was counted.

`gather` asks the store once. Everything is totally ordered, and no clock is looked at but the snapshot's.
"""

import datetime as dt
from dataclasses import dataclass, replace

from dashboard import charts, queries, safe, weekly
from dashboard.brief import changes, stories, upcoming, weeks
from dashboard.brief.asked import Asked, room_of
from dashboard.drill import mark_text
from dashboard.filters import Filters
from dashboard.room import Room
from etl import store

_LANES, _WEEKS, _PAIRS, _MATRIX, _THEMES = 6, 12, 8, 10, 8
UNDATED = "undated"
LISTED = "list"
"""Ends the mark of a number that counts publishers or editions: its list names them."""


@dataclass(frozen=True)
class Tile:
    """A number of the week, of the week before, and the mean of the four before; a week not loaded has none."""

    name: str
    now: int
    mark: str
    before: int | None = None
    mean: float | None = None
    weeks: int = 0
    """How many of the four were loaded."""


@dataclass(frozen=True)
class Pair:
    """A row of the table of pairs: the bar, the relation said most, and in how many stories or articles."""

    bar: charts.Bar
    relation: str
    times: int
    mark: str


@dataclass(frozen=True)
class Method:
    """How it was counted: `bases` articles by how their day is known, `gaps` weeks of the twelve without articles."""

    articles: int
    stories: int
    everything: int
    bases: tuple[tuple[str, int], ...]
    by_analysts: int
    annotator: str
    gaps: tuple[dt.date, ...]
    empty_days: tuple[dt.date, ...]
    refused: int


@dataclass(frozen=True)
class Brief:
    """One briefing. `flags` say what makes its week a bad one: nothing, undated, partial, one_source, no_before."""

    asked: Asked
    room: Room
    first: dt.date
    last: dt.date
    cut_off: dt.date | None
    is_sample: bool
    publishers: tuple[str | None, ...]
    flags: tuple[str, ...]
    tiles: tuple[Tile, ...]
    changes: tuple[changes.Change, ...]
    lanes: tuple[charts.Lane, ...]
    pairs: tuple[Pair, ...]
    codes: tuple[str, ...]
    cells: dict[tuple[str, str], tuple[int, str]]
    themes: tuple[charts.Bar, ...]
    stories: tuple[stories.Story, ...]
    notes: store.Notes
    upcoming: tuple[upcoming.Due, ...]
    method: Method


def gather(asked: Asked, source: queries.Source) -> Brief:
    """All that the briefing of an address says from a snapshot. Raises the store's errors."""
    room = room_of(asked, source)
    both = weekly.Weeks(room.words.week_start(room.today), room.words.week_start(room.today) - weeks.WEEK)
    tiles, method = _tiles(room, both), _method(room, both.now)
    notes = store.notes(source.folder, asked.notes) or store.Notes()
    found = queries.counts(source, "pairs", ("a", "b"), _of_week(room, both.now), room.first_weekday)
    codes = _busiest_countries(found)
    return Brief(
        asked=asked, room=room, first=both.now, last=room.today, cut_off=queries.day_span(source)[1],
        is_sample=queries.about(source)["is_sample"], publishers=_publishers(room, both.now),
        flags=_flags(room, both, tiles), tiles=tiles, changes=_changes(room, both), lanes=_lanes(room),
        pairs=_pairs(room, both), codes=codes, cells=_cells(found, codes, both.now),
        themes=tuple(weekly.compared(room, "themes", "theme", both, _THEMES)),
        stories=stories.chosen(room, both.now, room.today, notes), notes=notes,
        upcoming=upcoming.due(room), method=method,
    )  # fmt: skip


def _of_week(room: Room, first: dt.date) -> Filters:
    return replace(room.filters, since=first, until=first + weeks.WEEK - weeks.DAY)


def _tiles(room: Room, both: weekly.Weeks) -> tuple[Tile, ...]:
    """Stories, articles, sources and editions of the week; the undated of all weeks."""
    source, first_weekday = room.source, room.first_weekday
    spans = {day: _of_week(room, day) for day in (both.now - n * weeks.WEEK for n in range(5))}
    week = {"period": both.now.isoformat(), "grain": "week"}
    out = []
    for unit in ("stories", "articles"):
        found = {
            day: queries.number(source, queries.mark_of("articles"), replace(span, unit=unit), first_weekday)
            for day, span in spans.items()
        }
        out.append(_tile(room, unit, found, mark_text("articles", **week, unit=unit)))
    sources = {
        day: queries.sources_between(source, day, span.until or day, room.filters) for day, span in spans.items()
    }
    out.append(_tile(room, "sources", sources, f"{mark_text('articles', **week)}|{LISTED}"))
    editions = {
        day: sum(1 for (event,) in _named(room, span) if event and not event.endswith(queries.OPEN))
        for day, span in spans.items()
    }
    out.append(_tile(room, "events", editions, f"{mark_text('events', **week)}|{LISTED}"))
    undated = queries.number(source, queries.mark_of(UNDATED), replace(room.filters, unit="articles"), first_weekday)
    return (*out, Tile(UNDATED, undated, mark_text(UNDATED, unit="articles")))


def _named(room: Room, span: Filters) -> list[tuple[str]]:
    return [row[:1] for row in queries.counts(room.source, "events", ("event",), span, room.first_weekday)]


def _tile(room: Room, name: str, found: dict[dt.date, int], mark: str) -> Tile:
    now, *before = sorted(found, reverse=True)
    loaded = [found[day] for day in before if weekly.is_loaded(room, day)]
    last = found[before[0]] if weekly.is_loaded(room, before[0]) else None
    return Tile(name, found[now], mark, last, sum(loaded) / len(loaded) if loaded else None, len(loaded))


def _twelve(room: Room) -> list[dt.date]:
    """The first days of the twelve weeks that end with this one, the earliest first."""
    return [room.words.week_start(room.today) - n * weeks.WEEK for n in reversed(range(_WEEKS))]


def _flags(room: Room, both: weekly.Weeks, tiles: tuple[Tile, ...]) -> tuple[str, ...]:
    now = {tile.name: tile.now for tile in tiles}
    _, last = queries.day_span(room.source)
    found = {
        "undated": last is None,
        "nothing": last is not None and not now["articles"],
        "partial": last is not None and both.now <= last < room.today,
        "one_source": now["articles"] > 1 and len(_publishers(room, both.now)) == 1,
        "no_before": bool(now["articles"]) and not weekly.is_loaded(room, both.before),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def _publishers(room: Room, week: dt.date) -> tuple[str | None, ...]:
    """Who published the week's articles; None where some are of nobody known."""
    found = queries.counts(room.source, "articles", ("publisher",), _of_week(room, week), room.first_weekday)
    return tuple(name for name, _ in found)


def _changes(room: Room, both: weekly.Weeks) -> tuple[changes.Change, ...]:
    """Nothing where one of the weeks was not loaded: no data is no absence."""
    if not (weekly.is_loaded(room, both.now) and weekly.is_loaded(room, both.before)):
        return ()
    bars = {
        "event": weekly.compared(room, "events", "event", both, most=200),
        "pair": _pair_bars(room, both),
        "theme": weekly.compared(room, "themes", "theme", both, most=200),
    }
    return changes.greatest(bars)


def _lanes(room: Room) -> tuple[charts.Lane, ...]:
    """The editions named most in twelve weeks, a number a week: None where nothing at all was loaded."""
    days = _twelve(room)
    span = replace(room.filters, since=days[0], until=room.today)
    found = queries.counts(room.source, "events", ("event", "period"), span, room.first_weekday)
    total: dict[str, int] = {}
    for event, _, n in found:
        total[event] = total.get(event, 0) + n
    numbers = {(event, day): n for event, day, n in found}
    return tuple(
        charts.Lane(
            event,
            room.label("event", event),
            {day: numbers.get((event, day), 0 if weekly.is_loaded(room, day) else None) for day in days},
            {day: mark_text("events", event=event, period=day.isoformat(), grain="week") for day in days},
            room.names.windows.get(event),
        )
        for event in sorted(total, key=lambda e: (-total[e], e))[:_LANES]
    )


def _pairs(room: Room, both: weekly.Weeks) -> tuple[Pair, ...]:
    by_relation = queries.counts(
        room.source, "pairs", ("a", "b", "relation"), _of_week(room, both.now), room.first_weekday
    )
    week = {"period": both.now.isoformat(), "grain": "week"}
    rows = []
    for bar in [bar for bar in _pair_bars(room, both) if bar.value][:_PAIRS]:
        a, b = bar.id.split("_")
        times, relation = min((-n, relation) for x, y, relation, n in by_relation if (x, y) == (a, b))
        rows.append(Pair(bar, relation, -times, mark_text("pairs", a=a, b=b, relation=relation, **week)))
    return tuple(rows)


def _pair_bars(room: Room, both: weekly.Weeks) -> list[charts.Bar]:
    """Each pair of either week, the strongest of this week first; its id is «ES_MA»: codes hold hyphens."""
    numbers = {
        day: {
            (a, b): n
            for a, b, n in queries.counts(room.source, "pairs", ("a", "b"), _of_week(room, day), room.first_weekday)
        }
        for day in (both.now, both.before)
    }
    keys = sorted({*numbers[both.now], *numbers[both.before]})
    bars = [
        charts.Bar(
            f"{a}_{b}",
            changes.PAIR.join((room.label("country", a), room.label("country", b))),
            numbers[both.now].get((a, b), 0),
            _pair_mark(a, b, both.now),
            numbers[both.before].get((a, b), 0),
            _pair_mark(a, b, both.before),
        )
        for a, b in keys
    ]
    return sorted(bars, key=lambda bar: (-bar.value, -(bar.before or 0), bar.id))


def _busiest_countries(found: tuple[queries.Row, ...]) -> tuple[str, ...]:
    """Those of the strongest pairs, so that each has a cell; in the order of all their dealings with each other."""
    chosen: set[str] = set()
    for a, b, _ in sorted(found, key=lambda row: (-row[2], row[0], row[1])):
        if len(chosen | {a, b}) <= _MATRIX:
            chosen |= {a, b}
    weight = {code: sum(n for a, b, n in found if code in (a, b) and {a, b} <= chosen) for code in chosen}
    return tuple(sorted(chosen, key=lambda code: (-weight[code], code)))


def _cells(
    found: tuple[queries.Row, ...], codes: tuple[str, ...], week: dt.date
) -> dict[tuple[str, str], tuple[int, str]]:
    return {(a, b): (n, _pair_mark(a, b, week)) for a, b, n in found if a in codes and b in codes}


def _pair_mark(a: str, b: str, week: dt.date) -> str:
    return mark_text("pairs", a=a, b=b, period=week.isoformat(), grain="week")


def _method(room: Room, week: dt.date) -> Method:
    span = _of_week(room, week)
    counted = {
        unit: queries.number(room.source, queries.mark_of("articles"), replace(span, unit=unit), room.first_weekday)
        for unit in ("articles", "stories")
    }
    bases = queries.counts(room.source, "articles", ("basis",), replace(span, unit="articles"), room.first_weekday)
    everything = queries.number(
        room.source, queries.mark_of("articles"), replace(room.filters, unit="articles"), room.first_weekday
    )
    days = queries.days_loaded(room.source, week, room.today)
    return Method(
        articles=counted["articles"], stories=counted["stories"], everything=everything,
        bases=tuple(sorted(bases, key=lambda row: (-row[1], row[0]))),
        by_analysts=queries.read_by_analysts(room.source, span),
        annotator=safe.plain(queries.about(room.source)["annotator"]),
        gaps=tuple(day for day in _twelve(room) if not weekly.is_loaded(room, day)),
        empty_days=tuple(d for d in (week + n * weeks.DAY for n in range(7)) if d not in days),
        refused=queries.refused(room.source),
    )  # fmt: skip
