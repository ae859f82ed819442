"""From a mark to its articles: the address of a mark, and the list behind it, with its total, pages and CSV.

A mark's text is `relation|dimension=value|…`, with `grain` and `unit` where the figure fixed them itself. It travels in
`customdata`, in the address, and nowhere else.
"""

import datetime as dt
from dataclasses import replace
from urllib.parse import unquote, urlencode

import streamlit as st

from dashboard import queries, safe
from dashboard.filters import Filters, query
from dashboard.plot import Pager, Said, listing, plot
from dashboard.room import UNITS, Room, put

CSV = "/own/list.csv"
"""Where the whole list behind a mark is served as a file (see export.py)."""

_FIXED = ("grain", "unit")


def mark_text(relation: str, /, **where: str) -> str:
    """The text of a mark; `grain=` and `unit=` fix what the list must use whatever the filters say later."""
    return "|".join([relation, *(f"{name}={_quoted(value)}" for name, value in where.items())])


def _quoted(value: str) -> str:
    """A value that holds the mark's own joint, as an outside annotator's name may."""
    return value.replace("%", "%25").replace("|", "%7C")


def parse(text: str, filters: Filters) -> tuple[queries.Mark, Filters] | None:
    """The mark and the filters it is read under; None for a text that names no mark."""
    relation, *parts = text.split("|")
    where = {name: unquote(value) for name, value in (part.split("=", 1) for part in parts if "=" in part)}
    fixed = {name: where.pop(name) for name in _FIXED if name in where}
    if fixed.get("grain", "week") not in {"day", "week", "month"} or fixed.get("unit", "stories") not in {
        "stories",
        "articles",
    }:
        return None
    try:
        return queries.mark_of(relation, **where), replace(filters, **fixed)
    except ValueError:
        return None


def figure(room: Room, key: str, fig: dict[str, object], *, title: str, alt: str) -> None:
    """Draw a figure under its title; a click puts its mark into the address and the list opens right below."""
    clicked = plot(fig, key, title=title, alt=alt, words=room.words)
    if clicked and isinstance(clicked.get("mark"), str):
        put(at=key, mark=clicked["mark"], page="0")
    behind(room, key)


def behind(room: Room, key: str) -> None:
    """The list of the mark that was chosen in the figure `key`; nothing where none was."""
    address = st.query_params
    if address.get("at") != key:
        return
    found = parse(address.get("mark", ""), room.filters)
    if found is None:
        return
    mark, filters = found
    total = queries.number(room.source, mark, filters, room.first_weekday)
    with st.container(key=f"behind-{key}", border=True):
        count = room.words.n(UNITS[filters.unit], total)
        title = room.words.t("list.behind", count=count, what=caption(room, mark, filters))
        articles(room, mark, filters, key, Said(title, 3, room.words.t("list.alt")))


def articles(room: Room, mark: queries.Mark, filters: Filters, key: str, said: Said) -> None:
    """A page of the articles of a mark with heading, pager and CSV; a row opens its article."""
    total = queries.number(room.source, mark, filters, room.first_weekday)
    last = max(0, -(-total // queries.PAGE_SIZE) - 1)
    page = min(last, _number(st.query_params.get("page", "0")))
    shown = queries.listed(room.source, mark, filters, room.first_weekday, page)
    listing(
        _columns(room, filters),
        [_row(room, item) for item in shown],
        f"list-{key}",
        replace(said, empty=room.words.t("listing.empty")),
        _pager(room, mark, filters, page, last) if total else None,
    )


def address_of(filters: Filters) -> dict[str, str]:
    """The address of filters; never empty, so that a page knows it was given one."""
    return query(filters) or {"unit": filters.unit}


def caption(room: Room, mark: queries.Mark, filters: Filters) -> str:
    """What a mark stands for, in words: «كأس أمم إفريقيا 2025، أسبوع 22 دجنبر 2025»."""
    where = dict(mark.where)
    parts = [
        room.label(name, where[name]) for name in ("event", "series", "country", "theme", "publisher") if name in where
    ]
    if "a" in where and "b" in where:
        parts.append(f"{room.label('country', where['a'])} – {room.label('country', where['b'])}")
    if "candidates" in where:
        parts.append(" · ".join(room.label("country", code) for code in where["candidates"].split()))
    if "rule" in where:
        parts.append(room.rule(where["rule"]))
    if "who" in where:
        parts.append(room.who(where["who"]))
    if "relation" in where:
        parts.append(
            room.words.t(f"relation.{where['relation']}") if room.words.has(f"relation.{where['relation']}") else ""
        )
    if "period" in where:
        parts.append(room.period(_day(where["period"]), filters.grain))
    if mark.relation == "undated":
        parts.append(room.words.t("list.undated"))
    return "، ".join(part for part in parts if part) or room.words.t("list.all")


def _columns(room: Room, filters: Filters) -> dict[str, str]:
    names = {"headline": "list.headline", "publisher": "list.publisher", "day": "list.day"}
    if filters.unit == "stories":
        names["copies"] = "list.copies"
    return {name: room.words.t(msgid) for name, msgid in names.items()}


def _row(room: Room, item: queries.Listed) -> dict[str, str]:
    words = room.words
    return {
        "id": item.article_id,
        "href": "/article?" + urlencode({**address_of(room.filters), "article": item.article_id}),
        "headline": safe.plain(item.headline or f"{item.opening}…"),
        "publisher": safe.plain(item.publisher or words.t("list.no_publisher")),
        "day": words.day(item.published_on) if item.published_on else words.t("list.no_day"),
        "copies": words.n("n.copy", item.copies),
    }


def _pager(room: Room, mark: queries.Mark, filters: Filters, page: int, last: int) -> Pager:
    """«1 – 50 من 120», the two steps, and the whole list as a file; the asked page goes into the address."""
    total = queries.number(room.source, mark, filters, room.first_weekday)
    first = page * queries.PAGE_SIZE + 1
    until = min(total, first + queries.PAGE_SIZE - 1)
    return Pager(
        room.words.t("list.range", first=first, last=until, total=total),
        page,
        last,
        room.words.t("list.previous"),
        room.words.t("list.next"),
        lambda asked: put(page=str(asked)),
        {f"{CSV}?{urlencode(_whole(room, mark, filters))}": room.words.t("list.csv")},
    )


def _whole(room: Room, mark: queries.Mark, filters: Filters) -> dict[str, str]:
    """The address of the whole list: the question as it was asked, of the snapshot that was asked."""
    asked = mark_text(mark.relation, **dict(mark.where), grain=filters.grain, unit=filters.unit)
    return {**address_of(room.filters), "mark": asked, "snapshot": room.source.snapshot_id}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.min
