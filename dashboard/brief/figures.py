"""Lanes, matrix and dumbbells as HTML boxes: their numbers are text, which a PDF keeps and a reader selects."""

import datetime as dt

from dashboard import charts, safe
from dashboard.brief import weeks
from dashboard.brief.facts import Brief
from dashboard.brief.marks import Link, number, words
from dashboard.safe import Html


def lanes(brief: Brief, link: Link) -> Html:
    """A row an event: its name and days, then twelve weeks; the axis of weeks below."""
    days = list(brief.lanes[0].values)
    # The grid runs from right to left, as the page does: time that runs from left to right begins at its far end.
    order = days[::-1] if brief.asked.filters.time == "ltr" else days
    rows = [_lane(brief, lane, order, link) for lane in brief.lanes]
    axis = safe.tag("div", safe.tag("div"), *(_week(brief, day, days[0]) for day in order), class_="lane axis")
    return safe.tag("div", *rows, axis, class_="lanes")


def _lane(brief: Brief, lane: charts.Lane, order: list[dt.date], link: Link) -> Html:
    room = brief.room
    top = max((value or 0 for value in lane.values.values()), default=0) or 1
    note = safe.tag("small", safe.message(room.words.span(*lane.window))) if lane.window else safe.NOTHING
    name = safe.tag("div", safe.tag("b", safe.text(lane.name)), note, class_="name")
    cells = [_cell(brief, lane, day, top, link) for day in order]
    return safe.tag("div", name, *cells, class_="lane")


def _cell(brief: Brief, lane: charts.Lane, day: dt.date, top: int, link: Link) -> Html:
    value = lane.values[day]
    inside = [_window(lane, day, brief.asked.filters.time)]
    if value:
        look = f"--share:{value / top:.3f};background:{charts.colour(lane.id)}"
        inside += [number(brief.room, value, lane.marks[day], link), safe.tag("i", class_="bar", style=look)]
    kind = "week now" if day == brief.first else "week"
    return safe.tag("div", *inside, class_=f"{kind} gap" if value is None else kind)


def _window(lane: charts.Lane, day: dt.date, time: str) -> Html:
    """The event's own days in this week, as a band of their share of it."""
    if not lane.window:
        return safe.NOTHING
    first, last = (min(max((edge - day).days, 0), 7) for edge in (lane.window[0], lane.window[1] + weeks.DAY))
    if first >= last:
        return safe.NOTHING
    side = "left" if time == "ltr" else "right"
    return safe.tag("i", class_="window", style=f"{side}:{first / 7 * 100:.2f}%;width:{(last - first) / 7 * 100:.2f}%")


def _week(brief: Brief, day: dt.date, first: dt.date) -> Html:
    """Day and month of the first week and of each that begins a month, else the day alone."""
    said = brief.room.words
    month, _ = said.month(day).rsplit(" ", 1)
    label = [safe.text(said.digits(str(day.day)))]
    if day == first or (day - weeks.WEEK).month != day.month:
        label.append(safe.tag("small", safe.text(month)))
    return safe.tag("div", *label, class_="week now" if day == brief.first else "week")


def matrix(brief: Brief, link: Link) -> Html:
    """Countries against each other, the first at the right and on top; an empty cell is no dealing."""
    room = brief.room
    names = {code: room.label("country", code) for code in brief.codes}
    top = max((n for n, _ in brief.cells.values()), default=1)
    head = safe.tag(
        "tr", safe.tag("th"), *(safe.tag("th", safe.tag("span", safe.text(names[code]))) for code in brief.codes)
    )
    rows = []
    for row in brief.codes:
        cells = []
        for column in brief.codes:
            n, mark = brief.cells.get((row, column)) or brief.cells.get((column, row)) or (0, "")
            shade = f"background:rgba(31,95,139,{0.08 + 0.3 * n / top if n / top <= 0.62 else 0.95:.2f})" if n else ""
            cells.append(
                safe.tag("td", *([number(room, n, mark, link)] if n else []), style=shade, class_=_shade(n, top))
            )
        rows.append(safe.tag("tr", safe.tag("th", safe.text(names[row])), *cells))
    return safe.tag("table", safe.tag("thead", head), safe.tag("tbody", *rows), class_="matrix")


def _shade(n: int, top: int) -> str:
    return "deep" if n and n / top > 0.62 else "same" if not n else "light"


def dumbbells(brief: Brief, link: Link) -> Html:
    """A row a theme: the week before (hollow) and this one (full), right to left on one scale, that of roots."""
    room = brief.room
    top = charts.rooted(max(max(bar.value, bar.before or 0) for bar in brief.themes) or 1)
    keys = safe.tag(
        "p",
        safe.tag("i", class_="dot before"), words(room, "brief.themes.before"),
        safe.tag("i", class_="dot now"), words(room, "brief.themes.now"),
        safe.tag("span", words(room, "brief.themes.scale"), class_="scale"),
        class_="key",
    )  # fmt: skip
    rows = []
    for bar in brief.themes:
        before, now = (charts.rooted(n or 0) / top * 94 + 2 for n in (bar.before, bar.value))
        line = safe.tag("i", class_="join", style=f"right:{min(before, now):.2f}%;width:{abs(before - now):.2f}%")
        places = (("before", before), ("now", now))
        dots = [safe.tag("i", class_=f"dot {name}", style=f"right:{place:.2f}%") for name, place in places]
        told = safe.tag(
            "div",
            number(room, bar.before or 0, bar.mark_before, link, "n before"),
            safe.tag("i", safe.text("←"), class_="to"),
            number(room, bar.value, bar.mark, link, "n now"),
            class_="numbers",
        )
        track = safe.tag("div", line, *dots, class_="track")
        rows.append(safe.tag("div", safe.tag("b", safe.text(bar.name)), track, told, class_="theme"))
    last, this = (safe.tag("span", words(room, f"brief.themes.{name}")) for name in ("last", "this"))
    heads = safe.tag("div", last, safe.tag("i", safe.text("←"), class_="to"), this, class_="numbers")
    head = safe.tag("div", safe.tag("b"), safe.tag("div"), heads, class_="theme head")
    return safe.tag("div", keys, head, *rows, class_="themes")
